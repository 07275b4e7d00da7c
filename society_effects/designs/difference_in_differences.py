"""Members and non-members before and after joining, over two waves or many, joining together or one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ..errors import DesignError
from ..stats.group_time import comparison_of
from ..stats.joining import NEVER
from ..stats.resampling import DEFAULT_SEED
from ..study.study import Study
from .classes import Classes, classes_of
from .common import Design, known_primary, settle_names, valid_conf_level, valid_draws
from .comparison import Comparison, contrasts_of
from .comparison_notes import say_discordant, say_primary
from .draft import Draft
from .families import adjust_families
from .joining.comparing_joiners import NOT_YET, Question, compare_joiners
from .joining.covariate_columns import covariate_columns
from .joining.joining_cohorts import compare_cohorts
from .joining.joining_waves import JoinedPanel, joiners_of, panel_of_joiners
from .joining.trends_before_joining import write_trends
from .waves.wave_panel import Panel, describe_panel

COMPARISONS = {"never": "never", "not-yet": NOT_YET}
"""Who joiners are compared with -> the same as ``stats`` calls it."""
ADJUSTMENTS = ("max-t", "holm")
KINDS = ("continuous", "count", "binary")


@dataclass(frozen=True)
class DifferenceInDifferences(Design):
    """Did students change more than others from the wave on which they joined?

    Use it when scores before joining are known and the others tell how joiners would have changed without the society:
    **parallel trends**. Two waves give the difference of the changes. More waves show the path by waves since joining,
    with limits that hold for the whole path, and whether the groups developed alike before; that they did does not
    show that they would have gone on alike. Where students join at different waves, each cohort is compared with
    students who have not joined, and the comparisons are averaged; a two-way fixed effects regression, which also
    compares joiners with students who joined before them, is shown beside it only because papers print it.

    It assumes parallel trends, that nobody changed because joining was coming (no anticipation), and that who is lost
    does not depend on the change. Whoever joined counts as a member from then on, also after leaving. Members at the
    first wave have no score before joining: they are left out and counted.

    Parameters
    ----------
    first_post : wave, optional
        The first wave as members, where the study does not say when students joined (neither by ``joined=`` nor by
        membership that changes over the waves). Of a study with two waves, the second.
    comparison : {"never", "not-yet"}, optional
        With whom joiners are compared: students who never join, or also those who join later. By default the first,
        unless fewer than a tenth never join.
    covariates : sequence of str, optional
        Covariates of the study known before joining: trends are then parallel among students alike in them (doubly
        robust: calibrated weights and a regression).
    primary : str, optional
        The one outcome declared as primary beforehand: its P value stands outside the family of the others.
    adjustment : {"max-t", "holm"}, default "max-t"
    conf_level : float, default 0.95
    resamples : int, default 1999
    seed : int, default 20260206

    Raises
    ------
    DesignError
        For a study of one wave, of more than two groups or two classes, without the wave of joining, in which nobody
        joins after the first wave, or in which students count as members before they joined.

    Notes
    -----
    Makes ``estimates``: ``difference_in_changes`` (of yes-or-no outcomes ``difference_in_share_changes``) with the
    estimand ``diff_in_changes`` (primary), ``event_time`` (waves since joining, against the last before), and where
    joining is staggered ``cohort``, ``calendar`` and ``twfe``; the change of each group. ``tests``: ``pre_trend``.
    ``quantities``: the trend that this test would notice. ``sensitivity``: relative magnitudes. ``groups``, ``values``,
    ``attrition``, ``ledger``. Starts at grade B, which fewer than three waves before joining lower to C, and different
    development before joining to D.

    References
    ----------
    Callaway and Sant'Anna (2021) doi:10.1016/j.jeconom.2020.12.001. Sant'Anna and Zhao (2020)
    doi:10.1016/j.jeconom.2020.06.003. Goodman-Bacon (2021) doi:10.1016/j.jeconom.2021.03.014. Roth (2022)
    doi:10.1257/aeri.20210236. Rambachan and Roth (2023) doi:10.1093/restud/rdad018.

    Examples
    --------
    >>> import society_effects as se
    >>> table = {"society": ["yes"] * 3 + ["no"] * 3, "pre": [50, 60, 70, 55, 65, 75], "post": [58, 67, 79, 57, 66, 76]}
    >>> result = se.DifferenceInDifferences().fit(se.Study(table, group="society", baseline={"post": "pre"}))
    >>> float(result.estimates.estimate[result.estimates.primary].iloc[0]), result.grade
    (6.666666666666667, 'C')
    """

    first_post: Any = None
    comparison: str | None = None
    covariates: Sequence[str] = ()
    primary: str | None = None
    adjustment: str = "max-t"
    conf_level: float = 0.95
    resamples: int = 1999
    seed: int = DEFAULT_SEED

    key: ClassVar[str] = "difference_in_differences"
    needs: ClassVar = "rows"
    makes: ClassVar[tuple[str, ...]] = ("estimates", "groups", "values", "ledger")
    may_make: ClassVar[tuple[str, ...]] = ("tests", "quantities", "sensitivity", "attrition", "truth")
    default_figures: ClassVar[tuple[str, ...]] = ("event_path", "change", "forest")
    start_grade: ClassVar[str] = "B"
    fewest_waves: ClassVar[int] = 2
    uses: ClassVar[frozenset[str]] = frozenset({"cluster", "waves", "joined"})

    def __post_init__(self) -> None:
        valid_conf_level(self.conf_level)
        valid_draws(self.resamples, self.seed)
        if self.comparison is not None and self.comparison not in COMPARISONS:
            raise DesignError("UNKNOWN_COMPARISON", value=repr(self.comparison), allowed=tuple(COMPARISONS))
        if self.adjustment not in ADJUSTMENTS:
            raise DesignError("UNKNOWN_ADJUSTMENT", value=repr(self.adjustment), allowed=ADJUSTMENTS)
        settle_names(self, "covariates")

    def compare(self, study: Study, draft: Draft) -> None:
        """Compare the changes of those who joined with the changes of those who had not."""
        if len(study.levels) > 2:
            raise DesignError("TWO_GROUPS_ONLY", design=self.key, column=study.group, levels=study.levels)
        known_primary(self.primary, study)
        classes = _classes(study)
        covariates = covariate_columns(study, self.covariates)
        unused = tuple(name for name in study.covariate_names if name not in self.covariates)
        if unused:
            draft.check("COVARIATES_NOT_ADJUSTED", "note", names=unused)
        joiners = joiners_of(draft, study, self.first_post)
        draft.provenance |= {"member": study.member, "reference": study.reference}
        task = Comparison(draft, study, contrasts_of(study, "reference"), classes)
        codes = None if classes is None else classes.codes
        for outcome in study.outcomes:
            if outcome.kind not in KINDS:
                key = "ORDINAL_NOT_COMPARED" if outcome.kind == "ordinal" else "KIND_NOT_COMPARED"
                draft.check(key, "fail", outcome.column)
                continue
            panel = panel_of_joiners(draft, study, outcome, joiners, codes, covariates)
            self._compared(Question(task, panel, self._with_whom(draft, panel)))
        adjust_families(task)
        say_primary(draft)
        say_discordant(draft)
        for fact in study.source.get("truth") or ():
            draft.row("truth", **fact)

    def _compared(self, question: Question) -> None:
        describe_panel(question.task.draft, _by_arm(question), self.conf_level)
        compare_joiners(question)
        if question.staggered:
            compare_cohorts(question)
        write_trends(question)

    def _with_whom(self, draft: Draft, panel: JoinedPanel) -> str:
        """Who is compared; who joins later is only by rule where those who never join are few."""
        chosen = comparison_of(panel.first) if self.comparison is None else COMPARISONS[self.comparison]
        if chosen == NOT_YET and len(panel.cohorts) > 1:
            never = int(np.sum(panel.first == NEVER))
            draft.check("NOT_YET_COMPARED", outcome=panel.outcome.column, n=never, of=len(panel.first))
        return chosen


def _classes(study: Study) -> Classes | None:
    """The classes of the study, of which two are too few for any inference."""
    classes = classes_of(study)
    if classes is not None and classes.n < 3:
        raise DesignError("TWO_CLUSTERS", cluster=study.cluster)
    return classes


def _by_arm(question: Question) -> Panel:
    """The students by whether they ever join, for their description."""
    panel, study = question.panel, question.task.study
    place = {level: study.levels.index(level) for level in question.contrast.values()}
    codes = np.where(panel.joined, *place.values())
    units = study.units.index.to_numpy(object)[panel.rows]
    return Panel(panel.outcome, panel.waves, tuple(study.levels), units, codes, panel.values, panel.classes)
