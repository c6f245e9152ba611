"""Chat words, office abbreviations and regional words: what they stand for beside their neighbours.

The tables abbreviations.tsv and regional.tsv hold one rule a line; an office may edit them.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from nlu.text.cleaning import strip_accents
from nlu.text.syllables import is_syllable

_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_ROMAN = re.compile(r"[ivxlcdm]+")
_COLUMNS = 4
ABBREVIATIONS, REGIONAL = "abbreviations", "regional"


@dataclass(frozen=True)
class Rule:
    """One line of a table (`kind`): what it stands for, and the neighbours (folded) that allow or forbid it."""

    kind: str
    standard: str
    before: frozenset[str]
    after: frozenset[str]
    not_before: frozenset[str]
    not_after: frozenset[str]

    def applies(self, previous: str, following: str, *, proven: bool) -> bool:
        """True when the neighbouring words let this rule act; with `proven`, when one of them is named."""
        if previous in self.not_before or following in self.not_after:
            return False
        named = previous in self.before or following in self.after
        return named or not (proven or self.before or self.after)


def _neighbours(cell: str) -> tuple[frozenset[str], frozenset[str]]:
    words = cell.split()
    return (
        frozenset(word for word in words if not word.startswith("!")),
        frozenset(word[1:] for word in words if word.startswith("!")),
    )


def _rule(kind: str, number: int, cells: list[str]) -> Rule:
    if len(cells) < 2 or len(cells) > _COLUMNS or not all(cells[:2]):
        raise ValueError(f"{kind}.tsv, line {number}: expected 2 to {_COLUMNS} tab-separated cells")
    before, after = [*cells[2:], "", ""][:2]
    allowed_before, forbidden_before = _neighbours(before)
    allowed_after, forbidden_after = _neighbours(after)
    return Rule(kind, cells[1], allowed_before, allowed_after, forbidden_before, forbidden_after)


@lru_cache(maxsize=1)
def table() -> dict[str, tuple[Rule, ...]]:
    """Return the rules by written form, in the order of the files; ValueError names a malformed line."""
    rules: dict[str, tuple[Rule, ...]] = {}
    for kind in (ABBREVIATIONS, REGIONAL):
        text = resources.files(__package__).joinpath(f"{kind}.tsv").read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = [cell.strip() for cell in line.split("\t")]
            rule = _rule(kind, number, cells)
            for key in cells[0].split():
                rules[key] = (*rules.get(key, ()), rule)
    return rules


def _neighbour(word: str) -> str:
    return "<number>" if word[0].isdigit() else strip_accents(word)


def standard_form(
    word: str, previous: str | None, following: str | None, kinds: Collection[str], *, proven: bool = False
) -> str | None:
    """Return what a lower-case word stands for beside its neighbours (None: an end of the text), or None.

    `kinds` names the tables that are in use; with `proven` only rules act that a neighbour proves.
    """
    rules = table().get(word)
    if not rules:
        return None
    before = _neighbour(previous) if previous else "<start>"
    after = _neighbour(following) if following else "<end>"
    found = next((rule for rule in rules if rule.kind in kinds and rule.applies(before, after, proven=proven)), None)
    return found.standard if found else None


@lru_cache(maxsize=8192)
def shorten(word: str) -> str:
    """Return a lower-case word without letters drawn out for effect («khôngggg»); «pccc» and «iii» have none."""
    if word in table() or _ROMAN.fullmatch(word):
        return word
    short = _DRAWN_OUT.sub(r"\1", word)
    return short if short in table() or is_syllable(short, plain=True) else word
