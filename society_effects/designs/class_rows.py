"""What do the classes look like? The mean of each class, and how alike the students of a class are."""

from __future__ import annotations

import numpy as np

from ..stats.intraclass import design_effect, icc
from ..stats.several_ranks import mid_ranks
from .class_fits import ClassFits
from .omnibus import write_quantity


def describe_classes(fits: ClassFits) -> None:
    """Write the mean of each group in each class, the intraclass correlation and the design effect."""
    if fits.outcome.kind == "nominal":
        return
    _means(fits)
    values = mid_ranks(fits.values) if fits.outcome.kind == "ordinal" else fits.values
    found = icc(values, fits.arms, fits.codes, conf_level=fits.task.conf_level)
    write_quantity(fits.task, fits.outcome.column, "icc", found)
    write_quantity(fits.task, fits.outcome.column, "design_effect", design_effect(found, fits.codes))


def _means(fits: ClassFits) -> None:
    exposure = np.ones(len(fits.values)) if fits.exposure is None else fits.exposure
    lowest = 1.0 if fits.outcome.kind == "ordinal" else 0.0
    for g, level in enumerate(fits.task.study.levels):
        for code, name in enumerate(fits.classes.names):
            here = (fits.arms == g) & (fits.codes == code)
            if here.any():
                mean = float(fits.values[here].sum() / exposure[here].sum()) + lowest
                keys = {"outcome": fits.outcome.column, "group": level, "cluster": name}
                fits.task.draft.row("clusters", **keys, kind=fits.outcome.kind, n=int(here.sum()), mean=mean)
