"""Our numbers for two waves of the same students (groups 07 and 24)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from society_effects.stats.effect_sizes import hedges_correction
from society_effects.stats.inference import two_sided_p
from society_effects.stats.moments import Moments
from society_effects.stats.paired_differences import (
    PairedMoments,
    clustered_change,
    correlation,
    d_av,
    d_rm,
    d_z,
    paired_t,
    sign_flip,
)
from society_effects.stats.paired_orders import paired_superiority
from society_effects.stats.paired_shares import (
    PairedCounts,
    mcnemar,
    mcnemar_chi2,
    mcnemar_exact,
    paired_odds_ratio,
    paired_risk_difference,
)
from society_effects.stats.reliable_change import reliable_change
from society_effects.stats.sign_flips import changes
from society_effects.stats.signed_rank import pseudo_median, sign_test, signed_rank, signed_rank_exact

Block = dict[str, Any]


def two_waves(case: Mapping[str, Any], data: pd.DataFrame | None) -> Block:
    """Our answer to a case of group 07."""
    args = case["args"]
    if data is None:
        return mcnemar_case(PairedCounts(args["a_yes_yes_or_first"], args["b"], args["c"], args["d"]))
    if args.get("filter"):
        data = data[data[args["filter"]["col"]] == args["filter"]["value"]]
    first, last = (data[args[wave]].map(float).to_numpy() for wave in ("pre", "post"))
    if "reliability" in args:
        return reliable_case(first, last, args["reliability"])
    return {"t": t_case, "signedrank": ranks_case}[case["id"].rsplit(".", 1)[-1]](first, last)


def t_case(first: np.ndarray, last: np.ndarray) -> Block:
    pairs = PairedMoments.of(first, last)
    found, z, av, rm = (measure(pairs) for measure in (paired_t, d_z, d_av, d_rm))
    j = float(hedges_correction(found.df))
    return {
        "n": pairs.n,
        "mean_pre": Moments.of(first).mean,
        "mean_post": Moments.of(last).mean,
        "sd_pre": pairs.sd_first,
        "sd_post": pairs.sd_last,
        "r": correlation(pairs).value,
        "diff": found.estimate,
        "sd_diff": pairs.sd_change,
        "se": found.std_error,
        "t": found.statistic,
        "df": found.df,
        "p_two_sided": found.p_value,
        "ci_low": found.conf_low,
        "ci_high": found.conf_high,
        "dz": z.estimate,
        "dz_ci_low": z.conf_low,
        "dz_ci_high": z.conf_high,
        "gz": j * z.estimate,
        "dav": av.estimate,
        "gav": j * av.estimate,
        "drm": rm.estimate,
        "grm": j * rm.estimate,
        "effectsize": {
            "d": z.estimate,
            "d_ci": [z.conf_low, z.conf_high],
            "g": j * z.estimate,
            "g_ci": [j * z.conf_low, j * z.conf_high],
        },
    }


def ranks_case(first: np.ndarray, last: np.ndarray) -> Block:
    change = changes(first, last)
    exact, shift = signed_rank_exact(first, last, zeros="dropped"), pseudo_median(first, last)
    n, pratt = int(np.sum(change != 0)), signed_rank(first, last)
    return {
        "V_plus": exact.statistic,
        "n_nonzero": n,
        "n_zero": int(np.sum(change == 0)),
        "ties": len(np.unique(np.abs(change))) < len(change),
        "asymptotic_p": signed_rank(first, last, zeros="dropped").p_value,
        "asymptotic_cc_p": signed_rank(first, last, zeros="dropped", continuity_correction=True).p_value,
        "hodges_lehmann_walsh_all": shift.estimate,
        "hodges_lehmann_walsh_nonzero": pseudo_median(first, last, zeros="dropped").estimate,
        "rank_biserial_matched": 4 * exact.statistic / (n * (n + 1)) - 1,
        "sign_test_p": sign_test(first, last).p_value,
        "exact_ties_zeros_dropped_p": exact.p_value,
        "pratt": {"z": pratt.statistic, "p": pratt.p_value},
    }


def mcnemar_case(counts: PairedCounts) -> Block:
    plain, corrected = (mcnemar_chi2(counts, continuity_correction=c) for c in (False, True))
    odds = paired_odds_ratio(counts)
    return {
        "chi2": plain.statistic,
        "p": plain.p_value,
        "chi2_cc": corrected.statistic,
        "p_cc": corrected.p_value,
        "exact_p": mcnemar_exact(counts).p_value,
        "mid_p": mcnemar(counts).p_value,
        "odds_ratio": odds.estimate,
        "or_ci_exact": [odds.conf_low, odds.conf_high],
        "n": counts.n,
        "risk_difference": paired_risk_difference(counts).estimate,
    }


def reliable_case(first: np.ndarray, last: np.ndarray, reliability: float) -> Block:
    found = reliable_change(first, last, reliability=reliability)
    return {
        "sem": found.error / np.sqrt(2),
        "s_diff": found.error,
        "rci_first": found.index[:10].tolist(),
        "n_improved": found.rose,
        "n_deteriorated": found.fell,
        "n_no_change": found.unchanged,
        "smallest_reliable_change": found.smallest,
    }


def counted_waves(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a case of group 24."""
    args = case["args"]
    columns = data[[args["first"], args["last"]]].map(float)
    seen = columns.notna().all(axis=1)
    rows = slice(None if args["rows"] is None else int(args["rows"]))
    first, last = columns[seen].to_numpy()[rows].T
    r, pratt, shift = correlation(PairedMoments.of(first, last)), signed_rank(first, last), pseudo_median(first, last)
    narrow, exact = pseudo_median(first, last, conf_level=0.9), signed_rank_exact(first, last)
    block: Block = {
        "n": len(first),
        "r": {"value": r.value, "ci_low": r.conf_low, "ci_high": r.conf_high},
        "pratt": {"z": pratt.statistic, "p": pratt.p_value},
        "dropped_p": signed_rank(first, last, zeros="dropped").p_value,
        "dropped_corrected_p": signed_rank(first, last, zeros="dropped", continuity_correction=True).p_value,
        "sign_test_p": sign_test(first, last).p_value,
        "superiority": superiority_block(first, last),
        "pratt_exact_p": exact.p_value,
        "dropped_exact_p": signed_rank_exact(first, last, zeros="dropped").p_value,
        "signs_exact_p": sign_flip(first, last).p_value,
        "untied": {
            "V": exact.statistic,
            "p": shift.p_value,
            "estimate": shift.estimate,
            "ci_low": shift.conf_low,
            "ci_high": shift.conf_high,
            "ci90_low": narrow.conf_low,
            "ci90_high": narrow.conf_high,
        },
    }
    if args["cluster"] is not None:
        found = clustered_change(first, last, data[args["cluster"]][seen].to_numpy()[rows])
        names = {"se": "std_error", "t": "statistic", "p": "p_value", "ci_low": "conf_low", "ci_high": "conf_high"}
        block["classes"] = {"estimate": found.estimate, "df": found.df}
        block["classes"] |= {name: getattr(found, field) for name, field in names.items()}
    if args["above"] is not None:
        block["shares"] = shares_block(PairedCounts.of(first > args["above"], last > args["above"]))
    return block


def superiority_block(first: np.ndarray, last: np.ndarray) -> Block:
    found = paired_superiority(first, last)
    return {
        "estimate": found.estimate,
        "se_logit": found.std_error,
        "t": found.statistic,
        "p_t": two_sided_p(found.statistic, len(first) - 1),
        "ci_low": found.conf_low,
        "ci_high": found.conf_high,
    }


def shares_block(counts: PairedCounts) -> Block:
    found = paired_risk_difference(counts)
    return {
        "counts": {name: getattr(counts, name) for name in ("both", "gained", "lost", "neither")},
        "exact": mcnemar_exact(counts).p_value,
        "mid_p": mcnemar(counts).p_value,
        "difference": found.estimate,
        "newcombe": [found.conf_low, found.conf_high],
    }
