"""How fast, and with how much memory, are resampling and the adjustment for several outcomes?

Whole public calls, from the data frame on, against one call of another package on bare arrays.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pandas as pd

import society_effects as se
from society_effects.stats.max_t import max_t

DRAWS = 100_000
FAMILY_DRAWS = 9_999
STATIONS = 10


def cohort(n: int = 667) -> pd.DataFrame:
    """Students with correlated scores of ten stations."""
    rng = np.random.default_rng(1)
    member = rng.random(n) < 0.25
    ability = rng.normal(0, 5, n)
    scores = {f"s{i}": 75 + 2 * member + ability + rng.normal(0, 7, n) for i in range(STATIONS)}
    return pd.DataFrame({"society": np.where(member, "yes", "no"), **scores})


COHORT = cohort()
MEMBER = COHORT["society"].to_numpy() == "yes"
ARMS = [COHORT["s0"].to_numpy()[here] for here in (MEMBER, ~MEMBER)]
SCORES = COHORT[[f"s{i}" for i in range(STATIONS)]].to_numpy()
SIDES = np.where(MEMBER, 1, -1)


def compared(method: str, outcomes: int, draws: int) -> pd.DataFrame:
    """The public call; Holm, so that ten outcomes are ten bootstraps and not a max-T as well."""
    study = se.Study(COHORT, outcomes=[f"s{i}" for i in range(outcomes)], group="society")
    return se.MemberComparison(method=method, resamples=draws, adjustment="holm").fit(study).estimates


def difference(first: np.ndarray, second: np.ndarray, axis: int = -1) -> np.ndarray:
    """The difference of two means, in the form that scipy asks for."""
    return np.asarray(first.mean(axis=axis) - second.mean(axis=axis))


def scipy_bootstrap() -> object:
    """Percentile interval, all draws at once as is its default."""
    from scipy import stats

    return stats.bootstrap(ARMS, difference, n_resamples=DRAWS, method="percentile", rng=1)


def pingouin_bootstrap() -> object:
    """Percentile interval; one call of a function per draw."""
    import pingouin as pg

    return pg.compute_bootci(ARMS[0], ARMS[1], func=difference, n_boot=DRAWS, method="per", paired=False, seed=1)


def scipy_permutation() -> object:
    """Blocks of 1000 draws: all at once does not fit into the memory of most machines."""
    from scipy import stats

    return stats.permutation_test(ARMS, difference, n_resamples=DRAWS, batch=1000, rng=1)


def family_of(tests: int) -> object:
    """Our largest t of so many outcomes."""
    place = np.repeat(SIDES[:, None], tests, axis=1)
    return max_t(SCORES[:, :tests], place, strata=SIDES, resamples=FAMILY_DRAWS, seed=1)


def numpy_family_loop() -> object:
    """The same largest t, written as most would: one draw of students at a time, all outcomes together."""
    rng, largest = np.random.default_rng(1), []
    centred = [SCORES[here] - SCORES[here].mean(axis=0) for here in (MEMBER, ~MEMBER)]
    for _ in range(FAMILY_DRAWS):
        drawn = [arm[rng.integers(0, len(arm), len(arm))] for arm in centred]
        error = np.sqrt(sum(arm.var(axis=0, ddof=1) / len(arm) for arm in drawn))
        largest.append(np.max(np.abs(drawn[0].mean(axis=0) - drawn[1].mean(axis=0)) / error))
    return np.sort(largest)


def scipy_family_loop() -> object:
    """The same with scipy's Welch test for each draw."""
    from scipy import stats

    rng, largest = np.random.default_rng(1), []
    centred = [SCORES[here] - SCORES[here].mean(axis=0) for here in (MEMBER, ~MEMBER)]
    for _ in range(FAMILY_DRAWS):
        drawn = [arm[rng.integers(0, len(arm), len(arm))] for arm in centred]
        largest.append(np.max(np.abs(stats.ttest_ind(*drawn, equal_var=False).statistic)))
    return np.sort(largest)


def peak(call: Callable[[], object]) -> float:
    """The largest memory a call asks for beyond what was there, in MB."""
    call()
    tracemalloc.start()
    call()
    found = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return found


def rows(interleaved: Callable[..., dict[str, float]]) -> list[tuple[str, str, str]]:
    """Lines of the page: what was measured, how much, and the goal."""
    calls: dict[str, Callable[[], object]] = {
        "bootstrap": lambda: compared("bootstrap", 1, DRAWS),
        "bootstrap of ten": lambda: compared("bootstrap", STATIONS, DRAWS),
        "permutation": lambda: compared("permutation", 1, DRAWS),
        "scipy bootstrap": scipy_bootstrap,
        "scipy permutation": scipy_permutation,
        "family": lambda: family_of(STATIONS),
        "family of one": lambda: family_of(1),
        "numpy family": numpy_family_loop,
        "scipy family": scipy_family_loop,
    }
    seconds = interleaved(calls, repeats=3) | interleaved({"pingouin bootstrap": pingouin_bootstrap}, repeats=1)
    memory = {name: peak(calls[name]) for name in ("bootstrap", "permutation", "scipy bootstrap", "family")}

    def ratio(theirs: str, ours: str) -> str:
        return f"{seconds[theirs] / seconds[ours]:.1f}"

    return [
        (
            "bootstrap, 667 rows, B = 100,000: scipy.stats.bootstrap / ours",
            ratio("scipy bootstrap", "bootstrap"),
            "≥ 4",
        ),
        ("the same: pingouin.compute_bootci / ours", ratio("pingouin bootstrap", "bootstrap"), "–"),
        ("the same: 10 outcomes / 1 outcome", ratio("bootstrap of ten", "bootstrap"), "≤ 2"),
        (
            "the same: extra memory, ours (scipy)",
            f"{memory['bootstrap']:.0f} ({memory['scipy bootstrap']:.0f}) MB",
            "≤ 50",
        ),
        (
            "permutation, B = 100,000: scipy.stats.permutation_test / ours",
            ratio("scipy permutation", "permutation"),
            "≥ 4",
        ),
        ("the same: extra memory, ours", f"{memory['permutation']:.0f} MB", "≤ 50"),
        ("max-T, B = 9,999: 10 outcomes / 1 outcome", ratio("family", "family of one"), "≤ 2.5"),
        ("max-T over 10 outcomes: numpy loop over draws / ours", ratio("numpy family", "family"), "–"),
        ("max-T over 10 outcomes: scipy Welch loop over draws / ours", ratio("scipy family", "family"), "≥ 4"),
        ("max-T over 10 outcomes: extra memory", f"{memory['family']:.0f} MB", "≤ 50"),
    ]
