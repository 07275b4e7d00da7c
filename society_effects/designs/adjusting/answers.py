"""The adjusted answer of each kind of outcome, and the unadjusted one of the same students."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import DesignError
from ...stats.inference import Inference
from ..comparison import Comparison
from . import adjusted_counts, adjusted_orders, adjusted_scores, adjusted_shares, adjusted_whole_classes
from .adjustment import Adjustment, Answer

BY_KIND = {
    "continuous": adjusted_scores,
    "binary": adjusted_shares,
    "count": adjusted_counts,
    "ordinal": adjusted_orders,
}
"""How each kind of outcome is answered: METHODS (on request), ``answer_of``, ``raw``, ``model``."""
METHODS = (*dict.fromkeys(method for kind in BY_KIND.values() for method in kind.METHODS), "cluster-permutation")
OF_CLASSES = ("wild-bootstrap", "cluster-permutation")
"""Methods for students in classes; the last for whole classes."""


def answer_of(adjustment: Adjustment) -> Answer:
    """What is the adjusted answer?"""
    return _answerer(adjustment).answer_of(adjustment)


def raw_of(adjustment: Adjustment) -> dict[str, Inference]:
    """What is the unadjusted answer of the same students, by measure?"""
    return dict(_answerer(adjustment).raw(adjustment))


def model_of(adjustment: Adjustment, answer: Answer) -> Callable[[], Any]:
    """What makes the statsmodels object behind the answer?"""
    return lambda: _answerer(adjustment).model(adjustment, answer)


def check_method(task: Comparison, method: str | None) -> None:
    """Does the method that was asked for belong to any outcome of this study, and to its classes?"""
    if method is None:
        return
    outcomes, cluster = task.study.outcomes, task.study.cluster
    if method in OF_CLASSES and task.classes is None:
        others = tuple(name for name in METHODS if name not in OF_CLASSES)
        raise DesignError("METHOD_NEEDS_CLASSES", method=method, cluster=cluster, allowed=others)
    if method == "hc2" and task.classes is not None:
        raise DesignError("METHOD_IGNORES_CLASSES", method=method, cluster=cluster, allowed=OF_CLASSES)
    if method == "cluster-permutation":
        if task.classes is not None and not task.classes.whole:
            raise DesignError("METHOD_NEEDS_WHOLE_CLASSES", method=method, cluster=cluster)
        return
    others = tuple(o.column for o in outcomes if method not in getattr(BY_KIND.get(str(o.kind)), "METHODS", ()))
    if len(others) == len(outcomes):
        kinds = tuple(dict.fromkeys(o.kind for o in outcomes))
        raise DesignError("METHOD_FITS_NO_OUTCOME", method=method, kinds=kinds)
    if others:
        task.draft.check("METHOD_NOT_APPLIED", method=method, outcomes=others)


def _answerer(adjustment: Adjustment) -> Any:
    of_kind = BY_KIND[str(adjustment.outcome.kind)]
    asked_for = adjustment.method in of_kind.METHODS
    return adjusted_whole_classes if adjusted_whole_classes.fits(adjustment) and not asked_for else of_kind
