"""Settles an answer to «which of these units?»."""

from collections.abc import Sequence

from bot.core.units.model import Unit, UnitKind
from bot.core.units.reading import Phrases, Reading, fits
from bot.core.units.words import DENIALS, FILLERS, NUMBER_WORDS, ORDINALS, TYPE_WORDS
from nlu.text import fold
from nlu.text.slips import one_slip_apart

_FIRST = Phrases(dict.fromkeys(("đầu tiên", "đầu", "trên cùng"), 0))
_LAST = Phrases(dict.fromkeys(("cuối cùng", "cuối", "dưới cùng"), -1))
_DENIALS = Phrases(DENIALS)
_TO = frozenset({"gui", "thua", "trinh"})
_TELLERS = frozenset({"toi", "em", "chau", "con", "minh", "tui"})
_STOPS = ".!?"
_LONGEST_ADDRESS = 15
_BETWEEN = frozenset({"o", "tai", "ben", "thuoc", "cai"})
_TYPES = Phrases(TYPE_WORDS)
_MIN_SLIP = 6


def choose(reading: Reading, text: str, units: Sequence[Unit]) -> str | None:
    """Return the id that a text means among `units`, in their order; None where it means none of them or several."""
    if given := next((unit.id for unit in units if unit.id == text.strip()), None):
        return given
    named = _named(reading, units)
    if named is not None:
        return named[0] if len(named) == 1 else None
    said = [at for at, spot in enumerate(reading.spots) if spot.bare not in FILLERS]
    # «ô chợ» is made of words that mostly say nothing.
    said = said or [at for at, spot in enumerate(reading.spots) if len(spot.bare) > 1 or not spot.norm.isascii()]
    found = {*_counted(reading, said, units), *_partly(reading, said, units)}
    return found.pop() if len(found) == 1 else None


def _words(unit: Unit) -> tuple[str, ...]:
    return tuple(unit.short_name.lower().replace("-", " ").split())


def _named(reading: Reading, units: Sequence[Unit]) -> list[str] | None:
    """Return the candidates whose whole name is in the text and not denied; None where none is named at all."""
    spans: list[tuple[int, int, str]] = []
    for unit in units:
        for words in (_words(unit), *(tuple(also.lower().split()) for also in unit.also)):
            bares = tuple(map(fold, words))
            for start in range(len(reading.spots) - len(words) + 1):
                end = start + len(words)
                same = tuple(spot.bare for spot in reading.spots[start:end]) == bares
                if same and reading.joined(start, end) and reading.spelled(start, words):
                    spans.append((start, end, unit.id))
    if not spans:
        return None
    # A name inside a longer one is not meant by itself.
    whole = [s for s in spans if not any(o[0] <= s[0] and s[1] <= o[1] and o[1] - o[0] > s[1] - s[0] for o in spans)]
    kept = [span for span in whole if not denied(reading, span[0])]
    return list(dict.fromkeys(unit for _, _, unit in kept))


def denied(reading: Reading, start: int) -> bool:
    """True when the words right before a name take it back: «không phải ở phường Láng»; a comma between does not."""
    before = start - (_TYPES.before(reading, start) is not None)
    while before > 0 and not reading.gap(before) and reading.bare(before - 1) in _BETWEEN:
        before -= 1
    return not reading.gap(before) and _DENIALS.before(reading, before) is not None


def addressed(reading: Reading, start: int) -> bool:
    """True when a name stands in a letter's address («Kính gửi: Sở Nội vụ»), which ends with its sentence."""
    for at in range(start, max(start - _LONGEST_ADDRESS, 0), -1):
        if at < start and reading.bare(at) in _TELLERS:
            return False
        if reading.bare(at - 1) == "kinh" and reading.bare(at) in _TO:
            return True
        line = "\n" in reading.text[reading.spots[at - 1].end : reading.spots[at].start]
        if any(mark in _STOPS for mark in reading.gap(at)) or (line and not reading.gap(at)):
            return False
    return False


def _counted(reading: Reading, said: Sequence[int], units: Sequence[Unit]) -> list[str]:
    """Return the candidate whose place in the list, or whose own number, the text says and nothing else."""
    at = said[0] if said else 0
    for ends, place in ((_FIRST.at(reading, at), 0), (_LAST.at(reading, at), -1)):
        if ends and said == list(range(ends.start, ends.end)) and units:
            return [units[place].id]
    words = [at for at in said if reading.bare(at) not in (*ORDINALS, "chi", "nhanh", "cn")]
    if len(words) != 1:
        return []
    norm = reading.spots[words[0]].norm
    number = int(norm) if norm.isdecimal() and len(norm) < 3 else _number_word(norm, len(said) > 1)
    branches = {unit.short_name.rpartition(" ")[2]: unit.id for unit in units if unit.kind is UnitKind.ONE_STOP}
    if str(number) in branches:
        return [branches[str(number)]]
    if branches:
        return []
    return [units[number - 1].id] if number and 0 < number <= len(units) else []


def _number_word(norm: str, counted: bool) -> int | None:
    """Return the number that a word is; without accents only behind «số», «thứ»."""
    exact = NUMBER_WORDS.get(norm)
    if exact or not counted:
        return exact
    return next((number for word, number in NUMBER_WORDS.items() if fold(word) == norm), None)


def _partly(reading: Reading, said: Sequence[int], units: Sequence[Unit]) -> list[str]:
    """Return the candidates of which all that was said is a part, or the one that was meant but for a slip."""
    if not said or len(said) > max((len(_words(unit)) for unit in units), default=0):
        return []
    parts = [unit.id for unit in units if _holds(reading, said, _words(unit))]
    if parts:
        return parts
    typed = " ".join(reading.bare(at) for at in said)
    names = {unit.id: " ".join(map(fold, _words(unit))) for unit in units}
    near = [unit for unit, name in names.items() if one_slip_apart(typed, name) or typed == name]
    return near if len(typed) >= _MIN_SLIP else []


def _holds(reading: Reading, said: Sequence[int], words: tuple[str, ...]) -> bool:
    left = list(words)
    for at in said:
        norm, bare = reading.spots[at].norm, reading.bare(at)
        word = next((word for word in left if fold(word) == bare and fits(norm, word)), None)
        if word is None:
            return False
        left.remove(word)
    return True
