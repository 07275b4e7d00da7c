"""Changes whose signs are all equally likely to be the other way round: exact distributions of sums of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .allocations import ENUMERATED_UP_TO, p_of_draws, streams
from .exact_sums import MOST_STEPS, whole_scores
from .inference import never_zero

Array = NDArray[np.float64]
DIGITS = 14


def changes(first: ArrayLike, last: ArrayLike) -> Array:
    """By how much did each student change? Without the noise that binary fractions leave behind.

    Both arrays (n,) or (..., n). Scores such as 0.3 and 0.1 have no exact binary form, so that equal changes can differ
    in their last digit; they are rounded at the 14th digit of the largest score, and ties stay ties.

    >>> changes([0.1, 0.2], [0.3, 0.4]).tolist(), (0.3 - 0.1) == (0.4 - 0.2)
    ([0.2, 0.2], False)
    """
    before, after = np.asarray(first, dtype=float), np.asarray(last, dtype=float)
    largest = max(np.abs(before).max(initial=0.0), np.abs(after).max(initial=0.0))
    if not 1e-290 < largest < 1e290:
        return after - before
    decimals = DIGITS - int(np.ceil(np.log10(largest)))
    return np.round(after - before, decimals) + 0.0


def countable(scores: NDArray[np.int64] | None) -> bool:
    """Can the distribution of the sum be counted in a moment?"""
    return scores is not None and len(scores) * float(scores.sum() + 1) <= MOST_STEPS


def chances_of_sums(scores: NDArray[np.int64]) -> Array:
    """How probable are the sums 0, 1, ... of the positive scores, if each is positive with a chance of one half?

    >>> chances_of_sums(np.array([1, 2])).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    chances = np.zeros(int(scores.sum()) + 1)
    chances[0], top = 1.0, 0
    for score in np.sort(scores):
        moved = chances[: top + 1] / 2
        chances[: top + 1] = moved
        chances[score : top + score + 1] += moved
        top += int(score)
    return chances


def two_sided_sign_p(scores: NDArray[np.int64], positive: NDArray[np.bool_]) -> float:
    """How probable is a sum of the positive scores at least this far from its middle?

    >>> two_sided_sign_p(np.array([1, 2, 3]), np.array([True, True, True]))
    0.25
    """
    chances, total = chances_of_sums(scores), int(scores.sum())
    away = abs(2 * int(scores[positive].sum()) - total)
    far = np.abs(2 * np.arange(total + 1) - total) >= away
    return never_zero(min(float(chances[far].sum()), 1.0))


def even_chances_p(count: float, n: float, *, mid_p: bool = False) -> float:
    """How probable is a number of heads at least this far from half of n tosses? NaN without tosses.

    mid_p : results exactly as far away count half.

    >>> round(even_chances_p(1, 8), 12), round(even_chances_p(1, 8, mid_p=True), 12)
    (0.0703125, 0.0390625)
    """
    if n <= 0:
        return float("nan")
    fewer = min(count, n - count)
    log_chance = special.gammaln(n + 1) - special.gammaln(fewer + 1) - special.gammaln(n - fewer + 1) - n * np.log(2)
    as_far = (1 if 2 * fewer == n else 2) * float(np.exp(log_chance))
    farther = 2 * float(special.betainc(n - fewer + 1, fewer, 0.5)) if fewer > 0 else 0.0
    return never_zero(min(farther + as_far / (2 if mid_p else 1), 1.0))


def flipped_sum_p(values: Array, resamples: int, seed: int) -> tuple[float, bool]:
    """How often is the sum as far from 0 when the signs of the values are changed at random, and was it counted?

    Counted where the values are short decimals, or where all signs (up to 20,000 ways, a sum and its opposite being
    one) can be listed; otherwise drawn, independent of the order of the values.

    >>> flipped_sum_p(np.array([1.0, 2.0, 3.0]), 999, 1)
    (0.25, True)
    """
    size = np.sort(np.abs(values))[::-1]
    scores = whole_scores(np.append(size, 0.0))
    if scores is not None and countable(scores[:-1]):
        order = np.argsort(-np.abs(values), kind="stable")
        return two_sided_sign_p(scores[:-1], values[order] > 0), True
    smallest = abs(float(values.sum())) - 1e-12 * float(size.sum())
    listed = 2 ** (len(size) - 1) <= ENUMERATED_UP_TO
    blocks = _all_signs(len(size)) if listed else _drawn_signs(len(size), resamples, seed)
    far = drawn = 0
    for signs in blocks:
        far += int(np.sum(np.abs(signs @ size) >= smallest))
        drawn += len(signs)
    return p_of_draws(far, drawn, exact=listed), listed


def _all_signs(n: int) -> Iterator[Array]:
    """All ways to give signs, the first being positive."""
    bits = np.arange(2 ** (n - 1))[:, None] >> np.arange(n - 1) & 1
    yield np.column_stack([np.ones(len(bits)), 1.0 - 2 * bits])


def _drawn_signs(n: int, resamples: int, seed: int) -> Iterator[Array]:
    for size, rng in streams(n, resamples, seed):
        yield np.where(rng.integers(0, 2, (size, n)) == 0, 1.0, -1.0)
