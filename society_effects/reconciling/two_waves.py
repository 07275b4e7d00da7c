"""What programs print for the same students at two waves: one function per box of their output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..stats.paired_differences import PairedMoments, correlation, d_z, paired_t
from ..stats.paired_shares import PairedCounts, mcnemar_chi2, mcnemar_exact
from ..stats.signed_rank import signed_rank, signed_rank_exact
from .comparison import Printed

MEAN = "estimates.mean_change"
MIDDLE = "estimates.pseudo_median"
ORDER = "estimates.paired_superiority"
SHARE = "estimates.share_change"
EXACT_BELOW = 50
"""R counts the signed-rank test exactly below so many changes without ties and zeros."""
BINOMIAL_UP_TO = 25
"""SPSS prints McNemar's test by the binomial distribution up to so many changes, then by chi-square."""


@dataclass(frozen=True)
class SeenPairs:
    """The two scores of students who have both, of one group on one outcome."""

    kind: str
    first: np.ndarray
    last: np.ndarray
    conf_level: float = 0.95

    @cached_property
    def moments(self) -> PairedMoments:
        """What the paired t test needs."""
        return PairedMoments.of(self.first, self.last)

    @cached_property
    def counts(self) -> PairedCounts:
        """Of yes-or-no outcomes: who gained and who lost the event."""
        return PairedCounts.of(self.first, self.last)


Box = Callable[[SeenPairs], Iterator[Printed]]


def paired_t_box(pairs: SeenPairs) -> Iterator[Printed]:
    """The paired t test with its interval."""
    found = paired_t(pairs.moments, conf_level=pairs.conf_level)
    yield Printed("paired_difference", float(found.estimate), f"{MEAN}.estimate")
    yield Printed("paired_sd", float(np.asarray(pairs.moments.sd_change)), "quantities.sd_change.value")
    yield Printed("paired_se", float(found.std_error), f"{MEAN}.std_error")
    yield Printed("paired_low", float(found.conf_low), f"{MEAN}.conf_low")
    yield Printed("paired_high", float(found.conf_high), f"{MEAN}.conf_high")
    yield Printed("paired_t", float(found.statistic), f"{MEAN}.statistic")
    yield Printed("paired_df", float(found.df), f"{MEAN}.df")
    yield Printed("paired_p", float(found.p_value), f"{MEAN}.p_value", marked=True)


def paired_correlation_box(pairs: SeenPairs) -> Iterator[Printed]:
    """The correlation of the two scores, printed above the test."""
    found = correlation(pairs.moments, conf_level=pairs.conf_level)
    yield Printed("paired_correlation", float(found.value), "quantities.r_pre_post.value")


def paired_d_box(pairs: SeenPairs) -> Iterator[Printed]:
    """Cohen's d of paired samples, which is the standardised change by the spread of the changes."""
    found = d_z(pairs.moments, conf_level=pairs.conf_level)
    yield Printed("paired_d", float(found.estimate), "estimates.d_z.estimate")


def wilcoxon_box(pairs: SeenPairs) -> Iterator[Printed]:
    """Wilcoxon's signed ranks: who did not change is left out, z has no continuity correction."""
    found = signed_rank(pairs.first, pairs.last, zeros="dropped")
    counterpart = f"{MIDDLE if pairs.kind != 'ordinal' else ORDER}.p_value"
    yield Printed("signed_rank_z", float(found.statistic))
    yield Printed("signed_rank_p", float(found.p_value), counterpart, marked=pairs.kind == "ordinal")


def corrected_signed_rank_box(pairs: SeenPairs) -> Iterator[Printed]:
    """R's wilcox.test(paired = TRUE): exact for few changes without ties and zeros, else corrected for continuity."""
    change = pairs.last - pairs.first
    moved = np.abs(change[change != 0])
    plain = len(moved) == len(change) < EXACT_BELOW and len(np.unique(moved)) == len(moved)
    exact = signed_rank_exact(pairs.first, pairs.last, zeros="dropped")
    normal = signed_rank(pairs.first, pairs.last, zeros="dropped", continuity_correction=True)
    counterpart = f"{MIDDLE if pairs.kind != 'ordinal' else ORDER}.p_value"
    yield Printed("signed_rank_v", float(exact.statistic))
    p_value = float((exact if plain else normal).p_value)
    yield Printed("signed_rank_p", p_value, counterpart, marked=pairs.kind == "ordinal")


def mcnemar_box(pairs: SeenPairs) -> Iterator[Printed]:
    """McNemar's test: by the binomial distribution for few changes, else by chi-square corrected for continuity."""
    few = pairs.counts.changed <= BINOMIAL_UP_TO
    if few:
        exact = mcnemar_exact(pairs.counts)
        yield Printed("mcnemar_exact_p", float(exact.p_value), f"{SHARE}.p_value", marked=True)
        return
    yield from corrected_mcnemar_box(pairs)


def corrected_mcnemar_box(pairs: SeenPairs) -> Iterator[Printed]:
    """McNemar's chi-square corrected for continuity."""
    found = mcnemar_chi2(pairs.counts, continuity_correction=True)
    yield Printed("mcnemar_chi2", float(found.statistic))
    yield Printed("mcnemar_p", float(found.p_value), f"{SHARE}.p_value", marked=True)


SCORES_SPSS = (paired_correlation_box, paired_t_box, paired_d_box, wilcoxon_box)
SCORES_R = (paired_t_box, corrected_signed_rank_box)
SCORES_JASP = (paired_t_box, paired_d_box, wilcoxon_box)
FOR_WAVES: dict[str, dict[str, tuple[Box, ...]]] = {
    "spss": {"continuous": SCORES_SPSS, "count": SCORES_SPSS, "binary": (mcnemar_box,), "ordinal": (wilcoxon_box,)},
    "r": {
        "continuous": SCORES_R,
        "count": SCORES_R,
        "binary": (corrected_mcnemar_box,),
        "ordinal": (corrected_signed_rank_box,),
    },
    "jasp": {"continuous": SCORES_JASP, "count": SCORES_JASP, "ordinal": (wilcoxon_box,)},
}
"""The boxes of each program by kind of outcome."""
