"""Which columns does a regression need for these covariates and terms?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..ordering import natural_order
from .term_engine import Engine, engine_of
from .term_language import Reading, read_terms, refuse

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Table = Mapping[str, Any]
CONSTANT = 1e-12
"""A column whose range is no larger than this share of its values is constant."""


@dataclass(frozen=True, slots=True)
class TermColumns:
    """The columns of a regression, without the constant.

    columns : (n, k); NaN in rows where a variable is missing. names : of the columns, ``"sex[male]"``.
    terms : the terms, ``"sex"``, ``"sex:year"``. term_of : (k,), which of them each column belongs to.
    factors_of : what each term is a product of. missing : (n,), rows without a value of some variable.
    used : the variables. levels : those that are categories (or have two values), with their levels in order.
    dropped : constant columns and categories of one level, which are left out.
    varying : (K,), which columns of the formula engine are here.
    """

    columns: Array
    names: tuple[str, ...]
    terms: tuple[str, ...]
    term_of: NDArray[np.int64]
    factors_of: tuple[frozenset[str], ...]
    missing: Mask
    used: tuple[str, ...]
    levels: Mapping[str, tuple[Any, ...]]
    dropped: tuple[str, ...]
    varying: Mask
    engine: Engine
    reading: Reading

    def at(self, table: Table) -> Array:
        """Which columns (m, K), the constant ones among them, have these students?

        table : a value of every variable for each student, none of them missing; splines keep the knots they have.
        """
        data = {name: _as_before(table[name], self.levels.get(name, ())) for name in self.used}
        return self.engine.columns(_with_aliases(data, self.reading))


def columns_of_terms(table: Table, terms: Sequence[str], *, coding: str = "reference") -> TermColumns:
    """Which columns does a regression need for these covariates and terms?

    Parameters
    ----------
    table : arrays (n,) by name: the students that are analysed. Rows with a missing value of a variable that is used
        take no part in anything, such as the knots of a spline.
    terms : names of columns, or terms: ``"bs(prior_score, 4)"``, ``"cr(prior_score, df=4)"``, ``"C(year)"``,
        ``"sex:year"``, ``"sex*year"``, ``"I(age**2)"``, ``"np.log(hours)"``. A name that is a column wins.
    coding : of categories: ``"reference"``, one indicator for each but the first, or ``"sum"``, in which a column says
        by how much a category differs from the mean of all (as Type III tables need).

    Categories are text, truth values, pandas categories and what stands inside ``C(...)``. Text is ordered as people
    count ("year 2" before "year 10"); categories keep an order they were given. The terms are read by patsy, the
    engine of statsmodels, once they are known to name nothing but columns, functions of numpy that work element by
    element, and ``term_language.FUNCTIONS``. Raises ``DesignError``: ``UNKNOWN_COVARIATE``, ``BAD_TERM``.

    >>> found = columns_of_terms({"sex": ["m", "f", "m"], "age": [20.0, 21.0, 25.0]}, ["sex", "I(age**2)"])
    >>> found.names, found.columns.tolist()
    (('sex[m]', 'I(age ** 2)'), [[1.0, 400.0], [0.0, 441.0], [1.0, 625.0]])
    """
    reading = read_terms(terms, [str(name) for name in table])
    given = {name: pd.Series(table[name]).reset_index(drop=True) for name in reading.variables}
    missing = np.zeros(len(next(iter(table.values()), ())), dtype=bool)
    for values in given.values():
        missing |= values.isna().to_numpy(dtype=bool)
    if given and missing.all():
        raise refuse(reading.written[0], "nobody_left", ", ".join(reading.variables))
    data = {name: _prepared(name, values[~missing]) for name, values in given.items()}
    engine, found = engine_of(reading, _with_aliases(data, reading), coding)
    found = found if reading.terms else np.zeros((len(missing), 0))
    _refuse_not_finite(found, engine, reading)
    varying = np.ptp(found, axis=0) > CONSTANT * np.abs(found).max(axis=0, initial=0.0)
    columns = np.full((len(missing), int(varying.sum())), np.nan)
    columns[~missing] = found[:, varying]
    alone = sorted(set(range(len(reading.terms))) - set(engine.term_of.tolist()))
    factors = [tuple(factor.name() for factor in term.factors) for term in reading.terms]
    return TermColumns(
        columns=columns,
        names=tuple(name for name, varies in zip(engine.names, varying, strict=True) if varies),
        terms=tuple(":".join(names) for names in factors),
        term_of=engine.term_of[varying],
        factors_of=tuple(frozenset(names) for names in factors),
        missing=missing,
        used=reading.variables,
        levels={name: levels for name, values in data.items() if (levels := _levels(name, values, reading))},
        dropped=(
            *(name for name, varies in zip(engine.names, varying, strict=True) if not varies),
            *(":".join(factors[i]) for i in alone),
        ),
        varying=varying,
        engine=engine,
        reading=reading,
    )


def _prepared(name: str, values: pd.Series) -> Any:
    """A variable as the formula engine takes it: numbers, truth values, or categories of text in their order."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        texts = [str(level) for level in values.cat.remove_unused_categories().cat.categories]
        of_themselves = not values.cat.ordered and texts == sorted(texts)
        return _categories(values, natural_order(texts) if of_themselves else texts)
    values = values.infer_objects()
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.to_numpy(dtype=bool)
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(dtype=float)
    if values.dtype != object and not isinstance(values.dtype, pd.StringDtype):
        raise refuse(name, "no_numbers", name)
    return _categories(values, natural_order(values.astype(str).unique().tolist()))


def _categories(values: pd.Series, levels: Sequence[str]) -> pd.Categorical:
    return pd.Categorical(values.astype(str).to_numpy(dtype=object), categories=pd.Index(levels, dtype=object))


def _as_before(values: Any, levels: Sequence[Any]) -> Any:
    """Values coded as those the columns were made for."""
    if levels and isinstance(levels[0], str):
        return _categories(pd.Series(values), [str(level) for level in levels])
    return np.asarray(values, dtype=bool if levels and isinstance(levels[0], bool) else float)


def _levels(name: str, values: Any, reading: Reading) -> tuple[Any, ...]:
    """The categories of a variable; none where it is a measurement. Two values are categories, however coded."""
    if isinstance(values, pd.Categorical):
        return tuple(values.categories)
    distinct = np.unique(values)
    return tuple(distinct.tolist()) if name in reading.as_categories or len(distinct) <= 2 else ()


def _with_aliases(data: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    return dict(data) | {alias: data[name] for alias, name in reading.names.items()}


def _refuse_not_finite(found: Array, engine: Engine, reading: Reading) -> None:
    wrong = np.flatnonzero(~np.isfinite(found).all(axis=0))
    if len(wrong):
        rows = int(np.sum(~np.isfinite(found[:, wrong[0]])))
        raise refuse(reading.written[engine.term_of[wrong[0]]], "not_finite", rows)
