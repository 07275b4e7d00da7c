"""Small counts withheld: no reader can compute one of them, and no form of the table has them."""

import itertools
import re
from collections import defaultdict

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from society_effects.designs.describing import Describe
from society_effects.designs.member_comparison import MemberComparison
from society_effects.errors import OutputError
from society_effects.study import Outcome, Study
from society_effects.tables.small_cells import KINDS
from society_effects.tables.table import Cell, Table, header_grid
from society_effects.tables.withholding import HIDDEN, LARGE, SMALL, Part, withheld

FORMS = [("en", None), ("zh", "groups"), ("zh", "outcomes")]


def vectors(total, k):
    """All ways to divide a total into k counts."""
    for bars in itertools.combinations(range(total + k - 1), k - 1):
        ends = (-1, *bars, total + k - 1)
        yield tuple(ends[i + 1] - ends[i] - 1 for i in range(k))


def told(counts, printed, total, below):
    parts = [Part(count, p) for count, p in zip(counts, printed, strict=True)]
    return withheld(parts, total, below)


def possible(counts, what, printed, below):
    """The divisions that fit what a reader sees and what each mark means."""
    seen = [count if p and t is None else None for count, t, p in zip(counts, what, printed, strict=True)]
    allowed = {
        SMALL: lambda k: 0 < k < below,
        LARGE: lambda k: k >= below,
        HIDDEN: lambda k: True,
        None: lambda k: True,
    }
    for other in vectors(sum(counts), len(counts)):
        if all(
            (k == s) if s is not None else allowed[t](k) for k, s, t in zip(other, seen, what, strict=True)
        ):  # fmt: skip
            yield other


@pytest.mark.parametrize("below", [3, 5])
@pytest.mark.parametrize("printed", ["11", "111", "1111", "10", "100", "110", "1110"])
def test_no_small_count_follows_from_the_others(below, printed):
    """Every division of totals up to 13: for each small count the reader is left with several values."""
    shown = [p == "1" for p in printed]
    for total in range(below, 14 if len(shown) < 4 else 11):
        seen = defaultdict(list)
        for counts in vectors(total, len(shown)):
            seen[tuple(c if p and t is None else t for c, t, p in zip(counts, told(counts, shown, total, below), shown, strict=True))].append(counts)  # fmt: skip
        for same in seen.values():
            what = told(same[0], shown, total, below)
            small = {i for counts in same for i, count in enumerate(counts) if 0 < count < below}
            others = list(possible(same[0], what, shown, below)) if small else []
            for i in small:
                assert len({other[i] for other in others}) > 1, (same[0], what)
            assert not any(
                p and t is None
                for i, (t, p) in enumerate(zip(what, shown, strict=True))
                if p and 0 < same[0][i] < below
            )


@pytest.mark.parametrize(
    ("counts", "what"),
    [
        ((3, 40, 12), [SMALL, None, LARGE]),
        ((3, 2, 40), [SMALL, SMALL, None]),
        ((1, 1, 40), [SMALL, SMALL, LARGE]),
        ((3, 5, 5), [SMALL, LARGE, LARGE]),
        ((1, 5), [HIDDEN, HIDDEN]),
        ((0, 40, 12), [None, None, None]),
        ((4, 0, 40), [SMALL, None, LARGE]),
    ],
)
def test_the_smallest_others_are_withheld_first(counts, what):
    assert told(counts, [True] * len(counts), sum(counts), 5) == what
    assert told(counts, [True] * len(counts), None, 5) == [SMALL if 0 < count < 5 else None for count in counts]


