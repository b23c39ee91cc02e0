"""How a report ends: methods, how far to trust it, what was left out, licences, versions."""

from __future__ import annotations

from typing import Any

from newsanalysis import __version__
from newsanalysis.display import in_html
from newsanalysis.reports import gathering, markup, trust
from newsanalysis.reports.gathering import Contents
from newsanalysis.reports.markup import count, details, paragraph, section, table, text
from newsanalysis.reports.pieces import camp


def methods(contents: Contents, given: str | None) -> str:
    """Return the methods paragraph and its references, ready for an appendix."""
    said, references = trust.methods(contents)
    pieces = [paragraph("Ready for a paper’s appendix; add what only you know: where the texts come from, and how they were chosen.", kind="note")]
    pieces.append(f'<div class="appendix">{paragraph(*map(in_html, said))}</div>')
    if given and given.strip():
        parts = "".join(paragraph(in_html(part)) for part in given.split("\n") if part.strip())
        pieces.append(f'<h3>Validation on this corpus</h3><div class="appendix">{parts}</div>')
    listed = "".join(f"<li>{in_html(line)}</li>" for line in references)
    return section("methods", "Methods", *pieces, f'<h3>References</h3><ul class="references">{listed}</ul>')


def how_far(contents: Contents) -> str:
    """Return the error rates and what to know beside them."""
    return section("trust", "How far to trust it", _list(trust.cautions(contents)), trust.table(contents))


def _list(sentences: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{sentence}</li>" for sentence in sentences) + "</ul>"


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def left_out(contents: Contents) -> str:
    """Return what was skipped, failed, not resolved, or is not shown here."""
    rows, counts, listed = contents.rows, contents.counts, contents.tables
    told = []
    if "files" in rows:
        told.append(f"{count(rows['skipped'], 'record')} {_is(rows['skipped'])} skipped." if rows["skipped"] else "No record was skipped in reading.")
        told.append(f"{count(rows['files_skipped'], 'file')} {_is(rows['files_skipped'])} skipped." if rows["files_skipped"] else "")
    failed, silent, strange, copies = rows["errors"], counts.silent, rows["unresolved"], counts.copies
    told.append(f"{count(failed, 'document')} could not be done and {_is(failed)} in no measure." if failed else "Every document was done.")
    told.append(f"{count(silent, 'document')} hold{'s' * (silent == 1)} no attribution." if silent else "Every document holds an attribution.")
    told.append(f"{count(strange, 'source')} {_is(strange)} not in the codebook." if strange else "No source is unknown to the codebook.")
    told.append(
        f"{count(copies, 'document')} that nearly repeat{'s' * (copies == 1)} another {_is(copies)} counted." if copies else "No near copies were found."
    )
    shown = f"{len(contents.found.documents):,} of {counts.documents:,}"
    told.append(f"Annotated texts: {shown} are shown. Attributions in the table: {len(listed['quotes']):,} of {rows['attributions']:,}.")
    told.append(
        "Titles of articles are not searched for attributions. Tone toward actors, who acts on whom, frames and scare quotes are no part of this report; "
        "the package has functions for them."
    )
    return section("left-out", "What was left out", _list([one for one in told if one]), _reasons(contents), _failed(contents), _strangers(contents))


def _reasons(contents: Contents) -> str:
    listed = contents.tables["read"]
    if listed.empty:
        return ""
    first = listed.head(gathering.REASONS)
    more = f", the first {len(first)} of {len(listed):,} reasons" if len(first) < len(listed) else ""
    cells = [(text(row["reason"]), in_html(row["status"]), f"{row['n']:,}") for row in first.to_dict("records")]
    return table(f"What became of files and records in reading, and why{more}", ("Reason", "Status", "Times"), cells, numbers=(2,))


def _failed(contents: Contents) -> str:
    listed = contents.tables["errors"].to_dict("records")
    cells = [(text(row["document_id"]), in_html(row["stage"]), text(row["error"])) for row in listed]
    caption = f"Documents that were not done, {len(cells):,} of {contents.rows['errors']:,}"
    return table(caption, ("Document", "Stage", "Why"), cells, wide=True) if cells else ""


def _strangers(contents: Contents) -> str:
    listed = contents.tables["unresolved"].to_dict("records")
    cells = [(text(_known(row["speaker"], row["source"])), camp(row["affiliation"] or None), f"{row['n']:,}", text(row["example"])) for row in listed]
    if not cells:
        return ""
    n = contents.rows["unresolved"]
    caption = f"Sources that the codebook does not name, {'all' if len(cells) == n else 'the first'} {len(cells)}{f' of {n:,}' if len(cells) < n else ''}"
    return details("Sources that the codebook does not name", table(caption, ("Source", "Counted under", "n", "Example"), cells, numbers=(2,), wide=True))


def _known(speaker: Any, source: Any) -> Any:
    return speaker if isinstance(speaker, str) and speaker else source


def licences(contents: Contents) -> str:
    """Return whose work this rests on, and under which licences."""
    texts = "The texts quoted here belong to their publishers; ask whether you may before you publish this page."
    cite = "When you publish numbers of it, cite the package and the sources of the measures: the references stand under Methods."
    return section("licences", "Licences and citation", paragraph(texts, cite), trust.licences(contents))


def settings(contents: Contents) -> str:
    """Return the foot of the page: versions, settings, and by what to know the results again."""
    manifest = contents.manifest
    told = [("newsanalysis", str(manifest.get("newsanalysis", __version__)))]
    told += [("Python", str(manifest["python"]))] if "python" in manifest else []
    told += [(str(name), str(version)) for name, version in manifest.get("libraries", {}).items()]
    told += [(str(name).replace("_", " "), _told(value)) for name, value in manifest.get("settings", {}).items()]
    digest = f"SHA-256 of manifest.json: <code>{contents.digest}</code>." if contents.digest else "Made of tables in memory: there is no manifest."
    made = markup.facts("Versions and settings", [(in_html(name), f"<code>{in_html(value)}</code>") for name, value in told])
    return paragraph("Made by newsanalysis. The same results give the same page.", digest) + details("Versions and settings", made)


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items()) or "none"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
