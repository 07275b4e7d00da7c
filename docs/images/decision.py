"""Draw the decision picture of "Choosing a design", in English and Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from society_effects.figures.canvas import Canvas, Sheet
from society_effects.figures.palette import FAINT, INK, MEMBER, PALE, QUIET

WIDTH, MARGIN, GAP, BETWEEN = 180.0, 3.0, 4.0, 1.6  # mm: of the picture; between questions, between designs
QUESTIONS, DESIGNS = (MARGIN, 66.0), (89.0, 88.0)  # mm: left edge and width of a column
PAD, GRADE = 2.2, 7.0  # mm: around the words of a box; the square with the grade


@dataclass(frozen=True)
class Design:
    """A design at the end of a branch: its condition, its name, what it compares, its grade, is it part of us?"""

    when: str
    name: str
    what: str
    grade: str
    ours: bool = True


@dataclass(frozen=True)
class Step:
    """A question and the designs that its "yes" leads to; the last step is no question."""

    question: str
    designs: tuple[Design, ...]


WORDS = {
    "en": {
        "yes": "yes",
        "no": "no",
        "note": "Letters: the grade a design starts from, A (randomised) to F (description). What is found can only "
        "lower it. Dashed: not part of the library yet. Whole classes, several groups, the kind of each outcome and a "
        "smallest difference that matters are declared in the study; every design takes them into account or says that "
        "it cannot.",
    },
    "zh": {
        "yes": "是",
        "no": "否",
        "note": "字母为设计的起始证据等级，由 A（随机分配）至 F（仅作描述），所见情况只会使其降低。"
        "虚线框为本库尚未提供的设计。整班入社、多组、结局类型与最小有意义差值均在研究中指明，"
        "各设计予以考虑，或说明不能考虑。",
    },
}
STEPS = {
    "en": (
        Step(
            "Did a lottery decide who was offered a place?",
            (Design("", "Randomised offer", "all who were offered a place with all who were not", "A", ours=False),),
        ),
        Step(
            "Did a cut-off on a score decide who could join?",
            (Design("", "Cut-off", "students just above with students just below", "B", ours=False),),
        ),
        Step(
            "Was the outcome measured before and after joining, in members and in non-members?",
            (
                Design("joining known", "DifferenceInDifferences", "changes since before joining", "B"),
                Design("once before, once after", "PrePostControl", "adjusted scores, and changes", "D"),
                Design("three times or more, joining not known", "RepeatedMeasures", "changes", "D"),
            ),
        ),
        Step(
            "Only members, measured before and after?",
            (Design("", "PrePost", "describes the change; nothing is attributed to the society", "F"),),
        ),
        Step(
            "Is it known what students could do before they joined?",
            (Design("", "RegressionAdjustment", "students who had achieved as much before", "C"),),
        ),
        Step(
            "Is anything else known from before they joined?",
            (Design("", "RegressionAdjustment", "students alike in what is known, beside MemberComparison", "D"),),
        ),
        Step("", (Design("", "MemberComparison", "members and non-members as they are", "E"),)),
    ),
    "zh": (
        Step(
            "入社机会是否由抽签决定？",
            (Design("", "随机分配入社机会", "全部获得名额者与全部未获得者", "A", ours=False),),
        ),
        Step(
            "能否入社是否由分数线决定？",
            (Design("", "断点回归", "分数刚好在线上与线下的学生", "B", ours=False),),
        ),
        Step(
            "社团与非社团学生在入社前后是否均有测量？",
            (
                Design("入社时点已知", "DifferenceInDifferences", "自入社前起的变化", "B"),
                Design("前后各一次", "PrePostControl", "前次得分相同者之间；变化之间", "D"),
                Design("三次及以上，入社时点不明", "RepeatedMeasures", "各组的变化过程", "D"),
            ),
        ),
        Step(
            "是否仅有社团成员，且前后均有测量？",
            (Design("", "PrePost", "描述变化，不能归因于社团", "F"),),
        ),
        Step(
            "是否知道学生入社前的学业水平？",
            (Design("", "RegressionAdjustment", "入社前成绩相当的学生", "C"),),
        ),
        Step(
            "是否有入社前的其他信息？",
            (Design("", "RegressionAdjustment", "已知条件相同的学生，并与 MemberComparison 对照", "D"),),
        ),
        Step("", (Design("", "MemberComparison", "按现状比较社团与非社团学生", "E"),)),
    ),
}


def draw(lang: str) -> Canvas:
    """The picture in one language."""
    words, steps = WORDS[lang], STEPS[lang]
    sheet = Sheet(WIDTH, None, lang == "zh", None, words["note"])
    heights = [max(_question_height(sheet, s), _designs_height(sheet, s)) for s in steps]
    content = sum(heights) + GAP * len(steps)
    canvas = sheet.canvas(content)
    axes = canvas.place(0, 0, canvas.width_mm, canvas.height_mm)
    axes.set(xlim=(0, canvas.width_mm), ylim=(canvas.height_mm, 0))
    axes.axis("off")
    tops = [sheet.head + sum(heights[:k]) + GAP * k for k in range(len(steps))]
    middles = [top + height / 2 for top, height in zip(tops, heights, strict=True)]
    for place, step in enumerate(steps):
        _step(axes, sheet, step, middles[place], words["yes"])
        if place + 1 < len(steps):
            start = middles[place] + _question_height(sheet, step) / 2
            _way_on(axes, start, _entry(sheet, steps[place + 1], middles[place + 1]), words["no"])
    return canvas


def _step(axes: Axes, sheet: Sheet, step: Step, middle: float, yes: str) -> None:
    """A question with the designs its answer leads to; the last one is led to by all the answers before."""
    left, width = QUESTIONS
    if step.question:
        own = _question_height(sheet, step)
        _box(axes, left, middle - own / 2, width, own, PALE, MEMBER)
        text = _question(sheet, step)
        axes.text(left + width / 2, middle, text, ha="center", va="center", fontsize=8, color=INK, linespacing=1.25)
        axes.text(left + width + 2, middle - 0.8, yes, ha="left", va="bottom", fontsize=7, color=QUIET)
    start = left + width if step.question else left + width / 2
    fork = (left + width + DESIGNS[0]) / 2 + 2
    if len(step.designs) > 1:
        axes.plot([start, fork], [middle, middle], color=INK, lw=0.7, solid_capstyle="butt")
    lines = [_design_height(sheet, design) for design in step.designs]
    at = middle - (sum(lines) + BETWEEN * (len(lines) - 1)) / 2
    for design, own in zip(step.designs, lines, strict=True):
        axes.plot([fork, fork], [middle, at + own / 2], color=INK, lw=0.7, solid_capstyle="projecting")
        begin = fork if len(lines) > 1 else start
        _arrow(axes, (begin, at + own / 2), (DESIGNS[0] - 0.4, at + own / 2))
        _design(axes, sheet, design, at, own)
        at += own + BETWEEN


def _entry(sheet: Sheet, step: Step, middle: float) -> tuple[float, bool]:
    """Where the way from above ends: at the box of a question, or at the line of the last designs."""
    return (middle - _question_height(sheet, step) / 2, True) if step.question else (middle, False)


def _way_on(axes: Axes, start: float, entry: tuple[float, bool], word: str) -> None:
    """The way down from a question that is answered with no."""
    x, (end, pointed) = QUESTIONS[0] + QUESTIONS[1] / 2, entry
    if pointed:
        _arrow(axes, (x, start), (x, end))
    else:
        axes.plot([x, x], [start, end], color=INK, lw=0.7, solid_capstyle="projecting")
    axes.text(x + 1.2, min((start + end) / 2, start + GAP), word, ha="left", va="center", fontsize=7, color=QUIET)


def _design(axes: Axes, sheet: Sheet, design: Design, top: float, height: float) -> None:
    """A design with its grade, the condition before its name."""
    left, width = DESIGNS
    style = "-" if design.ours else (0, (3, 2))
    _box(axes, left, top, width, height, "white", INK if design.ours else QUIET, style)
    box = FancyBboxPatch(
        (left + width - GRADE - 1.4, top + (height - GRADE) / 2),
        GRADE,
        GRADE,
        boxstyle="round,pad=0,rounding_size=1.2",
        facecolor=MEMBER if design.ours else FAINT,
        edgecolor="none",
    )
    axes.add_patch(box)
    colour = "white" if design.ours else INK
    centre = left + width - GRADE / 2 - 1.4
    axes.text(centre, top + height / 2, design.grade, ha="center", va="center", fontsize=9, color=colour)
    name, what = _lines(sheet, design)
    colour = INK if design.ours else QUIET
    axes.text(left + PAD, top + PAD, name, ha="left", va="top", fontsize=8, color=colour, fontweight="bold")
    axes.text(left + PAD, top + PAD + 3.9, what, ha="left", va="top", fontsize=7, color=QUIET, linespacing=1.25)


def _lines(sheet: Sheet, design: Design) -> tuple[str, str]:
    """The name of a design; below it its condition and what it compares."""
    colon = "：" if sheet.chinese else ": "
    what = f"{design.when}{colon}{design.what}" if design.when else design.what
    return design.name, sheet.wrap(what, DESIGNS[1] - 2 * PAD - GRADE - 2, 7)


def _design_height(sheet: Sheet, design: Design) -> float:
    return 2 * PAD + 3.9 + sheet.lines_height(_lines(sheet, design)[1], 7) - 0.6


def _designs_height(sheet: Sheet, step: Step) -> float:
    return sum(_design_height(sheet, design) for design in step.designs) + BETWEEN * (len(step.designs) - 1)


def _question_height(sheet: Sheet, step: Step) -> float:
    return sheet.lines_height(_question(sheet, step)) + 2 * PAD


def _box(
    axes: Axes, left: float, top: float, width: float, height: float, face: str, edge: str, style: object = "-"
) -> None:
    shape = "round,pad=0,rounding_size=1.4"
    axes.add_patch(
        FancyBboxPatch((left, top), width, height, boxstyle=shape, facecolor=face, edgecolor=edge, lw=0.8, ls=style)
    )


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 0.7, "shrinkA": 0, "shrinkB": 0})


def _question(sheet: Sheet, step: Step) -> str:
    return sheet.balance(step.question, QUESTIONS[1] - 2 * PAD, 8)


if __name__ == "__main__":
    for language in WORDS:
        picture = draw(language)
        missing = picture.missing_glyphs()
        if missing:
            raise SystemExit(f"no font writes {missing}")
        picture.save(Path(__file__).parent / f"decision_{language}", formats=("png",))
