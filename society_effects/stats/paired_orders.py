"""How often does a student stand higher at the last wave than at the first? For outcomes that only have an order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from .inference import Inference, from_t
from .moments import Moments
from .proportions import wilson
from .sign_flips import changes, even_chances_p

SMALL = 15


def paired_superiority(first: ArrayLike, last: ArrayLike, *, conf_level: float = 0.95) -> Inference:
    """How probable is it that a student stands higher last than first (no change counts half)?

    Parameters
    ----------
    first, last : arrays (n,), aligned, without missing values; only the order of a student's two values is used.
    conf_level : default 0.95.

    The mean over the students of 1 (rose), 1/2 (as before) and 0 (fell), with its standard error; t with n - 1 degrees
    of freedom; limits on the logit scale, so that they stay between 0 and 1. Under 15 pairs P is counted over all ways
    to exchange the two waves of those who changed (the sign test). Flags: ``TOO_FEW`` (fewer than two pairs),
    ``ALL_TIED`` (nobody changed: 0.5, P undefined), ``SEPARATED`` (all rose, or all fell: 1 or 0; P is that of the sign
    test, limits are Wilson's).
    Grissom and Kim (2012), Effect Sizes for Research, 2nd ed., ch. 5 (PS for dependent groups).

    >>> found = paired_superiority([1, 2, 2, 3, 3, 4], [2, 2, 3, 4, 5, 3])
    >>> found.estimate, round(found.p_value, 12)
    (0.75, 0.375)
    """
    direction = np.sign(changes(first, last))
    n, rose, fell = len(direction), int(np.sum(direction > 0)), int(np.sum(direction < 0))
    placed = Moments.of((1 + direction) / 2)
    theta, few = placed.mean, n < 2
    flags = {"TOO_FEW": few, "ALL_TIED": not few and rose + fell == 0, "SEPARATED": not few and n in (rose, fell)}
    settings = {"conf_level": conf_level, "null_value": 0.5, "scale": "logit"}
    counted = even_chances_p(rose, rose + fell)
    if flags["SEPARATED"]:
        low, high = wilson(rose, n, conf_level)
        limits = {"conf_low": low, "conf_high": high, "interval_method": "wilson"}
        return Inference(theta, p_value=counted, method="separated", flags=flags, **limits, **settings)  # type: ignore[arg-type]
    error = np.nan if few else placed.sd / np.sqrt(n) / (theta * (1 - theta))
    found = from_t(theta, error, n - 1, method="paired_superiority", flags=flags, **settings)  # type: ignore[arg-type]
    if n >= SMALL or few or flags["ALL_TIED"]:
        return found
    method = "paired_superiority_permuted_exact"
    return replace(found, df=np.nan, p_value=counted, method=method, interval_method=found.method)
