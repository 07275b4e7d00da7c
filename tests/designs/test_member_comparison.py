"""Members against non-members: the numbers, the refusals, the edge cases, the checks."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

import society_effects as se
from society_effects.designs.common import Design

GOLDEN = {
    "outcome": ["osce", "osce"],
    "group": ["no", "yes"],
    "n": [547, 120],
    "mean": [78.0, 82.0],
    "sd": [10.0, 8.0],
}


@dataclass(frozen=True)
class Empty(Design):
    """What happens to a design that compares nothing?"""

    key = "empty"


def from_table(table, **settings):
    return se.MemberComparison(**settings).fit(se.Study.from_summary(pd.DataFrame(table)))


def from_rows(member, other, settings=None, **roles):
    """A result from the scores of members and of the others."""
    frame = pd.DataFrame({"society": ["yes"] * len(member) + ["no"] * len(other), "score": [*member, *other]})
    study = se.Study(frame, **({"outcomes": "score", "group": "society"} | roles))
    return se.MemberComparison(**(settings or {})).fit(study)


def row(result, measure, outcome=None):
    """The one row of a measure."""
    chosen = result.estimates[result.estimates["measure"] == measure]
    if outcome:
        chosen = chosen[chosen["outcome"] == outcome]
    assert len(chosen) == 1
    return chosen.iloc[0]


def keys(result, status=None):
    return {check.key for check in result.checks if status in (None, check.status)}


class TestGoldenNumbers:
    """Arms 82 (8, n=120) against 78 (10, n=547); Newcombe, Boschloo and the conditional odds ratio."""

    def test_welch(self):
        found = row(from_table(GOLDEN), "mean_difference")
        assert found["primary"]
        np.testing.assert_allclose(
            found[["estimate", "std_error", "statistic", "df", "p_value", "conf_low", "conf_high"]].astype(float),
            [4, 0.8462556882, 4.7267038269, 209.2061010551, 4.187202902e-06, 2.3317184884, 5.6682815116],
            rtol=1e-9,
        )

    def test_student(self):
        found = row(from_table(GOLDEN, method="student"), "mean_difference")
        assert found["method"] == "student"
        np.testing.assert_allclose(found["statistic"], 4.1024296301, rtol=1e-9)
        np.testing.assert_allclose(found["p_value"], 4.5956e-05, rtol=1e-4)

    def test_standardised(self):
        result = from_table(GOLDEN)
        average, pooled = row(result, "d_average"), row(result, "hedges_g")
        np.testing.assert_allclose(average["estimate"], 0.4417261043, rtol=1e-9)
        np.testing.assert_allclose([average["conf_low"], average["conf_high"]], [0.2559576, 0.6274946], rtol=1e-6)
        np.testing.assert_allclose(pooled["estimate"], 0.4130755346, rtol=1e-9)
        np.testing.assert_allclose([pooled["conf_low"], pooled["conf_high"]], [0.2143281846, 0.6115160374], rtol=1e-8)
        assert not average["primary"]

    def test_shares(self):
        table = {"outcome": ["pass"] * 2, "group": ["no", "yes"], "n": [22, 20], "events": [10, 15]}
        found = row(from_table(table), "risk_difference")
        np.testing.assert_allclose([found["conf_low"], found["conf_high"]], [-0.0001364, 0.5266126], atol=5e-8)
        assert found["method"] == "boschloo"
        small = {"outcome": ["pass"] * 2, "group": ["no", "yes"], "n": [6, 10], "events": [1, 8]}
        eight_of_nine = {"outcome": ["pass"] * 2, "group": ["no", "yes"], "n": [7, 9], "events": [2, 8]}
        np.testing.assert_allclose(row(from_table(eight_of_nine), "risk_difference")["p_value"], 0.024385, atol=5e-7)
        np.testing.assert_allclose(row(from_table(small), "odds_ratio")["estimate"], 15.4658, rtol=1e-5)

    def test_requested_tests_of_shares(self):
        table = {"outcome": ["pass"] * 2, "group": ["no", "yes"], "n": [6, 10], "events": [1, 8]}
        p = {m: row(from_table(table, method=m), "risk_difference")["p_value"] for m in ("pearson", "yates", "fisher")}
        np.testing.assert_allclose(p["fisher"], 0.034965, atol=5e-7)
        assert p["pearson"] < p["fisher"] < p["yates"]

    def test_few_expected_events_are_tested_exactly(self):
        table = {"outcome": ["award"] * 2, "group": ["no", "yes"], "n": [547, 120], "events": [0, 3]}
        found = row(from_table(table), "risk_difference")
        assert found["method"] == "fisher"
        assert found["p_value"] == pytest.approx(0.0057, abs=2e-4)
        assert row(from_table(table, method="pearson"), "risk_difference")["method"] == "pearson_chi2"

    def test_large_tables_are_tested_by_pearson(self):
        table = {"outcome": ["pass"] * 2, "group": ["no", "yes"], "n": [547, 120], "events": [400, 100]}
        assert row(from_table(table), "risk_difference")["method"] == "pearson_chi2"


class TestMethods:
    rng = np.random.default_rng(8)
    member, other = rng.normal(75, 9, 20), rng.normal(70, 6, 35)

    @pytest.mark.parametrize(
        ("method", "measure"),
        [
            ("permutation", "mean_difference"),
            ("bootstrap", "mean_difference"),
            ("mann-whitney", "hodges_lehmann"),
            ("trimmed", "trimmed_mean_difference"),
        ],
    )
    def test_on_request_and_named(self, method, measure):
        result = from_rows(self.member, self.other, {"method": method, "resamples": 999})
        found = row(result, measure)
        assert found["primary"]
        assert result.settings["method"] == method
        assert 0 < found["p_value"] <= 1
        assert found["conf_low"] < found["estimate"] < found["conf_high"]
        assert result.estimates["primary"].sum() == 1

    def test_no_t_curve_is_drawn_beside_a_bootstrap_interval(self):
        bootstrapped = from_rows(self.member, self.other, {"method": "bootstrap", "resamples": 199})
        assert not bootstrapped.has("density") or bootstrapped.frame("density")["measure"].isna().all()
        assert from_rows(self.member, self.other).frame("density")["measure"].notna().any()

    def test_random_steps_are_repeatable_and_follow_the_seed(self):
        first, again = (from_rows(self.member, self.other, {"method": "bootstrap", "resamples": 999}) for _ in range(2))
        other = from_rows(self.member, self.other, {"method": "bootstrap", "resamples": 999, "seed": 1})
        assert row(first, "mean_difference")["conf_low"] == row(again, "mean_difference")["conf_low"]
        assert row(first, "mean_difference")["conf_low"] != row(other, "mean_difference")["conf_low"]
        assert first.provenance["seed"] == 20260206

    def test_a_method_for_other_kinds_leaves_an_outcome_its_default(self):
        frame = pd.DataFrame(
            {"society": ["yes", "no"] * 20, "score": self.rng.normal(size=40), "passed": [1, 0, 0, 1] * 10}
        )
        study = se.Study(frame, outcomes=["score", "passed"], group="society")
        result = se.MemberComparison(method="student").fit(study)
        assert row(result, "mean_difference")["method"] == "student"
        assert row(result, "risk_difference")["method"] == "boschloo"
        assert "METHOD_NOT_APPLIED" in keys(result)

    def test_groups_show_what_is_compared(self):
        result = from_rows(self.member, self.other, {"method": "trimmed"})
        middle = result.frame("groups").set_index("group")["trimmed_mean"]
        assert middle["yes"] - middle["no"] == pytest.approx(row(result, "trimmed_mean_difference")["estimate"])
        assert from_rows(self.member, self.other).frame("groups")["trimmed_mean"].isna().all()

    def test_the_seed_is_kept_only_where_something_was_drawn(self):
        assert "seed" not in from_rows(self.member, self.other).provenance
        assert "seed" in from_rows(self.member, self.other, {"method": "permutation", "resamples": 199}).provenance
        assert "seed" not in from_rows([5, 6, 7, 9.5], [1, 2, 3, 6.2], {"method": "permutation"}).provenance

    def test_settings_rebuild_the_design(self):
        design = se.MemberComparison(method="student", conf_level=0.9)
        assert se.rebuild(design.settings) == design


class TestRefusals:
    def refused(self, code, make):
        with pytest.raises(se.SocietyEffectsError) as caught:
            make()
        assert caught.value.code == code
        sentence = str(caught.value)
        assert sentence.endswith((".", "。")) and not re.search(r"\{\w+:", sentence)
        return caught.value

    @pytest.mark.parametrize(
        ("code", "settings"),
        [
            ("UNKNOWN_METHOD", {"method": "t"}),
            ("BAD_CONF_LEVEL", {"conf_level": 95}),
            ("BAD_RESAMPLES", {"resamples": 10}),
            ("BAD_SEED", {"seed": None}),
            ("BAD_SEED", {"seed": -1}),
        ],
    )
    def test_bad_settings(self, code, settings):
        self.refused(code, lambda: se.MemberComparison(**settings))

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_in_both_languages(self, lang):
        frame = pd.DataFrame({"society": ["yes", "no"] * 3, "score": range(6), "class": "a"})
        study = se.Study(frame, outcomes="score", group="society", cluster="class", lang=lang)
        error = self.refused("ONE_CLUSTER", lambda: se.MemberComparison().fit(study))
        assert error.lang == lang
        assert ("班级" in str(error)) == (lang == "zh")

    def test_a_design_that_knows_no_classes_refuses_them(self):
        frame = pd.DataFrame({"society": ["yes", "no"] * 3, "score": range(6), "class": list("aabbcc")})
        study = se.Study(frame, outcomes="score", group="society", cluster="class")
        self.refused("CLUSTER_NOT_SUPPORTED", lambda: Empty().fit(study))

    def test_several_waves_name_the_way_out(self):
        frame = pd.DataFrame(
            {"id": [1, 1, 2, 2], "t": ["a", "b"] * 2, "g": ["yes", "yes", "no", "no"], "y": [1.0, 2, 3, 4]}
        )
        study = se.Study(frame, outcomes="y", group="g", unit="id", wave="t", waves=("a", "b"))
        assert "at(wave=" in str(self.refused("SEVERAL_WAVES", lambda: se.MemberComparison().fit(study)))
        assert se.MemberComparison().fit(study.at(wave="b")).estimates["n"].iloc[0] == 2

    def test_a_baseline_study_compares_the_later_score_and_says_so(self):
        frame = pd.DataFrame({"g": ["yes", "no"] * 6, "pre": range(12), "post": [3 * i % 12 for i in range(12)]})
        result = se.MemberComparison().fit(se.Study(frame, group="g", baseline={"post": "pre"}))
        later = se.MemberComparison().fit(se.Study(frame, group="g", outcomes="post"))
        assert row(result, "mean_difference")["estimate"] == row(later, "mean_difference")["estimate"]
        assert "BASELINE_NOT_ADJUSTED" in keys(result)

    def test_an_empty_group(self):
        self.refused("EMPTY_ARM", lambda: from_rows([1.0, 2.0], [np.nan, np.nan]))

    def test_no_group(self):
        study = se.Study(pd.DataFrame({"y": [1.0, 2, 3]}), outcomes="y")
        self.refused("NO_GROUP", lambda: se.MemberComparison().fit(study))

    def test_methods_that_need_rows(self):
        self.refused("METHOD_NEEDS_ROWS", lambda: from_table(GOLDEN, method="trimmed"))
        table = {"outcome": ["p"] * 2, "group": ["no", "yes"], "n": [6, 10], "events": [1, 8]}
        self.refused("METHOD_FITS_NO_OUTCOME", lambda: from_table(table, method="trimmed"))

    def test_a_description_needs_rows(self):
        study = se.Study.from_summary(pd.DataFrame(GOLDEN))
        self.refused("NEEDS_ROWS", lambda: se.Describe().fit(study))

    def test_unknown_designs(self):
        self.refused("UNKNOWN_DESIGN", lambda: se.rebuild({"design": "member_comparisn"}))
        self.refused("DESIGN_WITHOUT_COMPARISON", lambda: Empty().fit(se.Study.from_summary(pd.DataFrame(GOLDEN))))

    def test_not_a_study(self):
        self.refused("NOT_A_STUDY_OBJECT", lambda: se.MemberComparison().fit(pd.DataFrame()))


class TestEdgeCases:
    def test_ec01_one_student(self):
        result = from_rows([5.0], [1.0, 2.0, 4.0])
        found = row(result, "mean_difference")
        assert found["estimate"] == pytest.approx(5 - 7 / 3)
        assert found[["std_error", "p_value", "conf_low", "conf_high"]].isna().all()
        assert "TOO_FEW" in keys(result, "fail")

    def test_ec02_one_constant_group(self):
        result = from_rows([5.0, 5.0, 5.0], [1.0, 2.0, 4.0])
        found = row(result, "mean_difference")
        assert found["df"] == pytest.approx(2)
        assert found["p_value"] > 0
        assert "ZERO_VARIANCE_ARM" in keys(result, "warn")

    def test_ec03_constant_and_equal(self):
        result = from_rows([5.0] * 4, [5.0] * 3)
        found = row(result, "mean_difference")
        assert (found["estimate"], found["std_error"]) == (0, 0)
        assert found[["p_value", "conf_low", "conf_high"]].isna().all()
        assert np.isnan(row(result, "d_average")["estimate"])
        assert row(result, "probability_of_superiority")["estimate"] == 0.5
        assert {"NO_VARIATION", "ALL_TIED"} <= keys(result, "fail")

    def test_ec04_constant_and_different(self):
        result = from_rows([6.0] * 4, [5.0] * 3)
        found = row(result, "mean_difference")
        assert (found["estimate"], found["std_error"]) == (1, 0)
        assert found[["p_value", "conf_low", "conf_high"]].isna().all()
        assert "DEGENERATE" in keys(result, "fail")

    def test_ec07_complete_separation(self):
        result = from_rows([6.0, 7.0, 9.0], [1.0, 2.0, 4.0, 5.0])
        found = row(result, "probability_of_superiority")
        assert found["estimate"] == 1
        assert 0 < found["p_value"] < 0.2
        assert 0 < found["conf_low"] < 1 == found["conf_high"]
        assert "SEPARATED" in keys(result)

    def test_ec08_zero_cells(self):
        table = {"outcome": ["p"] * 2, "group": ["no", "yes"], "n": [21, 7], "events": [12, 7]}
        for events in ([12, 7], [0, 7], [21, 7], [0, 0]):
            result = from_table(table | {"events": events})
            found = row(result, "risk_difference")
            assert -1 <= found["conf_low"] <= found["estimate"] <= found["conf_high"] <= 1
            assert found["conf_low"] < found["conf_high"]
            varies = 0 < sum(events) < 28
            assert (0 < found["p_value"] <= 1) if varies else np.isnan(found["p_value"])
            assert bool({"NO_EVENTS_AT_ALL", "ALL_EVENTS"} & keys(result, "fail")) != varies
            assert varies or "NOT_EQUIVALENT" not in keys(result)

    def test_ec17_an_undefined_p_is_outside_the_family(self):
        frame = pd.DataFrame(
            {"g": ["yes", "no"] * 8, "flat": 1.0, "a": range(16), "b": [(7 * i) % 16 for i in range(16)]}
        )
        result = se.MemberComparison().fit(se.Study(frame, outcomes=["a", "flat", "b"], group="g"))
        primary = result.estimates[result.estimates["primary"]].set_index("outcome")
        assert np.isnan(primary.at["flat", "p_adjusted"])
        assert primary["p_adjusted"].max() <= 1
        smaller, _ = sorted(["a", "b"], key=lambda o: primary.at[o, "p_value"])
        assert primary.at[smaller, "p_value"] <= primary.at[smaller, "p_adjusted"] <= 1
        holm = se.MemberComparison(adjustment="holm").fit(se.Study(frame, outcomes=["a", "flat", "b"], group="g"))
        adjusted = holm.estimates[holm.estimates["primary"]].set_index("outcome").at[smaller, "p_adjusted"]
        assert adjusted == pytest.approx(min(1, 2 * primary.at[smaller, "p_value"]))
        assert "P_OUTSIDE_FAMILY" in keys(result)


class TestFamilies:
    def test_totals_are_not_in_the_family_of_their_parts(self):
        result = se.MemberComparison().fit(se.load_sample("clinical_skills_667"))
        primary = result.estimates[result.estimates["primary"]].set_index("outcome")
        total = [c.outcome for c in result.checks if c.key == "PART_WHOLE"]
        assert len(total) == 1
        assert np.isnan(primary.at[total[0], "p_adjusted"])
        others = primary.drop(total)
        assert (others["p_adjusted"] >= others["p_value"]).all()
        assert others["family"].nunique() == 1

    def test_each_family_is_adjusted_by_itself(self):
        rng = np.random.default_rng(2)
        frame = pd.DataFrame(rng.normal(size=(60, 5)), columns=list("abcde")).assign(g=["yes", "no"] * 30, b=1.0)
        families = {"a": "f", "b": "f", "c": "h", "d": "h", "e": None}
        outcomes = [se.Outcome(name, family=family, kind="continuous") for name, family in families.items()]
        result = se.MemberComparison().fit(se.Study(frame, outcomes=outcomes, group="g"))
        told = {c.values["family"]: c.values for c in result.checks if c.key == "MAX_T_ADJUSTED"}
        assert set(told) == {"h"}
        assert (told["h"]["k"], told["h"]["outcomes"]) == (2, ("c", "d"))
        primary = result.estimates[result.estimates["primary"]].set_index("outcome")
        assert primary["p_adjusted"].notna().to_dict() == {"a": False, "b": False, "c": True, "d": True, "e": False}

    def test_nothing_is_said_of_an_adjustment_that_did_not_happen(self):
        frame = pd.DataFrame({"g": ["yes", "no"] * 8, "flat": 1.0, "a": range(16)})
        result = se.MemberComparison().fit(se.Study(frame, outcomes=["a", "flat"], group="g"))
        assert not {"P_OUTSIDE_FAMILY", "HOLM_ADJUSTED", "MAX_T_ADJUSTED"} & keys(result)

    def test_one_outcome_needs_no_adjustment(self):
        assert np.isnan(row(from_table(GOLDEN), "mean_difference")["p_adjusted"])


class TestChecks:
    def test_covariates_are_described_not_adjusted_for(self):
        result = se.MemberComparison().fit(se.load_sample("clinical_skills_667"))
        assert result.has("baseline")
        assert {"COVARIATES_NOT_ADJUSTED", "SIMULATED", "SELF_SELECTION"} <= keys(result)
        assert result.simulated

    @pytest.mark.parametrize(
        ("declared", "top", "bottom"), [(True, "CEILING", "FLOOR"), (False, "HIGHEST_OBSERVED", "LOWEST_OBSERVED")]
    )
    def test_many_students_at_one_end(self, declared, top, bottom):
        outcome = se.Outcome("score", range=(0, 100) if declared else None)
        many = keys(from_rows([100.0] * 5 + [90, 80, 85], [100.0, 70, 75, 80, 85, 90, 60], outcomes=outcome), "warn")
        assert top in many and bottom not in many
        few = keys(from_rows([0.0, 0, 0, 0, 5, 6], [0.0, 0, 1, 2, 3, 4], outcomes=outcome), "warn")
        assert bottom in few and top not in few

    def test_the_highest_of_six_is_no_ceiling(self):
        found = keys(from_rows([1.5, 2, 3], [4, 5, 6.0]))
        assert not {"CEILING", "FLOOR", "HIGHEST_OBSERVED", "LOWEST_OBSERVED"} & found

    @pytest.mark.parametrize(
        ("assignment", "key"),
        [
            ("self-selected", "SELF_SELECTION"),
            ("lottery", "ASSIGNMENT_NOT_USED"),
            ("not stated", "ASSIGNMENT_NOT_STATED"),
        ],
    )
    def test_how_students_came_to_join(self, assignment, key):
        about = se.About(assignment=assignment) if assignment != "not stated" else None
        result = from_rows(np.arange(9.0), np.arange(12.0), about=about)
        three = {"SELF_SELECTION", "ASSIGNMENT_NOT_USED", "ASSIGNMENT_NOT_STATED"}
        assert three & keys(result) == {key}
        assert result.provenance["assignment"] == assignment

    def test_values_that_look_like_codes_of_missing_scores(self):
        rng = np.random.default_rng(6)
        scores = rng.normal(70, 8, 30)
        coded = keys(from_rows(np.r_[scores, 999.0], rng.normal(70, 8, 30)), "warn")
        assert "POSSIBLE_MISSING_CODES" in coded
        assert "POSSIBLE_MISSING_CODES" not in keys(from_rows(np.r_[scores, 99.0], rng.normal(70, 8, 30)))
        assert "POSSIBLE_MISSING_CODES" not in keys(from_rows(scores, rng.normal(70, 8, 30)))

    def test_a_code_among_the_answers_is_a_caution(self):
        frame = pd.DataFrame({"g": ["yes", "no"] * 30, "item": [1, 2, 3, 4, 5, 99] * 10})
        result = se.MemberComparison(resamples=99).fit(
            se.Study(frame, outcomes=se.Outcome("item", "ordinal"), group="g")
        )
        assert [c.outcome for c in result.checks if (c.key, c.status) == ("POSSIBLE_MISSING_CODES", "warn")] == ["item"]

    def test_an_undeclared_total(self):
        rng = np.random.default_rng(7)
        frame = pd.DataFrame({"g": ["yes", "no"] * 20, "a": rng.normal(70, 8, 40), "b": rng.normal(60, 9, 40)})
        frame["total"] = (frame["a"] + frame["b"]).round(1)
        result = se.MemberComparison().fit(se.Study(frame, outcomes=["a", "b", "total"], group="g"))
        assert [c.outcome for c in result.checks if c.key == "UNDECLARED_TOTAL"] == ["total"]

    def test_response_by_group(self):
        with pytest.raises(se.StudyError, match="yes"):
            from_rows(np.arange(9.0), np.arange(12.0), about=se.About(response={"x": 0.5, "q": 0.9}))
        about = se.About(response={"yes": 0.5, "no": 0.9})
        assert "RESPONSE_DIFF" in keys(from_rows(np.arange(9.0), np.arange(12.0), about=about), "warn")
        about = se.About(response={"yes": 0.85, "no": 0.9})
        assert "RESPONSE_DIFF" not in keys(from_rows(np.arange(9.0), np.arange(12.0), about=about))

    def test_p_and_interval_are_compared_on_every_row(self):
        table = {"outcome": ["p"] * 2, "group": ["no", "yes"], "n": [7, 5], "events": [5, 0]}
        discordant = [c for c in from_table(table).checks if c.key == "P_CI_DISCORDANT"]
        assert [c.values["measure"] for c in discordant] == ["odds_ratio"]
        assert discordant[0].status == "warn"

    def test_a_level_that_few_students_cannot_reach_explains_itself(self):
        found = from_rows([5, 6, 7.5], [1, 2, 3], {"method": "mann-whitney"})
        assert "CONF_LEVEL_NOT_REACHED" in keys(found)
        assert not [c for c in found.checks if c.key == "P_CI_DISCORDANT" and c.values["measure"] == "hodges_lehmann"]
        assert "disagree" not in str(found.report("en")).split("Comparison")[0]
        assert "不一致" not in str(found.report("zh")).split("组间比较")[0]

    def test_a_p_value_of_alpha_is_not_below_it(self):
        member, other = [2.6, 2.2, 1.7], [-2.3, 0, 0.9, 1, -0.5, 2.2, 1.9]
        result = from_rows(member, other, {"method": "permutation"})
        assert row(result, "mean_difference")["p_value"] == pytest.approx(0.05)
        assert "NOT_EQUIVALENT" in keys(result)

    def test_lower_is_better_changes_words_never_signs(self):
        member, other = np.arange(9.0), np.arange(3.0, 15.0)
        outcome = se.Outcome("score", higher_is_better=False)
        lower, usual = from_rows(member, other, outcomes=outcome), from_rows(member, other)
        assert "LOWER_IS_BETTER" in keys(lower) and "LOWER_IS_BETTER" not in keys(usual)
        pd.testing.assert_frame_equal(lower.estimates, usual.estimates)

    def test_missing_more_in_one_group(self):
        result = from_rows([1.0, 2, np.nan, np.nan, 3], np.arange(20.0))
        assert {"MISSING_DIFF", "HAS_MISSING"} <= keys(result)

    def test_facts_of_the_study(self):
        about = se.About(examiners_blind=True, exam_optional=True, assignment="lottery")
        result = from_rows(np.arange(9.0), np.arange(12.0), about=about)
        assert "SELECTED_SAMPLE" in keys(result)
        assert not {"SELF_SELECTION", "MEASUREMENT"} & keys(result)
        assert result.grade == "E"

    def test_notes_of_the_study_become_checks(self):
        frame = pd.DataFrame(
            {"id": [1, 2, 3, 4, 4], "g": ["yes", "no", "yes", "no", "no"], "y": ["1", "2", "4", "3", "3"]}
        )
        result = se.MemberComparison().fit(se.Study(frame, outcomes="y", group="g", unit="id"))
        assert {"EXACT_COPIES", "TEXT_NUMBERS"} <= keys(result)

    def test_a_covariate_that_changes_between_waves(self):
        frame = pd.DataFrame({"id": [1, 1, 2, 2, 3, 3, 4, 4], "t": ["a", "b"] * 4, "g": ["yes"] * 4 + ["no"] * 4})
        frame = frame.assign(y=np.arange(8.0), hours=np.arange(8))
        roles = {"outcomes": "y", "group": "g", "unit": "id", "wave": "t", "waves": ("a", "b"), "covariates": "hours"}
        assert "VARIES_OVER_WAVES" in keys(se.MemberComparison().fit(se.Study(frame, **roles).at(wave="b")))

    def test_a_role_that_is_not_used(self):
        frame = pd.DataFrame({"g": ["yes", "no"] * 6, "y": range(12), "school": list("aaabbb") * 2})
        result = se.MemberComparison().fit(se.Study(frame, outcomes="y", group="g", site="school"))
        assert "ROLE_NOT_USED" in keys(result)

    def test_a_bootstrap_without_spread_falls_back(self):
        result = from_rows([1.0, 2.0], [1.0, 1.0, 1.0], {"method": "bootstrap", "resamples": 199})
        welch = from_rows([1.0, 2.0], [1.0, 1.0, 1.0])
        assert "BOOTSTRAP_DEGENERATE" in keys(result, "warn")
        for name in ("conf_low", "conf_high", "p_value"):
            assert row(result, "mean_difference")[name] == row(welch, "mean_difference")[name]

    def test_the_claim_never_rises(self):
        assert from_table(GOLDEN).claim == "association"


class TestLedger:
    def test_it_adds_up_for_every_outcome(self):
        study = se.load_sample("clinical_skills_667")
        result = se.MemberComparison().fit(study)
        ledger = result.ledger
        assert (ledger["n_after"] == ledger["n_before"] - ledger["n_dropped"]).all()
        for outcome in study.outcomes:
            analysed = ledger[(ledger["outcome"] == outcome.column) & (ledger["step"] == "analysed")]["n_after"].sum()
            primary = result.estimates[result.estimates["primary"] & (result.estimates["outcome"] == outcome.column)]
            assert analysed == primary["n"].iloc[0]
