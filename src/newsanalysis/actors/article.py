"""What an article says beside its attributions: the states, bodies and places that the outlet's own words name, and where it plays."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from newsanalysis.actors.book import Alias, Book, common
from newsanalysis.attribution.lexicon import words as words_of_class
from newsanalysis.codebooks import Word, keys_of, matches, words_of
from newsanalysis.sentences import sentences

_WHERE = words_of_class("place_preposition")
_ELSE = frozenset(("of", "for", "from", "and", "with", "by", "between"))  # what comes after is no place of what came before
_DATELINE = re.compile(r"^[ \t]*[A-Z][A-Z.'’ -]{2,30}(?:,[^\n]{0,40})?(?: ?\([^()\n]{2,30}\))? ?(?:-{1,2}|[–—/])", re.MULTILINE)
_BEGINNING = 400  # characters in which a dateline stands
_AGREEING = 2  # voices or places that make a setting
_LOOK_BACK = 200  # bodies named before


class Named(NamedTuple):
    """A state, body or place where the outlet's own words name it."""

    start: int
    affiliation: str | None  # None where it may be of several
    kind: str  # state, organisation or place; "" for several
    office: bool  # whether those who speak for it are officials or soldiers
    located: bool  # whether something is "in" it
    words: frozenset[str]  # of its names


@dataclass(frozen=True)
class Article:
    """A text, the day it appeared, its quotations in the order of the text, and the codebook by which it is read."""

    text: str
    day: datetime.date | None
    quoted: tuple[tuple[int, int], ...]
    book: Book

    @cached_property
    def keys(self) -> frozenset[str]:
        """Its words."""
        return keys_of(self.text)

    @cached_property
    def words(self) -> Sequence[Word]:
        """Its words in order."""
        return words_of(self.text)

    @cached_property
    def capitals(self) -> dict[str, list[int]]:
        """Where each word stands with a capital, by its key: its numbers among the words."""
        found: dict[str, list[int]] = {}
        for i, word in enumerate(self.words):
            if word.text[0].isupper():
                found.setdefault(word.key, []).append(i)
        return found

    @cached_property
    def named(self) -> list[Named]:
        """The states, bodies and places that the outlet's own words name, in the order of the text; no media."""
        words, found = self.words, []
        for first, end, meanings in hits_in(words, self):
            start, kinds = words[first].start, {meaning.actor.kind for meaning in meanings}
            media = any(meaning.actor.role == "media" for meaning in meanings)
            if kinds <= {"state", "organisation", "place"} and not media and not self.in_quotation(start):
                names = {word.key for word in words[first:end]} | {word.key for m in meanings for word in words_of(m.actor.name)}
                camp = common(meaning.actor.affiliation for meaning in meanings)
                office = all(meaning.actor.role in ("official", "military") for meaning in meanings)
                found.append(Named(start, camp, common(kinds) or "", office, located(words, first), frozenset(names)))
        return found

    def in_quotation(self, at: int) -> bool:
        """Whether an offset lies in a direct quotation that is attributed."""
        before = bisect_right(self.quoted, at, key=lambda span: span[0])
        return before > 0 and at < self.quoted[before - 1][1]

    @cached_property
    def dateline(self) -> str | None:
        """For whom the place of the dateline speaks ("KIEV, May 3 (Agency) -")."""
        line = _DATELINE.search(self.text, 0, _BEGINNING)
        return next((one.affiliation for one in self._places if line and line.start() <= one.start < line.end()), None)

    @cached_property
    def _places(self) -> list[Named]:
        return [one for one in self.named if one.affiliation and one.kind in ("state", "place")]

    @cached_property
    def about(self) -> str | None:
        """Whose states, people and places more than half of those are that the outlet's own words name."""
        return most(one.affiliation for one in self._places if one.affiliation)

    def last_place(self, at: int) -> str | None:
        """Whose the last place before an offset is in which something happens."""
        return next((one.affiliation for one in reversed(self._located[: bisect_left(self._located, at, key=_start)])), None)

    @cached_property
    def _located(self) -> list[Named]:
        return [one for one in self._places if one.located]

    def known_before(self, at: int, *, lands: bool = False) -> tuple[str | None, str | None]:
        """For whom the state or body (of a state, if asked so) speaks that is named first in the sentence before an offset, and last before it."""
        begin = self._sentences[max(bisect_right(self._sentences, at) - 1, 0)] if self._sentences else 0
        known = [one for one in self._offices if one.affiliation in self.book.lands] if lands else self._offices
        first, end = (bisect_left(known, offset, key=_start) for offset in (begin, at))
        return next((one.affiliation for one in known[first:end]), None), known[end - 1].affiliation if end else None

    @cached_property
    def _offices(self) -> list[Named]:
        """States, and bodies that hold office: no firms, unions or clubs."""
        return [one for one in self.named if one.affiliation and (one.kind == "state" or (one.kind == "organisation" and one.office))]

    @cached_property
    def _bodies(self) -> list[Named]:
        return [one for one in self.named if one.kind == "organisation"]

    @cached_property
    def _sentences(self) -> list[int]:
        return [start for start, _ in sentences(self.text)]

    def last_body(self, noun: str, at: int, *, any_body: bool) -> str | None:
        """For whom the body speaks that was named last before an offset and has this noun in a name, or, failing that, any body."""
        end = bisect_left(self._bodies, at, key=_start)
        before = self._bodies[max(end - _LOOK_BACK, 0) : end][::-1]
        return next((one.affiliation for one in (*(one for one in before if noun in one.words), *(before if any_body else ()))), None)


def _start(one: Named) -> int:
    return one.start


def most(camps: Iterable[str]) -> str | None:
    """Return what more than half of them are, and two at least.

    >>> most(["nato", "nato", "western"]), most(["nato", "western"]), most(["nato"])
    ('nato', None, None)
    """
    counted = Counter(camps)
    [(camp, times)] = counted.most_common(1) or [("", 0)]
    return camp if times >= _AGREEING and 2 * times > counted.total() else None


def located(words: Sequence[Word], first: int) -> bool:
    """Whether a place preposition stands before it, with at most an article and two small words between: "in eastern Ukraine"."""
    at = first - 1
    while at >= 0 and first - at < 4 and not words[at].text[0].isupper() and words[at].key not in _WHERE and words[at].key not in _ELSE:
        at -= 1
    return at >= 0 and words[at].key in _WHERE


def hits_in(words: Sequence[Word], article: Article) -> list[tuple[int, int, list[Alias]]]:
    """The aliases among words that count in this article: the first word, one past the last, what they may mean."""
    return list(matches(words, article.book.aliases, lambda meaning: meaning.when.holds(article.day, article.keys)))
