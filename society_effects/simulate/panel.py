"""What would a study before, after one term and after one year show if the truth were known? A simulated panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from ..errors import DesignError
from ..findings.measures import AFTER_JOINING, BEFORE_JOINING
from ..language.catalogue import LANGUAGES, catalogue
from ..study.about import About
from ..study.outcome import Outcome
from ..study.study import Study
from .cohort import SEED

WAVES = ("before", "term", "year")
NEVER = len(WAVES)
MEAN, SD, RANGE = 42.0, 7.0, (12, 60)
"""The scale of professional identity: the sum of twelve items from 1 to 5."""
SELECTION_ON = ("stable", "baseline")
LEAVING = 0.6
"""By how much the log odds of dropping out rise for each SD that the last score is lower."""
OF_CLASS_AT_WAVE = 0.5
"""Which part of the variance between classes is new at every wave; the rest stays with the class."""
LABELLED = ("class", "identity", "society", "society=yes", "society=no", "wave=before", "wave=term", "wave=year")


@dataclass(frozen=True)
class PanelRules:
    """How the students of a panel score, join and drop out: the settings of ``simulate_panel``."""

    effect: tuple[float, float] = (1.5, 3.0)
    growth: tuple[float, float] = (1.0, 1.5)
    share: tuple[float, float] = (0.25, 0.15)
    selection: float = 1.0
    selection_on: str = "stable"
    stability: float = 0.6
    dropout: float = 0.10
    icc: float = 0.04

    def __post_init__(self) -> None:
        early, late = self.share
        for setting, good, allowed in (
            ("share", early > 0 and late >= 0 and early + late < 1, "0 < first, 0 <= second, sum < 1"),
            ("selection_on", self.selection_on in SELECTION_ON, " | ".join(SELECTION_ON)),
            ("icc", 0 <= self.icc < 0.5, "0 <= icc < 0.5"),
            ("stability", self.icc <= self.stability <= 1 - self.icc, "icc <= stability <= 1 - icc"),
            ("dropout", 0 <= self.dropout < 1, "0 <= dropout < 1"),
        ):
            if not good:
                raise DesignError(
                    "SIMULATION_VALUE", setting=setting, value=str(getattr(self, setting)), allowed=allowed
                )

    def joiners(self, n: int) -> tuple[int, int]:
        """How many of n students join during the first term, and after it?"""
        return round(self.share[0] * n), round(self.share[1] * n)

    def truth(self, n: int) -> tuple[dict[str, Any], ...]:
        """What is true: the average effect on those whom each estimand aims at, in points."""
        (early, late), (one, two) = self.joiners(n), self.effect
        year = (early * two + late * one) / (early + late)
        overall = (early * (one + two) + late * one) / (2 * early + late)
        change = "difference_in_changes"
        rows = [
            (change, "diff_in_changes", AFTER_JOINING, BEFORE_JOINING, overall),
            *((change, "event_time", wave, "-1", value) for wave, value in (("-2", 0.0), ("0", one), ("1", two))),
            *((change, "cohort", wave, None, value) for wave, value in (("term", (one + two) / 2), ("year", one))),
        ]
        rows += [(change, "calendar", wave, None, value) for wave, value in (("term", one), ("year", year))]
        for measure, estimand in (("adjusted_mean_difference", "adj_diff_members"), (change, "diff_in_changes")):
            rows.append((measure, estimand, WAVES[2], WAVES[0], year))
        keys = ("outcome", "measure", "estimand", "wave", "reference_wave", "value")
        return tuple(dict(zip(keys, ("identity", *row), strict=True)) for row in rows)


@dataclass(frozen=True)
class Panel:
    """The students of a panel: arrays (students,) or (students, waves).

    scores : unrounded and complete, as if nobody had dropped out. joined : position of the first wave as a member,
    ``NEVER`` for those who do not join. there : who still takes part. class_number : the class of each student.
    """

    scores: NDArray[np.float64]
    joined: NDArray[np.int64]
    there: NDArray[np.bool_]
    class_number: NDArray[np.int64]

    def table(self) -> pd.DataFrame:
        """One row per student and wave, as a study would be kept: no score for those who dropped out."""
        n = len(self.joined)
        first = np.array([*WAVES, None], dtype=object)[self.joined]
        table: dict[str, Any] = {
            "student": np.repeat([f"S{k + 1:0{len(str(n))}d}" for k in range(n)], NEVER),
            "class": np.repeat([f"C{k + 1:02d}" for k in self.class_number], NEVER),
            "wave": np.tile(WAVES, n),
            "society": np.where(self.joined[:, None] <= np.arange(NEVER), "yes", "no").ravel(),
            "joined": np.repeat(first, NEVER),
            "identity": np.where(self.there, self.scores, np.nan).ravel(),
        }
        return pd.DataFrame(table)


def simulate_panel(
    n: int = 480,
    classes: int = 24,
    *,
    effect: tuple[float, float] = (1.5, 3.0),
    growth: tuple[float, float] = (1.0, 1.5),
    share: tuple[float, float] = (0.25, 0.15),
    selection: float = 1.0,
    selection_on: str = "stable",
    stability: float = 0.6,
    dropout: float = 0.10,
    icc: float = 0.04,
    seed: int = SEED,
) -> Study:
    """What would a study over one year show if we knew what membership adds to professional identity?

    A scale of professional identity (12 to 60 points, mean 42 and SD 7 to begin with) is filled in before, after one
    term and after one year. Some students join during the first term, others after it. Whatever decides who joins, the
    effect is the same for every member who has been one for as long.

    Parameters
    ----------
    n, classes : int
        Students, and classes of nearly equal size.
    effect : (float, float)
        What membership adds, in points, at the first wave as a member and at the one after it.
    growth : (float, float)
        By how many points everybody rises after one term and after one year, society or not.
    share : (float, float)
        Share of the students who join during the first term, and after it.
    selection : float
        How strongly joining depends on what students are selected on: log odds per SD. Below 0 the weaker ones join.
    selection_on : {"stable", "baseline"}
        A stable trait that is in all scores alike, or the last score before joining, its chance part included.
    stability : float
        Correlation of two waves without any society: the reliability of a single score.
    dropout : float
        Chance of an average student to drop out at a later wave; the lower the last score, the likelier.
    icc : float
        Share of the variance between classes.
    seed : int
        Same seed, same students.

    Returns
    -------
    Study
        One row per student and wave; ``society`` is the membership at that wave, ``joined`` the first wave as a member.
        ``study.source["truth"]`` holds what membership added on average, for every estimand. Scores are neither rounded
        nor cut off at the ends of the scale, so that the truth is exact.

    Examples
    --------
    >>> study = simulate_panel(n=120, classes=8)
    >>> study.waves, study.source["simulated"], len(study)
    (('before', 'term', 'year'), True, 120)
    """
    if not (isinstance(n, int) and isinstance(classes, int) and 1 <= classes <= n / 4):
        raise DesignError("SIMULATION_VALUE", setting="classes", value=str(classes), allowed="1 <= classes <= n / 4")
    rules = PanelRules(effect, growth, share, selection, selection_on, stability, dropout, icc)
    study = Study(
        draw_panel(n, classes, rules, np.random.default_rng(seed)).table(),
        outcomes=[Outcome("identity", kind="continuous", unit={"en": "points", "zh": "分"})],
        group="society",
        unit="student",
        wave="wave",
        waves=WAVES,
        joined="joined",
        cluster="class",
        labels={name: {lang: catalogue(lang).get(f"simulate.panel.{name}") for lang in LANGUAGES} for name in LABELLED},
        about=About(assignment="self-selected"),
    )
    source = {"simulated": True, "seed": seed, "name": "simulate_panel", "truth": rules.truth(n)}
    return study.with_source(source)


def draw_panel(n: int, classes: int, rules: PanelRules, rng: np.random.Generator) -> Panel:
    """Who joins when, what do they score, and who drops out?"""
    class_number = np.arange(n) * classes // n
    stays, passes = rules.icc * (1 - OF_CLASS_AT_WAVE), rules.icc * OF_CLASS_AT_WAVE
    trait, own = rng.standard_normal(n), rng.standard_normal((n, NEVER))
    z = np.sqrt(rules.stability - stays) * trait[:, None] + np.sqrt(1 - rules.stability - passes) * own
    z += np.sqrt(stays) * rng.standard_normal((classes, 1))[class_number]
    z += np.sqrt(passes) * rng.standard_normal((classes, NEVER))[class_number]
    pull = np.repeat(trait[:, None], NEVER, axis=1) if rules.selection_on == "stable" else z
    joined = _joining(rules.joiners(n), rules.selection * pull, rng)
    scores = MEAN + SD * z + np.array((0.0, *rules.growth))
    waves_since = np.arange(NEVER) - joined[:, None]
    for place, points in enumerate(rules.effect):
        scores[waves_since == place] += points
    return Panel(scores, joined, _staying(scores, rules.dropout, rng), class_number)


def _joining(counts: tuple[int, int], pull: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """When does each student join? At every step the most inclined of those who have not; pull : before each step."""
    joined = np.full(len(pull), NEVER)
    for step, count in enumerate(counts):
        inclined = np.where(joined == NEVER, pull[:, step] + rng.logistic(size=len(pull)), -np.inf)
        joined[np.argsort(-inclined)[:count]] = step + 1
    return joined


def _staying(scores: NDArray[np.float64], dropout: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Who takes part at each wave? Who has dropped out does not come back."""
    there = np.ones(scores.shape, dtype=bool)
    chance = rng.random(scores.shape)
    for wave in range(1, NEVER):
        low = (MEAN - scores[:, wave - 1]) / SD
        leaves = special.expit(special.logit(dropout) + LEAVING * low)
        there[:, wave] = there[:, wave - 1] & (chance[:, wave] >= leaves)
    return there
