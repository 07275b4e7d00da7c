"""Draw the picture of the README: the bundled cohort, simulated."""

from pathlib import Path

import society_effects as se

if __name__ == "__main__":
    result = se.MemberComparison().fit(se.load_sample("clinical_skills_667"))
    result.plot("estimation").save(Path(__file__).parent / "estimation_en", formats=("png",))
