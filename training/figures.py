"""Measures of judgements, each by its textbook definition."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

Numbers = Sequence[float] | npt.NDArray[np.float64]


def f1(right: Sequence[bool], said: Sequence[bool]) -> tuple[float, float]:
    """Weighted and macro F1 of a two-way judgement."""
    scores = [f1_score(right, said, average=average, zero_division=0) for average in ("weighted", "macro")]
    return float(scores[0]), float(scores[1])


def best_threshold(right: Sequence[bool], scores: Numbers) -> float:
    """The score from which "correct" is said so that weighted F1 is highest; the middle of the best stretch."""
    values = np.asarray(scores)
    tries = np.unique(np.quantile(values, np.linspace(0.02, 0.98, 97)))
    found = np.array([f1(right, list(values >= limit))[0] for limit in tries])
    return float(np.median(tries[found >= found.max() - 1e-3]))


def fitted(features: Sequence[Sequence[float]], right: Sequence[bool]) -> tuple[float, ...]:
    """Weights and shift of the logistic line through features `(N, F)`: with one feature the calibration of Platt (1999)."""
    model = LogisticRegression(C=100.0).fit(np.asarray(features), np.asarray(right))
    return (*(float(weight) for weight in model.coef_[0]), float(model.intercept_[0]))


def expected_error(probabilities: Numbers, right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error over bins of equal width (Naeini et al. 2015)."""
    values, truth = np.asarray(probabilities), np.asarray(right, float)
    places = np.minimum((values * bins).astype(int), bins - 1)
    parts = [(places == place) for place in range(bins)]
    return float(sum(part.mean() * abs(values[part].mean() - truth[part].mean()) for part in parts if part.any()))


def accuracy_of_surest(probabilities: Numbers, right: Sequence[bool], share: float, threshold: float = 0.5) -> float:
    """Accuracy on the `share` of the judgements that lie furthest from the threshold."""
    values, truth = np.asarray(probabilities), np.asarray(right)
    order = np.argsort(-np.abs(values - threshold), kind="stable")[: max(int(len(values) * share), 1)]
    return float(((values >= threshold) == truth)[order].mean())


def spearman(one: Numbers, other: Numbers) -> float:
    """Rank correlation with mean ranks for ties; 0 where one of them does not vary."""
    first, second = _ranks(np.asarray(one)), _ranks(np.asarray(other))
    if first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return ((ends - counts + 1 + ends) / 2)[places]
