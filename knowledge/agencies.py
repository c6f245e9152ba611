"""Recognises matters of other bodies by lexicon/agencies.yml."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.core.errors import ConfigurationError
from bot.core.routes import Agency
from knowledge import lexicon

#: A catalogue with this many names about another body's matters holds them itself.
HELD_FROM = 10


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Agency, re.Pattern[str]], ...]:
    try:
        return tuple(
            (Agency(name), re.compile("|".join(rf"(?<!\S)(?:{pattern})(?!\S)" for pattern in patterns)))
            for name, patterns in lexicon.agencies().items()
        )
    except (ValueError, re.error) as error:
        raise ConfigurationError(f"agencies.yml: {error}") from error


def held(names: Iterable[Sequence[str]]) -> frozenset[Agency]:
    """Return the bodies whose matters a catalogue has itself, given its names as accent-free words.

    The lists of the lexicon are drawn from where our catalogue stands; one that publishes land or police procedures
    must not send its own matters away.
    """
    found = Counter(named[0] for name in names if (named := recognise(name)))
    return frozenset(agency for agency, count in found.items() if count >= HELD_FROM)


def recognise(syllables: Sequence[str]) -> tuple[Agency, frozenset[int]] | None:
    """Return whose matter accent-free words name, and the numbers of the words that name it; None if nobody's.

    Where several match, the body whose words cover most of the question wins, then the order of the file.
    """
    text = " ".join(syllables)
    best: tuple[Agency, frozenset[int]] | None = None
    for agency, pattern in _patterns():
        found: set[int] = set()
        for match in pattern.finditer(text):
            first = text.count(" ", 0, match.start())
            found.update(range(first, first + match.group().count(" ") + 1))
        if found and (best is None or len(found) > len(best[1])):
            best = (agency, frozenset(found))
    return best
