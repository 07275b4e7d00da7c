"""What may a term of a formula say? Columns, numbers, operators and a few functions; everything else is refused."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from tokenize import TokenError
from typing import Any

import numpy as np

from ..errors import DesignError, nearest

FUNCTIONS = ("C", "I", "Q", "bs", "cr", "cc", "center", "standardize", "Treatment")
"""Functions of the formula engine that a term may call, beside the elementwise functions of numpy."""
ALLOWED = (
    ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Call, ast.keyword, ast.List, ast.Tuple,
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.BitAnd, ast.BitOr,
    ast.UnaryOp, ast.USub, ast.UAdd, ast.Invert,
    ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """Terms as the formula engine takes them.

    terms : the engine's terms, in the order given, each once. written : the text each of them came from. variables :
    the columns they use. names : under which other names the engine looks for a column (Python reads full-width
    letters in a term as ordinary ones). as_categories : variables inside ``C(...)``.
    """

    terms: tuple[Any, ...]
    written: tuple[str, ...]
    variables: tuple[str, ...]
    names: Mapping[str, str]
    as_categories: frozenset[str]


def read_terms(terms: Sequence[str], known: Sequence[str]) -> Reading:
    """What do these terms say about these columns?

    A text that is the name of a column is that column, whatever else it could mean; ``"a:b"`` of two columns is their
    product. Raises ``DesignError``: ``UNKNOWN_COVARIATE``, or ``BAD_TERM`` with what is wrong.

    >>> read_terms(["sex", "C(year)", "np.log(hours):sex"], ["sex", "year", "hours"]).variables
    ('sex', 'year', 'hours')
    """
    import patsy

    found: dict[Any, str] = {}
    variables: dict[str, None] = {}
    names: dict[str, str] = {}
    as_categories: set[str] = set()
    spelled = {name: name for name in known}
    spelled = {unicodedata.normalize("NFKC", name): name for name in reversed(known)} | spelled
    spelled = dict(sorted(spelled.items(), key=lambda pair: known.index(pair[1])))
    for text in terms:
        for term in _engine_terms(text, known):
            checked = [_checked(text, factor, spelled) for factor in term.factors]
            for seen in checked:
                variables |= dict.fromkeys(seen.variables)
                names |= seen.names
                as_categories |= seen.as_categories
            found.setdefault(patsy.Term([seen.factor for seen in checked]), text)
    return Reading(tuple(found), tuple(found.values()), tuple(variables), names, frozenset(as_categories))


def refuse(term: str, why: str, part: object) -> DesignError:
    """The error that says why a term cannot be used."""
    return DesignError("BAD_TERM", term=term, why=f"term_{why}", part=str(part))


@dataclass(frozen=True, slots=True)
class _Seen:
    factor: Any
    variables: tuple[str, ...]
    names: Mapping[str, str]
    as_categories: frozenset[str] = frozenset()


def _engine_terms(text: str, known: Sequence[str]) -> list[Any]:
    """A text as terms of the formula engine, the constant left out."""
    import patsy

    if text in known:
        return [patsy.Term([patsy.LookupFactor(text)])]
    parts = [part.strip() for part in text.split(":")]
    if len(parts) > 1 and all(part in known for part in parts):
        return [patsy.Term([patsy.LookupFactor(part) for part in parts])]
    if "~" in text or not text.strip():
        raise refuse(text, "not_readable", text)
    try:
        read = patsy.ModelDesc.from_formula(f"0 + {text}").rhs_termlist
    except (patsy.PatsyError, SyntaxError, TokenError) as error:
        raise refuse(text, "not_readable", _first_line(error)) from error
    terms = [term for term in read if term.factors]
    if not terms:
        raise refuse(text, "without_column", text)
    return terms


def _checked(text: str, factor: Any, spelled: Mapping[str, str]) -> _Seen:
    """A factor that says only what it may; a factor that is a column is looked up rather than evaluated."""
    import patsy

    if isinstance(factor, patsy.LookupFactor):
        return _Seen(factor, (factor.name(),), {})
    try:
        tree = ast.parse(factor.code, mode="eval")
    except SyntaxError as error:
        raise refuse(text, "not_readable", _first_line(error)) from error
    if isinstance(tree.body, ast.Name):
        name = _column(tree.body.id, spelled)
        return _Seen(patsy.LookupFactor(name), (name,), {})
    for node in ast.walk(tree):
        _refuse_forbidden(text, node)
    used = {name: _column(name, spelled) for name in _names(tree.body)}
    quoted = {name: _column(name, spelled) for name in _quoted(tree)}
    if not used and not quoted:
        raise refuse(text, "without_column", factor.code)
    inside = {used.get(name) or quoted[name] for name in _inside_categories(tree)}
    return _Seen(factor, (*used.values(), *quoted.values()), used, frozenset(inside))


def _column(name: str, spelled: Mapping[str, str]) -> str:
    if name not in spelled:
        known = tuple(dict.fromkeys(spelled.values()))
        raise DesignError("UNKNOWN_COVARIATE", variable=name, near=nearest(name, known), known=known)
    return spelled[name]


def _refuse_forbidden(text: str, node: ast.AST) -> None:
    """Raises for whatever is neither a column, a number, an operator nor an allowed function."""
    if isinstance(node, ast.Call):
        named = isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS
        if not named and not _is_elementwise(node):
            raise refuse(text, "not_allowed", ast.unparse(node.func))
    elif isinstance(node, ast.Attribute):
        if not _numpy_name(node):
            raise refuse(text, "not_allowed", ast.unparse(node))
    elif not isinstance(node, ALLOWED):
        raise refuse(text, "not_allowed", ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and not [*_names(node), *_quoted(node)]:
        raise refuse(text, "not_allowed", ast.unparse(node))  # 9 ** 9 ** 9 would never end


def _numpy_name(node: ast.AST) -> str:
    """The name of a function of numpy that works element by element; empty for anything else."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name) or node.value.id != "np":
        return ""
    return node.attr if isinstance(getattr(np, node.attr, None), np.ufunc) else ""


def _is_elementwise(call: ast.Call) -> bool:
    """Does this call a function of numpy on its inputs only (a further one would be written into)?"""
    name = _numpy_name(call.func)
    return bool(name) and len(call.args) <= getattr(np, name).nin and not call.keywords


def _names(node: ast.AST) -> Iterator[str]:
    """The names that stand for columns, in their order."""
    if isinstance(node, ast.Name):
        yield node.id
    if isinstance(node, ast.Attribute):
        return
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Call) and child is node.func):
            yield from _names(child)


def _quoted(node: ast.AST) -> Iterator[str]:
    """The columns named as text, ``Q("prior score")``."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Q":
            yield from (str(part.value) for part in call.args if isinstance(part, ast.Constant))


def _inside_categories(node: ast.AST) -> Iterator[str]:
    """The columns that ``C(...)`` makes categories of."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "C" and call.args:
            yield from _names(call.args[0])
            yield from _quoted(call.args[0])


def _first_line(error: BaseException) -> str:
    said = error.msg if isinstance(error, SyntaxError) else str(error).strip()
    return said.splitlines()[0] if said else type(error).__name__
