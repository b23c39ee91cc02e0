"""Statements of blame and calls to action: who, whom, for what; two sides; negation; what is said by whom."""

import json
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import codebooks, tables
from newsanalysis.found import Found

GOLD = [json.loads(line) for line in (Path(__file__).parent / "data" / "statements_gold.jsonl").read_text(encoding="utf-8").splitlines()]


def told(text):
    """(statement, source, target, issue) of a text without attributions; what is missing is None."""
    codes = na.code_statements(Found(na.documents([text]), tables.empty("attributions"), tables.empty("spans")))
    columns = codes[["statement", "source", "target", "issue"]].astype(object)
    return list(columns.where(columns.notna(), None).itertuples(index=False, name=None))


STATEMENTS = [
    pytest.param("Kyiv blamed Moscow for the fire.", [("blame", "Kyiv", "Moscow", "the fire")], id="blame for"),
    pytest.param("Kyiv blamed the fire on Moscow.", [("blame", "Kyiv", "Moscow", "the fire")], id="blame on"),
    pytest.param("The mayor blamed the storm.", [("blame", "The mayor", "the storm", None)], id="blame alone"),
    pytest.param("Moscow has accused Kyiv of sabotage.", [("blame", "Moscow", "Kyiv", "sabotage")], id="accuse of"),
    pytest.param("The city charged the firm with fraud.", [("blame", "The city", "the firm", "fraud")], id="charge with"),
    pytest.param("The families hold the firm responsible for the leak.", [("blame", "The families", "the firm", "the leak")], id="hold responsible"),
    pytest.param("The union pointed the finger at the ministry.", [("blame", "The union", "the ministry", None)], id="point the finger"),
    pytest.param("The judge laid the blame for the crash on the driver.", [("blame", "The judge", "the driver", "the crash")], id="lay the blame"),
    pytest.param("Berlin condemned Minsk over the arrests.", [("blame", "Berlin", "Minsk", "the arrests")], id="condemn over"),
    pytest.param("Parliament condemned the attack.", [], id="condemn an act"),
    pytest.param("Kyiv and Moscow traded blame over the fire.", [("blame", "Kyiv", "Moscow", "the fire"), ("blame", "Moscow", "Kyiv", "the fire")], id="two"),
    pytest.param("Both Ann and Bob traded blame.", [("blame", "Ann", "Bob", None), ("blame", "Bob", "Ann", None)], id="both"),
    pytest.param("The firm was accused of fraud.", [("blame", None, "The firm", "fraud")], id="passive"),
    pytest.param("The firm was accused by the city of fraud.", [("blame", "the city", "The firm", "fraud")], id="passive with agent"),
    pytest.param("The guard, accused of theft, fled.", [("blame", None, "The guard", "theft")], id="reduced passive"),
    pytest.param("The leader, who blames Paris for the crisis, spoke.", [("blame", "The leader", "Paris", "the crisis")], id="who"),
    pytest.param("Moscow is to blame for the war.", [("blame", None, "Moscow", "the war")], id="own voice"),
    pytest.param("Moscow is responsible for foreign policy.", [], id="a duty, in own voice"),
    pytest.param("The pope urged both sides to stop.", [("call", "The pope", "both sides", "stop")], id="urge to"),
    pytest.param("Beijing called on Paris not to vote.", [("call", "Beijing", "Paris", "not to vote")], id="call on not to"),
    pytest.param("Turkey warned Greece against the plan.", [("call", "Turkey", "Greece", "the plan")], id="warn against"),
    pytest.param("The pope warned against haste.", [("call", "The pope", None, "haste")], id="warn against, nobody named"),
    pytest.param("Washington demanded that Moscow withdraw its troops.", [("call", "Washington", "Moscow", "withdraw its troops")], id="demand that"),
    pytest.param("Doctors called for a truce.", [("call", "Doctors", None, "a truce")], id="call for"),
    pytest.param("Civilians were told to leave.", [("call", None, "Civilians", "leave")], id="passive call"),
    pytest.param("The man was told that the bus is to leave.", [], id="told that"),
    pytest.param("Kyiv urged NATO to act and accused Moscow of terror.", [("call", "Kyiv", "NATO", "act"), ("blame", "Kyiv", "Moscow", "terror")], id="shared"),
    pytest.param("The doctors did not blame the nurse.", [], id="not"),
    pytest.param("The doctors didn't blame the nurse.", [], id="n't"),
    pytest.param("Neither the city nor the state accused him of theft.", [], id="neither"),
    pytest.param("Nobody accused him of theft.", [], id="nobody"),
    pytest.param("The minister refused to blame the army for it.", [], id="infinitive"),
    pytest.param("Did Kyiv blame Moscow for the fire?", [], id="question"),
    pytest.param("The minister rejected calls to resign.", [], id="noun"),
    pytest.param("The ministry must pay.", [], id="must, in own voice"),
    pytest.param("She asked the question to learn more.", [], id="asked a question"),
    pytest.param("The Alpine Club on Monday accused the Ski Union of theft.", [("blame", "The Alpine Club", "the Ski Union", "theft")], id="on Monday"),
    pytest.param("Kyiv late on Sunday accused Minsk of lying.", [("blame", "Kyiv", "Minsk", "lying")], id="late on Sunday"),
    pytest.param("Kyiv on Monday night accused Minsk of lying.", [("blame", "Kyiv", "Minsk", "lying")], id="on Monday night"),
    pytest.param("Kyiv this week accused Minsk of lying.", [("blame", "Kyiv", "Minsk", "lying")], id="this week"),
    pytest.param("Last week the union accused Minsk of lying.", [("blame", "the union", "Minsk", "lying")], id="last week before the subject"),
    pytest.param("The union has in recent weeks accused Minsk of lying.", [("blame", "The union", "Minsk", "lying")], id="after the auxiliary"),
    pytest.param("The union did not on Monday accuse Minsk of lying.", [], id="not on Monday"),
    pytest.param("The union in a statement accused Minsk of lying.", [("blame", "The union", "Minsk", "lying")], id="in a statement"),
    pytest.param("The union, in a letter to members, blamed Minsk.", [("blame", "The union", "Minsk", None)], id="in a letter, in commas"),
    pytest.param("The union has repeatedly accused Minsk of lying.", [("blame", "The union", "Minsk", "lying")], id="repeatedly"),
    pytest.param("The union again accused Minsk of lying.", [("blame", "The union", "Minsk", "lying")], id="again"),
    pytest.param("Ann Lee on Friday called on the union to stop.", [("call", "Ann Lee", "the union", "stop")], id="call on, on Friday"),
    pytest.param("Ann Lee at a press conference on Friday urged the club to act.", [("call", "Ann Lee", "the club", "act")], id="two adverbials"),
    pytest.param("The firm was on Monday accused of fraud.", [("blame", None, "The firm", "fraud")], id="passive on Monday"),
    pytest.param("Theresa May blamed Brussels for the delay.", [("blame", "Theresa May", "Brussels", "the delay")], id="a month as a name"),
    pytest.param("Farmers in the valley accused Minsk of lying.", [("blame", "Farmers in the valley", "Minsk", "lying")], id="a place stays"),
    pytest.param("Ann Lee, the water minister, accused Minsk of lying.", [("blame", "Ann Lee", "Minsk", "lying")], id="apposition"),
    pytest.param("The mayor, Ann Lee, accused Minsk of lying.", [("blame", "Ann Lee", "Minsk", "lying")], id="a name in apposition"),
    pytest.param("Ann Lee, speaking in Rome, accused Minsk of lying.", [("blame", "Ann Lee", "Minsk", "lying")], id="speaking in"),
    pytest.param("In Rome, Ann Lee left the hall, urging the club to act.", [("call", "Ann Lee", "the club", "act")], id="urging"),
    pytest.param("The union, which has ten members, accused Minsk of lying.", [("blame", "The union", "Minsk", "lying")], id="relative clause"),
    pytest.param(
        "The Ski Union demanded that the Alpine Club release the figures.",
        [("call", "The Ski Union", "the Alpine Club", "release the figures")],
        id="demand that, the verb tagged as a noun",
    ),
]


