"""How strong would what was not measured have to be? The analyses of a result that must compute again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from ..errors import DesignError, nearest, speaking
from ..findings.checks import Check
from ..findings.frames import Frames
from ..findings.schema import FRAMES
from ..result import Result
from ..study.study import Study
from .asking import ANALYSES, Wish, bundle_of
from .questions import Found, Question, design_of_result, questions_of

NOT_POSSIBLE = "SENSITIVITY_NOT_POSSIBLE"


def sensitivity(
    result: Result,
    study: Study,
    analyses: str | Sequence[str] | None = None,
    *,
    negative_control: str | None = None,
    unreliable: str | Sequence[str] | None = None,
) -> Result:
    """How strong would an unmeasured cause, or what is missing, have to be to change the answer?

    Parameters
    ----------
    result : Result
        Of ``RegressionAdjustment``, ``MemberComparison`` or ``PrePostControl``.
    study : Study
        The study it was made from.
    analyses : str or sequence of str, optional
        By default the bundle that belongs to each outcome: for all the E-value, also without each covariate (as strong
        as which unmeasured cause is a measured one?); for scores Oster's delta, without adjustment the robustness
        value; where more than 5 % of a group have no outcome ``"tipping_point"`` and ``"worst_case"``; where a
        covariate of prior achievement or the own earlier score is known ``"errors_in_variables"``. Or some of
        ``"e_value"``, ``"robustness_value"``, ``"oster"``, ``"tipping_point"`` (missing scores lower or higher than
        those of similar students), ``"worst_case"`` (missing scores at the ends of the scale),
        ``"errors_in_variables"``.
    negative_control : str, optional
        An outcome of the study, or a covariate measured before joining, that membership cannot have changed. It is
        compared in the same way; what differs there was not brought about by membership.
    unreliable : str or sequence of str, optional
        Covariates that are measured with error. By default those of the block ``prior_achievement``, or the own
        earlier score. Reliabilities *within* the groups of .6 to 1 are tried, the other covariates stay as measured.

    Returns
    -------
    Result
        The same result with more rows in ``sensitivity``. What the bundle holds but cannot be made is told by a Check.
        Students without a covariate are left out of all analyses, as they were of the result.

    Raises
    ------
    DesignError
        For a result of another study or of a design that cannot be probed, an unknown analysis, an unknown negative
        control or covariate, and an analysis asked for by name that is possible for none of the outcomes.

    References
    ----------
    VanderWeele and Ding (2017) doi:10.7326/M16-2607. McGowan and Greevy (2020) doi:10.48550/arXiv.2011.07030. Oster
    (2019) doi:10.1080/07350015.2016.1227711. Lipsitch, Tchetgen Tchetgen and Cohen (2010)
    doi:10.1097/EDE.0b013e3181d61eeb. Carpenter and Kenward (2013) doi:10.1002/9781119942283.

    Examples
    --------
    >>> import society_effects as se
    >>> study = se.load_sample("clinical_skills_667")
    >>> result = se.sensitivity(se.RegressionAdjustment().fit(study), study, "oster")
    >>> rows = result.frame("sensitivity").query("analysis == 'oster'")
    >>> round(float(rows.set_index("outcome")["value"]["total"]), 2)
    0.57
    """
    with speaking(getattr(result, "lang", "en")):
        for given, wanted in ((result, Result), (study, Study)):
            if not isinstance(given, wanted):
                raise DesignError("NOT_A_RESULT_AND_ITS_STUDY", found=type(given).__name__, wanted=wanted.__name__)
        design = design_of_result(result)
        seen = design.view(study)
        if result.provenance.get("data_hash") not in (None, study.fingerprint, seen.fingerprint):
            raise DesignError("RESULT_OF_ANOTHER_STUDY")
        wish, named = _wish(seen, negative_control, unreliable), _named(analyses, negative_control, unreliable)
        found = _probed(questions_of(result, seen, design), wish, named)
        return _with(result, found)


def _wish(study: Study, control: str | None, unreliable: str | Sequence[str] | None) -> Wish:
    """The columns that were named; an error for one that the study has not."""
    known = study.covariate_names
    of_outcomes = tuple(o.column for o in study.outcomes)
    if control is not None and control not in (*of_outcomes, *known):
        near = nearest(control, [*of_outcomes, *known])
        raise DesignError("UNKNOWN_CONTROL", variable=str(control), near=near, known=(*of_outcomes, *known))
    if unreliable is None:
        return Wish(control)
    names = (unreliable,) if isinstance(unreliable, str) else tuple(unreliable)
    for name in names:
        if name not in known:
            raise DesignError("UNKNOWN_COVARIATE", variable=str(name), near=nearest(name, known), known=known)
    return Wish(control, names)


def _named(given: str | Sequence[str] | None, control: str | None, unreliable: Any) -> tuple[str, ...] | None:
    """The analyses asked for by name; None for the default bundle. To name a column is to ask for its analysis."""
    if given is None:
        return None
    names = (given,) if isinstance(given, str) else tuple(given)
    for name in names:
        if name not in ANALYSES:
            near = nearest(name, ANALYSES)
            raise DesignError("UNKNOWN_ANALYSIS", analysis=str(name), near=near, known=tuple(ANALYSES))
    asked = {"negative_control": control, "errors_in_variables": unreliable}
    return tuple(dict.fromkeys([*names, *(name for name, column in asked.items() if column is not None)]))


def _probed(questions: Sequence[Question], wish: Wish, named: tuple[str, ...] | None) -> Found:
    """All analyses of all answers; an error where one that was asked for by name is possible for none of them."""
    found = Found()
    made: dict[str, bool] = {}
    why: dict[str, str] = {}
    for question in questions:
        for name in bundle_of(question, wish) if named is None else named:
            reason = ANALYSES[name].impossible(question, wish)
            made[name] = made.get(name, False) or reason is None
            if reason is None:
                reason = _write(question, wish, name, found)
            if reason is not None:
                why.setdefault(name, reason)
                found.check(question, NOT_POSSIBLE, analysis=name, why=f"not_probed.{reason}")
    asked = {"negative_control": wish.negative_control, "errors_in_variables": wish.unreliable}
    by_name = [*(named or ()), *(name for name, column in asked.items() if column is not None)]
    for name in by_name:
        if not made.get(name, False):
            raise DesignError("ANALYSIS_NOT_POSSIBLE", analysis=name, why=f"not_probed.{why.get(name, 'no_answer')}")
    return found


def _write(question: Question, wish: Wish, name: str, found: Found) -> str | None:
    """Make one analysis; why it ended without any number and without a word of its own, if so."""
    before = len(found.rows), len(found.checks)
    ANALYSES[name].write(question, wish, found)
    elsewhere = name == "negative_control"  # once for all outcomes; robustness values when the design was fitted
    elsewhere |= name == "robustness_value" and question.adjustment is not None
    return None if elsewhere or (len(found.rows), len(found.checks)) != before else "undefined"


def _with(result: Result, found: Found) -> Result:
    """The result with these rows in the place of what it may have had of the same analyses."""
    columns = list(FRAMES["sensitivity"].columns)
    new = pd.DataFrame([{"design": result.design} | row for row in found.rows], columns=columns)
    frames: dict[str, Any] = {name: result.frame(name) for name in result.frames}
    rows = [*frames["sensitivity"].to_dict("records")] if "sensitivity" in frames else []
    rows += new.to_dict("records")
    identity = (*FRAMES["sensitivity"].keys, "setting")
    latest = {tuple(_plain(row[name]) for name in identity): row for row in rows}
    if latest:
        frames["sensitivity"] = pd.DataFrame(list(latest.values()), columns=columns)
    kept = [check for check in result.checks if check not in found.checks and not _again(check, found)]
    provenance = dict(result.provenance)
    if found.drawn:
        provenance.setdefault("seed", result.settings["seed"])
    return replace(result, frames=Frames(frames), checks=(*kept, *found.checks), provenance=provenance)


def _again(check: Check, found: Found) -> bool:
    """Was this told before of an analysis that is made again?"""
    told = [(c.key, c.outcome, c.group, c.values.get("analysis")) for c in found.checks]
    return (check.key, check.outcome, check.group, check.values.get("analysis")) in told


def _plain(value: Any) -> Any:
    return None if value is None or value != value else value
