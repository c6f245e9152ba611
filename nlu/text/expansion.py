"""Chat words, office abbreviations and regional words, replaced by standard ones (table: abbreviations.tsv)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from nlu.text.cleaning import strip_accents
from nlu.text.telex import telex_word
from nlu.text.tokenizing import Token, tokens

_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_COLUMNS = 4


@dataclass(frozen=True)
class Rule:
    """One line of the table: what it stands for, and the neighbours (folded) that allow or forbid it."""

    standard: str
    before: frozenset[str]
    after: frozenset[str]
    not_before: frozenset[str]
    not_after: frozenset[str]

    def applies(self, previous: str, following: str) -> bool:
        """True when the neighbouring words let this rule act."""
        if previous in self.not_before or following in self.not_after:
            return False
        return not (self.before or self.after) or previous in self.before or following in self.after


def _neighbours(cell: str) -> tuple[frozenset[str], frozenset[str]]:
    words = cell.split()
    return (
        frozenset(word for word in words if not word.startswith("!")),
        frozenset(word[1:] for word in words if word.startswith("!")),
    )


@lru_cache(maxsize=1)
def table() -> dict[str, tuple[Rule, ...]]:
    """Return the rules by abbreviation, in the order of the file; ValueError names a malformed line."""
    rules: dict[str, tuple[Rule, ...]] = {}
    text = resources.files(__package__).joinpath("abbreviations.tsv").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) < 2 or len(cells) > _COLUMNS or not all(cells[:2]):
            raise ValueError(f"abbreviations.tsv, line {number}: expected 2 to {_COLUMNS} tab-separated cells")
        before, after = [*cells[2:], "", ""][:2]
        allowed_before, forbidden_before = _neighbours(before)
        allowed_after, forbidden_after = _neighbours(after)
        rule = Rule(cells[1], allowed_before, allowed_after, forbidden_before, forbidden_after)
        for key in cells[0].split():
            rules[key] = (*rules.get(key, ()), rule)
    return rules


def _neighbour(word: str) -> str:
    return "<number>" if word[0].isdigit() else strip_accents(word)


def expand_tokens(found: Sequence[Token]) -> list[str]:
    """Return the standard, lower-case form of each token, in order; one token may become several words."""
    forms: list[str] = []
    for index, token in enumerate(found):
        form = _DRAWN_OUT.sub(r"\1", token.norm)
        previous = _neighbour(forms[-1].split()[-1]) if forms else "<start>"
        following = _neighbour(found[index + 1].norm) if index + 1 < len(found) else "<end>"
        rule = next((rule for rule in table().get(form, ()) if rule.applies(previous, following)), None)
        forms.append(rule.standard if rule else telex_word(form) if form.isascii() and form.isalpha() else form)
    return forms


def expand(text: str) -> str:
    """Return `text` with chat words, abbreviations, regional words and left-over Telex keys made standard.

    Only whole words are replaced, ambiguous ones only beside the words that the table names; everything else,
    punctuation and case included, stays as it was.
    """
    found = tokens(text)
    parts = []
    end = 0
    for token, form in zip(found, expand_tokens(found), strict=True):
        parts += [text[end : token.start], token.text if form == token.norm else form]
        end = token.end
    return "".join([*parts, text[end:]])
