"""Which students share a class, and what follows for a comparison? Nothing is compared as if they did not."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..errors import DesignError
from ..study.study import Study

FEW_CLASSES = 4
"""Fewer whole classes than this in a group: only a permutation of the classes keeps the level."""
MANY_CLASSES = 30
"""From so many whole classes on, students are compared with a robust covariance instead of class means."""
LOW_DF = 4
"""Fewer degrees of freedom than this: P values are unreliable, the interval is read as a description."""


@dataclass(frozen=True)
class Classes:
    """The classes of a study.

    codes : class of each student, 0 to ``n - 1``. names : of the classes. per_level : classes in each group.
    whole : does every class belong to one group only?
    """

    codes: np.ndarray
    names: tuple[str, ...]
    per_level: tuple[int, ...]
    whole: bool

    @property
    def n(self) -> int:
        """Number of classes."""
        return len(self.names)

    def with_values(self, arms: np.ndarray, codes: np.ndarray) -> Classes:
        """The same classes, counted where they have a student with a value."""
        per_level = tuple(len(np.unique(codes[arms == g])) for g in range(len(self.per_level)))
        return replace(self, per_level=per_level)

    def default_method(self, g: int, r: int) -> str:
        """How are two groups compared: by a robust covariance, by class means, or by permuting classes?"""
        sizes = self.per_level[g], self.per_level[r]
        if not self.whole or sum(sizes) >= MANY_CLASSES:
            return "cr2"
        return "cluster-permutation" if min(sizes) < FEW_CLASSES else "cluster-means"


def classes_of(study: Study) -> Classes | None:
    """The classes of the study, None where none are declared; a refusal where class and group cannot be told apart."""
    if study.cluster is None:
        return None
    names, codes = np.unique(study.units["cluster"].to_numpy(object).astype(str), return_inverse=True)
    if len(names) < 2:
        raise DesignError("ONE_CLUSTER", cluster=study.cluster, name=str(names[0]))
    lies_in = np.array([[np.any(codes[study.arm(level)] == c) for level in study.levels] for c in range(len(names))])
    per_level = lies_in.sum(axis=0)
    alone = [level for level, count in zip(study.levels, per_level, strict=True) if count == 1]
    if alone:
        raise DesignError("CONFOUNDED_CLUSTER", cluster=study.cluster, group=alone[0])
    whole = bool((lies_in.sum(axis=1) <= 1).all())
    return Classes(codes, tuple(str(name) for name in names), tuple(int(k) for k in per_level), whole)
