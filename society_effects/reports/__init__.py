"""Reports: sentences, tables and figures in order, made from findings only."""

from .assembling import report, summary

__all__ = ["report", "summary"]
