"""What must be said below a table of coefficients? What B is, its standard errors, where covariates are centred."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..findings.lookup import matching
from ..findings.naming import INTERCEPT
from ..language.numbers import undefined
from .coefficient_models import FIT, Model
from .formats import Format
from .notes import Notes

CENTRED = {"adj_diff_members": "members", "adj_diff_all": "all"}
"""Estimand of the answer -> at whose means its covariates are centred."""
CENTRED_MODELS = ("adjusted",)


def explain(models: Sequence[Model], form: Format, notes: Notes) -> None:
    """Add the notes."""
    notes.add("coefficient")
    for link, key in (("logit", "odds_conditional"), ("log", "rates_conditional")):
        if any(model.link == link for model in models):
            notes.add(key)
    for method, names in _by_method(models).items():
        if len({model.method for model in models}) == 1:
            notes.add("std_errors", method=method)
        else:
            notes.add("std_errors_of", outcomes=names, method=method)
    centred = {_centred_at(model, notes) for model in models if INTERCEPT in model.terms}
    for key in sorted(where for where in centred if where):
        notes.add(f"centred.{key}", group=_group(models, notes))
    if any(model.hidden for model in models):
        notes.add("classes_hidden")
    if any(what in model.fit for model in models for what in FIT):
        notes.add("fit")
    clusters = {int(model.n_clusters) for model in models if not undefined(model.n_clusters)}
    if len(clusters) == 1:
        notes.add("clusters", k=clusters.pop())


def _by_method(models: Sequence[Model]) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for model in models:
        named.setdefault(model.method, []).append(model.name)
    return named


def _centred_at(model: Model, notes: Notes) -> str:
    """At whose means are the covariates of this regression centred? Empty where it is not known."""
    if model.key not in CENTRED_MODELS or not notes.findings.has("estimates"):
        return ""
    keys = {"outcome": model.outcome, "group": model.group, "reference": model.reference}
    rows: pd.DataFrame = matching(notes.findings.frame("estimates"), "estimates", keys)
    found = {CENTRED.get(str(e), "") for e in rows[rows["primary"]]["estimand"]}
    return found.pop() if len(found) == 1 else ""


def _group(models: Sequence[Model], notes: Notes) -> str:
    labels = notes.findings.labels
    names = dict.fromkeys(labels.level(str(model.group), notes.form.lang) for model in models)
    return notes.form.words.get("terms.list_separator").join(names)
