"""How far would the answer hold if something were not as the design assumes? What has to be computed again."""

from .sensitivity import sensitivity

__all__ = ["sensitivity"]
