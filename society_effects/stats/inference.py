"""The one place where confidence limits and P values are made from an estimate and its standard error.

All fields may carry leading batch axes: many outcomes, many resamples, many simulated studies at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

SMALLEST = float(np.nextafter(0.0, 1.0))
SCALES = {
    "identity": (lambda v: v, lambda v: v),
    "log": (np.log, np.exp),
    "logit": (special.logit, special.expit),
    "fisher": (np.arctanh, np.tanh),
}


@dataclass(frozen=True, slots=True)
class Inference:
    """An estimate with its uncertainty.

    estimate, conf_low, conf_high : on the natural scale of the measure (a ratio as a ratio).
    std_error : on ``scale`` (the log of a ratio). NaN where the method has none.
    df : degrees of freedom of the reference t distribution; infinity for the normal, NaN where neither is used.
    p_value : two-sided, against ``null_value``. NaN where it is undefined; ``flags`` says why.
    interval_method : method of the limits, where ``method`` made only the P value.
    flags : what happened on the way, each with a truth value per batch element (``{"ZERO_VARIANCE_ARM": True}``).
    """

    estimate: Any
    std_error: Any = np.nan
    df: Any = np.nan
    statistic: Any = np.nan
    p_value: Any = np.nan
    conf_low: Any = np.nan
    conf_high: Any = np.nan
    conf_level: float = 0.95
    method: str = ""
    statistic_name: str | None = None
    null_value: float = 0.0
    scale: str = "identity"
    interval_method: str | None = None
    flags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def raised(self) -> tuple[str, ...]:
        """Which flags are true (anywhere in the batch)?"""
        return _raised(self.flags)

    def at(self, index: Any) -> Inference:
        """One element of a batch, as plain floats."""
        picked = {name: _pick(getattr(self, name), index) for name in _OWN}
        return replace(self, **picked, flags={k: bool(_pick(v, index)) for k, v in self.flags.items()})


@dataclass(frozen=True, slots=True)
class TestResult:
    """A test that is not an estimate of one contrast.

    df1, df2 : degrees of freedom, NaN where the test has none. p_value : two-sided unless ``method`` says otherwise;
    NaN where it is undefined, and then ``flags`` says why.
    """

    statistic_name: str | None
    statistic: Any
    p_value: Any
    df1: Any = np.nan
    df2: Any = np.nan
    method: str = ""
    flags: Mapping[str, Any] = field(default_factory=dict)

    __test__ = False

    @property
    def raised(self) -> tuple[str, ...]:
        """Which flags are true (anywhere in the batch)?"""
        return _raised(self.flags)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity with an interval that is not a contrast: an intraclass correlation, a share of variance.

    value, conf_low, conf_high : NaN where undefined, and then ``flags`` says why.
    """

    value: float
    conf_low: float = np.nan
    conf_high: float = np.nan
    conf_level: float = 0.95
    method: str = ""
    flags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def raised(self) -> tuple[str, ...]:
        """Which flags are true?"""
        return _raised(self.flags)


_OWN = ("estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high")
"""What each element of a batch has for itself; everything else they share."""


def _raised(flags: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key for key, value in flags.items() if value is not False and np.any(value))


def _pick(value: Any, index: Any) -> Any:
    return float(value[index]) if np.ndim(value) else value


def from_t(
    estimate: ArrayLike,
    std_error: ArrayLike,
    df: ArrayLike = np.inf,
    *,
    null_value: float = 0.0,
    conf_level: float = 0.95,
    scale: str = "identity",
    method: str = "",
    flags: Mapping[str, Any] | None = None,
) -> Inference:
    """What are the limits and the two-sided P value of an estimate with a t (or normal) reference distribution?

    Parameters
    ----------
    estimate : array, natural scale. std_error : array, on ``scale``. df : array; infinity means normal.
    null_value : the value tested against, natural scale.

    Where the standard error is 0 or undefined, statistic, P value and limits are NaN: no P value of 0 is ever made.

    >>> round(from_t(4.0, 0.8462556882, 209.2061010551).p_value * 1e6, 8)
    4.1872029
    """
    forward, back = SCALES[scale]
    est, se, nu = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (estimate, std_error, df)))
    usable = np.isfinite(est) & (se > 0) & np.isfinite(se) & (nu > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = forward(est)
        statistic = np.where(usable, (centre - forward(np.float64(null_value))) / se, np.nan)
        half = np.where(usable, t_quantile(nu, (1 + conf_level) / 2) * se, np.nan)
        low, high = back(centre - half), back(centre + half)
    return Inference(
        estimate=plain(est),
        std_error=plain(se),
        df=plain(nu),
        statistic=plain(statistic),
        p_value=plain(two_sided_p(statistic, nu)),
        conf_low=plain(low),
        conf_high=plain(high),
        conf_level=conf_level,
        method=method,
        statistic_name="z" if np.all(np.isinf(nu)) else "t",
        null_value=null_value,
        scale=scale,
        flags=flags or {},
    )


def two_sided_p(statistic: ArrayLike, df: ArrayLike = np.inf) -> NDArray[np.float64]:
    """How probable is a t (or z) statistic at least this far from 0, in both directions?"""
    return never_zero(2 * _lower_tail(-np.abs(np.asarray(statistic, dtype=float)), df))


def upper_tail_p(statistic: ArrayLike, df: ArrayLike = np.inf) -> NDArray[np.float64]:
    """How probable is a t (or z) statistic at least this large? For the lower tail, change its sign.

    >>> float(upper_tail_p(0.0, 10))
    0.5
    """
    return never_zero(_lower_tail(-np.asarray(statistic, dtype=float), df))


def never_zero(p_value: Any) -> Any:
    """The P value; what is smaller than any number a computer can hold becomes the smallest such number, never 0.

    >>> float(never_zero(0.0)), float(never_zero(0.03))
    (5e-324, 0.03)
    """
    p = np.asarray(p_value, dtype=float)
    clipped = np.where(p == 0, SMALLEST, p)
    return float(clipped) if isinstance(p_value, float) else clipped


def t_quantile(df: ArrayLike, probability: ArrayLike) -> NDArray[np.float64]:
    """Which value of a t (or normal) distribution has this probability below it?"""
    nu = np.asarray(df, dtype=float)
    normal = np.isinf(nu)
    return np.where(normal, special.ndtri(probability), special.stdtrit(np.where(normal, 1.0, nu), probability))


def _lower_tail(statistic: NDArray[np.float64], df: ArrayLike) -> NDArray[np.float64]:
    t, nu = np.broadcast_arrays(statistic, np.asarray(df, dtype=float))
    normal = np.isinf(nu)
    return np.asarray(np.where(normal, special.ndtr(t), special.stdtr(np.where(normal, 1.0, nu), t)))


def plain(value: NDArray[np.float64]) -> Any:
    """A number without batch axes as a plain float, an array as it is."""
    return float(value) if np.ndim(value) == 0 else value
