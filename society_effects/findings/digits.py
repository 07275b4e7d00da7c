"""With how many decimals is a number written? Decided once per outcome; tables, figures and reports only ask here."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from .findings import Findings
from .lookup import shown_limits
from .measures import MEASURES

USUAL, MOST = 2, 5
OF_SHARES = 1
"""Decimals of percentages, percentage points and probabilities written in percent."""
OF_QUANTITIES = {"icc": 3, "r_squared": 3, "adjusted_r_squared": 3, "n_effective": 1}
"""Decimals of quantities that differ from the usual two: intraclass correlations are small, students are not."""
OF_STATISTICS = {"W": 1}
"""Decimals of test statistics that differ from the usual two: rank sums are whole or end in a half."""


def digits(values: Iterable[Any], spreads: Iterable[Any] = ()) -> int:
    """How many decimals do numbers of this size and spread need?

    Two as a rule; fewer from 1000 on; more where these would hide the spread (two significant digits of the smallest).

    >>> digits([76.2, 71.0], [8.1]), digits([12345.6], [800.0]), digits([0.0123], [0.0021]), digits([1e8], [5.0])
    (2, 0, 4, 1)
    """
    known, scale = _finite(values), [s for s in _finite(spreads) if s > 0]
    largest = max([*known, *scale], default=0.0)
    usual = 0 if largest >= 10_000 else 1 if largest >= 1000 else USUAL
    smallest = min(scale, default=1.0)
    return min(max(usual, 1 - math.floor(math.log10(smallest))), MOST)


def digits_of(findings: Findings, outcome: str) -> int:
    """How many decimals do the means, differences and limits of this outcome need, in its own units?

    As many as its groups need (:func:`digits`), and as many more as show one digit of the standard error and let no
    limit that excludes zero be written as zero.
    """
    groups, rows = _of(findings, "groups", outcome), _in_units(_of(findings, "estimates", outcome))
    spreads = groups["sd"].tolist()
    if not any(s > 0 for s in _finite(spreads)):
        spreads = [*rows["std_error"], *(_half_widths(rows) / 2)]
    columns = [name for name in ("mean", "median", "trimmed_mean") if name in groups]
    values = groups[columns].to_numpy(dtype=float).ravel().tolist() or rows["estimate"].tolist()
    needed = digits(values, spreads)
    errors = [e for e in _finite(_half_widths(rows) / 2) if e > 0]
    if errors:
        needed = max(needed, min(-math.floor(math.log10(min(errors))), MOST))
    return max([needed, *(_telling(row, needed) for _, row in rows.iterrows())])


def digits_of_row(findings: Findings, row: Any, hundredfold: bool | None = None) -> int:
    """How many decimals do the numbers of this row of ``estimates`` need, as they are written?

    hundredfold : written as a percentage or in percentage points; by default differences of shares are, nothing else.
    """
    measure = MEASURES[row["measure"]]
    if measure.in_units:
        return digits_of(findings, row["outcome"])
    times_hundred = measure.of_shares if hundredfold is None else hundredfold
    return _telling(row, OF_SHARES if times_hundred else USUAL, 100.0 if times_hundred else 1.0)


def digits_of_coefficient(row: Any) -> int:
    """How many decimals does a coefficient of a regression need: two digits of its standard error, no limit as zero?"""
    needed = digits([row["estimate"]], [row["std_error"]])
    return _apart((float(row["conf_low"]), float(row["conf_high"])), 0.0, needed)


def digits_of_ratio(low: float, high: float) -> int:
    """How many decimals does a ratio need so that no limit that excludes 1 is written as 1?

    >>> digits_of_ratio(1.2, 3.4), digits_of_ratio(1.002, 1.05)
    (2, 3)
    """
    return _apart((low, high), 1.0, USUAL)


def digits_of_statistic(name: str | None) -> int:
    """With how many decimals is a test statistic of this name written?

    >>> digits_of_statistic("t"), digits_of_statistic("W")
    (2, 1)
    """
    return OF_STATISTICS.get(str(name), USUAL)


def _telling(row: Any, usual: int, factor: float = 1.0) -> int:
    """The usual decimals, or as many more as tell a limit apart from the null value that the interval excludes."""
    null = MEASURES[row["measure"]].null_value * factor
    low, high = shown_limits(row)
    return _apart((low * factor, high * factor), null, usual)


def _apart(pair: tuple[float, float], null: float, usual: int) -> int:
    """The usual decimals, or as many more as write the nearer limit unlike a null value that the pair excludes."""
    if not all(math.isfinite(v) for v in pair) or pair[0] <= null <= pair[1]:
        return usual
    nearest = min(pair, key=lambda v: abs(v - null))
    telling = (d for d in range(usual, MOST + 1) if f"{nearest:.{d}f}" not in _written(null, d))
    return next(telling, usual)


def _written(value: float, decimals: int) -> tuple[str, str]:
    return f"{value:.{decimals}f}", f"{-value:.{decimals}f}"


def _of(findings: Findings, frame: str, outcome: str) -> pd.DataFrame:
    if not findings.has(frame):
        return pd.DataFrame({name: [] for name in ("sd", "measure")})
    rows = findings.frame(frame)
    rows = rows[rows["outcome"] == outcome]
    return rows[rows["category"].isna()] if "category" in rows else rows


def _in_units(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows in units of the outcome: the primary ones, or all where none of them is primary."""
    found = rows[[bool(MEASURES[m].in_units) for m in rows["measure"]]] if len(rows) else rows
    if not len(found):
        return pd.DataFrame({name: [] for name in ("estimate", "std_error", "conf_low", "conf_high")}, dtype=float)
    return found[found["primary"]] if found["primary"].any() else found


def _half_widths(rows: pd.DataFrame) -> np.ndarray:
    """Half the width of each interval; infinite or undefined where a limit is."""
    return (rows["conf_high"].to_numpy(dtype=float) - rows["conf_low"].to_numpy(dtype=float)) / 2


def _finite(values: Iterable[Any]) -> list[float]:
    """The sizes of the numbers that are there."""
    numbers = (math.nan if v is None else float(v) for v in values)
    return [abs(v) for v in numbers if math.isfinite(v)]
