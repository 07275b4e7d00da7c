"""Members against non-members with the same covariates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from ..errors import DesignError
from ..stats.resampling import DEFAULT_SEED
from ..study.earlier import earlier_scores, with_earlier_scores
from ..study.study import Study
from .adjusting.adjustment import TARGETS, Adjustment, Answer
from .adjusting.answers import BY_KIND, METHODS, answer_of, check_method, model_of
from .adjusting.comparability import write_comparability, write_weights
from .adjusting.covariates_of import say_timing, terms_of
from .adjusting.fits import write_fit
from .adjusting.influential_students import write_influential
from .adjusting.regression_rows import write_answer
from .adjusting.students_compared import adjustments_of
from .adjusting.subgroups import known_subgroups, write_subgroups
from .adjusting.tables_of_terms import write_sums_of_squares
from .adjusting.unmeasured import write_unmeasured
from .classes import classes_of
from .common import Design, known_primary, settle_names, valid_conf_level, valid_draws
from .comparing.student_values import write_values
from .comparison import Comparison, contrasts_of
from .comparison_notes import say_discordant, say_primary
from .describing import table_one
from .draft import Draft
from .families import ADJUSTMENTS, adjust_families
from .waves.membership_over_waves import membership_between
from .waves.wave_pairs import wave_pair

WITHIN = ("auto", "fixed", "mundlak", None)
SUMS_OF_SQUARES = (2, 3)


@dataclass(frozen=True)
class RegressionAdjustment(Design):
    """How do members and non-members with the same covariates differ?

    Use it when students chose to join and you know something of them from before: sex, year, prior achievement,
    motivation. It compares members with non-members who are alike in all of that. It cannot compare them on what was
    not measured; how strong such a cause would have to be is written beside every number.

    It assumes that members and non-members with the same covariates would have scored alike without the society, that
    the covariates were measured before anybody joined, and that for every member there are comparable non-members.

    Parameters
    ----------
    estimand : {"att", "ate"}, default "att"
        Whom the average is taken over: those who joined, or all students.
    covariates : sequence of str, optional
        Names of covariates, or terms: ``"bs(prior_score, 4)"``, ``"C(year)"``, ``"sex:year"``. By default all
        covariates of the study.
    adjust_for_baseline : bool, default True
        Of a study with waves: also adjust each outcome for its own earlier score.
    first, last : wave, optional
        The two waves; needed where the study has more than two.
    within_cluster : {"auto", "fixed", "mundlak", None}, default "auto"
        How students in classes are compared: with classmates only (``"fixed"``), with classmates by the means of the
        classes (``"mundlak"``), or with everybody (None). By default with classmates where membership varies inside
        classes.
    method : str, optional
        ``"hc2"`` (degrees of freedom of Bell and McCaffrey), ``"wild-bootstrap"`` (of the classes), of yes-or-no
        outcomes ``"modified-poisson"`` (conditional risk ratio beside the difference), of whole classes
        ``"cluster-permutation"``.
    subgroups : sequence of str, optional
        Covariates by which the differences are compared between subgroups.
    sums_of_squares : {2, 3}, optional
        Also a table of F tests of all terms by sums of squares of this type.
    primary : str, optional
        The one outcome declared as primary beforehand: its P value stands outside the family of the others.
    adjustment : {"max-t", "holm"}, default "max-t"
    conf_level : float, default 0.95
    resamples : int, default 9999
    seed : int, default 20260206

    Raises
    ------
    DesignError
        For a study without covariates, an unknown covariate or term, covariates that membership follows from, an empty
        group, or classes that cannot be told apart from the groups.

    Notes
    -----
    Makes ``estimates``: of scores ``adjusted_mean_difference`` (Lin's regression centred at those aimed at, HC3 with
    t(n - p) and the sampling of the target; CR2 with classes), of yes-or-no outcomes ``adjusted_share_difference``
    with risk and odds ratios by standardisation, of counts ``adjusted_rate_ratio``, of ordered categories
    ``adjusted_superiority``; beside each the unadjusted number of the same students. ``coefficients``,
    ``adjusted_means``, ``balance``, ``baseline``, ``sensitivity``, ``surface``, ``influential``, ``tests``,
    ``quantities``, ``groups``, ``values``, ``ledger``.

    References
    ----------
    Lin (2013) doi:10.1214/12-AOAS583. Cinelli and Hazlett (2020) doi:10.1111/rssb.12348. VanderWeele and Ding (2017)
    doi:10.7326/M16-2607. Pustejovsky and Tipton (2018) doi:10.1080/07350015.2016.1247004.

    Examples
    --------
    >>> import society_effects as se
    >>> result = se.RegressionAdjustment().fit(se.load_sample("clinical_skills_667"))
    >>> result.claim
    'adjusted_association'
    """

    estimand: str = "att"
    covariates: tuple[str, ...] | None = None
    adjust_for_baseline: bool = True
    first: str | None = None
    last: str | None = None
    within_cluster: str | None = "auto"
    method: str | None = None
    subgroups: tuple[str, ...] = ()
    sums_of_squares: int | None = None
    primary: str | None = None
    adjustment: str = "max-t"
    conf_level: float = 0.95
    resamples: int = 9999
    seed: int = DEFAULT_SEED

    key: ClassVar[str] = "regression_adjustment"
    needs: ClassVar = "rows"
    makes: ClassVar[tuple[str, ...]] = ("groups", "ledger", "values")
    may_make: ClassVar[tuple[str, ...]] = (
        "estimates",
        "tests",
        "quantities",
        "coefficients",
        "adjusted_means",
        "balance",
        "baseline",
        "sensitivity",
        "surface",
        "influential",
        "lines",
        "density",
        "truth",
    )
    default_figures: ClassVar[tuple[str, ...]] = ("forest", "adjusted_means", "subgroups", "contour")
    start_grade: ClassVar[str] = "C"
    uses: ClassVar[frozenset[str]] = frozenset({"cluster", "waves", "joined"})

    def __post_init__(self) -> None:
        valid_conf_level(self.conf_level)
        valid_draws(self.resamples, self.seed)
        self._one_of("estimand", tuple(TARGETS))
        self._one_of("within_cluster", WITHIN)
        self._one_of("method", (None, *METHODS))
        self._one_of("sums_of_squares", (None, *SUMS_OF_SQUARES))
        if self.adjustment not in ADJUSTMENTS:
            raise DesignError("UNKNOWN_ADJUSTMENT", value=repr(self.adjustment), allowed=ADJUSTMENTS)
        settle_names(self, "covariates", "subgroups")

    def _one_of(self, setting: str, allowed: tuple[Any, ...]) -> None:
        if getattr(self, setting) not in allowed:
            value = repr(getattr(self, setting))
            raise DesignError("UNKNOWN_CHOICE", setting=setting, value=value, allowed=tuple(map(repr, allowed)))

    def view(self, study: Study) -> Study:
        """Of a study with waves, the later one, with the earlier scores as covariates where these are adjusted for."""
        if not study.waves:
            return study
        first, last = wave_pair(study, self.first, self.last)
        return with_earlier_scores(study, first, last) if self.adjust_for_baseline else study.at(wave=last)

    def draft(self, study: Study) -> Draft:
        """Everything this design writes of this study; of one with waves, also who joined or left when."""
        draft = super().draft(study)
        if study.waves:
            waves, earlier = wave_pair(study, self.first, self.last), self.adjust_for_baseline
            if membership_between(draft, study, waves, earlier_used=earlier) and earlier:
                draft.check("BAD_CONTROL", "warn", names=earlier_scores(draft.study))
        return draft

    def compare(self, study: Study, draft: Draft) -> None:
        """Compare the groups on every outcome among students with the same covariates."""
        known_primary(self.primary, study)
        known_subgroups(self.subgroups, study.covariate_names)
        task = Comparison(draft, study, contrasts_of(study, "reference"), classes_of(study))
        check_method(task, self.method)
        draft.provenance |= {"member": study.member, "reference": study.reference}
        models: dict[str, Callable[[], Any]] = {}
        alike: dict[tuple[str, ...], list[Adjustment]] = {}
        for outcome in study.outcomes:
            if outcome.kind not in BY_KIND:
                draft.check("KIND_NOT_ADJUSTED", "fail", outcome.column)
                continue
            terms = terms_of(study, self.covariates, outcome, self._earlier(study))
            for adjustment in adjustments_of(task, outcome, terms, self):
                answer = answer_of(adjustment)
                self._write(adjustment, answer)
                alike.setdefault((*terms, adjustment.contrast.group), []).append(adjustment)
                name = f"{outcome.column}: {adjustment.contrast.group}" if task.several else outcome.column
                models[name] = model_of(adjustment, answer)
        for adjustments in alike.values():
            write_comparability(adjustments)
        used = tuple(dict.fromkeys(name for own in alike.values() for name in own[0].covariates.used))
        say_timing(draft, study, used)
        adjust_families(task)
        say_primary(draft)
        say_discordant(draft)
        write_values(task)
        table_one(draft, study, used)
        draft.model = _together(models)
        for fact in study.source.get("truth") or ():
            draft.row("truth", **fact)

    def _write(self, adjustment: Adjustment, answer: Answer) -> None:
        """Write all that is found of one outcome and contrast."""
        write_answer(adjustment, answer)
        write_fit(adjustment, answer)
        write_weights(adjustment, answer)
        write_unmeasured(adjustment, answer)
        write_influential(adjustment, answer)
        write_subgroups(adjustment, answer, self.subgroups)
        if self.sums_of_squares is not None and adjustment.outcome.kind == "continuous":
            write_sums_of_squares(adjustment, self.sums_of_squares)

    def _earlier(self, study: Study) -> str | None:
        """The wave of the earlier scores that stand among the covariates; None where there are none."""
        names = earlier_scores(study) if self.adjust_for_baseline else ()
        return next((name.rpartition("@")[2] for name in names), None)


def _together(models: dict[str, Callable[[], Any]]) -> Callable[[], Any] | None:
    """What makes the models: of one outcome the model itself, of several one by name."""
    if len(models) < 2:
        return next(iter(models.values()), None)
    return lambda: {name: make() for name, make in models.items()}
