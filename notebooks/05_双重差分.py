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
# # 双重差分
#
# 三个及以上时点能够回答两个时点回答不了的问题：入社*之前*两组是否平行发展，以及差异如何随入社时间而变。它们也带来新的陷阱，尤其是学生入社时间不一时。

# %%
import pandas as pd

import society_effects as se

# %% [markdown]
# ## 三个时点
#
# 随附数据为**模拟数据**：480 名学生在基线、一学期后和一年后的专业认同得分（12~60 分）；120 名在第一学期加入社团，72 名在其后加入。社团在成员入社当次为其增加 1.5 分，下一时点为 3 分。

# %%
panel = se.load_sample("professional_identity_panel", lang="zh")
changes = se.RepeatedMeasures().fit(panel)
changes

# %%
changes.plot()

# %% [markdown]
# `RepeatedMeasures` 比较各组的变化，社团组为最后一次测量时的社团成员。缺部分时点的学生仍保留在分析中（见表中例数）；若将其剔除，则需要更强的假设。

# %%
changes.table()

# %% [markdown]
# 一学期后测量时，这些成员中有 72 名尚未入社；“成员”与其他学生的比较把他们混在了一起。
#
# ## 按入社时间
#
# `DifferenceInDifferences` 由 `joined` 列得知每名学生何时入社。各批入社者以其入社前最后一次为基准，与从未入社的学生比较。

# %%
result = se.DifferenceInDifferences().fit(panel)
result

# %%
result.plot()

# %% [markdown]
# 入社前最后一次为基准。真值：入社当次 1.5 分，下一时点 3 分，入社前为 0。较窄的是各时点单独的置信区间，整条路径以 95% 的置信水平落在较宽的区间内。
#
# ## 入社前是否平行发展？
#
# 只有较晚入社的学生在入社前有两次测量。检验未发现差异，这能说明多少？以下列出该检验能够发现的趋势差异。

# %%
result.table("quantities")

# %% [markdown]
# 每个时点 1.8 分的差异比社团最初增加的分数还大，却有一半的可能被漏掉。因此“入社前无差异（P>0.05）”不能证明平行趋势，证据等级为 C。
#
# 入社后趋势相差多大，结论就不再成立？越往下，允许的差异越大（以入社前所见的一步为单位）：

# %%
result.table("sensitivity")

# %% [markdown]
# ## 由前一次得分决定时：模拟数据
#
# 现在社团**没有任何作用**，但学生在前一次得分高时才加入。较晚入社者入社前恰好有一次发挥得好，其后回落：路径在入社前上升，入社时下降。

# %%
good_day = se.simulate_panel(effect=(0, 0), selection_on="baseline", selection=1.5, dropout=0)
spike = se.DifferenceInDifferences().fit(good_day)
spike.plot(lang="zh")

# %%
spike.summary("zh")

# %% [markdown]
# 入社前的检验发现了这一点，证据等级随之下降。入社后的置信区间不含 0，而实际上什么也没有：此时双重差分与变化之差同样有偏倚（见“洛德悖论”笔记）。
#
# ## 先后入社与通常的回归：模拟数据
#
# 许多论文把学生与时点的固定效应放入同一个回归。学生先后入社时，该回归还会把较晚入社者与已入社者比较，而后者的得分正*因为*入社而继续上升。以下 40 个无失访的模拟数据中，社团最初增加 1 分，下一时点为 6 分：

# %%
growing = {"effect": (1.0, 6.0), "share": (0.3, 0.5), "dropout": 0}
found = []
for seed in range(40):
    fit = se.DifferenceInDifferences(resamples=99).fit(se.simulate_panel(**growing, seed=seed))
    found.append(fit.estimates.set_index("estimand")["estimate"][["diff_in_changes", "twfe"]])
truth = fit.to_frame("truth").query("wave == 'after_joining'")["value"].iloc[0]
means = pd.DataFrame(found).mean().rename({"diff_in_changes": "各批分别比较", "twfe": "双向固定效应"})
pd.concat([pd.Series({"真值": truth}), means]).round(2).rename("40 个模拟数据的均值").to_frame()

# %% [markdown]
# 结果表的最后一行列出该回归，并注明仅供对照。

# %%
result.table()

# %% [markdown]
# ## 随附数据及其真值
#
# 入社后各时点合并的结果，与社团为这些学生平均增加的分数（真值 2.08 分）。

# %%
result.plot("forest")

# %% [markdown]
# ## 怎样写，不能怎样写

# %%
print(result.report().paragraphs[0])

# %% [markdown]
# * 写出路径：“以入社前最后一次为基准，变化之差在入社当次为 0.74 分（同时 95%CI 为 −0.29~1.77），下一时点为 2.76 分（1.15~4.36）。”
# * 写明检验能发现什么：“未发现入社前两组发展不同（P=0.785）；对每个时点 2.6 分的趋势差异，检验效能为 80%。”
# * 写明与谁比较：“各批入社者均与从未入社的学生比较；学生自愿加入社团。”
#
# 不能因为 P>0.05 就写趋势平行；学生先后入社时，不能以双向固定效应回归作为结论。
