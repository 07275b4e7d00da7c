"""What stands beside what: the centre that is compared, the size that was analysed, the one limit that is known."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import table_examples as examples

from society_effects.findings.checks import Check
from society_effects.findings.findings import Findings
from society_effects.tables import build

LANGS = ("en", "zh")
NAN = np.nan


def of_one(rows, kind="continuous", checks=(), **changed):
    groups = [examples.group_row("x", g, kind, **changed.get(g, {})) for g in ("no", "yes")]
    return examples.findings(rows, groups, {}, checks=checks)


def notes(table) -> str:
    return "\n".join(note.text for note in table.notes)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("layout", ["outcomes", "groups"])
def test_trimmed_means_stand_beside_their_difference(lang, layout):
    rows = examples.mean_rows("x", measure="trimmed_mean_difference", method="yuen")
    findings = of_one(rows, yes={"trimmed_mean": 71.25}, no={"trimmed_mean": 67.25})
    table = build(findings, "comparison", lang, layout=layout)
    assert "71.25" in str(table) and "67.25" in str(table) and "78.20" not in str(table)
    assert ("20%截尾均数" if lang == "zh" else "20% trimmed means") in notes(table)


@pytest.mark.parametrize("lang", LANGS)
def test_a_bootstrap_has_neither_statistic_nor_degrees_of_freedom(lang):
    rows = examples.mean_rows("x", method="bootstrap_studentised", statistic=NAN, statistic_name=None, df=NAN)
    table = build(of_one(rows), "comparison", lang)
    assert "4.73" not in str(table) and "209" not in str(table)
    assert ("由bootstrap-t 法得出" if lang == "zh" else "p comes from the bootstrap-t") in notes(table)


@pytest.mark.parametrize("method", ["permutation_studentised", "permutation_studentised_exact"])
@pytest.mark.parametrize("df", [NAN, 209.2])
@pytest.mark.parametrize("lang", LANGS)
def test_a_permuted_statistic_has_no_degrees_of_freedom_and_says_why(lang, df, method):
    table = build(of_one(examples.mean_rows("x", method=method, df=df)), "comparison", lang)
    shown = [cell for row in table.rows for cell in row if cell.text == "4.73"]
    assert [cell.marks for cell in shown] == [("a",)] and "209" not in str(table)
    assert ("无自由度" if lang == "zh" else "without degrees of freedom") in notes(table)
    assert ("t′" in str(table)) == (lang == "zh") and "(df)" not in str(table)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["comparison", "estimates"])
@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("NO_EVENTS_AT_ALL", ("no student has the event", "均未发生该事件")),
        ("ALL_EVENTS", ("every student has the event", "均发生该事件")),
    ],
)
def test_a_p_value_that_does_not_exist_says_why(lang, kind, key, said):
    rows = [row | {"p_value": NAN} for row in examples.share_rows("x")]
    table = build(of_one(rows, "binary", (Check(key, "warn", {}, "x"),)), kind, lang)
    assert said[LANGS.index(lang)] in notes(table)
    dashes = [cell.marks for row in table.rows for cell in row if cell.text == "—"]
    assert any(dashes)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", ["MIDDLE_DOES_NOT_VARY", "MIDDLE_CONSTANT_ARM"])
def test_a_middle_that_does_not_vary_is_said_to_be_the_reason(lang, key):
    rows = examples.mean_rows("x", measure="trimmed_mean_difference", method="yuen", p=NAN, statistic=NAN, df=NAN)
    table = build(of_one(rows, checks=(Check(key, "fail", {}, "x"),)), "comparison", lang)
    assert "60%" in notes(table)


@pytest.mark.parametrize(
    ("lang", "style", "low", "high", "shown"),
    [
        ("en", "apa", 2.822, NAN, "≥ 2.82"),
        ("zh", "gbt", 2.822, NAN, "≥2.82"),
        ("en", "ama", NAN, 0.69, "≤ 0.69"),
        ("en", "apa", NAN, NAN, "—"),
    ],
)
@pytest.mark.parametrize("kind", ["comparison", "estimates"])
def test_a_ratio_without_a_finite_estimate_shows_the_limit_that_is_known(kind, lang, style, low, high, shown):
    difference, ratio = examples.share_rows("x")
    ratio |= {"estimate": NAN, "conf_low": low, "conf_high": high}
    table = build(of_one([difference, ratio], "binary"), kind, lang, style, *(["outcomes"] * (kind == "comparison")))
    cells = [cell for row in table.rows for cell in row if cell.text == shown and cell.marks]
    assert len(cells) >= 1
    if shown != "—":
        assert ("有限的一侧界限" if lang == "zh" else "the one finite limit of the 95% CI") in notes(table)


@pytest.mark.parametrize("lang", LANGS)
def test_a_single_outcome_stands_below_the_students_it_was_analysed_in(lang):
    findings = of_one(examples.mean_rows("x"), yes={"n": 2, "missing": 28}, no={"n": 50, "missing": 0})
    table = build(findings, "comparison", lang, layout="outcomes")
    assert re.search(r"n ?= ?2\b", table.columns[1]) and "30" not in table.columns[1]
    assert "28/0" in notes(table)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("layout", ["outcomes", "groups"])
def test_outcomes_of_different_students_say_how_many_they_had(lang, layout):
    estimates = [row for o in "ab" for row in examples.mean_rows(o)]
    sizes = {"a": (30, 50), "b": (20, 45)}
    groups = [
        examples.group_row(o, g, n=n, missing=None) for o in "ab" for g, n in zip(("yes", "no"), sizes[o], strict=True)
    ]
    table = build(examples.findings(estimates, groups, {}), "comparison", lang, layout=layout)
    assert "30/50" in notes(table) and "20/45" in notes(table)
    assert not any("n =" in name or "n=" in name for name in table.columns)


def levelled(first: str, second: str, outcome: str) -> Findings:
    rows = examples.mean_rows(outcome, group=first, reference=second)
    groups = [examples.group_row(outcome, g) | {"group": name} for g, name in (("yes", first), ("no", second))]
    tables = {"estimates": examples.columns(rows), "groups": examples.columns(groups)}
    return Findings.of("member_comparison", tables)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["comparison", "estimates"])
@pytest.mark.parametrize(("first", "second", "outcome"), [("a", "A", "pH"), ("none", "None", "y"), ("nan", "x", "nan")])
def test_names_of_the_users_are_never_written_otherwise(lang, kind, first, second, outcome):
    words = set(re.findall(r"\w+", str(build(levelled(first, second, outcome), kind, lang))))
    assert outcome in words
    assert kind == "estimates" or {first, second} <= words
    assert not {"PH", "Nan", "Y", "X"} & words


def test_labels_have_a_capital_where_they_stand_alone():
    table = build(examples.comparison(), "comparison", "en", layout="outcomes")
    assert table.columns[1].startswith("Members") and table.rows[0][0].text == "Physical examination"


@pytest.mark.parametrize("lang", LANGS)
def test_table_one_names_the_test_of_each_variable(lang):
    findings = examples.table_one(tests=True)
    frame = findings.frame("baseline")
    tests = {"age": "welch", "motivation": "mann_whitney", "sex": "pearson_chi2"}
    tested = frame.assign(test=[tests[v] if p == p else None for v, p in frame[["variable", "p_test"]].to_numpy()])
    several = notes(build(Findings.of("describe", {"baseline": tested}, labels=findings.labels), "baseline", lang))
    expected = {
        "en": ["Test of Age: Welch t test.", "Test of Sex: Pearson χ² test."],
        "zh": ["年龄：采用Welch t′ 检验。", "性别：采用Pearson χ² 检验。"],
    }
    assert all(text in several for text in expected[lang])
    assert ("方差均数的平方根" if lang == "zh" else "root of the average of the two variances") in several


def test_table_and_statistic_have_the_decimals_of_the_text():
    rows = examples.mean_rows("x", statistic_name="W", statistic=806.0, method="mann_whitney_exact", df=NAN)
    assert "806.0" in str(build(of_one(rows), "comparison")) and "806.00" not in str(build(of_one(rows), "comparison"))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["comparison", "estimates"])
def test_a_limit_that_excludes_zero_is_never_written_as_zero(lang, kind):
    rows = examples.mean_rows("x", p=0.045, estimate=0.0071, conf_low=0.0004, conf_high=0.0138)
    spread = {"mean": 0.51, "sd": 0.013}
    text = str(build(of_one(rows, yes=spread, no=spread), kind, lang))
    assert "0.0071" in text and "0.0004" in text and "0.0138" in text


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["comparison", "estimates"])
def test_an_interval_below_its_level_is_marked(lang, kind):
    rows = examples.mean_rows("x", measure="hodges_lehmann", method="hodges_lehmann_exact")
    said = "低于95%" if lang == "zh" else "below 95%"
    below = of_one(rows, checks=(Check("CONF_LEVEL_NOT_REACHED", "warn", {}, "x"),))
    assert said in notes(build(below, kind, lang)) and said not in notes(build(of_one(rows), kind, lang))
