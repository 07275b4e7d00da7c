"""Everything a result has to show, written to one folder: numbers, tables, figures and reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .figures import possible_figures
from .progress import progress
from .result import Result

FORMATS = ("pdf", "svg", "png")


def write_everything(result: Result, folder: Path | str, langs: Sequence[str]) -> list[Path]:
    """Write the result's numbers, tables, figures and reports; the files written, in order.

    langs : the languages of tables, figures and reports. File names carry the language where there are several.
    """
    folder = Path(folder)
    paths = result.save(folder)
    suffix = {lang: f"_{lang}" if len(langs) > 1 else "" for lang in langs}
    jobs = [(lang, kind) for lang in langs for kind in ("report", "comparison", *possible_figures(result))]
    for lang, kind in progress(jobs, "society-effects"):
        stem = f"{kind}{suffix[lang]}"
        if kind == "report":
            paths.append(result.report(lang).save(folder / f"{stem}.html"))
        elif kind == "comparison":
            paths.append(result.table(kind, lang).save(folder / f"{stem}.xlsx"))
        else:
            paths += result.plot(kind, lang=lang).save(folder / stem, formats=FORMATS)
    if result.has("baseline"):
        paths.append(result.table("baseline", langs[0]).save(folder / "table1.xlsx"))
    return paths
