"""Findings for every kind of figure: what all of them must do is tried on these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from examples import comparison
from examples_of_adjustment import adjusted, ladder
from examples_of_kinds import answers, classes
from examples_of_waves import panel
from test_event_path import fitted

from society_effects.findings.findings import Findings

LEDGER = (("outcome_missing", 11), ("covariate_missing", 16))


def flow(
    outcomes: int = 1,
    groups: Sequence[str | None] = ("no", "yes"),
    general: Sequence[tuple[str, int]] = (),
    losses: Sequence[tuple[str, int]] = LEDGER,
    lang: str = "en",
    long_labels: bool = False,
    n: int = 334,
) -> Findings:
    """The ledger of a study: who was left out of all, and of each group on each outcome."""
    known = comparison(n=5, outcomes=outcomes, groups=("no", "yes"), lang=lang, long_labels=long_labels)
    left = n * len(groups) + sum(k for _, k in general)
    rows = [{"step": "data", "n_before": left, "n_dropped": 0, "n_after": left}]
    for step, k in general:
        rows.append({"step": step, "n_before": left, "n_dropped": k, "n_after": left - k})
        left -= k
    for outcome in known.labels.outcomes:
        for group in groups:
            now = n
            for step, k in losses:
                rows.append({"step": step, "outcome": outcome, "group": group, "n_before": now, "n_dropped": k})
                now -= k
                rows[-1] |= {"n_after": now}
            last = {"step": "analysed", "outcome": outcome, "group": group}
            rows.append(last | {"n_before": now, "n_dropped": 0, "n_after": now})
    ledger = {"ledger": pd.DataFrame(rows)}
    return Findings.of(known.design, ledger, labels=known.labels, provenance={"reference": "no"}, lang=lang)


def standardised(findings: Findings, measure: str = "d_average", sd: float = 9.0) -> Findings:
    """The same findings with standardised differences beside those in points."""
    rows = findings.frame("estimates")
    more = rows.assign(measure=measure, primary=False)
    columns = ["estimate", "std_error", "conf_low", "conf_high"]
    more[columns] = more[columns] / sd
    tables = dict(findings.frames) | {"estimates": pd.concat([rows, more])}
    known = dict(findings.provenance)
    return Findings.of(findings.design, tables, labels=findings.labels, provenance=known, lang=findings.lang)


def of_kind(kind: str, lang: str = "en", outcomes: int = 2) -> Findings:
    """Findings that this kind of figure can be drawn from."""
    if kind in ("contour", "adjusted_means", "subgroups", "balance", "coefficients"):
        return adjusted(outcomes=outcomes, lang=lang)
    if kind in ("change", "scatter"):
        return panel(outcomes=outcomes, lang=lang)
    made = {
        "likert": lambda: answers(5, lang=lang),
        "shares": lambda: answers(5, lang=lang, kind="nominal"),
        "cluster_means": lambda: classes(outcomes=outcomes, lang=lang),
        "agreement": lambda: panel(outcomes=outcomes, groups=("yes",), lang=lang),
        "sensitivity_path": lambda: panel(outcomes=outcomes, groups=("yes",), lang=lang),
        "event_path": lambda: replace(fitted(n=45), lang=lang),
        "ladder": lambda: ladder(outcomes=outcomes, lang=lang),
        "proportions": lambda: comparison(outcomes=0, binary=outcomes, lang=lang),
        "raincloud": lambda: comparison(outcomes=outcomes, density=True, lang=lang),
        "profile": lambda: standardised(comparison(outcomes=max(outcomes, 2), lang=lang)),
        "flow": lambda: flow(outcomes=outcomes, lang=lang),
    }
    return made.get(kind, lambda: comparison(outcomes=outcomes, lang=lang))()
