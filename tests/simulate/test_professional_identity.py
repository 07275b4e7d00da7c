"""The bundled panel: written from its seed, within its scale, and true as its description says."""

import numpy as np

from society_effects.simulate.panel import RANGE, SELECTION_ON
from society_effects.simulate.professional_identity import (
    RULES,
    professional_identity_csv,
    professional_identity_table,
    professional_identity_truth,
)
from society_effects.study.samples import _folder, load_sample


def test_the_bundled_file_is_written_byte_for_byte_from_its_seed():
    assert professional_identity_csv() == (_folder() / "professional_identity_panel.csv").read_bytes()
    assert professional_identity_csv(seed=1) != professional_identity_csv()


def test_the_bundled_truth_is_the_computed_truth():
    computed = [{k: v for k, v in row.items() if v is not None} for row in professional_identity_truth()]
    assert list(load_sample("professional_identity_panel").source["truth"]) == computed


def test_the_table_is_what_the_readme_says():
    table = professional_identity_table()
    scores = table["identity"].dropna().astype(float)
    assert scores.between(*RANGE).all() and (scores % 1 == 0).all()
    assert np.mean(scores == RANGE[1]) < 0.02 and scores.min() > RANGE[0]
    assert table.loc[table["wave"] == "before", "identity"].notna().all()
    lost = table.loc[table["wave"] == "year", "identity"].isna().mean()
    assert 0.1 < lost < 0.3
    assert RULES.selection_on == SELECTION_ON[0] == "stable" and RULES.effect == (1.5, 3.0)
