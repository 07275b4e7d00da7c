"""Which colour and shape has a group? Colours of Okabe and Ito; shapes differ too, so that grey print works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

INK, QUIET, FAINT = "#1A1A1A", "#6E6E6E", "#D9D9D9"
"""Estimates and their intervals; notes and null lines; guides."""

MEMBER, NON_MEMBER = "#0072B2", "#8C8C8C"
FURTHER = ("#E69F00", "#009E73", "#CC79A7", "#56B4E9")
MARKERS = ("o", "D", "^", "v", "P")


@dataclass(frozen=True)
class Look:
    """Colour and marker of a group."""

    colour: str
    marker: str


def looks(groups: Sequence[str], reference: str | None) -> dict[str, Look]:
    """Grey squares for the reference, blue circles for the first other group, then the further colours and shapes.

    >>> looks(["no", "yes"], "no")["yes"]
    Look(colour='#0072B2', marker='o')
    """
    colours = (MEMBER, *FURTHER)
    found = {reference: Look(NON_MEMBER, "s")} if reference is not None else {}
    for i, group in enumerate(g for g in groups if g != reference):
        found[group] = Look(colours[i % len(colours)], MARKERS[i % len(MARKERS)])
    return found
