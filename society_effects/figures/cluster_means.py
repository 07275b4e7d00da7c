"""How do the classes of each group differ? One point per class, as large as the class. Reads: clusters."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import OutputError
from ..findings.findings import Findings
from ..language.numbers import undefined
from .canvas import LINE_SPACING, MARGIN, Canvas, Sheet, panel_letter
from .palette import FAINT, INK, QUIET, Look, looks
from .scales import plain_axis, reach, tick_texts
from .wording import PER_CENT, Wording, needs_chinese

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANEL, LOWEST = 52.0, 26.0  # mm: height of a panel, and the lowest
AXIS, GAP, TICKS, WORD_GAP = 3.0, 4.0, 3.0, 0.6  # mm: below a panel, between panels, tick marks, between group names
AROUND = 0.2  # of the distance between two groups: free beside the first and the last
LETTER, ICC = 5.0, 17.0  # mm: the letter before the name of a panel, the intraclass correlation behind it
MOST_IN_SINGLE = 3  # groups, for one column of the journal
SMALLEST, LARGEST = 8.0, 70.0  # points squared: the area of a class
GOLDEN = (math.sqrt(5) - 1) / 2
SPREAD = 0.24  # of the distance between two groups
JOINED = 2  # groups whose classes are joined by lines; between more the lines would cover the classes


def material(findings: Findings) -> pd.DataFrame:
    """The rows that are drawn: classes with a mean."""
    rows = findings.frame("clusters")
    return rows[rows["mean"].notna() & rows["cluster"].notna()]


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw the classes of every group, an outcome per panel; on ``ax`` alone where it is given and one is shown."""
    words, rows = Wording(findings, lang), material(findings)
    outcomes = list(dict.fromkeys(rows["outcome"]))
    found = _looks(findings, list(dict.fromkeys(rows["group"])))
    if ax is not None:
        if len(outcomes) > 1:
            raise OutputError("FIGURE_NEEDS_OWN_AXES", lang=lang, figure="cluster_means")
        _panel(ax, words, rows, found, _group_labels(words, rows, found))
        ax.set_ylabel(_named(words, rows))
        return ax.figure
    sized = pd.DataFrame({"n": rows.groupby("outcome")["n"].sum(), "conf_level": _level(findings)})
    note = words.note(
        "cluster_means", sized, [*_what(words, rows), *_same_class(words, rows), *_alike(words, outcomes)]
    )
    narrow = len(outcomes) == 1 and len(found) <= MOST_IN_SINGLE
    sheet = Sheet("single" if narrow else "double", journal, needs_chinese(findings, lang, title), title, note)
    return _lay_out(sheet, words, rows, found)


def _looks(findings: Findings, groups: list[str]) -> dict[str, Look]:
    known = findings.provenance
    return looks(groups, known.get("reference") or groups[0], known.get("member"))


def _level(findings: Findings) -> float:
    return float(findings.frame("clusters")["conf_level"].max())


def _what(words: Wording, rows: pd.DataFrame) -> list[str]:
    """What the note says of ordered categories and of rates, whose means are not seen to be what they are."""
    said = [words.say("note.positions")] if (rows["kind"] == "ordinal").any() else []
    if not words.findings.has("groups"):
        return said
    described = words.findings.frame("groups")
    with_exposure = described["exposure"].notna() & described["outcome"].isin(rows["outcome"])
    return [*said, words.say("note.rates")] if with_exposure.any() else said


def _same_class(words: Wording, rows: pd.DataFrame) -> list[str]:
    """What the note says where lines join what a class has in both groups."""
    joined = rows["group"].nunique() == JOINED and rows.duplicated(["outcome", "cluster"]).any()
    return [words.say("note.same_class")] if joined else []


def _alike(words: Wording, outcomes: list[str]) -> list[str]:
    """The intraclass correlation for the note; what its abbreviation means where each panel has its own."""
    known = [value for value in (_icc(words.findings, outcome) for outcome in outcomes) if not undefined(value)]
    if not known:
        return []
    return [words.say("note.icc", value=known[0]) if len(outcomes) == 1 else words.say("note.icc_of_each")]


