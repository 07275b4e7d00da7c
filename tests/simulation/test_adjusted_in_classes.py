"""Do adjusted comparisons of students in classes hold their level, and which slopes are right for whole classes?

Bands are three standard errors of the simulation around the level, and what the approximate degrees of freedom are
allowed beyond it. The numbers are printed with their errors (``pytest -s``).
"""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.stats.adjusted_difference import adjusted_difference
from society_effects.stats.inference import Inference
from society_effects.stats.two_stage import two_stage
from society_effects.stats.wild_bootstrap import wild_adjusted

pytestmark = pytest.mark.slow


def band(replicates: int) -> float:
    return 3 * float(np.sqrt(0.05 * 0.95 / replicates))


def told(name: str, values: np.ndarray) -> float:
    """The mean over the studies, printed with its error."""
    seen = np.asarray(values, dtype=float)
    mean = float(seen.mean())
    print(f"{name}: {mean:.3f} (simulation error {seen.std(ddof=1) / np.sqrt(len(seen)):.3f})")
    return mean


def covers(found: Inference, truth: float) -> bool:
    return bool(found.conf_low <= truth <= found.conf_high)


def classes_of(n: int, rng: np.random.Generator) -> np.ndarray:
    """Classes of 10 to 30 students."""
    return np.repeat(np.arange(n), rng.integers(10, 31, n))


# Members inside classes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("classes", [6, 10, 20])
def test_classmates(classes: int) -> None:
    """Good classes have more members: classmates tell the truth and hold the level, all students together do not."""
    rng, replicates, estimates, covered = np.random.default_rng(300 + classes), 1500, [], []
    for _ in range(replicates):
        codes = classes_of(classes, rng)
        level = rng.standard_normal(classes)[codes]
        x = 0.5 * level + rng.standard_normal(len(codes))
        arm = rng.random(len(codes)) < 1 / (1 + np.exp(0.6 - 0.5 * x - 0.8 * level))
        own = 0.3 + 0.2 * rng.standard_normal(classes)[codes]  # membership means more in some classes
        y = 0.6 * x + own * arm + 0.8 * level + rng.standard_normal(len(codes))
        settings = {"clusters": codes, "interactions": False}
        fits = [adjusted_difference(y, arm, x[:, None], within=how, **settings) for how in ("fixed", "mundlak", None)]
        estimates.append([fit.difference.estimate for fit in fits])
        covered.append([covers(fit.difference, 0.3) for fit in fits])
    means = [
        told(f"{classes} classes, {how}", v)
        for how, v in zip(("fixed", "mundlak", "all"), np.transpose(estimates), strict=True)
    ]
    shares = [told(f"{classes} classes, coverage", v) for v in np.transpose(covered)]
    assert np.allclose(np.array(estimates)[:, 0], np.array(estimates)[:, 1])
    assert abs(means[0] - 0.3) <= 3 * np.std(np.array(estimates)[:, 0]) / np.sqrt(replicates)
    assert abs(shares[0] - 0.95) <= band(replicates) + 0.012 and abs(shares[1] - 0.95) <= band(replicates) + 0.012
    assert means[2] > 0.45 and shares[2] < shares[0] - 0.05


@pytest.mark.parametrize("classes", [6, 10, 20])
def test_classmates_with_slopes_of_their_own(classes: int) -> None:
    """The target are the members; their covariates are a sample of classes."""
    rng, replicates, covered = np.random.default_rng(400 + classes), 1000, []
    for _ in range(replicates):
        codes = classes_of(classes, rng)
        level = rng.standard_normal(classes)[codes]
        x = rng.standard_normal(len(codes))
        arm = rng.random(len(codes)) < 1 / (1 + np.exp(0.6 - 0.5 * level))
        y = 0.6 * x + (0.3 + 0.4 * x) * arm + 0.8 * level + rng.standard_normal(len(codes))
        covered.append(covers(adjusted_difference(y, arm, x[:, None], clusters=codes, within="fixed").difference, 0.3))
    assert abs(told(f"{classes} classes, coverage", np.array(covered)) - 0.95) <= band(replicates) + 0.015


# Whole classes -----------------------------------------------------------------------------------------------------


def whole_classes(
    classes: int, members: int, rng: np.random.Generator, *, apart: float = 0.0, shared: float = 0.0, truth: float = 0.0
) -> tuple[np.ndarray, ...]:
    """Outcome, membership, classes, a covariate of students and one that classmates share.

    apart, shared : by how much the members' classes stand higher in them.
    """
    codes, arm = classes_of(classes, rng), np.arange(classes) < members
    z = rng.standard_normal(classes) + shared * arm
    x = (np.sqrt(0.3) * rng.standard_normal(classes) + apart * arm)[codes] + np.sqrt(0.7) * rng.standard_normal(
        len(codes)
    )
    common = np.sqrt(0.1) * rng.standard_normal(classes) + truth * arm + (0.4 * z if shared else 0.0)
    y = 0.6 * x + common[codes] + np.sqrt(0.9) * rng.standard_normal(len(codes))
    return y, arm[codes], codes, x, z[codes]


