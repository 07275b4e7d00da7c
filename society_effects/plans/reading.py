"""Which plan is in this file? Every entry checked at once, before any data are looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import PlanError, nearest, speaking
from ..figures.journals import JOURNALS
from ..language.catalogue import LANGUAGES
from ..reports.report import WRITERS
from ..study.about import ASSIGNMENTS, NOT_STATED, About
from ..study.outcome import KINDS, Outcome
from . import wanted
from .analyses import SHARED, analyses_of
from .plan import Outputs, Plan
from .wanted import by_name, either, flag, integer, level, levels, number, one_of, several, text, texts, words
from .yaml_text import Entry, decoded, entries

WAVES = either(levels, by_name(by_name(text)))
COLUMNS = ("group", "unit", "wave", "joined", "cluster", "site", "offset")
STUDY: dict[str, wanted.Checker] = dict.fromkeys(COLUMNS, text) | {
    "member": level,
    "reference": level,
    "levels": levels,
    "covariates": either(texts, by_name(texts)),
    "baseline": by_name(text),
    "waves": WAVES,
    "labels": by_name(words),
    "missing": one_of("complete", "error"),
    "missing_codes": either(levels, by_name(either(levels, by_name(text)))),
}
OUTCOME: dict[str, wanted.Checker] = {
    "column": text,
    "kind": one_of(*KINDS),
    "label": words,
    "unit": words,
    "range": lambda entry, key: tuple(several(number)(entry, key)),
    "event": level,
    "exposure": text,
    "margin": number,
    "family": text,
    "parts": texts,
    "higher_is_better": flag,
    "categories": levels,
}
FACTS: dict[str, wanted.Checker] = {
    "assignment": one_of(*ASSIGNMENTS, NOT_STATED),
    "membership_definition": words,
    "covariates_before_joining": lambda entry, key: (texts if isinstance(entry.value, list) else text)(entry, key),
    "examiners_blind": flag,
    "exam_optional": flag,
    "response": by_name(number),
    "training_overlaps_stations": lambda entry, key: (texts if isinstance(entry.value, list) else flag)(entry, key),
}
OUTPUTS: dict[str, wanted.Checker] = {
    "languages": several(one_of(*LANGUAGES)),
    "formats": several(one_of(*(suffix[1:] for suffix in WRITERS))),
    "journal": one_of(*JOURNALS),
    "rows": flag,
}


def _as_it_is(entry: Entry, key: str) -> Entry:
    return entry


PLAN: dict[str, wanted.Checker] = {
    "question": words,
    "lang": one_of(*LANGUAGES),
    "data": text,
    "sheet": level,
    "sample": text,
    "study": lambda entry, key: wanted.section(entry, key, STUDY),
    "about": _as_it_is,
    "outcomes": _as_it_is,
    "primary": text,
    "conf_level": number,
    "seed": integer,
    "analyses": _as_it_is,
    "outputs": lambda entry, key: wanted.section(entry, key, OUTPUTS),
}


def read_plan(path: str | Path) -> Plan:
    """Which analyses were planned in this file?

    Parameters
    ----------
    path : str or Path
        A text file in YAML; ``society-effects plan --template`` writes one to fill in. The data file it names lies
        beside it, or is found from there.

    Returns
    -------
    Plan
        Shows itself as text; ``fit`` and ``mark`` say what was planned; ``run`` carries it out.

    Raises
    ------
    PlanError
        One sentence with the line of the plan: what is wrong, what was found, what to do.

    Examples
    --------
    >>> read_plan("plan.yaml")
    Traceback (most recent call last):
    society_effects.errors.PlanError: There is no plan plan.yaml; `society-effects plan --template` ...
    """
    file = Path(path)
    if not file.is_file():
        raise PlanError("NO_SUCH_PLAN", path=str(file))
    source = file.read_bytes()
    found = entries(decoded(source))
    with speaking(_language(found)):
        return _plan(file, source, found)


def _language(found: Entry) -> str:
    """The language of the plan, for what may be wrong with the rest of it."""
    given = found.value.get("lang")
    return given.value if given is not None and given.value in LANGUAGES else "en"


def _plan(file: Path, source: bytes, found: Entry) -> Plan:
    given = wanted.section(found, "", PLAN, needed=("question", "analyses"))
    if ("data" in given) == ("sample" in given):
        raise PlanError("PLAN_DATA")
    roles: dict[str, Any] = given.get("study", {})
    outcomes, lines = _outcomes(given.get("outcomes"), roles)
    if "primary" in given and given["primary"] not in lines:
        line, near = found.value["primary"].line, nearest(given["primary"], lines)
        raise PlanError("PLAN_PRIMARY", line=line, outcome=given["primary"], near=near, known=tuple(lines))
    shared = {name: given[name] for name in SHARED if name in given}
    return Plan(
        file=file,
        source=source,
        question=given["question"],
        lang=given.get("lang", "en"),
        data=given.get("data"),
        sheet=given.get("sheet"),
        sample=given.get("sample"),
        roles=roles,
        about=_about(given["about"]) if "about" in given else About(),
        outcomes=outcomes,
        shared=shared,
        analyses=analyses_of(given["analyses"], shared),
        outputs=_outputs(given),
        lines=dict(reversed(list(found.texts()))),
    )


def _outcomes(entry: Entry | None, roles: dict[str, Any]) -> tuple[tuple[Outcome, ...], dict[str, int]]:
    """The outcomes, and the line each is named on; those of wide waves need not be listed."""
    wide = roles.get("baseline") or (roles["waves"] if isinstance(roles.get("waves"), dict) else {})
    found: list[Outcome] = []
    lines: dict[str, int] = {}
    if entry is not None:
        for item in entry.value if isinstance(entry.value, list) else [entry]:
            outcome = _outcome(item)
            if outcome.column in lines:
                values: dict[str, Any] = {"name": outcome.column, "first": lines[outcome.column]}
                raise PlanError("PLAN_NAME_TWICE", line=item.line, **values)
            lines[outcome.column] = item.line
            found.append(outcome)
    unlisted = [str(name) for name in wide if str(name) not in lines]
    if not found and not unlisted:
        raise PlanError("PLAN_NO_OUTCOMES")
    return (*found, *map(Outcome, unlisted)), lines | dict.fromkeys(unlisted, 0)


def _outcome(entry: Entry) -> Outcome:
    if not isinstance(entry.value, dict):
        return Outcome(text(entry, "outcomes"))
    given = wanted.section(entry, "outcomes", OUTCOME, needed=("column",))
    with wanted.at_line(entry.value["margin" if "margin" in given else "column"].line):
        return Outcome(**given)


def _about(entry: Entry) -> About:
    given = wanted.section(entry, "about", FACTS)
    for name, value in given.items():
        with wanted.at_line(entry.value[name].line):
            About(**{name: value})
    return About(**given)


def _outputs(given: dict[str, Any]) -> Outputs:
    chosen = dict(given.get("outputs", {}))
    for name in ("languages", "formats"):
        if name in chosen:
            chosen[name] = tuple(dict.fromkeys(chosen[name]))
    return Outputs(**{"languages": (given.get("lang", "en"),), **chosen})
