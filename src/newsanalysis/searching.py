"""A table as one to sort, search and page in a notebook, and as a static one everywhere else.

What is written is a static table with every cell escaped. Where itables is installed (MIT; it brings DataTables) a script stands behind it, with
DataTables in it, compressed: where scripts run, the table becomes one to sort and search; where they do not (GitHub, a notebook that is not trusted,
print), the static one stays. Nothing is loaded from elsewhere. DataTables takes cells as HTML, so they are escaped before it gets them.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import math
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from newsanalysis import display, tables
from newsanalysis.display import Html

LONGEST = 400  # characters of a cell that are shown
PLAIN = 40  # the same in a terminal
_MOST = 1.7e308  # what JSON has for an infinite number
GROUPED = 10_000  # whole numbers from which thousands are set apart: not years
MOST_DECIMALS = 6
_NAMING = re.compile(r"(?:^|_)id$", re.IGNORECASE)  # columns whose numbers are names

_STYLE = """
.na-table{color:var(--jp-content-font-color1,inherit);font-size:.93em;line-height:1.45;overflow-x:auto;max-width:100%}
.na-table table{border-collapse:collapse;margin:.3em 0;color:inherit;background:none;width:auto}
.na-table th,.na-table td{padding:.3em .8em .3em 0;text-align:left;vertical-align:top;white-space:normal;overflow-wrap:break-word;max-width:32em;
min-width:2.5em;border:0;border-bottom:1px solid color-mix(in srgb,currentColor 18%,transparent);unicode-bidi:isolate;background:none}
.na-table th{font-weight:600;border-bottom:1.5px solid color-mix(in srgb,currentColor 55%,transparent);vertical-align:bottom}
.na-table .na-number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.na-table .na-long{min-width:20em}
.na-table p{font-size:.9em;margin:.4em 0;opacity:.85}
.na-table input,.na-table select,.na-table button{color:inherit;background:transparent;border:1px solid color-mix(in srgb,currentColor 40%,transparent);
border-radius:3px;padding:.15em .5em}
.na-table select option{color:#1a1a1a;background:#fff}
.na-table .na-live .dt-layout-row{margin:.4em 0}
.na-table .na-live table.dataTable{margin:0!important;color:inherit}
.na-table .na-live div.dt-container,.na-table .na-live div.dt-layout-row,.na-table .na-live div.dt-layout-cell,.na-table .na-live table.dataTable,
.na-table .na-live table.dataTable>*>tr,.na-table .na-live table.dataTable>*>tr>*{color:inherit;background-color:transparent!important;
box-shadow:none!important}
.na-table .na-live .dt-paging .dt-paging-button{color:inherit!important}
.na-table [hidden]{display:none}
@media print{.na-table .na-live{display:none}.na-table .na-static[hidden]{display:block!important}}
""".replace("\n", "")

_SCRIPT = """
const roots=[...document.querySelectorAll('[data-na-table="KEY"]:not([data-na-done])')];
const unpacked=async(packed)=>await new Response(new Blob([Uint8Array.from(atob(packed),(c)=>c.charCodeAt(0))]).stream()
.pipeThrough(new DecompressionStream("gzip"))).text();
const loaded=async()=>{const [code,style]=await Promise.all([unpacked("CODE"),unpacked("STYLE")]);
const sheet=document.createElement("style");sheet.textContent=style;document.head.appendChild(sheet);
const place=URL.createObjectURL(new Blob([code],{type:"text/javascript"}));
try{return await import(place)}finally{URL.revokeObjectURL(place)}};
try{if(roots.length){const {ITable}=await(window.newsanalysisTables??=loaded());
for(const root of roots){root.dataset.naDone="1";const table=document.createElement("table");
root.querySelector(".na-live").replaceChildren(table);
new ITable(table,{...OPTIONS});root.querySelector(".na-live").hidden=false;root.querySelector(".na-static").hidden=true;}}}
catch(problem){window.newsanalysisTables=undefined;
for(const root of roots){root.querySelector(".na-live").hidden=true;root.querySelector(".na-static").hidden=false;}}
"""


def searchable(table: pd.DataFrame, *, limit: int = 2_000, rows: int = 20) -> Html:
    """Show a table as one to sort, search and page.

    Parameters
    ----------
    table : DataFrame
        Any table of the package, or another without lists in its cells. Its index is not shown.
    limit : int
        The most rows that can be searched; the last line says how many there are.
    rows : int
        Rows on a page, and in the static form.

    Returns
    -------
    Html
        With itables (``pip install "newsanalysis[display]"``) a table to sort and search, in a notebook and in a page exported from it; without it, and
        wherever no script runs, the first rows. Cells of more than 400 characters are cut, and are searched as they are shown. Numbers stand right,
        fractions with as many decimals as the column needs to tell them apart. In a terminal the first rows as plain text.

    Raises
    ------
    TableError
        For what is no DataFrame.
    ValueError
        If limit or rows is below 1.

    How to read
    -----------
    The search box takes words in any order and in any column; a click on a heading sorts, a second one the other way round. The output takes some 270 KB
    in a notebook, and as much again for each 2,000 rows of quotations.

    Examples
    --------
    >>> searchable(pd.DataFrame({"speaker": ["NATO", "<script>"], "share_of_words": [0.25, 0.125], "words": [12000, 6000]}))
    speaker  share_of_words  words
    NATO              0.250 12,000
    <script>          0.125   6000
    """
    if not isinstance(table, pd.DataFrame):
        raise tables.TableError(f"searchable: a pandas DataFrame is needed, not {type(table).__name__}.")
    if limit < 1 or rows < 1:
        raise ValueError(f"searchable: limit is {limit} and rows is {rows}; both must be 1 or more.")
    shown = table.head(max(limit, rows)).reset_index(drop=True)
    blank = [at for at in range(len(shown.columns)) if len(shown) and table.iloc[:, at].isna().all()]
    columns = [_Column(str(name), shown.iloc[:, at]) for at, name in enumerate(shown.columns) if at not in blank]
    left_out = [str(shown.columns[at]) for at in blank]
    heads = [f"<th{one.style()}>{display.in_html(one.name)}</th>" for one in columns]
    body = "".join("<tr>" + "".join(f"<td{one.style()}>{one.cells[n]}</td>" for one in columns) + "</tr>" for n in range(min(rows, len(shown))))
    foot = _foot(min(rows, len(shown)), len(table))
    static = f"<table><thead><tr>{''.join(heads)}</tr></thead><tbody>{body}</tbody></table>{_paragraph(foot)}"
    bundle = _bundle()
    live = "" if bundle is None or len(shown) <= 1 or not columns else _live(columns, bundle, min(rows, limit), len(table))
    key = hashlib.sha256(f"{static}{live}".encode()).hexdigest()[:12]
    script = live.replace("KEY", key, 1)
    page = f'<div class="na-table" data-na-table="{key}"><style>{_STYLE}</style><div class="na-static">{static}</div><div class="na-live" hidden></div>'
    said = _blank(left_out)
    return Html(f"{page}{_paragraph(display.in_html(said))}{script}</div>", _plain(columns, min(rows, len(shown)), [foot, display.seen(said)]))


class _Column:
    """A column: its name, its cells as safe HTML and as plain text, and the numbers by which it is sorted."""

    def __init__(self, name: str, values: pd.Series[Any]) -> None:
        self.name = name
        self.number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
        self.numbers = [None if pd.isna(value) else max(-_MOST, min(_MOST, float(value))) for value in values] if self.number else []
        texts = _numbers(values, names=bool(_NAMING.search(name))) if self.number else [_text(value) for value in values]
        self.plain = [_cut(display.seen(text).replace("\n", " "), PLAIN) for text in texts]
        self.cells = [display.in_html(_cut(text, LONGEST)) for text in texts]
        self.long = not self.number and any(len(text) > 60 for text in texts)

    def style(self) -> str:
        """The class of its cells."""
        return ' class="na-number"' if self.number else ' class="na-long"' if self.long else ""


def _text(value: object) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value) or value is pd.NA:
        return ""
    return value.strftime("%Y-%m-%d") if isinstance(value, pd.Timestamp) else str(value)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _numbers(values: pd.Series[Any], *, names: bool) -> list[str]:
    """Numbers as text: whole ones whole and to the last digit, others with as many decimals as their size, and the smallest of them, need."""
    if pd.api.types.is_integer_dtype(values):
        return ["" if pd.isna(value) else _whole(int(value), names=names) for value in values]
    known = values.dropna().astype("float64")
    known = known[~known.isin([float("inf"), float("-inf")])]
    if (known % 1 == 0).all():
        return ["" if pd.isna(value) else _whole(int(value), names=names) if abs(value) < _MOST else f"{value}".replace("-", "−") for value in values]
    largest, smallest = known.abs().max(), known[known != 0].abs().min()
    decimals = max(3 if largest <= 1 else 2 if largest < 100 else 1, min(MOST_DECIMALS, -math.floor(math.log10(smallest))))
    return ["" if pd.isna(value) else _fraction(float(value), decimals).replace("-", "−") for value in values]


def _whole(value: int, *, names: bool) -> str:
    return (f"{value:,}" if abs(value) >= GROUPED and not names else str(value)).replace("-", "−")


def _fraction(value: float, decimals: int) -> str:
    """A fraction; one that the decimals would make naught in powers of ten."""
    text = f"{value:,.{decimals}f}"
    return f"{value:.0e}" if value and not text.strip("-0.") else text


def _foot(shown: int, total: int) -> str:
    if not total:
        return "No rows."
    return f"The first {shown:,} of {total:,} rows." if shown < total else ""


def _paragraph(text: str) -> str:
    return f"<p>{text}</p>" if text else ""


def _blank(names: list[str]) -> str:
    return f"Without a value, not shown: {', '.join(_cut(name, PLAIN) for name in names)}." if names else ""


def _plain(columns: list[_Column], rows: int, below: list[str]) -> str:
    """The first rows for a terminal, and what stands below them."""
    lines = [[display.seen(one.name), *one.plain[:rows]] for one in columns]
    widths = [max(map(len, cells)) for cells in lines]
    set_ = [[cell.rjust(width) if one.number else cell.ljust(width) for cell in cells] for one, cells, width in zip(columns, lines, widths, strict=True)]
    text = "\n".join(" ".join(cells).rstrip() for cells in zip(*set_, strict=True))
    return "\n".join(part for part in (text, *below) if part)


def _bundle() -> tuple[str, str] | None:
    """DataTables as itables brings it, script and style, packed; None where it is not installed."""
    place = find_spec("itables")
    if place is None or place.origin is None:
        return None
    files = [Path(place.origin).parent / "html" / f"dt_bundle.{kind}" for kind in ("js", "css")]
    if not all(file.is_file() for file in files):
        return None
    code, style = (base64.b64encode(gzip.compress(file.read_bytes(), 9, mtime=0)).decode("ascii") for file in files)
    return code, style


def _live(columns: list[_Column], bundle: tuple[str, str], page: int, total: int) -> str:
    """The script that makes the table one to sort and search; all that came from outside is escaped before, once as HTML and once as script."""
    cells: list[dict[str, Any]] = [
        {f"c{at}": one.cells[n] for at, one in enumerate(columns)} | {f"n{at}": one.numbers[n] for at, one in enumerate(columns) if one.number}
        for n in range(len(columns[0].cells))
    ]
    described = [
        {
            "title": display.in_html(one.name),
            "className": "na-number" if one.number else "na-long" if one.long else "na-text",
            "data": {"_": f"c{at}", "sort": f"n{at}", "type": f"n{at}"} if one.number else f"c{at}",
            "type": "num" if one.number else "string",
        }
        for at, one in enumerate(columns)
    ]
    more = f" (of {total:,}; limit= takes more)" if len(cells) < total else ""
    menu = sorted({10, page, 50, 100})
    several = len(cells) > menu[0]
    options = {
        "data_json": _in_script(cells),
        "columns": described,
        "order": [],
        "pageLength": page,
        "lengthMenu": menu,
        "autoWidth": False,
        "layout": {
            "topStart": "search",
            "topEnd": "pageLength" if several else None,
            "bottomStart": "info",
            "bottomEnd": "paging" if several else None,
        },
        "language": {
            "search": "Search:",
            "info": f"Rows _START_ to _END_ of _TOTAL_{more}",
            "infoEmpty": "No rows",
            "infoFiltered": "(of _MAX_ searched)",
            "lengthMenu": "_MENU_ rows a page",
            "zeroRecords": "No row has these words.",
        },
    }
    script = _SCRIPT.replace('"CODE"', f'"{bundle[0]}"').replace('"STYLE"', f'"{bundle[1]}"').replace("...OPTIONS", f"...{_in_script(options)}")
    return f'<script type="module">{script}</script>'


def _in_script(value: object) -> str:
    """JSON in which nothing can end the script or begin a comment."""
    written = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
