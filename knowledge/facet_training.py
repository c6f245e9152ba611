"""Trains the model of facets (`tiepdan index facets`): a minute on one core, the same result every time.

Examples are the questions of knowledge/validation, each also misspelled in several styles, and the phrases of
lexicon/asks.yml and templates.yml put behind, before and into matters and stories. Questions marked `held_out` are
left out; on them the model is measured. No evaluation set takes part.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.core.procedures import Facet
from knowledge import lexicon
from knowledge.facet_model import KINDS, FacetModel, terms
from knowledge.noise import noisy
from knowledge.query import read_question

SEED = 20261126
STYLES = ("clean", "nodiac", "typo", "teencode", "dialect")
#: Misspelled forms of each written question, and how much one counts beside the question itself.
MISSPELLED, MISSPELLED_WEIGHT = 3, 0.5
#: Made-up questions of each facet, and how much one counts.
MADE, MADE_WEIGHT = 300, 0.3
LONGEST_TOPIC = 16
LEAST = 2
C = 20.0
_SHORT_OF = (" ", " ", " ", " thì ", ", ", ", ")


@dataclass(frozen=True)
class Example:
    """A question, the side it asks about, its style, how much it counts, and whether it only measures."""

    text: str
    facet: Facet
    style: str = "clean"
    weight: float = 1.0
    held_out: bool = False


def written(folder: Path) -> list[Example]:
    """Return the questions of the validation files that name a facet, in the order of files and lines."""
    found = []
    for name in ("own", "portal", "facets"):
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row.get("facet") and row.get("procedures", True):
                held_out = bool(row.get("held_out"))
                found.append(Example(row["text"], Facet(row["facet"]), row["style"], held_out=held_out))
    return found


def misspelled(examples: Sequence[Example], rng: random.Random) -> Iterator[Example]:
    """Yield each question in a few other styles."""
    for example in examples:
        for style in rng.sample(STYLES, MISSPELLED):
            yield Example(noisy(example.text.lower(), style, rng), example.facet, style, MISSPELLED_WEIGHT)


def made(topics: Sequence[str], rng: random.Random) -> Iterator[Example]:
    """Yield made-up questions: a matter, a story, and a phrase that asks for one side of it."""
    grammar = lexicon.templates()
    for facet, phrases in lexicon.asks().items():
        asks = [*phrases, *grammar["asks"][facet]]
        for _ in range(MADE):
            wish = rng.choice(grammar["wishes"]).format(x=rng.choice(topics))
            body = _body(wish, rng.choice(asks), grammar["stories"], rng)
            text = " ".join(f"{rng.choice(grammar['openers'])} {body} {rng.choice(grammar['closers'])}".split())
            style = rng.choice((*STYLES, "messy"))
            yield Example(noisy(text, style, rng), Facet(facet), style, MADE_WEIGHT)


def bare(names: Sequence[str], rng: random.Random) -> Iterator[Example]:
    """Yield names of procedures as they are, and misspelled: whoever types no more asks for no side of them."""
    for name in names:
        yield Example(name, Facet.GENERAL, weight=MADE_WEIGHT)
        style = rng.choice(STYLES)
        yield Example(noisy(name.lower(), style, rng), Facet.GENERAL, style, MADE_WEIGHT)


def _body(wish: str, ask: str, stories: Sequence[str], rng: random.Random) -> str:
    form = rng.random()
    if form < 0.12:
        return f"{ask} {wish}"
    if form < 0.2:
        return ask or wish
    body = f"{wish}{rng.choice(_SHORT_OF)}{ask}" if ask else wish
    if form > 0.45:
        return body
    told = ", ".join(rng.sample(stories, rng.randint(1, 3)))
    place = rng.random()
    if place < 0.6:
        return f"{told}, {body}"
    return f"{body}, {told}" if place < 0.76 else f"{wish}, {told}, {ask}"


def train(examples: Sequence[Example]) -> dict[str, np.ndarray]:
    """Return the arrays of a model (facet_model.py): logistic regression over TF-IDF of the kinds of terms."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    found = [terms(read_question(example.text, rules_alone=True).asked_for) for example in examples]
    names: dict[str, list[str]] = {}
    arrays: dict[str, np.ndarray] = {}
    columns = []
    for kind, weight in KINDS.items():
        vectorizer = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=LEAST)
        columns.append(vectorizer.fit_transform([given[kind] for given in found]) * weight)
        names[kind] = vectorizer.get_feature_names_out().tolist()
        arrays[f"idf_{kind}"] = vectorizer.idf_.astype(np.float16)
    model = LogisticRegression(C=C, max_iter=2000, tol=1e-3)
    model.fit(hstack(columns).tocsr(), [e.facet.value for e in examples], sample_weight=[e.weight for e in examples])
    start = 0
    for kind in KINDS:
        end = start + len(names[kind])
        arrays[f"weights_{kind}"] = model.coef_[:, start:end].T.astype(np.float16)
        start = end
    names["facets"] = [str(name) for name in model.classes_]
    arrays["bias"] = model.intercept_.astype(np.float32)
    arrays["terms"] = np.frombuffer(json.dumps(names, ensure_ascii=False).encode(), dtype=np.uint8)
    return arrays


def right(model: FacetModel, examples: Sequence[Example]) -> float:
    """Return the share of questions whose facet the model alone finds."""
    hits = sum(model.facet(read_question(e.text, rules_alone=True).asked_for)[0] is e.facet for e in examples)
    return hits / max(len(examples), 1)


def write_model(
    folder: Path, names: Sequence[str], path: Path, learned: Sequence[Example] = ()
) -> tuple[FacetModel, list[Example]]:
    """Train on the validation questions in `folder` and matters called `names`; return the model and the held-out.

    `learned` are questions that people taught, which count like those of the folder.
    """
    rng = random.Random(SEED)  # noqa: S311 - reproducible sample
    everything = written(folder)
    used = [*(example for example in everything if not example.held_out), *learned]
    short = (e.text for e in used if e.facet is Facet.GENERAL and len(e.text.split()) < LONGEST_TOPIC)
    topics = [*short, *(name[0].lower() + name[1:] for name in names)]
    arrays = train([*used, *misspelled(used, rng), *made(topics, rng), *bare(names, rng)])
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    return FacetModel(arrays), [example for example in everything if example.held_out]
