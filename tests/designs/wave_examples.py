"""Small studies of two and three waves, made by hand or drawn with a seed."""

import numpy as np
import pandas as pd

import society_effects as se

SLEEP = {
    "drug1": [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    "drug2": [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
}
"""Student (1908): additional sleep of ten patients under two drugs."""


def sleep():
    """The ten patients as a study of two waves without groups."""
    return se.Study(SLEEP, baseline={"drug2": "drug1"})


def table(n=80, seed=5, shift=3.0):
    """Members and non-members before and after: a score, a pass mark and a rating; some scores are missing."""
    rng = np.random.default_rng(seed)
    member = np.arange(n) % 5 < 2
    able = rng.normal(0, 1, n) + 0.4 * member
    pre = 60 + 7 * able + rng.normal(0, 4, n)
    post = 30 + 0.55 * pre + rng.normal(0, 4, n) + shift * member
    frame = pd.DataFrame({"society": np.where(member, "yes", "no"), "pre": pre.round(1), "post": post.round(1)})
    frame["student"] = [f"s{i}" for i in range(n)]
    frame["class"] = [f"c{i % 10}" for i in range(n)]
    frame["passed_pre"], frame["passed_post"] = (pre > 60).astype(int), (post > 62).astype(int)
    frame["rating_pre"], frame["rating_post"] = np.digitize(pre, [54, 60, 66]), np.digitize(post, [58, 63, 68])
    return frame


PAIRS = {"post": "pre", "passed_post": "passed_pre", "rating_post": "rating_pre"}


def study(frame=None, outcomes=("post",), **roles):
    """The wide table as a study."""
    frame = table() if frame is None else frame
    kinds = {"rating_post": se.Outcome("rating_post", kind="ordinal")}
    chosen = [kinds.get(name, name) for name in outcomes]
    roles = {"group": "society", "unit": "student"} | roles
    return se.Study(frame, outcomes=chosen, baseline={name: PAIRS[name] for name in outcomes}, **roles)


def long(frame):
    """The same scores with one row per student and wave."""
    parts = [
        frame[["student", "society", "class"]].assign(wave=wave, post=frame[column])
        for wave, column in (("before", "pre"), ("after", "post"))
    ]
    return pd.concat(parts, ignore_index=True)


def row(result, measure, **keys):
    """The one row of a measure."""
    rows = result.estimates[result.estimates["measure"] == measure]
    for key, value in keys.items():
        rows = rows[rows[key].isna() if value is None else rows[key] == value]
    assert len(rows) == 1, rows
    return rows.iloc[0]


def keys_of(result, outcome=None):
    """The keys of the Checks."""
    return {check.key for check in result.checks if outcome is None or check.outcome == outcome}
