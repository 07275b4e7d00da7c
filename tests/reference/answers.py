"""Our numbers for each reference case, in the shape of its `expected` block."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from answers_adjusted import adjusted, ancova
from answers_categories import crossed, rates
from answers_changes import changes
from answers_clusters import clusters, groups_in_classes
from answers_glm import glm, merged, poisson, titanic_and_cps
from answers_ordinal import cumulative_logits, orders
from answers_regression import crossed as crossed_regression
from answers_regression import ordinary
from answers_sensitivity import partial_r2, sensitivity
from answers_several_groups import family, several_groups
from answers_two_waves import counted_waves, two_waves
from answers_waves import levels_of_clusters, repeated_measures, waves
from answers_within_classes import within_classes
from scipy.special import ndtri

from society_effects.stats.contingency import cramers_v, expected_counts, likelihood_ratio, linear_by_linear
from society_effects.stats.conventions import corrected_share_difference, katz_risk_ratio, woolf_odds_ratio
from society_effects.stats.differences import student, welch
from society_effects.stats.effect_sizes import cohen_d, d_average, hedges_correction, hedges_g
from society_effects.stats.equivalence import TwoOneSided, tost_means, tost_paired, tost_shares
from society_effects.stats.exact_sums import two_sided_sum_p, whole_scores
from society_effects.stats.inference import Inference, upper_tail_p
from society_effects.stats.moments import Moments, describe
from society_effects.stats.proportions import (
    fisher,
    odds_ratio,
    pearson_chi2,
    risk_difference,
    risk_ratio,
    two_by_two,
    wilson,
    yates_chi2,
)
from society_effects.stats.ranks import (
    brunner_munzel,
    hodges_lehmann,
    mann_whitney,
    mann_whitney_exact,
    probability_of_superiority,
    u_statistic,
)
from society_effects.stats.resampling import permutation_difference
from society_effects.stats.spreads import bartlett, levene

HERE = Path(__file__).parent


def answer(group: str, case: Mapping[str, Any]) -> dict[str, Any]:
    """What we say about a case; empty where it belongs to a design that does not exist yet."""
    args = case["args"]
    if group == "01_two_group_continuous":
        focal, reference = arms(case)
        return BY_KIND[case["id"].rsplit(".", 1)[-1]](focal, reference)
    if group == "02_summary_statistics":
        one, two = (Moments(args[f"n{i}"], args[f"mean{i}"], args[f"sd{i}"]) for i in (1, 2))
        return {"welch": t_block(welch(one, two)), "student": student_block(one, two), "effect": exact_d(one, two)}
    if group == "03_binary_ordinal_count" and {"a", "b", "c", "d"} <= set(args):
        return shares(args["a"], args["a"] + args["b"], args["c"], args["c"] + args["d"])
    if group == "03_binary_ordinal_count" and "rows" in args:
        return crossed(case, read(case))
    if case["id"] == "quine_days_eth.poisson":
        return merged(poisson(case, read(case)), rates(case, read(case)))
    if case["id"].endswith(".poisson"):
        return poisson(case, read(case))
    if group == "08_regression_adjustment_glm":
        return titanic_and_cps(case, read(case))
    if group == "32_glm":
        return glm(case, read(case))
    if case["id"] in ("wine_clm", "housing_polr"):
        return cumulative_logits(case, read(case))
    if group == "29_ordinal":
        return orders(case, read(case))
    if group == "04_k_groups":
        return several_groups(case, read(case))
    if group == "05_multiple_testing":
        return family(case)
    if group == "06_equivalence":
        return equivalence(case)
    if group == "07_pre_post_ancova":
        return ancova(case, read(case))
    if group in ("08_regression_adjustment_lin", "25_adjusted"):
        return adjusted(case, read(case))
    if group == "09_selection_adjustment_sensitivity":
        return sensitivity(case, None if case["data"] is None else read(case))
    if group == "30_sensitivity":
        return partial_r2(case, read(case))
    if group == "30_within_classes":
        return within_classes(case, read(case))
    if group == "08_regression_adjustment_clusters":
        return clusters(case, read(case))
    if group == "08_regression_adjustment_tables":
        return ordinary(case, read(case))
    if group == "31_regression":
        return crossed_regression(case, read(case))
    if group in ("10_did_its", "26_staggered"):
        return changes(case, read)
    if group in ("07_pre_post_waves", "11_multisite_meta_levels"):
        return (levels_of_clusters if "formula" in args else repeated_measures)(case, read(case))
    if group == "28_waves":
        return waves(case, read(case))
    if group == "07_pre_post_two_waves":
        return two_waves(case, None if case["data"] is None else read(case))
    if group == "24_two_waves":
        return counted_waves(case, read(case))
    if group == "20_clusters":
        return groups_in_classes(case, read(case))
    return {}


def arms(case: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The observed values of the focal and the reference group."""
    args = case["args"]
    data = read(case)
    group, values = data[args["group"]], data[args["outcome"]].map(float)
    return tuple(  # type: ignore[return-value]
        values[(group == str(args[role])) & values.notna()].to_numpy() for role in ("focal", "reference")
    )


