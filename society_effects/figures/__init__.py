"""The figures: each reads findings only, and works for every result that has its frames.

Adding a figure: one file with ``material`` (the rows it would draw) and ``draw``, and one line in ``FIGURES``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..errors import OutputError, hint, nearest
from ..findings.findings import Findings
from ..language.catalogue import catalogue

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .canvas import Canvas


@dataclass(frozen=True)
class FigureKind:
    """A kind of figure: its module, the frames it needs, and those it also uses when they are there."""

    module: str
    needs: tuple[str, ...]
    uses: tuple[str, ...] = ()

    @property
    def frames(self) -> tuple[str, ...]:
        """All frames that are behind the figure."""
        return (*self.needs, *self.uses)

    def lacks(self, findings: Findings) -> tuple[str, ...]:
        """Which frames are missing?"""
        return tuple(name for name in self.needs if not findings.has(name))

    def possible(self, findings: Findings) -> bool:
        """Do these findings hold anything that this figure draws?"""
        return not self.lacks(findings) and len(self._file().material(findings)) > 0

    def fits(self, findings: Findings) -> bool:
        """Do these findings fit one page in this figure?"""
        return getattr(self._file(), "fits", lambda _: True)(findings)

    def draw(self, *arguments: Any) -> Any:
        """Draw it."""
        return self._file().draw(*arguments)

    def _file(self) -> Any:
        return import_module(f".{self.module}", __name__)


FIGURES = {
    "estimation": FigureKind("estimation", needs=("estimates", "groups"), uses=("values", "density", "truth")),
    "forest": FigureKind("forest", needs=("estimates",), uses=("truth",)),
    "proportions": FigureKind("proportions", needs=("groups",), uses=("estimates",)),
    "likert": FigureKind("likert", needs=("groups",), uses=("estimates",)),
    "shares": FigureKind("shares", needs=("groups",)),
    "cluster_means": FigureKind("cluster_means", needs=("clusters",), uses=("groups", "quantities")),
    "change": FigureKind("change", needs=("groups",), uses=("values", "estimates")),
    "scatter": FigureKind("scatter", needs=("pairs", "groups"), uses=("lines", "estimates")),
    "agreement": FigureKind("agreement", needs=("pairs", "estimates", "quantities")),
    "sensitivity_path": FigureKind("sensitivity_path", needs=("sensitivity",), uses=("estimates",)),
    "event_path": FigureKind("event_path", needs=("estimates",), uses=("groups",)),
    "contour": FigureKind("contour", needs=("surface",), uses=("sensitivity", "estimates")),
    "adjusted_means": FigureKind("adjusted_dots", needs=("adjusted_means",), uses=("groups", "estimates")),
    "subgroups": FigureKind("subgroup_rows", needs=("estimates",), uses=("lines",)),
    "balance": FigureKind("love_plot", needs=("balance",)),
    "coefficients": FigureKind("coefficient_rows", needs=("coefficients",)),
    "raincloud": FigureKind("raincloud", needs=("values", "groups"), uses=("density",)),
    "profile": FigureKind("profile", needs=("estimates",), uses=("groups", "adjusted_means")),
    "flow": FigureKind("flow", needs=("ledger",)),
    "ladder": FigureKind("ladder", needs=("rungs",), uses=("truth", "groups", "estimates")),
}


def possible_figures(findings: Findings) -> tuple[str, ...]:
    """Which figures can be drawn from these findings?"""
    return tuple(name for name, kind in FIGURES.items() if kind.possible(findings))


def draw(
    findings: Findings,
    kind: str | None = None,
    *,
    ax: Axes | None = None,
    journal: str | None = None,
    lang: str | None = None,
    title: str | None = None,
    prefer: tuple[str, ...] = (),
) -> Canvas:
    """What do the findings look like? A figure of this kind, measured in mm and ready to be saved.

    Parameters
    ----------
    kind : str, optional
        One of ``FIGURES``: estimation, forest, proportions, likert, shares, cluster_means, change, scatter, agreement,
        sensitivity_path, event_path, contour, adjusted_means, subgroups, balance, coefficients, ladder, raincloud,
        profile, flow.
        None: the first of ``prefer`` that can be drawn on one page, else the first of all that can.
    ax : matplotlib Axes, optional
        Draw into this axis where one suffices (forest of one measure, proportions); its figure is returned.
    journal : {"plos", "bmc", "springer", "elsevier", "taylor_francis", "nature", "chinese"}, optional
        Preset of widths and type sizes.
    lang : {"en", "zh"}, optional
        By default the language of the findings.
    title : str, optional
        None by default, since journals put it into the caption.

    Raises
    ------
    OutputError
        For an unknown kind or journal, and for a kind that these findings do not allow; it names those they do.
    """
    lang = lang or findings.lang
    possible = possible_figures(findings)
    if kind is None:
        liked = [name for name in (*prefer, *possible) if name in possible]
        kind = next((name for name in liked if FIGURES[name].fits(findings)), next(iter(liked), None))
        if kind is None:
            raise OutputError("NO_FIGURE", lang=lang, found=tuple(findings.frames))
    elif kind not in FIGURES:
        near = nearest(kind, FIGURES)
        raise OutputError("UNKNOWN_FIGURE", lang=lang, figure=kind, near=near, known=tuple(FIGURES))
    elif kind not in possible:
        needed = FIGURES[kind].lacks(findings) or FIGURES[kind].needs
        told = {"figure": kind, "needed": needed, "possible": possible}
        raise OutputError("FIGURE_NOT_POSSIBLE", lang=lang, hint=hint(kind, lang), **told)
    return _in_style(kind, findings, lang, journal, title, ax)


def alternative_text(findings: Findings, kind: str, lang: str) -> str:
    """What does a figure of this kind show, for those who cannot see it?"""
    from .alt_text import alt_text

    return alt_text(findings, kind, FIGURES[kind].module, lang)


def _in_style(name: str, findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None) -> Any:
    """Draw in the house style; on the user's own axis only the new texts get our fonts."""
    from matplotlib.text import Text

    from .canvas import Canvas, house_style
    from .journals import journal_style
    from .lettering import families, letter
    from .wording import needs_chinese

    kind = FIGURES[name]
    with house_style(journal_style(journal)):
        figure = kind.draw(findings, lang, journal, title, ax)
        if ax is None and isinstance(figure, Canvas):
            figure.again = partial(_in_style, name, findings, lang, title=None, ax=None)
            figure.lang, figure.alt_text = lang, alternative_text(findings, name, lang)
            figure.frames = {frame: findings.frame(frame) for frame in kind.frames if findings.has(frame)}
        if ax is not None:
            chinese = needs_chinese(findings, lang, title)
            ax.set_title(title or ax.get_title())
            if findings.simulated:
                ax.set_xlabel(f"{ax.get_xlabel()}\n{catalogue(lang).get('terms.simulated')}")
            letter(ax.findobj(Text), chinese)
            ax.tick_params(which="both", labelfontfamily=list(families(chinese)))
    return figure
