"""A panel with a known truth: what membership adds is what was declared, and what decides who joins is what was asked."""

import numpy as np
import pytest
from matplotlib.text import Text

import society_effects as se
from society_effects.simulate.panel import MEAN, NEVER, SD, WAVES, PanelRules, draw_panel


def drawn(n=40_000, classes=400, seed=3, **rules):
    return draw_panel(n, classes, PanelRules(**rules), np.random.default_rng(seed))


def truth(study, wave, estimand="diff_in_changes"):
    known = [r["value"] for r in study.source["truth"] if (r["wave"], r["estimand"]) == (wave, estimand)]
    assert len(known) == 1
    return known[0]


def test_the_same_seed_gives_the_same_panel_and_it_says_simulated():
    first, again, other = (se.simulate_panel(n=80, classes=8, seed=s) for s in (1, 1, 2))
    assert first.fingerprint == again.fingerprint != other.fingerprint
    assert first.source["simulated"] and "模拟数据" in first.summary("zh")
    assert first.labels["society=yes"] == {"en": "members", "zh": "社团组"}


@pytest.mark.parametrize("selection_on", ["stable", "baseline"])
def test_the_truth_is_the_difference_of_both_potential_outcomes(selection_on):
    """The same students with and without what membership adds."""
    rules = {"n": 360, "classes": 24, "selection_on": selection_on}
    joined = drawn(**rules).joined
    gain = drawn(**rules).scores - drawn(**rules, effect=(0.0, 0.0)).scores
    np.testing.assert_array_equal(joined, drawn(**rules, effect=(0.0, 0.0)).joined)
    study = se.simulate_panel(360, 24, selection_on=selection_on)
    for place, wave in enumerate(WAVES):
        member = joined <= place
        assert np.allclose(gain[~member, place], 0)
        if place:
            assert gain[member, place].mean() == pytest.approx(truth(study, wave, "calendar"))
            cohort = gain[joined == place, place:]
            assert cohort.mean(axis=0).mean() == pytest.approx(truth(study, wave, "cohort"))
    for estimand in ("diff_in_changes", "adj_diff_members"):
        assert truth(study, "year", estimand) == truth(study, "year", "calendar")
    since = np.arange(NEVER) - joined[:, None]
    assert gain[since >= 0].mean() == pytest.approx(truth(study, "after_joining"))
    for event in (-2, 0, 1):
        assert gain[since == event].mean() == pytest.approx(truth(study, str(event), "event_time"))
    assert [int((joined == k).sum()) for k in range(NEVER + 1)] == [0, 90, 54, 216]


def test_scores_without_a_society_are_as_declared():
    panel = drawn(effect=(0.0, 0.0), stability=0.7, icc=0.1, selection=0.0)
    assert panel.scores.mean(axis=0) == pytest.approx(MEAN + np.array([0, 1.0, 1.5]), abs=0.3)
    assert panel.scores.std(axis=0) == pytest.approx([SD] * 3, abs=0.1)
    assert np.corrcoef(panel.scores.T)[np.triu_indices(3, 1)] == pytest.approx([0.7] * 3, abs=0.02)
    of_class = np.array([panel.scores[panel.class_number == k, 0].mean() for k in range(400)])
    assert of_class.var() / SD**2 == pytest.approx(0.1 + 0.9 / 100, abs=0.02)


