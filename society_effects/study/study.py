"""What is known? A Study: data and the roles of their columns, checked once, never estimating, never drawing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import StudyError, nearest, speaking
from .building import content_from_rows, content_from_summary
from .cells import cells_frame
from .columns import as_tuple
from .deriving import at_group, at_site, at_wave, complete_in, pairs_table
from .ledger import Step, ledger_frame
from .outcome import Outcome, as_text
from .scores import Scores
from .settling import check_language, check_study
from .showing import Showing
from .students import Rows
from .tables_within import cell_rows, ledger_columns, panel_table, values_table


class Study(Showing):
    """Who are the students, who is a member, what was measured?

    Parameters
    ----------
    data : DataFrame
        pandas, polars, Arrow or a mapping of columns; one row per student, or per student and wave. Never changed.
    outcomes : str, Outcome or several of them
        What is compared. Optional beside ``baseline=`` or wide ``waves=``.
    group : str, optional
        The membership column.
    member, reference : level, optional
        The level that counts as member, and the level it is compared with. Needed unless the levels are 0/1, booleans
        or a listed pair (no/yes, non-member/member, 否/是, 非社团组/社团组, ...). ``reference`` is needed for more than
        two levels.
    levels : sequence, optional
        All levels in their order, which several groups are then tested for a trend along; by default the reference
        first, and no order.
    covariates : names, or {block: names}
        What is known about students before they joined.
    baseline : {later column: earlier column}, optional
        Two waves, named ``before`` and ``after``.
    unit, wave : str, optional
        Columns with the student and, in long data, the wave.
    waves : sequence or {outcome: {wave: column}}, optional
        The order of the waves of long data, or the columns of wide data.
    joined : str, optional
        Column with the first wave as a member; empty for students who never joined (or a word for it that
        ``missing_codes`` declares).
    cluster, site, offset : str, optional
        Columns with the class, the site, and the log of the exposure.
    labels : mapping, optional
        Display names: ``{"total": {"en": ..., "zh": ...}, "society=yes": {...}}``.
    missing : {"complete", "error"}
        Drop students without a value per outcome and count them in the ledger, or refuse.
    missing_codes : list, {column: codes} or {column: {code: reason}}, optional
        Cells that stand for a missing value (``99``, ``"缺考"``).
    about : About or mapping, optional
        What no column can tell.
    lang : {"en", "zh"}
        Language of errors, summaries and, by default, of results.

    Raises
    ------
    StudyError
        One sentence in the language of the study: what is wrong, what was found, what to do.

    Examples
    --------
    >>> study = Study({"society": ["yes", "no", "no"], "total": [81, 77.5, 79]}, group="society", outcomes="total")
    >>> study.member, study.levels, study.outcome("total").kind
    ('yes', ('no', 'yes'), 'continuous')
    """

    def __init__(
        self,
        data: Any,
        *,
        outcomes: Any = None,
        group: str | None = None,
        member: Any = None,
        reference: Any = None,
        levels: Any = None,
        covariates: Any = (),
        baseline: Mapping[str, str] | None = None,
        unit: str | None = None,
        wave: str | None = None,
        waves: Any = None,
        joined: str | None = None,
        cluster: str | None = None,
        site: str | None = None,
        offset: str | None = None,
        labels: Mapping[str, Any] | None = None,
        missing: str = "complete",
        missing_codes: Any = None,
        about: Any = None,
        lang: str = "en",
    ) -> None:
        given = dict(locals())
        with speaking(check_language(lang)):
            self.__dict__.update(content_from_rows(data, lang, given))
            check_study(self)

    @classmethod
    def from_summary(
        cls,
        table: Any,
        *,
        group: str = "group",
        member: Any = None,
        reference: Any = None,
        outcomes: Any = None,
        levels: Any = None,
        labels: Mapping[str, Any] | None = None,
        about: Any = None,
        lang: str = "en",
    ) -> Study:
        """What is known of a study through its printed table only?

        Parameters
        ----------
        table : DataFrame
            One row per outcome and group: ``outcome, group, n`` and ``mean, sd`` or ``events``; for categories one row
            per outcome, group and ``category`` with ``counts``. A column ``missing`` is optional.
        group : str
            Name of the membership variable, for labels.
        member, reference, outcomes, levels, labels, about, lang
            As in ``Study``.

        Examples
        --------
        >>> table = {"outcome": ["osce"] * 2, "group": ["no", "yes"], "n": [547, 120], "mean": [78, 82], "sd": [10, 8]}
        >>> Study.from_summary(table).cells[["group", "n", "mean", "sd"]]
          group    n  mean    sd
        0    no  547  78.0  10.0
        1   yes  120  82.0   8.0
        """
        given = dict(locals())
        study = cls.__new__(cls)
        with speaking(check_language(lang)):
            study.__dict__.update(content_from_summary(table, lang, given))
            check_study(study)
        return study

    @property
    def has_rows(self) -> bool:
        """Are the students themselves known, or only a table about them?"""
        return self._rows is not None

    @property
    def data(self) -> pd.DataFrame | None:
        """The rows of the file that belong to the students of this study; None for a study known by its summary."""
        return None if self._rows is None else self._rows.data.copy()

    @property
    def units(self) -> pd.DataFrame:
        """One row per student with a known group: ``group, cluster, site`` and the covariates by their names."""
        return self._known.units.copy()

    @property
    def covariate_names(self) -> tuple[str, ...]:
        """All covariates, block after block."""
        return tuple(name for block in self.covariates.values() for name in block)

    def outcome(self, name: str) -> Outcome:
        """The outcome of this name."""
        for outcome in self.outcomes:
            if outcome.column == as_text(name):
                return outcome
        near = nearest(name, [o.column for o in self.outcomes])
        raise StudyError("UNKNOWN_OUTCOME", lang=self.lang, outcome=as_text(name), near=near)

    @cached_property
    def group_codes(self) -> NDArray[np.int64]:
        """The position in ``levels`` of each student's group (all 0 without a group)."""
        units = self._known.units
        codes = units["group"].array.codes if self.group else np.zeros(len(units))
        return _read_only(codes.astype(np.int64))

    def arm(self, level: Any) -> NDArray[np.bool_]:
        """Which students belong to this level? A mask over ``units``."""
        text = as_text(level)
        if text not in self.levels:
            raise StudyError("UNKNOWN_LEVEL", lang=self.lang, column=self.group, level=text, levels=self.levels)
        return self.group_codes == self.levels.index(text)

    def waves_of(self, outcome: str) -> tuple[str, ...]:
        """At which waves was this outcome measured? Empty for an outcome of a single wave."""
        return tuple(w for w in self.waves if (self.outcome(outcome).column, w) in self._known.scores)

    def matrix(self, outcomes: Any = None, wave: Any = None) -> NDArray[np.float64]:
        """The scores, one row per student (as in ``units``), one column per outcome, NaN where missing."""
        names = [o.column for o in self.outcomes] if outcomes is None else list(as_tuple(outcomes))
        return np.column_stack([self._scores(name, wave).values for name in names])

    @property
    def values(self) -> pd.DataFrame:
        """All scores that exist, one row per student, outcome and wave: ``unit, outcome, wave, value``."""
        return self._values.copy()

    @property
    def cells(self) -> pd.DataFrame:
        """Per outcome and group (and wave, and category): ``n, missing, mean, sd, events``."""
        return cells_frame(self.cell_rows)

    @cached_property
    def cell_rows(self) -> tuple[Mapping[str, Any], ...]:
        """The cells as plain rows, as designs read them."""
        return cell_rows(self)

    @property
    def ledger(self) -> pd.DataFrame:
        """Who was in, who was dropped and why: counts students and adds up for every outcome."""
        return ledger_frame(ledger_columns(self))

    def pairs(self, outcome: str, first: Any, last: Any) -> pd.DataFrame:
        """Each student's score at two waves, with the group at the last: columns ``group, cluster, first, last``."""
        return pairs_table(self, outcome, first, last)

    def panel(self, outcome: str) -> pd.DataFrame:
        """All scores of one outcome over time: columns ``unit, wave, group, cluster, value``."""
        return panel_table(self, outcome)

    def at(self, *, wave: Any = None, site: Any = None) -> Study:
        """The study at one wave, or at one site."""
        study = self if site is None else at_site(self, site)
        return study if wave is None else at_wave(study, wave)

    def of_group(self, level: Any, wave: Any = None) -> Study:
        """The students of one group, all waves kept: by their membership at this wave, else the last that is known."""
        return at_group(self, level, wave)

    def where(self, chosen: Any) -> Study:
        """The study of some students: a mask over ``units``, or a function that makes one from ``units``."""
        mask = np.asarray(chosen(self.units) if callable(chosen) else chosen)
        if mask.dtype != bool or mask.shape != (len(self._known.units),):
            raise StudyError("BAD_MASK", lang=self.lang, n=len(self._known.units))
        return self._chosen(mask, "selected", "where")

    def complete(self, columns: Any) -> Study:
        """The study of the students who have a value in each of these columns of ``units``, or outcomes."""
        return complete_in(self, columns)

    def with_data(self, data: Any) -> Study:
        """The same roles, levels and kinds, on other data (an imputed file, a simulated one)."""
        kept = ("group", "member", "reference", "covariates", "labels", "missing", "about")
        roles = {name: getattr(self, name) for name in kept}
        study = Study(data, outcomes=self._measured, levels=self.levels or None, lang=self.lang, **roles, **self._given)
        study = study._derived(ordered=self.ordered, source=dict(self.source))
        return study if self._at is None else study.at(wave=self._at)

    def with_source(self, source: Mapping[str, Any]) -> Study:
        """The same study, knowing where its data come from (simulated, seed, licence, truth)."""
        return self._derived(source=dict(source))

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the content that is used: the same on every machine."""
        from .fingerprint import fingerprint

        return fingerprint(self)

    def __len__(self) -> int:
        return len(self._known.units) if self.has_rows else int(self.ledger.groupby("group")["n_before"].max().sum())

    @property
    def _known(self) -> Rows:
        if self._rows is None:
            raise StudyError("ROWS_NEEDED", lang=self.lang)
        return self._rows

    @cached_property
    def _values(self) -> pd.DataFrame:
        return values_table(self)

    def _chosen(self, mask: NDArray[np.bool_], step: str, reason: str) -> Study:
        taken = Step(step, reason, len(mask), int((~mask).sum()))
        return self._derived(_rows=self._known.take(mask), _steps=(*self._steps, taken))

    def _scores(self, outcome: str, wave: Any = None) -> Scores:
        name, own = self.outcome(outcome).column, self.waves_of(outcome)
        if not own:
            return self._known.scores[name, None]
        if wave is None and len(own) > 1:
            raise StudyError("WAVE_NEEDED", lang=self.lang, outcome=name, waves=own)
        text = own[0] if wave is None else as_text(wave)
        if text not in own:
            raise StudyError("UNKNOWN_WAVE", lang=self.lang, wave=text, waves=own)
        return self._known.scores[name, text]


def _read_only(values: NDArray[Any]) -> NDArray[Any]:
    values.flags.writeable = False
    return values
