"""Words, lexical terms and encoder tokens of a Vietnamese text: the one reading shared by queries and passages."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from nlu.text import Normalizer, strip_accents

_PLAIN_MARK = "~"
#: Passages are spelled as their authors meant; the keys and slips of citizens are none there.
_PASSAGES = Normalizer(mojibake=False, vni=False, spelling=False)


@lru_cache(maxsize=65536)
def plain(word: str) -> str:
    """Return a word in lower case without accents."""
    return strip_accents(word.casefold())


def words(text: str) -> list[str]:
    """Return the standard, lower-case words of `text` in order, abbreviations written out, accents as typed."""
    return _PASSAGES.normalize(text).norms


def plain_words(text: str) -> list[str]:
    """Return `words` without accents."""
    return [plain(word) for word in words(text)]


@lru_cache(maxsize=100_000)
def catalogue_words(text: str) -> tuple[str, ...]:
    """Return `words` of a catalogue's own text; remembered, so not for citizens' texts."""
    return tuple(words(text))


@lru_cache(maxsize=65536)
def word_set(text: str) -> frozenset[str]:
    """Return the set of accent-free words of a catalogue's own text, remembered likewise."""
    return frozenset(plain(word) for word in catalogue_words(text))


def bigrams(syllables: Sequence[str]) -> list[str]:
    """Return the pairs of neighbouring syllables: Vietnamese words are mostly two syllables long."""
    return [f"{left}_{right}" for left, right in pairwise(syllables)]


def lexical_terms(syllables: Sequence[str]) -> list[str]:
    """Return accent-free syllables and their bigrams, the terms of the lexical index."""
    bare = [plain(word) for word in syllables]
    return bare + bigrams(bare)


def encoder_tokens(syllables: Sequence[str]) -> list[str]:
    """Return the tokens of our own encoder: each syllable as typed, without accents, and the accent-free bigrams."""
    bare = [plain(word) for word in syllables]
    return [*syllables, *(_PLAIN_MARK + word for word in bare), *bigrams(bare)]
