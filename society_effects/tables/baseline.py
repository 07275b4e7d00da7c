"""Who are the members, who are the non-members? Table 1. Reads: baseline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..findings.digits import digits
from ..findings.findings import Findings
from ..findings.naming import capitalised, contrast_name, level_heading, outcome_heading
from ..language.numbers import DASH, undefined
from .formats import SMALL_GROUP, Format, headed, label
from .notes import Notes
from .table import Cell, Run, Table, runs_of

Row = tuple[Cell, ...]


def build(findings: Findings, lang: str, style: str) -> Table:
    """How do the groups compare on what is known of the students: mean (SD), median (quartiles) or n (%), SMD?"""
    form = Format(lang, style)
    frame = findings.frame("baseline")
    notes = Notes(findings, form)
    maker = _TableOne(findings, frame, form, notes)
    rows = [row for variable in dict.fromkeys(frame["variable"]) for row in maker.rows(variable)]
    maker.explain()
    title = form.say("titles.baseline" if len(maker.groups) <= 2 else "titles.baseline_several")
    return Table(title, (maker.header(),), tuple(rows), notes.all(), lang, style, "baseline")


class _TableOne:
    """Makes the rows of Table 1; the columns are fixed when it is created."""

    def __init__(self, findings: Findings, frame: pd.DataFrame, form: Format, notes: Notes) -> None:
        self.findings, self.frame, self.form, self.notes = findings, frame, form, notes
        self.whole = frame[frame["category"].isna()]
        compared = self.whole[self.whole["reference"].notna()]
        self.contrasts = list(compared[["group", "reference"]].drop_duplicates().itertuples(index=False, name=None))
        self.groups = list(dict.fromkeys([*compared["group"], *frame["group"]]))
        self.has_smd, self.has_tests = (bool(compared[c].notna().any()) for c in ("smd", "p_test"))

    def header(self) -> Row:
        """Variable, groups with their sizes, standardised differences, P where a test was asked for."""
        heads = [label(self.form.say("columns.variable")), *(headed(self._group(group)) for group in self.groups)]
        for key, shown in (("smd", self.has_smd), ("p", self.has_tests)):
            for group, reference in self.contrasts if shown else ():
                words = self.form.rich(f"columns.{key}")
                if len(self.contrasts) > 1:
                    words = (*words, Run(f": {contrast_name(group, reference, self.findings.labels, self.form.lang)}"))
                heads.append(headed(words))
        return tuple(heads)

    def rows(self, variable: str) -> list[Row]:
        """The rows of one variable: itself, its categories, the missing."""
        parts = self.frame[self.frame["variable"] == variable]
        whole = {group: self._one(parts[parts["category"].isna()], group) for group in self.groups}
        name = outcome_heading(variable, self.findings.labels, self.form.lang)
        unit = self.findings.labels.unit(variable, self.form.lang)
        method = next((row["method"] for row in whole.values() if row is not None and row["method"]), "mean_sd")
        if method == "count_share":
            rows = self._categorical(variable, name, parts, whole)
        else:
            decimals = _digits(list(whole.values()))
            cells = [self._summary(row, method, decimals) for row in whole.values()]
            key = f"variable.{method}" + ("_unit" if unit else "")
            rows = [(label(self.form.rich(key, name=name, unit=unit)), *cells, *self._compared(whole))]
        if any(row is not None and row["missing"] > 0 for row in whole.values()):
            rows.append(self._missing(whole))
        return rows

    def explain(self) -> None:
        """Say in notes what the columns mean."""
        if self.form.style.name == "gbt" and any(0 < n < SMALL_GROUP for n in self.whole["n"]):
            self.notes.add("small_group", n=SMALL_GROUP)
        if self.has_smd:
            first = self.contrasts[0]
            names = [self.findings.labels.level(level, self.form.lang) for level in first]
            self.notes.add("smd", group=names[0], reference=names[1])
        if self.has_tests:
            self._name_tests()
            self.notes.add("p_of_table_one")

    def _name_tests(self) -> None:
        """Say which test made the P value of each variable."""
        tests: dict[str, list[str]] = {}
        tested = self.whole[self.whole["test"].notna() & self.whole["p_test"].notna()]
        for test, variable in tested[["test", "variable"]].drop_duplicates().itertuples(index=False):
            tests.setdefault(test, []).append(outcome_heading(variable, self.findings.labels, self.form.lang))
        for test, variables in tests.items():
            if len(tests) == 1:
                self.notes.add("test", method=test)
            else:
                self.notes.add("test_of", method=test, outcomes=variables)

    def _group(self, group: str | None) -> tuple[Run, ...]:
        rows = self.whole[self.whole["group"] == group] if group is not None else self.whole[self.whole["group"].isna()]
        sizes = rows["n"] + rows["missing"].fillna(0)
        total = capitalised(self.form.words.get("terms.total"))
        name = total if group is None else level_heading(group, self.findings.labels, self.form.lang)
        if not len(sizes):
            return runs_of(name)
        return self.form.rich("columns.group_n", name=name, n=int(sizes.max()))

    @staticmethod
    def _one(rows: pd.DataFrame, group: str | None) -> pd.Series | None:
        found = rows[rows["group"].isna() if group is None else rows["group"] == group]
        return found.iloc[0] if len(found) else None

    def _summary(self, row: pd.Series | None, method: str, decimals: int) -> Cell:
        if row is None:
            return Cell(DASH)
        if method == "median_quartiles":
            return self.form.median_quartiles(row["median"], row["q1"], row["q3"], decimals)
        return self.form.mean_sd(row["mean"], row["sd"], decimals)

    def _categorical(
        self, variable: str, name: str, parts: pd.DataFrame, whole: dict[str, pd.Series | None]
    ) -> list[Row]:
        empty = [Cell() for _ in self.groups]
        heading = label(self.form.rich("variable.count_share", name=name))
        rows = [(heading, *empty, *self._compared(whole))]
        for category in dict.fromkeys(parts["category"].dropna()):
            shown = self.findings.labels.category(variable, category, self.form.lang)
            counts = [self._one(parts[parts["category"] == category], group) for group in self.groups]
            cells = [Cell(DASH) if c is None else self.form.share(c["events"], c["n"]) for c in counts]
            rows.append((label(shown, indent=1), *cells, *(Cell() for _ in self._compared(whole))))
        return rows

    def _missing(self, whole: dict[str, pd.Series | None]) -> Row:
        cells = [
            Cell(DASH) if row is None else self.form.share(row["missing"], row["n"] + row["missing"])
            for row in whole.values()
        ]
        blank = (Cell() for _ in self._compared(whole))
        return (label(self.form.rich("variable.missing"), indent=1), *cells, *blank)

    def _compared(self, whole: dict[str, pd.Series | None]) -> list[Cell]:
        rows = {(row["group"], row["reference"]): row for row in whole.values() if row is not None}
        cells: list[Cell] = []
        if self.has_smd:
            cells += [self._smd(rows.get(contrast)) for contrast in self.contrasts]
        if self.has_tests:
            cells += [Cell(DASH) if (r := rows.get(c)) is None else self.form.p(r["p_test"]) for c in self.contrasts]
        return cells

    def _smd(self, row: pd.Series | None) -> Cell:
        return Cell(DASH) if row is None or undefined(row["smd"]) else self.form.number(row["smd"], 2)


def _digits(rows: Sequence[Any]) -> int:
    known = [row for row in rows if row is not None]
    return digits([row[c] for row in known for c in ("mean", "median")], [row["sd"] for row in known])
