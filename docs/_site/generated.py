"""What pages of the site do not say themselves: functions from docstrings, commands, shipped files, the notebooks' table.

A page asks for it by a comment (``<!-- functions: measures -->``), which is replaced as the page is read.
"""

from __future__ import annotations

import inspect
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import topics

import newsanalysis as na

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
FOLDERS = {"docs/decisions": "docs/decisions/index.md", "benchmarks/results": "benchmarks/README.md"}
READ = "How to read it\n--------------\n"
ASKED = re.compile(r"^<!-- (functions|commands|catalogue|notebooks)(?:: (\w+))? -->$", re.MULTILINE)


# --- functions --------------------------------------------------------------------------------------------------------------


def functions(topic: str) -> str:
    """The functions and classes of a topic: a table of what each does, then each in full."""
    paths = list(topics.members(topic))
    rows = "".join(f"   * - :py:obj:`na.{path} <newsanalysis.{path}>`\n     - {summary(path)}\n" for path in paths)
    table = f".. list-table::\n   :class: summary\n   :widths: auto\n\n{rows}"
    return f"```{{eval-rst}}\n{table}\n" + "\n".join(map(directive, paths)) + "\n```"


def directive(path: str) -> str:
    """The directive that shows one object."""
    found = topics.entry(path)
    if inspect.isclass(found):
        kind = "exception" if issubclass(found, Exception) else "class"
        own = [name for name, value in vars(found).items() if not name.startswith("_") and inspect.isfunction(value)]
        members = f"   :members: {', '.join(own)}\n" if own and kind == "class" else ""
        return f".. auto{kind}:: newsanalysis.{path}\n{members}"
    if callable(found) and hasattr(found, "__name__") and not hasattr(found, "__args__"):
        return f".. autofunction:: newsanalysis.{path}\n"
    return f".. py:type:: {path}\n   :module: newsanalysis\n\n   {alias(path)}\n"


def alias(path: str) -> str:
    """What a type alias stands for: the first paragraph of its module, which defines it."""
    import importlib

    module = importlib.import_module(f"newsanalysis.{topics.module_of(path)}")
    paragraphs = (inspect.getdoc(module) or "").split("\n\n")
    return " ".join(" ".join(paragraphs[:2]).split())


def summary(path: str) -> str:
    """The first sentence of an object's docstring, in one line."""
    found = topics.entry(path)
    if not hasattr(found, "__name__") or hasattr(found, "__args__"):
        return "A type: texts in; for each, in order, its attributions."
    first = (inspect.getdoc(found) or "").split("\n\n")[0]
    return code_marks(" ".join(first.split()))


def code_marks(text: str) -> str:
    """Single backticks as double ones, which mark code."""
    return re.sub(r"(?<![`:\w])`(?!`)([^`<>]+)`(?![`_])", r"``\1``", text)


def sections(app: Sphinx, what: str, name: str, obj: object, options: Any, lines: list[str]) -> None:
    """Notes that say how to read a result, and the source of a measure, under headings of their own."""
    text = code_marks("\n".join(lines))
    text = re.sub(r"^Notes\n-+\nHow to read it: (\w)", lambda found: READ + found[1].upper(), text, flags=re.MULTILINE)
    text = re.sub(r"^Notes\n-+\n(?=Read )|^How to read\n-+\n", READ, text, flags=re.MULTILINE)
    text = re.sub(r"\n\nSources?: (.*?)(?=\n\n|\Z)", lambda found: "\n\nSource\n------\n" + sentence(found[1]), text, flags=re.DOTALL)
    lines[:] = text.split("\n")


def sentence(text: str) -> str:
    """The text with a capital at its beginning, if that is a word."""
    return text[:1].upper() + text[1:] if not text.startswith("``") else text


# --- commands ---------------------------------------------------------------------------------------------------------------


def commands() -> str:
    """Each command with its arguments and options, from the command line's own declarations."""
    import typer

    from newsanalysis.cli import app

    group: Any = typer.main.get_command(app)
    return "\n".join(command(name, group.commands[name]) for name in group.commands)


def command(name: str, found: Any) -> str:
    """One command: how it is called, what it does, what it takes."""
    arguments = [option for option in found.params if option.param_type_name == "argument"]
    options = [option for option in found.params if option.param_type_name == "option" and option.name != "help"]
    needed = "".join(f" {option.opts[0]} {option.metavar}" for option in options if option.required)
    call = f"newsanalysis {name} " + " ".join(argument.metavar or argument.name.upper() for argument in arguments) + needed
    optional = [option for option in options if not option.required]
    rows = "".join(f"| {taken(option)} | {escaped(option.help or '')}{default(option)} |\n" for option in [*arguments, *options])
    text = inspect.cleandoc(found.help or "")
    return f"## {name}\n\n```console\n$ {call}{' [OPTIONS]' * bool(optional)}\n```\n\n{text}\n\n| | |\n|---|---|\n{rows}"


def taken(option: Any) -> str:
    """An argument or option as it is written."""
    if option.param_type_name == "argument":
        return f"`{option.metavar or option.name.upper()}`"
    return f"`{', '.join(option.opts)}{'' if option.is_flag else ' ' + escaped(option.metavar or option.type.name.upper())}`"


def escaped(text: str) -> str:
    """Text in a cell of a table."""
    return text.replace("|", "\\|")


def default(option: Any) -> str:
    """What is taken if an option is not given."""
    return f" *Default:* `{option.default}`." if option.show_default and option.default not in (None, False, ()) else ""


# --- shipped files and notebooks ----------------------------------------------------------------------------------------------


def catalogue() -> str:
    """What the package ships as data, by kind."""
    kinds = {"actors": "Actor codebooks", "words": "Word codebooks", "items": "Questions for coders"}
    rows = na.codebooks.catalogue()
    return "\n".join(f"## {heading}\n\n{listed(rows[rows.kind == kind])}" for kind, heading in [*kinds.items()]) + (
        f"\n## Other lists\n\n{listed(rows[~rows.kind.isin(kinds)])}"
    )


def listed(rows: Any) -> str:
    """Rows of the catalogue as a table."""
    cells = "".join(
        f"| `{row.name}` | {escaped(sentence(row.description))}. *Made from:* {escaped(row.source)}. | {row.version} | {row.licence} |\n"
        for row in rows.sort_values("name").itertuples(index=False)
    )
    return f"| name | what it is | version | licence |\n|---|---|---|---|\n{cells}"


def notebooks() -> str:
    """The README's table of notebooks, seen from here."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("<!-- notebooks: made by tests/readme_table.py -->")[1].split("<!-- end -->")[0]
    return table.replace("](", "](../")


MAKERS = {"functions": functions, "commands": commands, "catalogue": catalogue, "notebooks": notebooks}


def fill(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put what a page asks for in the place of its comment, and lead links to folders to the page that lists what is in them."""
    if docname.startswith("docs/"):
        source[0] = ASKED.sub(lambda found: MAKERS[found[1]](*filter(None, [found[2]])), source[0])
    place = posixpath.dirname(docname)
    for folder, page in FOLDERS.items():
        source[0] = source[0].replace(f"]({posixpath.relpath(folder, place or '.')})", f"]({posixpath.relpath(page, place or '.')})")


def outdated(app: Sphinx, env: Any, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Pages made from the package are always read anew."""
    return [page for page in env.found_docs if page.startswith("docs/reference/") or page == "docs/tutorial"]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("source-read", fill)
    app.connect("env-get-outdated", outdated)
    app.connect("autodoc-process-docstring", sections, priority=400)  # before napoleon
    return {"parallel_read_safe": True, "parallel_write_safe": True}
