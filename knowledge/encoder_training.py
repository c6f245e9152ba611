"""Trains our own sentence encoder from a catalogue and our question grammar, in minutes on two cores."""

import hashlib
import json
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nlu.text
from bot.core.errors import ConfigurationError
from knowledge import lexicon
from knowledge.encoder import RECIPE
from knowledge.foreign import outside
from knowledge.question_synthesis import foreign_pairs, training_pairs
from knowledge.schema import Record
from knowledge.terms import catalogue_words, encoder_tokens, words

if TYPE_CHECKING:
    import torch

Report = Callable[[str], None]
_UNKNOWN = "[UNK]"
_SOURCES = (
    "encoder_training.py",
    "question_synthesis.py",
    "noise.py",
    "passages.py",
    "names.py",
    "terms.py",
    "foreign.py",
)


@dataclass(frozen=True)
class Recipe:
    """What the weights depend on besides texts and code. `pairs` bounds the synthetic questions of a catalogue."""

    dim: int = 256
    per_record: int = 160
    per_matter: int = 24
    pairs: int = 60_000
    epochs: int = 3
    batch: int = 512
    learning_rate: float = 0.02
    scale: float = 20.0
    word_dropout: float = 0.1
    min_count: int = 2
    vocabulary: int = 40_000
    seed: int = 20261121


def stamp(catalogue_hash: str, recipe: Recipe) -> str:
    """Return the identity of the weights that this catalogue, lexicon, code and recipe give."""
    digest = hashlib.sha256(
        f"{catalogue_hash} {lexicon.fingerprint(lexicon.GRAMMAR)} {nlu.text.fingerprint()}".encode()
    )
    digest.update(json.dumps(asdict(recipe)).encode())
    for name in _SOURCES:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()[:16]


