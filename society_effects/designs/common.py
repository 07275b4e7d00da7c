"""What all designs share: frozen settings, the doors a study must pass, and the way from a study to a result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, ClassVar, Literal, Self

from ..errors import DesignError, nearest, speaking
from ..result import Result
from ..study.earlier import earlier_scores
from ..study.study import Study
from .circumstances import circumstances
from .draft import Draft


class Design:
    """Which comparison is made: settings and one method, ``fit(study)``.

    A design is a frozen dataclass that names itself (``key``), what it needs, the frames it makes, the figures it is
    read by and the grade it starts from, and writes its numbers in ``compare``. Everything else is done here.
    """

    key: ClassVar[str]
    needs: ClassVar[Literal["cells", "rows"]] = "cells"
    makes: ClassVar[tuple[str, ...]] = ()
    may_make: ClassVar[tuple[str, ...]] = ()
    default_figures: ClassVar[tuple[str, ...]] = ()
    start_grade: ClassVar[str] = "F"
    compares_groups: ClassVar[bool] = True
    """Does the design need a membership column?"""
    fewest_waves: ClassVar[int] = 1
    """How many waves does the design need?"""
    uses: ClassVar[frozenset[str]] = frozenset()
    """Roles of the study that the design reads beyond outcomes, group and covariates: cluster, site, offset,
    waves, joined; and the margins of the outcomes."""

    def __new__(cls, *given: Any, **settings: Any) -> Self:
        """A design with these settings; a DesignError with the nearest name for one that it has not."""
        known = tuple(own.name for own in fields(cls)) if is_dataclass(cls) else ()
        for name in settings:
            if name not in known:
                near = nearest(name, known)
                raise DesignError("UNKNOWN_SETTING", design=cls.__name__, setting=name, near=near, known=known)
        return super().__new__(cls)

    def fit(self, study: Study) -> Result:
        """What does this design find in this study?"""
        if not isinstance(study, Study):
            raise DesignError("NOT_A_STUDY_OBJECT", lang=getattr(study, "lang", None), found=type(study).__name__)
        with speaking(study.lang):
            return self.draft(study).result(self.start_grade, self.default_figures)

    def draft(self, study: Study) -> Draft:
        """Everything this design writes of this study, before it becomes a result."""
        needed_waves(self, study)
        seen = self.view(study)
        open_doors(self, seen)
        draft = Draft(self.key, seen, self.settings)
        circumstances(draft, seen, self.uses, compares=self.start_grade != "F" and seen.group is not None)
        if study.waves and not seen.waves and not earlier_scores(seen):
            draft.check("BASELINE_NOT_ADJUSTED")
        self.compare(seen, draft)
        return draft

    def view(self, study: Study) -> Study:
        """The part of the study that this design looks at: all of it, unless a design says otherwise."""
        return study

    def compare(self, study: Study, draft: Draft) -> None:
        """Write the numbers of this design into the draft."""
        raise DesignError("DESIGN_WITHOUT_COMPARISON", design=type(self).__name__)

    @property
    def settings(self) -> dict[str, Any]:
        """The settings as JSON types, with the key of the design, so that ``rebuild`` can make it again."""
        return {"design": self.key} | {f.name: _json(getattr(self, f.name)) for f in fields(self)}  # type: ignore[arg-type]


def needed_waves(design: Design, study: Study) -> None:
    """Has this study as many waves as the design compares?"""
    if 1 < design.fewest_waves > len(study.waves):
        raise DesignError("NEEDS_WAVES", design=design.key, n=max(len(study.waves), 1), needed=design.fewest_waves)


def open_doors(design: Design, study: Study) -> None:
    """Can this design be fitted to this study at all? A DesignError that says what to do, if not."""
    if study.group is None and design.compares_groups:
        raise DesignError("NO_GROUP", design=design.key)
    if design.needs == "rows" and not study.has_rows:
        raise DesignError("NEEDS_ROWS", design=design.key)
    if study.cluster is not None and "cluster" not in design.uses:
        raise DesignError("CLUSTER_NOT_SUPPORTED", design=design.key, cluster=study.cluster)
    if study.waves and "waves" not in design.uses:
        raise DesignError("SEVERAL_WAVES", design=design.key, waves=tuple(study.waves), wave=study.waves[-1])


def valid_conf_level(value: float) -> None:
    """Is this a confidence level between 0.5 and 1?"""
    if not (isinstance(value, int | float) and 0.5 <= value < 1):
        raise DesignError("BAD_CONF_LEVEL", value=repr(value))


def valid_draws(resamples: int, seed: int) -> None:
    """Are these a number of resamples and a seed?"""
    if not (isinstance(resamples, int) and resamples >= 99):
        raise DesignError("BAD_RESAMPLES", value=repr(resamples))
    if not (isinstance(seed, int) and seed >= 0):
        raise DesignError("BAD_SEED", value=repr(seed))


def settle_names(design: Design, *settings: str) -> None:
    """Are these settings column names? One name stands for a list of one, as everywhere."""
    for setting in settings:
        given = getattr(design, setting)
        names = (given,) if isinstance(given, str) else given
        if names is not None and not (isinstance(names, Iterable) and all(isinstance(name, str) for name in names)):
            raise DesignError("BAD_NAMES", setting=setting, value=repr(given))
        object.__setattr__(design, setting, None if names is None else tuple(names))


def known_primary(primary: str | None, study: Study) -> None:
    """Is the outcome declared as primary one of the study's?"""
    known_outcomes("primary", [] if primary is None else [primary], study)


def known_outcomes(setting: str, names: Iterable[str], study: Study) -> None:
    """Are the outcomes named in a setting those of the study?"""
    columns = [o.column for o in study.outcomes]
    for name in names:
        if name not in columns:
            raise DesignError("UNKNOWN_OUTCOME_NAMED", setting=setting, outcome=name, near=nearest(name, columns))


def _json(value: Any) -> Any:
    if isinstance(value, Design):
        return value.settings
    if isinstance(value, Mapping):
        return {str(k): _json(v) for k, v in value.items()}
    return [_json(v) for v in value] if isinstance(value, tuple | list) else value
