"""Do the answers of the public design of regression adjustment hold their level at the sizes of real studies?

Bands are three standard errors of the simulation around the level, and a point more where degrees of freedom are
approximate. The numbers are printed with their errors (``pytest -s``).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import society_effects as se
from society_effects.stats.adjusted_difference import adjusted_difference

pytestmark = pytest.mark.slow
N, CLASSES = 667, 24


def band(replicates: int) -> float:
    return 3 * float(np.sqrt(0.05 * 0.95 / replicates))


def told(name: str, values: object) -> float:
    """The mean over the studies, printed with its error."""
    seen = np.asarray(values, dtype=float)
    print(f"{name}: {seen.mean():.3f} (simulation error {seen.std(ddof=1) / np.sqrt(len(seen)):.3f})")
    return float(seen.mean())


def expit(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def joined(level: np.ndarray, codes: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Students who join by two covariates and, in good classes, more often."""
    x, z = rng.standard_normal((2, len(codes)))
    member = rng.random(len(codes)) < expit(-1.2 + 0.6 * x + 0.3 * z + 0.6 * level)
    return pd.DataFrame({"member": np.where(member, "yes", "no"), "x": x, "z": z, "class": codes})


def study(table: pd.DataFrame, outcomes: list[object], **roles: object) -> se.Study:
    given = {"group": "member", "covariates": ["x", "z"], "outcomes": outcomes}
    return se.Study(table.rename(columns={"member": "society"}), **(given | {"group": "society"} | roles))


def primary(design: se.RegressionAdjustment, of: se.Study) -> pd.DataFrame:
    rows = design.draft(of).rows("estimates")
    return pd.DataFrame([row for row in rows if row["primary"]]).set_index("outcome")


def test_the_score_and_the_share_of_members_among_their_classmates() -> None:
    """Effects rise with a covariate; the truth is their mean among those who joined, in every class."""
    replicates, rng = 500, np.random.default_rng(11)
    design, seen = se.RegressionAdjustment(resamples=99), []
    for _ in range(replicates):
        codes = rng.integers(0, CLASSES, N)
        level = rng.standard_normal(CLASSES)[codes]
        table = joined(level, codes, rng)
        member, x = table["member"].to_numpy() == "yes", table["x"].to_numpy()
        table["score"] = 0.6 * x + 0.4 * table["z"] + level + member * (0.3 + 0.2 * x) + rng.standard_normal(N)
        chance = 0.5 + 0.05 * x.clip(-2, 2) + 0.06 * level.clip(-2, 2) + member * (0.10 + 0.03 * x.clip(-2, 2))
        table["passed"] = (rng.random(N) < chance).astype(int)
        rows = primary(design, study(table, ["score", "passed"], cluster="class"))
        seen.append([rows.loc[name, ["estimate", "conf_low", "conf_high"]] for name in ("score", "passed")])
    found, truth = np.array(seen, dtype=float), []
    x, level = rng.standard_normal((2, 2_000_000))
    weight = expit(-1.2 + 0.6 * x + 0.3 * rng.standard_normal(len(x)) + 0.6 * level)
    truth = [np.average(0.3 + 0.2 * x, weights=weight), np.average(0.10 + 0.03 * x.clip(-2, 2), weights=weight)]
    for k, name in enumerate(("score", "passed")):
        bias = told(f"bias of the {name}", found[:, k, 0] - truth[k])
        assert abs(bias) < 3 * found[:, k, 0].std() / np.sqrt(replicates) + 0.003
        covered = told(f"coverage of the {name}", (found[:, k, 1] <= truth[k]) & (truth[k] <= found[:, k, 2]))
        assert covered == pytest.approx(0.95, abs=band(replicates) + 0.01)


def test_standardised_shares_cover() -> None:
    """A logistic truth with an interaction: the difference among members, and among all."""
    replicates, rng = 500, np.random.default_rng(12)
    everybody = joined(np.zeros(2_000_000), np.zeros(2_000_000, dtype=int), rng)
    slopes = {"no": (0.2, 0.7), "yes": (0.7, 0.4)}

    def chance(table: pd.DataFrame, arm: str) -> np.ndarray:
        return expit(slopes[arm][0] + slopes[arm][1] * table["x"] + 0.4 * table["z"]).to_numpy()

    gain = chance(everybody, "yes") - chance(everybody, "no")
    truth = {"att": gain[everybody["member"] == "yes"].mean(), "ate": gain.mean()}
    seen: dict[str, list[bool]] = {"att": [], "ate": []}
    for _ in range(replicates):
        table = joined(np.zeros(N), np.zeros(N, dtype=int), rng)
        own = np.where(table["member"] == "yes", chance(table, "yes"), chance(table, "no"))
        table["passed"] = (rng.random(N) < own).astype(int)
        of = study(table, ["passed"])
        for estimand, covered in seen.items():
            row = primary(se.RegressionAdjustment(estimand=estimand, resamples=99), of).loc["passed"]
            covered.append(row["conf_low"] <= truth[estimand] <= row["conf_high"])
    for estimand, covered in seen.items():
        assert told(f"coverage, {estimand}", covered) == pytest.approx(0.95, abs=band(replicates) + 0.005)


@pytest.mark.parametrize("sizes", [(40, 120), (150, 480)])
def test_slopes_that_are_alike_are_seldom_said_to_differ(sizes: tuple[int, int]) -> None:
    """F of four slopes with HC3; members vary twice as much, and the covariates are skewed."""
    replicates, rng, rejected = 4000, np.random.default_rng(13), []
    member = np.repeat([True, False], sizes)
    for _ in range(replicates):
        x = np.column_stack([rng.exponential(size=(len(member), 2)), rng.standard_normal((len(member), 2))])
        y = x @ [0.5, 0.3, 0.4, 0.2] + np.where(member, 2.0, 1.0) * rng.standard_normal(len(member))
        rejected.append(adjusted_difference(y, member, x).slopes_differ().p_value < 0.05)
    level = told(f"slopes differ, {sizes}", rejected)
    assert level < 0.05 + band(replicates) + 0.02


def test_the_family_of_three_correlated_outcomes() -> None:
    """Adjusted outcomes share their students: some P below .05 in one of twenty studies without a difference."""
    replicates, rng, smallest = 1000, np.random.default_rng(14), []
    design = se.RegressionAdjustment(resamples=299)
    for _ in range(replicates):
        table = joined(np.zeros(200), np.zeros(200, dtype=int), rng)
        common = rng.standard_normal(200)
        for name in ("a", "b", "c"):
            table[name] = 0.5 * table["x"] + 0.8 * common + 0.6 * rng.standard_normal(200)
        rows = primary(design, study(table, ["a", "b", "c"]))
        smallest.append([rows["p_adjusted"].min(), rows["p_value"].min()])
    values = np.array(smallest)
    assert told("some adjusted P below .05", values[:, 0] < 0.05) == pytest.approx(0.05, abs=band(replicates) + 0.005)
    assert told("some unadjusted P below .05", values[:, 1] < 0.05) > 0.07
