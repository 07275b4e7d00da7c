"""What is wrong with a drawn figure? Texts that overlap, crowd, leave the figure, stand on ink, have no glyph or too
many decimals; axes without a scale."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from society_effects.figures.lettering import missing_glyphs

SLACK = 1.0  # pixels that may be shared, at 160 dots per inch
CLOSEST = 3.5  # pixels between two texts of one line
DECIMALS = re.compile(r"\d\.0*[1-9]\d{4,}")
"""More decimals than any reader wants; leading zeros of small numbers do not count."""
DARK = 0.35
"""Share of pixels under a text that may be ink of something else."""
CONTRAST = 0.3
"""Difference of darkness that letters on a bar need."""


def faults(figure: Figure) -> list[str]:
    """All faults, each as a sentence; an empty list when the figure can be read."""
    canvas = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
    canvas.draw()
    boxes = [(text, text.get_window_extent(canvas.get_renderer())) for text in _shown(figure)]
    found = [f"clipped: {t.get_text()!r}" for t, box in boxes if not _inside(box, figure.bbox)]
    for (first, a), (second, b) in combinations(boxes, 2):
        if _shared(a, b):
            found.append(f"overlap: {first.get_text()!r} and {second.get_text()!r}")
        elif _crowded(a, b):
            found.append(f"crowded: {first.get_text()!r} and {second.get_text()!r}")
    found += [f"decimals: {t.get_text()!r}" for t, _ in boxes if DECIMALS.search(t.get_text())]
    found += [f"no scale: {axes.get_xlabel() or axes.get_ylabel()!r}" for axes in figure.axes if _without_scale(axes)]
    found += [f"on ink: {text.get_text()!r}" for text in _on_ink(figure, canvas, boxes)]
    found += [f"no glyph: {lost} in {text!r}" for text, lost in missing_glyphs(_shown(figure)).items()]
    return found


def _shown(figure: Figure) -> list[Text]:
    """Texts that are drawn: also tick labels, but only those within their axis."""
    texts = [t for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible()]
    hidden = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
            drawn = axis._update_ticks()
            for tick in ticks:
                for label in (tick.label1, tick.label2):
                    if tick not in drawn or not label.get_visible():
                        hidden.add(label)
            if not axes.axison or not axes.get_visible():
                hidden |= {label for tick in ticks for label in (tick.label1, tick.label2)}
            hidden.add(axis.get_offset_text())
    return [t for t in texts if t not in hidden]


def _inside(box: Bbox, frame: Bbox) -> bool:
    return bool(
        box.x0 >= frame.x0 - SLACK
        and box.y0 >= frame.y0 - SLACK
        and box.x1 <= frame.x1 + SLACK
        and box.y1 <= frame.y1 + SLACK
    )


def _shared(a: Bbox, b: Bbox) -> bool:
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    return width > SLACK and height > SLACK


def _crowded(a: Bbox, b: Bbox) -> bool:
    """Do two texts of one line stand so close that they are read as one?"""
    gap = max(a.x0, b.x0) - min(a.x1, b.x1)
    same_line = min(a.y1, b.y1) - max(a.y0, b.y0) > 0.5 * min(a.height, b.height)
    return bool(same_line and -SLACK <= gap < CLOSEST)


def _without_scale(axes: Axes) -> bool:
    """Has an axis with numbers fewer than two of them?"""
    counted = []
    for axis in (axes.xaxis, axes.yaxis):
        shown = [label.get_text() for label in axis.get_ticklabels() if label.get_text().strip()]
        if shown and all(re.fullmatch(r"[−\d.,]+", text) for text in shown):
            counted.append(len(shown))
    return any(count < 2 for count in counted)


def _on_ink(figure: Figure, canvas: FigureCanvasAgg, boxes: list[tuple[Text, Bbox]]) -> list[Text]:
    """Texts under which something dark is drawn: the figure is drawn once more without any text."""
    for text, _ in boxes:
        text.set_alpha(0.0)
    canvas.draw()
    darkness = 1 - np.asarray(canvas.buffer_rgba())[..., :3].mean(axis=2) / 255
    for text, _ in boxes:
        text.set_alpha(None)
    height = darkness.shape[0]
    dark = []
    for text, box in boxes:
        x0, x1 = (max(int(v), 0) for v in (box.x0 + 2 * SLACK, box.x1 - SLACK))
        y0, y1 = (max(int(height - v), 0) for v in (box.y1 - SLACK, box.y0 + 2 * SLACK))
        patch = darkness[y0:y1, x0:x1]
        if not patch.size:
            continue
        if text.get_gid() == "in bar":  # stands on a bar on purpose: within it, and in contrast with it
            ink = 1 - np.mean(to_rgb(text.get_color()))
            if np.ptp(patch) > 0.15 or abs(ink - np.median(patch)) < CONTRAST:
                dark.append(text)
        elif (patch > DARK).mean() > 0.05:
            dark.append(text)
    return dark
