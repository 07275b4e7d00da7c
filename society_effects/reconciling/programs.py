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
    """The boxes a program prints by kind of outcome: for two groups, for several, and for their pairs."""

    for_two: Mapping[str, tuple[Box, ...]]
    for_several: Mapping[str, tuple[Box, ...]]
    for_pairs: Mapping[str, Pairs] = field(default_factory=dict)


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
            "count": (two.both_t_rows, two.mann_whitney_box, two.poisson_box),
        },
        for_several={
            "continuous": (several.anova_box, several.robust_anova_box, several.kruskal_box),
            "binary": (several.table_box,),
            "ordinal": (several.kruskal_box, several.table_box),
            "nominal": (several.table_box, two.strength_box),
            "count": (several.anova_box, several.kruskal_box),
        },
        for_pairs={"continuous": several.spss_pairs, "ordinal": several.rank_pairs},
    ),
    "r": Program(
        for_two={
            "continuous": (two.welch_row, two.corrected_wilcoxon_box),
            "binary": (two.corrected_chi2_box,),
            "ordinal": (two.corrected_wilcoxon_box,),
            "nominal": (two.categories_box,),
            "count": (two.corrected_wilcoxon_box, two.poisson_box),
        },
        for_several={
            "continuous": (several.oneway_box, several.kruskal_box),
            "binary": (several.table_box,),
            "ordinal": (several.kruskal_box,),
            "nominal": (several.table_box,),
            "count": (several.kruskal_box,),
        },
        for_pairs={"continuous": several.r_pairs},
    ),
    "jasp": Program(
        for_two={
            "continuous": (two.student_row, two.standardised_box, two.rank_biserial_box),
            "binary": (two.crosstab_box,),
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
    ),
}
