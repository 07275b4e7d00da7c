"""Which study is left for some students, one site or one wave? Derived studies keep the declared levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import StudyError, nearest
from .columns import as_tuple, shortened
from .outcome import as_text
from .students import with_waves_resolved

if TYPE_CHECKING:
    from .study import Study


def at_site(study: Study, site: Any) -> Study:
    """The students of one site."""
    units = study._known.units
    if study.site is None:
        raise StudyError("NO_SITES", lang=study.lang)
    sites = tuple(dict.fromkeys(units["site"]))
    if as_text(site) not in sites:
        raise StudyError("UNKNOWN_SITE", lang=study.lang, site=as_text(site), sites=sites)
    return study._chosen((units["site"] == as_text(site)).to_numpy(), "selected", as_text(site))


def at_wave(study: Study, wave: Any) -> Study:
    """The study of one wave, with the membership of that wave."""
    name = as_text(wave)
    if not study.waves:
        raise StudyError("NO_WAVES", lang=study.lang)
    if name not in study.waves:
        raise StudyError("UNKNOWN_WAVE", lang=study.lang, wave=name, waves=study.waves)
    rows, outcomes = with_waves_resolved(study._known, study.outcomes, name)
    derived = study._derived(_rows=rows, outcomes=outcomes, waves=(), _at=name)
    known = rows.groups[None] >= 0
    return derived if known.all() else derived._chosen(known, "group_missing", "no_row")


def at_group(study: Study, level: Any, wave: Any = None) -> Study:
    """The students of one group, by their membership at a wave; by default the last that is known of each."""
    text, units = as_text(level), study._known.units
    known = study.arm(level) if wave is None else _arm_at(study, text, as_text(wave))
    return study if known.all() or not len(units) else study._chosen(known, "selected", text)


def _arm_at(study: Study, level: str, wave: str) -> NDArray[np.bool_]:
    codes = study._known.groups.get(wave, study.group_codes)
    return codes == study.levels.index(level)


def complete_in(study: Study, columns: Any) -> Study:
    """The students who have a value in each of these covariates or outcomes."""
    outcomes = [o.column for o in study.outcomes]
    for name in as_tuple(columns):
        units = study._known.units
        kept = next((role for role in ("cluster", "site", "joined", "offset") if getattr(study, role) == name), name)
        if kept in units.columns:
            seen = units[kept].notna().to_numpy()
        elif name in outcomes:
            seen = study._scores(name).reason < 0
        else:
            known = [*units.columns, *outcomes]
            near, columns = nearest(name, known), shortened(known)
            raise StudyError("UNKNOWN_COLUMN", lang=study.lang, column=name, near=near, columns=columns)
        if not seen.all():
            study = study._chosen(seen, "covariate_missing", name)
    return study


def pairs_table(study: Study, outcome: str, first: Any, last: Any) -> pd.DataFrame:
    """Each student's score at two waves, with the group at the last."""
    everyone = study._known.units
    units = at_wave(study, last)._known.units if study.group else everyone
    table = units[[name for name in ("group", "cluster") if name in units]].copy()
    for name, wave in (("first", first), ("last", last)):
        table[name] = pd.Series(study._scores(outcome, wave).values, index=everyone.index).reindex(table.index)
    return table
