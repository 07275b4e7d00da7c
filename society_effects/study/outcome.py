"""What was measured? An outcome: its column, its kind, and what its numbers mean."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

import numpy as np

from ..errors import StudyError

Kind = Literal["continuous", "binary", "ordinal", "nominal", "count"]
KINDS: tuple[str, ...] = get_args(Kind)
Words = str | Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What was measured on each student?

    Parameters
    ----------
    column : str
        Name of the column (in wide data with several waves: name of the outcome).
    kind : {"continuous", "binary", "ordinal", "nominal", "count"}, optional
        By default inferred: 0/1, booleans and two named levels are binary, ordered categories and text answers with
        more than two ``categories`` ordinal, other numbers continuous. Counts and nominal categories must be declared.
    label, unit : str or {"en": ..., "zh": ...}, optional
        Display name and unit of measurement.
    range : (low, high), optional
        Smallest and largest possible value, in units of the outcome. Values outside are an error.
    event : level, optional
        The level that counts as the event of a binary outcome (``"pass"``, ``1``, ``"及格"``).
    exposure : str, optional
        Column with the time or opportunity behind a count.
    margin : float, optional
        Smallest difference that matters, in units of the outcome, fixed before the data were seen.
    family : str, optional
        Name of the family of comparisons the outcome belongs to.
    parts : sequence of str, optional
        Columns that this total contains.
    higher_is_better : bool, default True
        Changes words, never signs.
    categories : sequence, optional
        The categories of an ordinal outcome from lowest to highest, where the column does not hold their order.

    Raises
    ------
    StudyError
        ``UNKNOWN_KIND``, ``BAD_RANGE``, ``BAD_MARGIN``.

    Examples
    --------
    >>> Outcome("osce", kind="continuous", unit={"en": "points", "zh": "分"}, range=(0, 100)).unit_in("zh")
    '分'
    """

    column: str
    kind: Kind | None = None
    label: Words | None = None
    unit: Words | None = None
    range: tuple[float, float] | None = None
    event: Any = None
    exposure: str | None = None
    margin: float | None = None
    family: str | None = None
    parts: tuple[str, ...] = ()
    higher_is_better: bool = True
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in KINDS:
            raise StudyError("UNKNOWN_KIND", column=str(self.column), kind=str(self.kind), kinds=KINDS)
        _check_range(self)
        if self.margin is not None and not (_is_number(self.margin) and self.margin > 0):
            raise StudyError("BAD_MARGIN", column=str(self.column), margin=str(self.margin))
        tidy: dict[str, Any] = {
            "column": as_text(self.column),
            "parts": (as_text(self.parts),) if isinstance(self.parts, str) else tuple(as_text(p) for p in self.parts),
            "categories": tuple(as_text(c) for c in self.categories),
            "exposure": None if self.exposure is None else as_text(self.exposure),
        }
        for name, value in tidy.items():
            object.__setattr__(self, name, value)

    def label_in(self, lang: str) -> str:
        """How is the outcome called in this language? Its column name where no label was given."""
        return in_language(self.label, lang) or self.column

    def unit_in(self, lang: str) -> str:
        """In which unit is it measured? Empty where no unit was given."""
        return in_language(self.unit, lang)

    def to_dict(self) -> dict[str, Any]:
        """All that is known of the outcome as JSON types, without what was left unsaid."""
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        plain = {
            k: list(v) if isinstance(v, tuple) else dict(v) if isinstance(v, Mapping) else v for k, v in known.items()
        }
        return {k: v for k, v in plain.items() if v is not None and v != []}


def in_language(words: Words | None, lang: str) -> str:
    """Which of these words belong to the language? One word stands for all languages."""
    if words is None or isinstance(words, str):
        return words or ""
    return str(words.get(lang) or next(iter(words.values()), ""))


def as_text(value: Any) -> str:
    """How is a level, a unit or a wave called? 1.0 and 1 are both "1"; text is kept, its letters in one form (NFC)."""
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return str(value)
    if number.is_integer() and abs(number) < 2**53:
        return str(int(number))
    return str(value)


def outcomes_from(given: Any) -> tuple[Outcome, ...]:
    """Which outcomes were named: one name, one Outcome, or several of either?"""
    if given is None:
        return ()
    several = [given] if isinstance(given, str | Outcome) or not hasattr(given, "__iter__") else list(given)
    return tuple(o if isinstance(o, Outcome) else Outcome(as_text(o)) for o in several)


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and value == value and abs(value) != float("inf")
    )


def _check_range(outcome: Outcome) -> None:
    if outcome.range is None:
        return
    limits = tuple(outcome.range) if hasattr(outcome.range, "__iter__") else (outcome.range,)
    if len(limits) != 2 or not all(_is_number(v) for v in limits) or limits[0] >= limits[1]:
        raise StudyError("BAD_RANGE", column=str(outcome.column), range=str(outcome.range))
    object.__setattr__(outcome, "range", (float(limits[0]), float(limits[1])))
