"""Batches of arrivals are read in the order in which they were sent, as far as that is told."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.channels.arriving import Arrived
from bot.core.channels.batches import as_sent
from bot.core.channels.contract import Arrival, Incoming
from bot.core.channels.ports import InboxRow

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


def arrived(name: str, second: int | None, order: int = 0) -> Arrived:
    row = InboxRow("memory", name, "t", Arrival.TEXT, 0, b"", NOW, 0)
    sent_at = None if second is None else NOW + timedelta(seconds=second)
    return Arrived(row, Incoming("memory", name, "an", Arrival.TEXT, text=name, sent_at=sent_at, order=order))


@pytest.mark.parametrize(
    ("came", "read"),
    [
        ([("a", 1), ("b", 2)], "ab"),
        ([("b", 2), ("a", 1)], "ab"),
        ([("a", 1), ("b", 1), ("c", 1)], "abc"),
        ([("a", None), ("b", None)], "ab"),
        # A pressed button of Telegram tells no moment: it stays behind what came before it, and orders nothing else.
        ([("b", 2), ("press", None), ("a", 1)], "abp"),
        ([("press", None), ("b", 2), ("a", 1)], "pab"),
        ([("a", 1), ("press", None), ("b", 2)], "apb"),
        ([("c", 3), ("a", 1), ("press", None), ("b", 2)], "apbc"),
        ([], ""),
    ],
)
def test_order(came: list[tuple[str, int | None]], read: str) -> None:
    assert "".join(one.incoming.text[0] for one in as_sent([arrived(*one) for one in came])) == read


def test_of_one_second_the_platform_s_own_count_tells_the_order() -> None:
    came = [arrived("c", 1, 13), arrived("a", 1, 11), arrived("d", 2, 10), arrived("b", 1, 12)]
    assert "".join(one.incoming.text for one in as_sent(came)) == "abcd"
    # A pressed button has a place in that count but tells no moment: it stays behind what came before it.
    came = [arrived("b", 1, 12), arrived("press", None, 0), arrived("a", 1, 11)]
    assert "".join(one.incoming.text[0] for one in as_sent(came)) == "abp"
