"""What lies behind adjusted numbers: coefficients, balance, adjusted means, subgroups, rungs, unmeasured causes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import findings_of_adjustment as examples
from table_examples import columns
from test_adjusted import notes, reads_well, row_of, texts

from society_effects.findings.findings import Findings
from society_effects.tables import build, possible

LANGS = ("en", "zh")
STYLES = ("apa", "ama", "gbt")


def test_one_regression_has_all_its_columns():
    r2 = [{"quantity": q, "value": v, "term": "adjusted", "outcome": "continuous", "group": "member"}
          for q, v in (("r_squared", 0.1866), ("adjusted_r_squared", 0.1748))]  # fmt: skip
    table = build(examples.adjusted(("continuous",), quantities=r2), "coefficients", "en")
    assert table.columns == ["Term", "B [95% CI]", "SE", "t (df)", "p"]
    assert texts(table)[0] == ["(Intercept)", "76.980 [76.880, 77.080]", "0.052", "1,480.38 (623)", "<.001"]
    assert [cells[0] for cells in texts(table)[1:]] == [
        "Members (vs never members)", "Sex: male", "Prior score", "Members × sex: male", "Members × prior score",
        "n", "R²", "Adjusted R²",
    ]  # fmt: skip
    assert [cells[1] for cells in texts(table)[-3:]] == ["633", "0.187", "0.175"]
    assert "Regression and standard errors: Lin’s regression with HC3." in notes(table)
    assert "among students like the members" in notes(table)


@pytest.mark.parametrize("lang", LANGS)
def test_up_to_three_regressions_stand_side_by_side_with_ratios_beside_b(lang):
    table = build(examples.adjusted(), "coefficients", lang)
    heads = [cell.text for cell in table.header[0][1:]]
    assert len(heads) == 3 and len(table.columns) == 1 + 3 + 4 + 4
    own = texts(table)[1]
    assert own[6].startswith(f"{np.exp(0.1):.2f}") and texts(table)[0][6] == "—"
    conditional = ("条件比值比", "条件率比") if lang == "zh" else ("Conditional odds ratio", "Conditional rate ratio")
    assert all(word in str(table) for word in conditional)
    assert ("不是相对危险度" if lang == "zh" else "not risk ratios") in notes(table).replace("也不是", "不是")


@pytest.mark.parametrize("lang", LANGS)
def test_more_regressions_follow_one_below_the_other(lang):
    findings = examples.adjusted(("continuous", "binary"), ("former", "member"))
    table = build(findings, "coefficients", lang)
    assert len(table.header) == 1 and len(table.columns) == 6
    headings = [row[0].text for row in table.rows if not any(cell.text for cell in row[1:])]
    assert len(headings) == 4 and all(("比较" if lang == "zh" else " vs ") in name for name in headings)
    reads_well(table)


def test_regressions_of_one_outcome_say_which_they_are():
    rows = examples.coefficient_rows("continuous") + examples.coefficient_rows("continuous", model="unadjusted")
    table = build(examples.adjusted(("continuous",), coefficients=rows), "coefficients", "en")
    assert [cell.text for cell in table.header[0][1:]] == ["OSCE total, adjusted", "OSCE total, unadjusted"]


@pytest.mark.parametrize("lang", LANGS)
def test_terms_of_classes_are_left_out_and_said_to_be(lang):
    terms = ("member", "prior", "class:member", "class:prior", "class:sex[M]", "class:year")
    rows = examples.coefficient_rows("continuous", terms, method="mundlak_lin_cr2")
    findings = examples.adjusted(("continuous",), clusters=16, coefficients=rows)
    table = build(findings, "coefficients", lang)
    assert len(table.rows) == 3
    assert ("未列出班级项" if lang == "zh" else "Terms of the classes are not shown") in notes(table)
    assert "16" in notes(table) and "(623)" in str(table)


def test_a_small_coefficient_keeps_its_digits_and_no_limit_becomes_zero():
    numbers = {"estimate": 0.00234, "std_error": 0.0011, "conf_low": 0.0002, "conf_high": 0.0045}
    rows = [row | numbers for row in examples.coefficient_rows("continuous", ("prior",))]
    table = build(examples.adjusted(("continuous",), coefficients=rows), "coefficients", "en")
    assert texts(table)[0][1] == "0.0023 [0.0002, 0.0045]"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("after", [False, True])
def test_balance_shows_distances_and_tests_nothing(lang, after):
    table = build(examples.adjusted(balance=examples.balance_rows(after)), "balance", lang)
    reads_well(table)
    assert len(table.columns) == (7 if after else 4)
    sex, prior = texts(table)[0], texts(table)[1]
    assert sex[1:3] == ["−0.05", "—"] and prior[1:4] == ["0.64", "1.07", "0.27"]
    assert ("性别：男×入社前成绩" if lang == "zh" else "Sex: male × prior score") == texts(table)[2][0]
    assert ("不作检验" if lang == "zh" else "Nothing is tested") in notes(table) and "0.1" in notes(table)
    assert not any(name in ("p", "P") or name.startswith("P值") for name in table.columns)


def test_balance_of_outcomes_with_their_own_students_has_a_part_for_each():
    rows = examples.balance_rows(outcomes=("continuous", "binary"))
    table = build(examples.adjusted(balance=rows), "balance", "en")
    assert [row[0].text for row in table.rows if not row[1].text] == ["OSCE total", "Passed the examination"]


@pytest.mark.parametrize("lang", LANGS)
def test_adjusted_means_have_a_column_for_each_weighting(lang):
    rows = [row for kind in ("continuous", "binary", "ordinal") for row in examples.mean_rows(kind)]
    table = build(examples.adjusted(adjusted_means=rows), "adjusted_means", lang)
    reads_well(table)
    assert len(table.columns) == 6
    assert row_of(table, "社团成员" if lang == "zh" else "Members")[1] == "159"
    assert "70.0%" in str(table) and "76.00" in str(table)
    assert [cells[0] for cells in texts(table)][-3:] == (
        ["低", "中", "高"] if lang == "zh" else ["low", "middle", "high"]
    )


def test_the_reference_of_each_contrast_has_its_own_adjusted_mean():
    rows = examples.mean_rows("continuous", ("former", "member"))
    table = build(examples.adjusted(adjusted_means=rows), "adjusted_means", "en")
    shown = [(cells[0], cells[2].split(" ")[0]) for cells in texts(table)]
    assert shown == [
        ("OSCE total: former members vs never members", ""), ("Former members", "76.00"), ("Never members", "76.00"),
        ("OSCE total: members vs never members", ""), ("Members", "76.01"), ("Never members", "76.01"),
    ]  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_subgroups_stand_beside_the_first_one(lang):
    findings = examples.adjusted(
        ("continuous",),
        estimates=examples.answers("continuous") + examples.subgroup_rows(),
        tests=[examples.together()],
    )
    table = build(findings, "subgroups", lang)
    reads_well(table)
    rows = {cells[0]: cells[1:] for cells in texts(table)}
    female, male = ("女", "男") if lang == "zh" else ("Female", "Male")
    assert rows[female][:2] == ["70", "200"] and rows[male][:2] == ["71", "201"]
    assert rows[female][3] == ("参照亚组" if lang == "zh" else "First subgroup") and rows[female][4] == ""
    assert rows[male][3].startswith("0.31") and rows[male][4].endswith(".547")
    year = rows["年级" if lang == "zh" else "Year of study"]
    assert "0.53" in year[3] and year[4].endswith(".588")
    assert rows["性别" if lang == "zh" else "Sex"] == [""] * 5
    measured = rows["入社前成绩（每标准差）" if lang == "zh" else "Prior score, per standard deviation"]
    assert measured[:3] == ["", "", ""] and measured[3].startswith("0.31")
    assert ("4次" if lang == "zh" else "the 4 comparisons") in notes(table)


def test_rows_of_the_categories_of_an_outcome_are_no_subgroups():
    rows = examples.answers("ordinal") + [
        row | {"measure": "adjusted_share_at_least", "primary": False, "by": "ordinal", "level": "high"}
        for row in examples.answers("ordinal")[:1]
    ]
    findings = examples.adjusted(("ordinal",), estimates=rows)
    assert "subgroups" not in possible(findings)
    names = [cells[0] for cells in texts(build(findings, "estimates", "en"))]
    assert names == ["Confidence in procedures", "", "Confidence in procedures · high"]


@pytest.mark.parametrize("lang", LANGS)
def test_all_estimates_name_their_subgroups(lang):
    rows = examples.answers("continuous") + examples.subgroup_rows()
    names = [cells[0] for cells in texts(build(examples.adjusted(("continuous",), estimates=rows), "estimates", lang))]
    contrast = "OSCE总分 · 性别 · 男与女比较" if lang == "zh" else "OSCE total · sex · male vs female"
    along = "OSCE总分 · 入社前成绩（每标准差）" if lang == "zh" else "OSCE total · prior score, per standard deviation"
    assert contrast in names and along in names


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("style", STYLES)
def test_the_ladder_says_what_each_rung_assumes_finds_and_leaves(lang, style):
    table = build(examples.rungs(), lang=lang, style=style)
    assert table.kind == "rungs"
    reads_well(table)
    raw, _, third, *missed = texts(table)
    assert raw[1] == "—" and raw[4].startswith("3.48") and raw[5:] == ["—", "—"]
    assert third[1].endswith("bs(prior, 4)") and third[6].startswith("64%")
    assert [bool(cells[2]) and not any(cells[3:]) for cells in missed] == [True, True]
    assert ("未进行：无班级信息" if lang == "zh" else "Not made: no classes") == missed[0][2]
    assert ("社团成员的协变量" if lang == "zh" else "Averaged over the members’ covariates") in notes(table)


def test_ladders_of_several_outcomes_and_of_shares():
    table = build(examples.rungs(("continuous", "binary"), "risk_difference"), lang="en")
    assert [row[0].text for row in table.rows if not row[2].text] == ["OSCE total", "Passed the examination"]
    assert texts(table)[1][4].startswith("3.5 [1.9, 5.1]") and "In percentage points." in notes(table)
    assert possible(examples.rungs())[:2] == ("rungs", "estimates")


@pytest.mark.parametrize("lang", LANGS)
def test_strengths_of_an_unmeasured_cause_have_one_row_each(lang):
    rows = examples.sensitivity_rows()
    table = build(examples.adjusted(("continuous",), sensitivity=rows), "sensitivity", lang)
    reads_well(table)
    assert len(table.rows) == 1 + 3 + 4 and len(table.columns) == 6
    strengths = [cells[4] for cells in texts(table)[1:4]]
    limit = "；界限" if lang == "zh" else "; limit "
    assert strengths == [f"1.58{limit}1.00", f"6.0%{limit}1.1%", "0.4%"]
    assert [cells[0] for cells in texts(table)[4:]][1::2] == ["", ""]
    assert texts(table)[4][2:4] == ["4.3%", "5.3%"] and texts(table)[4][5].startswith("1.30")
    assert texts(table)[4][0] == ("与性别同强" if lang == "zh" else "As strong as sex")
    said = ("E值：", "稳健值：", "极端情形：") if lang == "zh" else ("E-value:", "Robustness value:", "Extreme case:")
    assert all(word in notes(table) for word in said)


def test_a_benchmark_that_explains_all_of_the_outcome_has_no_interval_and_a_note_says_why():
    rows = examples.sensitivity_rows()
    said = "no interval"
    assert said not in str(build(examples.adjusted(("continuous",), sensitivity=rows), "sensitivity", "en"))
    last = max(i for i, row in enumerate(rows) if row["analysis"] == "benchmark")
    rows[last] |= {"r2_outcome": 1.0, "conf_low": np.nan, "conf_high": np.nan}
    assert said in str(build(examples.adjusted(("continuous",), sensitivity=rows), "sensitivity", "en"))


def test_limits_beside_simultaneous_ones_are_said_to_be_of_each_comparison_alone():
    findings = examples.adjusted(("continuous",), sensitivity=examples.sensitivity_rows())
    assert "comparison alone; the text goes by the simultaneous" in str(build(findings, "sensitivity", "en"))
    alone = findings.frame("estimates").assign(simultaneous_low=np.nan, simultaneous_high=np.nan)
    frames = dict(findings.frames) | {"estimates": alone}
    told = Findings.of(findings.design, frames, labels=findings.labels, lang="en")
    assert "comparison alone" not in str(build(told, "sensitivity", "en"))


def test_e_values_alone_need_no_other_columns():
    rows = examples.sensitivity_rows("binary")[:2]
    table = build(examples.adjusted(("binary",), sensitivity=rows), "sensitivity", "en")
    assert table.columns == ["Outcome", "Strength needed"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("analysis", "parameter", "rest"),
    [
        ("oster", "r_max", {"setting": 0.54, "value": 1.37}),
        ("tipping_point", "shift", {"setting": -0.5, "estimate": 0.4, "conf_low": -0.3, "conf_high": 1.1}),
        ("worst_case", None, {"estimate": np.nan, "conf_low": -3.1, "conf_high": 5.2}),
        ("negative_control", None, {"estimate": 0.2, "conf_low": -0.6, "conf_high": 1.0, "term": "sex"}),
        ("errors_in_variables", "reliability", {"setting": 0.8, "estimate": 0.5, "conf_low": -1.0, "conf_high": 2.0}),
    ],
)
def test_every_analysis_has_a_heading_and_a_note(lang, analysis, parameter, rest):
    keys = examples.keys_of("continuous", measure="adjusted_mean_difference", conf_level=0.95)
    rows = [keys | {"analysis": analysis, "parameter": parameter, "method": "lin_hc3"} | rest]
    table = build(examples.adjusted(("continuous",), sensitivity=rows), "sensitivity", lang)
    reads_well(table)
    assert len(table.rows) == 2 and len(table.notes) >= 1
    if analysis == "errors_in_variables":
        assert ("协变量" if lang == "zh" else "covariate") in table.rows[0][0].text


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["continuous", "binary"])
def test_influential_students_are_named_with_their_group(lang, kind):
    measure = examples.ANSWERS[kind][0]
    times = 0.01 if kind == "binary" else 1.0
    own = examples.keys_of(kind, measure=measure)
    rows = [own | {"unit": u, "value": 1.0, "change": 0.14 * times, "without": 1.27 * times} for u in ("S1", "S2")]
    values = [{"unit": "S1", "outcome": kind, "group": "never", "value": 1.0}]
    table = build(examples.adjusted((kind,), influential=rows, values=values), "influential", lang)
    reads_well(table)
    never = "从未参加者" if lang == "zh" else "Never members"
    assert [cells[1] for cells in texts(table)[1:]] == [never, "—"]
    assert texts(table)[1][3:] == ["1.27", "0.14"] and len(table.rows) == 3
    assert ("剔除" if lang == "zh" else "do not leave anybody out") in notes(table)


def rows_of_terms() -> list[dict]:
    own = {"df2": 627.0, "p_value": 0.03, "n": 633, "statistic_name": "F", "statistic": 4.7}
    terms = [
        examples.keys_of("continuous") | own | {"test": "covariate", "term": term, "df1": 1.0}
        | {"method": "sums_of_squares_2"} for term in ("member", "sex", "C(year)")
    ]  # fmt: skip
    slopes = own | {"test": "slopes_differ", "df1": 4.0, "method": "hc3"}
    lines = {"test": "parallel_lines", "statistic_name": "chi2", "statistic": 10.97, "df1": 10.0, "p_value": 0.36}
    return [
        *terms,
        examples.keys_of("continuous") | slopes,
        examples.together(),
        examples.keys_of("ordinal") | lines | {"method": "brant"},
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_rows_of_terms_name_their_term(lang):
    table = build(examples.adjusted(tests=rows_of_terms()), "tests", lang)
    reads_well(table)
    asked = [cells[1] for cells in texts(table)]
    assert all("(1, 627)" in cells[2] for cells in texts(table)[:3])
    assert table.title == ("斜率、自变量与亚组的检验" if lang == "zh" else "Tests of slopes, terms and subgroups")
    expected = {
        "en": ["Groups alike, given the covariates", "No association with sex, given the other terms",
               "No association with year of study, given the other terms"],
        "zh": ["协变量相同时各组相同", "其他自变量相同时与性别无关", "其他自变量相同时与年级无关"],
    }  # fmt: skip
    assert asked[:3] == expected[lang]
    assert ("斜率相同" if lang == "zh" else "whatever the covariates") in asked[3]
    assert ("年级" if lang == "zh" else "year of study") in asked[4]
    assert ("方差齐" if lang == "zh" else "spread of all students as equal") in notes(table)


@pytest.mark.parametrize("lang", LANGS)
def test_slopes_of_waves_are_still_those_of_the_earlier_score(lang):
    rows = [row | {"wave": "after", "reference_wave": "before"} for row in examples.answers("continuous")[:1]]
    findings = examples.adjusted(("continuous",), estimates=rows, tests=rows_of_terms()[3:4])
    assert ("前次得分" if lang == "zh" else "earlier score") in texts(build(findings, "tests", lang))[0][1]


@pytest.mark.parametrize("lang", LANGS)
def test_quantities_of_students_are_in_percent_and_of_all_outcomes_say_so(lang):
    own = {"design": "regression_adjustment", "group": "member", "method": "logistic"}
    rows = [
        own | {"outcome": "continuous", "quantity": "r_squared", "term": "adjusted", "value": 0.1866},
        own | {"outcome": "continuous", "quantity": "n_effective", "value": 272.647},
        own | {"outcome": "continuous", "quantity": "covariates_lost", "value": 0.0321, "group": None},
        own | {"outcome": None, "quantity": "overlap_propensity", "value": 0.9872},
        own | {"outcome": None, "quantity": "rubin_b", "value": 0.586},
    ]
    table = build(
        Findings.of("regression_adjustment", {"quantities": columns(rows)}, labels=examples.labels()), lang=lang
    )
    reads_well(table)
    assert [cells[2] for cells in texts(table)] == ["0.187", "272.6", "3.2%", "98.7%", "0.59"]
    assert texts(table)[3][0].startswith("全部项目" if lang == "zh" else "All outcomes")
    assert not re.search(r"\bNone\b", str(table))


def test_each_table_explains_the_families_that_it_shows():
    rows = examples.answers("continuous") + examples.answers("count") + examples.subgroup_rows()
    findings = examples.adjusted(("continuous", "count"), estimates=rows)
    own, subgroups = "a family of 2 comparisons", "the 4 comparisons of subgroups"
    told = {kind: notes(build(findings, kind, "en")) for kind in ("adjusted", "subgroups", "estimates")}
    assert own in told["adjusted"] and subgroups not in told["adjusted"]
    assert subgroups in told["subgroups"] and own not in told["subgroups"]
    assert own in told["estimates"] and subgroups in told["estimates"]


@pytest.mark.parametrize("lang", LANGS)
def test_an_interval_says_of_how_many_comparisons_it_is_and_which_is_to_be_quoted(lang):
    coefficients = notes(build(examples.adjusted(("continuous",)), "coefficients", lang))
    assert {"en": "the interval to quote is that of the table of adjusted numbers", "zh": "应采用校正结果表中的区间"}[
        lang
    ] in coefficients
    assert {"en": "of each comparison alone", "zh": "各自单独的区间"}[lang] in notes(build(examples.rungs(), lang=lang))
