"""Files as they come: any Chinese encoding, Excel, SPSS with user-missing codes, Stata, Parquet."""

import codecs

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from society_effects.errors import StudyError
from society_effects.study import Outcome
from society_effects.study.readers import decode, read_study, read_table

CSV = "学号,社团,总分,备注\n007,是,81.5,无\n008,否,NA,没有\n009,否,77.25,None\n010,是,N/A,none\n011,否,,好\n"
ROLES = {"group": "社团", "outcomes": "总分"}
ENCODINGS = {
    "utf-8": CSV.encode("utf-8"),
    "utf-8 with mark": CSV.encode("utf-8-sig"),
    "utf-16": codecs.BOM_UTF16_LE + CSV.encode("utf-16-le"),
    "utf-16 big": codecs.BOM_UTF16_BE + CSV.encode("utf-16-be"),
    "gb18030": CSV.encode("gb18030"),
    "gbk": CSV.encode("gbk"),
    "windows lines": CSV.replace("\n", "\r\n").encode("gb18030"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_files_in_every_encoding_and_separator(tmp_path, encoding, separator):
    file = tmp_path / "成绩 表.csv"
    content = ENCODINGS[encoding]
    codec = {"utf-8 with mark": "utf-8-sig", "utf-16": "utf-16", "utf-16 big": "utf-16"}.get(encoding, "gb18030")
    codec = "utf-8" if encoding == "utf-8" else codec
    file.write_bytes(content.decode(codec).replace(",", separator).encode(codec))
    study = read_study(file, covariates=["备注"], unit="学号", **ROLES)
    assert study.units.index.tolist() == ["007", "008", "009", "010", "011"]
    np.testing.assert_array_equal(study.matrix()[:, 0], [81.5, np.nan, 77.25, np.nan, np.nan])
    assert study.units["备注"].tolist() == ["无", "没有", "None", "none", "好"]
    dropped = study.ledger[study.ledger["step"] == "outcome_missing"]
    assert sorted(dropped["reason"]) == ["N/A", "NA", "empty"]
    assert study.notes == ()


def test_four_byte_characters_of_gb18030():
    assert decode("𠮷田".encode("gb18030")) == "𠮷田"


def test_numbers_of_text_files_are_exact(tmp_path):
    values = np.random.default_rng(5).normal(size=200)
    pd.DataFrame({"g": [0, 1] * 100, "y": values}).to_csv(tmp_path / "a.csv", index=False)
    assert read_study(tmp_path / "a.csv", group="g", outcomes="y").matrix()[:, 0].tolist() == values.tolist()


def test_empty_rows_and_text_in_scores(tmp_path):
    (tmp_path / "a.csv").write_text("g,y\n0,85\n1,90\n,\n  ,\n1,缺考\n", encoding="utf-8")
    with pytest.raises(StudyError, match="缺考"):
        read_study(tmp_path / "a.csv", group="g", outcomes="y")
    study = read_study(tmp_path / "a.csv", group="g", outcomes="y", missing_codes=["缺考"])
    assert len(study) == 3 and study.ledger["n_dropped"].sum() == 1
    assert study.notes == ()


def test_short_rows_quotes_and_columns_without_a_name(tmp_path):
    (tmp_path / "a.csv").write_text(',g,y,note\n0,0,85,"a, b"\n1,1,90\n2,1,80,"two\nlines",\n', encoding="utf-8")
    table = read_table(tmp_path / "a.csv").data
    assert list(table.columns) == ["column 1", "g", "y", "note"]
    assert table["note"].tolist()[::2] == ["a, b", "two\nlines"] and table["y"].tolist() == [85, 90, 80]


def test_workbooks_by_sheet(tmp_path):
    file = tmp_path / "成绩.xlsx"
    scores = pd.DataFrame({"社团": ["是", "否", "否"], "总分": [81.5, None, 77], "注": ["None", "none", "无"]})
    with pd.ExcelWriter(file, engine="openpyxl") as book:
        scores.to_excel(book, sheet_name="说明 1", index=False)
        scores.assign(总分=[1, 2, 3]).to_excel(book, sheet_name="成绩", index=False)
    assert read_study(file, **ROLES).matrix()[[0, 2], 0].tolist() == [81.5, 77]
    for sheet in ("成绩", 2):
        assert read_study(file, sheet=sheet, **ROLES).matrix()[:, 0].tolist() == [1, 2, 3]
    assert read_table(file).data["注"].tolist() == ["None", "none", "无"]
    for sheet in ("scores", 3, 0):
        with pytest.raises(StudyError, match="说明 1, 成绩") as caught:
            read_study(file, sheet=sheet, **ROLES)
        assert caught.value.code == "UNKNOWN_SHEET"
        caught.value.lang = "zh"
        assert str(caught.value).endswith("说明 1、成绩。")


def test_spss_labels_and_user_missing_codes(tmp_path):
    file = tmp_path / "成绩.sav"
    frame = pd.DataFrame({"club": [1.0, 0, 0, 1, 9], "total": [81.5, 99, 77, 98, 70], "like": [1.0, 2, 3, 8, 1]})
    pyreadstat.write_sav(
        frame,
        str(file),
        column_labels={"club": "社团成员", "total": "总分", "like": "满意度"},
        variable_value_labels={
            "club": {0: "否", 1: "是", 9: "拒答"},
            "total": {99: "absent"},
            "like": {1: "低", 2: "中", 3: "高"},
        },
        missing_ranges={"total": [{"lo": 98, "hi": 99}], "club": [9], "like": [8]},
    )
    study = read_study(file, group="club", outcomes=["total", "like"])
    assert (study.levels, study.member) == (("否", "是"), "是")
    assert study.labels["total"] == {"en": "总分", "zh": "总分"}
    assert study.outcome("like").categories == ("低", "中", "高")
    reasons = dict(study.ledger.loc[study.ledger["n_dropped"] > 0, ["reason", "n_dropped"]].to_numpy().tolist())
    assert reasons == {
        "9 = 拒答": 1,
        "98": 1,
        "99 = absent": 1,
        "8": 1,
    }
    kept = read_study(file, group="club", outcomes=Outcome("like", kind="continuous"))
    np.testing.assert_array_equal(kept.matrix()[:, 0], [1, 2, 3, np.nan])
    for member in (1, 1.0, "1", "是"):
        assert read_study(file, group="club", member=member, outcomes="total").member == "是"
    with pytest.raises(StudyError, match="7"):
        read_study(file, group="club", member=7, outcomes="total")


def test_words_in_one_language_leave_the_other_as_the_file_has_it(tmp_path):
    file = tmp_path / "成绩.sav"
    frame = pd.DataFrame({"club": [1.0, 0, 0, 1], "total": [81.5, 99, 77, 98], "oral": [71.0, 69, 73, 72]})
    named = {"club": "社团成员", "total": "总分", "oral": "口试成绩"}
    values = {"club": {0: "未参加", 1: "参加"}}
    pyreadstat.write_sav(frame, str(file), column_labels=named, variable_value_labels=values)
    english = {"total": {"en": "total score"}, "club=参加": {"en": "members"}}
    outcomes = ["total", Outcome("oral", label={"en": "oral score"})]
    study = read_study(file, group="club", member="参加", outcomes=outcomes, labels=english)
    assert study.labels["total"] == {"en": "total score", "zh": "总分"}
    assert study.labels["club=参加"] == {"en": "members", "zh": "参加"}
    assert [study.outcome("oral").label_in(lang) for lang in ("en", "zh")] == ["oral score", "口试成绩"]
    with pytest.raises(StudyError, match="did you mean `total`"):
        read_study(file, group="club", member="参加", outcomes="总分")
    with pytest.raises(StudyError) as caught:
        read_study(file, group="club", member="参加", outcomes="total", labels="总分")
    assert caught.value.code == "BAD_LABEL"


def test_stata_value_labels(tmp_path):
    file = tmp_path / "scores.dta"
    frame = pd.DataFrame({"club": [0, 1, 1], "total": [70.5, 80, 90]})
    pyreadstat.write_dta(frame, str(file), variable_value_labels={"club": {0: "non-member", 1: "member"}})
    study = read_study(file, group="club", outcomes="total")
    assert study.levels == ("non-member", "member") and study.matrix()[:, 0].tolist() == [70.5, 80, 90]


def test_parquet_with_nullable_columns(tmp_path):
    frame = pd.DataFrame({"g": pd.array([0, 1, None], dtype="Int64"), "y": [1.5, 2, 3]})
    frame.to_parquet(tmp_path / "a.parquet")
    assert len(read_study(tmp_path / "a.parquet", group="g", outcomes="y")) == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_files_that_cannot_be_read(tmp_path, lang):
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "blank.csv").write_bytes(b"\n\n  \n")
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    (tmp_path / "broken.sav").write_bytes(b"no data")
    (tmp_path / "a.csv").write_text("g,y\n0,1\n", encoding="utf-8")
    (tmp_path / "twice.csv").write_text("g,y,y\n0,1,2\n", encoding="utf-8")
    (tmp_path / "ragged.csv").write_text("g,y\n0,1\n1,2,3\n", encoding="utf-8")
    (tmp_path / "header.csv").write_text("g,y\n", encoding="utf-8")
    for name, code, more in (
        ("empty.csv", "EMPTY_FILE", {}),
        ("ragged.csv", "RAGGED_ROW", {}),
        ("blank.csv", "EMPTY_FILE", {}),
        ("header.csv", "NO_ROWS", {}),
        ("broken.xlsx", "UNREADABLE_FILE", {}),
        ("broken.sav", "UNREADABLE_FILE", {}),
        ("a.csv", "SHEET_WITHOUT_WORKBOOK", {"sheet": 1}),
        ("twice.csv", "DUPLICATE_COLUMNS", {}),
    ):
        with pytest.raises(StudyError) as caught:
            read_study(tmp_path / name, group="g", outcomes="y", lang=lang, **more)
        assert caught.value.code == code
        assert str(caught.value).endswith("." if lang == "en" else "。")
