"""Vietnamese text: cleaning, folding, tokens, chat words, damaged encodings. Standard library only."""

from nlu.text.cleaning import clean, fold, strip_accents
from nlu.text.encodings import looks_garbled, repair_mojibake
from nlu.text.fingerprint import fingerprint
from nlu.text.normalizing import Normalized, Normalizer, Word, expand
from nlu.text.questions import Part, split_questions
from nlu.text.syllables import is_syllable
from nlu.text.telex import repair_telex
from nlu.text.tokenizing import Token, tokens

__all__ = [
    "Normalized",
    "Normalizer",
    "Part",
    "Token",
    "Word",
    "clean",
    "expand",
    "fingerprint",
    "fold",
    "is_syllable",
    "looks_garbled",
    "repair_mojibake",
    "repair_telex",
    "split_questions",
    "strip_accents",
    "tokens",
]
