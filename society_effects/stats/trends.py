"""Ordered groups: do values, shares or ranks rise or fall from one group to the next?"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from .inference import Inference, TestResult, from_t, two_sided_p
from .moments import Moments
from .ranks import u_statistic


def trend_of_means(moments: Moments, scores: ArrayLike, *, conf_level: float = 0.95) -> Inference:
    """Do the means rise with these scores of the groups? A linear contrast that does not assume equal variances.

    The estimate is the sum of centred scores times means. Satterthwaite degrees of freedom. Flags: ``TOO_FEW``,
    ``NO_VARIATION``, ``DEGENERATE``. Welch (1947) doi:10.1093/biomet/34.1-2.28.

    >>> arms = Moments(np.array([20.0, 20, 20]), np.array([10.6, 19.7, 26.1]), np.array([4.5, 4.4, 3.8]))
    >>> round(trend_of_means(arms, [0, 1, 2]).statistic, 3)
    11.769
    """
    n, mean, sd = moments.arrays()
    centred = np.asarray(scores, dtype=float) - np.mean(np.asarray(scores, dtype=float))
    parts = centred**2 * sd**2 / n
    used, few = centred != 0, bool(np.any(n[centred != 0] < 2))
    total, estimate = float(parts[used].sum()), float(centred @ mean)
    if few or total == 0:
        flags = {"TOO_FEW": few, "NO_VARIATION": not few and estimate == 0, "DEGENERATE": not few and estimate != 0}
        return Inference(estimate, conf_level=conf_level, method="welch_trend", statistic_name="t", flags=flags)
    df = 1 / float(np.sum((parts[used] / total) ** 2 / (n[used] - 1)))
    return from_t(estimate, np.sqrt(total), df, conf_level=conf_level, method="welch_trend")


def trend_of_shares(events: ArrayLike, n: ArrayLike, scores: ArrayLike) -> TestResult:
    """Does the share of events rise with these scores of the groups? Cochran and Armitage's test.

    Flags: ``NO_EVENTS_AT_ALL``, ``ALL_EVENTS``. Armitage (1955) doi:10.2307/3001775.

    >>> round(trend_of_shares([5, 9, 14], [20, 20, 20], [0, 1, 2]).statistic, 4)
    2.8524
    """
    x, size, score = (np.asarray(v, dtype=float) for v in (events, n, scores))
    share = x.sum() / size.sum()
    flags = {"NO_EVENTS_AT_ALL": bool(share == 0), "ALL_EVENTS": bool(share == 1)}
    if any(flags.values()):
        return TestResult("z", np.nan, np.nan, method="cochran_armitage", flags=flags)
    centred = score - np.sum(size * score) / size.sum()
    z = float(centred @ x / np.sqrt(share * (1 - share) * np.sum(size * centred**2)))
    return TestResult("z", z, float(two_sided_p(z)), method="cochran_armitage", flags=flags)


def jonckheere(values: ArrayLike, codes: ArrayLike) -> TestResult:
    """Do students of later groups tend to larger values? Jonckheere and Terpstra's test, corrected for ties.

    codes : the group of each value; groups are ordered by their codes. The statistic is z. Flag ``ALL_TIED``.
    Jonckheere (1954) doi:10.1093/biomet/41.1-2.133; Terpstra (1952).

    >>> round(jonckheere([1, 2, 2, 3, 3, 5], [0, 0, 1, 1, 2, 2]).statistic, 4)
    2.0527
    """
    x, group = np.asarray(values, dtype=float), np.asarray(codes)
    arms = [x[group == code] for code in np.unique(group)]
    n, total = np.array([len(arm) for arm in arms], dtype=float), float(len(x))
    _, counts = np.unique(x, return_counts=True)
    t = counts.astype(float)
    if len(t) < 2:
        return TestResult("z", np.nan, np.nan, method="jonckheere", flags={"ALL_TIED": True})
    larger = sum(u_statistic(later, earlier) for earlier, later in combinations(arms, 2))
    mean = (total**2 - np.sum(n**2)) / 4
    variance = total * (total - 1) * (2 * total + 5)
    variance = (variance - np.sum(n * (n - 1) * (2 * n + 5)) - np.sum(t * (t - 1) * (2 * t + 5))) / 72
    variance += np.sum(n * (n - 1) * (n - 2)) * np.sum(t * (t - 1) * (t - 2)) / (36 * total * (total - 1) * (total - 2))
    variance += np.sum(n * (n - 1)) * np.sum(t * (t - 1)) / (8 * total * (total - 1))
    z = float((larger - mean) / np.sqrt(variance))
    return TestResult("z", z, float(two_sided_p(z)), method="jonckheere", flags={"ALL_TIED": False})
