"""What may be written about one number? A sentence by family of measure, claim and place of the interval."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..findings.digits import digits_of_row, digits_of_statistic
from ..findings.lookup import ADJUSTED, below_level, has_joint_limits, matching, shown_limits, shown_p
from ..findings.measures import MEASURES
from ..findings.methods import method_of
from ..language.numbers import undefined
from ..tables.formats import SMALL_GROUP
from .positions import position
from .sample_sentences import group_size
from .voice import Voice

CLASSMATES = "adj_diff_within_class"
"""The estimand of students who are compared with their classmates."""
NAMED_T = {"welch": "t_welch", "yuen": "t_yuen"}
"""Methods whose t statistic is named after them."""
CENTRES = {
    "mean": ("mean_sd", {"mean": "mean", "sd": "sd"}),
    "median": ("median", {"median": "median", "q1": "q1", "q3": "q3"}),
    "trimmed_mean": ("trimmed_mean", {"centre": "trimmed_mean"}),
    "rate": ("rate", {"rate": "rate"}),
}
"""What is compared -> the piece that describes a group, with the columns of ``groups`` behind its slots."""


def number_sentence(voice: Voice, row: Any, name: str) -> str:
    """The sentence about one row of ``estimates``; ``name`` is what its outcome is called."""
    family = MEASURES[row["measure"]].family
    where = place(voice, row)
    key = sentence_key(voice, family, voice.findings.claim, where)
    return voice.say(key, outcome=_counted(voice, row, name, where), **slots(voice, row))


def _counted(voice: Voice, row: Any, name: str, where: str) -> str:
    """The name, with the answer that is counted where the measure compares shares of students."""
    measure, outcome = row["measure"], voice.outcome(row["outcome"])
    event = voice.findings.labels.event(row["outcome"], voice.lang)
    if not MEASURES[measure].of_shares and event == "":
        return name
    if event:
        name = name.replace(outcome, voice.say("sentences.pieces.of_event", outcome=outcome, event=event), 1)
    alone = measure == "adjusted_share_difference" and where in ("above", "below", "includes", "discordant")
    return voice.say("sentences.pieces.share_of", outcome=name) if alone else name


def place(voice: Voice, row: Any) -> str:
    """Which sentence does this row allow, given what these findings may claim?

    An interval that cannot reach its level may leave out the null value although P is large: nothing disagrees, the
    students are too few for a wider one, and no association is asserted.
    """
    where = position(row, described_only=voice.findings.claim == "description")
    return "includes" if where == "discordant" and below_level(voice.findings, row) else where


def sentence_key(voice: Voice, family: str, claim: str, where: str) -> str:
    """The key of the sentence of this family (or ``many``), claim and position; shared ones stand under ``any``."""
    own = f"sentences.{family}.{claim}.{where}"
    return own if voice.words.has(own) else f"sentences.{family}.any.{where}"


def slots(voice: Voice, row: Any) -> dict[str, Any]:
    """Everything a number sentence may say about a row, as text in the voice's style."""
    number = Shown(voice, row)
    a, b = _both_described(voice, row, number)
    return {
        "members": voice.students(row["group"]),
        "others": voice.level(row["reference"]),
        "first": voice.wave(row["reference_wave"]),
        "last": voice.wave(row["wave"]),
        "a": a,
        "b": b,
        "higher": _higher(voice, row["measure"]),
        "adjusted": _adjusted(voice, row),
        "same": _same(voice, row),
        "difference": _difference(voice, row["measure"]),
        "measure": row["measure"],
        "centre": _centre(voice, row),
        "estimate": number.text(row["estimate"]),
        "size": number.text(abs(row["estimate"])),
        "unit": number.unit,
        "range": number.range(),
        "interval": number.interval("interval"),
        "statistics": statistics(voice, row),
        "level": level_text(voice, row),
    }


