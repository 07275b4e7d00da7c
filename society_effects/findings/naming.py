"""What is a row called? Its name is made from the key columns that vary; every output uses only this."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..language.catalogue import catalogue
from .glossary import KEYS
from .labels import Labels
from .measures import EVENT_TIME

if TYPE_CHECKING:
    from .findings import Findings

SEPARATOR = " · "
SAID_WITH = ("reference", "reference_wave", "reference_level")
"""Keys that are named together with the group, wave or level that is compared with them."""
NOT_NAMED = (*SAID_WITH, "estimand")
"""Keys without a name of their own; what is estimated is told by the measure and the wave."""
INTERCEPT, MEMBER, OF_CLASS = "(Intercept)", "member", "class:"
"""Terms of every regression: the constant, membership, and how the mean of a class begins."""
CATEGORY = re.compile(r"(?P<variable>.*[^\[])\[(?P<category>[^\]]*)\]")
WRAPPED = re.compile(r"""C\((?P<category>[^,()]+)(,.*)?\)|Q\((?P<quote>['"])(?P<quoted>.*)(?P=quote)\)""")


def row_names(frame: pd.DataFrame, labels: Labels, lang: str, always: tuple[str, ...] = ("outcome",)) -> list[str]:
    """What is each row called, in as few words as tell the rows apart?

    always : keys that are named even when they do not vary.
    """
    varying = [key for key in KEYS if key in frame and key not in NOT_NAMED and (key in always or _varies(frame, key))]
    contrasts = "reference" in frame and frame[["group", "reference"]].drop_duplicates().shape[0] > 1
    if "wave" in frame and "reference_wave" in frame and _varies(frame, "reference_wave") and "wave" not in varying:
        varying.append("wave")
    columns = [[_name(key, row, labels, lang) for _, row in frame.iterrows()] for key in _ordered(varying, contrasts)]
    return [SEPARATOR.join(part for part in parts if part) for parts in zip(*columns, strict=True)] or [""] * len(frame)


def _varies(frame: pd.DataFrame, key: str) -> bool:
    return frame[key].nunique(dropna=False) > 1


def contrast_name(group: str, reference: str | None, labels: Labels, lang: str) -> str:
    """What is a contrast called: "members vs non-members"?"""
    first = labels.level(group, lang)
    if reference is None:
        return first
    return catalogue(lang).say("terms.contrast", group=first, reference=labels.level(reference, lang))


def wave_name(wave: str, reference: str | None, labels: Labels, lang: str) -> str:
    """What is a wave called, or its contrast with an earlier one: "after vs before"?"""
    last = period_name(wave, labels, lang)
    if reference is None or reference != reference:
        return last
    return catalogue(lang).say("terms.wave_contrast", wave=last, reference=period_name(reference, labels, lang))


def period_name(wave: str, labels: Labels, lang: str) -> str:
    """What is a wave called, or all waves before joining or from then on?"""
    return labels.wave(wave, lang) if wave in labels.waves else catalogue(lang).get(f"terms.periods.{wave}", wave)


def time_name(time: str, lang: str) -> str:
    """What is a number of waves since joining called: "2 waves before joining"?"""
    n = int(time)
    key = "at" if n == 0 else ("before" if n < 0 else "after") + ("_one" if abs(n) == 1 else "")
    return catalogue(lang).say(f"terms.since_joining.{key}", n=abs(n))


def place_name(row: Mapping[str, Any] | pd.Series, labels: Labels, lang: str) -> str:
    """Of which wave, contrast of waves, time since joining or cohort of joiners is a row? Empty where of none."""
    wave, estimand, words = row.get("wave"), row.get("estimand"), catalogue(lang)
    if estimand == EVENT_TIME:
        return time_name(str(wave), lang)
    if words.has(f"terms.by_estimand.{estimand}"):
        named = "" if wave is None else labels.wave(wave, lang)
        return words.say(f"terms.by_estimand.{estimand}", wave=named)
    return "" if wave is None or wave != wave else wave_name(wave, row.get("reference_wave"), labels, lang)


def level_name(row: Mapping[str, Any] | pd.Series, labels: Labels, lang: str) -> str:
    """What is a subgroup called, or its contrast with another: "female vs male"?"""
    own, reference = labels.category(row["by"], row["level"], lang), row.get("reference_level")
    if reference is None or reference != reference:
        return own
    return catalogue(lang).say("terms.contrast", group=own, reference=labels.category(row["by"], reference, lang))


def term_name(term: str, labels: Labels, lang: str, group: str | None = None, reference: str | None = None) -> str:
    """What is a term or a column of a regression called inside a sentence?

    Categories are named with their variable, products with a cross; splines and functions stay as they are written.
    group, reference : who membership stands for.

    >>> [term_name(term, Labels(), "en") for term in ("sex[male]", "member:C(year)[4]", "bs(score, 4)[0]", "class:age")]
    ['sex: male', 'members × year: 4', 'bs(score, 4)[0]', 'class mean of age']
    """
    words = catalogue(lang)
    member = words.get("terms.member") if group is None else labels.level(group, lang)
    if term == INTERCEPT:
        return words.get("terms.intercept")
    if term == MEMBER:
        against = None if reference is None else labels.level(reference, lang)
        return member if against is None else words.say("terms.against", group=member, reference=against)
    if term == f"{OF_CLASS}{MEMBER}":
        return words.say("terms.class_share", group=member)
    if term.startswith(OF_CLASS):
        inner = term_name(term.removeprefix(OF_CLASS), labels, lang, group)
        return words.say("terms.class_mean", term=inner)
    if term.startswith(f"{MEMBER}:"):
        inner = term_name(term.removeprefix(f"{MEMBER}:"), labels, lang, group)
        return f"{member}{words.get('terms.times')}{inner}"
    return words.get("terms.times").join(_factor_name(factor, labels, lang) for factor in _factors(term, labels))


def term_heading(term: str, labels: Labels, lang: str, group: str | None = None, reference: str | None = None) -> str:
    """What is a term of a regression called where its name stands alone? Names without a label stay as they are."""
    name = term_name(term, labels, lang, group, reference)
    if term.split(":", 1)[0] == MEMBER:
        return name if group is not None and group not in labels.levels else capitalised(name)
    own = _variable(next(_factors(term, labels)).partition("[")[0])
    labelled = own in labels.variables or own in labels.outcomes or term.startswith(OF_CLASS)
    return capitalised(name) if labelled else name


def _factors(term: str, labels: Labels) -> Iterator[str]:
    """The factors of a product of terms; a colon inside brackets, or in the name of a variable, divides nothing."""
    if term in labels.variables or term in labels.outcomes:
        yield term
        return
    start, depth = 0, 0
    for i, sign in enumerate(term):
        depth += (sign in "([") - (sign in ")]")
        if sign == ":" and depth == 0:
            yield term[start:i]
            start = i + 1
    yield term[start:]


def _factor_name(factor: str, labels: Labels, lang: str) -> str:
    """A variable by its name, a category with its variable; what is neither as it is written."""
    found = CATEGORY.fullmatch(factor)
    if found and (variable := _variable(found["variable"])):
        category = labels.category(variable, found["category"], lang)
        return catalogue(lang).say("terms.of_category", variable=labels.outcome(variable, lang), category=category)
    variable = _variable(factor)
    return labels.outcome(variable, lang) if variable else factor


def _variable(factor: str) -> str:
    """The variable in C(year), Q('my score') or by itself; empty where the factor is another function."""
    wrapped = WRAPPED.fullmatch(factor)
    if wrapped:
        return (wrapped["category"] or wrapped["quoted"]).strip()
    return "" if factor.endswith(")") else factor


def _subgroups_name(row: pd.Series, labels: Labels, lang: str) -> str:
    """What divides the students is called so; a measurement by its spread; categories of the outcome need no name."""
    if row["by"] == row.get("outcome"):
        return ""
    name, level = labels.outcome(row["by"], lang), row.get("level")
    return catalogue(lang).say("terms.per_sd", name=name) if level is None or level != level else name


def design_name(findings: Findings, lang: str) -> str:
    """What is the design called, with the groups it compares: "comparison of members and non-members"?"""
    words, labels, design = catalogue(lang), findings.labels, findings.design
    member, reference = (findings.provenance.get(role) for role in ("member", "reference"))
    groups = findings.frame("groups")["group"].dropna().nunique() if findings.has("groups") else 0
    if groups > 2 and words.has(f"designs.of_several.{design}"):
        return words.say(f"designs.of_several.{design}", k=groups)
    if member is None or reference is None or not words.has(f"designs.of_groups.{design}"):
        return words.get(f"designs.{design}")
    members, others = labels.level(member, lang), labels.level(reference, lang)
    return words.say(f"designs.of_groups.{design}", members=members, others=others)


def measure_name(measure: str, lang: str) -> str:
    """What is a measure called?"""
    return catalogue(lang).get(f"measures.{measure}", measure)


def outcome_heading(column: str, labels: Labels, lang: str) -> str:
    """What is an outcome or variable called where its name stands alone?"""
    return _heading(labels.outcome(column, lang), column)


def level_heading(level: str, labels: Labels, lang: str) -> str:
    """What is a group called where its name stands alone?"""
    return _heading(labels.level(level, lang), level)


def wave_heading(wave: str, labels: Labels, lang: str) -> str:
    """What is a wave called where its name stands alone?"""
    name = labels.wave(wave, lang)
    return capitalised(name) if wave in labels.waves else name


def contrast_heading(group: str, reference: str | None, labels: Labels, lang: str) -> str:
    """What is a contrast called where its name stands alone?"""
    name = contrast_name(group, reference, labels, lang)
    return name if labels.level(group, lang) == group else capitalised(name)


def row_headings(frame: pd.DataFrame, labels: Labels, lang: str) -> list[str]:
    """What is each row called where its name stands alone?"""
    names = row_names(frame, labels, lang)
    return [
        name if labels.outcome(outcome, lang) == outcome else capitalised(name)
        for name, outcome in zip(names, frame["outcome"], strict=True)
    ]


def capitalised(text: str) -> str:
    """The text with a capital first letter, the rest as it is; single letters and words such as pH stay.

    >>> capitalised("non-members"), capitalised("pH of the urine"), capitalised("x")
    ('Non-members', 'pH of the urine', 'x')
    """
    first = text.split(" ", 1)[0]
    return text if len(text) == 1 or any(c.isupper() for c in first[1:]) else text[:1].upper() + text[1:]


def _heading(shown: str, own: str) -> str:
    """A label with a capital; a name without a label as the user wrote it."""
    return shown if shown == own else capitalised(shown)


def _ordered(keys: list[str], contrasts: bool) -> list[str]:
    wanted = [k for k in keys if k != "group"]
    return [*wanted, "group"] if contrasts else wanted


def _name(key: str, row: pd.Series, labels: Labels, lang: str) -> str:
    value = row[key]
    if key == "wave":
        return place_name(row, labels, lang)
    if value is None or value != value:
        return ""
    if key == "outcome":
        return labels.outcome(value, lang)
    if key == "measure":
        return measure_name(value, lang)
    if key == "group":
        return contrast_name(value, row["reference"], labels, lang)
    if key == "level":
        return level_name(row, labels, lang)
    if key == "by":
        return _subgroups_name(row, labels, lang)
    if key == "design":
        return catalogue(lang).get(f"designs.{value}", catalogue(lang).get(f"rungs.names.{value}", str(value)))
    return catalogue(lang).get(f"{key}s.{value}", str(value))
