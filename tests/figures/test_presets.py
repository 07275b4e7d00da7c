"""Every figure, saved for every journal, passes the measurement of its file."""

import warnings
from itertools import product

import pytest
from all_kinds import of_kind

from society_effects.figures import FIGURES, draw
from society_effects.figures.journals import JOURNALS

TAKEN = {"plos": ("tiff", "eps"), "nature": ("pdf", "svg", "eps")}
QUICK = {("flow", "nature"), ("raincloud", "plos"), ("profile", "bmc")}


def cases():
    for i, (kind, journal) in enumerate(product(FIGURES, (name for name in JOURNALS if name != "default"))):
        quick = (kind, journal) in QUICK
        yield pytest.param(kind, journal, ("en", "zh")[i % 2], marks=() if quick else pytest.mark.slow)


@pytest.mark.parametrize(("kind", "journal", "lang"), list(cases()))
def test_a_saved_figure_passes_the_rules_of_its_journal(kind, journal, lang, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        saved = draw(of_kind(kind, lang), kind, journal=journal).save(
            tmp_path / "a", TAKEN.get(journal, ("pdf", "tiff"))
        )
    assert [check.key for check in saved.checks if check.key != "FIGURE_TYPEFACE"] in ([], ["FIGURE_FORMAT"])
    assert "FIGURE_FORMAT" not in [check.key for check in saved.checks] or journal not in TAKEN


@pytest.mark.parametrize("kind", list(FIGURES))
def test_every_kind_can_be_made(kind):
    assert FIGURES[kind].possible(of_kind(kind))
