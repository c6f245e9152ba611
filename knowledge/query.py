"""Reads a citizen's question: its words and their weights, the facet, the level, codes, and what it negates."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.core.procedures import Facet
from knowledge import lexicon
from knowledge.facet_model import Asked, FacetModel, asking_clause
from knowledge.facets import FacetReading, read_facet, read_facets, rule_names, settled, unnamed
from knowledge.spelling import Speller
from knowledge.terms import plain
from knowledge.terms import words as written_out
from nlu.text import Normalizer, Token, strip_accents, tokens

#: How questions are made standard.
TYPED = Normalizer()
_NOTHING = Asked((), ())
FACET_WEIGHT = 0.25
FILLER_WEIGHT = 0.2
MENDED_WEIGHT = 0.8
_CODE = re.compile(r"(?<![\d.])\d\.\d{6}(?!\d)")
_RECORD_ID = re.compile(r"\bNV[A-Z]?\d{3}\b", re.IGNORECASE)
# «không phải gia hạn, cấp lại cơ», «cấp lại chứ không phải cấp mới», «không phải quỹ mà là hội».
_NEGATED = re.compile(
    r"(?:^|[,.;:!?]\s*|\b(?:a|e|em|oi|o|y|la|nham)\s+)(?:khong|ko) phai(?: la)?\s+(?P<first>[^,.;:!?]+?)"
    r"(?=\s*[,.;:!?]\s*\S|\s+ma(?: la)?\s|\s+dau\b)"
    r"|\bchu (?:khong|ko)(?: phai| la| can| muon| hoi| lay)*\s+(?P<last>[^,.;:!?]+)"
    r"|\b(?:khong|ko) (?:hoi|noi|lay)(?: ve)?\s+(?P<asked>[^,.;:!?]+?)(?=\s*[,.;:!?]\s*\S|\s+ma(?: la)?\s)"
)
_CUT = re.compile(r"[,.;:?!\n/+&]")
_JOINING = frozenset({"va", "voi", "roi", "con"})
_COMMUNE = re.compile(
    r"(?<!dia )\b(?:cap xa|xa(?! hoi| gia| nha)|phuong(?! tien| phap| thuc| an| cham| huong)|thi tran)\b"
)
_PROVINCE = re.compile(r"\b(?:cap tinh|cap thanh pho|thanh pho|toan tinh|ha noi|cap so|len so|so noi vu|hiep hoi)\b")
_DISTRICT = re.compile(
    r"\b(?:cap (?:huyen|quan)|phong noi vu|(?:ubnd|uy ban nhan dan|uy ban|phong noi vu|o|tai|toan|hoi|quy) "
    r"(?:huyen|quan(?! doi| su| nhan| dich)))\b"
)


@dataclass(frozen=True)
class Question:
    """A question as search uses it.

    `words` are standard words, accents as typed, spelling mended; `weights` says how much each counts (0: negated).
    `meanings` are wordings of procedure texts for everyday words, with the numbers of these. `level` is xã, tỉnh or
    huyện where the question names one. `mended` counts the words whose spelling was guessed. `facets` are all the
    sides asked for, in order; `facet` is the one of them that names the question best. `asked_for` is what the
    model of facets was given.
    """

    words: tuple[str, ...]
    weights: tuple[float, ...]
    meanings: tuple[tuple[str, tuple[int, ...]], ...]
    facet: FacetReading
    has_topic: bool
    level: str | None
    references: tuple[str, ...]
    mended: int = 0
    facets: tuple[Facet, ...] = ()
    asked_for: Asked = _NOTHING

    @property
    def plain(self) -> tuple[str, ...]:
        """The words without accents."""
        return tuple(plain(word) for word in self.words)

    @property
    def standard(self) -> tuple[str, ...]:
        """The standard wordings of the everyday words, each once."""
        return tuple(dict.fromkeys(wording for wording, _ in self.meanings))

    @property
    def asked(self) -> str:
        """The words that are not negated, for the encoder."""
        return " ".join(word for word, weight in zip(self.words, self.weights, strict=True) if weight > 0)


@lru_cache(maxsize=1)
def _fillers_by_head() -> dict[str, list[tuple[tuple[str, ...], bool | None]]]:
    by_head: dict[str, list[tuple[tuple[str, ...], bool | None]]] = defaultdict(list)
    known = {**lexicon.fillers(), **dict.fromkeys(lexicon.topic_phrases())}
    for phrase, light in known.items():
        parts = tuple(phrase.split())
        by_head[parts[0]].append((parts, light))
    for options in by_head.values():
        options.sort(key=lambda option: -len(option[0]))
    return dict(by_head)


@lru_cache(maxsize=1)
def _synonyms_by_head() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...], str]]]:
    by_head: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], str]]] = defaultdict(list)
    for synonym in lexicon.synonyms():
        everyday = tuple(written_out(synonym.everyday))
        bare = tuple(plain(word) for word in everyday)
        by_head[bare[0]].append((bare, everyday, synonym.standard))
    for options in by_head.values():
        options.sort(key=lambda option: -len(option[0]))
    return dict(by_head)


def filler_words(bare: Sequence[str]) -> dict[int, bool]:
    """Return the numbers of the words that carry no topic, longest phrases first; True: search discounts them."""
    found: dict[int, bool] = {}
    at = 0
    while at < len(bare):
        for parts, light in _fillers_by_head().get(bare[at], ()):
            if tuple(bare[at : at + len(parts)]) == parts:
                if light is not None:
                    found.update(dict.fromkeys(range(at, at + len(parts)), light))
                at += len(parts)
                break
        else:
            at += 1
    return found


@lru_cache(maxsize=16384)
def _hoi(word: str) -> str:
    return unicodedata.normalize("NFD", word).replace("\u0303", "\u0309")


def _same_tone(left: str, right: str) -> bool:
    return left == right or _hoi(left) == _hoi(right)


def _may_be(typed: str, written: str) -> bool:
    """True where a typed syllable, with or without its accents, may be the written one."""
    return typed == plain(typed) or _same_tone(typed, written)


def meanings(words: Sequence[str]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return the standard wordings of the synonyms in a text, each with the numbers of the words that mean it.

    Accents that were typed must be the synonym's: «hồ sơ đó» is not about a «sổ đỏ», and in a text with accents a
    single syllable needs them («ot» is not «ớt»). Hỏi and ngã are one, as the south speaks and writes them.
    """
    bare = [plain(word) for word in words]
    accented = any(word != stripped for word, stripped in zip(words, bare, strict=True))
    found: dict[tuple[str, tuple[int, ...]], None] = {}
    for at, head in enumerate(bare):
        for parts, written, standard in _synonyms_by_head().get(head, ()):
            size = len(parts)
            if tuple(bare[at : at + size]) != parts:
                continue
            typed = words[at : at + size]
            if not all(
                word == plain(word) or _same_tone(word, own) for word, own in zip(typed, written, strict=True)
            ):
                continue
            if size == 1 and accented and not _same_tone(words[at], written[0]):
                continue
            found[(standard, tuple(range(at, at + size)))] = None
    return tuple(found)


