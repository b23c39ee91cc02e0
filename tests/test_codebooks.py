"""Codebooks: what is read, what is refused and how it is said, and that nobody can spoil what others read."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsanalysis import codebooks
from newsanalysis.codebooks import CodebookError
from newsanalysis.tables import ROLES

ACTORS = "actor_id,name,kind,affiliation,role,valid_from,valid_to,wikidata\nlee,Ann Lee,person,council,official,,,\nroe,Bob Roe,person,citizens,civilian,,,\n"
ALIASES = "actor_id,alias,context\nlee,Mayor Lee,\nroe,Bobby,\n"
CAMPS = "affiliation,label,definition\ncouncil,Council,The town council\ncitizens,Citizens,Everybody else\n"


def book(folder: Path, actors: str | bytes = ACTORS, aliases: str = ALIASES, camps: str = CAMPS) -> Path:
    """Write a codebook."""
    (folder / "actors.csv").write_bytes(actors if isinstance(actors, bytes) else actors.encode())
    (folder / "aliases.csv").write_text(aliases, encoding="utf-8")
    (folder / "affiliations.csv").write_text(camps, encoding="utf-8")
    return folder


def refusal(path: object) -> str:
    """The one sentence with which a codebook is refused."""
    with pytest.raises(CodebookError) as refused:
        codebooks.read(path)  # type: ignore[arg-type]
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_folder_file_and_name_are_read(tmp_path: Path) -> None:
    """A folder, its actors.csv and a shipped name all give a codebook, with the columns of the contract."""
    folder = book(tmp_path)
    for given_as in (folder, str(folder), folder / "actors.csv"):
        mine = codebooks.read(given_as)
        assert mine.name == tmp_path.name
        assert mine.actors.columns.tolist() == ["actor_id", "name", "kind", "affiliation", "role", "valid_from", "valid_to", "wikidata"]
        assert mine.aliases.alias.tolist() == ["Mayor Lee", "Bobby"]
        assert repr(mine).endswith("2 actors, 2 aliases, 2 affiliations.")
    assert codebooks.read("ukraine_war").version == "1"


def test_workbook_reads_like_the_folder(tmp_path: Path) -> None:
    """The same cells in an Excel workbook, dates as Excel keeps them, give the same tables."""
    workbook = openpyxl.Workbook()
    for name, text in (("actors", ACTORS), ("Aliases", ALIASES), ("affiliations", CAMPS)):
        sheet = workbook.create_sheet(name)
        for line in text.splitlines():
            sheet.append([cell or None for cell in line.split(",")])
    workbook["actors"]["F2"] = datetime.datetime(2014, 2, 27)
    workbook["actors"]["G2"] = datetime.date(2015, 1, 1)
    workbook["actors"]["H2"] = 42.0
    workbook.save(tmp_path / "mine.xlsx")
    mine = codebooks.read(tmp_path / "mine.xlsx")
    plain = codebooks.read(book(tmp_path, ACTORS.replace("official,,,", "official,2014-02-27,2015-01-01,42")))
    pd.testing.assert_frame_equal(mine.actors, plain.actors)
    pd.testing.assert_frame_equal(mine.aliases, plain.aliases)
    assert len(mine.version) == 12


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_marks_of_excel(tmp_path: Path, separator: str) -> None:
    """A byte order mark, CRLF, semicolons or tabs, blank lines and blank columns at the end change nothing."""
    spoiled = "\ufeff" + ACTORS.replace(",", separator).replace("\n", f"{separator}\r\n") + separator * 8 + "\r\n"
    mine = codebooks.read(book(tmp_path, spoiled))
    assert mine.actors.name.tolist() == ["Ann Lee", "Bob Roe"]


def test_aliases_may_be_absent(tmp_path: Path) -> None:
    """Without aliases.csv the actors' names are all there is."""
    folder = book(tmp_path)
    (folder / "aliases.csv").unlink()
    assert codebooks.read(folder).aliases.empty


def test_a_year_or_month_ends_with_its_last_day(tmp_path: Path) -> None:
    """``2014`` and ``2014-02`` begin with their first day as valid_from and end with their last as valid_to."""
    mine = codebooks.read(book(tmp_path, ACTORS.replace("official,,,", "official,2014,2014-02,").replace("civilian,,,", "civilian,2013-12,2013,")))
    assert [str(day.date()) for day in mine.actors.valid_from] == ["2014-01-01", "2013-12-01"]
    assert [str(day.date()) for day in mine.actors.valid_to] == ["2014-02-28", "2013-12-31"]


