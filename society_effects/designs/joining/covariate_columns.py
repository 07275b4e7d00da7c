"""The covariates of a study as numbers: measurements as they are, categories as indicators."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...errors import DesignError, nearest
from ...ordering import natural_order
from ...study.study import Study


def covariate_columns(study: Study, names: Sequence[str]) -> np.ndarray | None:
    """One column per measurement, one per category but the first; NaN where missing; None without covariates."""
    columns = [column for name in names for column in _columns(study, name)]
    varying = [column for column in columns if len(np.unique(column[np.isfinite(column)])) > 1]
    return np.column_stack(varying) if varying else None


def _columns(study: Study, name: str) -> list[np.ndarray]:
    known = study.covariate_names
    if not known:
        raise DesignError("NO_COVARIATES", variable=name)
    if name not in known:
        raise DesignError("UNKNOWN_COVARIATE", variable=name, near=nearest(name, known), known=tuple(known))
    values = study.units[name]
    if pd.api.types.is_numeric_dtype(values):
        return [values.to_numpy(dtype=float)]
    levels = natural_order(values.dropna().astype(str).unique())
    text, missing = values.astype(object).astype(str), values.isna().to_numpy()
    return [np.where(missing, np.nan, (text == level).to_numpy(dtype=float)) for level in levels[1:]]
