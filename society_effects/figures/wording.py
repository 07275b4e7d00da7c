"""What do the words and numbers of a figure say? Labels, values and the note below, in one language."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from ..findings.digits import digits_of_row
from ..findings.findings import Findings
from ..findings.lookup import any_joint_limits, below_level, has_joint_limits, shown_limits, students_of
from ..findings.measures import MEASURES
from ..findings.naming import (
    capitalised,
    contrast_heading,
    design_name,
    level_heading,
    measure_name,
    row_headings,
    wave_heading,
    wave_name,
)
from ..language.catalogue import catalogue
from ..language.numbers import DASH, style, undefined
from .lettering import has_chinese
from .shown import ALONE, Row

PER_CENT = 100.0
SMALL_GROUP = 20
"""Students below which Chinese journals want no percentages."""
FIGURE_STYLES = {"en": "ama", "zh": "gbt"}
"""Number styles of figures: intervals as "1.2 to 3.4" and 1.2~3.4."""


def needs_chinese(findings: Findings, lang: str, title: str | None) -> bool:
    """Will Chinese be written: by the language, a label or the title?"""
    return lang == "zh" or has_chinese(title or "") or any(has_chinese(name) for name in _names(findings, lang))


def _names(findings: Findings, lang: str) -> Iterable[str]:
    """All names that may be written, in this language."""
    labels, frames = findings.labels, [findings.frame(f) for f in ("estimates", "groups") if findings.has(f)]
    for frame in frames:
        for outcome in frame["outcome"].dropna().unique():
            yield from (labels.outcome(outcome, lang), labels.unit(outcome, lang))
        yield from (labels.level(group, lang) for group in frame["group"].dropna().unique())
        yield from (labels.wave(wave, lang) for wave in frame["wave"].dropna().unique())
        for key in ("site", "by", "level"):
            yield from frame[key].dropna().unique()
        for by, level in frame[["by", "level"]].dropna().drop_duplicates().itertuples(index=False):
            yield from (labels.outcome(by, lang), labels.category(by, level, lang))


def factor(measure: str) -> float:
    """By what is a measure multiplied when it is drawn? Differences of shares are drawn in percentage points."""
    return PER_CENT if measure in MEASURES and MEASURES[measure].of_shares else 1.0


class Wording:
    """The words of one figure: ``findings`` in the language ``lang``."""

    def __init__(self, findings: Findings, lang: str) -> None:
        self.findings, self.labels, self.lang = findings, findings.labels, lang
        self.style = style(FIGURE_STYLES[lang], lang)
        self.words = catalogue(lang)

    def say(self, key: str, **values: Any) -> str:
        """A text of the figures."""
        return self.words.say(f"figures.{key}", self.style.name, **values)

    def no_percentages(self, n: float) -> bool:
        """Is a group too small for percentages in this style?"""
        return self.style.name == "gbt" and n < SMALL_GROUP

    def group(self, group: str | None) -> str:
        """Name of a group, standing alone; without groups there are only students."""
        if group is None:
            return capitalised(self.words.get("terms.students"))
        return level_heading(group, self.labels, self.lang)

    def wave(self, wave: str) -> str:
        """Name of a wave, standing alone."""
        return wave_heading(wave, self.labels, self.lang)

    def sized_group(self, group: str | None, n: float) -> str:
        """Name of a group and, where known, its size in a second line."""
        return self.group(group) if undefined(n) else f"{self.group(group)}\n{self.say('size', n=n)}"

    def with_unit(self, name: str, unit: str) -> str:
        """A name and its unit in brackets."""
        return name + (self.say("unit", unit=unit) if unit else "")

    def rows(self, frame: pd.DataFrame) -> list[str]:
        """Names of the rows of a frame."""
        return row_headings(frame, self.labels, self.lang)

    def unit(self, outcome: str, measure: str) -> str:
        """Unit in which a measure of an outcome is drawn."""
        if factor(measure) == PER_CENT:
            return self.say("percentage_points")
        known = MEASURES.get(measure)
        return self.labels.unit(outcome, self.lang) if known and known.in_units else ""

    def measure(self, measure: str, unit: str) -> str:
        """Name of a measure with its unit."""
        return self.with_unit(capitalised(measure_name(measure, self.lang)), unit)

    def minus(self, group: str, reference: str | None, measure: str) -> str:
        """Which group is compared with which, in the direction of the measure."""
        if reference is None:
            return ""
        known = MEASURES.get(measure)
        if known is not None and known.is_plain_difference:
            first, second = self.group(group), self.labels.level(reference, self.lang)
            return self.say("minus", group=first, reference=second)
        return contrast_heading(group, reference, self.labels, self.lang)

    def direction(self, rows: pd.DataFrame) -> str:
        """Which group, or of changes which wave, is compared with which; empty where the rows differ in it."""
        first, keys = rows.iloc[0], ["group", "reference"]
        if first["reference"] is None:
            keys = ["reference", "wave", "reference_wave"]
        if len(rows[keys].drop_duplicates()) > 1:
            return ""
        if first["reference"] is not None or first["reference_wave"] is None:
            return self.minus(first["group"], first["reference"], str(first["measure"]))
        return self._later(first["wave"], first["reference_wave"], str(first["measure"]))

    def _later(self, wave: str, reference: str, measure: str) -> str:
        """Which wave is compared with which earlier one, in the direction of the measure."""
        known = MEASURES.get(measure)
        if known is not None and known.is_plain_difference:
            return self.say("minus", group=self.wave(wave), reference=self.labels.wave(reference, self.lang))
        return capitalised(wave_name(wave, reference, self.labels, self.lang))

    def against_reference(self, group: str, measure: str) -> str:
        """Which group is compared, where the note says with which."""
        known = MEASURES.get(measure)
        if known is not None and known.family in ("difference", "share_difference"):
            return self.say("minus", group=self.group(group), reference=self.say("reference"))
        return self.group(group)

    def value(self, row: Row, digits: int) -> str:
        """The estimate alone."""
        return (
            DASH if undefined(row["estimate"]) else self.style.number(row["estimate"] * factor(row["measure"]), digits)
        )

    def limits(self, row: Row, digits: int) -> str:
        """The interval alone; empty where there is none."""
        low, high = (limit * factor(row["measure"]) for limit in shown_limits(row))
        return "" if undefined(low) and undefined(high) else self.style.limits((low, high), digits)

    def estimate(self, row: Row, digits: int) -> str:
        """The estimate with its interval in brackets."""
        limits = self.limits(row, digits)
        if undefined(row["estimate"]) and limits:
            return self.one_limit(row, digits)
        return self.say("estimate", value=self.value(row, digits), limits=limits) if limits else self.value(row, digits)

    def with_limits(self, value: float, low: float, high: float, digits: int) -> str:
        """A number as it is drawn with its limits in brackets; alone where it has none."""
        number = self.style.number(value, digits)
        if undefined(low) and undefined(high):
            return number
        return self.say("estimate", value=number, limits=self.style.limits((low, high), digits))

    def estimates(self, rows: pd.DataFrame) -> list[str]:
        """Every estimate with its interval in brackets, marked where it holds alone and others for their family."""
        texts = [self.estimate(row, d) for (_, row), d in zip(rows.iterrows(), self.digits(rows), strict=True)]
        return [text + mark for text, mark in zip(texts, self.marks(rows), strict=True)]

    def marks(self, rows: pd.DataFrame) -> list[str]:
        """The mark of each interval that holds for one comparison alone, where others hold for their whole family."""
        joint = any_joint_limits(rows)
        alone = [not has_joint_limits(r) and not undefined(r["conf_low"]) for _, r in rows.iterrows()]
        return [ALONE if joint and one else "" for one in alone]

    def interval(self, rows: pd.DataFrame) -> str:
        """What kind of interval stands beside these estimates: 95% CI, or simultaneous 95% CI?"""
        key = "simultaneous_interval" if any_joint_limits(rows) else "interval"
        return self.say(key, level=float(rows["conf_level"].max()))

    def simultaneous(self, rows: pd.DataFrame) -> list[str]:
        """What the note says where intervals hold for a whole family of comparisons at once."""
        level = float(rows["conf_level"].max())
        return [self.say("note.simultaneous", level=level)] if any_joint_limits(rows) else []

    def alone(self, rows: pd.DataFrame) -> list[str]:
        """What the note says where some intervals hold for one comparison alone."""
        level = float(rows["conf_level"].max())
        return [self.say("note.alone", mark=ALONE, level=level)] if any(self.marks(rows)) else []

    def only_against(self, rows: pd.DataFrame, shown: pd.DataFrame) -> list[str]:
        """What the note says where only the comparisons with one reference are shown of all pairs."""
        if len(shown) == len(rows):
            return []
        references = [self.labels.level(r, self.lang) for r in dict.fromkeys(shown["reference"])]
        named = self.words.get("terms.list_separator").join(references)
        return [self.say("note.one_reference", reference=named)]

    def one_limit(self, row: Row, digits: int) -> str:
        """What is known where there is no finite estimate: the one finite limit, as in ≥ 2.82."""
        low, high = (limit * factor(row["measure"]) for limit in shown_limits(row))
        if undefined(low) == undefined(high):
            return DASH
        relation, limit = ("≤", high) if undefined(low) else ("≥", low)
        return f"{relation}{' ' if self.style.spaced else ''}{self.style.number(limit, digits)}"

    def digits(self, rows: pd.DataFrame) -> list[int]:
        """Decimals of each row of estimates."""
        return [digits_of_row(self.findings, row) for _, row in rows.iterrows()]

    def note(self, what: str | None, rows: pd.DataFrame, extra: Sequence[str] = (), **values: Any) -> str:
        """The note below: design, what is drawn, the number of students, and whether the data are simulated.

        what : key of what is drawn; None where ``extra`` says it. rows : with the columns ``conf_level`` and ``n``.
        """
        known = self.words.has(f"designs.{self.findings.design}")
        name = capitalised(design_name(self.findings, self.lang))
        design = [self.say("note.design", design=name)] if known else []
        levels = rows["conf_level"].dropna()
        level = float(levels.iloc[0]) if len(levels) else math.nan
        drawn = [self.say(f"note.{what}", level=level, **values)] if what is not None and level == level else []
        parts = [*design, *drawn, *extra, *self._size(rows), *self._simulated()]
        return self.say("note.separator").join(parts)

    def sized(self, rows: pd.DataFrame) -> pd.DataFrame:
        """For the note: how many students of all drawn groups have any score of each outcome?"""
        known = rows[["outcome", "group"]].drop_duplicates()
        n = [students_of(self.findings, outcome, None if undefined(g) else g) for outcome, g in known.to_numpy()]
        per_outcome = known.assign(n=n).groupby("outcome", sort=False)["n"].sum()
        return pd.DataFrame({"n": per_outcome, "conf_level": rows["conf_level"].max()})

    def points(self, n: float, most: int) -> str:
        """What the note says of points: all students, or of large groups so many of each."""
        return self.say("note.points_some", n=most) if n > most else self.say("note.points_all")

    def not_reached(self, rows: pd.DataFrame) -> list[str]:
        """What the note says where an interval cannot reach its level."""
        below = [row for _, row in rows.iterrows() if below_level(self.findings, row)]
        return [self.say("note.not_reached", level=float(row["conf_level"])) for row in below[:1]]

    def _size(self, rows: pd.DataFrame) -> list[str]:
        n = rows["n"].dropna()
        if not len(n):
            return []
        low, high = float(n.min()), float(n.max())
        several = "reference" in rows and len(rows[["group", "reference"]].drop_duplicates()) > 1
        size = self.say("note.size", n=high) if low == high else self.say("note.sizes", low=low, high=high)
        return [self.say("note.size_of_each" if several else "note.size_alone", size=size)]

    def _simulated(self) -> list[str]:
        return [self.say("note.simulated", word=self.words.get("terms.simulated"))] if self.findings.simulated else []
