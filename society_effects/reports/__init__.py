"""Reports: sentences, tables and figures in order, made from findings only."""

from .assembling import report, summary
from .for_authors import checklist_report
from .two_languages import side_by_side

__all__ = ["checklist_report", "report", "side_by_side", "summary"]
