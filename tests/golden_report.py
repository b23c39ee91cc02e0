"""Golden sentences of the learned attributor: how they are marked, compared and reported.

``python tests/golden_report.py`` prints the pass rate of each category and what fails, in some seconds; ``--write`` also writes the
known failures anew (tests/data/golden_known_failures.csv), ``--help`` tells the rest. The model is the one in
src/newsanalysis/models/attribution, or the folder named by the environment variable NEWSANALYSIS_MODEL.

A line of tests/data/golden_attributions.jsonl has an ``id`` (category, number), ``compare`` and ``marked``: a text with its
attributions marked in place. ``[S:…]`` is a source, ``[C:…]`` a cue, ``[T:…]`` a content (what is told); a digit behind the
letter says to which attribution it belongs (``[S12:…]`` to both, none: to the first), a question mark behind that makes the
attribution optional: it may be found or not. Words in ``{…}`` may belong to the piece or not: there people differ too;
``[CT:{as}]`` is a word that may belong to cue or content. Other square brackets are text.

Conventions are those of tests/data/seed_gold.json: quotation marks, "that" and "to" belong to the content, a stop that ends the
sentence does not unless a closing mark follows; a colon that touches the cue belongs to it; days, places and addressees belong to
nothing; only the outermost attribution counts; a bare quotation that follows on belongs to the attribution before.

``compare`` is ``exact`` (the same characters in each role, white space and the split into pieces aside), or ``dice`` and the roles in
which token Dice of .8 is enough; the others are exact.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
SEED = DATA / "seed_gold.json"
SENTENCES = DATA / "golden_attributions.jsonl"
FAILURES = DATA / "golden_known_failures.csv"
UNSETTLED = DATA / "golden_unsettled.csv"
SHIPPED = Path(__file__).parents[1] / "src" / "newsanalysis" / "models" / "attribution"
ROLES = {"S": "source", "C": "cue", "T": "content"}
NEAR = 0.8
Spans = tuple[tuple[int, int], ...]
Attributor = Callable[[Iterable[str]], Iterator[list[Any]]]
Result = tuple[str, str, list[tuple[str, str]]]
"""An id, the text, and what is wrong."""
_MARKER = re.compile(r"\[([SCT]+)(\d*)(\??):|[\[\]{}]")
_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass
class Gold:
    """An attribution that a sentence is marked with: for each role the characters it must have, and those it may have."""

    required: dict[str, set[int]] = field(default_factory=lambda: {role: set() for role in ROLES.values()})
    allowed: dict[str, set[int]] = field(default_factory=lambda: {role: set() for role in ROLES.values()})
    optional: bool = False


@dataclass(frozen=True)
class Sentence:
    """A golden sentence."""

    id: str
    compare: str
    text: str
    gold: tuple[Gold, ...]

    @property
    def category(self) -> str:
        """Return the category, which is the id without its number."""
        return self.id.rsplit("-", 1)[0]

    @property
    def near(self) -> frozenset[str]:
        """Return the roles in which Dice is enough."""
        return frozenset(self.compare.split()) - {"exact", "dice"}


def parse(marked: str) -> tuple[str, tuple[Gold, ...]]:
    """Return the text of a marked sentence and its attributions."""
    text: list[str] = []
    gold: dict[str, Gold] = {}
    inside: list[tuple[list[tuple[Gold, str]], str]] = []
    loose = False
    at = 0

    def take(words: str) -> None:
        for letter in words:
            if not letter.isspace():
                for one, role in (pair for pairs, _ in inside for pair in pairs):
                    one.allowed[role].add(len(text))
                    if not loose:
                        one.required[role].add(len(text))
            text.append(letter)

    for match in _MARKER.finditer(marked):
        take(marked[at : match.start()])
        at = match.end()
        if match.group(1):
            pairs = []
            for number in match.group(2) or "1":
                one = gold.setdefault(number, Gold())
                one.optional = one.optional or bool(match.group(3))
                pairs += [(one, ROLES[letter]) for letter in match.group(1)]
            inside.append((pairs, ""))
        elif match.group() == "[":
            take("[")
            inside.append(([], "]"))
        elif match.group() == "]":
            if not inside:
                raise ValueError(f"a bracket closes nothing: {marked}")
            take(inside[-1][1])
            inside.pop()
        else:
            loose = match.group() == "{"
    take(marked[at:])
    if inside or loose:
        raise ValueError(f"a bracket is left open: {marked}")
    return "".join(text), tuple(gold[number] for number in sorted(gold))


def read() -> list[Sentence]:
    """Return all golden sentences."""
    rows = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    return [Sentence(row["id"], row["compare"], *parse(row["marked"])) for row in rows]


def known_failures(path: Path = FAILURES) -> dict[str, str]:
    """Return the reason of each sentence that is known to fail, or, of the other file, that may."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["reason"] for row in csv.DictReader(file)}


