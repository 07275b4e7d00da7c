"""Each group described: Table 1 without a claim, and the group rows that every comparison shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ..errors import DesignError, nearest
from ..ordering import natural_order
from ..stats.differences import welch
from ..stats.effect_sizes import smd, smd_of_shares
from ..stats.moments import Moments, describe
from ..stats.ranks import mann_whitney
from ..stats.several_means import welch_anova
from ..stats.several_ranks import kruskal_wallis
from ..stats.two_by_two import pearson_chi2
from ..study.study import Study
from .common import Design, settle_names
from .draft import Draft
from .group_rows import describe_groups


@dataclass(frozen=True)
class Describe(Design):
    """Who are the members, and who are the non-members?

    Table 1, without a claim. Continuous variables as mean (SD), or as median (quartiles) where asked for; categorical
    ones as counts and shares; missing values are shown, never tested. The standardised mean difference says how far
    apart the groups are.

    Parameters
    ----------
    variables : sequence of str, optional
        Covariates and outcomes to describe; by default the covariates, or the outcomes where there are none.
    median : sequence of str, optional
        Continuous variables to be shown as median (first, third quartile).
    categorical : sequence of str, optional
        Variables coded by numbers whose numbers are only names (year 1 to 5).
    tests : bool, default False
        Also a P value per variable: Welch's t test, Mann-Whitney for medians, Pearson's chi-square for counts; of more
        than two groups one test of all of them (Welch's F, Kruskal-Wallis, Pearson). A P value does not show that
        groups are comparable; the standardised difference does.

    Notes
    -----
    Makes ``baseline``, ``groups`` and ``ledger``.

    References
    ----------
    Austin (2009) doi:10.1002/sim.3697. Yang and Dalton (2012), SAS Global Forum, paper 335.

    Examples
    --------
    >>> import society_effects as se
    >>> result = se.Describe(categorical=("year",)).fit(se.load_sample("clinical_skills_667"))
    >>> result.claim
    'description'
    """

    variables: tuple[str, ...] | None = None
    median: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    tests: bool = False

    key: ClassVar[str] = "describe"
    needs: ClassVar = "rows"
    makes: ClassVar[tuple[str, ...]] = ("baseline", "groups", "ledger")
    uses: ClassVar[frozenset[str]] = frozenset({"cluster", "site", "offset"})
    start_grade: ClassVar[str] = "F"

    def __post_init__(self) -> None:
        settle_names(self, "variables", "median", "categorical")

    def compare(self, study: Study, draft: Draft) -> None:
        """Describe every variable in every group."""
        table_one(draft, study, self.variables or study.covariate_names or self._outcomes(study), self)
        describe_groups(draft, study)
        draft.provenance |= {"member": study.member, "reference": study.reference}

    @staticmethod
    def _outcomes(study: Study) -> tuple[str, ...]:
        return tuple(o.column for o in study.outcomes)


def table_one(draft: Draft, study: Study, names: Sequence[str], how: Describe | None = None) -> None:
    """Write the rows of Table 1 for these variables."""
    how = how or Describe()
    for name in names:
        values = _variable(study, name)
        if name in how.categorical or not pd.api.types.is_numeric_dtype(values) or values.nunique() <= 2:
            _categorical(draft, study, name, values, how.tests)
        else:
            _continuous(draft, study, name, values.to_numpy(dtype=float), name in how.median, how.tests)
    if how.tests:
        draft.check("BASELINE_TESTS")


def _variable(study: Study, name: str) -> pd.Series:
    outcomes = [o.column for o in study.outcomes]
    if name in outcomes:
        return pd.Series(study.matrix([name])[:, 0])
    if name not in study.covariate_names:
        known = [*study.covariate_names, *outcomes]
        raise DesignError("UNKNOWN_VARIABLE", variable=name, near=nearest(name, known), known=tuple(known))
    return study.units[name].reset_index(drop=True)


def _continuous(draft: Draft, study: Study, name: str, values: np.ndarray, median: bool, tests: bool) -> None:
    described = describe(values[:, None], study.group_codes, len(study.levels))
    keys = {"variable": name, "kind": "continuous", "method": "median_quartiles" if median else "mean_sd"}
    paired = tests and len(study.levels) == 2
    compare = partial(_compare_values, values, median=median, tests=paired)
    for j, level in enumerate(study.levels):
        columns = {key: getattr(described, key)[0, j] for key in ("n", "missing", "mean", "sd", "median", "q1", "q3")}
        draft.row("baseline", group=level, **keys, **columns, **_compared(study, level, compare))
    if len(study.levels) > 2:
        tested = _test_of_all(values, study.group_codes, median) if tests else {}
        draft.row("baseline", **keys, **_largest(study, compare), **tested)


def _compare_values(values: np.ndarray, member: np.ndarray, other: np.ndarray, median: bool, tests: bool) -> dict:
    first, second = (values[arm & ~np.isnan(values)] for arm in (member, other))
    moments = [Moments.of(v) for v in (first, second)]
    compared: dict[str, Any] = {"smd": smd(*moments)}
    if tests and median:
        compared |= {"p_test": mann_whitney(first, second).p_value, "test": "mann_whitney"}
    elif tests:
        compared |= {"p_test": welch(*moments).p_value, "test": "welch"}
    return compared


def _categorical(draft: Draft, study: Study, name: str, values: pd.Series, tests: bool) -> None:
    present = values.dropna()
    ordered = values.cat.categories if isinstance(values.dtype, pd.CategoricalDtype) else _sorted(present)
    categories = [c for c in ordered if (present == c).any()]
    counts = np.array([[(values[study.arm(level)] == c).sum() for c in categories] for level in study.levels])
    compare = partial(_compare_counts, values, categories=categories, tests=tests and len(study.levels) == 2)
    for j, level in enumerate(study.levels):
        n = int(counts[j].sum())
        keys = {"variable": name, "group": level, "kind": "nominal", "method": "count_share"}
        compared = _compared(study, level, compare)
        draft.row("baseline", n=n, missing=int(study.arm(level).sum()) - n, **keys, **compared)
        for k, category in enumerate(categories):
            share = counts[j, k] / n if n else np.nan
            draft.row("baseline", category=_text(category), n=n, events=int(counts[j, k]), share=share, **keys)
    if len(study.levels) > 2:
        tested = {"p_test": pearson_chi2(counts).p_value, "test": "pearson_chi2"} if tests else {}
        keys = {"variable": name, "kind": "nominal", "method": "count_share"}
        draft.row("baseline", **keys, **_largest(study, compare), **tested)


def _sorted(values: pd.Series) -> list[Any]:
    """The different values as people count them: numbers by their size, names by the numbers in them."""
    is_text = not pd.api.types.is_numeric_dtype(values)
    return natural_order(values.unique()) if is_text else sorted(values.unique())


def _compare_counts(values: pd.Series, member: np.ndarray, other: np.ndarray, categories: list, tests: bool) -> dict:
    table = np.array([[(values[arm] == c).sum() for c in categories] for arm in (member, other)])
    compared: dict[str, Any] = {"smd": smd_of_shares(table[0], table[1])}
    if tests:
        compared |= {"p_test": pearson_chi2(table).p_value, "test": "pearson_chi2"}
    return compared


def _compared(study: Study, level: str, compare: Any) -> dict[str, Any]:
    """The standardised difference (and P) of this level against the reference, on the row of the level."""
    if level == study.reference or len(study.levels) < 2:
        return {}
    return {"reference": study.reference} | compare(study.arm(level), study.arm(study.reference))


def _largest(study: Study, compare: Any) -> dict[str, Any]:
    """The largest absolute standardised difference between any two groups."""
    pairs = ((study.arm(later), study.arm(earlier)) for earlier, later in combinations(study.levels, 2))
    sizes = [abs(compare(*pair)["smd"]) for pair in pairs]
    return {"smd": float(np.nanmax(sizes)) if not np.isnan(sizes).all() else np.nan}


def _test_of_all(values: np.ndarray, codes: np.ndarray, median: bool) -> dict[str, Any]:
    """The test of all groups at once."""
    seen = ~np.isnan(values)
    if median:
        found = kruskal_wallis(values[seen], codes[seen])
    else:
        described = describe(values[seen, None], codes[seen], codes.max() + 1)
        found = welch_anova(Moments(described.n[0], described.mean[0], described.sd[0]))
    return {"p_test": found.p_value, "test": found.method}


def _text(category: Any) -> str:
    return str(int(category)) if isinstance(category, float) and category.is_integer() else str(category)
