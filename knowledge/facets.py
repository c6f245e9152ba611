"""Finds which side of a procedure a question asks about, by the ordered rules of lexicon/facets.yml."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.core.errors import ConfigurationError
from bot.core.procedures import Facet
from knowledge import lexicon


@dataclass(frozen=True)
class FacetReading:
    """The facet asked for, whether a rule said so, and which words (by number) said it."""

    facet: Facet
    explicit: bool
    words: frozenset[int]


@dataclass(frozen=True)
class _Rule:
    facet: Facet
    pattern: re.Pattern[str]


def _compiled(patterns: Sequence[str]) -> re.Pattern[str]:
    try:
        return re.compile("|".join(rf"(?<!\S)(?:{pattern})(?!\S)" for pattern in patterns))
    except re.error as error:
        raise ConfigurationError(f"facets.yml: mẫu sai ({error})") from error


@lru_cache(maxsize=1)
def _rules() -> tuple[re.Pattern[str], tuple[_Rule, ...], re.Pattern[str], tuple[_Rule, ...]]:
    written = lexicon.facet_rules()
    try:
        strong, weak = (
            tuple(_Rule(Facet(rule["facet"]), _compiled(rule["any"])) for rule in written[tier])
            for tier in ("strong", "weak")
        )
        return _compiled(written["unless"]), strong, _compiled(written["general"]), weak
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(f"facets.yml: thiếu hoặc sai mục {error}") from error


def _word_numbers(text: str, start: int, end: int) -> range:
    first = text.count(" ", 0, start)
    return range(first, first + text.count(" ", start, end) + 1)


def _hidden(text: str, protected: re.Pattern[str]) -> str:
    """Return `text` with the phrases that belong to procedure names made unreadable, word for word."""
    return protected.sub(lambda match: re.sub(r"\S+", "#", match.group()), text)


def read_facet(syllables: Sequence[str]) -> FacetReading:
    """Return the facet that accent-free words ask for; GENERAL and not explicit where no rule matches."""
    protected, strong, general, weak = _rules()
    text = _hidden(" ".join(syllables), protected)
    for rule in strong:
        if match := rule.pattern.search(text):
            return FacetReading(rule.facet, True, frozenset(_word_numbers(text, *match.span())))
    if match := general.search(text):
        return FacetReading(Facet.GENERAL, True, frozenset())
    for rule in weak:
        if match := rule.pattern.search(text):
            return FacetReading(rule.facet, True, frozenset(_word_numbers(text, *match.span())))
    return FacetReading(Facet.GENERAL, False, frozenset())
