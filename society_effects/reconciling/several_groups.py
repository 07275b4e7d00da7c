"""What programs print for several groups: the tests of all of them, and the pairs after them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..stats.anova import one_way
from ..stats.contingency import expected_counts, likelihood_ratio, linear_by_linear
from ..stats.conventions import student_newman_keuls
from ..stats.multiplicity import adjusted
from ..stats.several_means import (
    brown_forsythe_means,
    games_howell,
    omega_squared,
    pooled_t,
    tukey_kramer,
    welch_anova,
)
from ..stats.several_ranks import dunn, kruskal_wallis
from ..stats.two_by_two import pearson_chi2
from .comparison import Printed, Printing, Seen, of_students

ALL = "tests.omnibus"


def anova_box(groups: Seen) -> Printing:
    """The table of the one-way analysis of variance."""
    table = one_way(groups.all_values, groups.codes)
    for name in ("ss_between", "ss_within", "df_between", "df_within", "ms_between", "ms_within"):
        yield Printed(f"anova_{name}", float(getattr(table, name)))
    yield Printed("anova_f", float(table.test.statistic), f"{ALL}.statistic")
    yield Printed("anova_p", float(table.test.p_value), f"{ALL}.p_value", marked=True)


def robust_anova_box(groups: Seen) -> Printing:
    """The tests of Welch and of Brown and Forsythe."""
    for name, test in (("welch", welch_anova), ("brown_forsythe", brown_forsythe_means)):
        robust = test(groups.together)
        yield Printed(f"{name}_f", float(robust.statistic), f"{ALL}.statistic")
        yield Printed(f"{name}_df2", float(robust.df2), f"{ALL}.df2")
        yield Printed(f"{name}_p", float(robust.p_value), f"{ALL}.p_value")


def oneway_box(groups: Seen) -> Printing:
    """R's oneway.test: Welch's F."""
    found = welch_anova(groups.together)
    yield Printed("welch_f", float(found.statistic), f"{ALL}.statistic")
    yield Printed("welch_df2", float(found.df2), f"{ALL}.df2")
    yield Printed("welch_p", float(found.p_value), f"{ALL}.p_value", marked=True)


def omega_box(groups: Seen) -> Printing:
    """Omega squared."""
    found = omega_squared(one_way(groups.all_values, groups.codes))
    yield Printed("omega_squared", float(found.value), "quantities.omega_squared.value")


@of_students
def kruskal_box(groups: Seen) -> Printing:
    """Kruskal and Wallis's H."""
    found = kruskal_wallis(groups.all_values, groups.codes)
    ordinal = groups.outcome.kind == "ordinal"
    yield Printed("kruskal_h", float(found.statistic), f"{ALL}.statistic" if ordinal else None)
    yield Printed("kruskal_p", float(found.p_value), f"{ALL}.p_value", marked=groups.outcome.kind != "continuous")


def table_test_box(groups: Seen) -> Printing:
    """R's chisq.test of groups by categories."""
    where = "tests.independence" if groups.outcome.kind == "nominal" else ALL
    found = pearson_chi2(groups.table)
    yield Printed("pearson_chi2", float(found.statistic), f"{where}.statistic")
    yield Printed("pearson_p", float(found.p_value), f"{where}.p_value", marked=True)


def table_box(groups: Seen) -> Printing:
    """The chi-square box of groups by categories."""
    where = "tests.independence" if groups.outcome.kind == "nominal" else ALL
    for name, test in (("pearson", pearson_chi2), ("likelihood", likelihood_ratio), ("linear", linear_by_linear)):
        if name == "linear" and groups.outcome.kind == "nominal":
            continue
        found = test(groups.table)
        alike = name == "pearson" and groups.outcome.kind != "ordinal"
        yield Printed(f"{name}_chi2", float(found.statistic), f"{where}.statistic" if alike else None)
        yield Printed(f"{name}_p", float(found.p_value), f"{where}.p_value", marked=alike)
    yield Printed("expected_minimum", float(expected_counts(groups.table).min()))


def spss_pairs(groups: Seen) -> dict[tuple[int, int], list[Printed]]:
    """The post hoc tests of means: LSD, Bonferroni, SNK, Tukey, Games-Howell, and Dunn's after Kruskal-Wallis."""
    places = _pairs(groups)
    lsd = [pooled_t(groups.moments, g, r).p_value for g, r in places]
    analysis = one_way(groups.all_values, groups.codes)
    steps = student_newman_keuls(groups.together.mean, groups.together.n, analysis.ms_within, analysis.df_within)
    columns = {
        "lsd_p": lsd,
        "bonferroni_p": adjusted(lsd, "bonferroni"),
        "snk_p": [steps[g, r] for g, r in places],
        "tukey_p": [found.p_adjusted for found in tukey_kramer(groups.together, places)],
        "games_howell_p": [found.p_adjusted for found in games_howell(groups.together, places)],
    }
    if groups.in_full:
        raw = [found.p_value for found in dunn(groups.all_values, groups.codes, places)]
        columns["dunn_p"] = adjusted(raw, "bonferroni")
    row = "estimates.rate_ratio" if groups.outcome.kind == "count" else "estimates.mean_difference"
    return _of_pairs(places, columns, row, marked="lsd_p")


def r_pairs(groups: Seen) -> dict[tuple[int, int], list[Printed]]:
    """R's pairwise.t.test (pooled, Holm) and TukeyHSD."""
    places = _pairs(groups)
    raw = [pooled_t(groups.moments, g, r).p_value for g, r in places]
    tukey = [found.p_adjusted for found in tukey_kramer(groups.together, places)]
    columns = {"pairwise_t_p": adjusted(raw, "holm"), "tukey_p": tukey}
    return _of_pairs(places, columns, "estimates.mean_difference", marked="pairwise_t_p")


def tukey_pairs(groups: Seen) -> dict[tuple[int, int], list[Printed]]:
    """Tukey's honestly significant differences."""
    places = _pairs(groups)
    tukey = [found.p_adjusted for found in tukey_kramer(groups.together, places)]
    return _of_pairs(places, {"tukey_p": tukey}, "estimates.mean_difference", marked="tukey_p")


def rank_pairs(groups: Seen) -> dict[tuple[int, int], list[Printed]]:
    """Dunn's tests after Kruskal-Wallis, with Bonferroni's correction."""
    places = _pairs(groups)
    raw = [found.p_value for found in dunn(groups.all_values, groups.codes, places)]
    columns = {"dunn_p": adjusted(raw, "bonferroni")}
    return _of_pairs(places, columns, "estimates.probability_of_superiority", marked="dunn_p")


def _of_pairs(
    places: list[tuple[int, int]], columns: Mapping[str, object], row: str, marked: str
) -> dict[tuple[int, int], list[Printed]]:
    return {
        place: [
            Printed(item, float(np.asarray(p_values)[i]), f"{row}.p_value", marked=item == marked)
            for item, p_values in columns.items()
        ]
        for i, place in enumerate(places)
    }


def _pairs(groups: Seen) -> list[tuple[int, int]]:
    """All pairs, the later group first."""
    k = len(groups.levels)
    return [(g, r) for g in range(k) for r in range(g)]
