"""From bytes to text: encodings, line ends, NFC and characters that no text may hold. Shared by all readers.

>>> decode("Kherson – “Officials said”".encode("cp1252"))
Decoded(text='Kherson – “Officials said”', encoding='cp1252', damaged=0)
>>> clean("cafe\\u0301\\r\\nclosed")
('café\\nclosed', None)
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from typing import NamedTuple

from charset_normalizer import from_bytes

from newsanalysis.readers.contract import ReadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]")
_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
_BROKEN_WORD = re.compile(r"[a-z][À-Þ]|\w¿|â€|Ã[€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ\xa0-¿]")  # a capital or mark inside a word, or UTF-8 read as cp1252
_TYPOGRAPHY = frozenset("‘’“”‚„–—…•«»‹›€£¥§©®™°·¡¿ª²½¼¾´\xa0\xad")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SAMPLE = 200_000
REPLACED = "replaced by U+FFFD"


class Decoded(NamedTuple):
    """A text, the encoding it was in, and how many places in it could not be decoded."""

    text: str
    encoding: str
    damaged: int

    @property
    def note(self) -> str | None:
        """Say what is worth reporting: any encoding but UTF-8, and damage."""
        damage = f"{self.damaged} undecodable {'byte' if self.damaged == 1 else 'bytes'} {REPLACED}" if self.damaged else ""
        name = f"read as {self.encoding}" if damage or self.encoding != "utf-8" else ""
        return ", ".join(filter(None, [name, damage])) or None


def decode(raw: bytes) -> Decoded:
    """Decode the bytes of a text file: byte order mark, UTF-8, UTF-16 without mark, damaged UTF-8, cp1252, then charset-normalizer.

    Parameters
    ----------
    raw : bytes
        The whole file.

    Returns
    -------
    Decoded
        The text without byte order mark, the encoding, and the number of undecodable places (now U+FFFD).

    Raises
    ------
    ReadError
        The bytes are no text, or no encoding fits.

    Examples
    --------
    >>> decode(b"\\xef\\xbb\\xbfRain").text
    'Rain'
    >>> decode(bytes(range(256)))
    Traceback (most recent call last):
    newsanalysis.readers.contract.ReadError: the file is binary, not text
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return _replacing(raw[len(mark) :], encoding)
    controls = 1 - len(raw.translate(None, _CONTROLS)) / max(1, len(raw))
    if controls > 0.02 and (utf16 := _utf16(raw)):
        return utf16
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        if controls > 0.05:
            raise ReadError("the file is binary, not text") from None
        return _damaged_utf8(raw) or _single_byte(raw)
    if controls > 0.3:
        raise ReadError("the file is binary, not text")
    return Decoded(text, "utf-8", 0)


def _replacing(raw: bytes, encoding: str) -> Decoded:
    """Decode; what cannot be decoded becomes U+FFFD and is counted."""
    try:
        return Decoded(raw.decode(encoding), encoding, 0)
    except UnicodeDecodeError:
        text = raw.decode(encoding, "replace")
        return Decoded(text, encoding, text.count("�"))


def _utf16(raw: bytes) -> Decoded | None:
    """Decode UTF-16 without a mark: in a text of one script two values make up nearly all of the high bytes."""
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        highs = Counter(raw[first:_SAMPLE:2])
        if sum(n for _, n in highs.most_common(2)) >= 0.8 * highs.total():
            decoded = _replacing(raw, encoding)
            sample = decoded.text[:10_000]
            if decoded.damaged <= len(raw) / 1000 and sum(c.isprintable() or c in "\n\r\t" for c in sample) >= 0.98 * len(sample):
                return decoded
    return None


def _damaged_utf8(raw: bytes) -> Decoded | None:
    """Decode UTF-8 with a few broken bytes: at most one for two characters that are well formed and not ASCII."""
    decoded = _replacing(raw, "utf-8")
    whole = len(raw) - len(raw.translate(None, bytes(range(0xC2, 0xF5)))) - decoded.damaged
    return decoded if decoded.damaged * 2 <= whole else None


def _single_byte(raw: bytes) -> Decoded:
    """Decode cp1252 if it reads as western text with few accented letters (charset-normalizer errs there), else as charset-normalizer says."""
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    look = text[: 10 * _SAMPLE]
    foreign = [c for c in _NOT_ASCII.findall(look) if c not in _TYPOGRAPHY]
    if text and all(c.isalpha() for c in foreign) and len(foreign) <= 0.05 * len(look) and not _BROKEN_WORD.search(look):
        return Decoded(text, "cp1252", 0)
    sample = b"\n".join(line for line in raw.split(b"\n") if not line.isascii())
    best = from_bytes(sample[:_SAMPLE]).best() or from_bytes(sample).best()
    if best is None and (rest := _replacing(raw, "utf-8")).damaged * 100 <= len(raw):
        return rest
    if best is None:
        raise ReadError("the bytes fit no known encoding; save the file as UTF-8")
    return _replacing(raw, best.encoding)


def visible(text: str) -> str:
    r"""Return a text for a message: what would steer a terminal, or turn or hide what is read there, as its escape.

    >>> print(visible("\x1b]0;Rain\x07 fell"))
    \x1b]0;Rain\x07 fell
    """
    return text if text.isascii() and text.isprintable() else _STEERING.sub(lambda found: repr(found[0])[1:-1], text)


def replace_forbidden(text: str) -> str:
    """Return a text with U+FFFD for NUL and lone surrogates, and nothing else changed: for ids, which are kept as given.

    >>> replace_forbidden("a\\x00")
    'a�'
    """
    return _FORBIDDEN.sub("�", text)


def clean(text: str) -> tuple[str, str | None]:
    """Make a text fit for the table: LF line ends, NFC, and U+FFFD for NUL and lone surrogates.

    Parameters
    ----------
    text : str
        As the file has it.

    Returns
    -------
    str, str or None
        The text, and what was replaced in it, if anything was.

    Examples
    --------
    >>> clean("Offi\\x00cials")
    ('Offi�cials', '1 NUL or lone surrogate replaced by U+FFFD')
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and "\x00" not in text:
        return text, None
    text, replaced = _FORBIDDEN.subn("�", text)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text, f"{replaced} NUL or lone surrogate{'s' * (replaced > 1)} {REPLACED}" if replaced else None
