"""How the documentation is built."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import society_effects

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from grid_page import grid_tables  # noqa: E402

(HERE / "methods" / "grid_tables.md").write_text(grid_tables(HERE / "methods" / "grid.csv"), encoding="utf-8")
shutil.copytree(
    HERE.parent / "notebooks",
    HERE / "notebooks",
    dirs_exist_ok=True,
    ignore=shutil.ignore_patterns("*.py", ".*", "__*"),
)

project = "society_effects"
author = "the society_effects developers"
copyright = "2026, the society_effects developers"
release = society_effects.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx-mathjax-offline",
]
source_suffix = {".md": "myst-nb", ".rst": "restructuredtext", ".ipynb": "myst-nb"}
exclude_patterns = ["_build", "**.ipynb_checkpoints", "methods/grid_tables.md"]
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath", "colon_fence"]
autosummary_generate = True
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

html_theme = "pydata_sphinx_theme"
html_title = "society_effects"
html_theme_options = {
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "navbar_end": ["theme-switcher"],
    "header_links_before_dropdown": 4,
}
html_sidebars = {
    page: []
    for page in (
        "index",
        "start",
        "howto_*",
        "choosing_a_design",
        "benchmarks",
        "methods/*",
        "notebooks/*",
        "decisions/*",
    )
}
html_copy_source = False
