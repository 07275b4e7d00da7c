"""How strong must an unmeasured cause be to change the conclusion of a linear adjustment? Partial R2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .adjustment_terms import chosen_terms, design_of
from .inference import Inference, from_t, plain, t_quantile
from .linear_model import StudentErrors, least_squares
from .partial_r2 import partial_r2

Array = NDArray[np.float64]
NO_CHANGE = 0.1


@dataclass(frozen=True, slots=True)
class Benchmark:
    """How strong an unmeasured cause would be that is k times as strong as a measured covariate.

    name, times : the covariate (or group of covariates), and k. r2_member, r2_outcome : the largest share of what the
    covariates leave of membership, and of what they and membership leave of the outcome, that such a cause explains.
    adjusted : the difference if that cause were adjusted for.
    flags : ``IMPOSSIBLE_BENCHMARK`` (no cause can be so strongly related to membership: all numbers NaN),
    ``BENCHMARK_CAPPED`` (the bound for the outcome exceeds 1, which says nothing; it is taken as 1).
    """

    name: str
    times: float
    r2_member: float
    r2_outcome: float
    adjusted: Inference
    flags: Mapping[str, Any]

    @property
    def raised(self) -> tuple[str, ...]:
        """Which flags are true?"""
        return tuple(key for key, value in self.flags.items() if value)


@dataclass(frozen=True, slots=True)
class OmittedVariable:
    """The difference of a linear adjustment without interactions, and what it needs to be explained away.

    coefficient : the difference, with the standard error and degrees of freedom used for its limits. classical_error,
    classical_df : those of least squares under equal spread, on which the size of a bias is measured.
    shares : for each benchmark, its partial R2 with membership (given the other covariates) and with the outcome
    (given the other covariates and membership). dropped : columns that say nothing new.
    flags : ``TOO_FEW``, ``NO_VARIATION``, ``DEGENERATE`` (nothing is left to explain): no sensitivity.
    """

    coefficient: Inference
    classical_error: float
    classical_df: int
    shares: Mapping[str, tuple[float, float]]
    dropped: tuple[str, ...] = ()
    flags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def raised(self) -> tuple[str, ...]:
        """Which flags are true?"""
        return tuple(key for key, value in self.flags.items() if value)

    @property
    def f(self) -> float:
        """Cohen's partial f of membership with the outcome."""
        return abs(self.coefficient.estimate) / self._unit

    @property
    def partial_r2(self) -> float:
        """The share of what the covariates leave of the outcome that membership explains.

        Also the extreme scenario: a cause that explained *all* that is left of the outcome would have to explain at
        least this share of what is left of membership to bring the difference to 0.
        """
        return self.f**2 / (1 + self.f**2)

    def robustness(self, q: float = 1.0, alpha: float | None = None) -> float:
        """How much of both membership and outcome must a cause explain to remove a share q of the difference?

        q : 1 brings the difference to 0. alpha : instead, so much that the 1 - alpha interval reaches (1 - q) times
        the difference. Between 0 (nothing is needed) and 1; a cause that explains more of both can do it, one that
        explains less of both cannot.
        """
        f, critical = q * self.f, 0.0 if alpha is None else self._critical(alpha)
        if np.isnan(f - critical):
            return np.nan
        if f <= critical:
            return 0.0
        if f * critical > 1:  # the interval is widest where the cause explains less of the outcome than of membership
            return float((f**2 - critical**2) / (1 + f**2))
        return _root(f - critical)

    def extreme(self, r2_outcome: float, q: float = 1.0) -> float:
        """How much of membership must a cause explain that explains this share of the outcome's rest?

        0 < r2_outcome <= 1; 1, .75 and .5 are customary.
        """
        removed = (q * self.f) ** 2
        return float(removed / (removed + r2_outcome))

    def adjusted(self, r2_member: ArrayLike, r2_outcome: ArrayLike) -> Inference:
        """What would the difference be if a cause that explains these shares were adjusted for?

        r2_member : share of what the covariates leave of membership (below 1). r2_outcome : share of what covariates
        and membership leave of the outcome. Arrays of one shape (after broadcasting). The cause is taken to work
        against the difference. Flags: ``IMPOSSIBLE_BENCHMARK`` (a share of membership of 1, or outside 0 to 1),
        ``ALL_EXPLAINED`` (nothing is left of the outcome: no limits).
        """
        d, y = np.broadcast_arrays(np.asarray(r2_member, dtype=float), np.asarray(r2_outcome, dtype=float))
        impossible = ~((d >= 0) & (d < 1) & (y >= 0) & (y <= 1))
        d, y = (np.where(impossible, np.nan, share) for share in (d, y))
        size = abs(self.coefficient.estimate) - self._unit * np.sqrt(y * d / (1 - d))
        sign = -1.0 if self.coefficient.estimate < 0 else 1.0
        return from_t(
            np.where(np.isnan(size), np.nan, sign * size),
            self._one_more * self.coefficient.std_error * np.sqrt((1 - y) / (1 - d)),
            self._df,
            conf_level=self.coefficient.conf_level,
            method="omitted_variable",
            flags={"IMPOSSIBLE_BENCHMARK": _flag(impossible), "ALL_EXPLAINED": _flag(y == 1)},
        )

    def surface(self, r2_member_grid: ArrayLike, r2_outcome_grid: ArrayLike) -> Inference:
        """The adjusted difference and limits over a grid: arrays (outcome grid, member grid), for contour lines."""
        return self.adjusted(np.asarray(r2_member_grid)[None, :], np.asarray(r2_outcome_grid)[:, None])

    def benchmark(self, name: str, k: float = 1.0) -> Benchmark:
        """How strong would a cause be that is k times as strongly related as a measured covariate, to both?"""
        of_member, of_outcome = self.shares[name]
        d, y, possible = _bounds(of_member, of_outcome, k)
        flags = {"IMPOSSIBLE_BENCHMARK": not possible, "BENCHMARK_CAPPED": bool(possible and y > 1)}
        y = min(y, 1.0) if possible else y
        found = self.adjusted(d, y)
        return Benchmark(name, k, d, y, found, {**found.flags, **flags})

    def differs_from(self, estimate: float) -> bool:
        """Is the difference with slopes of their own for each arm more than a tenth away from this one?"""
        return bool(abs(self.coefficient.estimate - estimate) > NO_CHANGE * abs(estimate))

    @property
    def _unit(self) -> float:
        """The bias of a cause per sqrt(r2_outcome r2_member / (1 - r2_member))."""
        return float(self.classical_error * np.sqrt(self.classical_df)) if self.classical_error > 0 else np.nan

    @property
    def _own_error(self) -> bool:
        return self.coefficient.method == "classical"

    @property
    def _df(self) -> float:
        return float(self.coefficient.df) - self._own_error

    @property
    def _one_more(self) -> float:
        """What the degree of freedom that the cause takes does to the standard error."""
        df = self.coefficient.df
        return float(np.sqrt(df / (df - 1))) if self._own_error and df > 1 else 1.0 if not self._own_error else np.nan

    def _critical(self, alpha: float) -> float:
        if not self._df > 0:
            return np.nan
        error = self._one_more * self.coefficient.std_error
        return float(t_quantile(self._df, 1 - alpha / 2)) * error / self._unit


