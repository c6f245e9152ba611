"""The one way in which a citizen's text is made standard; every step can be switched off to measure what it gives."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlu.text.alignment import Alignment, Edit, align_cleaned, align_decoded, undo
from nlu.text.cleaning import clean
from nlu.text.encodings import repair_mojibake
from nlu.text.expansion import ABBREVIATIONS, REGIONAL, shorten, standard_form
from nlu.text.restoration import restore, typed_without_accents
from nlu.text.spelling import Spelling
from nlu.text.syllable_model import syllable_model
from nlu.text.syllables import is_syllable
from nlu.text.telex import loanwords, telex_word
from nlu.text.tokenizing import Token, tokens
from nlu.text.vni_keys import vni_readings

# Addresses of mail and of the web, with what is part of them.
_ADDRESS = re.compile(
    r"\S+@\S+|\b(?:https?://|www\.)\S+"
    r"|\b[\w\-]+(?:\.[\w\-]+)*\.(?:vn|com|net|org|gov|edu|info|io)\b(?:/\S*)?",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…:\n]")
# One pass may bring words together that the next understands; texts settle within two or three.
_MOST_PASSES = 6


@dataclass(frozen=True)
class Word:
    """A standard, lower-case word; `start`:`end` is its place in the text as given, `at` in the standard text."""

    norm: str
    start: int
    end: int
    at: int


@dataclass(frozen=True)
class Normalized:
    """A text made standard. Words that stand for one word of the text as given share its span."""

    given: str
    text: str
    words: tuple[Word, ...]

    @property
    def norms(self) -> list[str]:
        """The standard words in order."""
        return [word.norm for word in self.words]

    def by_source(self) -> list[tuple[int, int, str]]:
        """Return (start, end, standard words) for each span of the text as given, in order, none overlapping."""
        found: list[tuple[int, int, str]] = []
        for word in self.words:
            if found and word.start < found[-1][1]:
                start, end, words = found.pop()
                found.append((start, max(end, word.end), f"{words} {word.norm}"))
            else:
                found.append((word.start, word.end, word.norm))
        return found


@dataclass(frozen=True)
class Normalizer:
    """Makes texts standard. Each switch is one step; without any, a text is only cut into words.

    mojibake       UTF-8 or Windows-1258 read as Windows-1252 is read again
    unicode        one spelling for what looks the same (`clean`); the other steps expect it
    vni, telex     keys left by a keyboard that was off («ho62 so7», «thur tucj»)
    abbreviations  chat words and office abbreviations (abbreviations.tsv), letters drawn out for effect
    regional       regional words (regional.tsv)
    spelling       slips, lost spaces, sounds confused in speech, where the neighbours prove them
    restoration    accents of a text typed without them
    Numbers, codes, addresses, capitalised names and foreign words stay as they are. Idempotent.
    """

    mojibake: bool = True
    unicode: bool = True
    vni: bool = True
    telex: bool = True
    abbreviations: bool = True
    regional: bool = True
    spelling: bool = True
    restoration: bool = False

    def normalize(self, text: str) -> Normalized:
        """Return the standard text, its words and where they come from; never raises."""
        standard, alignments = self._readable(text)
        history: list[list[Edit]] = []
        found = tokens(standard)
        for _ in range(_MOST_PASSES):
            changed, edits = self._pass(standard, found)
            if not edits:
                break
            history.append(edits)
            standard, found = changed, tokens(changed)
        words = []
        for token in found:
            start, end = token.start, token.end
            for edits in reversed(history):
                start, end = undo(edits, start, end)
            for alignment in reversed(alignments):
                start, end = alignment.span(start, end)
            words.append(Word(token.norm, start, end, token.start))
        return Normalized(text, standard, tuple(words))

    def _readable(self, text: str) -> tuple[str, list[Alignment]]:
        alignments: list[Alignment] = []
        given = None
        # Once more where cleaning took away what hid the mojibake («\x80Ã¡»).
        while given != text:
            given = text
            if self.mojibake and (repaired := repair_mojibake(text)) != text:
                utf8 = len(repaired.encode(errors="replace")) == len(text)
                alignments.append(align_decoded(text, repaired) if utf8 else align_cleaned(text, repaired))
                text = repaired
            if self.unicode and (cleaned := clean(text)) != text:
                alignments.append(align_cleaned(text, cleaned))
                text = cleaned
        return text, alignments

    @property
    def _tables(self) -> frozenset[str]:
        chosen = ((ABBREVIATIONS, self.abbreviations), (REGIONAL, self.regional))
        return frozenset(name for name, used in chosen if used)

    def _pass(self, text: str, found: Sequence[Token]) -> tuple[str, list[Edit]]:
        """Make every word standard that its neighbours allow; return the new text and what changed."""
        fixed = _fixed(text, found)
        kept = [stays or acronym for stays, acronym in zip(fixed, _acronyms(found), strict=True)]
        changes: dict[tuple[int, int], str] = {}
        forms = self._word_by_word(found, fixed, kept, changes)
        if self.spelling or self.restoration:
            bare = typed_without_accents(forms)
            for start, end in _runs(text, found):
                self._run(forms[start:end], kept[start:end], start, changes, bare=bare)
        return _apply(text, found, changes)

    def _word_by_word(
        self,
        found: Sequence[Token],
        fixed: Sequence[bool],
        kept: Sequence[bool],
        changes: dict[tuple[int, int], str],
    ) -> list[str]:
        """Expand and decode single words into `changes`; return every word's form, the last of several."""
        typed = [token.norm for token in found]
        open_words = ["" if stays else word for word, stays in zip(typed, kept, strict=True)]
        decoded = vni_readings(open_words) if self.vni else {}
        tables = self._tables
        bare = typed_without_accents(typed)
        forms: list[str] = []
        for at, word in enumerate(typed):
            form = word
            if not fixed[at]:
                short = shorten(word) if self.abbreviations else word
                before = forms[-1] if forms else None
                after = typed[at + 1] if at + 1 < len(typed) else None
                proven = bare and _reads_otherwise(short)
                standard = standard_form(short, before, after, tables, proven=proven) if tables else None
                form = standard or decoded.get(at) or short
                if form is short and self.telex and short.isalpha() and not kept[at]:
                    form = telex_word(short)
            if form != word:
                changes[at, at + 1] = form
            forms.append(form.rpartition(" ")[2])
        return forms

    def _run(
        self,
        forms: Sequence[str],
        kept: Sequence[bool],
        start: int,
        changes: dict[tuple[int, int], str],
        *,
        bare: bool,
    ) -> None:
        """Mend and restore words that stand side by side without punctuation; expanded ones only lend proof."""
        open_to_change = [not kept[at] and (start + at, start + at + 1) not in changes for at in range(len(forms))]
        if self.spelling:
            for mend in _spelling().mends(forms, [not is_open for is_open in open_to_change], bare=bare):
                changes[start + mend.start, start + mend.end] = " ".join(mend.words)
                for at in range(mend.start, mend.end):
                    open_to_change[at] = False
        if self.restoration and bare:
            for at, restored in enumerate(restore(forms, syllable_model())):
                if open_to_change[at] and restored != forms[at]:
                    changes[start + at, start + at + 1] = restored


