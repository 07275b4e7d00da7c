"""Where does the estimate of every outcome lie, and how sure is it? One row per estimate. Reads: estimates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..errors import OutputError
from ..findings.findings import Findings
from ..findings.lookup import any_joint_limits, margin_of, primary_rows, shown_p, truth_of
from ..findings.naming import contrast_heading
from ..language.numbers import DASH
from .canvas import Sheet
from .forest_layout import Panel, lay_out, on_axis
from .shown import apart, without_subgroups
from .wording import Wording, needs_chinese

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNADJUSTED = "†"


def material(findings: Findings) -> pd.DataFrame:
    """The rows that are drawn: the primary ones, or all where none is primary; subgroups have a figure of their own."""
    estimates = without_subgroups(findings.frame("estimates"))
    primary = primary_rows(estimates)
    return primary if len(primary) else estimates


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw the forest; on ``ax`` alone where it is given and one measure is shown."""
    words, rows = Wording(findings, lang), material(findings)
    parts = _by_measure(words, rows)
    panels = [_panel(words, part) for part in parts]
    if ax is not None:
        if len(panels) > 1:
            raise OutputError("FIGURE_NEEDS_OWN_AXES", lang=lang, figure="forest")
        return on_axis(ax, panels[0])
    marked = [said for part in parts for said in words.alone(part)][:1]
    lines = [words.say("note.points"), *words.simultaneous(rows), *marked] if any_joint_limits(rows) else []
    extras = [*lines, *_extras(words, panels), *words.not_reached(rows)]
    note = words.note(None if lines else "forest", rows, extras)
    return lay_out(Sheet("double", journal, needs_chinese(findings, lang, title), title, note), panels)


def _by_measure(words: Wording, rows: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of each measure apart, and those in different units too: they share no axis."""
    units = [words.unit(o, m) for o, m in zip(rows["outcome"], rows["measure"], strict=True)]
    return [part for _, part in rows.groupby([rows["measure"], pd.Series(units, rows.index)], sort=False)]


def _panel(words: Wording, rows: pd.DataFrame) -> Panel:
    above, names = _names(words, rows)
    shown = [row for _, row in rows.iterrows()]
    first = shown[0]
    measure = str(first["measure"])
    label = words.measure(measure, words.unit(first["outcome"], measure))
    label = f"{label}\n{words.direction(rows)}".rstrip()
    adjusted = rows["p_adjusted"].notna().any()
    return Panel(
        rows,
        names,
        above,
        words.estimates(rows),
        _p_values(words, shown),
        (_heading(words, rows), words.say("p_adjusted" if adjusted else "p")),
        label,
        [truth_of(words.findings, row) for row in shown],
        words.say("truth"),
        words.style.grouping,
        [margin_of(words.findings, row) for row in shown],
    )


def _names(words: Wording, rows: pd.DataFrame) -> tuple[list[str], list[str]]:
    """What stands above each row, and its own name: the outcome once above its contrasts where there are several."""
    keys = apart(rows)
    contrasts = rows[["group", "reference"]].drop_duplicates()
    if len(contrasts) == 1 or rows.duplicated([*keys, "group", "reference"]).any() or rows["reference"].isna().any():
        return [""] * len(rows), words.rows(rows)
    outcomes = words.rows(rows.assign(group=None, reference=None, measure=None, estimand=None))
    above = [name if i == 0 or name != outcomes[i - 1] else "" for i, name in enumerate(outcomes)]
    pairs = zip(rows["group"], rows["reference"], strict=True)
    return above, [contrast_heading(group, reference, words.labels, words.lang) for group, reference in pairs]


def _heading(words: Wording, rows: pd.DataFrame) -> str:
    """What stands above the estimates; simultaneous intervals are named in a line of their own."""
    interval = words.interval(rows)
    if any_joint_limits(rows):
        return words.say("with_interval", name=words.say("estimate_alone"), interval=interval)
    return words.say("estimate_header", interval=interval)


def _p_values(words: Wording, rows: list[pd.Series]) -> list[str]:
    """The P value of each row; one that is not adjusted is marked among those that are."""
    found = [shown_p(row) for row in rows]
    texts = [words.style.p_cell(p) for p, _ in found]
    if not any(adjusted for _, adjusted in found):
        return texts
    return [t if done or t == DASH else t + UNADJUSTED for t, (_, done) in zip(texts, found, strict=True)]


def _extras(words: Wording, panels: list[Panel]) -> list[str]:
    of_itself = [row["estimand"] == "diff" for p in panels for (_, row), t in _with_truths(p) if t == t]
    said = {
        "truth": any(of_itself),
        "truth_added": not all(of_itself),
        "margin": any(m is not None for p in panels for m in p.margins),
        "unadjusted": any(text.endswith(UNADJUSTED) for p in panels for text in p.p_values),
    }
    return [words.say(f"note.{key}") for key, shown in said.items() if shown]


def _with_truths(panel: Panel) -> Iterator[tuple[tuple[Any, pd.Series], float]]:
    """The rows, each with its truth: of a difference as it is the difference itself, else what membership added."""
    return zip(panel.rows.iterrows(), panel.truths, strict=True)
