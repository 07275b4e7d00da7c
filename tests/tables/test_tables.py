"""The journal tables: what they say in both languages, layouts and number styles, and that numbers survive."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import table_examples as examples

from society_effects.errors import OutputError
from society_effects.findings.findings import Findings
from society_effects.tables import TABLES, build, possible

LANGS = ("en", "zh")
STYLES = ("apa", "ama", "gbt")
LAYOUTS = ("outcomes", "groups")


def line(table, start: str) -> list[str]:
    """The cells of the row whose label starts so."""
    return next([c.text for c in row] for row in table.rows if row[0].text.startswith(start))


def test_outcomes_in_rows_in_english_reads_as_apa_wants_it():
    table = build(examples.comparison(), "comparison", "en")
    assert table.columns == [
        "Outcome",
        "Members (n = 159)",
        "Non-members (n = 508)",
        "Mean difference [95% CI]",
        "Standardised difference, d [95% CI]",
        "t (df)",
        "p: Unadjusted",
        "p: Adjusted",
    ]
    assert line(table, "Basic operations") == [
        "Basic operations", "78.20 (9.60)", "74.20 (8.10)", "4.00 [2.33, 5.67]", "0.47 [0.28, 0.66]", "4.73 (209.2)",
        ".016", ".049",
    ]  # fmt: skip


def test_groups_in_rows_in_chinese_is_the_usual_layout_there():
    table = build(examples.comparison(), "comparison", "zh")
    assert [c.text for c in table.header[0]] == [
        "组别",
        "例数",
        "体格检查（x̄±s）",
        "基本操作（x̄±s）",
        "病史采集（x̄±s）",
    ]
    assert [row[0].text for row in table.rows] == [
        "社团组",
        "非社团组",
        "均数差（95%CI）",
        "标准化均数差d（95%CI）",
        "t′",
        "未校正P值",
        "校正P值",
    ]
    assert line(table, "社团组") == ["社团组", "159", "78.20±9.60", "78.20±9.60", "78.20±9.60"]
    assert line(table, "未校正P") == ["未校正P值", "", "<0.001", "0.016", "0.620"]
    assert table.title == "社团组与非社团组各项结果比较"


def test_ama_writes_limits_in_parentheses_and_a_capital_p():
    table = build(examples.comparison(adjusted=False), "comparison", "en", "ama")
    assert line(table, "Physical")[3] == "4.00 (2.33 to 5.67)"
    assert table.columns[-1] == "P"


@pytest.mark.thinned
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("n_outcomes", [1, 3, 12])
def test_every_layout_language_and_style_shows_the_same_numbers(lang, layout, style, n_outcomes):
    table = build(examples.comparison(n_outcomes), "comparison", lang, style, layout)
    assert all(len(row) == len(table.columns) for row in table.rows)
    text = str(table)
    assert text.count("4.73") == n_outcomes
    assert ("模拟数据" if lang == "zh" else "Simulated data") in text
    assert not re.search(r"\bnan\b|None|\{|\}|显著", text)
    assert not (lang == "en" and re.search(r"[\u4e00-\u9fff]", text))


def test_twelve_chinese_outcomes_go_down_the_page_unless_asked_otherwise():
    many = examples.comparison(12)
    assert len(build(many, "comparison", "zh").rows) == 12
    assert len(build(many, "comparison", "zh", layout="groups").rows) == 7


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_shares_missing_statistics_and_undefined_numbers_are_explained(lang, layout):
    table = build(examples.mixed(), "comparison", lang, layout=layout)
    text = str(table)
    assert "140/159" in text and "88.1%" in text
    marks = {note.mark: note.text for note in table.notes if note.mark}
    used = {mark for row in table.rows for cell in row for mark in cell.marks}
    assert used == set(marks)
    reasons = " ".join(marks.values())
    assert "Boschloo" in reasons
    assert ("有效数据不足2例" if lang == "zh" else "fewer than two students") in reasons
    assert ("百分点" if lang == "zh" else "percentage points") in reasons


def test_an_undefined_number_without_a_check_is_still_explained():
    bare = examples.mixed()
    table = build(Findings(bare.design, bare.frames, (), bare.labels), "comparison", "en")
    assert "Not defined for these data." in [note.text for note in table.notes]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_three_groups_with_two_contrasts(lang, layout):
    table = build(examples.several_groups(), "comparison", lang, layout=layout)
    text = str(table)
    assert text.count("4.00") == 4
    assert ("骨干" if lang == "zh" else "fficers") in text


def test_without_group_rows_the_differences_are_still_shown():
    whole = examples.comparison()
    frames = {"estimates": whole.frame("estimates")}
    for lang in LANGS:
        table = build(Findings(whole.design, frames, (), whole.labels), "comparison", lang)
        assert "4.00" in str(table)


def test_table_one_by_kind_of_variable():
    table = build(examples.table_one(tests=True), "baseline", "en")
    assert [c.text for c in table.header[0]] == [
        "Characteristic", "Members (n = 159)", "Non-members (n = 508)", "SMD", "p",
    ]  # fmt: skip
    rows = {row[0].text: [c.text for c in row[1:]] for row in table.rows}
    assert rows["Age (years), mean (SD)"] == ["20.31 (1.20)", "20.31 (1.20)", "−0.21", "<.001"]
    assert rows["Missing, n (%)"] == ["2 (1.3)", "2 (0.4)", "", ""]
    assert rows["Motivation, median (Q1, Q3)"][:2] == ["4.00 (3.00, 5.00)"] * 2
    assert rows["female"][:2] == ["95 (59.7)", "305 (60.0)"]
    assert any("does not show that groups are comparable" in note.text for note in table.notes)


def test_table_one_in_chinese_has_no_percentages_of_small_groups_and_no_p_unless_tested():
    table = build(examples.table_one(n_members=14), "baseline", "zh")
    rows = {row[0].text: [c.text for c in row[1:]] for row in table.rows}
    assert table.title == "两组一般资料比较"
    assert rows["女"] == ["8", "305(60.0)", ""]
    assert rows["年龄（岁，x̄±s）"][0] == "20.31±1.20"
    assert "P" not in str(table)
    assert any("不足20" in note.text for note in table.notes)


def test_ama_percentages_have_no_decimals_below_a_hundred():
    table = build(examples.table_one(n_members=50), "baseline", "en", "ama")
    assert line(table, "female")[1:3] == ["30 (60)", "305 (60.0)"]


@pytest.mark.parametrize("lang", LANGS)
def test_table_one_of_three_groups_shows_the_largest_difference_of_any_two(lang):
    table = build(examples.table_one(third=True, tests=True), "baseline", lang)
    assert len(table.columns) == 6 and [row[4].text for row in table.rows].count("0.41") == 3
    assert "0.21" not in str(table) and "<" not in line(table, "Age" if lang == "en" else "年龄")[5]
    assert ("任意两组" if lang == "zh" else "between any two of the groups") in str(table)


@pytest.mark.parametrize("lang", LANGS)
def test_all_estimates_name_their_measures(lang):
    table = build(examples.mixed(), "estimates", lang)
    assert len(table.rows) == 5
    assert len({row[1].text for row in table.rows}) == 4


@pytest.mark.parametrize("lang", LANGS)
def test_the_ledger_names_who_was_left_out_and_why(lang):
    station = "physical_examination"
    steps = [
        ("data", None, None, None, 667, 0),
        ("outcome_missing", station, "yes", "empty", 159, 2),
        ("analysed", station, "yes", None, 157, 0),
        ("analysed", station, "no", None, 508, 0),
    ]
    names = ("step", "outcome", "group", "reason", "n_before", "n_dropped")
    frame = {name: [step[i] for step in steps] for i, name in enumerate(names)}
    frame |= {"n_after": [step[4] - step[5] for step in steps], "design": ["describe"] * 4}
    findings = Findings.of("describe", {"ledger": frame}, labels=examples.comparison().labels)
    table = build(findings, "ledger", lang)
    assert [[c.value for c in row[2:]] for row in table.rows] == [[667, 0, 667], [159, 2, 157], [508, 0, 508]]
    assert ("空白" if lang == "zh" else "empty cell") in str(table)


def test_the_first_table_the_findings_allow_or_the_preferred_one():
    findings = examples.comparison()
    assert possible(findings) == ("comparison", "estimates")
    assert build(findings).kind == "comparison"
    assert build(findings, prefer=("baseline", "estimates")).kind == "estimates"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        ({"kind": "comparisn"}, "UNKNOWN_TABLE", "comparison"),
        ({"kind": "baseline"}, "TABLE_NOT_POSSIBLE", "estimates"),
        ({"kind": "estimates", "layout": "groups"}, "UNKNOWN_LAYOUT", "estimates"),
        ({"layout": "sideways"}, "UNKNOWN_LAYOUT", "outcomes"),
        ({"style": "mla"}, "UNKNOWN_NUMBER_STYLE", "apa"),
    ],
)
def test_what_is_not_possible_says_what_is(lang, arguments, code, named):
    with pytest.raises(OutputError) as raised:
        build(examples.comparison(), lang=lang, **arguments)
    assert raised.value.code == code and named in str(raised.value)


def test_other_refusals():
    with pytest.raises(OutputError, match="en, zh"):
        build(examples.comparison(), lang="fr")
    with pytest.raises(OutputError, match="only the frames"):
        build(Findings("describe", {}))


def test_every_table_kind_has_its_builder():
    for kind, table in TABLES.items():
        assert kind == table.kind and table.needs


@pytest.mark.parametrize("lang", LANGS)
def test_ranks_stand_beside_medians(lang):
    rows = examples.mean_rows("x", measure="hodges_lehmann", method="hodges_lehmann", statistic_name="z", df=np.inf)
    findings = examples.findings(rows, [examples.group_row("x", g) for g in ("yes", "no")], {})
    text = str(build(findings, "comparison", lang))
    assert ("75.00(70.00, 80.00)" if lang == "zh" else "75.00 (70.00, 80.00)") in text and "78.20" not in text


@pytest.mark.parametrize(("method", "said"), [("boschloo", "Newcombe interval"), ("welch", "from the same test")])
def test_the_interval_is_named_by_what_made_it(method, said):
    rows = examples.share_rows("x") if method == "boschloo" else examples.mean_rows("x")
    made_by = {"method": method, "interval_method": "newcombe" if method == "boschloo" else None}
    table = build(examples.findings([rows[0] | made_by], [], {}), "comparison", "en")
    assert any(note.text.startswith("95% CI") and note.text.endswith(f"{said}.") for note in table.notes)


@pytest.mark.parametrize("lang", LANGS)
def test_long_labels_and_p_values_at_the_edge(lang):
    name = "a very long name of a station that goes on and on " * 4
    rows = examples.mean_rows("x", p=1e-300)
    findings = examples.findings(rows, [examples.group_row("x", "yes"), examples.group_row("x", "no")], {"x": name})
    text = str(build(findings, "comparison", lang))
    assert "0.000" not in text and "<" in text
    assert name[1:60] in text


def test_undefined_spread_is_a_dash_and_never_nan():
    rows = examples.mean_rows("x")
    groups = [examples.group_row("x", "yes", sd=np.nan), examples.group_row("x", "no", mean=np.nan)]
    table = build(examples.findings(rows, groups, {}), "comparison", "en")
    assert [c.text for c in table.rows[0][1:3]] == ["78.20", "—"]
