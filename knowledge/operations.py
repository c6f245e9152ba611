"""Finds what is to be done with a paper or a body (issue again, change, extend, end…), by lexicon/operations.yml."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.core.errors import ConfigurationError
from knowledge import lexicon


@lru_cache(maxsize=1)
def _patterns() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    try:
        return {
            name: (_compiled(sides["titles"]), _compiled(sides["asked"]))
            for name, sides in lexicon.operations().items()
        }
    except (KeyError, TypeError, re.error) as error:
        raise ConfigurationError(f"operations.yml: thiếu hoặc sai mục {error}") from error


def _compiled(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\S)(?:" + "|".join(patterns) + r")(?!\S)")


def names() -> tuple[str, ...]:
    """Return the operations in the order of the lexicon."""
    return tuple(_patterns())


def operations_of_title(bare: Sequence[str]) -> frozenset[str]:
    """Return the operations that a procedure's accent-free name tells."""
    text = " ".join(bare)
    return frozenset(name for name, (title, _) in _patterns().items() if title.search(text))


def operations_asked(bare: Sequence[str]) -> frozenset[str]:
    """Return the operations that an accent-free question speaks of."""
    text = " ".join(bare)
    return frozenset(name for name, (title, asked) in _patterns().items() if asked.search(text) or title.search(text))
