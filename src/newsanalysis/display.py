"""Texts with their attributions marked, as safe static HTML and as plain text, and words in their context.

Marks stand where the offsets say; nothing is searched for again. Every word that comes from outside is escaped; the HTML has
no script, loads nothing, and its style reaches only its own class. Without any style (GitHub, a notebook not yet trusted) source is
bold, cue italic, content marked, a raised number and camp say whose, and a list names the speakers.
"""

from __future__ import annotations

import html
import re
import textwrap
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any, NamedTuple

import pandas as pd

from newsanalysis import palette, tables

_TAGS = {"source": "b", "cue": "i", "content": "mark"}
_TAG_ORDER = {"source": 0, "content": 1, "cue": 2}
_WIDTH = 100
_RANK = {"content": 0, "source": 1, "cue": 2}
_PLAIN = {"source": "[]", "cue": "//", "content": "{}"}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # what HTML may not hold
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # what turns the letters after it round
_ALIKE = ("'’ʼ‘", r"\-‐‑–")  # marks of which any stands for another in a phrase
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

_STYLE = """
.newsanalysis{background:var(--jp-layout-color0,#fff);color:var(--jp-content-font-color1,#1a1a1a);max-width:46em;padding:.2em .8em;
line-height:1.65;overflow-wrap:anywhere;unicode-bidi:isolate}
.newsanalysis .na-head,.newsanalysis .na-key,.newsanalysis details{font-size:.86em;margin:.5em 0;line-height:1.5}
.newsanalysis .na-document{border-top:1px solid color-mix(in srgb,currentColor 22%,transparent);padding:.35em 0}
.newsanalysis .na-headline .na-head{float:right;margin:0 0 0 1em;opacity:.8}
.newsanalysis .na-gap{display:block;height:.5em}
.newsanalysis mark,.newsanalysis b,.newsanalysis i{color:inherit;background:none}
.newsanalysis mark{background:color-mix(in srgb,color-mix(in srgb,var(--c) 80%,currentColor) 22%,transparent);padding:.08em 0;text-decoration:underline 1.5px;
text-decoration-color:color-mix(in srgb,var(--c) 65%,currentColor);text-underline-offset:.22em}
.newsanalysis .na-mixed{text-decoration-style:dashed}
.newsanalysis .na-indirect{text-decoration-style:dotted}
.newsanalysis b{font-weight:700;border-bottom:3px double color-mix(in srgb,var(--c) 65%,currentColor)}
.newsanalysis .na-tag{font-size:inherit;line-height:0;vertical-align:baseline;white-space:nowrap;user-select:none;-webkit-user-select:none}
.newsanalysis .na-tag::before{content:"\\2060"}
.newsanalysis .na-tag>span,.newsanalysis .na-tag[title]::after{display:inline-block;unicode-bidi:isolate;white-space:normal;max-width:100%;
box-sizing:border-box;font:600 .68em/1.25 sans-serif;margin:0 .2em 0 .3em;padding:0 .4em;border-radius:.7em;vertical-align:.2em;
border:1.5px solid color-mix(in srgb,var(--c) 65%,currentColor)}
.newsanalysis .na-turn::before{content:attr(title);font:600 .68em/1.25 sans-serif;margin:0 .2em;padding:0 .25em;border:1px dashed currentColor}
@media screen{.newsanalysis .na-tag[title]::after{display:none}}
@media print{.newsanalysis{background:#fff;color:#000;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.newsanalysis .na-tag[title]::after{content:attr(title)}
.newsanalysis .na-tag[title]>span{display:none}}
""".replace("\n", "")


@dataclass(frozen=True, repr=False)
class Html:
    """A piece of safe static HTML that shows itself in a notebook, and as plain text in a terminal.

    Parameters
    ----------
    data : str
        The HTML.
    text : str
        The same for a terminal.

    Examples
    --------
    >>> Html("<p>Kherson</p>", "Kherson")
    Kherson
    """

    data: str
    text: str = field(default="")

    def __repr__(self) -> str:
        """Return the form for a terminal."""
        return self.text

    def _repr_html_(self) -> str:
        return self.data


class _Mark(NamedTuple):
    start: int
    end: int
    role: str
    number: int
    kind: str
    camp: str
    speaker: str
    capacity: str
    colour: str
    tagged: bool


class _Text:
    """A document as it is shown: its row, all its marks, and of text and marks what is shown."""

    def __init__(self, row: dict[Any, Any], marks: list[_Mark], characters: int) -> None:
        self.row, self.marks = row, marks
        self.text: str = row["text"][: max(characters, 0)]
        self.inside = [mark for mark in marks if mark.start < len(self.text)]
        self.left = len(row["text"]) - len(self.text)

    def rest(self) -> str:
        """Say what is not shown."""
        more = _number({mark.number for mark in self.marks} - {mark.number for mark in self.inside})
        return f"{self.left:,} further characters, with {more}, are not shown; characters= shows more." if self.left else ""


