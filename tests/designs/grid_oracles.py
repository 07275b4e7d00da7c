"""An independent answer for every number of the grid: another package, or the textbook formula written out.

Each function takes the values of the group and of the reference (and, for several groups, all groups) and returns
(estimate, P value), None where the other source has no such number. Nothing here imports the library.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

Array = np.ndarray


def student_of_all(a: Array, b: Array, arms: Sequence[Array]) -> tuple[float, float]:
    """Student's t with the variance within all groups."""
    df = sum(len(arm) for arm in arms) - len(arms)
    variance = sum(np.sum((arm - arm.mean()) ** 2) for arm in arms) / df
    difference = a.mean() - b.mean()
    t = difference / np.sqrt(variance * (1 / len(a) + 1 / len(b)))
    return difference, 2 * stats.t.sf(abs(t), df)


def permuted_t(a: Array, b: Array, *_: object) -> tuple[float, float]:
    """Welch's t over random allocations, by scipy."""

    def welch(x: Array, y: Array, axis: int) -> Array:
        error = np.var(x, axis=axis, ddof=1) / x.shape[axis] + np.var(y, axis=axis, ddof=1) / y.shape[axis]
        return np.abs((x.mean(axis=axis) - y.mean(axis=axis)) / np.sqrt(error))

    found = stats.permutation_test((a, b), welch, n_resamples=4999, vectorized=True, alternative="greater", rng=1)
    return a.mean() - b.mean(), found.pvalue


def bootstrapped_t(a: Array, b: Array, *_: object) -> tuple[float, float]:
    """Twice the smaller tail of bootstrapped t statistics beyond the observed one."""
    rng = np.random.default_rng(2)
    draws = [arm[rng.integers(0, len(arm), (9999, len(arm)))] for arm in (a, b)]
    errors = np.sqrt(sum(d.var(axis=1, ddof=1) / d.shape[1] for d in draws))
    difference = a.mean() - b.mean()
    t = (draws[0].mean(axis=1) - draws[1].mean(axis=1) - difference) / errors
    observed = difference / np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
    return difference, 2 * min(np.mean(t >= observed), np.mean(t <= observed))


def shift(a: Array, b: Array, *_: object) -> tuple[float, float | None]:
    """The median difference; P of Mann and Whitney, exact where nothing is tied."""
    both = np.concatenate([a, b])
    tied = len(np.unique(both)) < len(both)
    p = None if tied else stats.mannwhitneyu(a, b, method="exact").pvalue
    return float(np.median(np.subtract.outer(a, b))), p


def trimmed(a: Array, b: Array, *_: object) -> tuple[float, float]:
    """Yuen's test, by scipy."""
    found = stats.ttest_ind(a, b, equal_var=False, trim=0.2)
    return stats.trim_mean(a, 0.2) - stats.trim_mean(b, 0.2), found.pvalue


def table(a: Array, b: Array) -> list[list[int]]:
    return [[int(x.sum()), int(len(x) - x.sum())] for x in (a, b)]


def shares(test: Callable[[list[list[int]]], float]) -> Callable[..., tuple[float, float]]:
    """The difference of two shares with the P value of a test of their table."""
    return lambda a, b, *_: (a.mean() - b.mean(), test(table(a, b)))


def superiority(a: Array, b: Array) -> float:
    return float(np.mean(np.sign(np.subtract.outer(a, b)) / 2 + 0.5))


def brunner_munzel_logit(a: Array, b: Array, *_: object) -> tuple[float, float]:
    """Brunner and Munzel's variance from ranks, tested on the logit scale."""
    ranks, n, m = stats.rankdata(np.concatenate([a, b])), len(a), len(b)
    first = np.var(ranks[:n] - stats.rankdata(a), ddof=1) / (m * m * n)
    second = np.var(ranks[n:] - stats.rankdata(b), ddof=1) / (n * n * m)
    theta = superiority(a, b)
    df = (first + second) ** 2 / (first**2 / (n - 1) + second**2 / (m - 1))
    t = np.log(theta / (1 - theta)) * theta * (1 - theta) / np.sqrt(first + second)
    return theta, 2 * stats.t.sf(abs(t), df)


def permuted_superiority(a: Array, b: Array, *_: object) -> tuple[float, float]:
    """Brunner and Munzel's statistic over random allocations."""
    both, n = np.concatenate([a, b]), len(a)

    def size(order: Array) -> float:
        first, second = both[order[:n]], both[order[n:]]
        return abs(stats.brunnermunzel(first, second).statistic)

    rng, observed = np.random.default_rng(3), size(np.arange(len(both)))
    draws = np.array([size(rng.permutation(len(both))) for _ in range(1500)])
    return superiority(a, b), (1 + np.sum(draws >= observed - 1e-10)) / 1501


