"""How do a group, an estimate and a test stand in a table? Cells that tables share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from ..findings.digits import OF_QUANTITIES, OF_SHARES, USUAL, digits, digits_of, digits_of_row, digits_of_statistic
from ..findings.lookup import below_level, compares_shares, has_joint_limits, shown_limits
from ..findings.measures import MEASURES, QUANTITIES_IN_PERCENT, QUANTITIES_IN_UNITS
from ..findings.methods import method_of
from ..language.numbers import DASH, undefined
from .blocks import Block, Reading, Tested
from .formats import Format, marked
from .notes import Notes
from .table import Cell, Content, Run


def group_cell(reading: Reading, block: Block, group: str, form: Format) -> Cell:
    """How does this group stand on this outcome? Empty where its categories are counted one by one."""
    if group not in block.groups:
        return Cell(DASH)
    row, summary = block.groups[group], block.summary
    decimals = digits_of(reading.findings, block.outcome)
    if summary == "categories":
        return Cell()
    if summary == "share":
        return form.share(row["events"], row["n"], with_total=True, percent=True)
    if summary == "trimmed_mean":
        return form.mean_sd(row["trimmed_mean"], None, decimals)
    if summary in ("median", "positions"):
        decimals = decimals if summary == "median" else _quarters(list(block.groups.values()))
        return form.median_quartiles(row["median"], row["q1"], row["q3"], decimals)
    return form.mean_sd(row["mean"], row["sd"], decimals)


def category_cell(block: Block, category: str, group: str, form: Format) -> Cell:
    """How many students of this group are in this category?"""
    row = block.categories[category].get(group)
    return Cell(DASH) if row is None else form.share(row["events"], row["n"])


def rate_cell(block: Block, group: str, form: Format) -> Cell:
    """How many events over which exposure, and at which rate?"""
    row = block.groups.get(group)
    if row is None or undefined(row["exposure"]):
        return Cell(DASH)
    value = {"events": row["events"], "exposure": row["exposure"], "rate": row["rate"]}
    rates = [group["rate"] for group in block.groups.values()]
    whole = float(row["exposure"]).is_integer()
    shown = {
        "events": form.style.count(row["events"]),
        "exposure": form.quantity(row["exposure"], 0 if whole else 1),
        "rate": form.quantity(row["rate"], digits(rates, rates)),
    }
    return Cell(form.say("cells.rate", **shown), value)


def interval_cell(
    row: pd.Series | None,
    form: Format,
    notes: Notes,
    mixed: bool = False,
    named: bool = False,
    simultaneous: bool = False,
) -> Cell:
    """An estimate with its interval; simultaneous limits where there are some.

    mixed : the heading does not say that shares are in percentage points. named : the measure is named in the cell.
    simultaneous : the heading says that limits are simultaneous; limits of the other kind get a mark.
    """
    if row is None:
        return Cell(DASH)
    joint = has_joint_limits(row)
    low, high = shown_limits(row)
    numbers, mark, decimals = [row["estimate"], low, high], "", digits_of_row(notes.findings, row)
    if MEASURES[row["measure"]].of_shares:
        numbers = [100 * v for v in numbers]
        mark = notes.mark("points") if mixed else ""
    cell = marked(form.interval(numbers[0], numbers[1], numbers[2], decimals), mark)
    if named and not undefined(row["estimate"]):
        cell = _named(cell, f"short.{row['measure']}", form)
    if undefined(row["estimate"]) and undefined(low) != undefined(high):
        return marked(cell, notes.mark("one_limit", level=float(row["conf_level"])))
    if below_level(notes.findings, row):
        return marked(cell, notes.mark("not_reached", level=float(row["conf_level"])))
    if undefined(row["estimate"]) or undefined(low) or undefined(high):
        return marked(cell, notes.undefined(row["outcome"]))
    kind = "simultaneous" if joint else "ordinary"
    return cell if joint == simultaneous else marked(cell, notes.mark(kind, level=float(row["conf_level"])))


def quantity_cell(row: pd.Series | None, form: Format, notes: Notes, named: bool = False) -> Cell:
    """A quantity such as Cramér's V with its interval."""
    if row is None:
        return Cell()
    points = row["quantity"] in QUANTITIES_IN_UNITS and compares_shares(notes.findings, row["outcome"])
    percent = row["quantity"] in QUANTITIES_IN_PERCENT
    decimals = OF_SHARES if points or percent else OF_QUANTITIES.get(row["quantity"], USUAL)
    value, low, high = (row[name] * (100 if points or percent else 1) for name in ("value", "conf_low", "conf_high"))
    cell = form.interval(value, low, high, decimals, unit="%" if percent else "")
    cell = marked(cell, notes.mark("points") if points else "")
    if undefined(row["value"]):
        return marked(cell, notes.undefined(row["outcome"]))
    return _named(cell, f"short.{row['quantity']}", form) if named else cell


