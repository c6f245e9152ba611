"""How long people waited, and how often somebody of the office was called for. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

from bot.core.figures.ports import Moved, Said
from bot.core.figures.span import Period
from bot.core.handover.attention import Move, Why

_ENDS = frozenset({Move.HAND_BACK, Move.CLOSE, Move.GO_BACK, Move.END})
#: A person took the conversation from the assistant by themselves.
TAKEN = "taken"


@dataclass(frozen=True)
class Episode:
    """One time that a conversation was with people: from the call for one, or from when one took it by themselves.

    `away`: the citizen left word or wrote out of hours, so nobody was to be expected at once.
    """

    conversation_id: str
    began: datetime
    why: Why | None
    ended: datetime | None = None
    away: bool = False
    first_answer: datetime | None = None


def middle(seconds: Iterable[float]) -> int | None:
    """Return the median in whole seconds, None of nothing."""
    given = list(seconds)
    return round(median(given)) if given else None


def waits(moves: Iterable[Moved], period: Period) -> list[float]:
    """Return the seconds that those waited whom somebody took in the period."""
    return [m.waited for m in moves if m.move is Move.CLAIM and m.waited is not None and m.at in period]


def episodes(moves: Sequence[Moved], said: Sequence[Said]) -> list[Episode]:
    """Return the episodes of a history that is in order, with the first thing a person wrote in each."""
    found: list[Episode] = []
    begun: dict[str, Episode] = {}

    def end(conversation_id: str, at: datetime | None) -> None:
        if (episode := begun.pop(conversation_id, None)) is not None:
            found.append(replace(episode, ended=at))

    for moved in moves:
        of, current = moved.conversation_id, begun.get(moved.conversation_id)
        if moved.move is Move.ASK:
            # One that is open was cleared by its citizen, which is no move.
            end(of, moved.at)
            begun[of] = Episode(of, moved.at, moved.why)
        elif moved.move is Move.CLAIM and current is None:
            begun[of] = Episode(of, moved.at, None)
        elif moved.move is Move.CLAIM and current is not None and moved.waited is None:
            begun[of] = replace(current, away=True)
        elif moved.move in _ENDS:
            end(of, moved.at)
    for of in list(begun):
        end(of, None)
    written: dict[str, list[datetime]] = {}
    for each in said:
        written.setdefault(each.conversation_id, []).append(each.at)
    return [replace(e, first_answer=_first(written.get(e.conversation_id, ()), e)) for e in found]


def answers(found: Iterable[Episode], period: Period) -> list[float]:
    """Return the seconds until a person's first words, of episodes in which they came in the period."""
    return [
        (e.first_answer - e.began).total_seconds()
        for e in found
        if not e.away and e.first_answer is not None and e.first_answer in period
    ]


def called(found: Iterable[Episode], period: Period) -> dict[str, int]:
    """Return how many episodes began in the period, by why."""
    counts: dict[str, int] = {}
    for episode in found:
        if episode.began in period:
            why = episode.why.value if episode.why else TAKEN
            counts[why] = counts.get(why, 0) + 1
    return counts


def _first(written: Iterable[datetime], episode: Episode) -> datetime | None:
    ended = episode.ended
    return next((at for at in written if at >= episode.began and (ended is None or at <= ended)), None)