# Comparing


def characters(text: str, spans: Spans) -> set[int]:
    """Return the offsets of spans, without white space."""
    return {offset for start, end in spans for offset in range(start, end) if not text[offset].isspace()}


def dice(text: str, one: set[int], other: set[int]) -> float:
    """Return the Dice coefficient of the tokens that two sets of characters touch; two empty sets are alike."""
    tokens = [range(*match.span()) for match in _TOKEN.finditer(text)]
    first, second = ({n for n, token in enumerate(tokens) if not chars.isdisjoint(token)} for chars in (one, other))
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 1.0


def agrees(sentence: Sentence, gold: Gold, found: Any, role: str) -> bool:
    """Say whether an attribution found has the characters of a role that the sentence is marked with."""
    mine = characters(sentence.text, getattr(found, role))
    required, allowed = gold.required[role], gold.allowed[role]
    if required <= mine <= allowed:
        return True
    return role in sentence.near and max(dice(sentence.text, mine, required), dice(sentence.text, mine, allowed)) >= NEAR


def differences(sentence: Sentence, found: list[Any]) -> list[tuple[str, str]]:
    """Return what is wrong with the attributions found in a sentence, as (kind, description); nothing if they are as marked.

    Kinds: missed (no attribution with half of the content), extra, and source, cue, content (found, but not those words).
    """
    left, open_gold = list(found), []
    for gold in sentence.gold:
        right = next((one for one in left if all(agrees(sentence, gold, one, role) for role in ROLES.values())), None)
        if right is None:
            open_gold.append(gold)
        else:
            left.remove(right)
    wrong = []
    for gold in open_gold:

        def near(one: Any, gold: Gold = gold) -> float:
            return dice(sentence.text, characters(sentence.text, one.content), gold.required["content"])

        best = max(left, key=near, default=None)
        if best is None or near(best) < 0.5:
            if not gold.optional:
                wrong.append(("missed", _words(sentence.text, gold.required["content"])))
            continue
        left.remove(best)
        if gold.optional:
            continue
        for role in ROLES.values():
            if not agrees(sentence, gold, best, role):
                mine, meant = _words(sentence.text, characters(sentence.text, getattr(best, role))), _words(sentence.text, gold.required[role])
                wrong.append((role, f"{mine or 'nothing'} (marked: {meant or 'nothing'})"))
    for one in left:
        parts = (_words(sentence.text, characters(sentence.text, getattr(one, role))) for role in ROLES.values())
        wrong.append(("extra", " | ".join(parts)))
    return wrong


def _words(text: str, chars: set[int]) -> str:
    """Return characters as readable words, with … between pieces."""
    out, before = "", None
    for offset in sorted(chars):
        if before is not None and offset > before + 1:
            between = text[before + 1 : offset]
            out += between if between.isspace() else " … "
        out, before = out + text[offset], offset
    return re.sub(r"\s+", " ", out)


# The model


def folder() -> Path | None:
    """Return where the model lies: as the environment says, else in the package; None if there is none."""
    place = Path(os.environ.get("NEWSANALYSIS_MODEL", SHIPPED))
    return place if (place / "encoder.onnx").exists() else None


