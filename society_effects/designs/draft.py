"""The findings of one fit while they are being written: rows, checks, and at the end the result."""

from __future__ import annotations

import platform
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import metadata
from typing import Any

import numpy as np

from ..findings.checks import Check, Status, status_of_flag
from ..findings.measures import check_measure
from ..result import Result
from ..stats.inference import Inference, TestResult
from ..study.achievement import prior_achievement
from ..study.earlier import earlier_scores
from ..study.motivation import motivation
from ..study.study import Study
from ..study.tables_within import ledger_columns
from .labelling import labels_of


class Draft:
    """Collects what a design writes and turns it into a Result. Keys that do not apply are simply left out.

    cells : what is known of each outcome in each group (n, moments, counts), the rows of ``study.cells``; a design
    that leaves out more students puts its own in their place.
    evidence : what stands behind the primary rows, beyond the rows (``comparison.Evidence``).
    model : makes the fitted statsmodels object behind the numbers, where there is one.
    """

    def __init__(self, design: str, study: Study, settings: Mapping[str, Any]) -> None:
        self.design, self.study, self.settings = design, study, settings
        self.checks: list[Check] = []
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._columns: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        self.provenance: dict[str, Any] = {}
        self.cells: Sequence[Mapping[str, Any]] = study.cell_rows
        self.evidence: list[Any] = []
        self.model: Callable[[], Any] | None = None
        self._ledger: list[dict[str, Any]] | None = None

    def row(self, frame: str, **columns: Any) -> dict[str, Any]:
        """Add one row to a frame; the row, to be completed in place."""
        self._rows[frame].append(columns)
        return columns

    def column_rows(self, frame: str, n_rows: int, **columns: Any) -> None:
        """Add many rows at once: arrays of this length, or one value for all of them."""
        filled = {k: v if isinstance(v, np.ndarray) else np.full(n_rows, v, dtype=object) for k, v in columns.items()}
        self._columns[frame].append(filled)

    def estimate(
        self,
        outcome: str,
        measure: str,
        found: Inference,
        *,
        primary: bool = False,
        about: str | None = None,
        **columns: Any,
    ) -> dict[str, Any]:
        """Add an estimated contrast, checked against the glossary's measures, with a Check for each of its flags.

        about : the group that the Checks name, where several groups are compared.
        """
        check_measure(measure, found.scale, found.null_value)
        row = self.row(
            "estimates",
            outcome=outcome,
            measure=measure,
            primary=primary,
            estimate=found.estimate,
            std_error=found.std_error,
            df=found.df,
            statistic_name=found.statistic_name,
            statistic=found.statistic,
            p_value=found.p_value,
            conf_low=found.conf_low,
            conf_high=found.conf_high,
            conf_level=found.conf_level,
            null_value=found.null_value,
            method=found.method,
            interval_method=found.interval_method,
            **columns,
        )
        self._flagged(found, outcome, about)
        return row

    def test(self, outcome: str, test: str, found: TestResult, **columns: Any) -> dict[str, Any]:
        """Add a test that is not an estimate of one contrast, with a Check for each of its flags."""
        row = self.row(
            "tests",
            outcome=outcome,
            test=test,
            statistic_name=found.statistic_name,
            statistic=found.statistic,
            df1=found.df1,
            df2=found.df2,
            p_value=found.p_value,
            method=found.method,
            **columns,
        )
        self._flagged(found, outcome, None)
        return row

    def _flagged(self, found: Inference | TestResult, outcome: str, group: str | None) -> None:
        for flag in found.raised:
            self.check(flag, status_of_flag(flag), outcome, group)

    def counts(self, outcome: str, group: str | None) -> np.ndarray:
        """How many students of a group have a value: per category, or in all for an outcome without categories."""
        own = [c for c in self.cells if (c["outcome"], c["group"]) == (outcome, group)]
        return np.array([c["n"] if c["category"] is None else c["events"] for c in own], dtype=float)

    def cell(self, outcome: str, group: str | None) -> Mapping[str, Any]:
        """n, moments and counts of one group on one outcome."""
        return next(c for c in self.cells if (c["outcome"], c["group"], c["category"]) == (outcome, group, None))

    def rows(self, frame: str) -> list[dict[str, Any]]:
        """The rows of a frame so far, to be completed in place (a family adjusts its P values last)."""
        return self._rows[frame]

    def blocks(self, frame: str) -> list[Mapping[str, Any]]:
        """The columns that were added to a frame at once."""
        return self._columns[frame]

    def check(
        self, key: str, status: Status = "note", outcome: str | None = None, group: str | None = None, **values: Any
    ) -> None:
        """Add a Check, once."""
        check = Check(key, status, values, outcome, group)
        if check not in self.checks:
            self.checks.append(check)

    @property
    def ledger(self) -> list[dict[str, Any]]:
        """The ledger of the study as rows, to be completed in place by a design that leaves out more students."""
        if self._ledger is None:
            self._ledger = self.study.ledger.to_dict("records")
        return self._ledger

    def keep_ledger_of(self, other: Draft, outcome: str) -> None:
        """Count the students, and those of one outcome, as another draft counted them."""
        kept = [row for row in self.ledger if row["outcome"] not in (None, outcome)]
        theirs = [row for row in other.ledger if row["outcome"] in (None, outcome)]
        self._ledger = sorted(kept + theirs, key=lambda row: row["outcome"] is not None)

    def leave_out_of_ledger(self, outcomes: Sequence[str]) -> None:
        """Leave outcomes that are not analysed out of the ledger."""
        self._ledger = [row for row in self.ledger if row["outcome"] not in outcomes]

    def keep_groups(self, groups: Sequence[str | None]) -> None:
        """Leave groups that are not analysed out of the ledger's rows of the outcomes."""
        self._ledger = [row for row in self.ledger if row["group"] is None or row["group"] in groups]

    def drop(self, outcome: str, group: str | None, step: str, reason: str | None, n_dropped: int) -> None:
        """Count students of a group who are not analysed on an outcome, in the ledger before those who are."""
        if not n_dropped:
            return
        own = [row for row in self.ledger if (row["outcome"], row["group"]) == (outcome, group)]
        last = next(row for row in own if row["step"] == "analysed")
        before = last["n_before"]
        counted = {"n_before": before, "n_dropped": n_dropped, "n_after": before - n_dropped}
        self.ledger.insert(self.ledger.index(last), last | {"step": step, "reason": reason} | counted)
        last |= {"n_before": before - n_dropped, "n_after": before - n_dropped}

    def result(self, start_grade: str, default_figures: tuple[str, ...]) -> Result:
        """The result of everything that was written."""
        study = self.study
        written = [name for name in {**self._rows, **self._columns} if self._rows[name] or self._columns[name]]
        tables = {name: _merged(self._rows[name], self._columns[name]) for name in written}
        tables["ledger"] = ledger_columns(study) if self._ledger is None else _merged(self._ledger, [])
        for table in tables.values():
            table.setdefault("design", [self.design] * len(next(iter(table.values()))))
        return Result.of(
            self.design,
            tables,
            checks=tuple(self.checks),
            labels=labels_of(study),
            settings=dict(self.settings),
            provenance=provenance(study) | self.provenance,
            start_grade=start_grade,
            lang=study.lang,
            default_figures=default_figures,
            fitted=self.model,
        )


