"""Students who joined because they were able and keen, and the rungs of their ladder."""

import numpy as np
import pandas as pd

import society_effects as se

BLOCKS = {"demographics": ["sex"], "prior_achievement": ["prior"], "motivation": ["motivation"]}


def students(n=300, seed=5):
    """Students who joined because they were able and keen, in classes, with an earlier score."""
    rng = np.random.default_rng(seed)
    able, keen = rng.normal(size=n), rng.normal(size=n)
    member = rng.random(n) < 1 / (1 + np.exp(0.6 - 0.7 * able - 0.5 * keen))
    score = 70 + 6 * able + 3 * keen + 2 * member + rng.normal(0, 5, n)
    return pd.DataFrame(
        {
            "society": np.where(member, "yes", "no"),
            "sex": rng.choice(["F", "M"], n),
            "prior": 70 + 8 * able + rng.normal(0, 3, n),
            "motivation": 35 + 6 * keen,
            "osce": score,
            "earlier": 68 + 6 * able + 3 * keen + rng.normal(0, 5, n),
            "passed": (score > 70).astype(int),
            "rating": rng.integers(1, 5, n).astype(str),
            "class": rng.integers(0, 12, n),
        }
    )


def study(table=None, outcomes=("osce",), **roles):
    """The study of this table."""
    table = students() if table is None else table
    about = {"covariates_before_joining": "all"}
    return se.Study(table, **({"group": "society", "covariates": BLOCKS, "outcomes": outcomes, "about": about} | roles))


def rungs(result, outcome="osce"):
    """The rungs of one outcome by key."""
    rows = result.frame("rungs")
    return rows[rows["outcome"] == outcome].set_index("design")
