"""What was found in documents: attributions and their spans, side by side with the texts they stand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from newsanalysis import display, tables
from newsanalysis.codebooks import Codebook
from newsanalysis.tables import TableError


@dataclass(frozen=True)
class Found:
    """The attributions found in documents.

    Parameters
    ----------
    documents : DataFrame
        Table *documents*: the texts. For fewer of them use ``found.within(documents)``.
    attributions : DataFrame
        Table *attributions*, one row an attribution, in the order of the documents and of the text.
    spans : DataFrame
        Table *spans*: the pieces of source, cue and content, by offset. Spans of attributions that were filtered out may stay.
    errors : DataFrame
        Table *errors*: the documents that could not be done, and why.
    codebook : str, Path or Codebook, optional
        The actor codebook with which ``na.resolve`` filled the actors, as it was given there; None before. Later steps take the same.

    Raises
    ------
    TableError
        For a table without its keys, and for attributions of documents that are not there.

    Examples
    --------
    >>> import newsanalysis as na
    >>> na.attribute(na.documents(["The mayor said the bridge was closed."]))
    1 attribution in 1 document: 0 direct, 0 mixed, 1 indirect.
    """

    documents: pd.DataFrame
    attributions: pd.DataFrame
    spans: pd.DataFrame
    errors: pd.DataFrame = field(default_factory=lambda: tables.empty("errors"))
    codebook: str | Path | Codebook | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse attributions without their document."""
        for name, keys in (("documents", ("document_id",)), ("attributions", ("attribution_id", "document_id")), ("spans", ("attribution_id",))):
            table = getattr(self, name)
            absent = [key for key in keys if not isinstance(table, pd.DataFrame) or key not in table.columns]
            if absent:
                raise TableError(f"found: {name} has no column {absent[0]!r}; give the table {name}.")
        stray = self.attributions.attribution_id[~self.attributions.document_id.isin(self.documents.document_id)]
        if len(stray):
            count = f"{len(stray)} attribution{'s' * (len(stray) != 1)}"
            raise TableError(f"found: documents lacks the texts of {count}, first {stray.iloc[0]!r}; keep to fewer documents by found.within(documents).")

    def within(self, documents: pd.DataFrame | str | Iterable[str]) -> Found:
        """Return what was found in some of the documents.

        Parameters
        ----------
        documents : DataFrame, str or iterable of str
            Rows of ``found.documents``, or ids.

        Returns
        -------
        Found
            The same, less the other documents and their attributions, spans and errors.

        Raises
        ------
        TableError
            For documents that are not in ``found.documents``.

        Examples
        --------
        >>> import newsanalysis as na
        >>> found = na.attribute(na.documents(["The mayor said the bridge was closed.", "The mayor said the road was open."]))
        >>> found.within(found.documents[found.documents.text.str.contains("road")])
        1 attribution in 1 document: 0 direct, 0 mixed, 1 indirect.
        """
        ids = tables.names(documents.document_id if isinstance(documents, pd.DataFrame) else documents)
        unknown = [key for key in ids if key not in set(self.documents.document_id)]
        if unknown:
            raise TableError(f"found.within: {len(unknown)} of the documents were not searched, first {unknown[0]!r}; give some of found.documents.")
        rows = {name: getattr(self, name) for name in ("documents", "attributions", "errors") if len(getattr(self, name))}
        kept = {name: table[table.document_id.isin(ids)].reset_index(drop=True) for name, table in rows.items()}
        return replace(self, **kept, spans=self.spans[self.documents_of_spans().isin(ids).to_numpy()].reset_index(drop=True))

    def documents_of_spans(self) -> pd.Series[str]:
        """Return the document of each span: its attribution's, or for an attribution that was filtered out the one that its id names (``document_id#1``).

        Raises
        ------
        TableError
            For spans whose attribution is not there and whose id names no document.

        Examples
        --------
        >>> import dataclasses
        >>> import newsanalysis as na
        >>> found = na.attribute(na.documents(["The mayor said the bridge was closed."]))
        >>> dataclasses.replace(found, attributions=found.attributions.head(0)).documents_of_spans().tolist()
        ['text-1', 'text-1', 'text-1']
        """
        keys = self.spans.attribution_id
        documents = keys.map(dict(zip(self.attributions.attribution_id, self.attributions.document_id, strict=True)))
        documents = documents.where(documents.notna(), keys.str.extract(r"(?s)^(.*)#[^#]*$", expand=False)).astype("str")
        if documents.isna().any():
            unknown = keys[documents.isna()]
            raise TableError(f"found: {len(unknown)} spans, first of {unknown.iloc[0]!r}, belong to no attribution in the table; keep both or neither.")
        return documents

    def checked(self) -> Found:
        """Return the same with documents, attributions and spans checked against their schemas, as a stage does before it reads them.

        >>> Found(*map(tables.empty, ("documents", "attributions", "spans"))).checked()
        0 attributions in 0 documents: 0 direct, 0 mixed, 0 indirect.
        """
        documents, attributions, spans = (tables.check(getattr(self, name), name) for name in ("documents", "attributions", "spans"))
        return replace(self, documents=documents, attributions=attributions, spans=spans)

    def __repr__(self) -> str:
        """Say in one line what was found."""
        n, documents, failed = len(self.attributions), len(self.documents), len(self.errors)
        kinds = ", ".join(f"{int((self.attributions.kind == kind).sum())} {kind}" for kind in tables.KINDS)
        line = f"{n} attribution{'s' * (n != 1)} in {documents} document{'s' * (documents != 1)}: {kinds}."
        return line + (f" {failed} not done: see errors." if failed else "")

    def _repr_html_(self) -> str:
        return display.annotated_text(self.documents, self.attributions, self.spans).data


FILLED = ("speaker", "actor_id", "affiliation", "role", "speaker_basis", "affiliation_basis")  # what na.resolve fills; role in each row


def resolved(attributions: pd.DataFrame, by: str | Iterable[str] | None, what: str) -> None:
    """Refuse attributions of which none is resolved, if a column is asked for that only na.resolve, or a hand, fills.

    One value in one of these columns is enough, as na.resolve says of every attribution in what role its speaker speaks.

    >>> resolved(tables.empty("attributions"), "speaker", "share_of_voice")
    """
    asked = by is not None and not set(FILLED).isdisjoint(tables.names(by))
    if asked and len(attributions) and attributions.reindex(columns=list(FILLED)).isna().to_numpy().all():
        problem = f"speaker, affiliation and role are missing in all {len(attributions)}"
        raise TableError(f"{what}: these attributions are not resolved: {problem}; found = na.resolve(found) first.")


def needed(found: object, by: str) -> Found:
    """Return what was found, checked; refuse anything else, above all the documents themselves.

    >>> needed(tables.empty("documents"), "code_cues")
    Traceback (most recent call last):
    newsanalysis.tables.TableError: code_cues: a table of documents was given; give what na.attribute or na.resolve returned for the documents.
    """
    if not isinstance(found, Found):
        raise TableError(f"{by}: {tables.called(found)} was given; give what na.attribute or na.resolve returned for the documents.")
    return found.checked()
