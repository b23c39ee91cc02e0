"""Real files of vendors, agencies and the web: how many articles come out of each, against how many are in it, and whether heads, bodies and dates do.

``benchmarks/data/samples.csv`` says what is in each file and how that was counted (published with the file, declared in it, or counted by its separators),
apart from the readers. An article counts as dated if its date could be read; files that carry no date say so there.
"""

from __future__ import annotations

import io
import time
from contextlib import redirect_stdout
from pathlib import Path

import pandas as pd

from benchmarks._common import ROOT, digest, options, write
from newsanalysis.readers import ReadError, read

COMMAND = "python -m benchmarks reading --data DATA"
NEEDS = ("../samples/README.md",)
ALL = "all files"
EXPECTED = ROOT / "benchmarks" / "data" / "samples.csv"


def main(arguments: list[str] | None = None) -> None:
    """Read every file that is listed and write the table."""
    given = options("reading", __doc__.splitlines()[0]).parse_args(arguments)
    samples = given.data.parent / "samples"
    listed = pd.read_csv(EXPECTED, dtype={"articles": int, "dated": int}, keep_default_na=False)
    rows = [{**row, **came_out(samples / row["file"])} for row in listed.to_dict("records")]
    table = pd.DataFrame(rows).assign(exact=lambda t: (t.articles == t.kept) & (t.dated == t.dates))
    total = {column: table[column].sum() for column in ("articles", "dated", "kept", "skipped", "dates", "without_title", "cpu_s")}
    total |= {"file": ALL, "format": f"{table.format.nunique()} formats", "shortest": table.shortest.min(), "said": "", "exact": table.exact.all()}
    both = pd.concat([table, pd.DataFrame([total])], ignore_index=True).assign(data_sha256=digest(EXPECTED))
    write(both.drop(columns="counted"), given.out / "reading.csv", COMMAND)
    whole = table.groupby("format", sort=False).agg(files=("file", "size"), articles=("articles", "sum"), kept=("kept", "sum"), exact=("exact", "all"))
    print(whole.to_string())
    wrong = table[~table.exact]
    if len(wrong):
        print(wrong[["file", "articles", "kept", "dated", "dates", "said"]].to_string())


def came_out(path: Path) -> dict[str, object]:
    """Return what reading a file gives: the format guessed, articles kept and skipped, dates, empty heads and bodies, seconds."""
    nothing = {"format": "", "kept": 0, "skipped": 0, "dates": 0, "without_title": 0, "shortest": 0}
    started = time.process_time()
    try:
        with redirect_stdout(io.StringIO()) as said:
            documents, report = read(path, report=True)
    except ReadError as error:
        return {**nothing, "cpu_s": time.process_time() - started, "said": str(error)}
    records = report[report.record.notna()]
    return {
        "format": said.getvalue().partition(": ")[2].partition(",")[0],
        "kept": len(documents),
        "skipped": int((records.status == "skipped").sum()),
        "dates": int(documents.published.notna().sum()),
        "without_title": int(documents.title.isna().sum()),
        "shortest": int(documents.text.str.len().min()),
        "cpu_s": time.process_time() - started,
        "said": "",
    }


if __name__ == "__main__":
    main()
