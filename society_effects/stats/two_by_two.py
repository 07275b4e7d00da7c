"""Two groups and a yes-or-no outcome as a table of counts, and the tests of such a table."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from ..errors import DesignError
from .inference import TestResult, never_zero

Array = NDArray[np.float64]


def checked_counts(
    events: ArrayLike, n: ArrayLike, reference_events: ArrayLike, reference_n: ArrayLike
) -> tuple[Array, ...]:
    """The counts of two groups as float arrays of one shape, or an error if they cannot be counts.

    >>> [float(v) for v in checked_counts(8, 10, 1, 6)]
    [8.0, 10.0, 1.0, 6.0]
    """
    x1, n1, x0, n0 = np.broadcast_arrays(
        *(np.asarray(v, dtype=float) for v in (events, n, reference_events, reference_n))
    )
    for size, count in ((n1, x1), (n0, x0)):
        if np.any(size <= 0):
            raise DesignError("EMPTY_TABLE")
        if np.any((count < 0) | (count > size)):
            at = int(np.argmax(((count < 0) | (count > size)).ravel()))
            raise DesignError("MORE_EVENTS_THAN_STUDENTS", events=f"{count.ravel()[at]:g}", n=f"{size.ravel()[at]:g}")
    return x1, n1, x0, n0


def two_by_two(events: ArrayLike, n: ArrayLike, reference_events: ArrayLike, reference_n: ArrayLike) -> Array:
    """The counts as a table: members and reference group in rows, event and no event in columns.

    >>> two_by_two(8, 10, 1, 6).tolist()
    [[8.0, 2.0], [1.0, 5.0]]
    """
    x1, n1, x0, n0 = (float(v) for v in checked_counts(events, n, reference_events, reference_n))
    return np.array([[x1, n1 - x1], [x0, n0 - x0]])


def pearson_chi2(table: ArrayLike) -> TestResult:
    """Do the groups (rows) differ in how often each category (column) occurs? Pearson's chi-square, uncorrected.

    Empty rows and columns are left out. In a 2 x 2 table this is the score test. Where fewer than two groups or
    categories occur P is undefined; flags: those of :func:`empty_margins` in a 2 x 2 table, else ``NO_VARIATION``.
    Pearson (1900) doi:10.1080/14786440009463897.

    >>> round(pearson_chi2([[15, 5], [10, 12]]).statistic, 4)
    3.7957
    """
    return _chi2(table, "pearson_chi2", correction=0.0)


def yates_chi2(table: ArrayLike) -> TestResult:
    """The same for a 2 x 2 table with Yates's continuity correction, as older papers print it; it is conservative.

    The correction never exceeds the distance it corrects. Yates (1934) doi:10.2307/2983604.

    >>> round(yates_chi2([[15, 5], [10, 12]]).statistic, 4)
    2.6685
    """
    return _chi2(table, "yates_chi2", correction=0.5)


def boschloo(table: ArrayLike) -> TestResult:
    """Do the shares of two groups (rows: event, no event) differ? Boschloo's unconditional exact test, two-sided.

    Uniformly more powerful than Fisher's test. Flags as :func:`empty_margins`; P is undefined where one is true.
    Boschloo (1970) doi:10.1111/j.1467-9574.1970.tb00104.x.

    >>> round(boschloo([[8, 1], [2, 5]]).p_value, 6)
    0.024385
    """
    from scipy import stats

    counts = np.asarray(table, dtype=float)
    flags = empty_margins(counts)
    if any(flags.values()):
        return TestResult(None, np.nan, np.nan, method="boschloo", flags=flags)
    found = stats.boschloo_exact(counts.T.astype(int))
    return TestResult(None, np.nan, never_zero(min(float(found.pvalue), 1.0)), method="boschloo", flags=flags)


def empty_margins(table: ArrayLike) -> dict[str, bool]:
    """Why can the shares of two groups not be compared by a test? All false where they can.

    ``NO_EVENTS_AT_ALL``: nobody has the event (first column). ``ALL_EVENTS``: everybody has. ``TOO_FEW``: a group is
    empty.

    >>> empty_margins([[0, 5], [0, 7]])
    {'NO_EVENTS_AT_ALL': True, 'ALL_EVENTS': False, 'TOO_FEW': False}
    """
    counts = np.asarray(table, dtype=float)
    events, none = counts.sum(axis=0)
    few = bool(np.any(counts.sum(axis=1) == 0))
    return {"NO_EVENTS_AT_ALL": bool(events == 0), "ALL_EVENTS": bool(none == 0 < events), "TOO_FEW": few}


def _chi2(table: ArrayLike, method: str, correction: float) -> TestResult:
    counts = np.asarray(table, dtype=float)
    two_by_two_flags = empty_margins(counts) if counts.shape == (2, 2) else None
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    nothing = min(counts.shape, default=0) < 2
    flags = {"NO_VARIATION": nothing} if two_by_two_flags is None else two_by_two_flags
    if nothing:
        return TestResult("chi2", np.nan, np.nan, method=method, flags=flags)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    apart = np.abs(counts - expected)
    statistic = float(((apart - np.minimum(correction, apart)) ** 2 / expected).sum())
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    p_value = never_zero(float(special.chdtrc(df, statistic)))
    return TestResult("chi2", statistic, p_value, df1=float(df), method=method, flags=flags)
