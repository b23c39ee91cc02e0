"""Tables to read in: quotations, who speaks most, words in their context, and any table as one to sort and search, whatever its cells hold."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pandas as pd
import pytest

import newsanalysis as na
from newsanalysis import searching, tables

TEXTS = [
    "It rained. NATO said it stood firm. “We will not wait,” said Jens Stoltenberg.",
    "Officials said the so-called vote was over. NATO warned Moscow.",
]
FOUND = na.resolve(na.attribute(na.documents(pd.DataFrame({"text": TEXTS, "title": ["Rain", "Vote"], "outlet": ["Post", "Star"], "published": "2024-02-03"}))))
HOSTILE = [
    '<script>document.title="hurt"</script>',
    "<img src=x onerror=\"document.title='hurt'\">",
    '</script><script>document.title="hurt"</script>',
    '&lt;img src=x onerror=document.title="hurt"&gt;',
    '&<img src=x onerror=document.title="hurt">',
    "<!--<script>",
    '"><svg onload=document.title="hurt">',
    "\u202egnp.exe \u2028 ${1} ` \\u003cscript>",
    "🙂 عربي " + "w" * 500,
]


# --- quotations and speakers ------------------------------------------------------------------------------------------------


def test_a_quotation_has_its_article():
    """One row an attribution, with title, outlet, day, place in the text and words."""
    table = na.quotes(FOUND)
    assert len(table) == len(FOUND.attributions)
    first = table.iloc[0]
    assert first[["title", "outlet", "speaker", "cue", "content", "words"]].tolist() == ["Rain", "Post", "NATO", "said", "it stood firm", 3]
    assert table.columns.tolist().index("affiliation_basis") == table.columns.tolist().index("affiliation") + 1
    assert first.affiliation_basis == "actor"
    assert str(first.published.date()) == "2024-02-03"
    assert first.position == first.start / len(TEXTS[0])
    assert table.position.between(0, 1).all()


def test_quotations_without_copies_say_so():
    """The column copies is handed on; of nothing found the columns stay."""
    documents = na.find_copies(FOUND.documents)
    left = na.without_copies(FOUND, documents)
    assert set(na.quotes(left).copies) == {"left out"}
    assert na.quotes(FOUND.within([])).columns.tolist() == na.quotes(FOUND).columns.tolist()
    with pytest.raises(tables.TableError, match="quotes: a table of attributions was given"):
        na.quotes(FOUND.attributions)


def attributions_of(*rows):
    """Attributions from (document, speaker, affiliation, content)."""
    table = pd.DataFrame(rows, columns=["document_id", "speaker", "affiliation", "content"]).astype("str")
    return table.assign(attribution_id=[str(n) for n in range(len(rows))], kind="direct", start=0, end=1, attributor="hand@1")


def test_who_speaks_most():
    """Counts, words and shares of all, the most frequent affiliation; those without a name count in the whole and have no row."""
    rows = [("a", "X", "nato", "one two"), ("b", "X", "western", "one"), ("b", "X", "nato", "one"), ("a", "Y", None, "one two three"), ("c", None, None, "one")]
    table = na.top_speakers(attributions_of(*rows))
    assert table.speaker.tolist() == ["X", "Y"]
    assert table.affiliation.fillna("none").tolist() == ["nato", "none"]
    assert table[["attributions", "words", "documents"]].to_numpy().tolist() == [[3, 4, 2], [1, 3, 1]]
    assert table.share_of_attributions.tolist() == [3 / 5, 1 / 5]
    assert table.share_of_words.tolist() == [4 / 8, 3 / 8]


def test_ties_of_speakers_are_settled_by_words_then_names():
    """The order of the rows changes nothing, and n cuts."""
    table = attributions_of(("a", "B", "x", "one"), ("a", "A", "x", "one"), ("a", "C", "x", "one two"), ("a", "C", "y", "one"), ("a", "C", "y", "one"))
    for rows in (table, table[::-1]):
        assert na.top_speakers(rows, n=2).speaker.tolist() == ["C", "A"]
    assert na.top_speakers(table[:0]).empty
    with pytest.raises(ValueError, match="n is 0"):
        na.top_speakers(table, n=0)


# --- words in their context ---------------------------------------------------------------------------------------------------

PHRASES = {
    "a word": ("vote", ["vote"]),
    "capitals": ("NATO", ["NATO", "nato"]),
    "not within a word": ("ten", []),
    "a star": ("vot*", ["vote", "voters"]),
    "a phrase over a line": ("of the so-called vote", ["of the\nso‑called vote"]),
    "any apostrophe": ("don't", ["don’t"]),
    "any hyphen": ("so-called", ["so‑called", "So-called"]),
    "a star within": ("vo*s", ["voters"]),
    "stars": ("*o*e*", ["spoke", "vote", "often", "voters"]),
    "a star before a hyphen": ("s*-called", ["so‑called", "So-called"]),
    "stars in two words": ("*f*n l*", ["often listen"]),
    "no pattern": ("v.te", []),
    "points": ("u.s.", ["U.S."]),
}


@pytest.mark.parametrize(("phrase", "found"), PHRASES.values(), ids=PHRASES)
def test_a_phrase_is_found_where_it_stands(phrase, found):
    """Whole words in any capitals, white space, apostrophe and hyphen; a star is the rest of a word, and nothing else is a pattern."""
    text = "The U.S. spoke of the\nso‑called vote. NATO and nato don’t often listen to voters. So-called."
    table = na.concordance(phrase, na.documents([text], document_id=["a"]))
    assert [text[start:end] for start, end in zip(table.start, table.end, strict=True)] == found
    assert table.match.tolist() == [match.replace("\n", " ") for match in found]


def test_a_concordance_of_cues_attributions_and_evidence():
    """Spans of one role, whole attributions, quotations and evidence stand in their context."""
    cues = FOUND.spans[FOUND.spans.role == "cue"]
    assert na.concordance(cues, FOUND.documents).match.tolist() == cues.text.tolist()
    assert na.concordance(FOUND.attributions, FOUND.documents).start.tolist() == FOUND.attributions.start.tolist()
    assert len(na.concordance(na.quotes(FOUND), FOUND.documents)) == len(FOUND.attributions)
    rows = na.evidence(na.share_of_voice(FOUND.attributions).loc[0])
    assert na.concordance(rows, FOUND.documents).match.tolist() == na.evidence(na.share_of_voice(FOUND.attributions).loc[0], documents=FOUND).match.tolist()


def test_a_concordance_is_bounded():
    """More places than limit are said in a warning, and no more are looked for."""
    documents = na.documents(["no no no"] * 3)
    with pytest.warns(UserWarning, match="the first 4 places are shown, there are more"):
        assert len(na.concordance("no", documents, limit=4)) == 4
    with pytest.warns(UserWarning, match="the first 1 places are shown, there are 3 in all"):
        na.concordance(FOUND.attributions.head(3), FOUND.documents, limit=1)
    assert len(na.concordance("no", documents, limit=9)) == 9


@pytest.mark.parametrize(("phrase", "options", "message"), [("...", {}, "no letter or digit"), ("no", {"limit": -1}, "limit is -1")])
def test_what_a_concordance_cannot_look_for(phrase, options, message):
    """Refused with what to give."""
    with pytest.raises(ValueError, match=message):
        na.concordance(phrase, FOUND.documents, **options)


# --- tables to sort and search --------------------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """What a browser would make of a page: its tags, and the text of its cells."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.cells, self.inside = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Note a tag; a cell begins."""
        self.tags.append((tag, dict(attrs)))
        self.inside = tag in ("td", "th")
        if self.inside:
            self.cells.append("")

    def handle_endtag(self, tag):
        """A cell ends."""
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, text):
        """Text of a cell."""
        if self.inside:
            self.cells[-1] += text


