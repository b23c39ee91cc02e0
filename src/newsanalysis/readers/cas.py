"""UIMA CAS as INCEpTION and other annotation tools export it, in XMI (XML 1.0 and 1.1) and JSON: the text that was annotated, and annotations of it.

A CAS holds one text a view; the view called ``_InitialView`` is the document, or else the first with a text. Offsets in the file count UTF-16 code units.
``na.read`` takes the text, ``na.read_inception`` the annotations, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.languages import normalised
from newsanalysis.readers.limits import read_whole
from newsanalysis.readers.text import decode

VERSION = "cas@1"
INITIAL = "_InitialView"
_CAS, _XMI = "http:///uima/cas.ecore", "http://www.omg.org/XMI"
_META = ("DocumentMetaData", "DocumentAnnotation")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
_JSON = re.compile(rb"""(?:\xef\xbb\xbf)?\s*\{\s*"%(?:TYPES|FEATURE_STRUCTURES|VIEWS)"\s*:""")
_DECLARED = re.compile(r"""^(\s*<\?xml\s+version\s*=\s*["'])1\.1""")
_RAW_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@dataclass(slots=True)
class Cas:
    """What a CAS holds.

    Parameters
    ----------
    text : str
        The text, as it stands in the file.
    about : dict
        What is said of the document: documentTitle, language, documentUri ...
    annotations : list of (str, dict)
        Type and features of the annotations of this text that were asked for.
    notes : list of str
        What is odd about the file.

    Examples
    --------
    >>> parse(b'{"%FEATURE_STRUCTURES": [{"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaID": "_InitialView", "sofaString": "Rain fell."}]}').text
    'Rain fell.'
    """

    text: str = ""
    about: dict[str, str] = field(default_factory=dict)
    annotations: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


Wanted = Callable[[str], bool]


def read_cas(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read the text of one CAS.

    Returns
    -------
    Parsed
        One record: text, and, where the file has them, title (documentTitle), language, and url.

    Raises
    ------
    ReadError
        The file is no CAS, defines a document type, or holds no text.
    """
    raw = read_whole(path)
    cas = parse(raw)
    uri = cas.about.get("documentUri", "")
    values: dict[str, list[object]] = {
        "text": [cas.text],
        "title": [cas.about.get("documentTitle")],
        "language": [normalised(cas.about.get("language"))],
        "url": [uri if uri.startswith(("http://", "https://")) else None],
    }
    name = "UIMA CAS JSON" if _is_json(raw) else "UIMA CAS XMI"
    return Parsed(VERSION, name, values, [1], [""], notes=cas.notes)


def parse(raw: bytes, wanted: Wanted | None = None) -> Cas:
    """Return what a CAS holds.

    Parameters
    ----------
    raw : bytes
        The whole file, XMI or JSON.
    wanted : function, optional
        Says of a type (``webanno.custom.Attribution``) whether its annotations are kept; none are without it.

    Raises
    ------
    ReadError
        It is no CAS, defines a document type, or holds no text.
    """
    wanted = wanted or (lambda _: False)
    return _of_json(raw, wanted) if _is_json(raw) else _of_xmi(raw, wanted)


def _is_json(raw: bytes) -> bool:
    return raw[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


# --- XMI ----------------------------------------------------------------------------------------------------------------


def _of_xmi(raw: bytes, wanted: Wanted) -> Cas:
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, features: dict[str, str]) -> None:
        space, _, local = name.rpartition("}")
        kind = f"{space.removeprefix('http:///').removesuffix('.ecore').replace('/', '.')}.{local}"
        if kind == "uima.cas.Sofa" or local in _META or wanted(kind):
            found.append((kind, {key.replace(f"{_XMI}}}", "%"): value for key, value in features.items()}))

    def refuse(*_: object) -> None:
        raise ReadError("the XML declares a document type, as no CAS does and which can be made to do harm; export the document again")

    parser = expat.ParserCreate(encoding="utf-8", namespace_separator="}")
    parser.StartElementHandler, parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = start, refuse, refuse
    broken = ""
    try:
        parser.Parse(_mended(raw), True)
    except expat.ExpatError as error:
        broken = str(error)
    return _whole(found, broken)


def _mended(raw: bytes) -> bytes:
    """The file as XML 1.0 in UTF-8: halves of characters that Java writes as two references are joined, what XML cannot hold is U+FFFD."""
    text = decode(raw).text.lstrip()
    text = re.sub(r"""(^\s*<\?xml[^>]{0,200}?)encoding\s*=\s*["'][^"']{0,40}["']""", r"\1", _DECLARED.sub(r"\g<1>1.0", text))
    if "&#" in text:
        text = _REFERENCE.sub(_character, text)
        text = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return _RAW_CONTROLS.sub("\ufffd", text).encode("utf-8")


def _character(reference: re.Match[str]) -> str:
    """A reference to what XML 1.0 cannot hold, as that character or U+FFFD; any other as it stands."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    if 0xD800 <= number <= 0xDFFF:
        return chr(number)
    legal = number in (9, 10, 13) or 0x20 <= number <= 0xFFFD or 0x10000 <= number <= 0x10FFFF
    return reference[0] if legal else "\ufffd"


# --- JSON ---------------------------------------------------------------------------------------------------------------


def _of_json(raw: bytes, wanted: Wanted) -> Cas:
    try:
        value = json.loads(decode(raw).text)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"it is no JSON that can be read ({str(error)[:80]})") from None
    structures = value.get("%FEATURE_STRUCTURES") if isinstance(value, dict) else None
    if isinstance(structures, dict):
        structures = [{"%ID": key, **features} for key, features in structures.items() if isinstance(features, dict)]
    if not isinstance(structures, list):
        raise ReadError("it is no UIMA CAS: there are no %FEATURE_STRUCTURES in it")
    found = []
    for features in structures:
        kind = str(features.get("%TYPE", "")) if isinstance(features, dict) else ""
        if kind == "uima.cas.Sofa" or kind.rpartition(".")[2] in _META or wanted(kind):
            plain = {"%id" if key == "%ID" else key.removeprefix("@"): _scalar(cell) for key, cell in features.items() if isinstance(cell, str | int)}
            found.append((kind, plain))
    return _whole(found, "")


def _scalar(cell: str | int) -> str:
    return cell if isinstance(cell, str) else str(cell) if -(10**15) < cell < 10**15 else ""


# --- what both share ----------------------------------------------------------------------------------------------------


def _whole(found: list[tuple[str, dict[str, str]]], broken: str) -> Cas:
    """The view that is the document, with what is about it."""
    sofas = [features for kind, features in found if kind == "uima.cas.Sofa"]
    texts = [sofa for sofa in sofas if sofa.get("sofaString", "").strip()]
    if not texts:
        why = f"it is no XML that can be read ({broken})" if broken else "there is no text in it (Sofa)"
        raise ReadError(f"{why}; export the document as UIMA CAS XMI")
    sofa = next((sofa for sofa in texts if sofa.get("sofaID") == INITIAL), texts[0])
    cas = Cas(sofa["sofaString"], notes=[f"the XML is damaged and was read as far as it goes ({broken})"] if broken else [])
    if len(texts) > 1:
        cas.notes.append(f"{len(texts)} texts (views) in it; {sofa.get('sofaID', 'the first')} is read")
    for kind, features in found:
        if kind == "uima.cas.Sofa" or features.get("sofa", sofa.get("%id")) != sofa.get("%id"):
            continue
        if kind.rpartition(".")[2] in _META:
            cas.about |= {key: cell for key, cell in features.items() if cell.strip() and (key != "language" or normalised(cell))}
        else:
            cas.annotations.append((kind, features))
    return cas


def sniff(head: bytes) -> bool:
    """Say whether a file's first bytes are those of a UIMA CAS.

    >>> sniff(b'<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmi:version="2.0">'), sniff(b"<xmi/>")
    (True, False)
    """
    if head[:128].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _XMI.encode() in head and _CAS.encode() in head and b":XMI" in head
    return _JSON.match(head) is not None


FORMATS: tuple[Format, ...] = (Format("UIMA CAS", (".xmi",), read_cas, sniff),)
