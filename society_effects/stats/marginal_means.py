"""What would the means of the groups be, if they were alike in everything else of the regression? Adjusted means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .formula_terms import Table, TermColumns
from .inference import Inference
from .regression import Regression
from .several_means import Pairwise, by_range

Array = NDArray[np.float64]
REPRODUCED = 1e-8
"""A row of the reference grid that the columns of the regression reproduce up to this share has an estimate."""


@dataclass(frozen=True, slots=True)
class MarginalMeans:
    """Adjusted means of groups.

    levels : of the groups, in their order. means : one batch, a mean for each. pairs : (later, earlier) positions of
    the levels; differences : their differences, later less earlier, with P values and limits that hold for all pairs
    together (Tukey's, from the studentised range). rows : (levels, p), the means as contrasts of the coefficients.
    held : the other variables: a measurement at its mean, a category with the weight of each level.
    """

    factor: str
    levels: tuple[Any, ...]
    means: Inference
    pairs: tuple[tuple[int, int], ...]
    differences: tuple[Pairwise, ...]
    rows: Array
    held: Mapping[str, Any]


def marginal_means(
    found: Regression, terms: TermColumns, table: Table, factor: str, *, weights: str = "equal"
) -> MarginalMeans:
    """What would the means of the groups be, if they were alike in everything else of the regression?

    Parameters
    ----------
    found : the regression of ``terms.columns`` (rows without missing values), with the covariance that is wanted.
    terms, table : from :func:`society_effects.stats.formula_terms.columns_of_terms`, with its table.
    factor : the variable whose levels are the groups; among the variables of the terms, with two or more levels.
    weights : ``"equal"``, every combination of the other categories counts the same; ``"proportional"``, as often as it
        occurs among the students. Measurements are at their mean; one with only two values counts as a category.

    Two groups, members and others, are a variable with two levels like any other. Flags: those of the regression, and
    ``COMBINATION_NOT_SEEN`` (the data say nothing about some combination the mean is made of, as when it never occurs).
    As R's emmeans; Searle, Speed and Milliken (1980) doi:10.1080/00031305.1980.10483031.

    >>> from .formula_terms import columns_of_terms
    >>> from .regression import regression
    >>> table = {"member": [False, False, True, True, True], "before": [1.0, 3.0, 2.0, 4.0, 6.0]}
    >>> terms = columns_of_terms(table, ["member", "before"])
    >>> found = regression(terms.columns, terms.names, [2.0, 4.0, 5.0, 7.0, 9.5], covariance="classical")
    >>> shown = marginal_means(found, terms, table, "member")
    >>> shown.levels, shown.means.estimate.round(3).tolist()
    ((False, True), [4.32, 6.287])
    """
    data = {name: np.asarray(table[name], dtype=object)[~terms.missing] for name in terms.used}
    levels = terms.levels[factor]
    others = [name for name in terms.used if name in terms.levels and name != factor]
    cells, shares = _cells(data, terms, others, weights)
    means = {name: float(np.mean(data[name].astype(float))) for name in terms.used if name not in terms.levels}
    grid = {factor: [level for level in levels for _ in cells]}
    grid |= {name: [cell[i] for _ in levels for cell in cells] for i, name in enumerate(others)}
    grid |= {name: [mean] * (len(levels) * len(cells)) for name, mean in means.items()}
    full = np.einsum("c,lck->lk", shares, terms.at(grid).reshape(len(levels), len(cells), -1))
    rows, gap = _as_contrasts(found, terms, data, full)
    pairs = tuple((later, earlier) for earlier, later in combinations(range(len(levels)), 2))
    apart = np.array([rows[later] - rows[earlier] for later, earlier in pairs])
    gaps = np.array([gap[later] - gap[earlier] for later, earlier in pairs])
    compared = _unless(found.contrasts(apart), _known(gaps))
    conf_level = found.coefficients.conf_level
    held: dict[str, Any] = dict(means)
    for i, name in enumerate(others):
        held[name] = {level: float(shares[[cell[i] == level for cell in cells]].sum()) for level in terms.levels[name]}
    return MarginalMeans(
        factor,
        levels,
        _unless(found.contrasts(rows), _known(gap)),
        pairs,
        tuple(by_range(compared.at(i), len(levels), conf_level) for i in range(len(pairs))),
        rows,
        held,
    )


def _cells(
    data: Mapping[str, Array], terms: TermColumns, others: list[str], weights: str
) -> tuple[list[tuple[Any, ...]], Array]:
    """The combinations of the other categories, and the share of each in the mean."""
    if weights == "equal":
        cells = list(product(*(terms.levels[name] for name in others)))
        return cells, np.full(len(cells), 1 / len(cells))
    texts = [isinstance(terms.levels[name][0], str) for name in others]
    columns = [[str(v) if text else v for v in data[name]] for name, text in zip(others, texts, strict=True)]
    counted = Counter(zip(*columns, strict=True)) if others else Counter({(): 1})
    return list(counted), np.array(list(counted.values())) / counted.total()


def _as_contrasts(found: Regression, terms: TermColumns, data: Table, full: Array) -> tuple[Array, Array]:
    """Rows (m, K) of all columns as contrasts (m, p), and what the columns that were left out would add (m, d).

    A column that was left out follows from the others for the students there are; where it does not follow from them in
    a row, the data say nothing about that row. Searle (1971), Linear Models, section 5.4.
    """
    names = dict(zip(np.flatnonzero(terms.varying), terms.names, strict=True))
    at = {name: i for i, name in names.items()}
    kept = [at[name] for name in found.names[1:]]
    left_out = [i for i in range(full.shape[1]) if i not in set(kept)]
    rows = np.column_stack([np.ones(len(full)), full[:, kept]])
    if not left_out:
        return rows, np.zeros((len(full), 1))
    fit, columns = found.errors.fit, terms.at(data)[:, left_out]
    size = np.maximum(np.abs(columns).max(axis=0), np.abs(full[:, left_out]).max(axis=0))
    following = fit.to_coefficients @ (fit.basis.T @ columns)
    return rows, (full[:, left_out] - rows @ found.to_scaled.T @ following) / np.where(size > 0, size, 1.0)


def _known(gap: Array) -> NDArray[np.bool_]:
    return np.asarray(np.abs(gap).max(axis=1) <= REPRODUCED)


def _unless(found: Inference, known: NDArray[np.bool_]) -> Inference:
    """The estimates that the data can tell; the others undefined, and said so."""
    fields = ("estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high")
    values: dict[str, Any] = {name: np.where(known, getattr(found, name), np.nan) for name in fields}
    return replace(found, **values, flags={**found.flags, "COMBINATION_NOT_SEEN": ~known})
