"""What may be measured and asked: measures with their scales, tests, verdicts and quantities, by key."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ..errors import ContractError, nearest


@dataclass(frozen=True)
class Measure:
    """A measure: its scale, its null value, its bounds, the family its sentence belongs to.

    centre : the column of ``groups`` that is compared, shown beside the estimate.
    beside : where this measure is the primary one, the measures that stand beside it, the first to be preferred.
    over : what lies behind the number: scores of one wave, a change from wave to wave, a slope over the waves.
    within : the measure of each group by itself whose values are compared.
    """

    name: str
    family: str
    scale: str = "identity"
    null_value: float = 0.0
    low: float = -math.inf
    high: float = math.inf
    in_units: bool = False
    centre: str = "mean"
    beside: tuple[str, ...] = ()
    over: Literal["scores", "change", "slope"] = "scores"
    within: str = ""

    def bounded(self, limit: float) -> float:
        """A limit, not beyond what the measure can be; NaN stays."""
        return float(min(max(limit, self.low), self.high))

    @property
    def of_shares(self) -> bool:
        """Is this a difference of shares, written in percentage points?"""
        return self.centre == "share"

    @property
    def is_probability(self) -> bool:
        """Is this a probability, written in percent in running text?"""
        return self.scale == "logit"

    @property
    def subtracts(self) -> bool:
        """Is one value taken from another, so that the null value is 0: not a ratio, not a probability?"""
        return self.scale in ("identity", "fisher")

    @property
    def is_plain_difference(self) -> bool:
        """Is this a difference in units, points or rates, not divided by a standard deviation?"""
        return self.subtracts and not self.family.startswith("standardised")


EVENT_TIME = "event_time"
"""The estimand of rows whose ``wave`` and ``reference_wave`` count waves since joining (0: the wave of joining)."""
BEFORE_JOINING, AFTER_JOINING = "before_joining", "after_joining"
"""What stands for a wave where the mean over all waves before joining, or from joining on, is meant."""
STANDARDISED = ("d_total", "d_average")
"""Beside a difference in units: standardised by the total variance in clusters, else by the average variance."""

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("mean_difference", "difference", in_units=True, beside=STANDARDISED),
        Measure("trimmed_mean_difference", "difference", in_units=True, centre="trimmed_mean", beside=STANDARDISED),
        Measure("hodges_lehmann", "difference", in_units=True, centre="median", beside=STANDARDISED),
        Measure("d_average", "standardised"),
        Measure("hedges_g", "standardised"),
        Measure("probability_of_superiority", "superiority", "logit", 0.5, 0.0, 1.0, beside=("cliffs_delta",)),
        Measure(
            "risk_difference",
            "share_difference",
            low=-1.0,
            high=1.0,
            centre="share",
            beside=("risk_ratio", "odds_ratio"),
        ),
        Measure("risk_ratio", "ratio", "log", 1.0, 0.0),
        Measure("odds_ratio", "ratio", "log", 1.0, 0.0),
        Measure("cliffs_delta", "standardised", "fisher", low=-1.0, high=1.0),
        Measure("rate_ratio", "ratio", "log", 1.0, 0.0, centre="rate", beside=("rate_difference", "mean_difference")),
        Measure("rate_difference", "difference", centre="rate"),
        Measure("d_total", "standardised"),
        Measure("mean_change", "change", in_units=True, beside=("d_av", "d_z", "mean_slope"), over="change"),
        Measure("pseudo_median", "change", in_units=True, centre="median", beside=("d_av", "d_z"), over="change"),
        Measure("d_av", "standardised_change", over="change"),
        Measure("d_z", "standardised_change", over="change"),
        Measure(
            "share_change",
            "change",
            low=-1.0,
            high=1.0,
            centre="share",
            beside=("paired_odds_ratio",),
            over="change",
        ),
        Measure("paired_odds_ratio", "ratio_of_change", "log", 1.0, 0.0, over="change"),
        Measure("paired_superiority", "later_higher", "logit", 0.5, 0.0, 1.0, over="change"),
        Measure(
            "adjusted_mean_difference",
            "adjusted_difference",
            in_units=True,
            beside=("difference_in_changes", "d_ppc2", "mean_difference", "d_adjusted"),
        ),
        Measure(
            "adjusted_share_difference",
            "adjusted_difference",
            low=-1.0,
            high=1.0,
            centre="share",
            beside=(
                "difference_in_share_changes",
                "risk_difference",
                "adjusted_risk_ratio",
                "adjusted_odds_ratio",
                "conditional_risk_ratio",
            ),
        ),
        Measure("d_adjusted", "standardised"),
        Measure("adjusted_risk_ratio", "ratio", "log", 1.0, 0.0),
        Measure("adjusted_odds_ratio", "ratio", "log", 1.0, 0.0),
        Measure("conditional_risk_ratio", "ratio", "log", 1.0, 0.0),
        Measure("conditional_odds_ratio", "ratio", "log", 1.0, 0.0),
        Measure("adjusted_rate_ratio", "ratio", "log", 1.0, 0.0, centre="rate", beside=("rate_ratio",)),
        Measure("adjusted_rate_difference", "adjusted_difference", centre="rate"),
        Measure(
            "adjusted_superiority",
            "superiority",
            "logit",
            0.5,
            0.0,
            1.0,
            beside=("superiority_of_changes", "probability_of_superiority", "conditional_odds_ratio"),
        ),
        Measure("adjusted_share_at_least", "adjusted_difference", low=-1.0, high=1.0, centre="share"),
        Measure("difference_between_subgroups", "adjusted_difference", in_units=True),
        Measure("share_difference_between_subgroups", "adjusted_difference", low=-2.0, high=2.0, centre="share"),
        Measure("ratio_between_subgroups", "ratio", "log", 1.0, 0.0),
        Measure(
            "difference_in_changes",
            "changes",
            in_units=True,
            beside=("adjusted_mean_difference", "d_ppc2", "difference_in_slopes"),
            over="change",
            within="mean_change",
        ),
        Measure(
            "difference_in_share_changes",
            "changes",
            low=-2.0,
            high=2.0,
            centre="share",
            beside=("adjusted_share_difference",),
            over="change",
            within="share_change",
        ),
        Measure(
            "superiority_of_changes",
            "superiority",
            "logit",
            0.5,
            0.0,
            1.0,
            beside=("adjusted_superiority",),
            over="change",
        ),
        Measure("d_ppc2", "standardised", over="change"),
        Measure("mean_slope", "slope", in_units=True, over="slope"),
        Measure("difference_in_slopes", "slopes", in_units=True, over="slope", within="mean_slope"),
    )
}

TESTS = {
    "omnibus": "do the groups differ at all?",
    "trend": "do the values rise or fall over the ordered groups?",
    "independence": "are the categories of a nominal outcome distributed alike in the groups?",
    "equivalence": "is the difference smaller than the smallest one that matters?",
    "slopes_differ": "does the difference between the groups depend on the covariates?",
    "subgroups_differ": "does the difference between the groups depend on the subgroup?",
    "covariate": "does the outcome depend on a covariate, given the others?",
    "parallel_lines": "is the odds ratio the same at every category?",
    "rungs_agree": "do the rungs of the ladder that aim at the same number agree?",
    "interaction": "do the groups change differently over the waves?",
    "waves": "do the means change over the waves at all?",
    "between": "do the groups differ in the mean over all waves?",
    "sphericity": "do all changes between waves vary alike?",
    "pre_trend": "did the groups develop alike before anybody joined?",
}
CHANGES = ("improved", "deteriorated", "unchanged")
"""Verdicts on the change of a student: is it larger than errors of measurement would make it?"""
SENSITIVITY = {
    "relative_magnitudes": "trends that differ after joining by so many times the largest step seen before: magnitude",
    "errors_in_variables": "the earlier score, or the covariate in `term`, with errors: reliability within the groups",
    "regression_to_the_mean": "what a group chosen by its earlier score would change without any effect: reliability",
    "e_value": "how strong, as a risk ratio with both, an unmeasured cause must be: estimate, limit, without",
    "robustness_value": "which share of the variance of both an unmeasured cause must explain: estimate, limit",
    "extreme": "which share of membership a cause must explain that explains all that is left of the outcome",
    "benchmark": "an unmeasured cause so many times as strong as the covariate in `term`: times",
    "oster": "an unmeasured cause that is selected in proportion to the covariates: largest R squared",
    "tipping_point": "missing outcomes of members, or of the others, so many SD from those alike: shift, what tips",
    "worst_case": "missing outcomes at the ends of the scale",
    "negative_control": "an outcome that membership cannot have changed, adjusted in the same way",
}
MODELS = ("unadjusted", "adjusted", "plain", "parallel")
"""Regressions side by side: of membership alone, the one of the answer, the one without interactions, and that of
ordered categories with parallel lines."""
ASSUMPTIONS = {
    "nothing": "nothing: the groups are compared as they are",
    "alike_on": "students with the same covariates would have scored alike without the society",
    "alike_in_class": "classmates with the same covariates would have scored alike without the society",
    "alike_before": "students with the same earlier score would have scored alike without the society",
    "parallel_changes": "the groups would have changed alike without the society",
}
VERDICTS = ("different_not_negligible", "different_negligible", "equivalent", "inconclusive")
"""Verdicts on equivalence: is the null value excluded, and do the limits at 1 - 2 alpha lie within the margins?"""
QUANTITIES = {
    "omega_squared": "share of the variance between the groups, corrected for chance",
    "cramers_v": "strength of the association of a nominal outcome with the groups, from 0 to 1",
    "icc": "share of the variance between clusters, within groups",
    "design_effect": "by how much clusters inflate the variance of a mean: 1 + (mean size - 1) icc",
    "r_pre_post": "correlation of the scores of two waves",
    "sd_change": "standard deviation of the changes",
    "rtm_expected": "change expected without any effect, by regression to the mean, at the reliability in `term`",
    "rtm_share": "share of the observed change that regression to the mean would give, at the reliability in `term`",
    "reliable_change": "smallest change of a student that is reliable (Jacobson and Truax)",
    "improved": "share of the students with a reliable rise",
    "deteriorated": "share of the students with a reliable fall",
    "agreement_low": "lower limit of agreement: mean change - 1.96 SD of the changes",
    "agreement_high": "upper limit of agreement: mean change + 1.96 SD of the changes",
    "overlap": "share of the members whose earlier score lies within the range of the reference group",
    "overlap_propensity": "share of the target whose propensity score lies within the range of the other group",
    "rubin_b": "distance of the groups on the propensity score, in standard deviations",
    "rubin_r": "ratio of the variances of the propensity score",
    "negative_weights": "share of a group whose students count with the wrong sign in its adjusted mean",
    "n_effective": "students of a group that equal weights would need for the same precision of its adjusted mean",
    "r_squared": "share of the variance that the regression in `term` explains",
    "adjusted_r_squared": "the same, corrected for the number of coefficients",
    "residual_sd": "standard deviation of the residuals of the regression in `term`",
    "covariates_lost": "share of the students with an outcome who were left out for missing covariates",
    "epsilon_gg": "Greenhouse-Geisser epsilon",
    "epsilon_hf": "Huynh-Feldt epsilon",
    "partial_eta_squared": "share of the variance of an effect and its error that the effect explains, in the sample",
    "pre_trend_slope": "difference in trends before joining that would be noticed with the power in `term`",
    "breakdown_magnitude": "largest relative magnitude of a difference in trends at which the limits still exclude 0",
}
QUANTITIES_IN_UNITS = (
    "sd_change",
    "rtm_expected",
    "reliable_change",
    "agreement_low",
    "agreement_high",
    "pre_trend_slope",
    "residual_sd",
)
"""Quantities in the units of the outcome; in percentage points where shares are compared."""
QUANTITIES_IN_PERCENT = ("overlap_propensity", "negative_weights", "covariates_lost")
"""Quantities that are shares of students, written in percent."""


def check_measure(name: str, scale: str, null_value: float) -> Measure:
    """Is this a measure of the glossary, tested on its own scale against its own null value?"""
    if name not in MEASURES:
        raise ContractError("UNKNOWN_MEASURE", measure=name, near=nearest(name, MEASURES))
    measure = MEASURES[name]
    if (measure.scale, measure.null_value) != (scale, null_value):
        raise ContractError(
            "MEASURE_SCALE",
            measure=name,
            scale=scale,
            null=null_value,
            wanted=measure.scale,
            wanted_null=measure.null_value,
        )
    return measure
