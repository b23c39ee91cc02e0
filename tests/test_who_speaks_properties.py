"""What must hold of who speaks and for whom, whatever the texts and the codebook: texts made of parts with attributions in them.

Each property says which faults it catches; each of these was planted once and caught.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import newsanalysis as na

FEW = settings(max_examples=7, phases=[Phase.generate])  # what fails is short as it is; making it shorter takes minutes
MARK = re.compile(r"\{(\d)([sct])\|([^{}]*)\}")
ROLES = {"s": "source", "c": "cue", "t": "content"}
TOLD = ["speaker", "actor_id", "affiliation", "role", "speaker_basis", "affiliation_basis"]


def found_in(texts: dict[str, list[str]], published: str | None = None) -> na.Found:
    """Attributions from documents of paragraphs in which they are marked and counted, ``{1s|She} {1c|said} {1t|no}.``."""
    documents, attributions, spans = [], [], []
    for key, paragraphs in texts.items():
        plain, n = "", 0
        for paragraph in paragraphs:
            plain, end, said = plain + "\n" if plain else "", 0, {}
            for mark in MARK.finditer(paragraph):
                plain += paragraph[end : mark.start()]
                said.setdefault(f"{key}#{n + int(mark[1]):02d}", []).append((ROLES[mark[2]], len(plain), len(plain) + len(mark[3]), mark[3]))
                plain, end = plain + mark[3], mark.end()
            plain, n = plain + paragraph[end:], n + len(said)
            for name, pieces in said.items():
                words: dict[str, Any] = {role: text for role, _, _, text in pieces}
                words |= {"start": min(start for _, start, _, _ in pieces), "end": max(stop for _, _, stop, _ in pieces)}
                words["kind"] = "direct" if words["content"].startswith("“") else "indirect"
                attributions.append({"attribution_id": name, "document_id": key, "attributor": "marks@1", **words})
                spans += [(name, *piece) for piece in pieces]
        documents.append({"document_id": key, "text": plain, "kind": "article"})
    columns = ["attribution_id", "document_id", "kind", "source", "cue", "content", "start", "end", "attributor"]
    dated = pd.DataFrame(documents).assign(published=pd.to_datetime(published, utc=True) if published else None)
    return na.Found(dated, pd.DataFrame(attributions, columns=columns), pd.DataFrame(spans, columns=["attribution_id", "role", "start", "end", "text"]))


def named(paragraphs: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    """Documents by their ids: d0, d1 ..."""
    return {f"d{n}": list(part) for n, part in enumerate(paragraphs)}


def told(found: na.Found, codebook: Any) -> pd.DataFrame:
    """What resolving fills, by attribution; "" for missing."""
    return na.resolve(found, codebook=codebook).attributions.set_index("attribution_id")[TOLD].fillna("").sort_index()


PARTS = (
    "{1s|Mayor Ann Lee} {1c|said} {1t|the bridge was closed}. {2s|She} {2c|said} {2t|it would open soon}.",
    "On Monday {1s|Lee} {1c|said} {1t|the road was safe}.",
    "Ann Lee came late. {1t|“The road is safe,”} {1c|said} {1s|the mayor}. {2t|“It was repaired.”}",
    "{1s|Igor Zand, a lawyer for the Harbour Company,} {1c|said} {1t|the law was clear}. {2s|He} {2c|said} {2t|it was old}.",
    "{1s|Zand} {1c|warned} {1t|of delays}, {2c|adding} {2t|that ships would wait}.",
    "{1s|Polish Interior Minister Bruno Kowal} {1c|said} {1t|the border was open}. {2s|The minister} {2c|said} {2t|it would stay so}.",
    "{1s|A spokeswoman for the Harbour Company} {1c|said} {1t|the ships were late}. {2s|The company} {2c|said} {2t|it was sorry}.",
    "{1t|“The dam is new,”} {1c|said} {1s|the River Council}. {2s|It} {2c|said} {2t|the dam would hold}.",
    "{1s|Officials} {1c|said} {1t|the school was shut}. {2s|They} {2c|said} {2t|it would open}.",
    "{1s|Both Poland and Norway} {1c|said} {1t|the talks had failed}.",
    "{1s|Warsaw} {1c|said} {1t|the talks had failed}. {2s|The government} {2c|said} {2t|more would come}.",
    "Norway met. {1s|The Norwegian prime minister} {1c|said} {1t|the snow was deep}. {2s|The government} {2c|said} {2t|it would melt}.",
    "{1s|Residents of Riverton} {1c|said} {1t|the noise was bad}. {2s|Some} {2c|said} {2t|it was worse at night}.",
    "It was {1c|reported} {1t|that the fair was cancelled}.",
    "{1s|Her lawyer} {1c|said} {1t|no}. {2s|Who} {2c|said} {2t|yes}?",
    "{1s|The chief} {1c|said} {1t|the work was done}.",
    "{1s|He} {1c|said} {1t|the tram was full}. {2s|She} {2c|said} {2t|it was not}. {3s|It} {3c|said} {3t|nothing}.",
)
ALIASES = (
    ("lee", "the mayor", "", ""),
    ("zand", "the chief", "", "2014-06-30"),
    ("council", "the chief", "2014-07-01", ""),
    ("firm", "the Harbour", "", ""),
    ("council", "the river board", "", ""),
    ("kowal", "the Polish interior minister", "2012", "2016"),
    ("pl", "Rzeczpospolita", "", ""),
)
ACTORS = (
    ("lee", "Ann Lee", "person", "town", "official"),
    ("zand", "Igor Zand", "person", "harbour", "expert"),
    ("kowal", "Bruno Kowal", "person", "abroad", ""),
    ("firm", "Harbour Company", "organisation", "harbour", "organisation"),
    ("council", "River Council", "organisation", "town", "official"),
    ("pl", "Poland", "state", "abroad", "official"),
    ("no", "Norway", "state", "north", "official"),
)
CAMPS = ("town", "harbour", "abroad", "north", "other", "unspecified")


def codebook(actors: Sequence[Sequence[str]] = ACTORS, aliases: Sequence[Sequence[str]] = ALIASES, camps: Sequence[str] = CAMPS) -> na.codebooks.Codebook:
    """A codebook as written to CSV files and read again; actors may have an interval."""
    tables = {
        "actors": [("actor_id", "name", "kind", "affiliation", "role", "valid_from", "valid_to")[: max(5, *map(len, actors))], *actors],
        "aliases": [("actor_id", "alias", "valid_from", "valid_to"), *aliases],
        "affiliations": [("affiliation",), *((camp,) for camp in camps)],
    }
    with TemporaryDirectory() as folder:
        for table, rows in tables.items():
            with (Path(folder) / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        return na.codebooks.read(folder)


@lru_cache(maxsize=1)
def mine() -> na.codebooks.Codebook:
    """The codebook of the parts."""
    return codebook()


@lru_cache(maxsize=1)
def another() -> na.codebooks.Codebook:
    """Another study's codebook of the same world: other camps, other keys, other names for some."""
    actors = (
        ("mayor", "A. Lee-Moss", "person", "left", "civilian"),
        ("ships", "Harbour Company", "organisation", "right", "media"),
        ("oslo", "Oslo", "organisation", "left", ""),
    )
    return codebook(actors, (("mayor", "Lee", "", ""), ("mayor", "Ann Lee", "", ""), ("ships", "the chief", "", "")), ("left", "right"))


