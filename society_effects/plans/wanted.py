"""Is this what belongs here? Checks of the entries of a plan, each with the line in its error."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, Union, get_args, get_origin

from ..errors import PlanError, SocietyEffectsError, nearest
from ..language.catalogue import LANGUAGES
from ..study.outcome import as_text
from .yaml_text import Entry

Checker = Callable[[Entry, str], Any]


def wrong(entry: Entry, key: str, wanted: str) -> PlanError:
    """The error of an entry that is something else than it should be."""
    values = {"key": key, "wanted": f"wanted.{wanted}", "found": _shown(entry)}
    return PlanError("PLAN_WRONG_TYPE", line=entry.line, **values)


def _shown(entry: Entry) -> str:
    text = str(entry.plain)
    return text if len(text) <= 60 else f"{text[:57]}..."


def text(entry: Entry, key: str) -> str:
    """Words; a number or a truth value is taken as it is written."""
    if entry.value is None or isinstance(entry.value, dict | list | bool) or not str(entry.value).strip():
        raise wrong(entry, key, "text")
    return as_text(entry.value)


def level(entry: Entry, key: str) -> Any:
    """A level of a column: text, a number, true or false."""
    if entry.value is None or isinstance(entry.value, dict | list):
        raise wrong(entry, key, "level")
    return entry.value


def number(entry: Entry, key: str) -> float:
    """A number."""
    if isinstance(entry.value, bool) or not isinstance(entry.value, int | float):
        raise wrong(entry, key, "number")
    return entry.value


def integer(entry: Entry, key: str) -> int:
    """A whole number."""
    if isinstance(entry.value, bool) or not isinstance(entry.value, int):
        raise wrong(entry, key, "integer")
    return entry.value


def flag(entry: Entry, key: str) -> bool:
    """True or false."""
    if not isinstance(entry.value, bool):
        raise wrong(entry, key, "flag")
    return entry.value


def words(entry: Entry, key: str) -> str | dict[str, str]:
    """Words in one language, or in each."""
    if not isinstance(entry.value, dict):
        return text(entry, key)
    return section(entry, key, dict.fromkeys(LANGUAGES, text))


def texts(entry: Entry, key: str) -> tuple[str, ...]:
    """One name, or a list of names."""
    return tuple(several(text)(entry, key))


def levels(entry: Entry, key: str) -> tuple[Any, ...]:
    """One level, or a list of levels."""
    return tuple(several(level)(entry, key))


def several(checker: Checker) -> Callable[[Entry, str], list[Any]]:
    """One of these, or a list of them that is not empty."""

    def check(entry: Entry, key: str) -> list[Any]:
        listed = entry.value if isinstance(entry.value, list) else [entry]
        if not listed:
            raise wrong(entry, key, "list")
        return [checker(item, key) for item in listed]

    return check


def by_name(checker: Checker) -> Callable[[Entry, str], dict[Any, Any]]:
    """A mapping whose keys the user chooses."""

    def check(entry: Entry, key: str) -> dict[Any, Any]:
        if not isinstance(entry.value, dict) or not entry.value:
            raise wrong(entry, key, "mapping")
        return {name: checker(item, f"{key}: {name}") for name, item in entry.value.items()}

    return check


def either(listed: Checker, mapped: Checker) -> Checker:
    """A mapping, or anything simpler."""
    return lambda entry, key: (mapped if isinstance(entry.value, dict) else listed)(entry, key)


def one_of(*known: str) -> Checker:
    """One of these words."""

    def check(entry: Entry, key: str) -> str:
        given = text(entry, key)
        if given not in known:
            near = nearest(given, known)
            raise PlanError("PLAN_UNKNOWN_VALUE", line=entry.line, key=key, found=given, near=near, known=known)
        return given

    return check


def section(entry: Entry, key: str, known: Mapping[str, Checker], needed: Sequence[str] = ()) -> dict[str, Any]:
    """A mapping with these keys; an empty entry counts as left out. Key -> checked value, in the plan's order."""
    if not isinstance(entry.value, dict):
        raise wrong(entry, key, "section")
    for name, item in entry.value.items():
        if name not in known:
            near = nearest(name, known)
            values: dict[str, Any] = {"key": str(name), "where": key, "near": near, "known": tuple(known)}
            raise PlanError("PLAN_UNKNOWN_KEY" if key else "PLAN_UNKNOWN_SECTION", line=item.line, **values)
    given = {name: item for name, item in entry.value.items() if item.value is not None}
    for name in needed:
        if name not in given:
            raise PlanError("PLAN_KEY_MISSING", line=entry.line, key=name, where=key)
    return {name: known[name](item, f"{key}: {name}" if key else name) for name, item in given.items()}


@contextmanager
def at_line(line: int) -> Iterator[None]:
    """Say on which line of the plan stands what a study, an outcome or a design refuses."""
    try:
        yield
    except PlanError:
        raise
    except SocietyEffectsError as error:
        raise PlanError("PLAN_REFUSED", line=line, why=error) from error


def of_type(hint: Any) -> Checker:
    """A value of this type, as the settings of designs declare them."""

    def check(entry: Entry, key: str) -> Any:
        value = entry.plain if fits(entry.plain, hint) else _as_words(entry.plain)
        if not fits(value, hint):
            raise wrong(entry, key, _form(hint))
        return tuple(value) if isinstance(value, list) else value

    return check


def _as_words(value: Any) -> Any:
    """Numbers as the names they may be: a wave called 1, a column called 2024."""
    if isinstance(value, list):
        return [_as_words(item) for item in value]
    return as_text(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def fits(value: Any, hint: Any) -> bool:
    """Is the value of this type? Of lists and mappings the members count too.

    >>> fits(["sex"], tuple[str, ...]), fits(True, float | None), fits(3, float | None)
    (True, False, True)
    """
    origin, inside = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin in (Union, types.UnionType):
        return any(fits(value, one) for one in inside)
    if origin is Literal:
        return value in inside
    if hint in (float, int):
        return isinstance(value, int | (float if hint is float else int)) and not isinstance(value, bool)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return isinstance(value, dict) and all(fits(v, inside[1]) for v in value.values())
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return isinstance(value, list) and all(fits(v, inside[0]) for v in value)
    return isinstance(value, type(None) if hint is None else hint)


def _form(hint: Any) -> str:
    """What is wanted, in a word: the first type that a hint names."""
    inside = [one for one in get_args(hint) if one is not type(None)]
    if get_origin(hint) in (Union, types.UnionType) and inside:
        return _form(inside[0]) if len(inside) == 1 else "number_or_mapping" if float in inside else "text_or_list"
    names = {bool: "flag", int: "integer", float: "number", str: "text"}
    return names.get(hint, "list" if isinstance(get_origin(hint), type) else "text")
