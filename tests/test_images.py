"""Pictures: the figures of the gallery look as they did, to a tolerance; and what is drawn is what the table beside them says.

The pictures in tests/baseline were made with the matplotlib named in ``made_with.txt``; with another one text is set differently and the comparison is
skipped. After a change that is meant: ``python -m pytest tests/test_images.py --mpl-generate-path=tests/baseline``, and look at every picture.
The tolerance is an RMS of 6 of 255: letters of another build of freetype differ by 1 to 4, a bar that is missing or two colours that changed places by 10
and more.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import newsanalysis as na

HERE = Path(__file__).parent
SPEC = importlib.util.spec_from_file_location("gallery", HERE / "gallery.py")
gallery: Any = importlib.util.module_from_spec(SPEC)  # type: ignore[arg-type]
SPEC.loader.exec_module(gallery)  # type: ignore[union-attr]
FIGURES = {figure.name: figure for figure in gallery.GALLERY}
MADE_WITH = (HERE / "baseline" / "made_with.txt").read_text(encoding="utf-8").strip()
SAME = mpl.__version__.rsplit(".", 1)[0] == MADE_WITH
COMPARES = importlib.util.find_spec("pytest_mpl") is not None
PICTURES = tuple(FIGURES)


@pytest.fixture(autouse=True)
def _drawn_off_screen() -> Iterator[None]:
    mpl.use("Agg")
    with mpl.rc_context():
        yield
    plt.close("all")


@pytest.mark.skipif(not COMPARES, reason="pytest-mpl is not installed: pip install pytest-mpl")
@pytest.mark.skipif(not SAME, reason=f"the pictures were made with matplotlib {MADE_WITH}, this is {mpl.__version__}")
@pytest.mark.parametrize("name", PICTURES)
@(pytest.mark.mpl_image_compare(baseline_dir="baseline", style="default", tolerance=6, savefig_kwargs={"dpi": 60}) if COMPARES else lambda test: test)
def test_a_figure_looks_as_it_did(name: str) -> Figure:
    """The picture is the one in tests/baseline, to the tolerance."""
    # planted faults: bars of half their height; two of three marks left out; colours of two categories changed for each other
    ax, _ = gallery.drawn(FIGURES[name], gallery.tables_of_the_page())
    figure: Figure = ax.figure
    return figure


def test_the_page_of_figures_is_current() -> None:
    """docs/figures.md is what tests/gallery.py writes, every plot function has its place on it, and every picture is there."""
    if not gallery.PAGE.is_file():
        pytest.skip("docs/ is not part of this copy")
    assert gallery.PAGE.read_text(encoding="utf-8") == gallery.page()
    stub = (Path(na.__file__).with_suffix(".pyi")).read_text(encoding="utf-8")
    plots = {line.split()[-1] for line in stub.splitlines() if " as plot_" in line}
    assert {figure.plot for figure in gallery.GALLERY} == plots
    assert all((gallery.FIGURES / f"gallery_{figure.name}.png").is_file() for figure in gallery.GALLERY)


def drawn_numbers(ax: Any) -> set[float]:
    """Every number that a mark, a bar or a line of the Axes stands at, along the axis of values."""
    found = [np.asarray(line.get_xdata(), dtype=float) for line in ax.lines]
    found += [np.array([bar.get_width()]) for bar in ax.patches]
    return {round(float(number), 6) for numbers in found for number in numbers if np.isfinite(number)}


@pytest.mark.parametrize("name", ["shares", "intervals", "stacked", "keyness", "agreement", "pairs", "scores", "tones"])
def test_what_is_drawn_is_what_the_csv_says(name: str, tmp_path: Path) -> None:
    """Each estimate and each bound of an interval in the CSV that is saved with a figure is drawn in it."""
    ax, table = gallery.drawn(FIGURES[name], gallery.tables_of_the_page())
    na.save_figure(ax, tmp_path / name, table)
    saved = pd.read_csv(tmp_path / f"{name}.csv")
    bounds = ["ci_low", "ci_high"] if name not in ("stacked", "pairs") else []
    if name == "agreement":
        saved = saved.assign(ci_low=saved["ci_low"].where(saved["measure"] == "krippendorff_alpha"))
        saved = saved.assign(ci_high=saved["ci_high"].where(saved["measure"] == "krippendorff_alpha"))
    columns = [column for column in ("estimate", "score", "z", "z_articles", "hand", "machine", *bounds) if column in saved]
    assert columns
    drawn = np.array(sorted(drawn_numbers(ax)))
    for number in saved[columns].to_numpy(dtype=float).ravel():
        assert np.isnan(number) or np.min(np.abs(drawn - number)) < 1e-5, number
