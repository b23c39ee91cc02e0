"""The report: one page that is whole, safe, accessible and the same each time, whatever the corpus holds."""

import csv
import hashlib
import json
import re
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import newsanalysis as na
from newsanalysis import cli, display, palette
from newsanalysis.reports import charts, closing, findings, gathering, markup, opening, texts, trust

ROOT = Path(__file__).parents[1]
html = pytest.importorskip("lxml.html", reason="the page is read with lxml")

WHO = [
    "NATO secretary general Jens Stoltenberg",
    "President Volodymyr Zelensky",
    "Kremlin spokesman Dmitry Peskov",
    "The mayor",
    "UN spokesman Stephane Dujarric",
]
WHAT = ["the bridge would stay closed", "the attack was a terrible mistake", "the so-called republic had no right to vote", "help could begin soon"]
LONG = "Donaudampfschiff" * 30
HOSTILE = "<script>alert(1)</script> </style></title>\"'><img src=x onerror=alert(2)> \u202eevil\u2066 \U0001f600 javascript:alert(3) " + LONG
OUTLETS = ['The "Quoted" O\'Post', '"><svg onload=alert(4)>', "Day & Night \u202edaily", "Ünïcode Gazette"]
ELEMENTS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "nav",
        "main",
        "footer",
        "section",
        "h1",
        "h2",
        "h3",
        "p",
        "a",
        "ol",
        "ul",
        "li",
        "dl",
        "dt",
        "dd",
    ),
    *(
        "div",
        "span",
        "strong",
        "sup",
        "b",
        "i",
        "mark",
        "bdi",
        "code",
        "wbr",
        "figure",
        "figcaption",
        "details",
        "summary",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
    ),
    *("th", "td", "svg", "desc", "g", "path", "defs", "use", "text", "tspan", "clippath", "rect", "br"),
}


def made(n: int, *, outlets: int = 4, hostile: bool = False) -> pd.DataFrame:
    """Invented articles, some of them hostile."""
    rows = []
    for at in range(n):
        said = [f"{WHO[(at + k) % len(WHO)]} said that {WHAT[(at * 3 + k) % len(WHAT)]}. Shops opened at {at} and {k}." for k in range(1 + at % 3)]
        text = f"The river was quiet on day {at}.\n\n" + "\n\n".join(said) + (f"\n\nA sign said that {HOSTILE} was closed." if hostile else "")
        outlet = OUTLETS[at % outlets] if outlets <= len(OUTLETS) else f"Gazette of the {at % outlets}th District"
        rows.append((f"a{at}", HOSTILE if hostile else f"Day {at}", text, outlet, f"2024-01-{1 + at % 28:02d}"))
    return pd.DataFrame(rows, columns=["document_id", "title", "text", "outlet", "published"])


def found_in(articles: pd.DataFrame, **options: object) -> na.Found:
    """What the rules find in articles."""
    return na.resolve(na.attribute(na.documents(articles), attributor="patterns"), **options)


