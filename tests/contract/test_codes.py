"""Every code that is raised has a sentence in both languages, and no sentence waits for a code nobody raises."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from society_effects.language.catalogue import LANGUAGES, catalogue

PACKAGE = Path(__file__).parents[2] / "society_effects"
CODE = re.compile(r"^[A-Z][A-Z0-9_]+$")


@cache
def trees():
    """Every file of the package, parsed."""
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))]


def first_arguments(names):
    """Upper-case texts passed first to these functions, anywhere in the package."""
    found = set()
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in names and isinstance(node.args[0].value, str) and CODE.match(node.args[0].value):
                    found.add(node.args[0].value)
    return found


def texts():
    """Every upper-case text of the package: codes may be passed around before they are raised."""
    return {
        node.value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.match(node.value)
    }


ERRORS = ("SocietyEffectsError", "StudyError", "DesignError", "ContractError", "OutputError", "PlanError")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_error_has_a_sentence(lang):
    missing = {code for code in first_arguments(ERRORS) if not catalogue(lang).has(f"errors.{code}")}
    assert not missing


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_check_has_a_sentence(lang):
    missing = {code for code in first_arguments(("check", "Check")) if not catalogue(lang).has(f"checks.{code}")}
    assert not missing


@pytest.mark.parametrize("section", ["errors", "checks"])
def test_no_sentence_waits_for_a_code(section):
    keys = {key.split(".")[1] for key in catalogue("en").entries if key.startswith(f"{section}.")}
    unused = {key for key in keys if CODE.match(key)} - texts()
    assert not unused
