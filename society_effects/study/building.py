"""What goes into a Study? Everything it holds, from the rows of a file or from a printed table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .about import about_from
from .cells import cells_frame, read_cells
from .columns import to_frame
from .display_names import labels_from, with_labels
from .membership import settle_levels
from .outcome import Outcome, outcomes_from
from .roles import settle_roles
from .rows import read_rows
from .settling import check_missing_rule

SINGLE_ROLES = ("unit", "wave", "joined", "cluster", "site", "offset")
Content = dict[str, Any]


def content_from_rows(data: Any, lang: str, given: Mapping[str, Any]) -> Content:
    """What is known from a table with one row per student (and wave)? ``given``: the arguments of ``Study``."""
    single = {role: given[role] for role in SINGLE_ROLES}
    shape = {name: given[name] for name in ("outcomes", "covariates", "baseline", "waves", "group")}
    frame = to_frame(data)
    roles = settle_roles(frame, **shape, **single)
    wanted = {"member": given["member"], "reference": given["reference"], "declared": given["levels"]}
    rows, read = read_rows(frame, roles, given["missing_codes"], **wanted)
    content = {
        "group": roles.group,
        "member": read.member,
        "reference": read.reference,
        "levels": read.levels,
        "ordered": given["levels"] is not None,
        "covariates": dict(roles.covariates),
        "waves": read.waves,
        "missing": check_missing_rule(given["missing"]),
        "notes": tuple(read.notes),
        "_rows": rows,
        "_cells": None,
        "_steps": read.steps,
        "_given": {name: given[name] for name in ("baseline", "waves", "missing_codes")} | single,
    }
    content |= {role: getattr(roles, role) for role in SINGLE_ROLES}
    return content | _shared(read.outcomes, given, lang)


def content_from_summary(table: Any, lang: str, given: Mapping[str, Any]) -> Content:
    """What is known from a printed table with one row per outcome and group?"""
    rows, outcomes = read_cells(to_frame(table), outcomes_from(given["outcomes"]))
    found = list(dict.fromkeys(row["group"] for row in rows))
    levels, member, reference = settle_levels(
        found, given["group"], given["member"], given["reference"], given["levels"]
    )
    names = [outcome.column for outcome in outcomes]
    rows.sort(key=lambda row: (names.index(row["outcome"]), levels.index(row["group"])))
    content: Content = dict.fromkeys(SINGLE_ROLES)
    content |= {
        "group": str(given["group"]),
        "member": member,
        "reference": reference,
        "levels": levels,
        "ordered": given["levels"] is not None,
        "covariates": {},
        "waves": (),
        "missing": "complete",
        "notes": (),
        "_rows": None,
        "_cells": cells_frame(rows),
        "_steps": (),
        "_given": {},
    }
    return content | _shared(outcomes, given, lang)


def _shared(outcomes: tuple[Outcome, ...], given: Mapping[str, Any], lang: str) -> Content:
    words = labels_from(given["labels"])
    outcomes = with_labels(outcomes, words)
    return {
        "outcomes": outcomes,
        "labels": words | labels_from({o.column: o.label for o in outcomes if o.label}),
        "about": about_from(given["about"]),
        "lang": lang,
        "source": {},
        "_measured": outcomes,
        "_at": None,
    }
