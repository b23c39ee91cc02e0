"""The command line: ``newsanalysis reproduce``, ``analyse``, ``report`` and ``evaluate``."""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, NoReturn, get_type_hints

import typer
from rich.console import Console
from rich.table import Table

from newsanalysis._version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from newsanalysis.attribution import Options

FAILED, MISTAKE, INTERRUPTED = 1, 2, 130
DEFAULT_CODEBOOK = "ukraine_war"

app = typer.Typer(
    help="Who gets to speak in the news, how they are quoted, for whom they speak, in what tone and frame.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
out_console = Console()
error_console = Console(stderr=True)


def _version(asked: bool) -> None:
    if asked:
        out_console.print(f"newsanalysis {__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def newsanalysis(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")] = False) -> None:
    """Who gets to speak in the news, how they are quoted, for whom they speak, in what tone and frame."""


@app.command()
def reproduce(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Only the notebooks whose names begin so: 02, 04_tone.", show_default=False)
    ] = None,
    notebooks: Annotated[Path, typer.Option("--notebooks", metavar="DIR", help="The folder with the notebooks.")] = Path("notebooks"),
) -> None:
    """Run the notebooks in order and rewrite the figures.

    Each notebook runs in a fresh kernel and is kept with its new outputs only if every cell succeeds.
    """
    with _mistakes():
        from newsanalysis import reproduce as running

        chosen = running.find(notebooks, names or ())
        if out_console.is_terminal:
            _with_progress(chosen)
        else:
            running.reproduce(notebooks, names or (), say=_say)


def _with_progress(chosen: list[Path]) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from newsanalysis import reproduce as running

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("cells"), TimeElapsedColumn())
    with Progress(*columns, console=out_console) as bar:
        tasks = {notebook.stem: bar.add_task(notebook.stem, total=None, start=False) for notebook in chosen}

        def progress(name: str, done: int, cells: int) -> None:
            bar.start_task(tasks[name]) if done == 0 else None
            bar.update(tasks[name], completed=done, total=cells)

        for notebook in chosen:
            running.run(notebook, progress=progress)
            bar.stop_task(tasks[notebook.stem])


class _Finding(NamedTuple):
    """How attributions are found, which are kept, and where the work is done: options that belong together."""

    attributor: Annotated[
        str | None, typer.Option("--attributor", metavar="NAME", help="How attributions are found: learned or patterns.", show_default=False)
    ] = None
    threads: Annotated[
        int | None, typer.Option("--threads", metavar="N", help="Processor cores for the learned attributor: 1, if not given.", show_default=False)
    ] = None
    kinds: Annotated[str, typer.Option("--kinds", metavar="KIND,...", help="Which kinds to keep.")] = "direct,mixed,indirect"
    modes: Annotated[str, typer.Option("--modes", metavar="MODE,...", help="Speech, or private states (belief, wish, intention) too.")] = "speech,private"
    min_confidence: Annotated[float, typer.Option("--min-confidence", metavar="P", help="Keep what is at least as sure as this, 0 to 1.")] = 0.0
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="Processes of this machine that share the work: 1, if not given.", show_default=False)
    ] = None
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="ADDRESS", help="Dask scheduler whose workers do it: tcp://10.0.0.1:8786.", show_default=False)
    ] = None


