"""Our numbers for several groups (group 04) and for families of P values (group 05)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from society_effects.stats.anova import one_way
from society_effects.stats.differences import welch
from society_effects.stats.inference import TestResult
from society_effects.stats.moments import Moments
from society_effects.stats.multiplicity import METHODS, adjusted, holm
from society_effects.stats.ranks import mann_whitney
from society_effects.stats.several_means import (
    brown_forsythe_means,
    games_howell,
    noncentrality_of_f,
    omega_squared,
    pooled_t,
    tukey_kramer,
    welch_anova,
)
from society_effects.stats.several_ranks import dunn, kruskal_wallis
from society_effects.stats.spreads import bartlett, fligner, levene
from society_effects.stats.trends import jonckheere, trend_of_means

Block = dict[str, Any]


def several_groups(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a case of group 04."""
    args = case["args"]
    levels = [str(level) for level in args["levels"]]
    seen = data[args["outcome"]].notna() & data[args["group"]].isin(levels)
    values = data.loc[seen, args["outcome"]].map(float).to_numpy()
    codes = data.loc[seen, args["group"]].map(levels.index).to_numpy()
    return BY_KIND[case["id"].rsplit(".", 1)[-1]](values, codes, levels, args)


def family(case: Mapping[str, Any]) -> Block:
    """Our answer to a case of group 05."""
    raw = [np.nan if p is None else p for p in case["args"]["p"]]
    return {name: adjusted(raw, name).tolist() for name in METHODS} | {"holm": holm(raw).tolist()}


def _anova(values: np.ndarray, codes: np.ndarray, levels: Sequence[str], _: Any) -> Block:
    moments, table = _moments(values, codes, len(levels)), one_way(values, codes)
    kruskal, homogeneous, ranked = kruskal_wallis(values, codes), bartlett(values, codes), fligner(values, codes)
    return {
        **{name: dict(zip(levels, getattr(moments, name).tolist(), strict=True)) for name in ("n", "mean", "sd")},
        "anova": _f(table.test) | {"ss_between": table.ss_between, "ss_within": table.ss_within},
        "welch": _f(welch_anova(moments)),
        "brown_forsythe_means": _f(brown_forsythe_means(moments)),
        "kruskal": {"H": kruskal.statistic, "df": kruskal.df1, "p": kruskal.p_value},
        "levene_median": _f(levene(values, codes, "median")),
        "levene_mean": _f(levene(values, codes)),
        "bartlett": {"K2": homogeneous.statistic, "p": homogeneous.p_value},
        "fligner": {"chi2": ranked.statistic, "p": ranked.p_value},
    }


def _effects(values: np.ndarray, codes: np.ndarray, *_: Any) -> Block:
    table = one_way(values, codes)
    f, df1, df2 = table.test.statistic, table.df_between, table.df_within
    ncp = {level: [noncentrality_of_f(f, df1, df2, p) for p in tails] for level, tails in TAILS.items()}
    found = omega_squared(table)
    h, n = kruskal_wallis(values, codes).statistic, len(values)
    return {
        "eta2": table.r_squared,
        "omega2": found.value,
        "epsilon2": df1 * (f - 1) / (df1 * f + df2),
        "cohen_f": np.sqrt(table.r_squared / (1 - table.r_squared)),
        "ncp_ci95": ncp["95"],
        "ncp_ci90": ncp["90"],
        "eta2_ci95_N": [found.conf_low, found.conf_high],
        "eta2_ci90_N": [v / (v + n) for v in ncp["90"]],
        "effectsize": {"eta2": table.r_squared, "omega2": found.value, "epsilon2": df1 * (f - 1) / (df1 * f + df2)},
        "rank_epsilon2": h / (n - 1),
        "eta2_H": (h - df1) / df2,
    }


TAILS = {"95": (0.975, 0.025), "90": (0.95, 0.05)}


def _posthoc(values: np.ndarray, codes: np.ndarray, levels: Sequence[str], _: Any) -> Block:
    moments, pairs = _moments(values, codes, len(levels)), _pairs(levels)
    block: Block = {"tukey": {}, "games_howell": {}}
    for name, found in zip(pairs, tukey_kramer(moments, list(pairs.values())), strict=True):
        block["tukey"][name] = {"diff": found.inference.estimate} | _simultaneous(found)
    for name, found in zip(pairs, games_howell(moments, list(pairs.values())), strict=True):
        own = found.inference
        numbers = {"diff": own.estimate, "se": own.std_error, "t": own.statistic, "df": own.df}
        block["games_howell"][name] = numbers | _simultaneous(found)
    return block


def _simultaneous(found: Any) -> Block:
    return {"p": found.p_adjusted, "ci_low": found.simultaneous_low, "ci_high": found.simultaneous_high}


def _pairwise(values: np.ndarray, codes: np.ndarray, levels: Sequence[str], _: Any) -> Block:
    moments, pairs = _moments(values, codes, len(levels)), _pairs(levels)
    each = [Moments(*(getattr(moments, name)[i] for name in ("n", "mean", "sd"))) for i in range(len(levels))]
    arms = [values[codes == i] for i in range(len(levels))]
    z = dict(zip(pairs, dunn(values, codes, list(pairs.values())), strict=True))
    p_values = {
        "t_pooled": [pooled_t(each, g, r).p_value for g, r in pairs.values()],
        "t_welch": [welch(each[g], each[r]).p_value for g, r in pairs.values()],
        "wilcox": [mann_whitney(arms[g], arms[r], continuity_correction=True).p_value for g, r in pairs.values()],
        "dunn": [found.p_value for found in z.values()],
    }
    block: Block = {test: _families(list(pairs), raw) for test, raw in p_values.items()}
    block["dunn"]["z"] = {name: found.statistic for name, found in z.items()}
    return block


def _families(names: Sequence[str], raw: Sequence[float]) -> Block:
    by_method = {"none": raw} | {m: adjusted(raw, m) for m in ("bonferroni", "holm", "BH")}
    return {method: dict(zip(names, map(float, p), strict=True)) for method, p in by_method.items()}


def _trend(values: np.ndarray, codes: np.ndarray, levels: Sequence[str], args: Mapping[str, Any]) -> Block:
    contrast = trend_of_means(_moments(values, codes, len(levels)), args["scores"])
    ordered = jonckheere(values, codes)
    return {
        "contrast": {"estimate": contrast.estimate},
        "jonckheere": {"z": ordered.statistic, "p_two_sided": ordered.p_value},
    }


def _moments(values: np.ndarray, codes: np.ndarray, k: int) -> Moments:
    arms = [Moments.of(values[codes == i]) for i in range(k)]
    return Moments(*(np.array([getattr(arm, name) for arm in arms]) for name in ("n", "mean", "sd")))


def _pairs(levels: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Later minus earlier level, as the cases name them."""
    return {f"{levels[j]} - {levels[i]}": (j, i) for i, j in combinations(range(len(levels)), 2)}


def _f(found: TestResult) -> Block:
    return {"F": found.statistic, "df1": found.df1, "df2": found.df2, "p": found.p_value}


BY_KIND: dict[str, Callable[..., Block]] = {
    "anova": _anova,
    "effects": _effects,
    "posthoc": _posthoc,
    "pairwise": _pairwise,
    "trend": _trend,
}
