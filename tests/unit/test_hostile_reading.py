"""Words in long rows, typed on purpose, do not stop the readers of everyday messages."""

from collections.abc import Callable

import pytest

from bot.core.cases.earlier import of_earlier_report
from bot.core.cases.scoring import praises
from bot.core.enquiry.bereaved import bereaved
from bot.core.enquiry.office import office_topic

# No measure of speed: a pattern that doubles with each word would take hours.
pytestmark = pytest.mark.timeout(120)
ROWS = ("cho em hoi ", "xin ", "phan anh ", "bo toi ", "don cua toi ", "may gio lam viec ", "da a alo oi ", "khong ")


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("reads", [office_topic, bereaved, of_earlier_report, praises])
def test_a_long_row_is_read_and_means_nothing(reads: Callable[[str], object], row: str) -> None:
    for words in (12, 18, 60, 400):
        assert not reads((row * words)[:2000])
        assert not reads(" ".join((row * words).split()[:words]))
