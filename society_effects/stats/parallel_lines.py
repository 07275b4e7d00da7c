"""Is one odds ratio enough for all cuts between ordered categories? Brant's test of parallel lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .inference import Inference, TestResult, from_t, never_zero
from .ordinal_regression import OrdinalFit, proportional_odds

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ParallelLines:
    """The logistic regressions at all cuts, and whether their slopes differ.

    names : of the p columns. overall : the test of all columns together. of_term : (p), of each column alone.
    slopes : (m - 1, p), log odds ratios of lying at or above each category but the first, z with model-based errors:
    what a picture of parallel lines shows.
    """

    names: tuple[str, ...]
    overall: TestResult
    of_term: tuple[TestResult, ...]
    slopes: Inference


def parallel_lines(category: ArrayLike, columns: ArrayLike, *, names: Sequence[str] = ()) -> ParallelLines:
    """Do covariates go with the odds of lying higher alike at all cuts, as proportional odds assume?

    Parameters
    ----------
    category : (n,), numbers of which only the order matters. columns : (n, p), without a constant.
    names : ``x1, x2, ...`` by default.

    A logistic regression is fitted at each cut between the m categories that occur. The slopes of two cuts covary,
    because the same students are above the higher and above the lower one: with fitted probabilities p of the lower
    and q of the higher, the events of one student have the covariance q - p q (the smaller of the two, less p q, where
    lines cross). Wald's chi-squared of all differences between cuts, with (m - 2) p degrees of freedom, or m - 2 for
    one column. Students are taken as independent.

    Simulated size at the level .05 with three columns and five categories: .06 with 300 students, .05 with 100 (where
    one in seven samples had a separated cut, and no test).

    Flags (no test): ``TWO_CATEGORIES`` (nothing could differ), ``CATEGORIES_SEPARATED``, ``COLLINEAR``,
    ``NO_CONVERGENCE`` (of one of the regressions; its slopes are NaN), ``NO_VARIATION`` (one category), ``NO_SLOPES``.
    Brant (1990) doi:10.2307/2532457.

    >>> x = np.transpose([np.tile([0, 0, 1, 1, 2, 2, 3, 3], 3)])
    >>> answers = [0, 0, 0, 1, 0, 1, 1, 2, 0, 1, 1, 1, 2, 0, 2, 2, 1, 0, 2, 1, 2, 2, 2, 1]
    >>> found = parallel_lines(answers, x)
    >>> round(found.overall.statistic, 4), round(found.overall.p_value, 4), found.slopes.estimate.round(3).tolist()
    (0.2104, 0.6464, [[1.066], [1.378]])
    """
    x, values = np.asarray(columns, dtype=float), np.asarray(category, dtype=float)
    above = [values >= level for level in np.unique(values)[1:]]
    fits = [proportional_odds(event, x, names=names) for event in above]
    p = x.shape[1]
    flags = {"NO_VARIATION": not fits, "TWO_CATEGORIES": len(fits) == 1}
    for key in ("COLLINEAR", "CATEGORIES_SEPARATED", "NO_CONVERGENCE"):
        flags[key] = any(fit.flags.get(key, False) for fit in fits)
    shown = tuple(names) or tuple(f"x{i + 1}" for i in range(p))
    slopes = np.array([fit.slopes for fit in fits]).reshape(len(fits), p)
    errors = np.array([np.sqrt(np.diag(fit.covariance))[1:] for fit in fits]).reshape(len(fits), p)
    lines = from_t(slopes, errors, method="separate_logits", flags=flags)
    if any(flags.values()) or not p:
        none = [TestResult("chi2", np.nan, np.nan, method="brant", flags=flags)] * p
        overall = TestResult("chi2", np.nan, np.nan, method="brant", flags={**flags, "NO_SLOPES": not p})
        return ParallelLines(shown, overall, tuple(none), lines)
    covariance = _covariance(fits, x)
    all_terms = [_wald(slopes, covariance, [term], flags) for term in range(p)]
    return ParallelLines(shown, _wald(slopes, covariance, list(range(p)), flags), tuple(all_terms), lines)


def _covariance(fits: Sequence[OrdinalFit], x: Array) -> Array:
    """(cuts, p, cuts, p), of all slopes at all cuts."""
    centred = np.column_stack([np.ones(len(x)), x - x.mean(axis=0)])
    fitted = np.column_stack([fit.at_or_above(x) for fit in fits])
    to_slopes = []
    for events in fitted.T:
        information = centred.T @ (centred * (events * (1 - events))[:, None])
        to_slopes.append(np.linalg.solve(information, centred.T)[1:])
    found = np.empty((len(fits), x.shape[1], len(fits), x.shape[1]))
    for i, one in enumerate(to_slopes):
        for j, other in enumerate(to_slopes):
            together = np.minimum(fitted[:, i], fitted[:, j]) - fitted[:, i] * fitted[:, j]
            found[i, :, j] = (one * together) @ other.T
    return found


def _wald(slopes: Array, covariance: Array, terms: Sequence[int], flags: Mapping[str, bool]) -> TestResult:
    """Are the slopes of these columns the same at all cuts?"""
    cuts, p = len(slopes), len(terms)
    between = np.column_stack([-np.ones(cuts - 1), np.eye(cuts - 1)])
    differences = (between @ slopes[:, terms]).ravel()
    own = covariance[:, terms][:, :, :, terms]
    spread = np.einsum("ai,ipjq,bj->apbq", between, own, between).reshape((cuts - 1) * p, (cuts - 1) * p)
    statistic = float(differences @ np.linalg.solve(spread, differences))
    df = float(len(differences))
    p_value = never_zero(float(special.chdtrc(df, statistic)))
    return TestResult("chi2", statistic, p_value, df, method="brant", flags=flags)
