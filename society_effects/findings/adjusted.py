"""What belongs to an adjusted answer: the unadjusted one beside it, and what it is adjusted for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from .findings import Findings
from .lookup import matching
from .naming import INTERCEPT, MEMBER, OF_CLASS

UNADJUSTED = {
    "adjusted_mean_difference": "mean_difference",
    "adjusted_share_difference": "risk_difference",
    "adjusted_rate_ratio": "rate_ratio",
    "adjusted_rate_difference": "rate_difference",
    "adjusted_superiority": "probability_of_superiority",
}
"""Adjusted measure -> the same number without adjustment."""
SAME_IN_CLASS = ("SAME_IN_CLASS", "SAME_IN_CLASS_CROSSED")
"""Checks that name what all students of a class are alike in."""
IN_BRACKETS = re.compile(r"(?<=.)\[[^\[\]]*\]")


def unadjusted_row(findings: Findings, row: Mapping[str, Any] | pd.Series) -> pd.Series | None:
    """Which row of ``estimates`` is the unadjusted number beside this adjusted one? None where there is none."""
    estimates = findings.frame("estimates")
    keys = {key: row[key] for key in ("design", "outcome", "group", "reference", "wave", "site")}
    found = matching(estimates[estimates["by"].isna()], "estimates", keys)
    found = found[found["measure"] == UNADJUSTED.get(row["measure"])]
    return found.iloc[0] if len(found) else None


def adjusted_for(findings: Findings, outcome: str, group: str | None = None) -> tuple[str, ...]:
    """Which variables and terms is this outcome adjusted for? Categories and splines count once; empty if unknown."""
    keys = {"outcome": outcome, "group": group}
    for name, columns_of in (("coefficients", _columns_of_model), ("balance", _columns_of_balance)):
        if findings.has(name):
            terms = _terms(columns_of(matching(findings.frame(name), name, keys)))
            if terms:
                return _with_same_in_class(findings, outcome, group, terms)
    return tuple(findings.settings.get("covariates") or ())


def _with_same_in_class(findings: Findings, outcome: str, group: str | None, terms: tuple[str, ...]) -> tuple[str, ...]:
    """Also what classmates are alike in already, which has no coefficient; in the order of the covariates."""
    told = [c for c in findings.checks if c.key in SAME_IN_CLASS and c.outcome == outcome and c.group in (None, group)]
    alike = _terms(name for check in told for name in check.values["names"])
    if not alike:
        return terms
    order = _terms(_columns_of_balance(findings.frame("balance"))) if findings.has("balance") else ()
    places = {term: place for place, term in enumerate(order)}
    return tuple(sorted(dict.fromkeys((*terms, *alike)), key=lambda term: places.get(term, len(places))))


def terms_in(adjusted_for: str | None) -> list[str]:
    """Which terms does a text hold that separates them by commas? Commas inside brackets separate nothing.

    >>> terms_in("sex, bs(prior_score, 4)")
    ['sex', 'bs(prior_score, 4)']
    """
    found, depth = [""], 0
    for sign in adjusted_for or "":
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            found.append("")
        else:
            found[-1] += sign
    return [term.strip() for term in found if term.strip()]


def column_of_balance(row: Mapping[str, Any] | pd.Series) -> str:
    """The column of a regression that a row of ``balance`` is about: variable and category in one, as in sex[male].

    >>> column_of_balance({"variable": "sex", "category": "male]:year"})
    'sex[male]:year'
    """
    variable, category = str(row["variable"]), row["category"]
    if category is None:
        return variable
    whole = f"{variable}[{category}"
    return whole + "]" * (whole.count("[") - whole.count("]"))


def is_of_classes(term: str) -> bool:
    """Does this column of a regression stand for the classes?"""
    return term.startswith(OF_CLASS)


def _columns_of_model(rows: pd.DataFrame) -> list[str]:
    return list(rows.loc[rows["model"].isin(("adjusted", "parallel")), "term"])


def _columns_of_balance(rows: pd.DataFrame) -> list[str]:
    return [column_of_balance(row) for _, row in rows.iterrows()]


def _terms(columns: Iterable[str]) -> tuple[str, ...]:
    """The terms behind columns, without the constant, membership and its products, and classes."""
    own = (c for c in columns if c not in (INTERCEPT, MEMBER) and not c.startswith(f"{MEMBER}:"))
    return tuple(dict.fromkeys(IN_BRACKETS.sub("", c) for c in own if not is_of_classes(c)))
