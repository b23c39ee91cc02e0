"""Who speaks, and for whom, from the text to the codebook: the seed in many forms, offices by date, the loop of extending a codebook.

Everything goes by the public names, with the default attributor.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pandas as pd
import pytest

import newsanalysis as na

TESTS = Path(__file__).parent
GOLD = json.loads((TESTS / "data" / "seed_gold.json").read_text(encoding="utf-8"))
ARTICLE = GOLD["article"]
CAMPS_OF_HEADLINES = {"chinese": "other", "american": "western", "south_korean": "other"}
"""The gold names the states in headlines, ``ukraine_war`` its camps."""
SPELLINGS = ("Zelenskyy", "Zelensky", "Zelenskiy", "Zelenskyi")


class Said(NamedTuple):
    """An attribution as the seed's gold has it."""

    source: str
    cue: str
    content: str
    kind: str
    speaker: str | None
    affiliation: str | None
    role: str | None


def expected(text: str, annotations: list[dict[str, Any]], *, optional: bool) -> list[Said]:
    """The gold's attributions of a text: those that must be found, or those that may be."""
    return [
        Said(
            *(" … ".join(text[start:end] for start, end in one[part]) for part in ("source", "cue", "content")),
            one["type"],
            one["speaker"],
            CAMPS_OF_HEADLINES.get(one["affiliation"], one["affiliation"]),
            one["role"],
        )
        for one in annotations
        if one.get("optional", False) is optional
    ]


NINE, TENTH = (expected(ARTICLE, GOLD["attributions"], optional=optional) for optional in (False, True))


def said_in(rows: pd.DataFrame) -> list[Said]:
    """The attributions of a table; None for missing."""
    return [Said(*(cell if isinstance(cell, str) else None for cell in row)) for row in rows[list(Said._fields)].itertuples(index=False, name=None)]


def shuffles(n: int) -> list[str]:
    """The article with its paragraphs in other orders, always the same ones.

    Within reason is any order of whole paragraphs: the short forms ("Stoltenberg stressed", "said the administration") may come before
    the full ones, which stand somewhere in the article in every order.
    """
    chance, paragraphs = random.Random(4), ARTICLE.split("\n")
    orders = [chance.sample(paragraphs, len(paragraphs)) for _ in range(n)]
    backwards, short_forms_first = paragraphs[::-1], [paragraphs[n] for n in (6, 3, 4, 5, 2, 1, 0)]
    return ["\n".join(order) for order in (backwards, short_forms_first, *orders)]


def mixed_spellings(first: int) -> str:
    """The article with a paragraph more, in which Zelenskyy speaks again under the other three spellings."""
    full, *others = SPELLINGS[first:] + SPELLINGS[:first]
    more = "{} said that help had come. On Tuesday {} said that the winter would be hard. “We will hold,” {} said."
    return ARTICLE.replace("Zelenskyy", full) + "\n" + more.format(*others)


VARIANTS: dict[str, str] = {
    "straight quotation marks": ARTICLE.replace("“", '"').replace("”", '"').replace("’", "'"),
    "blank lines between paragraphs": ARTICLE.replace("\n", "\n\n"),
    **{f"shuffled {n}": text for n, text in enumerate(shuffles(18), start=1)},
    **{f"spelled {spelling}": ARTICLE.replace("Zelenskyy", spelling) for spelling in SPELLINGS[1:]},
    **{f"spelled four ways, {SPELLINGS[n]} first": mixed_spellings(n) for n in range(4)},
}


@pytest.fixture(scope="module")
def seed() -> na.Found:
    """The seed's article and headlines, attributed as they stand."""
    return na.attribute(na.read(TESTS.parent / "seeds"))


@pytest.fixture(scope="module")
def variants() -> dict[str, pd.DataFrame]:
    """The resolved attributions of each variant of the article."""
    found = na.resolve(na.attribute(na.documents(list(VARIANTS.values()), document_id=list(VARIANTS))))
    return {name: found.attributions[found.attributions.document_id == name] for name in VARIANTS}


# --- the seed -----------------------------------------------------------------------------------------------------------


