"""The graph components, run in Rasa's own environment."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"

pytestmark = pytest.mark.skipif(not RASA_PYTHON.is_file(), reason="Rasa's environment is not there: make setup")

SCRIPT = """
import json, sys, unicodedata
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.nlu.constants import TEXT
from nlu.pipeline.classifier import LinearModel, TfidfIntentClassifier
from nlu.pipeline.cues import CueFinder
from nlu.pipeline.tokenizer import VietnameseTokenizer, accent_free

tokenizer = VietnameseTokenizer(VietnameseTokenizer.get_default_config())
texts = ["Hồ sơ H26.15.02-261008-0975, ko bít hoà giải?", unicodedata.normalize("NFD", "thủ tục lập hội"), "😡", "?"]
tokenized = [
    [[t.text, t.start, t.end, t.lemma] for t in tokenizer.tokenize(Message.build(text), TEXT)] for text in texts
]
examples = [Message.build("đúng rồi", "affirm"), Message.build("cảm ơn", "thanks_bye"), Message.build("ok", "affirm")]
copies = accent_free(TrainingData(examples)).intent_examples
finder = CueFinder({"rude": ["quát", "thái độ"], "chat": ["mưa"]})
config = TfidfIntentClassifier.get_default_config() | {"min_df": 1}
model = LinearModel(config, finder)
texts_by_intent = {"report": ["bị quát", "thái độ kém"], "talk": ["trời mưa", "mưa to"], "greet": ["xin chào", "alo"]}
model.fit([t for ts in texts_by_intent.values() for t in ts], [i for i, ts in texts_by_intent.items() for _ in ts])
again = LinearModel.from_arrays(config, model.arrays())
print(json.dumps({
    "texts": texts,
    "tokenized": tokenized,
    "copies": [[c.get("text"), c.get("intent")] for c in copies],
    "cues": {t: finder(t) for t in ["bị quát", "bi quat", "thai do kém", "mã 123", "h26.15-1"]},
    "shares": {
        t: dict(zip(again.intents, map(float, again.shares(t)))) for t in ["bị quát", "bi quát", "mưa rồi", "😡"]
    },
}))
"""


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [str(RASA_PYTHON), "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def test_token_offsets_are_true_to_the_message(seen: dict[str, Any]) -> None:
    for text, tokens in zip(seen["texts"], seen["tokenized"], strict=True):
        assert tokens
        assert all(text[start:end] == token for token, start, end, _ in tokens)


def test_lemmas_are_the_standard_spelling(seen: dict[str, Any]) -> None:
    codes, decomposed = ([lemma for *_, lemma in tokens] for tokens in seen["tokenized"][:2])
    assert codes == ["hồ", "sơ", "h26.15.02-261008-0975", "không", "biết", "hòa", "giải"]
    assert decomposed == ["thủ", "tục", "lập", "hội"]


def test_accent_free_copies_are_added_once(seen: dict[str, Any]) -> None:
    assert seen["copies"] == [["dung roi", "affirm"], ["cam on", "thanks_bye"]]


def test_cues_are_found_with_and_without_accents(seen: dict[str, Any]) -> None:
    cues = seen["cues"]
    assert "rude" in cues["bị quát"]
    assert "rude" in cues["bi quat"]
    assert "rude" in cues["thai do kém"]
    assert "shape number" in cues["mã 123"]
    assert "shape code" in cues["h26.15-1"]


def test_a_stored_model_classifies_as_trained(seen: dict[str, Any]) -> None:
    shares = seen["shares"]
    assert shares["bị quát"]["report"] > 0.5
    assert shares["mưa rồi"]["talk"] > 0.5


def test_a_message_with_missing_accents_is_classified_too(seen: dict[str, Any]) -> None:
    assert seen["shares"]["bi quát"]["report"] > 0.5


def test_a_text_without_words_is_left_undecided(seen: dict[str, Any]) -> None:
    assert list(seen["shares"]["😡"].values()) == pytest.approx([1 / 3] * 3)
