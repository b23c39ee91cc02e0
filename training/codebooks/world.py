"""Build the shipped codebook ``world`` and the lexicon of states from the facts beside this file.

    pip install pycountry==26.2.16 Babel==2.18.0
    python training/codebooks/world.py

What comes from where:

- ``facts/*.csv`` is written by us; ``source`` says of each row where it is from. "general knowledge, unchecked" means that: nobody has
  held the row against a public list. Dates that are not sure to the day are narrowed to the days that are sure, or left out.
- pycountry (LGPL-2.1-only, ISO 3166 as kept by Debian's iso-codes) gives official names and the two-letter codes, and says whether a
  state is missing; Babel (BSD-3-Clause, Unicode CLDR) gives a second spelling of each state's name. Both are used here and at no other
  time: the package does not need them, and nothing of their text is shipped but names and codes, which are facts.

What is written: ``world/actors.csv``, ``world/aliases.csv``, ``world/affiliations.csv`` and ``countries.csv`` in ``src/newsanalysis/data``.
Where two actors claim a name at one time, the more particular claim stands: a name written down for an actor, then an office, then a
surname, then a name made by pattern; two surnames are told apart by the words of their country or by their time in office.
"""

from __future__ import annotations

import csv
import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from newsanalysis.codebooks import bare, words_of

FACTS = Path(__file__).parent / "facts"
SHIPPED = Path(__file__).parents[2] / "src" / "newsanalysis" / "data"
FIRST, LAST = datetime.date.min, datetime.date.max
DAY = datetime.timedelta(days=1)
UNCHECKED = "unchecked"  # short for "general knowledge, unchecked"
BLOCKS = {
    "european_union": ("European Union", "The European Union, its institutions and who speaks for them"),
    "nato": ("NATO", "The alliance itself, its officials, and commanders who speak for it"),
    "united_nations": ("United Nations", "The United Nations, its agencies and courts, and who speaks for them"),
    "international": ("International bodies", "Other bodies between states: OSCE, IMF, World Bank, Red Cross, regional organisations"),
    "ngo": ("Civil society", "Organisations that are not a state's: human rights, aid, environment"),
    "think_tank": ("Think tanks", "Research institutes and pollsters"),
    "media": ("Media", "Agencies and media that no state directs; those that one does stand with it"),
    "other": ("Other", "Anybody else who is known, and several affiliations speaking as one"),
    "unspecified": ("Unspecified", 'The text does not let us know ("officials said", "reports say")'),
}
TAKES = "civilian|document|expert|official|organisation|unspecified"  # of whom nothing tells for whom they speak: the state where the article plays
NOT_IN_ISO = {"kosovo": "XK"}  # user-assigned codes in general use
SHORT = {"united_states": ("US",), "united_kingdom": ("UK",), "united_arab_emirates": ("UAE",), "dr_congo": ("DRC",)}  # that stand as adjectives
NAMES = {"united_kingdom": ("Britain",), "united_states": ("US", "America"), "vatican": ("Holy See",)}  # that patterns use beside the name
FAMILY_FIRST = {"china", "taiwan", "south_korea", "north_korea", "hong_kong"}
PARTICLES = {"van", "von", "de", "der", "den", "da", "di", "del", "della", "bin", "al", "el", "ben", "ul", "zu", "ter", "le", "la", "dos"}
LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "İ": "I", "ß": "ss", "æ": "ae", "ð": "d", "þ": "th"})
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
GERMAN = {"germany", "austria", "switzerland", "european_union"}


class Alias(NamedTuple):
    """A name of an actor: when it counts, and how particular the claim is (0 is the most)."""

    actor: str
    alias: str
    context: str = ""
    first: datetime.date = FIRST
    last: datetime.date = LAST
    rank: int = 0


class Actor(NamedTuple):
    """A row of actors.csv."""

    actor_id: str
    name: str
    kind: str
    affiliation: str
    role: str
    first: datetime.date = FIRST
    last: datetime.date = LAST
    wikidata: str = ""
    context: str = ""
    source: str = UNCHECKED


