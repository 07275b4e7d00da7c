"""What would the comparison show if the truth were known? A simulated cohort of students who chose to join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import DesignError
from ..language.catalogue import LANGUAGES, catalogue
from ..study import About, Outcome, Study
from .selection import ABILITY_MOTIVATION, Selection

SEED = 20260206
LABELLED = ("society", "society=yes", "society=no", "score", "prior_score", "motivation")
RESIDUAL_CORRELATION = 0.5  # between the stations of one student


@dataclass(frozen=True)
class Station:
    """One examination station, in standard deviations of its scores, with the scale of its points.

    Parameters
    ----------
    name : str
        Column name.
    effect : float
        What membership adds to the score of an average student.
    effect_per_motivation : float
        What membership adds for each SD of motivation.
    ability, motivation : float
        What ability and motivation add without any society.
    mean, sd : float
        Mean and SD of the points of students who did not join.
    """

    name: str
    effect: float = 0.20
    effect_per_motivation: float = 0.10
    ability: float = 0.50
    motivation: float = 0.36
    mean: float = 70.0
    sd: float = 10.0

    def noise(self, icc: float) -> float:
        """The SD of what is left to chance, so that scores without a society have an SD of 1."""
        explained = self.ability**2 + self.motivation**2 + 2 * ABILITY_MOTIVATION * self.ability * self.motivation
        if explained + icc >= 1:
            value = f"{explained + icc:.2f}"
            raise DesignError("SIMULATION_VALUE", setting="ability, motivation, icc", value=value, allowed="< 1")
        return float(np.sqrt(1 - explained - icc))

    def truth(self, selection: Selection) -> list[dict[str, Any]]:
        """What is true in the population, in points: the average effects, and the difference one would see."""
        _, motivation = selection.members
        gap_ability, gap_motivation = selection.gap
        att = self.effect + self.effect_per_motivation * motivation
        seen = att + self.ability * gap_ability + self.motivation * gap_motivation
        true = {"ate": self.effect, "att": att, "diff": seen}
        base = {"outcome": self.name, "measure": "mean_difference"}
        return [base | {"estimand": key, "value": self.sd * value} for key, value in true.items()]


@dataclass(frozen=True)
class Students:
    """What is behind the scores: ability and motivation, who joined, who is in which class."""

    ability: NDArray[np.float64]
    motivation: NDArray[np.float64]
    member: NDArray[np.bool_]
    class_number: NDArray[np.int64]


def simulate_cohort(
    n: int = 667,
    classes: int = 20,
    *,
    tau: float = 0.20,
    het: float = 0.10,
    share: float = 0.25,
    selection: str | tuple[float, float] = "strong",
    reliability: float = 0.80,
    icc: float = 0.05,
    stations: tuple[Station, ...] | None = None,
    seed: int = SEED,
) -> Study:
    """What would the comparison show if we knew that joining adds ``tau`` SD, and more for the motivated?

    Parameters
    ----------
    n, classes : int
        Students, and classes of nearly equal size.
    tau, het : float
        Average effect, and additional effect per SD of motivation, in SD of the score. Ignored with ``stations``.
    share : float
        Share of students who join.
    selection : {"none", "mild", "strong", "extreme"} or (motivation, ability)
        How strongly motivation and ability decide who joins, in log odds per SD.
    reliability : float
        Reliability of the prior score and of the motivation questionnaire: below 1 adjustment stays incomplete.
    icc : float
        Share of the variance between classes.
    stations : sequence of Station, optional
        Several stations with their own effects; by default one, ``score``.
    seed : int
        Same seed, same cohort.

    Returns
    -------
    Study
        ``study.source`` says that it is simulated, from which seed, and what is true.

    Examples
    --------
    >>> study = simulate_cohort(n=200, classes=8)
    >>> study.source["simulated"], len(study), study.covariate_names
    (True, 200, ('prior_score', 'motivation'))
    """
    _check_sizes(n, classes, reliability, icc)
    rng = np.random.default_rng(seed)
    chosen = stations or (Station("score", effect=tau, effect_per_motivation=het),)
    rule = Selection.of(selection, share)
    students = draw_students(n, classes, rule, rng)
    table = pd.DataFrame(
        {
            "student": [f"S{k + 1:0{len(str(n))}d}" for k in range(n)],
            "class": [f"C{k + 1:02d}" for k in students.class_number],
            "society": np.where(students.member, "yes", "no"),
            "prior_score": 70 + 10 * observed(students.ability, reliability, rng),
            "motivation": 70 + 10 * observed(students.motivation, reliability, rng),
        }
    )
    scores = draw_scores(students, chosen, icc, rng)
    study = Study(
        table.assign(**{s.name: scores[:, k] for k, s in enumerate(chosen)}),
        outcomes=[Outcome(s.name, kind="continuous") for s in chosen],
        group="society",
        unit="student",
        covariates={"prior_achievement": ["prior_score"], "motivation": ["motivation"]},
        labels={name: {lang: catalogue(lang).get(f"simulate.{name}") for lang in LANGUAGES} for name in LABELLED},
        about=About(assignment="self-selected", covariates_before_joining="all"),
    )
    truth = tuple(row for station in chosen for row in station.truth(rule))
    return study.with_source({"simulated": True, "seed": seed, "name": "simulate_cohort", "truth": truth})


def draw_students(n: int, classes: int, rule: Selection, rng: np.random.Generator) -> Students:
    """Who are the students, and who joins?"""
    ability = rng.standard_normal(n)
    own = rng.standard_normal(n)
    motivation = ABILITY_MOTIVATION * ability + np.sqrt(1 - ABILITY_MOTIVATION**2) * own
    member = rule.joins(ability, motivation, rng)
    return Students(ability, motivation, member, np.arange(n) * classes // n)


def draw_scores(
    students: Students, stations: tuple[Station, ...], icc: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Which points does each student reach at each station? One column per station, unrounded."""
    n, classes = len(students.member), int(students.class_number.max()) + 1
    shared = rng.standard_normal(n)
    columns = []
    for station in stations:
        of_class = np.sqrt(icc) * rng.standard_normal(classes)[students.class_number]
        own = rng.standard_normal(n)
        chance = np.sqrt(RESIDUAL_CORRELATION) * shared + np.sqrt(1 - RESIDUAL_CORRELATION) * own
        without = station.ability * students.ability + station.motivation * students.motivation + of_class
        without += station.noise(icc) * chance
        gain = station.effect + station.effect_per_motivation * students.motivation
        columns.append(station.mean + station.sd * (without + students.member * gain))
    return np.column_stack(columns)


def observed(trait: NDArray[np.float64], reliability: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """What does an instrument of this reliability show of the trait?"""
    return np.sqrt(reliability) * trait + np.sqrt(1 - reliability) * rng.standard_normal(len(trait))


def _check_sizes(n: int, classes: int, reliability: float, icc: float) -> None:
    for setting, value, good, allowed in (
        ("n", n, n >= 4, ">= 4"),
        ("classes", classes, 1 <= classes <= n, "1 <= classes <= n"),
        ("reliability", reliability, 0 < reliability <= 1, "0 < reliability <= 1"),
        ("icc", icc, 0 <= icc < 1, "0 <= icc < 1"),
    ):
        if not good:
            raise DesignError("SIMULATION_VALUE", setting=setting, value=str(value), allowed=allowed)