@given(st.lists(st.integers(0, 60), min_size=2, max_size=7), st.integers(3, 11))
def test_as_little_is_withheld_as_needed(counts, below):
    what = told(counts, [True] * len(counts), sum(counts), below)
    if not any(0 < count < below for count in counts):
        assert what == [None] * len(counts)
    for count, t in zip(counts, what, strict=True):
        assert (t is None) <= (not 0 < count < below)
        if t == LARGE:
            assert count >= below
            assert all(k >= count for k, u in zip(counts, what, strict=True) if u is None and k >= below)
    if LARGE in what:
        fewer = [None if t == LARGE else t for t in what]
        left = sum(count for count, t in zip(counts, fewer, strict=True) if t)
        smalls = sum(t == SMALL for t in fewer)
        assert left in (smalls, smalls * (below - 1)) or smalls == 1 or what.count(LARGE) > 1


def study(seed=1, sizes=(20, 40), blank=True, **changes):
    rng = np.random.default_rng(seed)
    n = sum(sizes)
    frame = pd.DataFrame(
        {
            "club": ["yes"] * sizes[0] + ["no"] * sizes[1],
            "score": rng.normal(70, 8, n).round(),
            "passed": (rng.random(n) < 0.9).astype(float),
            "like": rng.choice(list("1234"), n, p=[0.05, 0.15, 0.5, 0.3]),
            "sex": rng.choice(["f", "m"], n),
            "town": rng.choice(list("abcd"), n, p=[0.5, 0.3, 0.15, 0.05]),
            "age": rng.integers(18, 24, n).astype(float),
        }
    )
    if blank:
        for name in ("passed", "like", "town", "age"):
            frame.loc[rng.choice(n, rng.integers(1, 7), replace=False), name] = None
    outcomes = ["score", Outcome("passed", kind="binary"), Outcome("like", kind="ordinal", categories=list("1234"))]
    return Study(frame.assign(**changes), group="club", outcomes=outcomes, covariates=["sex", "town", "age"])


def baseline(one, lang="en"):
    return Describe().fit(one).table("baseline", lang=lang)


def comparison(one, lang="en", layout=None):
    return MemberComparison(adjustment="holm").fit(one).table("comparison", lang=lang, layout=layout)


def numbers(text):
    """The numbers a reader finds in a cell."""
    return [float(number) for number in re.findall(r"\d+\.?\d*", text.replace(",", ""))]


def fits(shown: str, count: int, n: int, below: int) -> bool:
    """May a cell that reads like this stand for so many students of n with a value?"""
    if shown == "[c]":
        return True
    if shown.startswith(("<", "≥")):
        parts = shown[1:].split("/")
        right_total = len(parts) == 1 or int(parts[1]) == n
        return right_total and (0 < count < below if shown[0] == "<" else count >= below)
    found = numbers(shown)
    share = found[-1] if "(" in shown else None
    whole = found[1] if "/" in shown else None
    return found[0] == count and whole in (None, n) and (share is None or round(100 * count / n, 1) == share)


@pytest.mark.parametrize("seed", range(6))
def test_a_reader_of_table_one_cannot_compute_a_small_count(seed):
    """Every number of students with each level, and without one, that fits all that is read in a column."""
    before = baseline(study(seed, sizes=(12, 22)))
    after = before.suppressed()
    names = [row[0].text for row in before.rows]
    start = names.index("town, n (%)") + 1
    end = next(i for i in range(start, len(names)) if not before.rows[i][0].indent)
    own = range(start, end)
    for j, size in ((1, 12), (2, 22)):
        truth = tuple(before.rows[i][j].value["events"] for i in own)
        shown = [after.rows[i][j].text for i in own]
        fitting = [counts for counts in vectors(size, len(own)) if reads_like(shown, names[end - 1], counts, size)]
        assert truth in fitting
        for place, count in enumerate(truth):
            if 0 < count < 5:
                assert len({counts[place] for counts in fitting}) > 1


def reads_like(shown, last, counts, size):
    """Do these counts fit the texts of a column, whose last row may be of the missing?"""
    has_missing = last.startswith("Missing")
    n = size - counts[-1] if has_missing else size
    totals = [n] * (len(counts) - has_missing) + [size] * has_missing
    return all(fits(text, count, total, 5) for text, count, total in zip(shown, counts, totals, strict=True) if total)