class Shown:
    """How the numbers of one row are written: times a hundred or not, with how many decimals, with which unit."""

    def __init__(self, voice: Voice, row: Any) -> None:
        measure = MEASURES[row["measure"]]
        self.voice, self.row = voice, row
        self.factor = 100 if measure.of_shares or measure.is_probability else 1
        self.percent = "%" if measure.is_probability else ""
        self.low, self.high = shown_limits(row)
        self.digits, self.unit = digits_of_row(voice.findings, row, hundredfold=self.factor == 100), ""
        if measure.of_shares:
            self.unit = voice.say("sentences.pieces.percentage_points")
        elif measure.in_units:
            unit = voice.findings.labels.unit(row["outcome"], voice.lang)
            self.unit = voice.say("sentences.pieces.unit", unit=unit) if unit else ""

    def text(self, value: float) -> str:
        """A number of this row."""
        number = self.voice.form.quantity(value * self.factor, self.digits)
        return number if undefined(value) else number + self.percent

    def limits(self) -> str:
        """Both limits as the style writes them behind the word CI."""
        return f"[{self.text(self.low)}, {self.text(self.high)}]" if self.voice.style.brackets else self.range()

    def range(self) -> str:
        """Both limits in running text."""
        return self.voice.say("sentences.pieces.range", low=self.text(self.low), high=self.text(self.high))

    def interval(self, piece: str) -> str:
        """The interval, named by its level; nothing where there is none."""
        if undefined(self.low) or undefined(self.high):
            return ""
        single = (self.low, self.high) == (self.row["conf_low"], self.row["conf_high"])
        key = piece if single else piece.replace("interval", "simultaneous")
        level = level_text(self.voice, self.row) if single else self.voice.style.level(self.row["conf_level"])
        return self.voice.say(f"sentences.pieces.{key}", level=level, limits=self.limits())


def level_text(voice: Voice, row: Any) -> str:
    """The level of the interval; with so few students that the exact test does not reach it: below that level."""
    piece = "level_unreached" if below_level(voice.findings, row) else "level"
    if piece == "level" and has_joint_limits(row):
        piece = "level_simultaneous"
    return voice.say(f"sentences.pieces.{piece}", level=row["conf_level"])


def statistics(voice: Voice, row: Any) -> str:
    """The test statistic and the P value shown; nothing where neither is defined."""
    parts = [part for part in (_statistic(voice, row), p_text(voice, row)) if part]
    separator = voice.say("sentences.pieces.between_statistics")
    return voice.say("sentences.pieces.statistics", parts=separator.join(parts)) if parts else ""


def p_text(voice: Voice, row: Any) -> str:
    """The one P value, named as adjusted where it is."""
    p, adjusted = shown_p(row)
    if undefined(p):
        return ""
    holm = row.get("adjustment") == "holm"
    kind = ("p_holm" if holm else "p_adjusted") if adjusted else "p"
    return voice.say(f"sentences.pieces.{kind}_{voice.style_name}", p=p)


def _both_described(voice: Voice, row: Any, number: Shown) -> tuple[str, str]:
    """The values that are compared, in brackets: of two groups, of two waves, or the changes of two groups.

    Not beside an adjusted number, which is not their difference.
    """
    within = MEASURES[row["measure"]].within
    if within:
        return _within(voice, row, row["group"], within), _within(voice, row, row["reference"], within)
    if row["measure"].startswith(ADJUSTED):
        return "", ""
    members, others = _group_rows(voice, row)
    return described(voice, row, members, number.digits), described(voice, row, others, number.digits)


def _within(voice: Voice, row: Any, group: str, measure: str) -> str:
    """The change or slope of one group, where it stands beside the difference."""
    keys = row.drop(["measure", "estimand", "reference"]).to_dict() | {"group": group}
    rows = matching(voice.findings.frame("estimates"), "estimates", keys)
    rows = rows[(rows["measure"] == measure) & rows["reference"].isna()]
    if len(rows) != 1 or undefined(rows.iloc[0]["estimate"]):
        return ""
    shown = Shown(voice, rows.iloc[0])
    piece = "slope" if MEASURES[measure].over == "slope" else "change"
    return voice.say(f"sentences.pieces.{piece}", change=shown.text(rows.iloc[0]["estimate"]), unit=shown.unit)


def _higher(voice: Voice, measure: str) -> str:
    """What a probability is about: the higher value, or the larger change."""
    return voice.words.get(f"sentences.pieces.higher.{MEASURES[measure].over}")


def _adjusted(voice: Voice, row: Any) -> str:
    """Among which students, or after what, an adjusted difference holds."""
    piece = "adjusted_for_covariates" if row["reference_wave"] is None else "adjusted_for_wave"
    return voice.say(f"sentences.pieces.{piece}")


def _same(voice: Voice, row: Any) -> str:
    """Whom a member is compared with, where these are not all students of the other group."""
    of_class = "class" if row["estimand"] == CLASSMATES else ""
    alike = ""
    if row["measure"] == "adjusted_superiority":
        alike = "covariates" if row["reference_wave"] is None else "earlier"
    kind = "_".join(part for part in (of_class, alike) if part)
    return voice.say(f"sentences.pieces.same.{kind}") if kind else ""


