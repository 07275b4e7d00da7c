"""Where is what? The page of a run: the question, every analysis with its grade, and what is in its folder."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..figures import FIGURES
from ..findings.files import INDEX
from ..language.catalogue import catalogue
from ..reports.html import LANG_TAGS
from ..writing import write_text
from .run_folder import DONE, PLAN_COPY, RECORD
from .spoken_plan import design_called

if TYPE_CHECKING:
    from jinja2 import Template

    from .plan import Plan
    from .run_folder import RunFolder

PAGE = "index.html"
TABLES = (".xlsx",)
IMAGES = (".pdf", ".png", ".svg")


def write_index(plan: Plan, kept: RunFolder) -> Path:
    """Write the page in the language of the plan."""
    words = catalogue(plan.lang)
    rows = [_row(plan, kept, analysis.name) for analysis in plan.analyses]
    page = _template().render(
        lang_tag=LANG_TAGS[plan.lang],
        words={key.removeprefix("plans.run."): words.get(key) for key in words.entries if key.startswith("plans.run.")},
        question=plan.question_in(plan.lang),
        simulated=kept.facts["data"]["simulated"],
        rows=rows,
        plan=PLAN_COPY,
        record=RECORD,
        hash=plan.hash,
    )
    return write_text(kept.folder / PAGE, page)


def _row(plan: Plan, kept: RunFolder, name: str) -> dict[str, Any]:
    """What the page shows of one analysis."""
    analysis, made, words = plan.analysis(name), kept.made[name], catalogue(plan.lang)
    row: dict[str, Any] = {"name": name, "design": design_called(analysis, plan.lang), "why": made.why}
    row |= {"state": words.get(f"plans.run.{made.state}"), "done": made.state == DONE}
    if made.state != DONE:
        return row
    files, numbers = made.files, [file for file in made.files if file.endswith(".csv")]
    images = [file for file in files if file.endswith(IMAGES)]
    grade = json.loads((kept.folder / name / INDEX).read_text(encoding="utf-8"))["grade"]
    reports = [file for file in files if file.startswith("report") and not file.endswith(IMAGES)]
    listed = {"reports": reports, "tables": [f for f in files if f.endswith(TABLES)], "figures": images}
    listed["numbers"] = [file for file in files if not any(file in found for found in listed.values())]
    row |= {what: _links(name, found) for what, found in listed.items()}
    return row | {"grade": grade, "behind": _behind(plan.lang, images, numbers)}


def _links(name: str, files: list[str]) -> list[tuple[str, str]]:
    """Address and text of each file."""
    return [(f"{quote(name)}/{quote(file)}", file) for file in files]


def _behind(lang: str, images: list[str], numbers: list[str]) -> list[str]:
    """Which numbers stand behind each figure."""
    said = []
    for kind, figure in FIGURES.items():
        shown = any(Path(image).stem.removesuffix("_en").removesuffix("_zh") == kind for image in images)
        files = [f"{frame}.csv" for frame in (*figure.needs, *figure.uses) if f"{frame}.csv" in numbers]
        if shown and files:
            said.append(catalogue(lang).say("plans.run.behind", figure=kind, files=files))
    return said


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, select_autoescape

    environment = Environment(
        loader=PackageLoader(__package__, "templates"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("index.html")
