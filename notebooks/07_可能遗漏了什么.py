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
# # 可能遗漏了什么？
#
# 校正只能使两组在已测量的变量上可比。社团成员可能更积极、空闲时间更多，或者与老师更熟，这些数据中没有，任何计算都无法去除；能够回答的是：它们要有多强，结论才会改变。本笔记用四种方法回答这一问题。所有数据均为**模拟数据**，因此最后可以核对答案是否正确。

# %%
import numpy as np
import pandas as pd

import society_effects as se
from society_effects.simulate import Station

# %% [markdown]
# ## 模拟队列
#
# 2000 名学生，能力和学习动机决定谁加入社团，也影响成绩。共三项考试：
#
# * **临床技能**：社团训练的内容；
# * **药理学**：同样受能力和动机影响，但与社团无关；
# * **视力检查**：与能力、动机、社团都无关。
#
# 该模拟中同班学生并不彼此相似，因此不必声明班级。

# %%
stations = (
    Station("skills"),
    Station("pharma", effect=0, effect_per_motivation=0),
    Station("eyesight", effect=0, effect_per_motivation=0, ability=0, motivation=0),
)
cohort = se.simulate_cohort(n=2000, icc=0, stations=stations)
名称 = {
    "skills": "临床技能",
    "pharma": "药理学",
    "eyesight": "视力检查",
    "prior_score": "入社前成绩",
    "motivation": "学习动机问卷得分",
}


def 研究(*结局, 动机=False, 数据=cohort.data):
    """若干项考试的研究，含或不含学习动机问卷。"""
    covariates = {"prior_achievement": ["prior_score"]} | ({"motivation": ["motivation"]} if 动机 else {})
    study = se.Study(
        数据,
        group="society",
        unit="student",
        outcomes=[se.Outcome(name, kind="continuous", unit="分") for name in 结局],
        covariates=covariates,
        labels=名称,
        about=cohort.about,
        lang="zh",
    )
    return study.with_source(cohort.source)


研究("skills", "pharma", "eyesight", 动机=True)

# %% [markdown]
# 现假设所知较少：只有一项考试和入社前成绩；与多数研究一样，没有发放学习动机问卷。

# %%
study = 研究("skills")
result = se.RegressionAdjustment().fit(study)
result.table()

# %% [markdown]
# ## 1. 未测量的因素要有多强？
#
# `se.sensitivity` 为结果补充需要重新计算的敏感性分析。

# %%
checked = se.sensitivity(result, study)
checked.table("sensitivity")

# %% [markdown]
# * **E 值**：某个因素若使入社和取得好成绩的可能性都提高到这么多倍，就足以解释全部差异。它把得分当作二分类看待，对得分只是粗略的参考。
# * **稳健值**：适用于得分。某个因素若能解释入社*和*成绩中入社前成绩所未解释部分的这一比例，差值即为 0。
# * **与入社前成绩同强**：这样算强吗？以已测量的变量为尺度：若遗漏的因素与入社前成绩同样强，差值如表中所示；若为其 2 倍，差值的方向就会改变。
# * **Oster δ**：未测量的因素与入社的关联须为入社前成绩的多少倍，差值才为 0（假定它使可解释的变异增加到表中所列的比例）。
# * **测量误差**：见下文。
#
# 等值线图中，同一条线上剩余的差值相同，深色线为 0。

# %%
checked.plot("contour")

# %% [markdown]
# 数字本身不能说明这样的因素是否存在。应当问：有没有什么因素，像入社前成绩那样既决定谁加入社团，又决定成绩好坏？学习动机就很可能是。
#
# ## 担心有没有道理？
#
# 现在补发问卷，并揭晓真值：

# %%
full_study = 研究("skills", 动机=True)
full = se.RegressionAdjustment(resamples=199).fit(full_study)
truth = next(row["value"] for row in cohort.source["truth"] if (row["outcome"], row["estimand"]) == ("skills", "att"))
as_strong = checked.frame("sensitivity").query("analysis == 'benchmark' and setting == 1")
steps = {
    "校正前": result.estimates.query("measure == 'mean_difference'")["estimate"].iloc[0],
    "校正入社前成绩": result.estimates.query("primary")["estimate"].iloc[0],
    "若遗漏了与入社前成绩同强的因素": as_strong["estimate"].iloc[0],
    "校正入社前成绩和动机问卷": full.estimates.query("primary")["estimate"].iloc[0],
    "真值": truth,
}
pd.Series(steps).round(2).rename("临床技能的差值").to_frame()

# %% [markdown]
# 置信区间远离 0 并没有用：校正后的差值中，一半以上仍来自“谁会加入”。稳健值大，只说明难以把差值*全部*解释掉，并不说明这个数值正确。以入社前成绩为尺度，反而更接近真相。
#
# ## 2. 测量误差
#
# 两个协变量都校正后，差值仍偏大。入社前成绩为 80 分的，可能是能力强而发挥一般的学生，也可能是能力一般而发挥出色的学生；都按 80 分比较，两者其实并不相同。该模拟中两个协变量的信度均为 0.8。若其中一个没有测量误差，结果会怎样？

