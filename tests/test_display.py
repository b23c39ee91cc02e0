"""Marked texts and concordances: marks stand at their offsets and no text from outside is ever live."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import display, palette, tables

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' style='x",
    "</div></mark>",
    "&lt;b&gt; &amp; &#13; &nbsp",
    "\u202eevil\u202c",
    "👩🏽‍🚀",
    "Ж" * 30,
    "\r\n",
    "\t two  spaces ",
    "]]> <!-- x -->",
    "$x$",
    "\x01\x0b\x85",
)
ALLOWED = {"div", "p", "bdi", "b", "i", "mark", "span", "br", "style", "details", "summary", "ol", "li", "sup"}
VOID = {"br"}
FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"


def documents_of(*texts: str, kind: str = "article") -> pd.DataFrame:
    """Return a documents table with ids d0, d1 and so on."""
    return pd.DataFrame({"document_id": [f"d{n}" for n in range(len(texts))], "text": texts, "kind": kind})


def found_in(documents: pd.DataFrame, pieces: list[tuple[int, int, str, int, int]], **columns: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return attributions and spans for (document, attribution, role, start, end) pieces."""
    spans, rows = [], {}
    for document, number, role, start, end in pieces:
        row = documents.loc[document]
        key = f"{row.document_id}#{number}"
        rows[key] = {"attribution_id": key, "document_id": row.document_id, "kind": "direct", "content": "x", "start": 0, "end": 1, "attributor": "hand@1"}
        spans.append({"attribution_id": key, "role": role, "start": start, "end": end, "text": row.text[start:end]})
    attributions = pd.DataFrame(list(rows.values())).assign(**columns) if rows else tables.empty("attributions")
    return attributions, pd.DataFrame(spans) if spans else tables.empty("spans")


