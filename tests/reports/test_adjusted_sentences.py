"""Words of comparisons among students with the same covariates, of subgroups, and of the ladder."""

import re

import numpy as np
import pandas as pd
import pytest
from report_examples import findings, row

import society_effects as se
from society_effects.findings.checks import Check
from society_effects.findings.findings import Findings
from society_effects.language.catalogue import LANGUAGES
from society_effects.language.lexicon import lint
from society_effects.reports import report
from society_effects.reports.check_texts import check_text, spoken_checks
from society_effects.reports.italics import plain
from society_effects.reports.methods_sentences import methods_paragraph
from society_effects.reports.sentences import limits_paragraph, results_paragraph, results_paragraphs
from society_effects.reports.voice import Voice

ADJUSTED = {"estimand": "adj_diff_members", "wave": None, "reference_wave": None}


def cohort_of(n=240, seed=1):
    """Students of four kinds of outcomes, who join the more often the more they scored before."""
    rng = np.random.default_rng(seed)
    prior, motivation = rng.normal(size=n), rng.normal(size=n)
    joined = rng.random(n) < 1 / (1 + np.exp(0.8 - 0.6 * prior - 0.4 * motivation))
    score = 70 + 6 * prior + 3 * motivation + 3 * joined + rng.normal(0, 6, n)
    data = pd.DataFrame(
        {
            "society": np.where(joined, "yes", "no"),
            "sex": rng.choice(["F", "M"], n),
            "prior": 70 + 8 * prior,
            "motivation": 30 + 5 * motivation,
            "class": rng.integers(0, 12, n),
            "osce": score,
            "passed": (score > 72).astype(int),
            "rating": np.digitize(score, [64, 70, 76]),
            "papers": rng.poisson(np.exp(-0.4 + 0.3 * prior + 0.3 * joined)),
        }
    )
    data.loc[[2, 5, 9], "prior"] = np.nan
    data.loc[4, "osce"] = np.nan
    return data


def study_of(outcomes, **rest):
    return se.Study(
        cohort_of(),
        group="society",
        outcomes=outcomes,
        covariates={"demographics": ["sex"], "prior_achievement": ["prior"], "motivation": ["motivation"]},
        about=se.About(covariates_before_joining="all", assignment="self-selected"),
        labels={"prior": {"en": "prior score", "zh": "入社前成绩"}},
        **rest,
    )


KINDS = ["osce", "passed", se.Outcome("rating", kind="ordinal"), se.Outcome("papers", kind="count")]


@pytest.fixture(scope="module")
def mixed():
    return se.RegressionAdjustment(subgroups=("sex",)).fit(study_of(KINDS))


@pytest.fixture(scope="module")
def one():
    return se.RegressionAdjustment(subgroups=("sex", "prior")).fit(study_of(["osce"]))


@pytest.fixture(scope="module")
def among_classmates():
    return se.RegressionAdjustment().fit(study_of(["osce", "passed"], cluster="class"))


@pytest.fixture(scope="module")
def ladder():
    return se.triangulate(se.load_sample("clinical_skills_667", cluster="class"))


def text(result, lang="en"):
    return plain(results_paragraph(result, lang))