def _negated(expanded: str) -> list[tuple[int, int]]:
    folded = strip_accents(expanded.casefold())
    if len(folded) != len(expanded):
        return []
    spans = []
    for match in _NEGATED.finditer(folded):
        group = match.lastgroup or "first"
        spans.append(match.span(group))
    # What is left must still ask for something, or it was no correction («không phải nộp lệ phí à»).
    left = sum(1 for token in tokens(expanded) if not any(s <= token.start < e for s, e in spans))
    return spans if left >= 4 else []


def _clauses(expanded: str, found: Sequence[Token], bare: Sequence[str], off: set[int]) -> list[list[str]]:
    """Return the accent-free words clause by clause: cut at punctuation and at «và», «với», «rồi», «còn»."""
    clauses: list[list[str]] = [[]]
    end = 0
    for number, (token, word) in enumerate(zip(found, bare, strict=True)):
        if _CUT.search(expanded[end : token.start]) or word in _JOINING:
            clauses.append([])
        end = token.end
        if number not in off and word not in _JOINING:
            clauses[-1].append(word)
    return [clause for clause in clauses if clause]


def _asked(
    expanded: str, found: Sequence[Token], mended: Mapping[int, Sequence[str]], off: set[int], reading: FacetReading
) -> Asked:
    """Return the words clause by clause for the model of facets: cut at punctuation alone, accents as typed."""
    clauses: list[list[str]] = [[]]
    end = 0
    for number, token in enumerate(found):
        if _CUT.search(expanded[end : token.start]):
            clauses.append([])
        end = token.end
        if number not in off:
            clauses[-1] += mended.get(number, [token.norm])
    kept = tuple(left for clause in clauses if clause and (left := unnamed(clause)))
    return Asked(kept, rule_names([plain(word) for word in asking_clause(kept)], reading))


