"""Coding sheets: the rows of a sample with their context and blind columns, for people who code in Excel.

A sheet has, from left to right: ``no``; ``before``, ``unit`` and ``after``, the words to be coded in their context (for attributions also
``content``); one blank column for each variable and coder, headed ``variable [coder]``, and a ``note``; and, in grey, what ``na.read_codes``
needs to tell that nothing was changed: ``unit_id``, ``document_id``, ``sheet`` (which sample, how many rows) and ``check`` (a digest of the
row's ids and words). What the machine said is not in it. The order is shuffled, always the same for the same sample, so that one article's
rows do not colour one another.

Text is text: what Excel would take for a formula, and characters that a workbook cannot hold, are written so that nothing is run, and read back as they were.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from newsanalysis import tables
from newsanalysis.codebooks import Codebook
from newsanalysis.files import inert, live, replacing
from newsanalysis.found import Found
from newsanalysis.tables import TableError
from newsanalysis.variables import FORBIDDEN, Given, variables

CONTEXT = 400  # characters of context on each side
LONGEST = 32_767  # characters that a cell of Excel holds
CUT = " … [cut here: "  # behind what a cell holds of a longer text
TEXTS = ("before", "unit", "content", "after")
MENTIONED = {"text", "start", "end", "document_start", "document_end"}  # columns of mentions: a place in a sentence and in the document
KEYS = ("unit_id", "document_id", "sheet", "check")
CODING, CODEBOOK, INSTRUCTIONS = "coding", "codebook", "instructions"
SUFFIXES = (".xlsx", ".csv")
HEADING = re.compile(r"(?P<variable>[^\[\]]+?)\s*\[(?P<coder>[^\[\]]+)\]")
MOST_ROWS = 1_048_575  # of a worksheet, less the header
_WIDTHS = {"no": 6, "before": 34, "unit": 48, "content": 36, "after": 34, "unit_id": 12, "document_id": 12, "sheet": 10, "check": 10}
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TEXT_OF = (
    "One row is one unit of coding: the words in the column “unit”, read in their context (“before”, “after”).",
    "Write your code into the coloured columns: choose from the list, or type the value as it stands in the sheet “codebook”.",
    "If you cannot decide, leave the cell blank and say why under “note”. Do not guess, and do not ask the other coder.",
    "Code each row by itself, in any order; you may filter, hide or widen columns. Sort whole rows only.",
    "Please do not change the words or the grey columns, and do not delete rows: a row that was not coded stays blank.",
    "Save as an Excel workbook (.xlsx), under the name that the file has.",
)


class _Row(NamedTuple):
    """What a sheet shows of one row of a sample."""

    unit_id: str
    document_id: str
    texts: dict[str, str]


def coding_sheet(
    sample: pd.DataFrame, documents: pd.DataFrame | Found, path: str | Path, *, codebook: Given, coders: str | Iterable[str] = ("A", "B")
) -> list[Path]:
    """Write a sheet on which people code a sample without seeing what the machine said.

    Parameters
    ----------
    sample : DataFrame
        What ``na.sample`` returned.
    documents : DataFrame or Found
        The texts that the rows stand in.
    path : str or Path
        An Excel workbook (``coding.xlsx``) or, for other programs, ``.csv``. With ``{coder}`` in the name each coder gets a file
        (``coding_{coder}.xlsx``), so that nobody sees the other's codes; without it all coders' columns are side by side.
    codebook : DataFrame, str, Path or Codebook
        What is coded: a table or file with the columns ``variable``, ``value``, ``label``, ``definition`` and ``level`` (nominal, ordinal or interval), one
        row a value; or an actor codebook (its name, such as ``ukraine_war``), whose affiliations are coded.
    coders : str or iterable of str
        The coders' names or letters.

    Returns
    -------
    list of Path
        The files written: 400 characters of context on each side, the rows shuffled; in a workbook also lists to choose from, instructions and
        the codebook (beside a .csv, the codebook is a file of its own).

    Raises
    ------
    TableError
        For a table that is no sample, texts that do not fit it, a folder that is not there, and for a file that has codes in it
        already: nothing that somebody coded is overwritten.
    CodebookError
        For a codebook that cannot be used.

    Notes
    -----
    Warns of values of the machine that the codebook does not have (in the sample's column named as the variable), since coders could never give them, and of
    variables without any definition, since that is what coders read. Cells that hold more than Excel's 32,767 characters are cut, and say so at their end.

    Examples
    --------
    >>> import tempfile
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor said the bridge was closed."]))
    >>> sheet = na.sample(found.attributions, n=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [file.name for file in coding_sheet(sheet, found, folder + "/coding_{coder}.xlsx", codebook="ukraine_war")]
    ['coding_A.xlsx', 'coding_B.xlsx']
    """
    right = (isinstance(sample, pd.DataFrame), isinstance(documents, pd.DataFrame | Found))
    if not all(right):
        given = ", ".join(map(tables.called, (sample, documents)))
        order = 'na.coding_sheet(na.sample(found.attributions, n=100), found, "coding.xlsx", codebook=...)'
        raise TableError(f"coding_sheet: {given} were given; give the sample and then the texts: {order}.")
    names = _coders(coders)
    scheme = variables(codebook)
    rows = _rows(sample, documents.documents if isinstance(documents, Found) else documents)
    for problem in _doubts(sample, scheme, codebook):
        warnings.warn(f"coding_sheet: {problem}", UserWarning, stacklevel=2)
    rows.sort(key=lambda row: hashlib.sha256(row.unit_id.encode()).digest())
    columns = [name for name in TEXTS if any(row.texts[name] for row in rows) or name == "unit"]
    body = _body(rows, columns)
    by_file = {Path(str(path).replace("{coder}", coder)): [coder] for coder in names} if "{coder}" in str(path) else {Path(path): names}
    for file in by_file:
        _may_be_written(file)
    for file, of in by_file.items():
        blank = [f"{variable} [{coder}]" for coder in of for variable in (*scheme["variable"].unique(), "note")]
        header = ["no", *columns, *blank, *KEYS]
        lines = [[row[0], *row[1 : 1 + len(columns)], *[""] * len(blank), *row[1 + len(columns) :]] for row in body]
        with replacing(file) as part:
            if file.suffix.lower() == ".csv":
                part.write_bytes(_csv([header, *lines], keys=len(KEYS)))
            else:
                _workbook(part, (header, lines), scheme)
        if file.suffix.lower() == ".csv":
            file.with_name(f"{file.stem}_codebook.csv").write_bytes(_csv([list(scheme.columns), *scheme.to_numpy().tolist()], keys=0))
    return list(by_file)


def _coders(coders: str | Iterable[str]) -> list[str]:
    names = [str(coder).strip() for coder in tables.names(coders)]
    wrong = [name for name in names if not name or set(name) & set(FORBIDDEN + '/\\:*?"<>|')]
    if wrong or not names:
        raise ValueError(f"coding_sheet: coders must be names of letters and digits, such as 'A'; not {wrong[0] if wrong else coders!r}.")
    return names


def _doubts(sample: pd.DataFrame, scheme: pd.DataFrame, codebook: Given) -> list[str]:
    """What is odd about a codebook for this sample: values of the machine that it lacks, variables without a definition."""
    name = codebook.name if isinstance(codebook, Codebook) else "codebook" if isinstance(codebook, pd.DataFrame) else str(codebook)
    found = []
    for variable, rows in scheme.groupby("variable", sort=False):
        known = set(rows["value"].str.casefold())
        said = machine_of(sample, str(variable))
        lacking = [] if said is None or "" in known else sorted({value for value in said.dropna().astype("str") if value.strip().casefold() not in known})
        if lacking:
            found.append(
                f"the sample's values {_some(lacking)} of {variable!r} are not in {name} ({_some(rows['value'].tolist())}), so that no coder can agree with "
                "the machine there; give the codebook that the machine used."
            )
        if not rows["definition"].str.strip().any():
            found.append(f"{variable!r} has no definition in {name}, so that coders see values without what they mean; fill in its column 'definition'.")
    return found


def _some(values: list[str]) -> str:
    return ", ".join(map(repr, values[:3])) + (f" and {len(values) - 3} more" if len(values) > 3 else "")


def machine_of(sample: pd.DataFrame, variable: str) -> pd.Series[Any] | None:
    """Return what the machine said of a variable: the column of that name or, in codes of that variable, ``value``; whole numbers as such; None without."""
    column = variable
    if column not in sample.columns and {"code", "value"} <= set(sample.columns) and (sample["code"] == variable).all():
        column = "value"
    if column not in sample.columns:
        return None
    answers = sample[column]
    whole = pd.api.types.is_float_dtype(answers) and (answers.dropna() % 1 == 0).all()
    return answers.astype("Int64") if whole else answers


def _may_be_written(file: Path) -> None:
    if file.suffix.lower() not in SUFFIXES:
        raise TableError(f"{file}: a coding sheet is written as .xlsx or .csv; change the ending.")
    if not file.parent.is_dir():
        raise TableError(f"{file}: the folder {str(file.parent)!r} is not there; make it first.")
    if file.exists():
        for sheet in read_cells(file):
            header = sheet.rows[0] if sheet.rows else []
            coded = [at for at, name in enumerate(header) if HEADING.fullmatch(as_text(name).strip())]
            if any(as_text(row[at]).strip() for row in sheet.rows[1:] for at in coded if at < len(row)):
                raise TableError(f"{file}: it has codes in it already; write to another name, or move that file away first.")


# --- what the rows show -------------------------------------------------------------------------------------------------


def _rows(sample: pd.DataFrame, documents: pd.DataFrame) -> list[_Row]:
    absent = [column for column in ("unit_id", "document_id", "weight") if column not in sample.columns]
    if absent:
        raise TableError(f"coding_sheet: column {absent[0]!r} is missing; give what na.sample returned.")
    if not 0 < len(sample) <= MOST_ROWS:
        raise TableError(f"coding_sheet: the sample has {len(sample)} rows; 1 to {MOST_ROWS:,} fit into a sheet.")
    texts = dict(zip(documents["document_id"].astype("str"), documents["text"], strict=True))
    sample = sample.astype({"unit_id": "str", "document_id": "str"})
    stray = sample.document_id[~sample.document_id.isin(list(texts))]
    if len(stray):
        raise TableError(f"coding_sheet: documents lacks the text of {stray.iloc[0]!r} and {len(stray) - 1} more; give the documents that were sampled.")
    if set(sample.columns) >= MENTIONED:  # start and end are places in the sentence
        sample = sample.assign(text=words_of(sample), start=sample["document_start"], end=sample["document_end"])
    placed = {"start", "end"} <= set(sample.columns)
    if not placed and (sample.unit_id != sample.document_id).any():
        raise TableError("coding_sheet: the rows have no start and end; merge them in from the units that were coded, or sample those.")
    return [_row(row, texts[row["document_id"]], placed and row["unit_id"] != row["document_id"]) for row in sample.to_dict("records")]


def words_of(sample: pd.DataFrame) -> pd.Series[Any]:
    """Return the words of each row as the table itself has them: of a mention the name in its sentence, else ``text``; missing where it has none."""
    text = sample["text"].astype(object) if "text" in sample.columns else pd.Series(None, index=sample.index, dtype=object)
    if not set(sample.columns) >= MENTIONED or sample[[*MENTIONED]].isna().to_numpy().any():
        return text
    named = [words[int(start) : int(end)] for words, start, end in zip(text, sample["start"], sample["end"], strict=True)]
    return pd.Series(named, index=sample.index, dtype=object)


def _row(row: dict[Any, Any], text: str, placed: bool) -> _Row:
    start, end = 0, len(text)
    if placed:
        if pd.isna(row["start"]) or pd.isna(row["end"]):
            raise TableError(f"coding_sheet: {row['unit_id']!r} has no start and end; merge them in from the units that were coded.")
        start, end = int(row["start"]), int(row["end"])
        given = row.get("text")
        if not 0 <= start < end <= len(text) or (isinstance(given, str) and given != text[start:end]):
            raise TableError(f"coding_sheet: {row['unit_id']!r} is not at {start} to {end} of its document; give the documents that were sampled, unchanged.")
    content = row.get("content")
    shown = {"before": _left(text[:start]), "unit": text[start:end], "after": _right(text[end:]), "content": content if isinstance(content, str) else ""}
    return _Row(row["unit_id"], row["document_id"], {name: _cut(shown[name]) for name in TEXTS})


def _left(text: str) -> str:
    if len(text) <= CONTEXT:
        return text
    tail = text[-CONTEXT:]
    return "… " + (tail.split(None, 1)[1] if len(tail.split(None, 1)) > 1 and not text[-CONTEXT - 1].isspace() else tail)


def _right(text: str) -> str:
    if len(text) <= CONTEXT:
        return text
    head = text[:CONTEXT]
    return (head.rsplit(None, 1)[0] if len(head.rsplit(None, 1)) > 1 and not text[CONTEXT].isspace() else head) + " …"


def _cut(text: str) -> str:
    """As much of a text as a cell holds, which counts UTF-16 code units."""
    if _size(text) <= LONGEST - 1:  # one is for an apostrophe
        return text
    kept = min(len(text), LONGEST - 80)
    while (size := _size(text[:kept])) > LONGEST - 80:
        kept = min(kept - 1, kept * (LONGEST - 80) // size)
    return f"{text[:kept]}{CUT}{len(text) - kept:,} more characters]"


def _size(text: str) -> int:
    return len(escape(text).encode("utf-16-le", "surrogatepass")) // 2


def _body(rows: list[_Row], columns: list[str]) -> list[list[Any]]:
    """The cells of each row but the blank ones."""
    checks = [check_of(row.unit_id, row.document_id, *(row.texts[name] for name in columns)) for row in rows]
    sheet = f"s{hashlib.sha256(' '.join(sorted(checks)).encode()).hexdigest()[:8]} of {len(rows)}"
    return [
        [number, *(row.texts[name] for name in columns), row.unit_id, row.document_id, sheet, check]
        for number, (row, check) in enumerate(zip(rows, checks, strict=True), 1)
    ]


def check_of(unit_id: str, document_id: str, *texts: str) -> str:
    """Return a digest of a row's ids and of the letters and digits of its words: marks and spaces may change in other programs.

    >>> check_of("a#1", "a", "“It rained”") == check_of("a#1", "a", '"It  rained"') != check_of("a#2", "a", "It rained")
    True
    """
    letters = map(letters_of, texts)
    return "c" + hashlib.sha256("\n".join([unit_id, document_id, *letters]).encode("utf-8", "surrogatepass")).hexdigest()[:10]


def letters_of(text: str) -> str:
    """Return the letters and digits of a text.

    >>> letters_of("“It's 5!”")
    'Its5'
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", text)))


# --- cells --------------------------------------------------------------------------------------------------------------


def escape(text: str) -> str:
    r"""Write characters that XML cannot hold as workbooks do, ``_x0000_``; what looks so already is told apart.

    >>> escape("a\x00_x0041_"), unescape(escape("a\x00_x0041_")) == "a\x00_x0041_"
    ('a_x0000__x005F_x0041_', True)
    """
    return _ILLEGAL.sub(lambda found: f"_x{ord(found[0]):04X}_", _LOOKS_ESCAPED.sub("_x005F_x", text))


def unescape(text: str) -> str:
    """Undo ``escape``."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: found[0] if 0xD800 <= int(found[1], 16) < 0xE000 else chr(int(found[1], 16)), text)


def as_text(cell: object) -> str:
    """Return a cell as its text: nothing is "", 1.0 is "1", true is "TRUE"."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell if isinstance(cell, str) else str(cell)


class Sheet(NamedTuple):
    """A worksheet as read: its name (blank for a CSV file) and its cells."""

    name: str
    rows: list[list[Any]]


def read_cells(path: Path) -> list[Sheet]:
    """Return the cells of every worksheet of a workbook, or of a CSV file as Excel may have saved it: with ; or tabs, as UTF-16, UTF-8 or ANSI.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "a.csv").write_text("no;unit\\n1;'=1+1\\n", encoding="utf-16")
    ...     read_cells(Path(folder) / "a.csv")
    [Sheet(name='', rows=[['no', 'unit'], ['1', '=1+1']])]
    """
    if not path.is_file():
        raise TableError(f"{path}: there is no such file.")
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return [Sheet("", _csv_rows(path))]
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        return [
            Sheet(sheet.title, [[unescape(cell) if isinstance(cell, str) else cell for cell in row] for row in sheet.iter_rows(values_only=True)])
            for sheet in book.worksheets
        ]
    except Exception as error:  # openpyxl raises many kinds for a file that is no workbook
        raise TableError(f"{path}: it cannot be read as an Excel workbook ({type(error).__name__}); open it in Excel and save it as .xlsx.") from None
    finally:
        if "book" in locals():
            book.close()


def _csv_rows(path: Path) -> list[list[Any]]:
    content = path.read_bytes()
    if content.startswith(b"PK"):
        raise TableError(f"{path}: it is a workbook, not CSV; give it the ending .xlsx.")
    text = _decoded(content)
    header = text.partition("\n")[0]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), strict=True))
    except csv.Error as error:
        raise TableError(f"{path}: it is no proper CSV file ({error}); save it again, as 'CSV UTF-8' or as .xlsx.") from None
    keyed = [at for at, name in enumerate(rows[0]) if name.strip() in KEYS[:2]] if rows else []
    read = [[unescape(live(cell)) for cell in row] for row in rows]
    for row, written in zip(read[1:], rows[1:], strict=True):
        for at in keyed:
            if at < len(row):
                row[at] = unescape(live(written[at].removeprefix("'")))
    return read


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _csv(rows: list[list[Any]], *, keys: int) -> bytes:
    """Cells as CSV for spreadsheets: an apostrophe before what they would run, and before ids, which they would take for numbers or dates."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for number, row in enumerate(rows):
        ids = range(len(row) - keys, len(row) - keys + 2) if keys and number else range(0)
        writer.writerow([f"'{inert(escape(cell))}" if at in ids else _inert(cell) for at, cell in enumerate(row)])
    return out.getvalue().encode("utf-8-sig")


def _inert(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    return inert(escape(cell))


# --- the workbook -------------------------------------------------------------------------------------------------------


def _workbook(path: Path, coding: tuple[list[str], list[list[Any]]], scheme: pd.DataFrame) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    front = book.active
    front.title = INSTRUCTIONS
    _fill(front, ["How to code"], [[f"{number}. {line}"] for number, line in enumerate(_TEXT_OF, 1)], {"How to code": 110})
    widths = {"variable": 18, "value": 22, "label": 32, "definition": 90, "level": 10}
    _fill(book.create_sheet(CODEBOOK), list(scheme.columns), scheme.to_numpy().tolist(), widths)
    sheet = book.create_sheet(CODING)
    header, lines = coding
    _fill(sheet, header, lines, {name: _WIDTHS.get(name, 34 if name.startswith("note [") else max(16, len(name) + 4)) for name in header})
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for at, name in enumerate(header, 1):
        heading = HEADING.fullmatch(name)
        if heading and heading["variable"] != "note":
            _choices(sheet, at, len(lines) + 1, (scheme, heading["variable"]))
    book.active = 0
    book.save(path)


def _fill(sheet: Any, header: list[str], lines: list[list[Any]], widths: dict[str, int]) -> None:
    """Write a worksheet: a bold first row that stays in sight, wrapped text, heights that show all of it; all text as text."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    wrapped = Alignment(wrap_text=True, vertical="top")
    right, grey, bold = Alignment(wrap_text=True, vertical="top", horizontal="right"), Font(color="808080", size=8), Font(bold=True)
    head, coloured = PatternFill("solid", fgColor="DDE3EA"), PatternFill("solid", fgColor="FFF8E1")
    for at, name in enumerate(header, 1):
        _put(sheet.cell(1, at), name)
        sheet.cell(1, at).font, sheet.cell(1, at).fill, sheet.cell(1, at).alignment = bold, head, wrapped
        sheet.column_dimensions[get_column_letter(at)].width = widths[name]
    sheet.freeze_panes = "A2"
    for number, line in enumerate(lines, 2):
        height = 1
        for at, (name, value) in enumerate(zip(header, line, strict=True), 1):
            cell = sheet.cell(number, at)
            _put(cell, value)
            cell.alignment = right if name == "before" else wrapped
            if name in KEYS:
                cell.font, cell.alignment = grey, Alignment(vertical="top")
            elif name == "unit":
                cell.font = bold
            elif "[" in name:
                cell.fill, cell.number_format = coloured, "@"
            if name not in KEYS and isinstance(value, str):
                height = max(height, sum(1 + len(part) * 10 // (widths[name] * 9) for part in value.split("\n")))
        sheet.row_dimensions[number].height = min(409, 15.5 * height + 3)


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, str):
        if not value:
            return
        cell.value = escape(value)
        cell.data_type = "s"
        cell.quotePrefix = inert(value) != value
    else:
        cell.value = value


def _choices(sheet: Any, column: int, last: int, chosen: tuple[pd.DataFrame, str]) -> None:
    """A list to choose from in every cell of a column, or the demand for a number."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    scheme, variable = chosen
    rows = scheme.index[scheme["variable"] == variable]
    letter = get_column_letter(column)
    if scheme.loc[rows[0], "value"]:
        rule = DataValidation(type="list", formula1=f"{CODEBOOK}!$B${rows[0] + 2}:$B${rows[-1] + 2}", allow_blank=True)
        rule.error = f"Choose a value of {variable} from the list, or leave the cell blank."[:250]
    elif scheme.loc[rows[0], "level"] == "interval":
        rule = DataValidation(type="custom", formula1=f"ISNUMBER(VALUE({letter}2))", allow_blank=True)
        rule.error = "A number is needed here, or nothing."
    else:
        return
    rule.showErrorMessage = True
    rule.errorTitle = "Not in the codebook"
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{last}")
