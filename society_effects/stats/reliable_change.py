"""Which students changed by more than the error of measurement can explain?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .moments import Moments
from .sign_flips import changes

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ReliableChange:
    """Each student's change in units of its error of measurement, and how many changed reliably.

    index : array (n,), last minus first / error; NaN where undefined. error : the standard error of a change between
    two measurements of an unchanged student. smallest : the change beyond which it counts as reliable.
    rose, fell, unchanged : numbers of students. flags : why nothing is defined.
    """

    index: Array
    error: float
    smallest: float
    rose: int
    fell: int
    unchanged: int
    flags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def raised(self) -> tuple[str, ...]:
        """Which flags are true?"""
        return tuple(key for key, value in self.flags.items() if value)


def reliable_change(first: ArrayLike, last: ArrayLike, *, reliability: float, critical: float = 1.96) -> ReliableChange:
    """Which students changed by more than the error of measurement can explain? Jacobson and Truax's index.

    Parameters
    ----------
    first, last : arrays (n,), aligned, without missing values.
    reliability : of the score among such students, at least 0 and below 1.
    critical : the size of the index beyond which a change counts as reliable; 1.96 is the authors' own number.

    The error of a change is sqrt(2) x SD of the first wave x sqrt(1 - reliability). With many students 5 % exceed it by
    chance, and regression to the mean is not taken out: the counts describe, they do not test. Flags: ``TOO_FEW``,
    ``NO_VARIATION`` (the first scores are all equal, so that no error is known); nobody is then counted.
    Jacobson and Truax (1991) doi:10.1037/0022-006X.59.1.12.

    >>> found = reliable_change([10, 12, 14, 16, 18], [11, 18, 13, 15, 12], reliability=0.8)
    >>> round(found.smallest, 3), found.rose, found.fell, found.unchanged
    (3.92, 1, 1, 3)
    """
    change, sd = changes(first, last), Moments.of(np.asarray(first, dtype=float)).sd
    error = float(np.sqrt(2 * (1 - reliability))) * sd
    flags = {"TOO_FEW": bool(np.isnan(sd)), "NO_VARIATION": error == 0}
    if any(flags.values()):
        return ReliableChange(np.full(change.shape, np.nan), np.nan, np.nan, 0, 0, 0, flags)
    index = change / error
    rose, fell = int(np.sum(index > critical)), int(np.sum(index < -critical))
    return ReliableChange(index, error, critical * error, rose, fell, len(index) - rose - fell, flags)