@pytest.mark.parametrize(("text", "expected"), STATEMENTS)
def test_statements(text, expected):
    """A sentence says who blames or calls on whom for what, or it does not."""
    assert told(text) == expected


def found_in(text, *attributions):
    """What was found, from (source, cue, content, speaker) as words of the text."""
    documents, rows, spans = na.documents([text]), [], []
    for n, (source, cue, content, speaker) in enumerate(attributions, 1):
        key = f"{documents.document_id[0]}#{n}"
        words = {"source": source, "cue": cue, "content": content}
        places = {role: (text.index(said), text.index(said) + len(said)) for role, said in words.items()}
        bounds = {"start": min(s for s, _ in places.values()), "end": max(e for _, e in places.values())}
        rows.append({"attribution_id": key, "document_id": documents.document_id[0], "kind": "indirect", **words, **bounds, "attributor": "hand@1"})
        rows[-1] |= {"speaker": speaker, "actor_id": speaker.lower()}
        spans += [{"attribution_id": key, "role": role, "start": s, "end": e, "text": text[s:e]} for role, (s, e) in places.items()]
    return Found(documents, na.check(pd.DataFrame(rows), "attributions"), na.check(pd.DataFrame(spans), "spans"))


def test_a_cue_tells_the_speaker():
    """Where the verb is an attribution's cue, its speaker and actor are the statement's; the outlet tells of it in its own voice."""
    row = na.code_statements(found_in("He blamed Moscow for the fire.", ("He", "blamed", "Moscow for the fire", "Ann"))).iloc[0]
    assert row[["source", "speaker", "actor_id", "voice", "form"]].tolist() == ["He", "Ann", "ann", "own", "verb"]
    assert row.attribution_id.endswith("#1")