def page_of(file: Path) -> object:
    """The page, read by a parser."""
    return html.fromstring(file.read_bytes())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An analysis of invented, hostile articles of four outlets."""
    place = tmp_path_factory.mktemp("report")
    made(20, hostile=True).to_csv(place / "corpus.csv", index=False)
    na.analyse(place / "corpus.csv", place / "results", attributor="patterns")
    return place / "results"


@pytest.fixture(scope="module")
def file(folder):
    """Its report."""
    return na.report(folder, articles=3)


@pytest.fixture(scope="module")
def page(file):
    """Its report, read by a parser."""
    return page_of(file)


@pytest.fixture
def undrawn(monkeypatch):
    """Pages whose figures are not drawn, for what is not about them."""
    monkeypatch.setattr(charts, "drawn", lambda *_, **told: f'<svg role="img"><title>{told["title"]}</title></svg>')


@pytest.fixture(scope="module")
def few():
    """One article with one attribution."""
    return found_in(pd.DataFrame({"document_id": ["a"], "text": ["The mayor said the bridge was closed."]}))


# --- safe ---------------------------------------------------------------------------------------------------------------


def test_hostile_text_makes_no_element(page):
    """The page holds the elements that we write and no other."""
    assert {element.tag for element in page.iter() if isinstance(element.tag, str)} <= ELEMENTS


def test_no_attribute_can_do_anything(page):
    """No handler of events; every address is an anchor on the page; styles hold a colour and no address."""
    ids = {element.get("id") for element in page.iter()}
    for element in page.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            if name in ("href", "src", "action", "data", "xlink:href", "srcset", "formaction"):
                assert value.startswith("#"), value
                assert value[1:] in ids, value
            if name == "style":
                assert "url(" not in value, value
                assert "@import" not in value, value
            if "url(" in value:
                assert re.fullmatch(r"url\(#[\w-]+\)", value), value
                assert value[5:-1] in ids


def test_the_page_asks_for_nothing(file):
    """No script, no import, no address outside namespaces; the policy forbids all but style."""
    text = file.read_text(encoding="utf-8")
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in text
    assert "<script" not in text.lower()
    style = "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))
    assert not re.search(r"@import|url\(|expression\(", style)
    assert set(re.findall(r'(?:xmlns|href|src)="(http[^"]*)"', text)) <= {"http://www.w3.org/2000/svg"}


def test_hostile_text_is_shown_as_it_is(page):
    """The title of the article is there to be read, its controls as visible signs, in the quote table and the annotated text."""
    assert "<script>alert(1)</script>" in page.text_content()
    assert "\ufffdevil" in page.text_content()
    bodies = "".join(body.text_content() for body in page.find_class("na-body"))  # there the text stands as it is, shielded by its block
    assert page.text_content().count("\u202e") == bodies.count("\u202e")
    assert '"><svg onload=alert(4)>' in page.text_content()


@pytest.mark.usefixtures("undrawn")
def test_a_hostile_title_of_the_report_is_text(few, tmp_path):
    """Title and methods come from outside too."""
    read = page_of(na.report(few, out=tmp_path / "r.html", title=HOSTILE, methods=f"First.\n\n{HOSTILE}"))
    assert read.findtext(".//h1").startswith("<script>alert(1)</script>")
    assert {element.tag for element in read.iter() if isinstance(element.tag, str)} <= ELEMENTS


def test_the_white_list_catches_a_fault():
    """A cell that is not escaped would be seen."""
    planted = html.fromstring(f"<html><body><table><tr><td>{HOSTILE}</td></tr></table></body></html>")
    assert not {element.tag for element in planted.iter()} <= ELEMENTS


# --- accessible ---------------------------------------------------------------------------------------------------------


def test_headings_are_in_order(page):
    """One h1; no level is left out on the way down."""
    levels = [int(element.tag[1]) for element in page.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_landmarks_and_language(page):
    """Language, header, one main that the first link leads to, named navigation, footer."""
    assert page.get("lang") == "en"
    assert [len(page.findall(f".//{tag}")) for tag in ("main", "nav", "header", "footer")] == [1, 1, 1, 1]
    first = next(page.iter("a"))
    assert first.get("class") == "skip"
    assert first.get("href") == f"#{page.find('.//main').get('id')}"
    assert page.find(".//nav").get("aria-label")
    assert page.find("body/header") is not None
    assert page.find("body/footer") is not None


def test_every_table_says_what_it_is(page):
    """A caption, and heads with their scope."""
    for table in page.iter("table"):
        assert table.findtext("caption")
        for head in table.iter("th"):
            assert head.get("scope") in ("col", "row")
        for row in table.findall("tbody/tr"):
            assert row[0].tag == "th"


def test_every_figure_tells_what_it_shows(page):
    """Each has the role of an image, a title, a description with numbers, a caption with n, and its table below it."""
    figures = page.findall(".//figure")
    assert len(figures) >= 6
    for figure in figures:
        svg = figure.find(".//svg")
        assert svg.get("role") == "img"
        title, desc = (svg.find(f"./{tag}") for tag in ("title", "desc"))
        assert svg.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
        assert re.search(r"\d", desc.text)
        assert "n = " in figure.find("figcaption").text_content()
        assert figure.getnext().tag == "details"
        assert figure.getnext().find(".//table") is not None


def test_ids_are_there_once(page):
    """Figures that stand in one page share no id."""
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_what_moves_sideways_can_be_reached_by_keyboard(page):
    """Frames of tables and figures take the focus and have a name."""
    for frame in page.findall(".//div[@class]"):
        if "scroll" in frame.get("class").split():
            assert frame.get("tabindex") == "0"
            assert frame.get("role") == "group"
            assert frame.get("aria-label")


def colours(style: str, dark: bool) -> dict[str, str]:
    """The colours of the style sheet in one of its schemes."""
    light, _, night = style.partition("@media (prefers-color-scheme:dark){")
    named = dict(re.findall(r"--([a-z]+):(#[0-9a-f]{3,6})", light))
    return named | (dict(re.findall(r"--([a-z]+):(#[0-9a-f]{3,6})", night.partition("}}")[0])) if dark else {})


def contrast(one: str, two: str) -> float:
    """The contrast of two colours, as WCAG defines it."""
    low, high = sorted(palette.lightness(colour) for colour in (one, two))
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, two: str, part: float) -> str:
    """So much of the first colour with the rest of the second, as color-mix in srgb."""
    pairs = zip(*((int(colour[at : at + 2], 16) for at in (1, 3, 5)) for colour in (one, two)), strict=True)
    return "#" + "".join(f"{round(a * part + b * (1 - part)):02x}" for a, b in pairs)


STYLE = (ROOT / "src/newsanalysis/reports/report.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_has_contrast(dark):
    """Every colour of text reaches 4.5 to 1 on the grounds it stands on, of focus and figures 3 to 1."""
    named = colours(STYLE, dark)
    for ground in ("ground", "faint"):
        for ink in ("ink", "quiet", "link", "accent"):
            assert contrast(named[ink], named[ground]) >= 4.5, (ink, ground)
    for ink in (charts.ON_PAGE[palette.INK.lower()], palette.GREY):
        assert contrast(ink, named["card"]) >= 4.5, ink
    assert contrast(named["link"], named["ground"]) >= 3


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_marks_of_annotated_texts_have_contrast(dark):
    """The text of a mark reaches 4.5 to 1 on every colour that a camp may have."""
    named = colours(STYLE, dark)
    for row in palette._rows():
        ground = mixed(mixed(row["colour"], named["ink"], 0.8), named["ground"], 0.22)
        assert contrast(named["ink"], ground) >= 4.5, (row["name"], ground)


def test_numbers_in_bars_have_contrast():
    """On every colour of the palette, as the page has it, the number in a bar reaches 4.5 to 1; white is that of the page in dark, too."""
    for row in palette._rows():
        bar = charts.ON_PAGE.get(row["colour"].lower(), row["colour"])
        ink = palette.ink_on(row["colour"])
        shown = {charts.ON_PAGE[palette.INK.lower()]} if ink == palette.INK else {colours(STYLE, dark)["card"] for dark in (False, True)}
        assert min(contrast(bar, one) for one in shown) >= (4.5 if ink == palette.INK else 3.9), (row["name"], shown)


# --- whole and the same -------------------------------------------------------------------------------------------------


def test_the_same_results_give_the_same_page(folder, file, tmp_path):
    """Byte by byte, wherever it is written."""
    again = na.report(folder, out=tmp_path / "again.html", articles=3)
    assert again.read_bytes() == file.read_bytes()


def test_a_found_gives_the_same_numbers_as_the_folder(folder):
    """Measures from memory are those of the files, and those made for the report are those of the package's own functions."""
    read = {name: pd.read_parquet(folder / f"{name}.parquet") for name in ("documents", "attributions", "spans")}
    found = na.Found(read["documents"], read["attributions"], read["spans"], codebook="ukraine_war")
    one, two = gathering.of_folder(folder, 3), gathering.of_found(found, 3)
    pd.testing.assert_frame_equal(one.measures, two.measures[one.measures.columns])
    assert one.counts == two.counts
    pd.testing.assert_frame_equal(one.tables["speakers"], two.tables["speakers"])
    pd.testing.assert_frame_equal(one.tables["words"], two.tables["words"])
    first = na.prominence(found).query("measure == 'first_position'").reset_index(drop=True)
    pd.testing.assert_frame_equal(one.measure("first_position"), first)
    merged = read["attributions"].merge(read["documents"][["document_id", "outlet"]], on="document_id")
    by_outlet = na.share_of_voice(merged, by=["outlet", "affiliation"]).query("n > 0")
    columns = ["outlet", "affiliation", "estimate", "ci_low", "ci_high", "n", "n_documents"]
    mine = one.measure("share_of_voice_words_by_outlet")
    both = [table[columns].sort_values(columns[:2], ignore_index=True) for table in (mine, by_outlet)]
    pd.testing.assert_frame_equal(*both)


