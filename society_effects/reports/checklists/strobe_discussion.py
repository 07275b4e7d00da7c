"""STROBE, items 18 to 22: key results, limitations, interpretation, generalisability, funding."""

from __future__ import annotations

from ..adjusted_sentences import adjusts_for_covariates, whose
from ..sentences import may_be_said, nothing_to_state
from .filling import Fill, Filling


def _key_results(item: Filling) -> None:
    item.remains("nothing_found" if nothing_to_state(item.findings) else "key_results")


def _limitations(item: Filling) -> None:
    item.point_to("limits")
    item.remains("limits")


def _interpretation(item: Filling) -> None:
    item.add(may_be_said(item.voice))
    item.remains("interpretation")


def _generalisability(item: Filling) -> None:
    if adjusts_for_covariates(item.findings):
        item.say("average_over", whose=whose(item.voice))
    if item.findings.simulated:
        item.say("simulated")
    item.remains("generalisability")


def _funding(item: Filling) -> None:
    item.remains("funding")


DISCUSSION: dict[str, Fill] = {
    "18": _key_results,
    "19": _limitations,
    "20": _interpretation,
    "21": _generalisability,
    "22": _funding,
}