class Page(HTMLParser):
    """What a browser would see: tags in order, well nested; the text of each body; where each mark stands in it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.bodies: list[str] = []
        self.marks: list[tuple[int, str, int, int, int, int]] = []
        self.stack: list[tuple[str, dict[str, Any], int]] = []
        self.inside = False
        self.feed(page.replace("\r\n", "\n").replace("\r", "\n"))  # as browsers do first
        self.close()
        assert not self.stack, "every tag is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag, its attributes and where it opens."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if dict(attrs).get("class") == "na-body":
            self.inside = True
            self.bodies.append("")
        if tag not in VOID:
            self.stack.append((tag, dict(attrs), len(self.bodies[-1]) if self.bodies else 0))

    def handle_endtag(self, tag: str) -> None:
        """Note where a mark closes."""
        opened, attrs, start = self.stack.pop()
        assert opened == tag, "tags nest"
        if "data-start" in attrs:
            self.marks.append((len(self.bodies) - 1, tag, int(attrs["data-start"]), int(attrs["data-end"]), start, len(self.bodies[-1])))
        self.inside = self.inside and attrs.get("class") != "na-body"

    def handle_data(self, data: str) -> None:
        """Collect the words of a body."""
        if self.inside and not any(attrs.get("class") == "na-tag" for _, attrs, _ in self.stack):
            self.bodies[-1] += data


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[pd.DataFrame, list[tuple[int, int, str, int, int]]]:
    """Draw texts of hostile parts and words, and any spans on them: nested, crossing, repeated."""
    part = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=5)
    texts = draw(st.lists(st.lists(part, min_size=1, max_size=6).map(lambda parts: "".join(parts) + "x"), min_size=1, max_size=6))
    pieces = []
    for document, text in enumerate(texts):
        cut = st.integers(0, len(text))
        pair = st.tuples(cut, cut).map(sorted).filter(lambda p: p[0] < p[1])
        piece = st.tuples(st.integers(1, 4), st.sampled_from(tables.SPAN_ROLES), pair)
        pieces += [(document, number, role, start, end) for number, role, (start, end) in draw(st.lists(piece, max_size=7))]
    return documents_of(*texts), pieces


EACH = documents_of(*(f"a{part}b" for part in HOSTILE))
CROSSING = [(n, number, tables.SPAN_ROLES[number % 3], number - 1, number + 2) for n, text in enumerate(EACH.text) for number in range(1, len(text) - 1)]


@example((EACH, CROSSING), HOSTILE[2])
@example((EACH, []), HOSTILE[0])
@given(marked_texts(), st.sampled_from(HOSTILE))
@settings(max_examples=20, deadline=None)
def test_hostile_text_never_lives_and_comes_back_exactly(drawn: Any, name: str) -> None:
    """Only our own tags and attributes occur, the text comes back exactly, and marks cover exactly their offsets.

    Planted faults this catches: no escaping of the text; quote=False in attributes; closing marks in the order of opening;
    an offset moved by one; the line break dropped; crossing marks not opened again; a carriage return left for the browser to change.
    """
    documents, pieces = drawn
    attributions, spans = found_in(documents, pieces, speaker=name, affiliation=name)
    page = Page(display.annotated_text(documents, attributions, spans).data)
    assert page.tags <= ALLOWED
    assert page.attributes <= {"class", "style", "title", "dir", "data-number", "data-start", "data-end"}
    assert page.bodies == documents.text.str.replace(FORBIDDEN, "\ufffd", regex=True).tolist()
    covered: dict[tuple[int, str, int, int], set[int]] = {}
    for body, tag, start, end, here, there in page.marks:
        covered.setdefault((body, tag, start, end), set()).update(range(here, there))
    wanted = {(document, {"source": "b", "cue": "i", "content": "mark"}[role], start, end) for document, _, role, start, end in pieces}
    assert {key: set(range(key[2], key[3])) for key in wanted} == covered


@given(marked_texts())
@settings(max_examples=8, deadline=None)
def test_plain_text_obeys_nothing(drawn: Any) -> None:
    """The form for terminals holds no control character but the line break and the tab, and no direction override."""
    documents, pieces = drawn
    plain = repr(display.annotated_text(documents, *found_in(documents, pieces)))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", plain)


def test_hostile_metadata_never_lives() -> None:
    """Ids, titles and outlets from outside are escaped as texts are."""
    documents = documents_of(*["Text."] * len(HOSTILE)).assign(document_id=[f"{name}x" for name in HOSTILE], title=HOSTILE, outlet=HOSTILE)
    page = Page(display.annotated_text(documents, tables.empty("attributions"), tables.empty("spans")).data)
    assert page.tags <= ALLOWED


def test_style_is_own_and_nothing_is_loaded() -> None:
    """Every style rule is scoped by our class; there is no script, import, address or font."""
    documents = documents_of("He said so.")
    page = display.annotated_text(documents, *found_in(documents, [(0, 1, "source", 0, 2)])).data
    rules = re.sub(r"@media \w+\{((?:[^{}]*\{[^{}]*\})*)\}", r"\1", re.search("<style>(.*?)</style>", page, re.DOTALL)[1])  # type: ignore[index]
    selectors = [part for rule in re.findall(r"([^{}]+)\{", rules) for part in rule.split(",")]
    assert selectors
    assert all(selector.strip().startswith(".newsanalysis") for selector in selectors)
    assert not re.search(r"<script|@import|url\(|https?:|onload|onerror", page)


def test_camp_shows_by_more_than_colour() -> None:
    """Camp and number stand in a tag, speaker and role on hover and in print, and the kind in the line's style."""
    documents = documents_of("“Yes,” said Stoltenberg.")
    pieces = [(0, 1, "content", 0, 6), (0, 1, "cue", 7, 11), (0, 1, "source", 12, 23)]
    page = display.annotated_text(documents, *found_in(documents, pieces, speaker="Jens Stoltenberg", affiliation="nato", role="official")).data
    assert re.search('<sup class="na-tag"[^>]* title="1 · Jens Stoltenberg: NATO, official"><span>1 NATO</span></sup>', page)
    assert 'title="1 source: Jens Stoltenberg (NATO, official), direct"' in page
    assert f"--c:{palette.colour('nato')}" in page
    assert "<li>Jens Stoltenberg (NATO, official), direct, “said”</li>" in page
    assert 'class="na-content na-direct"' in page


def test_signs_that_turn_letters_round_are_shut_in() -> None:
    """A direction override reaches no letter after it, with our style or without, and shows; NUL, which browsers drop, is a sign."""
    page = display.annotated_text(documents_of("a\u202eb\0"), tables.empty("attributions"), tables.empty("spans")).data
    assert 'a<bdi class="na-turn" title="U+202E">\u202e</bdi>b\ufffd' in page


def test_numbers_of_attributions_need_no_style() -> None:
    """Where style, class and own attributes are taken away (GitHub, a notebook not yet trusted), number and camp still stand in the text."""
    documents = documents_of("“Yes,” said Stoltenberg.")
    page = display.annotated_text(documents, *found_in(documents, [(0, 1, "content", 0, 6), (0, 1, "source", 12, 23)], affiliation="nato")).data
    bare = re.sub(r'<style>.*?</style>| (?:style|class|title|dir|data-[a-z]+)="[^"]*"', "", page)
    assert "<mark>“Yes,”</mark><sup><span>1</span></sup> said <b>Stoltenberg</b><sup><span>1 NATO</span></sup>." in bare


