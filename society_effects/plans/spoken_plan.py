"""How does a plan read? The paragraphs that are registered, or pasted into a protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..designs import DESIGNS
from ..findings.labels import spoken
from ..language.catalogue import catalogue
from ..language.numbers import style
from ..reports.report import Block, Heading, Notes, Paragraph, Report
from ..study.outcome import Outcome, as_text
from .analyses import SHARED, Analysis, default_of

if TYPE_CHECKING:
    from .plan import Plan


def spoken_plan(plan: Plan, lang: str) -> Report:
    """The plan in this language: its question, data, outcomes and analyses."""
    said = _Said(plan, lang)
    parts: dict[str, list[str]] = {
        "question": [plan.question_in(lang)],
        "data": [said.join(said.data())],
        "outcomes": [said.join(said.outcomes())],
        "analyses": [*said.analyses(), said.join(said.rules())],
    }
    blocks: list[Block] = []
    for name, paragraphs in parts.items():
        blocks += [Heading(said(f"headings.{name}")), *map(Paragraph, paragraphs)]
    return Report(said("title"), (*blocks, Notes(said("hash", hash=plan.hash))), lang)


def design_called(analysis: Analysis, lang: str) -> str:
    """What is an analysis called: by its design, or by the analysis that it probes?"""
    if analysis.of is not None:
        return catalogue(lang).say("plans.sensitivity", of=analysis.of)
    return catalogue(lang).get(f"designs.{analysis.kind}")


class _Said:
    """The sentences of a plan in one language."""

    def __init__(self, plan: Plan, lang: str) -> None:
        self.plan, self.lang, self.words = plan, lang, catalogue(lang)
        self.labels: Mapping[str, Any] = plan.roles.get("labels", {})
        self.own = {o.column: o.label_in(lang) for o in plan.outcomes if o.label is not None}

    def __call__(self, key: str, **values: Any) -> str:
        return self.words.say(f"plans.{key}", **values)

    def join(self, sentences: Iterator[str]) -> str:
        """Sentences as one paragraph."""
        return self("between").join(sentences)

    def name(self, column: Any) -> str:
        """The display name of a column, an outcome or a wave."""
        return self.own.get(str(column)) or spoken(self.labels.get(str(column)), self.lang, as_text(column))

    def level(self, level: Any) -> str:
        """The display name of a group."""
        return spoken(self.labels.get(f"{self.plan.roles.get('group')}={as_text(level)}"), self.lang, as_text(level))

    def data(self) -> Iterator[str]:
        """Which data, which groups, and what is known beforehand."""
        plan, roles = self.plan, self.plan.roles
        yield self("data_sample", sample=plan.sample) if plan.data is None else self("data_file", file=plan.data)
        yield from self._groups()
        if "levels" in roles:
            yield self("group_levels", levels=[self.level(level) for level in roles["levels"]])
        if self._waves():
            yield self("waves", waves=[self.name(wave) for wave in self._waves()])
        for role in ("unit", "cluster"):
            if role in roles:
                yield self(role, **{role: self.name(roles[role])})
        if "covariates" in roles:
            yield self("covariates", items=self._covariates(roles["covariates"]))
        yield self(f"missing_{roles.get('missing', 'complete')}")

    def _groups(self) -> Iterator[str]:
        roles = self.plan.roles
        if "group" in roles:
            stated = {role: self.level(roles[role]) for role in ("member", "reference") if role in roles}
            key = "group_two" if len(stated) == 2 else "group_member" if "member" in stated else "group"
            yield self(key, group=self.name(roles["group"]), **stated)

    def _waves(self) -> list[Any]:
        waves = self.plan.roles.get("waves", ())
        if isinstance(waves, Mapping):
            return list(dict.fromkeys(wave for columns in waves.values() for wave in columns))
        return list(waves)

    def _covariates(self, given: Any) -> list[str]:
        if not isinstance(given, Mapping):
            return [self.name(column) for column in given]
        return [
            self("block", names=[self.name(c) for c in names], block=self.words.get(f"rungs.names.{block}", block))
            for block, names in given.items()
        ]

    def outcomes(self) -> Iterator[str]:
        """What is measured, what is primary, which comparisons belong together, and what matters."""
        plan = self.plan
        yield self("outcomes", items=[self._outcome(outcome) for outcome in plan.outcomes])
        yield self("no_primary") if plan.primary is None else self("primary", outcome=self.name(plan.primary))
        families = {o.family: [p for p in plan.outcomes if p.family == o.family] for o in plan.outcomes if o.family}
        if families:
            named = [(family, [self.name(o.column) for o in own]) for family, own in families.items()]
            yield self("families", items=[self("family", family=family, names=names) for family, names in named])
        elif len(plan.outcomes) > 1:
            yield self("one_family")
        margins = [o for o in plan.outcomes if o.margin is not None]
        yield self("margins", items=[self._margin(o) for o in margins]) if margins else self("no_margin")

    def _outcome(self, outcome: Outcome) -> str:
        facts = [] if outcome.kind is None else [self(f"kinds.{outcome.kind}")]
        unit = outcome.unit_in(self.lang)
        if outcome.range is not None:
            limits = self("fact_range", low=f"{outcome.range[0]:g}", high=f"{outcome.range[1]:g}")
            facts.append(self("pair", name=limits, value=unit).strip())
        elif unit:
            facts.append(unit)
        if outcome.event is not None:
            facts.append(self("fact_event", event=as_text(outcome.event)))
        if outcome.parts:
            facts.append(self("fact_parts", parts=[self.name(part) for part in outcome.parts]))
        if not outcome.higher_is_better:
            facts.append(self("fact_lower"))
        told = self("facts", facts=facts) if facts else ""
        return self("outcome", name=self.name(outcome.column), facts=told)

    def _margin(self, outcome: Outcome) -> str:
        unit = outcome.unit_in(self.lang)
        values = {"value": f"{outcome.margin:g}", "unit": f" {unit}" if unit else ""}
        return self("margin", name=self.name(outcome.column), **values)

    def analyses(self) -> Iterator[str]:
        """Each analysis with what it says beyond the defaults."""
        for place, analysis in enumerate(self.plan.analyses, 1):
            items = [self("setting", name=n, value=v) for n, v in self._settings(analysis)]
            told = self("settings", items=items) if items else ""
            called = design_called(analysis, self.lang)
            yield self("analysis", place=place, name=analysis.name, design=called, settings=told)

    def _settings(self, analysis: Analysis) -> Iterator[tuple[str, str]]:
        for name, value in analysis.settings.items():
            shared = name in SHARED and value == self.plan.shared.get(name)
            if not shared and value is not None and (analysis.kind not in DESIGNS or not _usual(analysis, name, value)):
                own = self.words.get(f"plans.settings_of.{name}", name)
                yield self.words.get(f"reports.settings.{name}", own), self._value(name, value)

    def _value(self, name: str, value: Any) -> str:
        words = self.words
        if isinstance(value, bool):
            return words.get("terms.yes" if value else "terms.no")
        if name == "conf_level":
            return style(None, self.lang).level(value)
        if isinstance(value, Mapping):
            pairs = [self("pair", name=self.name(k), value=as_text(v)) for k, v in value.items()]
            return words.get("terms.list_separator").join(pairs)
        if isinstance(value, list | tuple):
            return words.get("terms.list_separator").join(self._value(name, item) for item in value)
        for key in (f"methods.{value}", f"reports.setting_values.{name}.{value}", f"terms.analyses.{value}"):
            if words.has(key):
                return words.get(key)
        return self.name(value)

    def rules(self) -> Iterator[str]:
        """What holds for all analyses, and what lies outside the plan."""
        shared = self.plan.shared
        yield self("level_and_seed", level=shared.get("conf_level", 0.95))
        if "seed" in shared:
            yield self("seed", seed=shared["seed"])
        yield self("exploratory")


def _usual(analysis: Analysis, name: str, value: Any) -> bool:
    default = default_of(analysis.kind, name)
    return bool(value == (list(default) if isinstance(default, tuple) else default))