def test_what_decides_who_joins():
    """A stable trait raises all scores alike; the last score before joining contains chance, which does not last."""
    quiet = {"effect": (0.0, 0.0), "growth": (0.0, 0.0)}
    for selection_on, drifts in (("stable", 0.0), ("baseline", -0.4)):
        panel = drawn(selection_on=selection_on, selection=2.0, **quiet)
        early, late, never = (panel.scores[panel.joined == k] - MEAN for k in (1, 2, NEVER))
        assert (early[:, 0].mean() - never[:, 0].mean()) > SD / 2
        assert early[:, 1].mean() == pytest.approx(early[:, 0].mean() * (1 + drifts), abs=0.15)
        assert early[:, 2].mean() == pytest.approx(early[:, 1].mean(), abs=0.15)
        rise_before_joining = late[:, 1].mean() - late[:, 0].mean()
        assert rise_before_joining > 1 if drifts else abs(rise_before_joining) < 0.2
    weaker = drawn(selection_on="baseline", selection=-2.0, **quiet)
    assert weaker.scores[weaker.joined == 1, 0].mean() < MEAN - SD / 2


def test_the_lower_the_last_score_the_likelier_students_drop_out():
    panel = drawn(dropout=0.2)
    gone = panel.there[:, 0] & ~panel.there[:, 1]
    assert panel.there[:, 0].all() and not (panel.there[:, 2] & ~panel.there[:, 1]).any()
    assert 0.15 < gone.mean() < 0.27
    assert panel.scores[gone, 0].mean() < panel.scores[~gone, 0].mean() - 2
    assert drawn(dropout=0.0).there.all()


def test_everybody_is_in_the_table_also_after_dropping_out():
    study = se.simulate_panel(n=120, classes=8, dropout=0.3)
    table = study.data
    assert len(table) == 3 * 120 and table["identity"].isna().any()
    assert study.waves == WAVES and study.joined == "joined" and study.cluster == "class"
    assert (table.loc[table["wave"] == "before", "society"] == "no").all()
    since = table["wave"].map(WAVES.index) >= table["joined"].map({w: k for k, w in enumerate(WAVES)})
    assert ((table["society"] == "yes") == since).all()


def test_the_truth_stands_in_the_forest_of_both_answers():
    study = se.simulate_panel(n=120, classes=8)
    drawn_with = {"resamples": 99, "reliability": 1.0, "headline": "both"}
    figure = se.PrePostControl(first="before", last="year", **drawn_with).fit(study).plot("forest")
    lines = [artist for ax in figure.axes for artist in ax.lines if artist.get_gid() == "truth"]
    assert [line.get_xdata()[0] for line in lines] == pytest.approx([truth(study, "year")] * 2)
    assert "what membership added" in " ".join(text.get_text() for text in figure.findobj(Text)).replace("\n", " ")


@pytest.mark.parametrize(
    "setting, value",
    [
        ("share", (0.6, 0.4)),
        ("selection_on", "score"),
        ("stability", 1.0),
        ("dropout", 1.0),
        ("icc", 0.7),
        ("classes", 60),
    ],
)
def test_impossible_settings_are_refused(setting, value):
    with pytest.raises(se.DesignError, match=setting):
        se.simulate_panel(**{"n": 100, "classes": 5, setting: value})


def mean_answers(replicates, **rules):
    """Both answers of Lord's paradox after one term, averaged over panels; and their Monte-Carlo errors."""
    design = se.PrePostControl(first="before", last="term", reliability=1.0, resamples=99)
    answers = []
    for seed in range(replicates):
        study = se.simulate_panel(120, 6, share=(0.4, 0.0), dropout=0.0, icc=0.0, seed=seed, **rules)
        rows = design.fit(study).estimates.set_index("measure")["estimate"]
        answers.append(rows[["adjusted_mean_difference", "difference_in_changes"]].to_numpy(dtype=float))
    return np.mean(answers, axis=0), np.std(answers, axis=0) / np.sqrt(replicates)


@pytest.mark.slow
@pytest.mark.parametrize("selection_on, right", [("baseline", 0), ("stable", 1)])
def test_each_answer_finds_the_truth_where_its_assumption_holds(selection_on, right):
    found, error = mean_answers(200, selection_on=selection_on, selection=1.5)
    true = PanelRules().effect[0]
    assert abs(found[right] - true) < 4 * error[right]
    assert abs(found[1 - right] - true) > 6 * error[1 - right]
