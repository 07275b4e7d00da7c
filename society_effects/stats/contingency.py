"""Groups by categories: expected counts, exact and permuted tests, and how strong the association is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .allocations import DEFAULT_SEED, p_of_draws
from .inference import Quantity, TestResult, never_zero
from .two_by_two import pearson_chi2

Array = NDArray[np.float64]
ENUMERATED_UP_TO = 100_000
"""Tables with the same margins, at most, that are listed one by one."""
DRAWS_AT_ONCE = 2_000


def filled(table: ArrayLike) -> Array:
    """The table without empty rows and columns.

    >>> filled([[1, 0, 2], [3, 0, 4], [0, 0, 0]]).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    counts = np.asarray(table, dtype=float)
    return counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]


def expected_counts(table: ArrayLike) -> Array:
    """How many students would stand in each cell if groups and categories had nothing to do with each other?

    >>> expected_counts([[10, 20], [20, 40]]).tolist()
    [[10.0, 20.0], [20.0, 40.0]]
    """
    counts = filled(table)
    return np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum() if counts.size else counts


def few_expected(table: ArrayLike) -> bool:
    """Are too few students expected in some cells for the chi-square distribution (Cochran, 1954)?

    True where any cell expects fewer than 1, or more than a fifth of them fewer than 5. doi:10.2307/3001666

    >>> few_expected([[3, 1], [1, 3]]), few_expected([[30, 10], [10, 30]])
    (True, False)
    """
    expected = expected_counts(table)
    return bool(expected.size and (expected.min() < 1 or np.mean(expected < 5) > 0.2))


def permuted_chi2(table: ArrayLike, *, resamples: int = 9999, seed: int = DEFAULT_SEED) -> TestResult:
    """Would the categories be as uneven if the same students had been divided into the groups by chance?

    Pearson's chi-square over random tables with the same margins. Flag ``NO_VARIATION``.

    >>> 0.4 < permuted_chi2([[3, 1], [1, 3]], resamples=999, seed=1).p_value < 0.6
    True
    """
    counts, observed = filled(table), pearson_chi2(table)
    if observed.statistic != observed.statistic:
        return TestResult("chi2", np.nan, np.nan, method="chi2_permuted", flags={"NO_VARIATION": True})
    expected = expected_counts(counts)
    as_far = 0
    for tables in _random_tables(counts, resamples, seed):
        sizes = ((tables - expected) ** 2 / expected).sum(axis=(1, 2))
        as_far += int(np.sum(sizes >= observed.statistic * (1 - 1e-10)))
    return TestResult("chi2", observed.statistic, p_of_draws(as_far, resamples, exact=False), method="chi2_permuted")


def fisher_table(table: ArrayLike, *, resamples: int = 9999, seed: int = DEFAULT_SEED) -> TestResult:
    """How probable are tables no more probable than this one, given its margins? Freeman and Halton's exact test.

    All tables are listed where they are few enough (``fisher_table``), otherwise drawn (``fisher_table_drawn``). No
    statistic. Flag ``NO_VARIATION``. Freeman and Halton (1951) doi:10.1093/biomet/38.1-2.141.

    >>> round(fisher_table([[3, 1], [1, 3]]).p_value, 6)
    0.485714
    """
    counts = filled(table)
    if min(counts.shape) < 2:
        return TestResult(None, np.nan, np.nan, method="fisher_table", flags={"NO_VARIATION": True})
    observed = float(_log_weight(counts[None])[0])
    listed = _all_tables(counts)
    if listed is not None:
        weights = _log_weight(listed)
        shares = np.exp(weights - special.logsumexp(weights))
        p_value = float(np.sum(shares[weights <= observed + 1e-7]))
        return TestResult(None, np.nan, never_zero(min(p_value, 1.0)), method="fisher_table")
    as_far = 0
    for tables in _random_tables(counts, resamples, seed):
        as_far += int(np.sum(_log_weight(tables) <= observed + 1e-7))
    return TestResult(None, np.nan, p_of_draws(as_far, resamples, exact=False), method="fisher_table_drawn")


def likelihood_ratio(table: ArrayLike) -> TestResult:
    """Do the groups differ in how often each category occurs? The likelihood-ratio chi-square (G).

    >>> round(likelihood_ratio([[3, 1], [1, 3]]).statistic, 4)
    2.093
    """
    counts, expected = filled(table), expected_counts(table)
    df = float((counts.shape[0] - 1) * (counts.shape[1] - 1))
    if df < 1:
        return TestResult("chi2", np.nan, np.nan, method="likelihood_ratio", flags={"NO_VARIATION": True})
    statistic = float(2 * np.sum(special.xlogy(counts, counts / expected)))
    p_value = never_zero(float(special.chdtrc(df, statistic)))
    return TestResult("chi2", statistic, p_value, df1=df, method="likelihood_ratio")


def linear_by_linear(table: ArrayLike) -> TestResult:
    """Do ordered categories rise with ordered groups? (n - 1) r squared, as SPSS prints it.

    >>> round(linear_by_linear([[3, 1], [1, 3]]).statistic, 4)
    1.75
    """
    counts = np.asarray(table, dtype=float)
    rows, columns = (np.repeat(np.indices(counts.shape)[i].ravel(), counts.ravel().astype(int)) for i in (0, 1))
    if np.ptp(rows) == 0 or np.ptp(columns) == 0:
        return TestResult("chi2", np.nan, np.nan, method="linear_by_linear", flags={"NO_VARIATION": True})
    statistic = float((len(rows) - 1) * np.corrcoef(rows, columns)[0, 1] ** 2)
    p_value = never_zero(float(special.chdtrc(1, statistic)))
    return TestResult("chi2", statistic, p_value, df1=1.0, method="linear_by_linear")


