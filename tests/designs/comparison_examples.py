"""Studies that several tests of the comparison share."""

import numpy as np
import pandas as pd

import society_effects as se

LEVELS = ("never", "former", "member", "officer")
ANSWERS = ("disagree", "neutral", "agree")


def students(n=240, seed=3, classes=None, whole=False):
    """Students with every kind of outcome, in four groups; group, class and score hang together a little."""
    rng = np.random.default_rng(seed)
    group = rng.choice(LEVELS, n, p=[0.4, 0.2, 0.25, 0.15])
    klass = rng.integers(0, classes or 10, n)
    if whole:
        group = np.array(LEVELS)[klass % 4]
    shift = np.array([LEVELS.index(g) for g in group]) * 0.3 + rng.normal(0, 0.4, classes or 10)[klass]
    ability = rng.normal(size=n) + shift
    return pd.DataFrame(
        {
            "group": group,
            "class": [f"c{k:02d}" for k in klass],
            "score": np.round(70 + 8 * ability, 1),
            "passed": (ability + rng.normal(size=n) > -0.2).astype(int),
            "agreement": np.array(ANSWERS)[np.digitize(ability + rng.normal(size=n), [-0.5, 0.7])],
            "career": rng.choice(["medicine", "surgery", "other"], n),
            "papers": rng.poisson(np.exp(0.4 + 0.4 * shift)),
            "years": rng.integers(1, 6, n).astype(float),
        }
    )


def outcomes(*kinds):
    """The outcomes of these kinds."""
    known = {
        "continuous": "score",
        "binary": "passed",
        "ordinal": se.Outcome("agreement", kind="ordinal", categories=ANSWERS),
        "nominal": se.Outcome("career", kind="nominal"),
        "count": se.Outcome("papers", kind="count"),
    }
    return [known[kind] for kind in kinds or known]


def two_groups(frame, kinds=(), **roles):
    """Members and officers against never and former."""
    frame = frame.assign(society=np.where(frame["group"].isin(LEVELS[2:]), "yes", "no"))
    return se.Study(frame, group="society", outcomes=outcomes(*kinds), **roles)


def four_groups(frame, kinds=(), **roles):
    """All four groups in their order."""
    settled = {"group": "group", "member": "member", "reference": "never", "levels": LEVELS} | roles
    return se.Study(frame, outcomes=outcomes(*kinds), **settled)


def primary(result, outcome):
    """The primary rows of an outcome."""
    rows = result.estimates
    return rows[rows["primary"] & (rows["outcome"] == outcome)]


def row_of_test(result, test, outcome):
    """The one row of a test."""
    rows = result.tests
    rows = rows[(rows["test"] == test) & (rows["outcome"] == outcome)]
    assert len(rows) == 1
    return rows.iloc[0]
