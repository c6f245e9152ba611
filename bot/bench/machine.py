"""What machine a benchmark ran on, in the words a report gives."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """The figures that a reader needs to judge a measurement."""

    processor: str
    cores: int
    memory_gib: float
    system: str
    python: str


def this_machine(proc: Path = Path("/proc")) -> Machine:
    """Return this machine: the cores this process may use, the memory Linux sees."""
    return Machine(
        _field(proc / "cpuinfo", "model name") or platform.machine(),
        len(os.sched_getaffinity(0)),
        int(_field(proc / "meminfo", "MemTotal").split()[0]) / 2**20,
        f"{platform.system()} {platform.release().split('-')[0]}",
        f"{platform.python_implementation()} {platform.python_version()}",
    )


def _field(file: Path, name: str) -> str:
    """Return the value of the first `name: value` line, or ""."""
    for line in file.read_text("utf-8", "replace").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""