def test_parts_add_up(folder):
    """What is gathered does not depend on how the documents are cut into parts."""
    whole = gathering.of_folder(folder, 3)
    read = gathering._part(folder, sorted(path.name for path in (folder / "documents.parquet").iterdir())[0])
    pieces = gathering._Gathering()
    for at in range(0, len(read.documents), 5):
        documents = read.documents.iloc[at : at + 5].reset_index(drop=True)
        inside = [table[table.document_id.isin(documents.document_id)].reset_index(drop=True) for table in read[1:]]
        pieces.add(gathering.Part(documents, *inside))
    cut = pieces.contents("", ({}, ""), (whole.measures.head(0), {}, {}), whole.found)
    names = ["kind_share_of_all", "first_position", "share_of_voice_words_by_outlet", "unnamed_share_of_all"]
    for name in names:
        pd.testing.assert_frame_equal(cut.measure(name), whole.measure(name))
    assert cut.counts == whole.counts
    for name in ("speakers", "words", "outlets"):
        pd.testing.assert_frame_equal(cut.tables[name], whole.tables[name])


def test_every_section_is_there_in_order(page):
    """And each has its line in the list of contents."""
    ids = [section.get("id") for section in page.findall(".//section")]
    names = ["overview", "who", "how", "where", "tone", "words", "speakers", "quotes", "articles", "methods", "trust", "left-out", "licences"]
    assert ids == names
    assert [link.get("href") for link in page.find(".//nav").iter("a")] == [f"#{name}" for name in names]