SAID = [
    pytest.param("Ann said Moscow was to blame for the fire.", "Moscow was to blame for the fire", [("blame", "copula", "Ann", "Moscow")], id="to blame"),
    pytest.param("Ann said Moscow was responsible for the fire.", "Moscow was responsible for the fire", [("blame", "copula", "Ann", "Moscow")], id="duty"),
    pytest.param("Ann said Europe must act.", "Europe must act", [("call", "modal", "Ann", "Europe")], id="must"),
    pytest.param("Ann said we blame Moscow.", "we blame Moscow", [("blame", "verb", "Ann", "Moscow")], id="we"),
    pytest.param("Ann said Kyiv blamed Moscow.", "Kyiv blamed Moscow", [("blame", "verb", "Kyiv", "Moscow")], id="another's blame"),
    pytest.param("Ann said it must be late.", "it must be late", [], id="it must be"),
    pytest.param("Ann said talks should begin.", "talks should begin", [], id="a thing should"),
    pytest.param("Ann said the talks in Kyiv should begin.", "the talks in Kyiv should begin", [], id="a thing in a place should"),
    pytest.param("Ann said many of the farmers should go.", "many of the farmers should go", [("call", "modal", "Ann", "many of the farmers")], id="many of"),
    pytest.param("Ann said Europe must have known.", "Europe must have known", [], id="must have"),
]


@pytest.mark.parametrize(("text", "content", "expected"), SAID)
def test_what_is_said(text, content, expected):
    """In what somebody is said to have said, that person blames or calls, unless another does."""
    codes = na.code_statements(found_in(text, ("Ann", "said", content, "Ann")))
    assert list(codes[["statement", "form", "source", "target"]].itertuples(index=False, name=None)) == expected
    assert set(codes.voice) <= {"attributed"}


def test_the_source_is_without_apposition():
    """What an attribution takes for the source, with an apposition, its comma or a time, is told by the name alone."""
    text = "Ann Lee, the water minister, on Monday accused Minsk of lying."
    codes = na.code_statements(found_in(text, ("Ann Lee, the water minister,", "accused", "Minsk of lying", "Ann Lee")))
    assert codes.source.tolist() == ["Ann Lee"]


def test_statements_have_a_key():
    """Statements are numbered within their document, and can be drawn and shown in their context."""
    documents = na.documents(["Kyiv blamed Moscow. Doctors called for a truce.", "Kyiv blamed Minsk."], document_id=["x", "y"])
    codes = na.code_statements(Found(documents, tables.empty("attributions"), tables.empty("spans")))
    assert codes.columns[0] == "statement_id"
    assert codes.statement_id.tolist() == ["x:b1", "x:b2", "y:b1"]


