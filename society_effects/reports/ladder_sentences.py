"""What moved from rung to rung of the ladder, and why may no more be read into it? Sentences of ``rungs``."""

from __future__ import annotations

import pandas as pd

from ..findings.lookup import alpha, primary_rows
from ..language.numbers import undefined
from .group_sentences import rows_of_tests, statistics_of_test
from .number_sentences import Shown
from .sample_sentences import students
from .voice import Voice

RAW, CHANGE = "raw", "change"
MEASURE_OF_TRUTH = "mean_difference"
KEYS = ["outcome", "group", "reference"]


def ladder_paragraphs(voice: Voice) -> list[str]:
    """What moved, outcome by outcome; then what could not be climbed, and what agreement does not show."""
    if not voice.findings.has("rungs"):
        return []
    frame = voice.findings.frame("rungs")
    said = [_of_outcome(voice, own) for _, own in frame.groupby(KEYS, sort=False, dropna=False)]
    closing = [_not_climbed(voice, frame), voice.say("reports.results.ladder.shared"), _truth(voice)]
    return [*(text for text in said if text), voice.join(closing)]


def ladder_sample(voice: Voice) -> str:
    """Who stands on every rung? The same students; the ledger says how many there were."""
    counts = {c.outcome: c.values["n"] for c in voice.findings.checks if c.key == "SAME_STUDENTS"}
    n = students(voice)
    if not counts or not n:
        return ""
    if len(set(counts.values())) == 1:
        return voice.say("reports.results.ladder.sample", n=next(iter(counts.values())), of=n)
    items = [voice.say("reports.results.group_item", group=voice.outcome(str(name)), n=k) for name, k in counts.items()]
    return voice.say("reports.results.ladder.samples", items=voice.words.get("terms.list_separator").join(items), of=n)


def _of_outcome(voice: Voice, rows: pd.DataFrame) -> str:
    """From the groups as they are to the rung that answers, and whether the change says the same."""
    climbed = rows[rows["estimate"].notna()].sort_values("position", kind="stable")
    estimates = voice.findings.frame("estimates")
    own = estimates[(estimates["outcome"] == rows.iloc[0]["outcome"]) & (estimates["group"] == rows.iloc[0]["group"])]
    if not len(climbed) or not len(own):
        return ""
    leading = next(iter(primary_rows(own)["design"]), None)
    ladder = _Ladder(voice, own)
    first = climbed.iloc[0]
    said = [ladder.start(first)] if first["design"] == RAW else []
    steps = climbed[climbed["moved"].notna() & (climbed["design"] != CHANGE)]
    clear = (steps["moved_low"] > 0) | (steps["moved_high"] < 0)
    said += [ladder.step(row) for _, row in steps[clear].iterrows()]
    known = steps["moved_low"].notna() & steps["moved_high"].notna()
    said += [ladder.listed("unmoved", steps[~clear & known]), ladder.listed("not_judged", steps[~clear & ~known])]
    head = climbed[climbed["design"] == leading]
    if len(head):
        said.append(ladder.head(head.iloc[0], told=leading in set(steps[clear]["design"])))
    return voice.join([*said, ladder.change(climbed, leading)])


