"""What a newcomer meets with figures and reports: endings of files, no dates, captions of a report made in memory."""

import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import newsanalysis as na
from newsanalysis.reports import pieces


@pytest.mark.parametrize("name", ["fig", "fig.png", "fig.SVG", "fig.csv"])
def test_an_ending_that_is_written_anyway_is_taken_off(tmp_path, name):
    """No fig.png.png."""
    _, ax = plt.subplots()
    na.save_figure(ax, tmp_path / name, pd.DataFrame({"x": [1]}))
    plt.close("all")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fig.csv", "fig.png", "fig.svg"]


def test_other_formats_are_refused(tmp_path):
    """A dot in a name is no ending."""
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match=r"save_figure: 'fig.pdf' cannot be written; SVG, PNG and CSV are: give the name without an ending, 'fig'"):
        na.save_figure(ax, tmp_path / "fig.pdf", pd.DataFrame({"x": [1]}))
    na.save_figure(ax, tmp_path / "v1.2", pd.DataFrame({"x": [1]}))
    plt.close("all")
    assert (tmp_path / "v1.2.svg").exists()


def test_a_timeline_without_dates_says_so():
    """The table has rows, all without a date."""
    rows = pd.DataFrame({"measure": "unnamed_share", "month": ["(missing)"], "estimate": [0.2], "ci_low": 0.1, "ci_high": 0.4, "n": 9, "n_documents": 5})
    assert [text.get_text() for text in na.plot_timeline(rows).texts] == ["No document has a date."]
    assert [text.get_text() for text in na.plot_timeline(rows.head(0)).texts] == ["The table has no rows to draw."]
    plt.close("all")


def test_a_report_made_in_memory_cites_no_file_that_is_not_there(tmp_path):
    """Its captions say what the numbers in the bars are, and its keys are written with capitals."""
    texts = [
        "NATO allegedly zorbed that it was a brutal attack. “We stand firm,” NATO said.",
        "Russia claimed it won, perhaps. The brutal war goes on, and Russia said so.",
    ]
    found = na.resolve(na.attribute(na.documents(texts * 2, outlet=["Daily", "Daily", "Herald", "Herald"]), attributor="patterns"))
    page = na.report(found, out=tmp_path / "report.html").read_text(encoding="utf-8")
    captions = re.findall("<figcaption>(.*?)</figcaption>", page)
    assert any("Source: made for this report, <code>kind_share</code>." in one for one in captions)
    assert not any("measures.csv" in one for one in captions)
    assert sum("Numbers in the bars: attributions." in one for one in captions) == 2
    assert "Loaded word" in page
    assert "<bdi>loaded word</bdi>" not in page


def test_names_with_a_label_of_their_own_keep_it():
    """Only what the palette does not know gets a capital."""
    assert pieces.capitals(pd.DataFrame({"value": ["unclassified", "doubt"]}), "value").value.tolist() == ["Unclassified", "doubt"]