class TestWhatIsAdjusted:
    def test_covariates_are_named_by_their_labels_once(self, mixed):
        said = text(mixed)
        assert said.count("is adjusted for sex, prior score, motivation") == 1
        assert "averaged over the covariates of the members" in said
        assert "已校正sex、入社前成绩、" in text(mixed, "zh")

    def test_whose_average_it_is_follows_the_target(self):
        found = se.RegressionAdjustment(estimand="ate").fit(study_of(["osce"]))
        assert "averaged over the covariates of all students" in text(found)
        assert "centred at its mean among all students" in plain(methods_paragraph(found))

    def test_classmates_are_said(self, among_classmates):
        said = text(among_classmates)
        assert "made among classmates" in said and "non-members of the same class" in said
        assert "同班" in text(among_classmates, "zh")
        assert "fixed effects of classes" in plain(methods_paragraph(among_classmates))

    def test_the_unadjusted_number_stands_beside(self, mixed):
        estimates = mixed.estimates
        raw = estimates[(estimates.outcome == "osce") & (estimates.measure == "mean_difference")].iloc[0]
        assert f"Before adjustment, the difference was {raw['estimate']:.2f}, 95% CI [{raw['conf_low']:.2f}" in text(
            mixed
        )
        assert text(mixed).count("Before adjustment") == 4
        assert text(mixed, "zh").count("校正前") == 4

    def test_of_many_outcomes_the_unadjusted_numbers_are_listed(self):
        rows = []
        for i in range(6):
            rows.append(row("adjusted_mean_difference", "above", f"o{i}", **ADJUSTED))
            rows.append(row("mean_difference", "above", f"o{i}", primary=False))
        found = findings(rows, "adjusted_association")
        assert text(found).count("Before adjustment, the mean difference was") == 1
        assert text(found, "zh").count("校正前的均数差") == 1

    def test_values_of_the_groups_do_not_stand_beside_an_adjusted_number(self):
        for measure, shown in (("rate_ratio", True), ("adjusted_rate_ratio", False)):
            found = findings([row(measure, "above", **ADJUSTED)], "adjusted_association")
            assert ("96/120" in text(found)) == shown

    def test_the_earlier_score_has_its_own_words(self):
        found = findings([row("adjusted_superiority", "above")], "adjusted_association")
        assert "of the same earlier category" in text(found)
        found = findings([row("adjusted_superiority", "above", **ADJUSTED)], "adjusted_association")
        assert "with the same covariates" in text(found) and "earlier category" not in text(found)

    def test_ratios_of_students_alike_are_called_conditional(self, mixed):
        said = text(mixed)
        assert "conditional odds ratio" in said and "adjusted odds ratio (marginal)" in said
        assert not re.search(r"(?<!conditional )(?<!adjusted )odds ratio", said)

    def test_who_was_left_out_is_told(self, one, mixed):
        trail = re.search(
            r"of (\d+) members 1 without a score and (\d) without a covariate \(leaving (\d+)\)", text(one)
        )
        assert trail is not None
        of, without, left = map(int, trail.groups())
        ledger = one.ledger[one.ledger["group"] == "yes"]
        assert (of, left) == (ledger["n_before"].max(), ledger["n_after"].min()) and of - 1 - without == left
        assert f"Members (n = {left})" in text(one)
        assert "Students with a score but without a value of every covariate" in plain(methods_paragraph(one))
        assert "成绩缺失 1 名、协变量缺失" in text(mixed, "zh") and "passed、rating、papers的分析中，" in text(
            mixed, "zh"
        )


class TestSubgroups:
    def test_rows_of_subgroups_are_in_no_other_sentence(self, one):
        for lang in LANGUAGES:
            first = results_paragraphs(one, lang)[0]
            start = plain(first).index({"en": "What follows compares subgroups", "zh": "以下为亚组比较"}[lang])
            before = plain(first)[:start]
            rows = one.estimates[one.estimates["by"] == "sex"]
            assert not any(f"{value:.2f}" in before for value in rows["conf_low"])

    def test_further_measures_of_subgroups_stand_beside_nothing(self):
        rows = [row("adjusted_mean_difference", "above", **ADJUSTED)]
        rows += [row("d_adjusted", "above", primary=False)]
        rows += [row("d_adjusted", "above", primary=False, by="sex", level=level, estimate=0.99) for level in "FM"]
        said = text(findings(rows, "adjusted_association"))
        assert "0.44" in said and "0.99" not in said.split("What follows compares subgroups")[0]

    def test_the_contrast_has_its_simultaneous_interval_and_adjusted_p(self, one):
        said = text(one)
        contrast = one.estimates[one.estimates["reference_level"].notna()].iloc[0]
        assert f"simultaneous 95% CI [{contrast['simultaneous_low']:.2f}".replace("[-", "[−") in said
        assert "exploratory" in said and "per standard deviation" in said

    def test_a_found_contrast_is_said_so(self, one):
        parts = {name: one.frame(name) for name in one.frames}
        rows = parts["estimates"].copy()
        own = rows["reference_level"].notna()
        rows.loc[own, ["conf_low", "simultaneous_low"]] = 0.1
        rows.loc[own, "estimate"] = 2.0
        rows.loc[own, ["p_value", "p_adjusted"]] = 0.01
        found = Findings.of(one.design, parts | {"estimates": rows}, labels=one.labels, settings=one.settings)
        assert "the subgroups differed statistically significantly" in text(found)

    def test_of_many_only_the_found_are_told(self):
        many = se.RegressionAdjustment(subgroups=("sex", "prior")).fit(study_of(KINDS))
        assert "further comparisons of subgroups" in text(many)
        assert "table of subgroups" in text(many)

    def test_categories_have_one_sentence(self, mixed):
        assert text(mixed).count("at or above a category minus that of") == 1
        assert "for 2 or above" in text(mixed) and "for 3 or above" not in text(mixed) and "for 3." in text(mixed)
        assert "2及以上" in text(mixed, "zh") and "3及以上" not in text(mixed, "zh")
        assert text(mixed, "zh").count("达到或超过某等级的比例减去") == 1

    def test_their_adjustment_is_no_family_of_outcomes(self, one):
        assert "hold for the 2 comparisons" not in text(one)
        assert "limits that hold for all of these of one outcome together" in plain(methods_paragraph(one))


