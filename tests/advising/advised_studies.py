"""Small studies of every sort that the decision guide tells apart, drawn with a seed."""

import numpy as np
import pandas as pd

import society_effects as se

WAVES = ("t1", "t2", "t3", "t4", "t5")
STATED = {"assignment": "self-selected", "examiners_blind": True, "exam_optional": False}


def table(n=120, seed=4):
    """One row per student: membership, scores before and after, covariates, classes and outcomes of every kind."""
    rng = np.random.default_rng(seed)
    member = np.arange(n) % 3 == 0
    able = rng.normal(0, 1, n)
    frame = pd.DataFrame({"society": np.where(member, "yes", "no"), "sex": rng.choice(["f", "m"], n)})
    frame["prior"] = (60 + 8 * able + rng.normal(0, 4, n)).round(1)
    frame["pre"] = (60 + 7 * able + rng.normal(0, 4, n)).round(1)
    frame["post"] = (64 + 7 * able + 2 * member + rng.normal(0, 4, n)).round(1)
    frame["passed"] = (frame["post"] > 62).astype(int)
    frame["rating"] = np.digitize(frame["post"], [58, 63, 68])
    frame["rating_pre"] = np.digitize(frame["pre"], [58, 63, 68])
    frame["career"] = rng.choice(["surgery", "medicine", "other"], n)
    frame["career_pre"] = rng.choice(["surgery", "medicine", "other"], n)
    frame["papers"] = rng.poisson(2, n)
    frame["class"] = [f"c{i // 3 % 12}" for i in range(n)]
    frame["whole"] = [f"{'s' if m else 'n'}{i // 3 % 8}" for i, m in enumerate(member)]
    frame["few"] = [f"{'s' if m else 'n'}{i // 3 % (3 if m else 8)}" for i, m in enumerate(member)]
    frame["alone"] = ["s" if m else f"n{i // 3 % 8}" for i, m in enumerate(member)]
    frame["degree"] = rng.choice(["never", "former", "member"], n)
    frame["site"] = [f"u{i % 2}" for i in range(n)]
    return frame


def study(**roles):
    """Members and non-members, one score, nothing else."""
    return se.Study(table(), **({"outcomes": "post", "group": "society"} | roles))


def long(first=(-1, -1, 3, 4), n=120, seed=8, waves=WAVES):
    """One row per student and wave, with the wave of joining (-1: never)."""
    rng = np.random.default_rng(seed)
    joined = np.array(first)[np.arange(n) % len(first)]
    able = rng.normal(0, 5, n)
    parts = []
    for k, wave in enumerate(waves):
        part = {"student": [f"s{i}" for i in range(n)], "wave": wave}
        part["score"] = (60 + able + k + 2 * ((joined >= 0) & (k >= joined)) + rng.normal(0, 2, n)).round(1)
        part["society"] = np.where(joined >= 0, "yes", "no")
        part["now"] = np.where((joined >= 0) & (k >= joined), "yes", "no")
        part["joined"] = [waves[g] if g >= 0 else None for g in joined]
        part["class"] = [f"c{i // 4 % 12}" for i in range(n)]
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def over_waves(first=(-1, -1, 3, 4), waves=WAVES, **roles):
    """A study of one score over several waves."""
    roles = {"group": "society", "unit": "student", "wave": "wave", "waves": waves, "about": STATED} | roles
    return se.Study(long(first, waves=waves), outcomes="score", **{k: v for k, v in roles.items() if v is not None})


def summary():
    """A study known by its printed table."""
    printed = {"outcome": ["osce"] * 2, "group": ["no", "yes"], "n": [547, 120], "mean": [78, 82], "sd": [10, 8]}
    return se.Study.from_summary(printed)


PRIOR = {"demographics": ["sex"], "prior_achievement": ["prior"]}
ALL_BEFORE = STATED | {"covariates_before_joining": "all"}
STUDIES = {
    "as they are": lambda: study(),
    "prior achievement": lambda: study(covariates=PRIOR, about=ALL_BEFORE),
    "prior achievement, nothing stated": lambda: study(covariates=PRIOR),
    "demographics": lambda: study(covariates=["sex"], about=ALL_BEFORE),
    "after joining": lambda: study(covariates=PRIOR, about=STATED | {"covariates_before_joining": ["sex"]}),
    "lottery": lambda: study(about={"assignment": "lottery"}),
    "cut-off": lambda: study(about={"assignment": "cut-off"}),
    "optional examination": lambda: study(about=STATED | {"exam_optional": True}),
    "summary": summary,
    "classes inside": lambda: study(cluster="class", covariates=PRIOR, about=ALL_BEFORE),
    "whole classes": lambda: study(cluster="whole", about={"assignment": "by class"}),
    "whole classes, prior achievement": lambda: study(cluster="whole", covariates=PRIOR, about=ALL_BEFORE),
    "few whole classes, prior achievement": lambda: study(cluster="few", covariates=PRIOR),
    "several groups, prior achievement": lambda: study(
        group="degree", member="member", reference="never", covariates=PRIOR
    ),
    "few whole classes": lambda: study(cluster="few"),
    "one class alone": lambda: study(cluster="alone"),
    "several groups": lambda: study(group="degree", member="member", reference="never"),
    "kinds": lambda: study(
        outcomes=["passed", se.Outcome("rating", kind="ordinal"), se.Outcome("papers", kind="count"), "post"],
        covariates=PRIOR,
    ),
    "margin": lambda: study(outcomes=se.Outcome("post", margin=3)),
    "sites": lambda: study(site="site"),
    "before and after": lambda: study(outcomes=None, baseline={"post": "pre"}, about=STATED),
    "before and after, covariates": lambda: study(baseline={"post": "pre"}, covariates=["sex"], about=ALL_BEFORE),
    "before and after, covariates from after": lambda: study(
        baseline={"post": "pre"}, covariates=["sex"], about=STATED | {"covariates_before_joining": "none"}
    ),
    "before and after, classes": lambda: study(baseline={"post": "pre"}, cluster="class"),
    "before and after, several groups": lambda: study(
        group="degree", member="member", reference="never", baseline={"post": "pre"}
    ),
    "ratings before and after": lambda: study(
        outcomes=se.Outcome("rating", kind="ordinal"), baseline={"rating": "rating_pre"}
    ),
    "careers before and after": lambda: study(
        outcomes=se.Outcome("career", kind="nominal"), baseline={"career": "career_pre"}
    ),
    "an outcome of one wave": lambda: study(outcomes=["post", "passed"], baseline={"post": "pre"}),
    "joining over waves": lambda: over_waves(joined="joined"),
    "joining over waves, classes": lambda: over_waves(joined="joined", cluster="class"),
    "changing membership": lambda: over_waves(group="now"),
    "waves without joining": lambda: over_waves(),
    "late waves": lambda: over_waves(first=(-1, -1, 1, 2), waves=WAVES[:3], joined="joined"),
    "joined at the first wave": lambda: over_waves(first=(-1, -1, 0, 0), joined="joined"),
    "members only": lambda: study(group=None, outcomes="post"),
    "members before and after": lambda: study(group=None, baseline={"post": "pre"}),
    "members over waves": lambda: over_waves(group=None),
}