def test_denied_blame_is_none():
    """Who denies that somebody is to blame does not blame."""
    assert na.code_statements(found_in("Ann denied Moscow was to blame.", ("Ann", "denied", "Moscow was to blame", "Ann"))).empty


def test_actors_of_source_and_target():
    """With mentions the actors named in target and source are told."""
    found = Found(na.documents(["Kyiv blamed Russia for the fire."]), tables.empty("attributions"), tables.empty("spans"))
    codes = na.code_statements(found, mentions=na.mentions(found))
    assert codes[["actor_id", "target_actor_id"]].to_numpy().tolist() == [["ukraine", "russia"]]
    assert na.code_statements(found).target_actor_id.isna().all()


def test_every_verb_has_a_frame():
    """Each row of the lexicon is blame or call and has frames that the rules know; every form of a verb is found in a sentence."""
    from newsanalysis.framing.statements import _ACTIVE

    listed = codebooks.words("statements")
    assert set(listed.value) == {"blame", "call"}
    assert {frame for frames in listed.frame for frame in frames.split()} <= set(_ACTIVE)
    tail = {"trade": "over it", "lay": "on Ann", "at": "Ann", "object": "peace", "warn": "Ann against it", "that": "that Ann be heard"}
    tail |= {"on": "Ann to go", "to": "Ann to go", "for": "Ann for it", "of": "Ann of it", "with": "Ann with it", "responsible": "Ann responsible"}
    sentences = []
    for pattern, frames in zip(listed.pattern, listed.frame, strict=True):
        past = pattern.split()[0].split("|")[2]
        rest = [word.split("|")[0] for word in pattern.split()[1:]]
        sentences.append(" ".join(["The mayor", past, *rest, tail.get(frames.split()[0], "Ann for it")]) + ".")
    documents = na.documents(sentences)
    codes = na.code_statements(Found(documents, tables.empty("attributions"), tables.empty("spans")))
    assert documents.text[~documents.document_id.isin(codes.document_id)].tolist() == []


@pytest.mark.parametrize(("part", "least"), [("tune", 0.98), ("blind", 0.95)])
def test_gold(part, least):
    """F1 of statement, source and target on the gold does not fall below what was measured."""
    rows = [row for row in GOLD if row["part"] == part]
    found = na.attribute(na.documents([row["text"] for row in rows]))
    codes = na.code_statements(found)
    columns = ("statement", "source", "target")
    told_ = codes[list(columns)].astype(object)
    got = sorted(zip(codes.document_id, *(told_[c].where(told_[c].notna(), "").str.lower().str.removeprefix("the ") for c in columns), strict=True))
    gold = sorted(
        (key, *((one[c] or "").lower().removeprefix("the ") for c in columns))
        for key, row in zip(found.documents.document_id, rows, strict=True)
        for one in row["statements"]
    )
    right = sum(one in gold for one in got)
    assert 2 * right / (len(got) + len(gold)) >= least


PARTS = ["Kyiv blamed Moscow for the fire.", "Doctors called for a truce.", "It rained.", "The ministry must pay."]


@settings(max_examples=20)
@given(st.lists(st.sampled_from(PARTS), max_size=6))
def test_evidence_is_in_the_document(parts):
    """The offsets give the sentence's words from the first to the last part, and each sentence gives what it gives alone."""
    # Planted: offsets counted in the sentence; a shared subject looked for across sentences.
    text = "\n".join([*parts, "It snowed."])
    codes = na.code_statements(Found(na.documents([text]), tables.empty("attributions"), tables.empty("spans")))
    said = [text[start:end] + "." for start, end in zip(codes.start, codes.end, strict=True)]
    assert said == [part for part in parts if part.startswith(("Kyiv", "Doctors"))]


def test_a_line_without_full_stops_takes_linear_time():
    """Eight times as many verbs in one sentence take about eight times as long."""
    # Planted: reading the rest of the sentence for each verb.
    best = []
    for times in (40, 320):
        text = "Kyiv blamed Moscow and Russia shelled Ukraine and Minsk said that " * times
        found = Found(na.documents([text]), tables.empty("attributions"), tables.empty("spans"))
        begin = time.process_time()
        assert len(na.code_statements(found)) == times
        best.append(time.process_time() - begin)
    assert best[1] < 20 * best[0] + 1
