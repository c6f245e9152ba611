"""The editable word lists of retrieval, and their one reader.

synonyms.tsv     everyday words → words of procedure texts
situations/*.yml record id → how citizens put the matter
templates.yml    question grammar for synthetic questions
noise.yml        chat spellings and regional words for synthetic questions
facets.yml       which words ask for which side of a procedure
asks.yml         how each side of a procedure is asked for, to learn what the rules miss
fillers.txt      words that carry no topic
operations.yml   what is to be done with a paper: again, change, extend, end…
foreign/*.yml    matters of other bodies, and where to go with them
agencies.yml     matters of other bodies
out_of_scope.txt questions that no catalogue answers, to calibrate the gate
everyday.txt     everyday Vietnamese, to learn where accents belong
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.core.errors import ConfigurationError

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Synonym:
    """One everyday wording and the wording of procedure texts it stands for."""

    everyday: str
    standard: str


def _lines(name: str) -> list[str]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _mapping(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path.name} không đọc được, hãy sửa lại tệp này: {error}") from error
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path.name}: cần một bảng «khoá: giá trị» ở ngoài cùng")
    return content


@lru_cache(maxsize=1)
def synonyms() -> tuple[Synonym, ...]:
    """Return the synonym table in the order of the file; ConfigurationError names a malformed line."""
    found = []
    for line in _lines("synonyms.tsv"):
        cells = line.split("\t")
        if len(cells) != 2:
            raise ConfigurationError(f"synonyms.tsv: cần hai ô cách nhau bằng tab: {line[:60]}")
        found += [Synonym(everyday.strip(), cells[1].strip()) for everyday in cells[0].split("|")]
    return tuple(found)


@lru_cache(maxsize=1)
def situations() -> dict[str, tuple[str, ...]]:
    """Return the situations by record id."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((FOLDER / "situations").glob("*.yml")):
        for record, phrases in _mapping(path).items():
            if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
                raise ConfigurationError(f"{path.name}: {record} cần một danh sách câu")
            found[record] = (*found.get(record, ()), *phrases)
    return found


@lru_cache(maxsize=1)
def templates() -> dict[str, Any]:
    """Return the question grammar: openers, wishes, asks (by facet) and closers."""
    return _mapping(FOLDER / "templates.yml")


@lru_cache(maxsize=1)
def noise() -> dict[str, dict[str, list[str]]]:
    """Return chat and dialect spellings: kind → standard word → spellings."""
    return _mapping(FOLDER / "noise.yml")


@lru_cache(maxsize=1)
def facet_rules() -> dict[str, Any]:
    """Return the facet rules as written."""
    return _mapping(FOLDER / "facets.yml")


@lru_cache(maxsize=1)
def asks() -> dict[str, list[str]]:
    """Return how each facet is asked for, without a topic."""
    return _mapping(FOLDER / "asks.yml")


@lru_cache(maxsize=1)
def operations() -> dict[str, Any]:
    """Return the operations as written: name → patterns in titles and as asked."""
    return _mapping(FOLDER / "operations.yml")


@lru_cache(maxsize=1)
def foreign() -> dict[str, dict[str, Any]]:
    """Return the matters of other bodies as written, by file name."""
    return {path.name: _mapping(path) for path in sorted((FOLDER / "foreign").glob("*.yml"))}


@lru_cache(maxsize=1)
def agencies() -> dict[str, Any]:
    """Return the matters of other bodies as written."""
    return _mapping(FOLDER / "agencies.yml")


@lru_cache(maxsize=1)
def fillers() -> dict[str, bool]:
    """Return the accent-free words and phrases that carry no topic; True for those that search makes light of."""
    lines = [line for line in _lines("fillers.txt") if not line.startswith("!")]
    return {line.rstrip("* "): not line.endswith("*") for line in lines}


@lru_cache(maxsize=1)
def topic_phrases() -> tuple[str, ...]:
    """Return the accent-free phrases that are a topic although their words look like fillers."""
    return tuple(line.lstrip("! ") for line in _lines("fillers.txt") if line.startswith("!"))


@lru_cache(maxsize=1)
def out_of_scope() -> tuple[str, ...]:
    """Return questions that no catalogue of procedures answers."""
    return tuple(_lines("out_of_scope.txt"))


@lru_cache(maxsize=1)
def everyday() -> tuple[str, ...]:
    """Return everyday sentences and words, written with accents."""
    return tuple(_lines("everyday.txt"))


#: What synthetic questions are made of.
GRAMMAR = ("synonyms.tsv", "situations", "templates.yml", "noise.yml", "foreign")


@lru_cache(maxsize=2)
def fingerprint(parts: tuple[str, ...] = ("",)) -> str:
    """Return a SHA-256 over the files of the lexicon, or of the named parts; what was built with another is stale."""
    digest = hashlib.sha256()
    files = [found for part in parts for path in [FOLDER / part] for found in (path, *path.rglob("*"))]
    for path in sorted(files):
        if path.suffix in {".tsv", ".yml", ".txt", ".py"}:
            digest.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