def _icc(findings: Findings, outcome: str) -> float:
    """The intraclass correlation of an outcome; NaN where it is not known."""
    if not findings.has("quantities"):
        return math.nan
    rows = findings.frame("quantities")
    own = rows[(rows["quantity"] == "icc") & (rows["outcome"] == outcome)]
    return float(own["value"].iloc[0]) if len(own) else math.nan


def _lay_out(sheet: Sheet, words: Wording, rows: pd.DataFrame, found: dict[str, Look]) -> Canvas:
    parts = [part for _, part in rows.groupby("outcome", sort=False)]
    alone = len(parts) == 1
    beside = TICKS + max(_tick_width(sheet, words, part, found) for part in parts)
    words_of_groups = [sheet.widest_word(words.group(g), sheet.journal.note_size) for g in found]
    columns = _columns(sheet, len(parts), beside, (max(words_of_groups) + WORD_GAP) * (len(found) + AROUND))
    width = (sheet.width - 2 * MARGIN - (columns - 1) * GAP) / columns - beside
    names = [_named(words, part) for part in parts]
    names = [sheet.wrap(name, PANEL if alone else width + beside - LETTER - ICC) for name in names]
    left = beside + (sheet.lines_height(names[0]) + 1.0 if alone else 0.0)
    width -= left - beside
    labels = [_group_labels(words, part, found, sheet, width) for part in parts]
    lines = [range(i, min(i + columns, len(parts))) for i in range(0, len(parts), columns)]
    heads = [0.0 if alone else max(sheet.lines_height(names[i]) for i in line) + 2.0 for line in lines]
    small = sheet.journal.note_size
    below = AXIS + max(sheet.lines_height(label, small) for own in labels for label in own)
    free = sheet.journal.tallest - sheet.head - sheet.foot - sum(heads)
    height = min(max(free / len(lines) - below - GAP, LOWEST), PANEL)
    canvas = sheet.canvas(sum(heads) + len(lines) * (height + below + GAP) - GAP + 2.0)
    top = sheet.head
    for line, head in zip(lines, heads, strict=True):
        for column, i in enumerate(line):
            start = MARGIN + column * (width + left + GAP)
            if not alone:
                _write_heading(canvas, words, i, names[i], parts[i], (start, top, width + left))
            axes = canvas.place(start + left, top + head + 1.0, width, height)
            _panel(axes, words, parts[i], found, labels[i])
            axes.set_ylabel(names[i] if alone else "")
        top += head + height + below + GAP
    return canvas


