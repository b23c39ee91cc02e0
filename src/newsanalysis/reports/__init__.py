"""A report: one HTML file that needs nothing else, for an editor and for a reviewer.

What is told is gathered part by part (``gathering``), made into sections (``opening``, ``findings``, ``texts``, ``closing``) of figures (``charts``), tables
(``markup``), methods and error rates (``trust``), and put into ``page.html`` with the style of ``report.css``. The page has no script and loads nothing.
"""

from __future__ import annotations

from importlib import resources
from itertools import count
from pathlib import Path
from string import Template

from newsanalysis import palette
from newsanalysis.display import in_html
from newsanalysis.files import OutputError, replacing
from newsanalysis.found import Found, resolved
from newsanalysis.measures import MISSING
from newsanalysis.reports import charts, closing, findings, gathering, opening, texts
from newsanalysis.results import REPORT
from newsanalysis.tables import TableError

ARTICLES = 10


def report(
    results: str | Path | Found, *, out: str | Path | None = None, title: str | None = None, articles: int = ARTICLES, methods: str | None = None
) -> Path:
    """Write a report: one HTML file with overview, figures, tables, annotated texts, methods, error rates, and what was left out.

    Parameters
    ----------
    results : str, Path or Found
        A folder that ``na.analyse`` wrote, of any size; or what ``na.resolve`` returned, which is then coded and measured as ``analyse`` does.
    out : str or Path, optional
        The file to write: ``report.html`` in the folder of the results, for a Found in the current folder.
    title : str, optional
        The report's title; without one it tells what the corpus holds.
    articles : int
        How many documents are shown with their attributions marked, from the first; 0 for none.
    methods : str, optional
        What ``na.methods_paragraph`` returned for your own hand codes: it stands below the methods.

    Returns
    -------
    Path
        The file. It needs no network and no script, follows light and dark, prints, and can be read by keyboard and screen reader. The same
        results and versions give the same bytes.

    Raises
    ------
    OutputError
        For a folder that holds no finished analysis, or a file that cannot be written.
    TableError
        For what is neither a folder nor a Found, and for what was found but not resolved: which codebook, only you can say.
    ValueError
        For a negative number of articles.

    How to read
    -----------
    The summary says the main numbers in words; every figure has its numbers in a table below it, and each number its interval or the reason why
    there is none. Read "How far to trust it" and "What was left out" before you pass numbers on.

    Examples
    --------
    >>> import tempfile, newsanalysis as na
    >>> found = na.resolve(na.attribute(na.documents(["The mayor said the bridge was closed."]), attributor="patterns"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = na.report(found, out=f"{folder}/report.html", title="One sentence")
    ...     "<h1>One sentence</h1>" in file.read_text(encoding="utf-8")
    True
    """
    if articles < 0:
        raise ValueError(f"report: articles is {articles}; 0 or more can be shown.")
    if not isinstance(results, str | Path | Found):
        raise TableError(f"report: a {type(results).__name__} was given; give the folder that na.analyse wrote, or what na.resolve returned.")
    if isinstance(results, Found):
        resolved(results.attributions, "speaker", "report")
    file = Path(out) if out is not None else Path(REPORT) if isinstance(results, Found) else Path(results) / REPORT
    if not isinstance(results, Found):
        gathering.check(Path(results))
    _check(file)
    contents = gathering.of_found(results, articles) if isinstance(results, Found) else gathering.of_folder(Path(results), articles)
    with palette.study(contents.labels, _shades(contents)):
        page = _page(contents, title, methods)
    try:
        with replacing(file) as part:
            part.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(_REFUSED.format(file=file, why=error.strerror)) from None
    return file


_REFUSED = "{file}: the report cannot be written there ({why}); name a file in a folder that can be written to."


def _check(file: Path) -> None:
    """Refuse a file that is a folder or has none, before the long work."""
    if file.is_dir():
        raise OutputError(f"{file}: this is a folder; name a file for the report.")
    if not file.parent.is_dir():
        raise OutputError(_REFUSED.format(file=file, why=f"there is no folder {file.parent}"))


def _shades(contents: gathering.Contents) -> dict[str, str]:
    """One colour for each camp, in all figures and texts of the page: different ones for the most frequent, grey for the others."""
    shades = palette.shades_of(contents.camps) | {findings.REST: palette.SMALLER, MISSING: palette.SMALLER}
    return {charts.clean(camp): shade for camp, shade in shades.items()} | shades


def _page(contents: gathering.Contents, title: str | None, methods: str | None) -> str:
    """The page: its sections in order, and the list of them."""
    numbers = count(1)
    made = [
        opening.overview(contents),
        findings.who(contents, numbers),
        findings.how(contents, numbers),
        findings.where(contents, numbers),
        findings.tone(contents, numbers),
        findings.words(contents, numbers),
        texts.speakers(contents),
        texts.quotes(contents),
        texts.articles(contents),
        closing.methods(contents, methods),
        closing.how_far(contents),
        closing.left_out(contents),
        closing.licences(contents),
    ]
    heads = [one.partition('<section id="')[2].partition('"')[0] for one in made]
    names = [one.partition("<h2")[2].partition(">")[2].partition("</h2>")[0] for one in made]
    return Template(_shipped("page.html")).substitute(
        digest=contents.digest,
        title=in_html(title if title is not None and title.strip() else opening.headline(contents)),
        style=_shipped("report.css").replace("\n", ""),
        name=f" · {in_html(contents.name)}" if contents.name else "",
        strip=opening.strip(contents),
        summary=opening.summary(contents),
        contents="".join(f'<li><a href="#{head}">{name}</a></li>' for head, name in zip(heads, names, strict=True)),
        sections="\n".join(made),
        footer=closing.settings(contents),
    )


def _shipped(name: str) -> str:
    return resources.files("newsanalysis").joinpath(f"reports/{name}").read_text(encoding="utf-8")
