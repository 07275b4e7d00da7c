"""What is a problem of the data? A key, how heavy it is, what was found, and the students it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .study import Study

Status = Literal["note", "warn"]
MOST_SHOWN = 5
"""So many students are named; more are only counted."""


@dataclass(frozen=True)
class Problem:
    """Something that looks wrong.

    key : names it. status : ``note`` (may well be right) or ``warn`` (look before anything is compared). variables :
    the columns concerned. n : how many students (rows) it concerns, None where it concerns none in particular. units :
    up to five of them. values : what was found.
    """

    key: str
    status: Status
    variables: tuple[str, ...] = ()
    n: int | None = None
    units: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


def concerning(study: Study, chosen: NDArray[np.bool_]) -> dict[str, Any]:
    """How many students are these, and who are the first of them? A mask over the students of the study."""
    return {"n": int(chosen.sum()), "units": shown(study._known.units.index[chosen])}


def shown(names: Iterable[Any]) -> tuple[str, ...]:
    """The first few names.

    >>> shown("abcdefg")
    ('a', 'b', 'c', 'd', 'e')
    """
    return tuple(str(name) for _, name in zip(range(MOST_SHOWN), names, strict=False))
