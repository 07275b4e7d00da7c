"""Which covariates say how motivated students were?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .study import Study

MOTIVATION = re.compile(r"motivat|动机|积极性")
"""What the name of such a covariate, its label or its block holds."""


def speaks_of_motivation(name: str) -> bool:
    """Does this name say that motivation was measured?

    >>> [speaks_of_motivation(name) for name in ("Motivation_T1", "学习动机问卷得分", "mood")]
    [True, True, False]
    """
    return MOTIVATION.search(name.casefold()) is not None


def motivation(study: Study) -> tuple[str, ...]:
    """Which covariates measure motivation, by their own name, a label or the name of their block?"""
    named = []
    for block, names in study.covariates.items():
        for name in names:
            called = (block, name, *map(str, study.labels.get(name, {}).values()))
            if any(speaks_of_motivation(text) for text in called):
                named.append(name)
    return tuple(named)
