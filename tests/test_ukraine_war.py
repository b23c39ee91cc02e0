"""The shipped study ``ukraine_war``: who was quoted on the war speaks for the right camp, and words that tell no camp stay open."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
import pytest

from newsanalysis.actors import resolve
from newsanalysis.found import Found

# source, day of the article, camp, role
PERSONS = [
    ("Andriy Deshchytsia", "2014-04-01", "ukrainian", "official"),
    ("Alexei Dmitrashkovsky", "2014-09-01", "ukrainian", "military"),
    ("Alexander Motuzyanik", "2015-09-01", "ukrainian", "military"),
    ("Dmitry Tymchuk", "2014-09-01", "ukrainian", "expert"),
    ("Gennady Moskal", "2015-02-01", "ukrainian", "official"),
    ("Artyom Skoropadsky", "2014-04-01", "ukrainian", "official"),
    ("Vitaliy Kim", "2022-04-01", "ukrainian", "official"),
    ("Vladimir Fesenko", "2015-02-01", "ukrainian", "expert"),
    ("Patriarch Filaret", "2014-04-01", "ukrainian", "organisation"),
    ("Vladimir Markin", "2014-09-01", "russian", "official"),
    ("Aleksandr Lukashevich", "2014-09-01", "russian", "official"),
    ("Valentina Melnikova", "2014-09-01", "russian", "organisation"),
    ("Dmitry Trenin", "2014-09-01", "russian", "expert"),
    ("Dmitry Muratov", "2022-04-01", "russian", "media"),
    ("Alexander Lentsov", "2015-02-01", "russian", "military"),
    ("Sergey Tsekov", "2014-03-10", "russian_installed", "official"),
    ("Denys Berezovsky", "2014-03-03", "russian_installed", "military"),
    ("Alexei Karyakin", "2014-07-01", "russian_installed", "official"),
    ("Pavel Dryomov", "2015-02-01", "russian_installed", "military"),
    ("Vitaly Ganchev", "2022-08-01", "russian_installed", "official"),
    ("Rob Bauer", "2023-01-01", "nato", "military"),
    ("Bridget Brink", "2023-01-01", "western", "official"),
    ("Tjibbe Joustra", "2014-09-09", "western", "official"),
    ("Robert Serry", "2014-03-06", "international", "official"),
    ("Martin Sajdik", "2015-09-01", "international", "official"),
    ("Hishammuddin Hussein", "2014-07-20", "other", "official"),
]
GROUPS = [
    ("The Army of the South-East", "2014-06-01", "russian_installed"),
    ("Lugansk rebels", "2014-07-01", "russian_installed"),
    ("Crimea's Supreme Council", "2014-03-11", "russian_installed"),
    ("Crimea's election commission", "2014-03-16", "russian_installed"),
    ("Sevastopol city council", "2014-03-11", "russian_installed"),
    ("Federalization supporters", "2014-04-10", "russian_installed"),
    ("The Shakhtarsk battalion", "2014-08-01", "ukrainian"),
    ("Maidan self-defense", "2014-02-20", "ukrainian"),
    ("Ukroboronprom", "2014-08-01", "ukrainian"),
    ("A Kharkiv shopkeeper", "2014-08-01", "ukrainian"),
    ("Residents of Makeyevka", "2014-08-01", "ukrainian"),
    ("Crimean residents", "2014-08-01", "ukrainian"),
    ("Kievans", "2014-08-01", "ukrainian"),
    ("Muscovites", "2014-08-01", "russian"),
    ("A professor at MGIMO", "2014-08-01", "russian"),
    ("The Night Wolves", "2014-08-01", "russian"),
    ("The Dutch Safety Board", "2014-09-09", "western"),
    ("The Trilateral Contact Group", "2014-09-05", "international"),
    ("Protesters", "2014-02-01", "unspecified"),
    ("Activists", "2014-02-01", "unspecified"),
    ("Residents", "2014-08-01", "unspecified"),
    ("Soldiers", "2014-08-01", "unspecified"),
    ("Militiamen", "2014-08-01", "unspecified"),
    ("Volunteers", "2014-08-01", "unspecified"),
]


@lru_cache(maxsize=1)
def resolved() -> dict[tuple[str, str], dict[str, str]]:
    """All sources of this file, each in a document of its day."""
    cases = [case[:2] for case in (*PERSONS, *GROUPS)]
    documents, attributions, spans = [], [], []
    for n, (source, day) in enumerate(cases):
        end = len(source)
        documents.append((str(n), f"{source} said no.", "article", pd.Timestamp(day, tz="UTC")))
        attributions.append((f"{n}#1", str(n), "indirect", source, "no", 0, end, "marks@1"))
        spans += [(f"{n}#1", "source", 0, end, source), (f"{n}#1", "content", end + 6, end + 8, "no")]
    found = Found(
        pd.DataFrame(documents, columns=["document_id", "text", "kind", "published"]),
        pd.DataFrame(attributions, columns=["attribution_id", "document_id", "kind", "source", "content", "start", "end", "attributor"]),
        pd.DataFrame(spans, columns=["attribution_id", "role", "start", "end", "text"]),
    )
    rows = resolve(found, codebook="ukraine_war").attributions[["affiliation", "role"]].to_dict("records")
    return dict(zip(cases, rows, strict=True))


@pytest.mark.parametrize(("source", "day", "affiliation", "role"), PERSONS)
def test_persons(source: str, day: str, affiliation: str, role: str) -> None:
    """A person is of the right camp and role, in the spelling of one outlet or another."""
    assert resolved()[source, day] == {"affiliation": affiliation, "role": role}


@pytest.mark.parametrize(("source", "day", "affiliation"), GROUPS)
def test_groups_bodies_and_people_from_places(source: str, day: str, affiliation: str) -> None:
    """Bodies, groups and people from a town are of the camp that their words tell at that time; the ambiguous are of none."""
    assert resolved()[source, day]["affiliation"] == affiliation
