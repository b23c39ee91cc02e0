"""The documentation site: builds offline without a warning, loads nothing from elsewhere, every link leads somewhere, every public name is in it."""

import importlib.util
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import newsanalysis as na

ROOT = Path(__file__).parents[1]
SITE = ROOT / "docs" / "_site"
if not SITE.is_dir():
    pytest.skip("docs/ is not part of this copy", allow_module_level=True)

# Sphinx as it is called by `make docs`, in a process that can open no connection.
OFFLINE = """
import socket, sys
def refuse(*_, **__):
    raise OSError("the site is built without a network")
socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refuse
from sphinx.cmd.build import main
sys.exit(main(sys.argv[1:]))
"""


def module(name: str):
    """One of the site's own modules."""
    spec = importlib.util.spec_from_file_location(f"site_{name}", SITE / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


check, topics = module("check"), module("topics")


# ------------------------------------------------------------------------------------------------------------------ reference


@pytest.mark.parametrize("name", topics.public())
def test_every_public_name_has_a_topic(name):
    """A new module is added to a topic of the reference, in docs/_site/topics.py."""
    assert topics.topic_of(name), f"na.{name} is defined in {topics.module_of(name)}, which is in no topic of docs/_site/topics.py"


@pytest.mark.parametrize("topic", topics.TOPICS)
def test_every_topic_has_a_page_that_asks_for_it(topic):
    """Each page under docs/reference asks for its own functions, and the list of the reference leads to it."""
    assert f"<!-- functions: {topic} -->" in (ROOT / "docs" / "reference" / f"{topic}.md").read_text(encoding="utf-8")
    assert f"]({topic}.md)" in (ROOT / "docs" / "reference" / "index.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", topics.PARTS)
def test_parts_of_public_modules_have_docstrings_with_examples(name):
    """What is listed of a public module is there, and shows how it is used."""
    for part in topics.PARTS[name]:
        assert ">>> " in inspect.getdoc(getattr(getattr(na, name), part)), f"{name}.{part}"


# ------------------------------------------------------------------------------------------------------------------ the site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built from nothing with every warning an error."""
    for needed in ("sphinx", "myst_nb", "furo", "sphinx_copybutton"):
        pytest.importorskip(needed, reason=f"{needed} is not installed: pip install -e '.[docs]'")
    folder = tmp_path_factory.mktemp("site")
    options = ["-q", "-W", "--keep-going", "-E", "-c", "docs", "-d", str(folder / "doctrees"), ".", str(folder / "html")]
    done = subprocess.run([sys.executable, "-c", OFFLINE, *options], cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-6000:]
    return folder / "html"


def test_the_site_loads_nothing_from_elsewhere_and_its_links_lead_somewhere(site):
    """No script, style, font or picture of another host; every link within it has its page and anchor; no anchor is there twice."""
    assert list(check.wrong(site)) == []


def test_the_reference_has_every_public_name(site):
    """Each public name has an anchor on the page of its topic."""
    pages = {topic: (site / "docs" / "reference" / f"{topic}.html").read_text(encoding="utf-8") for topic in topics.TOPICS}
    for topic, page in pages.items():
        for path in topics.members(topic):
            assert f'id="newsanalysis.{path}"' in page, path


def test_docstrings_are_rendered_whole(site):
    """Parameters, result, how to read it, source and example of a measure stand under their headings, and no raw markup is left."""
    page = (site / "docs" / "reference" / "measures.html").read_text(encoding="utf-8")
    text = page.split('id="newsanalysis.share_of_voice"')[1].split('id="newsanalysis.kind_share"')[0]
    found = re.findall(r'<dt class="field-\w+">(.*?)</dt>|<p class="rubric">(.*?)</p>', text)
    headings = [re.sub(r"<[^>]+>", "", field or rubric) for field, rubric in found]
    assert headings == ["Parameters:", "Returns:", "Raises:", "How to read it", "Source", "Examples"]
    assert 'class="highlight-pycon' in text or 'class="doctest' in text
    for topic in topics.TOPICS:
        rendered = re.sub(r"<(pre|script|style)\b.*?</\1>", "", (site / "docs" / "reference" / f"{topic}.html").read_text(encoding="utf-8"), flags=re.DOTALL)
        words = re.sub(r"<[^>]+>", "", rendered)
        assert not re.search(r"^-{4,}$|``|:py:\w+:|system-message", words, re.MULTILINE), topic


def test_every_command_is_in_the_reference(site):
    """Commands and their options are those of the command line."""
    typer = pytest.importorskip("typer")
    from newsanalysis.cli import app

    page = (site / "docs" / "reference" / "command-line.html").read_text(encoding="utf-8")
    commands = typer.main.get_command(app).commands
    for name, command in commands.items():
        assert f'id="{name}"' in page
        for option in command.params:
            assert option.name == "help" or option.param_type_name == "argument" or option.opts[0] in page, option.name


def test_every_page_and_notebook_is_in_the_site(site):
    """Nothing under docs/ or notebooks/ is left out."""
    for path in [*ROOT.glob("docs/*.md"), *ROOT.glob("docs/*/*.md"), *ROOT.glob("notebooks/*.ipynb")]:
        if "_build" not in path.parts:
            assert (site / path.relative_to(ROOT).with_suffix(".html")).is_file(), path


def test_notebooks_are_shown_with_their_outputs(site):
    """The tables and figures stored in a notebook are on its page."""
    page = (site / "notebooks" / "02_who_speaks.html").read_text(encoding="utf-8")
    assert "cell_output" in page
    assert re.search(r'<img [^>]*src="[^"]+\.png"', page)


# --------------------------------------------------------------------------------------------------------------- the checker


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<script src="https://cdn.example.org/a.js"></script>', "loads https://cdn.example.org/a.js"),
        ('<link rel="stylesheet" href="//cdn.example.org/a.css">', "loads //cdn.example.org/a.css"),
        ('<link rel="preconnect" href="https://fonts.example.org">', "loads https://fonts.example.org"),
        ('<img srcset="a.png 1x, https://example.org/b.png 2x">', "loads https://example.org/b.png"),
        ("<style>@import 'https://example.org/a.css';</style>", "loads https://example.org/a.css"),
        ('<p style="background: url(https://example.org/a.png)">', "loads https://example.org/a.png"),
        ('<script>fetch("https://example.org/count")</script>', "loads https://example.org/count"),
        ('<img src="missing.png">', "loads missing.png, which is not there"),
        ('<a href="missing.html">', "missing.html is not there"),
        ('<a href="#nowhere">', "#nowhere has no such anchor"),
        ('<a href="../../outside.html">', "../../outside.html is not there"),
        ('<a href="javascript:alert(1)">', "the link javascript:alert(1) is of no known kind"),
        ('<p id="a"></p><p id="a"></p>', "the anchor a is there 2 times"),
    ],
)
def test_the_checker_finds_what_is_wrong(tmp_path, html, said):
    """Each kind of fault is found, and named with its page."""
    (tmp_path / "a.png").touch()
    (tmp_path / "page.html").write_text(html)
    assert f"page.html: {said}" in list(check.wrong(tmp_path))


def test_the_checker_lets_plain_links_be(tmp_path):
    """Links to other sites, to pages and their anchors, and pictures within the page are right."""
    (tmp_path / "one.html").write_text('<p id="x"></p><a href="https://example.org/">e</a><img src="data:image/png;base64,AA=="><a href="two.html#y">2</a>')
    (tmp_path / "two.html").write_text('<h1 id="y"></h1><a href="one.html#x"></a><a href="one.html?q=1"></a>')
    assert list(check.wrong(tmp_path)) == []


def test_the_checker_looks_into_styles_and_scripts(tmp_path):
    """Fonts of a style sheet and requests of a script count too."""
    (tmp_path / "a.css").write_text("@font-face { src: url(https://example.org/a.woff2) }")
    (tmp_path / "a.js").write_text('fetch("https://example.org/a")')
    assert sorted(check.wrong(tmp_path)) == ["a.css: loads https://example.org/a.woff2", "a.js: loads https://example.org/a"]
