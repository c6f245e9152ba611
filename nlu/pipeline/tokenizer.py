"""The Vietnamese tokenizer of the pipeline; at training time it also adds accent-free copies of every example."""

from __future__ import annotations

from typing import Any

import rasa.shared.nlu.constants as keys
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.text import Normalizer, clean, strip_accents

_TYPED = Normalizer()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class VietnameseTokenizer(Tokenizer):
    """Splits text as `nlu.text.Normalizer` does: offsets true to the text, the standard lower-case form as lemma.

    A text without words (an emoji, a question mark) is one token, since classifiers need at least one.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults: intents are not split, accent-free copies are added for training."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
            "accent_free_copies": True,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003  (Rasa's signature)
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> VietnameseTokenizer:
        """Create the component."""
        return cls(config)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the tokens of a message's attribute."""
        text = message.get(attribute)
        found = _TYPED.normalize(text).by_source()
        if not found:
            return [Token(text, 0)]
        return [Token(text[start:end], start, end, lemma=words) for start, end, words in found]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Tokenize the examples and their accent-free copies."""
        if self._config["accent_free_copies"]:
            training_data = training_data.merge(accent_free(training_data))
        return super().process_training_data(training_data)


def accent_free(training_data: TrainingData) -> TrainingData:
    """Return a copy without accents of every example that has some and whose copy is not itself an example."""
    known = {example.get(keys.TEXT) for example in training_data.intent_examples}
    copies = []
    for example in training_data.intent_examples:
        text = strip_accents(clean(example.get(keys.TEXT)))
        if text not in known:
            known.add(text)
            copies.append(Message.build(text, example.get(keys.INTENT)))
    return TrainingData(copies)