def test_seed_gives_its_nine_attributions(seed: na.Found) -> None:
    """The article gives the gold's nine attributions in every column, in order, and beside them at most the optional tenth."""
    rows = na.resolve(seed).attributions
    found = said_in(rows[rows.document_id.isin(seed.documents.document_id[seed.documents.kind == "article"])])
    assert [said for said in found if said not in TENTH] == NINE


def test_headlines_give_theirs(seed: na.Found) -> None:
    """Each headline gives the source, cue, kind, speaker, affiliation and role of its gold, and nothing beside but what is optional."""
    found, columns = na.resolve(seed), [column for column in Said._fields if column != "content"]  # its border is a toss-up in headlines
    texts = dict(zip(found.documents.document_id, found.documents.text, strict=True))
    for key in found.documents.document_id[found.documents.kind == "headline"]:
        marked = [one for one in GOLD["headline_attributions"] if GOLD["headlines"][one["headline"]] == texts[key]]
        needed, allowed = (pd.DataFrame(expected(texts[key], marked, optional=o), columns=list(Said._fields))[columns] for o in (False, True))
        rows = found.attributions.loc[found.attributions.document_id == key, columns].to_numpy().tolist()
        assert [row for row in rows if row not in allowed.to_numpy().tolist()] == needed.to_numpy().tolist(), texts[key]


def test_seed_scores_full_marks(seed: na.Found, tmp_path: Path) -> None:
    """Against the gold as a file, every score of who says what for whom in the article is 1."""
    key = seed.documents.document_id[seed.documents.kind == "article"].item()
    line = {"doc_id": key, "text": ARTICLE, "attributions": GOLD["attributions"]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(line), encoding="utf-8")
    scores = na.who_says_scores(na.read_gold(tmp_path / "gold.jsonl"), na.resolve(seed.within([key])))
    assert scores.set_index("measure").estimate.to_dict() == dict.fromkeys(scores.measure, 1.0)


@pytest.mark.parametrize("name", [name for name in VARIANTS if name.startswith("shuffled")])
def test_paragraphs_in_any_order(variants: dict[str, pd.DataFrame], name: str) -> None:
    """With its paragraphs in another order the article gives the same nine, each with the same speaker, affiliation and role."""

    def sorted_without_stops(said: list[Said]) -> list[Said]:
        return sorted(one._replace(content=one.content.removesuffix(".")) for one in said if one not in TENTH)

    assert sorted_without_stops(said_in(variants[name])) == sorted_without_stops(NINE)


@pytest.mark.parametrize("name", ["straight quotation marks", "blank lines between paragraphs"])
def test_typography_does_not_matter(variants: dict[str, pd.DataFrame], name: str) -> None:
    """Straight quotation marks and blank lines leave the nine as they are, but for the marks themselves."""
    straight = str.maketrans("“”’", '""\'')
    found = [one._replace(content=one.content.translate(straight)) for one in said_in(variants[name]) if one not in TENTH]
    assert found == [one._replace(content=one.content.translate(straight)) for one in NINE]


@pytest.mark.parametrize("name", [name for name in VARIANTS if name.startswith("spelled")])
def test_zelenskyy_in_every_spelling(variants: dict[str, pd.DataFrame], name: str) -> None:
    """In each spelling, and in all four in one article, he is the one actor under one full name, and nobody else changes."""
    rows = variants[name]
    his = rows[rows.source.str.contains("Zelensk")]
    assert len(his) == (4 if "four" in name else 1)
    assert set(zip(his.actor_id, his.affiliation, his.role, strict=True)) == {("zelenskyy", "ukrainian", "official")}
    [speaker] = his.speaker.unique()
    assert speaker in [f"Volodymyr {spelling}" for spelling in SPELLINGS]
    others = [one for one in said_in(rows[~rows.source.str.contains("Zelensk")]) if one not in TENTH]
    assert others == [one for one in NINE if "Zelensk" not in one.source]


# --- another codebook ---------------------------------------------------------------------------------------------------

