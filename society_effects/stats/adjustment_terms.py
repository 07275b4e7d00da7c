"""Which columns has the regression of an adjusted comparison, once those that say nothing new are left out?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import DesignError

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
NOTHING_NEW = 1e-9
"""A column whose part outside the columns before it is no larger than this share of it says nothing new."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The columns of the regression: a constant, membership, covariates, and covariates times membership.

    names : of the columns, in this order. main, interacted : positions of the covariates that are there, by
    themselves and times membership. dropped : names of the columns that say nothing new.
    """

    names: tuple[str, ...]
    main: tuple[int, ...]
    interacted: tuple[int, ...]
    dropped: tuple[str, ...]

    def row(self, arm: int, steps: ArrayLike) -> Array:
        """The row (..., p) of a student of an arm (1 members, 0 others) so many steps (..., k) from the centre."""
        x = np.asarray(steps, dtype=float)
        ones = np.ones((*x.shape[:-1], 1))
        parts = (ones, arm * ones, x[..., list(self.main)], arm * x[..., list(self.interacted)])
        return np.concatenate(parts, axis=-1)


def chosen_terms(arm: Mask, centred: Array, raw: Array, names: Sequence[str], interactions: bool) -> Terms:
    """Which columns are kept? Earlier ones stay; with batch axes, all of them.

    arm : (..., n). centred, raw : (..., n, k), the covariates around their centre and as they are.

    >>> x = np.array([[1.0, 2.0], [2.0, 4.0], [4.0, 8.0], [7.0, 14.0], [8.0, 16.0]])
    >>> chosen_terms(np.array([True, False, True, False, True]), x, x, ("a", "twice"), False).dropped
    ('twice',)
    """
    k = centred.shape[-1]
    main, crossed = list(range(k)), list(range(k)) if interactions else []
    dropped: list[str] = []
    if arm.ndim == 1:
        size = np.maximum(np.linalg.norm(centred, axis=0), 1e-6 * np.linalg.norm(raw, axis=0))
        one = np.ones((len(arm), 1))
        new = _new_columns(np.column_stack([one, centred]), np.r_[1.0, size])[1:]
        dropped += [names[i] for i in main if not new[i]]
        main = [i for i in main if new[i]]
        kept = np.column_stack([one, centred[:, main], arm])
        if not _new_columns(kept, np.r_[1.0, size[main], 1.0])[-1]:
            raise DesignError("TREATMENT_NOT_IDENTIFIED", covariates=[names[i] for i in main])
        crossed = [i for i in crossed if i in main]
        times = np.column_stack([kept, arm[:, None] * centred[:, crossed]])
        new = _new_columns(times, np.r_[1.0, size[main], 1.0, size[crossed]])[kept.shape[1] :]
        dropped += [f"member:{names[i]}" for i, is_new in zip(crossed, new, strict=True) if not is_new]
        crossed = [i for i, is_new in zip(crossed, new, strict=True) if is_new]
    of_crossed = [f"member:{names[i]}" for i in crossed]
    shown = ("(Intercept)", "member", *(names[i] for i in main), *of_crossed)
    return Terms(shown, tuple(main), tuple(crossed), tuple(dropped))


def design_of(terms: Terms, arm: Mask, centred: Array) -> Array:
    """The design (..., n, p) of the regression."""
    of_member = arm[..., None].astype(float)
    crossed = of_member * centred[..., list(terms.interacted)]
    return np.concatenate([np.ones_like(of_member), of_member, centred[..., list(terms.main)], crossed], axis=-1)


def _new_columns(columns: Array, sizes: Array) -> list[bool]:
    """Which columns say something beyond those before them? QR, in which a column that does not is passed over."""
    basis = np.zeros((len(columns), 0))
    new = []
    for column, size in zip(columns.T, sizes, strict=True):
        rest = column - basis @ (basis.T @ column)
        rest = rest - basis @ (basis.T @ rest)
        length = float(np.linalg.norm(rest))
        new.append(bool(length > NOTHING_NEW * size))
        if new[-1]:
            basis = np.column_stack([basis, rest / length])
    return new
