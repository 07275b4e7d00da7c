"""Terms of a regression: columns of the right values, readable names, and nothing a term may not say."""

import numpy as np
import pandas as pd
import pytest

from society_effects.errors import DesignError
from society_effects.ordering import natural_order
from society_effects.stats.formula_terms import columns_of_terms

RNG = np.random.default_rng(5)
N = 40
TABLE = {
    "prior_score": RNG.normal(70, 8, N),
    "age": RNG.uniform(18, 24, N),
    "sex": RNG.choice(["male", "female"], N),
    "year": RNG.integers(1, 4, N),
    "site": RNG.choice(["year 10", "year 2", "year 1"], N),
    "rank": pd.Categorical(RNG.choice(["low", "mid", "high"], N), ["low", "mid", "high"], ordered=True),
    "officer": RNG.random(N) > 0.5,
    "入学 成绩": RNG.normal(600, 20, N),
    "年级": RNG.choice(["大一", "大二", "大三"], N),
    "GPA (year-1)": RNG.normal(3, 0.3, N),
    "np.log(age)": RNG.normal(size=N),
}


def made(*terms, **settings):
    return columns_of_terms(TABLE, terms, **settings)


def test_names_and_values_of_categories():
    found = made("sex", "site", "rank", "officer", "C(year)", "年级")
    assert found.names == (
        "sex[male]", "site[year 2]", "site[year 10]", "rank[mid]", "rank[high]", "officer[True]",
        "C(year)[2]", "C(year)[3]", "年级[大二]", "年级[大三]",
    )  # fmt: skip
    assert found.term_of.tolist() == [0, 1, 1, 2, 2, 3, 4, 4, 5, 5]
    np.testing.assert_array_equal(found.columns[:, 0], TABLE["sex"] == "male")
    np.testing.assert_array_equal(found.columns[:, 4], np.asarray(TABLE["rank"]) == "high")
    np.testing.assert_array_equal(found.columns[:, 7], TABLE["year"] == 3)
    assert found.levels["site"] == ("year 1", "year 2", "year 10")


def test_columns_stand_in_the_order_of_the_terms():
    found = made("age", "sex", "age:sex", "C(year)")
    assert found.terms == ("age", "sex", "age:sex", "C(year)")
    assert found.names == ("age", "sex[male]", "age:sex[male]", "C(year)[2]", "C(year)[3]")
    np.testing.assert_allclose(found.columns[:, 2], TABLE["age"] * (TABLE["sex"] == "male"))
    assert found.factors_of == (
        frozenset({"age"}),
        frozenset({"sex"}),
        frozenset({"age", "sex"}),
        frozenset({"C(year)"}),
    )


def test_a_star_means_both_and_their_product():
    assert made("sex*age").names == made("sex", "age", "sex:age").names
    assert made("sex", "sex*age").terms == ("sex", "age", "sex:age")


def test_a_name_that_is_a_column_wins():
    np.testing.assert_array_equal(made("np.log(age)").columns[:, 0], TABLE["np.log(age)"])
    np.testing.assert_array_equal(made("GPA (year-1)").columns[:, 0], TABLE["GPA (year-1)"])
    np.testing.assert_array_equal(made("入学 成绩").columns[:, 0], TABLE["入学 成绩"])
    both = made("入学 成绩:sex", "sex")
    assert both.names[0].startswith("入学 成绩:sex")
    np.testing.assert_allclose(made('I(Q("入学 成绩")**2)').columns[:, 0], TABLE["入学 成绩"] ** 2)


def test_columns_named_like_functions_and_in_wide_letters():
    table = {"C": [1.0, 2.0, 4.0], "np": [1.0, 0.0, 1.0], "ＡＢ": [3.0, 1.0, 2.0], "year": [1, 2, 2]}
    np.testing.assert_array_equal(columns_of_terms(table, ["C", "np"]).columns, np.transpose([table["C"], table["np"]]))
    assert columns_of_terms(table, ["C(year)", "np.exp(ＡＢ)"]).names[0] == "C(year)[2]"
    np.testing.assert_allclose(columns_of_terms(table, ["I(ＡＢ**2)"]).columns[:, 0], [9, 1, 4])


def test_numeric_terms():
    np.testing.assert_allclose(made("I(age**2)").columns[:, 0], TABLE["age"] ** 2)
    np.testing.assert_allclose(made("np.log(prior_score)").columns[:, 0], np.log(TABLE["prior_score"]))
    assert made("I(age > 20)").names == ("I(age > 20)[True]",)
    assert made("bs(prior_score, 4)").columns.shape == (N, 4) and made("cr(prior_score, df=4)").columns.shape == (N, 4)


