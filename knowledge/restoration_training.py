"""Counts the syllables of our own texts for spelling and accents: `python -m knowledge.restoration_training`.

The texts are the shipped catalogue, the lexicon and the examples of the dialogue engine; never an evaluation set.
"""

import argparse
import json
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

import nlu.text
from knowledge import lexicon
from nlu.text import clean, strip_accents
from nlu.text.restoration import restore
from nlu.text.syllable_model import END, MODEL_FILE, START, SyllableModel
from nlu.text.syllables import is_syllable

ROOT = Path(__file__).resolve().parent.parent
_STOPS = ("p", "t", "c", "ch")
_TONED = re.compile("[\u0301\u0323]")
MODEL_PATH = Path(nlu.text.__file__).with_name(MODEL_FILE)
#: How often a text counts: conversation is scarce beside the catalogue, and it is what citizens write.
_CATALOGUE, _TITLE, _TALK = 1, 3, 4
_TOPICS_PER_TEMPLATE = 30
_CLAUSE = re.compile(r"[.,;:!?()\[\]«»\"“”\n…|]+|\s[-–]\s")
_ANNOTATED = re.compile(r"\[([^\]]+)\]\([^)]*\)|\[([^\]]+)\]\{[^}]*\}")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Line:
    """One text of ours and how often it counts; `talk` for what is written as citizens talk."""

    text: str
    weight: int
    talk: bool


