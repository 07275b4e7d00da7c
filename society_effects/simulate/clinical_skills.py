"""Which cohort stands in for the 667 students whose study prints no numbers? The sample ``clinical_skills_667``.

Run ``python -m society_effects.simulate.clinical_skills data_samples/clinical_skills_667.csv`` to write it again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .cohort import SEED, Station, draw_scores, draw_students, observed
from .selection import Selection

N, CLASSES, SHARE, RELIABILITY, ICC = 667, 20, 0.25, 0.80, 0.05
SELECTION = "strong"
STATIONS = (
    Station("physical_examination", 0.15, 0.05, ability=0.30, motivation=0.20, mean=77.0, sd=8.0),
    Station("basic_operations", 0.20, 0.05, ability=0.25, motivation=0.25, mean=75.0, sd=9.0),
    Station("history_taking", 0.0, 0.0, ability=0.0, motivation=0.0, mean=79.0, sd=8.0),
)
WEIGHTS = (0.40, 0.40, 0.20)  # of the stations in the total of the whole examination
ABSENT, STATION_MISSING, UNRETURNED = 9, 4, 21


def clinical_skills_table(seed: int = SEED) -> pd.DataFrame:
    """Which students, scores and gaps make up the cohort? One row per student, rounded as an office would print it."""
    rng = np.random.default_rng(seed)
    students = draw_students(N, CLASSES, Selection.of(SELECTION, SHARE), rng)
    prior = 74 + 8 * observed(students.ability, RELIABILITY, rng)
    motivation = np.rint(35 + 6 * observed(students.motivation, RELIABILITY, rng)).clip(10, 50)
    scores = draw_scores(students, STATIONS, ICC, rng).clip(0, 100).round(1)
    female = rng.random(N) < 0.56
    absent, unreturned = rng.permutation(N)[:ABSENT], rng.permutation(N)[:UNRETURNED]
    scores[absent] = np.nan
    for station in range(len(STATIONS)):
        scores[rng.permutation(N)[:STATION_MISSING], station] = np.nan
    motivation[unreturned] = np.nan
    table: dict[str, Any] = {
        "student": [f"S{k + 1:03d}" for k in range(N)],
        "class": [f"C{k + 1:02d}" for k in students.class_number],
        "year": 3 + (students.class_number >= CLASSES // 2),
        "sex": np.where(female, "female", "male"),
        "society": np.where(students.member, "yes", "no"),
        "prior_score": prior.clip(0, 100).round(1),
        "motivation": pd.array(motivation).astype("Int64"),
    }
    table |= {station.name: scores[:, k] for k, station in enumerate(STATIONS)}
    table["total"] = (scores @ np.array(WEIGHTS)).round(1)
    return pd.DataFrame(table)


def clinical_skills_truth() -> list[dict[str, Any]]:
    """What is true of the cohort's population, in points (before rounding)?"""
    rule = Selection.of(SELECTION, SHARE)
    rows = [row for station in STATIONS for row in station.truth(rule)]
    for estimand in ("ate", "att", "diff"):
        parts = [row["value"] for row in rows if row["estimand"] == estimand]
        value = float(np.dot(parts, WEIGHTS))
        rows.append({"outcome": "total", "measure": "mean_difference", "estimand": estimand, "value": value})
    return rows


def clinical_skills_csv(seed: int = SEED) -> bytes:
    """Which bytes are the file of the sample?"""
    return clinical_skills_table(seed).to_csv(index=False, lineterminator="\n").encode("utf-8")


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(clinical_skills_csv())