def read(case: Mapping[str, Any]) -> pd.DataFrame:
    """The data as text, so that Python's own exact conversion makes the numbers of it."""
    return pd.read_csv(HERE / "data" / case["data"], dtype=str)


def t_block(found: Inference) -> dict[str, Any]:
    return {
        "diff": found.estimate,
        "se": found.std_error,
        "t": found.statistic,
        "df": found.df,
        "p_two_sided": found.p_value,
        "p_greater": upper_tail_p(found.statistic, found.df),
        "p_less": upper_tail_p(-found.statistic, found.df),
        "ci_low": found.conf_low,
        "ci_high": found.conf_high,
    }


def student_block(one: Moments, two: Moments) -> dict[str, Any]:
    found = student(one, two)
    return t_block(found) | {"pooled_sd": found.std_error / np.sqrt(1 / one.n + 1 / two.n)}


def t_case(focal: np.ndarray, reference: np.ndarray) -> dict[str, Any]:
    described = describe(np.r_[focal, reference], np.r_[np.zeros(len(focal), int), np.ones(len(reference), int)])
    one, two = described.moments(0), described.moments(1)
    one, two = (Moments(float(m.n[0]), float(m.mean[0]), float(m.sd[0])) for m in (one, two))
    wide = welch(one, two, conf_level=0.99)
    return {
        "n_focal": one.n,
        "n_reference": two.n,
        "mean_focal": one.mean,
        "mean_reference": two.mean,
        "sd_focal": one.sd,
        "sd_reference": two.sd,
        "median_focal": described.median[0, 0],
        "median_reference": described.median[0, 1],
        "welch": t_block(welch(one, two)),
        "student": t_block(student(one, two)),
        "welch_99": {"ci_low": wide.conf_low, "ci_high": wide.conf_high},
    }


def exact_d(one: Moments, two: Moments) -> dict[str, Any]:
    d, g = cohen_d(one, two), hedges_g(one, two)
    return {
        "cohen_d": d.estimate,
        "cohen_d_ci_low": d.conf_low,
        "cohen_d_ci_high": d.conf_high,
        "J": hedges_correction(one.n + two.n - 2),
        "hedges_g": g.estimate,
        "hedges_g_ci_low": g.conf_low,
        "hedges_g_ci_high": g.conf_high,
        "d_var_large_sample": d.std_error**2,
        "d_se_large_sample": d.std_error,
        "cohen_d_average_sd": d_average(one, two).estimate,
    }


def d_case(focal: np.ndarray, reference: np.ndarray) -> dict[str, Any]:
    one, two = Moments.of(focal), Moments.of(reference)
    d, g = cohen_d(one, two), hedges_g(one, two)
    effectsize = {
        "cohen_d": d.estimate,
        "cohen_d_ci": [d.conf_low, d.conf_high],
        "hedges_g": g.estimate,
        "hedges_g_ci": [g.conf_low, g.conf_high],
        "d_unpooled": d_average(one, two).estimate,
    }
    return {"exact": exact_d(one, two), "effectsize": effectsize}


def mann_whitney_case(focal: np.ndarray, reference: np.ndarray) -> dict[str, Any]:
    plain, corrected = (mann_whitney(focal, reference, continuity_correction=c) for c in (False, True))
    shift, exact = hodges_lehmann(focal, reference), mann_whitney_exact(focal, reference)
    both = np.r_[focal, reference]
    counted = {"p": exact.p_value, "ci_low": shift.conf_low, "ci_high": shift.conf_high}
    return {
        "W": u_statistic(focal, reference),
        "ties": len(np.unique(both)) < len(both),
        "asymptotic": {"p": plain.p_value, "z": plain.statistic},
        "asymptotic_cc": {"p": corrected.p_value},
        "median_of_pairwise_differences": shift.estimate,
        "rank_biserial": 2 * probability_of_superiority(focal, reference).estimate - 1,
        "exact": counted | {"hl": shift.estimate},
        "exact_ties": counted,
    }


def dominance_case(focal: np.ndarray, reference: np.ndarray) -> dict[str, Any]:
    found = brunner_munzel(focal, reference)
    return {
        "cliff": {"delta": 2 * found.estimate - 1, "auc_vda": found.estimate},
        "brunner_munzel": {
            "statistic": found.statistic,
            "df": found.df,
            "p_two_sided": found.p_value,
            "p_x_lt_y": found.estimate,
            "se": found.std_error,
            "ci_low": found.conf_low,
            "ci_high": found.conf_high,
        },
    }


