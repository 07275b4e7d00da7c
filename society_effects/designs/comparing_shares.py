"""Two groups on binary outcomes: the difference of the shares, their ratio, and the odds ratio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..stats import proportions
from ..stats.inference import Inference
from ..study.outcome import Outcome
from ..study.study import Study
from .comparing_means import contrast
from .draft import Draft

if TYPE_CHECKING:
    from .member_comparison import MemberComparison

METHODS = ("boschloo", "score", "pearson", "yates", "fisher")
EXACT_UP_TO = 200
"""Students up to which the unconditional exact test of Boschloo is the default; above, the score test (SPEC 3.7)."""
COMMON_EVENT = 0.10
"""Share of events among non-members from which an odds ratio is far from a risk ratio (SPEC D02)."""


def compare(
    draft: Draft, study: Study, outcomes: Sequence[Outcome], method: str | None, design: MemberComparison
) -> None:
    """Write the estimates of every binary outcome."""
    cells = study.cells[study.cells["category"].isna()].set_index(["outcome", "group"])
    for outcome in outcomes:
        counts = [
            int(cells.at[(outcome.column, level), column])
            for level in (study.member, study.reference)
            for column in ("events", "n")
        ]
        _compare_one(draft, study, outcome, counts, method, design.conf_level)
