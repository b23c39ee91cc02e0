"""The shipped codebook ``world``: its rows, its dated facts, and that texts are resolved by it."""

from __future__ import annotations

import datetime
import importlib.util
import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from newsanalysis import codebooks
from newsanalysis.actors import resolve
from newsanalysis.codebooks import bare, lexicon, names, words_of
from newsanalysis.found import Found
from newsanalysis.tables import ROLES

DATA = Path(codebooks.__file__).parent / "data"
BLOCKS = ["european_union", "nato", "united_nations", "international", "ngo", "think_tank", "media", "other", "unspecified"]


class Case(NamedTuple):
    """A source in a document of a day, with what stands before it."""

    source: str
    published: str | None = None
    before: str = ""


@lru_cache(maxsize=1)
def resolved() -> dict[Case, dict[str, str | None]]:
    """All cases of this file, each a document, resolved by ``world`` at once."""
    cases = list(dict.fromkeys([*(Case(office, day) for office, day, _ in DATED), *(Case(*case[:2]) for case in SOURCES.values()), *OTHERS]))
    documents, attributions, spans = [], [], []
    for n, case in enumerate(cases):
        text, start = f"{case.before}{case.source} said no.", len(case.before)
        stop = start + len(case.source)
        documents.append((str(n), text, "article", pd.Timestamp(case.published, tz="UTC") if case.published else pd.NaT))
        attributions.append((f"{n}#1", str(n), "indirect", case.source, "no", start, stop, "marks@1"))
        spans += [(f"{n}#1", "source", start, stop, case.source), (f"{n}#1", "content", stop + 6, stop + 8, "no")]
    found = Found(
        pd.DataFrame(documents, columns=["document_id", "text", "kind", "published"]),
        pd.DataFrame(attributions, columns=["attribution_id", "document_id", "kind", "source", "content", "start", "end", "attributor"]),
        pd.DataFrame(spans, columns=["attribution_id", "role", "start", "end", "text"]),
    )
    rows = resolve(found, codebook="world").attributions[["speaker", "actor_id", "affiliation", "role"]].to_dict("records")
    return {case: {column: cell if isinstance(cell, str) else None for column, cell in row.items()} for case, row in zip(cases, rows, strict=True)}


def answer(case: Case, *columns: str) -> list[str | None]:
    """The columns of a case's attribution; None for missing."""
    return [resolved()[case][column] for column in columns]


def test_every_row_is_sound() -> None:
    """Kinds, roles, sources and codes are of the known ones; every affiliation is defined, and used but the two that the rules give."""
    world = codebooks.read("world")
    assert set(world.actors.kind) == {"state", "organisation", "person", "place"}
    assert set(world.actors.role.dropna()) <= set(ROLES)
    assert set(world.actors.source) == {"ISO 3166-1", "unchecked", "pattern"}
    assert world.actors.wikidata.dropna().str.fullmatch(r"Q\d+").all()
    assert world.affiliations[["label", "definition"]].notna().all(axis=None)
    assert world.affiliations.affiliation.tolist()[-len(BLOCKS) :] == BLOCKS
    states = world.affiliations[:-9]
    assert states.iso2.str.fullmatch(r"[A-Z]{2}").all()
    assert states.iso3.str.fullmatch(r"[A-Z]{3}").all()
    assert states.iso3.is_unique
    assert world.actors[world.actors.kind == "state"].affiliation.tolist() == states.affiliation.tolist()
    assert set(world.affiliations.affiliation) - set(world.actors.affiliation) == {"unspecified"}


def test_it_is_small() -> None:
    """The three files are some hundred kilobytes together, and hold what they should of each kind."""
    world = codebooks.read("world")
    assert sum((DATA / "world" / f"{table}.csv").stat().st_size for table in ("actors", "aliases", "affiliations")) < 800_000
    kinds = world.actors.drop_duplicates("actor_id").kind.value_counts()
    assert kinds["state"] == 200  # 193 members of the UN, Vatican, Palestine, Kosovo, Taiwan, Hong Kong, Greenland, Western Sahara
    assert kinds["person"] > 1_200
    assert kinds["organisation"] > 1_000


