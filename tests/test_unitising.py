"""Units: what a row is, whose voice it is in, and that nothing of the text is lost or counted twice."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import tables
from newsanalysis.found import Found
from newsanalysis.unitising import in_document, voices

SEED = json.loads((Path(__file__).parent / "data" / "seed_gold.json").read_text(encoding="utf-8"))


def found_of(*articles):
    """Found from (text, [{"source": [(start, end)], "cue": [...], "content": [...]}]) for each document."""
    documents = na.documents([text for text, _ in articles])
    attributions, spans = [], []
    for document_id, (text, marked) in zip(documents.document_id, articles, strict=True):
        for n, roles in enumerate(marked, 1):
            key = f"{document_id}#{n}"
            joined = {role: " … ".join(text[start:end] for start, end in roles.get(role, [])) or None for role in ("source", "cue", "content")}
            places = [place for role in joined for place in roles.get(role, [])]
            bounds = {"start": min(start for start, _ in places), "end": max(end for _, end in places)}
            named = {name: roles.get(name) for name in ("speaker", "affiliation")}
            attributions.append({"attribution_id": key, "document_id": document_id, "kind": "indirect", "attributor": "hand@1", **joined, **bounds, **named})
            spans += [(key, role, start, end, text[start:end]) for role in joined for start, end in roles.get(role, [])]
    if not attributions:
        return Found(documents, tables.empty("attributions"), tables.empty("spans"))
    made = pd.DataFrame(spans, columns=["attribution_id", "role", "start", "end", "text"])
    return Found(documents, na.check(pd.DataFrame(attributions), "attributions"), na.check(made, "spans"))


def marked(*parts):
    """A text and its attributions from parts: plain strings are own voice, ("role", "words", n) belongs to attribution n."""
    text, attributions = "", {}
    for part in parts:
        words = part if isinstance(part, str) else part[1]
        if not isinstance(part, str):
            attributions.setdefault(part[2], {}).setdefault(part[0], []).append((len(text), len(text) + len(words)))
        text += words
    return text, [attributions[n] for n in sorted(attributions)]


def test_units_of_each_kind():
    """A document, its sentences, its segments and its attributions are cut as defined, with ids that tell them apart."""
    text, attributions = marked(("source", "The mayor", 1), " ", ("cue", "said", 1), " on Monday ", ("content", "the bridge was shut", 1), ". Rain fell.")
    found = found_of((text, attributions))
    key = found.documents.document_id[0]
    assert na.units(found, unit="document").unit_id.tolist() == [f"{key}:d1"]
    assert na.units(found).text.tolist() == ["The mayor said on Monday the bridge was shut.", "Rain fell."]
    assert na.units(found.documents).equals(na.units(found))
    segments = na.units(found, unit="segment")
    assert segments.text.tolist() == ["on Monday", "the bridge was shut", "Rain fell."]
    assert segments.voice.tolist() == ["own", "attributed", "own"]
    assert segments.unit_id.tolist() == [f"{key}:s1.1", f"{key}:s1.2", f"{key}:s2.1"]
    whole = na.units(found, unit="attribution")
    assert whole[["unit_id", "text", "voice"]].to_numpy().tolist() == [[f"{key}#1", "the bridge was shut", "attributed"]]


def test_seed_article_in_one_voice_each():
    """On the seed article the Russian-installed administration's words are attributed and the passage about annexed Crimea is own voice."""
    found = found_of((SEED["article"], SEED["attributions"]))
    segments = na.units(found, unit="segment")
    own = " ".join(segments.text[segments.voice == "own"])
    attributed = " ".join(segments.text[segments.voice == "attributed"])
    assert "Russian-annexed Crimean peninsula" in own
    assert "were ordered to withdraw" in attributed
    assert "stressed" not in own + attributed


def test_nested_content_belongs_to_the_inner_speaker():
    """Inside a content, an inner content is the inner speaker's, and the inner source and cue are the outer speaker's words."""
    runs = voices(
        [(0, 1, "source", "a"), (2, 3, "cue", "a"), (4, 20, "content", "a"), (6, 8, "source", "b"), (9, 10, "cue", "b"), (11, 18, "content", "b")], 22
    )
    assert runs == [
        (0, 1, None, None),
        (1, 2, "own", None),
        (2, 3, None, None),
        (3, 4, "own", None),
        (4, 11, "attributed", "a"),
        (11, 18, "attributed", "b"),
        (18, 20, "attributed", "a"),
        (20, 22, "own", None),
    ]


def test_source_inside_its_own_content_is_no_voice():
    """A cue that an attributor left inside the content of the same attribution is neither own nor attributed."""
    assert voices([(0, 10, "content", "a"), (4, 6, "cue", "a")], 10) == [(0, 4, "attributed", "a"), (4, 6, None, None), (6, 10, "attributed", "a")]


