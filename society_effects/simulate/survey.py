"""A simulated survey of a society: answers on a scale, a pass mark, papers and plans, in four groups and in classes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..errors import DesignError
from ..language.catalogue import LANGUAGES, catalogue
from ..study.about import About
from ..study.outcome import Outcome
from ..study.study import Study
from .cohort import SEED

LEVELS = ("never", "former", "member", "officer")
JOINING = (0.42, 0.18, 0.28, 0.12)
"""Shares of the four groups, in their order."""
SHIFTS = (0.0, 0.1, 0.3, 0.5)
"""By how many SD of ability the groups differ, for whatever reason: who joins, and what joining does."""
ANSWERS = ("1", "2", "3", "4", "5")
CUTS = (-1.6, -0.6, 0.3, 1.3)
ITEMS = {"confidence": 0.8, "teamwork": 0.5, "workload": -0.1}
"""How strongly each item hangs together with ability."""
CAREERS = ("internal medicine", "surgery", "general practice", "undecided")


def simulate_survey(
    n: int = 420, classes: int = 14, *, by_class: bool = False, icc: float = 0.08, seed: int = SEED
) -> Study:
    """What does a survey of a society look like: answers on a five-point scale, pass marks, papers and plans?

    Parameters
    ----------
    n, classes : int
        Students, and classes of nearly equal size.
    by_class : bool
        Whole classes belong to one group, instead of students who choose.
    icc : float
        Share of the variance of ability between classes.
    seed : int
        Same seed, same survey.

    Returns
    -------
    Study
        Four ordered groups (never, former, member, officer) on three ordinal items, an examination score, a pass mark,
        the number of papers with the years at university as exposure, and an intended career. Simulated, and
        ``study.source`` says so. The groups differ by fixed amounts of ability; nothing says why.

    Examples
    --------
    >>> study = simulate_survey(n=200)
    >>> study.levels, study.outcome("confidence").kind, study.source["simulated"]
    (('never', 'former', 'member', 'officer'), 'ordinal', True)
    """
    if not (isinstance(n, int) and isinstance(classes, int) and 4 <= classes <= n / 4):
        raise DesignError("SIMULATION_VALUE", setting="classes", value=str(classes), allowed="4 <= classes <= n / 4")
    rng = np.random.default_rng(seed)
    place = np.arange(n) % classes
    chosen = rng.choice(len(LEVELS), n, p=JOINING)
    group = (np.arange(classes) % len(LEVELS))[place] if by_class else chosen
    of_class = rng.normal(0, np.sqrt(icc), classes)[place]
    ability = np.array(SHIFTS)[group] + of_class + rng.normal(0, np.sqrt(1 - icc), n)
    years = rng.integers(1, 6, n)
    table = pd.DataFrame(
        {
            "student": [f"S{k + 1:0{len(str(n))}d}" for k in range(n)],
            "class": [f"C{k + 1:02d}" for k in place],
            "society": np.array(LEVELS)[group],
            "score": np.round(72 + 8 * ability, 1),
            "passed": (ability + rng.normal(0, 0.8, n) > -0.6).astype(int),
            **{item: _answers(loading * ability, rng) for item, loading in ITEMS.items()},
            "papers": rng.poisson(0.22 * years * np.exp(0.5 * ability) * rng.gamma(2.0, 0.5, n)),
            "years": years.astype(float),
            "career": _careers(group, rng),
        }
    )
    study = Study(
        table,
        outcomes=[
            Outcome("score", kind="continuous", unit={"en": "points", "zh": "分"}),
            Outcome("passed", kind="binary"),
            *(Outcome(item, kind="ordinal", categories=ANSWERS) for item in ITEMS),
            Outcome("papers", kind="count", exposure="years"),
            Outcome("career", kind="nominal", categories=CAREERS),
        ],
        group="society",
        member="member",
        reference="never",
        levels=LEVELS,
        unit="student",
        cluster="class",
        labels=_labels(),
        about=About(assignment="by class" if by_class else "self-selected"),
    )
    return study.with_source({"simulated": True, "seed": seed, "name": "simulate_survey"})


def _answers(opinion: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.array(ANSWERS)[np.digitize(opinion + rng.logistic(0, 0.6, len(opinion)), CUTS)]


def _careers(group: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Later groups plan for surgery somewhat more often."""
    chances = np.array([[0.30, 0.20 + 0.07 * g, 0.25, 0.25 - 0.07 * g] for g in range(len(LEVELS))])
    picked = (rng.random(len(group))[:, None] > chances.cumsum(axis=1)[group]).sum(axis=1)
    return np.array(CAREERS)[np.minimum(picked, len(CAREERS) - 1)]


def _labels() -> dict[str, dict[str, str]]:
    """Display names in every language, by column and by level."""
    names = ["society", "score", "passed", *ITEMS, "papers", "years", "career"]
    names += [f"society={level}" for level in LEVELS]
    names += [f"{item}={answer}" for item in ITEMS for answer in ANSWERS]
    names += [f"career={career}" for career in CAREERS]
    return {name: {lang: catalogue(lang).get(f"simulate.survey.{_key(name)}") for lang in LANGUAGES} for name in names}


def _key(name: str) -> str:
    column, _, level = name.partition("=")
    if column in ITEMS and level:
        return f"answer_{level}"
    return level.replace(" ", "_") if level else column
