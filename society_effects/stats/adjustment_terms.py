"""Which columns has the regression of an adjusted comparison, once those that say nothing new are left out?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import DesignError
from .within_classes import around_class_means, class_means_of

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
NOTHING_NEW = 1e-9
"""A column whose part outside the columns before it is no larger than this share of it says nothing new."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The columns of the regression: a constant, membership, covariates, and covariates times membership.

    names : of the columns, in this order. main, interacted : positions of the covariates that are there, by
    themselves and times membership. dropped : names of the columns that say nothing new. averaged : positions of the
    columns whose class means follow as columns of their own.
    """

    names: tuple[str, ...]
    main: tuple[int, ...]
    interacted: tuple[int, ...]
    dropped: tuple[str, ...]
    averaged: tuple[int, ...] = ()

    @property
    def slopes(self) -> slice:
        """Where the covariates times membership stand."""
        start = 2 + len(self.main)
        return slice(start, start + len(self.interacted))

    def row(self, arm: int, steps: ArrayLike) -> Array:
        """The row (..., p) of a student of an arm (1 members, 0 others) so many steps (..., k) from the centre."""
        x = np.asarray(steps, dtype=float)
        ones = np.ones((*x.shape[:-1], 1))
        of_classes = np.zeros((*x.shape[:-1], len(self.averaged)))  # classes of the average kind
        parts = (ones, arm * ones, x[..., list(self.main)], arm * x[..., list(self.interacted)], of_classes)
        return np.concatenate(parts, axis=-1)


def chosen_terms(
    arm: Mask,
    centred: Array,
    raw: Array,
    names: Sequence[str],
    interactions: bool | Sequence[int],
    classes: NDArray[np.int64] | None = None,
) -> Terms:
    """Which columns are kept? Earlier ones stay; with batch axes, all of them.

    arm : (..., n). centred, raw : (..., n, k), the covariates around their centre and as they are. interactions : of
    all covariates, of none, or of those at these positions. classes : (n,) of codes from 0, where each class has its
    own level: what does not vary within classes then says nothing new by itself, but may times membership.

    >>> x = np.array([[1.0, 2.0], [2.0, 4.0], [4.0, 8.0], [7.0, 14.0], [8.0, 16.0]])
    >>> chosen_terms(np.array([True, False, True, False, True]), x, x, ("a", "twice"), False).dropped
    ('twice',)
    """
    k = centred.shape[-1]
    every = range(k) if interactions is True else interactions or ()
    main, crossed = list(range(k)), list(every)
    dropped: list[str] = []
    if arm.ndim == 1:
        size = np.maximum(np.linalg.norm(centred, axis=0), 1e-6 * np.linalg.norm(raw, axis=0))
        one = np.ones((len(arm), 1))
        new = new_columns(np.column_stack([one, centred]), np.r_[1.0, size])[1:]
        dropped += [names[i] for i in main if not new[i]]
        main = crossable = [i for i in main if new[i]]
        if classes is not None:
            new = new_columns(around_class_means(centred[:, main], classes), size[main])
            dropped += [names[i] for i, is_new in zip(main, new, strict=True) if not is_new]
            main = [i for i, is_new in zip(main, new, strict=True) if is_new]
        kept = np.column_stack([one, _varying(np.column_stack([centred[:, main], arm]), classes)])
        if not new_columns(kept, np.r_[1.0, size[main], 1.0])[-1]:
            raise DesignError("TREATMENT_NOT_IDENTIFIED", covariates=[names[i] for i in main])
        crossed = [i for i in crossed if i in crossable]
        times = np.column_stack([kept, _varying(arm[:, None] * centred[:, crossed], classes)])
        new = new_columns(times, np.r_[1.0, size[main], 1.0, size[crossed]])[kept.shape[1] :]
        dropped += [f"member:{names[i]}" for i, is_new in zip(crossed, new, strict=True) if not is_new]
        crossed = [i for i, is_new in zip(crossed, new, strict=True) if is_new]
    of_crossed = [f"member:{names[i]}" for i in crossed]
    shown = ("(Intercept)", "member", *(names[i] for i in main), *of_crossed)
    return Terms(shown, tuple(main), tuple(crossed), tuple(dropped))


def with_class_means(terms: Terms, arm: Mask, centred: Array, classes: NDArray[np.int64]) -> Terms:
    """The terms, and the class means of those that vary within classes, as far as they say something new (Mundlak).

    Membership and slopes are then compared among classmates. Mundlak (1978) doi:10.2307/1913646.
    """
    design = design_of(terms, arm, centred)
    varying = [int(i) for i in np.flatnonzero(np.any(around_class_means(design, classes), axis=0))]
    both = np.column_stack([design, class_means_of(design[:, varying], classes)])
    new = new_columns(both, np.linalg.norm(both, axis=0))[design.shape[1] :]
    averaged = tuple(i for i, is_new in zip(varying, new, strict=True) if is_new)
    lost = tuple(f"class:{terms.names[i]}" for i, is_new in zip(varying, new, strict=True) if not is_new)
    names = (*terms.names, *(f"class:{terms.names[i]}" for i in averaged))
    return replace(terms, names=names, dropped=terms.dropped + lost, averaged=averaged)


def design_of(terms: Terms, arm: Mask, centred: Array, classes: NDArray[np.int64] | None = None) -> Array:
    """The design (..., n, p) of the regression; classes is needed where class means are among the terms."""
    of_member = arm[..., None].astype(float)
    crossed = of_member * centred[..., list(terms.interacted)]
    parts = [np.ones_like(of_member), of_member, centred[..., list(terms.main)], crossed]
    design = np.concatenate(parts, axis=-1)
    if classes is None or not terms.averaged:
        return design
    means = class_means_of(design[:, list(terms.averaged)], classes)
    return np.column_stack([design, means - means.mean(axis=0)])


def _varying(columns: Array, classes: NDArray[np.int64] | None) -> Array:
    """What is left of the columns where each class has its own level."""
    return columns if classes is None else around_class_means(columns, classes)


def new_columns(columns: Array, sizes: Array) -> list[bool]:
    """Which columns say something beyond those before them? QR, in which a column that does not is passed over.

    columns : (n, k). sizes : (k,), the length each column is measured by.

    >>> new_columns(np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 4.0]]), np.ones(3))
    [True, False, True]
    """
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
