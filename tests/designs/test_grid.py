"""The grid: each method on each kind of outcome, two groups and four, independent students and classes.

Every cell is a number that another source gives too (``grid_oracles``), or a refusal by name. The table of all cells
is kept in ``docs/methods/grid.csv``; ``python tests/designs/test_grid.py`` writes it anew.
"""

from __future__ import annotations

import csv
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from comparison_examples import ANSWERS, LEVELS, four_groups, students, two_groups
from grid_oracles import CLUSTERED, CONTRASTS, DRAWN, TOGETHER

import society_effects as se
from society_effects.designs.comparing.comparing_classes import METHODS as OF_CLASSES
from society_effects.designs.member_comparison import CLASS_METHODS, COMPARERS, METHODS

TABLE = Path(__file__).parents[2] / "docs" / "methods" / "grid.csv"
FIELDS = ("method", "kind", "groups", "students", "contrast", "all_groups")
COLUMNS = {"continuous": "score", "binary": "passed", "ordinal": "agreement", "nominal": "career", "count": "papers"}
GROUPS = {"two": two_groups, "several": four_groups}
FRAMES = {
    "independent": students(n=72, seed=4),
    "classes inside": students(n=240, seed=6, classes=12),
    "whole classes": students(n=240, seed=6, classes=16, whole=True),
}
CELLS = [
    (method, kind, groups, state)
    for method in ("default", *sorted(METHODS), *sorted(CLASS_METHODS))
    for kind in COLUMNS
    for groups in GROUPS
    for state in FRAMES
]


@cache
def fitted(method: str, kind: str, groups: str, state: str) -> Any:
    """The result of a cell, or the name of its refusal."""
    roles = {} if state == "independent" else {"cluster": "class"}
    study = GROUPS[groups](FRAMES[state], [kind], **roles)
    try:
        return se.MemberComparison(method=None if method == "default" else method, resamples=999).fit(study)
    except se.DesignError as error:
        return error.code


