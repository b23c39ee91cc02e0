"""The topics of the reference: to which of them each public name belongs, by the module that it is defined in."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator

import newsanalysis as na

FIGURES = "figures"
TOPICS: dict[str, tuple[str, ...]] = {  # page under docs/reference: modules of the package, with all that is below them
    "reading": ("readers", "copies"),
    "attribution": ("attribution", "found", "speakers", "actors", "unitising", "quotations"),
    "codebooks": ("codebooks",),
    "coding": (
        *("sentiment", "targets", "tone_model", "framing.words", "framing.cues", "framing.labels", "framing.scare_quotes"),
        *("framing.passives", "framing.acts", "framing.statements", "framing.frames", "framing"),
    ),
    "measures": ("measures", "attitudes", "acting", "contrasts", "comparing", "correction", "log_odds", "speaking_about", "placing", "periods"),
    "evidence": ("display", "readingtables", "searching", "tracing"),
    FIGURES: ("figures", "textfigures", "scorefigures", "curves", "style"),
    "validation": ("sampling", "sheets", "hand_codes", "alpha", "validation", "methods", "reliability", "scoring", "gold", "annotations", "web_annotation"),
    "corpora": ("pipeline", "reports", "tables"),
}
PARTS = {  # modules that are public by their own name, and what of them is meant for use
    "codebooks": ("read", "words", "catalogue", "Codebook", "CodebookError"),
    "quotations": ("quotations", "kind", "Quotation"),
}
PLACES = {"Attributor": "attribution.contract"}  # names that do not say in which module they are defined


def public() -> list[str]:
    """The public names, without ``__version__``."""
    return sorted(name for name in dir(na) if not name.startswith("_"))


def module_of(name: str) -> str:
    """The module in which a public name is defined, without the package's name."""
    if name in PARTS:
        return name
    return PLACES.get(name) or str(getattr(na, name).__module__).removeprefix("newsanalysis.")


def topic_of(name: str) -> str | None:
    """The topic of a public name; None if its module is in none."""
    module = module_of(name)
    if name.startswith("plot_"):
        return FIGURES
    return next((topic for topic, modules in TOPICS.items() for place in modules if module == place or module.startswith(f"{place}.")), None)


def members(topic: str) -> Iterator[str]:
    """What stands on a topic's page, as a path below the package: functions as their modules define them, then classes, errors last."""
    names = [name for name in public() if topic_of(name) == topic]
    paths = [path for name in names for path in ([f"{name}.{part}" for part in PARTS[name]] if name in PARTS else [name])]

    def place(path: str) -> tuple[bool, bool, int, int, str]:
        last, module = path.rpartition(".")[2], module_of(path.split(".")[0])
        order = next((number for number, start in enumerate(TOPICS[topic]) if module == start or module.startswith(f"{start}.")), len(TOPICS[topic]))
        return last.endswith("Error"), last[0].isupper(), order, line_of(path), last

    return iter(sorted(paths, key=place))


def line_of(path: str) -> int:
    """The line of its module in which an object is defined; 0 where that cannot be told."""
    found = entry(path)
    return inspect.getsourcelines(found)[1] if inspect.isclass(found) or inspect.isfunction(found) else 0


def entry(path: str) -> object:
    """The object at a path below the package."""
    found: object = na
    for part in path.split("."):
        found = getattr(found, part)
    return found


if __name__ == "__main__":
    for topic in TOPICS:
        sys.stdout.write(f"{topic}: {', '.join(members(topic))}\n")