class TestLadder:
    def test_what_moved_and_what_is_left(self, ladder):
        said = text(ladder)
        rungs = ladder.frame("rungs").set_index(["outcome", "design"])
        own = rungs.loc[("physical_examination", "prior_achievement")]
        assert f"Adding prior achievement to what is adjusted for moved it by −{-own['moved']:.2f} points" in said
        assert f"{100 * own['share_left']:.0f}% of the unadjusted difference was left" in said
        assert "On the rung that answers (within classes)" in said
        assert "A move was not shown with demographics (" in said and "Adding demographics" not in said

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_a_move_without_an_interval_is_not_judged(self, ladder, lang):
        parts = {name: ladder.frame(name) for name in ladder.frames}
        rows = parts["rungs"].copy()
        rows.loc[rows["design"] == "demographics", ["moved_low", "moved_high"]] = float("nan")
        found = Findings.of(ladder.design, parts | {"rungs": rows}, labels=ladder.labels, settings=ladder.settings)
        said = text(found, lang)
        assert {"en": "cannot be said, since no interval", "zh": "变化的区间无法得出"}[lang] in said
        assert "; )" not in said and "（）" not in said and "()" not in said

    def test_no_share_is_given_where_the_raw_difference_may_be_zero(self, ladder):
        own = next(part for part in results_paragraphs(ladder) if part.startswith("For history taking, the difference"))
        assert "% of the unadjusted difference" not in plain(own)

    def test_what_cannot_be_climbed_has_its_reason(self, ladder):
        assert "change scores (no earlier wave)" in text(ladder)
        assert "变化值比较（无更早的测量时点）" in text(ladder, "zh")

    def test_agreement_is_never_read_as_proof(self, ladder):
        assert "That rungs agree does not show that nothing is left unmeasured" in text(ladder)
        assert "不能因此解释为因果" in text(ladder, "zh")

    def test_the_truth_is_that_of_the_simulation(self, ladder):
        truth = ladder.frame("truth")
        value = truth[(truth.outcome == "total") & (truth.estimand == "att")]["value"].iloc[0]
        assert "the difference that the simulation made is" in text(ladder)
        assert f"{value:.2f} points (total score)" in text(ladder)
        real = se.triangulate(study_of(["osce"]))
        assert "the truth is known" not in text(real)

    def test_every_rung_is_of_the_same_students(self, ladder):
        assert "Every rung of an outcome is of the same students" in text(ladder)
        assert "No score was missing" not in text(ladder)

    def test_its_raw_rung_is_not_told_twice(self, ladder):
        assert "The mean difference was" not in text(ladder)

    def test_change_disagrees(self):
        panel = se.triangulate(se.load_sample("professional_identity_panel"), first="before", last="year")
        assert "and disagrees with that rung (F(" in text(panel)
        assert "与该级不一致" in text(panel, "zh")


