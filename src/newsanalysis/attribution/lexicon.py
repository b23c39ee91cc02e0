"""The words the rules go by: verbs that report (`data/report_verbs.csv`), words of closed classes (`data/function_words.csv`)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

PREPOSITION_FRAMES = frozenset({"against", "about", "of", "for", "on"})


@dataclass(frozen=True, slots=True)
class Verb:
    """One form of a verb that reports.

    Parameters
    ----------
    lemma, tense, kind : str
        Dictionary form; base, s, past, participle or ing; speech or private.
    frames : frozenset of str
        What may follow: `clause` (… he lied), `that`, `wh` (… why he lied), `to` (… to go), `person` (… them that he lied),
        `person_to` (… them to go), `object` (… the plan), `quote` (a quotation beside it), `against`, `of`, `for`, `on`,
        `about` (a preposition that belongs to the cue); `noun` marks a form that is a noun as well.
    rest : tuple of str
        The further words of a cue of several words: ("out",) in *point out*.
    """

    lemma: str
    tense: str
    kind: str
    frames: frozenset[str]
    rest: tuple[str, ...] = ()

    @property
    def prepositions(self) -> frozenset[str]:
        """The prepositions that belong to the cue."""
        return self.frames & PREPOSITION_FRAMES


@cache
def verbs() -> dict[str, tuple[Verb, ...]]:
    """Return the verbs by the first word of their form, those of several words first.

    >>> [verb.lemma for verb in verbs()["said"]], [verb.rest for verb in verbs()["pointed"]]
    (['say'], [('out',)])
    """
    found: dict[str, list[Verb]] = {}
    for row in _rows():
        if row["tense"] not in ("noun", "phrase"):
            first, *rest = row["form"].split()
            verb = Verb(row["lemma"], row["tense"], row["kind"], frozenset(row["frames"].split()), tuple(rest))
            found.setdefault(first, []).append(verb)
    return {form: tuple(sorted(senses, key=lambda verb: -len(verb.rest))) for form, senses in found.items()}


@cache
def nouns() -> frozenset[str]:
    """Return the nouns that report, all forms: *claim*, *claims*, *warning* ...

    >>> "allegations" in nouns()
    True
    """
    return frozenset(row["form"] for row in _rows() if row["tense"] == "noun")


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of one class in `data/function_words.csv`: *determiner*, *preposition*, *weekday* ...

    >>> "monday" in words("weekday"), "who" in words("relative")
    (True, True)
    """
    return frozenset(row["word"] for row in _rows("function_words") if row["class"] == name)


@cache
def _rows(name: str = "report_verbs") -> list[dict[str, str]]:
    text = resources.files("newsanalysis").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