def test_attribution_without_source_is_tagged_on_its_content() -> None:
    """Where no source is marked, the content carries the camp's tag."""
    documents = documents_of("It was allegedly sold.")
    page = display.annotated_text(documents, *found_in(documents, [(0, 1, "content", 0, 2)], affiliation="russian")).data
    assert "<span>1 Russian</span></sup>" in page


def test_long_corpus_says_how_many_are_shown() -> None:
    """Of many documents 20 are shown, and both numbers are said."""
    documents = documents_of(*["Text."] * 1234)
    html = display.annotated_text(documents, tables.empty("attributions"), tables.empty("spans"))
    assert html.data.count('class="na-body"') == 20
    assert "20 of 1,234 documents are shown" in html.data
    assert repr(html).endswith("20 of 1,234 documents are shown; limit= shows more.")


def test_very_long_document_is_cut_with_its_marks() -> None:
    """Of a text of a million characters the first 50,000 are shown; a mark that runs over the cut is closed there."""
    documents = documents_of("x" * 1_000_000)
    html = display.annotated_text(documents, *found_in(documents, [(0, 1, "content", 49_990, 60_000), (0, 2, "content", 70_000, 70_001)]))
    page = Page(html.data)
    assert len(page.bodies[0]) == 50_000
    assert page.marks == [(0, "mark", 49_990, 60_000, 49_990, 50_000)]
    assert "950,000 further characters, with 1 attribution, are not shown" in html.data and "950,000 further characters" in html.text
    assert "<summary>1 attribution</summary>" in html.data
    whole = display.annotated_text(documents, *found_in(documents, [(0, 2, "content", 70_000, 70_001)]), characters=1_000_000)
    assert Page(whole.data).marks == [(0, "mark", 70_000, 70_001, 70_000, 70_001)] and "further" not in whole.data


def test_the_key_says_that_attributions_were_left_out() -> None:
    """What is not marked is own voice only where all attributions were given."""
    documents = documents_of("Rain fell, she said.")
    attributions, spans = found_in(documents, [(0, 1, "content", 0, 9), (0, 2, "source", 11, 14)])
    assert "not marked: own voice · " in display.annotated_text(documents, attributions, spans).data
    assert "not marked: own voice, or left out · " in display.annotated_text(documents, attributions.head(1), spans).data


def test_marks_of_direction_in_names_are_left_as_they_are() -> None:
    """Hebrew and Arabic need them, and they turn nothing round; what does is shown."""
    documents = documents_of("a").assign(title="\u200fab\u200e \u202ecd")
    shown = display.annotated_text(documents, *found_in(documents, []))
    assert "\u200fab\u200e \ufffdcd" in shown.data and "\u200fab\u200e \ufffdcd" in shown.text


def test_no_documents() -> None:
    """An empty table shows itself in a sentence."""
    assert repr(display.annotated_text(tables.empty("documents"), tables.empty("attributions"), tables.empty("spans"))) == "No documents."


def test_misplaced_span_is_an_error() -> None:
    """Spans of another text are refused, by name."""
    documents = documents_of("One text.")
    attributions, spans = found_in(documents, [(0, 1, "source", 0, 3)])
    with pytest.raises(tables.TableError, match=r"spans: the text of attribution 'd0#1', source at 0 to 3 is not what stands there in document 'd0'"):
        display.annotated_text(documents.assign(text="Another text."), attributions, spans)


def test_facts_of_a_document_stand_above_it() -> None:
    """Outlet, title and day of publication are shown where they are known."""
    documents = documents_of("Text.").assign(outlet="Planet", title="News", published=pd.Timestamp("2022-11-16 23:30", tz="UTC"))
    html = display.annotated_text(documents, tables.empty("attributions"), tables.empty("spans"))
    assert repr(html).splitlines()[0] == "d0 · Planet · News · 2022-11-16 · article · 0 attributions"


def code_row(document: str, start: int | None, end: int | None) -> dict[str, Any]:
    """Return a code with evidence at the offsets."""
    return {"unit_id": "u", "document_id": document, "unit": "document", "code": "label", "start": start, "end": end, "coder": "hand@1"}