THREE_CAMPS = {
    "actors": [
        ("actor_id", "name", "kind", "affiliation", "role"),
        ("ru", "Russia", "state", "moscow", None),
        ("occupiers", "Russian-installed administration in Kherson", "organisation", "moscow", "official"),
        ("ua", "Ukraine", "state", "kyiv", "official"),
        ("ze", "Volodymyr Zelenskyy", "person", "kyiv", "official"),
        ("alliance", "NATO", "organisation", "brussels", None),
        ("js", "Jens Stoltenberg", "person", "brussels", "official"),
    ],
    "aliases": [("actor_id", "alias"), ("ze", "Zelenskyy"), ("ze", "Zelensky")],
    "affiliations": [("affiliation", "label"), ("moscow", "Moscow"), ("kyiv", "Kyiv"), ("brussels", "Brussels")],
}
CAMP_OF = {"russian_installed": "moscow", "ukrainian": "kyiv", "nato": "brussels"}


def folder_of(where: Path, tables: dict[str, list[tuple[str | None, ...]]]) -> Path:
    """Write a codebook as CSV files."""
    where.mkdir()
    for table, (header, *rows) in tables.items():
        pd.DataFrame(rows, columns=list(header)).to_csv(where / f"{table}.csv", index=False)
    return where


def workbook_of(where: Path, tables: dict[str, list[tuple[str | None, ...]]]) -> Path:
    """Write a codebook as an Excel workbook."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for table, rows in tables.items():
        sheet = workbook.create_sheet(table)
        for row in rows:
            sheet.append(row)
    workbook.save(where)
    return where


def test_seed_in_three_camps(seed: na.Found, tmp_path: Path) -> None:
    """With another study's three camps, as CSV files or as one workbook, the nine keep their speakers and roles and get its camps."""
    folder, workbook = folder_of(tmp_path / "camps", THREE_CAMPS), workbook_of(tmp_path / "camps.xlsx", THREE_CAMPS)
    found = na.resolve(seed, codebook=folder)
    pd.testing.assert_frame_equal(na.resolve(seed, codebook=workbook).attributions, found.attributions)
    article = found.within(found.documents[found.documents.kind == "article"])
    nine = [said for said in said_in(article.attributions) if said.content != TENTH[0].content]
    assert nine == [said._replace(affiliation=CAMP_OF.get(str(said.affiliation))) for said in NINE]
    actors = article.attributions[article.attributions.affiliation.notna()].drop_duplicates("speaker").set_index("speaker").actor_id
    assert actors.to_dict() == {"Russian-installed administration in Kherson": "occupiers", "Volodymyr Zelenskyy": "ze", "Jens Stoltenberg": "js"}


def test_seed_in_three_camps_on_world(seed: na.Found, tmp_path: Path) -> None:
    """Three camps that extend ``world`` place who is named or described, headlines too, and leave the rest without a camp."""
    extends = [("codebook", "affiliation", "becomes"), ("world", "ukraine", "first"), ("world", "russia", "second"), ("world", "*", "third")]
    camps = [("affiliation",), ("first",), ("second",), ("third",)]
    mine = folder_of(tmp_path / "mine", {"extends": extends, "actors": [("actor_id", "name", "affiliation")], "affiliations": camps})
    rows = na.resolve(seed, codebook=mine).attributions
    told = rows.drop_duplicates("speaker").set_index("speaker").affiliation
    assert told[["Volodymyr Zelenskyy", "Jens Stoltenberg", "China", "Donald Trump"]].tolist() == ["first", "third", "third", "third"]
    assert told.isna()["unnamed officials"]


# --- who held the office ------------------------------------------------------------------------------------------------

