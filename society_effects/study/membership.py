"""Who is a member? Levels of the membership column, inferred only where no doubt is possible."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from ..errors import StudyError
from .outcome import as_text

# Without member=, only these pairs are understood, in any case: (not a member, member). Numbers are read as text.
PAIRS: tuple[tuple[str, str], ...] = (
    ("0", "1"),
    ("false", "true"),
    ("no", "yes"),
    ("non-member", "member"),
    ("否", "是"),
    ("非社团", "社团"),
    ("非社团组", "社团组"),
    ("非社团成员", "社团成员"),
    ("未参加", "参加"),
)


def listed_pair(levels: Sequence[str]) -> tuple[str, str] | None:
    """Which level means no and which yes, if the levels are one of the listed pairs (or half of one)?"""
    folded = {level.casefold(): level for level in levels}
    if not 1 <= len(levels) <= 2 or len(folded) != len(levels):
        return None
    for no, yes in PAIRS:
        if set(folded) <= {no, yes}:
            return folded.get(no, no), folded.get(yes, yes)
    return None


def settle_levels(
    found: Sequence[str], column: str, member: Any, reference: Any, declared: Any
) -> tuple[tuple[str, ...], str | None, str | None]:
    """Which levels are compared, which is the member's, which the reference? (levels, member, reference)

    found : the levels in the column, in order. declared : ``levels=`` of the study, an order that is kept.
    """
    for given in (member, reference):
        if isinstance(given, list | tuple | set | np.ndarray):
            raise StudyError("SEVERAL_LEVELS_AS_ONE", column=column, given=[as_text(level) for level in given])
    order = list(found) if declared is None else [as_text(level).strip() for level in declared]
    unknown = [level for level in found if level not in order]
    if unknown:
        raise StudyError("LEVEL_NOT_DECLARED", column=column, found=unknown[:5], levels=order[:10])
    if len(set(order)) < len(order):
        raise StudyError("LEVELS_REPEATED", column=column, levels=order)
    pair = listed_pair(order) if member is None and reference is None else None
    if pair:
        return tuple(order) if declared is not None and len(order) == 2 else pair, pair[1], pair[0]
    chosen, against = (None if v is None else _match(v, order, column) for v in (member, reference))
    order += [level for level in (against, chosen) if level is not None and level not in order]
    if chosen is not None and chosen == against:
        raise StudyError("MEMBER_IS_REFERENCE", column=column, level=chosen)
    if len(order) < 2:
        raise StudyError("ONE_LEVEL", column=column, level=order[0] if order else "")
    if len(order) == 2 and (chosen is None) != (against is None):
        chosen, against = (chosen or _other(order, against)), (against or _other(order, chosen))
    if len(order) == 2 and chosen is None:
        raise StudyError("AMBIGUOUS_MEMBERSHIP", column=column, levels=order[:10])
    if against is None:
        raise StudyError("REFERENCE_NEEDED", column=column, levels=order[:10])
    if declared is None:
        order = [against, *[level for level in order if level != against]]
    return tuple(order), chosen, against


def _match(value: Any, levels: Sequence[str], column: str) -> str:
    """The level that is meant, given as number or text."""
    text = as_text(value).strip()
    if text in levels:
        return text
    if isinstance(value, bool):
        text = str(int(value))
    elif value in (0, 1) and text not in levels:
        text = str(bool(value))
    if isinstance(value, str):
        with suppress(ValueError):
            text = as_text(float(value))
    folded = [level for level in levels if level.casefold() == text.casefold()]
    if len(folded) != 1:
        raise StudyError("UNKNOWN_LEVEL", column=column, level=as_text(value), levels=levels[:10])
    return folded[0]


def _other(levels: Sequence[str], level: str | None) -> str:
    return next(candidate for candidate in levels if candidate != level)
