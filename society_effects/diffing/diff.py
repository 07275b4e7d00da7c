"""Which numbers changed? Two folders of results, or two results, compared number by number."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import OutputError
from ..findings.files import INDEX
from ..result import Result
from .changes import Change, Cut, changes_of
from .difference import Difference

RECORD = "run.json"
FACTS = ("plan", "data", "seed", "versions")
"""What stands behind the numbers; other versions alone make no difference."""


@dataclass(frozen=True)
class Side:
    """One of the two: its results by name, what stands behind them, and whether it is a single result."""

    results: Mapping[str, Result]
    facts: Mapping[str, Any] = field(default_factory=dict)
    single: bool = False


def diff(old: Path | str | Result, new: Path | str | Result, tolerance: float = 1e-9) -> Difference:
    """What changed between two sets of results?

    Parameters
    ----------
    old, new : folder or Result
        A folder that ``society-effects run`` or ``Result.save`` wrote, or a result.
    tolerance : float, default 1e-9
        Relative difference between two numbers up to which they count as the same.

    Returns
    -------
    Difference
        Shows itself as text and in notebooks; ``same``, ``changes``, ``to_frame()``, ``report(lang)``.

    Raises
    ------
    OutputError
        ``NO_RESULTS_HERE``, ``ONE_RUN_ONE_RESULT``, ``BAD_TOLERANCE``.

    Examples
    --------
    >>> import society_effects as se
    >>> study = se.load_sample("clinical_skills_667")
    >>> found = diff(se.MemberComparison().fit(study), se.MemberComparison(method="student").fit(study))
    >>> found.same, found.to_frame().query("column == 'p_value'").shape[0]
    (False, 4)
    """
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not 0 <= tolerance < 1:
        raise OutputError("BAD_TOLERANCE", tolerance=str(tolerance))
    before, after = _side(old), _side(new)
    if before.single != after.single:
        raise OutputError("ONE_RUN_ONE_RESULT")
    cut = Cut(float(tolerance))
    changes: list[Change] = []
    for name in (name for name in before.results if name in after.results):
        changes += changes_of(name, before.results[name], after.results[name], cut)
    every = [*before.results.values(), *after.results.values()]
    return Difference(
        changes=tuple(changes),
        gone=tuple(name for name in before.results if name not in after.results),
        added=tuple(name for name in after.results if name not in before.results),
        facts=tuple(_facts(before, after)),
        compared=tuple(name for name in before.results if name in after.results),
        results=after.results,
        tolerance=float(tolerance),
        lang=every[-1].lang,
    )


def _side(given: Path | str | Result) -> Side:
    if isinstance(given, Result):
        return Side({"": given}, _of_result(given), single=True)
    folder = Path(given)
    if (folder / INDEX).is_file():
        result = _load(folder)
        return Side({"": result}, _of_result(result), single=True)
    results = {name: _load(folder / name) for name in _names(folder)}
    if not results:
        raise OutputError("NO_RESULTS_HERE", path=str(folder))
    record = _record(folder)
    facts = {name: record[name] for name in FACTS if name in record}
    return Side(results, facts or _of_result(next(iter(results.values()))))


def _names(folder: Path) -> list[str]:
    """The folders of results in a folder, in the order of the run where it has a record."""
    found = sorted(file.parent.name for file in folder.glob(f"*/{INDEX}"))
    order = list(_record(folder).get("analyses", {}))
    return sorted(found, key=lambda name: order.index(name) if name in order else len(order))


def _record(folder: Path) -> dict[str, Any]:
    file = folder / RECORD
    try:
        return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}
    except ValueError:
        raise OutputError("NO_RESULTS_HERE", path=str(folder)) from None


def _load(folder: Path) -> Result:
    try:
        return Result.load(folder)
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise OutputError("NO_RESULTS_HERE", path=str(folder)) from error


def _of_result(result: Result) -> dict[str, Any]:
    known = result.provenance
    facts = {"plan": known.get("plan_hash"), "data": known.get("data_hash"), "versions": known.get("versions")}
    return {name: value for name, value in facts.items() if value is not None}


def _facts(before: Side, after: Side) -> Iterator[tuple[str, str, str]]:
    """What stands behind the numbers and is not the same: its name, and what it was and is."""
    for name in FACTS:
        old, new = (_flat(name, side.facts.get(name)) for side in (before, after))
        for part in dict.fromkeys((*old, *new)):
            if old.get(part) != new.get(part):
                yield part, _text(old.get(part)), _text(new.get(part))


def _flat(name: str, value: Any) -> dict[str, Any]:
    return {f"{name}.{k}": v for k, v in value.items()} if isinstance(value, dict) else {name: value}


def _text(value: Any) -> str:
    return "" if value is None else str(value)
