"""Texts that a plan begins with: a template to fill in, and the plan of the bundled example."""

from __future__ import annotations

import re
from importlib import resources

KINDS = ("template", "example")
IN_A_PLAN = (
    (re.compile(r"missing_codes=\{[^\[]*\[\"?([^\"\]]*)\"?\]\}"), r"missing_codes: [\1]"),
    (re.compile(r"margin=\{\"([^\"]*)\": ([^}]*)\}"), r"margin: {\1: \2}"),
    (re.compile(r"(?:Outcome|Study|About|\w+)\((?:\.\.\., ?)?(\w+)=(?:\.\.\.)?\)"), r"\1:"),
    (re.compile(r"(?<![\w\"'`])about=\w+:"), "about:"),
    (re.compile(r"\b([a-z_]{3,})=(?=[\s,;.。，；、：]|$)"), r"\1:"),
)
"""How sentences that name an argument of Python name the entry of a plan instead."""


def begun(kind: str, lang: str) -> str:
    """The text of the template, or of the example, in this language."""
    file = resources.files("society_effects.language") / lang / f"plan_{kind}.yaml"
    return file.read_text(encoding="utf-8")


def in_a_plan(sentence: str) -> str:
    """The sentence with the names of Python arguments as entries of a plan.

    >>> in_a_plan("name the event with Outcome(..., event=), or member= and reference=.")
    'name the event with event:, or member: and reference:.'
    """
    for pattern, entry in IN_A_PLAN:
        sentence = pattern.sub(entry, sentence)
    return sentence