def test_numbers_of_the_page_are_those_of_the_measures(folder, page):
    """The largest share stands in the summary, with its interval, as measures.csv has it."""
    measures = pd.read_csv(folder / "measures.csv")
    top = measures[(measures.measure == "share_of_voice_words") & (measures.copies == "kept")].iloc[0]
    summary = page.find_class("summary")[0].text_content()
    assert f"{palette.label(top.affiliation)} {markup.percent(top.estimate)} ({markup.interval(top)}" in summary


def test_the_foot_tells_the_results_again(folder, page):
    """The page names the SHA-256 of its manifest."""
    digest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    assert digest in page.find("body/footer").text_content()
    assert page.find(".//meta[@name='newsanalysis-manifest']").get("content") == digest


def test_what_is_shown_says_of_how_many(page):
    """Annotated texts, quotes."""
    assert "The first 3 of 20 documents." in page.get_element_by_id("articles").text_content()
    rows = len(page.get_element_by_id("quotes").findall(".//tbody/tr"))
    assert rows <= gathering.QUOTES
    assert re.match(rf"(All|The first) {rows} ", page.findtext(".//section[@id='quotes']//caption"))


def test_marks_are_where_the_offsets_say(folder, page):
    """Every mark of an annotated text holds the words between its offsets."""
    documents = pd.read_parquet(folder / "documents.parquet").head(3)
    for at, text in enumerate(documents["text"], 1):
        seen = [(int(mark.get("data-start")), int(mark.get("data-end")), mark) for mark in page.get_element_by_id(f"article-{at}").findall(".//*[@data-start]")]
        assert seen
        for start, end, mark in seen:
            assert display.seen("".join(mark.itertext())).split() == display.seen(text[start:end]).split()


