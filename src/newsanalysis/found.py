"""What was found in documents: attributions and their spans, side by side with the texts they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from newsanalysis import display, tables


@dataclass(frozen=True)
class Found:
    """The attributions found in documents.

    Parameters
    ----------
    documents : DataFrame
        Table *documents*: the texts.
    attributions : DataFrame
        Table *attributions*, one row an attribution, in the order of the documents and of the text.
    spans : DataFrame
        Table *spans*: the pieces of source, cue and content, by offset.
    errors : DataFrame
        Table *errors*: the documents that could not be done, and why.

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

    def __repr__(self) -> str:
        """Say in one line what was found."""
        n, documents, failed = len(self.attributions), len(self.documents), len(self.errors)
        kinds = ", ".join(f"{int((self.attributions.kind == kind).sum())} {kind}" for kind in tables.KINDS)
        line = f"{n} attribution{'s' * (n != 1)} in {documents} document{'s' * (documents != 1)}: {kinds}."
        return line + (f" {failed} not done: see errors." if failed else "")

    def _repr_html_(self) -> str:
        return display.annotated_text(self.documents, self.attributions, self.spans).data
