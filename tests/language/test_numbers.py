"""How numbers are written."""

import pytest

from society_effects.language.numbers import DASH, MINUS, style


@pytest.mark.parametrize(
    ("name", "lang", "value", "wanted"),
    [
        ("apa", "en", 0.0004, "< .001"),
        ("apa", "en", 0.001, "= .001"),
        ("ama", "en", 0.0164, "= .016"),
        ("gbt", "zh", 0.0004, "<0.001"),
        ("gbt", "zh", 0.05, "=0.050"),
        ("gbt", "zh", 1.0, ">0.999"),
        ("apa", "en", float("nan"), DASH),
        ("apa", "en", None, DASH),
    ],
)
def test_p_values(name, lang, value, wanted):
    assert style(name, lang).p(value) == wanted


def test_no_p_is_ever_written_as_zero():
    for value in (0.0, 1e-300, 0.00049):
        assert style(None, "en").p_cell(value) == "<.001"
        assert style(None, "zh").p_cell(value) == "<0.001"


def test_numbers_have_a_true_minus_and_no_negative_zero():
    apa = style("apa", "en")
    assert apa.number(-1.234) == f"{MINUS}1.23"
    assert apa.number(-0.001) == "0.00"
    assert apa.size(-2.5, 1) == "2.5"


def test_limits_follow_the_style():
    assert style("apa", "en").limits((1.2, 3.4)) == "[1.20, 3.40]"
    assert style("ama", "en").limits((1.2, 3.4)) == "1.20 to 3.40"
    assert style("gbt", "zh").limits((-1.2, 3.4), 1) == f"{MINUS}1.2~3.4"


def test_the_style_follows_the_language():
    assert style(None, "zh").name == "gbt"
    assert style(None, "en").name == "apa"
    with pytest.raises(KeyError, match="apa"):
        style("mla", "en")


def test_shares_levels_counts_and_degrees_of_freedom():
    apa = style("apa", "en")
    assert apa.percent(0.1234) == "12.3%"
    assert apa.level(0.95) == "95%"
    assert apa.level(0.999) == "99.9%"
    assert apa.count(12345) == "12,345"
    assert apa.df(209.206) == "209.2"
    assert apa.df(10.0) == "10"
    assert apa.number(float("inf")) == "∞"
