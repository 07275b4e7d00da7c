"""Which blocks make a report, and which a summary? Every part is left out where its frames are not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..findings.findings import Findings
from ..findings.lookup import any_joint_limits, has_joint_limits
from ..findings.measures import MEASURES
from ..findings.naming import capitalised, design_name, measure_name, row_headings
from ..language.numbers import DASH
from ..tables import build, possible
from ..tables.table import Cell, Note, Table
from .adjusted_sentences import term_of
from .check_texts import spoken_checks
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

BEHIND = ("subgroups", "balance", "adjusted_means", "coefficients", "sensitivity")
"""Tables behind an adjusted comparison that its summary names."""


def report(
    findings: Findings,
    lang: str | None = None,
    style: str | None = None,
    prefer_figures: Iterable[str] = (),
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

    Raises
    ------
    OutputError
        For a language or style that does not exist.
    """
    voice = Voice.of(findings, lang, style)
    said = (findings, voice.lang, voice.style_name)
    parts: list[tuple[str, list[Block]]] = [
        ("claim", [_claim(voice)]),
        ("results", [Paragraph(text) for text in results_paragraphs(*said)]),
        ("comparison", _tables(voice, "comparison")),
        ("adjusted", _tables(voice, "adjusted")),
        ("changes", _tables(voice, "changes")),
        ("rungs", _tables(voice, "rungs")),
        ("figures", _figures(voice, tuple(prefer_figures) or findings.default_figures)),
        ("subgroups", _tables(voice, "subgroups")),
        ("baseline", _tables(voice, "baseline")),
        ("balance", _tables(voice, "balance")),
        ("methods", [Paragraph(methods_paragraph(*said))]),
        ("limits", [Paragraph(limits_paragraph(*said))]),
        ("checks", _checks(voice)),
        ("ledger", _tables(voice, "ledger")),
        ("tests", _tables(voice, "tests")),
        ("quantities", _tables(voice, "quantities")),
        ("sensitivity", _tables(voice, "sensitivity")),
        ("adjusted_means", _tables(voice, "adjusted_means")),
        ("coefficients", _tables(voice, "coefficients")),
        ("attrition", _tables(voice, "attrition")),
        ("estimates", _tables(voice, "estimates")),
        ("reconciliation", _tables(voice, "reconciliation")),
        *for_authors(voice).items(),
        ("reproducibility", [Facts(_facts(voice))]),
    ]
    blocks = [block for name, part in parts if part for block in (Heading(heading(voice, name)), *part)]
    return Report(title(voice), (*banner(voice), *blocks, *made_with(voice)), voice.lang)


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
        Cell(_estimateheading(voice, rows)),
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


def _estimateheading(voice: Voice, rows: Any) -> str:
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


def _facts(voice: Voice) -> tuple[tuple[str, str], ...]:
    findings, words = voice.findings, voice.words
    provenance, settings = findings.provenance, dict(findings.settings)
    settings.pop("design", None)
    pairs = [("design", design_name(findings, voice.lang))]
    for name, value in settings.items():
        if value is not None and value != [] and value != ():
            pairs.append((name, _setting(voice, name, value)))
    if provenance.get("data_hash"):
        pairs.append(("data_hash", str(provenance["data_hash"])))
    versions = provenance.get("versions") or {}
    if versions:
        pairs.append(("versions", words.get("terms.list_separator").join(f"{k} {v}" for k, v in versions.items())))
    if "planned" in provenance:
        planned = voice.words.get("terms.yes" if provenance["planned"] else "terms.no")
        pairs += [("planned", planned), ("plan_hash", str(provenance["plan_hash"]))]
    pairs.append(("simulated", words.get("terms.yes" if findings.simulated else "terms.no")))
    return tuple((words.get(f"reports.settings.{name}", name), value) for name, value in pairs)


def _setting(voice: Voice, name: str, value: Any) -> str:
    if name == "conf_level":
        return voice.style.level(value)
    if name in ("method", "covariance"):
        return voice.words.get(f"methods.{value}", str(value))
    if isinstance(value, bool):
        return voice.words.get("terms.yes" if value else "terms.no")
    if name in ("rungs", "headline") and voice.findings.has("rungs"):
        rungs = [value] if isinstance(value, str) else value
        return voice.words.get("terms.list_separator").join(term_of(voice, rung) for rung in rungs)
    if isinstance(value, list | tuple):
        names = voice.names()
        return voice.words.get("terms.list_separator").join(names.get(str(v), str(v)) for v in value)
    return voice.words.get(f"reports.setting_values.{name}.{value}", str(value))
