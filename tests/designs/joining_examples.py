"""Small studies in which students join together or one after another, drawn with a seed."""

import numpy as np
import pandas as pd

import society_effects as se

WAVES = ("t1", "t2", "t3", "t4", "t5", "t6")


def staggered(n=160, seed=11, cohorts=(-1, -1, 3, 4), gain=2.0, drift=0.0, noise=2.0):
    """Values (students, waves) and the position of the first wave as a member; members gain from joining on."""
    rng = np.random.default_rng(seed)
    first = np.array(cohorts)[np.arange(n) % len(cohorts)]
    able, times = rng.normal(0, 5, (n, 1)) + 2 * (first[:, None] > 0), np.arange(len(WAVES))
    joined = (first[:, None] > 0) & (times >= first[:, None])
    values = 60 + able + 0.5 * times + gain * joined + drift * times * (first[:, None] > 0)
    return (values + rng.normal(0, noise, (n, len(WAVES)))).round(2), first


def long(values, first, waves=WAVES, changing=False):
    """One row per student and wave; membership as ever joined, or as it is at the wave."""
    parts = []
    for k, wave in enumerate(waves):
        member = (first >= 0) & (k >= first) if changing else first >= 0
        part = {"student": [f"s{i:03d}" for i in range(len(first))], "wave": wave, "score": values[:, k]}
        part |= {"society": np.where(member, "yes", "no"), "class": [f"c{i % 12:02d}" for i in range(len(first))]}
        part["joined"] = [waves[g] if g >= 0 else None for g in first]
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def study(frame, waves=WAVES, **roles):
    """The long table as a study of one score."""
    roles = {"outcomes": "score", "group": "society", "unit": "student", "wave": "wave", "waves": waves} | roles
    return se.Study(frame, **roles)


def joining_study(frame=None, **roles):
    """A study whose column says when students joined, with blind examiners."""
    frame = long(*staggered()) if frame is None else frame
    return study(frame, **{"joined": "joined", "about": {"examiners_blind": True}} | roles)


def row(result, estimand="diff_in_changes", wave=None, measure="difference_in_changes"):
    """The one row of an estimand, at a wave where one is named."""
    rows = result.estimates[(result.estimates["estimand"] == estimand) & (result.estimates["measure"] == measure)]
    rows = rows if wave is None else rows[rows["wave"] == wave]
    assert len(rows) == 1, rows
    return rows.iloc[0]


def keys_of(result):
    """The keys of the Checks."""
    return {check.key for check in result.checks}
