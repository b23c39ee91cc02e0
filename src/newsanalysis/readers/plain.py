"""Plain text: one article a file, or an article followed by headlines, as in the seed file.

The seed layout is an article, at least two blank lines, then headlines, one a line. It is recognised by its content, never
by the file's name.

>>> article, lines = split_headlines("Rain fell. " * 30 + "\\n\\n\\nRain Closes Three Roads\\nMayor Promises New Bridge\\nSchools Stay Open Despite Rain")
>>> lines
['Rain Closes Three Roads', 'Mayor Promises New Bridge', 'Schools Stay Open Despite Rain']
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.limits import read_whole
from newsanalysis.readers.text import clean, decode

_GAP = re.compile(r"\n(?:[^\S\n]*\n){2,}")
_STOP = re.compile(r"(?<!\b[A-Z])[.][\"”’'»)\]]*$")
_NO_TITLE_END = re.compile(r"[.!?…:;,][\"”’'»)\]]*$")
_TITLE_LENGTH, _HEADLINE_LENGTH = 150, 250


def split_headlines(text: str) -> tuple[str, list[str]]:
    """Split the seed layout into article and headlines; any other text has none.

    Headlines are the last block, after two or more blank lines: three lines or more, each of 3 words to 250 characters,
    five words on average, not ending in a full stop. The article before them has at least one full stop and forty words.

    >>> split_headlines("One paragraph only.")
    ('One paragraph only.', [])
    """
    gaps = list(_GAP.finditer(text))
    if not gaps:
        return text, []
    article, block = text[: gaps[-1].start()], text[gaps[-1].end() :]
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    words = [len(line.split()) for line in lines]
    short = len(lines) >= 3 and min(words) >= 3 and sum(words) >= 5 * len(lines) * 0.8
    if short and all(len(line) <= _HEADLINE_LENGTH and not _STOP.search(line) for line in lines) and _is_article(article):
        return article.rstrip(), lines
    return text, []


def _is_article(text: str) -> bool:
    return len(text.split(maxsplit=40)) >= 40 and any(_STOP.search(line.rstrip()) for line in text.split("\n"))


def split_title(text: str) -> tuple[str | None, str]:
    """Split off the first line if it looks like a title: short, no stop at its end, a blank line after it.

    >>> split_title("Rain Closes Roads\\n\\nRain fell on Monday.")
    ('Rain Closes Roads', 'Rain fell on Monday.')
    >>> split_title("Rain fell on Monday.\\n\\nRoads were closed.")
    (None, 'Rain fell on Monday.\\n\\nRoads were closed.')
    """
    first, _, rest = text.partition("\n")
    blank, _, _ = rest.partition("\n")
    if rest.strip() and not blank.strip() and len(first) <= _TITLE_LENGTH and not _NO_TITLE_END.search(first.strip()):
        return first.strip(), rest.strip()
    return None, text


def read_plain(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read one plain text file.

    Returns
    -------
    Parsed
        One record, or in the seed layout one for the article and one for each headline.

    Raises
    ------
    ReadError
        The file is empty, binary or in no known encoding.
    """
    decoded = decode(read_whole(path))
    text, mended = clean(decoded.text)
    if not (text := text.strip()):
        raise ReadError("the file is empty")
    notes = [note for note in (decoded.note, mended) if note]
    article, lines = split_headlines(text)
    title, body = split_title(article)
    if not lines:
        return Parsed("text@1", "plain text", {"text": [body], "title": [title], "kind": ["article"]}, [1], [""], notes=notes, encoding=decoded.encoding)
    n = len(lines)
    width = max(2, len(str(n)))
    return Parsed(
        "seed@1",
        "plain text",
        {"text": [body, *lines], "title": [title, *[None] * n], "kind": ["article", *["headline"] * n]},
        numbers=list(range(1, n + 2)),
        endings=["", *(f"-h{i:0{width}d}" for i in range(1, n + 1))],
        unit="part",
        notes=notes,
        encoding=decoded.encoding,
    )
