"""Members compared with their classmates: what of the data varies within classes, and the regression on that."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .linear_model import ROUNDING, ClassErrors, least_squares

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class InClasses:
    """How members and others are spread over the classes.

    classes : number of classes. with_members, with_others : classes that have such students. compared : classes that
    have both. alone : classes of one student. not_compared : students in classes where all are members, or nobody is
    (those alone among them); they tell nothing about members and classmates, but may about the covariates.
    """

    classes: int
    with_members: int
    with_others: int
    compared: int
    alone: int
    not_compared: int


def in_classes(member: ArrayLike, clusters: ArrayLike) -> InClasses:
    """In how many classes can members be compared with classmates?

    >>> found = in_classes([1, 0, 1, 1, 0], ["a", "a", "b", "b", "c"])
    >>> found.classes, found.compared, found.alone, found.not_compared
    (3, 1, 1, 3)
    """
    arm = np.asarray(member).astype(bool)
    codes = np.unique(np.asarray(clusters), return_inverse=True)[1]
    size, members = np.bincount(codes), np.bincount(codes, arm)
    both = (members > 0) & (members < size)
    return InClasses(
        classes=len(size),
        with_members=int(np.sum(members > 0)),
        with_others=int(np.sum(members < size)),
        compared=int(np.sum(both)),
        alone=int(np.sum(size == 1)),
        not_compared=int(np.sum(size[~both])),
    )


def class_means_of(columns: Array, codes: NDArray[np.int64]) -> Array:
    """The mean of each class, once for each of its students; columns is (n,) or (n, p), codes count from 0.

    >>> class_means_of(np.array([1.0, 3.0, 5.0]), np.array([0, 0, 1])).tolist()
    [2.0, 2.0, 5.0]
    """
    size, wide = np.bincount(codes), columns.reshape(len(codes), -1)
    means = np.column_stack([np.bincount(codes, column) / size for column in wide.T]) if wide.shape[1] else wide[:0]
    return np.asarray(means[codes] if wide.shape[1] else wide).reshape(columns.shape)


def around_class_means(columns: Array, codes: NDArray[np.int64]) -> Array:
    """What is left of columns (n,) or (n, p) when the class means are taken out; exactly 0 where nothing is.

    >>> around_class_means(np.array([1.0, 3.0, 0.1]), np.array([0, 0, 1])).tolist()
    [-1.0, 1.0, 0.0]
    """
    left = columns - class_means_of(columns, codes)
    left = left - class_means_of(left, codes)
    return np.asarray(np.where(np.abs(left) <= ROUNDING * np.abs(columns).max(axis=0, initial=0.0), 0.0, left))


def fit_in_classes(design: Array, outcome: Array, codes: NDArray[np.int64], *, own_levels: bool) -> ClassErrors:
    """Which coefficients fit best, and how precise are they with CR2, where classes have levels of their own or not?"""
    return (
        fit_among_classmates(design, outcome, codes)
        if own_levels
        else ClassErrors.of(least_squares(design, outcome), codes)
    )


def fit_among_classmates(design: Array, outcome: Array, codes: NDArray[np.int64]) -> ClassErrors:
    """Which coefficients fit best when every class has its own level? Fixed effects, with CR2.

    Parameters
    ----------
    design : (n, p), its first column the constant, all others varying within classes. outcome : (n,). codes : (n,),
        classes counted from 0.

    The class indicators are absorbed: from all columns but the constant the class means are taken out and the overall
    mean put back. Coefficients, CR2 and its degrees of freedom are those of the regression with an indicator for each
    class (Pustejovsky and Tipton 2018, theorem 2, doi:10.1080/07350015.2016.1247004).
    The constant is the mean of the levels of the classes, each counted as often as it has students; its uncertainty
    is that of a sample of classes (with indicators it would be that of these very classes, which CR2 cannot know).

    >>> design = np.column_stack([np.ones(6), [0, 1, 0, 1, 0, 1.0]])
    >>> found = fit_among_classmates(design, np.array([1, 2, 5, 7, 9, 12.0]), np.array([0, 0, 1, 1, 2, 2]))
    >>> found.fit.coefficients.round(12).tolist(), round(found.df([0, 1]), 6)
    ([5.0, 2.0], 2.0)
    """
    absorbed = np.column_stack([np.ones(len(design)), around_class_means(design[:, 1:], codes) + design[:, 1:].mean(0)])
    fit = least_squares(absorbed, around_class_means(outcome, codes) + outcome.mean())
    errors = ClassErrors.of(fit, codes)
    level = class_means_of(outcome - design @ fit.coefficients, codes)
    share = (np.bincount(codes) / len(codes))[codes]
    constant = level / np.sqrt(np.where(share < 1 - 1e-12, 1 - share, np.inf)) * fit.basis[:, 0]
    influence = errors.found.influence + np.column_stack([constant, np.zeros((len(design), fit.basis.shape[1] - 1))])
    of_class = np.array([np.bincount(codes, column) for column in influence.T], dtype=float)
    return replace(errors, found=replace(errors.found, influence=influence, covariance=of_class @ of_class.T))
