"""Which answers does a result give, and which students stand behind each of them?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..designs import DESIGNS, Design, rebuild
from ..designs.adjusting import adjusted_whole_classes
from ..designs.adjusting.adjustment import Adjustment
from ..designs.adjusting.covariates_of import term_columns, terms_of
from ..designs.adjusting.students_compared import adjustments_of
from ..designs.classes import Classes, classes_of
from ..designs.comparison import Comparison, contrasts_of
from ..designs.draft import Draft
from ..designs.regression_adjustment import RegressionAdjustment
from ..errors import DesignError
from ..findings.checks import Check
from ..result import Result
from ..stats.adjusted_difference import adjusted_difference
from ..study.outcome import Outcome
from ..study.study import Study

Array = np.ndarray
Row = dict[str, Any]
KEYS = ("outcome", "measure", "estimand", "group", "reference", "wave", "reference_wave")
PROBED = ("regression_adjustment", "member_comparison", "pre_post_control")
"""Designs whose answers can be probed."""
DRAWS = 1999
"""At most so many bootstrap samples, of which only a standard error is made."""


@dataclass(frozen=True)
class Students:
    """The students of two groups who have every covariate, with an outcome or without.

    values : NaN where the outcome is missing. member : who belongs to the group. columns : (n, k).
    clusters : classes, or None. target : whose covariates count. own_slopes : each group has its own.
    rows : their positions in the study. lost : students with an outcome who lack a covariate.
    """

    values: Array
    member: Array
    columns: Array
    clusters: Array | None
    target: str
    own_slopes: bool
    rows: Array
    lost: int

    @property
    def seen(self) -> Array:
        """Who has the outcome?"""
        return ~np.isnan(self.values)

    @property
    def shares_missing(self) -> tuple[float, float]:
        """The share without an outcome, of members and of the others."""
        return tuple(float(np.mean(~self.seen[arm])) for arm in (self.member, ~self.member))  # type: ignore[return-value]


@dataclass(frozen=True)
class Question:
    """One answer of a result: an outcome and a contrast.

    row : of ``estimates``. beside : all rows of the same outcome and contrast. study : as the design looked at it.
    adjustment : what the design adjusted; None where it adjusts for nothing. classes : of the study.
    """

    design: Design
    study: Study
    outcome: Outcome
    row: Row
    beside: tuple[Row, ...]
    adjustment: Adjustment | None
    classes: Classes | None
    several: bool

    @property
    def conf_level(self) -> float:
        """Confidence level of the design."""
        return float(self.design.settings["conf_level"])

    @property
    def draws(self) -> dict[str, int]:
        """Resamples and seed."""
        settings = self.design.settings
        return {"resamples": min(int(settings["resamples"]), DRAWS), "seed": int(settings["seed"])}

    @property
    def keys(self) -> Row:
        """The key columns of everything that is said of this answer."""
        return {name: self.row[name] for name in KEYS}

    @property
    def about(self) -> str | None:
        """The group that Checks name, where several groups are compared."""
        return self.row["group"] if self.several else None

    @property
    def whole_classes(self) -> bool:
        """Are the classes themselves compared, one number for each?"""
        if self.adjustment is not None:
            return adjusted_whole_classes.fits(self.adjustment)
        if self.classes is None:
            return False
        places = [self.study.levels.index(self.row[role]) for role in ("group", "reference")]
        asked = str(self.row["method"]).startswith("cluster_")
        return asked or self.classes.default_method(*places) != "cr2"

    @property
    def among_classmates(self) -> bool:
        """Are members compared with their classmates?"""
        return self.adjustment is not None and self.adjustment.within is not None

    @cached_property
    def students(self) -> Students:
        """Everybody of the two groups who has every covariate."""
        values = self.study.matrix([self.outcome.column])[:, 0]
        of_group, of_reference = (self.study.arm(self.row[role]) for role in ("group", "reference"))
        rows = np.flatnonzero(of_group | of_reference)
        columns, lost, target = np.zeros((len(rows), 0)), 0, "members"
        if self.adjustment is not None:
            found = term_columns(self.study, self.adjustment.terms, rows)
            lost = int(np.sum(found.missing & ~np.isnan(values[rows])))
            rows, columns = rows[~found.missing], found.columns[~found.missing]
            target = self.adjustment.target
        clusters = None if self.classes is None else self.classes.codes[rows]
        everybody = Students(values[rows], of_group[rows], columns, clusters, target, True, rows, lost)
        return replace(everybody, own_slopes=_own_slopes(everybody))


def _own_slopes(students: Students) -> bool:
    """Has each group its own slopes, or is it too small for them (as the design decides)?"""
    seen = students.seen
    found = adjusted_difference(students.values[seen], students.member[seen], students.columns[seen])
    return not found.difference.flags["TOO_FEW_FOR_INTERACTIONS"]


@dataclass
class Found:
    """What the analyses found so far: rows of ``sensitivity`` and checks.

    drawn : did any of them rest on random draws?
    """

    rows: list[Row] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    drawn: bool = False

    def row(self, question: Question, analysis: str, parameter: str, **columns: Any) -> None:
        """Add a row about an answer."""
        self.rows.append(question.keys | {"analysis": analysis, "parameter": parameter} | columns)

    def check(self, question: Question, key: str, status: Any = "note", **values: Any) -> None:
        """Add a Check about an answer, once."""
        check = Check(key, status, values, question.outcome.column, question.about)
        if check not in self.checks:
            self.checks.append(check)


def limits_of(found: Any) -> Row:
    """The numbers of an estimate, as columns."""
    names = ("estimate", "std_error", "conf_low", "conf_high", "conf_level", "p_value", "method")
    return {name: getattr(found, name) for name in names}


def design_of_result(result: Result) -> Design:
    """The design that made the result; an error where its answers cannot be probed."""
    if result.design == "triangulation":
        rung = str(result.settings["headline"])
        design = type(rebuild(result.settings["rungs"][rung])).__name__
        raise DesignError("LADDER_NOT_PROBED", rung=rung, design=design)
    if result.design not in PROBED or result.design not in DESIGNS or not result.has("estimates"):
        raise DesignError("DESIGN_NOT_PROBED", design=result.design, known=PROBED)
    return rebuild(result.settings)


def questions_of(result: Result, study: Study, design: Design) -> list[Question]:
    """All answers of a result, in the order of its estimates. study : as the design looks at it."""
    classes = classes_of(study) if study.has_rows else None
    adjusted = dict(_adjustments(study, design)) if isinstance(design, RegressionAdjustment) else {}
    rows = [dict(row) for row in result.frame("estimates").to_dict("records") if row["by"] is None]
    several = len(study.levels) > 2
    found = []
    for row in rows:
        if not _answers(row, result.design):
            continue
        contrast = (row["outcome"], row["group"], row["reference"])
        beside = tuple(r for r in rows if (r["outcome"], r["group"], r["reference"]) == contrast)
        outcome = study.outcome(row["outcome"])
        found.append(Question(design, study, outcome, row, beside, adjusted.get(contrast), classes, several))
    return found


def _answers(row: Mapping[str, Any], design: str) -> bool:
    """Is this the answer to a contrast of two groups? Of two waves there are two, one of them not primary."""
    if row["reference"] is None:
        return False
    return bool(row["primary"]) or (design == "pre_post_control" and row["measure"] == "difference_in_changes")


def _adjustments(study: Study, design: RegressionAdjustment) -> Iterator[tuple[tuple[str, str, str], Adjustment]]:
    """What the design adjusts, by outcome, group and reference."""
    task = Comparison(
        Draft(design.key, study, design.settings), study, contrasts_of(study, "reference"), classes_of(study)
    )
    for outcome in study.outcomes:
        if outcome.kind == "nominal":
            continue
        terms = terms_of(study, design.covariates, outcome, design._earlier(study))
        for one in adjustments_of(task, outcome, terms, design):
            yield (one.column, one.contrast.group, one.contrast.reference), one