def test_splines_span_what_they_should():
    """A cubic lies in the space of cubic splines, whatever the knots."""
    x = TABLE["prior_score"]
    design = np.column_stack([np.ones(N), made("bs(prior_score, 5)").columns])
    cubic = (x - 70) ** 3 - 4 * (x - 70) ** 2
    fitted = design @ np.linalg.lstsq(design, cubic, rcond=None)[0]
    np.testing.assert_allclose(fitted, cubic, atol=1e-7 * np.abs(cubic).max())


def test_knots_come_from_the_rows_that_are_analysed():
    other = TABLE["age"].copy()
    other[:5] = np.nan
    shifted = TABLE["prior_score"].copy()
    shifted[:5] = 1e6  # would move every knot
    found = columns_of_terms({"x": shifted, "age": other}, ["bs(x, 5)", "age"])
    alone = columns_of_terms({"x": shifted[5:], "age": other[5:]}, ["bs(x, 5)", "age"])
    assert found.missing.tolist() == [True] * 5 + [False] * (N - 5)
    np.testing.assert_array_equal(found.columns[5:], alone.columns)
    assert np.isnan(found.columns[:5]).all()


@pytest.mark.parametrize(
    "values",
    [
        pd.array([1, None, 3, 4], dtype="Int64"),
        pd.array([True, None, False, True], dtype="boolean"),
        pd.array(["a", None, "b", "a"], dtype="string"),
        np.array(["a", None, "b", "a"], dtype=object),
        pd.Categorical(["a", None, "b", "a"]),
        np.array([1.0, None, 3.0, 4.0], dtype=object),
    ],
    ids=["Int64", "boolean", "string", "object", "categorical", "numbers in objects"],
)
def test_missing_values_of_every_type(values):
    found = columns_of_terms({"x": values}, ["x"])
    assert found.missing.tolist() == [False, True, False, False]
    assert found.columns.shape[1] == 1 and np.isfinite(found.columns[~found.missing]).all()


def test_constant_columns_are_left_out_by_name():
    found = columns_of_terms({"x": [2.0, 2.0, 2.0], "sex": ["f", "f", "f"], "y": [1.0, 2.0, 4.0]}, ["x", "sex", "y"])
    assert found.names == ("y",) and found.dropped == ("x", "sex") and found.term_of.tolist() == [2]


def test_no_terms():
    found = made()
    assert found.columns.shape == (N, 0) and found.names == () and not found.missing.any()


def test_sum_coding():
    found = made("sex", "C(year)", "I(age > 20)", coding="sum")
    assert set(np.unique(found.columns[:, 0])) == {-1, 1} and set(np.unique(found.columns[:, 1])) == {-1, 0, 1}
    np.testing.assert_array_equal(found.columns[:, 1:3], np.array([[1, 0], [0, 1], [-1, -1]])[TABLE["year"] - 1])
    assert set(np.unique(found.columns[:, 3])) == {-1, 1}


def test_the_same_columns_for_other_students():
    terms = ["bs(prior_score, 4)", "sex*rank", "C(year)", "officer"]
    found = made(*terms)
    rows = [3, 8, 20]
    again = found.at({name: np.asarray(TABLE[name])[rows] for name in found.used})
    np.testing.assert_allclose(again[:, found.varying], found.columns[rows], rtol=1e-12, atol=1e-15)


def test_text_is_ordered_as_people_count():
    assert natural_order(["b10", "b9", "a", "大十", "大二"]) == ["a", "b9", "b10", "大二", "大十"]
    assert natural_order(["x²", "x1"]) == ["x1", "x²"]


def test_unordered_categories_keep_an_order_they_were_given():
    given = pd.Categorical(["some", "none", "many"], ["none", "some", "many"])
    assert columns_of_terms({"x": given}, ["x"]).levels["x"] == ("none", "some", "many")
    assert columns_of_terms({"x": pd.Categorical(["y10", "y9"])}, ["x"]).levels["x"] == ("y9", "y10")


