"""Groups of students who share classes: their means, shares or rates, with a covariance that knows the classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .cluster_robust import hotelling_test, inverse_root
from .inference import Inference, TestResult, from_t
from .ranks import placements

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ClusteredMeans:
    """The mean (share, rate) of each group, with the CR2 covariance of the regression on the groups.

    size : students of each group, or their exposure. mean : of each group. share : array (classes, groups), the share
    of each group's size that lies in each class. influence : array (classes, groups), what each class contributes;
    the covariance of the means is its product with itself. n_clusters : classes that have a value.
    """

    size: Array
    mean: Array
    share: Array
    influence: Array
    method: str = "cr2"

    @property
    def n_clusters(self) -> int:
        """Number of classes."""
        return len(self.share)

    @property
    def covariance(self) -> Array:
        """Covariance of the means."""
        return self.influence.T @ self.influence

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Which groups lie in one class?"""
        return np.asarray(self.share.max(axis=0) > 1 - 1e-12)

    def difference(self, g: int, r: int, *, conf_level: float = 0.95) -> Inference:
        """By how much do the means (shares, rates) of two groups differ?"""
        return self._inference(self._between(g, r), self.mean[g] - self.mean[r], conf_level=conf_level)

    def log_ratio(self, g: int, r: int, *, conf_level: float = 0.95) -> Inference:
        """How many times as large is the mean of one group? Null value 1; degrees of freedom as of a Poisson model."""
        of_log: dict[str, Any] = {"null_value": 1.0, "scale": "log", "conf_level": conf_level}
        if self.mean[g] <= 0 or self.mean[r] <= 0:
            ratio = self.mean[g] / self.mean[r] if self.mean[r] > 0 else np.nan
            return _undefined(ratio, self.method, none=self.mean[g] <= 0 and self.mean[r] <= 0, **of_log)
        contrast = self._between(g, r) / np.where(self.mean > 0, self.mean, 1.0)
        return self._inference(contrast, self.mean[g] / self.mean[r], working=self.mean, **of_log)

    def odds_ratio(self, g: int, r: int, *, conf_level: float = 0.95) -> Inference:
        """How many times as large are the odds? Null value 1; degrees of freedom as of a logistic model."""
        of_log: dict[str, Any] = {"null_value": 1.0, "scale": "log", "conf_level": conf_level}
        variance = self.mean * (1 - self.mean)
        if variance[g] <= 0 or variance[r] <= 0:
            return _undefined(np.nan, self.method, none=False, **of_log)
        odds = self.mean / np.where(self.mean < 1, 1 - self.mean, 1.0)
        contrast = self._between(g, r) / np.where(variance > 0, variance, 1.0)
        return self._inference(contrast, odds[g] / odds[r], working=variance, **of_log)

    def interval(self, arm: int, *, conf_level: float = 0.95) -> tuple[float, float]:
        """Between which limits does the mean of a group lie?"""
        found = self._inference(np.eye(len(self.mean))[arm], self.mean[arm], conf_level=conf_level)
        return float(found.conf_low), float(found.conf_high)

    def wald(self) -> TestResult:
        """Are the means of all groups equal? The approximate Hotelling test."""
        if self.alone.any():
            return _one_class()
        between = between_groups(len(self.mean))
        eta = self.hotelling_df(between)
        return hotelling_test(between @ self.mean, between @ self.covariance @ between.T, eta)

    def trend(self, scores: ArrayLike) -> TestResult:
        """Do the means rise or fall with these scores of the groups?"""
        centred = np.asarray(scores, dtype=float) - np.mean(np.asarray(scores, dtype=float))
        found = self._inference(centred, float(centred @ self.mean))
        return TestResult("t", found.statistic, found.p_value, df1=found.df, method=self.method, flags=found.flags)

    def df(self, contrast: Array, working: Array | None = None) -> float:
        """How many degrees of freedom has the variance of a contrast (Satterthwaite)?

        working : variance of a value of each group in the working model; by default the same in all groups.
        """
        weight = contrast**2 * (np.ones(len(self.mean)) if working is None else working)
        each, together = self._products
        total = float(weight @ together @ weight)
        return float(weight @ each) ** 2 / total if total > 0 else np.nan

    def hotelling_df(self, contrasts: Array, categories: int = 1) -> float:
        """Degrees of freedom of the covariance of several contrasts, of as many categories at once."""
        half = contrasts.T @ inverse_root(contrasts @ np.diag(1 / self.size) @ contrasts.T)
        projection, q = half @ half.T, len(contrasts) * categories
        diagonal = np.diag(projection)
        shape = categories * projection**2 + categories**2 * np.outer(diagonal, diagonal)
        return q * (q + 1) / float(np.sum(shape * self._products[1]))

    @property
    def _products(self) -> tuple[Array, Array]:
        """What classes contribute to the variances in the working model: summed over classes, and over pairs of them.

        Of class s with itself and group a: d - u u; of classes s and t: - u u. Second: the sum over all pairs of the
        product for group a and group b.
        """
        left = np.where(self.share < 1 - 1e-12, 1 - self.share, np.inf)
        d, u = self.share / left / self.size, self.share / np.sqrt(left * self.size)
        together = d.T @ d - d.T @ u**2 - (u**2).T @ d + (u.T @ u) ** 2
        return (d - u**2).sum(axis=0), together

    def _between(self, g: int, r: int) -> Array:
        contrast = np.zeros(len(self.mean))
        contrast[[g, r]] = 1.0, -1.0
        return contrast

    def _inference(
        self,
        contrast: Array,
        estimate: float,
        *,
        working: Array | None = None,
        conf_level: float = 0.95,
        **scale: Any,
    ) -> Inference:
        involved = contrast != 0
        alone = bool(np.any(self.alone[involved]))
        std_error = np.nan if alone else float(np.sqrt(contrast @ self.covariance @ contrast))
        flags = {"ONE_CLUSTER_IN_ARM": alone, "NO_VARIATION": std_error == 0}
        df = self.df(contrast, working) if std_error > 0 else np.nan
        return from_t(
            estimate,
            std_error,
            df,
            conf_level=conf_level,
            method=self.method,
            flags=flags,
            **scale,
        )