def learned() -> Attributor:
    """Return the learned attributor, with the model of the package or of the environment."""
    from newsanalysis.attribution.learned import LearnedAttributor

    if folder() is None:
        raise FileNotFoundError(f"{SHIPPED} holds no model, and NEWSANALYSIS_MODEL names no folder with one.")
    return LearnedAttributor(os.environ.get("NEWSANALYSIS_MODEL"))


# The seed


def key(one: dict[str, Any]) -> tuple[Spans, ...]:
    """Return an attribution of the seed's gold as (source, cue, content)."""
    return tuple(tuple(map(tuple, one[role])) for role in ROLES.values())


def seed_differences(attributor: Attributor) -> dict[str, list[tuple[str, str]]]:
    """Return what is wrong with the seed's attributions: of its article, beside those (spans exact), and of each of its headlines.

    In a headline the content needs token Dice of .8 only: whether "US" in "China Warns US Arms Sales ..." is told or told of is a toss-up.
    """
    gold = json.loads(SEED.read_text(encoding="utf-8"))
    texts = [gold["article"], *gold["headlines"]]
    listed = [gold["attributions"], *([one for one in gold["headline_attributions"] if one["headline"] == n] for n in range(len(texts) - 1))]
    wrong: dict[str, list[tuple[str, str]]] = {}
    for n, (text, answer, marked) in enumerate(zip(texts, attributor(texts), listed, strict=True)):
        found = [(one.source, one.cue, one.content) for one in answer]
        missed = [
            ("missed", _readable(text, key(one)))
            for one in marked
            if not one.get("optional") and not any(_same(text, key(one), other, n > 0) for other in found)
        ]
        extra = [
            ("extra", _readable(text, one))
            for one in found
            if not any(_same(text, key(other), one, n > 0) for other in marked) and not _is_optional(text, one, marked)
        ]
        if n:
            wrong[f"seed_headlines-{n:02d}"] = missed + extra
        else:
            wrong["seed_article-01"], wrong["seed_nothing_beside-01"] = missed, extra
    return wrong


def _same(text: str, gold: tuple[Spans, ...], found: tuple[Spans, ...], headline: bool) -> bool:
    """Say whether an attribution is the one meant: all spans, in a headline nearly all of the content."""
    if not headline:
        return gold == found
    return gold[:2] == found[:2] and dice(text, characters(text, gold[2]), characters(text, found[2])) >= NEAR


def _is_optional(text: str, found: tuple[Spans, ...], marked: list[dict[str, Any]]) -> bool:
    """Say whether what is found has half of the content of an attribution that may be found or not."""
    contents = [characters(text, key(one)[2]) for one in marked if one.get("optional")]
    return any(dice(text, characters(text, found[2]), content) >= 0.5 for content in contents)


def _readable(text: str, roles: tuple[Spans, ...]) -> str:
    return re.sub(r"\s+", " ", " | ".join(" … ".join(text[start:end] for start, end in spans) for spans in roles))


# What is added

ADDED = (
    "2019 4.1 3.9 5.2\n2020 -3.4 -2.8 0.7\n2021 5.8 6.0 4.4\n2022 2.1 1.9 3.3",
    "Die Brücke bleibt bis zum Frühjahr gesperrt. „Wir haben keine Wahl“, sagte die Bürgermeisterin am Dienstag vor Journalisten.",
    "« Nous ferons tout pour sauver l’usine », a déclaré la ministre. Selon les syndicats, six cents emplois sont menacés dans la vallée.",
    "«Мы не уйдём отсюда», — сказал губернатор области. По его словам, эвакуация начнётся в среду утром.",
    "“我们不会放弃，”市长星期一对记者说。据新华社报道，洪水已经退去。",
)
"""Paragraphs that give nothing behind an English text: numbers, German, French, Russian, Chinese."""
BEFORE = ("straight-01", "curly-05", "two_apostrophes-01", "according_to-01", "headlines-01", "indirect-01", "private_states-02", "one_sentence_paragraphs-02")


