"""Agreement on attributions: a program against hand annotation, or one annotator against another.

Everything is counted in tokens (runs of letters and digits, or single marks), so that a stray space costs nothing. Two spans
are alike by the Dice coefficient of their tokens, ``2 |a and b| / (|a| + |b|)``; 0.5 or more is a match. Pairs are made one to
one, most alike first. Precision is the share of what was predicted that is right, recall the share of the gold that was found,
F1 their harmonic mean; all are pooled over the documents (micro-averaged), and the interval is a bootstrap by document.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from newsanalysis import tables
from newsanalysis.found import Found
from newsanalysis.gold import EXTRA, RESOLVED, Pair, Spans
from newsanalysis.resampling import bootstrap_interval
from newsanalysis.tables import KINDS, SPAN_ROLES, TableError

Tokens = frozenset[int]

TOKEN = re.compile(r"\w+|[^\w\s]")
DOUBLE_MARK = re.compile("[\"“”„«»]|''|``")
SINGLE_OPENING = re.compile(r"(?<!\w)['‘](?=\w)")
SINGLE_CLOSING = re.compile(r"[\w.,!?;:…)]['’](?!\w)")
ALIKE = 0.5


# Every measure is four counts a document: right and all among the predicted, right and all among the gold.
Counts = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Marked:
    """One attribution as sets of token numbers; the kind is told from its own content."""

    source: Tokens
    cue: Tokens
    content: Tokens
    pieces: dict[str, frozenset[Tokens]]
    kind: str

    def role(self, name: str) -> Tokens:
        return {"source": self.source, "cue": self.cue, "content": self.content}[name]


def span_scores(gold: Found, predicted: Found, *, rng: int | np.random.Generator = 0) -> pd.DataFrame:
    """Score the spans of each role, whatever attribution they belong to.

    Parameters
    ----------
    gold : Found
        The hand annotation; see `read_gold`.
    predicted : Found
        What a program or another annotator found in the same texts. A gold document it lacks counts as without attributions.
    rng : int or Generator
        Seed or generator of the bootstrap.

    Returns
    -------
    DataFrame
        Table *measures*, a row for each measure and role (source, cue, content), with precision, recall and, as the estimate, F1,
        all in [0, 1]; n counts the gold, n_predicted the predicted. `tokens`: tokens inside any span of the role.
        `span`: one attribution's pieces of the role together, matched one to one at Dice 0.5. `span_exact`: the same tokens.
        `piece_exact`: single contiguous pieces, each distinct one once a document, the same tokens (what taggers are scored on).

    Raises
    ------
    TableError
        If the texts of a document differ, or a span lies outside its text.

    Notes
    -----
    How to read: 1 is full agreement. Two trained annotators of PolNeAR reach 0.78, 0.71 and 0.69 in `piece_exact`
    for source, cue and content: there is little to gain above that. Do not compare `span` with `piece_exact`. Where neither side has
    any (n and n_predicted are 0) the figures are missing; scorers that print 1 there call silence agreement.

    Source: the definitions of PolNeAR's scorers (Newell et al. 2018, LREC) and of CofeNet (Wang et al. 2022, COLING), in tokens.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor said the bridge was closed."]))
    >>> na.span_scores(found, found).estimate.unique().tolist()
    [1.0]
    """
    return _scores(*counts(gold, predicted, "spans"), rng)


def attribution_scores(gold: Found, predicted: Found, *, rng: int | np.random.Generator = 0) -> pd.DataFrame:
    """Score whole attributions: the content found, and the right source with it.

    Parameters
    ----------
    gold : Found
        The hand annotation; see `read_gold`.
    predicted : Found
        What a program or another annotator found in the same texts. A gold document it lacks counts as without attributions.
    rng : int or Generator
        Seed or generator of the bootstrap.

    Returns
    -------
    DataFrame
        Table *measures* with precision, recall and, as the estimate, F1, all in [0, 1]; n counts the gold, n_predicted the predicted.
        `attribution`: contents paired one to one at Dice 0.5, right if the sources are alike too (or both absent).
        `attribution_exact`: content and source have the same tokens. `source_given_content`: the share of pairs with the right source.
        kind is all, direct, mixed or indirect, by the rule of the published figures: direct, if the content begins with a quotation mark,
        mixed, if it has one later. It is not the column kind of *attributions*, which asks whether all words are quoted. By kind,
        recall is over the gold of that kind, precision over the predictions whose own content is of that kind, and a figure is missing
        where there is none. `content` asks for the content alone.

    Raises
    ------
    TableError
        If the texts of a document differ, or a span lies outside its text.

    Notes
    -----
    How to read: 1 is full agreement. Two trained annotators of PolNeAR reach 0.75 (direct 0.95, mixed 0.90, indirect 0.67).
    Figures from corpora with other conventions (speech only; beliefs too) do not compare. Where neither side has any (n and n_predicted
    are 0) the figures are missing; scorers that print 1 there call silence agreement.

    Source: PolNeAR (Newell et al. 2018, LREC), in tokens.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor said the bridge was closed."]))
    >>> na.attribution_scores(found, found)[["measure", "kind", "estimate"]].head(2).values.tolist()
    [['attribution', 'all', 1.0], ['attribution_exact', 'all', 1.0]]
    """
    return _scores(*counts(gold, predicted, "attributions"), rng)


LABELS = {
    "spans": pd.DataFrame([(measure, role) for measure in ("tokens", "span", "span_exact", "piece_exact") for role in SPAN_ROLES], columns=["measure", "role"]),
    "attributions": pd.DataFrame(
        [(measure, "all") for measure in ("attribution", "attribution_exact", "source_given_content")]
        + [(measure, kind) for kind in KINDS for measure in ("content", "attribution", "attribution_exact")],
        columns=["measure", "kind"],
    ),
    "who_says": pd.DataFrame(
        {"measure": ["content", "content_and_source", "who_says", *(f"{name}_right" for name in RESOLVED), "content_tokens", "who_says_tokens"]}
    ),
}
"""The rows of each of the three tables of scores."""


def counts(gold: Found, predicted: Found, what: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Return what a table of scores is made of, for those who need other intervals of it: by group, or of a difference.

    Parameters
    ----------
    gold, predicted : Found
        As in `attribution_scores`.
    what : str
        ``"spans"``, ``"attributions"`` or ``"who_says"``.

    Returns
    -------
    labels : DataFrame
        A row for each row of the table of scores: its measure, and its role or kind.
    counts : array, documents by rows by four
        In the order of ``gold.documents``: right among the predicted, predicted, right among the gold, gold. `precision_recall_f1` of
        their sums are the scores.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor said the bridge was closed."]))
    >>> labels, numbers = counts(found, found, "attributions")
    >>> labels.measure[0], numbers[0, 0].tolist()
    ('attribution', [1, 1, 1, 1])
    """
    if what == "who_says":
        return LABELS[what], _who_says_documents(gold, predicted)
    count = _span_counts if what == "spans" else _attribution_counts
    return LABELS[what], np.array([count(*sides) for sides in _documents(gold, predicted)])


