"""Names, levels and labels are text wherever they are shown: never markup on a page, never a formula in a sheet."""

import re

import openpyxl
import pandas as pd
import pytest

from society_effects.designs.describing import Describe
from society_effects.designs.member_comparison import MemberComparison
from society_effects.study import Outcome, Study

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
FORMULA = "=cmd|' /C calc'!A0"
TAG = re.compile(r"<\s*(script|img(?! [^>]*src=\"data:)|iframe)", re.IGNORECASE)


@pytest.fixture(scope="module")
def results():
    frame = pd.DataFrame(
        {
            "g": [SCRIPT, FORMULA] * 20,
            "y": [float(k % 17) for k in range(40)],
            IMAGE: [1.0 * (k % 3 == 0) for k in range(40)],
            "@sum": [f"+{k % 2}" for k in range(40)],
        }
    )
    labels = {"y": {"en": f"{SCRIPT} total", "zh": f"{IMAGE} 总分"}, f"g={SCRIPT}": IMAGE, f"g={FORMULA}": FORMULA}
    outcomes = [Outcome("y", unit={"en": SCRIPT, "zh": IMAGE}), Outcome(IMAGE, kind="binary")]
    study = Study(
        frame, group="g", member=FORMULA, reference=SCRIPT, outcomes=outcomes, covariates=["@sum"], labels=labels
    )
    return study, MemberComparison(adjustment="holm").fit(study), Describe().fit(study)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_hold_them_as_text(results, lang):
    study, result, described = results
    pages = [result.report(lang).to_html(), result.summary(lang)._repr_html_(), study._repr_html_()]
    pages += [study.codebook(lang).to_html()]
    for table in (result.table("comparison", lang=lang), described.table("baseline", lang=lang)):
        pages += [table.to_html(), table.suppressed(8).to_html()]
    for page in pages:
        assert not TAG.search(page)
        assert "&lt;" in page


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_sheets_hold_them_as_text(results, lang, tmp_path):
    _, result, described = results
    for table in (result.table("comparison", lang=lang), described.table("baseline", lang=lang)):
        for number, one in enumerate((table, table.suppressed(8))):
            book = openpyxl.load_workbook(one.save(tmp_path / f"{table.kind}{number}.xlsx"))
            for cell in (cell for sheet in book for row in sheet for cell in row if isinstance(cell.value, str)):
                assert cell.data_type == "s"
                assert cell.quotePrefix or cell.value[0] not in "=+-@"
            text = one.save(tmp_path / f"{table.kind}{number}.csv").read_text("utf-8-sig")
            for line in text.splitlines():
                assert not re.match(r'"?[=+\-@]', line)