def _level(bare: Sequence[str], words: Sequence[str]) -> str | None:
    text = " ".join(bare)
    named = []
    # «phương», «xa», «quân» are other words; with accents in the text only the accented level counts.
    accented = tuple(words) != tuple(bare)
    if _COMMUNE.search(text) and (not accented or {"xã", "phường", "trấn"} & set(words)):
        named.append("xã")
    if _PROVINCE.search(text):
        named.append("tỉnh")
    if _DISTRICT.search(text) and (not accented or {"quận", "huyện"} & set(words) or "phong noi vu" in text):
        named.append("huyện")
    if "huyện" in named and "xã" not in named:
        return "huyện"
    return named[0] if len(named) == 1 else None


def read_question(
    text: str,
    speller: Speller | None = None,
    normalizer: Normalizer = TYPED,
    *,
    rules_alone: bool = False,
    facets: FacetModel | None = None,
) -> Question:
    """Return the reading of a question as typed; with `rules_alone` its facet without the model's word.

    `facets` is the model of facets, the shipped one where none is given.
    """
    expanded = normalizer.normalize(text).text
    found = tokens(expanded)
    negated = _negated(expanded)
    words: list[str] = []
    off: set[int] = set()
    bare_typed = [plain(token.norm) for token in found]
    mended = speller.mend(bare_typed) if speller else {}
    guessed: set[int] = set()
    for number, token in enumerate(found):
        outside = any(start <= token.start < end for start, end in negated)
        for word in mended.get(number, [token.norm]):
            if outside:
                off.add(len(words))
            if number in mended:
                guessed.add(len(words))
            words.append(word)
    bare = [plain(word) for word in words]
    ruled = read_facet([word for at, word in enumerate(bare) if at not in off])
    kept_numbers = [at for at in range(len(words)) if at not in off]
    outside_typed = {
        number for number, token in enumerate(found) if any(start <= token.start < end for start, end in negated)
    }
    sides = read_facets(_clauses(expanded, found, bare_typed, outside_typed)) if ruled.explicit else ()
    asked_for = _asked(expanded, found, mended, outside_typed, ruled)
    facet = settled(ruled, asked_for, facets) if words and not rules_alone else ruled
    if len(sides) < 2 and facet.facet is not ruled.facet:
        sides = ()
    facet_words = {kept_numbers[number] for number in facet.words if number < len(kept_numbers)}
    fillers = filler_words(bare)
    topic = [at for at in kept_numbers if at not in facet_words and at not in fillers]
    references = tuple(_CODE.findall(expanded)) + tuple(m.upper() for m in _RECORD_ID.findall(expanded))
    weights = []
    for at in range(len(words)):
        weight = MENDED_WEIGHT if at in guessed else 1.0
        if at in off:
            weight = 0.0
        elif at in facet_words and (topic or references):
            weight = FACET_WEIGHT
        elif fillers.get(at) and topic:
            weight = FILLER_WEIGHT
        weights.append(weight)
    asked = [words[at] for at in kept_numbers]
    return Question(
        words=tuple(words),
        weights=tuple(weights),
        meanings=tuple((wording, tuple(kept_numbers[n] for n in numbers)) for wording, numbers in meanings(asked)),
        facet=facet if words else FacetReading(Facet.GENERAL, False, frozenset()),
        has_topic=bool(topic or references),
        level=_level([bare[at] for at in kept_numbers], asked),
        references=references,
        mended=len(guessed),
        facets=sides if facet.facet in sides or not facet.explicit else (facet.facet, *sides),
        asked_for=asked_for,
    )
