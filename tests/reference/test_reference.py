"""Every number of the reference cases is compared, or listed with its reason."""

from __future__ import annotations

import csv
import fnmatch
import hashlib
import json
import math
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from answers import answer  # noqa: E402

sys.path.remove(str(HERE))

GROUPS = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((HERE / "cases").glob("*.json"))]
CASES = [(group["group"], case) for group in GROUPS for case in group["cases"]]
with (HERE / "not_compared.csv").open(encoding="utf-8", newline="") as file:
    NOT_COMPARED = list(csv.DictReader(file))


def leaves(block: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of a nested block with its path."""
    items = block.items() if isinstance(block, dict) else enumerate(block) if isinstance(block, list) else None
    if items is None:
        yield path, block
        return
    for key, value in items:
        yield from leaves(value, f"{path}.{key}" if path else str(key))


def numeric(value: Any) -> bool:
    return isinstance(value, (int, float, bool)) or value in ("Inf", "-Inf")


def tolerance(case: dict[str, Any], path: str) -> tuple[float, float]:
    """The relative and absolute tolerance of a leaf: the one named for a key above it, or the case's own."""
    chosen = case["tol"]
    for key in path.split("."):
        chosen = case["tol"].get("keys", {}).get(key, chosen)
    return chosen["rel"], chosen["abs"]


def agree(ours: Any, theirs: Any, rel: float, absolute: float, path: str) -> bool:
    if theirs in ("Inf", "-Inf"):
        return math.isinf(ours) if path.rsplit(".", 1)[-1] == "df" else math.isnan(ours)
    return abs(float(ours) - float(theirs)) <= absolute + rel * abs(float(theirs))


def listed(group: str, case_id: str, path: str) -> list[int]:
    """Which rows of the list name this leaf?"""
    return [
        i
        for i, row in enumerate(NOT_COMPARED)
        if fnmatch.fnmatchcase(group, row["group"])
        and fnmatch.fnmatchcase(case_id, row["case"])
        and fnmatch.fnmatchcase(path, row["leaf"])
    ]


@cache
def our_numbers(group: str, case_id: str) -> dict[str, Any]:
    """Our numbers for a case, made once."""
    return dict(leaves(answer(group, next(case for g, case in CASES if (g, case["id"]) == (group, case_id)))))


def compared(group: str, case: dict[str, Any]) -> Iterator[tuple[str, Any, Any, bool]]:
    """Each number of a case: its path, theirs, ours (None where we have none), and whether they agree."""
    ours = our_numbers(group, case["id"])
    for path, theirs in leaves(case["expected"]):
        if numeric(theirs):
            found = ours.get(path)
            yield path, theirs, found, found is not None and agree(found, theirs, *tolerance(case, path), path)


@pytest.mark.parametrize(("group", "case"), CASES, ids=[case["id"] for _, case in CASES])
def test_case(group: str, case: dict[str, Any]) -> None:
    numbers = [n for n in compared(group, case) if not listed(group, case["id"], n[0])]
    unseen = [path for path, _, ours, _ in numbers if ours is None]
    assert not unseen, f"neither compared nor listed: {unseen}"
    wrong = [f"{path}: ours {ours!r}, theirs {theirs!r}" for path, theirs, ours, fine in numbers if not fine]
    assert not wrong, "\n".join(wrong)


def test_every_listed_number_exists_and_would_not_agree() -> None:
    used, agreeing = set(), []
    for group, case in CASES:
        for path, _, _, fine in compared(group, case):
            rows = listed(group, case["id"], path)
            used.update(rows)
            if rows and fine:
                agreeing.append((case["id"], path))
    idle = [row for i, row in enumerate(NOT_COMPARED) if i not in used]
    assert not idle, f"listed, but no case has such a number: {idle}"
    assert not agreeing, f"listed, although we agree: {agreeing}"
    assert all(row["reason"].strip() for row in NOT_COMPARED)


def test_files_are_the_ones_that_were_computed() -> None:
    for line in (HERE / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((HERE / name).read_bytes()).hexdigest() == digest, name


def test_the_harness_sees_a_wrong_number() -> None:
    assert agree(1.0, 1.0 + 1e-10, 1e-9, 0.0, "x")
    assert not agree(1.0, 1.0 + 1e-8, 1e-9, 0.0, "x")
    assert agree(float("nan"), "Inf", 1e-9, 0.0, "rr") and not agree(float("nan"), 1.0, 1e-9, 0.0, "rr")
    assert agree(float("inf"), "Inf", 1e-9, 0.0, "welch.df") and not agree(7.0, "Inf", 1e-9, 0.0, "welch.df")
