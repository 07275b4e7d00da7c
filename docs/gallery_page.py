"""The gallery: every figure of the library with the code that made it, drawn when the documentation is built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from society_effects.figures import FIGURES
from society_effects.language.catalogue import catalogue

MEMBERS = """\
study = se.load_sample("clinical_skills_667")
result = se.MemberComparison().fit(study)"""
SURVEY = """\
study = se.simulate_survey()
result = se.MemberComparison().fit(study)"""
ADJUSTED = """\
study = se.load_sample("clinical_skills_667", outcomes="total", cluster="class")
result = se.RegressionAdjustment(subgroups=("sex",)).fit(study)"""
TWO_WAVES = """\
study = se.load_sample("professional_identity_panel")
result = se.PrePostControl(first="before", last="year").fit(study)"""
MEMBERS_ALONE = """\
study = se.load_sample("professional_identity_panel")
result = se.PrePost(first="before", last="year").fit(study)"""
JOINERS = """\
study = se.load_sample("professional_identity_panel")
result = se.RepeatedMeasures().fit(study)"""
LADDER = """\
study = se.load_sample("clinical_skills_667", outcomes="total", cluster="class")
result = se.triangulate(study)"""
FRONT = """\
study = se.load_sample("clinical_skills_667", outcomes=["physical_examination", "history_taking"])
result = se.MemberComparison().fit(study)"""
"""What the first page shows: a difference, and none."""
GALLERY = {
    "scores": {"estimation": MEMBERS, "raincloud": MEMBERS, "forest": MEMBERS, "profile": MEMBERS},
    "answers": {"likert": SURVEY, "proportions": SURVEY, "shares": SURVEY, "cluster_means": SURVEY},
    "waves": {
        "change": TWO_WAVES,
        "scatter": TWO_WAVES,
        "agreement": MEMBERS_ALONE,
        "sensitivity_path": TWO_WAVES,
        "event_path": JOINERS,
    },
    "adjusted": {
        "adjusted_means": ADJUSTED,
        "subgroups": ADJUSTED,
        "balance": ADJUSTED,
        "coefficients": ADJUSTED,
        "contour": ADJUSTED,
        "ladder": LADDER,
    },
    "students": {"flow": ADJUSTED},
}
DOTS = 200  # per inch
NARROW = 100  # mm: what can be read on a phone without being moved
WORDS = {
    "en": {
        "title": "Gallery",
        "about": "Every figure that a result can draw, made by the code under it when this page was built. All data "
        "here are simulated. A result names the figures it allows when it is asked for another. How to save them: "
        "[](howto_figures.md).",
        "scores": "Scores of members and non-members",
        "answers": "Answers, pass marks, categories, classes",
        "waves": "Before and after",
        "adjusted": "Students who were alike before",
        "students": "Who is counted",
        "seen": "In words: ",
    },
    "zh": {
        "title": "图库",
        "about": "每个结果可以绘制的全部图形，均由图下的代码在生成本页时绘出。此处所用数据均为模拟数据。"
        "若向某个结果索取它不能绘制的图，提示中会列出可绘制的图。如何保存：[](howto_figures.md)。",
        "scores": "社团组与非社团组的得分",
        "answers": "量表条目、及格率、分类与班级",
        "waves": "前后测量",
        "adjusted": "入社前情况相近的学生",
        "students": "纳入了哪些学生",
        "seen": "图中所示：",
    },
}


def write_gallery(folder: Path, lang: str) -> None:
    """Draw all figures into ``folder/gallery``, and write the page that shows them."""
    made = [name for kinds in GALLERY.values() for name in kinds]
    if sorted(made) != sorted(FIGURES):
        raise ValueError(f"the gallery and the figures differ: {sorted(set(made) ^ set(FIGURES))}")
    (folder / "gallery").mkdir(exist_ok=True)
    words, lines = WORDS[lang], [f"# {WORDS[lang]['title']}", "", WORDS[lang]["about"], ""]
    results: dict[str, Any] = {}
    _result(FRONT, results).plot("estimation", lang=lang).savefig(folder / "gallery" / "front.png", dpi=DOTS)
    lines += [":::::{grid} 2 3 4 4", ":gutter: 2", ":class-container: thumbnails", ""]
    for name in made:
        lines += [
            f"::::{{grid-item-card}} `{name}`",
            f":img-top: gallery/{name}.png",
            f":link: {name}",
            ":link-type: ref",
        ]
        lines += ["::::", ""]
    lines += [":::::", ""]
    for topic, kinds in GALLERY.items():
        lines += [f"## {words[topic]}", ""]
        for name, setup in kinds.items():
            figure = _result(setup, results).plot(name, lang=lang)
            figure.savefig(folder / "gallery" / f"{name}.png", dpi=DOTS)
            lines += _figure(name, setup, lang, figure.alt_text, figure.width_mm)
    (folder / "gallery.md").write_text("\n".join(lines), encoding="utf-8")


def _result(setup: str, results: dict[str, Any]) -> Any:
    if setup not in results:
        names: dict[str, Any] = {}
        exec(f"import society_effects as se\n{setup}", names)  # the code that the page shows
        results[setup] = names["result"]
    return results[setup]


def _figure(name: str, setup: str, lang: str, seen: str, width: float) -> list[str]:
    """The part of the page on one figure: its caption, picture, code and words."""
    asked = f'result.plot("{name}")' if lang == "en" else f'result.plot("{name}", lang="zh")'
    caption = catalogue(lang).get(f"reports.figures.{name}")
    return [
        *(f"({name})=", f"### {caption}", "", ":::{container} wide" if width > NARROW else ":::{container}"),
        *(f"```{{image}} gallery/{name}.png", f":alt: {caption}", f":width: {round(4 * width)}px", "```", ":::", ""),
        *("```python", setup, asked, "```", ""),
        *(f"{WORDS[lang]['seen']}{seen}", ""),
    ]
