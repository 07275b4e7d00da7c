"""Several figures as panels A, B, C of one: below each other, as wide as the page, each as high as it needs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from ..errors import OutputError
from .canvas import MARGIN, SPOT, Canvas, Sheet, Spot, house_style, panel_letter
from .journals import journal_style

if TYPE_CHECKING:
    from collections.abc import Iterator

APART, LETTER = 3.0, 5.0  # mm: between the figures, the letter of one that has none of its own


def compose(*figures: Canvas, journal: str | None = None, title: str | None = None) -> Canvas:
    """How do several figures look on one page? ``compose(result.plot("forest"), ladder.plot("ladder"))``.

    Each is drawn anew as wide as two columns; what was added to it by hand is not. Panels of all figures are lettered
    on from A. journal : a preset for the whole.

    Raises
    ------
    OutputError
        Where something is no figure of a result, or there is none.
    """
    known = [figure for figure in figures if isinstance(figure, Canvas) and figure.again is not None]
    if not figures or len(known) < len(figures):
        raise OutputError("NOTHING_TO_COMPOSE", lang=figures[0].lang if known and known[0] is figures[0] else "en")
    rules = journal_style(journal)
    plan = Sheet("double", journal, any(figure.chinese for figure in known), title, "")
    spots = _spots(known, journal, rules.double, plan.head)
    whole = plan.canvas(spots[-1].top + spots[-1].height - plan.head - MARGIN)
    whole.lang = known[0].lang
    for figure, spot in zip(known, spots, strict=True):
        top, letter = spot.top, panel_letter(spot.letters)
        if not spot.own_letters:
            with house_style(rules):
                whole.write(MARGIN, top + MARGIN, letter, fontweight="bold", gid="letter")
            top += LETTER
        with _at(Spot(rules.double, spot.letters, whole, top)):
            figure.again(journal=journal)  # type: ignore[misc]
        whole.frames |= {f"{name}.{letter}": frame for name, frame in figure.frames.items()}
    letters = [panel_letter(spot.letters) for spot in spots]
    whole.alt_text = " ".join(f"{letter}: {f.alt_text}" for letter, f in zip(letters, known, strict=True))
    whole.again = None
    return whole


class _Found(NamedTuple):
    """Where a figure stands (mm from the upper edge), how high it is, and its letters: those before it and its own."""

    top: float
    height: float
    letters: int
    own_letters: int


def _spots(figures: Sequence[Canvas], journal: str | None, width: float, top: float) -> list[_Found]:
    """Where each figure stands, measured by drawing it alone."""
    found, letters, top = [], 0, top - MARGIN
    for figure in figures:
        with _at(Spot(width, letters)):
            alone = figure.again(journal=journal)  # type: ignore[misc]
        own = sum(text.get_gid() == "letter" for text in alone.texts_shown())
        height = alone.height_mm + (0.0 if own else LETTER)
        found.append(_Found(top, height, letters, own))
        letters, top = letters + max(own, 1), top + height + APART
    return found


@contextmanager
def _at(spot: Spot) -> Iterator[None]:
    token = SPOT.set(spot)
    try:
        yield
    finally:
        SPOT.reset(token)
