"""What do the classes look like? The mean of each class, and how alike the students of a class are."""

from __future__ import annotations

import numpy as np

from ...stats.intraclass import design_effect, icc
from ...stats.several_ranks import mid_ranks
from ..group_rows import limits_in_classes
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
    """Write the mean of each group, with its limits, and in each class: of scores, answers, events, or their rate."""
    exposure = np.ones(len(fits.values)) if fits.exposure is None else fits.exposure
    values = fits.values + (1.0 if fits.outcome.kind == "ordinal" else 0.0)
    conf_level, draft = fits.task.conf_level, fits.task.draft
    for g, level in enumerate(fits.task.study.levels):
        own = fits.arms == g
        known = {"outcome": fits.outcome.column, "group": level, "kind": fits.outcome.kind}
        if own.any():
            time = None if fits.exposure is None else exposure[own]
            limits = limits_in_classes(values[own], fits.codes[own], conf_level, time)
            whole = {"n": int(own.sum()), "mean": float(values[own].sum() / exposure[own].sum())}
            draft.row("clusters", **known, **whole, **limits, conf_level=conf_level)
        for code, name in enumerate(fits.classes.names):
            here = own & (fits.codes == code)
            if here.any():
                mean = float(values[here].sum() / exposure[here].sum())
                draft.row("clusters", **known, cluster=name, n=int(here.sum()), mean=mean)