PARAGRAPHS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=3)
DOCUMENTS = st.lists(PARAGRAPHS, min_size=1, max_size=3)
DAYS = st.none() | st.sampled_from(["2011-01-01", "2014-06-30", "2014-07-01", "2020-01-01"])


@FEW
@given(DOCUMENTS, DAYS)
def test_resolving_starts_anew(texts: list[list[str]], day: str | None) -> None:
    """Resolving twice changes nothing, and resolving by one codebook and then by another gives what the other gives alone."""
    # catches: keeping a speaker, an affiliation or a basis that is already there; keeping the first codebook's lookup
    found = found_in(named(texts), day)
    once = na.resolve(found, codebook=mine())
    pd.testing.assert_frame_equal(na.resolve(once, codebook=mine()).attributions, once.attributions)
    there = na.resolve(found, codebook=another())
    assert set(there.attributions.affiliation.dropna()) <= {"left", "right"}
    pd.testing.assert_frame_equal(na.resolve(once, codebook=another()).attributions, there.attributions)
    pd.testing.assert_frame_equal(na.resolve(there, codebook=mine()).attributions, once.attributions)


BEFORE = {"a": ["Igor Lee, a general, came. {1s|She} {1c|said} {1t|no}.", "Norway met. {1s|The government} {1c|said} {1t|no}."]}
BEHIND = {"z": ["Ann Zand left. {1s|Zand} {1c|said} {1t|no}.", "Poland met. {1s|The government} {1c|said} {1t|no}."]}