@lru_cache(maxsize=1)
def _spelling() -> Spelling:
    return Spelling(syllable_model())


@lru_cache(maxsize=4096)
def _reads_otherwise(word: str) -> bool:
    """True for «nha», «tau»: without accents more often another word («nhà», «tàu») than what it looks like."""
    model = syllable_model()
    return 2 * model.singles.get(word, 0) < model.plain_singles.get(word, 0)


def _fixed(text: str, found: Sequence[Token]) -> list[bool]:
    """Return which words stay as typed: parts of addresses, capitalised names, and foreign words."""
    addresses = [match.span() for match in _ADDRESS.finditer(text)] if "." in text or "@" in text else []
    capital = [_is_capitalised(token.text) for token in found]
    fixed = []
    for at, token in enumerate(found):
        in_address = any(start <= token.start < end for start, end in addresses)
        named = capital[at] and (
            (at > 0 and not _SENTENCE_END.search(text, found[at - 1].end, token.start))
            or (at + 1 < len(found) and capital[at + 1] and found[at + 1].start == token.end + 1)
        )
        fixed.append(in_address or named or token.norm in loanwords())
    return fixed


def _acronyms(found: Sequence[Token]) -> list[bool]:
    """Return which words are in capitals among others that are not: the tables know them, or nobody does."""
    upper = [token.text.isupper() and len(token.text) > 1 for token in found]
    return [False] * len(found) if all(upper) else upper


def _is_capitalised(word: str) -> bool:
    return word[0].isupper() and word[1:].islower() and is_syllable(word, plain=True)


def _runs(text: str, found: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield (first, end) of words with nothing but one space between them."""
    first = 0
    for at in range(1, len(found) + 1):
        if at == len(found) or text[found[at - 1].end : found[at].start] != " ":
            yield first, at
            first = at


def _apply(text: str, found: Sequence[Token], changes: dict[tuple[int, int], str]) -> tuple[str, list[Edit]]:
    pieces: list[str] = []
    edits: list[Edit] = []
    end = length = 0
    for (first, last), form in sorted(changes.items()):
        start = found[first].start
        pieces += [text[end:start], form]
        length += start - end
        end = found[last - 1].end
        edits.append(Edit(start, end, length, length + len(form)))
        length += len(form)
    return "".join([*pieces, text[end:]]), edits


_WORDS_ONLY = Normalizer(mojibake=False, unicode=False, vni=False, telex=True, spelling=False, restoration=False)


def expand(text: str) -> str:
    """Return `text` with chat words, abbreviations, regional words and left-over Telex keys made standard.

    Only whole words are replaced, ambiguous ones only beside the words that the tables name; everything else,
    punctuation and case included, stays as it was.
    """
    return _WORDS_ONLY.normalize(text).text
