"""The floors of the house: a file imports only from lower floors, and nothing heavy loads before it is used."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "society_effects"
FLOORS = {
    "language": 0,
    "errors": 0.1,
    "progress": 0.1,
    "ordering": 0,
    "writing": 0.1,
    "study": 1,
    "stats": 1,
    "findings": 1,
    "figures": 2,
    "tables": 2,
    "reports": 3,
    "result": 4,
    "combine": 4,
    "designs": 5,
    "advising": 6,
    "reconciling": 6,
    "simulate": 6,
    "planning": 6,
    "probing": 6,
    "triangulation": 6,
    "folder": 6,
    "recomputing": 6,
    "demo": 7,
    "diffing": 7,
    "plans": 7,
    "cli_plans": 8,
    "cli": 9,
}
ONLY = {
    "stats": {"errors", "progress", "ordering"},
    "figures": {"findings", "language", "errors", "writing"},
    "tables": {"findings", "language", "errors", "writing"},
    "reports": {"findings", "language", "errors", "writing", "figures", "tables"},
}
NUMERICS = ("statsmodels", "scipy.stats", "patsy", "formulaic")
FILES = sorted(PACKAGE.rglob("*.py"))


def place(path: Path) -> str:
    """The room of a file: its folder below the package, or its own name."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> set[tuple[str, bool]]:
    """Every module a file imports, in full, with whether it is one of ours."""
    found = set()
    package = ["society_effects", *path.relative_to(PACKAGE).with_suffix("").parts][:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(alias.name, False) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = package[: len(package) - node.level + 1]
                module = ".".join([*base, *(node.module or "").split(".")]).rstrip(".")
                names = (
                    [f"{module}.{alias.name}" for alias in node.names]
                    if len(base) == 1 and not node.module
                    else [module]
                )
                found |= {(name, True) for name in names}
            else:
                found.add((node.module or "", False))
    return found


def ours(path: Path) -> set[str]:
    """The rooms a file imports from, its own left out."""
    return {name.split(".")[1] for name, own in imports(path) if own and "." in name} - {place(path)}


def test_a_file_imports_only_from_lower_floors():
    for path in FILES:
        room = place(path)
        for other in () if path == PACKAGE / "__init__.py" else ours(path):
            assert FLOORS[other] < FLOORS[room], f"{path} ({room}) imports {other}"
            assert other in ONLY.get(room, FLOORS), f"{path}: {room} may not import {other}"


def test_numerics_are_called_only_inside_stats():
    for path in FILES:
        for name, _ in imports(path) if place(path) != "stats" else ():
            assert not name.startswith(NUMERICS), f"{path} imports {name}"


def test_the_importing_helper_sees_imports():
    assert ("society_effects.findings.findings", True) in imports(PACKAGE / "result.py")
    assert "findings" in ours(PACKAGE / "result.py")


def loaded_after(code: str) -> set[str]:
    out = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint('\\n'.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(out.stdout.split())


def test_a_bare_import_is_light():
    loaded = loaded_after("import society_effects; dir(society_effects)")
    assert not loaded & {"numpy", "pandas", "scipy", "statsmodels", "matplotlib", "seaborn"}


def test_a_comparison_loads_no_plotting_and_no_statsmodels():
    code = "import society_effects as se; se.MemberComparison().fit(se.load_sample('clinical_skills_667'))"
    assert not loaded_after(code) & {"statsmodels", "matplotlib", "seaborn", "scipy.stats"}


def test_a_comparison_does_not_wait_for_the_other_designs():
    loaded = loaded_after("import society_effects as se; se.MemberComparison")
    assert "society_effects.designs.member_comparison" in loaded
    assert not {name for name in loaded if name.endswith((".regression_adjustment", ".difference_in_differences"))}


def test_file_names_are_unique_within_a_floor():
    names = [(FLOORS[place(f)], f.name) for f in FILES if f.name != "__init__.py"]
    assert len(names) == len(set(names))


def test_files_stay_short():
    too_long = {str(f.relative_to(PACKAGE)): n for f in FILES if (n := len(f.read_text().splitlines())) > 320}
    assert not too_long


def test_no_assert_in_the_package():
    for path in FILES:
        assert not any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