def test_a_report_grows_by_what_it_shows(tmp_path):
    """With a thousand articles it stays below 5 MB: a corpus twice the size adds so little that a thousand such articles do not reach it."""
    sizes = {}
    for n in (8, 16):
        sizes[n] = na.report(found_in(made(n)), out=tmp_path / f"{n}.html").stat().st_size
    assert sizes[16] + (1_000 - 16) * max(0, sizes[16] - sizes[8]) / 8 < 5e6
    assert sizes[16] < 5e5


# --- whatever the corpus holds ------------------------------------------------------------------------------------------


def text_of(found: na.Found, tmp_path: Path, **options: object) -> str:
    """The text of a report."""
    return " ".join(page_of(na.report(found, out=tmp_path / "report.html", **options)).text_content().split())


def test_one_document(few, tmp_path):
    """No interval, and said why; no figure of one bar."""
    told = text_of(few, tmp_path)
    assert "Who gets to speak in one article" in told
    assert "no interval: one document" in told
    assert "there is nothing to compare" in told
    assert "Whose words stand in quotation marks: Unspecified · Indirect 100" in told
    assert "By outlet: the texts name no outlet." in told
    assert "nan" not in told.lower().split()


@pytest.mark.usefixtures("undrawn")
def test_no_attributions(tmp_path):
    """Every section is there and says that it is empty."""
    told = text_of(found_in(pd.DataFrame({"text": ["It rained all day in the city.", "The sun rose at six."]})), tmp_path)
    assert "Nothing in them is attributed to a source" in told
    assert told.count("No attributions were found") >= 3
    assert "No speaker is named." in told


@pytest.mark.usefixtures("undrawn")
def test_no_documents_at_all(tmp_path):
    """An empty table is a report too."""
    found = found_in(pd.DataFrame({"text": ["It rained."]}))
    empty = na.Found(found.documents.head(0), found.attributions, found.spans)
    assert "no documents" in text_of(empty, tmp_path)


@pytest.mark.usefixtures("undrawn")
def test_resolved_by_hand(tmp_path):
    """Camps that the user filled in are shown, those left out are unspecified, and the codebook is told to be unknown."""
    found = na.attribute(na.documents(made(3)), attributor="patterns")
    camps = ["nato"] + [None] * (len(found.attributions) - 1)
    told = text_of(na.Found(found.documents, found.attributions.assign(affiliation=camps), found.spans), tmp_path)
    assert "was not measured; check a sample" in told


def test_many_outlets_and_camps(tmp_path):
    """Forty outlets and twenty camps of one's own: figures show the largest and say so."""
    found = found_in(made(41, outlets=40))
    camps = [f"<b>camp of people with a very long name number {at % 20}" for at in range(len(found.attributions))]
    found = na.Found(found.documents, found.attributions.assign(affiliation=camps), found.spans)
    told = text_of(found, tmp_path)
    assert "The 12 outlets with most attributions, of 40." in told
    assert "The 12 largest of 20; all are in the table." in told
    assert "<b>camp of people" in told
    assert f"The first {gathering.QUOTES} of {len(found.attributions)} attributions, in the order of the corpus" in told


@pytest.mark.usefixtures("undrawn")
def test_headlines_have_no_place_in_the_text(tmp_path):
    """Where in the text: only for articles."""
    rows = pd.DataFrame({"text": ["Mayor says bridge is closed", "Kremlin says talks failed"], "kind": "headline"})
    assert "in headlines there is no early or late" in text_of(found_in(rows), tmp_path)


@pytest.mark.usefixtures("undrawn")
def test_copies_are_told(tmp_path):
    """Copies are counted, and the share of voice without them stands beside."""
    articles = made(6)
    found = found_in(articles)
    documents = found.documents.assign(copy_of=[None, None, None, None, None, "a0"])
    told = text_of(na.Found(documents, found.attributions, found.spans, codebook="ukraine_war"), tmp_path)
    assert "1 document nearly repeats another" in told
    assert "The same without copies" in told


