"""Wrapping a call up in two clicks: topics to choose from, and the summary composed of what was done. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.calls.model import Call, Outcome
from bot.core.phrases import Phrases, vietnamese_date
from bot.core.privacy import mask
from bot.core.story import VIETNAM

MOST_TOPICS = 5


@dataclass(frozen=True)
class Opened:
    """A procedure that was opened during the call: its title, and the names of the sides that were looked at."""

    title: str
    facets: tuple[str, ...]


class Wrapping:
    """Composes topics and summaries; immutable."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def topics(self, opened: Sequence[Opened], case_numbers: Sequence[str]) -> list[str]:
        """Return what the call may have been about, the likeliest first: what was filed, what was looked up last."""
        word = self._phrases.word
        found = [word("call_topic_case")] if case_numbers else []
        found += [each.title for each in reversed(opened)]
        found += [word("call_topic_case"), word("call_topic_follow"), word("call_topic_other")]
        kept = list(dict.fromkeys(found))
        return [*kept[:MOST_TOPICS], *(topic for topic in kept[MOST_TOPICS:] if topic == word("call_topic_other"))]

    def outcomes(self, case_numbers: Sequence[str]) -> list[tuple[Outcome, str]]:
        """Return how the call may have ended, the likeliest first."""
        order = [Outcome.FILED, *Outcome] if case_numbers else list(Outcome)
        return [(each, self._phrases.word(f"call_outcome_{each.value}")) for each in dict.fromkeys(order)]

    def summary(
        self,
        call: Call,
        topic: str,
        outcome: Outcome,
        note: str,
        opened: Sequence[Opened],
        case_numbers: Sequence[str],
    ) -> str:
        """Return the summary: when, what about, what was looked up and filed, how it ended. Numbers are masked."""
        word = self._phrases.word
        start = (call.answered_at or call.started_at).astimezone(VIETNAM)
        facts = {
            "start": f"{start:%H:%M}",
            "date": vietnamese_date(start.date()),
            "number": call.masked or word("call_no_number"),
        }
        if call.ended_at:
            lines = [word("call_sum_time", end=f"{call.ended_at.astimezone(VIETNAM):%H:%M}", **facts)]
        else:
            lines = [word("call_sum_short", **facts)]
        lines.append(word("call_sum_topic", topic=mask(topic.strip()).rstrip(".")))
        if opened:
            looked = "; ".join(f"{each.title} ({', '.join(each.facets)})" for each in opened)
            lines.append(word("call_sum_looked", looked=looked))
        if case_numbers:
            lines.append(word("call_sum_filed", numbers=", ".join(case_numbers)))
        lines.append(word("call_sum_outcome", outcome=word(f"call_outcome_{outcome.value}").lower()))
        if note.strip():
            lines.append(word("call_sum_note", note=mask(" ".join(note.split()))))
        return " ".join(lines)
