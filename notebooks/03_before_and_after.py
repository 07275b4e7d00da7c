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
# # Before and after
#
# "After one year the members' scores had risen (P < 0.05)." No sentence is easier to get: test the members before and
# after, and nearly everything rises. This notebook makes that comparison as well as it can be made, and then shows how
# little the sentence says about the society.
#
# **Put your own file into the next cell and run everything up to "Who was lost?".**

# %%
import society_effects as se

FILE = None  # your file, one row per student: "scores.xlsx", "scores.csv", ...; None takes the bundled panel
BASELINE = {"score_after": "score_before"}  # later column: earlier column
WAVES = {}  # a file with two columns has just two waves

if FILE is None:
    study = se.load_sample("professional_identity_panel")
    WAVES = {"first": "before", "last": "year"}  # the panel has three waves: name two
else:
    study = se.read_study(FILE, baseline=BASELINE)
study

# %% [markdown]
# The bundled panel is **simulated**: a questionnaire of professional identity (12 to 60 points) of 480 students before,
# after one term and after one year. Some join a society during the first term, others after it.
#
# ## How did the members change?
#
# With a membership column, `PrePost` takes the members and counts the others.

# %%
result = se.PrePost(**WAVES).fit(study)
result

# %%
result.table()

# %%
result.plot()

# %% [markdown]
# The students share classes, so the interval allows for the classes. The grade is F, the lowest: the result describes,
# whatever its P value.
#
# ## Who was lost?
#
# A change exists only for students with both scores. Who are the others?

# %%
result.table("attrition")

# %% [markdown]
# In the panel, members who dropped out had scored lower to begin with. The change is that of the students who stayed.
#
# ## What would have happened anyway?
#
# In a simulation this is known. Everybody's identity rises during the year, society or not. What membership added by the
# end of the year, on average over the members, is smaller than the members' rise:

# %%
if FILE is None:
    truth = result.to_frame("truth").query("estimand == 'diff_in_changes' and wave == 'year'")["value"].iloc[0]
    print(f"the members' rise: {result.estimates['estimate'][0]:.2f}; what membership added: {truth:.2f}")

# %% [markdown]
# With real data the second number is not known, and nothing in the first tells it.
#
# ## A course that does nothing: simulated
#
# Now students with **low first scores** join a course that has no effect at all (`effect=(0, 0)`), in a year in which
# nobody changes on average (`growth=(0, 0)`). They are chosen by their very first score, and a single score is only
# partly reliable: two scores of a student correlate at .6.

# %%
useless = {"effect": (0, 0), "growth": (0, 0), "dropout": 0, "icc": 0, "share": (0.3, 0)}
chosen = se.simulate_panel(**useless, selection_on="baseline", selection=-3)
course = se.PrePost("before", "term", population_mean=42, reliability=0.6, selected_on="pre").fit(chosen)
course

# %%
course.plot()

# %% [markdown]
# A rise of more than 3 points, P < .001, and the course did nothing. Students who are chosen because of a low score are
# partly students with a bad day; the next day is an ordinary one. This is **regression to the mean**. Where students
# were chosen by their first score, the expected rise is (1 - reliability) × (mean of all - mean of the chosen):

# %%
sensitivity = course.to_frame("sensitivity").iloc[0]
print(
    f"observed change: {course.estimates['estimate'][0]:.2f}",
    f"expected without any effect, reliability {sensitivity['setting']}: {sensitivity['estimate']:.2f}",
    sep="\n",
)

# %% [markdown]
# `selected_on="pre"` must be said: only then does the report expect such a rise. Of students who are stably lower
# nothing of the kind is to be expected.
#
# ## What a comparison group is for
#
# The same course in 40 simulated years, each analysed three ways. With other students who had the *same first score*
# the rise is gone but for chance, since their scores regress just as much. Comparing the *changes* of the two groups
# does not help here; the next notebook says why.

# %%
import pandas as pd

years = []
for seed in range(40):
    year = se.simulate_panel(**useless, selection_on="baseline", selection=-3, seed=seed)
    alone = se.PrePost("before", "term", population_mean=42, reliability=0.6, selected_on="pre").fit(year)
    both = se.PrePostControl(first="before", last="term", reliability=1.0, resamples=99).fit(year)
    with_control = both.estimates.set_index("measure")["estimate"]
    years.append(
        {
            "members only": alone.estimates["estimate"][0],
            "expected by regression to the mean": alone.to_frame("sensitivity")["estimate"][0],
            "same first score": with_control["adjusted_mean_difference"],
            "difference in changes": with_control["difference_in_changes"],
        }
    )
pd.DataFrame(years).mean().round(2).rename("mean of 40 simulated years, truth 0").to_frame()

# %% [markdown]
# ## How much of the rise is left?
#
# Reliability is rarely known. Without `reliability=` a range is tried: the lower the reliability, the more of the rise
# would have come without the course.

# %%
unknown = se.PrePost("before", "term", population_mean=42, selected_on="pre").fit(chosen)
unknown.plot("sensitivity_path")

# %% [markdown]
# ## What to write, and what not
#
# The report writes it, here for the panel and for the course:

# %%
print(result.report().paragraphs[0], course.report().paragraphs[0], sep="\n\n")

# %% [markdown]
# * Write: "The mean of the members rose by 3.58 points (95% CI 2.40 to 4.76); without a comparison group this rise
#   cannot be attributed to the society."
# * Write who is missing: "33 of 192 members had no second score; they had scored 3.6 points lower to begin with."
# * Where students were chosen by their scores, write: "Of the change of 3.11 points, 2.81 points would be expected
#   without any effect if the reliability is .60."
#
# Do not write that the society improved anything. The course above did nothing.
