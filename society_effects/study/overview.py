"""How does a study look in a few lines? Students, groups, outcomes with their kinds, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..language.catalogue import catalogue

if TYPE_CHECKING:
    from .study import Study


def overview(study: Study, lang: str) -> str:
    """The study in a few lines of this language."""
    words = catalogue(lang)

    def say(key: str, **values: Any) -> str:
        return words.say(f"study.{key}", **values)

    def named(name: str) -> str:
        return study.labels.get(name, {}).get(lang) or name

    lines = [say("head", n=len(study), rows=say("known_rows" if study.has_rows else "known_summary"))]
    if study.source.get("simulated"):
        lines.append(say("simulated", seed=study.source.get("seed")))
    if study.group:
        sizes = study.ledger[study.ledger["outcome"] == study.outcomes[0].column].groupby("group")["n_before"].max()
        groups = [say("level", level=named_level(study, level, lang), n=int(sizes[level])) for level in study.levels]
        lines.append(say("group", group=named(study.group), levels=groups))
    for outcome in study.outcomes:
        lines.append(_outcome_line(study, outcome.column, lang))
    if study.waves:
        lines.append(say("waves", waves=study.waves))
    if study.covariates:
        lines.append(say("covariates", names=[named(name) for name in study.covariate_names]))
    if study.cluster and study.has_rows:
        lines.append(say("clusters", cluster=named(study.cluster), count=study.units["cluster"].nunique()))
    dropped = study.ledger[study.ledger["step"] == "group_missing"]["n_dropped"].sum()
    if dropped:
        lines.append(say("group_missing", count=int(dropped)))
    lines += [say(f"notes.{key}", **values) for key, values in study.notes if words.has(f"study.notes.{key}")]
    return "\n".join(lines)


def named_level(study: Study, level: str, lang: str) -> str:
    """How is this level of the membership column called?"""
    return study.labels.get(f"{study.group}={level}", {}).get(lang) or level


def _outcome_line(study: Study, name: str, lang: str) -> str:
    words, outcome = catalogue(lang), study.outcome(name)
    chain = study.ledger[study.ledger["outcome"] == name]
    missing = int(chain.loc[chain["step"] == "outcome_missing", "n_dropped"].sum())
    analysed = int(chain.loc[chain["step"] == "analysed", "n_after"].sum())
    event = words.say("study.event", event=outcome.event) if outcome.kind == "binary" else ""
    kind = words.get(f"study.kinds.{outcome.kind}")
    label = outcome.label_in(lang)
    return words.say("study.outcome", outcome=label, kind=kind, event=event, n=analysed, missing=missing)
