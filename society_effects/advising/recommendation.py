"""A piece of advice that shows itself: the answers, the designs that fit, those that do not, and what to add."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..language.catalogue import catalogue
from ..reports.report import Block, Facts, Heading, Paragraph, Report
from ..study.settling import check_language
from .answers import Answer
from .candidates import Advice, NotUsable
from .lacking import NotOffered, ToAdd

if TYPE_CHECKING:
    import pandas as pd

CODE = re.compile("`([^`]*)`")
"""How errors mark the names of columns and designs."""


@dataclass(frozen=True, repr=False)
class Recommendation:
    """Which design fits a study, and why; made by ``recommend_design(study)``.

    answers : of the decision guide, in its order. designs : those that fit, the first one first. not_usable : the
    others of this library, with the reason. not_offered : designs that are not part of it. to_add : facts that are not
    stated and would change the advice. names : display names by language.
    """

    answers: tuple[Answer, ...]
    designs: tuple[Advice, ...]
    not_usable: tuple[NotUsable, ...]
    not_offered: tuple[NotOffered, ...]
    to_add: tuple[ToAdd, ...]
    names: Mapping[str, Mapping[str, str]]
    lang: str = "en"

    def text(self, lang: str | None = None) -> str:
        """The advice as text."""
        report = self.report(lang)
        return "\n".join([report.title, *(_lines(block, report.lang) for block in report.blocks)])

    def report(self, lang: str | None = None) -> Report:
        """The advice as a report, which ``save`` writes as HTML or Markdown."""
        chosen = self.lang if lang is None else check_language(lang)
        said = _Said(self, chosen)
        return Report(said("title"), tuple(said.blocks()), chosen)

    def to_frame(self, lang: str | None = None) -> pd.DataFrame:
        """One row per design: its place, ``recommended``, ``not_usable`` or ``not_offered``, how it is written, why."""
        import pandas as pd

        said = _Said(self, self.lang if lang is None else check_language(lang))
        rows: list[dict[str, Any]] = []
        for chosen in self.designs:
            grades = {"start_grade": chosen.start_grade, "highest_grade": chosen.highest_grade}
            row = {"design": chosen.key, "place": "recommended", "call": chosen.call, "fit_to": chosen.on}
            rows.append(row | grades | {"why": said(f"why.{chosen.why}")})
        rows += [{"design": d.key, "place": "not_usable", "why": said.reason(d)} for d in self.not_usable]
        rows += [{"design": d.key, "place": "not_offered", "why": said(f"offers.{d.key}")} for d in self.not_offered]
        columns = ("design", "place", "call", "fit_to", "start_grade", "highest_grade", "why")
        return pd.DataFrame(rows, columns=list(columns))

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return self.report()._repr_html_()


def _lines(block: Block, lang: str) -> str:
    """A part of the advice as lines: a question needs no colon before its answer."""
    if not isinstance(block, Facts):
        return f"\n{getattr(block, 'text', '')}"
    words = catalogue(lang)
    colon, space = words.get("advice.colon"), words.get("advice.between_sentences")
    return "\n".join(f"   {name}{space if name.endswith(('?', '？')) else colon}{value}" for name, value in block.pairs)


class _Said:
    """The sentences of a piece of advice in one language."""

    def __init__(self, advice: Recommendation, lang: str) -> None:
        self.advice, self.words, self.names = advice, catalogue(lang), advice.names[lang]

    def __call__(self, key: str, **values: Any) -> str:
        return self.words.say(f"advice.{key}", labels=self.names, **self._spoken(values))

    def _spoken(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Groups with their numbers as words; a way of joining and kinds of outcome by their names."""
        spoken = dict(values)
        for name in ("groups", "classes"):
            if name in spoken:
                named = ((self.names.get(k, k), n) for k, n in spoken[name].items())
                spoken[name] = [self.words.say(f"advice.sizes.{name}", level=k, n=n) for k, n in named]
        if "kinds" in spoken:
            spoken["kinds"] = [self.names[f"kind={kind}"] for kind in spoken["kinds"]]
        if "how" in spoken:
            spoken["how"] = self.words.get(f"advice.assignments.{spoken['how']}")
        return spoken

    def blocks(self) -> Iterator[Block]:
        """The parts of the advice in their order."""
        yield Heading(self("headings.answers"))
        yield Facts(tuple((self(f"questions.{a.question}.ask"), self._answer(a)) for a in self.advice.answers))
        yield Heading(self("headings.designs"))
        if not self.advice.designs:
            yield Paragraph(self("nothing_fits"))
        for place, chosen in enumerate(self.advice.designs, 1):
            on = {"call": chosen.call, "on": chosen.on}
            yield Paragraph(self("place", place=place, name=self.words.get(f"designs.{chosen.key}"), **on))
            yield Facts(tuple(self._facts(chosen)))
        yield from self._listed("not_usable", [(d.name, self.reason(d)) for d in self.advice.not_usable])
        called_for = [d for d in self.advice.not_offered if d.called_for]
        others = [d for d in self.advice.not_offered if not d.called_for]
        for part, designs in (("called_for", called_for), ("not_offered", others)):
            pairs = [(self(f"not_offered_names.{d.key}"), self(f"offers.{d.key}")) for d in designs]
            yield from self._listed(part, pairs)
        yield from self._listed("to_add", [(fact.how, self(f"to_add.{fact.key}")) for fact in self.advice.to_add])

    def _listed(self, part: str, pairs: list[tuple[str, str]]) -> Iterator[Block]:
        if pairs:
            yield Heading(self(f"headings.{part}"))
            yield Facts(tuple(pairs))

    def _answer(self, answer: Answer) -> str:
        sentence = self(f"questions.{answer.question}.{answer.saying}", **answer.values)
        return self("answer", answer=self(f"answers.{answer.answer}"), sentence=sentence)

    def _facts(self, chosen: Advice) -> Iterator[tuple[str, str]]:
        yield self("facts.why"), self(f"why.{chosen.why}")
        lowering = [
            self.words.say(f"checks.{check.key}", labels=self.names, **check.values) for check in chosen.lowered_by
        ]
        grades = {"start": chosen.start_grade, "highest": chosen.highest_grade}
        reasons = self.words.get("advice.between_sentences").join(lowering)
        yield self("facts.grade"), self("grade_lowered" if lowering else "grade", reasons=reasons, **grades)
        if chosen.raises:
            steps = self.words.get("advice.between_steps").join(self(f"raises.{step}") for step in chosen.raises)
            yield self("facts.raises"), steps
        yield self("facts.cannot_show"), self(f"cannot_show.{chosen.cannot_show}")

    def reason(self, design: NotUsable) -> str:
        """Why a design cannot be used, with the names that its error gives."""
        values = dict(design.values)
        if "design" in values and self.words.has(f"designs.{values['design']}"):
            values["design"] = self.words.get(f"designs.{values['design']}")
        return CODE.sub("“\\1”", self.words.say(design.reason, labels=self.names, **values))
