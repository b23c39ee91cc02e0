"""Whether an attribution reports speech or a private state: what somebody said, or what somebody thinks, feels, wants or intends.

Decided by the cue alone. The words are rows of the word codebook ``modes`` (``na.codebooks.words("modes")``): verbs, nouns and adjectives
of belief, knowledge, perception, desire, intention, decision, attitude and emotion; and those of saying, as far as a word of the first
sort may follow them ("expressed concern", "known as").
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from newsanalysis import codebooks

RAISING = frozenset({"appearance", "expectation", "attempt"})
"""Classes of words that leave the last say to a verb of saying behind them: *seemed to suggest*, *is expected to announce*, *tried to explain*."""


def mode(cue: str | None, kind: str) -> str:
    r"""Return ``speech`` or ``private`` for an attribution with this cue and kind.

    Parameters
    ----------
    cue : str or None
        The words of the cue, pieces in reading order.
    kind : str
        ``direct``, ``mixed`` or ``indirect``.

    Returns
    -------
    str
        ``private`` where the first word of the cue that tells is one of a private state; ``speech`` where it is one of saying,
        where no word tells, and where there is no cue. Words of appearance, expectation and attempt tell only if no word of saying
        follows. A direct quotation is speech unless its cue is one of silent thought (*thought*, *wondered*).

    Notes
    -----
    How to read it: a private state is one that is not open to observation (belief, wish, intention, feeling); what reports it may
    rest on what was said. The rule sees the cue, not the sentence: *concluded* is speech, whoever concluded.
    ``benchmarks/results/mode.csv`` says how often it is right.

    Source: private states after Wiebe, Wilson & Cardie (2005), *Annotating expressions of opinions and emotions in language*, Language
    Resources and Evaluation 39, pp. 165-210; attribution types after Prasad et al. (2007), *The Penn Discourse Treebank 2.0 annotation
    manual*; verb classes after Levin (1993), *English verb classes and alternations*, and VerbNet. The assignment of words is our own.

    Examples
    --------
    >>> mode("said", "indirect"), mode("fear", "indirect"), mode("expressed fear", "mixed"), mode(None, "direct")
    ('speech', 'private', 'speech', 'speech')
    >>> mode("is expected", "indirect"), mode("is expected to announce", "indirect"), mode("wants to say", "indirect")
    ('private', 'speech', 'private')
    >>> mode("recalled", "direct"), mode("remembered", "direct"), mode("thought", "direct")
    ('speech', 'speech', 'private')
    """
    if not cue:
        return "speech"
    told = _told(cue)
    if kind == "direct":
        return "private" if told[:1] == (("private", "thought"),) else "speech"
    said = ("speech", "speech") in told
    return next((value for value, group in told if not (said and group in RAISING)), "speech")


@lru_cache(maxsize=8192)
def _told(cue: str) -> tuple[tuple[str, str], ...]:
    """Return what the words of a cue tell, in order: value and class of each that is known."""
    return tuple(meanings[0] for _, _, meanings in codebooks.matches(codebooks.words_of(cue), _index()))


@lru_cache(maxsize=1)
def _index() -> codebooks.Phrases:
    """Index the words of the codebook, form by form."""
    listed = codebooks.words("modes")
    return codebooks.phrases(
        (" ".join(forms), (value, group))
        for pattern, value, group in zip(listed.pattern, listed.value, listed["class"], strict=True)
        for forms in product(*(word.split("|") for word in pattern.split()))
    )
