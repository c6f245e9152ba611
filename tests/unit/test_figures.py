"""The day's figures, counted by hand: Hà Nội's midnight, waits, hand-overs, small groups, the layout."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.figures.counting import CaseCounts, Counts, Figures, by_outcome, by_reason
from bot.core.figures.ports import Counted, Moved, Said
from bot.core.figures.report import Kind, Names, Report, Reporter
from bot.core.figures.small_groups import Group, Groups, grouped
from bot.core.figures.span import NoSuchDay, Period, SpanKind, midnight, span_of
from bot.core.figures.waits import TAKEN, answers, called, episodes, middle, waits
from bot.core.figures.words import FigureWords
from bot.core.handover.attention import Move, Why
from bot.core.routes import Outcome, Reason
from bot.core.suggestions.ports import Action

# A Friday, 14:30 in Hà Nội.
NOW = datetime(2026, 11, 27, 7, 30, tzinfo=UTC)
FRIDAY = date(2026, 11, 27)
DAY = Period(midnight(FRIDAY), midnight(FRIDAY) + timedelta(days=1))


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return a moment of the Friday by Hà Nội's clock."""
    return midnight(FRIDAY) + timedelta(hours=hour, minutes=minute, seconds=second)


class TestSpans:
    """Which hours are counted."""

    def test_a_day_begins_at_midnight_in_ha_noi_seven_hours_before_utc(self) -> None:
        assert midnight(FRIDAY) == datetime(2026, 11, 26, 17, tzinfo=UTC)
        assert datetime(2026, 11, 26, 16, 59, 59, tzinfo=UTC) not in DAY
        assert datetime(2026, 11, 26, 17, tzinfo=UTC) in DAY
        assert datetime(2026, 11, 27, 16, 59, 59, tzinfo=UTC) in DAY
        assert datetime(2026, 11, 27, 17, tzinfo=UTC) not in DAY

    def test_today_stands_beside_yesterday_up_to_the_same_hour(self) -> None:
        span = span_of(SpanKind.DAY, FRIDAY, NOW)
        assert span.now == Period(datetime(2026, 11, 26, 17, tzinfo=UTC), NOW)
        assert span.before == Period(datetime(2026, 11, 25, 17, tzinfo=UTC), NOW - timedelta(days=1))
        assert (span.first, span.last, span.whole) == (FRIDAY, FRIDAY, False)

    def test_between_the_two_midnights_it_is_already_the_next_day(self) -> None:
        """At 18:00 UTC on Thursday it is one o'clock on Friday."""
        span = span_of(SpanKind.DAY, FRIDAY, datetime(2026, 11, 26, 18, tzinfo=UTC))
        assert span.now.until - span.now.since == timedelta(hours=1)

    def test_a_day_that_is_over_stands_beside_the_whole_day_before(self) -> None:
        span = span_of(SpanKind.DAY, date(2026, 11, 26), NOW)
        assert span.whole
        assert span.now == Period(midnight(date(2026, 11, 26)), midnight(FRIDAY))
        assert span.before == Period(midnight(date(2026, 11, 25)), midnight(date(2026, 11, 26)))

    @pytest.mark.parametrize("day", [FRIDAY, date(2026, 11, 23)])
    def test_this_week_goes_from_monday_until_now(self, day: date) -> None:
        span = span_of(SpanKind.WEEK, day, NOW)
        assert span.now == Period(midnight(date(2026, 11, 23)), NOW)
        assert span.before == Period(midnight(date(2026, 11, 16)), NOW - timedelta(days=7))
        assert (span.first, span.last, span.whole) == (date(2026, 11, 23), FRIDAY, False)

    def test_an_earlier_week_is_whole_and_ends_on_sunday(self) -> None:
        span = span_of(SpanKind.WEEK, date(2026, 11, 22), NOW)
        assert (span.first, span.last, span.whole) == (date(2026, 11, 16), date(2026, 11, 22), True)
        assert span.now.until == midnight(date(2026, 11, 23)) == span.now.since + timedelta(days=7)

    @pytest.mark.parametrize("day", [date(2026, 11, 28), date(2019, 12, 31), date(1, 1, 1), date(9999, 12, 31)])
    def test_a_day_without_figures_is_refused(self, day: date) -> None:
        with pytest.raises(NoSuchDay):
            span_of(SpanKind.DAY, day, NOW)


