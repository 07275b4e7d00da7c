"""Which covariates say what students had achieved before they joined?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .study import Study

PRIOR_ACHIEVEMENT = re.compile(
    r"(prior|previous|earlier|baseline) (achievements?|scores?|grades?|performance)"
    r"|(入社|入会|入学|入组)?前(期)?(学业)?成绩|(既往|先前|以往|基线)(学业)?(成绩|得分|分数)"
)
"""Names of a block of covariates that holds it. "Baseline" alone may stand for anything known beforehand."""


def is_prior_achievement(block: str) -> bool:
    """Is this the name of a block of what students had achieved before?

    >>> [is_prior_achievement(name) for name in ("prior_achievement", "Prior scores", "入社前成绩", "baseline")]
    [True, True, True, False]
    """
    return PRIOR_ACHIEVEMENT.fullmatch(re.sub(r"[\s_-]+", " ", block).strip().casefold()) is not None


def prior_achievement(study: Study) -> tuple[str, ...]:
    """Which covariates stand for prior achievement? Those of a block of such a name, with more than two values."""
    named = [name for block, names in study.covariates.items() if is_prior_achievement(block) for name in names]
    return tuple(name for name in named if study._known.units[name].nunique() > 2)
