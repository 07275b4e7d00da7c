"""What changed is named, what did not is not."""

import json
import shutil

import pytest
from plan_examples import contents, scores

import society_effects as se
from society_effects.language.catalogue import LANGUAGES


@pytest.fixture
def folder(made):
    return made[1]


@pytest.fixture
def other(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "other")
    return tmp_path / "other"


def edited(file, change):
    """A CSV file of numbers in which the first cell of a column is another."""
    import pandas as pd

    frame = pd.read_csv(file, encoding="utf-8-sig")
    change(frame)
    frame.to_csv(file, index=False, encoding="utf-8-sig")


def test_the_same_is_the_same(folder, other):
    found = se.diff(folder, other)
    assert found.same and not found.changes and len(found.compared) == 3
    assert found.to_frame().empty


@pytest.mark.parametrize("column", ["estimate", "conf_low", "conf_high", "p_value", "n"])
def test_every_number_counts(folder, other, column):
    def change(frame):
        row = frame[column].first_valid_index()
        frame.loc[row, column] += 1 if column == "n" else 1e-5

    edited(other / "未校正" / "estimates.csv", change)
    found = se.diff(folder, other)
    assert [(c.analysis, c.frame, c.column) for c in found.changes] == [("未校正", "estimates", column)]
    assert not found.same and se.diff(folder, other, tolerance=0.9).same


def test_smaller_than_the_tolerance_is_the_same(folder, other):
    edited(other / "未校正" / "estimates.csv", lambda f: f.__setitem__("estimate", f["estimate"] * (1 + 1e-12)))
    assert se.diff(folder, other).same
    assert not se.diff(folder, other, tolerance=0).same


def test_grades_checks_and_rows_count(folder, other):
    file = other / "未校正" / "result.json"
    index = json.loads(file.read_text(encoding="utf-8"))
    gone = index["checks"].pop(0)["key"]
    index["start_grade"] = "F"
    file.write_text(json.dumps(index), encoding="utf-8")
    tests = other / "未校正" / "tests.csv"
    tests.write_text("".join(tests.read_text(encoding="utf-8-sig").splitlines(keepends=True)[:-1]), encoding="utf-8")
    columns = {c.column for c in se.diff(folder, other).changes}
    assert {"grade", "claim", gone, "row"} <= columns


def test_an_analysis_that_only_one_has(folder, other):
    shutil.rmtree(other / "describe")
    found = se.diff(folder, other)
    assert found.gone == ("describe",) and not found.same
    assert se.diff(other, folder).added == ("describe",)
    assert "describe" in found.text("en")


def test_versions_are_named_and_make_no_difference(folder, other):
    record = json.loads((other / "run.json").read_text(encoding="utf-8"))
    record["versions"]["numpy"] = "1.0"
    (other / "run.json").write_text(json.dumps(record), encoding="utf-8")
    found = se.diff(folder, other)
    assert found.same and "numpy" in found.text("en") and "1.0" in found.text("zh")
    record["data"]["sha256"] = "0"
    (other / "run.json").write_text(json.dumps(record), encoding="utf-8")
    assert not se.diff(folder, other).same


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_difference_shows_itself(lang, tmp_path):
    study = se.Study(
        scores().replace("缺考", None),
        group="社团",
        member="是",
        outcomes=[se.Outcome("基本操作", kind="continuous")],
        lang=lang,
    )
    found = se.diff(
        se.MemberComparison(resamples=99).fit(study), se.MemberComparison(resamples=99, method="student").fit(study)
    )
    assert "student" in str(found) and "基本操作" in str(found)
    assert {"en": "degrees of freedom", "zh": "自由度"}[lang] in repr(found)
    assert "<table" in found._repr_html_()
    assert found.report(lang).save(tmp_path / "d.html").stat().st_size > 1000
    frame = found.to_frame()
    assert {"df", "method"} <= set(frame["column"])


def test_numbers_show_the_digits_that_differ(folder, other):
    edited(other / "未校正" / "estimates.csv", lambda f: f.__setitem__("estimate", f["estimate"] + 1e-8))
    rows = se.diff(folder, other, tolerance=1e-12).report("en").blocks[-1].table.rows
    assert rows and all(row[3].text != row[4].text for row in rows)


def test_what_cannot_be_compared(folder, tmp_path):
    for given in (tmp_path, tmp_path / "none"):
        with pytest.raises(se.OutputError) as caught:
            se.diff(folder, given)
        assert caught.value.code == "NO_RESULTS_HERE"
    with pytest.raises(se.OutputError) as caught:
        se.diff(folder, folder / "describe")
    assert caught.value.code == "ONE_RUN_ONE_RESULT"
    with pytest.raises(se.OutputError) as caught:
        se.diff(folder, folder, tolerance=2)
    assert caught.value.code == "BAD_TOLERANCE"
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    (broken / "describe" / "result.json").write_text("{}")
    with pytest.raises(se.OutputError):
        se.diff(folder, broken)


def test_comparing_changes_nothing(folder):
    before = contents(folder)
    se.diff(folder, folder)
    assert contents(folder) == before
