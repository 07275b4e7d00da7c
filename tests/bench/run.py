"""How fast is the public call, as a ratio to the alternatives in the same run? Written to ``docs/benchmarks.md``.

Absolute times mean nothing on a shared machine; every figure is a ratio of medians of interleaved runs.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import adjusting
import mixed_models
import numpy as np
import outputs
import pandas as pd
import resampling
import two_waves

import society_effects as se

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
OUTCOMES = ["physical", "operations", "history", "total"]
PACKAGES = ("numpy", "scipy", "pandas", "statsmodels", "pingouin", "tableone")


def cohort(n: int = 667) -> pd.DataFrame:
    """A cohort of the size of the one the review cites."""
    rng = np.random.default_rng(1)
    member = rng.random(n) < 0.25
    scores = {name: 75 + 3 * member + rng.normal(0, 9, n) for name in OUTCOMES}
    return pd.DataFrame({"society": np.where(member, "yes", "no"), **scores})


COHORT = cohort()
WIDE = pd.DataFrame({"society": COHORT["society"], **{f"{y}{k}": COHORT[y] for y in OUTCOMES for k in range(6)}})
SPLIT = [(COHORT.loc[COHORT.society == "yes", y], COHORT.loc[COHORT.society == "no", y]) for y in OUTCOMES]


def ours() -> pd.DataFrame:
    """Study, comparison, the columns of the paper table, adjusted as the loop beside it."""
    study = se.Study(COHORT, outcomes=OUTCOMES, group="society")
    return se.MemberComparison(adjustment="holm").fit(study).estimates


def ours_as_it_comes() -> pd.DataFrame:
    """The same with the default adjustment: max-T with simultaneous limits, from 9,999 draws."""
    study = se.Study(COHORT, outcomes=OUTCOMES, group="society")
    return se.MemberComparison().fit(study).estimates


def pingouin_loop() -> pd.DataFrame:
    """The same columns with pingouin: Welch, interval, g with interval, Holm."""
    import pingouin as pg

    rows, p_values = [], []
    for member, other in SPLIT:
        test = pg.ttest(member, other, correction=True)
        g = pg.compute_effsize(member, other, eftype="hedges")
        limits = pg.compute_esci(g, len(member), len(other))
        described = [f(x) for x in (member, other) for f in (len, np.mean, lambda v: np.std(v, ddof=1))]
        rows.append([*described, *test.iloc[0], g, *limits])
        p_values.append(float(test["p_val"].iloc[0]))
    pg.multicomp(p_values, method="holm")
    return pd.DataFrame(rows)


def ours_many() -> pd.DataFrame:
    """The same for 24 outcomes."""
    study = se.Study(WIDE, outcomes=[name for name in WIDE if name != "society"], group="society")
    return se.MemberComparison(adjustment="holm").fit(study).estimates


def pingouin_many() -> list[pd.DataFrame]:
    """The loop for 24 outcomes."""
    return [pingouin_loop() for _ in range(6)]


def scipy_loop() -> pd.DataFrame:
    """Means, SDs, and Welch with interval, without effect sizes and adjustment."""
    from scipy import stats

    rows = []
    for member, other in SPLIT:
        test = stats.ttest_ind(member, other, equal_var=False)
        rows.append([member.mean(), other.mean(), member.std(), other.std(), test.pvalue, *test.confidence_interval()])
    return pd.DataFrame(rows)


def statsmodels_loop() -> pd.DataFrame:
    """One robust regression per outcome."""
    import statsmodels.formula.api as smf

    models = [smf.ols(f"{y} ~ society", COHORT).fit(cov_type="HC2", use_t=True) for y in OUTCOMES]
    return pd.DataFrame([[*m.params, *m.bse, *m.pvalues, *m.conf_int().to_numpy().ravel()] for m in models])


def tableone_table() -> object:
    """The table of tableone."""
    from tableone import TableOne

    return TableOne(COHORT, columns=OUTCOMES, groupby="society", pval=True, smd=True)


def interleaved(calls: dict[str, Callable[[], object]], repeats: int = 9) -> dict[str, float]:
    """Median seconds of each call, the calls taken in turn."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(repeats):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def process(code: str) -> Callable[[], object]:
    """A call that runs this code in a fresh interpreter."""
    return lambda: subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, capture_output=True)


