"""Resident memory as Linux accounts it: of this process, and of the running service."""

from collections.abc import Callable
from pathlib import Path

from bot.bench.product import product
from bot.bench.scripts import SCRIPTS
from bot.settings import Settings

PROC = Path("/proc")


def _status(process: str, field: str, proc: Path = PROC) -> float:
    """Return a field of /proc/PID/status (proc(5), in KiB there) in MiB."""
    for line in (proc / process / "status").read_text("ascii", "replace").splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) / 1024
    return 0.0


def resident_mib() -> float:
    """Return what this process has in memory now, in MiB."""
    return _status("self", "VmRSS")


def peak_mib() -> float:
    """Return the most that this process has had in memory, in MiB."""
    # getrusage would count what the parent had before the fork.
    return _status("self", "VmHWM")


def group_mib(group: int, proc: Path = PROC) -> float:
    """Return what the processes of a group have in memory, in MiB; pages that they share count in each."""
    total = 0.0
    for folder in proc.iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            stat = (folder / "stat").read_text("utf-8", "replace")
            if int(stat.rpartition(")")[2].split()[2]) == group:
                total += _status(folder.name, "VmRSS", proc)
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended since the folder was listed
    return total


async def running_mib(settings: Settings, report: Callable[[str], None]) -> dict[str, float]:
    """Return what the processes of a private stack have in memory, by name, after every benchmark conversation."""
    async with product(settings, report) as assistant:
        for script in SCRIPTS:
            async with assistant.open() as conversation:
                for text in script:
                    await conversation.turn(text)
        return {name: group_mib(group) for name, group in assistant.process_groups.items()}