def clustered_means(
    values: ArrayLike, arms: ArrayLike, clusters: ArrayLike, *, exposure: ArrayLike | None = None
) -> ClusteredMeans:
    """What are the means of groups whose students share classes, and how precise are they?

    Parameters
    ----------
    values : array (n,) without missing values: scores, 0 and 1, or counts.
    arms : array (n,) of whole numbers from 0, the group of each student.
    clusters : array (n,), the class of each student.
    exposure : array (n,), optional. With counts: the time behind each; the means are then rates.

    The leverage of a class on a group is its share of that group, so that CR2 has a closed form: the residuals of a
    class are summed per group and divided by the root of one minus that share. The same numbers come from
    :func:`cr2` on indicators of the groups. A contrast of a group that lies in one class has no standard error (flag
    ``ONE_CLUSTER_IN_ARM``): class and group cannot be told apart.
    Pustejovsky and Tipton (2018) doi:10.1080/07350015.2016.1247004.

    >>> found = clustered_means([1, 2, 3, 5, 6, 8], [0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2])
    >>> round(found.difference(1, 0).std_error, 4), round(found.difference(1, 0).df, 4)
    (0.3333, 2.0)
    """
    y, arm = np.asarray(values, dtype=float), np.asarray(arms).astype(int)
    time = np.ones(len(y)) if exposure is None else np.asarray(exposure, dtype=float)
    names, codes = np.unique(np.asarray(clusters), return_inverse=True)
    shape = (len(names), arm.max(initial=-1) + 1)
    size = np.bincount(arm, time, minlength=shape[1]).astype(float)
    mean = np.bincount(arm, y, minlength=shape[1]) / size
    here = codes * shape[1] + arm
    share = np.bincount(here, time, minlength=shape[0] * shape[1]).reshape(shape) / size
    residuals = np.bincount(here, y - mean[arm] * time, minlength=shape[0] * shape[1]).reshape(shape)
    left = np.where(share < 1 - 1e-12, 1 - share, np.inf)
    return ClusteredMeans(size, mean, share, residuals / np.sqrt(left) / size)


