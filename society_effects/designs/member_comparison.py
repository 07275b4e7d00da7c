"""Members against non-members, measured once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ..errors import DesignError
from ..stats.resampling import DEFAULT_SEED
from ..study.roles import AFTER, BEFORE
from ..study.study import Study
from .classes import Classes, classes_of
from .common import Design, known_primary, valid_conf_level, valid_draws
from .comparing import (
    comparing_categories,
    comparing_classes,
    comparing_counts,
    comparing_means,
    comparing_orders,
    comparing_shares,
)
from .comparing.equivalences import Margin, margins_of, valid_margin, write_equivalence
from .comparing.student_values import write_values
from .comparison import Comparison, contrasts_of, valid_contrasts
from .comparison_notes import write_notes
from .describing import table_one
from .draft import Draft
from .families import ADJUSTMENTS, adjust_families
from .group_rows import describe_groups

COMPARERS = {
    "continuous": comparing_means,
    "binary": comparing_shares,
    "ordinal": comparing_orders,
    "nominal": comparing_categories,
    "count": comparing_counts,
}
"""How each kind of outcome is compared between independent students: METHODS (the first is the default), ``compare``.
Students who share classes are compared by ``comparing_classes``."""
METHODS = {method for comparer in COMPARERS.values() for method in comparer.METHODS}
CLASS_METHODS = {method for methods in comparing_classes.METHODS.values() for method in methods}


@dataclass(frozen=True)
class MemberComparison(Design):
    """How do members and non-members differ on each outcome?

    Use it when every student was measured once. It describes differences between groups that formed themselves:
    students who join may have been better before, so nothing here shows what the society does. It compares scores,
    yes-or-no outcomes, ordered and unordered categories and counts; two groups or several (never, former, member,
    officer); students who are independent of each other, or who share classes (``cluster=`` of the study).

    It does not assume equal variances, it never pretests anything, and it never compares students who share classes as
    if they did not.

    Parameters
    ----------
    method : str, optional
        The method for the outcomes it belongs to; the others keep their default.
        Continuous outcomes: ``"welch"`` (default), ``"student"``, ``"permutation"`` (studentised), ``"bootstrap"``
        (bootstrap-t), ``"mann-whitney"`` (with the Hodges-Lehmann shift), ``"trimmed"`` (20 % trimmed means, Yuen).
        Binary outcomes: ``"boschloo"`` (default up to 200 students), ``"pearson"`` (default above), ``"fisher"``
        (default above where fewer than five events are expected in a cell), ``"yates"``; always Newcombe's interval.
        Ordinal outcomes: ``"brunner-munzel"`` (default; permuted where a group has fewer than 15 students),
        ``"permutation"``. Nominal outcomes: ``"pearson"`` (default), ``"permutation"`` (default where few students are
        expected in some cells), ``"fisher"``. Counts: ``"poisson"`` (default, robust), ``"exact"`` (default below ten
        events in a group).
        Students who share classes: ``"cr2"`` (default where membership varies inside classes, and from 30 whole
        classes on), ``"cluster-means"`` (default for whole classes as members), ``"cluster-permutation"`` (default
        where a group has fewer than four whole classes), ``"wild-bootstrap"``.
    contrasts : {"reference", "pairwise"}, default "reference"
        With more than two groups: each against the reference, or all pairs.
    margin : float or {outcome: float}, optional
        Smallest difference that matters, in units of the outcome (below 1, a share, for yes-or-no outcomes), set
        beforehand; each difference is then also tested for equivalence. One number is for outcomes of one kind and
        unit. By default the margins of the outcomes.
    primary : str, optional
        The one outcome declared as primary beforehand: its P value stands outside the family of the others.
    adjustment : {"max-t", "step-down", "holm"}, default "max-t"
        How P values are adjusted for several comparisons. ``"max-t"`` also gives simultaneous intervals; tests that
        cannot be resampled with the others stand in the same step by Bonferroni's inequality. Without the students
        themselves, or with fewer than two comparisons that can be resampled, Holm's method is used.
    conf_level : float, default 0.95
        Confidence level of every interval.
    resamples : int, default 9999
        Resamples of every random step.
    seed : int, default 20260206
        Seed of every random step; kept with the result.

    Raises
    ------
    DesignError
        For several waves, a group without students, a margin that cannot be that of its outcome, classes that cannot
        be told apart from the groups (a single class, a group in a single class), or a method that fits no outcome or
        not this kind of study.

    Notes
    -----
    Makes ``groups``, ``ledger`` and, except of nominal outcomes, ``estimates``: member minus non-member throughout.
    The primary row of a continuous outcome is the mean difference in points (beside it ``d_average``, ``hedges_g`` and
    the probability of superiority), of a binary one the risk difference (risk ratio, odds ratio), of an ordinal one
    the probability of superiority (``cliffs_delta``), of a count the rate ratio (difference). ``tests``: several
    groups together, trends over ordered ``levels=``, nominal outcomes, equivalence. ``quantities``: omega squared,
    Cramér's V, intraclass correlation and design effect. ``clusters``: the mean of each class. ``density`` and
    ``values``: what figures draw. ``baseline``: Table 1 of the covariates.

    References
    ----------
    Welch (1947) doi:10.1093/biomet/34.1-2.28. Bonett (2008) doi:10.1037/1082-989X.13.2.99.
    Hedges (1981) doi:10.3102/10769986006002107. Brunner and Munzel (2000)
    doi:10.1002/(SICI)1521-4036(200001)42:1<17::AID-BIMJ17>3.0.CO;2-U.
    Newcombe (1998) doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    Pustejovsky and Tipton (2018) doi:10.1080/07350015.2016.1247004.
    Romano and Wolf (2005) doi:10.1198/016214504000000539. Games and Howell (1976) doi:10.3102/10769986001002113.
    Schuirmann (1987) doi:10.1007/BF01068419. Holm (1979), Scandinavian Journal of Statistics 6:65-70.

    Examples
    --------
    >>> import society_effects as se
    >>> result = se.MemberComparison().fit(se.load_sample("clinical_skills_667"))
    >>> result.claim
    'association'
    """

    method: str | None = None
    contrasts: str = "reference"
    margin: Margin = None
    primary: str | None = None
    adjustment: str = "max-t"
    conf_level: float = 0.95
    resamples: int = 9999
    seed: int = DEFAULT_SEED

    key: ClassVar[str] = "member_comparison"
    makes: ClassVar[tuple[str, ...]] = ("groups", "ledger")
    may_make: ClassVar[tuple[str, ...]] = (
        "estimates",
        "tests",
        "quantities",
        "clusters",
        "values",
        "density",
        "baseline",
        "truth",
    )
    default_figures: ClassVar[tuple[str, ...]] = (
        "estimation",
        "proportions",
        "likert",
        "shares",
        "cluster_means",
        "forest",
    )
    start_grade: ClassVar[str] = "E"
    uses: ClassVar[frozenset[str]] = frozenset({"cluster", "margin"})

    def __post_init__(self) -> None:
        valid_conf_level(self.conf_level)
        valid_contrasts(self.contrasts)
        valid_margin(self.margin)
        if self.method is not None and self.method not in METHODS | CLASS_METHODS:
            known = tuple(sorted(METHODS | CLASS_METHODS))
            raise DesignError("UNKNOWN_METHOD", method=self.method, allowed=known)
        if self.adjustment not in ADJUSTMENTS:
            raise DesignError("UNKNOWN_ADJUSTMENT", value=repr(self.adjustment), allowed=ADJUSTMENTS)
        valid_draws(self.resamples, self.seed)

    def view(self, study: Study) -> Study:
        """Of a study with a baseline, the later score."""
        return study.at(wave=AFTER) if study.waves == (BEFORE, AFTER) else study

    def compare(self, study: Study, draft: Draft) -> None:
        """Compare the groups on every outcome."""
        _filled_groups(draft)
        known_primary(self.primary, study)
        margins = margins_of(study, self.margin)
        classes = classes_of(study)
        methods = self._method_of_each_kind(study, draft, classes)
        task = Comparison(draft, study, contrasts_of(study, self.contrasts), classes)
        draft.provenance |= {"member": study.member, "reference": study.reference}
        describe_groups(draft, study, self.conf_level)
        for kind, comparer in COMPARERS.items():
            outcomes = [o for o in study.outcomes if o.kind == kind]
            if outcomes and classes is not None:
                comparing_classes.compare(task, classes, outcomes, methods[kind])
            elif outcomes:
                comparer.compare(task, outcomes, methods[kind])
        _order_as_declared(draft, study)
        adjust_families(task)
        write_equivalence(task, margins)
        write_values(task)
        _baseline(draft, study)
        write_notes(task, margins)

    def _method_of_each_kind(self, study: Study, draft: Draft, classes: Classes | None) -> Mapping[str, str | None]:
        """Which method does each kind of outcome get (None: its default)?"""
        independent = {kind: comparer.METHODS for kind, comparer in COMPARERS.items()}
        fitting = independent if classes is None else comparing_classes.METHODS
        if self.method is None:
            return dict.fromkeys(COMPARERS)
        others = [o.column for o in study.outcomes if self.method not in fitting[str(o.kind)]]
        if self.method not in (METHODS if classes is None else CLASS_METHODS):
            code = "METHOD_NEEDS_CLASSES" if classes is None else "METHOD_IGNORES_CLASSES"
            allowed = tuple(dict.fromkeys(m for o in study.outcomes for m in fitting[str(o.kind)]))
            raise DesignError(code, method=self.method, cluster=study.cluster, allowed=allowed)
        if classes is not None and self.method in comparing_classes.WHOLE_CLASSES and not classes.whole:
            raise DesignError("METHOD_NEEDS_WHOLE_CLASSES", method=self.method, cluster=study.cluster)
        if len(others) == len(study.outcomes):
            kinds = tuple(dict.fromkeys(o.kind for o in study.outcomes))
            raise DesignError("METHOD_FITS_NO_OUTCOME", method=self.method, kinds=kinds)
        if others:
            draft.check("METHOD_NOT_APPLIED", method=self.method, outcomes=tuple(others))
        return {kind: self.method if self.method in methods else None for kind, methods in fitting.items()}


def _filled_groups(draft: Draft) -> None:
    for cell in draft.cells:
        if cell["n"] == 0:
            raise DesignError("EMPTY_ARM", outcome=cell["outcome"], group=cell["group"])


def _order_as_declared(draft: Draft, study: Study) -> None:
    place = {o.column: i for i, o in enumerate(study.outcomes)}
    for frame in ("estimates", "tests", "quantities", "clusters"):
        draft.rows(frame).sort(key=lambda row: place[row["outcome"]])


def _baseline(draft: Draft, study: Study) -> None:
    names = study.covariate_names
    if names and study.has_rows:
        table_one(draft, study, names)
        draft.check("COVARIATES_NOT_ADJUSTED", "warn", names=tuple(names))