FORBIDDEN = [
    "__import__('os')", "__import__('os').system('true')", "open('x')", "eval('age')", "exec('age')", "np.load('x')",
    "np.fromfile('x')", "np.random.seed(age)", "np.log.__class__", "age.__class__", "I(age).__class__", "age.real",
    "[x for x in 'a']", "I([a for a in age])", "I((lambda: age)())", "age[0]", "np.log(age, age)", "np.log(age, out=age)",
    "f'{age}'", "I(age)(1)", "age if officer else sex", "I((x := age))", "I(age + 9**9**9)", "np.lib", "globals()",
    "getattr(age, 'x')", "bs(age, __import__('os'))", "C(year, levels=open('x'))", "I(age + eval('1'))", "abs(age)",
    "np.vectorize(age)", "np.save('x', age)", "I(age == __import__('os'))", "print(age)", "Q(__import__('os'))",
]  # fmt: skip


@pytest.mark.parametrize("term", FORBIDDEN)
def test_a_term_says_nothing_but_columns_and_numbers(term):
    with pytest.raises(DesignError) as error:
        made(term)
    assert (error.value.code, error.value.values["why"]) == ("BAD_TERM", "term_not_allowed")


@pytest.mark.parametrize("term", ["np", "I(np + age)", "I(open)", "C(__import__)", "I(__builtins__)", "C(year, eval)"])
def test_a_name_that_is_no_column_is_unknown_whatever_else_it_is(term):
    with pytest.raises(DesignError) as error:
        made(term)
    assert error.value.code == "UNKNOWN_COVARIATE"


@pytest.mark.parametrize(
    "term",
    [
        "I(age + len(open({!r}, 'w').name))",
        "np.add(age, len(open({!r}, 'w').name))",
        "I(age * bool(open({!r}, 'w')))",
        "C(year, levels=[open({!r}, 'w')])",
        "I(age + (__import__('pathlib').Path({!r}).touch() or 0))",
        "Q(open({!r}, 'w') and 'age')",
    ],
)
def test_nothing_is_run_before_it_is_refused(term, tmp_path):
    """Terms that use a column, so that nothing else would stop them, and leave a file behind if they are run."""
    flag = tmp_path / "ran"
    with pytest.raises(DesignError) as error:
        made(term.format(str(flag)))
    assert not flag.exists() and error.value.values["why"] == "term_not_allowed"


def test_an_allowed_function_cannot_write_into_the_data():
    age = TABLE["age"].copy()
    for term in ("np.log(age, age)", "np.sqrt(age, out=age)", "np.add(age, age, age)", "np.add.at(age, 0, 5)"):
        with pytest.raises(DesignError) as error:
            made(term)
        assert error.value.values["why"] == "term_not_allowed"
    np.testing.assert_array_equal(TABLE["age"], age)


@pytest.mark.parametrize(
    ("term", "why"),
    [
        ("bs(prior_score, 2)", "term_engine"),
        ("bs(sex, 4)", "term_engine"),
        ("C(year, levels=[1])", "term_engine"),
        ("np.log(prior_score - 1000)", "term_not_finite"),
        ("(age", "term_not_readable"),
        ("age +", "term_not_readable"),
        ("score ~ age", "term_not_readable"),
        ("", "term_not_readable"),
        ("1", "term_without_column"),
        ("I(3)", "term_without_column"),
    ],
)
def test_a_term_that_cannot_be_evaluated_is_named_with_the_reason(term, why):
    with pytest.raises(DesignError) as error:
        made("age", term)
    assert (error.value.code, error.value.values["term"], error.value.values["why"]) == ("BAD_TERM", term, why)
    for lang in ("en", "zh"):
        error.value.lang = lang
        assert f"`{term}`" in str(error.value) and "term_" not in str(error.value)
        assert "0 + " not in str(error.value), "how the formula engine was asked is nobody's business"


def test_an_unknown_column_is_named_with_the_nearest():
    with pytest.raises(DesignError) as error:
        made("bs(prior_scor, 4)")
    assert error.value.code == "UNKNOWN_COVARIATE" and error.value.values["near"] == "prior_score"


def test_nobody_has_every_value():
    with pytest.raises(DesignError) as error:
        columns_of_terms({"a": [1.0, np.nan], "b": [np.nan, 2.0]}, ["a", "b"])
    assert error.value.values["why"] == "term_nobody_left"


def test_dates_are_no_covariates():
    with pytest.raises(DesignError) as error:
        columns_of_terms({"joined": pd.to_datetime(["2026-01-01", "2026-02-01"])}, ["joined"])
    assert error.value.values["why"] == "term_no_numbers"


def test_the_table_is_left_as_it_is():
    table = {"x": np.array([1.0, 2.0, 4.0])}
    columns_of_terms(table, ["np.exp(x)", "center(x)"])
    assert table["x"].tolist() == [1.0, 2.0, 4.0]
