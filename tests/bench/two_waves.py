"""How fast is a table of changes, from the data frame on, against pingouin's paired tests?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

import society_effects as se

STUDENTS, SCALES = 1000, ("identity", "empathy", "skills", "teamwork")
RNG = np.random.default_rng(2)
BEFORE = {f"{name}_before": RNG.normal(60, 8, STUDENTS) for name in SCALES}
TABLE = pd.DataFrame(BEFORE | {name: 0.6 * BEFORE[f"{name}_before"] + RNG.normal(27, 6, STUDENTS) for name in SCALES})


def ours() -> pd.DataFrame:
    """Changes with intervals, both standardised changes, correlations and limits of agreement, adjusted by Holm."""
    study = se.Study(TABLE, baseline={name: f"{name}_before" for name in SCALES})
    return se.PrePost().fit(study).estimates


def pingouin_loop() -> pd.DataFrame:
    """Paired t test with interval, one standardised change, the correlation, Holm."""
    import pingouin as pg

    rows = []
    for name in SCALES:
        before, after = TABLE[f"{name}_before"], TABLE[name]
        test = pg.ttest(after, before, paired=True)
        size = pg.compute_effsize(after, before, paired=True, eftype="cohen")
        rows.append(test.assign(d=size, r=pg.corr(before, after)["r"].iloc[0]))
    table = pd.concat(rows)
    p_column = next(name for name in table if name.lower().replace("-", "_").startswith("p_v"))
    return table.assign(adjusted=pg.multicomp(table[p_column].tolist(), method="holm")[1])


def rows(interleaved: Callable[..., dict[str, float]]) -> list[tuple[str, str, str]]:
    """The lines of the page."""
    found = interleaved({"ours": ours, "pingouin": pingouin_loop}, repeats=9)
    ratio = found["pingouin"] / found["ours"]
    return [("pre/post table, 1,000 rows x 4 outcomes: pingouin loop / ours", f"{ratio:.1f}", "–")]
