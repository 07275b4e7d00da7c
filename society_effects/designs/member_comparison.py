"""Members against non-members, measured once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ..errors import DesignError
from ..findings.lookup import alpha, shown_p
from ..stats.density import kernel_density
from ..stats.multiplicity import holm
from ..stats.resampling import DEFAULT_SEED
from ..stats.totals import is_total
from ..study.roles import AFTER, BEFORE
from ..study.study import Study
from . import comparing_means, comparing_shares
from .common import Design, valid_conf_level
from .describing import describe_groups, table_one
from .draft import Draft

DRAWN_ONE_BY_ONE = 2000
"""Students of a group up to which a figure draws each of them."""
COMPARERS = {"continuous": comparing_means, "binary": comparing_shares}
"""How each kind of outcome is compared: a module with METHODS (the first is the default) and ``compare``."""


@dataclass(frozen=True)
class MemberComparison(Design):
    """How do members and non-members differ on each outcome?

    Use it when every student was measured once. It describes a difference between two groups that formed themselves:
    students who join may have been better before, so nothing here shows what the society does.

    It assumes that students are independent of each other and, for the interval of a mean difference, that the means
    are roughly normal; it does not assume equal variances, and it never pretests anything.

    Parameters
    ----------
    method : str, optional
        The method for the outcomes it belongs to; the others keep their default.
        Continuous outcomes: ``"welch"`` (default), ``"student"``, ``"permutation"`` (studentised), ``"bootstrap"``
        (bootstrap-t), ``"mann-whitney"`` (with the Hodges-Lehmann shift), ``"trimmed"`` (20 % trimmed means, Yuen).
        Binary outcomes: ``"boschloo"`` (default up to 200 students), ``"pearson"`` (default above), ``"fisher"``
        (default above where fewer than five events are expected in a cell), ``"yates"``; always Newcombe's interval.
    conf_level : float, default 0.95
        Confidence level of every interval.
    resamples : int, default 9999
        Resamples of the permutation and bootstrap methods.
    seed : int, default 20260206
        Seed of every random step; kept with the result.

    Raises
    ------
    DesignError
        For a declared cluster, several waves, a group without students, or a method that fits no outcome.

    Notes
    -----
    Makes ``estimates`` (per continuous outcome the mean difference in points (primary), ``d_average``, ``hedges_g``
    and, from rows, the probability of superiority; per binary outcome the risk difference (primary), risk ratio and
    odds ratio; members minus non-members throughout; several outcomes: Holm-adjusted P values beside the raw ones),
    ``groups``, ``density`` and ``values`` (what the estimation plot draws), ``baseline`` (Table 1 of the covariates, if
    there are any) and ``ledger`` (who was analysed).

    References
    ----------
    Welch (1947) doi:10.1093/biomet/34.1-2.28. Bonett (2008) doi:10.1037/1082-989X.13.2.99.
    Hedges (1981) doi:10.3102/10769986006002107. Brunner and Munzel (2000)
    doi:10.1002/(SICI)1521-4036(200001)42:1<17::AID-BIMJ17>3.0.CO;2-U.
    Newcombe (1998) doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    Holm (1979), Scandinavian Journal of Statistics 6:65-70.

    Examples
    --------
    >>> import society_effects as se
    >>> result = se.MemberComparison().fit(se.load_sample("clinical_skills_667"))
    >>> result.claim
    'association'
    """

    method: str | None = None
    conf_level: float = 0.95
    resamples: int = 9999
    seed: int = DEFAULT_SEED

    key: ClassVar[str] = "member_comparison"
    makes: ClassVar[tuple[str, ...]] = ("estimates", "groups", "ledger")
    may_make: ClassVar[tuple[str, ...]] = ("values", "density", "baseline", "truth")
    default_figures: ClassVar[tuple[str, ...]] = ("estimation", "proportions", "forest")
    start_grade: ClassVar[str] = "E"

    def __post_init__(self) -> None:
        valid_conf_level(self.conf_level)
        if self.method is not None and self.method not in _kinds_of_methods():
            raise DesignError("UNKNOWN_METHOD", method=self.method, allowed=tuple(_kinds_of_methods()))
        if not (isinstance(self.resamples, int) and self.resamples >= 99):
            raise DesignError("BAD_RESAMPLES", value=repr(self.resamples))
        if not (isinstance(self.seed, int) and self.seed >= 0):
            raise DesignError("BAD_SEED", value=repr(self.seed))

    def view(self, study: Study) -> Study:
        """Of a study with a baseline, the later score."""
        return study.at(wave=AFTER) if study.waves == (BEFORE, AFTER) else study

    def compare(self, study: Study, draft: Draft) -> None:
        """Compare the two groups on every outcome."""
        _two_filled_groups(draft, study)
        methods = self._method_per_outcome(study, draft)
        describe_groups(draft, study, self.conf_level)
        for kind, comparer in COMPARERS.items():
            outcomes = [o for o in study.outcomes if o.kind == kind]
            if outcomes:
                comparer.compare(draft, study, outcomes, methods[kind])
        _order_as_declared(draft, study)
        _adjust_families(draft, study)
        _values(draft, study)
        _baseline(draft, study)
        _truth(draft, study)
        _notes(draft, study)

    def _method_per_outcome(self, study: Study, draft: Draft) -> Mapping[str, str | None]:
        """Which method does each kind of outcome get (None: its default)?"""
        unsupported = [o for o in study.outcomes if o.kind not in COMPARERS]
        if unsupported:
            first = unsupported[0]
            raise DesignError("KIND_NOT_SUPPORTED", design=self.key, outcome=first.column, kind=first.kind)
        if self.method is None:
            return dict.fromkeys(COMPARERS)
        fitting = _kinds_of_methods()[self.method]
        others = [o.column for o in study.outcomes if o.kind not in fitting]
        if len(others) == len(study.outcomes):
            kinds = tuple(dict.fromkeys(o.kind for o in study.outcomes))
            raise DesignError("METHOD_FITS_NO_OUTCOME", method=self.method, kinds=kinds)
        if others:
            draft.check("METHOD_NOT_APPLIED", method=self.method, outcomes=tuple(others))
        return {kind: self.method if kind in fitting else None for kind in COMPARERS}


def _kinds_of_methods() -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for kind, comparer in COMPARERS.items():
        for method in comparer.METHODS:
            kinds.setdefault(method, set()).add(kind)
    return kinds


def _two_filled_groups(draft: Draft, study: Study) -> None:
    if len(study.levels) != 2:
        other = next(level for level in study.levels if level not in (study.member, study.reference))
        raise DesignError("NOT_TWO_GROUPS", group=study.group, levels=tuple(study.levels), other=other)
    for cell in draft.cells:
        if cell["n"] == 0:
            raise DesignError("EMPTY_ARM", outcome=cell["outcome"], group=cell["group"])


def _order_as_declared(draft: Draft, study: Study) -> None:
    place = {o.column: i for i, o in enumerate(study.outcomes)}
    draft.rows("estimates").sort(key=lambda row: place[row["outcome"]])


def _adjust_families(draft: Draft, study: Study) -> None:
    """Holm-adjust the primary P values of each family of at least two outcomes.

    Families are those declared; without any, all outcomes but totals that contain others.
    """
    declared = any(o.family for o in study.outcomes)
    family_of = {o.column: o.family if declared else (None if o.parts else "outcomes") for o in study.outcomes}
    for family in dict.fromkeys(f for f in family_of.values() if f):
        rows = [r for r in draft.rows("estimates") if r["primary"] and family_of[r["outcome"]] == family]
        tested = [r for r in rows if r["p_value"] == r["p_value"]]
        if len(tested) < 2:
            continue
        if len(tested) < len(rows):
            draft.check("P_OUTSIDE_FAMILY", "warn", outcomes=tuple(r["outcome"] for r in rows if r not in tested))
        for row, p_adjusted in zip(tested, holm([r["p_value"] for r in tested]), strict=True):
            row |= {"family": family, "p_adjusted": float(p_adjusted)}
        draft.check("HOLM_ADJUSTED", k=len(tested), outcomes=tuple(r["outcome"] for r in tested), family=family)


def _values(draft: Draft, study: Study) -> None:
    """Keep the students' values, which figures draw behind the estimates."""
    if not study.has_rows:
        return
    matrix, groups, units = study.matrix(), study.units["group"].to_numpy(object), study.units.index.to_numpy(object)
    for column, outcome in enumerate(study.outcomes):
        seen = matrix[:, column] == matrix[:, column]
        draft.column_rows(
            "values",
            int(seen.sum()),
            unit=units[seen],
            outcome=outcome.column,
            group=groups[seen],
            value=matrix[seen, column],
        )
        for level in study.levels if outcome.kind == "continuous" else ():
            _density_of_many(draft, outcome.column, level, matrix[seen & study.arm(level), column])


