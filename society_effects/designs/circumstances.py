"""What do the circumstances of the study allow? Facts no column can tell, ignored roles and notes, as Checks."""

from __future__ import annotations

from collections.abc import Mapping

from ..study.about import NOT_STATED
from ..study.study import Study
from .draft import Draft

WIDE_GAP = 0.10
"""A gap between the groups' shares of missing outcomes, or of responses, from which the comparison is weakened."""

CAUTIONS = ("POSSIBLE_MISSING_CODES",)
"""Notes of a study that weaken every comparison."""


def circumstances(draft: Draft, study: Study, uses: frozenset[str], compares: bool) -> None:
    """Write the checks that follow from the study alone, whatever the design.

    compares : whether the design compares outcomes, so that what weakens a comparison matters.
    """
    if study.source.get("simulated"):
        draft.check("SIMULATED")
    for key, values in study.notes:
        draft.check(key, "warn" if key in CAUTIONS else "note", **values)
    for role in ("site", "offset"):
        column = getattr(study, role)
        if column is not None and role not in uses:
            draft.check("ROLE_NOT_USED", role=role, column=column)
    for outcome in study.outcomes if "margin" not in uses else ():
        if outcome.margin is not None:
            draft.check("MARGIN_NOT_USED", outcome=outcome.column)
    _missing(draft, study, compares)
    if not compares:
        return
    if study.cluster is None:
        draft.check("CLUSTER_NOT_DECLARED")
    for outcome in study.outcomes:
        if not outcome.higher_is_better:
            draft.check("LOWER_IS_BETTER", outcome=outcome.column)
        if outcome.parts:
            draft.check("PART_WHOLE", outcome=outcome.column, names=tuple(outcome.parts))
    _about(draft, study)


def _about(draft: Draft, study: Study) -> None:
    about = study.about
    if about.assignment == "self-selected":
        draft.check("SELF_SELECTION")
    elif about.assignment == NOT_STATED:
        draft.check("ASSIGNMENT_NOT_STATED")
    else:
        draft.check("ASSIGNMENT_NOT_USED", assignment=about.assignment)
    _response(draft, study)
    if about.examiners_blind is not True:
        draft.check("MEASUREMENT" if about.examiners_blind is False else "MEASUREMENT_NOT_STATED", "warn")
    if about.exam_optional is True:
        draft.check("SELECTED_SAMPLE", "warn")
    overlap = about.training_overlaps_stations
    if overlap is True:
        draft.check("TRAIN_TO_TEST", "warn")
    for outcome in overlap if isinstance(overlap, tuple) else ():
        draft.check("TRAIN_TO_TEST", "warn", outcome)


def _response(draft: Draft, study: Study) -> None:
    response = study.about.response
    known = response if isinstance(response, Mapping) else {}
    shares = {group: known[group] for group in study.levels if known.get(group) is not None}
    if differ(shares):
        draft.check("RESPONSE_DIFF", "warn", shares=shares)


def differ(shares: Mapping[str, float]) -> bool:
    """Do the groups' shares lie so far apart that a comparison is weakened?"""
    return len(shares) > 1 and max(shares.values()) - min(shares.values()) > WIDE_GAP


def _missing(draft: Draft, study: Study, compares: bool) -> None:
    for outcome, wave in dict.fromkeys((cell["outcome"], cell["wave"]) for cell in draft.cells):
        cells = {c["group"]: c for c in draft.cells if (c["outcome"], c["wave"]) == (outcome, wave)}
        missing = sum(cell["missing"] for cell in cells.values())
        if not missing > 0:  # none, or not known from a printed table
            continue
        if wave is None:
            draft.check("HAS_MISSING", outcome=outcome, n=int(missing))
        else:
            draft.check("HAS_MISSING_AT", outcome=outcome, n=int(missing), wave=wave)
        shares = {g: c["missing"] / max(c["n"] + c["missing"], 1) for g, c in cells.items()}
        if compares and differ(shares):
            key, at = ("MISSING_DIFF", {}) if wave is None else ("MISSING_DIFF_AT", {"wave": wave})
            draft.check(key, "warn", outcome, shares=shares, **at)
