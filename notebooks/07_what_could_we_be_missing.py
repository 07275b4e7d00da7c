# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
#   kernelspec:
#     name: python3
#     display_name: Python 3
# ---

# %% [markdown]
# # What could we be missing?
#
# Adjustment makes students alike in what was measured. Members may still be keener, have more free time, or know a
# teacher. None of that is in the file, so no computation can take it out. What can be said is how strong it would
# have to be to change the answer. This notebook asks that in four ways, and since everything in it is **simulated**,
# it can look up afterwards whether each was right.

# %%
import numpy as np
import pandas as pd

import society_effects as se
from society_effects.simulate import Station

# %% [markdown]
# ## The cohort
#
# 2,000 students; ability and motivation decide who joins, and both raise the scores. Three examinations:
#
# * **clinical skills**: the society trains them;
# * **pharmacology**: ability and motivation count as much, but the society has nothing to do with it;
# * **an eyesight test**: nothing counts, neither ability nor motivation nor the society.
#
# Classmates do not resemble each other in this simulation, so that no classes need to be declared.

# %%
stations = (
    Station("skills"),
    Station("pharma", effect=0, effect_per_motivation=0),
    Station("eyesight", effect=0, effect_per_motivation=0, ability=0, motivation=0),
)
cohort = se.simulate_cohort(n=2000, icc=0, stations=stations)
NAMES = {
    "skills": "clinical skills",
    "pharma": "pharmacology",
    "eyesight": "eyesight test",
    "prior_score": "prior score",
    "motivation": "motivation questionnaire",
}


def study_of(*outcomes, motivation=False, table=cohort.data):
    """The study of some examinations, with or without the motivation questionnaire."""
    covariates = {"prior_achievement": ["prior_score"]} | ({"motivation": ["motivation"]} if motivation else {})
    measured = [se.Outcome(name, kind="continuous", unit="points") for name in outcomes]
    study = se.Study(
        table,
        group="society",
        unit="student",
        outcomes=measured,
        covariates=covariates,
        labels=NAMES,
        about=cohort.about,
    )
    return study.with_source(cohort.source)


study_of("skills", "pharma", "eyesight", motivation=True)

# %% [markdown]
# Now we pretend to have less: one examination and the prior score. The motivation questionnaire was never handed out,
# as in most studies.

# %%
study = study_of("skills")
result = se.RegressionAdjustment().fit(study)
result.table()

# %% [markdown]
# ## 1. How strong would a cause have to be?
#
# `se.sensitivity` adds to a result what has to be computed again.

# %%
checked = se.sensitivity(result, study)
checked.table("sensitivity")

# %% [markdown]
# * **E-value**: a cause that makes joining, and a good score, so many times as likely could explain all of the
#   difference. It takes scores as if they were divided in two, and is only a rough guide for them.
# * **Robustness value**: made for scores. A cause that explains so much of what the prior score leaves open, of
#   joining *and* of the scores, brings the difference to zero.
# * **As strong as the prior score**: is that much? What was measured is the yardstick. A cause as strong as the prior
#   score would leave the difference shown; one twice as strong would turn it around.
# * **Oster's delta**: how many times as closely as the prior score something unmeasured would have to go with
#   joining, if it also added as much to what is explained as the row assumes.
# * **Errors of measurement**: see below.
#
# In the picture the difference that would be left is the same along a line; the dark line is zero.

# %%
checked.plot("contour")

# %% [markdown]
# The numbers do not say whether such a cause exists. One has to ask: is there anything that decides who joins, and
# how well they do, as strongly as the prior score does? For motivation that is easy to believe.
#
# ## Was the worry right?
#
# We hand out the questionnaire after all, and look up the truth:

# %%
full_study = study_of("skills", motivation=True)
full = se.RegressionAdjustment(resamples=199).fit(full_study)
truth = next(row["value"] for row in cohort.source["truth"] if (row["outcome"], row["estimand"]) == ("skills", "att"))
as_strong = checked.frame("sensitivity").query("analysis == 'benchmark' and setting == 1")
steps = {
    "as they are": result.estimates.query("measure == 'mean_difference'")["estimate"].iloc[0],
    "adjusted for the prior score": result.estimates.query("primary")["estimate"].iloc[0],
    "if a cause as strong as the prior score is missing": as_strong["estimate"].iloc[0],
    "adjusted for prior score and questionnaire": full.estimates.query("primary")["estimate"].iloc[0],
    "truth": truth,
}
pd.Series(steps).round(2).rename("difference in clinical skills").to_frame()

