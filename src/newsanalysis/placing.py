"""Where in the texts each group speaks: the pieces of its contents, and its part of each tenth of the texts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from newsanalysis import tables
from newsanalysis.found import Found, needed, resolved
from newsanalysis.measures import By, columns_of, copies_in, each_part, groups_of, parted, seed_of, with_copies
from newsanalysis.origins import traced
from newsanalysis.sums import Cells, Rng, add_up, counted, ratios, rows_of

TENTH = "tenth"
TENTHS = 10


def positions(found: Found, *, by: str = "affiliation") -> pd.DataFrame:
    """Return where in its text each piece of content stands: what `plot_positions` draws of one text.

    Parameters
    ----------
    found : Found
        What was found, resolved.
    by : str
        The group, a column of the attributions.

    Returns
    -------
    DataFrame
        One row a content span, in the order of documents and places: the group, start, end (characters of the text), length (of the text, characters),
        document_id, attribution_id.

    Raises
    ------
    TableError
        For a column that is missing, and for attributions that are not resolved, if ``by`` is a column that ``na.resolve`` fills.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.resolve(na.attribute(na.documents(["NATO said it stood firm."], document_id=["a"])))
    >>> positions(found).values.tolist()
    [['nato', 10, 23, 24, 'a', 'a#1']]
    """
    attributions = needed(found, "positions").attributions
    groups = groups_of(attributions, by, "positions")
    resolved(attributions, by, "positions")
    lengths = dict(zip(found.documents["document_id"], found.documents["text"].map(len), strict=True))
    content = found.spans.loc[found.spans["role"] == "content", ["attribution_id", "start", "end"]]
    pieces = content.merge(attributions[["attribution_id", "document_id"]].assign(**{by: groups}), on="attribution_id")
    pieces["length"] = pieces["document_id"].map(lengths).astype("int64")
    order = pieces["document_id"].map({key: n for n, key in enumerate(lengths)})
    pieces = pieces.assign(_order=order).sort_values(["_order", "start", "attribution_id"], kind="stable", ignore_index=True)
    return pieces[[by, "start", "end", "length", "document_id", "attribution_id"]]


@traced
def voice_profile(found: Found, *, by: By = "affiliation", rng: Rng = 0) -> pd.DataFrame:
    """Return who speaks where in the texts: each group's part of the first tenth of the texts, of the second, and so on.

    voice_profile(g, k) = mean, over all documents, of (characters of the k-th tenth of the text in contents of g / characters of that tenth).

    Parameters
    ----------
    found : Found
        What was found, resolved.
    by : str or list of str
        The group, a column of the attributions. With several, those before the last are columns of ``found.documents``, such as ``outlet``.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``voice_profile`` with the group and ``tenth``, 1 to 10; the group with most attributions first. No unit, in [0, 1]; all groups
        together leave what is own voice, sources and cues. ``n`` counts the attributions of the group with content in that tenth.

    Raises
    ------
    TableError
        For attributions that are not resolved, if ``by`` is a column that ``na.resolve`` fills.

    Notes
    -----
    Read .12 in the first tenth as: in the average text, 12 % of its beginning are words of g. Every document counts alike, also those in which g is
    silent; take out those without any of the groups of interest if the question is of the others. In a headline there are no tenths: keep to articles
    (``documents[documents.kind == "article"]``). Do not compare texts of very different length.

    Source: own definition, of prominence as `prominence` has it; that news puts first what it finds relevant: van Dijk (1988), News as discourse, ch. 2.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.resolve(na.attribute(na.documents(["NATO said it stood firm."])))
    >>> voice_profile(found).estimate.round(2).tolist()
    [0.0, 0.0, 0.0, 0.0, 0.83, 1.0, 1.0, 1.0, 1.0, 0.58]
    """
    found = needed(found, "voice_profile")
    copies = copies_in("voice_profile", found)
    *outer, by = columns_of(by, "voice_profile")
    groups_of(found.attributions, by, "voice_profile")
    resolved(found.attributions, by, "voice_profile")
    if outer:
        seed = seed_of(rng)
        return with_copies(each_part(found.documents, outer, "voice_profile", lambda part: _profile(found.within(part), by, rng=seed)), copies)
    return with_copies(_profile(found, by, rng=rng), copies)


def _profile(found: Found, by: str, *, rng: Rng) -> pd.DataFrame:
    heard = in_tenths(positions(found, by=by), by)
    documents = len(found.documents)
    document = pd.Index(found.documents["document_id"]).get_indexer(pd.Index(heard["document_id"])).astype(np.int64)
    sizes = heard.groupby(by)["attribution_id"].nunique().sort_values(ascending=False, kind="stable")
    cell = sizes.index.get_indexer(pd.Index(heard[by])).astype(np.int64) * TENTHS + heard[TENTH].to_numpy(np.int64) - 1
    size = len(sizes) * TENTHS
    added = add_up(document, [cell], [heard["adds"].to_numpy(np.float64)])
    place = np.asarray(added.labels[0], dtype=np.int64)
    base = Cells(np.arange(documents), np.zeros(documents, np.int64), np.ones(documents))
    counts = [np.zeros(size, np.int64), np.zeros(size, np.int64)]
    speaks = ~heard.assign(cell=cell).duplicated(["attribution_id", "cell"]).to_numpy()
    pieces = add_up(document[speaks], [cell[speaks]])
    for whole, occurring in zip(counts, counted(pieces), strict=True):
        whole[np.asarray(pieces.labels[0], dtype=np.int64)] = occurring
    estimates = ratios(Cells(added.document, place[added.cell], added.sums[0]), base, np.zeros(size, np.int64), counts[0], rng=seed_of(rng))
    names = {by: np.repeat(np.asarray(sizes.index, dtype=object), TENTHS), TENTH: [str(k) for k in range(1, TENTHS + 1)] * len(sizes)}
    table = rows_of("voice_profile", names, estimates, *counts)
    table = table[["measure", by, TENTH, "estimate", "ci_low", "ci_high", "n", "n_documents"]].astype({by: "str", TENTH: "str"})
    return tables.check(parted(table), "measures")


def in_tenths(pieces: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the pieces of `positions` cut into the tenths of their texts.

    Returns
    -------
    DataFrame
        One row a piece and tenth that it reaches into: further ``tenth``, and ``adds``, the part of the tenth that it fills and no piece of the same
        group before it.

    Examples
    --------
    >>> pieces = pd.DataFrame({"camp": "a", "start": [0, 5], "end": [15, 25], "length": 100, "document_id": "d", "attribution_id": ["1", "2"]})
    >>> in_tenths(pieces, "camp")[["attribution_id", "tenth", "adds"]].values.tolist()
    [['1', 1, 1.0], ['1', 2, 0.5], ['2', 1, 0.0], ['2', 2, 0.5], ['2', 3, 0.5]]
    """
    pieces = pieces.sort_values(["document_id", by, "start", "attribution_id"], kind="stable")
    before = pieces.groupby(["document_id", by], sort=False)["end"].cummax().groupby([pieces["document_id"], pieces[by]], sort=False).shift(1)
    new = np.maximum(pieces["start"], before.fillna(0))
    size = pieces["length"].to_numpy(np.float64) / TENTHS
    parts = []
    for k in range(TENTHS):
        low, high = size * k, size * (k + 1)
        end = np.minimum(pieces["end"], high)
        there = end > np.maximum(pieces["start"], low)
        adds = np.maximum(end - np.maximum(new, low), 0) / size
        parts.append(pieces[there].assign(**{TENTH: k + 1, "adds": adds[there]}))
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
