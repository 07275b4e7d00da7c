"""Where do labels of points stand, so that none covers a point, a line or another label?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

NEAR, STEP, FURTHEST = 2.1, 1.5, 40.0  # mm: beside a point, between the places tried, from a point
AROUND = 0.7  # mm free around a label
POINT = 1.3  # mm, half the width of a marker
Line = np.ndarray


def way(start: Line, end: Line) -> Line:
    """Places (k, 2) from here to there, so dense that nothing slips between them."""
    steps = max(int(np.hypot(*(end - start)) / 0.4), 1)
    return np.asarray(start + np.linspace(0, 1, steps + 1)[:, None] * (end - start))


class Box(NamedTuple):
    """A box in mm from the lower left corner of the drawing."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box, room: float = 0.0) -> bool:
        """Do both share any place, or come nearer than ``room``?"""
        apart = self.left - room >= other.right or other.left - room >= self.right
        return not (apart or self.bottom - room >= other.top or other.bottom - room >= self.top)

    def way_to(self, point: tuple[float, float]) -> Line:
        """Places from a point to the nearest edge, near enough to each other to cross nothing unseen."""
        end = np.array([min(max(point[0], self.left), self.right), min(max(point[1], self.bottom), self.top)])
        return way(np.array(point), end)

    def crossed(self, line: Line) -> bool:
        """Does any of these places (k, 2) lie within the box?"""
        x, y = line[:, 0], line[:, 1]
        inside = (x > self.left - 0.3) & (x < self.right + 0.3) & (y > self.bottom - 0.3) & (y < self.top + 0.3)
        return bool(inside.any())


@dataclass
class Places:
    """A drawing of this size in mm that fills with labels. lines : places (k, 2) on lines that no label may cover."""

    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)

    def keep_free(self, x: float, y: float) -> None:
        """A point that no label may cover."""
        self.taken.append(Box(x - POINT, y - POINT, x + POINT, y + POINT))

    def beside(self, x: float, y: float, width: float, height: float) -> Box | None:
        """A place right beside a point for a label of this size; None where all are taken."""
        return self._take((x, y), width, height, NEAR)

    def near(self, x: float, y: float, width: float, height: float) -> Box | None:
        """The nearest place to a point for a label of this size; None where there is none."""
        found = self.beside(x, y, width, height)
        distances = np.arange(NEAR + STEP, FURTHEST, STEP)
        for clear, distance in ((clear, distance) for clear in (True, False) for distance in distances):
            found = found or self._take((x, y), width, height, float(distance), clear)
        return found

    def _take(
        self, point: tuple[float, float], width: float, height: float, away: float, clear: bool = False
    ) -> Box | None:
        """The first free place so far away. clear : to which a line may lead without crossing anything."""
        for left, bottom in _around(*point, width, height, away):
            box = Box(left, bottom, left + width, bottom + height)
            if self._free(box) and (not clear or self._clear(box.way_to(point))):
                self.taken.append(box)
                return box
        return None

    def _clear(self, way: Line) -> bool:
        """May a line lead here without crossing anything, its own point aside?"""
        beyond = way[np.hypot(*(way - way[0]).T) > 2 * POINT]
        return not any(box.crossed(beyond) for box in self.taken)

    def _free(self, box: Box) -> bool:
        inside = box.left >= AROUND and box.bottom >= AROUND and box.right <= self.width and box.top <= self.height
        if not inside or any(box.meets(other, AROUND) for other in self.taken):
            return False
        return not any(box.crossed(line) for line in self.lines)


def _around(x: float, y: float, width: float, height: float, away: float) -> Iterator[tuple[float, float]]:
    """Lower left corners of a label around a point: right, left, above and below, then at the corners."""
    middle, centre = y - height / 2, x - width / 2
    right, left, above, below = x + away, x - away - width, y + away, y - away - height
    yield from ((right, middle), (left, middle), (centre, above), (centre, below))
    for across, up in ((0.7, 0.7), (0.9, 0.4), (0.4, 0.9)):
        for left in (x + across * away, x - across * away - width):
            yield from ((left, y + up * away), (left, y - up * away - height))
