"""Which boxes does each program print for which kind of outcome? Adding a program is one entry here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from . import several_groups as several
from . import two_groups as two
from .comparison import Printed, Printing, Seen

Box = Callable[[Seen], Printing]
Pairs = Callable[[Seen], dict[tuple[int, int], list[Printed]]]


@dataclass(frozen=True)
class Program:
    """The boxes a program prints by kind of outcome: for two groups, for several, and for their pairs.

    own_names : the items that it calls by another name than SPSS.
    """

    for_two: Mapping[str, tuple[Box, ...]]
    for_several: Mapping[str, tuple[Box, ...]]
    for_pairs: Mapping[str, Pairs] = field(default_factory=dict)
    own_names: frozenset[str] = frozenset()


def named(program: str, item: str) -> str:
    """The key of a number, under which its name in this program is found.

    >>> named("spss", "t_unequal_p"), named("r", "t_unequal_p")
    ('t_unequal_p', 'r_t_unequal_p')
    """
    return f"{program}_{item}" if item in PROGRAMS[program].own_names else item


def _row(name: str) -> set[str]:
    return {f"{name}_{part}" for part in ("difference", "t", "df", "p", "se", "low", "high")}


PROGRAMS: dict[str, Program] = {
    "spss": Program(
        for_two={
            "continuous": (
                two.levene_box,
                two.both_t_rows,
                two.standardised_box,
                two.mann_whitney_box,
                two.quartile_box,
            ),
            "binary": (two.crosstab_box, two.risk_box),
            "ordinal": (two.mann_whitney_box, two.categories_box),
            "nominal": (two.categories_box,),
            "count": (two.levene_box, two.both_t_rows, two.mann_whitney_box, two.poisson_box),
        },
        for_several={
            "continuous": (
                two.levene_box,
                several.anova_box,
                several.robust_anova_box,
                several.kruskal_box,
                two.quartile_box,
            ),
            "binary": (several.table_box,),
            "ordinal": (several.kruskal_box, several.table_box),
            "nominal": (several.table_box, two.strength_box),
            "count": (several.anova_box, several.kruskal_box),
        },
        for_pairs={"continuous": several.spss_pairs, "count": several.spss_pairs, "ordinal": several.rank_pairs},
    ),
    "r": Program(
        for_two={
            "continuous": (two.welch_row, two.corrected_wilcoxon_box),
            "binary": (two.corrected_chi2_box,),
            "ordinal": (two.corrected_wilcoxon_box,),
            "nominal": (two.table_test_box,),
            "count": (two.corrected_wilcoxon_box, two.poisson_box),
        },
        for_several={
            "continuous": (several.oneway_box, several.kruskal_box),
            "binary": (several.table_test_box,),
            "ordinal": (several.kruskal_box,),
            "nominal": (several.table_test_box,),
            "count": (several.kruskal_box,),
        },
        for_pairs={"continuous": several.r_pairs},
        own_names=frozenset(
            _row("t_unequal")
            | {"pearson_chi2", "pearson_p", "continuity_chi2", "continuity_p", "fisher_p", "poisson_ratio", "poisson_p"}
            | {"welch_f", "welch_df2", "welch_p", "kruskal_h", "kruskal_p", "tukey_p"}
        ),
    ),
    "jasp": Program(
        for_two={
            "continuous": (two.student_row, two.welch_second_row, two.standardised_box, two.rank_biserial_box),
            "binary": (two.contingency_box,),
            "ordinal": (two.rank_biserial_box,),
            "nominal": (two.categories_box,),
            "count": (two.rank_biserial_box, two.poisson_box),
        },
        for_several={
            "continuous": (several.anova_box, several.omega_box, several.kruskal_box),
            "binary": (several.table_box,),
            "ordinal": (several.kruskal_box,),
            "nominal": (several.table_box, two.strength_box),
            "count": (several.kruskal_box,),
        },
        for_pairs={"continuous": several.tukey_pairs, "ordinal": several.rank_pairs},
        own_names=frozenset(
            _row("t_equal")
            | _row("t_unequal")
            | {"hedges_g", "hedges_g_low", "hedges_g_high", "mann_whitney_p", "anova_p", "kruskal_h", "kruskal_p"}
            | {"pearson_chi2", "pearson_p", "continuity_chi2", "continuity_p", "likelihood_chi2", "likelihood_p", "phi"}
            | {"poisson_ratio", "poisson_p", "tukey_p", "dunn_p"}
        ),
    ),
}
