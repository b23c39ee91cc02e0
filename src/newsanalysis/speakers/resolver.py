"""All sources of a document together: names first, then what takes them up, in the order of the text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort

from newsanalysis.codebooks import words_of
from newsanalysis.speakers import document as documents
from newsanalysis.speakers.descriptions import Open, source
from newsanalysis.speakers.model import Said, Speaker
from newsanalysis.speakers.salience import Before, Spoken, of_description, of_pronoun, subject
from newsanalysis.speakers.words import function

_REPEATED = 3  # a headline's words are those of the article's speaker who says at least one in so many of them
_FOLLOW_ON = 400  # characters after which a bare quotation no longer goes on with the speaker before it


def _same_sentence(before: Before, one: Said) -> Speaker:
    """Rule 6 for a cue: who speaks in the part of the sentence that it goes on with ("..., adding that", "and said")."""
    cue, document = one.cue[0][0], before.document
    i = bisect_right(document.starts, cue) - 1
    alone = i < 1 or "," in document.text[document.words[i - 1].end : cue] or function(document.words[i - 1]) not in ("verb", "determiner")
    ing = i >= 0 and document.words[i].key.endswith("ing") and alone  # neither "was saying" nor "the saying"
    if not (ing or (i > 0 and document.words[i - 1].key in ("and", "but"))) or not document.bounds:
        return Speaker(None)
    start = document.bounds[document.sentence(cue)][0]
    same = before.between(start, cue)
    found = same[-1].speaker if same else subject(document, start, cue)
    return found._replace(basis="implied") if found else Speaker(None)


def _inherited(done: list[tuple[int, Speaker]], one: Said) -> Speaker:
    """Rule 6: the speaker of a quotation that goes on with the one before it."""
    near = done[bisect_left(done, one.first - _FOLLOW_ON, key=lambda d: d[0]) : bisect_right(done, one.first, key=lambda d: d[0])]
    return near[-1][1]._replace(basis="inherited") if near and one.kind != "indirect" else Speaker(None)


def _of_headline(before: Before, speakers: list[Speaker], n: int) -> Speaker:
    """Rule 6 for words in the headline: who says the most of them in the article, if it is a good part."""
    asked = _content_words(before, n)
    shares = [(len(asked & _content_words(before, other)), -other) for other, speaker in enumerate(speakers) if other != n and speaker.name]
    most, other = max(shares, default=(0, 0))
    return speakers[-other]._replace(basis="implied") if most >= min(_REPEATED, max(len(asked), 2)) and most * _REPEATED >= len(asked) else Speaker(None)


def _content_words(before: Before, n: int) -> set[str]:
    """The words of a content that carry meaning."""
    words = (word for start, end in before.said[n].content for word in words_of(before.document.text[start:end]))
    return {word.key for word in words if not function(word) and len(word.key) > 2}


def speakers_in(text: str, said: list[Said]) -> list[Speaker]:
    """Resolve all attributions of one document together.

    Parameters
    ----------
    text : str
        The document's text.
    said : list of Said
        Its attributions, in any order.

    Returns
    -------
    list of Speaker
        One an attribution, in the order given.

    Examples
    --------
    >>> text = "Jens Stoltenberg arrived. Stoltenberg said it was late."
    >>> speakers_in(text, [Said(((26, 37),), ((38, 42),), ((43, 54),), "indirect")])[0].name
    'Jens Stoltenberg'
    """
    document = documents.read(text, [span for one in said if one.kind == "direct" for span in one.content])
    speakers = [Speaker(None)] * len(said)
    before = Before(document, said, [], {})
    done: list[tuple[int, Speaker]] = []  # by the end of the content
    later: list[tuple[int, int, Open | None]] = []

    def settle(n: int, speaker: Speaker) -> None:
        speakers[n] = speaker
        if speaker.name is None:
            return
        insort(done, (said[n].last, speaker), key=lambda d: d[0])
        if said[n].source:
            insort(before.spoken, Spoken(said[n].source[0][0], said[n].source[-1][1], n, speaker), key=lambda s: s.start)

    for n, one in enumerate(said):
        if not one.source:
            later.append((one.first, n, None))
            continue
        at = one.source[0][0]
        found = source(document, " ".join(text[start:end] for start, end in one.source), at)
        if isinstance(found, Speaker):
            settle(n, found)
        else:
            later.append((at, n, found))
    headline = text.find("\n", len(text) - len(text.lstrip()))
    for at, n, asked in sorted(later, key=lambda entry: entry[:2]):
        if asked is None:
            settle(n, _same_sentence(before, said[n]) if said[n].cue else _inherited(done, said[n]))
        elif asked.words:
            settle(n, of_description(before, n, asked, at))
        else:
            settle(n, of_pronoun(before, n, asked.what, at))
    for at, n, asked in later:
        if asked is None and at < headline and speakers[n].name is None:
            speakers[n] = _of_headline(before, speakers, n)
    return speakers
