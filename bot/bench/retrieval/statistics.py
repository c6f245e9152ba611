"""Means with 95 % bootstrap intervals (Efron 1979, percentile method), paired, and clustered by question."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
RESAMPLES = 10_000
SEED = 20261122
_LOW, _HIGH = 2.5, 97.5


@dataclass(frozen=True)
class Interval:
    """A mean and the bounds of its 95 % interval, in the unit of the values."""

    value: float
    low: float
    high: float


def by_cluster(values: Sequence[float], clusters: Sequence[Hashable]) -> FloatArray:
    """Return one mean a cluster, clusters in the order of their first value.

    Five spellings of one question are one cluster: they are not five independent observations.
    """
    members: dict[Hashable, list[float]] = {}
    for value, cluster in zip(values, clusters, strict=True):
        members.setdefault(cluster, []).append(value)
    return np.array([float(np.mean(found)) for found in members.values()])


def _resampled_means(values: FloatArray, seed: int) -> FloatArray:
    rng = np.random.default_rng(seed)
    n = len(values)
    means = [values[rng.integers(0, n, size=(500, n))].mean(axis=1) for _ in range(RESAMPLES // 500)]
    return np.concatenate(means)


def mean(values: Sequence[float] | FloatArray) -> Interval:
    """Return the mean of independent values with its interval; for differences of pairs this is the paired one.

    Without values everything is 0. Where all values are equal the interval is that value: the bootstrap cannot see
    what the sample does not hold.
    """
    found = np.asarray(values, dtype=np.float64)
    if not len(found):
        return Interval(0.0, 0.0, 0.0)
    low, high = np.percentile(_resampled_means(found, SEED), [_LOW, _HIGH])
    return Interval(float(found.mean()), float(low), float(high))


def gap(first: Sequence[float] | FloatArray, second: Sequence[float] | FloatArray) -> Interval:
    """Return mean(first) − mean(second) of two independent samples with its interval; 0 where one is empty."""
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if not len(one) or not len(other):
        return Interval(0.0, 0.0, 0.0)
    low, high = np.percentile(_resampled_means(one, SEED) - _resampled_means(other, SEED + 1), [_LOW, _HIGH])
    return Interval(float(one.mean() - other.mean()), float(low), float(high))
