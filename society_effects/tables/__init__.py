"""What came out, as journal tables. ``TABLES`` lists them all; each reads findings only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

from ..errors import OutputError, hint, nearest
from ..findings.findings import Findings
from ..findings.lookup import has_subgroups, subject_of
from ..language.catalogue import LANGUAGES
from ..language.numbers import STYLES
from ..language.numbers import style as number_style
from .table import Cell, Note, Table

__all__ = ["TABLES", "Cell", "Note", "Table", "TableKind", "build", "possible"]


@dataclass(frozen=True)
class TableKind:
    """A table: the module whose ``build`` makes it, the frames it needs, those it also uses, its layouts.

    instead : frames of which any one will do where a needed one is missing.
    only_if : what else must hold of the findings.
    """

    kind: str
    module: str
    needs: tuple[str, ...]
    uses: tuple[str, ...] = ()
    layouts: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    only_if: Callable[[Findings], bool] | None = None

    def allowed_by(self, findings: Findings) -> bool:
        """Do these findings have what the table needs, and are they such as it is about?"""
        return self.has_frames(findings) and (self.only_if is None or self.only_if(findings))

    def has_frames(self, findings: Findings) -> bool:
        """Do these findings have the frames that the table needs?"""
        return findings.has(*self.needs) or any(findings.has(name) for name in self.instead)


def _about(subject: str) -> Callable[[Findings], bool]:
    """Are the answers about this: groups, waves, or covariates that are adjusted for?"""
    return lambda findings: subject_of(findings) == subject


TABLES: dict[str, TableKind] = {
    table.kind: table
    for table in (
        TableKind(
            "comparison",
            "comparison",
            ("estimates",),
            ("groups", "tests", "quantities"),
            ("outcomes", "groups"),
            instead=("tests",),
            only_if=_about("groups"),
        ),
        TableKind(
            "adjusted", "adjusted", ("estimates",), ("groups", "coefficients", "balance"), only_if=_about("covariates")
        ),
        TableKind("changes", "changes", ("estimates",), ("groups",), only_if=_about("waves")),
        TableKind("rungs", "rungs", ("rungs",), ("estimates",)),
        TableKind("baseline", "baseline", ("baseline",)),
        TableKind("balance", "balance", ("balance",)),
        TableKind("subgroups", "subgroups", ("estimates",), ("tests",), only_if=has_subgroups),
        TableKind("coefficients", "coefficients", ("coefficients",), ("quantities", "estimates")),
        TableKind("adjusted_means", "adjusted_means", ("adjusted_means",)),
        TableKind("estimates", "estimates", ("estimates",)),
        TableKind("tests", "tests", ("tests",)),
        TableKind("quantities", "quantities", ("quantities",)),
        TableKind("sensitivity", "sensitivity", ("sensitivity",)),
        TableKind("influential", "influential", ("influential",)),
        TableKind("attrition", "attrition", ("attrition",)),
        TableKind("reconciliation", "reconciliation", ("reconciliation",)),
        TableKind("ledger", "ledger", ("ledger",)),
    )
}


def possible(findings: Findings) -> tuple[str, ...]:
    """Which tables do these findings allow?"""
    return tuple(kind for kind, table in TABLES.items() if table.allowed_by(findings))


def build(
    findings: Findings,
    kind: str | None = None,
    lang: str | None = None,
    style: str | None = None,
    layout: str | None = None,
    prefer: Iterable[str] = (),
) -> Table:
    """How do these findings read as a journal table?

    Parameters
    ----------
    kind : str, optional
        A key of ``TABLES``: comparison, adjusted, changes, rungs (of a ladder), baseline (Table 1), balance,
        subgroups, coefficients, adjusted_means, estimates, tests, quantities, sensitivity, influential, attrition,
        reconciliation, ledger. By default the first of ``prefer``, then of ``TABLES``, that the findings allow.
    lang : {"en", "zh"}, optional
        By default the language of the findings.
    style : {"apa", "ama", "gbt"}, optional
        How numbers are written; by default the habit of the language.
    layout : {"outcomes", "groups"}, optional
        What stands in the rows of a comparison. By default outcomes in English, groups in Chinese, where up to five
        columns of outcomes fit beside each other.

    Raises
    ------
    OutputError
        For a table, layout, language or style that does not exist, or a table these findings do not allow.

    Examples
    --------
    >>> import society_effects as se
    >>> result = se.MemberComparison().fit(se.load_sample("clinical_skills_667"))
    >>> [cell.text for cell in build(result, "comparison", "zh").rows[0]][:3]
    ['社团组', '159', '79.79±7.62']
    """
    lang = lang or findings.lang
    _allowed("UNKNOWN_TABLE_LANGUAGE", lang, LANGUAGES, findings.lang)
    _allowed("UNKNOWN_NUMBER_STYLE", style, tuple(STYLES), lang)
    _allowed("UNKNOWN_TABLE", kind, tuple(TABLES), lang)
    chosen = TABLES[kind or _first(findings, prefer, lang)]
    if not chosen.allowed_by(findings):
        code = "TABLE_OF_OTHERS" if chosen.has_frames(findings) else "TABLE_NOT_POSSIBLE"
        told = {"table": chosen.kind, "needs": chosen.needs, "possible": possible(findings)}
        raise OutputError(code, lang=lang, hint=hint(chosen.kind, lang), **told)
    if layout is not None and layout not in chosen.layouts:
        raise OutputError("UNKNOWN_LAYOUT", lang=lang, layout=layout, table=chosen.kind, allowed=chosen.layouts)
    builder = import_module(f".{chosen.module}", __name__)
    name = number_style(style, lang).name
    table = builder.build(findings, lang, name, layout) if chosen.layouts else builder.build(findings, lang, name)
    if not isinstance(table, Table):
        raise TypeError(f"{chosen.module}.build returned {type(table).__name__}, not a Table")
    return table


def _first(findings: Findings, prefer: Iterable[str], lang: str) -> str:
    kinds = possible(findings)
    if not kinds:
        raise OutputError("NO_TABLE_POSSIBLE", lang=lang, found=tuple(findings.frames))
    return next((kind for kind in prefer if kind in kinds), kinds[0])


def _allowed(code: str, given: str | None, known: tuple[str, ...], lang: str) -> None:
    if given is not None and given not in known:
        raise OutputError(code, lang=lang, given=given, near=nearest(given, known), allowed=known)
