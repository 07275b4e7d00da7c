"""What is left of the difference, rung by rung, as more is made alike? Reads: rungs. Uses the truth of simulations."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..findings.adjusted import terms_in
from ..findings.digits import OF_SHARES, digits_of
from ..findings.findings import Findings
from ..findings.lookup import compares_shares, matching, truth_of
from ..findings.naming import capitalised, term_name
from ..language.numbers import undefined
from .palette import FURTHER, INK, MEMBER, QUIET
from .panels import parts_of
from .row_layout import show_rows
from .row_parts import Block, Mark, Row, Upright
from .wording import PER_CENT, Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ASSUMED = {
    "nothing": ("o", "white"),
    "alike_on": ("o", MEMBER),
    "alike_in_class": ("s", MEMBER),
    "alike_before": ("^", MEMBER),
    "parallel_changes": ("D", FURTHER[0]),
}
"""Shape and filling of a rung by what it assumes."""
WITHIN_CLASS = "adj_diff_within_class"
CUMULATING = ("alike_on", "alike_before")
"""Assumptions of rungs that may add to what the one before is adjusted for."""
COUNTS = {"n": "number", "n_clusters": "number_of_classes", "n_effective": "effective_number"}
MOST_ROWS = 36
"""Rungs on one page."""


def material(findings: Findings) -> pd.DataFrame:
    """The rungs that were climbed; none are drawn where there is only one."""
    rows = findings.frame("rungs")
    climbed = rows[rows["estimate"].notna()]
    return rows if climbed.groupby("outcome").size().gt(1).any() else rows[:0]


def fits(findings: Findings) -> bool:
    """Do all rungs of all outcomes fit one page?"""
    return len(material(findings)) <= MOST_ROWS


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw a ladder for every outcome and contrast; on ``ax`` alone where there is one."""
    words, rows = Wording(findings, lang), material(findings)
    contrasts = rows[["group", "reference"]].drop_duplicates()
    parts = parts_of(words, rows.assign(design=None), *(("group", "reference") if len(contrasts) > 1 else ()))
    own = [rows.loc[part.index].sort_values("position") for _, part in parts]
    counted = [name for name in COUNTS if rows[name].notna().any()]
    blocks = [_block(words, name, part, counted) for (name, _), part in zip(parts, own, strict=True)]
    return show_rows(words, _said_once(blocks), _note(words, rows, blocks), "ladder", journal, title, ax)


def _said_once(blocks: list[Block]) -> list[Block]:
    """The blocks, in which what each rung assumes stands in the first only, and what was not climbed in the last."""
    told = [[(row.name, row.under) for row in block.rows] for block in blocks]
    if any(own != told[0] for own in told) or any(block.after != blocks[0].after for block in blocks):
        return blocks
    short = [replace(b, rows=tuple(replace(row, under="") for row in b.rows)) for b in blocks[1:]]
    blocks = [blocks[0], *short]
    return [*(replace(block, after=()) for block in blocks[:-1]), blocks[-1]]


def _block(words: Wording, name: str, part: pd.DataFrame, counted: list[str]) -> Block:
    outcome = str(part["outcome"].iloc[0])
    shares = compares_shares(words.findings, outcome)
    times, digits = (PER_CENT, OF_SHARES) if shares else (1.0, digits_of(words.findings, outcome))
    climbed = part[part["estimate"].notna()]
    names = _names(words, part)
    rows = [_row(words, row, names[i], times, digits, counted) for i, row in climbed.iterrows()]
    missed = part[part["estimate"].isna()]
    after = [_missed(words, row, names[i]) for i, row in missed.iterrows()]
    unit = words.say("percentage_points") if shares else words.labels.unit(outcome, words.lang)
    measure = words.with_unit(words.say("difference"), unit)
    pairs = part[["group", "reference"]].drop_duplicates()
    minus = (
        words.minus(str(pairs["group"].iloc[0]), pairs["reference"].iloc[0], "mean_difference")
        if len(pairs) == 1
        else ""
    )
    level = words.say("interval", level=float(climbed["conf_level"].max()))
    return Block(
        rows=tuple(rows),
        headings=(words.say("estimate_header", interval=level), *(words.say(COUNTS[name]) for name in counted)),
        rights=(False, *(True for _ in counted)),
        axis_label=f"{measure}\n{minus}".rstrip(),
        name=name,
        uprights=tuple(_uprights(words, climbed, times)),
        after=tuple(after),
        grouping=words.style.grouping,
    )


def _row(words: Wording, row: pd.Series, name: str, times: float, digits: int, counted: list[str]) -> Row:
    estimate, low, high = (float(row[column]) * times for column in ("estimate", "conf_low", "conf_high"))
    marker, fill = ASSUMED.get(str(row["assumption"]), ("o", INK))
    counts = ["" if undefined(row[name]) else words.say("count", n=row[name]) for name in counted]
    cells = (words.with_limits(estimate, low, high, digits), *counts)
    mark = Mark(estimate, low, high, marker, fill, size=5.4)
    return Row(name, cells, (mark,), under=_assumed(words, row))


