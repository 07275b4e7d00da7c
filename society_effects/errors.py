"""What went wrong, in one sentence: what is wrong, what was found, what to do.

An error holds a code and values; its sentence is made when it is shown, in the language of the study.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from .language.catalogue import catalogue


class SocietyEffectsError(ValueError):
    """An error of this library: ``code`` names it, ``values`` say what was found.

    >>> str(StudyError("NO_ROWS"))
    'The data have no rows; give a table with one row per student.'
    """

    def __init__(self, code: str, /, lang: str | None = None, **values: Any) -> None:
        super().__init__(code)
        self.code, self.lang, self.values = code, lang, values

    def __str__(self) -> str:
        return catalogue(self.lang or "en").say(f"errors.{self.code}", **self.values)


class StudyError(SocietyEffectsError):
    """The data, or a role given to a column, cannot be what the study says."""


class DesignError(SocietyEffectsError):
    """A design, or one of its settings, does not fit this study."""


class ContractError(SocietyEffectsError):
    """A frame, a column or a measure is not in the glossary."""


class OutputError(SocietyEffectsError):
    """A figure, table or report was asked for that these findings do not allow."""


class PlanError(SocietyEffectsError):
    """A plan cannot be read, or cannot be carried out; ``why`` may be the error of what it asks for."""

    def __str__(self) -> str:
        for value in self.values.values():
            if isinstance(value, SocietyEffectsError):
                value.lang = self.lang or value.lang
        return super().__str__()


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Let errors raised inside, which do not know the language yet, speak this one."""
    try:
        yield
    except SocietyEffectsError as error:
        error.lang = error.lang or lang
        raise


def hint(kind: str, lang: str) -> str:
    """How can a figure or table of this kind be had, that a result does not allow? Empty where nothing is known."""
    words = catalogue(lang)
    key = f"terms.hints.{kind}"
    return words.say("terms.hint", how=words.get(key)) if words.has(key) else ""


def nearest(name: object, known: Iterable[object]) -> str:
    """Which known name may have been meant? Empty when none is near. Sentences show it as ``{near:near}``."""
    lowered = {str(k).casefold(): str(k) for k in known}
    same = lowered.get(str(name).casefold())
    close = difflib.get_close_matches(str(name).casefold(), lowered, n=1, cutoff=0.6)
    return same or (lowered[close[0]] if close else "")
