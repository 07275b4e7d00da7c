"""What are the coefficients of each regression? Reads: coefficients (quantities, estimates).

Up to three regressions stand side by side; more follow one below the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..findings.digits import digits_of_coefficient, digits_of_ratio
from ..findings.findings import Findings
from ..findings.naming import INTERCEPT, term_heading
from ..language.numbers import DASH, undefined
from .blocks import Tested
from .coefficient_models import FIT, Model, models_of
from .coefficient_notes import explain
from .comparison_cells import df_text, one_symbol, p_cell, statistic_cell, symbol, with_interval
from .formats import Format, headed, label
from .notes import Notes
from .table import Cell, Run, Table

Row = tuple[Cell, ...]
MOST_BESIDE = 3
"""So many regressions stand side by side."""
RATIOS = {"logit": "odds", "log": "rates"}
"""Link -> what the exponential of a coefficient is a ratio of."""


def build(findings: Findings, lang: str, style: str) -> Table:
    """Which coefficients, with standard errors and intervals, has each regression?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    models = models_of(findings, lang)
    if len(models) <= MOST_BESIDE:
        header, rows = _beside(models, form, notes)
    else:
        header, rows = _below(models, form, notes)
    explain(models, form, notes)
    return Table(form.say("titles.coefficients"), header, rows, notes.all(), lang, style, "coefficients")


def _beside(models: Sequence[Model], form: Format, notes: Notes) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """One row per term, one block of columns per regression."""
    keys = [_keys([model], full=len(models) == 1) for model in models]
    terms = list(dict.fromkeys(term for model in models for term in model.terms))
    rows = [_term_row(term, models, keys, form, notes) for term in terms]
    for what in _fitted(models):
        cells = [cell for model, own in zip(models, keys, strict=True) for cell in _fit_cells(model, what, own, form)]
        rows.append((label(form.rich(f"fit.{what}")), *cells))
    heads = [_heads(model_keys, [model], form) for model, model_keys in zip(models, keys, strict=True)]
    if len(models) == 1:
        return ((label(form.say("columns.term")), *heads[0]),), tuple(rows)
    names = [headed(model.name, span=len(own)) for model, own in zip(models, keys, strict=True)]
    top = (label(form.say("columns.term"), depth=2), *names)
    return (top, tuple(head for own in heads for head in own)), tuple(rows)


def _below(models: Sequence[Model], form: Format, notes: Notes) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """One regression after the other, each below its name."""
    keys = _keys(models, full=True)
    rows: list[Row] = []
    for model in models:
        rows.append((label(model.name), *(Cell() for _ in keys)))
        rows += [_term_row(term, [model], [keys], form, notes, indent=1) for term in model.terms]
        for what in _fitted([model]):
            rows.append((label(form.rich(f"fit.{what}"), indent=1), *_fit_cells(model, what, keys, form)))
    return ((label(form.say("columns.outcome_term")), *_heads(keys, models, form)),), tuple(rows)


def _keys(models: Sequence[Model], full: bool) -> list[str]:
    """Which columns do these regressions share? full : with the test statistic."""
    ratio = any(model.link in RATIOS for model in models)
    shown = {"b": True, "se": True, "ratio": ratio, "statistic": full, "p": True}
    return [key for key, is_shown in shown.items() if is_shown]


def _heads(keys: Sequence[str], models: Sequence[Model], form: Format) -> list[Cell]:
    level = float(next(iter(models[0].terms.values()))["conf_level"])
    links = {RATIOS[model.link] for model in models if model.link in RATIOS}
    tested = [model.tested(term) for model in models for term in model.terms]
    made = {
        "b": with_interval(form.rich("columns.coefficient"), level, form),
        "se": form.rich("columns.std_error"),
        "ratio": with_interval(
            form.rich(f"columns.ratio_of.{links.pop() if len(links) == 1 else 'either'}"), level, form
        ),
        "statistic": _statistic_heading(tested, form),
        "p": form.rich("columns.p"),
    }
    return [headed(made[key]) for key in keys]


def _statistic_heading(tested: Sequence[Tested], form: Format) -> tuple[Run, ...]:
    known = [one for one in tested if not undefined(one.statistic)]
    if not known or len({one.statistic_name for one in known}) > 1:
        return form.rich("columns.statistic")
    df = (Run(" ("), *form.rich("symbols.df"), Run(")")) if df_text(known[0], form) else ()
    return (*symbol(known[0], form), *df)


def _term_row(
    term: str, models: Sequence[Model], keys: Sequence[Sequence[str]], form: Format, notes: Notes, indent: int = 0
) -> Row:
    contrasts = {(model.group, model.reference) for model in models}
    group, reference = contrasts.pop() if len(contrasts) == 1 else (None, None)
    name = term_heading(term, notes.findings.labels, form.lang, group, reference)
    cells = [
        _cell(key, model, term, form, notes) if term in model.terms else Cell(DASH)
        for model, own in zip(models, keys, strict=True)
        for key in own
    ]
    return (label(name, indent=indent), *cells)


def _cell(key: str, model: Model, term: str, form: Format, notes: Notes) -> Cell:
    row = model.terms[term]
    places = digits_of_coefficient(row)
    if key == "b":
        return form.interval(row["estimate"], row["conf_low"], row["conf_high"], places)
    if key == "se":
        return form.number(row["std_error"], places)
    if key == "ratio":
        return _ratio(model, term, form)
    tested = model.tested(term)
    if key == "statistic":
        return statistic_cell(tested, form, notes, named=not one_symbol_of(model))
    return p_cell(tested, form, notes, adjusted=False)


def one_symbol_of(model: Model) -> bool:
    """Do the statistics of this regression share their symbol?"""
    return one_symbol([model.tested(term) for term in model.terms])


def _ratio(model: Model, term: str, form: Format) -> Cell:
    """The exponential of a coefficient; of the constant it is no ratio."""
    row = model.terms[term]
    if model.link not in RATIOS or term == INTERCEPT:
        return Cell(DASH)
    numbers = [math.nan if undefined(row[k]) else math.exp(row[k]) for k in ("estimate", "conf_low", "conf_high")]
    return form.interval(numbers[0], numbers[1], numbers[2], digits_of_ratio(numbers[1], numbers[2]))


def _fitted(models: Sequence[Model]) -> list[str]:
    return ["n", *(what for what in FIT if any(what in model.fit for model in models))]


def _fit_cells(model: Model, what: str, keys: Sequence[str], form: Format) -> list[Cell]:
    value = model.fit.get(what)
    cell = form.count(model.n) if what == "n" else Cell(DASH) if value is None else form.number(value, 3)
    return [cell, *(Cell() for _ in keys[1:])]
