"""Which numbers does a study hold? Scores at every wave and numeric covariates, one array per variable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .outcome import Outcome

if TYPE_CHECKING:
    from .study import Study


@dataclass(frozen=True)
class Measurement:
    """The numbers of one variable, one per student, NaN where missing. outcome : None for a covariate."""

    name: str
    values: NDArray[np.float64]
    outcome: Outcome | None = None
    wave: str | None = None

    @property
    def seen(self) -> NDArray[np.float64]:
        """The numbers without the gaps."""
        return self.values[~np.isnan(self.values)]

    @property
    def is_continuous(self) -> bool:
        """Is it a measurement, and no category or count?"""
        return self.outcome is None or self.outcome.kind == "continuous"


def measurements(study: Study) -> Iterator[Measurement]:
    """All outcomes at all their waves, and the covariates that are numbers."""
    for outcome in study.outcomes:
        for (name, wave), scores in study._known.scores.items():
            if name == outcome.column:
                yield Measurement(name, scores.values, outcome, wave)
    for name in study.covariate_names:
        values = study._known.units[name]
        if pd.api.types.is_numeric_dtype(values.dtype):
            yield Measurement(name, values.to_numpy(dtype=float))