@pytest.mark.usefixtures("undrawn")
def test_skipped_records_and_errors_are_told(tmp_path):
    """Why records were skipped, which documents failed, and whom the codebook does not know."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("text,outlet\nThe mayor said the bridge was closed.,Herald\n,Herald\n", encoding="utf-8")

    def fails(texts):
        """An attributor that cannot do one of the texts."""
        for text in texts:
            if "fail" in text:
                raise ValueError("<b>no</b>")
            yield []

    (tmp_path / "in" / "b.csv").write_text("text,outlet\nThis will fail badly.,Echo\n", encoding="utf-8")
    out = na.analyse(tmp_path / "in", tmp_path / "results", attributor=fails)
    told = " ".join(page_of(na.report(out)).text_content().split())
    assert "1 record is skipped" in told
    assert "1 document could not be done" in told
    assert "<b>no</b>" in told
    assert "is not among those measured" in told


@pytest.mark.parametrize("articles", [0, 1, 100])
@pytest.mark.usefixtures("undrawn")
def test_so_many_articles_are_shown(few, tmp_path, articles):
    """None, one, or as many as there are."""
    read = page_of(na.report(few, out=tmp_path / "r.html", articles=articles))
    assert len(read.find_class("article")) == min(articles, 1)


# --- how far to trust ---------------------------------------------------------------------------------------------------


def test_error_rates_are_those_of_the_benchmarks():
    """The package ships the same rows; after new benchmarks: cp benchmarks/results/summary.csv src/newsanalysis/data/error_rates.csv."""
    with (ROOT / "benchmarks" / "results" / "summary.csv").open(encoding="utf-8", newline="") as opened:
        assert list(trust.error_rates()) == list(csv.DictReader(opened))


def test_error_rates_of_this_attributor_and_codebook_are_told(page):
    """Those of the rules, and how often camps are right in news of the war."""
    told = page.get_element_by_id("trust").text_content()
    rules = trust.rate(trust.US, "attributions (F1)", "rules")
    assert trust.figure(rules) in told
    assert trust.WAR in told
    assert "camp right" not in told  # nobody has measured it with the rules


@pytest.mark.usefixtures("undrawn")
def test_error_rates_of_the_trained_model(few, tmp_path):
    """With the trained model those of camps too, and in the methods as papers write them."""
    found = na.Found(few.documents, few.attributions.assign(attributor="learned@1"), few.spans, codebook="ukraine_war")
    told = text_of(found, tmp_path)
    row = trust.rate(trust.WAR, "camp right", "newsanalysis")
    assert " ".join(trust.figure(row).split()) in told
    assert f"the camp was right for {trust._apa(row)}" in told
    assert "Newell, E., Margolin, D., & Ruths, D. (2018)" in told


def test_methods_name_versions_and_settings(folder, page):
    """Package, libraries, attributor, codebook with its hash, word lists."""
    told = page.get_element_by_id("methods").text_content()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for word in (manifest["newsanalysis"], manifest["libraries"]["pandas"], "patterns@", manifest["settings"]["codebook_sha256"][:12], "hedges@"):
        assert word in told


def test_apa_writes_no_nought():
    """As papers write what cannot exceed 1."""
    assert trust._apa({"estimate": "0.5572", "ci_low": "0.5148", "ci_high": "0.5903"}) == ".56 [.51, .59]"


# --- folders and commands -----------------------------------------------------------------------------------------------


def run(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(autouse=True)
def consoles(monkeypatch):
    """Consoles that write to whatever the standard streams are at the time."""
    monkeypatch.setattr(cli, "out_console", cli.Console(width=200))
    monkeypatch.setattr(cli, "error_console", cli.Console(stderr=True, width=200))


@pytest.mark.usefixtures("undrawn")
def test_the_command_says_what_it_wrote(folder, tmp_path):
    """One line: the file and its size."""
    code, out, err = run("report", folder, "--out", tmp_path / "r.html", "--articles", 1)
    assert (code, err) == (0, "")
    assert re.fullmatch(rf"{re.escape(str(tmp_path / 'r.html'))}: report written, \d+ kB\.\n", out)


@pytest.mark.usefixtures("undrawn")
def test_mistakes_are_told_in_a_sentence(folder, tmp_path):
    """No folder, no analysis, an unfinished one, a folder as file, a negative number."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "unfinished" / ".newsanalysis").mkdir(parents=True)
    wrong = {
        ("report", tmp_path / "none"): "there is no such folder",
        ("report", tmp_path / "empty"): "holds no analysis",
        ("report", tmp_path / "unfinished"): "not finished; start the same newsanalysis analyse again",
        ("report", folder, "--out", tmp_path): "this is a folder; name a file",
        ("report", folder, "--out", tmp_path / "no" / "r.html"): "cannot be written there",
        ("report", folder, "--articles", "-1"): "0 or more can be shown",
    }
    for arguments, said in wrong.items():
        code, out, err = run(*arguments)
        assert (code, out) == (2, ""), arguments
        assert said in err
        assert err.count("\n") == 1