class Term(NamedTuple):
    """A time in an office; without an office, a time of speaking for this affiliation."""

    affiliation: str
    office: str
    first: datetime.date | None
    last: datetime.date | None


def facts(name: str) -> list[dict[str, str]]:
    """Read a file of facts."""
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def several(cell: str) -> list[tuple[str, str]]:
    """The names in a cell, ``Name;Name@context|context``, each with its context."""
    return [(name.strip(), context.strip()) for name, _, context in (part.partition("@") for part in cell.split(";")) if name.strip()]


def key_of(name: str) -> str:
    """A short key for a name, as "al_sisi"."""
    plain = unicodedata.normalize("NFKD", name.translate(LETTERS))
    return re.sub(r"[^a-z0-9]+", "_", "".join(c for c in plain if not unicodedata.combining(c)).lower()).strip("_")


def spellings(name: str, affiliation: str) -> list[str]:
    """The name, and how it is written without letters that English has not: Błaszczak, Blaszczak; Schröder, Schroeder."""
    forms = [name, name.translate(LETTERS)]
    if affiliation in GERMAN:
        forms.append(name.translate(UMLAUTS))
    return list(dict.fromkeys(forms))


# --- states and their bodies --------------------------------------------------------------------------------------------


def official_names(states: list[dict[str, str]]) -> dict[str, tuple[str, str]]:
    """For each state its two-letter code and its official name by ISO 3166; refuse codes that are not there."""
    import babel
    import pycountry

    territories = babel.Locale("en").territories
    found = {}
    for state in states:
        entry = pycountry.countries.get(alpha_3=state["iso3"])
        if entry is None and state["key"] not in NOT_IN_ISO:
            raise ValueError(f"states.csv: {state['key']} has no ISO 3166 code {state['iso3']!r}")
        code = entry.alpha_2 if entry else NOT_IN_ISO[state["key"]]
        found[state["key"]] = (code, getattr(entry, "official_name", None) or territories[code])
    return found


def adjectives(state: dict[str, str]) -> list[str]:
    """What stands before "foreign ministry": the first two demonyms and a short name, or the name itself."""
    return [name for name, context in several(state["demonyms"]) if not context][:2] + list(SHORT.get(state["key"], ())) or [state["name"]]


def filled(pattern: str, state: dict[str, str]) -> list[str]:
    """The names that a pattern with {X} (adjective) and {C} (name) makes for a state."""
    if "{X}" in pattern:
        demonyms = adjectives(state)
        if state["key"] == "united_kingdom":
            demonyms = ["British", "UK"]
        return [pattern.replace("{X}", word) for word in demonyms]
    if "{C}" in pattern:
        return [pattern.replace("{C}", name) for name in (state["name"], *NAMES.get(state["key"], ()))]
    return [pattern]


def of_states(states: list[dict[str, str]]) -> Iterator[Actor | Alias]:
    """The states with their other names, and those demonyms and capitals that the lexicon of states does not have."""
    lexical = {(country, word) for country, word, _ in of_lexicon(states)}
    for state in states:
        yield Actor(state["key"], state["name"], "state", state["key"], "official", wikidata=state["wikidata"], context=state["context"], source="ISO 3166-1")
        for column in ("other_names", "demonyms", "people", "capitals"):
            for name, context in several(state[column]):
                if context or column == "other_names" or (state["name"], name) not in lexical:
                    yield Alias(state["key"], name, context, rank=1)


