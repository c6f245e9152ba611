"""What an accused unit may read: a story without who told it. Masking too much is preferred to leaking.

Pure. Names, addresses, relatives, ages, workplaces, tickets and codes of a story are replaced by placeholders;
what happened, at which desk and on which day stays, for without it nobody could look into it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from bot.core.cases.blurring import blur
from bot.core.cases.identifying import PATTERNS, street_places
from bot.core.cases.naming import Place, name_places, people_places, plain_of
from bot.core.cases.record import CaseRecord, Contact
from bot.core.privacy import mask
from bot.core.story import Identity
from nlu.text import clean

ADDRESS = "[địa chỉ]"
_NUMBERS = frozenset({"[mã hồ sơ]", "[tuổi]"})
_CAPITALISED = re.compile(r" ([^\W\d_]+)")


@dataclass(frozen=True)
class Span:
    """text[start:end] and what stands there instead."""

    start: int
    end: int
    placeholder: str


def redact(record: CaseRecord) -> CaseRecord:
    """Return the record as a unit may see it; `narrative_raw` is empty and `identity` says nothing.

    Gone: contact, consent, names (the accused's too, whom an officer tells of), dossier code, channel, the time of
    day, witnesses, the amount as a field (in the story it stays: it is what is looked into), and whether a child told
    it. Redacting twice changes nothing.
    """
    known = (record.contact.name, record.staff)
    story = record.story

    def hidden(text: str | None) -> str | None:
        return hide(blur(text), known) if text else text

    return replace(
        record,
        narrative=hidden(record.narrative) or "",
        narrative_raw="",
        identity=Identity.HIDDEN,
        channel="",
        received_at=record.received_at.replace(hour=0, minute=0, second=0, microsecond=0),
        counter=hidden(record.counter),
        staff=None,
        event_time=None,
        dossier_code=None,
        story=replace(
            story,
            said=hidden(story.said),
            wanted=hidden(story.wanted),
            amount=None,
            witnesses=None,
            evidence=tuple(hide(blur(each), known) for each in story.evidence),
        ),
        contact=Contact(),
        reach=None,
        consent=None,
        attachments=(),
        statements=(),
        data_versions=(),
        child=False,
    )


def hide(text: str, known: Iterable[str | None] = ()) -> str:
    """Return a text with what tells who somebody is replaced; `known` are names of the case (citizen, accused)."""
    return "\n".join(
        _hide_line(line, tuple(filter(None, known))) for line in mask(text, dossier_codes=True).split("\n")
    )


def hide_known(text: str, known: Iterable[str | None] = ()) -> str:
    """Return an office's text without personal numbers and the known names; addresses of offices stay."""
    whole = clean(mask(text, dossier_codes=True))
    plain = plain_of(whole)
    places = [Span(*place, "[tên]") for name in known if name for place in name_places(whole, plain, name)]
    return _replaced(whole, places)


def leaks(
    text: str, known: Iterable[str | None] = (), passed_over: Callable[[str, str, Place], bool] | None = None
) -> bool:
    """True when a text that is to be published has a personal number or one of the known names.

    `passed_over` says where in the text a name is a place's («phường Yên Hòa»).
    """
    whole = clean(text)
    plain = plain_of(whole)
    named = (place for name in known if name for place in name_places(whole, plain, name))
    if any(passed_over is None or not passed_over(whole, plain, place) for place in named):
        return True
    return mask(whole, dossier_codes=True) != whole


def _hide_line(line: str, known: tuple[str, ...]) -> str:
    text = clean(line)
    return _replaced(text, found(text, known))


def _replaced(text: str, spans: Iterable[Span]) -> str:
    parts: list[str] = []
    last = 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.end <= last:
            continue
        if span.start >= last:
            parts += [text[last : span.start], span.placeholder]
        last = span.end
    return "".join([*parts, text[last:]])


def found(text: str, known: tuple[str, ...]) -> Iterator[Span]:
    """Yield what a cleaned text tells of who somebody is; spans may overlap."""
    plain = plain_of(text)
    for name in known:
        yield from (Span(*place, "[tên]") for place in name_places(text, plain, name))
    yield from (Span(*place, "[tên]") for place in people_places(text, plain))
    yield from (Span(*place, ADDRESS) for place in street_places(text, plain))
    for placeholder, pattern in PATTERNS:
        group = "x" if "x" in pattern.groupindex else 0
        for match in pattern.finditer(plain):
            start, end = match.span(group)
            yield Span(start, end if placeholder in _NUMBERS else _whole_name(text, end), placeholder)


def _whole_name(text: str, end: int) -> int:
    """Go on over capitalised words: «phố Đội Cấn» ends with a word that reads like «cần» without its accent."""
    while not text.isupper() and (more := _CAPITALISED.match(text, end)) and more[1][0].isupper():
        end = more.end()
    return end
