"""What is written of the regression itself, by kind: coefficients, adjusted means, tests of its form."""

from __future__ import annotations

from dataclasses import replace

from ...findings.naming import OF_CLASS
from ...stats.adjusted_difference import AdjustedDifference
from ...stats.inference import Inference, TestResult
from ...stats.ordinal_standardisation import StandardisedOrders
from ...stats.standardisation import Standardised
from ...stats.two_stage import TwoStage
from .adjusted_orders import REJECTED
from .adjusted_whole_classes import say_classes
from .adjustment import Adjustment, Answer
from .regression_rows import linear_rows, write_coefficients, write_means
from .tables_of_terms import write_weighted_means


def write_fit(adjustment: Adjustment, answer: Answer) -> None:
    """Write what the record behind an answer tells beyond the answer."""
    fit = answer.fit
    if isinstance(fit, AdjustedDifference):
        linear_rows(adjustment, fit)
        if adjustment.within is None and adjustment.outcome.kind == "continuous":
            write_weighted_means(adjustment)
    elif isinstance(fit, Standardised):
        _standardised(adjustment, fit)
    elif isinstance(fit, StandardisedOrders):
        _orders(adjustment, fit, answer.tests["parallel_lines"])
    elif isinstance(fit, TwoStage):
        say_classes(adjustment, fit)


def _standardised(adjustment: Adjustment, fit: Standardised) -> None:
    link = "logit" if adjustment.outcome.kind == "binary" else "log"
    table = fit.coefficients
    if table is None:
        return
    write_coefficients(adjustment, "adjusted", link, {name: table.values.at(i) for i, name in enumerate(table.names)})
    write_means(adjustment, adjustment.target, dict(zip(adjustment.levels, fit.means, strict=True)))
    if fit.penalised:
        adjustment.check("SEPARATION", names=tuple(name.removeprefix(OF_CLASS) for name in fit.separating))


def _orders(adjustment: Adjustment, fit: StandardisedOrders, lines: TestResult) -> None:
    categories = adjustment.outcome.categories or ()
    for level, shares in zip(adjustment.levels, fit.shares, strict=True):
        for category, share in zip(categories, shares, strict=True):
            own = Inference(
                share.value,
                conf_low=share.conf_low,
                conf_high=share.conf_high,
                conf_level=share.conf_level,
                method=share.method,
            )
            write_means(adjustment, adjustment.target, {level: own}, category=category)
    for category, found in zip(categories[1:], fit.at_or_above, strict=True):
        quiet = replace(found, flags={})
        adjustment.write("adjusted_share_at_least", quiet, adjustment.estimand, by=adjustment.column, level=category)
    test = replace(lines, flags={})
    if test.p_value < REJECTED:
        adjustment.check("PARALLEL_REJECTED", p=float(test.p_value))
    if test.p_value == test.p_value:
        adjustment.test("parallel_lines", test)
