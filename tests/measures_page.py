"""The second half of docs/measures.md, from the docstrings: `python tests/measures_page.py` writes it, a test holds it current."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import newsanalysis as na

PAGE = Path(__file__).parents[1] / "docs" / "measures.md"
BEGIN, END = "<!-- from the docstrings: python tests/measures_page.py -->", "<!-- end -->"
NAMES = (
    "share_of_voice",
    "kind_share",
    "unnamed_share",
    "prominence",
    "voice_profile",
    "source_diversity",
    "camp_balance",
    "code_share",
    "mean_tone",
    "voice_gap",
    "word_rate",
    "sentence_counts",
    "compare",
    "corrected_share",
)


def parts(name: str) -> dict[str, str]:
    """What a measure's docstring says: what it is, its formula, what comes back, how to read it, where it is from."""
    text = inspect.getdoc(getattr(na, name)) or ""
    first, _, rest = text.partition("\n")
    sections = re.split(r"^(\w+)\n-+\n", rest, flags=re.MULTILINE)
    found = {"": sections[0], **dict(zip(sections[1::2], sections[2::2], strict=True))}
    notes, _, source = re.split(r"\n\n(?=Sources?:)|$", found["Notes"], maxsplit=1)[0], "", found["Notes"].partition("Source")[2]
    returns = found["Returns"].partition("\n")[2]
    said = {"first": re.sub("^Return,? ", "", first), "formula": found[""], "returns": returns, "read": notes, "source": source.partition(":")[2]}
    return {key: plain(value) for key, value in said.items()}


def plain(text: str) -> str:
    """One line, with Markdown's code marks."""
    return " ".join(re.sub(r"(?<!`)``?([^`]+)``?(?!`)", r"`\1`", text).split())


def section(name: str) -> str:
    """The part of the page for one measure."""
    said = parts(name)
    lines = [f"### na.{name}", "", said["first"][:1].upper() + said["first"][1:], "", f"*Formula.* {said['formula']}", ""]
    lines += [f"*Unit and range.* {said['returns']}", "", f"*How to read it.* {said['read']}", "", f"*Source.* {said['source']}"]
    return "\n".join(lines)


def page(text: str) -> str:
    """The page with its second half made anew."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n" + "\n\n".join(map(section, NAMES)) + f"\n\n{END}" + rest.split(END)[1]


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
