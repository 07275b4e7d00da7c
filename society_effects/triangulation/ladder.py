"""The ladder of one outcome written down: every rung, by how much each moved, whether rungs agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..designs.draft import Draft
from ..findings.lookup import alpha
from ..stats.rung_differences import rung_difference, rungs_agree, share_left
from .climbing import Climbed, check_aligned
from .rungs import CHANGE, RAW, Rung

UNADJUSTED = "diff"
"""Estimand of the groups as they are."""
COPIED = ("groups", "sensitivity", "surface", "values", "truth")
"""Frames that the headline's design wrote and the ladder keeps."""
NUMBERS = ("estimate", "std_error", "conf_low", "conf_high", "conf_level", "n", "n_clusters", "estimand", "method")


def write_ladder(
    draft: Draft, rungs: Sequence[Rung], climbed: Mapping[str, Climbed | str], leading: str, kept: list[Draft]
) -> str | None:
    """Write the rungs of one outcome and contrast; the grade that the design of the headline starts from.

    kept : what was kept before of the headline's design, which writes of all contrasts at once.
    """
    answers = {key: found for key, found in climbed.items() if isinstance(found, Climbed)}
    check_aligned(answers)
    some = next(iter(answers.values()))
    raw = answers.get(RAW) or next((found for found in answers.values() if found.row["estimand"] == UNADJUSTED), None)
    keys = {name: some.row[name] for name in ("outcome", "group", "reference")}
    before: Climbed | None = None
    for position, rung in enumerate(rungs, start=1):
        found = climbed[rung.key]
        told = {"position": position, "assumption": rung.assumption, "adjusted_for": ", ".join(rung.adjusted_for)}
        if not isinstance(found, Climbed):
            draft.row("rungs", design=rung.key, **keys, **told, reason=found)
            continue
        numbers = {name: found.row.get(name) for name in NUMBERS}
        moves = _moves(found, before, raw)
        effective = _effective(found)
        draft.row("rungs", design=rung.key, **keys, **told, **numbers, **moves, **effective)
        draft.row("estimates", **(found.row | {"design": rung.key, "primary": rung.key == leading}))
        before = found
    _agreement(draft, keys, answers, leading)
    head = answers.get(leading)
    if head is None:
        draft.check("HEADLINE_NOT_CLIMBED", "warn", keys["outcome"], rung=leading)
        return None
    if not any(head.draft is other for other in kept):
        _keep(draft, head)
        kept.append(head.draft)
    draft.check("SAME_STUDENTS", "note", keys["outcome"], n=int(head.row["n"]))
    return head.rung.design.start_grade if head.rung.design is not None else None


def _moves(found: Climbed, before: Climbed | None, raw: Climbed | None) -> dict[str, Any]:
    """By how much the answer differs from that of the rung before and of the raw one, and which share is left."""
    moves: dict[str, Any] = {}
    level = {"conf_level": float(found.row["conf_level"])}
    if raw is found:
        return moves
    for name, other in (("moved", before), ("from_raw", raw)):
        if other is None:
            continue
        moves[name] = float(found.row["estimate"] - other.row["estimate"])
        if found.answer is not None and other.answer is not None:
            apart = rung_difference(found.answer, other.answer, **level)
            moves |= {f"{name}_low": apart.conf_low, f"{name}_high": apart.conf_high}
    if raw is None:
        return moves
    low, high = raw.row["conf_low"], raw.row["conf_high"]
    if not low <= 0 <= high and found.answer is not None and raw.answer is not None:
        left = share_left(found.answer, raw.answer, **level)
        moves |= {"share_left": left.estimate, "share_left_low": left.conf_low, "share_left_high": left.conf_high}
    return moves


def _effective(found: Climbed) -> dict[str, float]:
    """How many students of the two groups the answer rests on, by the weights that its regression implies."""
    rows = [row for row in found.draft.rows("quantities") if row["quantity"] == "n_effective"]
    of_group = [i for i, row in enumerate(rows) if row["group"] == found.row["group"]]  # the reference comes next
    return {"n_effective": sum(row["value"] for row in rows[of_group[0] :][:2])} if of_group else {}


def _agreement(draft: Draft, keys: Mapping[str, Any], answers: Mapping[str, Climbed], leading: str) -> None:
    """Do the headline, which compares students alike, and the comparison of changes agree?"""
    pair = [answers[key].answer for key in (leading, CHANGE) if key in answers]
    known = [answer for answer in pair if answer is not None]
    if leading == CHANGE or len(known) < 2:
        return
    found = rungs_agree(known)
    if found.raised:
        return
    outcome, contrast = keys["outcome"], {name: keys[name] for name in ("group", "reference")}
    draft.test(outcome, "rungs_agree", found, term=CHANGE, **contrast)
    if found.p_value < alpha(draft.settings["conf_level"]):
        draft.check("RUNGS_DISAGREE", "warn", outcome, p=float(found.p_value))


def _keep(draft: Draft, head: Climbed) -> None:
    """Keep what the headline's design wrote beyond its estimate: groups, sensitivity, checks."""
    for frame in COPIED:
        for row in head.draft.rows(frame):
            if row not in draft.rows(frame):
                draft.row(frame, **row)
        for block in head.draft.blocks(frame):
            draft.column_rows(frame, len(next(iter(block.values()))), **block)
    for check in head.draft.checks:
        draft.check(check.key, check.status, check.outcome, check.group, **check.values)
    draft.provenance |= {name: head.draft.provenance[name] for name in ("seed",) if name in head.draft.provenance}
    draft.check("RUNGS_SHARE_ASSUMPTION")