class _Ladder:
    """The rungs of one outcome in words; numbers are written as those of the estimates."""

    def __init__(self, voice: Voice, estimates: pd.DataFrame) -> None:
        self.voice = voice
        self.rows = {row["design"]: row for _, row in estimates.iterrows()}

    def shown(self, row: pd.Series) -> Shown:
        """The numbers of a rung as those of its estimate."""
        return Shown(self.voice, self.rows[row["design"]])

    def said(self, row: pd.Series, name: str = "estimate") -> dict[str, str]:
        """A number of a rung with its interval, in the units of the outcome."""
        shown = self.shown(row)
        shown.low, shown.high = _limits(row, name)
        limits = "" if undefined(shown.low) else _interval(self.voice, shown.limits(), row["conf_level"])
        bracketed = self.voice.say("reports.results.ladder.in_brackets", interval=limits) if limits else ""
        number = {"estimate": shown.text(row[name]), "unit": shown.unit}
        return number | {"interval": limits, "in_brackets": bracketed}

    def start(self, row: pd.Series) -> str:
        """How far apart are the groups as they are?"""
        groups = {"members": self.voice.level(row["group"]), "others": self.voice.level(row["reference"])}
        return self.voice.say(
            "reports.results.ladder.start", outcome=self.voice.outcome_of(row), **groups, **self.said(row)
        )

    def step(self, row: pd.Series) -> str:
        """By how much did this rung move the difference, and what is left of it?"""
        key = "reports.results.ladder.step" + ("_class" if row["assumption"] == "alike_in_class" else "")
        after = self.said(row)["estimate"] + self.said(row)["unit"]
        return self.voice.say(
            key, rung=rung_name(self.voice, row), after=after, left=self.left(row), **self.said(row, "moved")
        )

    def listed(self, kind: str, rows: pd.DataFrame) -> str:
        """Which rungs moved it by no more than chance may (``unmoved``), and of which is that not known?"""
        items = [
            self.voice.say(
                f"reports.results.ladder.{kind}_item", rung=rung_name(self.voice, row), **self.said(row, "moved")
            )
            for _, row in rows.iterrows()
        ]
        listed = self.voice.say("reports.results.items_separator").join(items)
        return self.voice.say(f"reports.results.ladder.{kind}", items=listed) if items else ""

    def head(self, row: pd.Series, told: bool) -> str:
        """What does the rung that answers say? told : is it said already which share it leaves?"""
        rung = {"rung": rung_name(self.voice, row), "left": "" if told else self.left(row)}
        return self.voice.say("reports.results.ladder.head", **rung, **self.said(row))

    def left(self, row: pd.Series) -> str:
        """Which share of the unadjusted difference is left, where that can be said?"""
        if undefined(row["share_left"]) or undefined(row["share_left_low"]):
            return ""
        share = self.percent(row["share_left"])
        low, high = (self.percent(limit) for limit in _limits(row, "share_left"))
        limits = f"[{low}, {high}]" if self.voice.style.brackets else self._range(low, high)
        interval = _interval(self.voice, limits, row["conf_level"])
        return self.voice.say("reports.results.ladder.left", share=share, interval=interval)

    def percent(self, share: float) -> str:
        """A share of the unadjusted difference, in whole percents; it may be negative."""
        return self.voice.style.number(100 * share, 0) + "%"

    def change(self, rows: pd.DataFrame, leading: str | None) -> str:
        """Do the comparison of students alike and the comparison of changes agree?"""
        tests = rows_of_tests(self.voice.findings, "rungs_agree")
        if not len(tests):
            return ""
        own = tests[(tests["outcome"] == rows.iloc[0]["outcome"]) & (tests["group"] == rows.iloc[0]["group"])]
        other, head = (rows[rows["design"] == key] for key in (CHANGE, leading))
        if not len(own) or not len(other) or not len(head):
            return ""
        test = own.iloc[0]
        kind = "disagree" if test["p_value"] < alpha(head.iloc[0]["conf_level"]) else "agree"
        return self.voice.say(
            f"reports.results.ladder.{kind}",
            rung=rung_name(self.voice, head.iloc[0]),
            statistics=statistics_of_test(self.voice, test),
            **self.said(other.iloc[0]),
        )

    def _range(self, low: str, high: str) -> str:
        return self.voice.say("sentences.pieces.range", low=low, high=high)


def rung_name(voice: Voice, row: pd.Series) -> str:
    """What is a rung called inside a sentence?"""
    key = str(row["design"])
    known = voice.words.has(f"rungs.names.{key}")
    return voice.words.get(f"rungs.names.{key}") if known else voice.outcome(key)


def _not_climbed(voice: Voice, frame: pd.DataFrame) -> str:
    """Which rungs could not be climbed, and why?"""
    rows = frame[frame["reason"].notna()].drop_duplicates(["design", "reason"])
    items = [
        voice.say(
            "reports.results.ladder.missing_item",
            rung=rung_name(voice, row),
            reason=voice.words.get(f"rungs.reasons.{row['reason']}"),
        )
        for _, row in rows.iterrows()
    ]
    listed = voice.say("reports.results.items_separator").join(items)
    return voice.say("reports.results.ladder.missing", items=listed) if items else ""


def _truth(voice: Voice) -> str:
    """Of simulated data: what did membership add, for those the ladder aims at?"""
    findings = voice.findings
    if not (findings.simulated and findings.has("truth")):
        return ""
    truth = findings.frame("truth")
    truth = truth[(truth["estimand"] == findings.settings.get("estimand")) & (truth["measure"] == MEASURE_OF_TRUTH)]
    values = dict(zip(truth["outcome"], truth["value"], strict=True))
    items = []
    for _, row in primary_rows(findings.frame("estimates")).iterrows():
        if row["outcome"] in values:
            shown = Shown(voice, row)
            said = {"estimate": shown.text(values[row["outcome"]]), "unit": shown.unit}
            items.append(voice.say("reports.results.ladder.truth_item", outcome=voice.outcome_of(row), **said))
    listed = voice.say("reports.results.items_separator").join(items)
    return voice.say("reports.results.ladder.truth", items=listed) if items else ""


def _limits(row: pd.Series, name: str) -> tuple[float, float]:
    keys = ("conf_low", "conf_high") if name == "estimate" else (f"{name}_low", f"{name}_high")
    return float(row[keys[0]]), float(row[keys[1]])


def _interval(voice: Voice, limits: str, level: float) -> str:
    return voice.say("reports.results.secondary_interval", level=level, limits=limits)