def test_no_name_means_two_at_once() -> None:
    """No name without context belongs to two actors on one day, whatever the context of the other."""
    claims: dict[tuple[str, ...], list[tuple[str, datetime.date, datetime.date, bool]]] = {}
    for name, actor, when in names(codebooks.read("world")):
        claims.setdefault(tuple(word.key for word in words_of(bare(name))), []).append((actor, when.first, when.last, bool(when.context)))
    twice = [
        (one, two)
        for held in claims.values()
        for n, one in enumerate(held)
        for two in held[:n]
        if one[0] != two[0] and one[1] <= two[2] and two[1] <= one[2] and not (one[3] and two[3])
    ]
    assert twice == []


def test_words_of_states_are_the_states_own() -> None:
    """No name in ``world`` takes a word from the lexicon of states away from its state (a surname "English", a town "Georgia")."""
    owner = {tuple(word.key for word in words_of(word)): country for country, word, _ in lexicon("countries.csv", "country", "word", "kind")}
    world = codebooks.read("world")
    called = dict(zip(world.actors.actor_id, world.actors.name, strict=True))
    taken = [(name, actor) for name, actor, _ in names(world) if owner.get(tuple(word.key for word in words_of(name)), called[actor]) != called[actor]]
    assert taken == []


def test_terms_of_an_office_follow_each_other() -> None:
    """No office has two holders on one day: each name with "president", "minister" ... is dated and parted by dates."""
    aliases = codebooks.read("world").aliases
    offices = aliases[aliases.alias.str.contains(r"(?:president|prime minister|foreign minister|chancellor)$") & aliases.valid_from.notna()]
    assert len(offices) > 1_500
    for _, terms in offices.groupby("alias"):
        ordered = terms.sort_values("valid_from")
        assert (ordered.valid_from.iloc[1:].to_numpy() > ordered.valid_to.iloc[:-1].to_numpy()).all(), ordered
    assert (aliases.valid_to.dropna() >= pd.Timestamp("2010-01-01")).all()


# who held an office on a day: handovers of public record
DATED = [
    ("The US president", "2017-01-19", "Barack Obama"),
    ("The US president", "2017-01-20", "Donald Trump"),
    ("The American president", "2022-02-24", "Joe Biden"),
    ("The US secretary of state", "2013-06-01", "John Kerry"),
    ("The US Secretary of State", "2018-05-01", "Mike Pompeo"),
    ("The US defense secretary", "2021-06-01", "Lloyd Austin"),
    ("The British prime minister", "2016-07-12", "David Cameron"),
    ("The British prime minister", "2016-07-13", "Theresa May"),
    ("Britain's prime minister", "2022-10-01", "Liz Truss"),
    ("The British foreign secretary", "2017-01-01", "Boris Johnson"),
    ("The German chancellor", "2021-12-07", "Angela Merkel"),
    ("The German chancellor", "2021-12-08", "Olaf Scholz"),
    ("Germany's foreign minister", "2015-05-05", "Frank-Walter Steinmeier"),
    ("The French president", "2012-05-14", "Nicolas Sarkozy"),
    ("The French president", "2012-05-15", "François Hollande"),
    ("The Italian prime minister", "2015-03-01", "Matteo Renzi"),
    ("The Spanish prime minister", "2018-06-02", "Pedro Sánchez"),
    ("The Polish president", "2015-08-06", "Andrzej Duda"),
    ("The Polish prime minister", "2014-09-01", "Donald Tusk"),
    ("The Greek prime minister", "2015-07-05", "Alexis Tsipras"),
    ("The Russian president", "2012-05-06", "Dmitry Medvedev"),
    ("Russia's defence minister", "2014-03-01", "Sergei Shoigu"),
    ("The Ukrainian president", "2014-02-22", "Viktor Yanukovych"),
    ("The Ukrainian president", "2014-06-07", "Petro Poroshenko"),
    ("The Ukrainian foreign minister", "2020-05-01", "Dmytro Kuleba"),
    ("The Turkish president", "2014-08-28", "Recep Tayyip Erdoğan"),
    ("The Israeli prime minister", "2022-08-01", "Yair Lapid"),
    ("The Egyptian president", "2013-07-02", "Mohamed Morsi"),
    ("The Iranian president", "2013-08-02", "Mahmoud Ahmadinejad"),
    ("The Japanese prime minister", "2020-09-16", "Yoshihide Suga"),
    ("The Chinese president", "2013-03-13", "Hu Jintao"),
    ("The South Korean president", "2022-05-10", "Yoon Suk-yeol"),
    ("India's prime minister", "2014-05-26", "Narendra Modi"),
    ("The Brazilian president", "2016-05-11", "Dilma Rousseff"),
    ("The Canadian prime minister", "2015-11-03", "Stephen Harper"),
    ("The Australian prime minister", "2015-09-16", "Malcolm Turnbull"),
    ("The NATO secretary-general", "2014-09-30", "Anders Fogh Rasmussen"),
    ("The UN secretary-general", "2016-12-31", "Ban Ki-moon"),
    ("The European Commission president", "2014-11-01", "Jean-Claude Juncker"),
    ("The EU foreign policy chief", "2019-12-01", "Josep Borrell"),
    ("The IMF managing director", "2012-01-01", "Christine Lagarde"),
    ("The Pope", "2013-03-14", "Pope Francis"),
]


