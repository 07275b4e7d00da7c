"""What was decided before the data were seen? A plan in a text file, what it runs, and what lies outside it."""

from .plan import Plan
from .reading import read_plan

__all__ = ["Plan", "read_plan"]
