"""Run every notebook top to bottom and keep it with its outputs: ``<name>.py`` (percent format) -> ``<name>.ipynb``.

Two runs give the same bytes: ids are counted, and what changes from run to run (times, machine) is left out.
"""

from __future__ import annotations

import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent


def build(source: Path) -> Path:
    """Run one notebook and write it beside its source."""
    notebook = jupytext.read(source, fmt="py:percent")
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(HERE)}}).execute()
    tidy(notebook)
    target = source.with_suffix(".ipynb")
    nbformat.write(notebook, target)
    return target


def tidy(notebook: nbformat.NotebookNode) -> None:
    """Leave out what differs between two runs."""
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"], "language_info": {"name": "python"}}
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02d}"
        cell["metadata"] = {}


if __name__ == "__main__":
    wanted = [HERE / name for name in sys.argv[1:]] or sorted(p for p in HERE.glob("[0-9]*.py"))
    for path in wanted:
        print(build(path).name)
