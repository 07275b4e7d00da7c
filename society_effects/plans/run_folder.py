"""What is in the folder of a run? Its record ``run.json``: which plan and data, which analyses are made, which files.

Nothing in it depends on the day, the machine or the way there, so that the same plan makes the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..designs.draft import versions
from ..errors import PlanError
from ..writing import write_bytes, write_text

if TYPE_CHECKING:
    from .plan import Plan

RECORD, PLAN_COPY = "run.json", "plan.yaml"
FORMAT = 1
DONE, MISSING, FAILED = "done", "missing", "failed"
PART = ".part"
"""Ending of the folder of an analysis while it is being written."""


@dataclass
class Made:
    """What became of an analysis: done, missing or failed; its files, or why there are none."""

    state: str = MISSING
    files: tuple[str, ...] = ()
    why: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As JSON types."""
        said = {"files": list(self.files)} if self.state == DONE else {"why": self.why} if self.why else {}
        return {"state": self.state} | said


@dataclass
class RunFolder:
    """The folder of a run, and what it holds."""

    folder: Path
    facts: Mapping[str, Any]
    made: dict[str, Made] = field(default_factory=dict)

    def write(self) -> None:
        """Keep the record."""
        analyses = {name: made.to_dict() for name, made in self.made.items()}
        complete = all(made.state == DONE for made in self.made.values())
        record = {"format": FORMAT, **self.facts, "complete": complete, "analyses": analyses}
        write_text(self.folder / RECORD, json.dumps(record, ensure_ascii=False, indent=2) + "\n")

    def names(self, state: str) -> tuple[str, ...]:
        """The analyses in this state."""
        return tuple(name for name, made in self.made.items() if made.state == state)

    def part(self, name: str) -> Path:
        """Where an analysis is written until all of it is there; empty."""
        place = self.folder / f"{name}{PART}"
        shutil.rmtree(place, ignore_errors=True)
        return place

    def keep(self, name: str, part: Path, files: Iterable[Path]) -> None:
        """Put a whole analysis in its place, and record it."""
        listed = tuple(sorted(file.relative_to(part).as_posix() for file in files))
        place = self.folder / name
        if place.is_dir():  # a folder in which somebody keeps other files too
            for file in part.iterdir():
                file.replace(place / file.name)
            part.rmdir()
        else:
            part.replace(place)
        self.made[name] = Made(DONE, listed)
        self.write()


def opened(plan: Plan, folder: Path, overwrite: bool) -> RunFolder:
    """The folder for a run of this plan: a new one, or one that was begun and goes on.

    A PlanError where it holds anything else; ``overwrite`` removes the files of an earlier run, and no others.
    """
    facts = _facts(plan)
    run = RunFolder(folder, facts, {analysis.name: Made() for analysis in plan.analyses})
    if folder.exists() and not folder.is_dir():
        raise PlanError("RUN_FOLDER_NOT_EMPTY", folder=str(folder))
    if folder.is_dir() and any(folder.iterdir()):
        _go_on(run, _record(folder), overwrite)
    folder.mkdir(parents=True, exist_ok=True)
    write_bytes(folder / PLAN_COPY, plan.source)
    run.write()
    return run


def _go_on(run: RunFolder, record: Mapping[str, Any], overwrite: bool) -> None:
    """Take over what an earlier run of the same plan made, or remove what it made."""
    if overwrite:
        _remove(run.folder, record)
        return
    for what in ("plan", "data", "versions"):
        if record.get(what) != run.facts[what]:
            raise PlanError("RUN_OF_ANOTHER", folder=str(run.folder), what=f"of_run.{what}")
    if record.get("complete"):
        raise PlanError("RUN_COMPLETE", folder=str(run.folder))
    for name, made in record["analyses"].items():
        files = tuple(made.get("files", ()))
        if made["state"] == DONE and all((run.folder / name / file).is_file() for file in files):
            run.made[name] = Made(DONE, files)
        else:
            _remove_files(run.folder / name, files)


def _record(folder: Path) -> dict[str, Any]:
    """The record of the run in a folder; a PlanError where there is none, or none that can be trusted."""
    file = folder / RECORD
    if not file.is_file():
        raise PlanError("RUN_FOLDER_NOT_EMPTY", folder=str(folder))
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        names = [*record["analyses"], *(f for made in record["analyses"].values() for f in made.get("files", ()))]
        readable = record["format"] == FORMAT and all(_plain_name(name) for name in names)
        readable = readable and all(made["state"] in (DONE, MISSING, FAILED) for made in record["analyses"].values())
    except (ValueError, KeyError, TypeError, AttributeError):
        readable = False
    if not readable:
        raise PlanError("RUN_NOT_READABLE", folder=str(folder))
    return dict(record)


def _plain_name(name: str) -> bool:
    """Is this the name of a file in this very folder?"""
    return bool(name) and name == Path(name).name and "\\" not in name and name not in (".", "..")


def _remove(folder: Path, record: Mapping[str, Any]) -> None:
    for name, made in record["analyses"].items():
        _remove_files(folder / name, made.get("files", ()))


def _remove_files(folder: Path, files: Iterable[str]) -> None:
    """Remove these files, and the folder if nothing else is in it."""
    if folder.is_symlink():
        return
    for file in files:
        (folder / file).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _facts(plan: Plan) -> dict[str, Any]:
    """Which plan, data and versions make a run: what must be the same for it to go on."""
    study = plan.study
    data: dict[str, Any] = {"sample": plan.sample} if plan.data is None else {"file": Path(plan.data).name}
    data["sha256"] = study.source.get("sha256") if plan.data_file is None else _sha256(plan.data_file)
    return {
        "plan": {"sha256": plan.hash},
        "data": data | {"study": study.fingerprint, "simulated": bool(study.source.get("simulated"))},
        "versions": versions(),
        "seed": plan.shared.get("seed"),
        "lang": plan.lang,
    }


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
