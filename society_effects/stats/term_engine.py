"""The formula engine of statsmodels (patsy), asked for the columns of terms that were read and checked before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .term_language import Reading, refuse

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Engine:
    """What the formula engine knows about the columns: knots, categories, and in which order it puts the terms.

    info : its own description. terms : its terms, in the order they were given.
    """

    info: Any
    terms: tuple[Any, ...]

    @property
    def term_of(self) -> NDArray[np.int64]:
        """Which term (K,) does each column belong to?"""
        sizes = [self._where(term).stop - self._where(term).start for term in self.terms]
        return np.repeat(np.arange(len(self.terms)), sizes)

    @property
    def names(self) -> list[str]:
        """The names of the columns, as people write them."""
        return [readable(self.info.column_names[i]) for i in self._order]

    def columns(self, data: Mapping[str, Any]) -> Array:
        """Which columns (m, K) have these students? In the order of the terms, the constant left out."""
        import patsy

        with np.errstate(all="ignore"):  # what is not finite is refused by name
            as_they_are = patsy.NAAction(NA_types=[])
            (found,) = patsy.build_design_matrices([self.info], data, NA_action=as_they_are)
        return np.asarray(found, dtype=float)[:, self._order]

    @property
    def _order(self) -> list[int]:
        return [i for term in self.terms for i in range(self._where(term).start, self._where(term).stop)]

    def _where(self, term: Any) -> slice:
        found: slice = self.info.term_slices[term]
        return found


def engine_of(reading: Reading, data: Mapping[str, Any], coding: str) -> tuple[Engine, Array]:
    """What does the formula engine make of these terms, and of the students it was shown: the columns (n, K)?

    data : the variables of all students analysed, numbers, truth values or categories, none missing. coding : of
    categories, ``"reference"`` or ``"sum"``.
    """
    import patsy

    found = _built(reading, reading.terms, data, {"np": np})
    if coding == "reference":
        return found
    kinds = found[0].info.factor_infos
    summed = {factor: _summed(factor) if kinds[factor].type == "categorical" else factor for factor in kinds}
    terms = [patsy.Term([summed[factor] for factor in term.factors]) for term in reading.terms]

    def by_sums(values: Any, contrast: Any = None, levels: Any = None) -> Any:
        return patsy.builtins.C(values, contrast or patsy.Sum, levels)

    return _built(reading, terms, data, {"np": np, "C": by_sums})


def readable(name: str) -> str:
    """The name of a column without the engine's marks.

    >>> readable("sex[T.male]:C(year)[T.np.float64(2.0)]")
    'sex[male]:C(year)[2]'
    """
    plain_numbers = re.sub(r"np\.(?:float|int|bool|str)\w*\(([^()]*)\)", lambda m: re.sub(r"\.0$", "", m[1]), name)
    return re.sub(r"\[[TS]\.", "[", plain_numbers)


def _built(
    reading: Reading, terms: Sequence[Any], data: Mapping[str, Any], names: dict[str, Any]
) -> tuple[Engine, Array]:
    try:
        return _shown(terms, data, names)
    except Exception as error:  # whatever a term may do inside the engine
        whose = next((text for term, text in zip(terms, reading.written, strict=True) if _fails(term, data, names)), "")
        raise refuse(whose or ", ".join(reading.written), "engine", _reason(error)) from error


def _shown(terms: Sequence[Any], data: Mapping[str, Any], names: dict[str, Any]) -> tuple[Engine, Array]:
    import patsy

    described = patsy.ModelDesc([], [patsy.Term([]), *terms])
    with np.errstate(all="ignore"):  # what is not finite is refused by name
        info = patsy.incr_dbuilder(described, lambda: iter([data]), patsy.EvalEnvironment([names]))
    engine = Engine(info, tuple(terms))
    return engine, engine.columns(data) if terms else np.zeros((0, 0))


def _fails(term: Any, data: Mapping[str, Any], names: dict[str, Any]) -> bool:
    try:
        _shown([term], data, names)
    except Exception:  # whatever a term may do inside the engine
        return True
    return False


def _summed(factor: Any) -> Any:
    """A factor whose categories are compared with the mean of all of them."""
    import patsy

    if isinstance(factor, patsy.LookupFactor):
        return patsy.LookupFactor(factor.name(), force_categorical=True, contrast=patsy.Sum)
    return factor if factor.code.startswith("C(") else patsy.EvalFactor(f"C({factor.code})")


def _reason(error: BaseException) -> str:
    """The first line of what the engine says, without its preamble."""
    said = (str(error).strip() or type(error).__name__).splitlines()[0]
    return said.removeprefix("Error evaluating factor: ").rstrip(".")
