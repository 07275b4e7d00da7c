"""Which numbers are behind a figure? CSV files beside it, each named in a README."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..findings.schema import FRAMES
from ..language.catalogue import catalogue
from ..writing import write_text

if TYPE_CHECKING:
    from .canvas import Canvas

README = "README.md"


def save_data(canvas: Canvas, stem: Path, figures: Sequence[Path]) -> list[Path]:
    """Write every frame behind the figure that has no rows of single students; the files written, the README last."""
    words = catalogue(canvas.lang)
    paths, lines = list[Path](), list[str]()
    names = words.get("terms.list_separator").join(file.name for file in figures)
    for name, frame in canvas.frames.items():
        path, kind = stem.with_name(f"{stem.name}.{name}.csv"), name.partition(".")[0]
        kept = "kept_back" if FRAMES[kind].per_student else "line"
        meaning = words.get(f"figures.data.frames.{kind}")
        lines.append(words.say(f"figures.data.{kept}", file=path.name, figures=names, meaning=meaning))
        if kept == "line":
            table = frame.dropna(axis="columns", how="all").to_csv(index=False, lineterminator="\n")
            paths.append(write_text(path, table, encoding="utf-8-sig"))
    return [*paths, _tell(stem.with_name(README), lines, f"`{stem.name}.")] if lines else []


def _tell(readme: Path, lines: Sequence[str], own: str) -> Path:
    """Put these lines into the README in place of what it says of the same figure; all else stays as it is."""
    before = readme.read_text(encoding="utf-8").splitlines() if readme.is_file() else []
    kept = [line for line in before if not (line.startswith("- ") and own in line)]
    return write_text(readme, "\n".join([*kept, *(f"- {line}" for line in lines)]) + "\n")
