"""Members and non-members, before and after: two answers to one question, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..errors import DesignError
from ..stats.resampling import DEFAULT_SEED
from ..study.study import Study
from .classes import classes_of
from .common import Design, known_primary, valid_conf_level, valid_draws
from .comparison import Comparison, contrasts_of
from .comparison_notes import say_discordant, say_primary
from .draft import Draft
from .families import ADJUSTMENTS, adjust_families
from .waves.changing import METHODS
from .waves.comparing_changes import Question, compare_changes
from .waves.lord import write_lord
from .waves.membership_over_waves import membership_between
from .waves.pre_post_settings import Reliability, grid_of, valid_reliability
from .waves.wave_pairs import pairs_of, wave_pair, write_pairs

HEADLINES = ("ancova", "change", "both")
SELECTION = {"baseline": "ancova", "stable": "change"}
"""What students were selected on -> the analysis whose assumption this is."""


@dataclass(frozen=True)
class PrePostControl(Design):
    """Did the members' scores change more than those of comparable non-members?

    Use it when members and non-members were measured before and after. There are two answers, and with students who
    chose to join they can disagree, even in sign (Lord's paradox). The **analysis of covariance** compares students
    with the same earlier score: right where joining depended on that score. The **change score** compares the changes:
    right where both groups would have changed alike. Both are always shown. They bracket the truth only if one of the
    two assumptions holds; not if both fail.

    Neither the difference before nor "percentage change" is ever tested.

    Parameters
    ----------
    headline : {"ancova", "change", "both"}, optional
        Which answer leads. By default the one that ``selection_on`` calls for, otherwise the analysis of covariance.
    selection_on : {"baseline", "stable"}, optional
        What joining depended on: the earlier score itself, or something that does not change (and moves both scores
        alike).
    first, last : wave, optional
        The two waves; needed where the study has more than two.
    reliability : float or sequence of floats, optional
        Reliability of the earlier score *within* the groups; the analysis of covariance is repeated as if its errors
        of measurement were taken out. By default 0.6, 0.7, 0.8, 0.9 and 1 are tried; nothing is taken out with
        ``selection_on="baseline"``, where joining depended on the score as observed, errors included.
    primary : str, optional
        The one outcome declared as primary beforehand: its P values stand outside the family of the others.
    adjustment : {"max-t", "holm"}, default "max-t"
    conf_level : float, default 0.95
    resamples : int, default 1999
    seed : int, default 20260206

    Raises
    ------
    DesignError
        For a study of one wave or without a group, an empty group, classes that cannot be told apart from the groups,
        or members who joined after the later wave.

    Notes
    -----
    Makes ``estimates``: ``adjusted_mean_difference`` (Lin's regression, centred at the members' means; HC3 with
    t(n - p) and the sampling of the target, CR2 with classes) and ``difference_in_changes`` under the same covariance
    rule, the mean change of each group, ``d_ppc2``; of yes-or-no outcomes ``adjusted_share_difference`` and
    ``difference_in_share_changes``, of ordinal ones ``adjusted_superiority`` and ``superiority_of_changes``. ``tests``:
    do the slopes differ. ``sensitivity``: errors of measurement. ``lines``, ``pairs``, ``values``, ``groups``,
    ``quantities``, ``attrition``, ``ledger``.

    References
    ----------
    Lord (1967) doi:10.1037/h0025105. Lin (2013) doi:10.1214/12-AOAS583. Ding and Li (2019) doi:10.1017/pan.2019.25.
    Morris (2008) doi:10.1177/1094428106291059. Fuller (1987) doi:10.1002/9780470316665.

    Examples
    --------
    >>> import society_effects as se
    >>> table = {"society": ["yes"] * 4 + ["no"] * 4, "pre": [50, 60, 70, 80, 55, 65, 75, 85],
    ...          "post": [60, 72, 80, 93, 52, 61, 75, 80]}
    >>> result = se.PrePostControl().fit(se.Study(table, group="society", baseline={"post": "pre"}))
    >>> sorted(result.estimates.measure[result.estimates.reference.notna()])
    ['adjusted_mean_difference', 'd_ppc2', 'difference_in_changes']
    """

    headline: str | None = None
    selection_on: str | None = None
    first: str | None = None
    last: str | None = None
    reliability: Reliability = None
    primary: str | None = None
    adjustment: str = "max-t"
    conf_level: float = 0.95
    resamples: int = 1999
    seed: int = DEFAULT_SEED

    key: ClassVar[str] = "pre_post_control"
    needs: ClassVar = "rows"
    makes: ClassVar[tuple[str, ...]] = ("estimates", "groups", "pairs", "values", "ledger")
    may_make: ClassVar[tuple[str, ...]] = ("tests", "quantities", "sensitivity", "lines", "attrition", "truth")
    default_figures: ClassVar[tuple[str, ...]] = ("change", "scatter", "forest")
    start_grade: ClassVar[str] = "D"
    fewest_waves: ClassVar[int] = 2
    uses: ClassVar[frozenset[str]] = frozenset({"cluster", "waves", "joined"})

    def __post_init__(self) -> None:
        valid_conf_level(self.conf_level)
        valid_draws(self.resamples, self.seed)
        valid_reliability(self.reliability)
        if self.headline is not None and self.headline not in HEADLINES:
            raise DesignError("UNKNOWN_HEADLINE", value=repr(self.headline), allowed=HEADLINES)
        if self.selection_on is not None and self.selection_on not in SELECTION:
            raise DesignError(
                "UNKNOWN_SELECTION", setting="selection_on", value=repr(self.selection_on), allowed=tuple(SELECTION)
            )
        if self.adjustment not in ADJUSTMENTS:
            raise DesignError("UNKNOWN_ADJUSTMENT", value=repr(self.adjustment), allowed=ADJUSTMENTS)

    def compare(self, study: Study, draft: Draft) -> None:
        """Compare the groups at the later wave among students alike before, and compare their changes."""
        known_primary(self.primary, study)
        waves = wave_pair(study, self.first, self.last)
        membership_between(draft, study, waves)
        draft.provenance |= {"member": study.member, "reference": study.reference}
        task = Comparison(draft, study, contrasts_of(study, "reference"), classes_of(study))
        for outcome in study.outcomes:
            if outcome.kind not in METHODS:
                draft.check("KIND_NOT_COMPARED", "fail", outcome.column)
                continue
            pairs = pairs_of(study, outcome, waves)
            for level in study.levels:
                if not (pairs.both & pairs.of(level)).any():
                    raise DesignError("NOBODY_AT_BOTH", outcome=outcome.column, group=level, waves=waves)
            write_pairs(draft, pairs, study.levels, self.conf_level)
            compare_changes(Question(task, pairs, self._leading(), self._grid()))
        adjust_families(task)
        say_primary(draft)
        say_discordant(draft)
        write_lord(draft, self.selection_on)
        for fact in study.source.get("truth") or ():
            draft.row("truth", **fact)

    def _grid(self) -> tuple[float, ...]:
        """Which reliabilities are tried? None where joining depended on the score as observed, errors included."""
        if self.selection_on == "baseline" and self.reliability is None:
            return ()
        return grid_of(self.reliability, exact=True)

    def _leading(self) -> str:
        """Which answer leads?"""
        return self.headline or SELECTION.get(str(self.selection_on), "ancova")
