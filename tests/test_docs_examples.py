"""The examples of docs/codebooks.md and docs/framing.md run and give what stands beside them."""

import re
from pathlib import Path

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