@pytest.mark.thinned
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("lang", "layout"), FORMS)
def test_a_reader_of_a_comparison_cannot_compute_a_small_count(seed, lang, layout):
    one = study(seed)
    before, after = comparison(one, lang, layout), comparison(one, lang, layout).suppressed()
    cells = one.cells.query("outcome == 'passed'").set_index("group")
    for group, size in (("yes", 20), ("no", 40)):
        events, n = int(cells.loc[group, "events"]), int(cells.loc[group, "n"])
        shown = cell_of(before, after, events, n, size)
        fitting = [(e, n_ - e, size - n_) for n_ in range(size + 1) for e in range(n_ + 1) if fits(shown, e, n_, 5)]
        assert (events, n - events, size - n) in fitting
        for place, count in enumerate((events, n - events, size - n)):
            if 0 < count < 5:
                assert len({counts[place] for counts in fitting}) > 1, (shown, fitting)


def cell_of(before, after, events, n, size):
    """The text that stands where these events of n stood, in the column or row of the group of this size."""
    heads = [cell.text for cell in header_grid(before)[0]]
    for i, row in enumerate(before.rows):
        for j, cell in enumerate(row):
            own = str(size) in heads[j] or row[1].value == size
            if (
                own
                and isinstance(cell.value, dict)
                and "/" in cell.text
                and (cell.value.get("events"), cell.value.get("n")) == (events, n)
            ):
                return after.rows[i][j].text
    raise AssertionError((events, n, size))


@pytest.mark.parametrize(("lang", "layout"), FORMS)
@pytest.mark.parametrize("make", [comparison, baseline])
def test_no_form_of_the_table_has_what_was_withheld(tmp_path, make, lang, layout):
    one = study(3)
    before = make(one, lang, layout) if make is comparison else make(one, lang)
    after = before.suppressed()
    changed = [
        (i, j)
        for i, row in enumerate(before.rows)
        for j, cell in enumerate(row)
        if cell.content != after.rows[i][j].content
    ]
    assert changed
    for i, j in changed:
        cell = after.rows[i][j]
        assert cell.value is None or cell.text == f"{cell.value}"
        assert cell.text.startswith(("<5", "≥5", "[c]")) or cell.text.isdigit()
    for suffix in (".html", ".md", ".tex", ".csv", ".docx", ".xlsx"):
        after.save(tmp_path / f"table{suffix}")
    book = openpyxl.load_workbook(tmp_path / "table.xlsx")
    top = 2 + len(after.header)
    for i, j in changed:
        assert str(book.worksheets[0].cell(row=top + i, column=j + 1).value) == after.rows[i][j].text
    frame = after.to_frame()
    for i, j in changed:
        mapped = [name for name in frame.columns if name.startswith(f"{after.columns[j]} | ")]
        assert frame.loc[frame.index[i], mapped].isna().all()
    page = (tmp_path / "table.html").read_text(encoding="utf-8")
    assert "&lt;5" in page and "<5" not in page


def test_what_compares_the_groups_goes_with_a_withheld_count():
    one = study(3)
    table = comparison(one).suppressed()
    rows = {row[0].text: row for row in table.rows}
    assert all(cell.text == "[c]" for cell in rows["passed"][3:] if cell.text)
    assert all("[c]" not in cell.text for cell in rows["score"])
    first = {row[0].text: row for row in baseline(one).suppressed().rows}
    assert first["town, n (%)"][3].text == "[c]" and first["sex, n (%)"][3].text != "[c]"
    assert first["age, mean (SD)"][3].text != "[c]"
    tested = Describe(tests=True).fit(one).table("baseline").suppressed()
    of_age = next(row for row in tested.rows if row[0].text == "age, mean (SD)")
    assert of_age[4].text == "[c]" and of_age[3].text != "[c]"


