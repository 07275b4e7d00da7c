"""The demonstration: the bundled cohort and published tables, as numbers, tables, figures and reports."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from .designs.member_comparison import MemberComparison
from .folder import write_everything
from .language.catalogue import LANGUAGES, catalogue
from .recomputing import recomputed_changes_table, recomputed_lines, recomputed_table
from .study.samples import load_sample


def demonstrate(folder: Path | str, lang: str, out: TextIO) -> list[Path]:
    """Compare the bundled cohort, recompute the published tables, and write everything; the files written.

    out : where the summary and the table are printed.
    """
    folder, words = Path(folder), catalogue(lang)
    result = MemberComparison().fit(load_sample("clinical_skills_667", lang))
    print(words.get("cli.demo_cohort"), result.summary(lang), sep="\n\n", file=out)
    paths = write_everything(result, folder, LANGUAGES)
    tables = {("published", each): recomputed_table(each) for each in LANGUAGES}
    tables |= {("published_changes", each): recomputed_changes_table(each) for each in LANGUAGES}
    print("\n" + words.get("cli.demo_published"), *recomputed_lines(lang), sep="\n", file=out)
    for (name, each), table in tables.items():
        paths += [table.save(folder / f"{name}_{each}{suffix}") for suffix in (".html", ".xlsx")]
    return paths
