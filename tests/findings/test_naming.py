"""What the terms of a regression are called, in sentences and where they stand alone."""

import pytest

from society_effects.findings.labels import Labels
from society_effects.findings.naming import term_heading, term_name

LABELS = Labels(
    levels={"yes": {"en": "members", "zh": "社团组"}, "no": {"en": "non-members", "zh": "非社团组"}},
    variables={
        "sex": {"en": "sex", "zh": "性别"},
        "year": {"en": "year of study", "zh": "年级"},
        "score@wave:1": {"en": "score (before)", "zh": "得分（前测）"},
    },
    categories={"sex": {"male": {"en": "male", "zh": "男"}}, "year": {"4": {"en": "fourth", "zh": "四年级"}}},
)
NAMES = [
    ("(Intercept)", "(Intercept)", "常数项"),
    ("member", "members (vs non-members)", "社团组（相对于非社团组）"),
    ("sex[male]", "sex: male", "性别：男"),
    ("C(year)[4]", "year of study: fourth", "年级：四年级"),
    ("C(year, Treatment(3))[4]", "year of study: fourth", "年级：四年级"),
    ("C(year):sex", "year of study × sex", "年级×性别"),
    ("member:sex[male]", "members × sex: male", "社团组×性别：男"),
    ("sex[male]:year", "sex: male × year of study", "性别：男×年级"),
    ("score@wave:1", "score (before)", "得分（前测）"),
    ("member:score@wave:1", "members × score (before)", "社团组×得分（前测）"),
    ("bs(prior_score, 4)[0]", "bs(prior_score, 4)[0]", "bs(prior_score, 4)[0]"),
    ("np.log(hours)", "np.log(hours)", "np.log(hours)"),
    ("I(age ** 2)", "I(age ** 2)", "I(age ** 2)"),
    ("Q('my score')", "my score", "my score"),
    ("class:member", "share of members in the class", "班级内社团组的比例"),
    ("class:member:year", "class mean of members × year of study", "班级均值（社团组×年级）"),
]


@pytest.mark.parametrize(("term", "english", "chinese"), NAMES)
def test_terms_have_the_names_of_their_variables_and_categories(term, english, chinese):
    assert term_name(term, LABELS, "en", "yes", "no") == english
    assert term_name(term, LABELS, "zh", "yes", "no") == chinese


@pytest.mark.parametrize(
    ("term", "heading"),
    [
        ("sex[male]", "Sex: male"),
        ("member", "Members (vs non-members)"),
        ("member:year", "Members × year of study"),
        ("class:x", "Class mean of x"),
        ("x[a]:y", "x: a × y"),
        ("bs(prior_score, 4)[0]", "bs(prior_score, 4)[0]"),
        ("Q('my score')", "my score"),
    ],
)
def test_only_labels_get_a_capital(term, heading):
    assert term_heading(term, LABELS, "en", "yes", "no") == heading


def test_groups_without_a_label_stay_as_the_user_wrote_them():
    assert term_heading("member:x", Labels(), "en", "club", "none") == "club × x"
    assert term_heading("member", Labels(), "en", "club", "none") == "club (vs none)"
    assert term_name("member", Labels(), "en") == "members"
