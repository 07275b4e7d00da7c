"""The wild cluster bootstrap: would the groups differ as much if the classes' residuals had other signs?"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .allocations import DEFAULT_SEED, p_of_draws
from .clustered_means import ClusteredMeans, clustered_means
from .inference import Inference

Array = NDArray[np.float64]
WEBB = np.sqrt([0.5, 1.0, 1.5])
FEW = 12
"""Below so many classes Webb's six weights, otherwise signs."""
FEW_IN_A_GROUP = 4
"""With fewer classes in a group the test rejects a true null in 1 % instead of 5 % (2 of 10 classes, simulated)."""


def wild_bootstrap(
    values: ArrayLike,
    arms: ArrayLike,
    clusters: ArrayLike,
    g: int,
    r: int,
    *,
    conf_level: float = 0.95,
    resamples: int = 9999,
    seed: int = DEFAULT_SEED,
) -> Inference:
    """By how much do two groups differ, with P and limits from the restricted wild cluster bootstrap?

    Residuals under the hypothesis are multiplied, class by class, by random signs (Webb's six weights below 12
    classes; all signs are listed where there are few enough), and the studentised difference is compared with those of
    the new data. The limits are the differences that the test does not reject. The statistic shown is the observed
    one, with the plain cluster-robust standard error; it has no degrees of freedom. Flags: ``NO_VARIATION``,
    ``ONE_CLUSTER_IN_ARM``, ``NO_LIMITS_FEW_CLUSTERS`` (so few signs that no difference is rejected at this level: up to
    5 classes at 95%, up to 7 at 99%), ``WILD_BOOTSTRAP_CAUTIOUS`` (fewer than four classes in a group: it rejects too
    rarely).
    Cameron, Gelbach and Miller (2008) doi:10.1162/rest.90.3.414; Webb (2023) doi:10.1111/caje.12661;
    MacKinnon and Webb (2018) doi:10.1111/ectj.12107.

    >>> values, arms = [3, 4, 6, 5, 8, 9, 7, 9], [0, 1, 0, 1, 0, 1, 0, 1]
    >>> found = wild_bootstrap(values, arms, [0, 0, 1, 1, 2, 2, 3, 3], 1, 0, resamples=99)
    >>> found.estimate, found.p_value
    (0.75, 0.5)
    """
    y, arm = np.asarray(values, dtype=float), np.asarray(arms)
    pair = (arm == g) | (arm == r)
    sums = _Sums(clustered_means(y[pair], arm[pair] == g, np.asarray(clusters)[pair]), y[pair], arm[pair] == g)
    observed = float(sums.mean[1] - sums.mean[0])
    std_error = sums.error_of(sums.residuals(observed))
    flags = {"NO_VARIATION": std_error == 0, "ONE_CLUSTER_IN_ARM": sums.alone}
    if any(flags.values()):
        return Inference(observed, conf_level=conf_level, method="wild_bootstrap", flags=flags)
    signs, exact = _signs(sums.n_clusters, resamples, seed)

    def p_of(hypothesis: float) -> float:
        drawn = np.abs(sums.statistics(signs, hypothesis))
        size = abs(observed - hypothesis) / std_error
        return p_of_draws(int(np.sum(drawn >= size * (1 - 1e-10))), len(signs), exact=exact)

    limits = [_limit(p_of, observed, std_error * direction, 1 - conf_level) for direction in (-1, 1)]
    flags["NO_LIMITS_FEW_CLUSTERS"] = bool(np.isnan(limits).any())
    flags["WILD_BOOTSTRAP_CAUTIOUS"] = sums.fewest_classes < FEW_IN_A_GROUP
    return Inference(
        estimate=observed,
        std_error=std_error,
        statistic=observed / std_error,
        p_value=p_of(0.0),
        conf_low=limits[0],
        conf_high=limits[1],
        conf_level=conf_level,
        method="wild_bootstrap_exact" if exact else "wild_bootstrap",
        statistic_name="t",
        flags=flags,
    )


class _Sums:
    """What the bootstrap needs of the data: sizes and sums of each class in each group."""

    def __init__(self, fit: ClusteredMeans, values: Array, member: NDArray[np.bool_]) -> None:
        self.size, self.mean, self.n_clusters = fit.size, fit.mean, fit.n_clusters
        self.counts = fit.share * fit.size
        left = np.where(fit.share < 1 - 1e-12, 1 - fit.share, 0.0)
        self.own = fit.influence * fit.size * np.sqrt(left)
        """Sums of the residuals from the groups' own means."""
        self.alone = bool(np.any(fit.share > 1 - 1e-12))
        self.fewest_classes = int((fit.share > 0).sum(axis=0).min())
        self.share_of_group = float(member.mean())
        self.overall = float(values.mean())

    def residuals(self, hypothesis: float) -> Array:
        """Sums of the residuals, where the groups' means differ by the hypothesis."""
        reference = self.overall - hypothesis * self.share_of_group
        return self.own + self.counts * (self.mean - np.array([reference, reference + hypothesis]))

    def error_of(self, residuals: Array) -> float:
        """The cluster-robust standard error of the difference."""
        return float(np.sqrt(self._squared_errors(np.ones((1, self.n_clusters)), residuals)[0]))

    def statistics(self, signs: Array, hypothesis: float) -> Array:
        """The studentised difference from the hypothesis of every bootstrapped data set."""
        residuals = self.residuals(hypothesis)
        means = signs @ (residuals / self.size)
        errors = np.sqrt(self._squared_errors(signs, residuals))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(errors > 0, (means[:, 1] - means[:, 0]) / errors, np.inf)

    def _squared_errors(self, signs: Array, residuals: Array) -> Array:
        means = signs @ (residuals / self.size)
        left = [
            (signs * residuals[:, arm] - means[:, arm, None] * self.counts[:, arm]) / self.size[arm] for arm in (0, 1)
        ]
        return np.asarray(((left[1] - left[0]) ** 2).sum(axis=1))


def _signs(n_clusters: int, resamples: int, seed: int) -> tuple[Array, bool]:
    """The multipliers of the classes, one row per data set, and whether these are all there are."""
    if 2**n_clusters <= resamples:
        return np.array(list(itertools.product((-1.0, 1.0), repeat=n_clusters))), True
    rng = np.random.default_rng(seed)
    weights = np.concatenate([-WEBB, WEBB]) if n_clusters < FEW else np.array([-1.0, 1.0])
    return rng.choice(weights, (resamples, n_clusters)), False


def _limit(p_of: object, observed: float, step: float, level: float) -> float:
    """The outermost hypothesis on one side that is not rejected; NaN where none ever is."""
    far = 1.0
    while p_of(observed + far * step) > level:  # type: ignore[operator]
        far *= 2
        if far > 2**12:
            return np.nan
    kept, rejected = far / 2 if far > 1 else 0.0, far
    for _ in range(40):
        middle = (kept + rejected) / 2
        kept, rejected = (middle, rejected) if p_of(observed + middle * step) > level else (kept, middle)  # type: ignore[operator]
    return float(observed + kept * step)
