"""What programs print for two groups: one function per box of their output."""

from __future__ import annotations

import numpy as np

from ..stats.conditional_odds import fisher, odds_ratio
from ..stats.contingency import cramers_v, expected_counts, likelihood_ratio, linear_by_linear
from ..stats.conventions import (
    corrected_share_difference,
    katz_risk_ratio,
    poisson_model_ratio,
    weighted_average_quantiles,
    woolf_odds_ratio,
)
from ..stats.differences import student, welch
from ..stats.effect_sizes import cohen_d, hedges_g
from ..stats.inference import Inference
from ..stats.ranks import mann_whitney, mann_whitney_exact, u_statistic
from ..stats.spreads import levene
from ..stats.two_by_two import pearson_chi2, yates_chi2
from .comparison import Printed, Printing, Seen, of_students

MEANS = "estimates.mean_difference"
ORDER = "estimates.probability_of_superiority"
SHARES = "estimates.risk_difference"
SIZE_OF_A_SMALL_TABLE = 40


@of_students
def levene_box(two: Seen) -> Printing:
    """Levene's test of equal variances, centred on the mean."""
    found = levene(two.all_values, two.codes)
    yield Printed("levene_f", float(found.statistic))
    yield Printed("levene_p", float(found.p_value))


def both_t_rows(two: Seen) -> Printing:
    """The t test with and without equal variances; users read the row that Levene's test points to."""
    unequal = two.in_full and bool(levene(two.all_values, two.codes).p_value < 0.05)
    marked_equal = two.in_full and not unequal
    yield from _t_row("t_equal", student(*two.moments, conf_level=two.conf_level), marked=marked_equal)
    yield from _t_row("t_unequal", welch(*two.moments, conf_level=two.conf_level), marked=unequal)


def student_row(two: Seen) -> Printing:
    """The t test with equal variances alone."""
    yield from _t_row("t_equal", student(*two.moments, conf_level=two.conf_level), marked=True)


def welch_row(two: Seen) -> Printing:
    """Welch's t test alone."""
    yield from _t_row("t_unequal", welch(*two.moments, conf_level=two.conf_level), marked=True)


def welch_second_row(two: Seen) -> Printing:
    """Welch's t test beside Student's, which is the one that is read."""
    yield from _t_row("t_unequal", welch(*two.moments, conf_level=two.conf_level), marked=False)


def standardised_box(two: Seen) -> Printing:
    """Cohen's d with the pooled standard deviation, Hedges' correction, Glass's delta."""
    d = cohen_d(*two.moments, conf_level=two.conf_level)
    yield Printed("cohen_d", float(d.estimate), "estimates.d_average.estimate")
    yield Printed("cohen_d_low", float(d.conf_low), "estimates.d_average.conf_low")
    yield Printed("cohen_d_high", float(d.conf_high), "estimates.d_average.conf_high")
    g = hedges_g(*two.moments, conf_level=two.conf_level)
    yield Printed("hedges_g", float(g.estimate), "estimates.hedges_g.estimate")
    yield Printed("hedges_g_low", float(g.conf_low), "estimates.hedges_g.conf_low")
    yield Printed("hedges_g_high", float(g.conf_high), "estimates.hedges_g.conf_high")
    member, reference = two.moments
    if reference.sd > 0:
        yield Printed("glass_delta", float((member.mean - reference.mean) / reference.sd))


@of_students
def quartile_box(two: Seen) -> Printing:
    """The quartiles of each group at (n + 1) p."""
    for level, values in zip(two.levels, two.values, strict=True):
        first, second, third = weighted_average_quantiles(values)
        yield Printed("percentile_25", first, "groups.q1", term=level)
        yield Printed("percentile_50", second, "groups.median", term=level)
        yield Printed("percentile_75", third, "groups.q3", term=level)


