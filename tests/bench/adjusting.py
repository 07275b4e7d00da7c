"""How fast is an adjusted comparison against the regressions of other packages, which give one coefficient?

Those which are not installed (pyfixest, marginaleffects: heavy, and of use here alone) are left out.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from society_effects.stats.adjusted_difference import adjusted_difference
from society_effects.stats.standardisation import standardised_shares

COVARIATES = ["prior", "motivation", "age"]
FORMULA = "score ~ member * (prior + motivation + age)"


def cohort(n: int, classes: int = 100) -> pd.DataFrame:
    """Scores, answers, three covariates and classes, the covariates around the members' means."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(n, 3))
    member = rng.random(n) < 1 / (1 + np.exp(1 - 0.5 * x[:, 0]))
    x -= x[member].mean(axis=0)
    score = 70 + x @ [5.0, 3.0, 1.0] + 2 * member + rng.normal(0, 6, n)
    columns = dict(zip(COVARIATES, x.T, strict=True))
    passed = (score > 70).astype(int)
    return pd.DataFrame(
        columns | {"member": member.astype(int), "score": score, "passed": passed, "room": rng.integers(0, classes, n)}
    )


def linear(table: pd.DataFrame, clusters: bool) -> dict[str, Callable[[], Any]]:
    """The same coefficient with HC3, or with classes, by us and by others."""
    import statsmodels.formula.api as smf

    x, rooms = table[COVARIATES].to_numpy(), table["room"].to_numpy()
    kinds: dict[str, Any] = {"cov_type": "cluster", "cov_kwds": {"groups": rooms}} if clusters else {"cov_type": "HC3"}
    vcov: Any = {"CRV1": "room"} if clusters else "HC3"
    calls: dict[str, Callable[[], Any]] = {
        "ours": lambda: adjusted_difference(table["score"], table["member"], x, clusters=rooms if clusters else None),
        "statsmodels": lambda: smf.ols(FORMULA, table).fit(use_t=True, **kinds).bse,
    }
    if importlib.util.find_spec("pyfixest") is not None:
        import pyfixest

        calls["pyfixest"] = lambda: pyfixest.feols(FORMULA, table, vcov=vcov)
    return calls


def standardised(table: pd.DataFrame) -> dict[str, Callable[[], Any]]:
    """The standardised difference of shares with its standard error."""
    import statsmodels.formula.api as smf

    x = table[COVARIATES].to_numpy()
    calls: dict[str, Callable[[], Any]] = {"ours": lambda: standardised_shares(table["passed"], table["member"], x)}
    if importlib.util.find_spec("marginaleffects") is not None:
        import marginaleffects

        def theirs() -> Any:
            fit = smf.logit(FORMULA.replace("score", "passed"), table).fit(disp=0)
            return marginaleffects.avg_comparisons(fit, variables="member")

        calls["marginaleffects"] = theirs
    return calls


def rows(interleaved: Callable[..., dict[str, float]]) -> list[tuple[str, str, str]]:
    """The lines of the page."""
    lines = []
    for n, repeats in ((667, 15), (100_000, 5)):
        table = cohort(n)
        for clusters, kind in ((False, "HC3"), (True, "classes (ours CR2, theirs CR1)")):
            found = interleaved(linear(table, clusters), repeats=repeats)
            for rival in list(found)[1:]:
                text = f"Lin's regression, n = {n:,}, {kind}: {rival} formula / ours"
                lines.append((text, f"{found[rival] / found['ours']:.1f}", "–"))
    found = interleaved(standardised(cohort(667)), repeats=9)
    if "marginaleffects" in found:
        ratio = f"{found['marginaleffects'] / found['ours']:.1f}"
        lines.append(("standardised shares with standard error, n = 667: marginaleffects / ours", ratio, "–"))
    return lines
