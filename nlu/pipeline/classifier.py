"""The intent classifier: logistic regression over TF-IDF of words and letters, as typed and plain, and of cues."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import rasa.shared.nlu.constants as keys
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlu.pipeline.cues import CueFinder
from nlu.text import strip_accents

Array = npt.NDArray[Any]

_FILE = "classifier.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TfidfIntentClassifier(GraphComponent, IntentClassifier):
    """Predicts an intent from the tokens' lemmas.

    Tried and left out, for no gain on tests/nlu/first_messages.tsv (97.8 %) and holdout.tsv (96.6 %): the knowledge
    encoder's sentence vector as 256 further features (97.0 and 96.6 %), copies of the examples with typos, chat
    spelling and dialect (97.0 and 96.8 %). Without the plain kinds of terms and cues 95.2 and 96.3 % are right.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Need a tokenizer before."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults.

        `C` is the inverse strength of regularisation, `min_df` in how many examples a term occurs at least.
        """
        return {
            "C": 10.0,
            "max_iter": 100,
            "min_df": 2,
            "word_ngrams": [1, 2],
            "char_ngrams": [1, 4],
            "plain_char_ngrams": [2, 5],
            "cue_weight": 0.5,
            "ranking_length": 10,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  (Rasa's signature)
    ) -> TfidfIntentClassifier:
        """Create an untrained component."""
        return cls(config, model_storage, resource)

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model = model

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the intent examples and store the model."""
        # An example such as «/press_button» stands for a command, which is never classified.
        examples = [e for e in training_data.intent_examples if not e.get(keys.TEXT).startswith("/")]
        cues = {table["name"]: table["elements"] for table in training_data.lookup_tables}
        self._model = LinearModel(self._config, CueFinder(cues))
        self._model.fit([_standard_text(e) for e in examples], [e.get(keys.INTENT) for e in examples])
        with self._storage.write_to(self._resource) as folder:
            np.savez_compressed(folder / _FILE, **self._model.arrays())
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **_: Any,
    ) -> TfidfIntentClassifier:
        """Load the trained model: arrays alone, nothing that could run code."""
        with model_storage.read_from(resource) as folder, np.load(folder / _FILE, allow_pickle=False) as arrays:
            return cls(config, model_storage, resource, LinearModel.from_arrays(config, dict(arrays)))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking` of each message."""
        if self._model is None:
            raise RuntimeError("the intent classifier has not been trained")
        intents = self._model.intents
        for message in messages:
            shares = self._model.shares(_standard_text(message))
            order = shares.argsort()[::-1][: self._config["ranking_length"]]
            ranking = [{"name": intents[i], "confidence": float(shares[i])} for i in order]
            message.set(keys.INTENT, ranking[0], add_to_output=True)
            message.set(keys.INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


@dataclass(frozen=True)
class _Kind:
    """One kind of terms: of the text as it is or without accents, and how much it counts beside the others."""

    vectorizer: TfidfVectorizer
    plain: bool = False
    weight: float = 1.0


class LinearModel:
    """The terms with their weights, and their form as arrays.

    Five kinds of terms, each a vector of length one: words and letters as typed, words and letters without accents,
    cues. Of the plain kinds a message without accents, or with wrong ones, misses nothing.
    """

    def __init__(self, config: dict[str, Any], cues: CueFinder) -> None:
        words = {"token_pattern": r"(?u)\b\w+\b", "ngram_range": tuple(config["word_ngrams"])}
        letters = {"analyzer": "char_wb", "ngram_range": tuple(config["char_ngrams"])}
        plain_letters = {"analyzer": "char_wb", "ngram_range": tuple(config["plain_char_ngrams"])}
        shared = {"sublinear_tf": True, "lowercase": False, "min_df": config["min_df"]}
        self._config = config
        self._cues = cues
        self._kinds = (
            _Kind(TfidfVectorizer(**shared, **words)),
            _Kind(TfidfVectorizer(**shared, **letters)),
            _Kind(TfidfVectorizer(**shared, **words), plain=True),
            _Kind(TfidfVectorizer(**shared, **plain_letters), plain=True),
            _Kind(TfidfVectorizer(**shared, analyzer=cues), weight=config["cue_weight"]),
        )
        self._analyzers = [kind.vectorizer.build_analyzer() for kind in self._kinds]
        self._arrays: dict[str, Array] = {}
        self._places: list[dict[str, int]] = []

    @property
    def intents(self) -> list[str]:
        """The names of the intents, in the order of `shares`."""
        return [str(name) for name in self._arrays["intents"]]

    def fit(self, texts: list[str], intents: list[str]) -> None:
        """Learn terms and weights."""
        plain = [strip_accents(text) for text in texts]
        features = hstack(
            [kind.vectorizer.fit_transform(plain if kind.plain else texts) * kind.weight for kind in self._kinds]
        ).tocsr()
        regression = LogisticRegression(
            C=self._config["C"], max_iter=self._config["max_iter"], tol=1e-3, class_weight="balanced"
        )
        regression.fit(features, intents)
        arrays = {
            "weights": regression.coef_.T.astype(np.float32),
            "bias": regression.intercept_.astype(np.float32),
            "intents": np.array(regression.classes_, dtype=str),
            "cues": np.array(json.dumps(self._cues.cues)),
        }
        for number, kind in enumerate(self._kinds):
            arrays[f"terms_{number}"] = kind.vectorizer.get_feature_names_out().astype(str)
            arrays[f"idf_{number}"] = kind.vectorizer.idf_
        self._use(arrays)

    def shares(self, text: str) -> Array:
        """Return the probability of each intent; all alike for a text without letters and digits.

        The vectorizers' formula, written out for one text: sklearn's own takes thirty times as long for that.
        """
        scores = self._arrays["bias"].copy()
        if not any(char.isalnum() for char in text):
            return np.full_like(scores, 1 / len(scores))
        plain = strip_accents(text)
        offset = 0
        kinds = zip(self._kinds, self._analyzers, self._places, strict=True)
        for number, (kind, analyze, places) in enumerate(kinds):
            terms = analyze(plain if kind.plain else text)
            counts = Counter(place for term in terms if (place := places.get(term)) is not None)
            if counts:
                found = np.fromiter(counts, np.int64, len(counts))
                times = np.fromiter(counts.values(), np.float64, len(counts))
                values = (1.0 + np.log(times)) * self._arrays[f"idf_{number}"][found]
                values *= kind.weight / np.sqrt(values @ values)
                scores += (values @ self._arrays["weights"][found + offset]).astype(np.float32)
            offset += len(places)
        shares: Array = np.exp(scores - scores.max())
        shares /= shares.sum()
        return shares

    def arrays(self) -> dict[str, Array]:
        """Return everything learnt."""
        return self._arrays

    @classmethod
    def from_arrays(cls, config: dict[str, Any], arrays: dict[str, Array]) -> LinearModel:
        """Return the model that `arrays` was made from."""
        model = cls(config, CueFinder(json.loads(str(arrays["cues"]))))
        model._use(arrays)
        return model

    def _use(self, arrays: dict[str, Array]) -> None:
        self._arrays = arrays
        self._places = [
            {term: place for place, term in enumerate(arrays[f"terms_{number}"].tolist())}
            for number in range(len(self._kinds))
        ]


def _standard_text(message: Message) -> str:
    return " ".join(token.lemma for token in message.get(TOKENS_NAMES[keys.TEXT]) or ())
