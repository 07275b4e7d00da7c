"""How strongly would an unmeasured cause have to go with membership and outcome to explain an association away?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .inference import t_quantile

PER_SD = 0.91
"""The log of a risk ratio per standard deviation of a continuous outcome (Chinn, 2000; VanderWeele, 2017)."""
PER_STD_ERROR = 1.78
"""Half the width of its 95 % interval per standard error (.91 times 1.96, as published)."""


@dataclass(frozen=True, slots=True)
class EValue:
    """The E-value of an association.

    point, limit : the smallest risk ratio an unmeasured cause must have both with membership and with the outcome,
    above and beyond the covariates, to move the estimate (the limit nearest the null) to no association; 1 where
    nothing is needed. risk_ratio, conf_low, conf_high : the association on the scale of risk ratios. method : how it
    came there. flags : ``ZERO_SHARE`` (a risk ratio of 0 or infinity: no finite cause explains it, ``point`` is NaN),
    ``NO_INTERVAL`` (``limit`` is NaN).
    """

    point: float
    limit: float
    risk_ratio: float
    conf_low: float
    conf_high: float
    method: str
    flags: Mapping[str, Any]

    @property
    def raised(self) -> tuple[str, ...]:
        """Which flags are true?"""
        return tuple(key for key, value in self.flags.items() if value)


def e_value_of_ratio(
    estimate: float, conf_low: float = np.nan, conf_high: float = np.nan, *, method: str = "risk_ratio"
) -> EValue:
    """How strong must an unmeasured cause be to explain a risk ratio (or a rate ratio)?

    estimate, conf_low, conf_high : on the natural scale. A limit that is NaN beside one that is known is open (0 or
    infinity). Ratios below 1 are inverted; the limit's E-value is 1 where the interval includes 1.
    It speaks of one cause that is as common as it needs to be, and is no probability.
    VanderWeele and Ding (2017) doi:10.7326/M16-2607.

    >>> found = e_value_of_ratio(3.9, 1.8, 8.7)
    >>> round(found.point, 4), found.limit
    (7.263, 3.0)
    """
    low, high = float(conf_low), float(conf_high)
    none = bool(np.isnan(low) and np.isnan(high))
    unbounded = not 0 < float(estimate) < np.inf
    flags = {"ZERO_SHARE": unbounded, "NO_INTERVAL": none}
    limit = np.nan if none else _needed(_nearest_one(low, high))
    point = np.nan if unbounded else _needed(float(estimate))
    return EValue(point, limit, np.nan if unbounded else float(estimate), low, high, method, flags)


def e_value_of_odds_ratio(
    estimate: float, conf_low: float = np.nan, conf_high: float = np.nan, *, common: bool
) -> EValue:
    """How strong must an unmeasured cause be to explain an odds ratio?

    common : the outcome happens to more than 15 % of the students, so that the square root of the odds ratio stands
    for the risk ratio; otherwise the odds ratio itself does. VanderWeele (2017) doi:10.1111/biom.12685.

    >>> round(e_value_of_odds_ratio(3.9, 1.8, 8.7, common=True).point, 4)
    3.3623
    """
    method = "root_odds_ratio" if common else "odds_ratio"
    ratios = [float(v) for v in (estimate, conf_low, conf_high)]
    return e_value_of_ratio(*(np.sqrt(ratios).tolist() if common else ratios), method=method)


def e_value_of_difference(
    d: float, std_error: float = np.nan, *, df: float = np.inf, conf_level: float = 0.95
) -> EValue:
    """How strong must an unmeasured cause be to explain a difference of so many standard deviations?

    d : difference of (adjusted) means / standard deviation of the outcome. std_error : of d. The risk ratio is
    exp(.91 d), its limits exp(.91 d -/+ 1.78 std_error); 1.78 grows with the quantile of ``conf_level``
    (normal, or t with ``df``). It is an approximation: of the ratio of shares above a cut near the middle of normal
    outcomes.
    VanderWeele and Ding (2017) doi:10.7326/M16-2607, table 2.

    >>> found = e_value_of_difference(0.4135421, 0.0975)
    >>> round(found.risk_ratio, 6), round(found.point, 6)
    (1.456918, 2.272818)
    """
    wider = float(t_quantile(df, (1 + conf_level) / 2) / t_quantile(np.inf, 0.975))
    half = PER_STD_ERROR * wider * float(std_error)
    low, high = np.exp([PER_SD * d - half, PER_SD * d + half]).tolist()
    return e_value_of_ratio(float(np.exp(PER_SD * d)), low, high, method="exp_difference")


def e_value_of_shares(
    member_share: float, reference_share: float, ratio_low: float = np.nan, ratio_high: float = np.nan
) -> EValue:
    """How strong must an unmeasured cause be to explain a difference of shares?

    member_share, reference_share : standardised shares. ratio_low, ratio_high : limits of their *ratio*.
    The difference is 0 where the ratio is 1, so that the ratio says exactly what is needed. For the limit we take the
    interval of the ratio too: divided by the largest bias that a cause can make it is a valid interval for the true
    ratio, at any share of members. The search over a grid by Ding and VanderWeele (2016) takes instead a normal
    interval for the difference, with the share of members and the standard errors of both shares as if known; it
    gives a limit of its own, and may contradict the interval of the ratio that stands beside it.
    Ding and VanderWeele (2016) doi:10.1097/EDE.0000000000000457.

    >>> found = e_value_of_shares(0.6, 0.4, 1.2, 1.9)
    >>> round(found.point, 4), round(found.limit, 4)
    (2.366, 1.6899)
    """
    ratio = member_share / reference_share if reference_share > 0 else np.nan
    return e_value_of_ratio(ratio, ratio_low, ratio_high, method="ratio_of_shares")


def observed_e_value(with_it: float, without_it: float) -> float:
    """As strong as which unmeasured cause does a measured covariate (or block of them) move a risk ratio?

    with_it, without_it : the estimate (or the limit nearest the null) adjusted for all covariates, and for all but
    these. McGowan and Greevy (2020) doi:10.48550/arXiv.2011.07030.

    >>> round(observed_e_value(1.5, 1.8), 4)
    1.6899
    """
    return _needed(float(with_it) / float(without_it))


def _needed(ratio: float) -> float:
    """The E-value of a ratio."""
    above = 1 / ratio if ratio < 1 else ratio
    return float(above + np.sqrt(above * (above - 1)))


def _nearest_one(low: float, high: float) -> float:
    """The point of an interval that is nearest 1; what is NaN is open."""
    if low > 1:
        return low
    return high if high < 1 else 1.0
