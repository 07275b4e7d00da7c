"""Teaching data with a known truth: every study made here says that it is simulated."""

from .cohort import Station, simulate_cohort

__all__ = ["Station", "simulate_cohort"]
