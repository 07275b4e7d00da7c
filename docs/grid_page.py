"""The committed grid of methods as tables a reader can take in: one per kind of outcome."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

from society_effects.language.catalogue import catalogue

STATES = ("independent", "classes inside", "whole classes")
HEADER = ("`method=`", "independent students", "membership inside classes", "whole classes as members")
REFUSALS = {
    "METHOD_IGNORES_CLASSES": "a method for independent students, where classes are declared",
    "METHOD_NEEDS_CLASSES": "a method for classes, where none are declared",
    "METHOD_NEEDS_WHOLE_CLASSES": "class means or their permutation, where membership varies inside classes",
    "METHOD_FITS_NO_OUTCOME": "a method of another kind of outcome",
}
Row = dict[str, str]


def grid_tables(source: Path) -> str:
    """Every cell of the grid, in Markdown; an error where a cell would be left out."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    cells: dict[str, dict[str, dict[tuple[str, str], Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        cells[row["kind"]][row["method"]][row["students"], row["groups"]] = row
    states = dict.fromkeys(row["students"] for row in rows)
    if tuple(states) != STATES or {row["groups"] for row in rows} != {"two", "several"}:
        raise ValueError("the grid has columns that its page does not show")
    blocks = [part for kind, methods in cells.items() for part in _kind(kind, methods)]
    return "\n".join([*_sizes(rows), *blocks, *_names(rows)]) + "\n"


def _sizes(rows: list[Row]) -> list[str]:
    refused = sum(_refused(row) for row in rows)
    return [f"{len(rows)} cells: {len(rows) - refused} with a number, {refused} refused by name.", ""]


def _kind(kind: str, methods: dict[str, dict[tuple[str, str], Row]]) -> list[str]:
    lines = [f"## {kind.capitalize()}", "", _line(HEADER), _line(["---"] * len(HEADER))]
    elsewhere = defaultdict(list)
    for method, by_place in methods.items():
        if all(_refused(row) for row in by_place.values()):
            elsewhere[_why(list(by_place.values()))].append(f"`{method}`")
            continue
        shown = [_cell(by_place[state, "two"], by_place[state, "several"]) for state in STATES]
        lines.append(_line([f"`{method}`" if method != "default" else "(default)", *shown]))
    for why, names in elsewhere.items():
        lines += ["", f"Refused everywhere, {why}: {', '.join(names)}."]
    return [*lines, ""]


def _cell(two: Row, several: Row) -> str:
    if _refused(two) or _refused(several):
        return " / ".join(dict.fromkeys(f"*{_word(row)}*" for row in (two, several)))
    contrasts = [row["contrast"] for row in (two, several)]
    if contrasts == ["-", "-"]:
        return f"{_keys(two['all_groups'])}<br>several: {_keys(several['all_groups'])}"
    first = _keys(contrasts[0]) if contrasts[0] == contrasts[1] else " → ".join(map(_keys, contrasts))
    return f"{first}<br>all groups: {_keys(several['all_groups'])}"


def _refused(row: Row) -> bool:
    return row["contrast"] in REFUSALS


def _word(row: Row) -> str:
    return {name: name.removeprefix("METHOD_").replace("_", " ").lower() for name in REFUSALS}[row["contrast"]]


def _why(rows: list[Row]) -> str:
    """The refusals of a method that is refused everywhere, in each sort of study."""
    words = {state: {_word(row) for row in rows if row["students"] == state} for state in STATES}
    independent, inside, whole = (" / ".join(sorted(words[state])) for state in STATES)
    with_classes = inside if inside == whole else f"{inside} / {whole}"
    return f"with independent students as *{independent}*, with classes as *{with_classes}*"


def _keys(entry: str) -> str:
    return ", ".join(f"`{key}`" for key in entry.split(" / "))


def _names(rows: list[Row]) -> list[str]:
    """What the keys of the tables stand for, in the words of reports."""
    words = catalogue("en")
    entries = [row[column] for row in rows if not _refused(row) for column in ("contrast", "all_groups")]
    keys = sorted({key for entry in entries for key in entry.split(" / ")} - {"-"})
    named = [_line((f"`{key}`", words.get(f"methods.{key}"))) for key in keys]
    refusals = [_line((f"*{_word({'contrast': code})}*", f"`{code}`", why)) for code, why in REFUSALS.items()]
    return [
        *("## What the keys stand for", "", _line(("key", "method")), _line(("---", "---")), *named),
        *("", "## Refusals", "", _line(("in the tables", "code", "when")), _line(["---"] * 3), *refusals),
    ]


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