def added_differences(attributor: Attributor) -> dict[str, list[tuple[str, str]]]:
    """Return what is found in paragraphs of numbers or other languages that stand behind some of the golden sentences."""
    texts = [sentence.text for sentence in read() if sentence.id in BEFORE]
    wrong: dict[str, list[tuple[str, str]]] = {}
    for n, added in enumerate(ADDED, 1):
        longer = [f"{text}\n\n{added}" for text in texts]
        wrong[f"added-{n:02d}"] = [
            ("extra", _readable(whole, (one.source, one.cue, one.content)))
            for text, whole, answer in zip(texts, longer, attributor(longer), strict=True)
            for one in answer
            if max(end for spans in (one.source, one.cue, one.content) for _, end in spans) > len(text)
        ]
    return wrong


# Reporting


def results(attributor: Attributor, *, min_confidence: float = 0.0) -> list[Result]:
    """Return what is wrong with each golden sentence, and with the seed."""

    def sure(texts: Iterable[str]) -> Iterator[list[Any]]:
        return ([one for one in answer if one.confidence is None or one.confidence >= min_confidence] for answer in attributor(texts))

    sentences = read()
    answers = sure([sentence.text for sentence in sentences])
    found = [(sentence.id, sentence.text, differences(sentence, answer)) for sentence, answer in zip(sentences, answers, strict=True)]
    found += [(name, "(the seed)", wrong) for name, wrong in seed_differences(sure).items()]
    return found + [(name, "(golden sentences, and a paragraph behind)", wrong) for name, wrong in added_differences(sure).items()]


def report(found: list[Result], *, brief: bool = False) -> str:
    """Return the pass rate of each category, and what fails, as Markdown."""
    kinds = ("missed", "extra", "source", "cue", "content")
    lines = [f"| category | passed | of | {' | '.join(kinds)} |", "|---" * (3 + len(kinds)) + "|"]
    groups: dict[str, list[list[tuple[str, str]]]] = {}
    for name, _, wrong in found:
        groups.setdefault(name.rsplit("-", 1)[0], []).append(wrong)
    for category, mine in [*groups.items(), ("all", [wrong for _, _, wrong in found])]:
        count = Counter(kind for wrong in mine for kind in {kind for kind, _ in wrong})
        lines.append(f"| {category} | {sum(not wrong for wrong in mine)} | {len(mine)} | {' | '.join(str(count[kind] or '') for kind in kinds)} |")
    if not brief:
        lines.append("")
        for name, text, wrong in found:
            if wrong:
                lines += [f"- {name}: {text!r}", *(f"    - {kind}: {what}" for kind, what in wrong)]
    return "\n".join(lines)


def write_failures(found: list[Result]) -> None:
    """Write the known failures anew: each with what is wrong first of all."""
    with FAILURES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("id", "reason"))
        writer.writerows((name, ": ".join(wrong[0])) for name, _, wrong in found if wrong)


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description="Pass rate of the golden sentences by category, and what fails.")
    parser.add_argument("--brief", action="store_true", help="the table only")
    parser.add_argument("--write", action="store_true", help="write tests/data/golden_known_failures.csv anew")
    parser.add_argument("--patterns", action="store_true", help="the rules instead of the learned attributor")
    parser.add_argument("--category", help="this category only")
    parser.add_argument("--min-confidence", type=float, default=0.0, help="leave out attributions of less confidence")
    options = parser.parse_args()
    if options.write and (options.category or options.patterns or options.min_confidence):
        parser.error("--write takes no other option: the known failures are those of all sentences and of the learned attributor.")
    if options.patterns:
        from newsanalysis.attribution.patterns import patterns as attributor
    else:
        attributor = learned()
    found = results(attributor, min_confidence=options.min_confidence)
    print(report([one for one in found if options.category in (None, one[0].rsplit("-", 1)[0])], brief=options.brief))
    if options.write:
        write_failures(found)


if __name__ == "__main__":
    main()