def hostile_table():
    """Cells and a heading that would do harm."""
    return pd.DataFrame({HOSTILE[1]: HOSTILE, "cell": HOSTILE[::-1], "CODE": range(9), "x": [0.1, None, float("inf"), -0.5, 1, 0, 0.2, 0.3, 1e-9]})


@pytest.mark.parametrize("installed", [True, False])
def test_hostile_cells_stay_text(monkeypatch, installed):
    """No tag comes from a cell or heading, in the static table or in the script; what a screen would obey is made visible."""
    monkeypatch.setattr(searching, "_bundle", lambda: ("Y29kZQ==", "c3R5bGU=") if installed else None)
    shown = na.searchable(hostile_table())
    page = Reader(shown.data)
    assert {tag for tag, _ in page.tags} == {"div", "style", "table", "thead", "tbody", "tr", "th", "td"} | ({"script"} if installed else set())
    assert not [attrs for _, attrs in page.tags if set(attrs) - {"class", "data-na-table", "hidden", "type"}]
    assert page.cells[0] == HOSTILE[1]
    assert HOSTILE[0] in page.cells
    assert "\u202e" not in shown.data
    assert "\u202e" not in repr(shown)
    if installed:
        script = shown.data.partition('<script type="module">')[2].rpartition("</script>")[0]
        assert not re.search("</|<!--|<script|<img", script, re.IGNORECASE)
        data = json.loads(json.loads('"' + re.search(r'"data_json":"((?:[^"\\]|\\.)*)"', script)[1] + '"'))
        assert data[0]["c0"] == "&lt;script&gt;document.title=&quot;hurt&quot;&lt;/script&gt;"
        assert not [cell for row in data for cell in row.values() if isinstance(cell, str) and re.search("[<>]", cell)]


