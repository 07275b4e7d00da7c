"""Whatever stands in the cells: a study stands and shows itself, or one sentence says why not."""

import datetime
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from society_effects.errors import SocietyEffectsError, StudyError
from society_effects.study import Outcome, Study

ANY_CELL = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(max_size=4),
    st.sampled_from(["1", "2", "yes", "no", " ", "é", "e\u0301", "NA", "9", "=1+1", "<b>"]),
    st.binary(max_size=3),
    st.decimals(allow_nan=False),
    st.fractions(),
    st.datetimes(),
    st.dates(),
    st.timedeltas(),
    st.complex_numbers(),
    st.tuples(st.integers()),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=1), st.integers(), max_size=1),
    st.sampled_from([pd.NA, pd.NaT, object, np.float32(1.5)]),
)
USUAL_CELL = st.one_of(st.integers(0, 2), st.sampled_from(["yes", "no"]), st.floats(0, 100))
COLUMNS = ("a", "b", "c", "d")
ROLE = st.sampled_from([None, *COLUMNS])
KINDS = st.sampled_from([None, "continuous", "binary", "ordinal", "nominal", "count"])


@st.composite
def frames(draw):
    """A table of four columns, some of plain cells and some of anything."""
    n = draw(st.integers(1, 6))
    columns = {}
    for name in COLUMNS:
        cells = draw(st.sampled_from([ANY_CELL, USUAL_CELL, st.integers(0, 1), st.sampled_from(["yes", "no", None])]))
        column = pd.Series(index=range(n), dtype=object)
        for place, cell in enumerate(draw(st.lists(cells, min_size=n, max_size=n))):
            column.iat[place] = cell
        columns[name] = column.infer_objects() if draw(st.booleans()) else column
    return pd.DataFrame(columns)


@st.composite
def roles(draw):
    """Roles for some of the columns, sensible or not."""
    single = {role: draw(ROLE) for role in ("group", "unit", "wave", "cluster", "site", "joined")}
    covariate = draw(ROLE)
    return single | {
        "outcomes": Outcome("a", kind=draw(KINDS)),
        "covariates": [covariate] if covariate else [],
        "missing_codes": draw(st.sampled_from([None, [9], ["NA"], {"a": ["1"]}])),
        "member": draw(st.sampled_from([None, None, 1, "yes"])),
        "reference": draw(st.sampled_from([None, None, "no", 0])),
    }


@settings(max_examples=max(settings().max_examples // 2, 20))
@given(frames(), roles())
def test_a_study_stands_or_says_why_not(frame, given_roles):
    try:
        study = Study(frame, **given_roles)
    except StudyError as error:
        assert len(str(error)) > 10 and "Traceback" not in str(error)
        error.lang = "zh"
        assert str(error)
        return
    assert repr(study) and study.fingerprint and len(study.ledger)
    assert repr(study.problems()) and study.problems("zh").to_html()
    assert repr(study.codebook()) and "<b>" not in study.codebook("zh").to_html()


def frame(**changes):
    return pd.DataFrame({"g": [0, 1, 1], "y": [1.0, 2.0, 3.0]}).assign(**changes)


@pytest.mark.parametrize("cell", [[1, 2], {"a": 1}, {3}, np.array([1, 2])], ids=lambda cell: type(cell).__name__)
def test_cells_that_are_lists(cell):
    odd = pd.Series([cell, None, None], dtype=object)
    for role in ({"group": "odd"}, {"covariates": ["odd"]}, {"unit": "odd"}, {"outcomes": "odd"}):
        with pytest.raises(StudyError, match="odd") as caught:
            Study(frame(odd=odd), **({"group": "g", "outcomes": "y"} | role))
        assert caught.value.code == "CELLS_NOT_PLAIN"
    assert repr(Study(frame(odd=odd), group="g", outcomes="y").problems())


def test_dates_are_no_scores():
    for dates in ([datetime.datetime(2024, 1, k) for k in (1, 2, 3)], [datetime.date(2024, 1, k) for k in (1, 2, 3)]):
        with pytest.raises(SocietyEffectsError):
            Study(frame(y=dates), group="g", outcomes="y")


@pytest.mark.parametrize("name", ["é", "가", "Å", "prénom"])
def test_a_letter_is_one_letter_however_it_is_stored(name):
    import unicodedata

    apart, together = (unicodedata.normalize(form, name) for form in ("NFD", "NFC"))
    assert apart != together
    for stored in (apart, together):
        for asked in (apart, together):
            data = frame().rename(columns={"y": stored}).assign(extra=[stored, asked, "x"])
            labels = {asked: {"en": "label", "zh": "标签"}}
            one = Study(data, group="g", outcomes=asked, covariates=["extra"], labels=labels)
            assert one.outcome(asked).label_in("en") == "label" and one.outcome(stored).column == together
            assert one.units["extra"].tolist() == [together, together, "x"]
            codes = {asked: [2.0]}
            assert Study(data, group="g", outcomes=[Outcome(asked)], missing_codes=codes).ledger["n_dropped"].sum() == 1


def test_two_columns_of_one_name_in_two_forms():
    with pytest.raises(StudyError) as caught:
        Study(frame().assign(a=1, b=2).rename(columns={"a": "\u00e9", "b": "e\u0301"}), group="g", outcomes="y")
    assert caught.value.code == "DUPLICATE_COLUMNS"


def test_very_long_names_and_levels():
    long = "很长的列名" * 2000
    data = frame().rename(columns={"y": long}).assign(level=["x" * 50_000, "y", "y"])
    study = Study(data, group="g", outcomes=long, covariates=["level"])
    assert len(repr(study)) > 10_000 and study.codebook().to_html() and not re.search("nan", repr(study.problems()))
    with pytest.raises(StudyError):
        Study(data, group="g", outcomes=long[:-1])
