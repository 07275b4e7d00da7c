"""Which covariates go with higher categories? Proportional odds (cumulative logits), and what each student tells."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .inference import Inference, TestResult, from_t, never_zero
from .ordinal_likelihood import OrdinalLikelihood, maximum, separates

Array = NDArray[np.float64]
NOTHING_NEW = 1e-9
"""A column whose part outside the columns before it is no larger than this share of it says nothing new."""


@dataclass(frozen=True, slots=True)
class OrdinalFit:
    """A proportional odds model; its coefficients are m - 1 thresholds, then p slopes.

    names : of the p slopes. categories : (m,), the values that occur, ascending. thresholds : (m - 1,), log odds of
    lying below each category but the first where all columns are 0. slopes : (p,), log odds ratios of lying higher.
    model : the likelihood at its maximum, in independent columns of mean 0 and spread 1. to_coefficients : (q, q), what
    turns coefficients of those columns into these. log_likelihood : at the maximum.
    without_columns : the same without columns. flags : why nothing could be fitted; the coefficients are then NaN and
    ``model`` is None.
    """

    names: tuple[str, ...]
    categories: Array
    thresholds: Array
    slopes: Array
    model: OrdinalLikelihood | None
    to_coefficients: Array
    log_likelihood: float
    without_columns: float
    flags: Mapping[str, bool]

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return 2 * (len(self.thresholds) + len(self.slopes)) - 2 * self.log_likelihood

    @property
    def covariance(self) -> Array:
        """(q, q), the inverse of the observed information."""
        if self.model is None:
            return np.full(self.to_coefficients.shape, np.nan)
        return self.to_coefficients @ np.linalg.inv(self.model.information) @ self.to_coefficients.T

    @property
    def influence(self) -> Array:
        """(n, q), what each student contributes to the coefficients: score times inverse information."""
        if self.model is None:
            return np.full((0, len(self.to_coefficients)), np.nan)
        return np.asarray(np.linalg.solve(self.model.information, self.model.scores.T).T @ self.to_coefficients.T)

    def coefficients(self, conf_level: float = 0.95) -> Inference:
        """How do the columns go with higher categories? Slopes (p,), z with model-based standard errors."""
        error = np.sqrt(np.diag(self.covariance))[len(self.thresholds) :]
        return from_t(self.slopes, error, conf_level=conf_level, method="proportional_odds", flags=self.flags)

    def odds_ratios(self, conf_level: float = 0.95) -> Inference:
        """The same as ratios (p,) of the odds of lying at or above any category."""
        error = np.sqrt(np.diag(self.covariance))[len(self.thresholds) :]
        of_log: dict[str, Any] = {"null_value": 1.0, "scale": "log", "conf_level": conf_level}
        return from_t(np.exp(self.slopes), error, method="proportional_odds", flags=self.flags, **of_log)

    def cut_points(self, conf_level: float = 0.95) -> Inference:
        """Where do the categories begin on the scale of log odds? Thresholds (m - 1,)."""
        error = np.sqrt(np.diag(self.covariance))[: len(self.thresholds)]
        return from_t(self.thresholds, error, conf_level=conf_level, method="proportional_odds", flags=self.flags)

    def likelihood_ratio(self) -> TestResult:
        """Do the columns say anything together? Chi-squared, against thresholds alone."""
        df = float(len(self.slopes))
        statistic = max(2 * (self.log_likelihood - self.without_columns), 0.0) if df else np.nan
        p_value = never_zero(float(special.chdtrc(df, statistic))) if statistic >= 0 else np.nan
        flags = {**self.flags, "NO_SLOPES": not df}
        return TestResult("chi2", statistic, p_value, df, method="likelihood_ratio", flags=flags)

    def at_or_above(self, columns: ArrayLike) -> Array:
        """How probable is it to lie at or above each category but the first? (r, m - 1), columns (r, p)."""
        return special.expit((np.asarray(columns, dtype=float) @ self.slopes)[:, None] - self.thresholds)


def proportional_odds(category: ArrayLike, columns: ArrayLike, *, names: Sequence[str] = ()) -> OrdinalFit:
    """Which columns go with higher categories? Logit P(Y >= c) = columns @ slopes - threshold of c.

    Parameters
    ----------
    category : (n,), numbers of which only the order matters; values that do not occur play no part.
    columns : (n, p), without a constant; p may be 0. names : ``x1, x2, ...`` by default.

    Newton's method on the exact derivatives, so that the maximum is found to rounding; statsmodels' OrderedModel gives
    the same to the tolerance of its search (:func:`ordered_model`). With two categories this is logistic regression.

    Flags (nothing is fitted then): ``NO_VARIATION`` (one category), ``COLLINEAR`` (a column says nothing beyond the
    others), ``CATEGORIES_SEPARATED`` (some combination of columns orders the categories without error, so that the
    likelihood has no maximum: found by linear programming), ``NO_CONVERGENCE``.
    McCullagh (1980) doi:10.1111/j.2517-6161.1980.tb01109.x; Albert and Anderson (1984) doi:10.1093/biomet/71.1.1.

    >>> fit = proportional_odds([0, 1, 2, 1, 0, 2, 2, 1], np.transpose([[0, 0, 0, 0, 1, 1, 1, 1]]))
    >>> fit.slopes.round(4).tolist(), fit.thresholds.round(4).tolist()
    ([0.6529], [-0.8245, 0.8245])
    """
    x = np.asarray(columns, dtype=float)
    shown = tuple(names) or tuple(f"x{i + 1}" for i in range(x.shape[1]))
    categories, codes = np.unique(np.asarray(category, dtype=float), return_inverse=True)
    counts = np.bincount(codes)
    alone = float(special.xlogy(counts, counts / len(codes)).sum())
    z, back, new = _basis(x, len(categories) - 1)
    flags = {"NO_VARIATION": len(categories) < 2, "COLLINEAR": len(categories) > 1 and not new}
    model = None if any(flags.values()) else maximum(codes, z)
    if model is None and not any(flags.values()):
        separated = separates(codes, z)
        flags |= {"CATEGORIES_SEPARATED": separated, "NO_CONVERGENCE": not separated}
    at, reached = (np.full(len(back), np.nan), np.nan) if model is None else (back @ model.at, model.value)
    thresholds, slopes = np.split(at, [len(categories) - 1])
    return OrdinalFit(shown, categories, thresholds, slopes, model, back, reached, alone, flags)


def _basis(x: Array, cuts: int) -> tuple[Array, Array, bool]:
    """Independent columns of mean 0 and spread 1, what turns their coefficients into those of x, and if they exist."""
    centre, p = x.mean(axis=0), x.shape[1]
    basis, triangle = np.linalg.qr(x - centre)
    back = np.eye(cuts + p)
    size = np.linalg.norm(x - centre, axis=0)
    enough = len(triangle) == p and bool(np.all(np.ptp(x, axis=0) > 0))
    if not enough or np.any(np.abs(np.diag(triangle)) <= NOTHING_NEW * size):
        return basis, back, False
    root = np.sqrt(len(x))
    back[cuts:, cuts:] = np.linalg.inv(triangle) * root
    back[:cuts, cuts:] = centre @ back[cuts:, cuts:]
    return basis * root, back, True


def ordered_model(category: ArrayLike, columns: ArrayLike, *, names: Sequence[str] = ()) -> Any:
    """The statsmodels results of the same model, for those who want to go on from there.

    The thresholds among its parameters are the first one and the logarithms of the steps to the next; its search stops
    early, so that it agrees with :func:`proportional_odds` to about five digits.

    >>> result = ordered_model([0, 1, 2, 1, 0, 2, 2, 1], np.transpose([[0, 0, 0, 0, 1, 1, 1, 1]]))
    >>> result.params.round(3).tolist(), result.model.transform_threshold_params(result.params)[1:-1].round(3).tolist()
    ([0.653, -0.825, 0.5], [-0.825, 0.825])
    """
    from statsmodels.miscmodels.ordinal_model import OrderedModel
    from statsmodels.tools.sm_exceptions import ConvergenceWarning, HessianInversionWarning

    codes = np.unique(np.asarray(category, dtype=float), return_inverse=True)[1]
    model = OrderedModel(codes, np.asarray(columns, dtype=float), distr="logit")
    if names:
        model.data.xnames = [*names, *model.data.xnames[len(names) :]]
    with warnings.catch_warnings():
        # with separation its search runs away; whether a maximum exists is what proportional_odds says
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", HessianInversionWarning)
        return model.fit(method="bfgs", maxiter=500, disp=0)
