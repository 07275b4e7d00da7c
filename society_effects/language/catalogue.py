"""In which words is this said? Words and templates as data, one folder of TOML files per language.

A template names the format of each slot (``{p:p}``, ``{low:number}``, ``{arm:role}``), so that the same slot
values can be spoken in every language and in every number style.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

from . import numbers

LANGUAGES = ("en", "zh")


@cache
def catalogue(lang: str) -> Catalogue:
    """Which words belong to this language (``"en"`` or ``"zh"``)?"""
    if lang not in LANGUAGES:
        raise KeyError(f"lang={lang!r} is not a language of this library; use one of {', '.join(LANGUAGES)}.")
    return Catalogue(lang)


class Catalogue:
    """The words of one language, looked up by dotted key: ``catalogue("en").get("terms.member")``."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.entries: dict[str, Any] = {}
        folder = resources.files("society_effects.language") / lang
        for file in sorted(folder.iterdir(), key=lambda f: f.name):
            if file.name.endswith(".toml"):
                self.entries |= _flatten(
                    tomllib.loads(file.read_text(encoding="utf-8")), file.name.removesuffix(".toml")
                )

    def has(self, key: str) -> bool:
        """Is there an entry for this key?"""
        return key in self.entries

    def get(self, key: str, default: str | None = None) -> str:
        """What is the entry of this key? Without one: ``default``, or the last part of the key itself."""
        return self.entries.get(key, key.rsplit(".", 1)[-1] if default is None else default)

    def say(self, key: str, /, style: str | None = None, labels: Mapping[str, str] | None = None, **values: Any) -> str:
        """What is the sentence of this key, with its slots filled in?

        style : {"apa", "ama", "gbt"}, optional. How numbers are written; by default the style of the language.
        labels : mapping, optional. Display names for slots of format ``label``.
        """
        return self.fill(self.get(key), style, labels, **values)

    def fill(
        self, template: str, style: str | None = None, labels: Mapping[str, str] | None = None, **values: Any
    ) -> str:
        """What does this template say, with its slots filled in?"""
        return _Speaker(self, style, labels or {}).vformat(template, (), values)


class _Speaker(Formatter):
    """Fills the slots of a template by named formats."""

    def __init__(self, words: Catalogue, style: str | None, labels: Mapping[str, str]) -> None:
        self.words, self.labels = words, labels
        self.style = numbers.style(style, words.lang)

    def format_field(self, value: Any, format_spec: str) -> str:
        name, _, digits = format_spec.partition(".")
        if name == "label":
            return str(self.labels.get(value, value))
        if name == "near":
            return self.words.say("errors.did_you_mean", match=value) if value else ""
        if name == "list":
            return self.words.get("terms.list_separator").join(str(self.labels.get(v, v)) for v in value)
        if name == "shares":
            said = (f"{self.labels.get(k, k)} {self.style.percent(share)}" for k, share in value.items())
            return self.words.get("terms.list_separator").join(said)
        if name in ("role", "term", "kind", "method", "measure", "statistic"):
            return self.words.get(f"{'terms' if name in ('role', 'term') else name + 's'}.{value}", str(value))
        if name == "program":
            return self.words.get(f"reconcile.programs.{value}", str(value))
        if name == "analysis":
            return self.words.get(f"terms.analyses.{value}", str(value))
        if name == "item":
            return self.words.get(f"reconcile.items.{value}.name", str(value))
        if hasattr(self.style, name) and name:
            formatted = getattr(self.style, name)
            return formatted(value, int(digits)) if digits else formatted(value)
        return super().format_field(value, format_spec)


def _flatten(tree: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        path = f"{prefix}.{key}"
        flat |= _flatten(value, path) if isinstance(value, Mapping) else {path: value}
    return flat
