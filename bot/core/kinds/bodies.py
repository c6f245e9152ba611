"""Which body is complained about: the city's officials or another one. Pure."""

from collections import Counter
from dataclasses import dataclass

from bot.core.kinds.conduct import CONDUCT, denied, money_hits
from bot.core.kinds.marking import Hit, Marked, word_set
from bot.core.kinds.mentions import AGENCIES, OURS, Body, Mention, Role, find_mentions
from bot.core.routes import Agency

_AGAINST = (*CONDUCT, "crime.strong", "decision.harm", "decision.attack")
_TOPICS = ("talk.topic", "talk.manner", "talk.report")
_REFUSES = word_set("khong chua chang bo lam mac cha")
_BUT = word_set("mà nhưng vẫn cũng thì mãi hoài ma nhung van cung thi mai hoai")
_REFUSAL_REACH = 6


@dataclass(frozen=True)
class Bodies:
    """Which bodies are complained about: `agency` the one of them that is not ours, `ours` the city's.

    `told` is what is told against each, in order: (word where it begins, word behind it, body).
    """

    agency: Agency | None
    ours: bool
    told: tuple[tuple[int, int, Body], ...]


def read_bodies(marked: Marked, *, complains: bool) -> Bodies:
    """Return who is complained about. `complains`: it is a complaint even where no conduct is told."""
    mentions = find_mentions(marked)
    counts: Counter[Body] = Counter()
    told: list[tuple[int, int, Body]] = []
    for hit in _against(marked):
        body, place = _spoken_of(marked, mentions, hit)
        if body is not None:
            counts[body] += 1
            told.append((place, hit.end, body))
    if not counts and (complains or marked.has(*_TOPICS)):
        meant = _meant(marked, mentions)
        counts.update([meant] if meant else [])
    others = [body for body in counts if isinstance(body, Agency)]
    agency = max(others, key=lambda body: counts[body]) if others else None
    named = any(m.body is None or (m.body is OURS and m.role is Role.ACTS) for m in mentions)
    ours = bool(counts[OURS]) or (agency is None and named)
    return Bodies(agency, ours, tuple(sorted(told, key=lambda part: part[1])))


def _against(marked: Marked) -> list[Hit]:
    """Return what is told against somebody; what is inside a body's name or denied does not count."""
    named = [(h.start, h.end) for tag in AGENCIES for h in marked.all(tag)]
    told = {hit for hit in marked.all(*_AGAINST) if not denied(marked, hit)} | set(money_hits(marked))
    return sorted(
        (hit for hit in told if not any(start <= hit.start and hit.end <= end for start, end in named)),
        key=lambda hit: (hit.start, hit.end),
    )


def _spoken_of(marked: Marked, mentions: list[Mention], hit: Hit) -> tuple[Body | None, int]:
    """Return the body that a conduct is told of, and where it begins to be spoken of."""
    sentence, clause = marked.sentence_of[hit.start], marked.clause_of[hit.start]
    before = [m for m in mentions if m.start <= hit.start and m.role is not Role.NOT]
    behind = [m for m in mentions if m.start >= hit.end and m.body is not None and m.role in {Role.ACTS, Role.AROUND}]
    if not any(marked.sentence_of[m.start] == sentence for m in before):
        # «bị quát ở bệnh viện»: named behind.
        same = [m for m in behind if marked.clause_of[m.start] == clause]
        if same:
            return same[0].body, hit.start
    somebody: int | None = None
    for mention in reversed(before):
        if mention.body is None:
            somebody = mention.start if somebody is None else somebody
        elif mention.role is Role.AROUND and somebody is not None:
            return OURS, somebody
        elif mention.role is not Role.CALLED or _did_nothing(marked, mention, hit):
            return mention.body, mention.start
    acting = [m for m in behind if m.role is Role.ACTS]
    if somebody is None:
        named = acting and marked.sentence_of[acting[0].start] == sentence
        return (acting[0].body if named else None), hit.start
    others = any(isinstance(m.body, Agency) and m.role is not Role.NOT for m in mentions)
    return (None, hit.start) if others else (OURS, somebody)


def _did_nothing(marked: Marked, mention: Mention, hit: Hit) -> bool:
    """True for «báo công an mà không ai xuống»: who was called is blamed."""
    between = marked.words[mention.end : hit.start + 1]
    refuses = marked.words[hit.start].plain in _REFUSES
    return refuses and len(between) <= _REFUSAL_REACH + 1 and any(word.norm in _BUT for word in between)


def _meant(marked: Marked, mentions: list[Mention]) -> Body | None:
    """Return the body that «phản ánh», «thái độ của» points at: the first one behind it, else ours, else any."""
    acting = [m for m in mentions if m.role is Role.ACTS and m.body is not None]
    for topic in marked.all(*_TOPICS):
        for mention in acting:
            if mention.start >= topic.start and marked.sentence_of[mention.start] == marked.sentence_of[topic.start]:
                return mention.body
    ours = any(m.body is OURS for m in acting)
    return OURS if ours else acting[0].body if acting else None
