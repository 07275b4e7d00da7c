"""Who are the members, who are the non-members? Table 1. Reads: baseline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..findings.digits import digits
from ..findings.findings import Findings
from ..findings.naming import level_heading, outcome_heading
from ..language.numbers import DASH, undefined
from .formats import SMALL_GROUP, Format, headed, label
from .notes import Notes
from .table import Cell, Table

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
        levels = self.whole[self.whole["group"].notna()]
        compared = levels[levels["reference"].notna()]
        self.groups = [str(g) for g in dict.fromkeys([*compared["group"], *levels["group"]])]
        self.several = len(self.groups) > 2
        if self.several:
            self.groups = [str(g) for g in dict.fromkeys(levels["group"])]
            compared = self.whole[self.whole["group"].isna()]
        self.compared = {str(row["variable"]): row for _, row in compared.iterrows()}
        self.has_smd, self.has_tests = (bool(compared[c].notna().any()) for c in ("smd", "p_test"))

    def header(self) -> Row:
        """Variable, groups with their sizes, standardised difference, P where a test was asked for."""
        heads = [label(self.form.say("columns.variable")), *(self._head(group) for group in self.groups)]
        shown = ("smd", self.has_smd), ("p", self.has_tests)
        return (*heads, *(headed(self.form.rich(f"columns.{key}")) for key, there in shown if there))

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
            rows = [(label(self.form.rich(key, name=name, unit=unit)), *cells, *self._compared(variable))]
        if any(row is not None and row["missing"] > 0 for row in whole.values()):
            rows.append(self._missing(variable, whole))
        return rows

    def explain(self) -> None:
        """Say in notes what the columns mean."""
        if self.form.style.name == "gbt" and any(0 < n < SMALL_GROUP for n in self.whole["n"]):
            self.notes.add("small_group", n=SMALL_GROUP)
        if self.has_smd and self.several:
            self.notes.add("smd_largest")
        elif self.has_smd:
            member = next(iter(self.compared.values()))
            names = [self.findings.labels.level(member[side], self.form.lang) for side in ("group", "reference")]
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

    def _head(self, group: str) -> Cell:
        rows = self.whole[self.whole["group"] == group]
        size = int((rows["n"] + rows["missing"].fillna(0)).max())
        name = level_heading(group, self.findings.labels, self.form.lang)
        return headed(self.form.rich("columns.group_n", name=name, n=size), value=size)

    @staticmethod
    def _one(rows: pd.DataFrame, group: str) -> pd.Series | None:
        found = rows[rows["group"] == group]
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
        rows = [(heading, *empty, *self._compared(variable))]
        for category in dict.fromkeys(parts["category"].dropna()):
            shown = self.findings.labels.category(variable, category, self.form.lang)
            counts = [self._one(parts[parts["category"] == category], group) for group in self.groups]
            cells = [Cell(DASH) if c is None else self.form.share(c["events"], c["n"]) for c in counts]
            rows.append((label(shown, indent=1), *cells, *(Cell() for _ in self._compared(variable))))
        return rows

    def _missing(self, variable: str, whole: dict[str, pd.Series | None]) -> Row:
        cells = [
            Cell(DASH) if row is None else self.form.share(row["missing"], row["n"] + row["missing"])
            for row in whole.values()
        ]
        blank = (Cell() for _ in self._compared(variable))
        return (label(self.form.rich("variable.missing"), indent=1), *cells, *blank)

    def _compared(self, variable: str) -> list[Cell]:
        """The standardised difference and P: of the two groups, or the largest and that of all groups."""
        row = self.compared.get(variable)
        cells: list[Cell] = []
        if self.has_smd:
            known = row is not None and not undefined(row["smd"])
            cells.append(self.form.number(row["smd"], 2) if row is not None and known else Cell(DASH))
        if self.has_tests:
            cells.append(Cell(DASH) if row is None else self.form.p(row["p_test"]))
        return cells


def _digits(rows: Sequence[Any]) -> int:
    known = [row for row in rows if row is not None]
    return digits([row[c] for row in known for c in ("mean", "median")], [row["sd"] for row in known])