def _density_of_many(draft: Draft, outcome: str, level: str, values: np.ndarray) -> None:
    """The density of a group too large for its students to be drawn one by one."""
    if len(values) > DRAWN_ONE_BY_ONE:
        x, density = kernel_density(values)
        draft.column_rows("density", len(x), outcome=outcome, group=level, x=x, density=density)


def _baseline(draft: Draft, study: Study) -> None:
    names = study.covariate_names
    if not (names and study.has_rows):
        return
    table_one(draft, study, names)
    draft.check("COVARIATES_NOT_ADJUSTED", "warn", names=tuple(names))


def _notes(draft: Draft, study: Study) -> None:
    """What should a reader know about these comparisons as a whole?"""
    for outcome in study.outcomes:
        if outcome.parts:
            draft.check("PART_WHOLE", outcome=outcome.column, names=tuple(outcome.parts))
    _undeclared_total(draft, study)
    if not all(o.margin for o in study.outcomes):
        draft.check("NO_SESOI")
    defined = [row for row in draft.rows("estimates") if row["conf_low"] == row["conf_low"]]
    level = alpha(draft.settings["conf_level"])
    tested = [r for r in defined if r["primary"] and r["p_value"] == r["p_value"]]
    not_shown = tuple(r["outcome"] for r in tested if not (_excludes_null(r) and shown_p(r)[0] < level))
    if not_shown:
        draft.check("NOT_EQUIVALENT", outcomes=not_shown)
    coarse = {check.outcome for check in draft.checks if check.key == "CONF_LEVEL_NOT_REACHED"}
    for row in defined:
        explained = row["measure"] == "hodges_lehmann" and row["outcome"] in coarse
        if not explained and row["p_value"] == row["p_value"] and _excludes_null(row) != (row["p_value"] < level):
            draft.check("P_CI_DISCORDANT", "warn", row["outcome"], measure=row["measure"])


def _truth(draft: Draft, study: Study) -> None:
    """Keep what a simulation knows to be true beside what was found."""
    for fact in study.source.get("truth") or ():
        draft.row("truth", **fact)


def _undeclared_total(draft: Draft, study: Study) -> None:
    """Say where one score is the sum or mean of the others, which the study does not declare."""
    scores = [o.column for o in study.outcomes if o.kind == "continuous"]
    if not study.has_rows or any(o.parts for o in study.outcomes):
        return
    table = study.matrix(scores) if scores else np.empty((0, 0))
    for i, column in enumerate(scores):
        if is_total(table[:, i], np.delete(table, i, axis=1)):
            draft.check("UNDECLARED_TOTAL", "warn", column, names=tuple(name for name in scores if name != column))


def _excludes_null(row: Mapping[str, Any]) -> bool:
    return not row["conf_low"] <= row["null_value"] <= row["conf_high"]