@pytest.mark.parametrize(
    ("classes", "members", "low", "high"), [(10, 5, 0.03, 0.07), (10, 2, 0.0, 0.04), (20, 3, 0.0, 0.05)]
)
def test_the_wild_bootstrap_with_a_covariate(classes: int, members: int, low: float, high: float) -> None:
    """Right with five classes of ten, cautious with fewer than four."""
    rng, replicates, rejected = np.random.default_rng(500 + classes + members), 1500, []
    for seed in range(replicates):
        y, arm, codes, x, _ = whole_classes(classes, members, rng, apart=0.5)
        fit = adjusted_difference(y, arm, x[:, None], clusters=codes, interactions=False)
        rejected.append(wild_adjusted(fit, resamples=399, seed=seed).p_value < 0.05)
    share = told(f"wild bootstrap, {members} of {classes}", np.array(rejected))
    assert low - band(replicates) / 2 <= share <= high + band(replicates) / 2


@pytest.mark.parametrize(("apart", "shared"), [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.5, 1.0)])
@pytest.mark.parametrize("classes", [6, 10, 20])
def test_two_stages(classes: int, apart: float, shared: float) -> None:
    """Slopes among classmates leave the difference what it is; slopes of all students take part of it for theirs."""
    rng, replicates, truth = np.random.default_rng(600 + classes), 1500, 0.5
    estimates, covered = [], []
    for _ in range(replicates):
        y, arm, codes, x, z = whole_classes(classes, classes // 2, rng, apart=apart, shared=shared, truth=truth)
        columns = np.column_stack([x, z]) if shared else x[:, None]
        fits = [two_stage(y, arm, codes, columns, slopes=how, resamples=99).difference for how in ("within", "pooled")]
        estimates.append([fit.estimate - truth for fit in fits])
        covered.append([covers(fit, truth) for fit in fits])
    error = np.std(estimates, axis=0) / np.sqrt(replicates)
    name = f"{classes} classes, apart {apart}, shared {shared}"
    within, pooled = (told(f"{name}: bias", v) for v in np.transpose(estimates))
    assert abs(within) <= 3.5 * error[0]
    if apart or shared:
        assert pooled < -0.08 and pooled < within - 3 * error[1]
    if classes > 6 or shared:  # six classes without a shared covariate are permuted: no limits
        share = told(f"{name}: coverage", np.transpose(covered)[0])
        assert abs(share - 0.95) <= band(replicates) + 0.015


@pytest.mark.parametrize(("classes", "members"), [(6, 3), (10, 2), (20, 3)])
def test_few_whole_classes_are_permuted(classes: int, members: int) -> None:
    """Size at most the level, whatever the covariate does; beside a shared covariate by degrees of freedom, cautious."""
    rng, replicates, rejected = np.random.default_rng(700 + classes), 1500, []
    for _ in range(replicates):
        y, arm, codes, x, z = whole_classes(classes, members, rng, apart=1.0)
        both = two_stage(y, arm, codes, np.column_stack([x, z])).difference
        rejected.append((two_stage(y, arm, codes, x).difference.p_value <= 0.05, both.p_value < 0.05))
    permuted, beside = (told(f"{members} of {classes}, size", v) for v in np.transpose(rejected))
    assert permuted <= 0.05 + band(replicates) + 0.01
    assert beside <= 0.05 + band(replicates) + 0.01
    if classes == 6:
        assert permuted == 0


@pytest.mark.parametrize("apart", [0.0, 1.0])
@pytest.mark.parametrize("kind", ["share", "rate"])
def test_shares_and_rates_of_whole_classes(kind: str, apart: float) -> None:
    """No difference in truth: size and bias, the members' classes standing higher in the covariate or not."""
    rng, replicates, estimates, rejected = np.random.default_rng(800), 1000, [], []
    for _ in range(replicates):
        codes, arm = classes_of(12, rng), np.arange(12) < 6
        x = (0.5 * rng.standard_normal(12) + apart * arm)[codes] + 0.8 * rng.standard_normal(len(codes))
        predictor = 0.8 * x - 0.4 + 0.3 * rng.standard_normal(12)[codes]
        y = (
            rng.random(len(codes)) < 1 / (1 + np.exp(-predictor))
            if kind == "share"
            else rng.poisson(np.exp(predictor / 2))
        )
        fits = [two_stage(y, arm[codes], codes, x, kind=kind, slopes=how).difference for how in ("within", "pooled")]
        estimates.append([fit.estimate for fit in fits])
        rejected.append([fit.p_value < 0.05 for fit in fits])
    bias = [told(f"{kind}, apart {apart}: bias", v) for v in np.transpose(estimates)]
    size = [told(f"{kind}, apart {apart}: size", v) for v in np.transpose(rejected)]
    assert abs(bias[0]) <= 3 * np.std(np.array(estimates)[:, 0]) / np.sqrt(replicates) + 0.005
    assert abs(size[0] - 0.05) <= band(replicates) + 0.01
