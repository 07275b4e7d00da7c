"""What should a reader know about these comparisons as a whole?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..findings.lookup import alpha, shown_p
from ..stats.totals import is_total
from ..study.study import Study
from .comparison import Comparison
from .draft import Draft


def write_notes(task: Comparison, margins: Mapping[str, float]) -> None:
    """Write the checks that follow from the rows together, and what a simulation knows to be true."""
    draft, study = task.draft, task.study
    for fact in study.source.get("truth") or ():
        draft.row("truth", **fact)
    _undeclared_total(draft, study)
    without = [o.column for o in study.outcomes if o.column not in margins]
    for column in without if margins else [None] * bool(without):
        draft.check("NO_SESOI", outcome=column)
    say_primary(draft)
    level = alpha(draft.settings["conf_level"])
    _not_equivalent(draft, level)
    say_discordant(draft)


def _not_equivalent(draft: Draft, level: float) -> None:
    """A difference that is not shown is not shown to be absent."""
    tests = [row for row in draft.rows("tests") if row["test"] == "independence" and row["p_value"] == row["p_value"]]
    rows = [row for row in _defined(draft) if row["primary"] and row["p_value"] == row["p_value"]]
    hidden = [row for row in rows if not (_excludes_null(row) and shown_p(row)[0] < level)]
    hidden += [row for row in tests if not shown_p(row)[0] < level]
    answered = {row["outcome"] for row in draft.rows("tests") if row["test"] == "equivalence" and row["verdict"]}
    outcomes = tuple(dict.fromkeys(row["outcome"] for row in hidden if row["outcome"] not in answered))
    if outcomes:
        draft.check("NOT_EQUIVALENT", outcomes=outcomes)


def say_primary(draft: Draft) -> None:
    """Say which outcome was declared as primary, and what that means for its P value."""
    if draft.settings["primary"] is not None:
        draft.check("PRIMARY_DECLARED", outcome=draft.settings["primary"])


def say_discordant(draft: Draft) -> None:
    """Say where a P value and the interval beside it say different things of the null value."""
    level = alpha(draft.settings["conf_level"])
    coarse = {check.outcome for check in draft.checks if check.key == "CONF_LEVEL_NOT_REACHED"}
    for row in _defined(draft):
        explained = row["measure"] == "hodges_lehmann" and row["outcome"] in coarse
        if not explained and (
            _disagree(row, level, "p_value", "conf") or _disagree(row, level, "p_adjusted", "simultaneous")
        ):
            draft.check("P_CI_DISCORDANT", "warn", row["outcome"], measure=row["measure"])


def _undeclared_total(draft: Draft, study: Study) -> None:
    """Say where one score is the sum or mean of the others, which the study does not declare."""
    scores = [o.column for o in study.outcomes if o.kind == "continuous"]
    if not study.has_rows or any(o.parts for o in study.outcomes):
        return
    table = study.matrix(scores) if scores else np.empty((0, 0))
    for i, column in enumerate(scores):
        if is_total(table[:, i], np.delete(table, i, axis=1)):
            draft.check("UNDECLARED_TOTAL", "warn", column, names=tuple(name for name in scores if name != column))


def _defined(draft: Draft) -> list[dict[str, Any]]:
    return [row for row in draft.rows("estimates") if row["conf_low"] == row["conf_low"]]


def _excludes_null(row: Mapping[str, Any], limits: str = "conf") -> bool:
    return not row[f"{limits}_low"] <= row["null_value"] <= row[f"{limits}_high"]


def _disagree(row: Mapping[str, Any], level: float, p_column: str, limits: str) -> bool:
    """Do a P value and the interval beside it say different things of the null value?"""
    known = [row.get(name) for name in (p_column, f"{limits}_low", f"{limits}_high")]
    if any(value is None or value != value for value in known):
        return False
    return _excludes_null(row, limits) != (row[p_column] < level)
