"""The study of some of its outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .study import Study


def of_outcomes(study: Study, names: Sequence[str]) -> Study:
    """The same students with these outcomes only."""
    rows = study._known
    scores = {key: values for key, values in rows.scores.items() if key[0] in names}
    return study._derived(outcomes=tuple(study.outcome(name) for name in names), _rows=replace(rows, scores=scores))
