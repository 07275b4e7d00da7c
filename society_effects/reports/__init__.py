"""Reports: sentences, tables and figures in order, made from findings only."""

from .assembling import report, summary
from .checklist import strobe

__all__ = ["report", "strobe", "summary"]
