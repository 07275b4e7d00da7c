"""Students who chose to join, with covariates from before, and outcomes of every kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

import society_effects as se

BLOCKS = {"demographics": ["sex", "year"], "prior_achievement": ["prior"], "motivation": ["motivation"]}
ALL_BEFORE = se.About(assignment="self-selected", covariates_before_joining="all", examiners_blind=True)


def students(n: int = 240, seed: int = 1, gain: float = 3.0) -> pd.DataFrame:
    """A table: membership depends on prior scores and motivation, and so do the outcomes."""
    rng = np.random.default_rng(seed)
    able, keen = rng.normal(size=n), rng.normal(size=n)
    member = rng.random(n) < 1 / (1 + np.exp(0.8 - 0.4 * able - 0.4 * keen))
    score = 70 + 6 * able + 3 * keen + gain * member + rng.normal(0, 6, n)
    return pd.DataFrame(
        {
            "student": [f"S{k:03d}" for k in range(n)],
            "society": np.where(member, "yes", "no"),
            "sex": rng.choice(["F", "M"], n),
            "year": rng.choice([3, 4, 5], n),
            "prior": (70 + 8 * able + rng.normal(0, 3, n)).round(1),
            "motivation": (35 + 6 * keen + rng.normal(0, 3, n)).round(),
            "osce": score.round(1),
            "passed": (score > 70).astype(int),
            "rating": np.digitize(score, [64, 70, 76]),
            "papers": rng.poisson(np.exp(-0.3 + 0.3 * able + 0.3 * member)),
            "class": rng.integers(0, 12, n),
        }
    )


def study(table: pd.DataFrame | None = None, outcomes: Any = ("osce",), **roles: Any) -> se.Study:
    """The study of this table: its covariates in blocks, measured before anybody joined."""
    given = {"group": "society", "unit": "student", "covariates": BLOCKS, "about": ALL_BEFORE, "outcomes": outcomes}
    return se.Study(students() if table is None else table, **(given | roles))


def every_kind() -> list[Any]:
    """A score, a yes-or-no outcome, ordered categories and a count."""
    return ["osce", "passed", se.Outcome("rating", kind="ordinal"), se.Outcome("papers", kind="count")]


def row(result: se.Result, measure: str, outcome: str = "osce", **keys: Any) -> pd.Series:
    """The one row of the estimates with these keys, of the whole group unless a subgroup is named."""
    rows = result.estimates
    rows = rows[(rows["measure"] == measure) & (rows["outcome"] == outcome)]
    rows = rows[rows["by"].isna()] if "by" not in keys else rows
    for key, value in keys.items():
        rows = rows[rows[key] == value]
    assert len(rows) == 1, (measure, outcome, keys, len(rows))
    return rows.iloc[0]
