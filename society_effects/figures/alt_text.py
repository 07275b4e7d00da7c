"""What does a figure show, for those who cannot see it? A sentence of what is drawn, and one of the main numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from ..findings.digits import digits_of
from ..findings.findings import Findings
from ..findings.lookup import compares_shares, primary_rows
from ..findings.naming import outcome_heading
from ..language.numbers import undefined
from .shown import without_subgroups
from .wording import PER_CENT, Wording

MOST_SAID = 3
"""Numbers that are said; that there are more is said too."""


def alt_text(findings: Findings, kind: str, module: str, lang: str) -> str:
    """What does this figure say in words? Never more than its numbers and that data are simulated."""
    words = Wording(findings, lang)
    parts = [words.say("alt.kind", kind=words.words.get(f"reports.figures.{kind}"))]
    parts += [SAID.get(module, _estimates)(words)]
    parts += [words.say("alt.simulated", word=words.words.get("terms.simulated"))] if findings.simulated else []
    return words.say("note.separator").join(part for part in parts if part)


def _listed(words: Wording, items: Sequence[str], head: str = "") -> str:
    """The first numbers, and how many more there are."""
    if not items:
        return ""
    said = words.say("alt.separator").join(items[:MOST_SAID])
    more = len(items) - MOST_SAID
    said += words.say("alt.more", n=more) if more > 0 else ""
    return words.say("alt.headed", head=head, items=said) if head else words.say("alt.kind", kind=said)


def _item(words: Wording, name: str, text: str, key: str = "alt.item") -> str:
    return words.say(key, name=name, text=text)


def _estimates(words: Wording) -> str:
    """The answers, measure by measure."""
    if not words.findings.has("estimates"):
        return ""
    rows = without_subgroups(words.findings.frame("estimates"))
    rows = primary_rows(rows) if len(primary_rows(rows)) else rows
    alike = (own for _, own in rows.groupby("measure", sort=False))
    return words.say("note.separator").join(_estimate_rows(words, own) for own in alike)


def _estimate_rows(words: Wording, rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    measure, several = str(first["measure"]), len(rows["outcome"].unique()) > 1
    units = {words.unit(outcome, measure) for outcome in rows["outcome"]}
    name = words.measure(measure, units.pop() if len(units) == 1 else "")
    contrast = words.direction(rows)
    key = "alt.estimates" if contrast else "alt.estimates_alone"
    head = words.say(key, measure=name, contrast=contrast, interval=words.interval(rows))
    names = words.rows(rows) if several or len(rows) > 1 else [words.rows(rows)[0]]
    texts = [words.estimate(row, digits) for (_, row), digits in zip(rows.iterrows(), words.digits(rows), strict=True)]
    return _listed(words, [_item(words, *pair, key="alt.row") for pair in zip(names, texts, strict=True)], head)


def _profile(words: Wording) -> str:
    from .profile import material

    return _estimate_rows(words, material(words.findings))


def _means(words: Wording) -> str:
    """The means of the groups."""
    return _groups(words, lambda rows: rows["mean"].notna())


def _shares(words: Wording) -> str:
    """The shares of the groups."""
    return _groups(words, lambda rows: rows["share"].notna() & rows["mean"].isna())


def _either(words: Wording) -> str:
    """The means of the groups, or their shares where the outcome has no mean."""
    return _groups(words, lambda rows: rows["mean"].notna() | rows["share"].notna())


def _groups(words: Wording, shown: Callable[[pd.DataFrame], pd.Series]) -> str:
    """What is shown of the groups, outcome by outcome."""
    rows = words.findings.frame("groups")
    rows = rows[rows["category"].isna() & shown(rows)]
    waves = rows["wave"].notna().any()
    items = []
    for outcome, part in rows.groupby("outcome", sort=False):
        said = []
        for _, row in part.iterrows():
            wave = words.wave(row["wave"]) if waves and row["wave"] is not None else ""
            name = (
                words.say("in_wave", group=words.group(row["group"]), wave=wave) if wave else words.group(row["group"])
            )
            said.append(_item(words, name, _value(words, str(outcome), row["mean"], row["share"])))
        unit = words.labels.unit(str(outcome), words.lang)
        named = words.with_unit(outcome_heading(str(outcome), words.labels, words.lang), unit)
        items.append(words.say("alt.headed_item", head=named, items=words.words.get("terms.list_separator").join(said)))
    return _listed(words, items)


def _categories(words: Wording) -> str:
    """Which category of each group is the largest, where no estimate tells more."""
    if words.findings.has("estimates"):
        return _estimates(words)
    rows = words.findings.frame("groups")
    rows = rows[rows["category"].notna() & rows["share"].notna()]
    items = []
    for (outcome, _, group), part in rows.groupby(["outcome", "wave", "group"], sort=False, dropna=False):
        most = part.loc[part["share"].idxmax()]
        name = words.labels.category(str(outcome), most["category"], words.lang)
        said = words.say("alt.largest", group=words.group(group), category=name, share=float(most["share"]))
        heading = outcome_heading(str(outcome), words.labels, words.lang)
        items.append(words.say("alt.headed_item", head=heading, items=said))
    return _listed(words, items)


def _value(words: Wording, outcome: str, mean: float, share: float) -> str:
    if undefined(mean):
        return words.style.percent(share)
    return words.style.number(mean, digits_of(words.findings, outcome))


def _adjusted_means(words: Wording) -> str:
    rows = words.findings.frame("adjusted_means")
    rows = rows[rows["category"].isna() & rows["value"].notna()]
    if not len(rows):
        return _estimates(words)
    items = []
    for outcome, part in rows.groupby("outcome", sort=False):
        shares = compares_shares(words.findings, str(outcome))
        values = [
            _item(words, words.group(row["group"]), _value(words, str(outcome), *_mean_or_share(row["value"], shares)))
            for _, row in part.iterrows()
        ]
        named = outcome_heading(str(outcome), words.labels, words.lang)
        items.append(
            words.say("alt.headed_item", head=named, items=words.words.get("terms.list_separator").join(values))
        )
    return _listed(words, items)


def _mean_or_share(value: float, share: bool) -> tuple[float, float]:
    return (float("nan"), value) if share else (value, float("nan"))


def _rungs(words: Wording) -> str:
    """The first and the last rung of every ladder."""
    from .ladder import climbed_names

    items = []
    for outcome, part in words.findings.frame("rungs").groupby("outcome", sort=False):
        climbed, names = climbed_names(words, part)
        shares = compares_shares(words.findings, str(outcome))
        times, digits = (PER_CENT, 1) if shares else (1.0, digits_of(words.findings, str(outcome)))
        said = []
        for i in dict.fromkeys([0, len(climbed) - 1]) if len(climbed) else ():
            middle, low, high = (float(climbed.iloc[i][name]) * times for name in ("estimate", "conf_low", "conf_high"))
            said.append(_item(words, names[i], words.with_limits(middle, low, high, digits)))
        unit = words.say("percentage_points") if shares else words.labels.unit(str(outcome), words.lang)
        head = words.with_unit(outcome_heading(str(outcome), words.labels, words.lang), unit)
        items.append(words.say("alt.headed_item", head=head, items=words.words.get("terms.list_separator").join(said)))
    return _listed(words, items)


def _balance(words: Wording) -> str:
    """The covariates that are furthest apart."""
    from .love_plot import material, variable_name

    rows = material(words.findings)
    rows = rows[rows["stage"] == rows["stage"].iloc[0]]
    order = rows["smd"].abs().sort_values(ascending=False, kind="stable").index
    items: dict[str, str] = {}
    for _, row in rows.reindex(order).iterrows():
        items.setdefault(variable_name(words, str(row["variable"]), row["category"]), words.style.number(row["smd"], 2))
    return _listed(words, [_item(words, *pair, key="alt.row") for pair in items.items()], words.say("alt.balance"))


def _flow(words: Wording) -> str:
    """How many students there were, and how many were analysed on each outcome."""
    from .flow import all_students, analysed

    counted = analysed(words.findings)
    items = [
        _item(words, outcome_heading(str(outcome), words.labels, words.lang), words.say("students", n=n), "alt.row")
        for outcome, n in counted.items()
    ]
    return _listed(words, items, words.say("alt.flow", n=all_students(words.findings)))


SAID: dict[str, Callable[[Wording], str]] = {
    "raincloud": _means,
    "change": _either,
    "proportions": _shares,
    "cluster_means": _either,
    "shares": _categories,
    "likert": _categories,
    "adjusted_dots": _adjusted_means,
    "ladder": _rungs,
    "love_plot": _balance,
    "flow": _flow,
    "profile": _profile,
}
"""Module of a figure -> what its numbers are; all others show estimates."""
