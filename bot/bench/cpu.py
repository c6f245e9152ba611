"""Processor time as Linux accounts it: of process groups, and of the whole machine."""

import os
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def group_seconds(group: int, proc: Path = Path("/proc")) -> float:
    """Return the user and system seconds of all living processes of a group and of their ended children.

    Resolution is one tick (10 ms). 0.0 for a group without processes.
    """
    return sum(seconds for own, seconds in _processes(proc) if own == group)


def own_seconds() -> float:
    """Return the user and system seconds of this process."""
    times = os.times()
    return times.user + times.system


def machine_seconds(proc: Path = Path("/proc")) -> float:
    """Return the seconds that all cores together have not been idle since the machine started.

    Counts user, nice, system, irq, softirq and steal: what a virtual machine's
    neighbours take is not ours either.
    """
    user, nice, system, _idle, _iowait, irq, softirq, steal, *_guest = map(
        int, (proc / "stat").read_text("ascii").splitlines()[0].split()[1:]
    )
    return (user + nice + system + irq + softirq + steal) / _TICKS


def _processes(proc: Path) -> Iterator[tuple[int, float]]:
    """Yield group id and seconds of every process (proc(5), /proc/PID/stat)."""
    for folder in proc.iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            stat = (folder / "stat").read_text("utf-8", "replace")
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended since the folder was listed
        fields = stat.rpartition(")")[2].split()  # the name before it may hold spaces and parentheses
        yield int(fields[2]), sum(map(int, fields[11:15])) / _TICKS
