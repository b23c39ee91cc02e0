"""Check the built pages: they load nothing from elsewhere, and every link within them leads somewhere.

``python docs/_site/check.py docs/_build/html`` prints what is wrong, one line each, and ends with 1 if anything is.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {  # what a browser fetches by itself: attributes by element, * for all
    "*": {"background", "poster"},
    **{tag: {"src", "srcset"} for tag in ("script", "img", "iframe", "embed", "audio", "video", "source", "track", "input", "frame")},
    "object": {"data"},
    "image": {"href", "xlink:href"},
    "use": {"href", "xlink:href"},
}
RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest", "shortcut"}
IN_CSS = re.compile(r"""@import\s+["']([^"']+)|url\(\s*["']?([^"')]+)""")
ELSEWHERE = re.compile(r"^(?:[a-z][a-z+.-]*:)?//|^(?:https?|ftp|wss?):", re.IGNORECASE)
IN_SCRIPT = re.compile(r"""(?:fetch|importScripts|import|open|WebSocket|EventSource|\.src\s*=)\s*\(?\s*["'`]((?:https?:|wss?:)?//[^"'`]+)""")


class Page(HTMLParser):
    """What one page loads, links to, and can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.loads: list[str] = []
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.inside: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element loads, where it leads, and its anchor."""
        given = {name: value or "" for name, value in attrs}
        for name in (LOADED.get(tag, set()) | LOADED["*"]) & given.keys():
            self.loads += [piece.split()[0] for piece in given[name].split(", ") if piece.split()] if name == "srcset" else [given[name]]
        if tag == "link" and RELATIONS & set(given.get("rel", "").lower().split()):
            self.loads.append(given.get("href", ""))
        if "style" in given:
            self.loads += in_css(given["style"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.links.append(given["content"].partition("url=")[2])
        self.anchors += [given[name] for name in ("id", "name") if given.get(name) and (name == "id" or tag == "a")]
        self.inside = tag if tag in ("style", "script") else None

    def handle_endtag(self, tag: str) -> None:
        """Note that a style or script is over."""
        self.inside = None

    def handle_data(self, data: str) -> None:
        """Note what styles and scripts in the page load."""
        if self.inside == "style":
            self.loads += in_css(data)
        elif self.inside == "script":
            self.loads += IN_SCRIPT.findall(data)


def in_css(text: str) -> list[str]:
    """The addresses that a style sheet loads."""
    return [one or other for one, other in IN_CSS.findall(text)]


def wrong(folder: Path) -> Iterator[str]:
    """What is wrong with the pages of a folder, one sentence each."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(folder)
        for address in page.loads:
            if ELSEWHERE.match(address):
                yield f"{name}: loads {address}"
            elif not address.startswith(("data:", "#")) and not target(path, address).is_file():
                yield f"{name}: loads {address}, which is not there"
        for address in page.links:
            yield from dead(folder, path, address, pages)
        for anchor in sorted({anchor for anchor in page.anchors if page.anchors.count(anchor) > 1}):
            yield f"{name}: the anchor {anchor} is there {page.anchors.count(anchor)} times"
    for path in sorted(folder.rglob("*.css")):
        for address in in_css(path.read_text(encoding="utf-8")):
            if ELSEWHERE.match(address):
                yield f"{path.relative_to(folder)}: loads {address}"
    for path in sorted(folder.rglob("*.js")):
        for address in IN_SCRIPT.findall(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(folder)}: loads {address}"


def dead(folder: Path, path: Path, address: str, pages: dict[Path, Page]) -> Iterator[str]:
    """Whether a link within the site leads nowhere."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        if parts.scheme not in ("http", "https", "mailto"):
            yield f"{path.relative_to(folder)}: the link {address} is of no known kind"
        return
    there = target(path, address) if parts.path else path
    if not there.is_file() or not there.is_relative_to(folder.resolve()):
        yield f"{path.relative_to(folder)}: {address} is not there"
    elif parts.fragment and there in pages and unquote(parts.fragment) not in pages[there].anchors:
        yield f"{path.relative_to(folder)}: {address} has no such anchor"


def target(path: Path, address: str) -> Path:
    """The file that an address in a page leads to."""
    return (path.parent / unquote(urlsplit(address).path)).resolve()


if __name__ == "__main__":
    found = list(wrong(Path(sys.argv[1]).resolve()))
    sys.stdout.write("".join(f"{line}\n" for line in found))
    sys.exit(bool(found))