def test_a_content_over_two_sentences_is_two_segments():
    """Segments never cross a sentence, and a piece of marks alone is no segment."""
    text, attributions = marked(("content", "We won. We go on", 1), ", ", ("source", "She", 1), " ", ("cue", "said", 1), ".")
    segments = na.units(found_of((text, attributions)), unit="segment")
    assert segments.text.tolist() == ["We won.", "We go on"]


def test_attribution_in_pieces_is_placed_from_both_ends():
    """Evidence in the first and the last piece of a content is placed in the document; evidence between them is not."""
    text, attributions = marked(("content", "“War,”", 1), " he ", ("cue", "said", 1), ", ", ("content", "“is bad.”", 1))
    codes = na.code_tone(na.units(found_of((text, attributions)), unit="attribution"), coders=("vader",))
    words = codes[codes.code == "tone_word"]
    assert [text[start:end] for start, end in zip(words.start, words.end, strict=True)] == words.value.tolist() == ["War", "bad"]
    assert in_document("aa … bb … cc", 0, 30)(5, 7) is None


def test_units_without_rows():
    """Documents without attributions give no attribution units, and an empty table is a proper one."""
    found = found_of(("Rain fell.", []))
    assert na.units(found, unit="attribution").columns.tolist() == na.units(found).columns.tolist()


@pytest.mark.parametrize("unit", ["segment", "attribution"])
def test_voices_need_attributions(unit):
    """Segments and attributions cannot be cut from documents alone, and the message says what is needed."""
    with pytest.raises(ValueError, match=r"na\.attribute"):
        na.units(na.documents(["Rain fell."]), unit=unit)


def test_segments_know_their_sentence():
    """Segments carry the id of the sentence that they are part of; sentences carry their own."""
    text, attributions = marked(("source", "The mayor", 1), " ", ("cue", "said", 1), " on Monday ", ("content", "the bridge was shut", 1), ". Rain fell.")
    found = found_of((text, attributions))
    sentences = na.units(found)
    assert sentences.sentence_id.equals(sentences.unit_id)
    assert na.units(found, unit="segment").sentence_id.tolist() == [*sentences.unit_id[[0, 0, 1]]]
    assert na.units(found, unit="document").sentence_id.isna().all()


def test_cues_and_sources_as_the_outlets_words():
    """Asked for, cue or source or both are own voice, save inside a content, where they are that speaker's."""
    inner = ("source", "Moscow", 2), " ", ("cue", "lied", 2), " ", ("content", "to all", 2)
    text, attributions = marked(("source", "The embattled mayor", 1), " ", ("cue", "raged", 1), " on Monday that ", *inner, ".")
    attributions[0]["content"] = [(text.index("that"), len(text) - 1)]
    found = found_of((text, attributions))

    def own(roles):
        segments = na.units(found, unit="segment", own=roles)
        return segments.text[segments.voice == "own"].tolist()

    assert own(()) == ["on Monday"]
    assert own("cue") == ["raged on Monday"]
    assert own("source") == ["The embattled mayor", "on Monday"]
    assert own(("source", "cue")) == ["The embattled mayor raged on Monday"]
    with pytest.raises(ValueError, match="own must be of source, cue; not 'content'"):
        na.units(found, unit="segment", own="content")


def test_unknown_unit():
    """An unknown unit is refused with the known ones."""
    with pytest.raises(ValueError, match="document, sentence, segment, attribution"):
        na.units(na.documents(["Rain fell."]), unit="paragraph")


SENTENCES = (
    ("Rain fell on {n} towns. ",),
    (("source", "Officials", 0), " ", ("cue", "said", 0), " on day {n} ", ("content", "that roads are shut", 0), ". "),
    (("content", "“We hold {n} lines,”", 0), " ", ("cue", "said", 0), " ", ("source", "Dr. Müller", 0), " 😀. "),
    (("content", "“Stay,", 0), " she ", ("cue", "urged", 0), ", ", ("content", "or go {n}.”", 0), "\n"),
    (("cue", "According to", 0), " ", ("source", "the U.S. envoy", 0), ", ", ("content", "it is over", 0), " — for now…\n\n"),
    ("!? … ",),
)


@st.composite
def articles(draw):
    """A text of own-voice and attributed sentences, with one attribution in another now and then."""
    chosen = draw(st.lists(st.integers(0, len(SENTENCES) - 1), min_size=1, max_size=6))
    parts = []
    for n, which in enumerate(chosen):
        parts += [p.replace("{n}", str(n)) if isinstance(p, str) else (p[0], p[1].replace("{n}", str(n)), n) for p in SENTENCES[which]]
    text, attributions = marked(*parts)
    if attributions and draw(st.booleans()):  # the first content holds another attribution: its first word is the cue
        start, end = attributions[0]["content"][0]
        space = text.index(" ", start, end) if " " in text[start:end] else end
        if start < space < end - 1:
            attributions.append({"cue": [(start, space)], "content": [(space + 1, end)]})
    return text, attributions