def test_numbers_stand_right_with_decimals_that_tell():
    """Whole numbers without decimals, thousands set apart but not in years; shares with three decimals; days; blanks; columns without a value are named."""
    table = pd.DataFrame({"year": [2024, 12000], "share": [0.5, 0.125], "mean": [12.5, None], "day": pd.Timestamp("2024-02-03 10:00", tz="UTC"), "none": None})
    page = Reader(na.searchable(table).data)
    assert page.cells[4:] == ["2024", "0.500", "12.50", "2024-02-03", "12,000", "0.125", "", "2024-02-03"]
    assert ("td", {"class": "na-number"}) in page.tags
    assert "Without a value, not shown: none." in repr(na.searchable(table))


NUMBERS = {
    "long ids": ("story_id", [1234567890123456789, 1234567890123456788], ["1234567890123456789", "1234567890123456788"]),
    "long counts": ("words", [1234567890123456789, -12345], ["1,234,567,890,123,456,789", "−12,345"]),
    "small p values": ("p", [0.5, 0.0004, 0.0], ["0.5000", "0.0004", "0.0000"]),
    "one near naught": ("estimate", [0.5, -0.00000004], ["0.500000", "−4e−08"]),
    "missing among whole": ("n", [12000.0, None], ["12,000", ""]),
    "endless": ("x", [float("inf"), 2.0], ["inf", "2"]),
}


@pytest.mark.parametrize(("name", "values", "shown"), NUMBERS.values(), ids=NUMBERS)
def test_numbers_keep_their_digits(name, values, shown):
    """No digit of a whole number is lost, ids have no commas, and what is small is not shown as naught."""
    assert Reader(na.searchable(pd.DataFrame({name: values})).data).cells[1:] == shown


def test_a_long_table_says_what_is_shown():
    """The static form has the first rows, the script as many as limit, both say of how many."""
    table = pd.DataFrame({"n": range(50), "word": "x"})
    shown = na.searchable(table, rows=5, limit=12)
    assert "The first 5 of 50 rows." in shown.data
    assert "(of 50; limit= takes more)" in shown.data or searching._bundle() is None
    assert repr(shown).splitlines()[-1] == "The first 5 of 50 rows."
    assert "No rows." in na.searchable(table[:0]).data


def test_the_same_table_gives_the_same_bytes():
    """No random id, no time; nothing is loaded from elsewhere; without itables the table is small."""
    table = na.quotes(FOUND)
    page = na.searchable(table).data
    assert page == na.searchable(table).data
    rest = re.sub(r'"[A-Za-z0-9+/=]{1000,}"', "", page)
    assert not re.search(r"https?:|//[a-z]|src=|href=|@import|url\(", rest)


def test_every_table_of_the_package_can_be_searched():
    """Documents, attributions, spans, quotations, measures and evidence, in a notebook and in a terminal."""
    shares = na.share_of_voice(FOUND.attributions)
    for table in (FOUND.documents, FOUND.attributions, FOUND.spans, na.quotes(FOUND), shares, na.evidence(shares.loc[0]), na.top_speakers(FOUND.attributions)):
        shown = na.searchable(table)
        assert shown._repr_html_().startswith('<div class="na-table"')
        assert repr(shown)


def test_what_cannot_be_searched_is_refused():
    """No table, no rows."""
    with pytest.raises(tables.TableError, match="not list"):
        na.searchable([1])
    with pytest.raises(ValueError, match="rows is 0"):
        na.searchable(pd.DataFrame({"a": [1]}), rows=0)


DRIVEN = """<script>setTimeout(() => {
const box = document.querySelector(".na-live input[type=search]");
document.querySelectorAll(".na-live th").forEach((head) => head.click());
box.value = "script onerror"; box.dispatchEvent(new Event("input", {bubbles: true})); box.dispatchEvent(new Event("keyup", {bubbles: true}));
setTimeout(() => { document.body.dataset.images = document.querySelectorAll("img,svg").length;
document.body.dataset.rows = document.querySelectorAll(".na-live tbody tr").length;
document.body.dataset.hidden = document.querySelector(".na-static").hidden; }, 1500);
}, 3000);</script>"""


@pytest.mark.skipif(searching._bundle() is None, reason='itables is not installed (pip install "newsanalysis[display]")')
@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_a_browser_sorts_and_searches_and_nothing_is_run(tmp_path):
    """In a real browser the table becomes one to sort and search; no hostile cell makes an element or runs, before or after searching."""
    table = hostile_table()
    page = f"<meta charset=utf8><title>fine</title><body>{na.searchable(table).data}{DRIVEN}"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    command = [
        "chromium",
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--virtual-time-budget=9000",
        f"--user-data-dir={tmp_path / 'user'}",
        "--dump-dom",
    ]
    run = subprocess.run([*command, (tmp_path / "page.html").as_uri()], capture_output=True, text=True, timeout=120)
    assert "<title>fine</title>" in run.stdout
    body = re.search(r"<body[^>]*>", run.stdout)[0]
    assert 'data-hidden="true"' in body
    assert 'data-images="0"' in body
    rows = int(re.search(r'data-rows="(\d+)"', body)[1])
    assert 0 < rows < len(table)
