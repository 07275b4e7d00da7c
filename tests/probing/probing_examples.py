"""Studies of students who chose to join, with all that sensitivity analyses ask for."""

import numpy as np
import pandas as pd

import society_effects as se

BEFORE = se.About(covariates_before_joining="all", assignment="self-selected")
BLOCKS = {"demographics": ["sex", "year"], "prior_achievement": ["prior"], "motivation": ["motivation"]}


def students(n=300, seed=7, missing=True):
    """Scores, passes, ratings and papers of able, motivated members and others; an anatomy score from before."""
    rng = np.random.default_rng(seed)
    able, keen = rng.normal(size=n), rng.normal(size=n)
    member = rng.random(n) < 1 / (1 + np.exp(1 - 0.6 * able - 0.5 * keen))
    score = 70 + 6 * able + 4 * keen + 4 * member + rng.normal(0, 5, n)
    frame = pd.DataFrame(
        {
            "society": np.where(member, "yes", "no"),
            "sex": rng.choice(["F", "M"], n),
            "year": rng.choice([3, 4, 5], n),
            "prior": 70 + 8 * able + rng.normal(0, 4, n),
            "motivation": 35 + 6 * keen,
            "anatomy": 60 + 5 * able + rng.normal(0, 5, n),
            "class": rng.integers(0, 14, n),
            "osce": np.clip(score, 0, 120),
            "passed": (score > 72).astype(int),
            "rating": np.digitize(score, [64, 70, 76]),
            "papers": rng.poisson(np.exp(-0.6 + 0.3 * able + 0.3 * member)),
        }
    )
    frame["half"] = frame["class"] % 7 + 7 * ~member
    if missing:
        frame.loc[rng.random(n) < 0.10, "osce"] = np.nan
        frame["passed"] = frame["passed"].astype(float).where(rng.random(n) > 0.08)
        frame.loc[[3, 7], "prior"] = np.nan
    return frame


def study_of(frame, outcomes=None, covariates=None, **roles):
    """The study, by default of a score with its range and of a pass mark."""
    chosen = outcomes or [se.Outcome("osce", range=(0, 120)), "passed"]
    blocks = BLOCKS if covariates is None else covariates
    return se.Study(frame, group="society", outcomes=chosen, covariates=blocks, about=BEFORE, **roles)


def rows_of(result, analysis=None, outcome=None, parameter=None, term=None):
    """Rows of the frame ``sensitivity``."""
    rows = result.frame("sensitivity")
    for name, value in {"analysis": analysis, "outcome": outcome, "parameter": parameter, "term": term}.items():
        rows = rows if value is None else rows[rows[name] == value]
    return rows


def one(result, *keys, **named):
    """The one row with these keys."""
    rows = rows_of(result, *keys, **named)
    assert len(rows) == 1, rows
    return rows.iloc[0]
