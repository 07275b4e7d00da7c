"""A plan is checked at once: what is wrong, on which line, and what was meant."""

import re

import pytest
from plan_examples import plan, written

import society_effects as se
from society_effects.language.catalogue import LANGUAGES
from society_effects.plans import read_plan
from society_effects.plans.words import begun
from society_effects.plans.yaml_text import entries


def refused(path):
    with pytest.raises(se.PlanError) as caught:
        read_plan(path)
    return caught.value


UGLY = {
    "PLAN_UNKNOWN_SECTION": ("primary: 体格检查", "primery: 体格检查", 17, "primary"),
    "PLAN_UNKNOWN_KEY": ("  member: 是", "  membr: 是", 6, "member"),
    "PLAN_UNKNOWN_VALUE": (
        "kind: continuous, label: {en: physical",
        "kind: continous, label: {en: physical",
        14,
        "continuous",
    ),
    "PLAN_WRONG_TYPE": ("margin: 5,", 'margin: "5",', 14, "5"),
    "PLAN_PRIMARY": ("primary: 体格检查", "primary: 体格检", 17, "体格检查"),
    "PLAN_NAME_TWICE": ("name: what is missing", "name: DESCRIBE", 25, "DESCRIBE"),
    "PLAN_NOT_PROBED": ("of: 未校正", "of: 未校", 25, "未校正"),
    "PLAN_BAD_NAME": ("name: what is missing", "name: ../up", 25, "../up"),
    "PLAN_KEY_MISSING": ("    of: 未校正\n", "", 25, "of"),
    "PLAN_NOT_YAML": ("lang: LANG", "lang：LANG", 2, "LANG"),
    "PLAN_KEY_TWICE": ("seed: 7", "seed: 7\nseed: 8", 20, "seed"),
    "PLAN_ALIAS": ("seed: 7", "seed: *other", 19, "*"),
    "PLAN_TAG": ("seed: 7", "seed: !!python/object:os.system 7", 19, "python"),
    "PLAN_BAD_KEY": ("seed: 7", "? [1, 2]\n: 7", 19, ""),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", UGLY)
def test_what_is_wrong_is_said_with_its_line_and_the_nearest_name(tmp_path, code, lang):
    old, new, line, named = UGLY[code]
    error = refused(written(tmp_path, lang, replaced=[(old.replace("LANG", lang), new.replace("LANG", lang))]))
    sentence = str(error)
    assert error.code == code
    assert error.values["line"] == line
    assert str(line) in sentence and named.replace("LANG", lang) in sentence
    assert "\n" not in sentence
    if code != "PLAN_NOT_YAML" and code not in ("PLAN_ALIAS", "PLAN_TAG", "PLAN_BAD_KEY", "PLAN_KEY_TWICE"):
        assert ("分析计划" in sentence) == (lang == "zh")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("margin: 5,", "margin: -5,", "BAD_MARGIN"),
        ("range: [0, 100], margin", "range: [100, 0], margin", "BAD_RANGE"),
        ("conf_level: 0.9", "conf_level: 95", "BAD_CONF_LEVEL"),
        ("resamples: 99", "method: welsh", "UNKNOWN_METHOD"),
        ("examiners_blind: true", "response: {是: 90}", "ABOUT_VALUE"),
    ],
)
def test_what_a_study_or_a_design_refuses_is_said_with_its_line(tmp_path, old, new, code):
    error = refused(written(tmp_path, "zh", replaced=[(old, new)]))
    assert error.code == "PLAN_REFUSED" and error.values["why"].code == code
    assert re.search(r"第 \d+ 行", str(error)) and re.search("[\u4e00-\u9fff]", str(error.values["why"]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("resamples: 99", "resamples: many"),
        ("resamples: 99", "resamples: 99.5"),
        ("resamples: 99", "primary: [体格检查]"),
        ("examiners_blind: true", "examiners_blind: yes"),
        ("seed: 7", "seed: seven"),
        ("seed: 7", "seed: .nan"),
        ("  unit: 学号", "  unit: {学号: 1}"),
        ("analyses:\n", "analyses: describe\nsheet:\n"),
    ],
)
def test_types_are_checked_at_once(tmp_path, old, new):
    assert refused(written(tmp_path, replaced=[(old, new)])).code in ("PLAN_WRONG_TYPE", "PLAN_NOT_YAML")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "PLAN_EMPTY"),
        ("# nothing\n", "PLAN_EMPTY"),
        ("just words", "PLAN_NOT_YAML"),
        ("- a\n- b\n", "PLAN_NOT_YAML"),
        ("a: [1, 2\n", "PLAN_NOT_YAML"),
        ("a: 'open\n", "PLAN_NOT_YAML"),
        ("a:\n\tb: 1\n", "PLAN_NOT_YAML"),
        ("a: \x07\n", "PLAN_NOT_YAML"),
        ("question: x\n---\nquestion: y\n", "PLAN_NOT_YAML"),
        ("a: " + "[" * 400 + "]" * 400, "PLAN_TOO_DEEP"),
        ("a: 1\n" * 300_000, "PLAN_TOO_LARGE"),
        ("a: &x 1\nb: *x\n", "PLAN_ALIAS"),
        ("question: q\nanalyses: [describe]\noutcomes: [a]\n", "PLAN_DATA"),
        ("question: q\nanalyses: [describe]\ndata: a.csv\nsample: b\noutcomes: [a]\n", "PLAN_DATA"),
        ("question: q\nanalyses: [describe]\ndata: a.csv\n", "PLAN_NO_OUTCOMES"),
        ("question: q\ndata: a.csv\noutcomes: [a]\n", "PLAN_KEY_MISSING"),
        ("question: q\nanalyses: []\ndata: a.csv\noutcomes: [a]\n", "PLAN_WRONG_TYPE"),
    ],
)
def test_what_is_no_plan(tmp_path, text, code):
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    assert refused(path).code == code


