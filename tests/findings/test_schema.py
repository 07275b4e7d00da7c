"""The glossary: complete, typed, and closed."""

import numpy as np
import pandas as pd
import pytest

from society_effects.errors import ContractError
from society_effects.findings.glossary import EVERYWHERE, MEANINGS
from society_effects.findings.measures import MEASURES, check_measure
from society_effects.findings.schema import FRAMES, as_frame


def test_every_column_has_a_meaning_and_every_meaning_a_column():
    used = {column for frame in FRAMES.values() for column in frame.columns}
    assert used == set(MEANINGS)


@pytest.mark.parametrize("frame", FRAMES.values(), ids=lambda f: f.name)
def test_every_frame_can_say_where_it_belongs(frame):
    assert set(EVERYWHERE) <= set(frame.keys)
    assert not set(frame.keys) & set(frame.values)


def test_columns_are_ordered_and_typed():
    frame = as_frame("groups", {"n": [3, 4], "mean": [1.5, None], "group": ["a", 1], "outcome": ["y", "y"]})
    assert tuple(frame.columns) == FRAMES["groups"].columns
    assert frame["n"].dtype == np.int64
    assert frame["mean"].isna().tolist() == [False, True]
    assert frame["group"].tolist() == ["a", "1"]
    assert frame["wave"].tolist() == [None, None]


def test_a_count_with_a_hole_stays_a_number():
    assert as_frame("groups", {"n": [3, None]})["n"].dtype == np.float64


def test_unknown_names_are_refused_with_the_nearest_one():
    with pytest.raises(ContractError, match="estimates"):
        as_frame("estimate", {})
    with pytest.raises(ContractError, match="conf_low"):
        as_frame("estimates", {"conf_lo": [1.0]})
    with pytest.raises(ContractError, match="hedges_g"):
        check_measure("hedge_g", "identity", 0.0)


def test_a_ratio_tested_against_zero_is_refused():
    with pytest.raises(ContractError, match="risk_ratio"):
        check_measure("risk_ratio", "identity", 0.0)
    assert check_measure("risk_ratio", "log", 1.0).family == "ratio"


def test_null_values_lie_within_bounds():
    for measure in MEASURES.values():
        assert measure.low <= measure.null_value <= measure.high


def test_as_frame_takes_frames_and_keeps_the_input():
    given = pd.DataFrame({"step": ["data"], "n_after": [5]}, index=["x"])
    assert as_frame("ledger", given).index.tolist() == [0]
    assert given.index.tolist() == ["x"]
