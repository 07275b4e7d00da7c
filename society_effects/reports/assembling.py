"""Which blocks make a report, and which a summary? Every part is left out where its frames are not there."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from ..findings.findings import Findings
from ..findings.lookup import any_joint_limits, has_joint_limits
from ..findings.measures import MEASURES
from ..findings.naming import capitalised, measure_name, row_headings
from ..language.numbers import DASH
from ..tables import build, possible
from ..tables.table import Cell, Note, Table
from .check_texts import spoken_checks
from .facts import facts
from .for_authors import for_authors
from .headings import banner, heading, made_with, title
from .italics import as_runs
from .methods_sentences import answering_rows, methods_paragraph
from .number_sentences import Shown, p_text
from .report import (
    Block,
    CheckItem,
    Checks,
    Claim,
    Facts,
    FigureBlock,
    Heading,
    Notes,
    Paragraph,
    Report,
    TableBlock,
    numbered,
)
from .sample_sentences import data_sentence, design_sentence
from .sentences import (
    claim_name,
    claim_reason,
    claim_sentence,
    limits_paragraph,
    may_be_said,
    may_not_be_said,
    results_paragraphs,
)
from .voice import Voice

MAIN = ("comparison", "adjusted", "changes", "rungs")
"""Tables that answer the question of a design; the first that the findings allow is the main one."""
APPENDED = (
    *("ledger", "tests", "quantities", "sensitivity", "adjusted_means"),
    *("coefficients", "attrition", "estimates", "reconciliation"),
)
"""Tables after the words of a report."""
BEFORE_RESULTS = ("methods", "baseline")
"""What a journal prints before the results."""
BEHIND = ("subgroups", "balance", "adjusted_means", "coefficients", "sensitivity")
"""Tables behind an adjusted comparison that its summary names."""


def report(
    findings: Findings,
    lang: str | None = None,
    style: str | None = None,
    prefer_figures: Iterable[str] = (),
    short: bool = False,
) -> Report:
    """What was found, how, and what may not be claimed? The whole report.

    Parameters
    ----------
    findings : the findings of any design; parts whose frames are missing are left out.
    lang : {"en", "zh"}, optional
        By default the language of the findings.
    style : {"apa", "ama", "gbt"}, optional
        How numbers are written; by default the habit of the language.
    prefer_figures : names of figures, in order; by default those the design is read by.
    short : only what a journal prints: methods, who was compared, results with their table and figure, limits.

    Raises
    ------
    OutputError
        For a language or style that does not exist.
    """
    voice = Voice.of(findings, lang, style)
    parts = _parts(voice, tuple(prefer_figures) or findings.default_figures)
    main = [kind for kind in MAIN if parts[kind]][:1]
    if short:
        parts["figures"] = parts["figures"][:1]
        parts = {name: parts[name] for name in (*BEFORE_RESULTS, "results", *main, "figures", "limits")}
    parts["results"] = _results(voice, _see(voice, parts, main))
    headed = [block for name, part in parts.items() if part for block in (Heading(heading(voice, name)), *part)]
    return Report(title(voice), numbered([*banner(voice), *headed, *([] if short else made_with(voice))]), voice.lang)


def _parts(voice: Voice, figures: tuple[str, ...]) -> dict[str, list[Block]]:
    """All parts of a report in their order, by name; empty where their frames are not there."""
    said = (voice.findings, voice.lang, voice.style_name)
    return {
        "claim": [_claim(voice)],
        "results": [],
        **{kind: _tables(voice, kind) for kind in MAIN},
        "figures": _figures(voice, figures),
        **{kind: _tables(voice, kind) for kind in ("subgroups", "baseline", "balance")},
        "methods": [Paragraph(methods_paragraph(*said))],
        "limits": [Paragraph(limits_paragraph(*said))],
        "checks": _checks(voice),
        **{kind: _tables(voice, kind) for kind in APPENDED},
        **for_authors(voice),
        "reproducibility": [Facts(facts(voice))],
    }


def _results(voice: Voice, see: str) -> list[Block]:
    """The paragraphs of the results, the last naming what shows them."""
    *told, last = results_paragraphs(voice.findings, voice.lang, voice.style_name)
    return [Paragraph(text) for text in (*told, voice.join([last, see]))]


def _see(voice: Voice, parts: dict[str, list[Block]], main: list[str]) -> str:
    """Which table gives the results in full, or describes the groups, and which figure shows them?"""
    numbers = {"figure": 1} if parts["figures"] else {}
    described = "_described" if parts["baseline"] and not main else ""
    if main or described:
        before = takewhile(lambda name: name not in (main or ["baseline"]), parts)
        numbers["table"] = 1 + sum(block.kind == "table" for name in before for block in parts[name])
    which = ("both" if len(numbers) == 2 else next(iter(numbers), "")) + described
    return voice.say(f"reports.captions.see_{which}", **numbers) if which else ""


def summary(findings: Findings, lang: str | None = None, style: str | None = None) -> Report:
    """What came out, in one look? Group sizes, the primary numbers, the claim, and what weakens or prevents it."""
    voice = Voice.of(findings, lang, style)
    rows = answering_rows(findings)
    blocks: list[Block] = [*banner(voice)]
    sizes = design_sentence(voice, rows) or data_sentence(voice)
    if sizes:
        blocks.append(Paragraph(sizes))
    if len(rows):
        blocks.append(TableBlock(_primary_table(voice, rows)))
    else:
        kinds = ("comparison", "adjusted", "changes", "rungs", "baseline")
        blocks += next((made for kind in kinds if (made := _tables(voice, kind))), [])
    return Report(
        title(voice),
        (*blocks, Paragraph(claim_sentence(findings, voice.lang)), *_checks(voice, ("fail", "warn")), *_more(voice)),
        voice.lang,
    )


def _more(voice: Voice) -> list[Block]:
    """What else was found behind an adjusted comparison, in one line."""
    named = [heading(voice, kind) for kind in BEHIND if kind in possible(voice.findings)]
    named = [name.lower() if name.isascii() else name for name in named]
    return [Notes(voice.say("reports.more", tables=named))] if named else []


def _claim(voice: Voice) -> Claim:
    letter, words = voice.findings.grade, voice.words
    lines = (
        (words.get("reports.claim.may"), may_be_said(voice)),
        (words.get("reports.claim.may_not"), may_not_be_said(voice)),
    )
    return Claim(
        grade=letter,
        heading=claim_name(voice),
        scale=words.get("reports.claim.scale"),
        lines=tuple(line for line in lines if line[1]),
        reason=claim_reason(voice),
    )


def _tables(voice: Voice, kind: str) -> list[Block]:
    if kind not in possible(voice.findings):
        return []
    return [TableBlock(build(voice.findings, kind, voice.lang, voice.style_name))]


def _figures(voice: Voice, preferred: tuple[str, ...]) -> list[Block]:
    from ..figures import FIGURES, alternative_text, draw, possible_figures

    findings, lang = voice.findings, voice.lang
    possible = possible_figures(findings)
    wanted = [kind for kind in (preferred or possible) if kind in possible]
    wanted = [kind for kind in wanted if FIGURES[kind].fits(findings)] or wanted
    if len(answering_rows(findings)) < 2 and len(wanted) > 1:
        wanted = [kind for kind in wanted if kind != "forest"]

    def block(kind: str) -> FigureBlock:
        caption = voice.words.get(f"reports.figures.{kind}")
        if findings.simulated:
            caption = voice.say(
                "reports.figures.simulated", caption=caption, simulated=voice.words.get("terms.simulated")
            )
        told = alternative_text(findings, kind, lang)
        return FigureBlock(caption, lambda journal=None: draw(findings, kind, lang=lang, journal=journal), told)

    return [block(kind) for kind in wanted]


def _checks(voice: Voice, statuses: tuple[str, ...] = ("fail", "warn", "note")) -> list[Block]:
    separator = voice.words.get("terms.list_separator")
    items = tuple(
        CheckItem(
            c.status, voice.words.get(f"checks.status.{c.status}"), c.text, voice.headed(separator.join(c.concerns))
        )
        for c in spoken_checks(voice)
        if c.status in statuses
    )
    return [Checks(items)] if items else []


def _primary_table(voice: Voice, rows: Any) -> Table:
    words = voice.words
    kept = ["design"] if rows["measure"].nunique() > 1 else ["design", "measure"]
    header = (
        Cell(words.get("reports.columns.outcome"), align="left"),
        Cell(_estimate_heading(voice, rows)),
        Cell(as_runs(voice.say("reports.columns.p"))),
    )
    names = row_headings(rows.drop(columns=kept), voice.findings.labels, voice.lang)
    body, joint = [], any_joint_limits(rows)
    for name, (_, row) in zip(names, rows.iterrows(), strict=True):
        shown = Shown(voice, row)
        limits = shown.limits() if voice.style.brackets else f"({shown.limits()})"
        limits = (f" {limits}" if voice.style.spaced else limits) if shown.interval("interval_item") else ""
        mark = ("a",) if limits and joint and not has_joint_limits(row) else ()
        body.append(
            (
                Cell(name, align="left"),
                Cell(f"{shown.text(row['estimate'])}{shown.unit}{limits}", row["estimate"], marks=mark),
                Cell(as_runs(p_text(voice, row) or DASH)),
            )
        )
    alone = any(cells[1].marks for cells in body)
    notes = (Note(words.get("reports.columns.alone"), "a"),) if alone else ()
    return Table(words.get("reports.columns.primary"), (header,), tuple(body), notes, voice.lang, voice.style_name)


def _estimate_heading(voice: Voice, rows: Any) -> str:
    """What stands in the column of estimates: a difference, another measure by its name, or estimates of several."""
    measures = list(dict.fromkeys(rows["measure"]))
    name = voice.words.get("reports.columns.estimate")
    if len(measures) == 1:
        between_groups = MEASURES[measures[0]].family in ("difference", "share_difference")
        name = (
            voice.words.get("reports.columns.difference") if between_groups else measure_name(measures[0], voice.lang)
        )
    key = "with_simultaneous" if any_joint_limits(rows) else "with_interval"
    return voice.say(f"reports.columns.{key}", name=capitalised(name), level=rows.iloc[0]["conf_level"])
