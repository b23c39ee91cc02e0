"""Settings of the documentation site: ``make docs`` builds it from the pages, docstrings and notebooks, without a network."""

import sys
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS / "_site"))

import newsanalysis as na  # noqa: E402

project = "newsanalysis"
author = "The newsanalysis developers"
version = release = na.__version__
language = "en_GB"

# The source is the whole project, so that links between pages, notebooks, figures and results hold here as they do in a checkout.
root_doc = "docs/index"
include_patterns = [
    *("docs/**", "notebooks/*.ipynb", "notebooks/*.md", "CHANGELOG.md", "CONTRIBUTING.md", "benchmarks/README.md", "benchmarks/data/README.md"),
    *("training/README.md", "training/tone/README.md", "src/newsanalysis/models/*/MODEL_CARD.md"),
]
exclude_patterns = [".*", "**/.ipynb_checkpoints", "docs/_build", "docs/_site", "docs/figures", "figures", "tests", "seeds", "build", "dist"]
extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "myst_nb", "sphinx_copybutton", "generated", "crosslinks"]

# --- pages and notebooks --------------------------------------------------------------------------------------------------------

nb_execution_mode = "off"  # the notebooks are shown with the outputs that are stored in them
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "attrs_inline", "attrs_block"]
myst_heading_anchors = 4  # the anchors that a link to a section has on GitHub
suppress_warnings = ["myst.header"]  # a notebook may go from a title to a heading of the third level

# --- reference ------------------------------------------------------------------------------------------------------------------

autodoc_typehints = "none"  # types stand in the docstrings, in words
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_custom_sections = ["How to read it", "Source"]
toc_object_entries_show_parents = "hide"
nitpicky = True
nitpick_ignore_regex = [("py:(class|exc)", ".*")]  # types are written in words (str or list of str); other projects' and private errors are not linked

# --- HTML: nothing that is loaded from elsewhere -----------------------------------------------------------------------------------

html_theme = "furo"
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "github-dark"
html_title = "newsanalysis"
html_static_path = ["_site/static"]
html_extra_path = ["_site/root"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_last_updated_fmt = None
html_show_search_summary = False  # it fetches each page, which a browser refuses for pages opened as files
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#1f4e79",
        "color-brand-content": "#1f4e79",
        "color-brand-visited": "#5b3a70",
        "color-code-background": "#f4f6f8",
        "font-stack": "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif",
    },
    "dark_css_variables": {
        "color-brand-primary": "#9cc4ec",
        "color-brand-content": "#9cc4ec",
        "color-brand-visited": "#cdb1e3",
        "color-code-background": "#1c2128",
    },
    "footer_icons": [],
}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
