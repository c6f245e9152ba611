"""Trains the reader of complaints from our own examples, in seconds; again only where something of it has changed."""

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

import nlu.text
from bot.core.errors import ConfigurationError
from knowledge import lexicon
from knowledge.complaints.cues import CUES, Cues
from knowledge.complaints.examples import EXAMPLES, read_examples
from knowledge.complaints.features import Array, Features
from knowledge.complaints.frames import FRAMES, framed, read_frames
from knowledge.complaints.instances import Instance, instances
from knowledge.complaints.model import FILE, Model
from knowledge.complaints.talk import dialogue_files
from knowledge.complaints.telling import FILE as TELLING_FILE
from knowledge.complaints.telling import TELLING, parts_of, read_telling, spellings, stories

Report = Callable[[str], None]
# Chosen on the validation texts: inverse strength of regularisation, the fewest texts that a term occurs in, and how
# much more a text counts for its code than another does against it.
STRENGTH, LEAST, CODE_WEIGHT = 3.0, 2, 2.5
SEED = 20261121
_SOURCES = (
    "cues.py", "examples.py", "features.py", "frames.py", "instances.py", "model.py", "talk.py", "telling.py",
    "training.py", "words.py",
)  # fmt: skip
# Likewise for telling what happened from wondering, chosen by five-fold cross-validation on our own examples.
TELLING_STRENGTH, TELLING_LEAST, TELLING_STORIES = 4.0, 2, 850
# Acts for each made frame.
EACH_FRAME = 8


def fingerprint(codes: Sequence[str], folder: Path = EXAMPLES) -> str:
    """Return a SHA-256 over codes, examples, cues, code, lexicon and normaliser: all that a model is made from."""
    parts = (nlu.text.fingerprint(), lexicon.fingerprint(), *codes)
    digest = hashlib.sha256("\0".join(parts).encode())
    sources = (Path(__file__).with_name(name) for name in _SOURCES)
    noise = Path(lexicon.__file__).parents[1] / "noise.py"
    telling = sorted(TELLING.glob("*.txt"))
    for path in (*sorted(folder.glob("*.yml")), *telling, FRAMES, CUES, *dialogue_files(), *sources, noise):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def learnable(codes: Sequence[str], folder: Path = EXAMPLES) -> tuple[str, ...]:
    """Return the codes that there are examples of: a new code is read once somebody has written some."""
    return tuple(code for code in codes if (folder / f"{code}.yml").is_file())


def train(examples: Sequence[Instance], codes: Sequence[str], stamp: str) -> Model:
    """Return a model of the examples; the same examples give the same model.

    Raises ConfigurationError where a code has no example.
    """
    features = Features.fit([one.text for one in examples], LEAST)
    rows = (np.concatenate([features.places(*sentence) for sentence in one.text]) for one in examples)
    matrix = _matrix([features.vector(row) for row in rows], len(features.terms))
    told = [frozenset(one.codes) for one in examples]
    columns = []
    for code in codes:
        wanted = np.array([code in one for one in told])
        if not wanted.any():
            raise ConfigurationError(f"không có mẫu phản ánh nào cho mã {code}")
        columns.append(_fit(matrix, wanted, CODE_WEIGHT, STRENGTH))
    columns.append(_fit(matrix, np.array([bool(one) for one in told]), 1.0, STRENGTH))
    weights = np.array([weight for weight, _ in columns], np.float32).T.copy()
    return Model(codes, features, weights, np.array([bias for _, bias in columns], np.float32), stamp)


def train_telling(examples: Sequence[tuple[str, bool]], stamp: str) -> Model:
    """Return the model that tells what happened (True) from what is wondered about; again the same for the same."""
    texts = [(parts, told) for text, told in spellings(examples, SEED) if (parts := parts_of(text))]
    features = Features.fit([parts for parts, _ in texts], TELLING_LEAST)
    rows = (np.concatenate([features.places(*part) for part in parts]) for parts, _ in texts)
    matrix = _matrix([features.vector(row) for row in rows], len(features.terms))
    told = np.array([told for _, told in texts])
    weight, bias = _fit(matrix, told, float((~told).sum() / told.sum()), TELLING_STRENGTH)
    return Model((), features, weight.astype(np.float32)[:, None], np.array([bias], np.float32), stamp)


def ensure_model(root: Path, codes: Sequence[str], report: Report, *, again: bool = False) -> Path:
    """Return the behaviours' model for the present examples under `root`; both are trained if missing or stale."""
    learnt = learnable(codes)
    path, stamp = root / FILE, fingerprint(learnt)
    if not again and _fits(path, stamp) and _fits(root / TELLING_FILE, stamp):
        return path
    if unknown := sorted(set(codes) - set(learnt)):
        report(f"bộ đọc phản ánh: chưa có mẫu cho mã {', '.join(unknown)}")
    examples = read_examples()
    found = instances(examples, Cues.load(), SEED)
    report(f"bộ đọc phản ánh: huấn luyện trên {len(found)} lời")
    model = train(found, learnt, stamp)
    texts = [*read_telling(), *stories(examples, TELLING_STORIES, SEED), *framed(read_frames(), EACH_FRAME, SEED)]
    telling = train_telling(texts, stamp)
    root.mkdir(parents=True, exist_ok=True)
    for one, file in ((telling, root / TELLING_FILE), (model, path)):
        unfinished = root / f".new-{os.getpid()}.npz"
        one.save(unfinished)
        os.replace(unfinished, file)
    return path


def _fits(path: Path, stamp: str) -> bool:
    try:
        return Model.load(path).fingerprint == stamp
    except ConfigurationError:
        return False


def _matrix(rows: Sequence[tuple[Array, Array]], terms: int) -> Array:
    from scipy.sparse import csr_matrix  # takes a second to import

    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places, values = (np.concatenate([row[side] for row in rows]) for side in (0, 1))
    matrix: Array = csr_matrix((values, places, ends), shape=(len(rows), terms))
    return matrix


def _fit(matrix: Array, wanted: Array, weight: float, strength: float) -> tuple[Array, float]:
    """Return the weights of terms and the bias that tell `wanted` rows from the others."""
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(
        C=strength, solver="liblinear", dual=True, tol=1e-2, class_weight={True: weight}, random_state=SEED
    )
    regression.fit(matrix, wanted)
    return regression.coef_[0], float(regression.intercept_[0])
