"""Several outcomes, several chances of a false alarm: P values adjusted for their family."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """How large is each P value once all tests of the family are taken into account?

    Undefined P values (NaN) are no tests: they are left out before the correction and stay NaN.
    Holm (1979), Scandinavian Journal of Statistics 6:65-70.

    >>> holm([0.01, float("nan"), 0.03]).tolist()
    [0.02, nan, 0.03]
    """
    raw = np.asarray(p_values, dtype=float)
    adjusted = np.full(raw.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(raw))
    order = tested[np.argsort(raw[tested], kind="stable")]
    steps = raw[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(order) else steps
    return adjusted


METHODS = {
    "bonferroni": "bonferroni",
    "sidak": "sidak",
    "hochberg": "simes-hochberg",
    "hommel": "hommel",
    "BH": "fdr_bh",
    "BY": "fdr_by",
}


def adjusted(p_values: ArrayLike, method: str) -> NDArray[np.float64]:
    """How large is each P value by another textbook method? Keys as R's p.adjust: bonferroni, holm, hochberg, ...

    Undefined P values (NaN) are no tests and stay NaN. Benjamini and Hochberg (1995)
    doi:10.1111/j.2517-6161.1995.tb02031.x; Hommel (1988) doi:10.1093/biomet/75.2.383.

    >>> adjusted([0.01, float("nan"), 0.03], "bonferroni").tolist()
    [0.02, nan, 0.06]
    """
    if method == "holm":
        return holm(p_values)
    from statsmodels.stats.multitest import multipletests

    raw = np.asarray(p_values, dtype=float)
    found, tested = np.full(raw.shape, np.nan), ~np.isnan(raw)
    if tested.any():
        with np.errstate(divide="ignore"):  # a P value of exactly 1 has no logarithm of its complement
            found[tested] = multipletests(raw[tested], method=METHODS[method])[1]
    return found
