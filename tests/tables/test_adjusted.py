"""Tables of adjusted comparisons: what they say in both languages and all number styles, whatever the kinds."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import findings_of_adjustment as examples
import table_examples

from society_effects.errors import OutputError
from society_effects.findings.adjusted import adjusted_for, unadjusted_row
from society_effects.findings.checks import Check
from society_effects.findings.findings import Findings
from society_effects.tables import build, possible

LANGS = ("en", "zh")
STYLES = ("apa", "ama", "gbt")
NAN = np.nan


def notes(table) -> str:
    return "\n".join(note.text for note in table.notes)


def texts(table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def row_of(table, start: str) -> list[str]:
    return next(cells for cells in texts(table) if cells[0].startswith(start))


def reads_well(table) -> None:
    """No cell is left over, no mark without its footnote, no number or word that is none."""
    assert all(len(row) == len(table.columns) for row in table.rows)
    shown = f"{table}\n{table.to_html()}\n{table.to_markdown()}"
    assert not re.search(r"\bnan\b|\binf\b|\bNone\b|[{}]|显著", shown.replace("{}", "x{"))
    assert not re.search(r"\b[a-z0-9]+_[a-z0-9_]+\b", str(table)), "a key that nobody named"
    used = {mark for row in table.rows for cell in row for mark in cell.marks}
    assert used == {note.mark for note in table.notes if note.mark}


def everything(lang: str = "en", groups=("member",), clusters=None) -> Findings:
    """Findings with every frame of an adjusted comparison."""
    subgroups = examples.subgroup_rows() + examples.subgroup_rows("binary") + examples.subgroup_rows("count")
    kinds = ("continuous", "binary", "ordinal", "count")
    estimates = [row for kind in kinds for group in groups for row in examples.answers(kind, group, clusters=clusters)]
    return examples.adjusted(
        kinds,
        groups,
        clusters=clusters,
        lang=lang,
        estimates=estimates + subgroups,
        tests=[examples.together()],
        sensitivity=examples.sensitivity_rows() + examples.sensitivity_rows("binary")[:2],
        balance=examples.balance_rows(),
        adjusted_means=[row for kind in kinds for row in examples.mean_rows(kind, groups)],
    )


@pytest.mark.thinned
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("groups", [("member",), ("former", "member")])
@pytest.mark.parametrize("clusters", [None, 16])
def test_every_table_reads_well_in_every_language_and_style(lang, style, groups, clusters):
    findings = everything(lang, groups, clusters)
    kinds = possible(findings)
    assert kinds[0] == "adjusted" and "comparison" not in kinds and "changes" not in kinds
    for kind in kinds:
        reads_well(build(findings, kind, lang, style))


def test_an_adjusted_comparison_shows_both_numbers_of_the_same_students():
    table = build(examples.adjusted(("continuous",)), lang="en")
    assert (
        table.kind == "adjusted" and table.title == "Comparison of members and never members with the same covariates"
    )
    assert table.columns == [
        "Outcome", "Members (n = 159)", "Never members (n = 508)", "Unadjusted mean difference [95% CI]",
        "Adjusted mean difference [simultaneous 95% CI]", "p, adjusted",
    ]  # fmt: skip
    assert texts(table) == [
        ["OSCE total", "76.20 (8.10)", "74.20 (8.10)", "3.48 [1.87, 5.10]", "1.41 [0.11, 2.71]", ".041"]
    ]
    assert "Adjusted for sex, prior score." in notes(table)
    assert "averaged over the covariates of the members" in notes(table)
    assert "Adjusted: Lin’s regression with HC3." in notes(table)


def test_outcomes_of_different_students_count_them_in_columns_of_their_own():
    table = build(examples.adjusted(("continuous", "count")), lang="en")
    assert table.columns[1:5] == ["Members: n", "Members: Mean (SD)", "Never members: n", "Never members: Mean (SD)"]
    assert [cells[1] for cells in texts(table)] == ["159", "158"]
    alike = build(examples.adjusted(("continuous", "count"), equal=True), lang="en")
    assert alike.columns[1] == "Members (n = 159)"


@pytest.mark.parametrize("lang", LANGS)
def test_kinds_of_numbers_are_named_where_they_differ(lang):
    cells = texts(build(examples.adjusted(), lang=lang))
    shown = [row[-2].split(" ")[0].split("(")[0] for row in cells if row[-2]]
    assert shown == ["MD", "RD", "PS", "IRR"]
    assert any("5.9" in row[-2] for row in cells) and any("19.4" in row[-3] for row in cells)
    table = build(examples.adjusted(), lang=lang)
    assert ("百分点" if lang == "zh" else "percentage points") in notes(table)
    assert [cells[0] for cells in texts(table)][3:6] == ["低", "中", "高"] if lang == "zh" else "middle" in str(table)


def test_without_a_family_there_is_one_plain_p_and_no_simultaneous_interval():
    table = build(examples.adjusted(("continuous",), joint=False), lang="en")
    assert table.columns[-1] == "p" and texts(table)[0][-1] == ".031" and "simultaneous" not in str(table)


@pytest.mark.parametrize("lang", LANGS)
def test_an_outcome_outside_the_family_is_marked(lang):
    rows = examples.answers("continuous", joint=False) + examples.answers("count")
    table = build(examples.adjusted(("continuous", "count"), estimates=rows), lang=lang)
    said = {note.mark: note.text for note in table.notes if note.mark}
    own = table.rows[0]
    assert ("普通" if lang == "zh" else "Ordinary") in said[own[-2].marks[0]]
    assert ("不在" if lang == "zh" else "Not part") in said[own[-1].marks[0]]


def test_several_groups_have_a_row_for_each_contrast():
    table = build(examples.adjusted(("continuous",), ("former", "member")), lang="en")
    assert [cells[0] for cells in texts(table)] == [
        "OSCE total", "Former members vs never members", "Members vs never members",
    ]  # fmt: skip
    assert texts(table)[0][-3:] == ["", "", ""] and texts(table)[1][-2] == "1.41 [0.11, 2.71]"
    assert "members, former members" in notes(table) or "former members, members" in notes(table)


@pytest.mark.parametrize("lang", LANGS)
def test_outcomes_adjusted_for_different_things_say_so(lang):
    rows = examples.coefficient_rows("continuous") + examples.coefficient_rows("binary", (*examples.TERMS, "year"))
    found = notes(build(examples.adjusted(("continuous", "binary"), coefficients=rows), lang=lang))
    other = "OSCE总分：性别、入社前成绩；考试合格：性别、入社前成绩、年级" if lang == "zh" else (
        "OSCE total: sex, prior score; Passed the examination: sex, prior score, year of study"
    )  # fmt: skip
    assert other in found


@pytest.mark.parametrize("lang", LANGS)
def test_whose_average_a_number_is_stands_below(lang):
    rows = examples.answers("continuous") + examples.answers("ordinal", estimand="adj_diff_pooled")
    table = build(examples.adjusted(("continuous", "ordinal"), estimates=rows), lang=lang)
    assert ("假定各类学生的差异相同" if lang == "zh" else "one number for all kinds of students") in notes(table)
    within = examples.answers("continuous", estimand="adj_diff_within_class", method="within_lin_cr2", clusters=16)
    table = build(examples.adjusted(("continuous",), estimates=within), lang=lang)
    assert ("同一班级" if lang == "zh" else "of the same class") in notes(table) and "16" in notes(table)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("key", "said"), [("NO_CONVERGENCE", ("did not converge", "未收敛")), ("TOO_FEW_CLUSTERS", ("too few", "过少"))]
)
def test_an_undefined_answer_says_why(lang, key, said):
    gone = {"estimate": NAN, "conf_low": NAN, "conf_high": NAN, "p_value": NAN}
    rows = examples.answers("continuous", joint=False, **gone)
    checks = (Check(key, "fail", {}, "continuous"),)
    table = build(examples.adjusted(("continuous",), estimates=rows, checks=checks), lang=lang)
    assert table.rows[0][-1].text == "—" and said[LANGS.index(lang)] in notes(table)
    reads_well(table)


def test_a_reason_without_words_is_undefined_in_general():
    rows = table_examples.mean_rows("x", p=NAN, statistic=NAN)
    checks = (Check("EMPTY_CELLS", "fail", {}, "x"),)
    assert "Not defined for these data." in notes(build(table_examples.findings(rows, [], {}, checks), lang="en"))


def test_a_table_of_other_answers_says_what_can_be_made():
    findings = examples.adjusted()
    for kind in ("comparison", "changes", "subgroups"):
        with pytest.raises(OutputError) as raised:
            build(findings, kind)
        assert raised.value.code == "TABLE_OF_OTHERS" and "adjusted" in str(raised.value)
    with pytest.raises(OutputError) as raised:
        build(table_examples.comparison(), "adjusted")
    assert raised.value.code == "TABLE_OF_OTHERS"


def test_what_is_adjusted_for_is_known_from_the_regression_or_the_balance():
    findings = examples.adjusted(("ordinal", "continuous"), balance=examples.balance_rows())
    assert adjusted_for(findings, "continuous") == ("sex", "prior")
    assert adjusted_for(findings, "ordinal") == ("sex", "prior", "sex:prior")
    splines = examples.coefficient_rows("continuous", ("member", "bs(prior, 4)[0]", "bs(prior, 4)[1]", "C(year)[2]"))
    own = examples.adjusted(("continuous",), coefficients=splines)
    assert adjusted_for(own, "continuous") == ("bs(prior, 4)", "C(year)")
    classes = examples.coefficient_rows(
        "continuous", ("member", "prior", "class:prior", "class:member", "class:sex[M]")
    )
    assert adjusted_for(examples.adjusted(("continuous",), coefficients=classes), "continuous") == ("prior",)


def test_the_unadjusted_row_is_of_all_students_and_the_same_contrast():
    of_women = [row | {"primary": False, "by": "sex", "level": "female"} for row in examples.answers("continuous")]
    rows = of_women + examples.answers("continuous", "former") + examples.answers("continuous")
    findings = examples.adjusted(("continuous",), ("former", "member"), estimates=rows)
    primary = findings.frame("estimates")[findings.frame("estimates")["primary"]]
    found = [unadjusted_row(findings, row) for _, row in primary.iterrows()]
    assert [(row["measure"], row["group"], row["by"]) for row in found] == [
        ("mean_difference", "former", None), ("mean_difference", "member", None),
    ]  # fmt: skip
    assert unadjusted_row(findings, primary.iloc[0].to_dict() | {"measure": "hedges_g"}) is None


@pytest.mark.parametrize("lang", LANGS)
def test_the_baseline_of_waves_keeps_its_words(lang):
    """A difference that is adjusted for an earlier score is one of waves, not of covariates."""
    rows = [row | {"wave": "after", "reference_wave": "before"} for row in examples.answers("continuous")[:1]]
    findings = examples.adjusted(("continuous",), estimates=rows)
    assert possible(findings)[0] == "changes"
    assert ("前次得分相同" if lang == "zh" else "same earlier score") in notes(build(findings, "changes", lang))
