"""Published changes from before to after: which correlations of the two scores fit what was printed?"""

import numpy as np
import pytest

from society_effects.language.catalogue import LANGUAGES
from society_effects.recomputing import recompute_changes, recomputed_changes_table
from society_effects.study.published import published_changes


def test_every_row_with_both_waves_is_recomputed():
    rows = [change.row for change in published_changes()]
    assert rows == ["3", "4", "5", "32", "102"]
    assert [found.published.row for found in recompute_changes()] == rows


def test_the_earlier_wave_is_the_one_printed_as_pre():
    by_row = {change.row: change for change in published_changes()}
    assert by_row["32"].first == (1.67, 1.0) and by_row["32"].last == (3.82, 0.6)  # printed as post, pre


def test_limits_at_a_correlation_are_those_of_the_paired_t():
    found = next(found for found in recompute_changes() if found.published.row == "32")
    sd = np.sqrt(1.0**2 + 0.6**2 - 2 * found.high * 1.0 * 0.6)
    half = 2.0518305 * sd / np.sqrt(28)
    assert found.at_high == (pytest.approx(2.15 - half, abs=1e-6), pytest.approx(2.15 + half, abs=1e-6))
    assert found.at_low[0] < 1.7 < found.at_high[0] and found.at_high[1] < 2.6 < found.at_low[1]  # as printed


def test_a_row_that_fits_nothing_would_be_said_to():
    for found in recompute_changes():
        assert (found.low is None) == (found.high is None)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_reads(lang):
    text = str(recomputed_changes_table(lang))
    assert "RIPLS" in text and "−0.99" in text
