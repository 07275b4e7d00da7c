"""How the documentation is built, in English and, with ``-t zh``, in Chinese. `make docs` builds both.

The pages stand as whole texts in both languages, side by side: ``docs/start.md`` and ``docs/zh/start.md``. What the
library itself can say (gallery, grades, cells of the grid) is written anew each time.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from tempfile import mkdtemp

import society_effects

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from gallery_page import write_gallery  # noqa: E402
from grades_page import grade_tables  # noqa: E402
from grid_page import grid_tables  # noqa: E402
from pages import translated_pages, twins_of_notebooks  # noqa: E402

CHINESE = tags.has("zh")  # noqa: F821 (given by Sphinx)
PAGES = HERE / "zh" if CHINESE else HERE
NOTEBOOKS = HERE.parent / "notebooks"

if not CHINESE:
    (HERE / "methods" / "grid_tables.md").write_text(grid_tables(HERE / "methods" / "grid.csv"), encoding="utf-8")
(PAGES / "grade_tables.md").write_text(grade_tables("zh" if CHINESE else "en"), encoding="utf-8")
write_gallery(PAGES, "zh" if CHINESE else "en")
shutil.rmtree(PAGES / "notebooks", ignore_errors=True)
(PAGES / "notebooks").mkdir()
for notebook in NOTEBOOKS.glob("*.ipynb"):
    if notebook.stem.isascii() != CHINESE:
        shutil.copy(notebook, PAGES / "notebooks")

os.environ["IPYTHONDIR"] = mkdtemp()  # the pages run as they do everywhere, whatever the reader's own settings are
(Path(os.environ["IPYTHONDIR"]) / "profile_default").mkdir()
(Path(os.environ["IPYTHONDIR"]) / "profile_default" / "ipython_kernel_config.py").write_text(
    "c.IPKernelApp.log_level = 40"
)

project = "society_effects"
author = "the society_effects developers"
copyright = "2026, the society_effects developers"
release = society_effects.__version__
language = "zh_CN" if CHINESE else "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx_design",
    "sphinx-mathjax-offline",
]
source_suffix = {".md": "myst-nb", ".rst": "restructuredtext", ".ipynb": "myst-nb"}
exclude_patterns = ["_build", "zh", "**.ipynb_checkpoints", "methods/grid_tables.md", "grade_tables.md"]
templates_path = ["_templates"]
nb_execution_mode = "force"
nb_execution_excludepatterns = ["notebooks/*"]
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_execution_timeout = 120
nb_output_stderr = "remove-warn"
nb_merge_streams = True
nb_code_prompt_show = "显示代码" if CHINESE else "Show the code"
nb_code_prompt_hide = "隐藏代码" if CHINESE else "Hide the code"
myst_enable_extensions = ["dollarmath", "colon_fence", "attrs_inline"]
myst_heading_anchors = 3
myst_url_schemes = {
    "http": None,
    "https": None,
    "en": {"url": "../{{path}}.html"},  # from a Chinese page to one that is there in English only
}
autosummary_generate = True
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

html_theme = "pydata_sphinx_theme"
html_title = "society_effects"
html_static_path = [str(HERE / "_static")]
html_css_files = ["pages.css"]
html_context = {
    "chinese": CHINESE,
    "in_both_languages": translated_pages(HERE),
    "twins": twins_of_notebooks(NOTEBOOKS),
}
html_theme_options = {
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["language_switch", "search-button"],
    "header_links_before_dropdown": 6,
}
html_sidebars = {page: [] for page in ("*", "methods/*", "notebooks/*", "decisions/*")}  # width for tables and figures
html_copy_source = False
html_show_sourcelink = False


def setup(app):
    """Pages may be read by several processes: the mathematics that is bundled keeps nothing between them."""
    app.extensions["sphinx-mathjax-offline"].parallel_read_safe = True
