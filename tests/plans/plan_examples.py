"""A small study with its plan, written to a folder."""

import subprocess
import sys

import numpy as np
import pandas as pd

from society_effects.plans import read_plan

PLAN = """\
question: {en: "Do members score higher?", zh: 社团成员得分是否更高？}
lang: LANG
data: 成绩 单.csv
study:
  group: 社团
  member: 是
  reference: 否
  unit: 学号
  covariates: {prior_achievement: [入社前]}
  missing_codes: [缺考]
  labels: {社团=是: {en: members, zh: 社团组}, 社团=否: {en: non-members, zh: 非社团组}}
about: {assignment: self-selected, covariates_before_joining: all, examiners_blind: true}
outcomes:
  - {column: 体格检查, kind: continuous, label: {en: physical examination, zh: 体格检查}, range: [0, 100], margin: 5,
     unit: {en: points, zh: 分}, family: stations}
  - {column: 基本操作, kind: continuous, label: {en: basic operations, zh: 基本操作}, range: [0, 100], family: stations}
primary: 体格检查
conf_level: 0.9
seed: 7
analyses:
  - describe
  - name: 未校正
    design: member_comparison
    resamples: 99
  - name: what is missing
    design: sensitivity
    of: 未校正
    analyses: [e_value]
outputs: {languages: [LANG], formats: [md, html]}
"""


def scores():
    """Forty students, two of them absent."""
    random = np.random.default_rng(3)
    members = np.arange(40) % 2 == 0
    frame = pd.DataFrame({"学号": range(101, 141), "社团": np.where(members, "是", "否")})
    frame["入社前"] = random.normal(70, 8, 40).round(1)
    for column in ("体格检查", "基本操作"):
        frame[column] = (frame["入社前"] + 3 * members + random.normal(0, 5, 40)).clip(0, 100).round(1).astype(str)
    frame.loc[[3, 8], "体格检查"] = "缺考"
    return frame


def written(folder, lang="zh", text=PLAN, name="计划 一.yaml", **changes):
    """The path of the plan, beside its data; ``changes`` replace one piece of its text by another."""
    folder.mkdir(parents=True, exist_ok=True)
    scores().to_csv(folder / "成绩 单.csv", index=False, encoding="gb18030")
    text = text.replace("LANG", lang)
    for old, new in changes.get("replaced", ()):
        assert old in text, old
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def plan(folder, lang="zh", **changes):
    """The plan, read."""
    return read_plan(written(folder, lang, **changes))


ONLY_TABLE_1 = [
    (PLAN[PLAN.index("  - name: 未校正") : PLAN.index("outputs")], ""),
]
"""What to replace for a plan that describes only, and is run quickly."""


def command(*arguments, cwd=None):
    """The installed command, as a user starts it."""
    start = [sys.executable, "-c", "import sys; from society_effects.cli import main; sys.exit(main())"]
    return subprocess.run([*start, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, encoding="utf-8")


def contents(folder):
    """Every file below a folder with its bytes."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
