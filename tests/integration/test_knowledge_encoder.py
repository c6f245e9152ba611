"""Our encoder is a real SentenceTransformer, and any other one can take its place."""

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from bot.core.errors import IndexMismatch
from knowledge.base import EncoderPool
from knowledge.build import CURRENT, open_index, rebuild
from knowledge.encoder import TextEncoder
from knowledge.encoder_training import ensure_encoder, retrain_encoder
from knowledge.findings import find
from knowledge.terms import encoder_tokens, plain_words, words
from tests.integration.small_catalogue import DAY, TINY, small_catalogue

CATALOGUE = small_catalogue()


def quiet(_line: str) -> None:
    """Say nothing."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("encoder")
    return ensure_encoder(CATALOGUE.records, CATALOGUE.content_hash, root, quiet, TINY)


def tiny_transformer(folder: Path) -> Path:
    """Save a two-layer BERT with random weights and a vocabulary of the catalogue's words."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(1)
    words = {
        word for record in CATALOGUE.records for text in (record.name, *record.aliases) for word in plain_words(text)
    }
    vocabulary = {word: number for number, word in enumerate(["[PAD]", "[UNK]", *sorted(words)])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]")
    fast.save_pretrained(folder / "bert")
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"))
    model = SentenceTransformer(modules=[transformer, Pooling(32)], device="cpu")
    model.save(str(folder / "model"), create_model_card=False)
    return folder / "model"


def test_it_loads_with_plain_sentence_transformers(own: Path) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["mất thẻ thương binh", "lap hoi o xa"]
    plainly = SentenceTransformer(str(own), device="cpu").encode(
        [" ".join(encoder_tokens(words(text))) for text in texts]
    )
    np.testing.assert_allclose(TextEncoder(own).encode_queries(texts), plainly, atol=1e-6)


def test_vectors_have_unit_length_and_keep_their_order(own: Path) -> None:
    encoder = TextEncoder(own)
    texts = ["mất thẻ thương binh", "gia hạn giấy phép lao động", "lập hội"]
    together = encoder.encode_passages(texts)
    assert together.shape == (3, encoder.dim)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, vector in zip(texts, together, strict=True):
        np.testing.assert_allclose(encoder.encode_passages([text])[0], vector, atol=1e-6)
    assert encoder.encode_queries([]).shape == (0, encoder.dim)
    assert np.isfinite(encoder.encode_queries(["", "😀"])).all()


def test_close_wordings_are_closer_than_strangers(own: Path) -> None:
    question, same, other = TextEncoder(own).encode_queries(
        ["mat the thuong binh roi", "cấp lại thẻ thương binh", "gia hạn giấy phép lao động"]
    )
    assert question @ same > question @ other


def test_training_again_gives_the_same_encoder_and_is_not_repeated_needlessly(own: Path, tmp_path: Path) -> None:
    arguments = (CATALOGUE.records, CATALOGUE.content_hash, tmp_path, quiet, TINY)
    again = retrain_encoder(*arguments)
    assert again.name == own.name
    assert TextEncoder(again).fingerprint == TextEncoder(own).fingerprint
    weights = again / "tiepdan.json"
    before = weights.stat().st_mtime_ns
    assert ensure_encoder(*arguments) == again
    assert weights.stat().st_mtime_ns == before


def test_any_sentence_transformers_model_can_take_its_place(own: Path, tmp_path: Path) -> None:
    model = tiny_transformer(tmp_path / "tiny")
    choice = SimpleNamespace(name=str(model), query_prefix="hội: ", passage_prefix="doan: ", max_length=32)
    encoder = TextEncoder(model, query_prefix="hội: ", passage_prefix="doan: ", max_length=32)
    assert encoder.dim == 32
    assert not np.allclose(encoder.encode_queries(["lập hội"]), encoder.encode_passages(["lập hội"]))
    root = tmp_path / "index"
    rebuild(CATALOGUE, encoder, choice.name, root, DAY, quiet)
    index = open_index(root / CURRENT, EncoderPool(choice, tmp_path))
    found = find(index, "mất thẻ thương binh", dt.date(2026, 11, 21), frozenset(), 3)
    assert found.hits[0].procedure_id == "X04"
    with pytest.raises(IndexMismatch, match="bộ mã hoá khác"):
        open_index(root / CURRENT, lambda _manifest: TextEncoder(own))
    changed = TextEncoder(model, query_prefix="", passage_prefix="doan: ", max_length=32)
    assert changed.fingerprint != encoder.fingerprint