def clustered_superiority(
    member_values: ArrayLike,
    reference_values: ArrayLike,
    member_clusters: ArrayLike,
    reference_clusters: ArrayLike,
    *,
    conf_level: float = 0.95,
) -> Inference:
    """How often does a member outscore a non-member, when students share classes? Limits on the logit scale.

    The placements of the students in the other group are summed by class; with one student per class the standard
    error is Brunner and Munzel's. Flags: ``SEPARATED_IN_CLASSES`` (no interval), ``ALL_TIED``,
    ``ONE_CLUSTER_IN_ARM``.

    >>> found = clustered_superiority([3, 4, 5, 6], [1, 2, 3, 4], [0, 1, 2, 3], [4, 5, 6, 7])
    >>> found.estimate, round(found.df, 1)
    (0.875, 6.0)
    """
    member, reference = (np.asarray(v, dtype=float) for v in (member_values, reference_values))
    placed = placements(member, reference)
    theta = placed.superiority
    of_logit: dict[str, Any] = {"null_value": 0.5, "scale": "logit", "conf_level": conf_level}
    if theta in (0.0, 1.0):
        return Inference(theta, method="cr2", flags={"SEPARATED_IN_CLASSES": True}, **of_logit)
    scores = np.concatenate([placed.of_members, -placed.of_reference])
    arms = np.repeat([1, 0], [len(member), len(reference)])
    found = clustered_means(scores, arms, np.concatenate([member_clusters, reference_clusters])).difference(1, 0)
    flags = {"ALL_TIED": found.std_error == 0, "ONE_CLUSTER_IN_ARM": "ONE_CLUSTER_IN_ARM" in found.raised}
    error = found.std_error / (theta * (1 - theta))
    return from_t(theta, error, found.df, method="cr2", flags=flags, **of_logit)


def clustered_shares_wald(categories: ArrayLike, arms: ArrayLike, clusters: ArrayLike) -> TestResult:
    """Are the categories of a nominal outcome distributed alike in groups whose students share classes?

    The approximate Hotelling test of the shares of all categories but one in all groups but one, with the covariance
    of the categories within the groups as working model. Flags: ``NO_VARIATION``, ``ONE_CLUSTER_IN_ARM``.
    Pustejovsky and Tipton (2018) doi:10.1080/07350015.2016.1247004.

    >>> found = clustered_shares_wald([0, 1, 0, 1, 1, 0, 1, 1], [0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 2, 2, 3, 3])
    >>> found.df1
    1.0
    """
    codes = np.asarray(categories)
    present = np.unique(codes)
    if len(present) < 2:
        return TestResult("F", np.nan, np.nan, method="cr2_wald", flags={"NO_VARIATION": True})
    fits = [clustered_means(codes == category, arms, clusters) for category in present[1:]]
    if fits[0].alone.any():
        return _one_class()
    between = between_groups(len(fits[0].mean))
    differences = np.concatenate([between @ fit.mean for fit in fits])
    influence = np.column_stack([fit.influence @ between.T for fit in fits])
    return hotelling_test(differences, influence.T @ influence, fits[0].hotelling_df(between, len(fits)))


def between_groups(k: int) -> Array:
    """The contrasts of each group but the first with the first."""
    return np.column_stack([-np.ones(k - 1), np.eye(k - 1)])


def _one_class() -> TestResult:
    """A group whose students are one class cannot be tested."""
    return TestResult("F", np.nan, np.nan, method="cr2_wald", flags={"ONE_CLUSTER_IN_ARM": True})


def _undefined(ratio: float, method: str, none: bool, **scale: Any) -> Inference:
    """A ratio with an empty cell has no standard error."""
    flags = {"NO_EVENTS_AT_ALL": none, "ZERO_CELL": not none}
    return Inference(float(ratio), method=method, flags=flags, **scale)
