"""How fast is a report of twelve outcomes, and a figure saved for a journal?

A report has no rival to be timed against; its seconds are those of one machine, and the goal is a bound. The figure is
one panel of students, means and intervals, against seaborn's, which has fewer parts and no difference beside it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import society_effects as se

OUTCOMES = [f"s{i}" for i in range(12)]


def cohort(n: int = 667) -> pd.DataFrame:
    """Students with the scores of twelve stations and two covariates."""
    rng = np.random.default_rng(1)
    member, ability = rng.random(n) < 0.25, rng.normal(0, 5, n)
    scores = {name: 75 + 2 * member + ability + rng.normal(0, 7, n) for name in OUTCOMES}
    about = {"age": rng.integers(18, 24, n), "prior": 70 + ability + rng.normal(0, 6, n)}
    return pd.DataFrame({"society": np.where(member, "yes", "no"), **scores, **about})


COHORT = cohort()
MANY = se.MemberComparison(adjustment="holm").fit(
    se.Study(COHORT, outcomes=OUTCOMES, group="society", covariates=["age", "prior"])
)
ONE = se.MemberComparison().fit(se.Study(COHORT, outcomes="s0", group="society"))


def report(folder: Path) -> None:
    """The report, as a page and as a Word document."""
    made = MANY.report()
    for suffix in (".html", ".docx"):
        made.save(folder / f"report{suffix}")


def figure(folder: Path) -> None:
    """Students, means and their difference, saved for a journal."""
    ONE.plot("estimation").save(folder / "ours", formats=("png", "pdf"))


def seaborn_figure(folder: Path) -> None:
    """Students and means with intervals, saved in the same size and resolution."""
    import seaborn as sns
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(3.35, 3.0), layout="constrained")
    axis = drawn.subplots()
    sns.swarmplot(COHORT, x="society", y="s0", ax=axis, size=2)
    sns.pointplot(COHORT, x="society", y="s0", ax=axis, linestyle="none", color="black", seed=1)
    for suffix in (".png", ".pdf"):
        drawn.savefig(folder / f"theirs{suffix}", dpi=300)


def rows(interleaved: Callable[..., dict[str, float]]) -> list[tuple[str, str, str]]:
    """Lines of the page: what was measured, how much, and the goal."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds = interleaved({"report": lambda: report(folder)}, repeats=3)
        seconds |= interleaved(
            {"ours": lambda: figure(folder), "seaborn": lambda: seaborn_figure(folder)},
            repeats=5,
        )
    return [
        ("report of 12 outcomes, 667 rows, as HTML and as Word", f"{seconds['report']:.1f} s", "≤ 5 s"),
        (
            "figure of one outcome to PNG and PDF: seaborn swarm and means / ours with the difference",
            f"{seconds['seaborn'] / seconds['ours']:.1f}",
            "≥ 1",
        ),
    ]
