"""Tone toward actors, over many mentions: shares and their balance, with intervals that resample whole documents."""

from __future__ import annotations

import numpy as np
import pandas as pd

from newsanalysis import tables
from newsanalysis.measures import By, copies_in, groups_of, name_of, numbered, rates, shares_within, with_copies
from newsanalysis.origins import traced
from newsanalysis.sums import Rng, add_up
from newsanalysis.tables import TableError
from newsanalysis.tone_model import TONES


@traced
def target_tone_share(mentions: pd.DataFrame, *, by: By | None = "actor", rng: Rng = 0) -> pd.DataFrame:
    """Return, for each actor or other group, the shares of its mentions with a negative, neutral and positive tone toward it.

    share(tone | g) = mentions of g with this tone / mentions of g.

    Parameters
    ----------
    mentions : DataFrame
        What ``na.target_tone(mentions)`` returned: at least ``document_id`` and ``tone``.
    by : str or list of str, optional
        The group: ``actor``, ``affiliation``, ``voice``, or a column merged in, such as ``outlet``; None for all together.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``target_tone_share`` with the group and ``tone``, no unit, in [0, 1], adding to 1 in each group; the largest group
        first, in each negative, neutral, positive. ``n`` counts the mentions with the row's tone.

    Raises
    ------
    TableError
        A column is missing, or a tone is none of the three.

    Notes
    -----
    Read .4 negative as: of a hundred mentions, forty stand in sentences that the coder takes for negative toward the actor; not that the outlet
    is against the actor: war and crime are reported so. The interval speaks of other articles like these. It does not hold the coder's error
    (docs/tone.md): rare tones are overstated, and shares lie nearer to one another than they are. Compare groups within one corpus; do not
    compare with shares by word lists, by hand codes that were not corrected for, or by another model.

    Source: plain counting; for the categories, Hamborg & Donnay (2021), NewsMTSC, Proceedings of EACL, pp. 1663-1675.

    Examples
    --------
    >>> import pandas as pd
    >>> toned = pd.DataFrame({"document_id": ["a", "a", "b", "b"], "actor": "NATO", "tone": ["negative", "neutral", "negative", "positive"]})
    >>> target_tone_share(toned)[["actor", "tone", "estimate", "n"]].values.tolist()
    [['NATO', 'negative', 0.5, 2], ['NATO', 'neutral', 0.25, 1], ['NATO', 'positive', 0.25, 1]]
    """
    toned = _toned(mentions, "target_tone_share")
    groups = groups_of(toned, by, "target_tone_share", own=("tone",))
    added = add_up(numbered(toned), [groups, toned["tone"]])
    return with_copies(shares_within("target_tone_share", added, (name_of(by), "tone"), rng=rng, order=TONES), copies_in("target_tone_share", mentions))


@traced
def target_tone_net(mentions: pd.DataFrame, *, by: By | None = "actor", rng: Rng = 0) -> pd.DataFrame:
    """Return, for each actor or other group, the share of positive less the share of negative mentions.

    net(g) = (positive mentions of g - negative mentions of g) / mentions of g.

    Parameters
    ----------
    mentions : DataFrame
        What ``na.target_tone(mentions)`` returned: at least ``document_id`` and ``tone``.
    by : str or list of str, optional
        The group: ``actor``, ``affiliation``, ``voice``, or a column merged in, such as ``outlet``; None for all together.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``target_tone_net`` with the group, no unit, from -1 (all negative) to 1 (all positive); highest first. ``n``
        counts the group's mentions, neutral ones too.

    Raises
    ------
    TableError
        A column is missing, or a tone is none of the three.

    Notes
    -----
    Read -.3 as: in a hundred mentions thirty more are negative than positive. 0 is as much of both, or neither: see ``target_tone_share``.
    Actors of war and crime are below 0 in most news; compare the same actor between outlets rather than actors with one another. The
    coder's error pulls the value toward 0 and is not in the interval (docs/tone.md): do not compare with hand codes or with another model.

    Source: own definition, the plain difference of shares; Janis & Fadner (1943), A coefficient of imbalance, Psychometrika 8, pp. 105-119,
    weigh it further by how much is not neutral.

    Examples
    --------
    >>> import pandas as pd
    >>> toned = pd.DataFrame({"document_id": ["a", "a", "b", "b"], "actor": "NATO", "tone": ["negative", "neutral", "negative", "positive"]})
    >>> target_tone_net(toned)[["actor", "estimate", "n", "n_documents"]].values.tolist()
    [['NATO', -0.25, 4, 2]]
    """
    toned = _toned(mentions, "target_tone_net")
    signs = np.asarray(toned["tone"].map({"negative": -1.0, "neutral": 0.0, "positive": 1.0}), dtype=np.float64)
    groups = groups_of(toned, by, "target_tone_net")
    added = add_up(numbered(toned), [groups], [signs, np.ones(len(toned))])
    return with_copies(rates("target_tone_net", added, [name_of(by)], rng=rng), copies_in("target_tone_net", mentions))


def _toned(mentions: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The mentions, if each has its document and one of the tones."""
    if not isinstance(mentions, pd.DataFrame):
        raise TableError(f"{measure}: a pandas DataFrame is needed, not {type(mentions).__name__}; give na.target_tone(mentions).")
    for column in ("document_id", "tone"):
        if column not in mentions:
            found = ", ".join(map(str, mentions.columns)) or "none"
            raise TableError(f"{measure}: column {column!r} is missing; give na.target_tone(mentions) (columns found: {found}).")
    wrong = ~mentions["tone"].isin(TONES) | mentions["document_id"].isna()
    if wrong.any():
        row = mentions[wrong].iloc[0]
        shown = repr(row["tone"])[: tables.SHOWN]
        raise TableError(
            f"{measure}: {int(wrong.sum())} of {len(mentions)} rows are wrong, first with tone {shown} in document {row['document_id']!r}; "
            f"allowed: {', '.join(TONES)}, and a document_id."
        )
    return mentions.reset_index(drop=True)
