"""Probability of superiority within strata: its relatives without strata and without classes, and what is undefined."""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.stats.clustered_means import clustered_superiority
from society_effects.stats.ranks import probability_of_superiority
from society_effects.stats.stratified_superiority import stratified_superiority

RNG = np.random.default_rng(23)
N = 120
MEMBER = RNG.random(N) < 0.4
BEFORE = RNG.integers(0, 4, N)
AFTER = np.clip(BEFORE + RNG.integers(-1, 3, N) + MEMBER * RNG.integers(0, 2, N), 0, 5)
CLASSES = RNG.integers(0, 10, N)
FIELDS = ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high")


def test_one_stratum_is_brunner_and_munzel() -> None:
    found = stratified_superiority(AFTER, MEMBER, np.zeros(N)).superiority
    theirs = probability_of_superiority(AFTER[MEMBER], AFTER[~MEMBER])
    for name in FIELDS:
        assert getattr(found, name) == pytest.approx(getattr(theirs, name), rel=1e-11)


def test_one_stratum_with_classes_is_the_clustered_one() -> None:
    found = stratified_superiority(AFTER, MEMBER, np.zeros(N), clusters=CLASSES).superiority
    theirs = clustered_superiority(AFTER[MEMBER], AFTER[~MEMBER], CLASSES[MEMBER], CLASSES[~MEMBER])
    for name in FIELDS:
        assert getattr(found, name) == pytest.approx(getattr(theirs, name), rel=1e-11)


def test_strata_weigh_as_the_members_lie_in_them() -> None:
    found = stratified_superiority(AFTER, MEMBER, BEFORE)
    parts = [
        probability_of_superiority(AFTER[MEMBER & (c == BEFORE)], AFTER[~MEMBER & (c == BEFORE)]).estimate
        for c in range(4)
    ]
    shares = [np.mean(BEFORE[MEMBER] == c) for c in range(4)]
    assert found.of_stratum == pytest.approx(parts) and found.weights == pytest.approx(shares)
    assert found.superiority.estimate == pytest.approx(np.dot(parts, shares), rel=1e-12)


def test_the_variance_by_the_literal_formula() -> None:
    found = stratified_superiority(AFTER, MEMBER, BEFORE).superiority
    placed, others = [], 0.0
    for c in range(4):
        one, two = AFTER[MEMBER & (c == BEFORE)], AFTER[~MEMBER & (c == BEFORE)]
        table = (one[:, None] > two) + 0.5 * (one[:, None] == two)
        placed += table.mean(axis=1).tolist()
        others += (len(one) / MEMBER.sum()) ** 2 * np.var(table.mean(axis=0), ddof=1) / len(two)
    variance = np.var(placed, ddof=1) / len(placed) + others
    theta = np.mean(placed)
    assert found.std_error * theta * (1 - theta) == pytest.approx(np.sqrt(variance), rel=1e-11)


def test_swapping_the_order_mirrors_the_probability() -> None:
    for clusters in (None, CLASSES):
        up = stratified_superiority(AFTER, MEMBER, BEFORE, clusters=clusters).superiority
        down = stratified_superiority(-AFTER, MEMBER, BEFORE, clusters=clusters).superiority
        assert (up.estimate, up.p_value, up.conf_low) == pytest.approx(
            (1 - down.estimate, down.p_value, 1 - down.conf_high)
        )


def test_members_without_a_counterpart_are_left_out_and_counted() -> None:
    lonely = np.where(MEMBER & (BEFORE == 3), 9, BEFORE)
    found = stratified_superiority(AFTER, MEMBER, lonely)
    assert found.left_out == np.sum(MEMBER & (BEFORE == 3)) and found.superiority.flags["MEMBERS_LEFT_OUT"]
    assert found.strata.tolist() == [0, 1, 2] and found.weights.sum() == pytest.approx(1)


def test_one_non_member_in_a_stratum_is_taken_to_vary_like_the_others() -> None:
    keep = ~np.isin(np.arange(N), np.flatnonzero(~MEMBER & (BEFORE == 3))[1:])
    found = stratified_superiority(AFTER[keep], MEMBER[keep], BEFORE[keep]).superiority
    y, arm, stratum = AFTER[keep], MEMBER[keep], BEFORE[keep]
    placed, spreads, free, scale = [], [], [], []
    for c in range(4):
        one, two = y[arm & (c == stratum)], y[~arm & (c == stratum)]
        table = (one[:, None] > two) + 0.5 * (one[:, None] == two)
        placed += table.mean(axis=1).tolist()
        spreads.append(np.var(table.mean(axis=0), ddof=1) if len(two) > 1 else np.nan)
        free.append(len(two) - 1)
        scale.append((len(one) / arm.sum()) ** 2 / len(two))
    spreads[3] = np.dot(spreads[:3], free[:3]) / sum(free[:3])
    variance = np.var(placed, ddof=1) / len(placed) + np.dot(scale, spreads)
    theta = np.mean(placed)
    assert found.std_error * theta * (1 - theta) == pytest.approx(np.sqrt(variance), rel=1e-11)


def test_classes_sum_the_weighted_placements_of_all_strata() -> None:
    """CR2 in each group of the regression on members and on the others of each stratum, as a literal sum."""
    found = stratified_superiority(AFTER, MEMBER, BEFORE, clusters=CLASSES).superiority
    part, theta, members = np.zeros(10), 0.0, np.zeros(N)
    for c in range(4):
        one, two = MEMBER & (c == BEFORE), ~MEMBER & (c == BEFORE)
        table = (AFTER[one][:, None] > AFTER[two]) + 0.5 * (AFTER[one][:, None] == AFTER[two])
        members[one] = table.mean(axis=1)
        of_others = np.zeros(N)
        of_others[two] = table.mean(axis=0) - table.mean()
        left = np.sqrt(1 - np.bincount(CLASSES, two, 10) / two.sum())
        weight = one.sum() / MEMBER.sum()
        theta += weight * table.mean()
        part += weight * np.bincount(CLASSES, of_others, 10) / two.sum() / left
    around = np.where(MEMBER, members - theta, 0.0)
    part += (
        np.bincount(CLASSES, around, 10) / MEMBER.sum() / np.sqrt(1 - np.bincount(CLASSES, MEMBER, 10) / MEMBER.sum())
    )
    assert found.std_error * theta * (1 - theta) == pytest.approx(np.sqrt(np.sum(part**2)), rel=1e-11)


def test_what_is_undefined() -> None:
    none = stratified_superiority(AFTER, MEMBER, MEMBER.astype(int)).superiority
    assert np.isnan(none.estimate) and none.raised == ("NO_OVERLAP",)
    tied = stratified_superiority(np.ones(N), MEMBER, BEFORE).superiority
    assert tied.estimate == 0.5 and np.isnan(tied.p_value) and "ALL_TIED" in tied.raised
    apart = stratified_superiority(MEMBER * 1.0, MEMBER, BEFORE).superiority
    assert apart.estimate == 1 and np.isnan(apart.conf_low) and "SEPARATED_IN_STRATA" in apart.raised
    one = stratified_superiority([1, 2, 3], [1, 0, 0], [0, 0, 0]).superiority
    assert "TOO_FEW" in stratified_superiority([2, 1, 3], [1, 0, 0], [0, 0, 0]).superiority.raised
    assert np.isnan(one.p_value)
    of_class = stratified_superiority(AFTER, MEMBER, BEFORE, clusters=np.where(MEMBER, 0, 1 + CLASSES)).superiority
    assert np.isnan(of_class.std_error) and "ONE_CLUSTER_IN_ARM" in of_class.raised
