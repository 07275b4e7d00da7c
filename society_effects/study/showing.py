"""How does a study show itself? In a few lines, as a codebook, and by what looks wrong in it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from .facts import Facts

if TYPE_CHECKING:
    from .codebook import Codebook
    from .problems import Problems
    from .study import Study


class Showing(Facts):
    """The ways in which a study is looked at before anything is compared."""

    def summary(self: Study, lang: str | None = None) -> str:  # type: ignore[misc]
        """The study in a few lines: how many students, in which groups, which outcomes."""
        from .overview import overview

        return overview(self, lang or self.lang)

    def codebook(self: Study, lang: str | None = None) -> Codebook:  # type: ignore[misc]
        """Every variable with its role, labels, kind, values and gaps. ``.save("codebook.xlsx")`` keeps it."""
        from .codebook import codebook

        return codebook(self, lang)

    def problems(self: Study, lang: str | None = None) -> Problems:  # type: ignore[misc]
        """What looks wrong in the data? Impossible or odd values, rows, levels and columns; nothing is changed."""
        from .problems import problems

        return problems(self, lang)

    def __repr__(self) -> str:
        return self.summary()  # type: ignore[misc]

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.summary())}</pre>"  # type: ignore[misc]
