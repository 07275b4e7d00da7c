"""The same numbers, whatever the columns are made of; the user's own table is never changed."""

import datetime
import decimal
import pickle

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from society_effects.study import Outcome, Study

FRAME = pd.DataFrame(
    {
        "society": ["no", "yes", "no", "yes", None],
        "flag": [0, 1, 0, 1, 1],
        "passed": [True, False, True, True, False],
        "total": [70.25, 81.5, np.nan, 88.0, 90.0],
        "papers": [0, 2, 1, 5, 1],
        "sex": ["f", "m", "f", "m", "f"],
    }
)
ROLES = {
    "group": "society",
    "outcomes": ["total", "passed", Outcome("papers", kind="count")],
    "covariates": {"demographics": ["sex", "flag"]},
}
PLAIN = Study(FRAME, **ROLES)

TYPES = {
    "nullable": lambda: FRAME.convert_dtypes(),
    "arrow": lambda: FRAME.convert_dtypes(dtype_backend="pyarrow"),
    "object": lambda: FRAME.astype(object),
    "category": lambda: FRAME.astype({"society": "category", "sex": "category", "total": "category"}),
    "string": lambda: FRAME.astype({"society": "string", "sex": "string[pyarrow]"}),
    "small": lambda: FRAME.astype({"papers": "int8", "flag": "uint8", "total": "float32"}),
    "polars": lambda: pl.from_pandas(FRAME.astype({"society": object})),
    "polars lazy": lambda: pl.from_pandas(FRAME).lazy(),
    "arrow table": lambda: pa.Table.from_pandas(FRAME),
    "dict": lambda: FRAME.to_dict("list"),
    "records": lambda: FRAME.to_dict("records"),
    "decimal": lambda: FRAME.assign(total=[None if t != t else decimal.Decimal(str(t)) for t in FRAME["total"]]),
    "weird index": lambda: FRAME.set_index(pd.MultiIndex.from_tuples([(1, "a")] * 5)),
    "duplicate index": lambda: FRAME.set_index(pd.Index([7, 7, 7, 7, 7])),
}


@pytest.mark.parametrize("kind", TYPES)
def test_the_same_numbers_from_every_type(kind):
    study = Study(TYPES[kind](), **ROLES)
    np.testing.assert_array_equal(study.matrix(), PLAIN.matrix())
    assert study.matrix().dtype == float
    pd.testing.assert_frame_equal(study.cells, PLAIN.cells)
    pd.testing.assert_frame_equal(study.ledger, PLAIN.ledger)
    pd.testing.assert_frame_equal(study.units, PLAIN.units)
    assert study.fingerprint == PLAIN.fingerprint


def test_ordered_categories_of_polars_keep_their_order():
    frame = pl.DataFrame(
        {"g": [0, 1, 1], "y": pl.Series(["mid", "low", "high"], dtype=pl.Enum(["low", "mid", "high"]))}
    )
    study = Study(frame, group="g", outcomes="y")
    assert (study.outcome("y").kind, study.matrix()[:, 0].tolist()) == ("ordinal", [1, 0, 2])


def test_nullable_booleans_with_gaps_are_binary():
    frame = pd.DataFrame({"g": [0, 1, 1], "y": pd.array([True, None, False], dtype="boolean")})
    study = Study(frame, group="g", outcomes="y")
    assert study.outcome("y").kind == "binary" and study.cells["events"].tolist() == [1, 0]


def test_large_identifiers_stay_apart():
    ids = [2**60 + 1, 2**60 + 2, 2**60 + 3]
    study = Study({"id": ids, "g": [0, 1, 1], "y": [1.5, 2, 3]}, group="g", outcomes="y", unit="id")
    assert study.units.index.tolist() == [str(k) for k in ids]


def test_dates_are_text_where_a_covariate_is_a_date():
    frame = FRAME.assign(born=datetime.date(2005, 3, 1))
    assert (
        Study(frame, group="society", outcomes="total", covariates=["born"]).units["born"].tolist()
        == ["2005-03-01"] * 4
    )


def test_the_users_frame_is_never_changed():
    frame, before = FRAME.copy(), FRAME.copy()
    study = Study(frame, **ROLES)
    for table in (study.units, study.data, study.cells, study.ledger, study.values):
        table.iloc[0, 0] = table.iloc[1, 0]
        table["new"] = 1
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(study.cells, PLAIN.cells)
    pd.testing.assert_frame_equal(study.units, PLAIN.units)


def test_a_study_cannot_be_changed_but_copied():
    with pytest.raises(AttributeError):
        PLAIN.lang = "zh"
    with pytest.raises(AttributeError):
        del PLAIN.group
    with pytest.raises(ValueError, match="read-only"):
        PLAIN.group_codes[0] = 1
    assert pickle.loads(pickle.dumps(PLAIN)).fingerprint == PLAIN.fingerprint


def test_the_fingerprint_follows_the_content():
    assert Study(FRAME, **ROLES).fingerprint == PLAIN.fingerprint
    assert Study(FRAME.assign(total=FRAME["total"] + 1e-12), **ROLES).fingerprint != PLAIN.fingerprint
    assert Study(FRAME, **ROLES | {"covariates": ["sex"]}).fingerprint != PLAIN.fingerprint
    assert Study(FRAME, **ROLES | {"member": "no"}).fingerprint != PLAIN.fingerprint
    assert PLAIN.fingerprint == "b3234194c7c0438dd7b5e281a0155d180810c050dd2c2393c5f9f6848fcc3bd0"


def test_column_names_may_be_numbers_or_chinese():
    frame = FRAME.rename(columns={"society": 1, "total": "总分"})
    study = Study(frame, group=1, outcomes="总分")
    assert study.group == "1" and study.matrix().shape == (4, 1)


def test_a_summary_is_deterministic_and_in_the_language_of_the_study():
    text = repr(Study(FRAME, **ROLES, lang="zh", labels={"society=yes": {"en": "members", "zh": "社团组"}}))
    assert "社团组（2 名）" in text and "计数变量" in text and "分组不明而未纳入：1 名" in text
    assert "<pre>" in PLAIN._repr_html_()