US, BRITAIN, GERMANY, UKRAINE = ("united_states", "united_kingdom", "germany", "ukraine")
TERMS: list[tuple[str, str | None, str | None, str]] = [
    ("The US president", "2014-03-01", "obama", US),
    ("The US president", "2018-03-01", "trump", US),
    ("The US president", "2022-03-01", "biden", US),
    ("The US president", None, None, US),
    ("America's president", "2018-03-01", "trump", US),
    ("The president of the United States", "2022-03-01", "biden", US),
    ("The US vice president", "2014-03-01", "biden", US),
    ("The US vice president", "2022-03-01", "harris", US),
    ("The former US president", "2018-03-01", None, US),
    ("The Pentagon chief", "2018-03-01", "mattis", US),
    ("The prime minister of Britain", "2014-03-01", "cameron", BRITAIN),
    ("Britain's prime minister", "2018-03-01", "theresa_may", BRITAIN),
    ("The UK prime minister", "2022-03-01", "boris_johnson", BRITAIN),
    ("The prime minister of Britain", None, None, BRITAIN),
    ("The German chancellor", "2018-03-01", "merkel", GERMANY),
    ("Germany's chancellor", "2022-03-01", "scholz", GERMANY),
    ("The German chancellor", None, None, GERMANY),
    ("The chancellor of Germany", "2022-03-01", "scholz", GERMANY),
    ("The foreign minister of Germany", "2018-12-01", "maas", GERMANY),
    ("The president of France", "2014-03-01", "hollande", "france"),
    ("The president of France", "2018-03-01", "macron", "france"),
    ("The Polish prime minister", "2014-03-01", "tusk", "poland"),
    ("The Canadian prime minister", "2018-03-01", "trudeau", "canada"),
    ("The president of Ukraine", "2014-03-01", "turchynov", UKRAINE),
    ("The president of Ukraine", "2018-03-01", "poroshenko", UKRAINE),
    ("The president of Ukraine", "2022-03-01", "zelenskyy", UKRAINE),
    ("Ukraine's foreign minister", "2018-03-01", "klimkin", UKRAINE),
    ("Ukraine's foreign minister", None, None, UKRAINE),
    ("The Ukrainian leader", "2022-03-01", "zelenskyy", UKRAINE),
    ("The Ukrainian leader", "2014-03-01", None, UKRAINE),
    ("The Russian president", "2022-03-01", "putin", "russia"),
    ("The NATO chief", "2014-03-01", "rasmussen", "nato"),
    ("The NATO chief", "2018-03-01", "stoltenberg", "nato"),
    ("The secretary-general of NATO", "2018-03-01", "stoltenberg", "nato"),
    ("The UN chief", "2014-03-01", "ban_ki_moon", "united_nations"),
    ("The UN chief", "2022-03-01", "guterres", "united_nations"),
    ("The president of the European Commission", "2022-03-01", "von_der_leyen", "european_union"),
    ("Former president Barack Obama", "2018-03-01", "obama", US),
    ("US President Donald Trump", None, "trump", US),
]
FAILING_TERMS = {
    "The president of the United States": "world has the office with the short names of the state only: 'US president'",
    "The chancellor of Germany": "world has no names of the form 'chancellor of Germany'",
    "The foreign minister of Germany": "world has no names of the form 'foreign minister of Germany'",
    "The secretary-general of NATO": "world has 'head of NATO' but not 'secretary-general of NATO'",
}
TERM_CASES = [
    pytest.param(*term, id=" ".join(map(str, term[:2])), marks=[pytest.mark.xfail(strict=True, reason=reason)] if reason else [])
    for term in TERMS
    for reason in [FAILING_TERMS.get(term[0])]
]


@pytest.fixture(scope="module")
def terms() -> dict[tuple[str, str | None], list[str | None]]:
    """Actor and affiliation of each office on its day, by ``world``; all in one call."""
    offices = [office for office, *_ in TERMS]
    found = na.attribute(na.documents([f"{office} said on Monday that the talks had failed." for office in offices], published=[day for _, day, *_ in TERMS]))
    assert found.attributions.source.tolist() == offices
    rows = na.resolve(found, codebook="world").attributions
    told = [[cell if isinstance(cell, str) else None for cell in row] for row in zip(rows.actor_id, rows.affiliation, strict=True)]
    return {(office, day): row for (office, day, *_), row in zip(TERMS, told, strict=True)}


@pytest.mark.parametrize(("office", "day", "actor_id", "affiliation"), TERM_CASES)
def test_who_held_the_office(terms: Any, office: str, day: str | None, actor_id: str | None, affiliation: str) -> None:
    """An office is the actor who held it on the article's day; without a date, or where nobody held it, only whom it speaks for is told."""
    assert terms[office, day] == [actor_id, affiliation]