class TestWaits:
    """How often and how long."""

    HISTORY = (
        Moved("a", at(8), Move.ASK, Why.ASKED),
        Moved("a", at(8, 2), Move.CLAIM, Why.ASKED, waited=120),
        Moved("b", at(9), Move.ASK, Why.ANGER),
        Moved("a", at(9, 1), Move.CLOSE, Why.ASKED),
        Moved("b", at(9, 10), Move.CLAIM, Why.ANGER, waited=600),
        Moved("b", at(9, 11), Move.RELEASE, Why.ANGER),
        Moved("b", at(9, 20), Move.CLAIM, Why.ANGER, waited=1200),
        Moved("c", at(10), Move.CLAIM),
        Moved("a", at(11), Move.ASK, Why.FAILED),
        Moved("a", at(11, 5), Move.GO_BACK),
        Moved("d", at(20), Move.ASK, Why.ASKED),
        Moved("d", at(32), Move.CLAIM, Why.ASKED),
    )
    WORDS = (
        Said("a", at(8, 3)),
        Said("a", at(8, 40)),
        Said("b", at(9, 25)),
        Said("c", at(10, 0, 30)),
        Said("a", at(11, 30)),
        Said("d", at(32, 1)),
    )

    def test_each_call_and_each_taking_over_counts_once(self) -> None:
        found = episodes(self.HISTORY, self.WORDS)
        assert called(found, DAY) == {"asked": 2, "anger": 1, "failed": 1, TAKEN: 1}
        assert called(found, Period(at(8, 30), at(10))) == {"anger": 1}

    def test_waits_are_those_that_ended_in_the_period(self) -> None:
        assert waits(self.HISTORY, DAY) == [120, 600, 1200]
        assert middle(waits(self.HISTORY, DAY)) == 600
        assert middle(waits(self.HISTORY, Period(at(9), at(9, 20)))) == 600
        assert middle(()) is None

    def test_the_first_words_of_a_person_count_from_the_call(self) -> None:
        """a: 3 min; b: 25 min from the call, whoever had it between; c: 30 s; a's second call was taken back."""
        found = episodes(self.HISTORY, self.WORDS)
        assert sorted(answers(found, DAY)) == [30, 180, 1500]
        assert middle(answers(found, DAY)) == 180

    def test_who_wrote_out_of_hours_is_not_said_to_have_waited_all_night(self) -> None:
        tomorrow = Period(DAY.until, DAY.until + timedelta(days=1))
        found = episodes(self.HISTORY, self.WORDS)
        assert answers(found, tomorrow) == []
        assert next(e for e in found if e.conversation_id == "d").away

    def test_a_conversation_that_was_cleared_may_be_called_for_again(self) -> None:
        history = (Moved("a", at(8), Move.ASK, Why.ASKED), Moved("a", at(9), Move.ASK, Why.ASKED))
        assert called(episodes(history, ()), DAY) == {"asked": 2}

    def test_the_middle_of_an_even_number_lies_between(self) -> None:
        assert middle([10, 20, 40, 1000]) == 30


class TestOutcomes:
    """Turns by how they ended."""

    COUNTED = (
        Counted(Outcome.ANSWERED.value, None, 5),
        Counted(Outcome.ANSWERED.value, Reason.NEEDS_FILE.value, 1),
        Counted(Outcome.REFUSED.value, Reason.NOT_IN_CATALOGUE.value, 2),
        Counted(Outcome.REFUSED.value, Reason.OTHER_AGENCY.value, 3),
        Counted(Outcome.REFUSED.value, None, 1),
        Counted(Outcome.SMALL_TALK.value, Reason.NEEDS_PERSON.value, 4),
    )

    def test_they_add_up(self) -> None:
        assert by_outcome(self.COUNTED) == {"answered": 6, "refused": 6, "small_talk": 4}

    def test_only_refusals_have_a_reason_why(self) -> None:
        assert by_reason(self.COUNTED) == {"not_in_catalogue": 2, "other_agency": 3, "other": 1}


class TestSmallGroups:
    """Nobody is recognised by being the only one."""

    def test_a_group_of_fewer_than_three_is_among_the_rest(self) -> None:
        found = grouped({"A": 5, "B": 2, "C": 1, "D": 3}, {"A": 2, "B": 1, "E": 4})
        assert found == Groups((Group("A", 5, None), Group("D", 3, None), Group("E", None, 4)), 3, 3)

    def test_none_at_all_is_told_apart_from_nothing(self) -> None:
        assert grouped({}, {}) == Groups((), 0, 0)
        assert grouped({"A": 1}, {}) == Groups((), 1, 0)

    @pytest.mark.parametrize("amount", [0, 1, 2])
    def test_whether_there_were_none_or_one_or_two_is_not_told(self, amount: int) -> None:
        """The row of a unit reads the same, whether or not somebody complained."""
        assert grouped({"A": amount, "B": 9 - amount}, {"A": 4}).shown[1] == Group("A", None, 4)