def _encoded_pairs(
    records: Sequence[Record], recipe: Recipe
) -> tuple[list[tuple[list[int], list[int], int]], dict[str, int]]:
    """Return (question token ids, passage token ids, record) and the vocabulary, most frequent token first."""
    per_record = max(4, min(recipe.per_record, recipe.pairs // max(len(records), 1)))
    rng = random.Random(recipe.seed)  # noqa: S311 - reproducible noise
    pairs = list(training_pairs(records, per_record, rng))
    pairs += foreign_pairs(outside(records), recipe.per_matter, len(records), rng)
    cut: dict[str, list[str]] = {}
    counts: Counter[str] = Counter()
    for question, passage, _ in pairs:
        if question not in cut:
            cut[question] = encoder_tokens(words(question))
        if passage not in cut:
            cut[passage] = encoder_tokens(catalogue_words(passage))
        counts.update(cut[question])
        counts.update(cut[passage])
    kept = [token for token, count in counts.most_common(recipe.vocabulary) if count >= recipe.min_count]
    vocabulary = {token: number for number, token in enumerate([_UNKNOWN, *sorted(kept)])}
    ids = {text: [vocabulary[token] for token in found if token in vocabulary] for text, found in cut.items()}
    encoded = [(ids[q], ids[p], row) for q, p, row in pairs if ids[q] and ids[p]]
    return encoded, vocabulary


def _batches(
    pairs: Sequence[tuple[list[int], list[int], int]], recipe: Recipe, rng: random.Random
) -> Iterator[tuple["torch.Tensor", "torch.Tensor", "torch.Tensor", "torch.Tensor", "torch.Tensor"]]:
    """Yield (question ids, offsets, passage ids, offsets, records) of shuffled batches."""
    import torch

    order = list(range(len(pairs)))
    rng.shuffle(order)
    for start in range(0, len(order) - recipe.batch // 2, recipe.batch):
        sides: list[tuple[list[int], list[int]]] = [([], []), ([], [])]
        rows = []
        for number in order[start : start + recipe.batch]:
            question, passage, row = pairs[number]
            dropped = [token for token in question if rng.random() >= recipe.word_dropout] or question
            for (flat, offsets), tokens in zip(sides, (dropped, passage), strict=True):
                offsets.append(len(flat))
                flat += tokens
            rows.append(row)
        (q, q_offsets), (p, p_offsets) = sides
        yield (
            torch.tensor(q), torch.tensor(q_offsets), torch.tensor(p), torch.tensor(p_offsets), torch.tensor(rows)
        )  # fmt: skip


def _fit(
    pairs: Sequence[tuple[list[int], list[int], int]], vocabulary_size: int, recipe: Recipe, report: Report
) -> "torch.Tensor":
    """Return the embedding matrix (vocabulary, dim) after multiple-negatives ranking (Henderson et al. 2017).

    Other questions of a batch on the same procedure are no negatives and are masked.
    """
    import torch
    from torch.nn import functional

    torch.manual_seed(recipe.seed)
    bag = torch.nn.EmbeddingBag(vocabulary_size, recipe.dim, mode="mean", sparse=True)
    torch.nn.init.normal_(bag.weight, std=0.1)
    steps = max(1, recipe.epochs * (len(pairs) // recipe.batch))
    optimiser = torch.optim.SparseAdam(bag.parameters(), lr=recipe.learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: max(0.02, 1 - step / steps))
    rng = random.Random(recipe.seed)  # noqa: S311 - reproducible shuffling
    for epoch in range(recipe.epochs):
        total, count = 0.0, 0
        for q, q_offsets, p, p_offsets, rows in _batches(pairs, recipe, rng):
            questions = functional.normalize(bag(q, q_offsets), dim=1)
            passages = functional.normalize(bag(p, p_offsets), dim=1)
            scores = recipe.scale * questions @ passages.T
            same = rows.unsqueeze(0) == rows.unsqueeze(1)
            same.fill_diagonal_(False)
            scores = scores.masked_fill(same, -1e4)
            target = torch.arange(len(rows))
            loss = functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()  # type: ignore[no-untyped-call]
            schedule.step()
            total, count = total + loss.item(), count + 1
        report(f"bộ mã hoá: vòng {epoch + 1}/{recipe.epochs}, mất mát {total / max(count, 1):.3f}")
    weights = bag.weight.detach().clone()
    weights[0] = 0  # an unknown token must not turn the vector
    return weights


def _tokenizer(vocabulary: dict[str, int]) -> Any:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=_UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


def train(records: Sequence[Record], folder: Path, recipe: Recipe, report: Report) -> None:
    """Train on the records and save a SentenceTransformer to `folder`; deterministic on one machine.

    Runs on one thread: EmbeddingBag's gradients are summed in another order on more.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    if not records:
        raise ConfigurationError("danh mục rỗng: không có gì để huấn luyện bộ mã hoá")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        report("bộ mã hoá: sinh câu luyện")
        pairs, vocabulary = _encoded_pairs(records, recipe)
        report(f"bộ mã hoá: {len(pairs)} cặp, {len(vocabulary)} từ")
        weights = _fit(pairs, len(vocabulary), recipe, report)
    finally:
        torch.set_num_threads(threads)
    static = StaticEmbedding(_tokenizer(vocabulary), embedding_weights=weights.numpy())
    model = SentenceTransformer(modules=[static, Normalize()], device="cpu")
    model.save(str(folder), create_model_card=False)
    (folder / RECIPE).write_text(json.dumps(asdict(recipe), indent=1), encoding="utf-8")


def ensure_encoder(
    records: Sequence[Record], catalogue_hash: str, root: Path, report: Report, recipe: Recipe | None = None
) -> Path:
    """Return the folder of the encoder for this catalogue under `root`, training it where it does not exist yet."""
    recipe = recipe or Recipe()
    folder = root / stamp(catalogue_hash, recipe)
    return folder if (folder / RECIPE).is_file() else retrain_encoder(records, catalogue_hash, root, report, recipe)


def retrain_encoder(
    records: Sequence[Record], catalogue_hash: str, root: Path, report: Report, recipe: Recipe | None = None
) -> Path:
    """Train the encoder for this catalogue and put it in its folder under `root`, in place of one that is there."""
    recipe = recipe or Recipe()
    folder = root / stamp(catalogue_hash, recipe)
    unfinished = root / f".new-{os.getpid()}"
    shutil.rmtree(unfinished, ignore_errors=True)
    root.mkdir(parents=True, exist_ok=True)
    train(records, unfinished, recipe, report)
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)
    return folder
