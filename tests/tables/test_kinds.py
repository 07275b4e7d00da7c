"""Every kind of outcome in two, three and four groups, with and without classes: what the tables say of them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import kind_examples as examples

from society_effects.errors import OutputError
from society_effects.findings.findings import Findings
from society_effects.language.catalogue import catalogue
from society_effects.tables import build, possible

LANGS = ("en", "zh")
LAYOUTS = ("outcomes", "groups")
STYLES = ("apa", "ama", "gbt")


def notes(table) -> str:
    return "\n".join(note.text for note in table.notes)


def texts(table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def row_of(table, start: str) -> list[str]:
    return next(cells for cells in texts(table) if cells[0].startswith(start))


@pytest.mark.thinned
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("groups", [2, 3, 4])
@pytest.mark.parametrize("outcomes", [1, 6, 12])
def test_every_mixture_reads_well(lang, layout, style, groups, outcomes):
    table = build(examples.compared(groups=groups, outcomes=outcomes), "comparison", lang, style, layout)
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert not re.search(r"\bnan\b|None|[{}]|显著", str(table))
    used = {mark for row in table.rows for cell in row for mark in cell.marks}
    assert used == {note.mark for note in table.notes if note.mark}
    for text in (table.to_html(), table.to_markdown()):
        assert "nan" not in text


def test_categories_are_counted_below_their_outcome():
    table = build(examples.compared(), "comparison", "en")
    place = [cells[0] for cells in texts(table)].index("Confidence in procedures, n (%)")
    own, *below = texts(table)[place : place + 4]
    assert own[1:4] == ["", "", "PS 0.58 [0.52, 0.65]"] and own[4] == "δ 0.17 [0.06, 0.27]"
    assert [cells[:3] for cells in below] == [
        ["low", "64 (40.3)", "254 (50.0)"],
        ["middle", "48 (30.2)", "152 (29.9)"],
        ["high", "48 (30.2)", "102 (20.1)"],
    ]


def test_many_ordered_categories_are_summarised_by_positions():
    few = examples.compared(("ordinal",))
    groups = few.frame("groups")
    more = groups[groups["category"] == "low"]
    rows = [groups, *(more.assign(category=f"step {i}") for i in range(3))]
    frames = dict(few.frames) | {"groups": type(groups)({c: [v for f in rows for v in f[c]] for c in groups})}
    table = build(Findings.of(few.design, frames, labels=few.labels), "comparison", "en")
    assert texts(table)[0][1:3] == ["2.00 (1.00, 2.25)"] * 2
    assert "position" in notes(table) and len(table.rows) == 1


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_nominal_outcomes_alone_need_no_estimates(lang, layout):
    findings = examples.compared(("nominal",))
    assert not findings.has("estimates") and possible(findings)[0] == "comparison"
    table = build(findings, "comparison", lang, layout=layout)
    text = str(table)
    assert "15.20" in text and ("0.048" if lang == "zh" else ".048") in text
    assert re.search(r"0\.14[ (]+\[?0\.08", text)
    assert ("差值为" if lang == "zh" else "Differences are") not in text


@pytest.mark.parametrize("lang", LANGS)
def test_the_chi_square_of_a_nominal_outcome_stands_on_its_row(lang):
    table = build(examples.compared(), "comparison", lang, layout="outcomes")
    cells = row_of(table, "意向" if lang == "zh" else "Intended")
    assert cells[3] == "—" and cells[4].startswith("V 0.14")
    assert cells[5] == ("χ²=15.20" if lang == "zh" else "χ²(2) = 15.20")


def test_several_groups_have_a_test_of_all_above_their_contrasts():
    table = build(examples.compared(("continuous",), groups=4), "comparison", "en")
    first, *rest = texts(table)
    assert first[1:5] == ["74.20 (8.10)", "75.20 (8.10)", "76.20 (8.10)", "77.20 (8.10)"]
    assert first[5:] == ["", "ω² 0.14 [0.08, 0.21]", "F(3, 98.7) = 5.32", ".019", ""]
    assert [cells[0] for cells in rest] == [f"{g} vs never members" for g in ("Former members", "Members", "Officers")]
    assert rest[0][5:] == ["4.00 [2.32, 5.68]", "d 0.47 [0.28, 0.66]", "t(209.2) = 4.73", ".005", ".021"]
    assert "Test of all groups" in notes(table) and "Test of two groups" in notes(table)


def test_chinese_tables_of_several_groups_have_groups_in_rows():
    table = build(examples.compared(("continuous", "binary"), groups=3), "comparison", "zh")
    assert [cells[0] for cells in texts(table)] == [
        "从未参加者", "曾参加者", "社团成员", "ω²（95%CI）", "统计量", "P值",
        "曾参加者与从未参加者比较", "差值（95%同时CI）", "其他指标（95%CI）", "t′", "未校正P值", "校正P值",
        "社团成员与从未参加者比较", "差值（95%同时CI）", "其他指标（95%CI）", "t′", "未校正P值", "校正P值",
    ]  # fmt: skip
    assert texts(table)[4][2:] == ["F=5.32", "χ²=9.10"]


def test_all_pairs_keep_the_order_of_the_groups():
    table = build(examples.compared(("continuous",), groups=4, pairwise=True), "comparison", "en")
    heads = [name.split(" (")[0] for name in table.columns[1:5]]
    assert heads == ["Never members", "Former members", "Members", "Officers"] and len(table.rows) == 7


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_simultaneous_limits_are_named_as_such_with_their_method(lang, layout):
    table = build(examples.compared(("continuous",)), "comparison", lang, layout=layout)
    assert ("95%同时CI" if lang == "zh" else "simultaneous 95% CI") in str(table)
    assert "2.32" in str(table) and "2.33" not in str(table)
    assert catalogue(lang).get("methods.max_t") in notes(table)
    alone = build(examples.compared(("continuous",), adjusted=False), "comparison", lang, layout=layout)
    assert "2.33" in str(alone) and ("同时" if lang == "zh" else "simultaneous") not in str(alone)


@pytest.mark.parametrize("lang", LANGS)
def test_an_outcome_outside_the_family_says_that_its_interval_is_ordinary(lang):
    whole = examples.compared(("continuous", "binary"))
    estimates = whole.frame("estimates").copy()
    first = estimates["outcome"] == "continuous"
    estimates.loc[first, ["p_adjusted", "simultaneous_low", "simultaneous_high"]] = np.nan
    findings = Findings(whole.design, dict(whole.frames) | {"estimates": estimates}, labels=whole.labels)
    table = build(findings, "comparison", lang, layout="outcomes")
    own = next(row for row in table.rows if row[0].text.startswith("OSCE"))
    said = {note.mark: note.text for note in table.notes if note.mark}
    assert ("普通" if lang == "zh" else "Ordinary") in said[own[3].marks[0]]
    assert own[-1].marks and ("不在" if lang == "zh" else "Not part") in said[own[-1].marks[0]]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("style", STYLES)
def test_classes_always_show_degrees_of_freedom_and_their_number(lang, layout, style):
    table = build(examples.compared(("continuous", "count"), clusters=14), "comparison", lang, style, layout)
    assert "2.90 (9.3)" in str(table)
    assert ("14个班级" if lang == "zh" else "14 classes") in notes(table)
    unclustered = build(examples.compared(("continuous",)), "comparison", lang, style, layout)
    assert ("209.2" in str(unclustered)) == (style != "gbt")


def test_under_classes_the_total_standardiser_stands_beside():
    table = build(examples.compared(("continuous",), clusters=14), "comparison", "en")
    assert texts(table)[0][4] == "0.41 [0.20, 0.62]" and "d_T" in table.columns[4]


def test_events_over_exposure_have_a_row_of_their_own():
    table = build(examples.compared(("exposure",)), "comparison", "en")
    assert texts(table)[0][3:5] == ["1.65 [1.09, 2.49]", "0.08 [0.01, 0.15]"]
    assert texts(table)[1][:3] == ["Events/exposure (rate)", "44/397.5 (0.111)", "44/1,270 (0.035)"]
    chinese = build(examples.compared(("exposure",)), "comparison", "zh")
    assert row_of(chinese, "社团成员")[2] == "44/397.5(0.111)"


@pytest.mark.parametrize("lang", LANGS)
def test_welch_has_one_symbol_in_all_tables(lang):
    findings = examples.compared(("continuous",))
    sign = "t′" if lang == "zh" else "t"
    assert f"{sign}=4.73" in str(build(findings, "estimates", lang)).replace(" ", "")
    assert sign in str(build(findings, "comparison", lang))


def test_columns_of_categories_are_spanned_by_their_test():
    table = build(examples.compared(("ordinal",), groups=3), "comparison", "zh")
    html = table.to_html()
    assert html.count('colspan="3"') == 13 and "12.40" in html
    for row in html.split("<tbody>")[1].split("<tr")[1:]:
        spans = [int(span or 1) for span in re.findall(r'<t[hd](?: scope="row")?(?: colspan="(\d)")? style', row)]
        assert sum(spans) == len(table.columns)


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_takes_a_wide_table(lang):
    html = build(examples.compared(("continuous", "binary"), groups=4), "comparison", lang, layout="outcomes").to_html()
    assert html.count('<th scope="row" colspan="5"') == 6
    shown = [re.sub("<(?!wbr)[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>.*?</td>", html)]
    ratio = next(cell for cell in shown if cell.startswith("RR"))
    assert re.search(r" \[[^ ]+\]$" if lang == "en" else r"<wbr>\(\S+\)$", ratio)
    for style, cell in re.findall(r'<td style="([^"]*)">(.*?)</td>', html):
        assert ("nowrap" in style) == (len(re.sub("<sup.*?/sup>|<[^>]+>", "", cell)) <= 13), cell


@pytest.mark.parametrize("lang", LANGS)
def test_excel_and_csv_hold_categories_and_contrasts(tmp_path, lang):
    import openpyxl

    table = build(examples.compared(groups=4), "comparison", lang, layout="groups")
    sheet = openpyxl.load_workbook(table.save(tmp_path / "t.xlsx")).worksheets[0]
    body = [area for area in sheet.merged_cells.ranges if area.min_row > 3 and area.min_col > 1]
    assert len(body) == 2 * (1 + 2 + 1 + 3 * 5)
    text = table.save(tmp_path / "t.csv").read_text(encoding="utf-8-sig")
    assert text.count("12.40") == 1 and ("内科" if lang == "zh" else "internal medicine") in text


def equivalence(measure: str, verdict: str, low: float, high: float, margin: float) -> dict:
    return {
        "design": "member_comparison", "outcome": "continuous" if measure == "mean_difference" else "binary",
        "test": "equivalence", "measure": measure, "group": "member", "reference": "never", "statistic_name": "t",
        "statistic": 2.31, "df1": 209.2, "p_value": 0.0109, "margin_low": -margin, "margin_high": margin,
        "conf_low": low, "conf_high": high, "conf_level": 0.9, "verdict": verdict, "method": "tost_welch",
    }  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_verdicts_stand_beside_limits_and_margins(lang):
    whole = examples.compared(("continuous", "binary"), groups=3)
    rows = [
        equivalence("mean_difference", "equivalent", -0.52, 1.6, 2.0),
        equivalence("risk_difference", "inconclusive", -0.021, 0.12, 0.05),
    ]
    tests = type(whole.frame("tests"))({c: [r.get(c) for r in rows] for c in whole.frame("tests").columns})
    frames = dict(whole.frames) | {"tests": whole.frame("tests").to_dict("list")}
    frames["tests"] = {c: [*values, *tests[c]] for c, values in frames["tests"].items()}
    table = build(Findings.of(whole.design, frames, labels=whole.labels), "tests", lang)
    text = str(table)
    words = {"en": ("[−2.00, 2.00]", "[−5.0, 5.0]", "Equivalent", "Inconclusive", "90% CI", "percentage points")}
    words["zh"] = ("−2.00~2.00", "−5.0~5.0", "等效", "尚不能下结论", "90%CI", "百分点")
    assert all(word in text for word in words[lang])
    assert len(table.rows) == 4 and all(len(row) == len(table.columns) for row in table.rows)
    assert [bool(cells[0]) for cells in texts(table)] == [True, False, True, False]


@pytest.mark.parametrize("lang", LANGS)
def test_tests_without_margins_have_no_empty_columns(lang):
    table = build(examples.compared(groups=3), "tests", lang)
    assert len(table.columns) == 6 and len(table.rows) == 6


@pytest.mark.parametrize("lang", LANGS)
def test_quantities_name_themselves_and_their_limits(lang):
    table = build(examples.compared(groups=3), "quantities", lang)
    assert [cells[1] for cells in texts(table)] == ["ω²", "Cramér’s V" if lang == "en" else "Cramér V"]
    assert all("0.14" in cells[2] and "0.21" in cells[2] for cells in texts(table))


def reconciled() -> Findings:
    keys = {"program": "spss", "outcome": "continuous", "group": "member", "reference": "never"}
    rows = [
        keys | {"item": "t_equal", "theirs": 4.231, "ours": 4.73, "counterpart": "welch_t", "marked": True},
        keys | {"item": "levene_p", "theirs": 1e-9, "ours": np.nan, "counterpart": None, "marked": False},
    ]
    frame = {name: [row[name] for row in rows] for name in rows[0]}
    return Findings.of("member_comparison", {"reconciliation": frame}, labels=examples.compared().labels)


@pytest.mark.parametrize("lang", LANGS)
def test_the_reconciliation_names_numbers_and_sets_the_marked_ones_in_bold(lang):
    table = build(reconciled(), "reconciliation", lang)
    heading, marked, other = table.rows
    assert heading[0].text.startswith("OSCE") and all(cell.emphasis for cell in marked)
    assert not any(cell.emphasis for cell in other)
    assert [marked[2].text, marked[3].text] == ["4.231", "4.730"]
    assert other[2].text.startswith("<") and other[3].text == "—"
    assert 'font-weight:bold">4.231' in table.to_html() and "**4.231**" in table.to_markdown()


def test_what_cannot_be_shown_says_what_can():
    with pytest.raises(OutputError, match="comparison"):
        build(examples.compared(), "reconciliation")
