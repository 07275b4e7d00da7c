"""Which regressions are there, and what is known of each? Reads coefficients, quantities and estimates."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..findings.adjusted import is_of_classes
from ..findings.findings import Findings
from ..findings.lookup import matching
from ..findings.naming import contrast_name, row_headings
from ..language.catalogue import catalogue
from .blocks import Tested

OF_A_MODEL = ("outcome", "model", "group", "reference", "wave", "site", "by", "level", "design")
FIT = ("r_squared", "adjusted_r_squared")
"""Quantities of a regression as a whole."""


@dataclass(frozen=True)
class Model:
    """One regression: its name, its coefficients by term, its fit.

    link : identity, log or logit. hidden : whether it has terms for classes, which are not shown.
    """

    name: str
    outcome: str
    key: str
    group: str | None
    reference: str | None
    link: str
    terms: dict[str, pd.Series]
    fit: dict[str, float]
    hidden: bool
    n_clusters: float

    @property
    def method(self) -> str:
        """How its standard errors were made."""
        return str(next(iter(self.terms.values()))["method"])

    @property
    def n(self) -> int:
        """How many students it rests on."""
        return int(max(row["n"] for row in self.terms.values()))

    def tested(self, term: str) -> Tested:
        """The test of one coefficient."""
        row = self.terms[term]
        return Tested(
            self.outcome,
            str(row["method"]),
            row["statistic_name"],
            row["statistic"],
            row["df"],
            float("nan"),
            row["p_value"],
            float("nan"),
            None,
            self.n_clusters,
        )


def models_of(findings: Findings, lang: str) -> list[Model]:
    """All regressions, in their order, named by what tells them apart."""
    frame = findings.frame("coefficients")
    keys = [key for key in OF_A_MODEL if key in frame]
    parts = [own for _, own in frame.groupby(keys, sort=False, dropna=False)]
    firsts = pd.DataFrame([own.iloc[0][keys] for own in parts], dtype=object).reset_index(drop=True)
    names = row_headings(firsts[["outcome", *(k for k in ("site", "by", "level") if k in keys)]], findings.labels, lang)
    return [
        _model(findings, own, _named(name, own.iloc[0], firsts, findings, lang))
        for name, own in zip(names, parts, strict=True)
    ]


def _named(name: str, row: pd.Series, firsts: pd.DataFrame, findings: Findings, lang: str) -> str:
    """The outcome, with the regression and the contrast where there are several."""
    words = catalogue(lang)
    parts = [name]
    if firsts["model"].nunique() > 1:
        parts.append(words.get(f"tables.models.{row['model']}"))
    if firsts[["group", "reference"]].drop_duplicates().shape[0] > 1:
        parts.append(contrast_name(row["group"], row["reference"], findings.labels, lang))
    return words.get("terms.list_separator").join(parts)


def _model(findings: Findings, own: pd.DataFrame, name: str) -> Model:
    first = own.iloc[0]
    shown = own[[not is_of_classes(term) for term in own["term"]]]
    return Model(
        name,
        str(first["outcome"]),
        str(first["model"]),
        first["group"],
        first["reference"],
        str(first["link"]),
        {str(row["term"]): row for _, row in (shown if len(shown) else own).iterrows()},
        _fit(findings, first),
        len(shown) < len(own),
        _clusters(findings, first),
    )


def _fit(findings: Findings, first: pd.Series) -> dict[str, float]:
    if not findings.has("quantities"):
        return {}
    found = matching(findings.frame("quantities"), "quantities", first.drop("design"))
    found = found[found["quantity"].isin(FIT) & (found["term"] == first["model"])]
    return {str(row["quantity"]): float(row["value"]) for _, row in found.iterrows()}


def _clusters(findings: Findings, first: pd.Series) -> float:
    if not findings.has("estimates"):
        return float("nan")
    found = matching(findings.frame("estimates"), "estimates", first.drop("design"))["n_clusters"].dropna()
    return float(found.max()) if len(found) else float("nan")
