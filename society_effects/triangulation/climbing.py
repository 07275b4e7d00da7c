"""A rung climbed: its answer on the common sample, and what each student, or class, contributes to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..designs.comparison import Evidence, influence_of_means
from ..designs.draft import Draft
from ..errors import DesignError
from ..stats import rung_differences
from ..study.study import Study
from .rungs import Rung

OF_MEANS = ("mean_difference", "adjusted_mean_difference", "difference_in_changes")
OF_SHARES = ("risk_difference", "adjusted_share_difference", "difference_in_share_changes")
ONE_SCALE = {measure: scale for scale in (OF_MEANS, OF_SHARES) for measure in scale}
"""Measures of rungs -> those that are on the same scale."""
TARGETS = ("adj_diff_members", "adj_diff_all")
"""Estimands that name the students aimed at; the others are told by their tag."""
UNADJUSTED = ("p_adjusted", "simultaneous_low", "simultaneous_high", "family", "adjustment")
"""Columns of families, which a ladder of one outcome has none of."""


@dataclass(frozen=True)
class Climbed:
    """The answer of a rung to one contrast of one outcome.

    row : of ``estimates``. answer : with what each student, or class, contributes; None where that is not known.
    draft : all that the design wrote.
    """

    rung: Rung
    row: dict[str, Any]
    answer: rung_differences.Rung | None
    draft: Draft


def written_by(rung: Rung, study: Study, last: str | None = None) -> Draft:
    """All that the design of a rung writes of a study. last : the wave that a design of one wave compares."""
    if rung.design is None:
        raise DesignError("NOTHING_TO_CLIMB", rung=rung.key)
    one_wave = study.waves and "waves" not in rung.design.uses
    return rung.design.draft(study.at(wave=last) if one_wave else study)


def climb(rung: Rung, draft: Draft, study: Study, outcome: str, group: str) -> Climbed:
    """The answer of a rung. A DesignError where the design has none, or one on another scale than differences.

    draft : what its design writes of the study, of all contrasts at once.
    """
    rows = [row for row in draft.rows("estimates") if (row["outcome"], row.get("group")) == (outcome, group)]
    row = next((row for row in rows if row["primary"] and not row.get("by")), None)
    if row is None or row["measure"] not in ONE_SCALE:
        raise DesignError("RUNG_ON_ANOTHER_SCALE", rung=rung.key, measure="" if row is None else row["measure"])
    evidence = next((e for e in draft.evidence if e.row is row), None)
    kept = {name: value for name, value in row.items() if name not in UNADJUSTED}
    influence = None if evidence is None else _influence(evidence, draft, study)
    df = row["df"] if row["df"] == row["df"] else np.inf
    answer = None if influence is None else rung_differences.Rung(float(row["estimate"]), influence, float(df))
    return Climbed(rung, kept, answer, draft)


def check_aligned(climbed: Mapping[str, Climbed]) -> None:
    """Are the rungs of one outcome on one scale, of the same students, and do they aim at the same ones?"""
    rows = {key: found.row for key, found in climbed.items()}
    targets = {key: str(row["estimand"]) for key, row in rows.items() if row["estimand"] in TARGETS}
    if len(set(targets.values())) > 1:
        raise DesignError("RUNGS_AIM_APART", rungs=tuple(targets))
    if len({ONE_SCALE[row["measure"]] for row in rows.values()}) > 1:
        key, row = next(iter(rows.items()))
        raise DesignError("RUNG_ON_ANOTHER_SCALE", rung=key, measure=row["measure"])
    sizes = {key: int(row["n"]) for key, row in rows.items()}
    if len(set(sizes.values())) > 1:
        raise DesignError("RUNGS_OF_OTHER_STUDENTS", rungs=tuple(f"{key} ({n})" for key, n in sizes.items()))


def _influence(evidence: Evidence, draft: Draft, study: Study) -> np.ndarray | None:
    """What each student of the common sample, or each class, contributes; None where the estimate has no error."""
    if not evidence.row["std_error"] > 0:
        return None
    if evidence.influence is not None and draft.study.cluster is not None:
        return evidence.influence
    own = evidence.influence
    if own is None:
        if evidence.scores is None or evidence.sides is None:
            return None
        own = influence_of_means(evidence.scores[:, None], evidence.sides[:, None].astype(np.int64))[:, 0]
    everyone = np.zeros(len(study.units))
    everyone[study.units.index.get_indexer(draft.study.units.index)] = own
    return everyone