@FEW
@given(DOCUMENTS, DAYS, st.randoms(use_true_random=False), st.integers(0, 4))
def test_documents_do_not_touch(texts: list[list[str]], day: str | None, chance: Any, cut: int) -> None:
    """Documents in another order, in two calls, or beside others that are not theirs have the same answers."""
    # catches: genders, speakers or lookups kept from document to document; answers by row number instead of key
    found = found_in(named(texts), day)
    expected = told(found, mine())
    keys = found.documents.document_id.tolist()
    shuffled = replace(
        found, **{name: getattr(found, name).sample(frac=1, random_state=chance.randrange(99)) for name in ("documents", "attributions", "spans")}
    )
    pd.testing.assert_frame_equal(told(shuffled, mine()), expected)
    halves = [found.within(part) for part in (keys[:cut], keys[cut:]) if part]
    pd.testing.assert_frame_equal(pd.concat(told(half, mine()) for half in halves).sort_index(), expected)
    among = told(found_in({**BEFORE, **named(texts), **BEHIND}, day), mine())
    pd.testing.assert_frame_equal(among.loc[expected.index], expected)
    strangers = among.loc[["a#01", "a#02", "z#01", "z#02"]]
    assert strangers.speaker.tolist() == ["", "government", "Ann Zand", "government"]
    assert strangers.affiliation.tolist() == ["unspecified", "north", "other", "abroad"]


SILENT = ("\n", "  \n\n ", "\nIt rained all day, and the streets stayed wet.", "\n\nNothing more was known by then. it ended late.")


@FEW
@given(PARAGRAPHS, st.sampled_from(SILENT), DAYS)
def test_what_follows_without_a_name_changes_nothing(paragraphs: list[str], added: str, day: str | None) -> None:
    """White space at the end, or a paragraph more that names nobody, leaves the speakers before it as they are."""
    # catches: answers that hang on how the text ends, or on how many words it has
    found = found_in({"d": paragraphs}, day)
    longer = replace(found, documents=found.documents.assign(text=found.documents.text + added))
    pd.testing.assert_frame_equal(told(longer, mine()), told(found, mine()))


@FEW
@given(st.permutations(ALIASES), st.permutations(ACTORS), st.permutations(CAMPS), DAYS)
def test_order_in_the_codebook_does_not_matter(aliases: list[Any], actors: list[Any], camps: list[str], day: str | None) -> None:
    """The rows of a codebook's tables in another order give the same answers."""
    # catches: the last alias of a name winning over the one that is valid; a state's demonyms from the first row only
    found = found_in({f"d{n}": [part] for n, part in enumerate(PARTS)}, day)
    pd.testing.assert_frame_equal(told(found, codebook(actors, aliases, camps)), told(found, mine()))


WOMEN = ("Ann", "Angela", "Federica", "Yelena", "Mary-Jane", "Zoë")
MEN = ("Igor", "Jens", "Xavier", "José", "Jean-Claude", "Peter")
SURNAMES = ("Lee", "Zand", "O'Brien", "Szabó", "Mbeki-Lowe", "Quist", "Stoltenberg", "MacAvoy", "Ødegård", "Kim")
FIRMS = ("Harbour Company", "Quay Company", "NordMar Company")


def assert_renamed(new: dict[str, str], day: str | None = None) -> None:
    """Resolve the texts under the old names and the new ones, and compare."""

    def renamed(words: str) -> str:
        return re.sub(r"\b(?:" + "|".join(new) + r")\b", lambda name: new[name[0]], words)

    texts = [list(PARTS[:7]), [*PARTS[3:5], PARTS[6]], [PARTS[4], PARTS[15], *PARTS[2:4]], [PARTS[1], *PARTS[9:12], PARTS[0]]]
    aliases = [row for row in ALIASES if row[1] != "the Harbour"]
    expected = told(found_in(named(texts), day), codebook(aliases=aliases))
    expected["speaker"] = expected.speaker.map(renamed)
    actors = [(key, renamed(name), *rest) for key, name, *rest in ACTORS]
    again = found_in(named([[renamed(part) for part in text] for text in texts]), day)
    pd.testing.assert_frame_equal(told(again, codebook(actors, aliases)), expected)