class TestLimits:
    def test_one_text_for_the_same_caution_of_several_outcomes(self):
        checks = [
            Check("EXTRAPOLATION", "warn", {"share": s, "level": "no"}, f"o{i}") for i, s in enumerate((0.1, 0.2))
        ]
        found = findings([row("mean_difference", "above", f"o{i}") for i in range(2)], checks=checks)
        said = plain(limits_paragraph(found))
        assert said.count("count with the wrong sign") == 1 and "10.0% to 20.0% of the non-members" in said
        assert "concerning" not in said
        three = findings([row("mean_difference", "above", f"o{i}") for i in range(3)], checks=checks)
        assert "(concerning o0 score, o1 score)" in plain(limits_paragraph(three))

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_reason_limits_and_list_say_it_once_with_the_same_range(self, lang):
        checks = [
            Check("EXTRAPOLATION", "warn", {"share": s, "level": g}, f"o{i}")
            for g in ("yes", "no")
            for i, s in enumerate((0.1, 0.2))
        ]
        checks += [Check("COVARIATES_MISSING", "warn", {"n": 5 + i, "of": 90 + i}, f"o{i}") for i in range(2)]
        rows = [row("adjusted_mean_difference", "above", f"o{i}") for i in range(2)]
        found = findings(rows, claim="effect", checks=checks)
        whole = report(found, lang)
        reason = next(block.reason for block in whole.blocks if block.kind == "claim")
        listed = [item.text for block in whole.blocks if block.kind == "checks" for item in block.items]
        limits = plain(limits_paragraph(found, lang))
        assert len(listed) == 3
        for said in listed:
            assert said in limits
        counts = {"en": "5 to 6 of 90 to 91 students", "zh": "90~91 名有得分的学生中有 5~6 名"}[lang]
        assert reason.count(counts) == 1 and limits.count(counts) == 1

    def test_cautions_that_differ_in_more_than_a_number_stay_apart(self):
        checks = [Check("EXTRAPOLATION", "warn", {"share": 0.1, "level": g}, "osce") for g in ("yes", "no")]
        voice = Voice.of(findings([row("mean_difference", "above")], checks=checks), "en")
        assert len(spoken_checks(voice)) == 2

    def test_a_number_of_a_check_is_written_as_the_estimates_are(self):
        check = Check("PLAIN_DIFFERS", "note", {"a": 0.5939148, "measure": "mean_difference"}, "osce")
        voice = Voice.of(findings([row("mean_difference", "above")], checks=[check]), "en")
        assert "(0.59 points)" in check_text(voice, check)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["mixed", "one", "among_classmates", "ladder"])
def test_nothing_claims_more_than_the_grade_allows(name, lang, request):
    result = request.getfixturevalue(name)
    whole = report(result, lang)
    said = "\n\n".join(whole.paragraphs)
    assert not lint(said, result.claim, lang)
    assert "{" not in said and "：：" not in said and ".." not in said.replace("...", "")


def test_the_condition_of_grade_c_is_said_at_grade_c_only(ladder, mixed):
    condition = "consistent with an effect if no unmeasured cause of both remains"
    assert ladder.grade == "C" and condition in str(report(ladder, "en"))
    lower = se.RegressionAdjustment().fit(_no_baseline())
    assert lower.grade == "D" and condition not in str(report(lower, "en"))


def _no_baseline():
    return se.Study(cohort_of(), group="society", outcomes=["osce"], covariates=["sex"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_method_of_an_adjusted_number_has_its_sentence(lang, mixed, among_classmates, ladder):
    for result in (mixed, among_classmates, ladder):
        said = plain(methods_paragraph(result, lang))
        assert {"en": "was obtained by:", "zh": "由以下方法得出"}[lang] not in said
        assert {"en": "earlier score", "zh": "前次得分"}[lang] not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_student_is_named_and_a_report_loses_nothing_by_being_saved(one, lang, tmp_path):
    own = one.table("influential", lang=lang)
    tables = [block.table for block in report(one, lang).blocks if block.kind == "table"]
    assert own.rows and own.title not in {table.title for table in tables}
    one.save(tmp_path)
    again = report(se.Result.load(tmp_path), lang)
    assert [b.text for b in again.blocks if b.kind == "heading"] == [
        b.text for b in report(one, lang).blocks if b.kind == "heading"
    ]


def test_errors_of_classes_are_said_once(among_classmates):
    kinds = se.RegressionAdjustment().fit(study_of(KINDS, cluster="class"))
    for result in (among_classmates, kinds):
        for lang, words in (("en", "Satterthwaite degrees of freedom"), ("zh", "Satterthwaite")):
            said = plain(methods_paragraph(result, lang))
            assert said.count(words) == 1 and "{" not in said
