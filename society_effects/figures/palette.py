"""Which colour and shape has a group? Colours of Okabe and Ito; shapes differ too, so that grey print works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

INK, QUIET, FAINT, PALE = "#1A1A1A", "#6E6E6E", "#D9D9D9", "#EDF3F8"
"""Estimates and their intervals; notes and null lines; guides; the margin of equivalence."""

MEMBER, NON_MEMBER = "#0072B2", "#8C8C8C"
FURTHER = ("#E69F00", "#009E73", "#CC79A7", "#56B4E9")
MARKERS = ("o", "D", "^", "v", "P")


@dataclass(frozen=True)
class Look:
    """Colour and marker of a group."""

    colour: str
    marker: str


def looks(groups: Sequence[str], reference: str | None, member: str | None = None) -> dict[str, Look]:
    """Grey squares for the reference, blue circles for members, then the further colours and shapes.

    member : the level of the members; without one, the first group that is not the reference.

    >>> looks(["no", "yes"], "no")["yes"]
    Look(colour='#0072B2', marker='o')
    """
    others = [g for g in groups if reference is None or g != reference]
    first = [member] if member in others else others[:1]
    ranked = [*first, *(g for g in others if g not in first)]
    colours = (MEMBER, *FURTHER)
    found = {g: Look(colours[i % len(colours)], MARKERS[i % len(MARKERS)]) for i, g in enumerate(ranked)}
    if reference is not None:
        found[reference] = Look(NON_MEMBER, "s")
    return {g: found[g] for g in dict.fromkeys((*([] if reference is None else [reference]), *groups))}