def test_a_folder_that_lacks_something_is_refused(folder, tmp_path):
    """Parts or tables that are gone are told of, with what mends them."""
    import shutil

    there = shutil.copytree(folder, tmp_path / "copy")
    (there / "unresolved.csv").unlink()
    with pytest.raises(ValueError, match=r"unresolved.csv is missing"):
        na.report(there)
    next((there / "codes.parquet").iterdir()).unlink()
    with pytest.raises(ValueError, match=r"the manifest tells of .* codes.parquet has 0"):
        na.report(there)


def test_results_that_change_meanwhile_are_refused(folder, monkeypatch):
    """Half of the one and half of the other analysis is no report."""
    seen = iter([b'{"rows": {}}', b"other"])
    monkeypatch.setattr(gathering, "_manifest", lambda _: next(seen))
    monkeypatch.setattr(gathering, "_parts", lambda *_: [])
    monkeypatch.setattr(gathering, "_shown", lambda *_: None)
    with pytest.raises(ValueError, match="another analysis was written there"):
        gathering.of_folder(folder, 1)


@pytest.mark.usefixtures("undrawn")
def test_analyse_goes_on_where_a_report_stands(tmp_path):
    """The report is no foreign file; a rerun does nothing; other results tell that the report is older."""
    source, out = tmp_path / "corpus.csv", tmp_path / "results"
    made(2).to_csv(source, index=False)
    assert run("analyse", source, "--out", out, "--attributor", "patterns")[0] == 0
    assert run("report", out)[0] == 0
    before = (out / "report.html").read_bytes()
    code, told, _ = run("analyse", source, "--out", out, "--attributor", "patterns")
    assert code == 0
    assert "nothing to do" in told
    assert "earlier analysis" not in told
    made(3).to_csv(source, index=False)
    code, told, _ = run("analyse", source, "--out", out, "--attributor", "patterns")
    assert code == 0
    assert "tells of an earlier analysis; newsanalysis report" in told
    assert (out / "report.html").read_bytes() == before


def test_what_is_no_result_is_refused(few, tmp_path):
    """A table alone, or fewer than no articles."""
    with pytest.raises(na.TableError, match=r"give the folder that na.analyse wrote"):
        na.report(few.documents)
    with pytest.raises(ValueError, match=r"articles is -1"):
        na.report(few, out=tmp_path / "r.html", articles=-1)


def test_nothing_is_left_half_written(few, tmp_path):
    """A report that fails leaves no file behind."""
    with pytest.raises(ValueError, match="cannot be written"):
        na.report(few, out=tmp_path / "no" / "r.html")
    assert list(tmp_path.iterdir()) == []


def test_sections_stand_alone(few):
    """Each section is a piece of a page by itself, as a notebook might want it."""
    contents = gathering.of_found(few, 1)
    for made_ in (opening.overview(contents), texts.quotes(contents), closing.how_far(contents), findings.tone(contents, iter([1]))):
        assert made_.startswith("<section")
        assert made_.endswith("</section>")