def adjusted_residuals(table: ArrayLike) -> Array:
    """In which cells do more (or fewer) students stand than expected, in standard deviations?

    Haberman (1973) doi:10.2307/2529686.

    >>> adjusted_residuals([[3, 1], [1, 3]]).round(4).tolist()
    [[1.4142, -1.4142], [-1.4142, 1.4142]]
    """
    counts, expected = filled(table), expected_counts(table)
    total = counts.sum()
    rows, columns = counts.sum(axis=1) / total, counts.sum(axis=0) / total
    return np.asarray((counts - expected) / np.sqrt(expected * np.outer(1 - rows, 1 - columns)))


def cramers_v(table: ArrayLike, *, conf_level: float = 0.95) -> Quantity:
    """How strong is the association of groups and categories, from 0 to 1?

    The limits are those of the noncentrality of Pearson's chi-square, two-sided; the upper one is never below V, which
    can be larger than any noncentrality explains where V is next to 0. They take students as independent. Undefined
    where fewer than two groups or categories occur (flag ``NO_VARIATION``). Cramér (1946), Mathematical Methods of
    Statistics, sec. 21.9; Smithson (2003), Confidence Intervals, ch. 4.

    >>> round(cramers_v([[30, 10], [10, 30]]).value, 3)
    0.5
    """
    counts, found = filled(table), pearson_chi2(table)
    smaller = min(counts.shape) - 1 if counts.size else 0
    if smaller < 1:
        return Quantity(np.nan, conf_level=conf_level, method="noncentral_chi2", flags={"NO_VARIATION": True})
    df = float((counts.shape[0] - 1) * (counts.shape[1] - 1))
    divisor, tail = counts.sum() * smaller, (1 - conf_level) / 2
    noncentral = [_noncentrality(found.statistic, df, share) for share in (1 - tail, tail)]
    value, low, high = (float(min(np.sqrt(v / divisor), 1.0)) for v in (found.statistic, *noncentral))
    return Quantity(value, low, max(high, value), conf_level, "noncentral_chi2")


def cramers_v_alone(table: ArrayLike) -> Quantity:
    """The same without limits, for students who are not independent of each other (flag ``NO_LIMITS_IN_CLASSES``).

    >>> cramers_v_alone([[30, 10], [10, 30]]).value
    0.5
    """
    found = cramers_v(table)
    if found.raised:
        return found
    flags = {"NO_LIMITS_IN_CLASSES": True}
    return Quantity(found.value, conf_level=found.conf_level, method="without_interval", flags=flags)


def _noncentrality(statistic: float, df: float, share: float) -> float:
    """The noncentrality at which a chi-square this large has this share below it; 0 where none has."""
    if special.chdtr(df, statistic) < share:
        return 0.0
    low, high = 0.0, max(statistic, 1.0)
    while special.chndtr(statistic, df, high) > share:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if special.chndtr(statistic, df, middle) > share else (low, middle)
    return (low + high) / 2


def _log_weight(tables: Array) -> Array:
    """The log of each table's probability given its margins, up to a constant."""
    return -np.asarray(special.gammaln(tables + 1).sum(axis=(1, 2)))


def _random_tables(counts: Array, resamples: int, seed: int) -> Iterator[Array]:
    """Random tables with the margins of this one, in blocks."""
    from scipy.stats import random_table

    source = random_table(counts.sum(axis=1), counts.sum(axis=0))
    sizes = [min(DRAWS_AT_ONCE, resamples - start) for start in range(0, resamples, DRAWS_AT_ONCE)]
    streams = np.random.SeedSequence(seed).spawn(len(sizes))
    return (source.rvs(k, random_state=np.random.default_rng(s)) for k, s in zip(sizes, streams, strict=True))


def _all_tables(counts: Array) -> Array | None:
    """Every table with these margins, filled row by row; None where there may be too many."""
    by_rows, by_columns = (side[np.argsort(side.sum(axis=1), kind="stable")] for side in (counts, counts.T))
    counts = min(by_rows, by_columns, key=_log_ways)
    if _log_ways(counts) > np.log(ENUMERATED_UP_TO):
        return None
    found, left = np.zeros((1, 0, counts.shape[1])), counts.sum(axis=0)[None, :]
    for total in counts.sum(axis=1)[:-1]:
        pieces, rest = [], []
        for table, free in zip(found, left, strict=True):
            own = _rows_of(int(total), free.astype(int))
            pieces.append(np.concatenate([np.repeat(table[None], len(own), axis=0), own[:, None, :]], axis=1))
            rest.append(free - own)
        found, left = np.concatenate(pieces), np.concatenate(rest)
    return np.concatenate([found, left[:, None, :]], axis=1)


def _log_ways(counts: Array) -> float:
    """The log of a number that the tables with these margins cannot exceed: the last row follows from the others."""
    rows, columns = counts.sum(axis=1)[:-1], counts.shape[1]
    return float(np.sum(np.log(special.binom(rows + columns - 1, columns - 1))))


def _rows_of(total: int, free: NDArray[np.int64]) -> Array:
    """Every way to spread a total over columns with so many places free."""
    ways = np.zeros((1, 0), dtype=int)
    used = np.zeros(1, dtype=int)
    for column, places in enumerate(free):
        later = int(free[column + 1 :].sum())
        grown = []
        for way, spent in zip(ways, used, strict=True):
            low, high = max(0, total - spent - later), min(places, total - spent)
            own = np.arange(low, high + 1)
            grown.append(np.column_stack([np.repeat(way[None], len(own), axis=0), own]))
        ways = np.concatenate(grown)
        used = ways.sum(axis=1)
    return ways.astype(float)