def imports() -> dict[str, float]:
    """Seconds from the start of the interpreter, the bare interpreter taken off."""
    first = (
        "import society_effects as se, pandas as pd;"
        "d = pd.DataFrame({'g': ['yes', 'no'] * 20, 'y': range(40)});"
        "se.MemberComparison().fit(se.Study(d, outcomes='y', group='g'))"
    )
    test = "import pingouin as pg; pg.ttest(list(range(20)), list(range(1, 21)), correction=True)"
    found = interleaved(
        {
            "python": process("pass"),
            "numpy": process("import numpy"),
            "ours": process("import society_effects"),
            "ours_first": process(first),
            "pingouin_first": process(test),
        },
        repeats=7,
    )
    return {name: seconds - found["python"] for name, seconds in found.items()}


def page(rows: list[tuple[str, str, str]]) -> str:
    """The table of ratios as a documentation page."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`: each figure is a ratio of medians of runs taken in turn, on one machine. The public call",
        "is timed from the user's data frame on, with validation, missing values, the ledger and provenance. It gives more",
        "than the loops beside it: two standardised differences with exact limits, the probability of superiority,",
        "quartiles, densities, checks. More than half of the time of a comparison of four outcomes goes into reading the frame and",
        "making frames of the result, a cost that grows slowly with the outcomes: see the line for 24. The default",
        "adjustment, max-T, draws 9,999 samples on top of that.",
        "",
        "Resampling: our bootstrap is the studentised one, the others' is of percentiles, which is less work. Outcomes",
        "with as many values share their draws. Memory is the peak that Python's `tracemalloc` sees during a second call.",
        "",
        f"Python {sys.version.split()[0]}, {versions}.",
        "",
        "| what | measured | goal |",
        "|---|---|---|",
        *(f"| {what} | {measured} | {goal} |" for what, measured, goal in rows),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure everything and write the page."""
    warnings.simplefilter("ignore")
    found = imports()
    alternatives = (pingouin_loop, scipy_loop, statsmodels_loop, tableone_table, ours_as_it_comes)
    table = interleaved({f.__name__: f for f in (ours, *alternatives)})
    rows = [
        ("`import society_effects` / `import numpy`", f"{max(found['ours'], 0) / found['numpy']:.2f}", "≤ 0.3"),
        (
            "import and first comparison / import pingouin and one t test",
            f"{found['ours_first'] / found['pingouin_first']:.2f}",
            "≤ 0.6",
        ),
    ]
    names = {
        "pingouin_loop": ("pingouin loop", "≥ 5"),
        "scipy_loop": ("scipy loop (Welch and interval alone)", "–"),
        "statsmodels_loop": ("statsmodels, one robust regression per outcome", "–"),
        "tableone_table": ("tableone", "–"),
        "ours_as_it_comes": ("ours with the default max-T of 9,999 draws", "–"),
    }
    many = interleaved({"ours": ours_many, "pingouin": pingouin_many}, repeats=5)
    rows += [
        ("paper table, 667 rows x 24 outcomes: pingouin loop / ours", f"{many['pingouin'] / many['ours']:.1f}", "–")
    ]
    rows += [
        (f"paper table, 667 rows x 4 outcomes: {label} / ours", f"{table[key] / table['ours']:.1f}", goal)
        for key, (label, goal) in names.items()
    ]
    rows += resampling.rows(interleaved)
    rows += two_waves.rows(interleaved)
    rows += mixed_models.rows(interleaved)
    rows += adjusting.rows(interleaved)
    rows += outputs.rows(interleaved)
    PAGE.write_text(page(rows), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
