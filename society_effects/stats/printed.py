"""Does a recomputed number agree with what was printed? Printed numbers are text, since trailing zeros matter."""

from __future__ import annotations

import re
from decimal import Decimal

RELATION = re.compile(r"^\s*(?P<relation>[<>=≤≥＜＞＝]?)\s*(?P<number>[-−]?\d*\.?\d+)\s*$")
SIGNS = str.maketrans({"−": "-", "＜": "<", "＞": ">", "＝": "=", "≤": "<", "≥": ">"})


def agrees(value: float, printed: str) -> bool | None:
    """Does a number agree with its printed form: rounded to the printed digits, or on the printed side of a limit?

    None where nothing comparable was printed.

    >>> agrees(0.0112, "0.011"), agrees(0.0116, "0.011"), agrees(0.03, "<0.05"), agrees(0.03, "n.s.")
    (True, False, True, None)
    """
    match = RELATION.match(printed.translate(SIGNS))
    if match is None or value != value:
        return None
    relation, number = match["relation"], Decimal(match["number"])
    if relation == "<":
        return value < float(number)
    if relation == ">":
        return value > float(number)
    exponent = number.as_tuple().exponent
    half_digit = 0.5 * 10.0 ** (exponent if isinstance(exponent, int) else 0)
    return abs(value - float(number)) <= half_digit * (1 + 1e-9)
