"""Do different reasonable designs agree? The same students, the same outcome, the same scale, rung by rung."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..designs.adjusting.covariates_of import drop_incomplete
from ..designs.circumstances import circumstances
from ..designs.common import Design
from ..designs.draft import Draft
from ..designs.regression_adjustment import RegressionAdjustment
from ..designs.waves.wave_pairs import wave_pair
from ..errors import DesignError, nearest, speaking
from ..result import Result
from ..stats.resampling import DEFAULT_SEED
from ..study.of_outcomes import of_outcomes
from ..study.study import Study
from .climbing import Climbed, climb, written_by
from .ladder import write_ladder
from .rungs import BASELINE, CHANGE, RAW, WITHIN_CLASS, Rung, named_rungs, rungs_of

KINDS = ("continuous", "binary")
"""Kinds of outcomes whose differences every rung can state on one scale."""


def triangulate(
    study: Study,
    designs: Design | Sequence[Design] | Mapping[str, Design] | None = None,
    *,
    headline: str | None = None,
    estimand: str = "att",
    first: str | None = None,
    last: str | None = None,
    conf_level: float = 0.95,
    resamples: int = 9999,
    seed: int = DEFAULT_SEED,
) -> Result:
    """Do different reasonable designs give the same answer, and what is left of the difference, rung by rung?

    A ladder of designs climbs from the groups as they are over the blocks of covariates (in the order of the study) to
    earlier scores, classmates and changes. All rungs are of the same students, aim at the same students, and are on
    one scale; each assumes something else, which stands beside it. By how much they differ is told with limits, from
    what each student contributes to each. Nothing is averaged, and no rung is best because of its P value.

    Parameters
    ----------
    study : Study
        With students; outcomes that are neither scores nor yes-or-no answers are left out.
    designs : designs, or {name: design}, optional
        Your own rungs instead, from bottom to top.
    headline : str, optional
        Key of the rung that answers, chosen beforehand. By default the strongest that the data allow: classmates, else
        all covariates with earlier scores, else all covariates.
    estimand : {"att", "ate"}, default "att"
    first, last : wave, optional
        The two waves; needed where the study has more than two.
    conf_level : float, default 0.95
    resamples : int, default 9999
    seed : int, default 20260206

    Returns
    -------
    Result
        ``rungs`` (each with what it assumes, its estimate, by how much it moved, and why it could not be climbed),
        ``estimates`` (``design`` is the key of the rung), ``tests`` (do rungs agree), and the sensitivity analyses of
        the headline.

    Raises
    ------
    DesignError
        For a study without groups or students, outcomes of other kinds only, an unknown headline, or designs on
        different scales.

    References
    ----------
    Lawlor, Tilling and Davey Smith (2016) doi:10.1093/ije/dyw314. Clogg, Petkova and Haritou (1995)
    doi:10.1086/230638.

    Examples
    --------
    >>> import society_effects as se
    >>> result = se.triangulate(se.load_sample("clinical_skills_667"))
    >>> result.frame("rungs").design.unique().tolist()
    ['raw', 'demographics', 'prior_achievement', 'motivation', 'within_class', 'change']
    """
    if not isinstance(study, Study):
        raise DesignError("NOT_A_STUDY_OBJECT", found=type(study).__name__)
    shared = {"estimand": estimand, "conf_level": conf_level, "resamples": resamples, "seed": seed}
    with speaking(study.lang):
        _open_doors(study)
        if study.waves:
            first, last = wave_pair(study, first, last)
        rungs = rungs_of(study, first, last, shared) if not designs else named_rungs(_by_name(designs))
        leading = _headline(rungs, headline)
        settings = shared | {"design": "triangulation", "headline": leading, "first": first, "last": last}
        settings |= {"rungs": {rung.key: rung.design.settings for rung in rungs if rung.design is not None}}
        draft = Draft("triangulation", study, settings)
        draft.provenance |= {"member": study.member, "reference": study.reference}
        start = _climb_all(draft, study, rungs, leading, (first, last))
        return draft.result(start, ("ladder", "contour"))


def _open_doors(study: Study) -> None:
    if study.group is None:
        raise DesignError("NO_GROUP", design="triangulation")
    if not study.has_rows:
        raise DesignError("NEEDS_ROWS", design="triangulation")
    if not any(o.kind in KINDS for o in study.outcomes):
        raise DesignError("NO_OUTCOME_FOR_LADDER", kinds=tuple(dict.fromkeys(str(o.kind) for o in study.outcomes)))


def _by_name(designs: Design | Sequence[Design] | Mapping[str, Design]) -> dict[str, Design]:
    """Designs by name; those without one by their key, numbered where it comes more than once."""
    if isinstance(designs, Design):
        return {designs.key: designs}
    for design in designs.values() if isinstance(designs, Mapping) else designs:
        if not isinstance(design, Design):
            raise DesignError("RUNGS_NOT_DESIGNS", found=repr(design))
    if isinstance(designs, Mapping):
        return dict(designs)
    keys = [design.key for design in designs]
    names = [key if keys.count(key) == 1 else f"{key} {keys[: i + 1].count(key)}" for i, key in enumerate(keys)]
    return dict(zip(names, designs, strict=True))


def _headline(rungs: Sequence[Rung], asked: str | None) -> str:
    """Which rung answers: the one asked for, or the strongest that can be climbed."""
    possible = [rung.key for rung in rungs if rung.design is not None]
    if asked is not None:
        if asked not in possible:
            near = nearest(str(asked).replace(" ", "_"), possible)
            raise DesignError("UNKNOWN_RUNG", rung=str(asked), near=near, allowed=tuple(possible))
        return asked
    standing = [key for key in possible if key not in (CHANGE,)]
    return next((key for key in (WITHIN_CLASS, BASELINE) if key in standing), standing[-1])


def _climb_all(
    draft: Draft, study: Study, rungs: Sequence[Rung], leading: str, waves: tuple[str | None, str | None]
) -> str:
    """Climb every rung on every outcome; the grade that the headline's design starts from."""
    start = "E"
    kinds = {o.column: o.kind for o in study.outcomes}
    left_out = tuple(column for column, kind in kinds.items() if kind not in KINDS)
    if left_out:
        draft.check("NOT_IN_LADDER", "warn", outcomes=left_out)
        draft.leave_out_of_ledger(left_out)
    for outcome in (column for column, kind in kinds.items() if kind in KINDS):
        common = _common_sample(study, outcome, waves)
        _refuse_empty(common, study, outcome)
        _say_lost(draft, study, outcome, waves)
        written, kept = _written(rungs, common, waves[1]), list[Draft]()
        for group in (level for level in study.levels if level != study.reference):
            climbed = _climbed(rungs, written, common, outcome, group)
            start = write_ladder(draft, rungs, climbed, leading, kept) or start
    return start


