"""What a newcomer meets when calling: names of groups that are not there, arguments swapped, a codebook forgotten, texts of other languages."""

import pandas as pd
import pytest

import newsanalysis as na

LOCAL = na.documents([f"{name} of the rowing club said the lock was closed." for name in ("Ann Lee", "Jo Day", "Al Roe", "Di Fox", "Ed Hay", "Bo Lin")] * 2)


def attributions_of(*camps):
    """A document for each camp."""
    keys = [str(n) for n in range(len(camps))]
    table = pd.DataFrame({"attribution_id": keys, "document_id": keys, "affiliation": camps, "content": "one two"})
    return table.assign(kind="direct", start=0, end=1, attributor="hand@1")


# --- groups that are not there ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "meant"),
    [("counsil", "council"), ("Council", "council"), ("City Hall", "city_hall"), ("russia", "russian")],
    ids=["typo", "case", "label", "near"],
)
def test_a_camp_that_is_not_there_is_refused_if_another_may_be_meant(given, meant):
    """1.0 for a name that nobody has would be taken for a finding."""
    table = attributions_of("traders", "council", "city_hall", "russian")
    with pytest.raises(na.TableError, match=f"camp_balance: no camp '{given}' in the column affiliation; is '{meant}' meant"):
        na.camp_balance(table, "traders", given)
    with pytest.raises(na.TableError, match=f"share_of_voice: no camp '{given}' in the column affiliation; is '{meant}' meant"):
        na.share_of_voice(table, levels=["traders", given])


def test_a_camp_that_nobody_knows_is_said():
    """It may be one of the user's codebook that does not speak here, so that it is no error."""
    with pytest.warns(UserWarning, match="camp_balance: no camp 'zzz' in the column affiliation; there are council, traders") as caught:
        balance = na.camp_balance(attributions_of("traders", "council"), "traders", "zzz")
    assert balance.estimate.tolist() == [1, 1]
    assert caught[0].filename == __file__


def test_a_camp_of_the_codebook_may_be_silent():
    """No word of it: the shipped codebook has it, or the levels name it beside one of a like name."""
    assert na.camp_balance(attributions_of("nato", "russian"), "nato", "ukrainian").estimate.tolist() == [1, 1]
    assert len(na.share_of_voice(attributions_of("left", "green"), levels=["left", "left_", "green"])) == 3
    assert na.camp_balance(attributions_of()[:0].astype({"affiliation": "str"}), "a", "b").estimate.isna().all()


def test_another_group_of_a_like_name_is_only_said():
    """Two persons have names alike."""
    table = attributions_of("x", "y").assign(speaker=["Jill Biden", "Ann Lee"])
    with pytest.warns(UserWarning, match="no speaker 'Joe Biden' in the column speaker; is 'Jill Biden' meant"):
        na.camp_balance(table, "Joe Biden", "Ann Lee", by="speaker")


def test_odds_between_groups_that_are_not_there():
    """The same hint."""
    rows = [("a", "council", "doubt"), ("b", "traders", "neutral")]
    codes = pd.DataFrame(rows, columns=["document_id", "affiliation", "value"]).assign(code="cue_class", unit="attribution", coder="hand@1", unit_id=["1", "2"])
    with pytest.raises(na.TableError, match="group 'Council' is not in the column; is 'council' meant"):
        na.odds_ratio(codes, code="cue_class", by="affiliation", between=("Council", "traders"))


# --- arguments swapped --------------------------------------------------------------------------------------------------


def test_camps_before_the_table():
    """The order is said."""
    with pytest.raises(na.TableError, match=r"camp_balance: a str, a str, a table of attributions were given; give the table and two names"):
        na.camp_balance("traders", "council", attributions_of("traders", "council"))


def test_found_before_the_sample(tmp_path):
    """The order of a coding sheet is said."""
    found = na.attribute(na.documents(["The mayor said the bridge was closed."]), attributor="patterns")
    sample = na.sample(found.attributions, n=1)
    with pytest.raises(na.TableError, match=r"coding_sheet: a Found, a table of attributions were given; give the sample and then the texts"):
        na.coding_sheet(found, sample, tmp_path / "a.xlsx", codebook="ukraine_war")


# --- a codebook forgotten -----------------------------------------------------------------------------------------------


def test_a_codebook_that_nobody_chose_and_that_names_few_is_said():
    """By na.resolve of speakers, by na.mentions of documents; not where it was chosen, nor for a handful."""
    raw = na.attribute(LOCAL, attributor="patterns")
    n = len(raw.attributions)
    with pytest.warns(
        UserWarning, match=rf"resolve: codebook 'ukraine_war', the default, names the speaker of 0 of {n} attributions; codebook='world'"
    ) as caught:
        found = na.resolve(raw)
    assert caught[0].filename == __file__
    assert found.codebook == "ukraine_war"
    assert len(na.mentions(found)) == 0
    with pytest.warns(UserWarning, match="mentions: codebook 'ukraine_war', the default, names somebody in 0 of 12 documents; ") as caught:
        na.mentions(LOCAL)
    assert caught[0].filename == __file__
    na.resolve(raw, codebook="ukraine_war")
    na.mentions(LOCAL, codebook="ukraine_war")
    na.resolve(raw.within(LOCAL.document_id[:9]))
    na.mentions(LOCAL.head(9))


# --- other languages ----------------------------------------------------------------------------------------------------


def test_documents_that_are_not_english_are_said_once(tmp_path):
    """In na.attribute, in the words of the command line; in the report of what was found as in that of a folder; not of one's own attributor."""
    documents = na.documents(["The mayor said it rained.", "Der Minister sagte, es regne.", "It rained."], language=["en", "de", None])
    with pytest.warns(UserWarning, match=r"^attribute: 1 document is not in English: what is found and measured in it is not valid\.$") as caught:
        found = na.attribute(documents, attributor="patterns")
    assert len(caught) == 1
    assert caught[0].filename == __file__
    page = na.report(na.resolve(found), out=tmp_path / "report.html").read_text(encoding="utf-8")
    assert "1 document not in English: what is measured there is not valid." in page
    na.attribute(documents, attributor=lambda texts: [[] for _ in texts])
    na.attribute(documents.drop(columns="language").assign(language=["en", "en-GB", None]), attributor="patterns")