def _difference(voice: Voice, measure: str) -> str:
    """What a difference is called where the sentence says already that it is adjusted."""
    key = f"sentences.pieces.difference.{measure}"
    return voice.words.get(key if voice.words.has(key) else "sentences.pieces.difference.other")


def described(voice: Voice, row: Any, group: Any, digits: int) -> str:
    """A group's own values in brackets, as the family of the measure needs them; nothing where they are not known.

    The values are those that the measure compares: means, medians beside a Hodges-Lehmann shift, trimmed means.
    """
    if group is None:
        return ""
    if not undefined(group["events"]) and not undefined(group["share"]):
        return _described_share(voice, group)
    measure = MEASURES[row["measure"]]
    if not measure.in_units and measure.centre != "rate":
        return ""
    piece, names = CENTRES[measure.centre]
    if piece == "rate" and undefined(group.get("exposure")):
        piece = "mean_count"
    counted: dict[str, Any] = {}
    if piece == "rate" and not undefined(group["events"]):
        piece, counted = "rate_events", {"events": group["events"]}
        counted["exposure"] = voice.style.number(group["exposure"], 1)
    values = {slot: group.get(column) for slot, column in names.items()}
    if any(undefined(value) for value in values.values()):
        return ""
    numbers = {slot: voice.form.quantity(value, digits) for slot, value in values.items()}
    return voice.say(f"sentences.pieces.{piece}", arm=_own_n(voice, group), **numbers, **counted)


def _own_n(voice: Voice, group: Any) -> str:
    """How many students of the group have a value, where this is not the size of the group."""
    size = group_size(voice, pd.DataFrame(), group["group"], "n_group")
    return "" if group["n"] == size else voice.say("sentences.pieces.arm", n=group["n"])


def _described_share(voice: Voice, group: Any) -> str:
    small = voice.style_name == "gbt" and group["n"] < SMALL_GROUP
    digits = 0 if voice.style_name == "ama" and group["n"] < 100 else 1
    share = voice.style.percent(group["share"], digits)
    key = "share_small" if small else "share"
    return voice.say(f"sentences.pieces.{key}", events=group["events"], n=group["n"], share=share)


def _statistic(voice: Voice, row: Any) -> str:
    """The statistic whose distribution gave the P value; the name of the test where it has none, or was resampled."""
    name, method = row["statistic_name"], str(row["method"])
    known = not undefined(row["statistic"]) and name in ("t", "z", "W", "chi2")
    resampled = method_of(method).resampled
    if resampled or not known:
        if undefined(shown_p(row)[0]) or not voice.words.has(f"methods.{method}"):
            return ""
        with_t = known and name == "t" and not method.startswith("bootstrap")
        return voice.say(
            f"sentences.pieces.{'test_t' if with_t else 'test'}", method=method, statistic=_number(voice, row)
        )
    key = name
    if name in ("t", "chi2") and undefined(row["df"]):
        key = f"{name}_no_df"
    elif method in NAMED_T and name == "t":
        key = NAMED_T[method]
    return voice.say(f"sentences.pieces.{key}", statistic=_number(voice, row), df=row["df"], n=row["n"])


def _number(voice: Voice, row: Any) -> str:
    return voice.style.number(row["statistic"], digits_of_statistic(row["statistic_name"]))


def _group_rows(voice: Voice, row: Any) -> tuple[pd.Series | None, pd.Series | None]:
    if not voice.findings.has("groups"):
        return None, None
    groups = voice.findings.frame("groups")
    groups = groups[groups["category"].isna()]
    both = []
    other = row["group"] if row["reference"] is None else row["reference"]
    for level, wave in ((row["group"], row["wave"]), (other, row["reference_wave"] or row["wave"])):
        found = matching(groups, "groups", row.to_dict() | {"group": level, "wave": wave})
        both.append(found.iloc[0] if level is not None and len(found) == 1 else None)
    return both[0], both[1]


def _centre(voice: Voice, row: Any) -> str:
    """What of a group is compared: its mean, its rate; of counts without an exposure their mean."""
    measure, key = MEASURES[row["measure"]], f"sentences.pieces.centre.{row['measure']}"
    own = _group_rows(voice, row)[0]
    if measure.centre == "rate" and measure.family == "ratio" and own is not None and undefined(own["exposure"]):
        key = "sentences.pieces.centre.mean_count"
    return voice.words.get(key if voice.words.has(key) else "sentences.pieces.centre.other")
