"""How precise are maximum likelihood estimates when the model is not the truth, or when students share classes?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .cluster_sums import ClusterRobust, cr2_from_sums

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScoreErrors:
    """Robust standard errors of a fit, from the scores of its students.

    influence_of_all : (n, q), what each student contributes to the coefficients in which the information is 1.
    whiten : (q, q), what turns a contrast of the coefficients into one of those. df_of_students : n - q.
    codes, classes : the class of each student, and CR2 over the classes; None where students are independent.
    """

    influence_of_all: Array
    whiten: Array
    df_of_students: float
    codes: NDArray[np.int64] | None = None
    classes: ClusterRobust | None = None

    @property
    def factor(self) -> float:
        """By what are contributions enlarged because so many coefficients were fitted? (n / (n - q))^.5; with classes,
        where CR2 does so class by class, 1; NaN where no student is left."""
        if self.classes is not None:
            return 1.0
        n, df = len(self.influence_of_all), self.df_of_students
        return float(np.sqrt(n / df)) if df > 0 else np.nan

    def influence(self, contrast: ArrayLike) -> Array:
        """What each student (n,) contributes to a contrast (q,) of the coefficients, before :attr:`factor`.

        With classes only the sums per class mean something: they are those of CR2, and the difference to the plain sum
        is spread evenly over the students of the class.
        """
        white = np.asarray(contrast, dtype=float) @ self.whiten
        own = self.influence_of_all @ white
        if self.classes is None or self.codes is None or self.classes.precision is None:
            return np.asarray(own)
        enlarged = self.classes.precision.influence @ white - np.bincount(self.codes, own)
        return np.asarray(own + (enlarged / np.bincount(self.codes))[self.codes])

    def df(self, contrast: ArrayLike) -> float:
        """Degrees of freedom of a contrast (q,): n - q, or with classes Satterthwaite's (Bell and McCaffrey) with the
        information of each class as working model. What one class decides alone (its indicator) has no part in it."""
        if self.classes is None or self.classes.precision is None:
            return self.df_of_students
        return self.classes.precision.df(np.asarray(contrast, dtype=float) @ self.whiten)

    def why_unknown(self, contrast: ArrayLike) -> dict[str, bool]:
        """Is the spread of a contrast (q,) unknown? ``TOO_FEW``; ``ONE_CLUSTER_IN_ARM``, ``TOO_FEW_CLUSTERS``."""
        if self.classes is None:
            return {"TOO_FEW": not self.df_of_students > 0}
        return dict(self.classes.contrast(np.asarray(contrast, dtype=float) @ self.whiten).flags)


def score_errors(
    scores: ArrayLike, roots: ArrayLike, to_coefficients: ArrayLike, clusters: ArrayLike | None = None
) -> ScoreErrors:
    """How precise are the coefficients of a fit, whatever the truth (sandwich)?

    Parameters
    ----------
    scores : (n, q), the derivatives of each student's log likelihood at its maximum, in some coordinates.
    roots : (n, r, q), rows whose products with themselves are each student's part of the information there.
    to_coefficients : (q, q), what turns those coordinates into the coefficients whose contrasts are asked for.
    clusters : (n,), the class of each student.

    Independent students: inverse information times the scores, with n / (n - q) as in HC1. Classes: CR2 of Bell and
    McCaffrey with the information of each class in place of its squared design, which is exact for least squares
    and first-order for likelihoods. Huber (1967), Proc. Fifth Berkeley Symposium 1:221-233; Pustejovsky and Tipton
    (2018) doi:10.1080/07350015.2016.1247004.

    >>> y = np.array([1.0, 2.0, 3.0, 6.0])
    >>> errors = score_errors((y - y.mean())[:, None], np.ones((4, 1, 1)), np.eye(1))
    >>> round(float(np.sum((errors.factor * errors.influence([1.0])) ** 2)), 4), errors.df([1.0])
    (1.1667, 3.0)
    """
    rows, back = np.asarray(roots, dtype=float), np.asarray(to_coefficients, dtype=float)
    all_rows = rows.reshape(-1, len(back))
    inverse = np.linalg.inv(np.linalg.cholesky(all_rows.T @ all_rows))
    white = np.asarray(scores, dtype=float) @ inverse.T
    whiten, df = back @ inverse.T, float(len(white) - len(back))
    if clusters is None:
        return ScoreErrors(white, whiten, df)
    codes = np.unique(np.asarray(clusters), return_inverse=True)[1]
    sums = np.array([np.bincount(codes, column) for column in white.T]).T
    order, ends = np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1]
    parts = [part.reshape(-1, len(back)) for part in np.split((rows @ inverse.T)[order], ends)]
    gram = np.array([part.T @ part for part in parts])
    return ScoreErrors(white, whiten, df, codes, cr2_from_sums(np.zeros(len(back)), gram, sums, "cr2"))