def statistic_cell(tested: Tested, form: Format, notes: Notes, named: bool = False, with_df: bool = False) -> Cell:
    """The test statistic, with its degrees of freedom where the style wants them.

    named : as in t(98.2) = 2.10. with_df : with the degrees of freedom in every style.
    """
    if undefined(tested.statistic):
        if undefined(tested.p_value):
            return marked(Cell(DASH), notes.undefined(tested.outcome))
        return marked(Cell(DASH), notes.mark("no_statistic", method=tested.method))
    decimals = digits_of_statistic(tested.statistic_name)
    text, df = form.quantity(tested.statistic, decimals), df_text(tested, form, with_df)
    content: Content = text
    if named:
        behind = f"({df})" if df else ""
        content = (*symbol(tested, form), Run(behind + (" = " if form.style.spaced else "=") + text))
    elif df:
        content = f"{text} ({df})"
    mark = notes.mark("permuted", method=tested.method) if method_of(tested.method).resampled else ""
    if df:
        known = {"df": tested.df} | ({} if undefined(tested.df2) else {"df2": tested.df2})
        return marked(Cell(content, {"statistic": tested.statistic} | known), mark)
    return marked(Cell(content, tested.statistic, None if named else "0." + "0" * decimals), mark)


def df_text(tested: Tested, form: Format, always: bool = False) -> str:
    """The degrees of freedom behind the statistic; in Chinese tables only where classes make them matter."""
    hidden = form.style.name == "gbt" and undefined(tested.n_clusters) and not always
    if method_of(tested.method).resampled or hidden:
        return ""
    known = [df for df in (tested.df, tested.df2) if not undefined(df) and df != float("inf")]
    return ", ".join(form.style.df(df) for df in known)


def symbol(tested: Tested, form: Format) -> tuple[Run, ...]:
    """The symbol of the test statistic: t, in Chinese t' for Welch's test."""
    for key in (f"{tested.method}_{tested.statistic_name}", str(tested.statistic_name)):
        if form.words.has(f"tables.symbols.{key}"):
            return form.rich(f"symbols.{key}")
    return (Run(form.words.get(f"statistics.{tested.statistic_name}")),)


def one_symbol(all_tested: Sequence[Tested]) -> bool:
    """Are the statistics all of one test?"""
    return len({(t.method, t.statistic_name) for t in all_tested if not undefined(t.statistic)}) == 1


def p_cell(tested: Tested, form: Format, notes: Notes, adjusted: bool) -> Cell:
    """The P value of a test, adjusted or raw."""
    value = tested.p_adjusted if adjusted else tested.p_value
    if not undefined(value):
        return form.p(value)
    if undefined(tested.p_value):
        return marked(form.p(value), notes.undefined(tested.outcome))
    return marked(form.p(value), notes.mark("not_in_family"))


def shown_p_cell(tested: Tested, all_tested: Sequence[Tested], form: Format, notes: Notes) -> Cell:
    """The one P value that is shown, adjusted where there is such a one; marked where only others are adjusted."""
    adjusted = not undefined(tested.p_adjusted)
    cell = p_cell(tested, form, notes, adjusted)
    alone = not adjusted and not undefined(tested.p_value)
    mixed = alone and any(not undefined(other.p_adjusted) for other in all_tested)
    return marked(cell, notes.mark("not_in_family")) if mixed else cell


def with_interval(content: Content, level: float, form: Format, key: str = "terms.interval") -> tuple[Run, ...]:
    """A heading with its interval: Difference [95% CI]."""
    interval = form.words.say(key, form.style.name, level=level)
    brackets = f" [{interval}]" if form.style.brackets else form.say("cells.in_parentheses", text=interval)
    runs = (Run(content),) if isinstance(content, str) else content
    return (*runs, Run(brackets))


def _named(cell: Cell, key: str, form: Format) -> Cell:
    """The cell with the short name of its number in front."""
    if not form.words.has(f"tables.{key}"):
        return cell
    return replace(cell, content=(*form.rich(key), Run(" " + cell.text)))


def _quarters(rows: Sequence[Any]) -> int:
    """As few decimals as show positions of categories, which are multiples of a quarter, as they are."""
    values = [row[name] for row in rows for name in ("median", "q1", "q3") if not undefined(row[name])]
    return next((places for places in (0, 1) if all(round(v, places) == v for v in values)), 2)