@of_students
def mann_whitney_box(two: Seen) -> Printing:
    """Mann-Whitney U, Wilcoxon W, z without continuity correction, asymptotic and exact P."""
    member, reference = two.values
    u = u_statistic(member, reference)
    n, m = len(member), len(reference)
    sums = ((n, u + n * (n + 1) / 2), (m, n * m - u + m * (m + 1) / 2))
    yield Printed("mann_whitney_u", float(min(u, n * m - u)))
    yield Printed("wilcoxon_w", float(min(sums)[1]))
    found = mann_whitney(member, reference)
    yield Printed("mann_whitney_z", float(found.statistic), f"{ORDER}.statistic")
    ordinal = two.outcome.kind != "continuous"
    yield Printed("mann_whitney_p", float(found.p_value), f"{ORDER}.p_value", marked=ordinal)
    exact = mann_whitney_exact(member, reference)
    if exact.p_value == exact.p_value:
        yield Printed("mann_whitney_exact_p", float(exact.p_value), f"{ORDER}.p_value")


@of_students
def corrected_wilcoxon_box(two: Seen) -> Printing:
    """R's wilcox.test: W, and P with continuity correction where values are tied."""
    member, reference = two.values
    tied = len(np.unique(two.all_values)) < len(two.all_values) or max(len(member), len(reference)) >= 50
    test = mann_whitney(member, reference, continuity_correction=True) if tied else mann_whitney_exact(*two.values)
    yield Printed("wilcox_w", float(u_statistic(member, reference)))
    yield Printed("wilcox_p", float(test.p_value), f"{ORDER}.p_value", marked=two.outcome.kind != "continuous")


@of_students
def rank_biserial_box(two: Seen) -> Printing:
    """U, its P, and the rank-biserial correlation."""
    member, reference = two.values
    u = u_statistic(member, reference)
    yield Printed(
        "mann_whitney_p", float(mann_whitney(*two.values, continuity_correction=True).p_value), f"{ORDER}.p_value"
    )
    yield Printed("rank_biserial", 2 * u / (len(member) * len(reference)) - 1, "estimates.cliffs_delta.estimate")


def crosstab_box(two: Seen) -> Printing:
    """The chi-square box of a 2 x 2 table, and the row that its users mark."""
    expected, n = expected_counts(two.table).min(), two.table.sum()
    chosen = "pearson_p" if n >= SIZE_OF_A_SMALL_TABLE and expected >= 5 else "continuity_p"
    chosen = "fisher_p" if n < SIZE_OF_A_SMALL_TABLE or expected < 1 else chosen
    tests = {"pearson": pearson_chi2, "continuity": yates_chi2, "likelihood": likelihood_ratio}
    for name, test in (tests | {"linear": linear_by_linear}).items():
        found = test(two.table)
        yield Printed(f"{name}_chi2", float(found.statistic))
        yield Printed(f"{name}_p", float(found.p_value), f"{SHARES}.p_value", marked=chosen == f"{name}_p")
    yield Printed("fisher_p", float(fisher(two.table).p_value), f"{SHARES}.p_value", marked=chosen == "fisher_p")
    yield Printed("expected_minimum", float(expected))
    yield Printed("phi", _phi(two.table))


def contingency_box(two: Seen) -> Printing:
    """JASP's chi-squared tests of a 2 x 2 table: without and with continuity correction, likelihood ratio, phi."""
    for name, test in (("pearson", pearson_chi2), ("continuity", yates_chi2), ("likelihood", likelihood_ratio)):
        found = test(two.table)
        yield Printed(f"{name}_chi2", float(found.statistic))
        yield Printed(f"{name}_p", float(found.p_value), f"{SHARES}.p_value", marked=name == "pearson")
    yield Printed("phi", _phi(two.table))


def risk_box(two: Seen) -> Printing:
    """The sample odds ratio with Woolf's limits, and the risk ratio with Katz's."""
    for name, measure, numbers in (
        ("odds", "odds_ratio", woolf_odds_ratio(two.table, two.conf_level)),
        ("risk", "risk_ratio", katz_risk_ratio(two.table, two.conf_level)),
    ):
        for part, column, value in zip(
            ("", "_low", "_high"), ("estimate", "conf_low", "conf_high"), numbers, strict=True
        ):
            yield Printed(f"{name}_ratio{part}", value, f"estimates.{measure}.{column}")