def _written(rungs: Sequence[Rung], study: Study, last: str | None) -> dict[str, Draft | None]:
    """All that the design of each rung writes of the common students; None where it refuses them."""
    found: dict[str, Draft | None] = {}
    refusal: DesignError | None = None
    for rung in rungs:
        if rung.design is None:
            continue
        try:
            found[rung.key] = written_by(rung, study, last)
        except DesignError as error:
            if rung.key == RAW:
                raise
            found[rung.key], refusal = None, error
    if refusal is not None and not any(found.values()):
        raise refusal
    return found


def _climbed(
    rungs: Sequence[Rung], written: Mapping[str, Draft | None], study: Study, outcome: str, group: str
) -> dict[str, Climbed | str]:
    """The answer of each rung, or why there is none."""
    found: dict[str, Climbed | str] = {}
    for rung in rungs:
        draft = written.get(rung.key)
        if draft is None:
            found[rung.key] = "failed" if rung.key in written else str(rung.reason)
        else:
            found[rung.key] = climb(rung, draft, study, outcome, group)
    return found


def _refuse_empty(common: Study, study: Study, outcome: str) -> None:
    """Is a group left without students, because nobody of it has all covariates?"""
    for level in study.levels:
        if study.arm(level).any() and not common.arm(level).any():
            raise DesignError("NOBODY_COMPLETE", outcome=outcome, group=level, terms=study.covariate_names)


def _say_lost(draft: Draft, study: Study, outcome: str, waves: tuple[str | None, str | None]) -> None:
    """Count who is in no rung, and say what that means, as a design does that is fitted to the whole study."""
    own = RegressionAdjustment(first=waves[0], last=waves[1]).view(of_outcomes(study, [outcome]))
    told = Draft(draft.design, own, draft.settings)
    circumstances(told, own, RegressionAdjustment.uses, compares=True)
    missing = own.units[list(own.covariate_names)].isna().any(axis="columns").to_numpy(dtype=bool)
    drop_incomplete(told, own, own.outcomes[0], ~np.isnan(own.matrix([outcome])[:, 0]), missing)
    for check in told.checks:
        draft.check(check.key, check.status, check.outcome, check.group, **check.values)
    draft.keep_ledger_of(told, outcome)


def _common_sample(study: Study, outcome: str, waves: tuple[str | None, str | None]) -> Study:
    """The students who have the outcome, every covariate and, of two waves, both scores and a group at the later."""
    own = of_outcomes(study, [outcome])
    seen = own.units[list(own.covariate_names)].notna().all(axis="columns").to_numpy()
    for wave in waves if study.waves and study.waves_of(outcome) else (None,):
        seen = seen & ~np.isnan(own.matrix([outcome], wave)[:, 0])
    if study.waves:
        seen = seen & own.units.index.isin(own.at(wave=waves[1]).units.index)
    return own if seen.all() else own._chosen(seen, "not_in_every_rung", "incomplete")