def _strings(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from _strings(value)
    elif isinstance(content, list):
        for value in content:
            yield from _strings(value)


def _yaml_strings(path: Path) -> list[str]:
    return list(_strings(yaml.safe_load(path.read_text(encoding="utf-8"))))


def _catalogue(root: Path) -> Iterator[Line]:
    for path in sorted((root / "knowledge/catalogue").glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for record in content.get("procedures", []):
            names = [record.get("name", ""), *record.get("aliases", [])]
            yield from (Line(name, _TITLE, talk=False) for name in names)
            rest = {key: value for key, value in record.items() if key not in ("name", "aliases", "sources", "id")}
            yield from (Line(text, _CATALOGUE, talk=False) for text in _strings(rest))


def _well_written(line: str) -> bool:
    """True where every word of a line is a Vietnamese syllable with its tone: examples have slips on purpose."""
    words = [word for word in re.findall(r"[^\W\d_]+", clean(line).lower())]
    return not line.isascii() and all(
        is_syllable(word) and (not word.endswith(_STOPS) or _TONED.search(unicodedata.normalize("NFD", word)))
        for word in words
    )


def _examples(root: Path) -> Iterator[str]:
    """Yield the well-written examples of the dialogue engine without their annotations."""
    for path in sorted((root / "nlu/data").rglob("*.yml")):
        for text in _yaml_strings(path):
            for line in text.splitlines():
                bare = _ANNOTATED.sub(lambda match: match.group(1) or match.group(2), line.strip().removeprefix("- "))
                if _well_written(bare):
                    yield bare


def _talk(root: Path) -> Iterator[str]:
    yield from _examples(root)
    for phrases in lexicon.situations().values():
        yield from phrases
    for synonym in lexicon.synonyms():
        yield from (synonym.everyday, synonym.standard)
    yield from lexicon.out_of_scope()
    yield from lexicon.everyday()


def _filled(template: str, topics: Sequence[str], rng: random.Random) -> list[str]:
    if "{x}" not in template:
        return [template]
    chosen = rng.sample(topics, min(len(topics), _TOPICS_PER_TEMPLATE))
    return [template.replace("{x}", topic) for topic in chosen]


def corpus(root: Path = ROOT) -> list[Line]:
    """Return every text of ours that teaches spelling, always in the same order."""
    found = list(_catalogue(root))
    topics = [line.text[0].lower() + line.text[1:] for line in found if line.weight == _TITLE and line.text]
    rng = random.Random(7)  # noqa: S311  (no secret: the same texts each time)
    for text in _talk(root):
        found.append(Line(text, _TALK, talk=True))
    for template in dict.fromkeys(_strings(lexicon.templates())):
        filled = _filled(template, topics, rng)
        found += [Line(text, _TALK if len(filled) == 1 else 1, talk=True) for text in filled]
    return [line for line in found if line.text.strip()]


def clauses(text: str) -> list[list[str]]:
    """Return the clauses of a text as lower-case words; what is no Vietnamese syllable ends a clause too."""
    found: list[list[str]] = [[]]
    for part in _CLAUSE.split(clean(text)):
        for match in _WORD.finditer(part):
            word = match.group().lower()
            if is_syllable(word):
                found[-1].append(word)
            elif found[-1]:
                found.append([])
        found.append([])
    return [clause for clause in found if clause]


def _accented(text: str) -> bool:
    words = [word for clause in clauses(text) for word in clause]
    return sum(word != strip_accents(word) for word in words) >= 0.34 * len(words)


def train(lines: Iterable[Line]) -> SyllableModel:
    """Return the counts over all lines that are written with accents."""
    singles: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for line in lines:
        if not _accented(line.text):
            continue
        for clause in clauses(line.text):
            words = [START, *clause, END]
            for word in words:
                singles[word] += line.weight
            for pair in pairwise(words):
                pairs[pair] += line.weight
    return SyllableModel(singles, pairs)


@dataclass(frozen=True)
class Accuracy:
    """Share of syllables, and of whole texts, that come back as they were written."""

    syllables: float
    texts: float
    untouched: float


def accuracy(texts: Sequence[str], model: SyllableModel) -> Accuracy:
    """Return how well `model` restores `texts` from their accent-free form; `untouched` is doing nothing."""
    right = total = whole = plain = 0
    for text in texts:
        wanted = [word for clause in clauses(text) for word in clause]
        got = restore([strip_accents(word) for word in wanted], model)
        hits = sum(map(str.__eq__, wanted, got))
        right, total, whole = right + hits, total + len(wanted), whole + (hits == len(wanted))
        plain += sum(word == strip_accents(word) for word in wanted)
    return Accuracy(right / max(total, 1), whole / max(len(texts), 1), plain / max(total, 1))


def held_out_accuracy(lines: Sequence[Line], tenth: int = 0) -> Accuracy:
    """Train without one tenth of the conversational texts and return the accuracy on that tenth."""
    talk = sorted({line.text for line in lines if line.talk and _accented(line.text)})
    held = {text for at, text in enumerate(talk) if at % 10 == tenth}
    model = train(line for line in lines if line.text not in held)
    return accuracy(sorted(held), model)


def shared_questions(path: Path) -> list[str]:
    """Return the questions of an evaluation set (JSON Lines), to measure on; they are never trained on."""
    return [str(json.loads(line)["text"]) for line in path.read_text(encoding="utf-8").splitlines()]


def main(report: Callable[[str], None] = print) -> None:
    """Write the model; with --measure, say how well it restores texts that it has not seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=MODEL_PATH)
    parser.add_argument("--measure", action="store_true", help="accuracy on a held-out tenth; writes nothing")
    parser.add_argument("--questions", type=Path, help="with --measure: accuracy on these questions instead")
    chosen = parser.parse_args()
    lines = corpus()
    if chosen.measure:
        asked = shared_questions(chosen.questions) if chosen.questions else None
        found = accuracy(asked, train(lines)) if asked else held_out_accuracy(lines)
        report(f"{found.syllables:.1%} of syllables ({found.untouched:.1%} without), {found.texts:.1%} of texts")
        return
    model = train(lines)
    chosen.output.write_bytes(model.dump())
    report(f"{len(model.singles)} syllables, {chosen.output.stat().st_size // 1024} KiB: {chosen.output}")


if __name__ == "__main__":
    main()