def corrected_chi2_box(two: Seen) -> Printing:
    """R's chisq.test and prop.test with continuity correction, and fisher.test."""
    found, exact = yates_chi2(two.table), odds_ratio(*_counts(two), conf_level=two.conf_level)
    yield Printed("continuity_chi2", float(found.statistic))
    yield Printed("continuity_p", float(found.p_value), f"{SHARES}.p_value", marked=True)
    low, high = corrected_share_difference(two.table, two.conf_level)
    yield Printed("prop_test_low", low, f"{SHARES}.conf_low")
    yield Printed("prop_test_high", high, f"{SHARES}.conf_high")
    yield Printed("fisher_p", float(fisher(two.table).p_value), f"{SHARES}.p_value")
    yield Printed("conditional_odds_ratio", float(exact.estimate), "estimates.odds_ratio.estimate")


def table_test_box(two: Seen) -> Printing:
    """R's chisq.test of groups by categories."""
    found = pearson_chi2(two.table)
    yield Printed("pearson_chi2", float(found.statistic), "tests.independence.statistic")
    yield Printed("pearson_p", float(found.p_value), "tests.independence.p_value", marked=True)


def categories_box(two: Seen) -> Printing:
    """The chi-square box of groups by categories."""
    where = "tests.independence.p_value" if two.outcome.kind == "nominal" else f"{ORDER}.p_value"
    for name, test in (("pearson", pearson_chi2), ("likelihood", likelihood_ratio)):
        found = test(two.table)
        yield Printed(f"{name}_chi2", float(found.statistic), "tests.independence.statistic")
        yield Printed(f"{name}_p", float(found.p_value), where, marked=name == "pearson" and where.startswith("tests"))
    if two.outcome.kind == "ordinal":
        trend = linear_by_linear(two.table)
        yield Printed("linear_chi2", float(trend.statistic))
        yield Printed("linear_p", float(trend.p_value), where)
    yield from strength_box(two)


def strength_box(two: Seen) -> Printing:
    """Cramér's V and the contingency coefficient."""
    statistic, n = pearson_chi2(two.table).statistic, two.table.sum()
    yield Printed("cramers_v", float(cramers_v(two.table).value), "quantities.cramers_v.value")
    yield Printed("contingency_coefficient", float(np.sqrt(statistic / (statistic + n))))


def poisson_box(two: Seen) -> Printing:
    """Poisson regression that takes the Poisson model for granted."""
    member, reference = two.rates
    ratio, p = poisson_model_ratio(member.events, member.exposure, reference.events, reference.exposure)
    yield Printed("poisson_ratio", ratio, "estimates.rate_ratio.estimate")
    yield Printed("poisson_p", p, "estimates.rate_ratio.p_value", marked=True)


def _t_row(name: str, found: Inference, marked: bool) -> Printing:
    for part, column in (("difference", "estimate"), ("t", "statistic"), ("df", "df")):
        yield Printed(f"{name}_{part}", float(getattr(found, column)), f"{MEANS}.{column}")
    yield Printed(f"{name}_p", float(found.p_value), f"{MEANS}.p_value", marked=marked)
    for part, column in (("se", "std_error"), ("low", "conf_low"), ("high", "conf_high")):
        yield Printed(f"{name}_{part}", float(getattr(found, column)), f"{MEANS}.{column}")


def _phi(table: np.ndarray) -> float:
    """Square root of chi square / n, with the sign of the association."""
    (a, b), (c, d) = table
    return float(np.sign(a * d - b * c) * np.sqrt(pearson_chi2(table).statistic / table.sum()))


def _counts(two: Seen) -> tuple[int, int, int, int]:
    (a, b), (c, d) = two.table.astype(int)
    return int(a), int(a + b), int(c), int(c + d)
