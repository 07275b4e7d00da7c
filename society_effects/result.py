"""A result: findings, with the verbs a user looks for. The same verbs for every design."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from .errors import speaking
from .findings import files
from .findings.findings import Findings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .figures.canvas import Canvas
    from .reports.report import Report
    from .tables.table import Table


@dataclass(frozen=True, eq=False, repr=False)
class Result(Findings):
    """What came out of a study: numbers in frames, and the verbs that show them.

    fitted : makes the statsmodels object behind the numbers, when there is one; it is not saved.
    """

    fitted: Callable[[], Any] | None = None

    @cached_property
    def model(self) -> Any:
        """The fitted statsmodels object behind the numbers; of several outcomes one by name; None without a model."""
        return None if self.fitted is None else self.fitted()

    @property
    def estimates(self) -> pd.DataFrame:
        """One row per estimated contrast."""
        return self.frame("estimates")

    @property
    def tests(self) -> pd.DataFrame:
        """Tests that are not an estimate of one contrast."""
        return self.frame("tests")

    @property
    def ledger(self) -> pd.DataFrame:
        """Who was in, who was dropped and why."""
        return self.frame("ledger")

    def to_frame(self, name: str = "estimates") -> pd.DataFrame:
        """A copy of a frame, without the columns that are empty throughout."""
        return self.frame(name).dropna(axis="columns", how="all").copy()

    def summary(self, lang: str | None = None) -> Report:
        """What came out, in one look?"""
        from .reports import summary

        with speaking(lang or self.lang):
            return summary(self, lang or self.lang)

    def table(
        self, kind: str | None = None, lang: str | None = None, style: str | None = None, layout: str | None = None
    ) -> Table:
        """The journal table of these findings.

        kind : ``comparison``, ``adjusted``, ``changes``, ``rungs``, ``baseline`` (Table 1), ``balance``, ``subgroups``,
        ``coefficients``, ``adjusted_means``, ``estimates``, ``tests``, ``quantities``, ``sensitivity``,
        ``influential``, ``attrition``, ``reconciliation``, ``ledger``; None for the first that these findings allow.
        style : ``apa``, ``ama`` or ``gbt``.
        layout : of a comparison, ``outcomes`` or ``groups`` in rows.
        """
        from .tables import build

        with speaking(lang or self.lang):
            return build(self, kind, lang or self.lang, style, layout)

    def plot(
        self,
        kind: str | None = None,
        ax: Axes | None = None,
        journal: str | None = None,
        lang: str | None = None,
        title: str | None = None,
    ) -> Canvas:
        """The figure this design is read by, or another that the findings allow.

        kind : ``estimation``, ``forest``, ``proportions``, ``likert``, ``shares``, ``cluster_means``, ``change``,
        ``scatter``, ``agreement``, ``sensitivity_path``, ``event_path``, ``contour``, ``adjusted_means``,
        ``subgroups``, ``balance``, ``coefficients``, ``ladder``, ``raincloud``, ``profile``, ``flow``.
        ax : an axis of your own, where one suffices.
        journal : a preset of sizes and type. title : none by default, since journals put it into the caption.
        """
        from .figures import draw

        lang = lang or self.lang
        with speaking(lang):
            return draw(self, kind, ax=ax, journal=journal, lang=lang, title=title, prefer=self.default_figures)

    def report(self, lang: str | Sequence[str] | None = None, style: str | None = None, short: bool = False) -> Report:
        """The whole report: what was found, how, and what may not be claimed. ``.save("report.html")`` keeps it.

        lang : ``en``, ``zh``, or both, ``("en", "zh")``: each part beside the same part in the other language.
        style : ``apa``, ``ama`` or ``gbt``. short : what a journal prints and no more: methods, who was compared,
        results with their table and figure, limits.

        >>> import society_effects as se
        >>> result = se.MemberComparison().fit(se.load_sample("clinical_skills_667"))
        >>> [block.text for block in result.report("zh", short=True).blocks if block.kind == "heading"]
        ['统计学方法', '研究对象一般资料', '结果', '组间比较', '图', '局限性']
        """
        from .reports import report, side_by_side

        if isinstance(lang, tuple | list) and lang:
            return side_by_side([self.report(each, style, short) for each in lang])
        chosen = str(lang or self.lang)
        with speaking(chosen):
            return report(self, chosen, style, short=short)

    def checklist(self, kind: str = "strobe", lang: str | None = None) -> Report:
        """Which items of a checklist for authors do these findings fill, and what remains to be written?

        kind : ``strobe`` (reports of observational studies; von Elm et al. 2007, doi:10.1371/journal.pmed.0040296) or
        ``society_12`` (what a reader has to know of a society and its members).

        An OutputError ``UNKNOWN_CHECKLIST`` for another. ``.save("strobe.docx")`` keeps it, to go on writing in.

        >>> import society_effects as se
        >>> result = se.MemberComparison().fit(se.load_sample("clinical_skills_667"))
        >>> found = result.checklist("society_12").blocks[2]
        >>> print(found.items[3].status_name, found.items[3].remains)
        partly Left for the author: Say how much members took part (meetings, hours), and how that was recorded.
        """
        from .reports import checklist_report

        with speaking(lang or self.lang):
            return checklist_report(self, kind, lang or self.lang)

    def save(self, folder: Path | str, rows: bool = False) -> list[Path]:
        """Keep the result as ``result.json`` and one CSV file per frame; ``rows=True`` adds the students' values."""
        return files.save(self, folder, rows)

    @classmethod
    def load(cls, folder: Path | str) -> Self:
        """Read a result that was kept with ``save``."""
        return cls(**files.read(folder))

    def __repr__(self) -> str:
        try:
            return str(self.summary())
        except Exception as error:
            return f"<Result of {self.design}: {', '.join(self.frames)}; its summary failed: {error}>"

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()
