"""Every figure in both languages, small and large: can it be read?"""

import pytest
from examples import comparison, ratios
from faults import faults

from society_effects.figures import draw

SIZES = [(1, 5), (1, 70), (3, 5), (3, 70), (12, 70)]
CONTENT = {"estimation": {"outcomes": 1}, "forest": {"outcomes": 1}, "proportions": {"outcomes": 0, "binary": 1}}


def findings(kind, outcomes, **options):
    counted = {"outcomes": 0, "binary": outcomes} if kind == "proportions" else {"outcomes": outcomes}
    return comparison(**counted, **options)


@pytest.mark.thinned
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("outcomes", "n"), SIZES)
@pytest.mark.parametrize("kind", list(CONTENT))
def test_nothing_overlaps_or_is_lost(kind, outcomes, n, lang):
    assert faults(draw(findings(kind, outcomes, n=n, lang=lang), kind)) == []


@pytest.mark.thinned
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("outcomes", [1, 4])
@pytest.mark.parametrize("kind", list(CONTENT))
def test_long_labels_and_large_groups(kind, outcomes, lang):
    assert faults(draw(findings(kind, outcomes, n=5000, lang=lang, long_labels=True), kind)) == []


@pytest.mark.parametrize("kind", list(CONTENT))
@pytest.mark.parametrize("journal", ["plos", "bmc", "nature", "chinese"])
def test_journal_presets(kind, journal):
    figure = draw(findings(kind, 3), kind, journal=journal, title="Members and non-members")
    assert faults(figure) == []
    assert figure.height_mm <= figure.journal.tallest
    smallest = min(text.get_fontsize() for text in figure.texts_shown())
    assert smallest >= figure.journal.note_size


@pytest.mark.parametrize("kind", list(CONTENT))
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_four_groups(kind, lang):
    assert faults(draw(findings(kind, 1, groups=("no", "former", "yes", "officer"), lang=lang), kind)) == []


UGLY = {
    "all equal": {"values": lambda rng, g, n: [50.0] * n},
    "one outlier": {"values": lambda rng, g, n: [*rng.normal(0, 1, n - 1), 500.0]},
    "negative": {"shift": -200.0},
    "two students": {"n": 2},
    "millions": {"scale": 1e6},
    "thousandths": {"scale": 1e-5},
}


@pytest.mark.thinned
@pytest.mark.parametrize("outcomes", [1, 3])
@pytest.mark.parametrize("ugly", list(UGLY))
@pytest.mark.parametrize("kind", ["estimation", "forest"])
def test_ugly_numbers(kind, ugly, outcomes):
    assert faults(draw(comparison(outcomes=outcomes, **UGLY[ugly]), kind)) == []


def test_mixed_outcomes_and_truth():
    for kind in ("estimation", "forest"):
        assert faults(draw(comparison(outcomes=2, binary=2, truth=True), kind)) == []


def test_one_row_twenty_rows_and_forty():
    one, twenty, forty = (draw(comparison(outcomes=k, rows=False), "forest") for k in (1, 20, 40))
    assert twenty.height_mm - one.height_mm == pytest.approx(19 * 5.5, abs=4)
    assert twenty.height_mm < forty.height_mm <= forty.journal.tallest
    assert faults(forty) == []


def test_ratios_with_infinite_limits():
    figure = draw(ratios([(2.1, 0.8, 5.2), (0.5, 0.0, 3.0), (4.0, 1.2, float("inf"))]), "forest")
    assert faults(figure) == []