@pytest.mark.parametrize(("office", "published", "holder"), DATED)
def test_who_held_an_office(office: str, published: str, holder: str) -> None:
    """An office named without its holder is who held it on the day of the article."""
    assert answer(Case(office, published), "speaker") == [holder]


SOURCES = {
    "state by short name": ("Britain", None, "United Kingdom", "united_kingdom", "official"),
    "state by acronym": ("The U.S.", None, "United States", "united_states", "official"),
    "state by capital": ("Kiev", None, "Ukraine", "ukraine", "official"),
    "long name": ("The Russian Federation", None, "Russia", "russia", "official"),
    "seat": ("The Élysée", None, "Élysée", "france", "official"),
    "seat by street": ("Downing Street", None, "Downing Street", "united_kingdom", "official"),
    "seat of a ministry": ("Foggy Bottom", None, "Foggy Bottom", "united_states", "official"),
    "ministry": ("Poland's foreign ministry", None, "Poland's foreign ministry", "poland", "official"),
    "ministry, American spelling": ("The Indian Defense Ministry", None, "Indian Defense Ministry", "india", "official"),
    "parliament by its name": ("The Knesset", None, "Knesset", "israel", "official"),
    "parliament by pattern": ("The Israeli parliament", None, "Israeli parliament", "israel", "official"),
    "army": ("The Turkish military", None, "Turkish military", "turkey", "military"),
    "service": ("The SBU", None, "Security Service of Ukraine", "ukraine", "official"),
    "central bank": ("The Bank of England", None, "Bank of England", "united_kingdom", "official"),
    "agency of the UN": ("The UN refugee agency", None, "UN refugee agency", "united_nations", "official"),
    "organisation": (
        "The Organization for Security and Cooperation in Europe",
        None,
        "Organization for Security and Cooperation in Europe",
        "international",
        "official",
    ),
    "rights": ("Human Rights Watch", None, "Human Rights Watch", "ngo", "organisation"),
    "state medium": ("Xinhua", None, "Xinhua", "china", "media"),
    "medium": ("The New York Times", None, "New York Times", "media", "media"),
    "party": ("The AfD", None, "AfD", "germany", "official"),
    "spelling": ("Arsenij Yazenjuk", None, "Arsenij Yazenjuk", "ukraine", "official"),
    "without marks": ("Recep Tayyip Erdogan", None, "Recep Tayyip Erdogan", "turkey", "official"),
    "umlaut written out": ("Wolfgang Schaeuble", None, "Wolfgang Schaeuble", "germany", "official"),
    "changed affiliation, then": ("Donald Tusk", "2012-01-01", "Donald Tusk", "poland", "official"),
    "changed affiliation, later": ("Donald Tusk", "2016-01-01", "Donald Tusk", "european_union", "official"),
    "changed affiliation, told": ("European Council President Donald Tusk", None, "Donald Tusk", "european_union", "official"),
    "changed affiliation, open": ("Donald Tusk", None, "Donald Tusk", "unspecified", "official"),
    # persons that no row names, by description
    "unlisted minister": ("Polish Deputy Prime Minister Jan Nowak", None, "Jan Nowak", "poland", "official"),
    "unlisted of a state without ministers here": ("Bhutanese Education Minister Jan Nowak", None, "Jan Nowak", "bhutan", "official"),
    "spokeswoman": ("a spokeswoman for the OSCE", None, "unnamed spokeswoman for the OSCE", "international", "official"),
    "town": ("residents of Aleppo", None, "residents of Aleppo", "syria", "civilian"),
    "region": ("Texas Governor Ann Nowak", None, "Ann Nowak", "united_states", "official"),
    "namesake": ("Peter Vance", None, "Peter Vance", "other", "unspecified"),
}