def _columns(sheet: Sheet, panels: int, beside: float, groups: float) -> int:
    """How many panels stand beside each other? No more than leave the groups the width they need for their words."""
    most = int((sheet.width - 2 * MARGIN + GAP) // (beside + groups + GAP))
    return max(1, min(panels, 2 if panels <= 4 else 3, most))


def _tick_width(sheet: Sheet, words: Wording, rows: pd.DataFrame, found: dict[str, Look]) -> float:
    texts = tick_texts(*_span(words.findings, rows, list(found)), words.style.grouping)
    return max(sheet.text_width(text, sheet.journal.note_size) for text in texts)


def _span(findings: Findings, rows: pd.DataFrame, groups: list[str]) -> tuple[float, float]:
    """From where to where does the axis go? It holds all classes, and the groups with their intervals."""
    outcome, times = str(rows["outcome"].iloc[0]), _times(rows)
    ends = [*(rows["mean"] * times), *(v for g in groups for v in _limits(findings, outcome, g, times)[1:])]
    return reach([v for v in ends if not undefined(v)])


def _times(rows: pd.DataFrame) -> float:
    return PER_CENT if rows["kind"].iloc[0] == "binary" else 1.0


def _named(words: Wording, rows: pd.DataFrame) -> str:
    """The name of the outcome with its unit."""
    outcome = str(rows["outcome"].iloc[0])
    unit = words.say("share_unit") if rows["kind"].iloc[0] == "binary" else words.labels.unit(outcome, words.lang)
    return words.with_unit(words.rows(rows.head(1))[0], unit)


def _write_heading(
    canvas: Canvas, words: Wording, i: int, name: str, rows: pd.DataFrame, place: tuple[float, float, float]
) -> None:
    """Letter, name and intraclass correlation above a panel. place : left, top and width in mm."""
    left, top, width = place
    canvas.write(left, top, panel_letter(i), fontweight="bold", gid="letter")
    canvas.write(left + LETTER, top, name, gid="heading")
    icc = _icc(words.findings, str(rows["outcome"].iloc[0]))
    if not undefined(icc):
        small = canvas.journal.note_size
        canvas.write(left + width, top, words.say("icc", value=icc), fontsize=small, color=QUIET, ha="right")


def _group_labels(
    words: Wording, rows: pd.DataFrame, found: dict[str, Look], sheet: Sheet | None = None, width: float = 0.0
) -> list[str]:
    """The names of the groups of an outcome with the number of their classes, in lines that fit below a panel."""
    groups = [g for g in found if g in set(rows["group"])]
    counted = [int((rows["group"] == g).sum()) for g in groups]
    names = [f"{words.group(g)}\n{words.say('classes', n=k)}" for g, k in zip(groups, counted, strict=True)]
    if sheet is None:
        return names
    room = width / (len(groups) + AROUND) - WORD_GAP
    return [sheet.balance(name, room, sheet.journal.note_size) for name in names]


def _panel(ax: Axes, words: Wording, rows: pd.DataFrame, found: dict[str, Look], labels: list[str]) -> None:
    """One outcome: the classes of each group side by side; of two groups what one class has in both is joined."""
    outcome, factor = str(rows["outcome"].iloc[0]), _times(rows)
    groups = [g for g in found if g in set(rows["group"])]
    low, high = _span(words.findings, rows, groups)
    largest = float(rows["n"].max())
    places: dict[tuple[str, str], tuple[float, float]] = {}
    for i, group in enumerate(groups):
        own = rows[rows["group"] == group].sort_values(["mean", "cluster"])
        shifts = SPREAD * (2 * ((np.arange(len(own)) + 1) * GOLDEN % 1) - 1) if len(own) > 1 else np.zeros(len(own))
        x, y = i + shifts, own["mean"].to_numpy() * factor
        area = np.maximum(LARGEST * own["n"].to_numpy() / largest, SMALLEST)
        look = found[group]
        ax.scatter(
            x, y, area, color=look.colour, alpha=0.65, marker=look.marker, lw=0.5, ec="white", zorder=3, gid="class"
        )
        places |= {(group, c): (a, b) for c, a, b in zip(own["cluster"], x, y, strict=True)}
        centre, *limits = _limits(words.findings, outcome, group, factor)
        if not undefined(centre):
            ax.plot([i + 0.38] * 2, limits, color=INK, lw=1.8, solid_capstyle="butt", zorder=4, gid="interval")
            ax.plot([i + 0.38], [centre], look.marker, ms=6.0, mfc=INK, mec="white", mew=0.5, zorder=5, gid="centre")
    for first, second in [groups] if len(groups) == JOINED else []:
        for name in {c for g, c in places if g == first} & {c for g, c in places if g == second}:
            (x0, y0), (x1, y1) = places[first, name], places[second, name]
            ax.plot([x0, x1], [y0, y1], color=FAINT, lw=0.6, zorder=1, gid="same class")
    ax.set_xlim(-0.5 - AROUND / 2, len(groups) - 0.5 + AROUND / 2)
    ax.set_xticks(range(len(groups)), labels, linespacing=LINE_SPACING)
    ax.tick_params(axis="x", length=0)
    plain_axis(ax.yaxis, low, high, words.style.grouping)
    ax.set_ylim(low, high)


def _limits(findings: Findings, outcome: str, group: str, factor: float) -> tuple[float, float, float]:
    """The mean (share, rate) of a group as a whole, with its interval."""
    rows = findings.frame("clusters")
    rows = rows[(rows["outcome"] == outcome) & (rows["group"] == group) & rows["cluster"].isna()]
    whole = rows[["mean", "conf_low", "conf_high"]].to_numpy(dtype=float) * factor
    return tuple(map(float, whole[0])) if len(whole) else (math.nan, math.nan, math.nan)  # type: ignore[return-value]
