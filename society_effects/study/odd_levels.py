"""Which levels look wrong? Two spellings of one level, words for a missing value, groups of very few students."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ..ordering import natural_order
from .problem import Problem, Status

if TYPE_CHECKING:
    from .study import Study

FEW, VERY_FEW = 10, 5
"""Groups below these sizes are told; below the second they warn."""
MEANING_THE_SAME = (
    ("male", "m", "man", "男", "男性", "男生"),
    ("female", "f", "woman", "女", "女性", "女生"),
    ("yes", "y", "是", "true"),
    ("no", "n", "否", "不是", "false"),
    ("non-member", "nonmember", "not a member", "非社团成员", "非社团"),
    ("member", "社团成员", "社团"),
)
SAME = {word.replace("-", "").replace(" ", ""): words[0] for words in MEANING_THE_SAME for word in words}
MISSING = re.compile(
    r"[-–—?？/.。*]+|n/?a|nan|null|missing|unknown|缺失|缺考|缺|未填|未知|不详|不清楚|不明", re.IGNORECASE
)
BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])[\s_\-‐–—]+(?=[^\W\d_])")


def odd_levels(study: Study) -> Iterator[Problem]:
    """What looks wrong in the levels of each variable?"""
    for name, levels in _levels(study):
        alike: dict[str, list[str]] = {}
        for level in levels:
            alike.setdefault(folded(level), []).append(level)
        for several in alike.values():
            if len(several) > 1:
                n = sum(levels[level] for level in several)
                yield Problem("SPELLINGS", "warn", (name,), n, (), {"variable": name, "levels": tuple(several)})
        words = tuple(level for level in levels if MISSING.fullmatch(level))
        if words:
            n = sum(levels[level] for level in words)
            yield Problem("WORDS_FOR_MISSING", "note", (name,), n, (), {"variable": name, "levels": words})
        if len(levels) == 1 and name != study.group:
            only = next(iter(levels))
            yield Problem("CONSTANT_CATEGORY", "note", (name,), levels[only], (), {"variable": name, "value": only})
    yield from _small_groups(study)


def folded(level: str) -> str:
    """The one form of a level, however it is written: case, width, spaces and common words for the same.

    >>> folded("Ｍ ") == folded("male"), folded("Year 3") == folded("year３"), folded("1-1") == folded("11")
    (True, True, False)
    """
    text = " ".join(unicodedata.normalize("NFKC", level).casefold().split())
    text = re.sub(r"(?<=[^\W\d_]) (?=\d)", "", BETWEEN_LETTERS.sub("", text))
    try:
        number = float(text) if re.fullmatch(r"\d+\.\d*", text) else None
    except ValueError:
        number = None
    return f"{number:g}" if number is not None else SAME.get(text, text)


def _levels(study: Study) -> Iterator[tuple[str, Mapping[str, int]]]:
    """The levels of everything that has levels, with how many students have them."""
    units = study._known.units
    if study.group:
        yield study.group, _counted(units["group"])
    for name in study.covariate_names:
        if not pd.api.types.is_numeric_dtype(units[name].dtype):
            yield name, _counted(units[name])
    for role in ("cluster", "site"):
        if getattr(study, role) is not None:
            yield getattr(study, role), _counted(units[role])
    for outcome in study.outcomes:
        if outcome.kind == "nominal":
            own = study.values
            own = own.loc[own["outcome"] == outcome.column, "value"].dropna().astype(int)
            yield outcome.column, _counted(own.map(lambda code, names=outcome.categories: names[code]))


def _counted(levels: pd.Series) -> Mapping[str, int]:
    counts = levels.dropna().astype(str).value_counts()
    return {level: int(counts[level]) for level in natural_order(counts.index) if counts[level]}


def _small_groups(study: Study) -> Iterator[Problem]:
    if not study.group:
        return
    sizes = _counted(study._known.units["group"])
    for level in study.levels:
        n = sizes.get(level, 0)
        if n < FEW:
            status: Status = "warn" if n < VERY_FEW else "note"
            values = {"variable": study.group, "level": level, "n": n}
            yield Problem("SMALL_GROUP", status, (study.group,), n, (), values)
