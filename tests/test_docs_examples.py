"""The examples of the pages under docs/ run and give what stands beside them."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

import newsanalysis as na

DOCS = Path(__file__).parents[1] / "docs"
if not DOCS.is_dir():
    pytest.skip("docs/ is not part of this copy", allow_module_level=True)


def blocks(page: str) -> list[str]:
    """The blocks of Python code on a page."""
    return re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), flags=re.DOTALL)


def test_framing_examples_give_what_they_say():
    """Every line of docs/framing.md with a result behind it gives it; each of the functions of its table is shown with something found."""
    known, shown = {}, 0
    for block in blocks("framing.md"):
        exec(block, known)
        for line, result in re.findall(r"^(\S.*?)\s+# (\[.*\])$", block, flags=re.MULTILINE):
            assert eval(line, known) == eval(result), line
            shown += 1
    assert shown == 11
    for name in ("labels", "statements", "quotes", "cues", "hedges", "passives", "acts", "frames", "words", "shares"):
        assert len(known[name]), name


def test_reading_results_examples_give_what_they_say():
    """Every line of docs/reading-results.md with a result behind it gives it, and the lost row is found again."""
    known, shown = {}, 0
    for block in blocks("reading-results.md"):
        *lines, last = block.strip().splitlines()
        exec("\n".join(lines), known)
        assert eval(last, known) is not False, last
        for line, result in re.findall(r"^(\S.*?)\s+# (\[.*\])$", block, flags=re.MULTILINE):
            assert eval(line, known) == eval(result), line
            shown += 1
    assert shown == 7


def test_word_codebook_example(tmp_path, monkeypatch):
    """The word codebook of docs/codebooks.md finds what stands below it."""
    page = (DOCS / "codebooks.md").read_text(encoding="utf-8")
    block = blocks("codebooks.md")[1]
    *lines, last = block.strip().splitlines()
    monkeypatch.chdir(tmp_path)
    known = {}
    exec("\n".join(lines), known)
    below = page.split(block)[1].removeprefix("```\n\n").split("\n\n")[0]
    assert eval(last, known).to_numpy().tolist() == [re.split(r"\s{2,}", row.strip()) for row in below.splitlines()]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("tree", "Trees on the street by a tree.", ["tree"]),
        ("tree|trees", "Trees on the street.", ["Trees"]),
        ("car park|parks", "Car parks, parking spaces, a car park.", ["Car parks", "car park"]),
        ("green*", "Green greenery in Greenland.", ["Green", "greenery", "Greenland"]),
        ("gr(e|a)y", "Grey or gray.", []),
        ("grey|gray", "Grey or gray.", ["Grey", "gray"]),
    ],
)
def test_patterns_do_what_the_page_says(tmp_path, pattern, text, found):
    """Whole words, forms parted by a bar, any ending; no regular expressions."""
    path = tmp_path / "words.csv"
    path.write_text(f"code,value,pattern,source\ntheme,any,{pattern},own\n")
    codes = na.code_words(na.units(na.documents([text])), codebook=path)
    assert [text[start:end] for start, end in zip(codes.start, codes.end, strict=True)] == found


def test_a_written_form_goes_before_a_star(tmp_path):
    """Of two patterns as long as one another the one written out counts, in whichever row it stands."""
    rows = ["party,,Greens,own,exact", "theme,,green*,own,"]
    for number, order in enumerate((rows, rows[::-1])):
        path = tmp_path / f"{number}.csv"
        path.write_text("code,value,pattern,source,case\n" + "\n".join(order) + "\n")
        assert na.code_words(na.units(na.documents(["The Greens agree."])), codebook=path).code.tolist() == ["party"]


# ------------------------------------------------------------------------------------------------------------------- how-to


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the seed, and with files such as a database exports."""
    shutil.copytree(DOCS.parent / "seeds", tmp_path / "seeds")
    (tmp_path / "exports").mkdir()
    rows = [
        "headline,body,newspaper,date",
        "Bridge,The mayor said the bridge was closed. Ann Lee denied it.,Daily (online),2024-03-01",
        "Bridge,The mayor said the bridge was closed. Ann Lee denied it.,Herald,2024-03-02",
        "Rain,,Herald,2024-03-02",
    ]
    (tmp_path / "exports" / "march.csv").write_text("\n".join(rows) + "\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(page: str) -> dict[str, object]:
    """Run all examples of a page, one after the other, as a reader would."""
    known: dict[str, object] = {}
    for block in blocks(page):
        exec(compile(block, page, "exec"), known)
    return known


def test_how_to_pages_have_examples():
    """Pages with examples are those tested here, so that none is forgotten."""
    pages = {f"how-to/{path.name}" for path in (DOCS / "how-to").glob("*.md")}
    assert {page for page in pages if blocks(page)} == {f"how-to/{name}.md" for name in ("archive", "codebook", "figures", "report")}


def test_the_archive_page_reads_checks_and_keeps(folder):
    """What was read is kept, under one name an outlet, with its copy marked; the record without a text is in the report."""
    known = run("how-to/archive.md")
    report, kept = known["report"], pd.read_parquet(folder / "documents.parquet")
    assert report.reason[report.status == "skipped"].tolist() == ["the text is missing or blank"]
    assert kept.outlet.tolist() == ["Daily", "Herald"]
    assert kept.copy_of.notna().tolist() == [False, True]
    assert known["documents"].outlet.tolist() == ["Daily", "Herald"]  # those of the last example


def test_the_codebook_page_makes_a_codebook_that_works(folder):
    """The camps of the page are those of the speakers, and the sheets for the check are written."""
    known = run("how-to/codebook.md")
    assert set(known["codebook"].affiliations.affiliation) == {"alliance", "russia", "ukraine", "other", "unspecified"}
    assert {"alliance", "russia", "ukraine"} <= set(known["found"].attributions.affiliation.dropna())
    assert sorted(path.name for path in folder.glob("*.xlsx")) == ["coding_A.xlsx", "coding_B.xlsx"]


def test_the_figures_page_draws_and_saves(folder):
    """Figure and table are written, and the names given in the table are those on the axis."""
    known = run("how-to/figures.md")
    assert sorted(path.suffix for path in (folder / "figures").iterdir()) == [".csv", ".png", ".svg"]
    assert "Western alliance" in known["renamed"].affiliation.tolist()


def test_the_report_page_writes_the_report(folder):
    """One file, with the title of the page's example."""
    run("how-to/report.md")
    assert "The retreat from Nova Kakhovka" in (folder / "report.html").read_text(encoding="utf-8")