# %% [markdown]
# The interval far from zero was no protection: more than half of the adjusted difference came from who joins. And a
# large robustness value says that *all* of it is hard to explain away, not that the number is right. The yardstick
# was the better guide.
#
# ## 2. Errors of measurement
#
# With both covariates the difference is still too large. A prior score of 80 comes from an able student on an
# ordinary day or from an ordinary student on a good day; students who are compared at 80 are not quite alike. The
# reliability of both covariates is .8 in this simulation. What would be found if one of them measured without error?

# %%
errors = se.sensitivity(full, full_study, "errors_in_variables", unreliable=["prior_score", "motivation"])
rows = errors.frame("sensitivity").query("analysis == 'errors_in_variables'")
rows.assign(term=rows["term"].map(NAMES)).pivot(index="setting", columns="term", values="estimate").round(2)

# %% [markdown]
# Each column takes the errors of one covariate out, for a reliability as in the row (*within* the groups, where it is
# a little lower than among all students), and leaves the other as it was measured. The last row is the answer as it
# was. At .8 neither reaches the truth alone. The same students, with both measured without error:

# %%
exact = se.simulate_cohort(n=2000, icc=0, stations=stations, reliability=1)
without_error = se.RegressionAdjustment().fit(study_of("skills", motivation=True, table=exact.data))
without_error.estimates.query("primary")[["estimate", "conf_low", "conf_high"]].round(2)

# %% [markdown]
# ## 3. An outcome that the society cannot change
#
# The society does not teach pharmacology. If members are ahead there all the same, they differ in something that was
# not measured. Such an outcome is called a **negative control**. Here all three examinations, adjusted for the prior
# score:

# %%
three = study_of("skills", "pharma", "eyesight")
compared = se.RegressionAdjustment().fit(three)
compared.plot("forest")

# %% [markdown]
# Members are ahead by three points in pharmacology. That cannot be the society; it is who joins. What is left of the
# skills when as much is taken off, in standard deviations of about ten points:

# %%
controlled = se.sensitivity(compared, three, "negative_control", negative_control="pharma")
rows = controlled.frame("sensitivity").query("analysis == 'negative_control' and outcome == 'skills'")
rows[["parameter", "estimate", "conf_low", "conf_high"]].round(2)

# %% [markdown]
# That is close to the truth, because in this simulation what was not measured moves both examinations alike. With
# real data nobody knows that.
#
# The eyesight test finds nothing, and **that proves nothing**: neither ability nor motivation moves it, so that it
# could not have found anything. A negative control is worth something only if what one is worried about would move it
# too. (The third station of the 667 students, history taking, would be a bad one for the same reason.)
#
# ## 4. Scores that are missing
#
# Now members who did badly tend to stay away from the examination: every second one of those below a certain score.

# %%
table = cohort.data.copy()
low = table["skills"] < table["skills"].quantile(0.4)
away = (table["society"] == "yes") & low & (np.random.default_rng(1).random(len(table)) < 0.5)
table["skills"] = table["skills"].mask(away)

gaps = study_of("skills", motivation=True, table=table)
seen = se.RegressionAdjustment().fit(gaps)
seen

# %% [markdown]
# Only 9 % of the members are missing, and the adjusted difference is almost a point larger than with all of them.
# What if the missing scores were lower, or higher, than those of students who are alike?

# %%
shifted = se.sensitivity(seen, gaps, "tipping_point")
rows = shifted.frame("sensitivity").query("analysis == 'tipping_point' and parameter == 'shift_members'")
rows.set_index("setting")[["estimate", "conf_low", "conf_high"]].rename_axis("shift in SD").round(2)

# %% [markdown]
# With one standard deviation less the answer of the complete file comes back; that is what was deleted. No shift that
# anybody could believe brings the difference to zero, and that is what may be written.
#
# ## What to write, and what not
#
# The analyses belong into the paper also where they are not comfortable. For the study with the questionnaire:

# %%
full.plot("contour")

# %%
print(full.report().paragraphs[0])

# %% [markdown]
# * Write how strong the cause would have to be: "An unmeasured cause would have to explain 17.5% of what the
#   covariates leave of membership, and as much of what they leave of the outcome; 13.8% of each for the 95% CI to
#   include zero."
# * Write beside it what was measured: "As strong as motivation questionnaire, the covariate that takes most of the
#   difference in this way, it would leave 1.15 points (95% CI [0.38, 1.93])." And say whether you can think of such a
#   cause.
# * Write what may be concluded: "Members scored 3.88 points higher than comparable non-members (95% CI [3.03, 4.72]);
#   this is consistent with an effect if no unmeasured cause of both remains."
#
# Do not write that the result "is robust" because a number is large; here the truth was 2.60. Do not take a negative
# control that found nothing for a proof.
