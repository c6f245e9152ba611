"""Reads which behaviours of an official a complaint tells of: rules for the gravest, a model for the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from bot.core.errors import ConfigurationError
from bot.core.taxonomy import Taxonomy
from knowledge.complaints.cues import STRONG, Cues
from knowledge.complaints.features import Array
from knowledge.complaints.model import FILE, TRAIN, Model
from knowledge.complaints.telling import FILE as TELLING_FILE
from knowledge.complaints.telling import TellingReader
from knowledge.complaints.training import fingerprint, learnable
from knowledge.complaints.words import Stretch, read, stretches

MOST_CODES = 3
# Chosen on the validation texts (measuring.py), in log-odds. A text tells of something where its best code and «any
# behaviour» together reach GATE. The best code is then told; others where they reach LIKELY (with a cue of their own)
# or LIKELY_ALONE; and where the best is below SURE, one rival above LEAST_LIKELY that lies within CLOSE of it (with a
# cue) or CLOSE_ALONE: what the reader guesses reaches the read-back and the register, so it guesses once.
GATE, LIKELY, LIKELY_ALONE, SURE, LEAST_LIKELY = -3.0, 0.0, 0.5, 1.0, -4.5
CLOSE, CLOSE_ALONE = 1.5, 1.1
RULED_GATE = -4.0
# A strong cue of money or danger counts unless the model is sure of the opposite.
OPPOSITE = -2.5
_RULED_SHARE = 0.9


@dataclass(frozen=True)
class Scored:
    """A code, and how sure the reader is of it, 0–1 (comparable between codes of one text, not a probability)."""

    code: str
    share: float


class BehaviourReader:
    """Reads texts; immutable, and quick: a story of eight sentences takes three milliseconds."""

    def __init__(
        self, model: Model, cues: Cues, telling: TellingReader, *, money_code: str, danger_code: str
    ) -> None:
        """Take the models, and the codes that outrank all others: money first, then danger."""
        self._model = model
        self._telling = telling
        self._cues = cues
        self._first = (money_code, danger_code)

    def codes(self, text: str) -> tuple[Scored, ...]:
        """Return at most three codes that a text tells of, best first; empty where it tells of no behaviour.

        What is denied («không ai đòi tiền») or only supposed or asked («nếu bị đòi tiền thì báo ai») is not told.
        A hint of money or gifts for an official puts that code first, a threat or violence comes next.
        """
        sentences = read(text)
        if not sentences:
            return ()
        cues = [self._cues.names(sentence) for sentence in sentences]
        scores, of_any = self._scores(sentences, cues)
        ruled = self._ruled(cues, scores)
        best = max(scores, key=scores.__getitem__)
        if scores[best] + of_any < (RULED_GATE if ruled else GATE):
            return ()
        told = self._told(scores, best, ruled, {name.split()[0] for names in cues for name in names})
        ranked = sorted(told, key=lambda code: (self._rank(code, told[code], ruled), -told[code], code))
        shares = {code: float(1 / (1 + np.exp(-told[code]))) for code in told}
        shares |= {code: max(_RULED_SHARE, shares[code]) for code in ruled}
        return tuple(Scored(code, shares[code]) for code in ranked[:MOST_CODES])

    def happened(self, text: str) -> float:
        """Return how sure the reader is that a text tells of something that happened, 0–1 (telling.py)."""
        return self._telling.share(text)

    def main(self, text: str) -> Scored | None:
        """Return the main code, or None where the text tells of no behaviour."""
        return next(iter(self.codes(text)), None)

    def _scores(self, sentences: Sequence[Stretch], cues: Sequence[Sequence[str]]) -> tuple[dict[str, float], float]:
        """Return the log-odds of each code and of any behaviour: the mean of the whole's and of the best part's.

        The whole alone would drown one sentence among eight, the best part alone would overrate each.
        """
        told = [self._model.places(*sentence) for sentence in zip(sentences, cues, strict=True)]
        whole = self._model.scores(np.concatenate(told))
        parts = [*told, *(np.concatenate(pair) for pair in pairwise(told))]
        for sentence in sentences:
            pieces = stretches(sentence)
            parts += [self._model.places(piece, self._cues.names(piece)) for piece in pieces if len(pieces) > 1]
        best: Array = np.max([self._model.scores(part) for part in parts], axis=0) if len(parts) > 1 else whole
        together = (whole + best) / 2
        return dict(zip(self._model.codes, together[:-1].tolist(), strict=True)), float(together[-1])

    def _ruled(self, cues: Sequence[Sequence[str]], scores: dict[str, float]) -> list[str]:
        """Return the codes that a strong cue makes certain, most important first."""
        found = {name for names in cues for name in names}
        return [c for c in self._first if f"{c} {STRONG}" in found and scores.get(c, OPPOSITE) > OPPOSITE]

    def _told(self, scores: dict[str, float], best: str, ruled: Sequence[str], cued: set[str]) -> dict[str, float]:
        """Return the codes that are told: the best, the ruled, the likely, and one rival of a best that is unsure.

        Never by closeness for those that make a case grave.
        """
        told = {c: s for c, s in scores.items() if c in {best, *ruled} or s > (LIKELY if c in cued else LIKELY_ALONE)}
        if len(told) == 1 and scores[best] < SURE:
            near = [
                code
                for code, score in scores.items()
                if code not in {best, *self._first}
                and score > max(LEAST_LIKELY, scores[best] - (CLOSE if code in cued else CLOSE_ALONE))
            ]
            told |= {code: scores[code] for code in sorted(near, key=lambda code: (-scores[code], code))[:1]}
        return told

    def _rank(self, code: str, score: float, ruled: Sequence[str]) -> int:
        """Return 0 for money, 1 for danger where they are likely or ruled; 2 for the rest."""
        if code in self._first and (code in ruled or score > LIKELY):
            return self._first.index(code)
        return len(self._first)


def open_complaint_reader(folder: Path, taxonomy: Taxonomy) -> BehaviourReader:
    """Load the trained reader from `folder`.

    Raises ConfigurationError, one line that says what to run, where it is missing, damaged or made from other
    examples or codes than the present ones.
    """
    model, telling = Model.load(folder / FILE), Model.load(folder / TELLING_FILE)
    if {model.fingerprint, telling.fingerprint} != {fingerprint(learnable(taxonomy.codes))}:
        raise ConfigurationError(f"bộ đọc phản ánh được huấn luyện từ mẫu hoặc danh mục khác, {TRAIN}")
    reader = TellingReader(telling)
    return BehaviourReader(
        model, Cues.load(), reader, money_code=taxonomy.money_code, danger_code=taxonomy.danger_code
    )
