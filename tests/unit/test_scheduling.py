"""How the suite is dealt out: what shares a stack stays together, what takes longest comes first."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.scheduling import SHARED, ByFile, in_order

ROOT = Path(__file__).resolve().parents[2]


class Item(SimpleNamespace):
    """What is asked of a collected test."""

    def get_closest_marker(self, name: str) -> Any:
        return name if name in self.marks else None


def item(nodeid: str, *fixtures: str, marks: tuple[str, ...] = ()) -> Any:
    return Item(nodeid=nodeid, fixturenames=fixtures, marks=marks)


@pytest.mark.parametrize(
    ("nodeid", "scope"),
    [
        ("tests/conversations/test_complaints.py::test_x[a::b]", SHARED),
        ("tests/browser/test_real_stack.py::test_x", SHARED),
        ("tests/conversations/test_channel_dialogues.py::test_x", "tests/conversations/test_channel_dialogues.py"),
        ("tests/unit/test_settings.py::Some::test_x", "tests/unit/test_settings.py"),
    ],
)
def test_files_are_dealt_out_whole_and_those_of_the_shared_stack_together(nodeid: str, scope: str) -> None:
    dealer = ByFile.__new__(ByFile)
    dealer.config = SimpleNamespace(rootpath=ROOT)  # type: ignore[assignment]
    assert dealer._split_scope(nodeid) == scope


def test_stacks_come_first_then_browsers_and_a_files_tests_keep_their_order() -> None:
    items = [
        item("tests/unit/test_a.py::test_1"),
        item("tests/integration/test_soak.py::test_1"),
        item("tests/browser/test_b.py::test_1"),
        item("tests/integration/test_soak.py::test_2", marks=("stack",)),
        item("tests/conversations/test_c.py::test_2"),
        item("tests/conversations/test_c.py::test_1", SHARED, marks=("stack",)),
    ]
    in_order(items)
    assert [one.nodeid.removeprefix("tests/") for one in items] == [
        "conversations/test_c.py::test_2",
        "conversations/test_c.py::test_1",
        "integration/test_soak.py::test_1",
        "integration/test_soak.py::test_2",
        "browser/test_b.py::test_1",
        "unit/test_a.py::test_1",
    ]
