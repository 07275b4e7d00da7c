"""What is looked at once all roles are known? The last checks before a study stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ..errors import StudyError, nearest
from ..language.catalogue import LANGUAGES, catalogue
from .before_joining import check_before_joining
from .ledger import Step, outcome_steps

if TYPE_CHECKING:
    from .study import Study


def check_language(lang: str) -> str:
    """Is this a language of the library?"""
    if lang not in LANGUAGES:
        raise StudyError("UNKNOWN_LANGUAGE", lang="en", given=str(lang))
    return lang


def check_missing_rule(missing: str) -> str:
    """Is this one of the two rules for missing scores?"""
    if missing not in ("complete", "error"):
        raise StudyError("MISSING_RULE", missing=str(missing))
    return missing


def check_study(study: Study) -> None:
    """Do totals name outcomes or columns that exist, and is nothing missing where nothing may be?"""
    known = [o.column for o in study.outcomes]
    known += [] if study._rows is None else [c for c in study._rows.data.columns if c not in known]
    for outcome in study.outcomes:
        for part in outcome.parts:
            if part not in known or part == outcome.column:
                raise StudyError("UNKNOWN_PART", column=outcome.column, part=part, near=nearest(part, known))
    response = study.about.response
    strange = [key for key in response if key not in study.levels] if isinstance(response, Mapping) else []
    if strange:
        raise StudyError("ABOUT_VALUE", fact="response", value=strange[0], allowed=" | ".join(study.levels))
    check_before_joining(study)
    if study.missing == "error":
        dropped = study.ledger[study.ledger["n_dropped"] > 0]
        for step in dropped.to_dict("records"):
            column = step["outcome"] if isinstance(step["outcome"], str) else study.group
            reason = catalogue(study.lang).get(f"study.reasons.{step['reason']}", step["reason"])
            raise StudyError("MISSING_REFUSED", column=column, count=step["n_dropped"], reason=reason)


def summary_steps(cells: pd.DataFrame, outcomes: list[str], groups: tuple[str, ...]) -> list[Step]:
    """The ledger of a study that is known by its printed table only."""
    each = cells.drop_duplicates(["outcome", "group"]).set_index(["outcome", "group"])
    each["missing"] = each["missing"].fillna(0)
    sizes = (each["n"] + each["missing"]).groupby(level="group").max()
    steps = [Step("data", None, int(sizes.sum()), 0)]
    for outcome in outcomes:
        for group in groups:
            if (outcome, group) not in each.index:
                steps += outcome_steps(outcome, group, 0, {})
                continue
            n, missing = (int(each.loc[(outcome, group), name]) for name in ("n", "missing"))
            unstated = int(sizes[group]) - n - missing
            reasons = {"empty": missing, "not_in_table": unstated}
            steps += outcome_steps(outcome, group, int(sizes[group]), {r: k for r, k in reasons.items() if k})
    return steps
