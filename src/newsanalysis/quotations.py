"""Quotation marks in a string: pairs, nesting, unclosed ones, and quotations that run over paragraphs.

One pass, in linear time, over any string: curly, straight, ``''``, guillemets, „…“ and single marks (never apostrophes).
A paragraph ends at a line break. A double mark that is not closed in its paragraph runs to the paragraph's end; when the
next paragraph opens with the same mark, or closes a mark it never opened, that paragraph *continues* the quotation.

>>> [(q.start, q.end, q.mark) for q in quotations("“Go,” he said. 'Now' isn't too soon.")]
[(0, 5, '“'), (15, 20, "'")]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_EVENT = re.compile(r"(?<=\S)'(?=''(?!'))|``|''|[\"“”„‟«»‹›‘’‚']")
_PARAGRAPH = re.compile(r"[^\r\n\u2028\u2029]+")
_CLOSERS = {
    '"': '"', "''": "''", "``": "''", "“": "”“", "”": "”", "„": "“”", "‟": "”", "«": "»", "»": "«", "‹": "›", "›": "‹",
    "'": "'’", "‘": "’'", "‚": "‘’",
}  # fmt: skip
_SINGLE = frozenset("'‘‚")
_NESTING = frozenset("«»‹›")
_DEEPEST = 8
_ALWAYS_OPENING = frozenset(("“", "„", "‟", "‘", "‚", "``"))
_OPENING_BEFORE = frozenset("([{<-–—―/\"“„«‹‘‚'`…:>")
_SHORTENED = re.compile(r"(?:\d0s?\b|\d\d\b|(?:em|til|tis|twas|cause|bout|round|n)\b)", re.IGNORECASE)
_MOST_PARAGRAPHS_WITHOUT_MARK = 3
_DOUBLE_MARK = re.compile("[\"“”„«»]|''|``")


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation, or its part in one paragraph, with its marks.

    Parameters
    ----------
    start, end : int
        Code points, half-open, marks included; an unclosed one ends with its paragraph, or where the same mark opens anew.
    mark : str
        The opening mark, which tells the style; for a part that continues without a mark of its own, that of the first part.
    closed : bool
        Whether a closing mark stands at its end.
    level : int
        How many quotations it lies within: 0 for the outermost.
    continues : bool
        Whether it carries on the quotation that the paragraph before left open.

    Examples
    --------
    >>> quotations("„Ja“")
    [Quotation(start=0, end=4, mark='„', closed=True, level=0, continues=False)]
    """

    start: int
    end: int
    mark: str
    closed: bool
    level: int
    continues: bool


@dataclass(slots=True)
class _Open:
    """A mark that waits for its closing one; `weak` is where it closes unless a surer place comes (the mark in ‘voters’ rage’)."""

    start: int
    mark: str
    continues: bool
    weak: int = 0


def quotations(text: str) -> list[Quotation]:
    """Return the quotations of a text, in the order of their opening marks.

    Parameters
    ----------
    text : str
        Any text; it need not be well formed, and nothing is raised.

    Returns
    -------
    list of Quotation
        Offsets in code points; two quotations are either apart or one lies within the other.

    Examples
    --------
    >>> text = "“He said ‘no’ twice,” she said.\\n“I heard it.\\n“I did.”"
    >>> [(text[q.start:q.end], q.level, q.closed, q.continues) for q in quotations(text)]
    [('“He said ‘no’ twice,”', 0, True, False), ('‘no’', 1, True, False),
     ('“I heard it.', 0, False, False), ('“I did.”', 0, True, True)]
    """
    found: list[Quotation] = []
    pending: Quotation | None = None
    between: list[tuple[int, int]] = []
    for start, end in _paragraphs(text):
        inside, stray = _in_paragraph(text, start, end, pending)
        if pending and stray and stray[1] in _CLOSERS[pending.mark] and (not inside or inside[0].start >= stray[0]):
            found += [Quotation(a, b, pending.mark, False, 0, True) for a, b in between]
            inside.insert(0, Quotation(start, stray[0] + len(stray[1]), pending.mark, True, 0, True))
        elif pending and not inside and not stray and len(between) < _MOST_PARAGRAPHS_WITHOUT_MARK:
            between.append((start, end))
            continue
        found += inside
        last = max((q for q in inside if q.level == 0), key=lambda q: q.end, default=None)
        pending = last if last and not last.closed and last.end == end else None
        between = []
    return found


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Give the (start, end) of each paragraph that is not blank, without the white space around it."""
    for match in _PARAGRAPH.finditer(text):
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        if line.strip():
            yield start, start + len(line.strip())


def _in_paragraph(text: str, start: int, end: int, pending: Quotation | None) -> tuple[list[Quotation], tuple[int, str] | None]:
    """Return a paragraph's quotations and its first double closing mark that closes nothing."""
    found: list[Quotation] = []
    stack: list[_Open] = []
    stray: tuple[int, str] | None = None
    for match in _EVENT.finditer(text, start, end):
        at, mark = match.span()[0], match.group()
        before = text[at - 1] if at > start else ""
        after = text[match.end()] if match.end() < end else ""
        opens = _looks_opening(mark, before, after)
        depth = next((d for d in range(len(stack) - 1, -1, -1) if mark in _CLOSERS[stack[d].mark]), None)
        if mark in "'’" and (before.isalnum() and after.isalnum()):
            continue
        if depth is not None and not (opens and mark == stack[depth].mark) and _may_close(mark, before):
            if mark in "'’" and before in "sS" and after.isspace():
                stack[depth].weak = stack[depth].weak or match.end()
            else:
                _close(stack, depth, at, match.end(), found)
        elif mark in _CLOSERS and _may_open(text, match.end(), mark, before, opens):
            again = next((d for d, one in enumerate(stack) if one.mark == mark), None)
            if again is not None and (mark not in _NESTING or len(stack) == _DEEPEST):
                _give_up(stack, again, at, text, found)
            stack.append(_Open(at, mark, bool(pending and at == start and mark == pending.mark)))
        elif stray is None and mark not in "'’‘›‹" and not stack and not (before.isdigit() and mark in "\"''"):
            stray = (at, mark)
    _give_up(stack, 0, end, text, found)
    return sorted(found, key=lambda q: (q.start, -q.end)), stray


