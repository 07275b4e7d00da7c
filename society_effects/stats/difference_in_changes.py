"""Two periods, two groups: by how much more did members change than non-members?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .clustered_means import clustered_means
from .differences import welch
from .inference import Inference
from .moments import Moments

Array = NDArray[np.float64]


def difference_in_changes(
    changes: ArrayLike, member: ArrayLike, *, clusters: ArrayLike | None = None, conf_level: float = 0.95
) -> Inference:
    """By how much more did members change than non-members (difference in differences)?

    Parameters
    ----------
    changes : array (n,), later minus earlier score, no missing values; see :func:`period_changes`.
    member : array (n,) of truth values. clusters : array (n,), the class of each student, at the level at which
        membership was decided.

    The regression of the changes on membership: Welch's difference of the mean changes (HC2 with Welch's df), or CR2
    with Satterthwaite's df where students share classes. A pooled regression of all scores with standard errors by
    student gives the same CR2. Flags as :func:`society_effects.stats.differences.welch`, or ``ONE_CLUSTER_IN_ARM``,
    ``NO_VARIATION``.

    >>> found = difference_in_changes([2, 3, 4, 0, 1, 2], [True, True, True, False, False, False])
    >>> found.estimate, round(found.std_error, 4), round(found.df, 4)
    (2.0, 0.8165, 4.0)
    """
    change, arm = np.asarray(changes, dtype=float), np.asarray(member, dtype=bool)
    if clusters is None:
        return welch(Moments.of(change[arm]), Moments.of(change[~arm]), conf_level=conf_level)
    return clustered_means(change, arm, clusters).difference(1, 0, conf_level=conf_level)


def period_changes(values: ArrayLike, first_post: int) -> Array:
    """By how much did each student change: the mean of the waves from ``first_post`` on, less that of those before?

    values : array (units, waves). Array (units,); NaN where a wave is missing, since another set of waves would be
    another comparison.

    >>> period_changes([[1, 2, 4], [1, np.nan, 5]], 1).tolist()
    [2.0, nan]
    """
    y = np.asarray(values, dtype=float)
    return np.asarray(y[:, first_post:].mean(axis=1) - y[:, :first_post].mean(axis=1))
