"""One question through several designs: what is left of a difference, rung by rung."""

from .triangulate import triangulate

__all__ = ["triangulate"]
