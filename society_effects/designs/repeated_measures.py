"""Members and non-members at three waves or more: how did they change, and did members change by more?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..errors import DesignError
from ..stats.resampling import DEFAULT_SEED
from ..study.outcome import Outcome
from ..study.study import Study
from .classes import classes_of
from .common import Design, known_primary, valid_conf_level, valid_draws
from .comparison import Comparison, contrasts_of, valid_contrasts
from .comparison_notes import say_discordant, say_primary
from .draft import Draft
from .families import ADJUSTMENTS, adjust_families
from .waves.comparing_waves import OverWaves, compare_waves
from .waves.membership_over_waves import left_between, membership_between
from .waves.wave_anova import write_anova
from .waves.wave_fits import COVARIANCES, fit_waves
from .waves.wave_panel import FEWEST_WAVES, Panel, panel_of, write_panel

KINDS = ("continuous", "count", "binary")


@dataclass(frozen=True)
class RepeatedMeasures(Design):
    """Over several waves, did members change by more than non-members?

    Use it when the same students were measured at three waves or more. Every group has a mean at every wave; their
    changes from the first wave, the linear trends and the differences between groups are sums of these means. Students
    with only some of the waves are kept: the estimates are right where the scores that were seen explain who is
    missing. The groups are compared by their changes, so that the difference is an association adjusted for stable
    differences; it is more only if the groups would have changed alike without the society.

    Without a ``group`` the waves are described, and nothing can be attributed to the society.

    Parameters
    ----------
    covariance : {"unstructured", "random-intercept"}, default "unstructured"
        How a student's scores hang together: in any way, in each group by itself, or by a level of each student, with
        lines that are otherwise parallel. The second finds trends too often where students' slopes differ. Where the
        first cannot be estimated, a random intercept with CR2 by student is used and a Check says so.
    contrasts : {"reference", "pairwise"}, default "reference"
        With more than two groups: each with the reference, or all pairs.
    anova : bool, default False
        Also the analysis of variance of repeated measures, of the students with all waves.
    adjustment : {"max-t", "step-down", "holm"}, default "max-t"
        For the differences in change at all waves and of all outcomes together.
    primary : str, optional
        The one outcome declared as primary beforehand; its waves are then a family of their own.
    conf_level : float, default 0.95
    resamples : int, default 9999
    seed : int, default 20260206

    Raises
    ------
    DesignError
        For a study, or an outcome, of fewer than three waves, a group without any score at a wave, classes that cannot
        be told apart from the groups, or members who joined after the last wave.

    Notes
    -----
    Makes ``estimates`` (``mean_change`` and ``mean_slope`` of each group, ``difference_in_changes`` and
    ``difference_in_slopes``; of yes-or-no outcomes ``share_change`` and ``difference_in_share_changes``, CR2),
    ``tests`` (waves, interaction), ``groups`` and ``values`` at each wave, ``attrition``, ``ledger`` and, with
    ``anova``, ``quantities``. Membership is that at the last wave. Ordered categories are not compared.

    References
    ----------
    Jennrich and Schluchter (1986) doi:10.2307/2530695. Mallinckrodt et al. (2008) doi:10.1177/009286150804200402. Fai
    and Cornelius (1996) doi:10.1080/00949659608811740. Greenhouse and Geisser (1959) doi:10.1007/BF02289823.

    Examples
    --------
    >>> import society_effects as se
    >>> table = {"society": ["yes"] * 5 + ["no"] * 5, "t1": [50, 60, 70, 80, 65, 55, 65, 75, 85, 70],
    ...          "t2": [55, 66, 73, 88, 70, 54, 67, 75, 86, 71], "t3": [62, 70, 80, 91, 71, 57, 66, 78, 84, 74]}
    >>> study = se.Study(table, group="society", waves={"identity": {"t1": "t1", "t2": "t2", "t3": "t3"}})
    >>> estimates = se.RepeatedMeasures().fit(study).estimates
    >>> estimates[estimates["primary"]][["measure", "wave", "estimate"]].to_string(index=False, header=False).split()
    ['difference_in_changes', 't2', '4.8', 'difference_in_changes', 't3', '8.0']
    """

    covariance: str = "unstructured"
    contrasts: str = "reference"
    anova: bool = False
    adjustment: str = "max-t"
    primary: str | None = None
    conf_level: float = 0.95
    resamples: int = 9999
    seed: int = DEFAULT_SEED

    key: ClassVar[str] = "repeated_measures"
    needs: ClassVar = "rows"
    makes: ClassVar[tuple[str, ...]] = ("estimates", "tests", "groups", "values", "ledger")
    may_make: ClassVar[tuple[str, ...]] = ("quantities", "attrition", "truth")
    default_figures: ClassVar[tuple[str, ...]] = ("change", "forest")
    start_grade: ClassVar[str] = "D"
    compares_groups: ClassVar[bool] = False
    fewest_waves: ClassVar[int] = FEWEST_WAVES
    uses: ClassVar[frozenset[str]] = frozenset({"cluster", "waves", "joined"})

    def __post_init__(self) -> None:
        valid_conf_level(self.conf_level)
        valid_draws(self.resamples, self.seed)
        valid_contrasts(self.contrasts)
        if self.covariance not in COVARIANCES:
            raise DesignError("UNKNOWN_COVARIANCE", value=repr(self.covariance), allowed=COVARIANCES)
        if self.adjustment not in ADJUSTMENTS:
            raise DesignError("UNKNOWN_ADJUSTMENT", value=repr(self.adjustment), allowed=ADJUSTMENTS)

    def compare(self, study: Study, draft: Draft) -> None:
        """Describe the changes of each group over the waves, and compare them."""
        known_primary(self.primary, study)
        if study.group is None:
            draft.check("NO_COMPARISON_GROUP", "warn")
        else:
            draft.provenance |= {"member": study.member, "reference": study.reference}
            membership_between(draft, study, (study.waves[0], study.waves[-1]))
            for wave in study.waves[1:-1]:
                left_between(draft, study, (wave, study.waves[-1]))
        task = Comparison(draft, study, contrasts_of(study, self.contrasts), classes_of(study))
        panels = [panel for outcome in study.outcomes if (panel := self._outcome(task, outcome))]
        adjust_families(task)
        say_primary(draft)
        say_discordant(draft)
        for panel in panels if self.anova else ():
            if panel.outcome.kind != "binary":
                write_anova(draft, panel)
        for fact in study.source.get("truth") or ():
            draft.row("truth", **fact)

    def _outcome(self, task: Comparison, outcome: Outcome) -> Panel | None:
        """Compare the waves of one outcome; nothing where its kind is not compared over waves."""
        draft = task.draft
        if outcome.kind not in KINDS:
            key = "ORDINAL_NOT_COMPARED" if outcome.kind == "ordinal" else "KIND_NOT_COMPARED"
            draft.check(key, "fail", outcome.column)
            return None
        panel = panel_of(task.study, outcome, task.classes)
        write_panel(draft, panel, self.conf_level)
        fit = fit_waves(panel, self.covariance)
        if fit.fell_back:
            draft.check("WAVES_FALLBACK", "warn", outcome.column)
        elif self.covariance == "random-intercept" and not fit.robust:
            draft.check("PARALLEL_LINES", "warn", outcome.column)
        compare_waves(OverWaves(task, panel, fit))
        return panel
