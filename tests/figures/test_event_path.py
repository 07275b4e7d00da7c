"""The path of differences in changes: what is drawn, against the rows it is drawn from, in both languages."""

import numpy as np
import pandas as pd
import pytest
from faults import faults

import society_effects as se
from society_effects.figures import draw, possible_figures

LABELS = {"score": {"en": "professional identity", "zh": "职业认同"}, "passed": {"en": "passed", "zh": "通过"}}


def fitted(n=90, waves=6, cohorts=(-1, 3, 4), outcomes=("score",), labels=LABELS):
    rng = np.random.default_rng(4)
    first = np.array(cohorts)[np.arange(n) % len(cohorts)]
    parts = []
    for k in range(waves):
        score = 60 + rng.normal(0, 4, n) + 3 * ((first > 0) & (k >= first))
        part = {"student": np.arange(n), "wave": f"t{k + 1}", "score": score, "passed": (score > 60).astype(int)}
        part |= {"society": np.where(first > 0, "yes", "no")}
        part["joined"] = [f"t{g + 1}" if g > 0 else None for g in first]
        parts.append(pd.DataFrame(part))
    roles = {"unit": "student", "wave": "wave", "waves": [f"t{k + 1}" for k in range(waves)], "joined": "joined"}
    study = se.Study(pd.concat(parts), outcomes=list(outcomes), group="society", labels=labels, **roles)
    return se.DifferenceInDifferences(resamples=199).fit(study)


def drawn(figure, gid):
    return [artist for artist in figure.findobj() if artist.get_gid() == gid]


def test_points_limits_and_band_are_those_of_the_rows():
    result = fitted()
    rows = result.estimates[result.estimates["estimand"] == "event_time"].sort_values(
        "wave", key=lambda w: w.astype(int)
    )
    figure = draw(result, "event_path")
    (points,) = drawn(figure, "estimate")
    times = rows["wave"].astype(int).to_numpy()
    assert points.get_xdata().tolist() == (times - times.min()).tolist()
    assert points.get_ydata() == pytest.approx(rows["estimate"].to_numpy())
    limits = [line.get_ydata() for line in drawn(figure, "interval")]
    assert np.array(limits) == pytest.approx(rows[["conf_low", "conf_high"]].to_numpy())
    (band,) = drawn(figure, "band")
    corners = band.get_paths()[0].vertices[:, 1]
    assert (corners.min(), corners.max()) == pytest.approx(
        (rows["simultaneous_low"].min(), rows["simultaneous_high"].max())
    )
    (reference,) = drawn(figure, "reference")
    assert (reference.get_xdata()[0], reference.get_ydata()[0]) == (-1 - times.min(), 0.0)


def test_times_that_nobody_reached_keep_their_place():
    result = fitted(waves=5, cohorts=(-1, 3))
    figure = draw(result, "event_path")
    assert [text.get_text() for text in figure.axes[0].get_xticklabels()] == ["−3", "−2", "−1", "0", "1"]


def test_shares_are_drawn_in_percentage_points():
    result = fitted(outcomes=("passed",))
    rows = result.estimates[result.estimates["estimand"] == "event_time"]
    (points,) = drawn(draw(result, "event_path"), "estimate")
    assert points.get_ydata() == pytest.approx(100 * rows["estimate"].to_numpy())


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "case",
    [
        {},
        {"n": 24},
        {"waves": 9, "cohorts": (-1, 2, 5, 7)},
        {"outcomes": ("score", "passed")},
        {"waves": 3, "cohorts": (-1, 1)},
        {
            "labels": {
                "score": {
                    "en": "Comprehensive professional identity of medical students " * 2,
                    "zh": "医学生职业认同综合得分" * 4,
                }
            }
        },
    ],
)
def test_nothing_overlaps_or_is_lost(case, lang):
    assert faults(draw(fitted(**case), "event_path", lang=lang)) == []


def test_two_waves_have_no_path():
    result = fitted(waves=2, cohorts=(-1, 1))
    assert "event_path" not in possible_figures(result) and "change" in possible_figures(result)
