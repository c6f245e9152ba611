"""How the suite is shared among processes (pytest-xdist): file by file, what takes longest first."""

from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

SHARED = "running_stack"
_BROWSER = "tests/browser/"


class ByFile(LoadScopeScheduling):
    """A file is one piece of work; all files that talk to the shared stack are one, so that one process starts it."""

    def _split_scope(self, nodeid: str) -> str:
        file = _file(nodeid)
        return SHARED if _names_the_stack(self.config.rootpath / file) else file


def in_order(items: list[pytest.Item]) -> None:
    """Put stacks first, then browsers, then the rest; a file's tests stay together and in their order."""
    ranks: dict[str, int] = {}
    for item in items:
        file = _file(item.nodeid)
        ranks[file] = min(_rank(item, file), ranks.get(file, 3))
    items.sort(key=lambda item: ranks[_file(item.nodeid)])


def _rank(item: pytest.Item, file: str) -> int:
    if SHARED in getattr(item, "fixturenames", ()):
        return 0
    if item.get_closest_marker("stack"):
        return 1
    return 2 if file.startswith(_BROWSER) else 3


def _file(nodeid: str) -> str:
    return nodeid.split("::", 1)[0]


@cache
def _names_the_stack(file: Path) -> bool:
    """True for a file whose tests ask for the fixture. Told by its text: who deals out collects no tests."""
    return SHARED in file.read_text(encoding="utf-8")
