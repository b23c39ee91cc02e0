"""Ties: what an article tells of a person once holds for all mentions, the setting overrules no tie, and nobody speaks for whom they oppose."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from newsanalysis.actors import resolve
from newsanalysis.actors.rules import main_part
from newsanalysis.codebooks import Codebook
from newsanalysis.found import Found

MARK = re.compile(r"\{s\|([^{}]*)\}")


def found_in(text: str) -> Found:
    """The attributions of a text in which each source is marked, ``{s|She} said no``; its content is "no" or "so"."""
    plain, end, spans, attributions = "", 0, [], []
    for n, mark in enumerate(MARK.finditer(text), start=1):
        plain += text[end : mark.start()]
        start, stop = len(plain), len(plain) + len(mark[1])
        plain, end = plain + mark[1], mark.end()
        attributions.append((f"d#{n}", "d", "indirect", mark[1], "no", start, stop, "marks@1"))
        spans += [(f"d#{n}", "source", start, stop, mark[1]), (f"d#{n}", "content", stop + 6, stop + 8, "no")]
    documents = pd.DataFrame([{"document_id": "d", "text": plain + text[end:], "kind": "article", "published": pd.Timestamp("2024-05-01", tz="UTC")}])
    columns = ["attribution_id", "document_id", "kind", "source", "content", "start", "end", "attributor"]
    told = pd.DataFrame(spans, columns=["attribution_id", "role", "start", "end", "text"])
    told["text"] = [documents["text"][0][start:stop] for start, stop in zip(told["start"], told["end"], strict=True)]
    return Found(documents, pd.DataFrame(attributions, columns=columns), told)


def answers(found: Found, *columns: str, codebook: str | Codebook) -> list[tuple[str | None, ...]]:
    """The resolved columns, None for missing."""
    rows = resolve(found, codebook=codebook).attributions[list(columns)]
    return [tuple(cell if isinstance(cell, str) else None for cell in row) for row in rows.itertuples(index=False, name=None)]


def book(*actors: tuple[str, str, str, str], camps: tuple[str, ...]) -> Codebook:
    """A codebook of (actor_id, name, kind, affiliation), all of them officials."""
    none = pd.Series(pd.NaT, index=range(len(actors)))
    frame = pd.DataFrame(list(actors), columns=["actor_id", "name", "kind", "affiliation"])
    frame = frame.assign(role="official", valid_from=none, valid_to=none, wikidata=None)
    named = pd.DataFrame([], columns=["actor_id", "alias"]).assign(context=None, valid_from=pd.NaT, valid_to=pd.NaT)
    return Codebook("mine", "1", frame, named, pd.DataFrame({"affiliation": list(camps), "label": None, "definition": None}))


GERMAN = "BERLIN - Germany slept, and Germans slept. Germany was quiet. "

CARRIED = {  # the affiliation and basis of each source, codebook world
    "of a state behind the name": (GERMAN + "{s|Gen. Luc Marchand of France} said no. {s|General Marchand} said so.", [("france", "description")] * 2),
    "the title before": (GERMAN + "{s|The Dutch minister Jan Kuiper} said no. {s|Mr Kuiper} said so. {s|He} said it.", [("netherlands", "description")] * 3),
    "told later": (GERMAN + "{s|Minister Kuiper} said no. {s|Jan Kuiper of Belgium} said so.", [("belgium", "description")] * 2),
    "a title at a mention that is no source": (
        GERMAN + "They met the French president, Mr Luc Marchand. {s|Mr Marchand} said no.",
        [("france", "description")],
    ),
    "a possessive": (GERMAN + "They met Sweden's foreign minister, Ms Anna Berglund. {s|Minister Berglund} said no.", [("sweden", "description")]),
    "an office of a state": (GERMAN + "The president of France, Mr Luc Marchand, came. {s|President Marchand} said no.", [("france", "description")]),
    "an apposition": (GERMAN + "It was for Mr Kuiper, the Dutch trade minister, to go. {s|Minister Kuiper} said no.", [("netherlands", "description")]),
    "of a state, no source": (GERMAN + "Gen. Luc Marchand of France came. {s|General Marchand} said no.", [("france", "description")]),
    "a state in brackets": (GERMAN + "Germany met Minister Anna Berglund (Sweden). {s|Minister Berglund} said no.", [("sweden", "description")]),
    "the state of somebody compared": (
        GERMAN + "{s|Gen. Luc Marchand of France} said no. {s|General Marchand, like Gen. Bob Roe of Canada,} said so.",
        [("france", "description")] * 2,
    ),
    "a host in a clause": (
        GERMAN + "{s|The Dutch minister Jan Kuiper} said no. {s|Mr Kuiper, who came as a guest of NATO,} said so.",
        [("netherlands", "description")] * 2,
    ),
    "a description that says more": (GERMAN + "{s|The French judge Luc Marchand} said no. {s|The judge} said so.", [("france", "description")] * 2),
    "an office told at one mention only": (GERMAN + "{s|Ann Lee} said no. {s|Minister Ann Lee} said so.", [("germany", "setting")] * 2),
    "an actor": ("GERMANY was quiet. {s|Emmanuel Macron} said no. {s|Mr Macron} said so.", [("france", "actor")] * 2),
}

NO_SETTING = {  # whom the setting does not take: affiliation and basis of the last source, codebook world
    "Europe's": ("China slept, and China's farmers slept. {s|Europe's top negotiator, Peter Hallam}, said no.", ("other", "description")),
    "European": ("China slept, and China's farmers slept. {s|The European negotiator, Peter Hallam}, said no.", ("other", "description")),
    "the surname after it": (
        "China slept, and China's farmers slept. {s|The European negotiator, Peter Hallam}, said no. {s|Mr Hallam} said so.",
        ("other", "description"),
    ),
    "a commissioner": ("China slept, and China's farmers slept. {s|The European Commissioner, Peter Hallam}, said no.", ("european_union", "description")),
    "leaders": ("China slept, and China's farmers slept. {s|The African leaders} said no.", ("other", "description")),
    "a part of the world that is worked for": ("China slept, and China's farmers slept. {s|The minister for Europe, Li Roe}, said no.", ("china", "setting")),
    "a man of the place": ("China slept, and China's farmers slept. {s|Minister Li Roe} said no.", ("china", "setting")),
}

NOBODY_ELSE = {  # a tie of somebody else is not taken
    "another of the surname": GERMAN + "The French president, Luc Marchand, met Ida Marchand. {s|Minister Ida Marchand} said no.",
    "the sentence before": GERMAN + "They met a minister of France. {s|Minister Ida Marchand} said no.",
    "a quotation": GERMAN + "{s|Minister Ida Marchand} said no.",
}

COUNCIL = book(
    ("council", "Harlow Council", "organisation", "council"),
    ("traders", "Market Traders", "organisation", "traders"),
    camps=("council", "traders", "other", "unspecified"),
)
AGAINST = (
    "Opposition leader Karen Sprague",
    "The opposition leader, Karen Sprague",
    "Former minister Karen Sprague",
    "Ousted leader Karen Sprague",
    "Shadow minister and challenger Karen Sprague",
    "Its former leader, Karen Sprague",
    "Its critic, Karen Sprague",
    "The council's ousted leader, Karen Sprague",
    "The council's rival, Karen Sprague",
    "The ex-mayor, Karen Sprague",
)


@pytest.mark.parametrize("case", CARRIED)
def test_a_tie_that_is_told_once_holds_for_all_mentions(case: str) -> None:
    """One person has one camp, by what the text tells and not by where the article plays."""
    text, expected = CARRIED[case]
    assert answers(found_in(text), "affiliation", "affiliation_basis", codebook="world") == expected


@pytest.mark.parametrize("case", NO_SETTING)
def test_the_setting_does_not_take_whom_the_text_places_elsewhere(case: str) -> None:
    """Somebody of a part of the world that is no camp is ``other``, and not of where the article plays."""
    text, expected = NO_SETTING[case]
    assert answers(found_in(text), "affiliation", "affiliation_basis", codebook="world")[-1] == expected


@pytest.mark.parametrize("case", NOBODY_ELSE)
def test_a_tie_of_somebody_else_is_not_taken(case: str) -> None:
    """A namesake and a minister of the sentence before leave her to the setting."""
    assert answers(found_in(NOBODY_ELSE[case]), "affiliation", "affiliation_basis", codebook="world")[-1] == ("germany", "setting")


@pytest.mark.parametrize("source", AGAINST)
def test_nobody_speaks_for_the_body_that_they_oppose_or_left(source: str) -> None:
    """The council stands before, and is not whose leader she is."""
    text = f"Harlow Council met on Monday. {{s|{source},}} said no."
    assert answers(found_in(text), "affiliation", "affiliation_basis", codebook=COUNCIL)[0][0] == "other"


def test_who_leads_the_body_speaks_for_it() -> None:
    """The same sentences without a word of opposition."""
    for source in ("Minister Karen Sprague", "Its leader, Karen Sprague"):
        found = found_in(f"Harlow Council met on Monday. {{s|{source},}} said no.")
        assert answers(found, "affiliation", "affiliation_basis", codebook=COUNCIL) == [("council", "context")]


@pytest.mark.parametrize(
    "name", ["East of Wessex Ambulance Service", "Northmoor Ambulance Service", "West of Ridley Care Service", "Ridge Valley Water Company"]
)
def test_a_body_is_of_one_camp_by_name_and_by_noun(name: str) -> None:
    """The service, once named, is who speaks again."""
    noun = name.rpartition(" ")[2].lower()
    found = found_in(f"{{s|The {name}}} said no. {{s|The {noun}}} said so.")
    by_name, by_noun = answers(found, "speaker", "affiliation", codebook=COUNCIL)
    assert by_name == by_noun == (name, "other" if " of " in name else "unspecified")


def test_two_camps_that_the_text_itself_tells_stay() -> None:
    """A minister of one state and then of another is told as both; each says by what."""
    found = found_in("{s|The French minister Luc Marchand} said no. {s|The German minister Luc Marchand} said so.")
    assert {basis for _, basis in answers(found, "affiliation", "affiliation_basis", codebook="world")} == {"description"}
    assert [camp for camp, _ in answers(found, "affiliation", "affiliation_basis", codebook="world")] == ["france", "germany"]


@pytest.mark.xfail(strict=True, reason="the resolver takes the verb behind the name's comma for an apposition: 'arrived in Berlin'")
def test_what_a_person_did_tells_no_tie() -> None:
    """Who arrived in Berlin is not of Germany."""
    found = found_in("The French president, Mr Luc Marchand, arrived in Berlin. {s|Mr Marchand} said no.")
    assert answers(found, "affiliation", codebook="world") == [("france",)]


@pytest.mark.xfail(strict=True, reason="the codebook knows 'European Commissioner', not the portfolio between the two words")
def test_a_commissioner_by_portfolio() -> None:
    """The trade commissioner is of the Union too."""
    found = found_in("China slept, and China's farmers slept. {s|The European trade commissioner, Peter Hallam}, said no.")
    assert answers(found, "affiliation", codebook="world") == [("european_union",)]


def test_main_part() -> None:
    """Clauses and comparisons tell nothing of whose somebody is."""
    assert [main_part(phrase) for phrase in ("a nurse", "a nurse who left France", "Gen. Lee, unlike Roe of Canada")] == ["a nurse", "a nurse ", "Gen. Lee,"]


def test_a_codebook_without_other_leaves_the_camp_missing() -> None:
    """Who is of no camp has none, where the codebook has no word for it."""
    camps = Codebook("mine", "1", COUNCIL.actors, COUNCIL.aliases, COUNCIL.affiliations.iloc[:2])
    assert answers(found_in("Harlow Council met. {s|Opposition leader Karen Sprague} said no."), "affiliation", codebook=camps) == [(None,)]
