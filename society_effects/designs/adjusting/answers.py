"""The adjusted answer of each kind of outcome, and the unadjusted one of the same students."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...stats.inference import Inference
from . import adjusted_counts, adjusted_orders, adjusted_scores, adjusted_shares, adjusted_whole_classes
from .adjustment import Adjustment, Answer

BY_KIND = {
    "continuous": adjusted_scores,
    "binary": adjusted_shares,
    "count": adjusted_counts,
    "ordinal": adjusted_orders,
}
"""How each kind of outcome is answered: METHODS (on request), ``answer_of``, ``raw``, ``model``."""
METHODS = tuple(dict.fromkeys(method for kind in BY_KIND.values() for method in kind.METHODS))


def answer_of(adjustment: Adjustment) -> Answer:
    """What is the adjusted answer?"""
    return _answerer(adjustment).answer_of(adjustment)


def raw_of(adjustment: Adjustment) -> dict[str, Inference]:
    """What is the unadjusted answer of the same students, by measure?"""
    return dict(_answerer(adjustment).raw(adjustment))


def model_of(adjustment: Adjustment, answer: Answer) -> Callable[[], Any]:
    """What makes the statsmodels object behind the answer?"""
    return lambda: _answerer(adjustment).model(adjustment, answer)


def _answerer(adjustment: Adjustment) -> Any:
    if adjusted_whole_classes.fits(adjustment):
        return adjusted_whole_classes
    return BY_KIND[str(adjustment.outcome.kind)]