@FEW
@given(st.sampled_from(WOMEN), st.sampled_from(MEN), st.permutations(SURNAMES), st.sampled_from(FIRMS), DAYS)
def test_renaming_an_actor_renames_it(woman: str, man: str, surnames: list[str], firm: str, day: str | None) -> None:
    """Actors renamed in texts and codebook have the new names in the result, and nothing else changes."""
    # catches: names known by heart (Stoltenberg of NATO); surnames cut at an apostrophe, a hyphen or a letter with an accent
    assert_renamed({"Ann": woman, "Igor": man, "Lee": surnames[0], "Zand": surnames[1], "Harbour Company": firm}, day)


WORDS_TOO = {
    "al-Ghazali": "Zand",
    "St. John": "Zand",
    "King": "Lee",
    "Bishop": "Lee",
    "March": "Zand",
    "Dock and Pier Company": "Harbour Company",
}


@pytest.mark.parametrize(("new", "old"), WORDS_TOO.items())
def test_names_that_are_words(new: str, old: str) -> None:
    """A surname that is also a word, or of two words, is a name like others."""
    assert_renamed({old: new})


@pytest.mark.parametrize("source", ["Jr", "II", "III"])
def test_a_suffix_alone_is_no_error(source: str) -> None:
    """A source that is nothing but the suffix of a name does not stop the resolving."""
    assert len(told(found_in({"d": [f"{{1s|{source}}} {{1c|said}} {{1t|no}}."]}), mine())) == 1


DATE = st.dates(datetime.date(2010, 1, 1), datetime.date(2020, 12, 31))
DAY = datetime.timedelta(days=1)


@FEW
@given(DATE, DATE, st.sampled_from(["day before", "first", "between", "last", "day after"]))
def test_outside_its_interval_an_actor_is_nobody(one: datetime.date, two: datetime.date, when: str) -> None:
    """An actor counts from the first to the last day of its row, by name, alias and description, and on no other day."""
    # catches: an interval open at an end; aliases that live longer than their actor; dates of aliases only
    first, last = sorted((one, two))
    published = {"day before": first - DAY, "first": first, "between": first + (last - first) / 2, "last": last, "day after": last + DAY}[when]
    actors = [(*row, str(first), str(last)) if row[0] in ("lee", "firm") else row for row in ACTORS]
    rows = told(found_in({f"d{n}": [part] for n, part in enumerate((PARTS[0], PARTS[2], PARTS[6]))}, str(published)), codebook(actors))
    if first <= published <= last:
        assert rows.actor_id.tolist() == ["lee"] * 4 + ["firm"] * 2
        assert rows.affiliation.tolist() == ["town"] * 4 + ["harbour"] * 2
    else:
        assert set(rows.actor_id) == {""}
        assert set(rows.affiliation) <= {"other", "unspecified"}
    assert rows.speaker[:2].tolist() == ["Ann Lee"] * 2


PRONOUNS = {"i", "we", "he", "him", "his", "she", "her", "it", "its", "they", "them", "their", "who", "which", "that", "this", "those"}


@FEW
@given(DOCUMENTS, DAYS, st.sampled_from(["mine", "ukraine_war"]))
def test_speakers_are_named_by_text_or_codebook(texts: list[list[str]], day: str | None, book: str) -> None:
    """A speaker is never a bare pronoun, and where there is one its words are those of its document or of its actor's name."""
    # catches: the pronoun itself for want of a name; names of other documents or of the lexicon; an actor's name without the actor
    found, study = found_in(named(texts), day), mine() if book == "mine" else na.codebooks.read(book)
    rows = na.resolve(found, codebook=study).attributions.merge(found.documents[["document_id", "text"]])
    names = dict(zip(study.actors.actor_id, study.actors.name, strict=True))
    for row in rows.dropna(subset="speaker").itertuples():
        words = re.findall(r"\w+", row.speaker.casefold())
        assert words
        assert row.speaker.casefold() not in PRONOUNS
        theirs = f"{row.text} {names.get(row.actor_id, '')} unnamed and 's"
        capital = " Poland" if row.speaker_basis == "metonym" else ""
        assert set(words) <= set(re.findall(r"\w+", (theirs + capital).casefold())), row.speaker


def test_every_part_has_an_answer() -> None:
    """The parts hold sources of every kind of evidence and of every affiliation, so that the properties are not about nothing."""
    rows = told(found_in(named([PARTS, *([part] for part in PARTS)])), mine())
    assert set(rows.affiliation) == set(CAMPS)
    assert {"name", "surname", "pronoun", "description", "inherited", "implied", "as_described"} <= set(rows.speaker_basis)
    assert {"actor", "description", ""} <= set(rows.affiliation_basis)
    assert set(rows.actor_id) >= {key for key, *_ in ACTORS} - {"no"}
