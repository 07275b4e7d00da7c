"""What did others print? Published numbers as text, and those two-group rows that can be recomputed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from .outcome import Outcome
from .samples import sample_table
from .scores import parse_number
from .study import Study


@dataclass(frozen=True)
class PublishedComparison:
    """Two independent groups of one publication, with what was printed of them.

    printed : the row of the table, every cell as text exactly as printed.
    """

    row: str
    kind: str
    outcome: str
    groups: tuple[str, str]
    printed: dict[str, str]

    @property
    def printed_groups(self) -> int:
        """How many groups does the printed test compare? More than two: its P is not the P of these two."""
        return int(parse_number(self.printed["k_groups"] or "2"))

    @property
    def citation(self) -> str:
        """Where was it published?"""
        return self.printed["citation"]

    def table(self) -> pd.DataFrame:
        """The summary table that ``Study.from_summary`` reads: one row per group."""
        wanted = ("n", "mean", "sd") if self.kind == "continuous" else ("n", "events")
        cells = {name: [self.printed[f"g{g}_{name}"] for g in (1, 2)] for name in wanted}
        return pd.DataFrame({"outcome": self.outcome, "group": list(self.groups)} | cells)

    def study(self, lang: str = "en") -> Study:
        """The study of these two groups; the first printed group is compared with the second."""
        kind: Any = self.kind
        study = Study.from_summary(
            self.table(),
            group=self.printed["exposure"] or "group",
            member=self.groups[0],
            reference=self.groups[1],
            outcomes=Outcome(self.outcome, kind=kind),
            lang=lang,
        )
        source = {"simulated": False, "name": "published_studies", "citation": self.citation, "row": self.row}
        return study.with_source(source)


@dataclass(frozen=True)
class PublishedChange:
    """The same students before and after, with what was printed of them.

    first, last : mean and SD of the earlier and of the later score. printed : the row of the table, as text.
    """

    row: str
    outcome: str
    n: int
    first: tuple[float, float]
    last: tuple[float, float]
    printed: dict[str, str]

    def printed_mean(self, wave: str) -> str:
        """The mean of the earlier (``"first"``) or later score, as printed."""
        return self.printed[f"{self._side(wave)}_mean"]

    def printed_sd(self, wave: str) -> str:
        """The standard deviation of the earlier (``"first"``) or later score, as printed."""
        return self.printed[f"{self._side(wave)}_sd"]

    def _side(self, wave: str) -> str:
        """Which of the two printed groups is this wave?"""
        pre = "g1" if self.printed["g1_label"].lower() == "pre" else "g2"
        return pre if wave == "first" else {"g1": "g2", "g2": "g1"}[pre]


def published_studies() -> pd.DataFrame:
    """What did the publications print? One row per study, outcome and comparison; every cell is text as printed.

    Examples
    --------
    >>> published_studies().loc[0, ["g1_n", "g1_mean", "g1_sd", "p_printed"]].tolist()
    ['38', '76.05', '5.28', '<0.05']
    """
    return sample_table("published_studies")


def published_comparisons() -> list[PublishedComparison]:
    """Which printed rows hold two independent groups with n and mean and SD, or n and events?

    Examples
    --------
    >>> first = published_comparisons()[0]
    >>> first.groups, first.study().cells["mean"].tolist()
    (('practice', 'volunteer'), [72.57, 76.05])
    """
    rows = published_studies().to_dict("records")
    return [_comparison(row) for row in rows if not _why_not(row)]


def published_changes() -> list[PublishedChange]:
    """Which printed rows hold the same students before and after, with n, means and SDs?

    Examples
    --------
    >>> first = published_changes()[0]
    >>> first.n, first.first, first.last
    (38, (71.71, 5.5), (76.05, 5.28))
    """
    rows = [row for row in published_studies().to_dict("records") if _why_not(row) == "same_students_twice"]
    needed = ("g1_n", "g1_mean", "g1_sd", "g2_mean", "g2_sd")
    return [_change(row) for row in rows if all(parse_number(row[name]) == parse_number(row[name]) for name in needed)]


def published_leftovers() -> pd.DataFrame:
    """Which printed rows cannot be recomputed, and why? Columns: row_id, study_id, outcome, reason (a key).

    Examples
    --------
    >>> published_leftovers().iloc[0].tolist()
    ['3', 'zhong2019', 'RIPLS total pre/post', 'same_students_twice']
    """
    rows = published_studies().to_dict("records")
    left = [(row["row_id"], row["study_id"], row["outcome"], _why_not(row)) for row in rows if _why_not(row)]
    return pd.DataFrame(left, columns=["row_id", "study_id", "outcome", "reason"])


def _comparison(row: dict[str, str]) -> PublishedComparison:
    kind = "binary" if row["outcome_type"] == "binary" else "continuous"
    return PublishedComparison(row["row_id"], kind, row["outcome"], (row["g1_label"], row["g2_label"]), dict(row))


def _change(row: dict[str, str]) -> PublishedChange:
    pre, post = ("g1", "g2") if row["g1_label"].lower() == "pre" else ("g2", "g1")
    first, last = ((parse_number(row[f"{side}_mean"]), parse_number(row[f"{side}_sd"])) for side in (pre, post))
    return PublishedChange(row["row_id"], row["outcome"], int(parse_number(row["g1_n"])), first, last, dict(row))


def _why_not(row: dict[str, str]) -> str:
    """Why can this row not be recomputed? Empty if it can."""
    labels = {row["g1_label"].lower(), row["g2_label"].lower()}
    if labels == {"pre", "post"}:
        return "same_students_twice"
    if not all(labels) or len(labels) < 2:
        return "no_two_groups"
    needed = ("n", "events") if row["outcome_type"] == "binary" else ("n", "mean", "sd")
    for name in needed:
        cells = [row[f"g{g}_{name}"] for g in (1, 2)]
        if not all(cells):
            return f"no_{name}_printed"
        if any(parse_number(cell) != parse_number(cell) for cell in cells):
            return f"{name}_not_a_plain_number"
    return ""
