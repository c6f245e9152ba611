"""The phrases that kinds are read from, found in a message in one pass."""

import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources

from bot.core.kinds.marking import Hit, Marked, Word, read_words
from bot.core.kinds.phrasing import Lexicon
from bot.core.units.names import NameWord, name_spans
from nlu.text import strip_accents

# A citizen's message is cut long before; whoever calls with more gets its beginning read.
MAX_CHARACTERS = 8_000
_REMEMBERED = 64
# What a slip of the pen must not turn into a question or an alarm.
_STRICT = frozenset(
    {"asking.how", "asking.matter", "asking.if", "danger.kill", "danger.self", "danger.violent", "own.then"}
)


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    table = tomllib.loads((resources.files("bot.core.kinds") / "phrases.toml").read_text(encoding="utf-8"))
    groups = {name: group for name, group in table.items() if isinstance(group, dict)}
    phrases = {f"{name}.{tag}": listed for name, group in groups.items() for tag, listed in group.items()}
    return Lexicon({tag: listed.replace("\n", "|") for tag, listed in phrases.items()}, strict=_STRICT)


@lru_cache(maxsize=_REMEMBERED)
def mark(text: str) -> Marked:
    """Return the message with its words and every phrase found in it; what begins in a unit's name is none."""
    text = text[:MAX_CHARACTERS]
    words = read_words(text)
    return Marked(text, words, tuple(_outside_names(text, words, _lexicon().find(words))))


def _outside_names(text: str, words: Sequence[Word], hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits that do not begin inside a unit's name: «phuong hoan kiem lam kho» names no «kiểm lâm»."""
    inside = {at for start, end in name_spans([_as_typed(text, word) for word in words]) for at in range(start, end)}
    return [hit for hit in hits if hit.start not in inside]


def _as_typed(text: str, word: Word) -> NameWord:
    """Return a word as a name has it: chat words in it («mo», «chi») are not what they stand for."""
    typed = text[word.start : word.end].lower()
    return NameWord(typed if word.bare else word.norm, typed if word.bare else strip_accents(typed), bool(word.after))