def robust_poisson(a: Array, b: Array, *_: object) -> tuple[float, float]:
    """The log of the ratio of two means with the error that each mean's own variance gives it."""
    parts = [x.var(ddof=1) / len(x) / x.mean() ** 2 for x in (a, b)]
    df = sum(parts) ** 2 / sum(p**2 / (len(x) - 1) for p, x in zip(parts, (a, b), strict=True))
    t = np.log(a.mean() / b.mean()) / np.sqrt(sum(parts))
    return a.mean() / b.mean(), 2 * stats.t.sf(abs(t), df)


def exact_poisson(a: Array, b: Array, *_: object) -> tuple[float, float]:
    """The events of one group given all events."""
    events = int(a.sum()), int(b.sum())
    return a.mean() / b.mean(), stats.binomtest(events[0], sum(events), len(a) / (len(a) + len(b))).pvalue


CONTRASTS: dict[str, Callable[..., tuple[float, float | None]]] = {
    "welch": lambda a, b, *_: (a.mean() - b.mean(), stats.ttest_ind(a, b, equal_var=False).pvalue),
    "student": lambda a, b, *_: (a.mean() - b.mean(), stats.ttest_ind(a, b).pvalue),
    "student_pooled": student_of_all,
    "permutation_studentised": permuted_t,
    "bootstrap_studentised": bootstrapped_t,
    "hodges_lehmann": shift,
    "hodges_lehmann_exact": shift,
    "yuen": trimmed,
    "boschloo": shares(lambda t: stats.boschloo_exact(np.array(t).T, n=64).pvalue),
    "pearson_chi2": shares(lambda t: stats.chi2_contingency(t, correction=False).pvalue),
    "yates_chi2": shares(lambda t: stats.chi2_contingency(t, correction=True).pvalue),
    "fisher": shares(lambda t: stats.fisher_exact(t).pvalue),
    "brunner_munzel": brunner_munzel_logit,
    "brunner_munzel_permuted": permuted_superiority,
    "poisson_robust": robust_poisson,
    "poisson_exact": exact_poisson,
}


# All groups together: from the groups' values to P -----------------------------------------------------------------


def crossed(arms: Sequence[Array]) -> Array:
    """Groups by values."""
    codes = np.repeat(np.arange(len(arms)), [len(arm) for arm in arms])
    return pd.crosstab(codes, np.concatenate(arms)).to_numpy()


def welch_of_trimmed(arms: Sequence[Array]) -> float:
    """Welch's test with trimmed means and winsorised variances (Lix and Keselman, 1995)."""
    cut = [int(0.2 * len(arm)) for arm in arms]
    h = np.array([len(arm) - 2 * g for arm, g in zip(arms, cut, strict=True)])
    means = np.array([np.sort(arm)[g : len(arm) - g].mean() for arm, g in zip(arms, cut, strict=True)])
    winsorised = [
        np.clip(arm, np.sort(arm)[g], np.sort(arm)[len(arm) - g - 1]) for arm, g in zip(arms, cut, strict=True)
    ]
    squares = np.array([(len(w) - 1) * w.var(ddof=1) / (k * (k - 1)) for w, k in zip(winsorised, h, strict=True)])
    return welch_from(means, squares, h - 1)


def welch_from(means: Array, squared_errors: Array, dfs: Array) -> float:
    """Welch's F from group means, their squared errors and degrees of freedom."""
    weights = 1 / squared_errors
    k, centre = len(means), np.sum(weights * means) / weights.sum()
    between = np.sum(weights * (means - centre) ** 2) / (k - 1)
    spread = np.sum((1 - weights / weights.sum()) ** 2 / dfs)
    return float(stats.f.sf(between / (1 + 2 * (k - 2) / (k * k - 1) * spread), k - 1, (k * k - 1) / (3 * spread)))


def permuted_welch(arms: Sequence[Array]) -> float:
    """Welch's F over random allocations of the values to the groups."""
    rng, both = np.random.default_rng(4), np.concatenate(arms)
    ends = np.cumsum([len(arm) for arm in arms])[:-1]

    def p_of(values: Array) -> float:
        parts = np.split(values, ends)
        means = np.array([part.mean() for part in parts])
        errors = np.array([part.var(ddof=1) / len(part) for part in parts])
        return -welch_statistic(means, errors, np.array([len(part) - 1 for part in parts]))

    observed = p_of(both)
    return (1 + sum(p_of(rng.permutation(both)) <= observed + 1e-12 for _ in range(1500))) / 1501


def welch_statistic(means: Array, squared_errors: Array, dfs: Array) -> float:
    """Welch's F itself."""
    weights, k = 1 / squared_errors, len(means)
    centre = np.sum(weights * means) / weights.sum()
    spread = np.sum((1 - weights / weights.sum()) ** 2 / dfs)
    return float(np.sum(weights * (means - centre) ** 2) / (k - 1) / (1 + 2 * (k - 2) / (k * k - 1) * spread))


