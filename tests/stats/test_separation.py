"""Separation of events and of counts: exact, with the columns and the students it concerns."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from society_effects.stats.separation import separated_counts, separated_events, surely_finite

RNG = np.random.default_rng(3)


def design(*columns: object) -> np.ndarray:
    values = [np.asarray(column, dtype=float) for column in columns]
    return np.column_stack([np.ones(len(values[0])), *values])


def test_complete_quasi_and_none() -> None:
    score, sex = [1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 0, 1]
    complete = separated_events(design(score, sex), [0, 0, 0, 1, 1, 1], ["one", "score", "sex"])
    assert (complete.kind, complete.columns) == ("complete", ("score",))
    quasi = separated_events(design([1, 2, 3, 3, 5, 6], sex), [0, 0, 0, 1, 1, 1], ["one", "score", "sex"])
    assert quasi.kind == "complete" and quasi.columns == ("score", "sex")  # sex decides between the two with score 3
    tied = separated_events(design([1, 2, 3, 3, 5, 6]), [0, 0, 0, 1, 1, 1], ["one", "score"])
    assert tied.kind == "quasi" and tied.students.tolist() == [True, True, False, False, True, True]
    none = separated_events(design([1, 2, 4, 3, 5, 6], sex), [0, 1, 0, 1, 0, 1][::-1], ["one", "score", "sex"])
    assert none.columns == ("sex",)
    overlapping = separated_events(design([1, 2, 4, 3, 5, 1]), [0, 0, 0, 1, 1, 1], ["one", "score"])
    assert overlapping.kind is None and overlapping.columns == ()


def test_a_category_without_events_is_named_and_nothing_else() -> None:
    n = 300
    x, rare = RNG.standard_normal((n, 4)), RNG.random(n) < 0.05
    event = (RNG.random(n) < 0.4) & ~rare
    names = ["one", "a", "b", "c", "d", "rare"]
    for shift in (0.0, 1e8):  # wherever the columns have their zero
        found = separated_events(design(*(x.T + shift), rare + shift), event, names)
        assert found.columns == ("rare",) and np.array_equal(found.students, rare)
    counts = np.where(rare, 0, RNG.poisson(1.0, n))
    found = separated_counts(design(*x.T, rare), counts, names)
    assert found.columns == ("rare",) and np.array_equal(found.students, rare)
    assert separated_counts(design(*x.T, rare), np.where(rare, 3, counts), names).kind is None


def test_two_separations_are_both_found() -> None:
    first, second = np.repeat([1, 0, 0, 0], 10), np.repeat([0, 1, 0, 0], 10)
    event = np.r_[np.zeros(10), np.ones(10), np.tile([0, 1], 10)]
    found = separated_events(design(first, second), event, ["one", "first", "second"])
    assert found.columns == ("first", "second") and found.students.sum() == 20
    later = separated_events(design(first, second + 2 * first), event, ["one", "first", "second"])
    assert later.columns == ("first", "second") and later.students.sum() == 20


def test_small_tables_by_enumeration() -> None:
    """All outcomes of five students: separated if and only if some cut (or a tie at it) has all events on one side."""
    score = np.array([0.0, 1.0, 1.0, 2.0, 3.0])
    for event in itertools.product([0, 1], repeat=5):
        y = np.array(event)
        if 0 < y.sum() < 5:
            low, high = score[y == 0], score[y == 1]
            by_hand = low.max() <= high.min() or high.max() <= low.min()
            assert (separated_events(design(score), y, ["one", "score"]).kind is not None) == by_hand, event


@pytest.mark.parametrize("gap", [1e-3, 1e-5])
def test_a_narrow_gap_is_a_separation_and_a_narrow_overlap_is_none(gap: float) -> None:
    score = np.r_[np.linspace(-1, 0, 20), np.linspace(gap, 1, 20)]
    event = np.repeat([0, 1], 20)
    assert separated_events(design(score), event, ["one", "score"]).kind == "complete"
    event[[19, 20]] = [1, 0]
    assert separated_events(design(score), event, ["one", "score"]).kind is None


def test_a_fit_can_prove_that_there_is_none() -> None:
    x, fitted = design(RNG.standard_normal(50)), np.full(50, 0.4)
    event = np.repeat([1.0, 0.0], [20, 30])
    basis = np.linalg.qr(x)[0]
    residuals = event - fitted - basis @ (basis.T @ (event - fitted))  # the scores of a fit are 0
    assert surely_finite(x, residuals, np.full(50, 0.4))
    assert not surely_finite(x, residuals, np.r_[np.full(49, 0.4), 1e-18])
    assert not surely_finite(x, event - 0.39, np.full(50, 0.4))
    assert surely_finite(x, residuals, [])  # nobody could be separated