def _scores(labels: pd.DataFrame, counted: np.ndarray, rng: int | np.random.Generator) -> pd.DataFrame:
    """Counts, documents by measures by four, to a measures table."""

    def statistic(sums: np.ndarray) -> np.ndarray:
        return precision_recall_f1(sums.reshape(*sums.shape[:-1], len(labels), 4), labels)[2]

    total = counted.sum(axis=0)
    precision, recall, f1 = precision_recall_f1(total, labels)
    low, high = bootstrap_interval(counted.reshape(len(counted), -1), statistic, rng=rng)
    table = labels.assign(precision=precision, recall=recall, estimate=f1, ci_low=low, ci_high=high)
    return tables.check(table.assign(n_predicted=total[:, 1], n=total[:, 3], n_documents=len(counted)), "measures")


def precision_recall_f1(sums: np.ndarray, labels: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the scores of counts that were added up over documents (..., rows of labels, four).

    With nothing predicted precision is 0, with nothing to find recall is 0; by kind, and where both sides are empty, they are missing.

    >>> precision_recall_f1(np.array([[1, 2, 1, 4]]), LABELS["attributions"].head(1))
    (array([0.5]), array([0.25]), array([0.33333333]))
    """
    by_kind = (labels["kind"] != "all").to_numpy() if "kind" in labels else np.zeros(len(labels), bool)
    right_predicted, all_predicted, right_gold, all_gold = np.moveaxis(sums.astype(float), -1, 0)
    without = np.where(by_kind | (all_predicted + all_gold == 0), np.nan, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.where(all_predicted > 0, right_predicted / all_predicted, without)
        recall = np.where(all_gold > 0, right_gold / all_gold, without)
        f1 = 2 * precision * recall / (precision + recall)
    return precision, recall, np.where(precision + recall == 0, 0.0, f1)


def right(gold: Found, predicted: Found) -> pd.DataFrame:
    """Tell of each predicted attribution whether it is right: paired with one of the gold, and with a source like that one's.

    This is what `attribution_scores` counts in its row `attribution`.

    Parameters
    ----------
    gold, predicted : Found
        As in `attribution_scores`; predicted documents that gold lacks are left out.

    Returns
    -------
    DataFrame
        ``predicted.attributions`` in the order of the gold documents, with the column ``right``.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor said the bridge was closed."]))
    >>> right(found, found).right.tolist()
    [True]
    """
    rows: dict[str, list[int]] = defaultdict(list)
    for row, document_id in enumerate(predicted.attributions.document_id):
        rows[document_id].append(row)
    order: list[int] = []
    hits: list[bool] = []
    for document_id, (ours, theirs) in zip(gold.documents.document_id, _documents(gold, predicted), strict=True):
        matched = {j for _, j in _right_pairs(ours, theirs)}
        order += rows[document_id]
        hits += [j in matched for j in range(len(theirs))]
    return predicted.attributions.iloc[order].assign(right=np.array(hits, dtype=bool)).reset_index(drop=True)


def _documents(gold: Found, predicted: Found) -> Iterator[tuple[list[_Marked], list[_Marked]]]:
    """Each gold document's attributions on both sides."""
    marked_gold, marked_predicted = _by_document(gold), _by_document(predicted)
    for document_id, text in _shared_texts(gold, predicted):
        tokens = [match.span() for match in TOKEN.finditer(text)]
        ours, theirs = ([_marked(spans, text, tokens) for spans in side.get(document_id, [])] for side in (marked_gold, marked_predicted))
        yield ours, theirs


def _shared_texts(gold: Found, predicted: Found) -> Iterator[tuple[str, str]]:
    """Each gold document's key and text, which must be the predicted document's too."""
    if gold.documents.empty:
        raise TableError("gold: there are no documents to score.")
    texts = dict(zip(predicted.documents.document_id, predicted.documents.text, strict=True))
    for document_id, text in zip(gold.documents.document_id, gold.documents.text, strict=True):
        if texts.get(document_id, text) != text:
            raise TableError(f"predicted: the text of document {document_id!r} differs from gold's; offsets would not fit.")
        yield document_id, text


def _by_document(found: Found) -> dict[str, list[dict[str, Spans]]]:
    """Each document's attributions, in the order of the table, as spans by role."""
    spans: dict[str, dict[str, Spans]] = {attribution_id: {role: [] for role in SPAN_ROLES} for attribution_id in found.attributions.attribution_id}
    for attribution_id, role, start, end in found.spans[["attribution_id", "role", "start", "end"]].itertuples(index=False):
        if attribution_id in spans:  # spans of attributions that were filtered out may stay in the table
            spans[attribution_id][role].append((start, end))
    documents: dict[str, list[dict[str, Spans]]] = defaultdict(list)
    for attribution_id, document_id in zip(found.attributions.attribution_id, found.attributions.document_id, strict=True):
        documents[document_id].append(spans[attribution_id])
    return documents


def _marked(spans: dict[str, Spans], text: str, tokens: list[Pair]) -> _Marked:
    pieces = {role: [_tokens(span, text, tokens) for span in spans[role]] for role in SPAN_ROLES}
    source, cue, content = (frozenset().union(*pieces[role]) for role in SPAN_ROLES)
    distinct = {role: frozenset(piece for piece in pieces[role] if piece) for role in SPAN_ROLES}
    return _Marked(source, cue, content, distinct, scored_kind(text, spans["content"]))


def scored_kind(text: str, spans: Spans) -> str:
    """Return the kind that scores are sorted by: direct, if the content begins with a quotation mark; mixed, if it has one later.

    This is the rule behind the published figures; the tables' ``kind`` asks whether all words are quoted (``quotations.kind``).

    >>> from newsanalysis import quotations
    >>> text = "He spoke of “a genius” at work."
    >>> scored_kind(text, [(12, 30)]), quotations.kind(text, [(12, 30)])
    ('direct', 'mixed')
    """
    content = " ".join(text[start:end] for start, end in sorted(spans)).lstrip()
    double = DOUBLE_MARK.search(content)
    opening = SINGLE_OPENING.search(content)
    closing = max((match.start() for match in SINGLE_CLOSING.finditer(content)), default=-1) if opening else -1
    single = opening.start() if opening and closing > opening.start() else None
    if (double and double.start() == 0) or single == 0:
        return "direct"
    return "mixed" if double or single is not None else "indirect"


def _tokens(span: Pair, text: str, tokens: list[Pair]) -> Tokens:
    """The numbers of the tokens that a span touches."""
    start, end = span
    if not 0 <= start < end <= len(text):
        raise TableError(f"spans: [{start}, {end}] is empty or lies outside its text, which has {len(text)} characters.")
    first = bisect_right(tokens, start, key=lambda token: token[1])
    return frozenset(range(first, bisect_left(tokens, end, lo=first, key=lambda token: token[0])))


def _dice(a: Tokens, b: Tokens) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def _pairs(gold: Sequence[Tokens], predicted: Sequence[Tokens], tie: Callable[[int, int], float] = lambda *_: 0.0) -> list[Pair]:
    """Pair one to one, most alike first (then by `tie`, then in order), what is alike enough; empty sets pair with nothing."""
    holders: dict[int, list[int]] = defaultdict(list)
    for j, tokens in enumerate(predicted):
        for token in tokens:
            holders[token].append(j)
    candidates = []
    for i, tokens in enumerate(gold):
        for j, shared in Counter(j for token in tokens for j in holders[token]).items():
            dice = 2 * shared / (len(tokens) + len(predicted[j]))
            if dice >= ALIKE:
                candidates.append((-dice, -tie(i, j), i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, i, j in sorted(candidates):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return list(pairs.items())


def _plain(right: int, n_predicted: int, n_gold: int) -> Counts:
    return right, n_predicted, right, n_gold


def _span_counts(gold: list[_Marked], predicted: list[_Marked]) -> list[Counts]:
    filled = [([a.role(role) for a in gold if a.role(role)], [a.role(role) for a in predicted if a.role(role)]) for role in SPAN_ROLES]
    inside = [(frozenset().union(*g), frozenset().union(*p)) for g, p in filled]
    pieces = [tuple(frozenset().union(*(a.pieces[role] for a in side)) for side in (gold, predicted)) for role in SPAN_ROLES]
    return [
        *(_plain(len(g & p), len(p), len(g)) for g, p in inside),
        *(_plain(len(_pairs(g, p)), len(p), len(g)) for g, p in filled),
        *(_plain((Counter(g) & Counter(p)).total(), len(p), len(g)) for g, p in filled),
        *(_plain(len(g & p), len(p), len(g)) for g, p in pieces),
    ]


def _content_pairs(gold: list[_Marked], predicted: list[_Marked]) -> list[Pair]:
    def alike(i: int, j: int) -> float:
        return _dice(gold[i].source, predicted[j].source)

    return _pairs([a.content for a in gold], [a.content for a in predicted], alike)


def _right_pairs(gold: list[_Marked], predicted: list[_Marked]) -> list[Pair]:
    return [(i, j) for i, j in _content_pairs(gold, predicted) if _dice(gold[i].source, predicted[j].source) >= ALIKE]


def _attribution_counts(gold: list[_Marked], predicted: list[_Marked]) -> list[Counts]:
    pairs, matched_right = _content_pairs(gold, predicted), _right_pairs(gold, predicted)
    exact = [(i, j) for i, j in pairs if gold[i].content == predicted[j].content and gold[i].source == predicted[j].source]
    n_predicted, n_gold = (Counter(a.kind for a in side) for side in (predicted, gold))
    by_kind = [
        (sum(predicted[j].kind == kind for _, j in matched), n_predicted[kind], sum(gold[i].kind == kind for i, _ in matched), n_gold[kind])
        for kind in KINDS
        for matched in (pairs, matched_right, exact)
    ]
    whole = [_plain(len(matched), len(predicted), len(gold)) for matched in (matched_right, exact)]
    return [*whole, _plain(len(matched_right), len(pairs), len(pairs)), *by_kind]


# ------------------------------------------------------------------------------------------------------------ who says what

FOLLOWS = 400  # characters that may lie between a quotation and one that follows on from it
TITLES = {"the", "a", "an", "of", "mr", "mrs", "ms", "president", "minister", "unnamed", "s"}
SAME_NAME = 0.6


@dataclass(frozen=True, slots=True)
class _Said:
    """One attribution with whom it is given to; a gold one may have several acceptable answers."""

    content: Spans
    source: Spans
    bare: bool  # a quotation wholly in quotation marks, without cue and source of its own
    answers: dict[str, tuple[str, ...]]  # speaker, affiliation, role
    nested: bool
    disputed: bool
    optional: bool

    @property
    def start(self) -> int:
        return min(start for start, _ in self.content)

    @property
    def end(self) -> int:
        return max(end for _, end in self.content)

    @property
    def counts(self) -> bool:
        return not (self.nested or self.disputed or self.optional)


def who_says_scores(gold: Found, predicted: Found, *, rng: int | np.random.Generator = 0) -> pd.DataFrame:
    """Score who says what for whom: contents with their source, speaker, affiliation and role.

    Parameters
    ----------
    gold : Found
        The hand annotation, with speaker, affiliation and role; see `read_gold`. Attributions that are nested, disputed or
        optional neither help nor hurt.
    predicted : Found
        What a program found and resolved in the same texts. A gold document it lacks counts as without attributions.
    rng : int or Generator
        Seed or generator of the bootstrap.

    Returns
    -------
    DataFrame
        Table *measures* with precision, recall and, as the estimate, F1, all in [0, 1]; n counts the gold, n_predicted the
        predicted. `content`: contents paired one to one at Dice 0.5; `content_and_source`: with the right source words;
        `who_says`: with the right affiliation. `speaker_right`, `affiliation_right`, `role_right`: the share of
        the pairs that have it right. `content_tokens`, `who_says_tokens`: tokens inside a content, and inside one of the right affiliation;
        what a share of voice is made of.

    Raises
    ------
    TableError
        If the texts of a document differ, or a span lies outside its text.

    Notes
    -----
    A quotation that follows within 400 characters on another, without cue and source of its own and without another speaker, is joined to
    it on both sides, so that both ways of annotating score alike. Two speakers are the same if their names are, or their last
    words, or 0.6 of their words (Dice), without titles. How to read: 1 is full agreement; `who_says_tokens` bounds how far a share of
    voice can be trusted. Do not compare figures from different codebooks.

    Source: own definition, for news on wars, where sources are resolved to camps; pairs as in `attribution_scores`.

    Examples
    --------
    >>> import newsanalysis as na
    >>> documents = na.documents(["NATO Secretary-General Jens Stoltenberg said the alliance would help Ukraine."])
    >>> found = na.resolve(na.attribute(documents), codebook="ukraine_war")
    >>> na.who_says_scores(found, found).head(3)[["measure", "estimate"]].values.tolist()
    [['content', 1.0], ['content_and_source', 1.0], ['who_says', 1.0]]
    """
    return _scores(*counts(gold, predicted, "who_says"), rng)


def _who_says_documents(gold: Found, predicted: Found) -> np.ndarray:
    said_gold, said_predicted = _said_by_document(gold), _said_by_document(predicted)
    return np.array(
        [_who_says_counts(text, said_gold.get(document_id, []), said_predicted.get(document_id, [])) for document_id, text in _shared_texts(gold, predicted)]
    )


def _said_by_document(found: Found) -> dict[str, list[_Said]]:
    texts = dict(zip(found.documents.document_id, found.documents.text, strict=True))
    documents = _by_document(found)
    rows: dict[str, list[dict[Hashable, Any]]] = defaultdict(list)
    for row in found.attributions.to_dict("records"):
        rows[row["document_id"]].append(row)
    return {
        document_id: [_said(row, spans, texts[document_id]) for row, spans in zip(rows[document_id], each, strict=True)]
        for document_id, each in documents.items()
    }


def _said(row: dict[Hashable, Any], spans: dict[str, Spans], text: str) -> _Said:
    answers = {name: tuple(answer for key in (name, f"{name}_also") for answer in _answers(row.get(key))) for name in RESOLVED}
    flags = [row.get(name) is True for name in EXTRA]
    bare = not spans["cue"] and not spans["source"] and not flags[0] and scored_kind(text, spans["content"]) == "direct"
    return _Said(spans["content"], spans["source"], bare, answers, *flags)


def _answers(cell: Any) -> list[str]:
    return cell.split(" | ") if isinstance(cell, str) and cell else []


def _joined(attributions: list[_Said]) -> list[_Said]:
    """Join follow-on quotations to the attribution before them."""
    joined: list[_Said] = []
    for said in sorted(attributions, key=lambda said: said.start):
        before = [n for n, other in enumerate(joined) if not other.nested and other.end <= said.start + 1]
        last = max(before, key=lambda n: joined[n].end, default=None)
        if said.bare and last is not None and _follows(said, joined[last]):
            joined[last] = replace(joined[last], content=joined[last].content + said.content, disputed=joined[last].disputed and said.disputed)
        else:
            joined.append(said)
    return joined


def _follows(said: _Said, last: _Said) -> bool:
    here, there = set(said.answers["speaker"]), set(last.answers["speaker"])
    return said.start - last.end <= FOLLOWS and (not here or not there or bool(here & there))


def _who_says_counts(text: str, gold: list[_Said], predicted: list[_Said]) -> list[Counts]:
    tokens = [match.span() for match in TOKEN.finditer(text)]
    gold, predicted = _joined(gold), _joined(predicted)
    contents, sources = ([[_union(spans(said), text, tokens) for said in side] for side in (gold, predicted)] for spans in (_content, _source))

    def alike(i: int, j: int) -> float:
        return _dice(sources[0][i], sources[1][j])

    counted = [tokens if said.counts else frozenset() for said, tokens in zip(gold, contents[0], strict=True)]
    pairs = _pairs(counted, contents[1], alike)
    used = {j for _, j in pairs}
    others = [frozenset() if said.counts else tokens for said, tokens in zip(gold, contents[0], strict=True)]
    neutral = _pairs(others, [frozenset() if j in used else tokens for j, tokens in enumerate(contents[1])])
    n_gold, n_predicted = sum(said.counts for said in gold), len(predicted) - len(neutral)
    right = {name: sum(_same(name, gold[i], predicted[j]) for i, j in pairs) for name in RESOLVED}
    whole = (len(pairs), sum(alike(i, j) >= ALIKE for i, j in pairs), right["affiliation"])
    return [
        *(_plain(n, n_predicted, n_gold) for n in whole),
        *(_plain(right[name], len(pairs), len(pairs)) for name in RESOLVED),
        *_token_counts(_camps(gold, counted), frozenset().union(*others), _camps(predicted, contents[1])),
    ]


def _content(said: _Said) -> Spans:
    return said.content


def _source(said: _Said) -> Spans:
    return said.source


def _union(spans: Spans, text: str, tokens: list[Pair]) -> Tokens:
    return frozenset().union(*(_tokens(span, text, tokens) for span in spans))


def _camps(side: list[_Said], contents: list[Tokens]) -> dict[int, set[str | None]]:
    """For each token inside a content, the affiliations it is given to."""
    camps: dict[int, set[str | None]] = defaultdict(set)
    for said, tokens in zip(side, contents, strict=True):
        for token in tokens:
            camps[token].update(said.answers["affiliation"] or (None,))
    return camps


def _token_counts(gold: dict[int, set[str | None]], free: Tokens, predicted: dict[int, set[str | None]]) -> tuple[Counts, Counts]:
    both = gold.keys() & predicted.keys()
    n_predicted = len(predicted.keys() - (free - gold.keys()))
    return _plain(len(both), n_predicted, len(gold)), _plain(sum(bool(gold[t] & predicted[t]) for t in both), n_predicted, len(gold))


def _same(name: str, gold: _Said, predicted: _Said) -> bool:
    if name == "speaker":
        return any(_same_name(a, b) for a in predicted.answers["speaker"] for b in gold.answers["speaker"])
    return bool(set(gold.answers[name] or (None,)) & set(predicted.answers[name] or (None,)))


def _same_name(a: str, b: str) -> bool:
    here, there = _name_words(a), _name_words(b)
    if not here or not there:
        return False
    shared = 2 * len(set(here) & set(there)) / (len(set(here)) + len(set(there)))
    return here == there or (here[-1] == there[-1] and len(here[-1]) > 2) or shared >= SAME_NAME


def _name_words(name: str) -> list[str]:
    plain = re.sub(r"[’']s\b", "", name.lower())
    return [word for word in re.sub(r"[^\w\s]", " ", plain).split() if word not in TITLES]
