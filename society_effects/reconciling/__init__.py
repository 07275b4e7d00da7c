"""Why does another program print another number? Its numbers for the same comparison, beside ours."""

from .reconcile import reconcile

__all__ = ["reconcile"]
