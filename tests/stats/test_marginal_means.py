"""Adjusted means: what they average over, and when the data cannot tell them."""

import numpy as np
import pytest

from society_effects.stats.formula_terms import columns_of_terms
from society_effects.stats.inference import from_t
from society_effects.stats.marginal_means import marginal_means
from society_effects.stats.regression import regression

RNG = np.random.default_rng(21)
N = 120
TABLE = {
    "society": RNG.choice(["none", "member", "officer"], N),
    "sex": np.where(RNG.random(N) < 0.3, "f", "m"),
    "year": RNG.integers(1, 4, N),
    "before": RNG.normal(70, 8, N),
    "exchange": (RNG.random(N) < 0.2).astype(float),
}
Y = TABLE["before"] * 0.5 + (TABLE["society"] == "member") * 2 + TABLE["year"] + RNG.normal(size=N)


def made(terms, factor, table=TABLE, outcome=Y, weights="equal", **settings):
    columns = columns_of_terms(table, terms)
    kept = ~columns.missing
    found = regression(columns.columns[kept], columns.names, np.asarray(outcome)[kept], **settings)
    return marginal_means(found, columns, table, factor, weights=weights)


def test_with_nothing_to_adjust_for_they_are_the_means():
    shown = made(["society"], "society")
    assert shown.levels == ("member", "none", "officer")
    np.testing.assert_allclose(shown.means.estimate, [Y[TABLE["society"] == level].mean() for level in shown.levels])


def test_equal_weights_are_means_of_cell_means():
    shown = made(["society*sex"], "society")
    cells = [[Y[(TABLE["society"] == a) & (TABLE["sex"] == b)].mean() for b in ("f", "m")] for a in shown.levels]
    np.testing.assert_allclose(shown.means.estimate, np.mean(cells, axis=1))
    proportional = made(["society*sex"], "society", weights="proportional")
    share = np.mean(TABLE["sex"] == "f")
    np.testing.assert_allclose(proportional.means.estimate, np.array(cells) @ [share, 1 - share])
    assert proportional.held == {"sex": {"f": pytest.approx(share), "m": pytest.approx(1 - share)}}


def test_measurements_are_at_their_mean_also_inside_splines():
    shown = made(["society", "bs(before, 4)"], "society")
    columns = columns_of_terms(TABLE, ["society", "bs(before, 4)"])
    model = regression(columns.columns, columns.names, Y)
    at_mean = columns.at({"society": ["none"], "before": [TABLE["before"].mean()]})[0]
    expected = np.r_[1.0, at_mean] @ model.coefficients.estimate
    assert shown.means.estimate[1] == pytest.approx(expected)
    assert shown.held == {"before": pytest.approx(TABLE["before"].mean())}


def test_two_values_are_two_categories_however_coded():
    text = {**TABLE, "exchange": np.where(TABLE["exchange"] == 1, "yes", "no")}
    truth = {**TABLE, "exchange": TABLE["exchange"] == 1}
    terms = ["sex", "exchange", "before"]
    first, *others = (made(terms, "sex", table) for table in (TABLE, text, truth))
    for other in others:
        np.testing.assert_allclose(other.means.estimate, first.means.estimate)
    assert made(["exchange", "before"], "exchange").levels == (0.0, 1.0)


def test_a_number_made_a_category_is_one():
    shown = made(["sex", "C(year)"], "sex")
    assert shown.held == {"year": {level: pytest.approx(1 / 3) for level in (1.0, 2.0, 3.0)}}


def test_the_difference_of_two_groups_is_the_coefficient():
    table = {**TABLE, "member": TABLE["society"] != "none"}
    columns = columns_of_terms(table, ["member", "sex", "before"])
    found = regression(columns.columns, columns.names, Y)
    shown = marginal_means(found, columns, table, "member")
    (pair,), coefficient = shown.differences, found.coefficient("member[True]")
    assert pair.inference.estimate == pytest.approx(coefficient.estimate)
    assert pair.inference.p_value == pytest.approx(coefficient.p_value) and pair.p_adjusted == pytest.approx(
        coefficient.p_value
    )
    assert shown.pairs == ((1, 0),)


def test_errors_follow_the_covariance_of_the_regression():
    classes = np.arange(N) // 10
    plain, robust, clustered = (
        made(["sex", "before"], "sex", **settings)
        for settings in ({"covariance": "classical"}, {}, {"clusters": classes})
    )
    np.testing.assert_allclose(plain.means.estimate, clustered.means.estimate)
    assert plain.means.method == "classical" and robust.means.method == "hc3" and clustered.means.method == "cr2"
    assert (clustered.means.df < 12).all() and (plain.means.df == N - 3).all()
    assert not np.allclose(plain.means.std_error, robust.means.std_error)


def test_all_pairs_hold_together():
    shown = made(["society", "before"], "society")
    for pair in shown.differences:
        found = pair.inference
        assert (
            pair.p_adjusted >= found.p_value
            and pair.simultaneous_low < found.conf_low < found.conf_high < pair.simultaneous_high
        )
    assert [(shown.levels[a], shown.levels[b]) for a, b in shown.pairs] == [
        ("none", "member"),
        ("officer", "member"),
        ("officer", "none"),
    ]


def test_missing_rows_take_no_part():
    gaps = {**TABLE, "before": np.where(np.arange(N) < 10, np.nan, TABLE["before"])}
    rest = {name: values[10:] for name, values in TABLE.items()}
    ours, theirs = made(["sex", "before"], "sex", gaps), made(["sex", "before"], "sex", rest, Y[10:])
    np.testing.assert_allclose(ours.means.estimate, theirs.means.estimate)


def test_a_combination_that_does_not_occur():
    kept = ~((TABLE["society"] == "officer") & (TABLE["sex"] == "f"))
    table = {name: values[kept] for name, values in TABLE.items()}
    shown = made(["society*sex"], "society", table, Y[kept])
    assert shown.means.flags["COMBINATION_NOT_SEEN"].tolist() == [False, False, True]
    assert np.isnan(shown.means.estimate).tolist() == [False, False, True] and np.isnan(shown.means.p_value[2])
    assert [np.isnan(pair.p_adjusted) for pair in shown.differences] == [False, True, True]
    without = made(["society", "sex"], "society", table, Y[kept])
    assert not without.means.raised  # without the product it follows from the others


def test_a_covariate_that_says_nothing_new_changes_nothing():
    twice = {**TABLE, "double": 2 * TABLE["before"]}
    ours, theirs = made(["sex", "before", "double"], "sex", twice), made(["sex", "before"], "sex")
    np.testing.assert_allclose(ours.means.estimate, theirs.means.estimate)
    assert not ours.means.raised


def test_limits_are_those_of_t():
    means = made(["sex", "before"], "sex").means
    again = from_t(means.estimate, means.std_error, means.df)
    np.testing.assert_allclose(means.conf_high, again.conf_high)
