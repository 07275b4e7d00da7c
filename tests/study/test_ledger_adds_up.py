"""Any frame is either refused in one sentence or becomes a study whose ledger adds up."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from society_effects.errors import StudyError
from society_effects.study import Study

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.floats(allow_nan=True, allow_infinity=True, width=32),
    st.sampled_from(["", " ", "85", "缺考", "yes", "no", "是", "A", "99", "1.0", "８６"]),
)
LEVELS = [None, 0, 1, 1.0, "0", "1", "yes", "no", "Yes", "社团组", "非社团组", "", 9, True]
SCORES = st.one_of(st.none(), st.floats(0, 100), st.sampled_from(["缺考", 99]))
COLUMNS = (CELLS, SCORES, st.integers(0, 1), st.none() | st.booleans(), st.sampled_from(["是", "否", None]))
CODES = (None, ["缺考"], {"y": [99]}, [99, "1"])


@st.composite
def frames(draw):
    """Frames with a sensible or a wild membership column, and outcomes of every sort."""
    n = draw(st.integers(0, 12))
    groups = draw(
        st.sampled_from([st.sampled_from([0, 1, None]), st.sampled_from(["是", "否"]), st.sampled_from(LEVELS)])
    )
    columns = {"g": groups, "y": draw(st.sampled_from(COLUMNS)), "z": draw(st.sampled_from(COLUMNS))}
    cells = {name: draw(st.lists(kind, min_size=n, max_size=n)) for name, kind in columns.items()}
    return pd.DataFrame({name: pd.Series(column, dtype=object) for name, column in cells.items()})


def check(study, n_rows):
    ledger = study.ledger
    assert (ledger["n_after"] == ledger["n_before"] - ledger["n_dropped"]).all()
    assert (ledger[["n_before", "n_dropped", "n_after"]] >= 0).all(axis=None)
    start = ledger[ledger["outcome"].isna()]
    assert start.iloc[0].to_dict() | {"step": "data", "n_before": n_rows, "n_dropped": 0} == start.iloc[0].to_dict()
    assert (start["n_before"].to_numpy()[1:] == start["n_after"].to_numpy()[:-1]).all()
    assert start["n_after"].iloc[-1] == len(study.units)
    for column, outcome in enumerate(study.outcomes):
        first = 0
        for group in study.levels:
            chain = ledger[(ledger["outcome"] == outcome.column) & (ledger["group"] == group)]
            assert (chain["n_before"].to_numpy()[1:] == chain["n_after"].to_numpy()[:-1]).all()
            assert chain["step"].iloc[-1] == "analysed"
            assert (chain["reason"].isna() == (chain["step"] == "analysed")).all()
            first += chain["n_before"].iloc[0]
            seen = study.matrix()[study.arm(group), column]
            assert chain["n_after"].iloc[-1] == (~np.isnan(seen)).sum()
        assert first == len(study.units)


@given(frames(), st.sampled_from(CODES))
def test_any_frame_is_refused_in_a_sentence_or_adds_up(frame, codes):
    before = frame.copy(deep=True)
    try:
        study = Study(frame, group="g", outcomes=["y", "z"], missing_codes=codes)
    except StudyError as error:
        for lang, stop in (("en", "."), ("zh", "。")):
            error.lang = lang
            assert str(error).endswith(stop) and "\n" not in str(error)
    else:
        check(study, len(frame))
        assert study.summary("zh") and repr(study) == repr(study)
    pd.testing.assert_frame_equal(frame, before)


@given(st.lists(st.tuples(st.sampled_from([0, 1, None]), SCORES, SCORES), min_size=4, max_size=20), st.data())
def test_derived_studies_add_up_too(rows, data):
    frame = pd.DataFrame(rows, columns=["g", "y", "z"], dtype=object)
    try:
        study = Study(frame, group="g", outcomes=["y", "z"], missing_codes=["缺考", 99])
    except StudyError:
        return
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(study), max_size=len(study))), dtype=bool)
    for derived in (study.where(mask), study.where(mask).complete("y"), study.complete(["y", "z"])):
        check(derived, len(rows))
        assert derived.levels == study.levels
        assert len(derived.data) == len(derived.units)