REFUSED = {
    "unknown column": (ACTORS.replace("wikidata", "colour"), ALIASES, CAMPS, ["actors.csv, row 1, column 'colour'", "unknown", "allowed: actor_id"]),
    "missing column": (ACTORS.replace("affiliation", "note", 1), ALIASES, CAMPS, ["actors.csv, row 1", "'affiliation' is missing", "found: actor_id, name"]),
    "empty file": ("", ALIASES, CAMPS, ["actors.csv", "'actor_id' is missing (found: nothing)"]),
    "column twice": (ACTORS.replace("wikidata", "name"), ALIASES, CAMPS, ["column 'name'", "twice"]),
    "column unnamed": (ACTORS.replace("kind", ""), ALIASES, CAMPS, ["the 3. column is blank"]),
    "duplicate actor_id": (ACTORS.replace("roe,", "lee,"), ALIASES, CAMPS, ["actors.csv, row 3, column 'actor_id'", "'lee' is already in row 2"]),
    "blank actor_id": (ACTORS.replace("roe,", ","), ALIASES, CAMPS, ["actors.csv, row 3, column 'actor_id'", "blank"]),
    "blank name": (ACTORS.replace("Bob Roe", " "), ALIASES, CAMPS, ["actors.csv, row 3, column 'name'", "blank"]),
    "name without letters": (ACTORS.replace("Bob Roe", "—"), ALIASES, CAMPS, ["actors.csv, row 3, column 'name'", "no letter"]),
    "unknown affiliation": (ACTORS.replace(",citizens,", ",mob,"), ALIASES, CAMPS, ["actors.csv, row 3, column 'affiliation': 'mob'", "council, citizens"]),
    "unknown role": (ACTORS.replace("civilian", "boss"), ALIASES, CAMPS, ["actors.csv, row 3, column 'role': 'boss'", "official, military"]),
    "no date": (ACTORS.replace("official,,", "official,soon,"), ALIASES, CAMPS, ["actors.csv, row 2, column 'valid_from': 'soon' is no date"]),
    "no such day": (ACTORS.replace("official,,", "official,2014-02-30,"), ALIASES, CAMPS, ["'2014-02-30' is no date"]),
    "interval reversed": (ACTORS.replace("official,,", "official,2015,2014"), ALIASES, CAMPS, ["actors.csv, row 2, column 'valid_to': '2014' lies before"]),
    "too many cells": (ACTORS + "x,a,b,c,official,,,,d\n", ALIASES, CAMPS, ["actors.csv, row 4", "'d' stands beyond the last column"]),
    "alias of nobody": (ACTORS, ALIASES + "poe,Edgar,\n", CAMPS, ["aliases.csv, row 4, column 'actor_id': 'poe' is not in", "actors.csv"]),
    "alias without actor": (ACTORS, ALIASES + ",Edgar,\n", CAMPS, ["aliases.csv, row 4, column 'actor_id'", "blank"]),
    "blank alias": (ACTORS, ALIASES + "roe,?,\n", CAMPS, ["aliases.csv, row 4, column 'alias': '?'"]),
    "alias claimed twice": (
        ACTORS,
        ALIASES + "roe,mayor lee,\n",
        CAMPS,
        ["aliases.csv, row 4, column 'alias': 'mayor lee' is claimed twice", "'lee'", "row 2"],
    ),
    "alias is a name": (ACTORS, ALIASES + "roe,Ann Lee,\n", CAMPS, ["'Ann Lee' is claimed twice", "actors.csv, row 2"]),
    "camp twice": (ACTORS, ALIASES, CAMPS + "council,,\n", ["affiliations.csv, row 4, column 'affiliation': 'council' is already in row 2"]),
    "blank camp": (ACTORS, ALIASES, CAMPS + ",Label,\n", ["affiliations.csv, row 4, column 'affiliation'", "blank"]),
    "open quotation": (ACTORS + '"x,y\n', ALIASES, CAMPS, ["actors.csv", "no proper CSV"]),
    "NUL": (ACTORS + "x\0,\n", ALIASES, CAMPS, ["actors.csv, row 4", "NUL"]),
    "cp1252": (
        ACTORS.encode() + "x,Zoë,person,council,official,,,\n".encode("cp1252"),
        ALIASES,
        CAMPS,
        ["actors.csv, row 4: byte 0xEB is not UTF-8", "CSV UTF-8"],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_place_and_remedy(case: str, tmp_path: Path) -> None:
    """Each fault is refused with one sentence that has file, row, column, value and remedy."""
    *tables, said = REFUSED[case]
    sentence = refusal(book(tmp_path, *tables))  # type: ignore[arg-type]
    for piece in said:  # type: ignore[union-attr]
        assert piece in sentence
    assert sentence.endswith(".")


def test_missing_paths_say_what_there_is(tmp_path: Path) -> None:
    """A path that is not there lists the shipped names; a folder or file that is no codebook says what it lacks."""
    assert "ukraine_war" in refusal(tmp_path / "nothing")
    assert "actors.csv is missing" in refusal(tmp_path)
    (tmp_path / "notes.txt").write_text("x")
    assert "no codebook" in refusal(tmp_path / "notes.txt")
    (tmp_path / "broken.xlsx").write_text("x")
    assert "Excel workbook" in refusal(tmp_path / "broken.xlsx")
    workbook = openpyxl.Workbook()
    workbook.save(tmp_path / "blank.xlsx")
    assert "the sheet 'actors' is missing" in refusal(tmp_path / "blank.xlsx")
    folder = tmp_path / "folder"
    folder.mkdir()
    (book(folder) / "actors.csv").unlink()
    (folder / "actors.csv").mkdir()
    assert "cannot be read" in refusal(folder)


def test_an_alias_may_pass_on(tmp_path: Path) -> None:
    """The same alias is allowed for two actors at different times, or in different contexts."""
    dated = "actor_id,alias,context,valid_from,valid_to\nlee,the mayor,,2010,2014-05\nroe,the mayor,,2014-06,\nlee,boss,town,,\nroe,boss,works,,\n"
    assert len(codebooks.read(book(tmp_path, aliases=dated)).aliases) == 4
    assert "claimed twice" in refusal(book(tmp_path, aliases=dated.replace("2014-06", "2014-05")))


@given(st.integers(1, 12), st.integers(0, 8), st.integers(1, 12), st.integers(0, 8))
def test_claimed_twice_means_overlap(tmp_path_factory: pytest.TempPathFactory, a: int, days_a: int, b: int, days_b: int) -> None:
    """Two claims are refused exactly if a day belongs to both (catches < for <= and swapped ends in the comparison)."""
    dates = [f"2014-03-{day:02}" for day in range(1, 32)]
    aliases = f"actor_id,alias,context,valid_from,valid_to\nlee,chief,,{dates[a]},{dates[a + days_a]}\nroe,chief,,{dates[b]},{dates[b + days_b]}\n"
    folder = book(tmp_path_factory.mktemp("book"), aliases=aliases)
    if set(range(a, a + days_a + 1)) & set(range(b, b + days_b + 1)):
        assert "claimed twice" in refusal(folder)
    else:
        codebooks.read(folder)


def test_the_cache_cannot_be_spoiled(tmp_path: Path) -> None:
    """Changing what was read changes no later reading; changing the file does."""
    folder = book(tmp_path)
    first = codebooks.read(folder)
    first.actors.loc[0, "name"] = "Spoiled"
    first.aliases["alias"] = "Spoiled"
    assert codebooks.read(folder).actors.name.tolist() == ["Ann Lee", "Bob Roe"]
    assert codebooks.read(folder).aliases.alias.tolist() == ["Mayor Lee", "Bobby"]
    before = codebooks.read(folder).version
    book(tmp_path, ACTORS.replace("Ann Lee", "Anne Lee"))
    assert codebooks.read(folder).actors.name[0] == "Anne Lee"
    assert codebooks.read(folder).version != before
    listed = codebooks.catalogue()
    listed["name"] = "x"
    assert "ukraine_war" in codebooks.catalogue().name.tolist()


def test_shipped_study_is_sound() -> None:
    """The shipped study has its eight camps in order, each defined and used but the two that the rules give, and dates for its offices."""
    study = codebooks.read("ukraine_war")
    camps = ["russian_installed", "russian", "ukrainian", "nato", "western", "international", "other", "unspecified"]
    assert study.affiliations.affiliation.tolist() == camps
    assert study.affiliations.definition.notna().all()
    assert set(study.actors.affiliation) == set(camps) - {"unspecified"}
    assert len(study.actors) > 150
    assert set(study.actors.role.dropna()) <= set(ROLES)
    presidents = study.aliases[study.aliases.alias == "Ukrainian president"].sort_values("valid_from")
    assert presidents.actor_id.tolist() == ["yushchenko", "yanukovych", "turchynov", "poroshenko", "zelenskyy"]


EXTENDS = "codebook,affiliation,becomes\nworld,russia,council\nworld,nato,\nworld,ukraine,citizens\n"


def on_world(folder: Path, extends: str = EXTENDS, actors: str = ACTORS, aliases: str = ALIASES) -> Path:
    """Write a codebook that extends ``world``."""
    (folder / "extends.csv").write_text(extends, encoding="utf-8")
    return book(folder, actors, aliases)


def test_a_codebook_takes_over_what_it_names(tmp_path: Path) -> None:
    """Affiliations become one's own or stay with their label; what is not named is left out; ``*`` names all others."""
    mine = codebooks.read(on_world(tmp_path))
    camps = mine.actors.set_index("actor_id").affiliation
    assert camps[["lee", "putin", "nato", "zelenskyy"]].tolist() == ["council", "council", "nato", "citizens"]
    assert "merkel" not in camps.index
    assert set(mine.aliases.actor_id) <= set(camps.index)
    assert mine.affiliations[["affiliation", "label"]].to_numpy().tolist() == [["council", "Council"], ["citizens", "Citizens"], ["nato", "NATO"]]
    rest = codebooks.read(on_world(tmp_path, EXTENDS + "world,*,citizens\n"))
    assert rest.actors.set_index("actor_id").affiliation["merkel"] == "citizens"
    everything = codebooks.read(on_world(tmp_path, "codebook,affiliation,becomes\nworld,*,\n"))
    assert everything.actors.set_index("actor_id").affiliation["merkel"] == "germany"
    assert len({mine.version, rest.version, everything.version}) == 3


def test_ones_own_rows_change_what_is_taken_over(tmp_path: Path) -> None:
    """A row with the key of an actor below changes what it fills in; one's own name comes before the same name below."""
    actors = ACTORS + "interfax,,,citizens,,,,\nputin,Vladimir Vladimirovich,,,civilian,,,\n"
    mine = codebooks.read(on_world(tmp_path, EXTENDS + "world,*,council\n", actors, ALIASES + "roe,Lavrov,\nputin,the boss,\n"))
    rows = mine.actors.set_index("actor_id")
    assert rows.loc["interfax", ["name", "kind", "affiliation", "role"]].tolist() == ["Interfax", "organisation", "citizens", "media"]
    assert rows.loc["putin", ["name", "affiliation", "role"]].tolist() == ["Vladimir Vladimirovich", "council", "civilian"]
    assert mine.aliases[mine.aliases.alias == "Lavrov"].actor_id.tolist() == ["roe"]
    assert {"the boss", "Putin"} <= set(mine.aliases[mine.aliases.actor_id == "putin"].alias)


def test_a_workbook_extends_like_a_folder(tmp_path: Path) -> None:
    """A sheet ``extends`` does what extends.csv does."""
    workbook = openpyxl.Workbook()
    for name, text in (("actors", ACTORS), ("aliases", ALIASES), ("affiliations", CAMPS), ("extends", EXTENDS)):
        sheet = workbook.create_sheet(name)
        for line in text.splitlines():
            sheet.append([cell or None for cell in line.split(",")])
    workbook.save(tmp_path / "mine.xlsx")
    pd.testing.assert_frame_equal(codebooks.read(tmp_path / "mine.xlsx").actors, codebooks.read(on_world(tmp_path)).actors)


NOT_EXTENDED = {
    "unknown codebook": (
        {"extends": EXTENDS.replace("world,nato", "globe,nato")},
        ["extends.csv, row 3, column 'codebook': 'globe'", "ukraine_war, us_election_2016, world"],
    ),
    "two codebooks": ({"extends": EXTENDS.replace("world,nato", "ukraine_war,nato")}, ["row 3, column 'codebook'", "row 2 has 'world'"]),
    "unknown affiliation": ({"extends": EXTENDS.replace(",russia,", ",rusia,")}, ["row 2, column 'affiliation': world has no 'rusia'", "did you mean russia"]),
    "nothing like it": ({"extends": EXTENDS.replace(",russia,", ",qqqq,")}, ["world has no 'qqqq'", "codebooks.read('world').affiliations"]),
    "affiliation twice": ({"extends": EXTENDS + "world,russia,citizens\n"}, ["row 5, column 'affiliation': 'russia' is already in row 2"]),
    "unknown camp": ({"extends": EXTENDS.replace(",council", ",mob")}, ["row 2, column 'becomes': 'mob' is unknown", "council, citizens"]),
    "missing column": ({"extends": "codebook,affiliation\nworld,russia\n"}, ["extends.csv, row 1", "'becomes' is missing"]),
    "name of nobody": (
        {"actors": ACTORS + "merkel,,,council,,,,\n"},
        ["actors.csv, row 4, column 'name'", "blank", "'merkel' is no actor that is taken over from world"],
    ),
    "a state below": ({"aliases": ALIASES + "roe,Russia,\n"}, ["'Russia' is claimed twice", "'russia'", "its name in world"]),
}


ROLES_WRONG = {
    "unknown role": ("affiliation,takes\none,expart\n", ["row 2, column 'takes'", "'expart' is unknown"]),
    "both columns": ("affiliation,roles,takes\none,expert | media,official|expert\n", ["row 2, column 'takes'", "official is not among the roles"]),
}


@pytest.mark.parametrize("case", ROLES_WRONG)
def test_roles_and_takes_are_checked(case: str, tmp_path: Path) -> None:
    """Unknown roles, and roles taken that may not belong, are refused with row, column and remedy."""
    affiliations, words = ROLES_WRONG[case]
    (tmp_path / "affiliations.csv").write_text(affiliations, encoding="utf-8")
    (tmp_path / "actors.csv").write_text("actor_id,name,affiliation\nlee,Ann Lee,one\n", encoding="utf-8")
    with pytest.raises(codebooks.CodebookError) as caught:
        codebooks.read(tmp_path)
    assert all(word in str(caught.value) for word in words)


def test_an_unknown_kind_is_refused_and_headers_may_have_capitals(tmp_path: Path) -> None:
    """A kind that no rule knows would be an actor of its own; a header typed with a capital is the same column."""
    (tmp_path / "affiliations.csv").write_text("Affiliation\none\n", encoding="utf-8")
    (tmp_path / "actors.csv").write_text("Actor_ID,Name,Affiliation,Kind\ntown,Leeds,one,plac\n", encoding="utf-8")
    with pytest.raises(codebooks.CodebookError, match="column 'kind': 'plac' is unknown; use one of person, organisation"):
        codebooks.read(tmp_path)


def test_only_a_name_that_always_holds_puts_one_below_out(tmp_path: Path) -> None:
    """One's own actor without dates stands in the place of the one of its name; with dates both would be meant, which is said."""
    (tmp_path / "affiliations.csv").write_text("affiliation\none\nother\n", encoding="utf-8")
    (tmp_path / "extends.csv").write_text("codebook,affiliation,becomes\nworld,*,other\n", encoding="utf-8")
    rows = "actor_id,name,affiliation,valid_from,valid_to\nbaker,Dmitry Peskov,one,{},\n"
    (tmp_path / "actors.csv").write_text(rows.format(""), encoding="utf-8")
    assert "peskov" not in set(codebooks.read(tmp_path).actors.actor_id)
    (tmp_path / "actors.csv").write_text(rows.format("2001"), encoding="utf-8")
    with pytest.raises(codebooks.CodebookError, match="'Dmitry Peskov' is claimed twice"):
        codebooks.read(tmp_path)


@pytest.mark.parametrize("case", NOT_EXTENDED)
def test_what_cannot_be_extended_is_refused(case: str, tmp_path: Path) -> None:
    """Each fault of extending is refused with file, row, column, value and remedy."""
    tables, said = NOT_EXTENDED[case]
    sentence = refusal(on_world(tmp_path, **tables))
    for piece in said:
        assert piece in sentence
    assert sentence.endswith((".", "?"))


def test_an_actor_may_change_camp(tmp_path: Path) -> None:
    """One actor may have two rows if their days do not overlap; its aliases count in both."""
    moved = ACTORS.replace("official,,,", "official,,2014,") + "lee,Ann Lee,person,citizens,civilian,2015,,\n"
    mine = codebooks.read(book(tmp_path, moved))
    assert mine.actors.actor_id.tolist() == ["lee", "roe", "lee"]
    counted = [(name, when.first.year, when.last.year) for name, actor, when in codebooks.names(mine) if actor == "lee"]
    assert counted == [("Ann Lee", 1, 2014), ("Ann Lee", 2015, 9999), ("Mayor Lee", 1, 2014), ("Mayor Lee", 2015, 9999)]
    assert "'lee' is already in row 2" in refusal(book(tmp_path, moved.replace(",2015,", ",2014-12-31,")))


def test_a_name_may_ask_for_a_context(tmp_path: Path) -> None:
    """The context of an actor's row holds for its name, and leaves the name to others elsewhere."""
    asked = "actor_id,name,affiliation,context\nlee,Lee,council,town\nroe,Lee,citizens,works|harbour\n"
    mine = codebooks.read(book(tmp_path, asked, aliases="actor_id,alias\n"))
    told = {actor: when.context for _, actor, when in codebooks.names(mine)}
    assert told == {"lee": (frozenset({"town"}),), "roe": (frozenset({"works"}), frozenset({"harbour"}))}


def test_catalogue_lists_what_is_there() -> None:
    """Every file of the catalogue exists, every name occurs once, and every row has version, licence and source."""
    listed = codebooks.catalogue()
    folder = Path(codebooks.__file__).parent / "data"
    assert listed.name.is_unique
    assert [file for file in listed.file if not (folder / file).is_file()] == []
    assert listed[["version", "licence", "source", "description"]].notna().all(axis=None)


def test_word_codebooks(tmp_path: Path) -> None:
    """Shipped and own word codebooks have code, value, pattern, source; what is not right is refused."""
    for name in codebooks.catalogue().query("kind == 'words'").name:
        assert {"code", "value", "pattern", "source"} <= set(codebooks.words(name).columns)
    mine = tmp_path / "mine.csv"
    mine.write_text("code,value,pattern,source,note\nmine,good,fine,me,\n", encoding="utf-8")
    assert codebooks.words(mine).pattern.tolist() == ["fine"]
    assert codebooks.words(mine).note.isna().all()
    mine.write_text("code,value,pattern,source\nmine,good,,me\n", encoding="utf-8")
    with pytest.raises(CodebookError, match=r"row 2, column 'pattern'.*blank"):
        codebooks.words(mine)
    mine.write_text("code,value,source\n", encoding="utf-8")
    with pytest.raises(CodebookError, match="'pattern' is missing"):
        codebooks.words(mine)
    with pytest.raises(CodebookError, match="no such word codebook"):
        codebooks.words(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    ("alias", "text", "found"),
    [
        ("US", "the US said", True),
        ("US", "the U.S. said", True),
        ("U.S.", "the US's envoy", True),
        ("US", "told us", False),
        ("NATO", "Nato said", True),
        ("Poroshenko", "POROSHENKO SAYS", True),
        ("rebels", "Rebels said", True),
        ("Rada", "rada", False),
        ("Füle", "Fule's", True),
        ("Russian", "pro-Russian", False),
        ("Moscow", "Moscow-based", True),
        ("State Duma", "State of Duma", False),
    ],
)
def test_when_an_alias_matches(alias: str, text: str, found: bool) -> None:
    """Capitals, points, accents, possessives and hyphens count as the docstrings say."""
    assert bool(list(codebooks.matches(codebooks.words_of(text), codebooks.phrases([(alias, "x")])))) is found


def test_a_misnamed_table_is_not_left_out_without_a_word(tmp_path: Path) -> None:
    """Without aliases.csv a codebook has no aliases; with alias.csv it was meant to have some."""
    book(tmp_path)
    (tmp_path / "aliases.csv").rename(tmp_path / "alias.csv")
    assert "there is alias.csv but no aliases.csv" in refusal(tmp_path)
    (tmp_path / "alias.csv").unlink()
    assert codebooks.read(tmp_path).aliases.empty


def test_a_misspelt_name_has_a_nearest():
    """The nearest shipped name is asked for; nothing is asked where none is near; a table is refused in words."""
    with pytest.raises(CodebookError, match=r"Is 'ukraine_war' meant\?"):
        codebooks.read("ukrain_war")
    with pytest.raises(CodebookError, match=r"Is 'loaded_words' meant\?"):
        codebooks.words("loaded_word")
    with pytest.raises(CodebookError) as said:
        codebooks.read("zzz")
    assert "meant" not in str(said.value)
    with pytest.raises(CodebookError, match=r"as codebooks\.read returned it, not as a DataFrame; write a table to a file"):
        codebooks.read(codebooks.catalogue())
