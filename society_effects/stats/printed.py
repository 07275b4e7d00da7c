"""Does a recomputed number agree with what was printed? Printed numbers are text, since trailing zeros matter."""

from __future__ import annotations

import re
from decimal import Decimal

RELATION = re.compile(r"^\s*(?P<relation>[<>=]?)\s*(?P<number>-?\d*\.?\d+)\s*$")
SIGNS = str.maketrans({"−": "-", "＜": "<", "＞": ">", "＝": "=", "≤": "<", "≥": ">"})
SLACK = 1 + 1e-9


def rounding_interval(printed: str) -> tuple[float, float]:
    """Between which values does a number lie that was printed like this?

    >>> rounding_interval("76.05")
    (76.045, 76.055)
    """
    number = Decimal(printed.translate(SIGNS).strip())
    half = _half_digit(number)
    return float(number - half), float(number + half)


def agrees(low: float, high: float, printed: str) -> bool | None:
    """Can a number that lies between two values be the printed one?

    Rounded to the printed digits, or on the printed side of a limit; a number known exactly has ``low == high``. None
    where nothing comparable was printed.

    >>> agrees(0.0112, 0.0112, "0.011"), agrees(0.0116, 0.0119, "0.011"), agrees(0.03, 0.03, "<0.05")
    (True, False, True)
    >>> agrees(0.03, 0.03, "n.s.") is None
    True
    """
    match = RELATION.match(printed.translate(SIGNS))
    if match is None or low != low or high != high:
        return None
    number = Decimal(match["number"])
    if match["relation"] == "<":
        return low < float(number)
    if match["relation"] == ">":
        return high > float(number)
    centre, half = float(number), float(_half_digit(number)) * SLACK
    return low <= centre + half and high >= centre - half


def _half_digit(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    return Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)
