"""Who speaks about whom: of the actors that are named in what a group says, how many are of which group, and in what tone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from newsanalysis import tables
from newsanalysis.found import Found, needed, resolved
from newsanalysis.measures import OWN_COLUMNS, copies_in, groups_of, numbered, rates, shares_within, with_copies
from newsanalysis.origins import traced
from newsanalysis.sums import Rng, add_up
from newsanalysis.tables import TableError

ABOUT = "about"
SIGNS = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}


@traced
def who_about_whom(found: Found, mentions: pd.DataFrame, *, by: str = "affiliation", rng: Rng = 0) -> pd.DataFrame:
    """Return, for each group of speakers, whom they speak about: the groups of the actors named in what they say.

    about_share(h | g) = mentions of actors of h in contents of speakers of g / mentions of any actor in contents of speakers of g.

    Parameters
    ----------
    found : Found
        What was found, resolved (``na.resolve``).
    mentions : DataFrame
        ``na.mentions(found)``, or ``na.target_tone`` of it: then there is the tone of what is said, too.
    by : str
        The group, a column of both: ``affiliation``, ``role`` or ``actor_id``.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``about_share`` with the speakers' group and ``about``, the group they speak about; no unit, in [0, 1], adding to 1 for each group
        of speakers; the group that speaks of most first. ``n`` counts mentions. With a column ``tone``, below it also ``about_tone_net``: positive less
        negative mentions as a share of them, from -1 to 1, only for pairs that occur.

    Raises
    ------
    TableError
        For a column that is missing, for mentions in attributions that were not found, and for attributions that are not resolved.

    Notes
    -----
    Read .4 as: of a hundred times that speakers of g name an actor of the codebook, forty are of h. Mentions in the outlet's own voice do not count, nor do
    pronouns ("they"), so who is spoken of without a name is missing. Who speaks of himself by name counts as speaking about his own group. Long contents
    name more actors: compare shares, not n. The errors of the attribution, of the speaker's camp and of the mention add up; read the sentences first.

    Source: own definition; for claims of an actor about an addressee, Koopmans & Statham (1999), Political claims analysis, Mobilization 4, pp. 203-221.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.resolve(na.attribute(na.documents(["NATO said on Monday that Russia had lost."])))
    >>> who_about_whom(found, na.mentions(found))[["affiliation", "about", "estimate", "n"]].values.tolist()
    [['nato', 'russian', 1.0, 1]]
    """
    copies = copies_in("who_about_whom", needed(found, "who_about_whom"), mentions)
    spoken = spoken_of(found, mentions, by, "who_about_whom")
    whole = shares_within("about_share", add_up(numbered(spoken), [spoken[by], spoken[ABOUT]]), (by, ABOUT), rng=rng)
    if "tone" in spoken.columns:
        signs = np.asarray(spoken["tone"].map(SIGNS), dtype=np.float64)
        if np.isnan(signs).any():
            raise TableError("who_about_whom: a tone is none of negative, neutral, positive; give na.target_tone(mentions).")
        added = add_up(numbered(spoken), [spoken[by], spoken[ABOUT]], [signs, np.ones(len(spoken))])
        whole = pd.concat([whole, rates("about_tone_net", added, [by, ABOUT], rng=rng)], ignore_index=True)
    return with_copies(tables.check(whole, "measures"), copies)


def spoken_of(found: Found, mentions: pd.DataFrame, by: str, measure: str) -> pd.DataFrame:
    """Return the mentions in what is said, with the speaker's group in the column ``by`` and that of the actor named in ``about``; refuse what is not right.

    >>> import newsanalysis as na
    >>> found = na.resolve(na.attribute(na.documents(["NATO said on Monday that Russia had lost."])))
    >>> spoken_of(found, na.mentions(found), "affiliation", "who_about_whom")[["affiliation", "about", "actor"]].values.tolist()
    [['nato', 'russian', 'Russia']]
    """
    found = needed(found, measure)
    if not isinstance(mentions, pd.DataFrame) or tables.table_of(mentions) not in ("mentions", None):
        raise TableError(f"{measure}: for mentions {tables.called(mentions)} was given; give na.mentions(found).")
    absent = [name for name in ("document_id", "attribution_id", by) if name not in mentions]
    if absent:
        near = tables.nearest(by, [name for name in found.attributions.columns if name in mentions]) if absent == [by] else None
        raise TableError(f"{measure}: mentions has no column {absent[0]!r}; {f'did you mean {near!r}?' if near else 'give na.mentions(found).'}")
    if by in (ABOUT, *OWN_COLUMNS) or by not in found.attributions:
        raise TableError(f"{measure}: by={by!r} is no group of speakers; give a column that attributions and mentions both have, such as affiliation.")
    resolved(found.attributions, by, measure)
    inside = mentions[mentions["attribution_id"].notna()]
    stray = inside["attribution_id"][~inside["attribution_id"].isin(found.attributions["attribution_id"])]
    if len(stray):
        raise TableError(f"{measure}: {len(stray)} mentions, first in {stray.iloc[0]!r}, are in attributions that are not there; give na.mentions(found).")
    speakers = dict(zip(found.attributions["attribution_id"], groups_of(found.attributions, by, measure), strict=True))
    return inside.assign(**{ABOUT: groups_of(inside, by, measure), by: inside["attribution_id"].map(speakers).astype("str")})