def permuted_table(arms: Sequence[Array]) -> float:
    """Pearson's chi-square over random allocations, by scipy."""
    method = stats.PermutationMethod(n_resamples=4999, rng=5)
    return float(stats.chi2_contingency(crossed(arms), correction=False, method=method).pvalue)


def drawn_fisher(arms: Sequence[Array]) -> float:
    """Freeman and Halton's test over random tables with the same margins, by scipy."""
    method = stats.PermutationMethod(n_resamples=4999, rng=6)
    return float(stats.fisher_exact(crossed(arms), method=method).pvalue)


TOGETHER: dict[str, Callable[[Sequence[Array]], float]] = {
    "welch_anova": lambda arms: stats.f_oneway(*arms, equal_var=False).pvalue,
    "one_way_anova": lambda arms: stats.f_oneway(*arms).pvalue,
    "welch_anova_permuted": permuted_welch,
    "kruskal_wallis": lambda arms: stats.kruskal(*arms).pvalue,
    "yuen_anova": welch_of_trimmed,
    "pearson_chi2": lambda arms: stats.chi2_contingency(crossed(arms), correction=False).pvalue,
    "chi2_permuted": permuted_table,
    "fisher_table": drawn_fisher,
    "fisher_table_drawn": drawn_fisher,
}
DRAWN = ("permut", "bootstrap", "_drawn", "fisher_table")
"""Methods, or oracles, that rest on random draws: they agree within the error of the draws."""


# Students who share classes: the matrices themselves ---------------------------------------------------------------


def cr2(design: Array, values: Array, classes: Array) -> tuple[Array, Array, Callable[[Array], float]]:
    """Coefficients, CR2 covariance and Satterthwaite df of a linear regression, without any shortcut."""
    bread = np.linalg.inv(design.T @ design)
    hat = design @ bread @ design.T
    residuals, meat, adjusted = values - hat @ values, np.zeros_like(bread), []
    for name in np.unique(classes):
        own = classes == name
        roots, vectors = np.linalg.eigh(np.eye(own.sum()) - hat[np.ix_(own, own)])
        root = vectors @ np.diag(np.where(roots > 1e-10, roots, np.inf) ** -0.5) @ vectors.T
        adjusted.append((np.eye(len(values)) - hat)[:, own] @ root @ design[own] @ bread)
        score = design[own].T @ root @ residuals[own]
        meat += np.outer(score, score)

    def df(contrast: Array) -> float:
        columns = np.column_stack([block @ contrast for block in adjusted])
        product = columns.T @ columns
        return float(np.trace(product) ** 2 / np.sum(product**2))

    return bread @ design.T @ values, bread @ meat @ bread, df


def difference_by_cr2(values: Array, member: Array, classes: Array) -> tuple[float, float]:
    """A difference of two means or shares."""
    design = np.column_stack([~member, member]).astype(float)
    means, covariance, df = cr2(design, values, classes)
    contrast = np.array([-1.0, 1.0])
    t = contrast @ means / np.sqrt(contrast @ covariance @ contrast)
    return float(contrast @ means), float(2 * stats.t.sf(abs(t), df(contrast)))


def class_means_of(values: Array, member: Array, classes: Array) -> tuple[Array, Array]:
    frame = pd.DataFrame({"value": values, "member": member, "class": classes}).groupby("class").mean()
    return (frame.loc[frame["member"] == side, "value"].to_numpy() for side in (1, 0))  # type: ignore[return-value]


def difference_of_class_means(values: Array, member: Array, classes: Array) -> tuple[float, float]:
    """Welch's test on the means of the classes."""
    a, b = class_means_of(values, member, classes)
    found = stats.ttest_ind(a, b, equal_var=False)
    return a.mean() - b.mean(), 2 * stats.t.sf(abs(found.statistic), min(found.df, len(a) + len(b) - 2))


def permuted_class_means(values: Array, member: Array, classes: Array) -> tuple[float, float]:
    """Every allocation of the classes to the groups."""
    a, b = class_means_of(values, member, classes)
    both = np.concatenate([a, b])
    observed = abs(a.mean() - b.mean())
    chosen = [list(c) for c in combinations(range(len(both)), len(a))]
    sizes = [abs(both[c].mean() - np.delete(both, c).mean()) for c in chosen]
    return a.mean() - b.mean(), float(np.mean(np.array(sizes) >= observed - 1e-10))


CLUSTERED: dict[str, Callable[..., tuple[float, float]]] = {
    "cr2": difference_by_cr2,
    "cluster_means": difference_of_class_means,
    "cluster_permutation_exact": permuted_class_means,
}
