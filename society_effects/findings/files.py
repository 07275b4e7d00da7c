"""How are findings kept? One ``result.json`` and one CSV file per frame: an exact round trip, no pickle."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import OutputError
from ..writing import write_text
from .checks import Check
from .findings import Findings
from .glossary import TEXT
from .labels import Labels
from .schema import FRAMES, as_frame

FORMAT = 1
INDEX = "result.json"


def save(findings: Findings, folder: Path | str, rows: bool = False) -> list[Path]:
    """Write the findings to a folder; the files written, in order.

    rows : also the frames that hold one row per student.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: frame for name, frame in findings.frames.items() if rows or not FRAMES[name].per_student}
    paths = [_write_frame(frame, folder / f"{name}.csv") for name, frame in kept.items()]
    index = {
        "format": FORMAT,
        "design": findings.design,
        "frames": list(kept),
        "checks": [_check_to_dict(check) for check in findings.checks],
        "labels": findings.labels.to_dict(),
        "settings": findings.settings,
        "provenance": findings.provenance,
        "start_grade": findings.start_grade,
        "grade": findings.grade,
        "claim": findings.claim,
        "lang": findings.lang,
        "default_figures": list(findings.default_figures),
    }
    path = folder / INDEX
    write_text(path, json.dumps(index, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    return [path, *paths]


def read(folder: Path | str) -> dict[str, Any]:
    """What stands in this folder? The arguments that make the findings again."""
    path = Path(folder) / INDEX
    if not path.is_file():
        raise OutputError("NO_RESULT_IN_FOLDER", folder=str(folder), file=INDEX)
    index = json.loads(path.read_text(encoding="utf-8"))
    return {
        "design": index["design"],
        "frames": {name: _read_frame(name, path.parent / f"{name}.csv") for name in index["frames"]},
        "checks": tuple(_check_from_dict(entry) for entry in index["checks"]),
        "labels": Labels(**index["labels"]),
        "settings": index["settings"],
        "provenance": index["provenance"],
        "start_grade": index["start_grade"],
        "lang": index["lang"],
        "default_figures": tuple(index["default_figures"]),
    }


def _check_to_dict(check: Check) -> dict[str, Any]:
    return {
        "key": check.key,
        "status": check.status,
        "values": {k: _plain(v) for k, v in check.values.items()},
        "outcome": check.outcome,
        "group": check.group,
    }


def _check_from_dict(entry: Mapping[str, Any]) -> Check:
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in entry["values"].items()}
    return Check(entry["key"], entry["status"], values, entry["outcome"], entry["group"])


def _plain(value: Any) -> Any:
    if isinstance(value, Iterable) and not isinstance(value, str | Mapping):
        return [_plain(v) for v in value]
    return value.item() if hasattr(value, "item") else value


def _write_frame(frame: pd.DataFrame, path: Path) -> Path:
    return write_text(path, frame.to_csv(index=False, lineterminator="\n"), encoding="utf-8-sig")


def _read_frame(name: str, path: Path) -> pd.DataFrame:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return as_frame(name, {column: [_value(column, row[column]) for row in rows] for column in FRAMES[name].columns})


def _value(column: str, text: str) -> Any:
    if text == "":
        return None
    if column in TEXT:
        return text
    return text == "True" if text in ("True", "False") else float(text)
