"""What must be said below a comparison table? What is shown, direction, tests, intervals, adjustment, missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ..findings.lookup import has_joint_limits
from ..findings.measures import MEASURES
from ..findings.naming import measure_name
from ..language.numbers import undefined
from .blocks import Reading
from .comparison_lines import is_named
from .formats import SMALL_GROUP, Format
from .notes import Notes


def explain(reading: Reading, form: Format, notes: Notes, rate_alone: bool) -> None:
    """Add the notes that both layouts need. rate_alone : events over exposure stand without a mean."""
    explain_groups(reading, form, notes, rate_alone)
    names = [reading.group_name(g) for g in reading.groups]
    estimates = [c.row for c in reading.all_contrasts]
    companions = [c.companion for c in reading.all_contrasts if c.companion is not None]
    if any(MEASURES[row["measure"]].is_plain_difference for row in [*estimates, *companions]):
        both = len(names) == 2
        notes.add("direction", group=names[0], reference=names[1]) if both else notes.add("direction_several")
    _measures(reading, companions, notes)
    tests = _tests(reading, notes)
    _intervals(reading, [*(row for row in estimates if not has_joint_limits(row)), *companions], tests, form, notes)
    explain_adjustment(notes, any(has_joint_limits(row) for row in estimates))
    explain_clusters(reading, form, notes)
    incomplete, counted = reading.incomplete(), "/".join(names)
    if incomplete:
        counts = _all(incomplete) + _all(reading.analysed())
        notes.add("missing", counts, groups=counted, entries=_counted(incomplete, form))
    if any(reading.size(group) is None for group in reading.groups):
        analysed = reading.analysed()
        notes.add("analysed", _all(analysed), groups=counted, entries=_counted(analysed, form))


def explain_adjustment(notes: Notes, simultaneous: bool = False, subgroups: bool | None = False) -> None:
    """Say by which method the P values of each family were adjusted and its simultaneous limits made.

    subgroups : of the families of subgroups, of which each outcome has one (None: of these and of the others).
    """
    families: dict[tuple[str, ...], int] = {}
    for name in ("estimates", "tests"):
        if notes.findings.has(name):
            frame = notes.findings.frame(name)
            adjusted = frame[frame["p_adjusted"].notna() & frame["adjustment"].notna()]
            for _, row in adjusted.iterrows():
                of_subgroups = not undefined(row["by"])
                if subgroups in (None, of_subgroups):
                    of_outcome = [row["outcome"], row["group"]] if of_subgroups else []
                    key = (row["adjustment"], row["family"], *of_outcome)
                    families[key] = families.get(key, 0) + 1
    for (method, _, *own), k in families.items():
        kind = "adjusted_simultaneous" if simultaneous else "adjusted"
        notes.add(f"{kind}_subgroups" if own else kind, method=method, k=k)


def explain_band(notes: Notes) -> None:
    """Say which limits hold for a whole path over the waves at once."""
    for method in dict.fromkeys(notes.findings.frame("estimates")["adjustment"].dropna()):
        if notes.form.words.has(f"tables.notes.path.{method}"):
            notes.add(f"path.{method}")


def explain_groups(reading: Reading, form: Format, notes: Notes, rate_alone: bool = False) -> None:
    """Say how the groups are summarised. rate_alone : events over exposure stand without a mean."""
    if not reading.has_groups:
        return
    for summary in dict.fromkeys(b.summary for b in reading.blocks if not (rate_alone and b.has_exposure)):
        notes.add(f"shown.{summary}")
    if any(b.has_exposure for b in reading.blocks):
        notes.add("shown.rate")
    counted = [b for b in reading.blocks if b.summary in ("share", "categories")]
    small = any(0 < row["n"] < SMALL_GROUP for b in counted for row in b.groups.values())
    if form.style.name == "gbt" and small:
        notes.add("small_group", n=SMALL_GROUP)


def _measures(reading: Reading, companions: Sequence[pd.Series], notes: Notes) -> None:
    """Say what the measures and quantities are that do not speak for themselves."""
    shown = [c.row["measure"] for c in reading.all_contrasts] + [row["measure"] for row in companions]
    plain = () if is_named(reading.all_contrasts) else ("mean_difference", "risk_difference")
    keys = [m for m in dict.fromkeys(shown) if m not in plain]
    keys += dict.fromkeys(b.quantity["quantity"] for b in reading.wholes if b.quantity is not None)
    for key in keys:
        if notes.form.words.has(f"tables.notes.measures.{key}"):
            notes.add(f"measures.{key}")


def _tests(reading: Reading, notes: Notes) -> set[str]:
    """Name the tests, those of all groups apart from those of contrasts; their keys."""
    named: dict[tuple[str, str], list[str]] = {}
    for block in reading.blocks:
        whole = "test_all" if block.contrasts else "test"
        own = [(whole, block.whole)] if block.whole is not None else []
        contrasts = "test_contrast" if reading.several else "test"
        for key, tested in [*own, *((contrasts, c.tested) for c in block.contrasts)]:
            if not undefined(tested.p_value) and block.name not in named.setdefault((key, tested.method), []):
                named[key, tested.method].append(block.name)
    keys = [key for key, _ in named]
    for (key, method), blocks in named.items():
        if keys.count(key) == 1 and (key != "test" or len(set(keys)) == 1):
            notes.add(key, method=method)
        else:
            notes.add(f"{key}_of", method=method, outcomes=blocks)
    return {method for _, method in named}


def _intervals(reading: Reading, shown: Sequence[pd.Series], tests: set[str], form: Format, notes: Notes) -> None:
    """Say how the intervals were made, but for simultaneous ones."""
    pairs = {
        (measure_name(row["measure"], form.lang), row["interval_method"] or row["method"]): None
        for row in shown
        if row["method"] and not undefined(row["conf_low"])
    }
    quantities = [b.quantity for b in reading.wholes if b.quantity is not None]
    pairs |= {
        (form.words.get(f"tables.quantities.{row['quantity']}"), row["method"]): None
        for row in quantities
        if row["method"] and not undefined(row["conf_low"])
    }
    if not pairs:
        return
    entries = []
    for name, interval in pairs:
        how = form.say("cells.same_test") if interval in tests else form.words.get(f"methods.{interval}")
        entries.append(form.say("cells.interval_method", measure=name, method=how))
    level = form.words.say("terms.interval", form.style.name, level=float([*shown, *quantities][0]["conf_level"]))
    notes.add("intervals", level=level, entries=form.say("cells.between_entries").join(entries))


def explain_clusters(reading: Reading, form: Format, notes: Notes) -> None:
    """Say in how many classes the students were, and that this was taken into account."""
    known: dict[str, int] = {}
    for block in reading.blocks:
        tested = [*(c.tested for c in block.contrasts), *([block.whole] if block.whole is not None else [])]
        counts = [int(t.n_clusters) for t in tested if not undefined(t.n_clusters)]
        known |= {block.name: max(counts)} if counts else {}
    if len(set(known.values())) == 1:
        notes.add("clusters", k=next(iter(known.values())))
    elif known:
        notes.add("clusters_of", entries=_counted({name: (k,) for name, k in known.items()}, form))


def _all(counts: Mapping[str, Sequence[int]]) -> tuple[int, ...]:
    return tuple(count for several in counts.values() for count in several)


def _counted(counts: Mapping[str, Sequence[int]], form: Format) -> str:
    """Numbers of each group, by outcome."""
    entries = [form.say("cells.missing", name=name, counts="/".join(map(str, c))) for name, c in counts.items()]
    return form.say("cells.between_entries").join(entries)
