"""Which students are in the sample ``professional_identity_panel``? The default panel, in whole points.

To write it again, run
``python -m society_effects.simulate.professional_identity data_samples/professional_identity_panel.csv``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .cohort import SEED
from .panel import RANGE, PanelRules, draw_panel

N, CLASSES = 480, 24
RULES = PanelRules()


def professional_identity_table(seed: int = SEED) -> pd.DataFrame:
    """Which rows make up the sample? Scores in whole points, within the scale, as the questionnaire gives them."""
    table = draw_panel(N, CLASSES, RULES, np.random.default_rng(seed)).table()
    points = table["identity"].round().clip(*RANGE)
    return table.assign(identity=pd.array(points).astype("Int64"))


def professional_identity_truth() -> tuple[dict[str, Any], ...]:
    """What is true of these members, in points (before rounding)?"""
    return RULES.truth(N)


def professional_identity_csv(seed: int = SEED) -> bytes:
    """Which bytes are the file of the sample?"""
    return professional_identity_table(seed).to_csv(index=False, lineterminator="\n").encode("utf-8")


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(professional_identity_csv())
