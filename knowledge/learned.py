"""What people taught: names and questions of procedures, decided on in the review, checked before they are used.

A validated file holds them. Whatever is built with them keeps a copy beside itself, so that the index in use always
says what it was taught. No text of an evaluation set is learned: comparing leaves out what was.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.errors import ConfigurationError
from bot.core.privacy import mask
from bot.core.procedures import Facet
from knowledge.facts import clean
from knowledge.names import short_name
from knowledge.records import Catalogue
from knowledge.schema import Record
from nlu.text import fold

NAME = "learned.json"
#: Names and questions of one procedure; more would drown its own words.
MOST_EACH = 40
MOST = 5_000


class Kind(StrEnum):
    """A name of a procedure, or a question about it."""

    ALIAS = "alias"
    EXAMPLE = "example"


class Entry(BaseModel):
    """One thing that was taught; `id` is the decision behind it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    kind: Kind
    procedure_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    text: Annotated[str, Field(min_length=3, max_length=300)]
    facet: Facet | None = None


class Learned(BaseModel):
    """Everything that was taught, in order; immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entries: Annotated[tuple[Entry, ...], Field(max_length=MOST)] = ()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of what was taught; empty where nothing was."""
        if not self.entries:
            return ""
        told = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def asked(self) -> list[tuple[str, Facet]]:
        """The questions that name a side, with it: examples for the model of facets."""
        return [(e.text, e.facet) for e in self.entries if e.kind is Kind.EXAMPLE and e.facet is not None]

    @cached_property
    def folded(self) -> frozenset[str]:
        """The texts as they compare with others."""
        return frozenset(fold(entry.text) for entry in self.entries)

    def applied(self, catalogue: Catalogue) -> Catalogue:
        """Return the catalogue in which every version of a procedure also has the names it was taught."""
        if not self.entries:
            return catalogue
        texts: dict[str, list[str]] = {}
        for entry in self.entries:
            texts.setdefault(entry.procedure_id, []).append(entry.text)
        taught = (_taught(record, texts.get(record.id, ())) for record in catalogue.records)
        return Catalogue(taught, catalogue.checked_on)

    def save(self, path: Path) -> None:
        """Write the file in one step."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.new")
        unfinished.write_text(
            json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        unfinished.replace(path)

    @classmethod
    def load(cls, path: Path) -> "Learned":
        """Read a file. Raises ConfigurationError with one line where it cannot be used."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise ConfigurationError(f"{path} không đọc được ({error.strerror})") from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise ConfigurationError(f"{path}: {place}: {first['msg']}") from error


def _taught(record: Record, texts: Sequence[str]) -> Record:
    known = {fold(alias) for alias in record.aliases}
    more = [text for text in dict.fromkeys(texts) if fold(text) not in known]
    return record.model_copy(update={"aliases": [*record.aliases, *more]}) if more else record


def in_use(current_index: Path) -> Learned:
    """Return what the index in use was taught; nothing where there is no index, or it was taught nothing.

    Raises ConfigurationError where the file is damaged.
    """
    path = current_index / NAME
    return Learned.load(path) if path.is_file() else Learned()


def validated(entries: Iterable[Entry], catalogue: Catalogue) -> tuple[Learned, list[str]]:
    """Return what can be learned, and a line for each entry that cannot; the latest of what contradicts wins."""
    problems: list[str] = []
    latest: dict[str, Entry] = {}
    for entry in entries:
        if problem := _problem(entry, catalogue):
            problems.append(f"{entry.id}: {problem}")
            continue
        before = latest.pop(fold(entry.text), None)
        if before is not None and before.procedure_id != entry.procedure_id:
            problems.append(f"{before.id}: cùng câu với {entry.id} nhưng thủ tục khác, dùng câu sau")
        latest[fold(entry.text)] = entry
    kept = list(_within_limits(latest.values(), problems))
    return Learned(entries=tuple(kept)), problems


def _within_limits(entries: Iterable[Entry], problems: list[str]) -> Iterator[Entry]:
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.procedure_id] = counts.get(entry.procedure_id, 0) + 1
        if counts[entry.procedure_id] > MOST_EACH:
            problems.append(f"{entry.id}: {entry.procedure_id} đã có {MOST_EACH} câu học thêm")
        else:
            yield entry


def _problem(entry: Entry, catalogue: Catalogue) -> str | None:
    if entry.procedure_id not in catalogue.ids:
        return f"không có thủ tục {entry.procedure_id}"
    text = clean(entry.text)
    if text != entry.text or "\n" in text:
        return "có ký tự điều khiển hoặc xuống dòng"
    if mask(text) != text:
        return "có số riêng của người dân"
    if len(text.split()) < 2:
        return "cần ít nhất hai từ"
    own = {fold(name) for r in catalogue.versions(entry.procedure_id) for name in (short_name(r.name), *r.aliases)}
    return "danh mục đã có tên này" if fold(text) in own else None