def annotated_text(documents: pd.DataFrame, attributions: pd.DataFrame, spans: pd.DataFrame, *, limit: int = 20, characters: int = 50_000) -> Html:
    """Show documents with source, cue and content of every attribution marked.

    Parameters
    ----------
    documents, attributions, spans : DataFrame
        The tables of those names, as in ``Found``.
    limit : int
        The most documents shown; the last line says how many there are.
    characters : int
        The most characters of each text shown; a line says how many more there are.

    Returns
    -------
    Html
        Source in bold, cue in italics, content on the camp's colour, underlined: solid where it is direct, dashed where mixed,
        dotted where indirect. A tag gives the attribution's number and camp; speaker and role show on hover, in print and in the list below.

    Raises
    ------
    TableError
        Where a table lacks a column, or spans are not the words that stand at their offsets.

    How to read
    -----------
    What is not marked is the outlet's own voice, or what was left out of the attributions given; the key says which.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor said the bridge was closed."], document_id=["a"]))
    >>> annotated_text(found.documents, found.attributions, found.spans)
    a · article · 1 attribution
    [The mayor]¹ /said/¹ {the bridge was closed}¹.
      1. not given (not given), indirect, “said”
    """
    _check_columns(documents=documents, attributions=attributions, spans=spans)
    shown = tables.check(documents.head(max(limit, 0)), "documents")
    marks = _marks(shown, attributions, spans)
    texts = [_Text(row, marks.get(row["document_id"], []), characters) for row in shown.to_dict("records")]
    left_out = not spans["attribution_id"].isin(attributions["attribution_id"]).all()
    foot = _foot(len(shown), len(documents))
    page = [f"<style>{_STYLE}</style>", _key([mark for text in texts for mark in text.marks], left_out=left_out)]
    page += [_document_html(text) for text in texts]
    page += [f'<p class="na-head">{foot}</p>'] if foot else []
    plain = [_document_plain(text) for text in texts] + ([foot] if foot else [])
    return Html(f'<div class="newsanalysis">{"".join(page)}</div>', "\n\n".join(plain))


def _check_columns(**given: pd.DataFrame) -> None:
    """Refuse what lacks a column; the rows are checked once those to show are chosen."""
    for name, table in given.items():
        tables.check(table.head(0) if isinstance(table, pd.DataFrame) else table, name)


def _foot(shown: int, total: int) -> str:
    if not total:
        return "No documents."
    return f"{shown:,} of {total:,} documents are shown; limit= shows more." if shown < total else ""


def _marks(documents: pd.DataFrame, attributions: pd.DataFrame, spans: pd.DataFrame) -> dict[str, list[_Mark]]:
    rows = tables.check(attributions[attributions["document_id"].isin(documents["document_id"])], "attributions")
    camps = (attributions if "affiliation" in attributions.columns else rows)["affiliation"]  # of all, so that a text alone has the colours it has among others
    sizes = camps.dropna().astype("str").value_counts()
    largest = sorted(sizes.index, key=lambda camp: (-int(sizes[camp]), camp))
    shades = palette.colours(largest) if palette.has_study() else palette.shades_of(largest)
    rows = rows.assign(number=rows.groupby("document_id").cumcount() + 1, colour=[shades.get(camp, palette.colour(None)) for camp in rows["affiliation"]])
    rows = rows.drop(columns=["start", "end", "source", "cue", "content"])
    pieces = tables.check(spans[spans["attribution_id"].isin(rows["attribution_id"])], "spans").drop_duplicates()
    pieces = pieces.merge(rows.rename(columns={"role": "capacity"}), on="attribution_id")
    pieces = pieces.sort_values(["role", "start"], key=lambda column: column.map(_TAG_ORDER) if column.name == "role" else column, kind="stable")
    pieces = pieces.assign(tagged=~pieces.duplicated(["document_id", "number"]))
    texts = dict(zip(documents["document_id"], documents["text"], strict=True))
    found: dict[str, list[_Mark]] = {}
    for row in pieces.to_dict("records"):
        if texts[row["document_id"]][row["start"] : row["end"]] != row["text"] or not row["text"]:
            where = f"attribution {row['attribution_id']!r}, {row['role']} at {row['start']} to {row['end']}"
            raise tables.TableError(f"spans: the text of {where} is not what stands there in document {row['document_id']!r}.")
        found.setdefault(row["document_id"], []).append(_mark(row))
    return found