WORDS = FigureWords.load()
NAMES = Names(lambda code: f"Thủ tục {code}", lambda code: f"hành vi {code}", lambda code: f"Phường {code}")
NOUGHT = Counts({}, 0, {}, None, None, None, {}, {}, {}, dict.fromkeys((a.value for a in Action), 0), None)
SOME = Counts(
    conversations={"web": 2, "zalo": 7, "hotline": 1},
    answered_alone=6,
    called={"asked": 2, "taken": 1},
    waiting=150,
    person_answer=200,
    assistant_answer=1,
    turns={"answered": 12, "refused": 3},
    refused={"other_agency": 2, "not_understood": 1},
    asked={f"P{n:02}": n for n in range(1, 13)},
    suggestions={"displayed": 9, "inserted": 4, "edited": 1, "sent": 3, "ignored": 0},
    cases=CaseCounts(7, {"X": 4, "Y": 2, "": 1}, {"U1": 5, "": 2}),
)


def laid_out(now: Counts, before: Counts = NOUGHT) -> Report:
    return Reporter(WORDS).report(Figures(span_of(SpanKind.DAY, FRIDAY, NOW), now, before), NAMES)


def lines(report: Report, section: str) -> list[tuple[str, int | None, int | None]]:
    found = next(each for each in report.sections if each.code == section)
    return [(line.label, line.now, line.before) for line in found.lines]


class TestReport:
    """What is shown."""

    def test_headline_numbers(self) -> None:
        report = laid_out(SOME, replace(SOME, waiting=None, conversations={"web": 4}))
        told: Mapping[str, tuple[int | None, int | None]] = {t.code: (t.now, t.before) for t in report.tiles}
        assert told == {
            "conversations": (10, 4),
            "answered_alone": (6, 6),
            "handed_over": (3, 3),
            "waiting": (150, None),
            "person_answer": (200, 200),
            "assistant_answer": (1, 1),
            "cases": (7, 7),
        }
        assert {t.code for t in report.tiles if t.kind is Kind.SECONDS} == {
            "waiting",
            "person_answer",
            "assistant_answer",
        }

    def test_the_largest_channel_comes_first_and_reasons_keep_their_order(self) -> None:
        report = laid_out(SOME)
        assert [label for label, _, _ in lines(report, "channels")] == [
            "Zalo",
            "Trang web",
            "Tổng đài (cuộc gọi đã nghe)",
        ]
        assert lines(report, "refused") == [("Chưa hiểu câu hỏi", 1, 0), ("Việc của cơ quan khác", 2, 0)]
        assert lines(report, "suggestions")[-1] == ("Bỏ qua", 0, 0)

    def test_ten_procedures_by_their_names(self) -> None:
        found = lines(laid_out(SOME), "procedures")
        assert len(found) == 10
        assert found[0] == ("Thủ tục P12", 12, 0)

    def test_small_groups_of_cases_are_put_together(self) -> None:
        report = laid_out(SOME, replace(NOUGHT, cases=CaseCounts(0, {}, {})))
        assert lines(report, "behaviours") == [("hành vi X", 4, None), ("Còn lại", 3, 0)]
        assert lines(report, "units") == [("Phường U1", 5, None), ("Còn lại", 2, 0)]

    def test_cases_without_unit_are_said_to_have_none(self) -> None:
        counts = replace(SOME, cases=CaseCounts(3, {"": 3}, {"": 3}))
        report = laid_out(counts, replace(NOUGHT, cases=CaseCounts(0, {}, {})))
        assert lines(report, "units") == [("Chưa xác định đơn vị", 3, None)]
        assert lines(report, "behaviours") == [("Không nêu hành vi nào của cán bộ", 3, None)]

    def test_who_may_not_know_of_cases_has_no_part_about_them(self) -> None:
        report = laid_out(replace(SOME, cases=None))
        assert "cases" not in {tile.code for tile in report.tiles}
        assert not {"behaviours", "units"} & {section.code for section in report.sections}

    def test_an_empty_day_says_so_in_every_part(self) -> None:
        report = laid_out(replace(NOUGHT, cases=CaseCounts(0, {}, {})), replace(NOUGHT, cases=CaseCounts(0, {}, {})))
        assert all(section.lines == () for section in report.sections)
        assert next(s.empty for s in report.sections if s.code == "channels") == "Chưa có cuộc nào."
        assert all(section.empty and section.title != section.code for section in report.sections)

    @pytest.mark.parametrize(
        ("section", "codes"),
        [
            ("turns", list(Outcome)),
            ("refused", list(Reason)),
            ("called", [*Why, TAKEN]),
            ("suggestions", list(Action)),
        ],
    )
    def test_everything_that_is_counted_has_words(self, section: str, codes: list[str]) -> None:
        assert [code for code in codes if WORDS.say(section, code) == code] == []
