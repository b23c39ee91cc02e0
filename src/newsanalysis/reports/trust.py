"""How a report's numbers came about and how far to trust them: methods, error rates, references, licences.

The error rates are ``data/error_rates.csv``, the same rows as ``benchmarks/results/summary.csv``.
"""

from __future__ import annotations

import csv
import platform
from functools import lru_cache
from importlib import resources
from typing import Any

import pandas as pd

from newsanalysis import __version__, codebooks
from newsanalysis.alpha import FEW
from newsanalysis.display import in_html
from newsanalysis.methods import REFERENCES, with_model
from newsanalysis.reports import markup
from newsanalysis.reports.gathering import Contents
from newsanalysis.reports.markup import STAYS

US, WAR, ELECTION = "Who says what, US politics", "Who says what for whom, war in Ukraine", "A codebook of one's own, US election"
PACKAGE, PEOPLE = "newsanalysis", "people"
SYSTEMS = {"learned": "newsanalysis", "patterns": "rules"}
"""By which name the error rates call an attributor."""
_CAMPS = {"ukraine_war": WAR, "us_election_2016": ELECTION}


@lru_cache(maxsize=1)
def error_rates() -> tuple[dict[str, str], ...]:
    """Return the measured error of each step: the rows of ``data/error_rates.csv``.

    >>> error_rates()[0]["label"]
    'attributions (F1)'
    """
    text = resources.files("newsanalysis").joinpath("data/error_rates.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def rate(group: str, label: str, system: str) -> dict[str, str] | None:
    """Return the error rate of one step by one system, None where nobody has measured it.

    >>> rate("Tone", "toward a target (macro-F1)", "VADER")["estimate"]
    '0.5129'
    >>> rate("Tone", "toward a target (macro-F1)", "nobody") is None
    True
    """
    return next((row for row in error_rates() if (row["group"], row["label"], row["system"]) == (group, label, system)), None)


def figure(row: dict[str, str] | None) -> str:
    """Write an error rate with its interval.

    >>> figure(None)
    'not measured'
    """
    if row is None:
        return "not measured"
    bounds = f" ({100 * float(row['ci_low']):.1f}{STAYS}to{STAYS}{100 * float(row['ci_high']):.1f})" if row["ci_low"] else ""
    return f"{100 * float(row['estimate']):.1f}{bounds}"


def system(contents: Contents) -> str | None:
    """Return by which name the error rates call the attributor, None where they do not know it."""
    names = {name.partition("@")[0] for name in contents.manifest.get("attributors", [])}
    return SYSTEMS.get(next(iter(names))) if len(names) == 1 else None


def book(contents: Contents) -> str:
    """Return the name of the actor codebook, empty where none is known."""
    return str(contents.manifest.get("settings", {}).get("codebook", "")).partition("@")[0]


def table(contents: Contents) -> str:
    """Return the error rates of the steps that this report rests on."""
    mine = system(contents) or PACKAGE
    camps = _CAMPS.get(book(contents))
    groups = [US, *([camps] if camps else []), "Speech or thought", "Passives, and who acts"]
    steps = list(dict.fromkeys((row["group"], row["label"]) for row in error_rates() if row["group"] in groups))
    rows = [_step(*step, mine) for step in steps]
    rows += [_step("Tone", label, name) for name in ("VADER", "TextBlob") for label in ("toward a target (macro-F1)", "… in war news (macro-F1)")]
    caption = f"Measured error, in percent, with the {markup.INTERVAL}; F1 joins what was found wrongly and what was missed."
    return markup.table(caption, ("Step", "Measured on", "Right, or F1", "n", "Two people"), [row for row in rows if row], numbers=(2, 3, 4), wide=True)


def _step(group: str, label: str, name: str) -> tuple[str, ...] | None:
    row = rate(group, label, name) or (rate(group, label, PACKAGE) if group == "Passives, and who acts" else None)
    if row is None:
        return None
    people = rate(group, label, PEOPLE)
    by = f", by {row['system']}" if row["system"] != PACKAGE else ""
    what = f'{in_html(label.removeprefix("… "))}{by}<span class="below">{in_html(group)}</span>'
    return what, in_html(row["texts"]), figure(row), f"{int(row['n']):,}" if row["n"] else "–", figure(people) if people else "–"


def cautions(contents: Contents) -> list[str]:
    """Return what a reader has to know before trusting the numbers, each a safe sentence or two."""
    told = [
        "These rates were measured on other texts than yours. On news of other times, outlets and subjects expect more errors; "
        "<code>na.sample</code>, <code>na.coding_sheet</code> and <code>na.validate</code> measure them on your own."
    ]
    if (name := system(contents)) is None:
        given = markup.joined([in_html(one) for one in contents.manifest.get("attributors", [])]) or "none"
        told.append(f"The attributor of this corpus ({given}) is not among those measured; the rates of attributions are of the package’s trained model.")
    elif name == "rules":
        told.append("The attributions were found by rules, which miss more than the trained model does.")
    if book(contents) not in _CAMPS:
        told.append("How often speakers and camps are right with this codebook was not measured; check a sample.")
    told.append("Intervals tell how much the numbers would differ with other documents of the same kind. They do not hold the machine’s errors.")
    spoken = int(contents.measure("share_of_voice_words")["n_documents"].max()) if len(contents.measure("share_of_voice_words")) else 0
    if 1 < contents.counts.documents < FEW or 1 < spoken < FEW:
        told.append(f"Few documents: with fewer than {FEW} the intervals are too narrow.")
    told.append(
        "Tone comes from word lists (VADER, TextBlob): it points to passages worth reading and is no verdict. Hedges, labels and loaded words are "
        "found by lists; whether each is hedging or loaded where it stands was not measured, nor were classes of cues."
    )
    if contents.manifest.get("not_english"):
        told.append(f"{markup.count(contents.manifest['not_english'], 'document')} not in English: what is measured there is not valid.")
    return told


# --- methods ------------------------------------------------------------------------------------------------------------


def methods(contents: Contents) -> tuple[list[str], list[str]]:
    """Return the sentences of the methods paragraph and the references, as plain text."""
    manifest, settings = contents.manifest, contents.manifest.get("settings", {})
    used = ["newsanalysis", "bootstrap"]
    python = manifest.get("python", platform.python_version())
    libraries = ", ".join(f"{name} {version}" for name, version in manifest.get("libraries", {}).items())
    said = [
        f"The corpus ({_corpus(contents)}) was analysed with the Python package newsanalysis, version "
        f"{manifest.get('newsanalysis', __version__)}, under Python {python}{f' ({libraries})' if libraries else ''}."
    ]
    said += _attributing(contents, used)
    if "codebook" in settings:
        digest = f" (SHA-256 {settings['codebook_sha256'][:12]})" if "codebook_sha256" in settings else ""
        said.append(f"Speakers were resolved to actors, camps and roles with the actor codebook {settings['codebook']}{digest}.")
    lists = [name for name in manifest.get("coders", []) if name.partition("@")[0] not in ("vader", "textblob")]
    tones = [name for name in manifest.get("coders", []) if name.partition("@")[0] in ("vader", "textblob")]
    if lists:
        said.append(f"Cues, hedges, labels and passives were coded with the word lists {markup.joined(lists)}.")
    if tones:
        said.append(f"Tone and loaded words come from {markup.joined(tones)}, sentence by sentence, cut where the voice changes (Hutto & Gilbert, 2014).")
        used += [name.partition("@")[0] for name in tones]
    said.append(
        "Shares of voice are shares of the words of all attributed contents. Intervals are 95% percentile bootstrap intervals that resample whole "
        "documents (Field & Welsh, 2007); where all that an estimate divides by stands in one document, there is none."
    )
    if contents.counts.copies:
        n = contents.counts.copies
        said.append(f"{n:,} document{'s' * (n != 1)} that nearly repeat{'s' * (n == 1)} another {'was' if n == 1 else 'were'} kept.")
    said += _errors(contents, used)
    return said, sorted((REFERENCES[name] for name in dict.fromkeys(used)), key=lambda line: line.removeprefix("The ").casefold())


def _corpus(contents: Contents) -> str:
    counts = contents.counts
    kinds = ", ".join(markup.count(n, kind) for kind, n in sorted(counts.kinds.items()))
    outlets = f" of {markup.count(contents.rows['outlets'], 'outlet')}" if contents.rows["outlets"] else ""
    when = "" if counts.first is None else f", published {markup.period(counts.first, counts.last)}"
    return f"{kinds or 'no documents'}{outlets}{when}; {counts.words:,} words"


def _attributing(contents: Contents, used: list[str]) -> list[str]:
    settings = contents.manifest.get("settings", {})
    names = [with_model(name) for name in contents.manifest.get("attributors", [])] or [str(settings.get("attributor", ""))]
    if not any(names):
        return []
    said = f"Attributions (who is said to say or think what) were found by the attributor {markup.joined(names)}"
    if any(name.startswith("learned@") for name in names):
        said += ", trained on PolNeAR (Newell et al., 2018)"
        used.append("polnear")
    if "kinds" in settings:
        said += f"; kinds kept: {', '.join(settings['kinds'])}; modes: {', '.join(settings['modes'])}; least confidence {settings['min_confidence']:g}"
    return [said + "."]


def _errors(contents: Contents, used: list[str]) -> list[str]:
    """What was measured of this attributor and codebook, in the words of a paper."""
    name = system(contents)
    if name is None or (row := rate(US, "attributions (F1)", name)) is None:
        return ["No error rates have been published for this attributor."]
    used.append("polnear")
    said = [
        f"In the package’s own tests the attributor reached an F1 of {_apa(row)} for attributions with the right source "
        f"({row['texts']}, PolNeAR; Newell et al., 2018)"
    ]
    group = _CAMPS.get(book(contents))
    labels = ("speaker right", "camp right", "camp right, of thirteen")
    for label in labels if group and name == PACKAGE else ():
        if (one := rate(group or "", label, name)) is not None:
            said.append(f"the {label.partition(' ')[0]} was right for {_apa(one)} ({one['texts']})")
    return [", and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said) + ".", "The error on this corpus was not measured."]


def _apa(row: dict[str, str]) -> str:
    value = f"{float(row['estimate']):.2f}".removeprefix("0")
    return f"{value} [{float(row['ci_low']):.2f}, {float(row['ci_high']):.2f}]".replace("[0.", "[.").replace(", 0.", ", .") if row["ci_low"] else value


# --- licences -----------------------------------------------------------------------------------------------------------


def licences(contents: Contents) -> str:
    """Return the table of what was used, under which licence, from where."""
    used = {name.partition("@")[0] for name in contents.manifest.get("coders", [])} | {book(contents)}
    if book(contents):
        used |= {"world", "roles"}
    rows = [("newsanalysis", "MIT", "the package")]
    listed: pd.DataFrame = codebooks.catalogue()
    for row in listed[listed["name"].isin(used)].to_dict("records"):
        rows.append((f"{row['name']}@{row['version']}", row["licence"], row["source"]))
    if any(str(name).startswith("learned") for name in contents.manifest.get("attributors", [])):
        text = resources.files("newsanalysis").joinpath("data/models.csv").read_text(encoding="utf-8")
        models: list[dict[str, Any]] = [row for row in csv.DictReader(text.splitlines()) if row["file"] == "attribution/encoder.onnx"]
        rows += [(row["version"], row["licence"], row["source"]) for row in models]
    rows += [(name, "MIT", "its authors; see the references") for name in ("vader", "textblob") if name in used]
    return markup.table("What was used", ("What", "Licence", "Source"), [[in_html(cell) for cell in row] for row in rows], wide=True)
