"""Files that are broken, disguised or hostile: read as what they say, or refused in one sentence."""

import io
import re
import struct
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from society_effects.errors import StudyError
from society_effects.study import readers, workbooks
from society_effects.study.readers import READERS, read_study, read_table

EXAMPLES = settings(max_examples=max(settings().max_examples // 2, 20))
PACKAGE = Path(__file__).parents[2] / "society_effects"
ROLES = {"group": "g", "outcomes": "y"}


def refused(path, lang="en", **roles) -> StudyError:
    """The error that this file gives, which is one sentence in each language."""
    with pytest.raises(StudyError) as caught:
        read_study(path, lang=lang, **(ROLES | roles))
    sentence = str(caught.value)
    assert "\n" not in sentence and "Traceback" not in sentence
    return caught.value


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("文件 😀")


def write(folder, name, content) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


PIECES = st.sampled_from(
    [",", ";", "\t", "\n", "\r\n", "\r", '"', '""', "'", "\0", "\ufeff", "g", "y", "0", "1", "2.5", "是", "é", " ", "NA", "=1", "x" * 300]
)  # fmt: skip


@EXAMPLES
@given(st.lists(PIECES, max_size=40), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
def test_any_text_is_read_or_refused(folder, pieces, encoding):
    text = "".join(pieces)
    path = write(folder, "any.csv", text.encode(encoding, errors="replace"))
    try:
        table = read_table(path)
        read_study(path, **ROLES)
    except StudyError as error:
        assert str(error)
        return
    assert len(table.data) and table.data.columns.is_unique


@EXAMPLES
@given(st.binary(max_size=200), st.sampled_from(sorted(READERS)))
def test_any_bytes_are_read_or_refused(folder, content, ending):
    path = write(folder, f"any{ending}", content)
    try:
        read_table(path)
    except StudyError as error:
        assert str(error)


@pytest.fixture(scope="module")
def good(folder):
    """One sound file of each binary kind."""
    frame = pd.DataFrame({"g": [0.0, 1, 1, 0] * 30, "y": np.arange(120.0)})
    pyreadstat.write_sav(frame, str(folder / "good.sav"), column_labels={"g": "社团"})
    pyreadstat.write_dta(frame, str(folder / "good.dta"))
    frame.to_parquet(folder / "good.parquet")
    frame.to_excel(folder / "good.xlsx", index=False)
    return {ending: (folder / f"good{ending}").read_bytes() for ending in (".sav", ".dta", ".parquet", ".xlsx")}


@pytest.mark.parametrize("ending", [".sav", ".dta", ".parquet", ".xlsx"])
def test_a_truncated_file_is_refused(folder, good, ending):
    content = good[ending]
    assert len(read_study(write(folder, f"whole{ending}", content), **ROLES)) == 120
    for part in (1, 4, 50, len(content) // 4, len(content) // 2, len(content) * 9 // 10, len(content) - 1):
        path = write(folder, f"part{ending}", content[:part])
        try:
            study = read_study(path, **ROLES)
        except StudyError as error:
            assert str(error)
        else:
            assert len(study) == 120, f"{len(study)} students of a file cut at {part} of {len(content)} bytes"


@EXAMPLES
@given(st.data())
def test_a_file_with_changed_bytes_is_read_or_refused(folder, good, data):
    ending = data.draw(st.sampled_from([".parquet", ".xlsx"]))
    content = bytearray(good[ending])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = write(folder, f"changed{ending}", bytes(content))
    try:
        read_study(path, **ROLES)
    except StudyError as error:
        assert str(error)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_quotation_mark_that_is_never_closed_swallows_no_rows(folder, lang):
    path = write(folder, "quotes.csv", 'g,y,note\n0,1,fine\n1,2,"open\n0,3,\n1,4,\n')
    error = refused(path, lang)
    assert (error.code, error.values["row"]) == ("BROKEN_ROW", 3)
    assert len(read_study(write(folder, "inside.csv", 'g,y,note\n0,1,5" tall\n1,2,"a ""b"" c"\n'), **ROLES)) == 2


def test_text_that_is_none(folder):
    assert refused(write(folder, "nul.csv", "g,y\n0,1\0\n1,2\n")).code == "NOT_TEXT"
    assert refused(write(folder, "wide.csv", "g,y\n0,1\n".encode("utf-16-le"))).code == "NOT_TEXT"


def test_separators(folder):
    assert len(read_study(write(folder, "hint.csv", "sep=|\r\ng|y\r\n0|1\r\n1|2\r\n"), **ROLES)) == 2
    assert refused(write(folder, "only_hint.csv", "sep=;\n")).code == "NO_ROWS"
    assert refused(write(folder, "mixed.csv", "g;y\n0,1\n1,2\n")).code in (
        "ALL_MISSING",
        "ONE_LEVEL",
        "AMBIGUOUS_MEMBERSHIP",
    )
    assert refused(write(folder, "ragged.csv", "g,y\n0,1,2,3\n")).code == "RAGGED_ROW"
    old_mac = write(folder, "mac.csv", "g,y\r0,1\r1,2\r")
    assert read_study(old_mac, **ROLES).matrix()[:, 0].tolist() == [1, 2]


def test_files_with_nothing_in_them(folder):
    for name, content, code in (
        ("mark.csv", b"\xef\xbb\xbf", "EMPTY_FILE"),
        ("blank.csv", b" \r\n\t\r\n", "EMPTY_FILE"),
        ("header.csv", b"g,y", "NO_ROWS"),
        ("commas.csv", b"g,y\n,\n,\n", "NO_ROWS"),
    ):
        assert refused(write(folder, name, content)).code == code


def test_a_very_long_line_and_very_many_columns(folder):
    assert refused(write(folder, "line.csv", "g,y\n0," + "x" * 200_000 + "\n")).code == "BROKEN_ROW"
    names = ",".join(f"c{k}" for k in range(3_000))
    path = write(folder, "columns.csv", f"g,y,{names}\n0,1,{'2,' * 2_999}2\n1,2,{'2,' * 2_999}3\n")
    assert read_table(path).data.shape == (2, 3_002)
    assert refused(write(folder, "twice.csv", f"g,y,{names},y\n0,1\n")).code == "DUPLICATE_COLUMNS"


@pytest.mark.parametrize("name", ["with space", "成绩 表", "😀 scores", "a'b", "50% #1", "-rf"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".sav", ".dta", ".parquet"])
def test_names_of_files(tmp_path, good, name, ending):
    content = good.get(ending, b"g,y\n" + b"0,1\n1,2\n" * 60)
    assert len(read_study(write(tmp_path, f"{name}{ending}", content), **ROLES)) == 120


def test_paths_that_are_none(tmp_path):
    for path in (tmp_path, "a\0b.csv", "x" * 5000 + ".csv", None, 3, ""):
        assert refused(path).code == "NO_SUCH_FILE"


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_workbook_that_unpacks_to_far_more_is_not_opened(folder, good, lang, monkeypatch):
    parts = parts_of(good[".xlsx"])
    bomb = packed(parts | {SHEET: parts[SHEET] + b" " * (workbooks.SUSPICIOUS + 1)})
    assert len(bomb) < 100_000
    monkeypatch.setattr("openpyxl.load_workbook", lambda *a, **k: pytest.fail("it was opened"))
    error = refused(write(folder, "bomb.xlsx", bomb), lang)
    assert error.code == "WORKBOOK_TOO_LARGE" and str(error).endswith("。" if lang == "zh" else ".")
    monkeypatch.setattr(workbooks, "LARGEST", 1000)
    assert refused(write(folder, "large.xlsx", good[".xlsx"])).code == "WORKBOOK_TOO_LARGE"


def test_a_part_that_lies_about_its_size_is_refused(folder, good):
    parts = parts_of(good[".xlsx"])
    content = bytearray(packed(parts | {SHEET: parts[SHEET] + b" " * 30_000_000}))
    true, told = struct.pack("<I", len(parts[SHEET]) + 30_000_000), struct.pack("<I", 1000)
    assert content.count(true) == 2
    assert refused(write(folder, "lies.xlsx", bytes(content).replace(true, told))).code == "UNREADABLE_FILE"


def sheet_of(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}">{rows}</worksheet>'.encode()


def test_the_size_that_a_sheet_claims_is_not_believed(folder, good):
    cells = '<row r="1"><c r="A1" t="str"><v>g</v></c><c r="B1" t="str"><v>y</v></c></row>'
    cells += "".join(f'<row r="{k}"><c r="A{k}"><v>{k % 2}</v></c><c r="B{k}"><v>{k}</v></c></row>' for k in (2, 3, 4))
    many = "".join(
        f'<row r="{k}"><c r="A{k}"><v>{k % 2}</v></c><c r="B{k}"><v>{k}</v></c></row>' for k in range(5, 4005)
    )
    claims = '<dimension ref="A1:XFD1048576"/><sheetData>'
    path = write(
        folder, "claims.xlsx", packed(parts_of(good[".xlsx"]) | {SHEET: sheet_of(f"{claims}{cells}{many}</sheetData>")})
    )
    assert len(read_study(path, **ROLES)) == 4003
    far = f'<sheetData>{cells}<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    path = write(folder, "far.xlsx", packed(parts_of(good[".xlsx"]) | {SHEET: sheet_of(far)}))
    assert len(read_study(path, **ROLES)) == 3
    beyond = f'<sheetData>{cells}<row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData>'
    path = write(folder, "beyond.xlsx", packed(parts_of(good[".xlsx"]) | {SHEET: sheet_of(beyond)}))
    assert refused(path).code == "WORKBOOK_TOO_LARGE"


def test_entities_are_not_expanded(folder, good):
    laughs = '<!DOCTYPE a [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    rows = '<sheetData><row r="1"><c r="A1" t="str"><v>&b;</v></c></row></sheetData>'
    sheet = sheet_of(rows).replace(b'<?xml version="1.0"?>', b'<?xml version="1.0"?>' + laughs.encode())
    assert refused(write(folder, "laughs.xlsx", packed(parts_of(good[".xlsx"]) | {SHEET: sheet}))).code


def workbook(folder, name, rows, change=lambda book: None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    book.save(folder / name)
    return folder / name


def test_formulas_have_the_values_they_had_or_are_refused(folder):
    rows = [["g", "y"], [0, "=1+1"], [1, "=2+2"]]
    never = workbook(folder, "never.xlsx", rows)
    error = refused(never)
    assert (error.code, error.values["count"]) == ("FORMULAS_NOT_COMPUTED", 2)
    parts = parts_of(never.read_bytes())
    computed = (
        parts[SHEET]
        .replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
        .replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
    )
    assert computed != parts[SHEET]
    study = read_study(write(folder, "computed.xlsx", packed(parts | {SHEET: computed})), **ROLES)
    np.testing.assert_array_equal(study.matrix()[:, 0], [2, np.nan])


def test_what_a_workbook_links_to_and_how_it_looks_does_not_matter(folder):
    def change(book):
        book.create_sheet("other")
        book["other"]["A1"] = "='[1]Sheet1'!A1"
        book.active["A2"].hyperlink = "http://example.com/<script>"

    path = workbook(folder, "links.xlsx", [["g", "y", "t"], [0, 1, "a"], [1, 2, "b"]], change)
    parts = parts_of(path.read_bytes())
    parts["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"
    del parts["xl/styles.xml"]
    styles = parts["[Content_Types].xml"].replace(b'PartName="/xl/styles.xml"', b'PartName="/xl/none.xml"')
    path = write(folder, "linked.xlsx", packed(parts | {"[Content_Types].xml": styles}))
    try:
        assert len(read_study(path, **ROLES)) == 2
    except StudyError as error:
        assert error.code == "UNREADABLE_FILE"


def test_no_warning_of_openpyxl_reaches_the_user(folder, good):
    """Survey platforms write workbooks without styles, of which openpyxl warns."""
    parts = parts_of(good[".xlsx"])
    bare = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    path = write(folder, "bare.xlsx", packed(parts | {"xl/styles.xml": bare}))
    with pytest.warns(UserWarning, match="stylesheet"):
        openpyxl.load_workbook(path).close()
    assert len(read_study(path, **ROLES)) == 120


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_old_and_locked_workbooks(folder, content):
    assert refused(write(folder, "old.xlsx", content)).code == "OLD_OR_LOCKED_WORKBOOK"


def test_mixed_cells_of_a_workbook(folder):
    import datetime

    path = workbook(
        folder, "mixed.xlsx", [["g", "y"], [0, 1], [1, "缺考"], [1, True], [0, datetime.datetime(2024, 1, 2)]]
    )
    error = refused(path)
    assert error.code == "TEXT_IN_SCORES" and error.values["cells"][:2] == ["缺考", "True"]
    assert (
        refused(workbook(folder, "errors.xlsx", [["g", "y"], [0, "#DIV/0!"], [1, 2], [0, 3]])).code == "TEXT_IN_SCORES"
    )


def test_column_names_in_two_forms_are_one(folder):
    study = read_study(write(folder, "forms.csv", "g,re\u0301sultat\n0,1\n1,2\n"), group="g", outcomes="résultat")
    assert study.outcome("re\u0301sultat").column == "résultat"
    assert refused(write(folder, "both.csv", "g,y,é,e\u0301\n0,1,2,3\n")).code == "DUPLICATE_COLUMNS"


def test_nothing_is_ever_unpickled():
    """A pickle runs what is in it: no part of the package reads or writes one."""
    unsafe = re.compile(
        r"^\s*(from|import) (pickle|cPickle|dill|joblib|marshal|shelve)\b|\b(read|to)_pickle|allow_pickle|\bexec\(|yaml\.load\(",
        re.MULTILINE,
    )
    for path in sorted(PACKAGE.rglob("*.py")):
        assert not unsafe.search(path.read_text(encoding="utf-8")), path.name
    assert unsafe.search("x = 1\nimport pickle\n") and unsafe.search("pd.read_pickle(path)")
    assert set(READERS) == {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".sav", ".zsav", ".dta", ".parquet"}
    assert readers.read_table is read_table