# %%
errors = se.sensitivity(full, full_study, "errors_in_variables", unreliable=["prior_score", "motivation"])
rows = errors.frame("sensitivity").query("analysis == 'errors_in_variables'")
rows = rows.assign(协变量=rows["term"].map(名称)).rename(columns={"setting": "组内信度"})
rows.pivot(index="组内信度", columns="协变量", values="estimate").round(2)

# %% [markdown]
# 每一列按行中的信度（*组内*信度，略低于全体学生的信度）去除一个协变量的测量误差，另一个保持不变；最后一行为原来的结果。信度为 0.8 时，单独去除任何一个都达不到真值。同一批学生，若两个协变量都没有测量误差：

# %%
exact = se.simulate_cohort(n=2000, icc=0, stations=stations, reliability=1)
without_error = se.RegressionAdjustment().fit(研究("skills", 动机=True, 数据=exact.data))
without_error.estimates.query("primary")[["estimate", "conf_low", "conf_high"]].round(2)

# %% [markdown]
# ## 3. 社团不可能改变的结局
#
# 社团不教药理学。如果社团组在药理学上也较高，说明两组在某个未测量的方面不同。这样的结局称为**阴性对照结局**。以下为校正入社前成绩后的三项考试：

# %%
three = 研究("skills", "pharma", "eyesight")
compared = se.RegressionAdjustment().fit(three)
compared.plot("forest")

# %% [markdown]
# 社团组的药理学高 3 分，这不可能是社团的作用，而是“谁会加入”造成的。从临床技能中减去同样多，还剩多少？（以标准差为单位，1 个标准差约 10 分）

# %%
controlled = se.sensitivity(compared, three, "negative_control", negative_control="pharma")
rows = controlled.frame("sensitivity").query("analysis == 'negative_control' and outcome == 'skills'")
rows[["estimate", "conf_low", "conf_high"]].round(2)

# %% [markdown]
# 这已接近真值，因为在该模拟中，未测量的因素对两项考试的影响相同；真实数据中无从得知。
#
# 视力检查没有发现差异，但这**不能证明任何事**：它不受能力和动机影响，本来就不可能发现什么。只有所担心的因素也会影响它，阴性对照才有意义。（667 名学生的第三个考站“病史采集”也因此不宜作阴性对照。）
#
# ## 4. 缺失的得分
#
# 现在让部分成绩差的社团成员缺考：低于某一分数者有一半不参加考试。

# %%
数据 = cohort.data.copy()
低分 = 数据["skills"] < 数据["skills"].quantile(0.4)
缺考 = (数据["society"] == "yes") & 低分 & (np.random.default_rng(1).random(len(数据)) < 0.5)
数据["skills"] = 数据["skills"].mask(缺考)

gaps = 研究("skills", 动机=True, 数据=数据)
seen = se.RegressionAdjustment().fit(gaps)
seen

# %% [markdown]
# 只有 9% 的成员缺考，校正后的差值就比全部参加时大了近 1 分。如果缺考者的得分比情况相同的学生更低或更高，结果会怎样？

# %%
shifted = se.sensitivity(seen, gaps, "tipping_point")
rows = shifted.frame("sensitivity").query("analysis == 'tipping_point' and parameter == 'shift_members'")
rows.set_index("setting")[["estimate", "conf_low", "conf_high"]].rename_axis("缺考者相差（SD）").round(2)

# %% [markdown]
# 若低 1 个标准差，即回到完整数据的结果，这正是删去的部分。任何可信的假定都不会使差值变为 0，文章中可以这样写。
#
# ## 怎样写，不能怎样写
#
# 结果不理想的敏感性分析也应写进文章。以下为含学习动机问卷的研究：

# %%
full.plot("contour")

# %%
print(full.report().paragraphs[0])

# %% [markdown]
# * 写明未测量的因素要有多强：“该因素须解释协变量所余社团身份变异的 17.5%，并解释结局剩余变异的同样比例；使 95%CI 包含 0 则各须 13.8%。”
# * 与已测量的变量对照：“若其强度与学习动机问卷得分相同，差值为 1.15 分（95%CI 为 0.38~1.93）。”并写明是否想得到这样的因素。
# * 写明可以下的结论：“社团组得分比可比的非社团组高 3.88 分（95%CI 为 3.03~4.72）；若不存在未测量的混杂因素，该结果与‘参加社团有作用’的假设相符。”
#
# 不能因为某个数值大就写“结果稳健”，这里的真值只有 2.60 分；阴性对照没有发现差异，也不能当作证明。
