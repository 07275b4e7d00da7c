"""Everything a result has to show, written to one folder: numbers, tables, figures and reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .figures import possible_figures
from .progress import progress
from .result import Result
from .tables import possible

FORMATS = ("pdf", "svg", "png")
REPORTS = (".html", ".docx")
STEMS = {"baseline": "table1"}
"""Names of files that are known by another name than their kind."""


def write_everything(
    result: Result,
    folder: Path | str,
    langs: Sequence[str],
    *,
    reports: Sequence[str] = REPORTS,
    figures: Sequence[str] = FORMATS,
    journal: str | None = None,
    rows: bool = False,
) -> list[Path]:
    """Write the result's numbers, tables, figures and reports; the files written, in order.

    langs : the languages of tables, figures and reports. File names carry the language where there are several; Table 1
        in the first of them is always ``table1.xlsx``.
    reports, figures : endings of the report, formats of the figures. journal : sizes of the figures.
    rows : also the numbers of each student.
    """
    folder = Path(folder)
    paths = result.save(folder, rows)
    shown = [("report", "report"), *(("table", kind) for kind in possible(result))]
    shown += [("figure", kind) for kind in possible_figures(result)]
    for lang, (what, kind) in progress([(lang, one) for lang in langs for one in shown], "society-effects"):
        plain = len(langs) == 1 or (kind == "baseline" and lang == langs[0])
        stem = folder / f"{STEMS.get(kind, kind)}{'' if plain else f'_{lang}'}"
        if what == "report":
            paths += [result.report(lang).save(stem.with_suffix(suffix)) for suffix in reports]
        elif what == "table":
            paths.append(result.table(kind, lang).save(stem.with_suffix(".xlsx")))
        else:
            paths += result.plot(kind, journal=journal, lang=lang).save(stem, formats=figures)
    return paths
