"""Links that the pages need not write: ``na.name`` to the reference, words to the glossary, *tables* to the data dictionary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from newsanalysis.tables import SCHEMAS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

GLOSSARY, DICTIONARY = "docs/glossary", "docs/data-dictionary"
# Words that also have an everyday meaning: a link there would often point to the wrong one.
EVERYDAY = {
    *(
        "source",
        "cue",
        "content",
        "span",
        "code",
        "coder",
        "unit",
        "kind",
        "mode",
        "role",
        "gold",
        "document",
        "measure",
        "mention",
        "segment",
        "actor",
        "camp",
    ),
    *("copy", "label", "tone", "speaker", "interval", "precision", "recall", "offset", "confidence", "agreement"),
}
NAME = re.compile(r"^(?:na|newsanalysis)\.(\w+(?:\.\w+)*)(?:\(.*\))?$", re.DOTALL)
NOT_HERE = (
    *(nodes.title, nodes.reference, nodes.literal, nodes.literal_block, nodes.doctest_block, nodes.raw, nodes.term, nodes.image, nodes.caption, nodes.strong),
    *(addnodes.literal_strong, addnodes.literal_emphasis, addnodes.desc_signature),
)


def prefix(app: Sphinx, doctree: nodes.document) -> None:
    """Functions are called as they are imported: ``na.share_of_voice``."""
    for name in doctree.findall(addnodes.desc_addname):
        name.children = [nodes.Text(name.astext().replace("newsanalysis.", "na.", 1))]


def link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Add the links to one page."""
    names(app, doctree, docname)
    tables(app, doctree, docname)
    if docname.startswith("docs/") and docname != GLOSSARY:
        words(app, doctree, docname)


def names(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """``na.share_of_voice`` leads to its place in the reference, ``docs/tone.md`` to that page."""
    known: dict[str, Any] = app.env.domains["py"].objects  # type: ignore[attr-defined]
    for literal in list(doctree.findall(nodes.literal)):
        page = literal.astext().removesuffix(".md").removesuffix(".ipynb")
        if page != literal.astext() and page in app.env.found_docs and not within(literal, (nodes.reference, nodes.title)):
            wrap(literal, app.builder.get_relative_uri(docname, page), page)
            continue
        found = NAME.match(literal.astext())
        entry = known.get(f"newsanalysis.{found[1]}") if found else None
        if entry and not within(literal, (nodes.reference, nodes.title)):
            target = f"{app.builder.get_relative_uri(docname, entry.docname)}#{entry.node_id}"
            wrap(literal, target, f"newsanalysis.{found[1]}" if found else "")


def tables(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """*attributions* after the word table leads to its columns."""
    for emphasis in list(doctree.findall(nodes.emphasis)):
        before = emphasis.parent[emphasis.parent.index(emphasis) - 1].astext() if emphasis.parent.index(emphasis) else ""
        named = emphasis.astext() in SCHEMAS and re.search(r"[Tt]ables? $", before)
        if named and docname != DICTIONARY and not within(emphasis, (nodes.reference, nodes.title)):
            wrap(emphasis, f"{app.builder.get_relative_uri(docname, DICTIONARY)}#{emphasis.astext()}", "columns")


def words(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """The first time that a page uses a word of the glossary, the word leads there."""
    targets = {
        name.lower(): anchor
        for name, _, kind, page, anchor, _ in app.env.domains["std"].get_objects()
        if kind == "term" and page == GLOSSARY and name.lower() not in EVERYDAY
    }
    if not targets:
        return
    longest_first = sorted(targets, key=lambda name: (-len(name), name))
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, longest_first)) + r")(s?)\b", re.IGNORECASE)
    glossary, seen = app.builder.get_relative_uri(docname, GLOSSARY), set[str]()
    for paragraph in list(doctree.findall(nodes.paragraph)):
        for text in [text for text in paragraph.findall(nodes.Text) if not within(text, NOT_HERE)]:
            pieces, at = [], 0
            for found in pattern.finditer(text.astext()):
                word = found[1].lower()
                if word in seen:
                    continue
                seen.add(word)
                pieces += [nodes.Text(text[at : found.start()]), reference(found[0], f"{glossary}#{targets[word]}")]
                at = found.end()
            if pieces:
                place = text.parent.index(text)
                text.parent[place : place + 1] = [*pieces, nodes.Text(text[at:])]


def reference(text: str, target: str) -> nodes.reference:
    """A link to a word of the glossary."""
    return nodes.reference("", text, refuri=target, internal=True, classes=["word"])


def wrap(node: nodes.Element, target: str, title: str) -> None:
    """Make a link of a node."""
    made = nodes.reference("", "", refuri=target, reftitle=title, internal=True)
    node.replace_self(made)
    made += node


def within(node: nodes.Node, kinds: tuple[type[nodes.Node], ...]) -> bool:
    """Whether a node stands in one of these."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, kinds):
            return True
    return False


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("doctree-read", prefix)
    app.connect("doctree-resolved", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