def test_a_file_that_is_not_there_and_one_that_is_no_text(tmp_path):
    assert refused(tmp_path / "none.yaml").code == "NO_SUCH_PLAN"
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")
    assert refused(tmp_path / "x.yaml").code == "PLAN_ENCODING"


def test_words_stay_words():
    text = "a: yes\nb: no\nc: 007\nd: 2024-01-02\ne: 12:30\nf: 1e3\ng: 'true'\nh: ~\ni: True\nj: 1_000\nk: 10\n"
    assert entries(text).plain == {
        "a": "yes", "b": "no", "c": "007", "d": "2024-01-02", "e": "12:30", "f": 1000.0, "g": "true", "h": None,
        "i": True, "j": "1_000", "k": 10,
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_plans_are_read_in_the_encodings_editors_write(tmp_path, encoding):
    path = written(tmp_path)
    path.write_bytes(path.read_text(encoding="utf-8").replace("\n", "\r\n").encode(encoding))
    assert read_plan(path).primary == "体格检查"


def test_two_primary_outcomes_are_refused(tmp_path):
    error = refused(written(tmp_path, replaced=[("resamples: 99", "primary: 基本操作")]))
    assert error.code == "PLAN_TWO_PRIMARIES" and error.values["planned"] == "体格检查"


def test_what_holds_for_all_reaches_every_design(tmp_path):
    design = plan(tmp_path).analysis("未校正").design
    assert (design.primary, design.conf_level, design.seed, design.resamples) == ("体格检查", 0.9, 7, 99)


def test_waves_may_be_numbers(tmp_path):
    text = "question: q\ndata: a.csv\noutcomes: [s]\nstudy: {unit: u, wave: w, waves: [1, 2]}\nanalyses:\n  - {design: pre_post, first: 1, last: 2}\n"
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_plan(path).analyses[0].design == se.PrePost(first="1", last="2")


def test_an_error_of_the_data_names_the_line_of_the_plan(tmp_path):
    error = None
    try:
        _ = plan(tmp_path, replaced=[("  unit: 学号", "  unit: 学好")]).study
    except se.PlanError as caught:
        error = caught
    assert error.values["line"] == 8 and "学号" in str(error)
    missing = plan(tmp_path, replaced=[("data: 成绩 单.csv", "data: 没有.csv")])
    with pytest.raises(se.PlanError, match="第 3 行"):
        _ = missing.study


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_plan_shows_itself(tmp_path, lang):
    shown = plan(tmp_path).text(lang)
    wanted = {
        "en": ["Do members score higher?", "members is compared with non-members", "physical examination (score, 0 to 100 points)",
               "The primary outcome is physical examination.", "stations (physical examination, basic operations)",
               "physical examination 5 points", "2. 未校正: comparison of members and non-members", "90%", "exploratory"],
        "zh": ["社团成员得分是否更高？", "将“社团组”与“非社团组”比较", "主要结局为体格检查。", "stations（体格检查、基本操作）",
               "体格检查 5 分", "2. 未校正：社团成员与非社团成员的比较", "置信水平为 90%", "探索性"],
    }  # fmt: skip
    assert not [piece for piece in wanted[lang] if piece not in shown]
    assert plan(tmp_path).hash in shown
    assert repr(plan(tmp_path)) == plan(tmp_path).text("zh")
    assert "<h2>" in plan(tmp_path)._repr_html_()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["template", "example"])
def test_what_a_plan_begins_with_is_a_plan(tmp_path, kind, lang):
    path = tmp_path / "plan.yaml"
    path.write_text(begun(kind, lang), encoding="utf-8")
    assert read_plan(path).lang == lang and read_plan(path).question_in(lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_line_of_the_template_can_be_used(tmp_path, lang):
    """Each remark that is an entry is one that a plan may hold."""
    for number, line in enumerate(begun("template", lang).splitlines()):
        if not re.match(r" *# +(- )?[\w=-]+: ", line) or "label: {en" in line:
            continue
        lines = begun("template", lang).splitlines()
        block = [number]
        if line.lstrip().startswith(("# covariates:", "# labels:", "# - ")):
            end = number + 1
            while re.match(r" *#   ", lines[end]):
                block.append(end)
                end += 1
        elif re.match(r" *#   ", line) and "subgroups" not in line:
            continue
        for i in block:
            lines[i] = lines[i].replace("# ", "", 1)
        text = "\n".join(lines).replace("of: adjusted", "of: raw").replace("of: 校正后", "of: 未校正")
        path = tmp_path / "plan.yaml"
        path.write_text(text, encoding="utf-8")
        read_plan(path)


def test_the_example_is_the_bundled_cohort(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(begun("example", "en"), encoding="utf-8")
    study = read_plan(path).study
    assert len(study) == 667 and study.source["simulated"] and study.cluster == "class"
    assert study.labels["prior_score"]["zh"] == "入社前成绩"
