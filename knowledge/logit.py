"""Weights learned from choices: a softmax over the candidates of each question (conditional logit, McFadden 1974)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
PENALTY = 0.02


@dataclass(frozen=True)
class Choice:
    """The candidates of one question: their signals, shape (candidates, signals), and which are right."""

    signals: FloatArray
    right: NDArray[np.bool_]


def fit(given: Sequence[Choice], penalty: float = PENALTY, *, least: float | None = None) -> FloatArray:
    """Return one weight a signal that maximises the likelihood of the right ones, with an L2 penalty.

    With `least` no weight is lower than that.
    """
    from scipy.optimize import minimize

    spread = np.vstack([choice.signals for choice in given]).std(axis=0) + 1e-6
    usable = [(choice.signals / spread, choice.right) for choice in given if choice.right.any()]

    def loss(weights: FloatArray) -> tuple[float, FloatArray]:
        total, gradient = 0.0, np.zeros_like(weights)
        for signals, right in usable:
            logits = signals @ weights
            shares = np.exp(logits - logits.max())
            shares /= shares.sum()
            hit = float(shares[right].sum()) + 1e-12
            total -= float(np.log(hit))
            gradient -= signals.T @ (np.where(right, shares / hit, 0.0) - shares)
        count = len(usable)
        return total / count + penalty * float(weights @ weights) / 2, gradient / count + penalty * weights

    start = np.zeros(spread.shape[0])
    bounds = None if least is None else [(least, None)] * len(start)
    fitted: FloatArray = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x / spread
    return fitted


def hits(given: Sequence[Choice], weights: FloatArray, depth: int) -> int:
    """Return for how many questions a right record is among the first `depth`."""
    return sum(bool(c.right[np.argsort(-(c.signals @ weights), kind="stable")[:depth]].any()) for c in given)
