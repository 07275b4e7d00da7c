"""Every notebook runs top to bottom, and what is kept with its outputs is what its source says."""

import warnings
from pathlib import Path

import pytest

jupytext = pytest.importorskip("jupytext")
nbformat = pytest.importorskip("nbformat")

SOURCES = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9]*.py"))
# One notebook runs with the quick tests, all with the slow ones, and whenever they are built.
QUICK = "01_members_and_non_members"
RUN = [source if source.stem == QUICK else pytest.param(source, marks=pytest.mark.slow) for source in SOURCES]


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.stem)
def test_the_kept_notebook_is_that_of_its_source(source):
    written = [cell.source for cell in jupytext.read(source, fmt="py:percent").cells]
    kept = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    assert [cell.source for cell in kept.cells] == written
    assert all(cell.get("outputs") for cell in kept.cells if cell.cell_type == "code" and "import" not in cell.source)


@pytest.mark.parametrize("source", RUN, ids=lambda p: p.stem)
def test_it_runs_top_to_bottom(source):
    from nbclient import NotebookClient

    notebook = jupytext.read(source, fmt="py:percent")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the kernel's own machinery, not of the library
        NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    errors = [out for cell in notebook.cells for out in cell.get("outputs", []) if out.output_type == "error"]
    assert not errors


def test_notebooks_come_in_pairs():
    assert len(SOURCES) % 2 == 0
    assert len({source.name.split("_")[0] for source in SOURCES}) == len(SOURCES) / 2