def omitted_variable(
    outcome: ArrayLike,
    member: ArrayLike,
    covariates: ArrayLike,
    *,
    names: Sequence[str] = (),
    groups: Mapping[str, Sequence[int]] | None = None,
    conf_level: float = 0.95,
    std_error: float | None = None,
    df: float | None = None,
) -> OmittedVariable:
    """How strong must an unmeasured cause be to explain the adjusted difference?

    Parameters
    ----------
    outcome : (n,). member : (n,), true for members. covariates : (n, k), measured before joining. No missing values.
    names : of the columns; ``x1, x2, ...`` by default. groups : benchmarks by name, positions of their columns (all
        dummies of a category together); by default each column alone.
    std_error, df : by which the limits are made where students share classes (CR2, say).

    The regression has common slopes: the shares of the paper are those of one coefficient. Bias and robustness value
    of the estimate are algebra of least squares and hold whatever the errors are. The limits of the paper are
    classical, with one degree of freedom for the cause. With ``std_error`` we scale it by the same
    sqrt((1 - r2_outcome) / (1 - r2_member)), at its own degrees of freedom, as if the cause explained the same share
    within and between classes: an approximation of ours, not of the paper.

    Cinelli and Hazlett (2020) doi:10.1111/rssb.12348.

    >>> rng = np.random.default_rng(1)
    >>> x = rng.standard_normal((200, 2))
    >>> club = x[:, 0] + rng.standard_normal(200) > 0
    >>> found = omitted_variable(x.sum(axis=1) + club + rng.standard_normal(200), club, x)
    >>> round(found.robustness(), 3), round(found.robustness(alpha=0.05), 3)
    (0.295, 0.189)
    """
    y, arm, x = np.asarray(outcome, dtype=float), np.asarray(member).astype(bool), np.asarray(covariates, dtype=float)
    labels = tuple(names) or tuple(f"x{i + 1}" for i in range(x.shape[1]))
    centred = x - x.mean(axis=0)
    terms = chosen_terms(arm, centred, x, labels, interactions=False)
    fit = least_squares(design_of(terms, arm, centred), y)
    row = np.eye(len(terms.names))[1]
    few, perfect = fit.df < 2, bool(np.all(fit.residuals == 0))
    error = np.nan if few else float(np.sqrt(np.sum(StudentErrors(fit, "classical").influence(row) ** 2)))
    estimate = float(fit.estimate(row))
    none = abs(estimate) <= 1e-12 * abs(float(fit.coefficients[0]))
    flags = {"TOO_FEW": few, "NO_VARIATION": perfect and none, "DEGENERATE": perfect and not none}
    given = std_error is not None
    found = from_t(
        0.0 if none else estimate,
        error if std_error is None else std_error,
        float(fit.df) if df is None else df,
        conf_level=conf_level,
        method="given" if given else "classical",
        flags=flags,
    )
    chosen = {name: (i,) for i, name in enumerate(labels)} if groups is None else groups
    shares = {name: _shares(y, arm, x, list(columns)) for name, columns in chosen.items()}
    return OmittedVariable(found, error, fit.df, shares, terms.dropped, flags)


