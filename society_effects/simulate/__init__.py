"""Teaching data with a known truth: every study made here says that it is simulated."""

from .cohort import Station, simulate_cohort
from .panel import simulate_panel
from .survey import simulate_survey

__all__ = ["Station", "simulate_cohort", "simulate_panel", "simulate_survey"]