def _missed(words: Wording, row: pd.Series, name: str) -> Row:
    """A rung that could not be climbed, with the reason."""
    reason = words.words.get(f"rungs.reasons.{row['reason']}") if row["reason"] else words.say("not_climbed")
    return Row(name, (words.say("not_climbed_because", reason=reason),), colour=QUIET)


def _names(words: Wording, part: pd.DataFrame) -> dict[Any, str]:
    """The name of each rung, by its row; with a plus where it is adjusted for all that the one before is, and more."""
    found: dict[Any, str] = {}
    before: set[str] = set()
    for i, row in part.iterrows():
        name, adjusted = _rung_name(words, str(row["design"])), set(terms_in(row["adjusted_for"]))
        more = bool(before) and before < adjusted and row["assumption"] in CUMULATING
        found[i] = words.words.say("rungs.added", name=name) if more else capitalised(name)
        before = adjusted or before
    return found


def climbed_names(words: Wording, part: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The rungs of one ladder that were climbed, and their names."""
    part = part.sort_values("position")
    climbed, names = part[part["estimate"].notna()], _names(words, part)
    return climbed, [names[i] for i in climbed.index]


def _rung_name(words: Wording, key: str) -> str:
    known = words.words.has(f"rungs.names.{key}")
    return words.words.get(f"rungs.names.{key}") if known else words.labels.outcome(key, words.lang)


def _assumed(words: Wording, row: pd.Series) -> str:
    """What a rung assumes, in small type; with another target than the ladder, that too."""
    if row["assumption"] is None:
        return ""
    names = [_covariate_name(words, term) for term in terms_in(row["adjusted_for"])]
    separator = words.words.get("terms.list_separator")
    covariates = separator.join(names) or words.words.get("rungs.covariates")
    return words.words.say(f"rungs.assumptions.{row['assumption']}", covariates=covariates)


def _covariate_name(words: Wording, term: str) -> str:
    block = f"rungs.names.{term}"
    return words.words.get(block) if words.words.has(block) else term_name(term, words.labels, words.lang)


def _uprights(words: Wording, climbed: pd.DataFrame, times: float) -> list[Upright]:
    """The lines at the unadjusted difference and at the truth."""
    raw = climbed[climbed["assumption"] == "nothing"]["estimate"]
    found = [Upright(float(raw.iloc[0]) * times, words.say("raw"), "raw", colour=QUIET)] if len(raw) else []
    truth = _truth(words.findings, climbed)
    return found + ([] if undefined(truth) else [Upright(truth * times, words.say("truth"), "truth", dashed=True)])


def _truth(findings: Findings, climbed: pd.DataFrame) -> float:
    """What membership added for those the ladder aims at; undefined where nobody knows."""
    adjusted = climbed[climbed["estimand"] != "diff"]
    aimed_at = adjusted.sort_values("estimand", key=lambda estimand: estimand == WITHIN_CLASS, kind="stable")
    truths = [truth_of(findings, _with_keys(findings, rung)) for _, rung in aimed_at.iterrows()]
    return next((truth for truth in truths if truth == truth), math.nan)


def _with_keys(findings: Findings, rung: pd.Series) -> dict[str, Any]:
    """The keys of a rung, with the measure and waves of its estimate where that is known."""
    keys = {key: rung[key] for key in ("design", "outcome", "group", "reference", "estimand")}
    rows = findings.frame("estimates") if findings.has("estimates") else pd.DataFrame(columns=list(keys))
    own = matching(rows, "estimates", keys)
    more = ("measure", "wave", "reference_wave")
    return keys | ({key: own.iloc[0][key] for key in more} if len(own) else {})


def _note(words: Wording, rows: pd.DataFrame, blocks: list[Block]) -> str:
    used = set(rows.loc[rows["estimate"].notna(), "assumption"].dropna())
    climbed = rows[rows["estimate"].notna()]
    sizes = climbed.groupby(["outcome", "group", "reference"], dropna=False)["n"].nunique()
    same = "same_students" if len(blocks) == 1 else "same_students_in_panels"
    said = ["rungs", same if (sizes == 1).all() else "other_students", "assumed"]
    said += ["comparable"] if used - {"nothing"} else []
    said += ["within_classes"] if (climbed["estimand"] == WITHIN_CLASS).any() else []
    gids = {upright.gid for block in blocks for upright in block.uprights}
    said += [f"ladder_{gid}" for gid in ("raw", "truth") if gid in gids]
    level = float(climbed["conf_level"].max())
    sentences = [words.say(f"note.{key}", level=level) for key in said]
    return words.note(None, climbed, sentences + _left_out(words))


def _left_out(words: Wording) -> list[str]:
    """Which outcomes no ladder was made of, in a sentence."""
    checks = [check for check in words.findings.checks if check.key == "NOT_IN_LADDER"]
    named = [words.labels.outcome(column, words.lang) for check in checks for column in check.values["outcomes"]]
    return [words.say("note.not_in_ladder", outcomes=named)] if named else []
