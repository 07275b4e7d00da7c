"""How do a group, an estimate and a test stand in a comparison table? Cells and notes that both layouts share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from ..findings.digits import digits_of, digits_of_row, digits_of_statistic
from ..findings.lookup import below_level
from ..findings.naming import capitalised, measure_name
from ..findings.schema import MEASURES
from ..language.numbers import DASH, undefined
from .contrasts import Block, Contrast, Reading
from .formats import Format, marked
from .notes import Notes
from .table import Cell, Content, Run, runs_of

SUMMARIES = {"binary": "share", "ordinal": "median"}
"""How a group is summarised by kind of outcome; the others by mean and SD."""
PERMUTED = "permutation_studentised"
"""Methods whose statistic has no degrees of freedom: its distribution was made by permuting the students."""


def summary_of(block: Block) -> str:
    """How are the groups of this outcome summarised: mean_sd, median, trimmed_mean or share?"""
    for contrast in block.contrasts:
        centre = MEASURES[contrast.row["measure"]].centre
        if centre != "mean" and any(not undefined(group[centre]) for group in block.groups.values()):
            return centre
    return SUMMARIES.get(block.kind, "mean_sd")


def group_cell(reading: Reading, block: Block, group: str, form: Format) -> Cell:
    """How does this group stand on this outcome?"""
    if group not in block.groups:
        return Cell(DASH)
    row = block.groups[group]
    summary, digits = summary_of(block), digits_of(reading.findings, block.outcome)
    if summary == "share":
        return form.share(row["events"], row["n"], with_total=True, percent=True)
    if summary == "trimmed_mean":
        return form.mean_sd(row["trimmed_mean"], None, digits)
    if summary == "median":
        return form.median_quartiles(row["median"], row["q1"], row["q3"], digits)
    return form.mean_sd(row["mean"], row["sd"], digits)


def interval_cell(row: pd.Series | None, form: Format, notes: Notes, mixed: bool = False, named: bool = False) -> Cell:
    """An estimate with its interval; simultaneous limits where there are some.

    mixed : the heading does not say that shares are in percentage points. named : the measure is named in the cell.
    """
    if row is None:
        return Cell(DASH)
    low, high = row["simultaneous_low"], row["simultaneous_high"]
    if undefined(low) and undefined(high):
        low, high = row["conf_low"], row["conf_high"]
    numbers, mark, digits = [row["estimate"], low, high], "", digits_of_row(notes.findings, row)
    if MEASURES[row["measure"]].family == "share_difference":
        numbers = [100 * v for v in numbers]
        mark = notes.mark("points") if mixed else ""
    cell = marked(form.interval(numbers[0], numbers[1], numbers[2], digits), mark)
    short = f"short.{row['measure']}"
    if named and form.words.has(f"tables.{short}") and not undefined(row["estimate"]):
        cell = replace(cell, content=(*form.rich(short), Run(" " + cell.text)))
    if undefined(row["estimate"]) and undefined(low) != undefined(high):
        return marked(cell, notes.mark("one_limit", level=float(row["conf_level"])))
    if below_level(notes.findings, row):
        return marked(cell, notes.mark("not_reached", level=float(row["conf_level"])))
    unknown = undefined(row["estimate"]) or undefined(low) or undefined(high)
    return marked(cell, notes.undefined(row["outcome"])) if unknown else cell


def statistic_cell(contrast: Contrast, form: Format, notes: Notes, named: bool = False) -> Cell:
    """The test statistic, with its degrees of freedom where the style wants them. named : as in t = 2.10."""
    if undefined(contrast.statistic):
        if undefined(contrast.row["p_value"]):
            return marked(Cell(DASH), notes.undefined(contrast.row["outcome"]))
        return marked(Cell(DASH), notes.mark("no_statistic", method=contrast.test))
    text = form.quantity(contrast.statistic, digits_of_statistic(contrast.statistic_name))
    mark = notes.mark("permuted", method=contrast.test) if contrast.test.startswith(PERMUTED) else ""
    if shows_df(contrast, form):
        text = f"{text} ({form.style.df(contrast.df)})"
    content: Content = text
    if named:
        equals = " = " if form.style.spaced else "="
        content = (*symbol(contrast, form), Run(equals + text))
    if shows_df(contrast, form):
        return Cell(content, {"statistic": contrast.statistic, "df": contrast.df})
    decimals = "0." + "0" * digits_of_statistic(contrast.statistic_name)
    return marked(Cell(content, contrast.statistic, None if named else decimals), mark)


def shows_df(contrast: Contrast, form: Format) -> bool:
    """Do degrees of freedom stand behind the statistic?"""
    known = not undefined(contrast.df) and contrast.df != float("inf")
    return known and form.style.name != "gbt" and not contrast.test.startswith(PERMUTED)


def symbol(contrast: Contrast, form: Format) -> tuple[Run, ...]:
    """The symbol of the test statistic: t, in Chinese t' for Welch's test."""
    for key in (f"{contrast.test}_{contrast.statistic_name}", str(contrast.statistic_name)):
        if form.words.has(f"tables.symbols.{key}"):
            return form.rich(f"symbols.{key}")
    return (Run(form.words.get(f"statistics.{contrast.statistic_name}")),)


def statistic_heading(contrasts: Sequence[Contrast], form: Format) -> tuple[Run, ...]:
    """The heading of the test statistics: their symbol, if all are of one test."""
    if not one_symbol(contrasts):
        return form.rich("columns.statistic")
    first = next((c for c in contrasts if not undefined(c.statistic)), contrasts[0])
    df = (Run(" ("), *form.rich("symbols.df"), Run(")")) if shows_df(first, form) else ()
    return (*symbol(first, form), *df)


def one_symbol(contrasts: Sequence[Contrast]) -> bool:
    """Are the statistics all of one test?"""
    return len({(c.test, c.statistic_name) for c in contrasts if not undefined(c.statistic)}) == 1


def p_cell(contrast: Contrast, form: Format, notes: Notes, adjusted: bool) -> Cell:
    """The P value of a contrast, adjusted or raw."""
    value = contrast.row["p_adjusted"] if adjusted else contrast.row["p_value"]
    if not undefined(value):
        return form.p(value)
    if undefined(contrast.row["p_value"]):
        return marked(form.p(value), notes.undefined(contrast.row["outcome"]))
    return marked(form.p(value), notes.mark("not_in_family"))


def is_adjusted(reading: Reading) -> bool:
    """Are there adjusted P values?"""
    return any(not undefined(c.row["p_adjusted"]) for c in reading.all_contrasts)


def with_interval(content: Content, level: float, form: Format) -> tuple[Run, ...]:
    """A heading with its interval: Difference [95% CI]."""
    interval = form.words.say("terms.interval", form.style.name, level=level)
    brackets = f" [{interval}]" if form.style.brackets else form.say("cells.in_parentheses", text=interval)
    return (*runs_of(content), Run(brackets))


def measure_heading(rows: Sequence[pd.Series], form: Format, mixed: str) -> tuple[Run, ...]:
    """The heading of a column of estimates: the measure, or the word for a mixture of measures."""
    measures = list(dict.fromkeys(row["measure"] for row in rows))
    if len(measures) == 1:
        key = f"headings.{measures[0]}"
        return (
            form.rich(key)
            if form.words.has(f"tables.{key}")
            else (Run(capitalised(measure_name(measures[0], form.lang))),)
        )
    return form.rich(f"columns.{mixed}")


def explain(reading: Reading, form: Format, notes: Notes, shown: Callable[[Contrast], list[pd.Series]]) -> None:
    """Add the notes that both layouts need: what is shown, direction, tests, intervals, adjustment, missing.

    shown : the rows of a contrast whose estimates stand in the table.
    """
    if reading.has_groups:
        for summary in dict.fromkeys(summary_of(b) for b in reading.blocks):
            notes.add(f"shown.{summary}")
    names = [reading.group_name(g) for g in reading.groups]
    if len(names) == 2:
        notes.add("direction", group=names[0], reference=names[1])
    tests = _tests(reading, notes)
    _intervals([row for c in reading.all_contrasts for row in shown(c)], tests, form, notes)
    if is_adjusted(reading):
        notes.add("adjusted", method=str(reading.findings.settings.get("adjustment", "holm")))
    incomplete = reading.incomplete()
    if incomplete:
        notes.add("missing", groups="/".join(names), entries=_counted(incomplete, form))
    if any(reading.size(group) is None for group in reading.groups):
        notes.add("analysed", groups="/".join(names), entries=_counted(reading.analysed(), form))


def _counted(counts: Mapping[str, Sequence[int]], form: Format) -> str:
    """Numbers of students of each group, by outcome."""
    entries = [form.say("cells.missing", name=name, counts="/".join(map(str, c))) for name, c in counts.items()]
    return form.say("cells.between_entries").join(entries)


def _tests(reading: Reading, notes: Notes) -> set[str]:
    """Name the tests; their keys."""
    tests: dict[str, list[str]] = {}
    for block in reading.blocks:
        for contrast in block.contrasts:
            if not undefined(contrast.row["p_value"]) and block.name not in tests.setdefault(contrast.test, []):
                tests[contrast.test].append(block.name)
    if len(tests) == 1:
        notes.add("test", method=next(iter(tests)))
    for test, blocks in tests.items() if len(tests) > 1 else ():
        notes.add("test_of", method=test, outcomes=blocks)
    return set(tests)


def _intervals(shown: list[pd.Series], tests: set[str], form: Format, notes: Notes) -> None:
    pairs = dict.fromkeys(
        (row["measure"], row["interval_method"] or row["method"])
        for row in shown
        if row["method"] and not undefined(row["conf_low"])
    )
    if not pairs:
        return
    entries = []
    for measure, interval in pairs:
        how = form.say("cells.same_test") if interval in tests else form.words.get(f"methods.{interval}")
        entries.append(form.say("cells.interval_method", measure=measure_name(measure, form.lang), method=how))
    level = form.words.say("terms.interval", form.style.name, level=float(shown[0]["conf_level"]))
    notes.add("intervals", level=level, entries=form.say("cells.between_entries").join(entries))
