"""Splits a story into the parts that belong to different bodies and kinds. Pure."""

from dataclasses import dataclass

from bot.core.kinds.bodies import Bodies, read_bodies
from bot.core.kinds.input_types import InputType
from bot.core.kinds.lexicon import mark
from bot.core.kinds.marking import Marked, word_set
from bot.core.kinds.matter import RULE_REACH, Matter, read_matter
from bot.core.kinds.mentions import OURS, Body
from bot.core.routes import Agency

_SUGGESTS = frozenset({InputType.PHAN_ANH_QDHC, InputType.KIEN_NGHI})
# Words that open a new part where no sign parts it, the stronger first.
_JOINTS = (
    word_set("còn ngoài bên với thêm đồng mặt sau con ngoai dong"),
    word_set("mà nhưng rồi xong ma nhung roi"),
    word_set("lên ra sang tới đến xuống về len toi den xuong"),
)
_TWO_WORDS = {"ngoai": "ra", "ben": "canh", "voi": "lai", "them": "nua", "dong": "thoi", "mat": "khac", "sau": "do"}


@dataclass(frozen=True)
class _Part:
    """words[start:end] about one body, or suggesting something."""

    start: int
    end: int
    label: Body | InputType | None


def clauses(text: str) -> tuple[str, ...]:
    """Return the parts of a text that belong to different bodies or kinds, in order; one part where all is of one."""
    marked = mark(text)
    return tuple(_text(marked, part) for part in _parts(marked)) or ((text.strip(),) if text.strip() else ())


def part_of_ours(text: str) -> str:
    """Return what is left of a text without the parts about another body; empty where nothing is."""
    marked = mark(text)
    parts = _parts(marked)
    if not any(isinstance(part.label, Agency) for part in parts):
        return text
    kept = [_text(marked, part) for part in parts if not isinstance(part.label, Agency)]
    # What is too long to be read is not dropped.
    return " ".join([*kept, text[len(marked.text) :]]).strip()


def part_of_kind(text: str, kind: InputType) -> str:
    """Return the parts of a text that make it a case of `kind` of its own; empty where there are none."""
    marked = mark(text)
    parts = _parts(marked)
    if kind in _SUGGESTS:
        kept = [p for p in parts if p.label in _SUGGESTS]
    elif kind is InputType.PHAN_ANH_HANH_VI:
        kept = [p for p in parts if p.label is OURS]
    else:
        kept = []
    return " ".join(_text(marked, part) for part in kept)


def _text(marked: Marked, part: _Part) -> str:
    """Return a part as typed, with the mark that ends it."""
    words, text = marked.words, marked.text
    start = words[part.start].start if part.start else 0
    end = words[part.end].start if part.end < len(words) else len(text)
    return text[start:end].strip(" \t\r\n,;")


def without_others(marked: Marked, bodies: Bodies, matter: Matter) -> Marked:
    """Return the text with only what was found in the parts that are not about another body."""
    kept = [p for p in _parts(marked, bodies, matter) if not isinstance(p.label, Agency)]
    hits = (hit for hit in marked.hits if any(p.start <= hit.start < p.end for p in kept))
    return Marked(marked.text, marked.words, tuple(hits))


def _parts(marked: Marked, bodies: Bodies | None = None, matter: Matter | None = None) -> list[_Part]:
    """Return the parts in order; together they are the whole text."""
    bodies = bodies or read_bodies(marked, complains=True)
    spans = _spans(marked, bodies, matter or read_matter(marked))
    if not marked.words:
        return []
    if not spans:
        return [_Part(0, len(marked.words), None)]
    parts: list[_Part] = []
    start, (_, last, label) = 0, spans[0]
    for begins, ends, found in spans[1:]:
        if found is not label:
            cut = _cut(marked, last, begins)
            if cut > start:
                parts.append(_Part(start, cut, label))
                start = cut
            label = found
        last = max(last, ends)
    parts.append(_Part(start, len(marked.words), label))
    return parts


def _spans(marked: Marked, bodies: Bodies, matter: Matter) -> list[tuple[int, int, Body | InputType]]:
    """Return what the text is about from place to place: bodies by what is told against them, and suggestions."""
    suggested = _suggested(marked, matter)
    sentences = {marked.sentence_of[start] for start, _, _ in suggested}
    told = [
        span
        for span in bodies.told
        if not (suggested and marked.sentence_of[span[0]] in sentences and span[1] > min(s for s, _, _ in suggested))
    ]
    return sorted([*told, *suggested], key=lambda span: (span[1], span[0]))


def _suggested(marked: Marked, matter: Matter) -> list[tuple[int, int, Body | InputType]]:
    if matter.rule:
        things, faults = marked.all("rule.thing"), marked.all("rule.fault", "rule.change")
        return [
            (min(a.start, b.start), max(a.end, b.end), InputType.PHAN_ANH_QDHC)
            for a in things
            for b in faults
            if marked.sentence_of[a.start] == marked.sentence_of[b.start] and abs(a.start - b.start) <= RULE_REACH
        ]
    if matter.wish:
        return [(h.start, h.end, InputType.KIEN_NGHI) for h in marked.all("rule.wish", "rule.improve")]
    return []


def _cut(marked: Marked, last: int, begins: int) -> int:
    """Return the word at which a new part starts, between what ended at `last` and what begins at `begins`."""
    places = range(min(last, begins), begins + 1)
    for strength in (2, 1):
        found = [at for at in places if marked.words[at].after == strength]
        if found:
            return found[-1]
    for joints in _JOINTS:
        found = [at for at in places if _joint(marked, at, joints)]
        if found:
            return found[-1]
    return begins


def _joint(marked: Marked, at: int, joints: frozenset[str]) -> bool:
    word = marked.words[at]
    second = _TWO_WORDS.get(word.plain)
    if second is not None:
        return word.plain in joints | {"ben", "voi", "them", "mat", "sau"} and marked.plains(at + 1, at + 2) == [
            second
        ]
    return word.norm in joints
