"""Finds which side of a procedure a question asks about: the ordered rules of lexicon/facets.yml, and a model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.core.errors import ConfigurationError
from bot.core.procedures import Facet
from knowledge import lexicon
from knowledge.facet_model import Asked, FacetModel, shipped_model
from knowledge.terms import plain


@dataclass(frozen=True)
class FacetReading:
    """The facet asked for, whether a rule said so, and which words (by number) said it."""

    facet: Facet
    explicit: bool
    words: frozenset[int]


#: A probability below this does not overrule the rules.
UNSURE = 0.5
#: Facets that one clause may ask for side by side; the patterns of the others are too wide for that.
_FIRM = (Facet.DOCUMENTS, Facet.FEE, Facet.TIME, Facet.WHERE, Facet.ONLINE)
#: What names a facet are the last words of its match; those before may belong to another facet.
_NAMING_WORDS = 3
#: Words before a facet in a mere list, such as «cho em hỏi giấy tờ, lệ phí và thời gian thế nào».
_LISTING = frozenset({"cho", "em", "toi", "chau", "hoi", "ve", "can", "biet", "xin", "cai", "phan", "nua"})
#: A clause that says what was done lists nothing, and without an asking word it asks nothing: «tôi nộp hồ sơ rồi».
_DOING = frozenset({"nop", "lam", "gui", "mang", "dem", "chuan", "phai", "co", "duoc", "nhan", "lay", "dang"})
_ASKING = frozenset({"gi", "nao", "dau", "bao", "may", "sao", "khong", "lau", "ai", "nhieu", "chua", "bn", "mo"})


@dataclass(frozen=True)
class _Rule:
    facet: Facet
    pattern: re.Pattern[str]
    said: frozenset[str]

    def words(self, text: str, start: int, end: int) -> frozenset[int]:
        """Return the numbers of the words of a match that the rule itself names; those in its gaps are the topic."""
        first = text.count(" ", 0, start)
        return frozenset(
            first + number for number, word in enumerate(text[start:end].split(" ")) if word in self.said
        )


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
            tuple(_Rule(Facet(rule["facet"]), _compiled(rule["any"]), _said(rule["any"])) for rule in written[tier])
            for tier in ("strong", "weak")
        )
        return _compiled(written["unless"]), strong, _compiled(written["general"]), weak
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(f"facets.yml: thiếu hoặc sai mục {error}") from error


def _said(patterns: Sequence[str]) -> frozenset[str]:
    return frozenset(word for pattern in patterns for word in re.findall(r"\w+", re.sub(r"\\[A-Za-z]", " ", pattern)))


def _hidden(text: str, protected: re.Pattern[str]) -> str:
    """Return `text` with the phrases that belong to procedure names made unreadable, word for word."""
    return protected.sub(lambda match: re.sub(r"\S+", "#", match.group()), text)


def read_facet(syllables: Sequence[str]) -> FacetReading:
    """Return the facet that accent-free words ask for; GENERAL and not explicit where no rule matches."""
    protected, strong, general, weak = _rules()
    text = _hidden(" ".join(syllables), protected)
    for rule in strong:
        if match := rule.pattern.search(text):
            return FacetReading(rule.facet, True, rule.words(text, *match.span()))
    if match := general.search(text):
        return FacetReading(Facet.GENERAL, True, frozenset())
    for rule in weak:
        if match := rule.pattern.search(text):
            return FacetReading(rule.facet, True, rule.words(text, *match.span()))
    return FacetReading(Facet.GENERAL, False, frozenset())


def unnamed(clause: Sequence[str]) -> tuple[str, ...]:
    """Return a clause without the phrases that belong to procedure names («mai táng phí»)."""
    hidden = _hidden(" ".join(plain(word) for word in clause), _rules()[0]).split(" ")
    return tuple(word for word, mark in zip(clause, hidden, strict=True) if mark != "#")


def rule_names(syllables: Sequence[str], reading: FacetReading) -> tuple[str, ...]:
    """Return, for the model, what the rules say of a question (`reading`) and of the clause that asks in it."""
    protected, strong, general, weak = _rules()
    text = _hidden(" ".join(syllables), protected)
    found = [f"first {reading.facet}" if reading.explicit else "first none"]
    found += [f"strong {rule.facet}" for rule in strong if rule.pattern.search(text)]
    found += ["general"] if general.search(text) else []
    found += [f"weak {rule.facet}" for rule in weak if rule.pattern.search(text)]
    return tuple(dict.fromkeys(found))


def settled(reading: FacetReading, asked: Asked, model: FacetModel | None = None) -> FacetReading:
    """Return the reading with the facet that the model finds likeliest; what the rules say is part of its evidence.

    The rules keep it where the model is no surer than UNSURE. The words stay those of the rule: they say what search
    should make light of. Without a `model` the shipped one is asked.
    """
    facet, share = (model or shipped_model()).facet(asked)
    if facet is reading.facet or share < UNSURE:
        return reading
    return replace(reading, facet=facet, explicit=reading.explicit or facet is not Facet.GENERAL)


def read_facets(clauses: Sequence[Sequence[str]]) -> tuple[Facet, ...]:
    """Return the facets that the clauses (accent-free words) of a question ask for, in the order they are asked.

    A clause asks for what `read_facet` says and for any of the firm facets beside it. Empty where no rule matches.
    """
    protected, strong, _, weak = _rules()
    found: dict[Facet, None] = {}
    for clause in clauses:
        text = _hidden(" ".join(clause), protected)
        if _ASKING.isdisjoint(clause):
            listed = ((rule.facet, rule.pattern.search(text)) for rule in (*strong, *weak))
            begins = (f for f, match in listed if match and _is_listed(text, match))
            found.update(dict.fromkeys(tuple(begins)[:1]) if len(clauses) > 1 else {})
            continue
        asked: list[tuple[int, Facet]] = []
        for rule in strong:
            if asked and rule.facet not in _FIRM:
                continue
            if match := rule.pattern.search(text):
                asked.append((match.end(), rule.facet))
                said = " ".join(match.group().split(" ")[-_NAMING_WORDS:])
                text = text[: match.end() - len(said)] + re.sub(r"\S", "#", said) + text[match.end() :]
        found.update(dict.fromkeys(facet for _, facet in sorted(asked)))
    return tuple(found)


def _is_listed(text: str, match: re.Match[str]) -> bool:
    return _LISTING.issuperset(text[: match.start()].split()) and match.group().split()[0] not in _DOING
