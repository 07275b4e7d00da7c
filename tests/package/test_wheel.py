"""What a user installs: the wheel holds the samples and works from any folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The unpacked wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed, code, folder):
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout


def test_samples_load_from_any_folder(installed, tmp_path):
    code = "import society_effects as se; print(se.__file__); print(len(se.load_sample('clinical_skills_667')))"
    where, rows = run(installed, code, tmp_path).split("\n")[:2]
    assert Path(where).is_relative_to(installed)
    assert rows == "667"


def test_the_wheel_is_complete_and_holds_no_tests(installed):
    names = {str(path.relative_to(installed)) for path in installed.rglob("*") if path.is_file()}
    for wanted in (
        "society_effects/py.typed",
        "society_effects/language/zh/errors.toml",
        "society_effects/data_samples/README.md",
    ):
        assert wanted in names
    assert any(name.endswith((".otf", ".ttf")) for name in names)
    assert not [name for name in names if "tests" in Path(name).parts]


def test_a_figure_can_be_drawn(installed, tmp_path):
    code = (
        "import society_effects as se; r = se.MemberComparison().fit(se.load_sample('clinical_skills_667'));"
        "print(r.plot(lang='zh').save('x', formats=('png',)))"
    )
    run(installed, code, tmp_path)
    assert (tmp_path / "x.png").stat().st_size > 10_000
