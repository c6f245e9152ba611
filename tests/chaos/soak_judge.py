"""What a soak came to: what people wrote, what the log of each conversation says, and what the platforms took."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.core.channels.contract import Capabilities
from bot.core.channels.sending import UNCERTAIN
from bot.core.channels.unsent import next_due
from bot.core.messages import Event, EventKind
from bot.core.phrases import load_phrases
from bot.core.privacy import mask
from bot.store import Store
from bot.store.tables.channels import threads
from bot.store.tables.conversations import turns
from channels.zalo.sending import sendable
from tests.chaos.soak_people import Key
from tests.chaos.soak_sides import Taken

# What was taken so shortly before a kill may not have been written down any more.
KILL_WINDOW = timedelta(seconds=3)
LIMIT_PERCENT = 0.5


@dataclass
class Verdict:
    """Counts that must be as the names say; `faults` lists what is wrong, in words."""

    conversations: int = 0
    answered: int = 0
    messages: int = 0
    lost: int = 0
    handled_twice: int = 0
    misplaced: int = 0
    expected: int = 0
    taken: int = 0
    missing: int = 0
    out_of_order: int = 0
    doubles: int = 0
    after_lost_answer: int = 0
    after_kill: int = 0
    unexplained: int = 0
    lost_answers: int = 0
    counted_uncertain: int = 0
    apologies: int = 0
    waiting: int = 0
    dead: int = 0
    turns: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def doubles_percent(self) -> float:
        """Messages taken a second time, of all that were taken, in percent."""
        return 100 * self.doubles / max(self.taken, 1)


@dataclass
class Compared:
    """What a person was shown, beside what the log says that they are to be shown, by place in `taken`."""

    doubles: list[int] = field(default_factory=list)
    strays: int = 0
    missing: int = 0


def compare(expected: Sequence[str], taken: Sequence[Taken]) -> Compared:
    """Go through what was taken: each is the next expected one, or the last one again, or a stray."""
    found, at = Compared(), 0
    for place, one in enumerate(taken):
        if at < len(expected) and one.text == expected[at]:
            at += 1
        elif at and one.text == expected[at - 1]:
            found.doubles.append(place)
        else:
            found.strays += 1
    found.missing = len(expected) - at
    return found


def why_double(place: int, taken: Sequence[Taken], killed: Sequence[datetime]) -> str:
    """Say why a message came a second time: «answer», «kill», or «» where nothing explains it."""
    again = taken[place]
    for first in reversed(taken[:place]):
        if first.text != again.text:
            break
        if first.lost:
            return "answer"
        if any(abs(kill - first.at) <= KILL_WINDOW and kill <= again.at for kill in killed):
            return "kill"
    return ""


def judge(
    store: Store,
    said: Mapping[Key, Sequence[str]],
    taken: Mapping[str, Sequence[Taken]],
    capabilities: Mapping[str, Capabilities],
    killed: Sequence[datetime],
) -> Verdict:
    """Compare what people wrote (`said`), what is stored, and what each platform took (`taken`, in order)."""
    verdict = Verdict(conversations=len(said))
    shown: dict[Key, list[Taken]] = {}
    for name, all_of_it in taken.items():
        for one in all_of_it:
            shown.setdefault((name, one.address), []).append(replace(one, text=sendable(one.text)))
    known: set[Key] = set()
    with store() as unit:
        for name in taken:
            figures = unit.threads.standing(name, datetime.now(UTC))
            verdict.waiting += figures["waiting"] + figures["unsent"]
            verdict.dead += figures["dead"]
            verdict.counted_uncertain += unit.threads.counts(name).get(UNCERTAIN, 0)
        for thread in _threads(store, unit):
            key = (thread.channel, thread.address)
            known.add(key)
            log = list(_events(unit, thread.conversation_id))
            _written(verdict, log, said.get(key, ()))
            pieces = list(_pieces(unit, thread, capabilities[thread.channel]))
            _shown(verdict, pieces, shown.get(key, []), killed)
    verdict.taken = sum(map(len, shown.values()))
    verdict.lost_answers = sum(one.lost for some in shown.values() for one in some)
    verdict.lost += sum(len(words) for key, words in said.items() if key not in known)
    by_status = select(turns.c.status, func.count()).group_by(turns.c.status)
    with store.engine.connect() as connection:
        verdict.turns = Counter({status: count for status, count in connection.execute(by_status)})
    _complain(verdict)
    return verdict


def _written(verdict: Verdict, log: Sequence[Event], words: Sequence[str]) -> None:
    """Compare what somebody wrote with their part of the log, and see that all of it was answered."""
    heard = [event.body["text"] for event in log if event.kind is EventKind.CITIZEN]
    wanted = [mask(text.strip()) for text in words]
    verdict.messages += len(wanted)
    verdict.lost += sum((Counter(wanted) - Counter(heard)).values())
    verdict.handled_twice += sum((Counter(heard) - Counter(wanted)).values())
    verdict.misplaced += Counter(wanted) == Counter(heard) and wanted != heard
    last = max((event.sequence for event in log if event.kind is EventKind.CITIZEN), default=0)
    answers = [event for event in log if event.kind is not EventKind.CITIZEN and event.sequence > last]
    verdict.answered += bool(answers)
    verdict.apologies += sum(event.body.get("act") == "gave_up" for event in log)


def _shown(verdict: Verdict, pieces: Sequence[str], taken: Sequence[Taken], killed: Sequence[datetime]) -> None:
    compared = compare(pieces, taken)
    verdict.expected += len(pieces)
    verdict.missing += compared.missing
    verdict.out_of_order += bool(compared.strays)
    verdict.doubles += len(compared.doubles)
    for place in compared.doubles:
        why = why_double(place, taken, killed)
        verdict.after_lost_answer += why == "answer"
        verdict.after_kill += why == "kill"
        verdict.unexplained += not why


def _complain(verdict: Verdict) -> None:
    if verdict.answered < verdict.conversations:
        verdict.faults.append(f"{verdict.conversations - verdict.answered} conversations were not answered")
    for name in ("lost", "handled_twice", "misplaced", "missing", "out_of_order", "unexplained", "waiting", "dead"):
        if count := getattr(verdict, name):
            verdict.faults.append(f"{count} {name.replace('_', ' ')}")
    if verdict.doubles_percent >= LIMIT_PERCENT:
        verdict.faults.append(f"{verdict.doubles_percent:.2f} % of the messages came twice")
    if verdict.doubles > verdict.counted_uncertain:
        verdict.faults.append("more messages came twice than the service counted as uncertain")
    if unfinished := verdict.turns["open"] + verdict.turns["expired"]:
        verdict.faults.append(f"{unfinished} turns were not answered")


def _threads(store: Store, unit: Any) -> Iterator[Any]:
    with store.engine.connect() as connection:
        ids = list(connection.execute(select(threads.c.id).order_by(threads.c.created_at)).scalars())
    for thread_id in ids:
        yield unit.threads.thread(thread_id)


def _events(unit: Any, conversation_id: str) -> Iterator[Event]:
    after = 0
    while events := unit.events_after(conversation_id, after):
        yield from events
        after = events[-1].sequence


def _pieces(unit: Any, thread: Any, capabilities: Capabilities) -> Iterator[str]:
    """Yield what the whole log comes to on this channel, by the code that sends."""
    choose = load_phrases().word("channel_choose")
    at = replace(thread, sent_sequence=0, sent_piece=0)
    while True:
        due, _ = next_due(unit, at, capabilities, choose)
        if due is None:
            return
        yield sendable(due.message.text)
        at = replace(at, sent_sequence=due.sequence, sent_piece=due.piece)
