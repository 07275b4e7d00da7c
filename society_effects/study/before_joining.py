"""Which covariates were measured before the society could have changed them?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import StudyError, nearest
from .about import NOT_STATED
from .earlier import earlier_name

if TYPE_CHECKING:
    from .study import Study


def measured_before(study: Study) -> tuple[str, ...] | None:
    """Which covariates were measured before joining? None where it is not stated. A block stands for all of it."""
    told: Any = study.about.covariates_before_joining
    if told == NOT_STATED:
        return None
    if isinstance(told, str):
        return study.covariate_names if told == "all" else ()
    whole = {name for block in told for name in study.covariates.get(block, ())}
    return tuple(name for name in study.covariate_names if name in told or name in whole)


def check_before_joining(study: Study) -> None:
    """Do the facts name covariates, blocks of them, earlier scores or other columns of the file?"""
    told: Any = study.about.covariates_before_joining
    if isinstance(told, str) or not study.has_rows:
        return
    offered = ("all", "none", *dict.fromkeys((*study.covariate_names, *study.covariates)))
    earlier = (earlier_name(outcome.column, wave) for outcome in study.outcomes for wave in study.waves)
    known = {*offered[2:], *earlier, *study._known.data.columns}
    for name in (one for one in told if one not in known):
        raise StudyError("UNKNOWN_BEFORE_JOINING", variable=name, near=nearest(name, offered), known=offered)
