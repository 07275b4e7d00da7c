"""What changed between two sets of results? Every number, grade and check, and the data, plan and versions behind."""

from .diff import diff

__all__ = ["diff"]
