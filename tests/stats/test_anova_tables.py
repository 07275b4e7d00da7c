"""Analysis of variance tables: what each type compares, and what is not defined."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from statsmodels.stats.anova import anova_lm

from society_effects.stats.anova_tables import anova_table, robust_anova_table

RNG = np.random.default_rng(3)
N = 80
TABLE = {
    "sex": RNG.choice(["f", "m"], N),
    "year": RNG.choice(["one", "three", "two"], N),
    "hours": RNG.normal(5, 2, N),
}
Y = (TABLE["sex"] == "m") * 2 + TABLE["hours"] + RNG.normal(size=N)
TERMS = ["sex", "year", "hours", "sex:year", "sex:hours"]


@pytest.mark.parametrize(("kind", "formula"), [
    ("I", "y ~ sex + year + hours + sex:year + sex:hours"),
    ("II", "y ~ sex + year + hours + sex:year + sex:hours"),
    ("III", "y ~ C(sex, Sum) + C(year, Sum) + hours + C(sex, Sum):C(year, Sum) + C(sex, Sum):hours"),
])  # fmt: skip
def test_tables_of_statsmodels(kind, formula):
    theirs = anova_lm(smf.ols(formula, pd.DataFrame(TABLE).assign(y=Y)).fit(), typ=kind)
    theirs.index = theirs.index.str.replace(r"C\((\w+), Sum\)", r"\1", regex=True)
    found = anova_table(TABLE, TERMS, Y, kind=kind)
    for term in TERMS if kind != "I" else TERMS[:0]:
        row = found.row(term)
        ours = (row.sum_of_squares, row.df, row.test.statistic, row.test.p_value)
        assert ours == pytest.approx(tuple(theirs.loc[term, ["sum_sq", "df", "F", "PR(>F)"]]), rel=1e-8)
    assert found.residual_ss == pytest.approx(theirs.loc["Residual", "sum_sq"], rel=1e-10)
    if kind == "III":
        assert found.rows[0].sum_of_squares == pytest.approx(theirs.loc["Intercept", "sum_sq"], rel=1e-8)


def test_type_one_adds_up():
    found = anova_table(TABLE, TERMS, Y, kind="I")
    total = float(np.sum((Y - Y.mean()) ** 2))
    assert sum(row.sum_of_squares for row in found.rows) + found.residual_ss == pytest.approx(total, rel=1e-12)
    assert [row.term for row in found.rows] == TERMS
    first = anova_table(TABLE, ["sex"], Y, kind="I").row("sex").sum_of_squares
    assert found.row("sex").sum_of_squares == pytest.approx(first, rel=1e-12)


def test_types_agree_without_products_but_for_the_order():
    terms = ["sex", "year", "hours"]
    second, third = (anova_table(TABLE, terms, Y, kind=kind) for kind in ("II", "III"))
    for term in terms:
        assert second.row(term).sum_of_squares == pytest.approx(third.row(term).sum_of_squares, rel=1e-10)


def test_a_robust_f_of_one_column_is_the_square_of_its_t():
    found = robust_anova_table(TABLE, ["sex", "hours"], Y)
    theirs = smf.ols("y ~ sex + hours", pd.DataFrame(TABLE).assign(y=Y)).fit(cov_type="HC3", use_t=True)
    assert found.row("sex").test.statistic == pytest.approx(theirs.tvalues["sex[T.m]"] ** 2, rel=1e-9)
    assert found.row("hours").test.p_value == pytest.approx(theirs.pvalues["hours"], rel=1e-7)
    assert np.isnan(found.row("hours").sum_of_squares)


@pytest.mark.parametrize("make", [anova_table, robust_anova_table])
def test_origin_of_the_numbers_does_not_matter_to_type_two(make):
    moved = {**TABLE, "hours": TABLE["hours"] + 2026.0}
    for term in TERMS:
        ours, theirs = (make(table, TERMS, Y + 1e5).row(term).test.statistic for table in (TABLE, moved))
        assert ours == pytest.approx(theirs, rel=1e-6)


def test_rows_with_missing_values_are_left_out():
    table = {**TABLE, "hours": np.where(np.arange(N) < 5, np.nan, TABLE["hours"])}
    found = anova_table(table, TERMS, Y)
    rest = anova_table({name: values[5:] for name, values in TABLE.items()}, TERMS, Y[5:])
    assert found.n == N - 5 and found.row("sex").sum_of_squares == pytest.approx(rest.row("sex").sum_of_squares)


def test_an_empty_combination_leaves_type_three_undefined():
    kept = ~((TABLE["sex"] == "m") & (TABLE["year"] == "two"))
    table = {name: values[kept] for name, values in TABLE.items()}
    for make in (anova_table, robust_anova_table):
        third = make(table, ["sex", "year", "sex:year"], Y[kept], kind="III")
        assert all("EMPTY_CELLS" in row.test.raised and np.isnan(row.test.p_value) for row in third.rows)
        second = make(table, ["sex", "year", "sex:year"], Y[kept], kind="II")
        assert second.row("sex:year").df == 1 and second.row("sex").test.p_value > 0


def test_undefined_tests_say_why():
    perfect = anova_table(TABLE, ["hours"], 3 * TABLE["hours"])
    assert perfect.row("hours").test.raised == ("DEGENERATE",) and np.isnan(perfect.row("hours").test.p_value)
    twice = anova_table({**TABLE, "double": 2 * TABLE["hours"]}, ["hours", "double"], Y)
    assert twice.row("double").test.raised == ("NO_SLOPES",) and twice.dropped == ("double",)
    few = anova_table({"a": [1.0, 2.0]}, ["a"], [1.0, 5.0])
    assert few.row("a").test.raised == ("TOO_FEW",)
    assert np.isnan(robust_anova_table({"a": [1.0, 2.0]}, ["a"], [1.0, 5.0]).row("a").test.p_value)