def _looks_opening(mark: str, before: str, after: str) -> bool:
    """Tell whether the characters around a mark are those around an opening one."""
    starts = not before or before.isspace() or before in _OPENING_BEFORE
    if mark in _ALWAYS_OPENING:
        apart = not before or before.isspace()
        return apart or (bool(after) and not after.isspace() and not (mark == "‘" and before.isalnum()))
    return starts and bool(after) and not after.isspace() and after not in ".,;:!?)]"


def _may_close(mark: str, before: str) -> bool:
    """Tell whether a mark can close: a single one never after white space."""
    return mark not in ("'", "’", "‘") or bool(before and not before.isspace())


def _may_open(text: str, after: int, mark: str, before: str, opens: bool) -> bool:
    """Tell whether a mark opens a quotation here: no apostrophe, no inch sign, no closing mark gone astray."""
    if mark == "«":
        return not before.isalnum()
    if mark in ("'", "‘"):
        return opens and text[after : after + 1].isalnum() and not _SHORTENED.match(text, after)
    if mark in ('"', "''"):
        following = text[after : after + 1]
        return opens or (not before.isalnum() and following.isalnum()) or ((not before or before.isspace()) and following.isspace())
    return opens


def _close(stack: list[_Open], depth: int, at: int, end: int, found: list[Quotation]) -> None:
    """Close the mark at this depth; those opened within it are given up."""
    _give_up(stack, depth + 1, at, "", found)
    one = stack.pop()
    found.append(Quotation(one.start, end, one.mark, True, depth, one.continues))


def _give_up(stack: list[_Open], depth: int, at: int, text: str, found: list[Quotation]) -> None:
    """End the marks from this depth on where nothing closed them; a single one was an apostrophe, unless a weak place closes it."""
    while len(stack) > depth:
        one = stack.pop()
        if one.mark in _SINGLE:
            if one.weak:
                found.append(Quotation(one.start, one.weak, one.mark, True, len(stack), one.continues))
            continue
        end = at
        while text and end > one.start + 1 and text[end - 1].isspace():
            end -= 1
        if end > one.start + len(one.mark):
            found.append(Quotation(one.start, end, one.mark, False, len(stack), one.continues))


def kind(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return how a content is quoted: direct, mixed or indirect.

    *direct*: all its words stand in quotation marks; *mixed*: some do; *indirect*: none do. The pieces are read as one string, so
    that a quotation which the cue interrupts, or which one mark opens and another piece closes, is one; a mark that is never
    closed counts to the end of the content. An apostrophe is no quotation mark.

    Parameters
    ----------
    text : str
        The document's text.
    spans : iterable of (start, end)
        The pieces of the content, in any order.

    Returns
    -------
    str
        ``direct``, ``mixed`` or ``indirect``; for a content without any word, ``indirect``.

    Notes
    -----
    Published scores of attribution systems sort by a simpler rule (*direct*: the content begins with a mark), which
    ``na.attribution_scores`` follows for its rows by kind; the two differ in contents such as “a genius” for his strategies.

    Examples
    --------
    >>> kind("He said “no”.", [(8, 12)]), kind("He said it is “off”.", [(8, 19)]), kind("He said it isn’t.", [(8, 16)])
    ('direct', 'mixed', 'indirect')
    """
    content = re.sub(r"\s", " ", " ".join(text[start:end] for start, end in sorted(spans)))
    outside, at = [], 0
    for quotation in quotations(content):
        outside.append(content[at : quotation.start])
        at = max(at, quotation.end)
    words = any(map(str.isalnum, "".join([*outside, content[at:]])))
    if at and not words:
        return "direct"
    return "mixed" if at or _DOUBLE_MARK.search(content) else "indirect"
