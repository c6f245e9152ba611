"""What a Vietnamese syllable looks like: onset, rhyme, tone; and where the tone mark belongs."""

import re
import unicodedata
from functools import lru_cache

TONES = "\u0300\u0301\u0303\u0309\u0323"
QUALITIES = "\u0302\u0306\u031b"

_ONSETS = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x"
_RHYMES = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ich im in inh ip it iu ia iêc iêm iên iêng iêp iêt iêu
    o oc oi om on ong op ot oong ooc oa oac oach oai oam oan oang oanh oao oap oat oay
    oăc oăm oăn oăng oăt oe oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u uc ui um un ung up ut ua uôc uôi uôm uôn uông uôt uân uâng uât uây uê uêch uênh uên uơ
    uy uya uych uynh uyên uyêt uyt uyu uyp ư ưc ưi ưng ưt ưu ưa ươc ươi ươm ươn ương ươp ươt ươu
    y yêm yên yêng yêt yêu ynh yt ych
    """.split()  # noqa: SIM905 (a table is easier to read)
)
_PLAIN_RHYMES = frozenset(
    "".join(c for c in unicodedata.normalize("NFD", rhyme) if c not in QUALITIES) for rhyme in _RHYMES
)
_SHAPE = re.compile(rf"({_ONSETS})?([aeiouyăâêôơư]+)(ch|nh|ng|c|m|n|p|t)?", re.IGNORECASE)
_VOWELS = frozenset("aeiouyăâêôơư")
_MARKED = frozenset("ăâêôơư")
_STOPS = frozenset({"c", "ch", "p", "t"})


def without_tone(word: str) -> tuple[str, str]:
    """Split a word into its letters without tone marks (composed) and the tone marks it bore, in order."""
    decomposed = unicodedata.normalize("NFD", word)
    marks = "".join(c for c in decomposed if c in TONES)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES)), marks


def parts_of(letters: str) -> tuple[str, str, str] | None:
    """Return onset, vowels and coda of letters without tone, or None where they make no syllable's shape."""
    match = _SHAPE.fullmatch(letters)
    if match is None:
        return None
    onset, vowels, coda = (match.group(i) or "" for i in (1, 2, 3))
    return onset, vowels, coda


# A syllable has at most seven letters; nothing longer is looked up, or kept in a cache.
LONGEST = 16


def is_syllable(word: str, *, plain: bool = False) -> bool:
    """True for a well-formed Vietnamese syllable; with `plain`, also for one whose accents were left out."""
    return len(word) <= LONGEST and _is_syllable(word, plain)


@lru_cache(maxsize=16384)
def _is_syllable(word: str, plain: bool) -> bool:
    letters, marks = without_tone(word.lower())
    parts = parts_of(letters)
    if parts is None or len(marks) > 1:
        return False
    onset, vowels, coda = parts
    if marks and coda in _STOPS and marks not in "\u0301\u0323":
        return False
    rhyme = vowels + coda
    if rhyme in _RHYMES or (plain and rhyme in _PLAIN_RHYMES):
        return True
    # «gì», «giếng»: the i of gi- is the vowel itself.
    return onset == "gi" and ("i" + rhyme in _RHYMES or (plain and "i" + rhyme in _PLAIN_RHYMES))


def is_finished(word: str) -> bool:
    """True for a well-formed syllable whose tone is written where it needs one (before a final c, ch, p, t)."""
    letters, tone = without_tone(word)
    parts = parts_of(letters.lower())
    return is_syllable(word) and parts is not None and (bool(tone) or parts[2] not in _STOPS)


def tone_position(vowels: str, coda: str) -> int:
    """Return which vowel bears the tone mark in the traditional style (hòa, thúy, quý, được)."""
    marked = [i for i, vowel in enumerate(vowels.lower()) if vowel in _MARKED]
    if marked:
        return marked[-1]
    if len(vowels) == 1:
        return 0
    if len(vowels) == 2:
        return 1 if coda else 0
    return 1


def spell(letters: str, tone: str) -> str:
    """Return letters without tone with the tone mark in its traditional place; as they are without a vowel."""
    first = next((at for at, letter in enumerate(letters) if letter in _VOWELS), None)
    if not tone or first is None:
        return letters
    at = first + 1 if letters.startswith(("qu", "gi")) and letters[first + 1 : first + 2] in _VOWELS else first
    return place_tone(unicodedata.normalize("NFC", letters[: at + 1] + tone + letters[at + 1 :]))


def place_tone(word: str) -> str:
    """Move the tone mark of one composed word to its traditional place; leave what is no syllable alone."""
    return _place_tone(word) if len(word) <= LONGEST else word


@lru_cache(maxsize=16384)
def _place_tone(word: str) -> str:
    letters, marks = without_tone(word)
    if len(marks) != 1:
        return word
    parts = parts_of(letters)
    if parts is None:
        return word
    onset, vowels, coda = parts
    if onset.lower() == "g" and vowels[0] in "iI" and len(vowels) > 1:
        onset, vowels = onset + vowels[0], vowels[1:]
    if not all(vowel in _VOWELS for vowel in vowels.lower()):
        return word
    at = len(onset) + tone_position(vowels, coda)
    return unicodedata.normalize("NFC", letters[: at + 1] + marks + letters[at + 1 :])
