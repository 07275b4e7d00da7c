"""Which analyses does a plan list? Designs, the ladder of designs, and sensitivity analyses of either by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, get_type_hints

from ..designs import DESIGNS, Design, rebuild
from ..errors import PlanError, nearest
from ..probing.asking import ANALYSES
from ..probing.questions import PROBED
from ..probing.sensitivity import sensitivity
from ..result import Result
from ..study.study import Study
from ..triangulation.triangulate import triangulate
from . import wanted
from .yaml_text import Entry

TRIANGULATION, SENSITIVITY = "triangulation", "sensitivity"
SHARED = ("primary", "conf_level", "seed")
"""Settings that a plan states once for all designs that have them."""
OF_A_STUDY = ("study", "designs", "return")
FILE_NAME = re.compile(r"[^\W_][\w.\- ]{0,60}(?<![. ])")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)
OF_A_RUN = ("index.html", "run.json", "plan.yaml")


@dataclass(frozen=True)
class Analysis:
    """One analysis of a plan.

    kind : key of a design, ``triangulation`` or ``sensitivity``. settings : as a design states them.
    of : the name of the analysis that a sensitivity analysis belongs to. line : of the plan.
    """

    name: str
    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    of: str | None = None
    line: int = 0

    @property
    def design(self) -> Design | None:
        """The design; None for a ladder and a sensitivity analysis."""
        return rebuild({"design": self.kind, **self.settings}) if self.kind in DESIGNS else None

    def fit(self, study: Study, of: Callable[[str], Result]) -> Result:
        """What comes out? ``of`` gives the result of another analysis by its name."""
        if self.kind == TRIANGULATION:
            return triangulate(study, **self.settings)
        if self.of is not None:
            return sensitivity(of(self.of), study, **self.settings)
        return rebuild({"design": self.kind, **self.settings}).fit(study)


def analyses_of(entry: Entry, shared: Mapping[str, Any]) -> tuple[Analysis, ...]:
    """The analyses that a plan lists, checked as far as they can be without data.

    shared : what the plan states for all of them.
    """
    if not isinstance(entry.value, list) or not entry.value:
        raise wanted.wrong(entry, "analyses", "analyses")
    listed = [_analysis(item, shared) for item in entry.value]
    names: dict[str, Analysis] = {}
    for analysis in listed:
        same = names.setdefault(analysis.name.casefold(), analysis)
        if same is not analysis:
            raise PlanError("PLAN_NAME_TWICE", line=analysis.line, name=analysis.name, first=same.line)
    for analysis in listed:
        _belongs(analysis, listed)
    return tuple(listed)


def _analysis(entry: Entry, shared: Mapping[str, Any]) -> Analysis:
    if not isinstance(entry.value, dict):
        entry = Entry({"design": entry}, entry.line)
    if "design" not in entry.value or entry.value["design"].value is None:
        raise PlanError("PLAN_KEY_MISSING", line=entry.line, key="design", where="analyses")
    kind = wanted.one_of(*DESIGNS, TRIANGULATION, SENSITIVITY)(entry.value["design"], "design")
    name = _name(entry.value["name"]) if "name" in entry.value else kind
    own = Entry({k: v for k, v in entry.value.items() if k not in ("design", "name")}, entry.line)
    if kind == SENSITIVITY:
        given = wanted.section(own, f"analyses: {name}", _of_sensitivity(), needed=("of",))
        return Analysis(name, kind, {k: v for k, v in given.items() if k != "of"}, given["of"], entry.line)
    known = settings_of(kind)
    given = wanted.section(own, f"analyses: {name}", {k: wanted.of_type(hint) for k, hint in known.items()})
    if "primary" in given and given["primary"] != shared.get("primary", given["primary"]):
        line = own.value["primary"].line
        values = {"name": name, "outcome": given["primary"], "planned": shared["primary"]}
        raise PlanError("PLAN_TWO_PRIMARIES", line=line, **values)
    settings = {k: v for k, v in shared.items() if k in known} | given
    with wanted.at_line(entry.line):
        return Analysis(name, kind, _complete(kind, settings), line=entry.line)


def _complete(kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """All settings of a design, those left out with their defaults; a design refuses what it cannot be."""
    if kind == TRIANGULATION:
        return dict(settings)
    return {k: v for k, v in rebuild({"design": kind, **settings}).settings.items() if k != "design"}


def settings_of(kind: str) -> dict[str, Any]:
    """The settings of a design, or of the ladder, with their types."""
    if kind == TRIANGULATION:
        return {k: hint for k, hint in get_type_hints(triangulate).items() if k not in OF_A_STUDY}
    hints = get_type_hints(DESIGNS[kind])
    return {f.name: hints[f.name] for f in fields(DESIGNS[kind])}  # type: ignore[arg-type]


def default_of(kind: str, setting: str) -> Any:
    """The value of a setting of a design that is left unsaid."""
    default = next(f.default for f in fields(DESIGNS[kind]) if f.name == setting)  # type: ignore[arg-type]
    return None if default is MISSING else default


def _of_sensitivity() -> dict[str, wanted.Checker]:
    named = wanted.several(wanted.one_of(*ANALYSES))
    control = {"negative_control": wanted.text, "unreliable": wanted.texts}
    return {"of": wanted.text, "analyses": lambda entry, key: tuple(named(entry, key)), **control}


def _name(entry: Entry) -> str:
    """A name that can be the name of a folder on every machine."""
    name = wanted.text(entry, "name")
    if not FILE_NAME.fullmatch(name) or RESERVED.fullmatch(name) or name.casefold() in OF_A_RUN:
        raise PlanError("PLAN_BAD_NAME", line=entry.line, name=name)
    return name


def _belongs(analysis: Analysis, listed: Sequence[Analysis]) -> None:
    """Does a sensitivity analysis name another analysis of the plan, of a design that can be probed?"""
    if analysis.of is None:
        return
    probed = [other.name for other in listed if other.kind in PROBED]
    if analysis.of not in probed:
        values: dict[str, Any] = {"of": analysis.of, "near": nearest(analysis.of, probed), "known": tuple(probed)}
        raise PlanError("PLAN_NOT_PROBED", line=analysis.line, name=analysis.name, **values)
