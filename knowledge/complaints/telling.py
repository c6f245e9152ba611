"""Whether a message tells of something that happened to its writer, or only asks, wonders, worries or proposes."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bot.core.errors import ConfigurationError
from bot.core.kinds import asks, happened, mark
from knowledge.complaints.examples import Told
from knowledge.complaints.model import Model
from knowledge.complaints.words import Stretch, read_all
from knowledge.noise import noisy
from nlu.text import strip_accents

TELLING = Path(__file__).with_name("telling")
FILE = "telling.npz"
#: Files of the folder: what was told, what was only wondered about; one text a line, «#» begins a remark.
TOLD, WONDERED = "told", "wondered"
# Marks of the lexicon that speak for the one or the other.
_MARKS = (
    "asking.if", "asking.how", "asking.learn", "asking.general", "asking.matter", "asking.hearsay",
    "asking.rhetorical", "asking.legal", "own.me", "own.then", "own.that_one", "talk.report", "talk.manner",
)  # fmt: skip
_STYLES = ("teencode", "dialect", "typo", "messy")
_LENGTHS, _LENGTH_STEP = 6, 5

Parts = list[tuple[Stretch, tuple[str, ...]]]


class TellingReader:
    """Reads texts; immutable, about two milliseconds for a message."""

    def __init__(self, model: Model) -> None:
        """Take the trained model (training.train_telling)."""
        self._model = model

    def share(self, text: str) -> float:
        """Return how sure the reader is that something happened, 0–1; 0 for a text without words."""
        parts = parts_of(text)
        if not parts:
            return 0.0
        places = np.concatenate([self._model.places(stretch, cues) for stretch, cues in parts])
        return float(1 / (1 + np.exp(-self._model.scores(places)[-1])))


def parts_of(text: str) -> Parts:
    """Return the sentences of a text, each with its cues: how it begins and ends, whether it asks, the text's marks.

    Nothing is left out: what is denied or supposed tells the two apart.
    """
    found: Parts = []
    sentences = read_all(text)
    for place, sentence in enumerate(sentences):
        cues = _edges(sentence)
        found.append((sentence, (*cues, *_marks(text, sentences)) if place == 0 else cues))
    return found


def read_telling(folder: Path = TELLING) -> list[tuple[str, bool]]:
    """Return (text, told) of all our examples. Raises ConfigurationError that names an unreadable or empty file."""
    found = []
    for name in (TOLD, WONDERED):
        path = folder / f"{name}.txt"
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{path.name} không đọc được, hãy sửa lại tệp này: {error}") from error
        texts = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        if not texts:
            raise ConfigurationError(f"{path.name}: không có câu mẫu nào")
        found += [(text, name == TOLD) for text in texts]
    return found


def stories(told: Sequence[Told], most: int, seed: int) -> list[tuple[str, bool]]:
    """Return (text, told) of at most `most` of the behaviours' examples, and of all that tell of none.

    Most messages about conduct are statements; read_telling alone would make every flat sentence doubtful.
    """
    rng = random.Random(seed)  # noqa: S311 - reproducible choice
    wholes = [one.whole for one in told]
    tell = [(example.text, True) for example in wholes if example.codes]
    return [*rng.sample(tell, min(most, len(tell))), *((e.text, False) for e in wholes if not e.codes)]


def spellings(examples: Sequence[tuple[str, bool]], seed: int) -> Iterator[tuple[str, bool]]:
    """Yield each example as it is, without accents, and in one other spelling; the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - reproducible noise
    for text, told in examples:
        yield text, told
        plain = strip_accents(text)
        if plain != text:
            yield plain, told
        yield noisy(text.lower(), rng.choice(_STYLES), rng), told


def _edges(sentence: Stretch) -> tuple[str, ...]:
    words = sentence.plain
    if not words:
        return ("?",) if "?" in sentence.line else ()
    edges = (f"first {words[0]}", f"first {' '.join(words[:2])}", f"last {words[-1]}", f"last {' '.join(words[-2:])}")
    return (*edges, "?") if "?" in sentence.line else edges


def _marks(text: str, sentences: Sequence[Stretch]) -> tuple[str, ...]:
    marked = mark(text)
    length = sum(len(sentence.words) for sentence in sentences) // _LENGTH_STEP
    found = [name for name in _MARKS if marked.has(name)]
    found += ["asks"] * asks(marked) + ["happened"] * happened(marked)
    return (*found, f"length {min(length, _LENGTHS)}")