def _shares(y: Array, arm: NDArray[np.bool_], x: Array, columns: list[int]) -> tuple[float, float]:
    group, others = x[:, columns], np.delete(x, columns, axis=1)
    with_member = np.column_stack([others, arm.astype(float)])
    return partial_r2(arm.astype(float), group, others), partial_r2(y, group, with_member)


def _bounds(of_member: float, of_outcome: float, k: float) -> tuple[float, float, bool]:
    """The largest partial R2 of a cause k times as strong as a group with these, and whether it can exist."""
    if not (of_member < 1 and of_outcome < 1 and k * of_member / (1 - of_member) < 1):
        return np.nan, np.nan, False
    d = k * of_member / (1 - of_member)
    shared = k * of_member**2 / ((1 - k * of_member) * (1 - of_member))
    if not 0 <= shared < 1:
        return np.nan, np.nan, False
    per_odds = (np.sqrt(k) + np.sqrt(shared)) ** 2 / (1 - shared)
    return float(d), float(per_odds * of_outcome / (1 - of_outcome)), True


def _root(f: float) -> float:
    """The share r with r / sqrt(1 - r) = f, in a form that loses no digits."""
    return float(2 / (1 + np.sqrt(1 + 4 / f**2))) if f > 0 else 0.0


def _flag(value: Any) -> Any:
    return plain(np.asarray(value)) if np.ndim(value) else bool(value)
