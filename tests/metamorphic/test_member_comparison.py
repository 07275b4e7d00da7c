"""What must not change, or change in a known way, when the same study is written down differently."""

import numpy as np
import pandas as pd
import pytest

import society_effects as se

NUMBERS = ["estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high", "p_adjusted", "n", "n_group"]


def cohort(n=120, seed=5):
    rng = np.random.default_rng(seed)
    member = rng.random(n) < 0.35
    frame = pd.DataFrame(
        {
            "society": np.where(member, "yes", "no"),
            "skill": np.round(70 + 4 * member + rng.normal(0, 8, n), 1),
            "theory": np.round(60 + rng.normal(0, 5, n), 1),
            "passed": rng.random(n) < 0.6 + 0.2 * member,
        }
    )
    frame.loc[3, "skill"] = np.nan
    return frame


def fitted(frame, **roles):
    given = {"outcomes": ["skill", "theory", "passed"], "group": "society", "member": "yes", "reference": "no"} | roles
    return se.MemberComparison().fit(se.Study(frame, **given))


def same_numbers(first, second, **tolerance):
    for name in (name for name in NUMBERS if name in first and name in second):
        np.testing.assert_allclose(
            first[name], second[name], **({"rtol": 1e-12, "atol": 1e-12} | tolerance), err_msg=name
        )


@pytest.fixture(scope="module")
def base():
    return fitted(cohort()).estimates


def test_shuffled_rows(base):
    shuffled = cohort().sample(frac=1, random_state=1)
    same_numbers(base, fitted(shuffled).estimates)


def test_a_duplicated_index_is_ignored(base):
    frame = cohort()
    frame.index = [7] * len(frame)
    same_numbers(base, fitted(frame).estimates)


def test_swapped_labels_flip_every_sign_and_keep_every_p(base):
    swapped = fitted(cohort(), member="no", reference="yes").estimates
    null = base["null_value"].to_numpy()
    log = base["measure"].isin(["risk_ratio", "odds_ratio"]).to_numpy()
    superiority = (base["measure"] == "probability_of_superiority").to_numpy()

    def mirrored(values):
        values = values.to_numpy()
        return np.where(log, 1 / values, np.where(superiority, 1 - values, -values))

    np.testing.assert_allclose(swapped["estimate"], mirrored(base["estimate"]), rtol=1e-6)
    np.testing.assert_allclose(swapped["conf_low"], mirrored(base["conf_high"]), rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(swapped["p_value"], base["p_value"], rtol=1e-9)
    assert (base["estimate"] != null).any()


def test_shift_changes_nothing_but_the_groups(base):
    frame = cohort().assign(skill=lambda d: d["skill"] + 1000.0)
    same_numbers(base, fitted(frame).estimates, rtol=1e-9, atol=1e-9)


def test_scale_scales_points_and_keeps_standardised_measures(base):
    scaled = fitted(cohort().assign(skill=lambda d: d["skill"] * 8.0)).estimates
    own = (base["outcome"] == "skill") & (base["measure"] == "mean_difference")
    for name in ("estimate", "std_error", "conf_low", "conf_high"):
        np.testing.assert_allclose(scaled.loc[own, name], 8 * base.loc[own, name], rtol=1e-12)
        np.testing.assert_allclose(scaled.loc[~own, name], base.loc[~own, name], rtol=1e-9)
    np.testing.assert_allclose(scaled["p_value"], base["p_value"], rtol=1e-9)


def test_chinese_names_give_the_same_numbers(base):
    names = {"society": "社团", "skill": "体格检查", "theory": "理论 (分)", "passed": "是否及格?"}
    frame = cohort().rename(columns=names)
    renamed = fitted(frame, outcomes=["体格检查", "理论 (分)", "是否及格?"], group="社团").estimates
    same_numbers(base, renamed)


@pytest.mark.parametrize("dtype", ["Float64", "float32", "object", "string", "double[pyarrow]"])
def test_dtypes_of_scores(base, dtype):
    frame = cohort()
    if dtype == "float32":
        frame = frame.assign(skill=np.round(frame["skill"] * 4) / 4, theory=np.round(frame["theory"]))
        wanted, frame = fitted(frame).estimates, frame.astype({"skill": dtype, "theory": dtype})
    else:
        wanted = base
        if dtype == "string":
            frame = frame.astype({"skill": object}).assign(
                skill=lambda d: [None if v != v else str(v) for v in d["skill"]]
            )
        frame = frame.astype({"skill": dtype})
    same_numbers(wanted, fitted(frame).estimates)


@pytest.mark.parametrize("dtype", ["category", "string", "boolean", "Int64", "string[pyarrow]"])
def test_dtypes_of_membership(base, dtype):
    frame = cohort()
    if dtype in ("boolean", "Int64"):
        frame["society"] = (frame["society"] == "yes").astype(dtype)
        found = fitted(frame, member=None, reference=None)
    else:
        found = fitted(frame.astype({"society": dtype}))
    same_numbers(base, found.estimates)


def test_polars(base):
    polars = pytest.importorskip("polars")
    frame = cohort()
    columns = {name: [None if v != v else v for v in frame[name].tolist()] for name in frame}
    same_numbers(base, fitted(polars.DataFrame(columns)).estimates)


def test_the_users_frame_is_never_changed():
    frame = cohort()
    before = frame.copy(deep=True)
    fitted(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_the_same_study_gives_the_same_result_twice():
    first, second = (fitted(cohort()) for _ in range(2))
    for name in first.frames:
        pd.testing.assert_frame_equal(first.frames[name], second.frames[name], check_exact=True)
    assert first.provenance == second.provenance


def test_a_printed_table_gives_the_numbers_of_the_rows(base):
    study = se.Study(cohort(), outcomes=["skill", "theory", "passed"], group="society", member="yes", reference="no")
    cells = study.cells
    printed = se.Study.from_summary(cells, group="society", member="yes", reference="no")
    from_cells = se.MemberComparison().fit(printed).estimates
    by_holm = se.MemberComparison(adjustment="holm").fit(study).estimates
    np.testing.assert_allclose(from_cells["p_adjusted"].dropna(), by_holm["p_adjusted"].dropna(), rtol=1e-12)
    from_cells, base = from_cells.drop(columns="p_adjusted"), base.drop(columns="p_adjusted")
    from_rows = base[base["measure"] != "probability_of_superiority"].reset_index(drop=True)
    assert from_cells["measure"].tolist() == from_rows["measure"].tolist()
    same_numbers(from_rows, from_cells, rtol=1e-13)
