"""Findings made by hand: one comparison whose interval lies where a test wants it."""

import numpy as np

from society_effects.findings.checks import Check
from society_effects.findings.findings import Findings
from society_effects.findings.labels import Labels
from society_effects.findings.measures import MEASURES

START = {"description": "F", "association": "E", "adjusted_association": "D", "effect": "B"}
NUMBERS = {
    # family: {position: (estimate, low, high)}, on the natural scale
    "difference": {"above": (4.0, 2.3317, 5.6683), "below": (-4.0, -5.6683, -2.3317), "includes": (1.1, -1.2, 3.4)},
    "standardised": {"above": (0.44, 0.26, 0.63), "below": (-0.44, -0.63, -0.26), "includes": (0.1, -0.12, 0.34)},
    "superiority": {"above": (0.63, 0.56, 0.69), "below": (0.37, 0.31, 0.44), "includes": (0.52, 0.45, 0.58)},
    "share_difference": {
        "above": (0.2, 0.0528, 0.3382),
        "below": (-0.2, -0.3382, -0.0528),
        "includes": (0.05, -0.1, 0.2),
    },
    "ratio": {"above": (1.65, 1.1, 2.48), "below": (0.61, 0.4, 0.91), "includes": (1.1, 0.8, 1.52)},
}
NUMBERS |= dict.fromkeys(("change", "adjusted_difference", "changes", "slope", "slopes"), NUMBERS["difference"])
NUMBERS |= {"standardised_change": NUMBERS["standardised"], "later_higher": NUMBERS["superiority"]}
NUMBERS |= {"ratio_of_change": NUMBERS["ratio"]}
WITHIN = ("change", "standardised_change", "ratio_of_change", "later_higher", "slope")
"""Families of what is found within one group."""
METHODS = {"difference": ("welch", "t", 209.2061), "share_difference": ("pearson_chi2", "chi2", 1.0)}


def row(measure, where, outcome="osce", **changes):
    """One row of ``estimates`` whose interval lies at this position."""
    family, null = MEASURES[measure].family, MEASURES[measure].null_value
    numbers = NUMBERS["share_difference" if MEASURES[measure].of_shares else family]
    estimate, low, high = numbers[where if where in numbers else "above"]
    p = 0.21 if where in ("includes", "discordant") else 4.2e-6
    if where in ("undefined", "absent"):
        low = high = p = np.nan
    if where == "untested":
        p = np.nan
    method, name, df = METHODS.get(family, ("bonett", "z", np.nan))
    base = {
        "design": "member_comparison",
        "outcome": outcome,
        "measure": measure,
        "estimand": "diff",
        "group": "yes",
        "reference": "no",
        "primary": True,
        "estimate": np.nan if where == "absent" else estimate,
        "std_error": 0.85,
        "df": df,
        "statistic_name": name,
        "statistic": 4.7267,
        "p_value": p,
        "conf_low": low,
        "conf_high": high,
        "conf_level": 0.95,
        "p_adjusted": 0.08 if where == "adjusted_away" else np.nan,
        "null_value": null,
        "n": 667,
        "n_group": 120,
        "n_reference": 547,
        "method": method,
    }
    if MEASURES[measure].over != "scores" or measure.startswith("adjusted_"):
        base |= {"wave": "after", "reference_wave": "before"}
    if family in WITHIN:
        base |= {"reference": None, "n_reference": None}
    return base | changes


def table(rows):
    """Rows as a table."""
    return {name: [r.get(name) for r in rows] for name in dict.fromkeys(k for r in rows for k in r)}


def groups(outcomes, binary=False):
    """Both groups described on these outcomes."""
    described = {"kind": "binary" if binary else "continuous"}
    rows = []
    for outcome in outcomes:
        for group, n, mean, sd, events in (("yes", 120, 82.0, 8.0, 96), ("no", 547, 78.0, 10.0, 328)):
            values = {"events": events, "share": events / n} if binary else {"mean": mean, "sd": sd} | _middle(mean)
            rows.append({"outcome": outcome, "group": group, "n": n, "missing": 3, **values, **described})
    return table(rows)


def _middle(mean):
    """Medians, quartiles and trimmed means that are not the mean, so that a sentence cannot mistake one for another."""
    return {"median": mean - 1, "q1": mean - 6, "q3": mean + 5, "trimmed_mean": mean - 0.5}


def labels(*outcomes):
    """Display names in both languages."""
    return Labels(
        group_name={"en": "Society", "zh": "社团"},
        outcomes={o: {"en": f"{o} score", "zh": f"{o} 成绩"} for o in outcomes},
        levels={"yes": {"en": "members", "zh": "社团组"}, "no": {"en": "non-members", "zh": "非社团组"}},
        units={o: {"en": "points", "zh": "分"} for o in outcomes},
        waves={"before": {"en": "before", "zh": "前测"}, "after": {"en": "after", "zh": "后测"}},
    )


def findings(rows, claim="association", frames=("estimates", "groups"), checks=(), **rest):
    """Findings of a comparison with these rows."""
    outcomes = list(dict.fromkeys(r["outcome"] for r in rows))
    binary = MEASURES[rows[0]["measure"]].family in ("share_difference", "ratio")
    tables = {"estimates": table(rows), "groups": groups(outcomes, binary)}
    provenance = {"versions": {"society-effects": "0.1.0", "python": "3.11.7"}, "data_hash": "abc"}
    return Findings.of(
        "member_comparison",
        {name: tables[name] for name in frames},
        checks=tuple(checks),
        labels=labels(*outcomes),
        start_grade=START[claim],
        provenance=provenance | rest.pop("provenance", {}),
        settings={"design": "member_comparison", "conf_level": 0.95},
        **rest,
    )


def simulated(rows, **rest):
    """The same, from simulated data."""
    source = {"simulated": True, "source": {"seed": 20260206}}
    return findings(rows, provenance=source, checks=(Check("SIMULATED"),), **rest)
