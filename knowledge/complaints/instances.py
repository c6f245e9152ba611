"""What the model is trained on: examples as told and as others would type them, and talk that is no complaint."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.complaints.cues import STRONG, Cues
from knowledge.complaints.examples import Example, Told
from knowledge.complaints.talk import QUESTIONS, dialogue_talk, held_out, lexicon_talk
from knowledge.complaints.words import Stretch, read
from knowledge.noise import noisy
from nlu.text import strip_accents

_STYLES = ("teencode", "dialect", "typo", "messy")
#: Stories put together from parts, questions taken from the lexicon, and the share of texts read without cues.
STORIES, LEXICON_TALK, WITHOUT_CUES = 900, 300, 0.4
_AROUND = (1, 5)
_LONGEST_PART, _LONGEST_NEUTRAL = 40, 25


@dataclass(frozen=True)
class Instance:
    """A text as read, sentence by sentence with their cues, and the codes it tells of.

    Some are read without cues: our examples hold more of them than a citizen's words, so the model must not lean on
    them alone.
    """

    text: tuple[tuple[Stretch, tuple[str, ...]], ...]
    codes: tuple[str, ...]


def instances(told: Sequence[Told], cues: Cues, seed: int) -> list[Instance]:
    """Return everything to train on; the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - reproducible noise
    found = []
    for example in _variants([*_clean(told, cues), *_other_talk(cues, rng)], rng):
        bare = rng.random() < WITHOUT_CUES
        text = tuple((sentence, () if bare else tuple(cues.names(sentence))) for sentence in read(example.text))
        if text:
            found.append(Instance(text, example.codes))
    return found


def _clean(told: Sequence[Told], cues: Cues) -> list[Example]:
    """Return wholes and parts; the rest of a story only where it does not itself sound like a behaviour."""
    found = []
    for one in told:
        found.append(one.whole)
        found += [part for part in one.parts if part.codes or not _suspicious(part.text, cues)]
    return found


def _other_talk(cues: Cues, rng: random.Random) -> list[Example]:
    """Return talk that is no complaint; what names a behaviour only where it is surely asked about."""
    chosen = rng.sample(lexicon_talk(), LEXICON_TALK)
    for intent, texts in dialogue_talk().items():
        kept = [text for text in texts if not held_out(text)]
        chosen += [text for text in kept if intent == QUESTIONS or not _suspicious(text, cues)]
    return [Example(text, ()) for text in chosen]


def _suspicious(text: str, cues: Cues) -> bool:
    return any(name.endswith(STRONG) for sentence in read(text) for name in cues.names(sentence))


def _variants(examples: Sequence[Example], rng: random.Random) -> Iterator[Example]:
    """Yield every example as it is, without accents, in one other spelling, and stories put together from them."""
    for example in examples:
        yield example
        plain = strip_accents(example.text)
        if plain != example.text:
            yield Example(plain, example.codes)
    for example in examples:
        yield Example(noisy(example.text.lower(), rng.choice(_STYLES), rng), example.codes)
    yield from _stories(examples, rng)


def _stories(examples: Sequence[Example], rng: random.Random) -> Iterator[Example]:
    """Yield tellings of one to three behaviours among neutral sentences."""
    telling = [e for e in examples if e.codes and len(e.text.split()) < _LONGEST_PART]
    neutral = [e for e in examples if not e.codes and len(e.text.split()) < _LONGEST_NEUTRAL and "?" not in e.text]
    for _ in range(STORIES):
        sentences = [
            *rng.sample(telling, rng.choice((1, 1, 1, 2, 2, 3))),
            *rng.sample(neutral, rng.randint(*_AROUND)),
        ]
        rng.shuffle(sentences)
        codes = tuple(dict.fromkeys(code for e in sentences for code in e.codes))
        text = ". ".join(e.text.rstrip(". ") for e in sentences)
        yield Example(text if rng.random() < 0.7 else strip_accents(text), codes)
