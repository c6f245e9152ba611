"""Words in long rows, typed on purpose, do not stop the readers of everyday messages."""

import time
from collections.abc import Callable

import pytest

from bot.core.cases.earlier import of_earlier_report
from bot.core.cases.scoring import praises
from bot.core.enquiry.bereaved import bereaved
from bot.core.enquiry.office import office_topic

# Far above what any of them takes (a millisecond); a pattern that doubles with each word takes hours.
MOST_SECONDS = 5.0
ROWS = (
    "cho em hoi ",
    "xin ",
    "phan anh ",
    "bo toi ",
    "gui don cua toi ",
    "may gio lam viec ",
    "da a alo oi ",
    "khong ",
)


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("reads", [office_topic, bereaved, of_earlier_report, praises])
def test_a_long_row_is_read_in_no_time(reads: Callable[[str], object], row: str) -> None:
    began = time.process_time()
    for words in (12, 18, 60, 400):
        reads((row * words)[:2000])
        reads(" ".join((row * words).split()[:words]))
    assert time.process_time() - began < MOST_SECONDS
