"""Members before and after, without anybody to compare them with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ..errors import DesignError
from ..stats import paired_differences as paired
from ..stats.regression_to_the_mean import regression_to_the_mean
from ..stats.reliable_change import reliable_change
from ..stats.resampling import DEFAULT_SEED
from ..study.study import Study
from .common import Design, known_outcomes, known_primary, valid_conf_level, valid_draws
from .comparison import Comparison
from .comparison_notes import say_discordant, say_primary
from .draft import Draft
from .families import adjust_families
from .waves.changing import METHODS, write_change, write_correlation
from .waves.membership_over_waves import membership_between
from .waves.pre_post_settings import Reliability, grid_of, known_number, valid_reliability
from .waves.wave_pairs import Pairs, pairs_of, wave_pair, write_pairs

ALL_METHODS = tuple(dict.fromkeys(m for methods in METHODS.values() for m in methods))
SELECTED_ON = ("pre",)
LIMITS_OF_AGREEMENT = 1.96
SCORES = ("continuous", "count")
"""Kinds of outcomes whose changes are numbers."""


@dataclass(frozen=True)
class PrePost(Design):
    """How did the members' scores change from before to after?

    Use it when the same students were measured twice and there is no comparison group. It describes a change; it never
    shows an effect. Students grow older, learn elsewhere, and know the test the second time; a group that was chosen
    because of low first scores rises without any help (regression to the mean). With a comparison group use
    ``PrePostControl``.

    With a ``group``, the members are analysed and the others counted.

    Parameters
    ----------
    first, last : wave, optional
        The two waves; needed where the study has more than two.
    method : str, optional
        For the outcomes it belongs to. Scores and counts: ``"paired-t"`` (default; under 15 pairs ``"sign-flip"``,
        the permutation of the signs), ``"signed-rank"`` (Wilcoxon, zeros by Pratt, with the pseudo-median). Yes-or-no
        outcomes: McNemar's mid-p with Newcombe's paired interval. Ordinal outcomes: the probability that the later
        value is the higher one. Students who share classes: CR2 on the changes.
    population_mean : float or {outcome: float}, optional
        Mean first score of the population the members came from, for what regression to the mean would give; by
        outcome where there are several scores.
    reliability : float or sequence of floats, optional
        Reliability of the first score (test-retest), or a grid of values; by default 0.6, 0.7, 0.8 and 0.9 are tried. A
        single value also gives the reliable change of each student.
    selected_on : {"pre"}, optional
        Say so if students were chosen because of this very first score: only then is regression to the mean expected.
    primary : str, optional
        The one outcome declared as primary beforehand; the P values of the others are adjusted by Holm's method.
    conf_level : float, default 0.95
    resamples : int, default 9999
    seed : int, default 20260206

    Raises
    ------
    DesignError
        For a study of one wave, of more than two without ``first=`` and ``last=``, without any member with scores, or
        with members who joined after the later wave.

    Notes
    -----
    Makes ``estimates`` (later minus earlier: ``mean_change``, ``d_av``, ``d_z``; ``share_change``;
    ``paired_superiority``), ``groups`` (the pairs at both waves), ``pairs`` and ``values`` (the students),
    ``quantities`` (correlation, SD of the changes, limits of agreement, reliable change), ``sensitivity`` (regression
    to the mean), ``attrition`` and ``ledger``.

    References
    ----------
    Morris and DeShon (2002) doi:10.1037/1082-989X.7.1.105. Bonett (2015) doi:10.3102/1076998615583904. Barnett, van
    der Pols and Dobson (2005) doi:10.1093/ije/dyh299. Jacobson and Truax (1991) doi:10.1037/0022-006X.59.1.12.
    Newcombe (1998) doi:10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C.

    Examples
    --------
    >>> import society_effects as se
    >>> study = se.Study({"pre": [60, 62, 71, 58], "post": [64, 63, 77, 63]}, baseline={"post": "pre"})
    >>> result = se.PrePost().fit(study)
    >>> float(result.estimates.estimate[0]), result.claim
    (4.0, 'description')
    """

    first: str | None = None
    last: str | None = None
    method: str | None = None
    population_mean: Any = None
    reliability: Reliability = None
    selected_on: str | None = None
    primary: str | None = None
    conf_level: float = 0.95
    resamples: int = 9999
    seed: int = DEFAULT_SEED

    key: ClassVar[str] = "pre_post"
    needs: ClassVar = "rows"
    makes: ClassVar[tuple[str, ...]] = ("estimates", "groups", "pairs", "values", "ledger")
    may_make: ClassVar[tuple[str, ...]] = ("quantities", "sensitivity", "attrition", "truth")
    default_figures: ClassVar[tuple[str, ...]] = ("change", "agreement", "forest")
    start_grade: ClassVar[str] = "F"
    compares_groups: ClassVar[bool] = False
    fewest_waves: ClassVar[int] = 2
    uses: ClassVar[frozenset[str]] = frozenset({"cluster", "waves", "joined"})

    def __post_init__(self) -> None:
        valid_conf_level(self.conf_level)
        valid_draws(self.resamples, self.seed)
        valid_reliability(self.reliability)
        if self.method is not None and self.method not in ALL_METHODS:
            raise DesignError("UNKNOWN_METHOD", method=self.method, allowed=ALL_METHODS)
        if self.selected_on is not None and self.selected_on not in SELECTED_ON:
            raise DesignError(
                "UNKNOWN_SELECTION", setting="selected_on", value=repr(self.selected_on), allowed=SELECTED_ON
            )

    def view(self, study: Study) -> Study:
        """The members only."""
        if study.group is None or not study.has_rows:
            return study
        return study.of_group(study.member, wave_pair(study, self.first, self.last)[1])

    def compare(self, study: Study, draft: Draft) -> None:
        """Describe the change of every outcome."""
        known_primary(self.primary, study)
        waves = wave_pair(study, self.first, self.last)
        self._one_mean_one_scale(study)
        group = study.member
        draft.provenance |= {"member": group}
        draft.check("NO_COMPARISON_GROUP")
        if group is not None:
            draft.check("MEMBERS_ONLY")
            membership_between(draft, study, waves)
            draft.keep_groups((group,))
        for outcome in study.outcomes:
            if outcome.kind not in METHODS:
                draft.check("KIND_NOT_COMPARED", "fail", outcome.column)
                continue
            pairs = pairs_of(study, outcome, waves)
            if not pairs.of(group).any():
                raise DesignError("EMPTY_ARM", outcome=outcome.column, group=group)
            self._describe(draft, pairs, group)
        adjust_families(Comparison(draft, study))
        say_primary(draft)
        say_discordant(draft)
        for fact in study.source.get("truth") or ():
            draft.row("truth", **fact)

    def _one_mean_one_scale(self, study: Study) -> None:
        """A single population mean belongs to a single score; several are named by outcome."""
        known_outcomes(
            "population_mean", self.population_mean if isinstance(self.population_mean, Mapping) else (), study
        )
        scores = tuple(o.column for o in study.outcomes if o.kind in SCORES)
        if len(scores) > 1 and self.population_mean is not None and not isinstance(self.population_mean, Mapping):
            raise DesignError("MEAN_OF_WHICH", value=f"{self.population_mean:g}", outcomes=scores, first=scores[0])

    def _describe(self, draft: Draft, pairs: Pairs, group: str | None) -> None:
        write_pairs(draft, pairs, (group,), self.conf_level, self._reliable(draft, pairs, group))
        method = self.method if self.method in METHODS[str(pairs.outcome.kind)] else None
        write_change(draft, pairs, group, method, conf_level=self.conf_level, primary=True)
        if pairs.outcome.kind in SCORES:
            _spread(draft, pairs, group, self.conf_level)
            self._regression(draft, pairs, group)

    def _regression(self, draft: Draft, pairs: Pairs, group: str | None) -> None:
        """What would be expected without any effect, at each reliability?"""
        column = pairs.outcome.column
        mean = known_number(self.population_mean, column)
        first, last = pairs.scores(group)
        if mean is None or len(first) < 2:
            key = "RTM_NOT_KNOWN" if mean is None else "TOO_FEW"
            draft.check(key, "warn" if self.selected_on == "pre" else "note", column)
            return
        grid = grid_of(self.reliability)
        level: dict[str, Any] = {"conf_level": self.conf_level}
        found = regression_to_the_mean(first, last, population_mean=mean, reliability=np.array(grid), **level)
        method = "rtm_selected" if self.selected_on == "pre" else "rtm_conditional"
        draft.check("RTM_SELECTED" if self.selected_on == "pre" else "RTM_CONDITIONAL", "warn", column)
        keys = {"outcome": column, "measure": "mean_change", "estimand": "change", "group": group, **pairs.keys}
        keys |= {"analysis": "regression_to_the_mean", "parameter": "reliability", "method": method}
        for place, value in enumerate(grid):
            one = found.expected.at(place)
            limits = {name: getattr(one, name) for name in ("estimate", "std_error", "conf_low", "conf_high")}
            draft.row("sensitivity", **keys, setting=value, conf_level=self.conf_level, **limits)

    def _reliable(self, draft: Draft, pairs: Pairs, group: str | None) -> np.ndarray | None:
        """Which students changed by more than errors of measurement would make them, and how many?"""
        single = self.reliability is not None and not isinstance(self.reliability, Sequence)
        if not single or pairs.outcome.kind not in SCORES:
            return None
        found = reliable_change(*pairs.scores(group), reliability=float(self.reliability))  # type: ignore[arg-type]
        if found.raised:
            return None
        n = len(found.index)
        for quantity, value in (
            ("reliable_change", found.smallest),
            ("improved", found.rose / n),
            ("deteriorated", found.fell / n),
        ):
            row = {"group": group, "term": f"{self.reliability:g}", "method": "jacobson_truax", "value": value}
            draft.row("quantities", outcome=pairs.outcome.column, quantity=quantity, wave=pairs.waves[1], **row)
        limits = [-found.smallest / found.error, found.smallest / found.error]
        return np.array(["deteriorated", "unchanged", "improved"], dtype=object)[np.searchsorted(limits, found.index)]


def _spread(draft: Draft, pairs: Pairs, group: str | None, conf_level: float) -> None:
    """The correlation of the waves, the SD of the changes and the limits of agreement."""
    first, last = pairs.scores(group)
    if len(first) < 2:
        return
    moments = paired.PairedMoments.of(first, last)
    keys = {"outcome": pairs.outcome.column, "group": group, "wave": pairs.waves[1]}
    write_correlation(draft, moments, conf_level, **keys)
    half = LIMITS_OF_AGREEMENT * moments.sd_change
    for quantity, value in (
        ("sd_change", moments.sd_change),
        ("agreement_low", moments.change - half),
        ("agreement_high", moments.change + half),
    ):
        draft.row("quantities", quantity=quantity, value=value, method="bland_altman", **keys)
