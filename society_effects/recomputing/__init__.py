"""What do published numbers say when they are computed again? Two groups, and the same students before and after."""

from __future__ import annotations

from .published_groups import recompute, recomputed_lines, recomputed_table
from .published_waves import recompute_changes, recomputed_changes_table

__all__ = ["recompute", "recompute_changes", "recomputed_changes_table", "recomputed_lines", "recomputed_table"]
