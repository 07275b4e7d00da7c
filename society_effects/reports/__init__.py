"""Reports: sentences, tables and figures in order, made from findings only."""

from .assembling import report, summary
from .for_authors import checklist_report

__all__ = ["checklist_report", "report", "summary"]