# --- extending a codebook from the sheet of unresolved sources ------------------------------------------------------------

TOWN = [
    "Mayor Ann Lee said the bridge was closed. She said it would open in May. Officials said the road was safe.",
    "Peter Lee, a farmer, said the river was high. Residents said the noise was bad. Officials said the school was shut.",
    "The ferry company said the boat was old. Bob Roe, a lawyer, told reporters that the law was clear. Lee said nothing had changed.",
    "Zed Zulu said the fair was cancelled. “The dam is new,” the river council said. Residents said it was not.",
    "A city official said the tram was full. The report said the dam was old. The port authority said the dam was new.",
    "He said the ferry was late.",
]
KINDS = {"Ann Lee": "person", "Peter Lee": "person", "Bob Roe": "person", "Lee": "person", "ferry company": "organisation", "river council": "organisation"}
BASE: dict[str, list[tuple[str | None, ...]]] = {
    "actors": [("actor_id", "name", "kind", "affiliation"), ("zed", "Zed Zulu", "person", "old")],
    "affiliations": [("affiliation",), ("old",), ("new",), ("other",), ("unspecified",)],
}


@pytest.fixture(scope="module")
def town() -> na.Found:
    """A few texts on a town, attributed."""
    return na.attribute(na.documents(TOWN))


def extended(where: Path, names: list[str], kinds: dict[str, str] = KINDS) -> Path:
    """A copy of the base codebook with a row for each of these names."""
    rows = [(f"new{n}", name, kinds.get(name, "group"), "new") for n, name in enumerate(names, start=1)]
    return folder_of(where, {**BASE, "actors": [*BASE["actors"], *rows]})


def who(rows: pd.DataFrame) -> pd.Series:
    """What the sheet counts by: the speaker, else the words of the source."""
    return rows.speaker.fillna(rows.source)