def _spread(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command whose last parameter, ``finding``, is given by an option for each field of `_Finding`."""

    @functools.wraps(command)
    def run(**given: Any) -> None:
        command(finding=_Finding(**{field: given.pop(field) for field in _Finding._fields}), **given)

    hints = get_type_hints(_Finding, include_extras=True)
    given = [*inspect.signature(command, eval_str=True).parameters.values()][:-1]
    given += [inspect.Parameter(field, inspect.Parameter.KEYWORD_ONLY, default=_Finding._field_defaults[field], annotation=hints[field]) for field in hints]
    run.__signature__ = inspect.Signature(given)  # type: ignore[attr-defined]
    return run


@app.command()
@_spread
def analyse(
    inputs: Annotated[list[Path], typer.Argument(metavar="INPUT...", help="Files or folders, in any format that can be read.", show_default=False)],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", help="The folder for the results: new, empty, or with an earlier analysis, which is brought up to date.", show_default=False
        ),
    ],
    codebook: Annotated[
        str, typer.Option("--codebook", metavar="NAME|FILE", help="Who is who: a shipped codebook, or a folder or workbook of your own.")
    ] = DEFAULT_CODEBOOK,
    column: Annotated[
        list[str] | None, typer.Option("--column", metavar="OURS=THEIRS", help="Which column is which: outlet=newspaper. May be repeated.", show_default=False)
    ] = None,
    finding: _Finding = _Finding(),  # noqa: B008
) -> None:
    """Analyse a corpus: who speaks, how quoted, for whom, in what tone.

    Writes documents, attributions, spans, units and codes (folders of Parquet files), measures, sources that the codebook does not name,
    the read report and errors (CSV), and manifest.json. Started again after it was ended, or with more files, it does only what is missing.
    """
    with _mistakes(stopped="stopped; the same command goes on from here."):
        from newsanalysis.pipeline import analyse as run

        run(inputs, out, codebook=codebook, attributor=_options(finding), columns=_columns(column or []), engine=_engine(finding))
        _summary(out, default=codebook == DEFAULT_CODEBOOK)


def _engine(finding: _Finding) -> int | str:
    """Return where the work is done, as `na.analyse` takes it."""
    if finding.cluster is not None and finding.workers is not None:
        _stop("--workers and --cluster: give one of them; a cluster has its own workers.", MISTAKE)
    if finding.workers is not None and finding.workers < 1:
        _stop(f"--workers {finding.workers}: 1 or more processes are needed.", MISTAKE)
    return finding.cluster if finding.cluster is not None else 1 if finding.workers is None else finding.workers


def _options(finding: _Finding) -> Options:
    """Return the options of attribution as `na.analyse` takes them."""
    from newsanalysis.attribution import ATTRIBUTORS, DEFAULT, Options

    name = finding.attributor or DEFAULT
    if name not in ATTRIBUTORS:
        _stop(f"{name}: there is no such attributor; there are {', '.join(ATTRIBUTORS)}.", MISTAKE)
    options = Options(attributor=name, kinds=_listed(finding.kinds), modes=_listed(finding.modes), min_confidence=finding.min_confidence)
    if finding.threads is not None:
        if finding.threads < 1:
            _stop(f"--threads {finding.threads}: 1 or more are needed.", MISTAKE)
        if name != "learned":
            _stop(f"--threads: the attributor {name} has no use for it; leave it out, or take --attributor learned.", MISTAKE)
        from newsanalysis.attribution.learned import LearnedAttributor

        options["attributor"] = LearnedAttributor(threads=finding.threads)
    return options


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _columns(pairs: list[str]) -> dict[str, str]:
    """``outlet=newspaper`` as a mapping from our column to theirs."""
    from newsanalysis.readers.columns import NAMES

    for pair in pairs:
        if not all(pair.partition("=")):
            _stop(f"--column {pair}: name our column and theirs, as in --column outlet=newspaper.", MISTAKE)
    mapping = {ours.strip(): theirs.strip() for ours, _, theirs in (pair.partition("=") for pair in pairs)}
    for ours, theirs in mapping.items():
        if ours not in NAMES:
            _stop(f"--column {ours}={theirs}: {ours!r} is none of our columns, which are {', '.join(NAMES)}; ours comes first: --column text=THEIRS.", MISTAKE)
    return mapping


def _summary(out: Path, *, default: bool) -> None:
    import pandas as pd

    from newsanalysis.codebooks import names_few
    from newsanalysis.readers.counts import count
    from newsanalysis.readers.languages import not_english

    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    rows, known = manifest["rows"], manifest["attributions_with_actor"]
    measured = pd.read_csv(out / "measures.csv", keep_default_na=False, na_values=[""])
    kept = measured["copies"] == "kept" if "copies" in measured else True
    shares = measured[(measured["measure"] == "share_of_voice_words") & kept]
    if len(shares):
        title = "Share of voice: words attributed to each camp"
        _print(shares.sort_values("estimate", ascending=False), {"affiliation": "camp", "estimate": "share", "n": "attributions"}, title)
    book = manifest["settings"]["codebook"]
    hints = ["see unresolved.csv"] * (rows["unresolved"] > 0) + ["choose another by --codebook"] * (default and names_few(known, rows["attributions"]))
    said = f"codebook {book}: it names the speaker of {known:,} of {count(rows['attributions'], 'attribution')}"
    _say("; ".join([said, *hints]) + ".")
    if copies := manifest["copies"]:
        them = "near copies of others; each measure stands in measures.csv with and without them"
        alone = "a near copy of another; each measure stands in measures.csv with and without it"
        _say(f"{_of(copies, rows['documents'])} {alone if copies == 1 else them}.")
    if strange := manifest["not_english"]:
        _say(not_english(strange, rows["documents"]))
    if _older(out):
        _say(f"report.html in {out} tells of an earlier analysis; newsanalysis report {out} makes it anew.")
    counts = ", ".join(count(rows[name], name[:-1]) for name in ("documents", "attributions", "codes", "measures"))
    _say(f"{out}: {counts}" + (f"; {rows['errors']:,} not done, see errors.csv" if rows["errors"] else "") + ".")


def _older(out: Path) -> bool:
    """Whether a report stands there that was made of other results."""
    from newsanalysis import results

    try:
        with (out / results.REPORT).open(encoding="utf-8", errors="replace") as opened:
            head = opened.read(2_000)
    except OSError:
        return False
    return "newsanalysis-manifest" in head and hashlib.sha256((out / results.MANIFEST).read_bytes()).hexdigest() not in head


def _of(some: int, documents: int) -> str:
    """``2 of 40 documents are``, ``1 document is``."""
    return "1 document is" if some == 1 else f"{some:,} of {documents:,} documents are"


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that newsanalysis analyse wrote.", show_default=False)],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The file to write: report.html in DIR, if not given.", show_default=False)] = None,
    articles: Annotated[int, typer.Option("--articles", metavar="N", help="Documents shown with their attributions marked, from the first.")] = 10,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="The report's title.", show_default=False)] = None,
) -> None:
    """Write a report: one HTML file to read, print and hand on.

    With overview, figures, tables, annotated texts, methods, error rates, and what was left out. It needs no network and no script.
    """
    if articles < 0:
        _stop(f"--articles {articles}: 0 or more can be shown.", MISTAKE)
    with _mistakes():
        from newsanalysis.reports import report as write

        file = write(folder, out=out, title=title, articles=articles)
        size = file.stat().st_size
        _say(f"{file}: report written, {size / 1e6:,.1f} MB." if size >= 1e6 else f"{file}: report written, {size / 1e3:,.0f} kB.")


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Hand annotation, JSON Lines: doc_id, text, attributions with spans.", show_default=False)],
    pred: Annotated[Path, typer.Argument(metavar="PRED", help="A program's output in that form, or a folder that analyse wrote.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON records.")] = False,
) -> None:
    """Score attributions against hand annotation: precision, recall and F1, with 95 % bootstrap intervals by document.

    Where both sides have affiliations, who says what for whom is scored as well.
    """
    with _mistakes():
        import pandas as pd

        from newsanalysis import scoring
        from newsanalysis.gold import read_gold

        nfc = pred.is_dir()  # what `analyse` wrote is in NFC; two files are scored as they stand
        annotated = read_gold(gold, nfc=nfc)
        predicted = read_gold(pred, documents=annotated.documents, nfc=nfc)
        made = [scoring.attribution_scores(annotated, predicted), scoring.span_scores(annotated, predicted)]
        if annotated.attributions.affiliation.notna().any() and predicted.attributions.affiliation.notna().any():
            made.append(scoring.who_says_scores(annotated, predicted).assign(kind="resolved"))
        scores = pd.concat(made, ignore_index=True)
        if as_json:
            typer.echo(scores.to_json(orient="records", indent=1, double_precision=15))
            return
        absent = (~annotated.documents.document_id.isin(predicted.documents.document_id)).sum()
        scores = scores.assign(of=scores["kind"].fillna(scores["role"]))
        shown = {"measure": "measure", "of": "of", "precision": "precision", "recall": "recall", "estimate": "F1", "n": "gold", "n_predicted": "found"}
        _print(
            scores, shown, f"{pred.name} against {gold.name}: {len(annotated.documents):,} documents" + (f", {absent:,} without prediction" if absent else "")
        )


def _print(table: pd.DataFrame, columns: dict[str, str], title: str) -> None:
    """Print columns of a measures table under their headings, shares as percentages, the estimate with its interval."""
    shown = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    for column, heading in columns.items():
        numeric = column not in ("measure", "of", "affiliation")
        shown.add_column(heading, justify="right" if numeric else "left", no_wrap=True)
        if column == "estimate":
            shown.add_column("95 % interval", justify="right", no_wrap=True)
    for row in table.to_dict("records"):
        cells = []
        for column in columns:
            value = row[column]
            cells.append(_percent(value) if column in ("precision", "recall", "estimate") else f"{value:,}" if isinstance(value, int) else _text(value))
            if column == "estimate":
                cells.append("–" if row["ci_low"] != row["ci_low"] else f"{_percent(row['ci_low'])} to {_percent(row['ci_high'])}")
        shown.add_row(*cells)
    out_console.print(shown)


def _text(value: object) -> str:
    return str(value) if value == value else "not given"


def _percent(value: float) -> str:
    return "–" if value != value else f"{100 * value:.1f}"


def _say(line: str) -> None:
    out_console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def _mistakes(stopped: str = "stopped.") -> Iterator[None]:
    """Say what the user can mend in one sentence, without a traceback, and so that the user has ended it."""
    try:
        yield
    except KeyboardInterrupt:
        _stop(stopped, INTERRUPTED)
    except Exception as error:
        from newsanalysis.attribution import AttributionError
        from newsanalysis.codebooks import CodebookError
        from newsanalysis.engines import EngineError
        from newsanalysis.files import OutputError
        from newsanalysis.readers.contract import ReadError
        from newsanalysis.reproduce import NotebookError, ProjectError
        from newsanalysis.tables import TableError

        if isinstance(error, NotebookError):
            _stop(str(error), FAILED)
        if isinstance(error, ReadError | CodebookError | TableError | ProjectError | OutputError | AttributionError | EngineError):
            _stop(str(error), MISTAKE)
        if isinstance(error, OSError) and error.filename is not None:
            _stop(f"{error.filename}: {error.strerror}.", MISTAKE)
        raise


def _stop(sentence: str, code: int) -> NoReturn:
    error_console.print(sentence, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)


def _leave_at_once(code: int) -> NoReturn:
    """Leave without waiting for threads and libraries; what processes shared is given back, or its keeper would complain of it."""
    if "multiprocessing.util" in sys.modules:
        sys.modules["multiprocessing.util"]._run_finalizers(0)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main() -> None:
    """Run the command line; exit code 0 if all went well, 2 for a mistake that the user can mend, 1 for a failure, 130 if it was stopped."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except SystemExit as ending:
        if ending.code == INTERRUPTED:  # threads of libraries may still be at work
            _leave_at_once(INTERRUPTED)
        raise


if __name__ == "__main__":
    main()
