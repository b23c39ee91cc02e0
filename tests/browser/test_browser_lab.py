"""A user opens a notebook in JupyterLab: the stored outputs are there, all cells run, and marks are where the offsets say."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

import newsanalysis as na

RAN = r"""() => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')].map(prompt => prompt.textContent);
  return prompts.length > 0 && prompts.every(text => /\[\d+\]/.test(text));
}"""


def opened(tab: Any, lab: Any, notebook: str) -> Any:
    """Open a notebook and wait until its cells are there and its kernel is ready."""
    tab.page.goto(lab.url(notebook))
    tab.page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell", timeout=60_000)
    tab.page.wait_for_selector(".jp-NotebookPanel .jp-Notebook-ExecutionIndicator[data-status='idle']", state="attached", timeout=60_000)
    return tab.page


def run_all(page: Any) -> None:
    """Run all cells by the menu, and wait for the last; once more where the first click came before JupyterLab was ready for it."""
    library = pytest.importorskip("playwright.sync_api")
    for wait in (30_000, 90_000):
        page.click(".lm-MenuBar-itemLabel:text-is('Run')")
        page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")
        with contextlib.suppress(library.TimeoutError):
            page.wait_for_function(RAN, timeout=wait, polling=200)
            return
    raise AssertionError("the cells did not run to their end")


def test_a_notebook_opens_runs_and_marks_what_the_offsets_say(lab: Any, tab_for: Callable[..., Any], shown: Any) -> None:
    """Notebook 02 shows its stored outputs, runs to its end without a mistake, asks nothing of other machines, and its marks hold the spans' texts."""
    documents = na.read(str(lab.place / "seeds"))
    found = na.resolve(na.attribute(documents[documents["kind"] == "article"]), codebook="ukraine_war")
    tab = tab_for(lab.address, viewport={"width": 1280, "height": 1000})
    page = opened(tab, lab, "02_who_speaks.ipynb")
    page.wait_for_selector(".jp-OutputArea-output .na-body")
    assert page.locator(".na-body mark").count() >= len(found.attributions), "the stored text is marked"
    assert "7 NATO" in page.locator(".na-body").first.text_content(), "number and camp stand before the notebook is trusted, that is without our style"
    figures = page.locator(".jp-RenderedImage img").count()
    assert figures >= 3
    page.evaluate("() => document.querySelectorAll('.jp-OutputArea-output').forEach(output => output.dataset.stored = 'yes')")
    run_all(page)
    assert page.locator("[data-stored]").count() == 0, "all outputs are new"
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr'], .jp-RenderedText pre .ansi-red-fg").count() == 0
    assert page.locator(".jp-RenderedImage img").count() == figures
    shown(page).holds(found, first=True)
    assert tab.outside == []
    assert tab.dialogs == []
    assert tab.errors == []


def test_hostile_texts_in_the_dark_theme(lab: Any, tab_for: Callable[..., Any], shown: Any, hostile: na.Found) -> None:
    """In JupyterLab's dark theme nothing of a hostile text lives, marks hold their spans, and all text reads, also in a narrow window."""
    for name in ("documents", "attributions", "spans"):
        getattr(hostile, name).to_parquet(lab.place / "notebooks" / f"{name}.parquet")
    source = f"import sys\nassert sys.prefix == {sys.prefix!r}\nimport pandas as pd\nimport newsanalysis as na\n"
    source += "na.annotated_text(*(pd.read_parquet(f'{name}.parquet') for name in ('documents', 'attributions', 'spans')))"
    cell = {"cell_type": "code", "id": "one", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}, "language_info": {"name": "python"}}
    notebook = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (lab.place / "notebooks/hostile.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    theme = lab.place / "settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
    theme.write_text('{"theme": "JupyterLab Dark"}', encoding="utf-8")
    tab = tab_for(lab.address, viewport={"width": 1000, "height": 1400})
    page = opened(tab, lab, "hostile.ipynb")
    run_all(page)
    page.wait_for_selector("body[data-jp-theme-light='false'] .na-body")
    shown(page).holds(hostile)
    shown(page).reads(dark=True)
    assert tab.outside == []
    assert tab.dialogs == []
    assert tab.errors == []