@pytest.fixture(scope="module")
def before(town: na.Found, tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The town's attributions by the base codebook, and the sheet of what it does not cover."""
    found = na.resolve(town, codebook=extended(tmp_path_factory.mktemp("base") / "book", []))
    return found.attributions, na.unresolved(found)


def test_the_sheet_counts_all_that_no_row_covers(before: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """Each attribution with a source has an actor or is counted in one row of the sheet; n and n_documents are those of the row's speaker."""
    rows, sheet = before
    assert sheet.n.sum() + rows.actor_id.notna().sum() == rows.source.notna().sum() == len(rows)
    open_ones = rows[rows.actor_id.isna()]
    counted = open_ones.groupby(who(open_ones)).document_id.agg(["size", "nunique"])
    assert sheet.assign(who=who(sheet)).set_index("who")[["n", "n_documents"]].sort_index().to_numpy().tolist() == counted.sort_index().to_numpy().tolist()
    assert sheet.n.is_monotonic_decreasing
    assert len(sheet) > 8


@pytest.mark.parametrize("name", ["unnamed officials", "residents", "Ann Lee", "Peter Lee", "Bob Roe", "ferry company", "river council"])
def test_a_row_from_the_sheet_covers_its_source(town: na.Found, before: tuple[pd.DataFrame, pd.DataFrame], tmp_path: Path, name: str) -> None:
    """A row added for a speaker of the sheet gives its actor and affiliation to exactly this speaker's attributions; nothing else changes."""
    rows, sheet = before
    found = na.resolve(town, codebook=extended(tmp_path / "book", [name]))
    covered = rows.speaker == name
    assert covered.sum() == sheet.n[sheet.speaker == name].item()
    now = found.attributions[covered]
    assert set(zip(now.speaker, now.actor_id, now.affiliation, strict=True)) == {(name, "new1", "new")}
    pd.testing.assert_frame_equal(found.attributions[~covered], rows[~covered])
    pd.testing.assert_frame_equal(na.unresolved(found), sheet[sheet.speaker != name].reset_index(drop=True))


def test_the_loop_ends(town: na.Found, before: tuple[pd.DataFrame, pd.DataFrame], tmp_path: Path) -> None:
    """Taking over the sheet from the top, each turn shortens it, until only sources without a speaker are left."""
    rows, sheet = before
    names = sheet.speaker.dropna().tolist()
    for turn in range(0, len(names) + 4, 4):
        found = na.resolve(town, codebook=extended(tmp_path / f"turn{turn}", names[:turn]))
        left = na.unresolved(found)
        assert left.speaker.dropna().tolist() == names[turn:]
        assert left.n.sum() == sheet.n.sum() - sheet.n[sheet.speaker.isin(names[:turn])].sum()
    assert left.source.tolist() == rows.source[rows.speaker.isna()].tolist() == ["He"]


def test_an_unnamed_speaker_may_be_a_person(town: na.Found, tmp_path: Path) -> None:
    """A row for "unnamed city official" as on the sheet covers the official also if its kind is person."""
    found = na.resolve(town, codebook=extended(tmp_path / "book", ["unnamed city official"], {"unnamed city official": "person"}))
    assert found.attributions.actor_id[found.attributions.source == "A city official"].tolist() == ["new1"]


def test_a_document_gives_nobody_its_affiliation(town: na.Found, tmp_path: Path) -> None:
    """A row for a report does not place an authority that is named after it."""
    found = na.resolve(town, codebook=extended(tmp_path / "book", ["report"], {"report": "document"}))
    assert found.attributions.affiliation[found.attributions.source == "The port authority"].tolist() == ["unspecified"]


# --- faults of a codebook -------------------------------------------------------------------------------------------------

ALIASES: list[tuple[str | None, ...]] = [("actor_id", "alias", "valid_from", "valid_to"), ("js", "the chief", "2014-10-01", None)]
STUDY: dict[str, list[tuple[str | None, ...]]] = {**THREE_CAMPS, "aliases": ALIASES}
FAULTS = {
    "alias in capitals": ("aliases", 3, "alias", ("ze", "THE CHIEF", "2020", None), "is claimed twice: it already means 'js'"),
    "alias with another article": ("aliases", 3, "alias", ("ze", "a chief", "2020", None), "is claimed twice: it already means 'js'"),
    "alias is another's name": ("aliases", 3, "alias", ("ze", "Jens Stoltenberg's", None, None), "is claimed twice: it already means 'js'"),
    "alias reversed": ("aliases", 3, "valid_to", ("ze", "the boss", "2022-03-01", "2022-02-28"), "lies before valid_from '2022-03-01'"),
    "name of two": ("actors", 8, "name", ("zz", "Volodymyr Zelenskyy", "person", "kyiv", None), "is claimed twice: it already means 'ze'"),
    "camp in capitals": ("actors", 8, "affiliation", ("zz", "Zed Zulu", "person", "Kyiv", None), "use one of moscow, kyiv, brussels"),
    "role in capitals": ("actors", 8, "role", ("zz", "Zed Zulu", "person", "kyiv", "Official"), "use one of official, military"),
}


@pytest.mark.parametrize("form", ["folder", "workbook"])
@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_said_before_any_work(seed: na.Found, tmp_path: Path, case: str, form: str) -> None:
    """A fault in a folder or a workbook is refused with file or sheet, row, column, value and remedy, by resolving and by analysing."""
    table, row, column, cells, said = FAULTS[case]
    tables = {**STUDY, table: [*STUDY[table], cells]}
    mine = folder_of(tmp_path / "mine", tables) if form == "folder" else workbook_of(tmp_path / "mine.xlsx", tables)
    where = f"{table}.csv" if form == "folder" else f"mine.xlsx, sheet '{table}'"
    value = cells[tables[table][0].index(column)]
    for refused in (lambda: na.resolve(seed, codebook=mine), lambda: na.analyse(TESTS.parent / "seeds", tmp_path / "out", codebook=mine)):
        with pytest.raises(na.codebooks.CodebookError) as caught:
            refused()
        for piece in (f"{where}, row {row}, column {column!r}: {value!r}", said):
            assert piece in str(caught.value)
    assert not (tmp_path / "out").exists()
