"""The recipe of CONTRIBUTING works as it is printed: a second design, shown by every output."""

import re
from pathlib import Path

import society_effects as se
from society_effects.language.catalogue import LANGUAGES

PAGE = Path(__file__).parents[2] / "CONTRIBUTING.md"


def printed_design():
    """The design that the page prints, made as if its file stood in the package."""
    text = PAGE.read_text(encoding="utf-8")
    (block,) = re.findall(r"### Worked example.*?```python\n(.*?)```", text, flags=re.DOTALL)
    names = {"__name__": "society_effects.designs.shift_comparison", "__package__": "society_effects.designs"}
    exec(compile(block, "shift_comparison.py", "exec"), names)
    return names["ShiftComparison"]


def test_the_worked_example_gets_every_output(tmp_path):
    study = se.load_sample("clinical_skills_667")
    result = printed_design()().fit(study)
    assert result.estimates["primary"].all()
    assert len(result.estimates) == len(study.outcomes)
    for lang in LANGUAGES:
        assert result.table(lang=lang).rows
        assert result.plot(lang=lang)._repr_png_()
        assert result.report(lang).save(tmp_path / f"{lang}.html").stat().st_size > 10_000
        assert result.summary(lang)._repr_html_()
