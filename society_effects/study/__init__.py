"""What is known: data and the roles of their columns, checked once."""

from .about import About
from .outcome import Outcome
from .study import Study

__all__ = ["About", "Outcome", "Study"]
