"""Why does SPSS, R or JASP print another number for the same comparison? Theirs beside ours, with the formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ..errors import DesignError, OutputError, nearest, speaking
from ..findings.checks import Check
from ..findings.frames import Frames
from ..findings.lookup import alpha, compares_waves, shown_p
from ..result import Result
from ..study.outcome import Outcome
from ..study.study import Study
from .comparison import Printed, seen
from .programs import PROGRAMS, Program, named
from .two_waves import FOR_WAVES, SeenPairs

Row = dict[str, Any]
Pair = tuple[str | None, str | None]
"""A group and its reference; None where there is none."""


def reconcile(result: Result, study: Study, program: str = "spss") -> Result:
    """What does another program print for this comparison, and does its user conclude something else?

    Parameters
    ----------
    result : Result
        Of a ``MemberComparison``, or of a design of two waves, whose changes within groups are then reconciled.
    study : Study
        The study it was made from. Of a study known by its summary table only what means and counts allow is given:
        no Levene's test, ranks or quartiles of scores.
    program : {"spss", "r", "jasp"}, default "spss"
        Whose numbers are wanted. The defaults of the program are used: no setting of the result changes them. They
        know nothing of classes: where the result takes account of classes, theirs does not.

    Returns
    -------
    Result
        The same result with the frame ``reconciliation``: each number of the program by its name, ours beside it, and
        which number its users read (``marked``). A Check is added only where the marked P value and ours lie on
        different sides of the significance level. ``.table("reconciliation")`` is the appendix of a reply to a
        reviewer.

    Raises
    ------
    DesignError
        For an unknown program or a result of another study.
    OutputError
        For a result that compares no groups.

    Examples
    --------
    >>> import society_effects as se
    >>> study = se.load_sample("clinical_skills_667")
    >>> both = reconcile(se.MemberComparison().fit(study), study)
    >>> rows = both.frame("reconciliation")
    >>> rows.loc[rows["item"] == "levene_f", "theirs"].round(2).tolist()[0]
    0.24
    """
    with speaking(getattr(result, "lang", "en")):
        _fits(result, study, program)
        rows = list(_rows(result, study, PROGRAMS[program], program))
        if not rows:
            raise OutputError("NOTHING_TO_RECONCILE", design=result.design)
        table: Mapping[str, Any] = pd.DataFrame(rows).to_dict("list")
        kept = [check for check in result.checks if not check.key.startswith("RECONCILE")]
        if study.cluster is not None:
            kept.append(Check("RECONCILE_IGNORES_CLASSES", "note", {"program": program}))
        frames = Frames({name: result.frame(name) for name in result.frames} | {"reconciliation": table})
        return replace(result, frames=frames, checks=(*kept, *_changed(rows, result)))


def _fits(result: Result, study: Study, program: str) -> None:
    for given, wanted in ((result, Result), (study, Study)):
        if not isinstance(given, wanted):
            raise DesignError("NOT_A_RESULT_AND_ITS_STUDY", found=type(given).__name__, wanted=wanted.__name__)
    if program not in PROGRAMS:
        raise DesignError(
            "UNKNOWN_PROGRAM", program=str(program), near=nearest(str(program), PROGRAMS), known=tuple(PROGRAMS)
        )
    if not (result.has("estimates") or result.has("tests")):
        raise OutputError("NOTHING_TO_RECONCILE", design=result.design)
    if result.provenance.get("data_hash") not in (None, *(view.fingerprint for view in _views(result, study))):
        raise DesignError("RESULT_OF_ANOTHER_STUDY")


def _views(result: Result, study: Study) -> Iterator[Study]:
    """What a design may have looked at: all of the study, its last wave, or its members."""
    yield study
    yield _later(study)
    if compares_waves(result) and study.group is not None:
        waves = result.frame("estimates")["wave"].dropna().unique()
        yield from (study.of_group(study.member, wave) for wave in waves if wave in study.waves)


def _later(study: Study) -> Study:
    """The last wave, which a comparison of a study with a baseline looks at."""
    return study.at(wave=study.waves[-1]) if study.waves else study


def _rows(result: Result, study: Study, program: Program, name: str) -> Iterator[Row]:
    if compares_waves(result):
        yield from _of_changes(result, study, name)
        return
    study = _later(study)
    level = float(result.settings.get("conf_level", 0.95))
    for outcome in study.outcomes:
        kind = str(outcome.kind)
        if len(study.levels) > 2:
            yield from _of_several(result, study, outcome, program, name, level)
            continue
        pair = (str(study.member), str(study.reference))
        both = seen(study, outcome, pair, level)
        printed = [row for box in program.for_two[kind] for row in box(both)]
        yield from _written(result, name, outcome, pair, printed)


def _of_changes(result: Result, study: Study, name: str) -> Iterator[Row]:
    """The change of each group on each outcome, where the program has a test for it."""
    estimates = result.frame("estimates")
    changes = estimates[estimates["reference"].isna() & estimates["reference_wave"].notna()]
    level = float(result.settings.get("conf_level", 0.95))
    for keys in changes[["outcome", "group", "reference_wave", "wave"]].drop_duplicates().itertuples(index=False):
        outcome = study.outcome(keys.outcome)
        table = study.pairs(keys.outcome, keys.reference_wave, keys.wave).dropna(subset=["first", "last"])
        if keys.group is not None:
            table = table[table["group"] == keys.group]
        first, last = (table[wave].to_numpy(dtype=float) for wave in ("first", "last"))
        pairs = SeenPairs(str(outcome.kind), first, last, level)
        printed = [row for box in FOR_WAVES[name].get(pairs.kind, ()) for row in box(pairs)]
        yield from _written(result, name, outcome, (keys.group, None), printed)


def _of_several(
    result: Result, study: Study, outcome: Outcome, program: Program, name: str, level: float
) -> Iterator[Row]:
    kind, groups = str(outcome.kind), seen(study, outcome, study.levels, level)
    yield from _written(result, name, outcome, None, [r for box in program.for_several[kind] for r in box(groups)])
    if kind in program.for_pairs:
        for (g, r), printed in program.for_pairs[kind](groups).items():
            yield from _written(result, name, outcome, (groups.levels[g], groups.levels[r]), printed)


def _written(
    result: Result, program: str, outcome: Outcome, pair: Pair | None, printed: Iterable[Printed]
) -> Iterator[Row]:
    group, reference = pair or (None, None)
    shown = list(printed)
    for row in [*shown, *_before_adjustment(result, outcome.column, pair, shown)]:
        found = _ours(result, outcome.column, pair, row)
        yield {
            "program": program,
            "outcome": outcome.column,
            "group": group,
            "reference": reference,
            "item": named(program, row.item),
            "term": row.term,
            "theirs": row.theirs,
            "ours": np.nan if found is None else found,
            "counterpart": None if found is None else row.counterpart,
            "marked": row.marked,
        }


def _before_adjustment(
    result: Result, outcome: str, pair: Pair | None, printed: Iterable[Printed]
) -> Iterator[Printed]:
    """Our P values before adjustment, where an adjusted one stands beside theirs: only these can be compared."""
    for counterpart in dict.fromkeys(row.counterpart for row in printed if row.counterpart is not None):
        measure, _, column = counterpart.rpartition(".")
        before = Printed(BEFORE_ADJUSTMENT, np.nan, f"{measure}.{BEFORE_ADJUSTMENT}")
        row = _row_of_ours(result, outcome, pair, before) if column == "p_value" else None
        if row is not None and shown_p(row)[1]:
            yield before


def _ours(result: Result, outcome: str, pair: Pair | None, row: Printed) -> float | None:
    """Our number beside theirs; None where we have none, or not for this pair."""
    found = _row_of_ours(result, outcome, pair, row)
    if found is None:
        return None
    column = str(row.counterpart).rpartition(".")[2]
    raw = "p_value" if column == BEFORE_ADJUSTMENT else column
    value = shown_p(found)[0] if column == "p_value" else found[raw]
    return None if value is None or value != value else float(value)


def _row_of_ours(result: Result, outcome: str, pair: Pair | None, row: Printed) -> pd.Series | None:
    """The row of our result that a counterpart names."""
    if row.counterpart is None:
        return None
    frame, *key, _ = row.counterpart.split(".")
    if not result.has(frame):
        return None
    rows = result.frame(frame)
    rows = rows[rows["outcome"] == outcome]
    if frame == "groups":
        rows = rows[(rows["group"] == row.term) & rows["category"].isna()]
    else:
        rows = rows[rows[KEY_OF[frame]] == key[0]]
        if pair is not None and frame != "tests":
            rows = rows[_is(rows["group"], pair[0])]
            rows = rows[_is(rows["reference"], pair[1])] if frame == "estimates" else rows
    return rows.iloc[0] if len(rows) == 1 else None


def _is(column: pd.Series, key: str | None) -> pd.Series:
    return column.isna() if key is None else column == key


BEFORE_ADJUSTMENT = "p_before_adjustment"
"""The row of our P value before adjustment, and what stands in it."""
KEY_OF = {"estimates": "measure", "tests": "test", "quantities": "quantity"}


def _changed(rows: Iterable[Row], result: Result) -> Iterator[Check]:
    """A Check for each marked P value that lies on the other side of the significance level than ours."""
    level = alpha(float(result.settings.get("conf_level", 0.95)))
    for row in rows:
        comparable = row["marked"] and row["item"].endswith("_p") and row["ours"] == row["ours"]
        if comparable and row["theirs"] == row["theirs"] and (row["theirs"] < level) != (row["ours"] < level):
            values = {"program": row["program"], "item": row["item"], "theirs": row["theirs"], "ours": row["ours"]}
            yield Check("RECONCILE_CONCLUSION", "warn", values, row["outcome"], row["group"])
