"""Cuts a procedure into the passages that are indexed, one fact each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge import lexicon
from knowledge.foreign import phrasings
from knowledge.names import short_name
from knowledge.schema import Record

# Long steps and conditions are cut here, so that one vector stands for about a paragraph.
CHUNK_CHARACTERS = 320
MAX_CHUNKS = 3


class Kind(StrEnum):
    """Which part of a procedure a passage tells; the first three name it, the others describe it."""

    NAME = "name"
    ALIAS = "alias"
    SITUATION = "situation"
    APPLICANTS = "applicants"
    DOSSIER = "dossier"
    STEPS = "steps"
    RESULT = "result"


HEADS = frozenset({Kind.NAME, Kind.ALIAS, Kind.SITUATION})


@dataclass(frozen=True)
class Passage:
    """A text of record number `record` (its row in the catalogue)."""

    record: int
    kind: Kind
    text: str


def chunks(parts: Iterable[str], size: int = CHUNK_CHARACTERS) -> Iterator[str]:
    """Join short parts and cut long ones at word ends into texts of at most about `size` characters."""
    waiting = ""
    for part in parts:
        for piece in _cut(part, size):
            if waiting and len(waiting) + len(piece) > size:
                yield waiting
                waiting = ""
            waiting = f"{waiting}. {piece}" if waiting else piece
    if waiting:
        yield waiting


def _cut(text: str, size: int) -> Iterator[str]:
    rest = text.strip()
    while len(rest) > size:
        end = rest.rfind(" ", 1, size)
        end = end if end > 0 else size
        yield rest[:end]
        rest = rest[end:].strip()
    if rest:
        yield rest


def situations_of(records: Sequence[Record]) -> list[tuple[str, ...]]:
    """Return how citizens put each record's matter, by the lexicon: by its id, or by a matter that it holds."""
    by_row = phrasings(records)
    by_id = lexicon.situations()
    return [(*by_id.get(record.id, ()), *by_row.get(row, ())) for row, record in enumerate(records)]


def heads(record: Record, situations: Sequence[str]) -> list[tuple[Kind, str]]:
    """Return what names the procedure: its name, aliases and the situations in which it is asked for."""
    found = [(Kind.NAME, short_name(record.name))]
    found += [(Kind.ALIAS, alias) for alias in record.aliases]
    found += [(Kind.SITUATION, phrase) for phrase in situations]
    return found


def passages_of(row: int, record: Record, situations: Sequence[str]) -> list[Passage]:
    """Return the passages of one record, its names first."""
    found = [Passage(row, kind, text) for kind, text in heads(record, situations)]
    bodies: list[tuple[Kind, list[str]]] = [
        (Kind.APPLICANTS, [text for text in (record.applicants, record.conditions) if text]),
        (Kind.DOSSIER, [": ".join(filter(None, (item.case, item.name))) for item in record.dossier]),
        (Kind.STEPS, list(record.steps)),
        (Kind.RESULT, [text for text in (record.result, record.field) if text]),
    ]
    for kind, parts in bodies:
        for number, text in enumerate(chunks(parts)):
            if number == MAX_CHUNKS:
                break
            found.append(Passage(row, kind, text))
    return found


def passages(records: Sequence[Record]) -> list[Passage]:
    """Return the passages of a catalogue in the order of its rows."""
    situations = situations_of(records)
    return [passage for row, record in enumerate(records) for passage in passages_of(row, record, situations[row])]
