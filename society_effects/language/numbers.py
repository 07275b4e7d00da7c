"""How is a number written? Number styles: APA 7, AMA, and the habits of Chinese journals (GB/T).

Every number a reader sees is written here. An undefined number (None or NaN) is an em dash.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

MINUS, DASH = "\N{MINUS SIGN}", "\N{EM DASH}"


@dataclass(frozen=True)
class NumberStyle:
    """How one kind of journal writes numbers.

    >>> style("apa", "en").p(0.0004), style("ama", "en").p(0.0164), style("gbt", "zh").p(0.0164)
    ('< .001', '= .016', '=0.016')
    """

    name: str
    p_leading_zero: bool
    spaced: bool  # spaces around the relation sign of a P value
    range_word: str  # between the limits of an interval in running text
    brackets: bool  # limits as [low, high]

    @property
    def grouping(self) -> str:
        """The separator of thousands."""
        return "" if self.name == "gbt" else ","

    def number(self, value: Any, digits: int = 2) -> str:
        """A measured quantity, by default with two decimals."""
        if undefined(value):
            return DASH
        if math.isinf(value):
            return f"{MINUS if value < 0 else ''}\N{INFINITY}"
        text = f"{float(value):{self.grouping}.{digits}f}"
        if not any(c in "123456789" for c in text):
            text = text.lstrip("-")
        return text.replace("-", MINUS)

    def size(self, value: Any, digits: int = 2) -> str:
        """The absolute size of a number, where the words give the direction."""
        return DASH if undefined(value) else self.number(abs(value), digits)

    def count(self, value: Any) -> str:
        """A number of students or of events."""
        if undefined(value):
            return DASH
        return f"{round(value):,}" if self.name != "gbt" else f"{round(value)}"

    def integer(self, value: Any) -> str:
        """A whole number that is no count (a seed, a year)."""
        return DASH if undefined(value) else f"{round(value)}".replace("-", MINUS)

    def df(self, value: Any) -> str:
        """Degrees of freedom: whole numbers whole, others with one decimal."""
        if undefined(value):
            return DASH
        return self.number(value, 0 if float(value).is_integer() else 1) if math.isfinite(value) else "\N{INFINITY}"

    def percent(self, value: Any, digits: int = 1) -> str:
        """A share between 0 and 1 as a percentage."""
        return DASH if undefined(value) else f"{self.number(100 * value, digits)}%"

    def level(self, value: Any) -> str:
        """A confidence level: 0.95 as 95%."""
        return DASH if undefined(value) else f"{100 * value:g}%"

    def p(self, value: Any) -> str:
        """The relation and value of a P value, to be put behind the letter."""
        relation, number = self._p_parts(value)
        return f"{relation} {number}".strip() if self.spaced else f"{relation}{number}"

    def p_cell(self, value: Any) -> str:
        """A P value alone, as in a table column headed P."""
        relation, number = self._p_parts(value)
        return number if relation == "=" else f"{relation}{number}"

    def _p_parts(self, value: Any) -> tuple[str, str]:
        if undefined(value):
            return "", DASH
        relation, text = (
            ("<", "0.001") if value < 0.001 else (">", "0.999") if value > 0.9995 else ("=", f"{value:.3f}")
        )
        return relation, text if self.p_leading_zero else text.removeprefix("0")

    def limits(self, pair: tuple[Any, Any], digits: int = 2) -> str:
        """Two limits, without naming what they are: 1.20 to 3.40 / 1.20~3.40 / [1.20, 3.40]."""
        low_text, high_text = (self.number(limit, digits) for limit in pair)
        return f"[{low_text}, {high_text}]" if self.brackets else f"{low_text}{self.range_word}{high_text}"

    def text(self, value: Any) -> str:
        """Words as they are."""
        return str(value)


STYLES = {
    "apa": NumberStyle("apa", p_leading_zero=False, spaced=True, range_word=" to ", brackets=True),
    "ama": NumberStyle("ama", p_leading_zero=False, spaced=True, range_word=" to ", brackets=False),
    "gbt": NumberStyle("gbt", p_leading_zero=True, spaced=False, range_word="~", brackets=False),
}


def style(name: str | None, lang: str) -> NumberStyle:
    """Which number style is meant: the named one, or the habit of the language (en: apa, zh: gbt)?"""
    if name is not None and name not in STYLES:
        raise KeyError(f"style={name!r} is not a number style; use one of {', '.join(STYLES)}.")
    return STYLES[name or ("gbt" if lang == "zh" else "apa")]


def undefined(value: Any) -> bool:
    """Is there no number here (None or NaN)?"""
    return value is None or value != value
