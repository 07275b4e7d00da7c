"""Checklists for authors, and the questions of reviewers: filled from findings, the rest left with advice."""

from .lists import CHECKLISTS, checklist
from .reviewing import reviewer_questions

__all__ = ["CHECKLISTS", "checklist", "reviewer_questions"]
