"""Which test did the authors use? Published two-group comparisons, recomputed from what they printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Any

import pandas as pd

from ..designs.member_comparison import MemberComparison
from ..language.catalogue import Catalogue, catalogue
from ..language.numbers import NumberStyle
from ..language.numbers import style as number_style
from ..stats.printed import agrees, rounding_interval
from ..study.outcome import Outcome
from ..study.published import PublishedComparison, published_comparisons
from ..study.study import Study
from ..tables.table import Cell, Note, Table

METHODS = {"continuous": ("student", "welch"), "binary": ("pearson", "yates", "fisher", "boschloo")}
MANY_GROUPS = 2
"""A printed P of more groups than this belongs to another comparison."""


@dataclass(frozen=True)
class Recomputed:
    """One published comparison by one method, beside what was printed.

    statistic, p_value : from the numbers as printed. verdict : ``yes``, ``no``, ``one_sided`` (half the two-sided P was
    printed) or ``cannot_say``, once the rounding of the printed means and standard deviations is allowed for.
    """

    comparison: PublishedComparison
    method: str
    statistic_name: str | None
    statistic: float
    df: float
    p_value: float
    verdict: str


@cache
def recompute() -> tuple[Recomputed, ...]:
    """What does each method make of each published comparison that printed enough?

    >>> first = recompute()[0]
    >>> first.comparison.printed["p_printed"], first.method, first.verdict
    ('<0.05', 'student', 'yes')
    """
    return tuple(
        _recomputed(comparison, method) for comparison in published_comparisons() for method in METHODS[comparison.kind]
    )


def _recomputed(comparison: PublishedComparison, method: str) -> Recomputed:
    as_printed = _fitted(comparison.table(), comparison, method)
    corners = [_fitted(table, comparison, method) for table in _corners(comparison)] or [as_printed]
    shown = {name: as_printed[name] for name in ("statistic_name", "statistic", "df", "p_value")}
    return Recomputed(comparison, method, **shown, verdict=_verdict(comparison, corners))


def _fitted(table: pd.DataFrame, comparison: PublishedComparison, method: str) -> dict[str, Any]:
    member, reference = comparison.groups
    outcome = Outcome(comparison.outcome, kind=comparison.kind)  # type: ignore[arg-type]
    study = Study.from_summary(table, member=member, reference=reference, outcomes=outcome)
    estimates = MemberComparison(method=method).fit(study).estimates
    return estimates[estimates["primary"]].iloc[0].to_dict()


def _corners(comparison: PublishedComparison) -> Iterator[pd.DataFrame]:
    """The tables at the corners of what the rounding of printed means and standard deviations allows."""
    if comparison.kind == "binary":
        return
    table = comparison.table()
    means, spreads = ([rounding_interval(text) for text in table[name]] for name in ("mean", "sd"))
    for far in (0, 1):
        for wide in (0, 1):
            yield table.assign(mean=[means[0][far], means[1][1 - far]], sd=[pair[wide] for pair in spreads])


def _verdict(comparison: PublishedComparison, corners: list[dict[str, Any]]) -> str:
    printed = comparison.printed
    if comparison.printed_groups > MANY_GROUPS:
        return "cannot_say"
    ranges = {name: [row[name] for row in corners] for name in ("statistic", "p_value")}
    statistic = None
    if printed["stat_name"] == corners[0]["statistic_name"]:
        statistic = agrees(min(ranges["statistic"]), max(ranges["statistic"]), printed["stat_value"])
    low, high = min(ranges["p_value"]), max(ranges["p_value"])
    two_sided, one_sided = (agrees(low / sides, high / sides, printed["p_printed"]) for sides in (1, 2))
    if statistic is None and two_sided is None:
        return "cannot_say"
    if statistic is False:
        return "no"
    if two_sided is not False:
        return "yes"
    return "one_sided" if one_sided and comparison.kind == "continuous" else "no"


def recomputed_table(lang: str = "en") -> Table:
    """How do the printed and the recomputed values of published comparisons read side by side?"""
    words, style = catalogue(lang), number_style(None, lang)
    names = ("study", "printed", "agrees", "method", "statistic", "p")
    header = tuple(Cell(words.get(f"published.{name}"), align=_align(name)) for name in names)
    by_comparison: dict[str, list[Recomputed]] = {}
    for found in recompute():
        by_comparison.setdefault(found.comparison.row, []).append(found)
    rows = [row for block in by_comparison.values() for row in _block(block, words, style)]
    notes = [Note(words.get(f"published.note_{name}")) for name in ("rounding", "limits", "source")]
    notes += [Note(line, mark) for mark, line in _citations().values()]
    return Table(words.get("published.title"), (header,), tuple(rows), tuple(notes), lang, style.name)


def _block(block: list[Recomputed], words: Catalogue, style: NumberStyle) -> Iterator[tuple[Cell, ...]]:
    """The rows of one comparison: its name and groups down the left, one method a row at the right."""
    comparison = block[0].comparison
    mark, _ = _citations()[comparison.printed["study_id"]]
    left = [Cell(_name(comparison), align="left", marks=(mark,))]
    left += [Cell(text, align="left", indent=1) for text in _groups(comparison, words)]
    printed = [Cell(_printed(comparison, words), align="left")]
    for label, shown, found in zip_longest(left, printed, block):
        right = _method_cells(found, words, style) if found else (Cell(),) * 4
        yield (label or Cell(align="left"), shown or Cell(align="left"), *right)


def _method_cells(found: Recomputed, words: Catalogue, style: NumberStyle) -> tuple[Cell, ...]:
    known = found.statistic if found.statistic == found.statistic else None
    return (
        Cell(words.get(f"published.{found.verdict}"), align="left"),
        Cell(words.get(f"published.method_{found.method}"), align="left"),
        Cell(_statistic(found, style), known),
        Cell(style.p_cell(found.p_value), found.p_value),
    )


def _name(comparison: PublishedComparison) -> str:
    """The study in short: "Zhong 2019: RIPLS total"; its key where the citation names no author."""
    key = comparison.printed["study_id"]
    author = re.match(r"([A-Z][a-z]+) [A-Z]{1,3}\b", comparison.printed["citation"])
    return f"{author[1] + ' ' + comparison.printed['year'] if author else key}: {comparison.outcome}"


def _citations() -> dict[str, tuple[str, str]]:
    """The mark of each study and where it was published."""
    printed = {c.printed["study_id"]: c.printed for c in published_comparisons()}
    return {
        key: (str(number), " ".join((row["citation"].rstrip("."), row["doi"])).strip() + ".")
        for number, (key, row) in enumerate(printed.items(), start=1)
    }


def recomputed_lines(lang: str = "en") -> list[str]:
    """What was printed, and which methods agree with it, in one line per published comparison?"""
    words = catalogue(lang)
    lines: dict[str, list[str]] = {}
    for found in recompute():
        line = lines.setdefault(
            found.comparison.row, [f"{_name(found.comparison)} [{_printed(found.comparison, words)}]"]
        )
        names = {"method": f"method_{found.method}", "verdict": found.verdict}
        spoken = {slot: words.get(f"published.{key}") for slot, key in names.items()}
        line.append(words.fill(words.get("published.line"), None, None, p=found.p_value, **spoken))
    return ["\n".join(line) for line in lines.values()]


def _groups(comparison: PublishedComparison, words: Catalogue) -> list[str]:
    printed = comparison.printed
    key = f"published.group_{comparison.kind}"
    values: list[dict[str, Any]] = [
        {name: printed[f"g{g}_{name}"].removesuffix(".0") for name in ("label", "n", "mean", "sd", "events")}
        for g in (1, 2)
    ]
    return [words.fill(words.get(key), **group) for group in values]


def _printed(comparison: PublishedComparison, words: Catalogue) -> str:
    printed = comparison.printed
    parts = [f"{printed['stat_name']} = {printed['stat_value']},"] if printed["stat_value"] else []
    parts += [f"P {printed['p_printed']}"] if printed["p_printed"] else []
    if comparison.printed_groups > 2:
        parts.append(words.say("published.of_more_groups", k=comparison.printed_groups))
    return " ".join(parts)


def _statistic(found: Recomputed, style: NumberStyle) -> str:
    if found.statistic != found.statistic:
        return style.number(None)
    symbol = {"chi2": "χ²"}.get(found.statistic_name or "", found.statistic_name)
    return f"{symbol}({style.df(found.df)}) = {style.number(found.statistic, 3)}"


def _align(name: str) -> Any:
    return "center" if name in ("statistic", "p") else "left"