def _merged(rows: list[dict[str, Any]], blocks: list[Mapping[str, Any]]) -> dict[str, Any]:
    names = list(dict.fromkeys(name for part in (*rows, *blocks) for name in part))
    merged: dict[str, Any] = {}
    for name in names:
        pieces = [np.array([row.get(name) for row in rows], dtype=object)] if rows else []
        for block in blocks:
            length = len(next(iter(block.values())))
            pieces.append(block[name] if name in block else np.full(length, None, dtype=object))
        merged[name] = pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
    return merged


def provenance(study: Study) -> dict[str, Any]:
    """Where do the numbers come from: which data, which stated facts of the study, made by which versions?"""
    source = {key: value for key, value in study.source.items() if key != "truth"}
    assignment = None if study.group is None else study.about.assignment
    known = {"simulated": bool(source.get("simulated")), "assignment": assignment} | circumstances_known(study)
    return known | {"data_hash": study.fingerprint, "versions": versions()} | ({"source": source} if source else {})


def circumstances_known(study: Study) -> dict[str, Any]:
    """What was stated of the study, and which covariates say what students had achieved before and how motivated they
    were? As JSON types; nothing of what is not known."""
    stated = {name: _json(fact) for name, fact in study.about.stated().items()}
    achieved = list(dict.fromkeys((*earlier_scores(study), *prior_achievement(study))))
    known = {"about": stated, "prior_achievement": achieved, "motivation": list(motivation(study))}
    return {name: found for name, found in known.items() if found}


def _json(fact: Any) -> Any:
    if isinstance(fact, Mapping):
        return dict(fact)
    return list(fact) if isinstance(fact, tuple) else fact


@cache
def versions() -> dict[str, str]:
    """Which versions of the library, of Python and of the packages below it made a number?"""
    packages = ("society-effects", "numpy", "scipy", "pandas", "statsmodels")
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in packages}