@pytest.mark.parametrize(("lang", "layout"), FORMS)
def test_of_a_group_of_very_few_nothing_is_told(lang, layout):
    one = study(2, sizes=(4, 40), blank=False)
    table = comparison(one, lang, layout).suppressed()
    heads = " ".join(cell.text for row in table.header for cell in row)
    assert not re.search(r"= ?4\D", heads)
    if layout != "groups":
        assert ("< 5" if lang == "en" else "<5") in heads
        column = next(j for j, cell in enumerate(header_grid(table)[0]) if "<" in cell.text)
        assert {row[column].text for row in table.rows} <= {"[c]", ""}
    else:
        row = next(row for row in table.rows if row[1].text == "<5")
        assert {cell.text for cell in row[2:]} == {"[c]"}
    shown = [cell.text for row in table.rows for cell in row[1:]]
    assert not any(text.startswith(("MD", "t(", "t=")) for text in shown)


def test_notes_that_tell_small_counts_go_and_one_says_why():
    one = study(3)
    before, after = comparison(one), comparison(one).suppressed()
    told = [note.text for note in before.notes if note.text.startswith("Students without a value")]
    assert told and not [note for note in after.notes if note.text in told]
    assert any("Counts from 1 to 4 are shown as <5" in note.text for note in after.notes)
    marks = {mark for row in after.rows for cell in row for mark in cell.marks}
    assert marks == {note.mark for note in after.notes if note.mark}
    assert sorted(marks) == [chr(ord("a") + k) for k in range(len(marks))]


def test_a_table_without_small_counts_stays_as_it_is():
    big = study(4, sizes=(400, 600), blank=False)
    for table in (baseline(big), comparison(big)):
        assert table.suppressed(3) == table


def test_few_events_over_an_exposure():
    frame = pd.DataFrame(
        {"club": ["yes"] * 20 + ["no"] * 20, "papers": [1, 1] + [0] * 18 + [1] * 20, "years": [2.0] * 40}
    )
    outcome = Outcome("papers", kind="count", exposure="years")
    table = MemberComparison().fit(Study(frame, group="club", outcomes=[outcome])).table("comparison", lang="en")
    column = next(j for j, cell in enumerate(table.header[0]) if cell.text.startswith("Members"))
    texts = [row[column].text for row in table.suppressed().rows if row[column].text]
    assert texts == ["[c]", "<5"]


def test_the_same_counts_of_several_groups():
    one = study(5, sizes=(30, 40), blank=False)
    frame = one.data.assign(club=["officer"] * 10 + ["yes"] * 20 + ["no"] * 40)
    outcomes = [Outcome("passed", kind="binary"), "score"]
    several = Study(frame, group="club", reference="no", outcomes=outcomes, covariates=["town"])
    table = MemberComparison().fit(several).table("comparison").suppressed()
    for row in table.rows[: next(i for i, row in enumerate(table.rows) if row[0].text == "score")]:
        assert not [cell.text for cell in row[4:] if cell.text not in ("", "[c]")]
    assert "[c]" in [row[-1].text for row in Describe().fit(several).table("baseline").suppressed().rows]


@pytest.mark.parametrize("value", [2, 0, -1, 5.0, True, "5", None])
def test_limits_that_withhold_nothing_are_refused(value):
    with pytest.raises(OutputError) as caught:
        baseline(study()).suppressed(value)
    assert caught.value.code == "BAD_SMALL_CELLS"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_whose_counts_are_not_known_are_refused(lang):
    result = MemberComparison().fit(study())
    for kind in ("ledger", "estimates"):
        assert kind not in KINDS
        with pytest.raises(OutputError) as caught:
            result.table(kind, lang=lang).suppressed()
        assert caught.value.code == "NO_SMALL_CELLS_HERE" and str(caught.value).endswith("." if lang == "en" else "。")
    with pytest.raises(OutputError):
        Table("own", ((Cell("a"),),), ((Cell("3", 3),),)).suppressed()