def permutation_case(focal: np.ndarray, reference: np.ndarray) -> dict[str, Any]:
    both = np.r_[focal, reference]
    scores = whole_scores(both)
    assert scores is not None
    _, greater = two_sided_sum_p(scores, np.arange(len(both)) < len(focal))
    two_sided = permutation_difference(focal, reference, studentised=False)
    return {"p_exact_two_sided": two_sided.p_value, "p_exact_greater": greater}


def shares(events: int, n: int, reference_events: int, reference_n: int) -> dict[str, Any]:
    counts = (events, n, reference_events, reference_n)
    table = two_by_two(*counts)
    chi2, yates, odds = pearson_chi2(table), yates_chi2(table), odds_ratio(*counts)
    difference = risk_difference(*counts)
    limits = [odds.conf_low, odds.conf_high]
    v, ratio = cramers_v(table), likelihood_ratio(table)
    return {
        "expected_min": expected_counts(table).min(),
        "g_test": ratio.statistic,
        "g_test_p": ratio.p_value,
        "phi": v.value,
        "cramers_v_effectsize": {"v": v.value, "ci_two_sided": [v.conf_low, v.conf_high]},
        "chi2": chi2.statistic,
        "chi2_p": chi2.p_value,
        "chi2_yates": yates.statistic,
        "chi2_yates_p": yates.p_value,
        "fisher_p": fisher(table).p_value,
        "fisher_or_conditional_mle": odds.estimate,
        "fisher_or_ci": limits,
        "conditional_or_precise": {"mle": odds.estimate, "ci_low": limits[0], "ci_high": limits[1]},
        "rd": difference.estimate,
        "rd_newcombe_ci": [difference.conf_low, difference.conf_high],
        "wilson_focal": list(wilson(events, n)),
        "wilson_reference": list(wilson(reference_events, reference_n)),
        "rr": risk_ratio(*counts).estimate,
        "phi_signed": difference.statistic / np.sqrt(n + reference_n),
        **printed_by_others(counts),
    }


def printed_by_others(counts: tuple[int, int, int, int]) -> dict[str, Any]:
    """What other programs print and this library only shows beside its own numbers (reconciliation)."""
    table = two_by_two(*counts)
    odds, risks = woolf_odds_ratio(table), katz_risk_ratio(table)
    wald, z = tost_shares(*counts, -0.5, 0.5, alpha=0.025).difference, ndtri(0.975)
    return {
        "or": odds[0],
        "or_ci_low": odds[1],
        "or_ci_high": odds[2],
        "log_or_se": np.log(odds[2] / odds[0]) / z,
        "rr_ci_low": risks[1],
        "rr_ci_high": risks[2],
        "log_rr_se": np.log(risks[2] / risks[0]) / z,
        "n_minus_1_chi2": linear_by_linear(table).statistic,
        "rd_wald_se": wald.std_error,
        "rd_wald_ci": np.clip([wald.conf_low, wald.conf_high], -1, 1).tolist(),
        "rd_wald_ci_cc": list(corrected_share_difference(table)),
    }


def equivalence(case: Mapping[str, Any]) -> dict[str, Any]:
    args = case["args"]
    margins = (args["low"], args["high"])
    if "x1" in args:
        return tost_block(tost_shares(args["x1"], args["n1"], args["x2"], args["n2"], *margins))
    if "pre" in args:
        pre, post = (read(case)[args[wave]].map(float) for wave in ("pre", "post"))
        return tost_block(tost_paired(pre, post, *margins))
    one, two = (Moments.of(v) for v in arms(case))
    both = {name: tost_means(one, two, *margins, equal_variances=name == "student") for name in ("welch", "student")}
    return {name: tost_block(found) for name, found in both.items()}


def tost_block(found: TwoOneSided) -> dict[str, Any]:
    return {
        "estimate": found.difference.estimate,
        "se": found.difference.std_error,
        "df": found.difference.df,
        "t_lower": found.statistic_lower,
        "p_lower": found.p_lower,
        "t_upper": found.statistic_upper,
        "p_upper": found.p_upper,
        "p_tost": found.p_value,
        "ci90_low": found.difference.conf_low,
        "ci90_high": found.difference.conf_high,
    }


def assumptions_case(focal: np.ndarray, reference: np.ndarray) -> dict[str, Any]:
    values, codes = np.concatenate([focal, reference]), np.repeat([0, 1], [len(focal), len(reference)])
    blocks: dict[str, Any] = {}
    for name, found in (("levene_mean", levene(values, codes)), ("brown_forsythe", levene(values, codes, "median"))):
        blocks[name] = {"F": found.statistic, "df1": found.df1, "df2": found.df2, "p": found.p_value}
    equal = bartlett(values, codes)
    return blocks | {"bartlett": {"K2": equal.statistic, "p": equal.p_value}}


BY_KIND = {
    "t": t_case,
    "d": d_case,
    "mwu": mann_whitney_case,
    "dominance": dominance_case,
    "perm": permutation_case,
    "assumptions": assumptions_case,
}