def of_lexicon(states: list[dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Rows of countries.csv: what tells a state wherever it stands.

    Names with a part that is also in names of persons ("Santa Lucia", "António Costa") or begins other names ("Sierra Club", "Republic
    Bank") are left to the codebook: facts/lexicon_exceptions.csv.
    """
    exceptions = {where: {row["part"] for row in facts("lexicon_exceptions") if row["where"] == where} for where in ("any", "first")}
    for state in states:
        for column, kind in (("name", "country"), ("other_names", "country"), ("demonyms", "demonym"), ("people", "people"), ("capitals", "capital")):
            for name, context in several(state[column]):
                parts = [word.key for word in words_of(name)]
                if not context and (len(parts) == 1 or not (exceptions["any"].intersection(parts) or parts[0] in exceptions["first"])):
                    yield state["name"], name, kind


def of_bodies(states: list[dict[str, str]], reported: set[str], named: list[dict[str, str]]) -> Iterator[Actor | Alias]:
    """Government, ministries, parliament, forces ... of the reported states by pattern; a body with a name of its own takes the pattern's names."""
    own = {(row["affiliation"], row["body"]): row["actor_id"] for row in named if row["body"]}
    for state in states:
        if state["key"] not in reported:
            continue
        adjective = adjectives(state)[0] if state["key"] != "united_states" else "US"
        for body in facts("bodies"):
            actor = own.get((state["key"], body["body"]), state["key"] if body["body"] == "government" else "")
            if not actor:
                actor = key_of(f"{adjective} {body['body']}")
                yield Actor(actor, body["name"].replace("{X}", adjective), "organisation", state["key"], body["role"], source="pattern")
            for pattern, _ in several(body["aliases"]):
                yield from (Alias(actor, name, rank=4) for name in filled(pattern, state))


def of_organisations(named: list[dict[str, str]]) -> Iterator[Actor | Alias]:
    """Bodies with a name of their own, parties, international organisations and media; further names of any actor but a person."""
    for row in named:
        yield Actor(row["actor_id"], row["name"], "organisation", row["affiliation"], row["role"], wikidata=row["wikidata"], context=row["context"])
        yield from (Alias(row["actor_id"], name, context) for name, context in several(row["aliases"]))
    for row in facts("aliases"):
        yield from (Alias(row["actor_id"], name, context) for name, context in several(row["aliases"]))


def of_places(states: list[dict[str, str]]) -> Iterator[Actor | Alias]:
    """Towns and regions: they tell where people are from and never speak."""
    names = {state["key"]: state["name"] for state in states}
    for row in facts("places"):
        actor = f"{row['affiliation']}_places"
        yield Actor(actor, f"places in {names[row['affiliation']]}", "place", row["affiliation"], "")
        yield from (Alias(actor, name, context) for name, context in several(row["places"]))


# --- persons and their offices ------------------------------------------------------------------------------------------


def _day(cell: str) -> datetime.date | None:
    return datetime.date.fromisoformat(cell) if cell else None


def terms() -> dict[str, list[Term]]:
    """The times in office of each person, the earliest first."""
    found: dict[str, list[Term]] = {}
    for row in facts("terms"):
        found.setdefault(row["person"], []).append(Term(row["affiliation"], row["office"], _day(row["valid_from"]), _day(row["valid_to"])))
    for held in found.values():
        held.sort(key=lambda term: (term.first or FIRST, term.last or LAST))
    return found


def segments(held: list[Term]) -> list[tuple[str, datetime.date, datetime.date]]:
    """For whom a person speaks from when to when: a new affiliation begins with its first term and lasts until the next begins."""
    changes = [term for n, term in enumerate(held) if n == 0 or term.affiliation != held[n - 1].affiliation]
    starts = [FIRST, *((term.first or FIRST) for term in changes[1:])]
    ends = [*(start - DAY for start in starts[1:]), LAST]
    return [(term.affiliation, start, end) for term, start, end in zip(changes, starts, ends, strict=True)]


def surname_of(person: str, affiliation: str) -> str:
    """The surname by the rules: the last word with its particles, or the first of a Chinese or Korean name; "" if there is none."""
    parts = person.split()
    if len(parts) < 2 or re.fullmatch(r"[IVX]+|Jr\.", parts[-1]):
        return ""
    if affiliation in FAMILY_FIRST and not any("-" in part for part in parts[:1]):
        return parts[0]
    first = len(parts) - 1
    while first > 1 and parts[first - 1].lower() in PARTICLES:
        first -= 1
    return " ".join(parts[first:])


def country_words(state: dict[str, str]) -> str:
    """The words of a text by which a surname is taken for one of this country: its name, demonyms and people; not "US", which is also "us"."""
    cells = [state["name"], *(several(state[column])[0][0] for column in ("demonyms", "people", "capitals") if state[column])]
    extra = {"united_states": ["America", "Republican", "Democrat", "Congress", "Senate"], "united_kingdom": ["Britain", "Tory", "Labour", "Westminster"]}
    return "|".join(dict.fromkeys([*cells, *extra.get(state["key"], [])]))


def of_persons(states: list[dict[str, str]]) -> Iterator[Actor | Alias]:
    """Persons with their spellings, surnames and dated offices."""
    known = {row["person"]: row for row in facts("persons")}
    common = {row["surname"] for row in facts("common_surnames")}
    by_key = {state["key"]: state for state in states}
    offices = {(row["office"], row["affiliation"]): row["aliases"] for row in facts("offices")}
    leaders = {(row["affiliation"], row["office"]) for row in facts("leaders")}
    blank = {"actor_id": "", "role": "", "surname": "", "spellings": "", "wikidata": ""}
    everybody = terms()
    surnames: dict[str, list[str]] = {}
    for person, held in everybody.items():
        surnames.setdefault(key_of(surname_of(person, held[0].affiliation)), []).append(person)
    claimed = {name for row in known.values() for name, _ in several(row["surname"])}
    for person, held in everybody.items():
        about = known.get(person, blank)
        auto = surname_of(person, held[0].affiliation)
        short = re.sub(r"^(al|el|bin)[- ]", "", auto)
        shared = len(surnames[key_of(auto)]) > 1 or auto in common
        key = about["actor_id"] or key_of(auto if auto and not shared else person)
        pieces = segments(held)
        for affiliation, first, last in pieces:
            yield Actor(key, person, "person", affiliation, about["role"] or "official", first, last, about["wikidata"])
        home = {affiliation: None for affiliation, *_ in pieces}
        for full, _ in [(person, ""), *several(about["spellings"])]:
            yield from (Alias(key, form) for affiliation in home for form in spellings(full, affiliation) if form != person)
        if about["surname"] and about["surname"] != "-":
            for name, context in several(about["surname"]):
                yield from (Alias(key, form, context, rank=2) for affiliation in home for form in spellings(name, affiliation))
        elif not about["surname"] and auto and auto not in claimed:
            yield from _by_surname(key, (auto, short), held, [by_key[affiliation] for affiliation in home if affiliation in by_key], shared)
        for term in held:
            if term.office and term.first:
                pattern = offices.get((term.office, term.affiliation)) or offices[term.office, ""]
                if (term.affiliation, term.office) in leaders:
                    pattern += ";{X} leader;{C} leader"
                for one, context in several(pattern):
                    for name in filled(one, by_key[term.affiliation]) if term.affiliation in by_key else [one]:
                        yield Alias(key, name, context, term.first, term.last or LAST, rank=1)


def _by_surname(actor: str, names: tuple[str, ...], held: list[Term], states: list[dict[str, str]], shared: bool) -> Iterator[Alias]:
    """A surname that is one person's counts everywhere; a common or shared one in texts on the country and in the time in office."""
    dated = [term for term in held if term.first]
    first, last = (dated[0].first or FIRST, max(term.last or LAST for term in dated)) if dated else (FIRST, LAST)
    for form in dict.fromkeys(form for name in names for term in held for form in spellings(name, term.affiliation)):
        if not shared:
            yield Alias(actor, form, rank=3)
        else:
            yield from (Alias(actor, form, country_words(state), first, last, rank=3) for state in states)


# --- one claim a name ---------------------------------------------------------------------------------------------------


def settled(actors: list[Actor], aliases: Iterable[Alias], lexical: Iterable[Alias]) -> tuple[list[Alias], list[str]]:
    """The aliases without those whose name another actor, or the lexicon, has at the same time by a more particular claim; and those."""
    kept: list[Alias] = []
    dropped: list[str] = []
    claims: dict[tuple[str, ...], list[Alias]] = {}
    for alias in lexical:
        claims.setdefault(tuple(word.key for word in words_of(bare(alias.alias))), []).append(alias)
    names = [Alias(actor.actor_id, actor.name, actor.context, rank=-1) for actor in actors]
    for alias in sorted([*dict.fromkeys(names), *aliases], key=lambda alias: alias.rank):
        others = claims.setdefault(tuple(word.key for word in words_of(bare(alias.alias))), [])
        same = [one for one in others if one.context == alias.context or not one.context]
        if any(one.actor == alias.actor and one.first <= alias.first and alias.last <= one.last for one in same):
            continue
        rival = next((one for one in same if one.actor != alias.actor and one.first <= alias.last and alias.first <= one.last), None)
        if rival and alias.rank < 0:
            raise ValueError(f"{alias.alias!r} is the name of {rival.actor} and of {alias.actor}")
        if rival:
            dropped.append(f"{alias.alias} ({alias.actor}): {rival.actor}")
            continue
        others.append(alias)
        if alias.rank >= 0:
            kept.append(alias)
    return kept, dropped


def _iso(day: datetime.date) -> str:
    return "" if day in (FIRST, LAST) else day.isoformat()


def write(file: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Write one CSV file of the package."""
    path = SHIPPED / file
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def build() -> list[str]:
    """Write the files; return the claims that were left out."""
    states, named = facts("states"), facts("organisations")
    official = official_names(states)
    held = Counter(row["affiliation"] for row in facts("terms") if row["office"])
    reported = {affiliation for affiliation, count in held.items() if count > 5}
    made = [*of_states(states), *of_organisations(named), *of_bodies(states, reported, named), *of_places(states), *of_persons(states)]
    actors = [row for row in made if isinstance(row, Actor)]
    named_so: dict[str, str] = {}
    for row in actors:
        if named_so.setdefault(row.actor_id, row.name) != row.name:
            raise ValueError(f"two actors are called {row.actor_id!r}: {named_so[row.actor_id]}, {row.name}")
    keys = {state["name"]: state["key"] for state in states}
    lexical = [Alias(keys[country], word) for country, word, kind in of_lexicon(states) if kind != "country"]
    aliases, dropped = settled(actors, [row for row in made if isinstance(row, Alias)], lexical)
    write("countries.csv", ("country", "word", "kind"), of_lexicon(states))
    write(
        "world/actors.csv",
        ("actor_id", "name", "kind", "affiliation", "role", "valid_from", "valid_to", "wikidata", "context", "source"),
        ((a.actor_id, a.name, a.kind, a.affiliation, a.role, _iso(a.first), _iso(a.last), a.wikidata, a.context, a.source) for a in actors),
    )
    order = {key: n for n, key in enumerate(named_so)}
    rows = sorted(aliases, key=lambda alias: order[alias.actor])
    write(
        "world/aliases.csv",
        ("actor_id", "alias", "context", "valid_from", "valid_to"),
        ((a.actor, a.alias, a.context, _iso(a.first), _iso(a.last)) for a in rows),
    )
    state = "{}: its state, parties, bodies and citizens".format
    camps = [(s["key"], s["name"], state(official[s["key"]][1]), TAKES, official[s["key"]][0], s["iso3"]) for s in states]
    blocks = [(key, label, definition, "media" if key == "media" else "", "", "") for key, (label, definition) in BLOCKS.items()]
    write("world/affiliations.csv", ("affiliation", "label", "definition", "takes", "iso2", "iso3"), [*camps, *blocks])
    print(f"{len(actors)} actors, {len(rows)} aliases, {len(camps) + len(blocks)} affiliations; {len(dropped)} names left to others")
    return dropped


if __name__ == "__main__":
    print("\n".join(build()))
