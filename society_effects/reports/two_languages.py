"""How does one result read in several languages at once? Its reports, each part beside the same part."""

from __future__ import annotations

from collections.abc import Sequence

from .report import Beside, Block, Heading, Report

BETWEEN_LANGUAGES = " / "


def side_by_side(reports: Sequence[Report]) -> Report:
    """Which part of one report belongs beside which of another, of the same findings in another language?

    Headings are joined; below them the parts stand beside each other one by one, or together where the languages need
    another number of paragraphs.

    >>> whole = side_by_side([Report("Scores", (Heading("Limits"),), "en"), Report("成绩", (Heading("局限性"),), "zh")])
    >>> whole.title, whole.blocks[0].text
    ('Scores / 成绩', 'Limits / 局限性')
    """
    langs = [report.lang for report in reports]
    blocks: list[Block] = []
    for own in zip(*(_sections(report.blocks) for report in reports), strict=True):
        headings = [heading.text for heading, _ in own if heading]
        blocks += [Heading(BETWEEN_LANGUAGES.join(headings))] if headings else []
        blocks += _beside(langs, [below for _, below in own])
    return Report(BETWEEN_LANGUAGES.join(report.title for report in reports), tuple(blocks), langs[0])


def _sections(blocks: Sequence[Block]) -> list[tuple[Heading | None, list[Block]]]:
    """What stands before the first heading, and each heading with what stands below it."""
    sections: list[tuple[Heading | None, list[Block]]] = [(None, [])]
    for block in blocks:
        if isinstance(block, Heading):
            sections.append((block, []))
        else:
            sections[-1][1].append(block)
    return sections


def _beside(langs: list[str], below: list[list[Block]]) -> list[Block]:
    alike = all([block.kind for block in own] == [block.kind for block in below[0]] for own in below)
    rows = (
        [tuple((block,) for block in row) for row in zip(*below, strict=True)] if alike else [tuple(map(tuple, below))]
    )
    return [Beside(tuple(zip(langs, row, strict=True))) for row in rows if any(row)]
