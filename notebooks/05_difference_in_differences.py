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
# # Difference in differences
#
# Three waves or more show what two cannot: whether the groups developed alike *before* anybody joined, and how a
# difference grows with time as a member. They also bring new traps, above all when students do not join together.

# %%
import pandas as pd

import society_effects as se

# %% [markdown]
# ## Three waves
#
# The bundled panel is **simulated**: professional identity (12 to 60 points) of 480 students before, after one term and
# after one year. 120 join a society during the first term and 72 after it. Membership adds 1.5 points at the first wave as
# a member and 3 points at the next.

# %%
panel = se.load_sample("professional_identity_panel")
changes = se.RepeatedMeasures().fit(panel)
changes

# %%
changes.plot()

# %% [markdown]
# `RepeatedMeasures` compares the changes of the groups, members being those who are members at the last wave. Students
# without some of the waves are kept, as the table of numbers shows; leaving them out would assume more about them.

# %%
changes.table()

# %% [markdown]
# At the end of the term 72 of these members had not joined yet. A comparison of "members" with others mixes them in.
#
# ## By time since joining
#
# `DifferenceInDifferences` knows from the column `joined` when each student became a member. Each cohort is compared with
# students who never join, from its own last wave before joining on.

# %%
result = se.DifferenceInDifferences().fit(panel)
result

# %%
result.plot()

# %% [markdown]
# The wave before joining is the one that all others are compared with. From joining on, the truth is 1.5 points and then
# 3 points; before, it is 0. The interval of one wave by itself is the narrow one, the whole path lies in the wide one with
# 95 % confidence.
#
# ## Did they develop alike before?
#
# Only the students who join late have two waves before joining. The test does not find a difference. How much is that
# worth? The quantities say which difference in trend it would have noticed.

# %%
result.table("quantities")

# %% [markdown]
# A difference of 1.8 points per wave, more than membership adds at first, would have been missed every other time. "No
# difference before joining (P > .05)" is therefore no proof of parallel trends, and the grade is C.
#
# How far may the trends part after joining before nothing is left? Each row allows a larger
# difference, measured by the step seen before joining:

# %%
result.table("sensitivity")

# %% [markdown]
# ## When the last score decides: simulated
#
# Now membership adds **nothing**, but students join when their last score was high. Those who join late have a good
# wave just before, and fall back after it: the path rises before joining and drops at it.

# %%
good_day = se.simulate_panel(effect=(0, 0), selection_on="baseline", selection=1.5, dropout=0)
spike = se.DifferenceInDifferences().fit(good_day)
spike.plot()

# %%
spike

# %% [markdown]
# The test before joining notices it here, and the grade falls. The intervals after joining exclude 0, and there is
# nothing: the difference in differences is as wrong as a change score can be (see the notebook on Lord's paradox).
#
# ## Joining one after another, and the usual regression: simulated
#
# Many papers put students' and waves' fixed effects into one regression. When students join at different waves, that
# regression also compares those who join late with members, whose scores are still rising *because* they are members. Here
# membership adds 1 point at first and 6 at the next wave, in 40 simulated panels without drop-out:

# %%
growing = {"effect": (1.0, 6.0), "share": (0.3, 0.5), "dropout": 0}
found = []
for seed in range(40):
    fit = se.DifferenceInDifferences(resamples=99).fit(se.simulate_panel(**growing, seed=seed))
    found.append(fit.estimates.set_index("estimand")["estimate"][["diff_in_changes", "twfe"]])
truth = fit.to_frame("truth").query("wave == 'after_joining'")["value"].iloc[0]
means = pd.DataFrame(found).mean().rename({"diff_in_changes": "each cohort by itself", "twfe": "two-way fixed effects"})
pd.concat([pd.Series({"truth": truth}), means]).round(2).rename("mean of 40 panels").to_frame()

# %% [markdown]
# The table of a result shows the regression last, marked as given for comparison only.

# %%
result.table()

# %% [markdown]
# ## The panel with its truth
#
# All waves from joining on together, beside what membership added to these students: 2.08 points on average.

# %%
result.plot("forest")

# %% [markdown]
# ## What to write, and what not

# %%
print(result.report().paragraphs[0])

# %% [markdown]
# * Write the path: "Compared with the last wave before joining, the difference in changes was 0.74 points at the wave of
#   joining (simultaneous 95% CI −0.29 to 1.77) and 2.76 points one wave later (1.15 to 4.36)."
# * Write what the test could see: "A difference in development before joining was not shown (P = .785); the test would
#   have noticed one of 2.6 points per wave with a power of 80%."
# * Write who was compared with whom: "Each cohort was compared with students who never joined; students chose to join."
#
# Do not write that trends were parallel because P was above .05. Do not write the two-way regression as the answer when
# students joined one after another.
