"""Lists of stories: no texts, said plainly; titles as headlines; pages joined by address."""

from pathlib import Path

import pandas as pd
import pytest

import newsanalysis as na
from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.formats import peek
from newsanalysis.readers.story_lists import same_address, sniff_story_list

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
real = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the vendors' files are not beside this checkout")
OLD = "stories_id,publish_date,title,url,language,ap_syndicated,themes,media_id,media_name,media_url\n7,2026-03-02 08:00:00,Rain closes roads,http://www.herald.example/rain/,en,f,,1,The Herald,http://herald.example\n"  # noqa: E501
NEW = "id,indexed_date,language,media_name,media_url,publish_date,title,url\nab12,2026-03-03,en,The Herald,herald.example,2026-03-02,Rain closes roads,https://herald.example/rain?utm_source=x\n"
GKG = (
    "20260302080000-7\t20260302080000\t1\therald.example\thttps://herald.example/rain"
    + "\t" * 22
    + "<PAGE_TITLE>Rain closes roads</PAGE_TITLE><PAGE_PRECISEPUBTIMESTAMP>20260302074500</PAGE_PRECISEPUBTIMESTAMP>\n"
)
EVENTS = "123456789\t20260302\t202603\t2026\t2026.1667" + "\t" * 56 + "https://herald.example/rain\n"
DOC = '{"articles": [ { "url": "https://herald.example/rain", "url_mobile": "", "title": "Rain closes roads", "seendate": "20260302T080000Z", "domain": "herald.example", "language": "English", "sourcecountry": "United Kingdom" }]}'  # noqa: E501
LISTS = {"old.csv": OLD, "new.csv": NEW, "gkg.csv": GKG, "events.CSV": EVENTS, "doc.json": DOC}


@pytest.fixture(params=LISTS, ids=LISTS)
def stories(request, tmp_path):
    """A list of each kind."""
    path = tmp_path / request.param
    path.write_text(LISTS[request.param], encoding="utf-8")
    return path


def test_a_list_alone_says_what_to_do(stories):
    """It holds no texts, and both ways out are named."""
    with pytest.raises(ReadError, match=r"no texts.*\"text\": \"title\".*join_pages"):
        na.read(stories)


def test_titles_are_headlines_if_asked_for(stories):
    """With their outlets and addresses; a list without titles says that."""
    if stories.stem == "events":
        with pytest.raises(ReadError, match="no column 'title'"):
            na.read(stories, columns={"text": "title"})
        return
    row = na.read(stories, columns={"text": "title"}).iloc[0]
    assert (row["text"], row["kind"], row["language"]) == ("Rain closes roads", "headline", "en")
    assert row["outlet"] in ("The Herald", "herald.example")
    assert pd.isna(row["published"]) == (stories.stem == "doc")


def test_pages_are_joined_by_address(stories, capsys):
    """Each list meets the page, whatever its scheme, www, slash and utm; what the page lacks is filled."""
    pages = na.documents(["Rain fell.", "Sun."], url=["https://herald.example/rain#top", "https://herald.example/sun"], title=[None, "Sun"])
    joined = na.join_pages(stories, pages)
    assert joined["text"].tolist() == ["Rain fell."]
    assert "1 of 1 story met 1 of 2 pages; 1 page is left out." in capsys.readouterr().out
    if stories.stem in ("old", "new"):
        assert (joined["outlet"].iloc[0], joined["title"].iloc[0]) == ("The Herald", "Rain closes roads")
        assert joined["published"].iloc[0].date().isoformat() == "2026-03-02"
    assert len(na.join_pages(stories, pages, unmatched=True)) == 2


def test_the_usual_names_do_not_hide_a_list_or_a_text(tmp_path):
    """A list with a text of its own is a table; of a table's columns for one of ours the first in the documented order is taken."""
    for name in ("full_text", "Full Text", "article_text", "maintext"):
        assert not sniff_story_list(f"id,media_name,publish_date,title,url,{name}".encode())
    (tmp_path / "a.csv").write_text("media_name,publish_date,title,url,full_text\nHerald,2026-03-02,Rain,https://herald.example/1,Rain fell.\n", "utf-8")
    row = na.read(tmp_path / "a.csv").iloc[0]
    assert (row["outlet"], row["text"], row["kind"], row["published"].month) == ("Herald", "Rain fell.", "article", 3)
    pages = na.documents(["Rain fell."], url="https://herald.example/rain")
    stories = pd.DataFrame({"domain": ["herald.example"], "media_name": ["Herald"], "link": ["https://herald.example/rain"], "seendate": ["2026-03-02"]})
    joined = na.join_pages(stories, pages).iloc[0]
    assert joined["outlet"] == "Herald" and pd.isna(joined["published"])


def test_what_a_page_says_is_kept():
    """The list fills, it does not overwrite."""
    pages = na.documents(["Rain fell."], url="https://herald.example/rain", title="Rain", published="2026-03-01")
    joined = na.join_pages(pd.DataFrame({"url": ["herald.example/rain"], "title": ["Else"], "publish_date": ["2026-03-09"]}), pages)
    assert (joined["title"].iloc[0], joined["published"].iloc[0].day) == ("Rain", 1)


def test_nothing_in_common_is_an_error():
    """Also a list without addresses."""
    pages = na.documents(["Rain fell."], url="https://herald.example/rain")
    with pytest.raises(ReadError, match="1 page and 1 story have no address in common"):
        na.join_pages(pd.DataFrame({"url": ["https://herald.example/sun"]}), pages)
    with pytest.raises(ReadError, match=r"looked for url, link, permalink"):
        na.join_pages(pd.DataFrame({"href": ["x"]}), pages)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("http://www.Herald.example/a/", "https://herald.example/a#b", True),
        ("https://herald.example/a?id=1&utm_medium=x", "https://herald.example/a?id=1", True),
        ("https://herald.example/a?id=1", "https://herald.example/a?id=2", False),
        ("https://herald.example/A", "https://herald.example/a", False),
        ("https://herald.example:8080/a", "https://herald.example/a", False),
    ],
)
def test_addresses_that_are_the_same(first, second, same):
    """Scheme, www, case of the host, slash, fragment and utm do not count; path, query and port do."""
    assert (same_address(first) == same_address(second)) is same


@pytest.mark.parametrize("url", [None, "", "http://[", "x y", float("nan"), "http://a.b:99999/"])
def test_what_is_no_address_meets_nothing(url):
    """No error either."""
    assert same_address(url) is None


@real
def test_no_sample_is_a_list_of_stories():
    """No false yes."""
    assert not [path for path in SAMPLES.rglob("*") if path.is_file() and sniff_story_list(peek(path))]