def test_concordance_shows_the_words_in_context() -> None:
    """Left, match and right are cut from the text by offset; codes without evidence are left out."""
    documents = documents_of("Officials of the\nso-called republic spoke.", "Nothing.")
    table = display.concordance(pd.DataFrame([code_row("d0", 17, 26), code_row("d1", None, None)]), documents, width=7)
    assert table.to_dict("records") == [{"document_id": "d0", "left": "of the ", "match": "so-called", "right": " republ", "start": 17, "end": 26}]


def test_concordance_of_mentions_shows_the_places_in_the_document() -> None:
    """Mentions have offsets in their sentence and in the document; the context is the document's."""
    documents = documents_of("Rain fell. Sweden won.")
    mentions = na.mentions(documents, codebook="world")
    table = display.concordance(mentions, documents, width=5)
    assert table[["left", "match", "right", "start"]].to_numpy().tolist() == [["ell. ", "Sweden", " won.", 11]]


def test_concordance_takes_any_places_in_documents() -> None:
    """Statements and acts are shown as codes are; a table without places is refused with what it needs."""
    documents = documents_of("Rain fell. Russia blamed Ukraine.")
    units = na.units(documents)
    statements = na.code_statements(na.found.Found(documents, tables.empty("attributions"), tables.empty("spans")))
    for table in (statements, na.agency(units), units[1:]):
        assert display.concordance(table, documents, width=5)[["left", "match"]].to_numpy().tolist()[0][0] == "ell. "
    with pytest.raises(tables.TableError, match="column 'start' is missing"):
        display.concordance(units[["document_id"]], documents)


def test_concordance_of_nothing_keeps_its_columns() -> None:
    """Without codes the table is empty, with the same columns."""
    table = display.concordance(tables.empty("codes"), documents_of("Text."))
    assert table.columns.tolist() == ["document_id", "left", "match", "right", "start", "end"]
    assert table.empty


@pytest.mark.parametrize(("document", "end", "message"), [("d9", 3, "'d9' is not among"), ("d0", 99, "outside document 'd0' of 5 characters")])
def test_concordance_of_other_documents_is_an_error(document: str, end: int, message: str) -> None:
    """A code of a document that is not given, or outside its text, is refused by name."""
    with pytest.raises(tables.TableError, match=message):
        display.concordance(pd.DataFrame([code_row(document, 0, end)]), documents_of("Text."))


def test_width_is_not_negative() -> None:
    """A negative width is refused, and 0 leaves the words alone."""
    row = pd.DataFrame([code_row("d0", 0, 4)])
    with pytest.raises(ValueError, match="width is -5; 0 or more"):
        display.concordance(row, documents_of("Text."), width=-5)
    assert display.concordance(row, documents_of("Text."), width=0)[["left", "match", "right"]].iloc[0].tolist() == ["", "Text", ""]


def test_wrong_tables_are_named() -> None:
    """What is no table, or lacks a column, is refused by name."""
    documents, attributions, spans = documents_of("Text."), tables.empty("attributions"), tables.empty("spans")
    wrong: list[Any] = ["Text.", documents.drop(columns="text")]
    for one, message in zip(wrong, ("a str was given", "'text' is missing"), strict=True):
        with pytest.raises(tables.TableError, match=f"documents: .*{message}"):
            display.annotated_text(one, attributions, spans)
        with pytest.raises(tables.TableError, match=f"documents: .*{message}"):
            display.concordance(tables.empty("codes"), one)
    with pytest.raises(tables.TableError, match="attributions: column 'document_id' is missing"):
        display.annotated_text(documents, attributions.drop(columns="document_id"), spans)
    with pytest.raises(tables.TableError, match="spans: column 'attribution_id' is missing"):
        display.annotated_text(documents, attributions, spans.drop(columns="attribution_id"))


def test_camps_differ_in_grey() -> None:
    """The eight camps' colours are at least 5 apart in L*, so that grey print tells them apart."""
    luminance = sorted(palette.lightness(palette.colour(camp)) for camp in palette.names("camp"))
    steps = [116 * y ** (1 / 3) - 16 for y in luminance]
    assert len(steps) == 8
    assert min(after - before for before, after in pairwise(steps)) > 5


def test_forty_groups_have_colours() -> None:
    """Any number of groups gets colours, eight that differ and grey for the others; a missing group that of unspecified."""
    many = palette.colours([f"Outlet {n}" for n in range(40)])
    assert len(many) == 40
    assert len(set(many.values())) == 9
    assert many["Outlet 39"] == palette.SMALLER
    assert palette.colour(None) == palette.colour(float("nan")) == palette.colour(pd.NA) == palette.colour("unspecified")
