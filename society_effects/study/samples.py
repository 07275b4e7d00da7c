"""Which data come with the library? Bundled samples, each with its origin, licence, labels and checksum."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import StudyError, nearest, speaking
from .outcome import Outcome
from .readers import read_table
from .settling import check_language
from .study import Study

WHEN_INSTALLED = Path(__file__).parent.parent / "data_samples"
IN_A_CHECKOUT = Path(__file__).parent.parent.parent / "data_samples"


def samples() -> pd.DataFrame:
    """Which samples are there? One row per sample: name, title, kind, rows, whether simulated, licence.

    Examples
    --------
    >>> samples()[["name", "simulated"]]
                              name  simulated
    0          clinical_skills_667       True
    1  professional_identity_panel       True
    2            published_studies      False
    """
    facts = [_facts(name) for name in _names()]
    shown = ("name", "title", "kind", "rows", "simulated", "licence", "origin")
    table = [{key: f["title"]["en"] if key == "title" else f[key] for key in shown} for f in facts]
    return pd.DataFrame(table, columns=list(shown))


def load_sample(name: str, lang: str = "en", **roles: Any) -> Study:
    """Which study is this sample? With its roles, labels in both languages, facts and source.

    Parameters
    ----------
    name : str
        Name of the sample, as in ``samples()``.
    lang : {"en", "zh"}
        Language of the study.
    **roles
        Roles of ``Study`` that the sample does not declare, or declares otherwise (``cluster="class"``).

    Raises
    ------
    StudyError
        ``UNKNOWN_SAMPLE``, ``NOT_A_STUDY``.

    Examples
    --------
    >>> study = load_sample("clinical_skills_667")
    >>> len(study), study.source["simulated"], study.levels
    (667, True, ('no', 'yes'))
    """
    with speaking(check_language(lang)):
        facts = _facts(name)
        if facts["kind"] != "study":
            raise StudyError("NOT_A_STUDY", sample=name)
        table = sample_table(name)
    declared: dict[str, Any] = dict(facts["study"]) | {"about": facts.get("about"), "labels": _labels(facts)}
    outcomes = [_outcome(column, facts["columns"][column]) for column in declared.pop("outcomes")]
    study = Study(table, lang=lang, **({"outcomes": outcomes} | declared | roles))
    return study.with_source(_source(facts))


def sample_table(name: str) -> pd.DataFrame:
    """Which table is in the file of this sample? As it is, printed numbers of publications as text."""
    facts = _facts(name)
    file = _folder() / f"{name}.csv"
    if facts["kind"] == "printed":
        return pd.read_csv(file, dtype=str, keep_default_na=False)
    return read_table(file).data


def _folder() -> Path:
    for folder in (WHEN_INSTALLED, IN_A_CHECKOUT):
        if folder.is_dir():
            return folder
    raise StudyError("NO_SAMPLES")


def _names() -> list[str]:
    return sorted(file.stem for file in _folder().glob("*.toml"))


def _facts(name: str) -> dict[str, Any]:
    if name not in _names():
        raise StudyError("UNKNOWN_SAMPLE", sample=str(name), near=nearest(name, _names()), samples=_names())
    return tomllib.loads((_folder() / f"{name}.toml").read_text(encoding="utf-8"))


def _outcome(column: str, facts: Mapping[str, Any]) -> Outcome:
    known = ("kind", "label", "unit", "range", "event", "margin", "family", "parts", "higher_is_better")
    return Outcome(column, **{key: facts[key] for key in known if key in facts})


def _labels(facts: Mapping[str, Any]) -> dict[str, Any]:
    labels = {name: column["label"] for name, column in facts["columns"].items()}
    for name, column in facts["columns"].items():
        labels |= {f"{name}={level}": words for level, words in column.get("levels", {}).items()}
    return labels


def _source(facts: Mapping[str, Any]) -> dict[str, Any]:
    told = ("name", "title", "simulated", "seed", "licence", "origin", "sha256")
    return {key: facts[key] for key in told if key in facts} | {"truth": tuple(facts.get("truth", ()))}