@settings(max_examples=20)
@given(articles())
def test_segments_sources_and_cues_partition_the_letters(article):
    """Each letter is in one segment, or in a source or cue that no other content holds, and never in both."""
    # Planted: dropping a sentence's last run; letting own voice run over cues; cutting at `low` instead of max(low, start).
    text, attributions = article
    if not text.strip():
        return
    found = found_of(article)
    text = found.documents.text[0]
    segments = na.units(found, unit="segment")
    assert all(text[start:end] == words for start, end, words in zip(segments.start, segments.end, segments.text, strict=True))
    counted = [0] * len(text)
    for start, end in zip(segments.start, segments.end, strict=True):
        for at in range(start, end):
            counted[at] += 1
    inside = [{n for n, a in enumerate(attributions) for start, end in a["content"] if start <= at < end} for at in range(len(text))]
    signal = [{n for n, a in enumerate(attributions) for role in ("source", "cue") for s, e in a.get(role, []) if s <= at < e} for at in range(len(text))]
    for at, character in enumerate(text):
        if character.isalnum():
            assert counted[at] == (0 if signal[at] and not inside[at] - signal[at] else 1)


@settings(max_examples=20)
@given(articles())
def test_voice_is_attributed_exactly_inside_contents(article):
    """A segment is attributed if and only if its letters lie in the content of the attribution that it names."""
    # Planted: naming the outer attribution in a nested content; swapping "own" and "attributed".
    _, attributions = article
    found = found_of(article)
    key = found.documents.document_id[0]
    for segment in na.units(found, unit="segment").itertuples():
        for at in range(segment.start, segment.end):
            holding = [(end - start, f"{key}#{n}") for n, a in enumerate(attributions, 1) for start, end in a["content"] if start <= at < end]
            if found.documents.text[0][at].isalnum():
                assert segment.voice == ("attributed" if holding else "own")
                assert not holding or segment.attribution_id == min(holding)[1]


def test_filtering_attributions_leaves_voices():
    """What was quoted stays quoted when its attribution is filtered out; only the id goes."""
    found = na.attribute(na.documents(["“It failed,” said Jo Day. “It rained,” said Ann Lee. Roads closed."]))
    fewer = replace(found, attributions=found.attributions.iloc[:1])
    all_, some = na.units(found, unit="segment"), na.units(fewer, unit="segment")
    assert some.drop(columns="attribution_id").equals(all_.drop(columns="attribution_id"))
    assert some.attribution_id.dropna().unique().tolist() == found.attributions.attribution_id[:1].tolist()
    foreign = replace(fewer, spans=found.spans.assign(attribution_id="x"))
    with pytest.raises(tables.TableError, match="spans, first of 'x', belong to no attribution in the table"):
        na.units(foreign, unit="segment")


def test_found_keeps_its_documents():
    """Attributions without their document are refused at once; within() keeps all tables together."""
    found = na.resolve(na.attribute(na.documents(["The mayor said the bridge was closed.", "Ann Lee said the road was open. It rained, she said."])))
    one, two = found.documents.document_id
    with pytest.raises(tables.TableError, match=rf"lacks the texts of 1 attribution, first '{one}#1'; keep to fewer documents by found.within"):
        replace(found, documents=found.documents[1:])
    with pytest.raises(tables.TableError, match="spans has no column 'attribution_id'"):
        replace(found, spans=pd.DataFrame())
    with pytest.raises(tables.TableError, match="1 of the documents were not searched, first 'z'"):
        found.within(["z"])
    for fewer in (found.within(found.documents[1:]), found.within(two), found.within([two])):
        assert fewer.documents.document_id.tolist() == [two]
        assert fewer.attributions.equals(found.attributions[found.attributions.document_id == two].reset_index(drop=True))
        assert fewer.spans.attribution_id.str.startswith(two).all()
        assert na.resolve(fewer).attributions.equals(fewer.attributions)
        assert set(na.units(fewer, unit="attribution").document_id) == {two}
    assert len(found.within([]).spans) == 0
    filtered = replace(found, attributions=found.attributions[:1]).within(two)
    assert len(filtered.attributions) == 0
    assert "attributed" in na.units(filtered, unit="segment").voice.tolist()


def test_hand_made_tables_are_completed():
    """Optional columns may be absent in a Found made by hand."""
    made = na.attribute(na.documents(["The mayor said the bridge was closed."]))
    bare = Found(made.documents[["document_id", "text", "kind"]], made.attributions.drop(columns=["speaker", "affiliation", "confidence"]), made.spans)
    assert na.resolve(bare).attributions.speaker.tolist() == ["mayor"]
    assert na.units(bare, unit="segment").equals(na.units(made, unit="segment"))
