"""Readers: files to the table *documents*, one module a family of formats.

``contract`` says what a reader is, ``formats`` lists them (a new format is a row there), ``collect`` does what is the same
for all: files, cleaning, ids, dates, duplicates, the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from typing import Literal, overload

import pandas as pd

from newsanalysis.readers.collect import read_paths
from newsanalysis.readers.contract import NotFoundError, ReadError
from newsanalysis.readers.memory import from_texts

__all__ = ["NotFoundError", "ReadError", "documents", "read"]

_Paths = str | PathLike[str] | Iterable[str | PathLike[str]]


@overload
def read(path: _Paths, *, columns: Mapping[str, str] | None = None, report: Literal[False] = False) -> pd.DataFrame: ...
@overload
def read(path: _Paths, *, columns: Mapping[str, str] | None = None, report: Literal[True]) -> tuple[pd.DataFrame, pd.DataFrame]: ...
def read(path: _Paths, *, columns: Mapping[str, str] | None = None, report: bool = False) -> pd.DataFrame | tuple[pd.DataFrame, pd.DataFrame]:
    """Read news from files into the table *documents* and say in one line what was read, skipped and mended, and encodings but UTF-8.

    Formats: plain text (one article a file; or an article, two blank lines and one headline a line), CSV, TSV, Excel, JSON,
    JSON lines, Parquet, and exports of databases, agencies' news, feeds, web pages and archives. What a file is, is told by its content before its
    suffix, and said where the two disagree; in folders, files of other suffixes, or none, are read where a format knows its own. Files packed by gzip are
    unpacked on the way. Texts are changed once, here: NFC, LF line ends, and U+FFFD for NUL, lone surrogates and bytes that
    cannot be decoded. After that ``documents.text`` never changes.

    Parameters
    ----------
    path : str, Path or list of them
        Files and folders; folders are read with all that is below them, in the order of names.
    columns : dict, optional
        Our column names to the file's, as in ``{"text": "Wortlaut", "published": "Tag"}``. Without it the usual names
        are found, in English and fifteen more languages, whatever their case, accents, spaces, underscores and hyphens; of several that are there, the one
        named first:

        - document_id, doc_id, id, article_id, guid, uuid
        - title, headline, heading, head
        - text, body, content, full_text, article_text, maintext, body_text, content_text
        - outlet, publisher, source, newspaper, publication, medium, media_name, source_name, site, domain
        - published, date, publication_date, publish_date, pub_date, published_at, datetime, timestamp
        - author, byline, authors, creator
        - url, link, permalink
        - language, lang
        - section; kind
    report : bool
        Also return the table *report*.

    Returns
    -------
    DataFrame, or DataFrame and DataFrame
        Table *documents*. With ``report=True`` also the table *report*: one row a file (what was kept, what is odd about
        it) and below it one row for each record that was skipped or mended, with its row or line number and the reason.
        Documents found are documents kept plus records skipped.

    Raises
    ------
    ReadError
        A path is missing (also a ``FileNotFoundError``), a file is empty, binary or without a column for the text, or
        nothing in a folder could be read. Within a folder such files are rows of the report.

    Notes
    -----
    An id that the file gives is kept as it is. Where it gives none, the id is the file's name without suffix, and the row
    or line number behind it; headlines after an article get ``-h01``, ``-h02``. Of two records with the same id and text the
    later is skipped as a duplicate; with different texts the later is kept as ``id-2``.

    Dates without a zone count as UTC; ``03/04/2015`` is read month first unless other dates of the file are day first, and
    the report says so. What is not understood to its last word is no date: it is missing, and in the report.

    ``language`` is the ISO 639-1 code of what the file says; where it says nothing it is guessed from the text (py3langid), and the file's row of the
    report says of how many documents.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "news.csv").write_text("id,headline,body,date\\n007,Rain,Rain fell.,12 March 2015\\n008,Sun,,\\n")
    >>> documents, report = read(folder / "news.csv", report=True)
    news.csv: CSV, 1 file: 2 documents found, 1 kept (1 article), 1 skipped; read(..., report=True) says why.
    >>> documents[["document_id", "title", "text"]].values.tolist()
    [['007', 'Rain', 'Rain fell.']]
    >>> report[["record", "status", "reason"]].values.tolist()[1]
    ['row 3', 'skipped', 'the text is missing or blank']
    """
    table, what_became, line = read_paths(path, columns)
    print(line)
    return (table, what_became) if report else table


def documents(texts: str | Iterable[object] | pd.DataFrame, **columns: object) -> pd.DataFrame:
    """Make the table *documents* from texts that are in memory.

    Parameters
    ----------
    texts : list of str, Series or DataFrame
        The texts; of a DataFrame, its columns by their usual names, as in ``read``.
    **columns
        Values for our columns: one for all, or one for each text, as in ``outlet="The Herald"``.

    Returns
    -------
    DataFrame
        Table *documents*; ids are ``text-1``, ``text-2`` ... unless ``document_id`` is given. Texts are cleaned as in
        ``read``.

    Raises
    ------
    ReadError
        A text is missing or blank, an id occurs twice, a date is none, or a column is none of ours: nothing is dropped. The path of a file or folder
        was given in place of texts.

    Examples
    --------
    >>> documents(["The mayor said it rained."], outlet="The Herald")[["document_id", "text", "outlet"]].values.tolist()
    [['text-1', 'The mayor said it rained.', 'The Herald']]
    >>> documents(["Rain.", " "])
    Traceback (most recent call last):
    newsanalysis.readers.contract.ReadError: text 2 of 2 is missing or blank; leave it out first.
    """
    return from_texts(texts, columns)
