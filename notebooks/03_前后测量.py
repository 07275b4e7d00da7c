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
# # 前后测量
#
# “一年后社团成员得分提高（P<0.05）。”没有比这更容易得到的结论：对成员前后各测一次，几乎什么都会上升。本笔记先把这一比较尽可能做好，再说明这句话对社团本身说明得多么少。
#
# **请在下一单元格中填入自己的文件，运行至“失访者是谁？”为止。**

# %%
import society_effects as se

文件 = None  # 自己的文件，每名学生一行："成绩.xlsx"、"成绩.csv" 等；None 表示使用随附的模拟数据
前后 = {"后测": "前测"}  # 后测列: 前测列
时点 = {}  # 只有前后两列的文件只有两个时点

if 文件 is None:
    study = se.load_sample("professional_identity_panel", lang="zh")
    时点 = {"first": "before", "last": "year"}  # 该数据有三个时点，须指明两个
else:
    study = se.read_study(文件, baseline=前后, lang="zh")
study

# %% [markdown]
# 随附数据为**模拟数据**：480 名学生在基线、一学期后和一年后填写专业认同量表（12~60 分）；部分学生在第一学期加入社团，部分在其后加入。
#
# ## 社团成员变化了多少？
#
# 数据中有分组列时，`PrePost` 只分析社团成员，其余学生计数列出。

# %%
result = se.PrePost(**时点).fit(study)
result

# %%
result.table()

# %%
result.plot()

# %% [markdown]
# 学生来自同一批班级，置信区间已考虑班级。证据等级为最低的 F 级：无论 P 值多小，结果都只是描述。
#
# ## 失访者是谁？
#
# 只有前后两次均有得分者才有变化值。其余的是哪些学生？

# %%
result.table("attrition")

# %% [markdown]
# 在该数据中，失访成员的基线得分较低；所得变化只是留下来的学生的变化。
#
# ## 没有社团会怎样？
#
# 模拟数据可以回答。一年中所有学生的得分都会上升，与是否入社无关；到一年末社团为成员平均增加的分数，小于成员的上升幅度：

# %%
if 文件 is None:
    truth = result.to_frame("truth").query("estimand == 'diff_in_changes' and wave == 'year'")["value"].iloc[0]
    print(f"成员的上升：{result.estimates['estimate'][0]:.2f}；社团增加的分数：{truth:.2f}")

# %% [markdown]
# 真实数据没有第二个数，第一个数也不能说明它。
#
# ## 一门毫无作用的课程：模拟数据
#
# 现在让**首次得分低**的学生参加一门毫无作用的课程（`effect=(0, 0)`），且这一年中学生平均没有变化（`growth=(0, 0)`）。学生正是按首次得分选出的，而单次得分只是部分可靠：同一学生两次得分的相关系数为 0.6。

# %%
useless = {"effect": (0, 0), "growth": (0, 0), "dropout": 0, "icc": 0, "share": (0.3, 0)}
chosen = se.simulate_panel(**useless, selection_on="baseline", selection=-3)
course = se.PrePost("before", "term", population_mean=42, reliability=0.6, selected_on="pre").fit(chosen)
course.summary("zh")

# %%
course.plot(lang="zh")

# %% [markdown]
# 上升 3 分以上，P<0.001，而课程没有任何作用。因得分低而被选中的学生，有一部分只是那次发挥欠佳，下一次便回到平常水平，这就是**向均数回归**。若学生按首次得分选出，则预期上升为（1－信度）×（全体均数－入选者均数）：

# %%
sensitivity = course.to_frame("sensitivity").iloc[0]
print(
    f"实际变化：{course.estimates['estimate'][0]:.2f}",
    f"信度为 {sensitivity['setting']} 时，没有任何作用也可预期的变化：{sensitivity['estimate']:.2f}",
    sep="\n",
)

# %% [markdown]
# 须用 `selected_on="pre"` 声明按首次得分选出，报告才会作此预期；若学生只是稳定地偏低，则不会有这样的回归。
#
# ## 对照组有什么用
#
# 同一门课程模拟 40 年，每年用三种方法分析。与*首次得分相同*的其他学生比较，除偶然波动外，这一上升即消失，因为后者的得分同样回归。比较两组的*变化*在这里无济于事，原因见下一本笔记。

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
            "仅社团成员": alone.estimates["estimate"][0],
            "向均数回归的预期": alone.to_frame("sensitivity")["estimate"][0],
            "首次得分相同者相比": with_control["adjusted_mean_difference"],
            "变化之差": with_control["difference_in_changes"],
        }
    )
pd.DataFrame(years).mean().round(2).rename("40 个模拟年的均值（真值为 0）").to_frame()

# %% [markdown]
# ## 上升还剩多少？
#
# 信度往往未知。不指定 `reliability=` 时会尝试一系列取值：信度越低，没有课程也会出现的上升越多。

# %%
unknown = se.PrePost("before", "term", population_mean=42, selected_on="pre").fit(chosen)
unknown.plot("sensitivity_path", lang="zh")

# %% [markdown]
# ## 怎样写，不能怎样写
#
# 报告会写好这些句子，以下分别为随附数据和上述课程：

# %%
print(result.report("zh").paragraphs[0], course.report("zh").paragraphs[0], sep="\n\n")

# %% [markdown]
# * 可以写：“社团组得分的均数上升 3.58 分（95%CI 为 2.40~4.76）；无对照组，不能归因于社团。”
# * 写明失访者：“192 名成员中 33 名缺后一次得分，其基线得分低 3.6 分。”
# * 学生按得分选出时写：“变化 3.11 分；若信度为 0.60，即使没有任何作用，其中 2.81 分也可由向均数回归解释。”
#
# 不能写社团使得分提高：上述课程并没有任何作用。