def _mark(row: dict[Any, Any]) -> _Mark:
    camp, speaker = _visible(palette.label(row["affiliation"], camp=True)), _visible(palette.label(None) if pd.isna(row["speaker"]) else row["speaker"])
    capacity = camp if pd.isna(row["capacity"]) else f"{camp}, {row['capacity']}"
    return _Mark(row["start"], row["end"], row["role"], row["number"], row["kind"], camp, speaker, capacity, row["colour"], row["tagged"])


def _visible(text: str) -> str:
    """Replace what a screen or terminal would obey, or reorder by, with a visible sign; tab and line break stay."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _woven(text: str, marks: list[_Mark], opening: Callable[[_Mark], str], closing: Callable[[_Mark, bool], str], escape: Callable[[str], str]) -> str:
    """Return the text with marks opened and closed in proper nesting; a mark that crosses another is closed and opened again."""
    starts: dict[int, list[_Mark]] = {}
    for mark in marks:
        starts.setdefault(mark.start, []).append(mark)
    edges = sorted({0, len(text), *(min(edge, len(text)) for mark in marks for edge in mark[:2])})
    out: list[str] = []
    stack: list[_Mark] = []
    for here, there in pairwise([*edges, len(text)]):
        ended = next((depth for depth, mark in enumerate(stack) if min(mark.end, len(text)) <= here), len(stack))
        again = stack[ended:]
        out += [closing(mark, mark.end <= here) for mark in reversed(again)]
        fresh = [mark for mark in again if mark.end > here] + starts.get(here, []) if here < len(text) else []
        fresh.sort(key=lambda mark: (-mark.end, _RANK[mark.role], mark.number))
        stack[ended:] = fresh
        out += [opening(mark) for mark in fresh]
        out.append(escape(text[here:there]))
    return "".join(out)


def _escaped(text: str) -> str:
    """The text as HTML; signs that turn the letters after them round are shut in, and shown, one by one."""
    safe = _TURNING.sub(_shut_in, html.escape(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text), quote=True))
    return safe.replace("\r", "&#13;").replace("\n", '<br><span class="na-gap"></span>\n')


def _shut_in(sign: re.Match[str]) -> str:
    return f'<bdi class="na-turn" title="U+{ord(sign[0]):04X}">{sign[0]}</bdi>'


def _attribute(text: str) -> str:
    return html.escape(_visible(text), quote=True).replace("\n", " ")


def seen(text: str) -> str:
    """Return text from outside with visible signs in place of what a screen would obey, or reorder by.

    >>> seen("left\\u202eright")
    'left\ufffdright'
    """
    return _visible(text)


def in_html(text: str) -> str:
    """Return text from outside as one line that is safe between tags and in attributes.

    >>> in_html('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return _attribute(text)


def _open_html(mark: _Mark) -> str:
    tag = _TAGS[mark.role]
    title = _attribute(f"{mark.number} {mark.role}: {mark.speaker} ({mark.capacity}), {mark.kind}")
    place = f'data-start="{mark.start}" data-end="{mark.end}"'
    return f'<{tag} class="na-{mark.role} na-{mark.kind}" style="--c:{mark.colour}" data-number="{mark.number}" {place} title="{title}">'


def _close_html(mark: _Mark, ended: bool) -> str:
    close = f"</{_TAGS[mark.role]}>"
    if not ended or not (mark.tagged or mark.role == "content"):
        return close
    full = f"{mark.number} · {mark.speaker}: {mark.capacity}" if mark.tagged else ""
    return close + _tag(f"{mark.number} {mark.camp}" if mark.tagged else f"{mark.number}", mark.colour, full)


def _tag(short: str, colour: str, full: str = "", *, element: str = "sup") -> str:
    """A raised sign: what it says, on hover and in print in full."""
    title = f' title="{_attribute(full)}"' if full else ""
    return f'<{element} class="na-tag" dir="auto" style="--c:{colour}"{title}><span>{_attribute(short)}</span></{element}>'


def _document_html(shown: _Text) -> str:
    facts = [_attribute(fact) for fact in _facts(shown.row, shown.marks)]
    head = " · ".join([f"<bdi>{facts[0]}</bdi>", *(f"<bdi>{fact}</bdi>" for fact in facts[1:])])
    body = _woven(shown.text, shown.inside, _open_html, _close_html, _escaped)
    items = "".join(f"<li>{_attribute(line)}</li>" for line in _speakers(shown.row, shown.inside))
    list_ = f"<details><summary>{_count(shown.inside)}</summary><ol>{items}</ol></details>" if items else ""
    rest = f'<p class="na-head">{shown.rest()}</p>' if shown.left else ""
    return f'<div class="na-document na-{shown.row["kind"]}"><p class="na-head">{head}</p><div class="na-body" dir="auto">{body}</div>{rest}{list_}</div>'


def _facts(row: dict[Any, Any], marks: list[_Mark]) -> list[str]:
    day = "" if pd.isna(row["published"]) else row["published"].strftime("%Y-%m-%d")
    named = [row[name] for name in ("outlet", "title") if not pd.isna(row[name])]
    return [row["document_id"], *named, *([day] if day else []), row["kind"], *([_count(marks)] if marks or row["kind"] == "article" else [])]


def _count(marks: list[_Mark]) -> str:
    return _number({mark.number for mark in marks})


def _number(attributions: set[int]) -> str:
    return f"{len(attributions):,} attribution{'s' * (len(attributions) != 1)}"


def _speakers(row: dict[Any, Any], marks: list[_Mark]) -> list[str]:
    cues: dict[int, list[str]] = {}
    for mark in sorted(marks):
        cues.setdefault(mark.number, []).extend([row["text"][mark.start : mark.end]] if mark.role == "cue" else [])
    who = {mark.number: f"{mark.speaker} ({mark.capacity}), {mark.kind}" for mark in marks}
    return [_visible(who[n] + (f", “{tables.JOINT.join(cues[n])}”" if cues[n] else "")) for n in sorted(who)]


def _key(marks: list[_Mark], *, left_out: bool) -> str:
    camps: dict[tuple[str, str], set[int]] = {}
    for mark in marks:
        camps.setdefault((mark.camp, mark.colour), set())
    if not marks:
        return ""
    chips = " · ".join(_tag(camp, colour, element="span") for camp, colour in sorted(camps))
    roles = "<b>source</b> · <i>cue</i> · "
    kinds = " ".join(f'<mark class="na-{kind}">{kind} content</mark>' for kind in tables.KINDS)
    return f'<p class="na-key" style="--c:{palette.GREY}">{roles}{kinds} · not marked: own voice{", or left out" * left_out} · camps: {chips}</p>'


def _document_plain(shown: _Text) -> str:
    number = {mark.number: str(mark.number).translate(_SUPERSCRIPT) for mark in shown.inside}
    woven = _woven(shown.text, shown.inside, lambda m: _PLAIN[m.role][0], lambda m, _: _PLAIN[m.role][1] + number[m.number], _visible)
    lines = [_visible(" · ".join(_facts(shown.row, shown.marks)))]
    lines += [textwrap.fill(line, _WIDTH, break_on_hyphens=False) for line in woven.split("\n")]
    lines += [shown.rest()] if shown.left else []
    return "\n".join([*lines, *(f"  {n}. {line}" for n, line in enumerate(_speakers(shown.row, shown.inside), 1))])


def concordance(codes: pd.DataFrame | str, documents: pd.DataFrame, *, width: int = 60, limit: int = 10_000) -> pd.DataFrame:
    """Show words in their context: a word or phrase, or the places of codes, mentions, spans, statements or acts; one line a place.

    Parameters
    ----------
    codes : DataFrame or str
        Table *codes*, *mentions*, *attributions* or *spans* (``found.spans[found.spans.role == "cue"]``), or any with ``document_id`` and the offsets
        ``start`` and ``end`` in the document, as ``na.code_statements``, ``na.agency`` and ``na.evidence`` return. Rows without a place are left out.
        Choose the rows first: ``codes[codes.code == "label"]``. Or a word or phrase that is looked for in the texts: whole words, in capitals or not,
        any white space for a blank, any apostrophe or hyphen for another; a star stands for the rest of a word (``"so-called"``, ``"separat*"``).
    documents : DataFrame
        Table *documents*: the texts.
    width : int
        Characters of context on each side, 0 or more.
    limit : int
        The most lines; a warning says if there are more.

    Returns
    -------
    DataFrame
        One row a place, in the order given (of a phrase: of the documents and texts): document_id, left, match, right, start, end; a line break
        shows as a blank.

    Raises
    ------
    TableError
        Where a table lacks a column, a code names a document that is not there, or evidence outside its text.
    ValueError
        Where width or limit is negative, or a phrase has no letter or digit.

    Warns
    -----
    UserWarning
        If there are more places than ``limit``.

    Examples
    --------
    >>> import newsanalysis as na
    >>> texts = na.documents(["Officials spoke of the so-called republic."], document_id=["a"])
    >>> row = {"unit_id": "a", "document_id": "a", "unit": "document", "code": "label", "start": 23, "end": 32, "coder": "hand@1"}
    >>> concordance(pd.DataFrame([row]), texts, width=10)[["left", "match", "right"]].values.tolist()
    [['ke of the ', 'so-called', ' republic.']]
    >>> concordance("republic*", texts, width=10)[["left", "match", "right"]].values.tolist()
    [['so-called ', 'republic', '.']]
    """
    if width < 0:
        raise ValueError(f"concordance: width is {width}; 0 or more characters are needed.")
    if limit < 0:
        raise ValueError(f"concordance: limit is {limit}; 0 or more lines are needed.")
    _check_columns(documents=documents)
    rows = _said(codes, documents, limit + 1) if isinstance(codes, str) else _places(codes).dropna(subset=["start", "end"])
    if len(rows) > limit:
        there = "more" if isinstance(codes, str) else f"{len(rows):,} in all"
        warnings.warn(f"concordance: the first {limit:,} places are shown, there are {there}; limit= shows others.", stacklevel=2)
        rows = rows.head(limit)
    texts = dict(zip(documents["document_id"], documents["text"], strict=True))
    lost = rows[~rows["document_id"].isin(list(texts))]
    if len(lost):
        raise tables.TableError(f"codes: document {lost['document_id'].iloc[0]!r} is not among the documents given.")
    found = [context(texts[d], d, int(start), int(end), width) for d, start, end in rows[["document_id", "start", "end"]].itertuples(index=False)]
    types = {"document_id": "str", "left": "str", "match": "str", "right": "str", "start": "int64", "end": "int64"}
    return pd.DataFrame(found, columns=list(types)).astype(types)


def _said(phrase: str, documents: pd.DataFrame, most: int) -> pd.DataFrame:
    """The first places at which a phrase stands."""
    if not any(character.isalnum() for character in phrase):
        raise ValueError(f"concordance: {phrase!r} has no letter or digit; give a word or a phrase.")
    spelt = r"\s+".join(map(_spelt, phrase.split()))
    pattern = re.compile(rf"(?<!\w){spelt}(?!\w)", re.IGNORECASE)
    found = ((d, *place.span()) for d, text in zip(documents["document_id"], documents["text"], strict=True) for place in pattern.finditer(text))
    return pd.DataFrame(islice(found, most), columns=["document_id", "start", "end"])


def _spelt(word: str) -> str:
    """A word of a phrase as a pattern; what a star stands for ends where what follows it comes first, so that many stars take no more time than one."""
    first, *rest = ("".join(map(_either, piece)) for piece in re.split(r"\*+", word))
    return first + "".join(rf"(?>\w*?{piece})" for piece in rest[:-1]) + "".join(rf"\w*{piece}" for piece in rest[-1:])


def _either(character: str) -> str:
    """A character of a phrase as a pattern: an apostrophe or hyphen is any of them."""
    return next((f"[{marks}]" for marks in _ALIKE if character in marks), re.escape(character))


def _places(codes: pd.DataFrame) -> pd.DataFrame:
    """Documents and offsets of codes; those of mentions are in columns of their own, as start and end are places in the sentence."""
    if not isinstance(codes, pd.DataFrame):
        raise tables.TableError(f"concordance: {tables.called(codes)} was given; give codes, or another table with places, such as mentions or attributions.")
    if "mention_id" in codes and "code" not in codes:
        mentions = tables.check(codes, "mentions")
        return mentions[["document_id"]].assign(start=mentions["document_start"], end=mentions["document_end"])
    if "code" in codes:
        return tables.check(codes, "codes")
    if "attribution_id" in codes and "document_id" not in codes and "start" in codes:  # spans: the id of the attribution begins with the document's
        codes = codes.assign(document_id=codes["attribution_id"].str.extract(r"(?s)^(.*)#[^#]*$", expand=False))
    absent = [column for column in ("document_id", "start", "end") if column not in codes]
    if absent:
        raise tables.TableError(f"concordance: column {absent[0]!r} is missing; give a table with document_id, and start and end in the document.")
    return codes[["document_id", "start", "end"]].astype({"start": "Int64", "end": "Int64"})


def context(text: str, document: str, start: int, end: int, width: int) -> tuple[str, str, str, str, int, int]:
    """Return the document, the words left of a place in it, there, and right of it, and the place."""
    if not start < end <= len(text):
        raise tables.TableError(f"codes: evidence at {start} to {end} lies outside document {document!r} of {len(text)} characters.")
    pieces = (text[max(0, start - width) : start], text[start:end], text[end : end + width])
    left, match, right = (piece.replace("\n", " ") for piece in pieces)
    return document, left, match, right, start, end
