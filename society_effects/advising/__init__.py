"""Which design fits what is known of a study? Asked of the study itself, before anything is estimated."""

from .recommend import recommend_design
from .recommendation import Recommendation

__all__ = ["Recommendation", "recommend_design"]
