"""What does a figure show, for those who cannot see it? A sentence of what is drawn, and one of the main numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import pandas as pd

from ..findings.digits import digits_of
from ..findings.findings import Findings
from ..findings.lookup import compares_shares, primary_rows
from ..findings.naming import MEMBER, outcome_heading
from ..language.numbers import undefined
from .shown import without_subgroups
from .wording import PER_CENT, Wording, factor

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


def _estimates(words: Wording, outcomes: Collection[str] | None = None) -> str:
    """The answers, measure by measure. outcomes : those that the figure shows; by default all."""
    if not words.findings.has("estimates"):
        return ""
    rows = without_subgroups(words.findings.frame("estimates"))
    rows = primary_rows(rows) if len(primary_rows(rows)) else rows
    rows = rows if outcomes is None else rows[rows["outcome"].isin(outcomes)]
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


def _answers(words: Wording) -> str:
    """The answers of the ordered outcomes; which category of each group is the largest, where there are none."""
    from .likert import material

    return _estimates(words, set(material(words.findings)["outcome"])) or _largest(words, material(words.findings))


def _categories(words: Wording) -> str:
    """Which category of each group is the largest."""
    from .shares import material

    return _largest(words, material(words.findings))


def _largest(words: Wording, rows: pd.DataFrame) -> str:
    rows = rows[rows["share"].notna()]
    items = []
    for (outcome, _, group), part in rows.groupby(["outcome", "wave", "group"], sort=False, dropna=False):
        said = _most_often(words, part, group, "share")
        heading = outcome_heading(str(outcome), words.labels, words.lang)
        items.append(words.say("alt.headed_item", head=heading, items=said))
    return _listed(words, items)


def _most_often(words: Wording, part: pd.DataFrame, group: str, column: str) -> str:
    """The largest category of a group, and its share."""
    most = part.loc[part[column].idxmax()]
    name = words.labels.category(str(most["outcome"]), most["category"], words.lang)
    return words.say("alt.largest", group=words.group(group), category=name, share=float(most[column]))


def _value(words: Wording, outcome: str, mean: float, share: float) -> str:
    if undefined(mean):
        return words.style.percent(share)
    return words.style.number(mean, digits_of(words.findings, outcome))


def _adjusted_means(words: Wording) -> str:
    """From where to where the adjustment moves each group; of ordered answers the largest category that it leaves."""
    from .adjusted_dots import material

    rows = material(words.findings)
    items = []
    for (outcome, _), part in rows.groupby(["outcome", "reference"], sort=False):
        said = [_moved(words, own, group) for group, own in part.groupby("group", sort=False)]
        named = outcome_heading(str(outcome), words.labels, words.lang)
        items.append(words.say("alt.headed_item", head=named, items=words.words.get("terms.list_separator").join(said)))
    return _listed(words, items)


def _moved(words: Wording, own: pd.DataFrame, group: str) -> str:
    from .adjusted_dots import raw

    row = own.iloc[0]
    if row["category"] is not None:
        return _most_often(words, own, group, "value")
    outcome, share = str(row["outcome"]), row["kind"] == "binary"
    before, after = (
        _value(words, outcome, *_mean_or_share(value, share)) for value in (raw(words.findings, row), row["value"])
    )
    if undefined(raw(words.findings, row)):
        return _item(words, words.group(group), after)
    return words.say("alt.moved", group=words.group(group), before=before, after=after)


def _coefficients(words: Wording) -> str:
    """The coefficients of membership."""
    from .coefficient_rows import material, told

    rows = material(words.findings)
    rows = rows[rows["term"] == MEMBER]
    items = [
        words.say(
            "alt.headed_item",
            head=outcome_heading(str(row["outcome"]), words.labels, words.lang),
            items=_item(words, *told(words, row)),
        )
        for _, row in rows.iterrows()
    ]
    return _listed(words, items)


def _without_causes(words: Wording) -> str:
    """The differences where no unmeasured cause is assumed."""
    from .contour import material

    rows = material(words.findings)
    rows = rows[(rows["r2_member"] == 0) & (rows["r2_outcome"] == 0)]
    items = []
    for _, row in rows.iterrows():
        unit = words.unit(str(row["outcome"]), str(row["measure"]))
        named = words.with_unit(outcome_heading(str(row["outcome"]), words.labels, words.lang), unit)
        number = words.style.number(
            row["estimate"] * factor(str(row["measure"])), digits_of(words.findings, str(row["outcome"]))
        )
        items.append(_item(words, named, number, "alt.row"))
    return _listed(words, items, words.say("alt.without_causes"))


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
    "likert": _answers,
    "adjusted_dots": _adjusted_means,
    "coefficient_rows": _coefficients,
    "contour": _without_causes,
    "ladder": _rungs,
    "love_plot": _balance,
    "flow": _flow,
    "profile": _profile,
}
"""Module of a figure -> what its numbers are; all others show estimates."""
