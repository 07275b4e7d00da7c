"""How was a number made? What every output must know of a method beyond its name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """A method by its key, as it stands in the column ``method``.

    drawn : its P value or limits rest on random draws, so that seed and number of draws belong to the result.
    resampled : the distribution of its statistic was made by permuting or resampling, so that the statistic shown is
        the observed value and has no degrees of freedom.
    """

    name: str
    drawn: bool = False
    resampled: bool = False


METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method("permutation_studentised", drawn=True, resampled=True),
        Method("permutation_studentised_exact", resampled=True),
        Method("permutation", drawn=True, resampled=True),
        Method("permutation_exact", resampled=True),
        Method("bootstrap_studentised", drawn=True, resampled=True),
        Method("bootstrap_percentile", drawn=True, resampled=True),
        Method("bootstrap_bca", drawn=True, resampled=True),
        Method("brunner_munzel_permuted", drawn=True, resampled=True),
        Method("brunner_munzel_permuted_exact", resampled=True),
        Method("welch_anova_permuted", drawn=True, resampled=True),
        Method("welch_anova_permuted_exact", resampled=True),
        Method("chi2_permuted", drawn=True, resampled=True),
        Method("fisher_table_drawn", drawn=True),
        Method("cluster_permutation", drawn=True, resampled=True),
        Method("cluster_permutation_exact", resampled=True),
        Method("two_stage_permutation", drawn=True, resampled=True),
        Method("two_stage_permutation_exact", resampled=True),
        Method("sign_flip", drawn=True, resampled=True),
        Method("sign_flip_exact", resampled=True),
        Method("paired_superiority_permuted_exact", resampled=True),
        Method("tost_cluster_permutation", drawn=True, resampled=True),
        Method("wild_bootstrap", drawn=True, resampled=True),
        Method("wild_bootstrap_exact", resampled=True),
        Method("max_t", drawn=True),
        Method("max_t_clusters", drawn=True),
        Method("max_t_multivariate_t", drawn=True),
        Method("max_t_step_down", drawn=True),
        Method("sup_t", drawn=True),
        Method("sup_t_multivariate_t", drawn=True),
    )
}
"""Methods that rest on draws or allocations; every other method is an ordinary one."""


def method_of(key: str | None) -> Method:
    """What is known of this method?

    >>> method_of("welch").drawn, method_of("permutation_studentised").resampled
    (False, True)
    """
    return METHODS.get(str(key), Method(str(key)))
