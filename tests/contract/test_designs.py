"""Every design gets every output its frames allow, in both languages; a new design is tested here for free."""

import json
from dataclasses import dataclass, replace
from typing import ClassVar

import docx
import numpy as np
import pandas as pd
import pytest

import society_effects as se
from society_effects.designs.common import Design
from society_effects.figures import possible_figures
from society_effects.findings.naming import design_name
from society_effects.findings.schema import FRAMES
from society_effects.language.catalogue import LANGUAGES, catalogue
from society_effects.language.numbers import STYLES
from society_effects.reports.report import FigureBlock, TableBlock
from society_effects.stats.inference import from_t
from society_effects.tables import TABLES, possible
from society_effects.tables.table import WRITERS


def mixed(n=60):
    """A small study with scores, a pass mark, covariates and holes."""
    rng = np.random.default_rng(3)
    member = rng.random(n) < 0.4
    frame = pd.DataFrame(
        {
            "society": np.where(member, "yes", "no"),
            "osce": 70 + 5 * member + rng.normal(0, 8, n),
            "theory": 60 + rng.normal(0, 5, n),
            "passed": (rng.random(n) < 0.6 + 0.2 * member).astype(int),
            "sex": rng.choice(["F", "M"], n),
            "prior": rng.normal(65, 7, n),
        }
    )
    frame.loc[[1, 5], "osce"] = np.nan
    return se.Study(frame, outcomes=["osce", "theory", "passed"], group="society", covariates=["sex", "prior"])


def waves(n_waves, n=70):
    """A small study of several waves: a score, a pass mark and a rating, with holes."""
    rng = np.random.default_rng(4)
    member, able = rng.random(n) < 0.4, rng.normal(0, 1, n)
    names = [f"t{k}" for k in range(1, n_waves + 1)]
    frame = pd.DataFrame({"society": np.where(member, "yes", "no"), "sex": rng.choice(["F", "M"], n)})
    for k, wave in enumerate(names):
        score = 60 + 6 * able + 2 * k * (1 + member) + rng.normal(0, 4, n)
        frame[f"identity_{wave}"], frame[f"passed_{wave}"] = score, (score > 61).astype(int)
        frame[f"rating_{wave}"] = np.digitize(score, [54, 60, 66])
    frame.loc[[1, 5], "identity_t1"], frame.loc[[2, 8, 9], f"identity_{names[-1]}"] = np.nan, np.nan
    columns = {name: {wave: f"{name}_{wave}" for wave in names} for name in ("identity", "passed", "rating")}
    outcomes = ["identity", "passed", se.Outcome("rating", kind="ordinal")]
    return se.Study(frame, outcomes=outcomes, waves=columns, group="society", covariates=["sex"])


def joining(n=80):
    """A small study in which students join one after another, with two outcomes, a pass mark, classes and holes."""
    rng = np.random.default_rng(5)
    first = np.array([99, 99, 3, 4])[np.arange(n) % 4]
    parts = []
    for k in range(6):
        score = 60 + rng.normal(0, 3, n) + (k >= first) * 2
        part = {"student": np.arange(n), "wave": f"t{k + 1}", "society": np.where(k >= first, "yes", "no")}
        parts.append(pd.DataFrame(part | {"identity": score, "passed": (score > 61).astype(int)}))
    frame = pd.concat(parts, ignore_index=True).assign(school=lambda f: f["student"] % 9)
    frame.loc[[3, 200], "identity"] = np.nan
    roles = {"unit": "student", "wave": "wave", "group": "society", "cluster": "school"}
    return se.Study(frame, outcomes=["identity", "passed"], waves=[f"t{k + 1}" for k in range(6)], **roles)


STUDIES = {
    "sample": lambda: se.load_sample("clinical_skills_667"),
    "mixed": mixed,
    "two-waves": lambda: waves(2),
    "three-waves": lambda: waves(3),
    "joining": joining,
}
WAVES = {"two-waves": 2, "three-waves": 3, "joining": 0}
"""How many waves a design needs to be fitted to these studies; the last one is for designs of joining over time."""


@dataclass(frozen=True)
class Throwaway(Design):
    """Is a design that nobody has heard of shown like all others?"""

    key: ClassVar[str] = "throwaway"
    makes: ClassVar[tuple[str, ...]] = ("estimates", "ledger")
    start_grade: ClassVar[str] = "E"

    def compare(self, study, draft):
        for outcome in study.outcomes:
            keys = {"group": study.member, "reference": study.reference, "n": 10, "n_group": 5, "n_reference": 5}
            draft.estimate(outcome.column, "mean_difference", from_t(1.5, 0.5, 8.0), primary=True, **keys)
        draft.check("A_CHECK_NOBODY_WROTE_WORDS_FOR", "warn", share=0.3)


DESIGNS = {**se.DESIGNS, "throwaway": Throwaway}


FITTING = [(d, s) for d, design in DESIGNS.items() for s in STUDIES if design.fewest_waves == WAVES.get(s, 1)]
FITTING.append(("difference_in_differences", "joining"))
"""Each design with the studies of as many waves as it needs."""


@pytest.fixture(scope="module", params=FITTING, ids=lambda p: "-".join(p))
def fitted(request):
    design, study = request.param
    return DESIGNS[design](), STUDIES[study]()