@pytest.mark.parametrize("case", SOURCES)
def test_who_speaks_for_whom(case: str) -> None:
    """States, bodies, organisations, media and persons are known by their names, and the unlisted by what describes them."""
    source, published, *expected = SOURCES[case]
    assert answer(Case(source, published), "speaker", "affiliation", "role") == expected


LABOURER = Case("Petrov", before="Ruslan Petrov, a Donetsk labourer, came. ")
AMBIGUOUS = [
    ("Georgia", "Tbilisi is near. ", "georgia"),
    ("Congress", "Washington is near. ", "united_states"),
    ("The Conservative Party", "Britain is near. ", "united_kingdom"),
]
RAIN = "Rain is near. "
DAYS = ("2012-01-01", "2016-01-01", "2025-01-01", None)
OTHERS = [
    LABOURER,
    *(Case(name, before=before) for name, context, _ in AMBIGUOUS for before in (context, RAIN)),
    *(Case("Jens Stoltenberg", day) for day in DAYS),
]


def test_described_elsewhere() -> None:
    """A labourer from Donetsk is of Ukraine, wherever the text says so."""
    assert answer(LABOURER, "affiliation", "role") == ["ukraine", "civilian"]


@pytest.mark.parametrize(("name", "context", "affiliation"), AMBIGUOUS)
def test_what_is_ambiguous_asks_for_its_context(name: str, context: str, affiliation: str) -> None:
    """A name of many things counts only where the text has one of its words."""
    assert answer(Case(name, before=context), "affiliation") == [affiliation]
    assert answer(Case(name, before=RAIN), "affiliation") != [affiliation]


def test_one_person_is_one_actor_through_offices() -> None:
    """Who passes from one affiliation to another keeps the key."""
    keys = [answer(Case("Jens Stoltenberg", day), "actor_id", "affiliation") for day in DAYS]
    assert keys == [["stoltenberg", "norway"], ["stoltenberg", "nato"], ["stoltenberg", "norway"], ["stoltenberg", "unspecified"]]


def test_facts_are_sourced() -> None:
    """Every row of the facts that the codebook is built from says where it is from."""
    folder = Path(__file__).parents[1] / "training" / "codebooks" / "facts"
    if not folder.is_dir():
        pytest.skip("the facts are in the repository, not in the package")
    for file in ("states", "organisations", "terms", "persons", "places", "leaders", "aliases", "offices", "bodies"):
        table = pd.read_csv(folder / f"{file}.csv", dtype="str")
        assert table.source.notna().all()
    terms = pd.read_csv(folder / "terms.csv", dtype="str")
    dated = pd.concat([terms.valid_from, terms.valid_to]).dropna()
    assert all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) and datetime.date.fromisoformat(day) for day in dated)


def test_the_study_maps_world_into_its_camps() -> None:
    """Facts stand once: the study's actors are those of ``world`` in its camps, and its own."""
    world, study = codebooks.read("world"), codebooks.read("ukraine_war")
    shared = set(world.actors.actor_id) & set(study.actors.actor_id)
    assert shared == set(world.actors.actor_id)
    camps = study.actors.drop_duplicates("actor_id").set_index("actor_id").affiliation
    expected = {
        "merkel": "western",
        "putin": "russian",
        "zelenskyy": "ukrainian",
        "xi": "other",
        "unhcr": "international",
        "interfax": "russian",
        "reuters": "other",
    }
    assert {actor: camps[actor] for actor in expected} == expected
    assert len(pd.read_csv(DATA / "ukraine_war" / "actors.csv")) < 1_000


def test_the_files_are_what_the_facts_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Building again from the facts gives the shipped files byte by byte (ISO 3166 as it was): nobody has mended the product by hand."""
    script = Path(__file__).parents[1] / "training" / "codebooks" / "world.py"
    if not script.is_file():
        pytest.skip("the facts are in the repository, not in the package")
    spec = importlib.util.spec_from_file_location("build_world", script)
    assert spec and spec.loader
    build = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "build_world", build)
    spec.loader.exec_module(build)
    camps = codebooks.read("world").affiliations[:-9]
    official = {key: (iso2, text.partition(": ")[0]) for key, iso2, text in zip(camps.affiliation, camps.iso2, camps.definition, strict=True)}
    monkeypatch.setattr(build, "SHIPPED", tmp_path)
    monkeypatch.setattr(build, "official_names", lambda _: official)
    build.build()
    for file in ("countries.csv", "world/actors.csv", "world/aliases.csv", "world/affiliations.csv"):
        assert (tmp_path / file).read_bytes() == (DATA / file).read_bytes(), file