def kept_table() -> list[dict[str, str]]:
    """The cells as they are kept; a test holds them against those of now."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def described(cell: tuple[str, ...]) -> dict[str, str]:
    """What stands in the table: the methods behind the numbers of a cell, or the name of its refusal."""
    result = fitted(*cell)
    row = dict(zip(FIELDS, cell, strict=False))
    if isinstance(result, str):
        return row | {"contrast": result, "all_groups": result}
    together = result.tests if result.has("tests") else None
    of_all = [] if together is None else together.loc[together["test"].isin(["omnibus", "independence"]), "method"]
    contrasts = result.estimates.loc[result.estimates["primary"], "method"] if result.has("estimates") else []
    return row | {"contrast": _names(contrasts), "all_groups": _names(of_all)}


def _names(methods: Any) -> str:
    return " / ".join(dict.fromkeys(methods)) or "-"


@pytest.mark.slow
def test_the_table_is_the_one_that_is_computed_now():
    assert [described(cell) for cell in CELLS] == KEPT


@pytest.mark.slow
def test_no_cell_is_empty_and_refusals_have_names():
    for cell in CELLS:
        row = described(cell)
        assert row["contrast"] != "-" or row["all_groups"] != "-", cell
        for entry in (row["contrast"], row["all_groups"]):
            assert not entry.isupper() or entry in REFUSALS, cell


REFUSALS = {
    "METHOD_FITS_NO_OUTCOME",
    "METHOD_NEEDS_CLASSES",
    "METHOD_IGNORES_CLASSES",
    "METHOD_NEEDS_WHOLE_CLASSES",
}


@pytest.mark.slow
def test_a_method_is_refused_exactly_where_it_does_not_belong():
    independent = {k: comparer.METHODS for k, comparer in COMPARERS.items()}
    for cell in CELLS:
        method, kind, _, state = cell
        fits = independent if state == "independent" else OF_CLASSES
        belongs = method == "default" or method in fits[kind]
        inside = state == "classes inside" and method in ("cluster-means", "cluster-permutation")
        assert isinstance(fitted(*cell), str) == (not belongs or inside), cell


def numbers(cell: tuple[str, ...]) -> list[tuple[str, Any, Any]]:
    """Each primary row of a cell, with the values of its two groups."""
    result, column = fitted(*cell), COLUMNS[cell[1]]
    if isinstance(result, str) or not result.has("estimates"):
        return []
    return [(row["method"], row, column) for _, row in result.estimates[result.estimates["primary"]].iterrows()]


def values_of(state: str, column: str) -> np.ndarray:
    values = FRAMES[state][column]
    if column == "agreement":
        return values.map({answer: float(k) for k, answer in enumerate(ANSWERS)}).to_numpy()
    if column == "career":
        return values.astype("category").cat.codes.to_numpy(float)
    return values.to_numpy(float)


def groups_of(state: str, groups: str) -> tuple[np.ndarray, tuple[str, ...]]:
    own = FRAMES[state]["group"].to_numpy()
    if groups == "several":
        return own, LEVELS
    return np.where(np.isin(own, LEVELS[2:]), "yes", "no"), ("no", "yes")


KEPT = kept_table()
WITH_NUMBERS = [cell for cell, row in zip(CELLS, KEPT, strict=True) if row["contrast"] not in {"-", *REFUSALS}]


@pytest.mark.thinned
@pytest.mark.parametrize("cell", WITH_NUMBERS, ids=["-".join(cell).replace(" ", "_") for cell in WITH_NUMBERS])
def test_each_number_agrees_with_another_source(cell):
    _, _, groups, state = cell
    own, levels = groups_of(state, groups)
    assert numbers(cell)
    for method, row, column in numbers(cell):
        values = values_of(state, column)
        a, b = (values[own == row[side]] for side in ("group", "reference"))
        if state == "independent":
            oracle = CONTRASTS[method.removesuffix("_exact") if method not in CONTRASTS else method]
            estimate, p = oracle(a, b, [values[own == level] for level in levels])
        elif column in ("score", "passed") and method in CLUSTERED:
            pair = np.isin(own, [row["group"], row["reference"]])
            classes = FRAMES[state]["class"].to_numpy()[pair]
            estimate, p = CLUSTERED[method](values[pair], own[pair] == row["group"], classes)
        else:
            continue  # compared with R in tests/reference, and with its own limit in tests/stats
        assert row["estimate"] == pytest.approx(estimate, rel=1e-9, abs=1e-12), method
        if p is not None:
            assert agrees(row["p_value"], p, method), (method, row["p_value"], p)


TOGETHER_CELLS = [
    cell for cell, row in zip(CELLS, KEPT, strict=True) if cell[3] == "independent" and row["all_groups"] in TOGETHER
]


@pytest.mark.thinned
@pytest.mark.parametrize("cell", TOGETHER_CELLS, ids=["-".join(cell).replace(" ", "_") for cell in TOGETHER_CELLS])
def test_each_test_of_all_groups_agrees_with_another_source(cell):
    result, column = fitted(*cell), COLUMNS[cell[1]]
    own, levels = groups_of(cell[3], cell[2])
    arms = [values_of(cell[3], column)[own == level] for level in levels]
    row = result.tests[result.tests["test"].isin(["omnibus", "independence"])].iloc[0]
    p = TOGETHER[row["method"]](arms)
    assert agrees(row["p_value"], p, row["method"]), (row["method"], row["p_value"], p)


def agrees(ours: float, theirs: float, method: str) -> bool:
    """Equal, or within four errors of the draws of both."""
    if not any(part in method for part in DRAWN):
        return ours == pytest.approx(theirs, rel=1e-6, abs=1e-9)
    share = (ours + theirs) / 2
    return abs(ours - theirs) <= 4 * np.sqrt(share * (1 - share) * (1 / 999 + 1 / 999)) + 0.004


if __name__ == "__main__":
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(described(cell) for cell in CELLS)
