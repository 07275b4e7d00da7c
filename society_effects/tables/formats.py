"""How does a number stand in a table cell? Cells for means, shares, intervals and P values in every number style."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ..findings.digits import MOST, USUAL
from ..language import numbers
from ..language.catalogue import Catalogue, catalogue
from ..language.numbers import DASH, NumberStyle, undefined
from .table import Cell, Content, Run, rich

SMALL_GROUP = 20
"""Below this many students a Chinese table gives no percentages."""


@dataclass(frozen=True)
class Format:
    """Cells in one language and one number style."""

    lang: str
    style_name: str

    @cached_property
    def words(self) -> Catalogue:
        """The words of the language."""
        return catalogue(self.lang)

    @cached_property
    def style(self) -> NumberStyle:
        """The number style."""
        return numbers.style(self.style_name, self.lang)

    def say(self, key: str, **values: Any) -> str:
        """A text of the tables."""
        return self.words.say(f"tables.{key}", self.style_name, **values)

    def rich(self, key: str, **values: Any) -> tuple[Run, ...]:
        """A text of the tables with its symbols in italics; ``{p:text}`` is the letter of the P value in this style."""
        letter = self.words.get(f"tables.letter_p.{self.style.name}")
        return rich(self.words, f"tables.{key}", self.style_name, **({"p": letter} | values))

    def number(self, value: Any, digits: int = USUAL) -> Cell:
        """A single number."""
        return Cell(self.quantity(value, digits), _kept(value), _excel(digits))

    def count(self, value: Any) -> Cell:
        """A number of students."""
        return Cell(self.style.count(value), _kept(value), "0" if self.style.name == "gbt" else "#,##0")

    def quantity(self, value: Any, digits: int) -> str:
        """The text of a number; one that would round to nothing keeps two significant digits."""
        text = self.style.number(value, digits)
        if undefined(value) or value == 0 or not math.isfinite(value) or any(c in "123456789" for c in text):
            return text
        if abs(value) >= 0.5 * 10.0**-MOST:
            return text
        mantissa, exponent = f"{value:.1e}".split("e")
        power = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{mantissa.replace('-', numbers.MINUS)}×10{power}"

    def mean_sd(self, mean: Any, sd: Any, digits: int) -> Cell:
        """Mean and standard deviation: 76.20 (8.10), in Chinese 76.20±8.10; the mean alone where there is no SD."""
        if undefined(mean):
            return Cell(DASH)
        if undefined(sd):
            return Cell(self.quantity(mean, digits), {"mean": mean})
        text = self.say("cells.mean_sd", mean=self.quantity(mean, digits), sd=self.quantity(sd, digits))
        return Cell(text, {"mean": mean, "sd": sd})

    def median_quartiles(self, median: Any, q1: Any, q3: Any, digits: int) -> Cell:
        """Median and quartiles: 4.00 (3.00, 5.00)."""
        if undefined(median):
            return Cell(DASH)
        shown = {"median": median, "q1": q1, "q3": q3}
        if undefined(q1) or undefined(q3):
            return Cell(self.quantity(median, digits), {"median": median})
        text = self.say("cells.median", **{k: self.quantity(v, digits) for k, v in shown.items()})
        return Cell(text, shown)

    def share(self, events: Any, n: Any, with_total: bool = False, percent: bool = False) -> Cell:
        """Events and their share: 23 (45.1), with the total 23/51 (45.1%).

        percent : with the percent sign, where the heading does not have it.
        """
        if undefined(events) or undefined(n):
            return Cell(DASH)
        value = {"events": events, "n": n, "share": events / n if n else math.nan}
        text = self.style.count(events) + (f"/{self.style.count(n)}" if with_total else "")
        if n == 0 or (self.style.name == "gbt" and n < SMALL_GROUP):
            return Cell(text, value)
        digits = 0 if self.style.name == "ama" and n < 100 else 1
        share = self.style.percent(events / n, digits)
        return Cell(self.say("cells.share", count=text, share=share if percent else share.rstrip("%")), value)

    def interval(self, estimate: Any, low: Any, high: Any, digits: int, unit: str = "") -> Cell:
        """An estimate with its limits, in the brackets of the style."""
        value = {"estimate": estimate, "low": low, "high": high}
        if undefined(estimate):
            return Cell(self._one_limit(low, high, digits, unit), value)
        text = self.quantity(estimate, digits) + unit
        if undefined(low) and undefined(high):
            return Cell(text, value)
        limits = self.style.limits((low, high), digits)
        if not self.style.brackets:
            limits = f"({limits})"
        return Cell(f"{text} {limits}" if self.style.spaced else f"{text}{limits}", value)

    def _one_limit(self, low: Any, high: Any, digits: int, unit: str) -> str:
        """What is known where there is no finite estimate: the one finite limit, as in ≥ 2.82, or nothing."""
        if undefined(low) == undefined(high):
            return DASH
        relation, limit = ("≤", high) if undefined(low) else ("≥", low)
        return f"{relation}{' ' if self.style.spaced else ''}{self.quantity(limit, digits)}{unit}"

    def p(self, value: Any) -> Cell:
        """A P value, with the floor of the style and never 0."""
        zero = "0.000" if self.style.p_leading_zero else ".000"
        below, above = (self.style.p_cell(v) for v in (0.0, 1.0))
        return Cell(self.style.p_cell(value), _kept(value), f'[<0.001]"{below}";[>0.9995]"{above}";{zero}')


def headed(content: Content, **changes: Any) -> Cell:
    """A header cell."""
    return Cell(content, **changes)


def label(text: Content, **changes: Any) -> Cell:
    """A cell of the first column."""
    return Cell(text, align="left", **changes)


def marked(cell: Cell, *marks: str) -> Cell:
    """The cell with these footnote marks added, in the order of the alphabet."""
    return replace(cell, marks=tuple(sorted({*cell.marks, *(m for m in marks if m)}, key=lambda m: (len(m), m))))


def _kept(value: Any) -> Any:
    if undefined(value):
        return None
    return int(value) if float(value).is_integer() and not isinstance(value, float) else float(value)


def _excel(digits: int) -> str:
    return "0" if digits == 0 else "0." + "0" * digits
