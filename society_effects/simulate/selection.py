"""Who joins? Self-selection on ability and motivation, with the averages of members known exactly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ..errors import DesignError

STRENGTHS: dict[str, tuple[float, float]] = {
    "none": (0.0, 0.0),
    "mild": (0.4, 0.25),
    "strong": (0.8, 0.5),
    "extreme": (1.6, 1.0),
}
ABILITY_MOTIVATION = 0.3  # correlation of ability and motivation


@dataclass(frozen=True)
class Selection:
    """How does joining depend on motivation and ability (log odds per SD), so that a given share joins?"""

    motivation: float
    ability: float
    share: float

    @classmethod
    def of(cls, strength: str | tuple[float, float], share: float) -> Selection:
        """Selection of a named strength, or with two log odds (motivation, ability)."""
        if isinstance(strength, str):
            if strength not in STRENGTHS:
                raise DesignError(
                    "SIMULATION_VALUE", setting="selection", value=strength, allowed=" | ".join(STRENGTHS)
                )
            strength = STRENGTHS[strength]
        if not 0 < share < 1:
            raise DesignError("SIMULATION_VALUE", setting="share", value=str(share), allowed="0 < share < 1")
        return cls(*strength, share)

    @cached_property
    def intercept(self) -> float:
        """The log odds of joining of an average student, by bisection."""
        low, high = -50.0, 50.0
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if self._mean_of(np.ones_like, middle) < self.share else (low, middle)
        return (low + high) / 2

    def joins(self, ability: NDArray, motivation: NDArray, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Who joins?"""
        chance = special.expit(self.intercept + self.motivation * motivation + self.ability * ability)
        return rng.random(len(ability)) < chance

    @cached_property
    def members(self) -> tuple[float, float]:
        """Average ability and motivation of members in the population (both have mean 0)."""
        if not self._spread:
            return 0.0, 0.0
        pull = self._mean_of(lambda x: x, self.intercept) / self.share / self._spread
        ability = (self.ability + ABILITY_MOTIVATION * self.motivation) / self._spread
        motivation = (self.motivation + ABILITY_MOTIVATION * self.ability) / self._spread
        return ability * pull * self._spread, motivation * pull * self._spread

    @property
    def gap(self) -> tuple[float, float]:
        """By how much do members and non-members differ in average ability and motivation?"""
        ability, motivation = self.members
        return ability / (1 - self.share), motivation / (1 - self.share)

    @property
    def _spread(self) -> float:
        """Standard deviation of the log odds of joining."""
        variance = self.motivation**2 + self.ability**2 + 2 * ABILITY_MOTIVATION * self.motivation * self.ability
        return float(np.sqrt(variance))

    def _mean_of(self, function: object, intercept: float) -> float:
        """Average over students of function(z) times the chance to join, z being the standardised log odds."""
        nodes, weights = _normal_nodes()
        chance = special.expit(intercept + self._spread * nodes)
        return float(np.sum(weights * function(nodes) * chance) / np.sqrt(2 * np.pi))  # type: ignore[operator]


@cache
def _normal_nodes() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where and with which weights to average over a normal variable (Gauss and Hermite)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    return nodes, weights