@pytest.fixture(scope="module")
def result(fitted):
    design, study = fitted
    return design.fit(study)


def test_it_makes_what_it_says(fitted, result):
    design, _ = fitted
    assert set(design.makes) <= set(FRAMES)
    assert set(design.makes) <= set(result.frames) <= {*design.makes, *design.may_make, "ledger"}


def test_the_docstring_asks_a_question(fitted):
    design, _ = fitted
    assert type(design).__doc__.strip().splitlines()[0].endswith("?")


def test_every_design_is_listed_by_its_key():
    assert {key: design.key for key, design in se.DESIGNS.items()} == {key: key for key in se.DESIGNS}
    with pytest.raises(KeyError):
        se.DESIGNS["no_such_design"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("design", se.DESIGNS)
def test_it_has_a_name_and_a_methods_sentence(design, lang):
    for key in (f"designs.{design}", f"reports.methods.design.{design}"):
        assert catalogue(lang).has(key), key


def test_settings_are_json_and_rebuild_the_design(fitted, result):
    design, _ = fitted
    settings = json.loads(json.dumps(dict(result.settings)))
    assert settings["design"] == design.key
    if design.key in se.DESIGNS:
        assert se.rebuild(settings) == design


def test_the_same_study_gives_the_same_result(fitted, result):
    design, study = fitted
    again = design.fit(study)
    for name, frame in result.frames.items():
        pd.testing.assert_frame_equal(frame, again.frames[name], check_exact=True)


def test_limits_lie_within_bounds_and_around_estimates(result):
    from society_effects.findings.measures import MEASURES

    if not result.has("estimates"):
        return
    for row in result.estimates.dropna(subset=["estimate", "conf_low", "conf_high"]).itertuples():
        measure = MEASURES[row.measure]
        assert measure.low <= row.conf_low <= row.estimate <= row.conf_high <= measure.high
        assert row.null_value == measure.null_value


def test_every_p_value_is_a_probability_above_zero(result):
    for frame in result.frames.values():
        for column in {"p_value", "p_adjusted", "p_test"} & set(frame):
            known = frame[column].dropna()
            assert ((known > 0) & (known <= 1)).all()


def test_one_primary_row_per_outcome(result):
    if result.has("estimates"):
        estimates = result.estimates
        keys = ["outcome", "group", "reference", "wave", "reference_wave", "estimand"]
        counts = estimates[estimates["primary"]].groupby(keys, dropna=False).size()
        assert (counts == 1).all()


@pytest.mark.thinned
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_figure(result, lang):
    for kind in possible_figures(result):
        assert result.plot(kind, lang=lang)._repr_png_()[:4] == b"\x89PNG"


@pytest.mark.thinned
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_layout_and_style(result, lang):
    for kind in possible(result):
        for layout in TABLES[kind].layouts or (None,):
            for style in STYLES:
                table = result.table(kind, lang, style, layout)
                assert table.rows
                assert "{" not in str(table)
                assert "<table" in table.to_html()
                if result.simulated:
                    assert catalogue(lang).get("terms.simulated") in str(table)


@pytest.mark.thinned
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_in_every_format(result, lang, tmp_path):
    for kind in possible(result):
        table = result.table(kind, lang)
        for suffix in WRITERS:
            assert table.save(tmp_path / f"{kind}{suffix}").stat().st_size > 100
        if any(cell.text for row in table.rows for cell in row):
            assert len(docx.Document(str(tmp_path / f"{kind}.docx")).tables[0].rows) == len(table.header + table.rows)


@pytest.mark.thinned
@pytest.mark.parametrize("lang", LANGUAGES)
def test_report_in_word(result, lang, tmp_path):
    whole = result.report(lang)
    words = tuple(block for block in whole.blocks if not isinstance(block, FigureBlock))
    document = docx.Document(str(replace(whole, blocks=words).save(tmp_path / "report.docx")))
    assert len(document.tables) == sum(isinstance(block, TableBlock) for block in words)
    if result.simulated:
        assert catalogue(lang).get("terms.simulated").lower() in document.paragraphs[1].text.lower()


@pytest.mark.thinned
@pytest.mark.parametrize("lang", LANGUAGES)
def test_report_and_summary(result, lang, tmp_path):
    path = result.report(lang).save(tmp_path / "report.html")
    page = path.read_text(encoding="utf-8")
    for text in (page, str(result.summary(lang)), result.summary(lang)._repr_html_()):
        if result.simulated:
            assert catalogue(lang).get("terms.simulated").lower() in text.lower()
    assert 'lang="' + lang in page
    assert "http://" not in page.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
        "http://creativecommons.org", ""
    )


def test_it_survives_a_folder(result, tmp_path):
    result.save(tmp_path, rows=True)
    back = se.Result.load(tmp_path)
    assert str(back.summary()) == str(result.summary())


def test_repr_never_raises(result):
    assert repr(result)
    assert result._repr_html_()


def test_chinese_output_has_no_english_leaking_in(result):
    """The Chinese summary holds no English words but names of statistics, columns and software."""
    if result.design == "throwaway":
        return
    text = str(result.summary("zh"))
    assert design_name(result, "zh") in text
    for word in ("members", "non-members", "Simulated", "difference", "interval", "adjusted"):
        assert word not in text
