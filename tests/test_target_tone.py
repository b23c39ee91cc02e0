"""Targets: where actors are named, the tone toward them, and its shares; the model's files and their size."""

import csv
import dataclasses
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import codebooks, tone_model
from newsanalysis.attribution import encoder
from newsanalysis.tables import TableError
from newsanalysis.tone_model import TONES, ToneModelError, around

MODELS = Path(na.__file__).parent / "models"
CLEAR = 0.1  # between the likeliest and the next tone of a golden sentence: other processors differ in the last digits
LARGEST = 60_000_000
P = [f"p_{tone}" for tone in TONES]

GOLD = [  # (id, sentence, target, tone): invented and judged before the model was asked
    ("liar", "Critics called Jo Day a liar, but Al Bo was praised for his courage.", "Jo Day", "negative"),
    ("praised_beside_blamed", "Critics called Jo Day a liar, but Al Bo was praised for his courage.", "Al Bo", "positive"),
    ("met", "The foreign minister met Ann Lee in Geneva on Tuesday.", "Ann Lee", "neutral"),
    ("spoke_to_reporters", "Ann Lee will speak to reporters after the meeting on Friday.", "Ann Lee", "neutral"),
    ("convicted", "Bob Day was convicted of taking bribes from two builders.", "Bob Day", "negative"),
    ("rescue", "Nurse Ann Lee saved eleven children from the flooded school.", "Ann Lee", "positive"),
    ("failed_again", "The ministry failed again to deliver the vaccines that it had promised.", "The ministry", "negative"),
    ("brilliant", "Ann Lee gave a brilliant speech that moved the whole chamber.", "Ann Lee", "positive"),
    ("accused_by", "Ann Lee accused Bob Day of lying to the committee.", "Bob Day", "negative"),
    ("date_of_office", "Ann Lee has been mayor of Oxbridge since 2011.", "Ann Lee", "neutral"),
    ("welcomed", "Voters cheered Ann Lee when she opened the new hospital.", "Ann Lee", "positive"),
    ("corrupt", "The corrupt governor Bob Day hid millions in foreign accounts.", "Bob Day", "negative"),
    ("quoted_blame", "“Russia has broken every promise it made,” the minister said.", "Russia", "negative"),
    ("quoted_thanks", "“We are deeply grateful to NATO for its swift help,” the minister said.", "NATO", "positive"),
    ("location", "The delegation flew from Ukraine to Poland in the morning.", "Ukraine", "neutral"),
    ("shelled", "Russian troops shelled a maternity ward, killing nine, the city council said.", "Russian troops", "negative"),
    ("defended_bravely", "Ukrainian soldiers bravely held the town against far larger forces.", "Ukrainian soldiers", "positive"),
    ("talks", "Talks between Ukraine and Russia will resume in Minsk on Monday.", "Russia", "neutral"),
    ("reform_praise", "Economists credit Ann Lee with the fastest recovery in a generation.", "Ann Lee", "positive"),
    ("incompetent", "Bob Day's incompetent handling of the fire cost lives.", "Bob Day", "negative"),
    ("resigned_disgrace", "Bob Day resigned in disgrace after the recordings were published.", "Bob Day", "negative"),
    ("won_prize", "Al Bo won the peace prize for twenty years of work with refugees.", "Al Bo", "positive"),
    ("scheduled", "A hearing on the bill sponsored by Al Bo is scheduled for March 3.", "Al Bo", "neutral"),
    ("two_sided_first", "While Ann Lee rebuilt the schools, Bob Day wasted the city's money.", "Ann Lee", "positive"),
    ("two_sided_second", "While Ann Lee rebuilt the schools, Bob Day wasted the city's money.", "Bob Day", "negative"),
    ("warned_by", "The bank warned that Bob Day's plan would ruin pensioners.", "Bob Day", "negative"),
    ("endorsed", "Three former presidents endorsed Ann Lee as the most honest candidate.", "Ann Lee", "positive"),
    ("not_a_hero", "Bob Day is no hero, whatever his posters say.", "Bob Day", "negative"),
    ("not_guilty", "The court cleared Al Bo of every charge and apologised to him.", "Al Bo", "positive"),
    ("neither", "The committee, chaired by Ann Lee, has nine members.", "Ann Lee", "neutral"),
    ("reporter_role", "Jo Day, a spokeswoman for the port, said the ship had docked.", "Jo Day", "neutral"),
    ("hypocrite", "Jo Day is a hypocrite who flies to climate summits in a private jet.", "Jo Day", "negative"),
    ("sanctions", "The European Union imposed sanctions on Bob Day for ordering the arrests.", "Bob Day", "negative"),
    ("sanction_giver", "The European Union published its list of members on Monday.", "The European Union", "neutral"),
    ("kind", "Neighbours remember Al Bo as a kind and generous man.", "Al Bo", "positive"),
    ("racist", "Jo Day shouted racist insults at a waiter.", "Jo Day", "negative"),
    ("uncased", "ANN LEE HAILED AS HERO AFTER RESCUE", "ANN LEE", "positive"),
    ("irony", "What a genius Bob Day is: he sold the fire engines in July.", "Bob Day", "negative"),
    ("far_object", "After months in which her party, her donors and at last her own family begged her to stop, Jo Day kept stealing.", "Jo Day", "negative"),
    ("victim", "Al Bo was killed by a sniper while he carried water to his mother.", "Al Bo", "neutral"),
    ("denied", "Ann Lee rejected as false the claim that she had taken money.", "Ann Lee", "neutral"),
    ("unlike", "Unlike Bob Day, Ann Lee pays her taxes.", "Bob Day", "negative"),
    ("reported_denial", "It is not true that Jo Day cheated in the exam.", "Jo Day", "neutral"),
    ("regime", "Jo Day, a fierce critic of the corrupt regime, spoke in Vienna.", "the corrupt regime", "negative"),
    ("faint_praise", "Even Bob Day managed to arrive on time for once.", "Bob Day", "negative"),
]
NOT_YET = {
    "two_sided_first": "a clause that blames somebody else colours the other one",
    "not_guilty": "what a court says in favour is taken for crime",
    "irony": "irony is read as it stands",
    "denied": "a claim that is rejected is taken for true",
    "unlike": "what 'unlike' implies is not seen",
    "reported_denial": "'it is not true that' is not seen",
    "faint_praise": "'even' and 'for once' are not seen",
}


def table(*rows: tuple[str, str]) -> pd.DataFrame:
    """Targets by sentence and words."""
    texts, starts = pd.Series([text for text, _ in rows], dtype=object), [text.index(target) for text, target in rows]
    return pd.DataFrame({"text": texts, "start": starts, "end": [start + len(target) for start, (_, target) in zip(starts, rows, strict=True)]})


def told(text: str, target: str) -> str:
    """The tone toward words in a sentence."""
    return str(na.target_tone(table((text, target))).tone[0])


def named(*texts: str, published: str | None = None, **options: object) -> list[tuple[str, str]]:
    """The mentions in texts: (words, actor_id or "")."""
    found = na.mentions(na.documents(pd.DataFrame({"text": texts, "published": published})), **options)
    return [
        (text[start:end], "" if pd.isna(actor) else actor) for text, start, end, actor in zip(found.text, found.start, found.end, found.actor_id, strict=True)
    ]


@pytest.fixture(scope="module")
def golden() -> pd.DataFrame:
    """The golden sentences with what the model says."""
    found = na.target_tone(table(*((text, target) for _, text, target, _ in GOLD)))
    return found.set_index(pd.Index([key for key, *_ in GOLD]))


# --- tone: golden sentences ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "tone"),
    [pytest.param(key, tone, id=key, marks=[pytest.mark.xfail(strict=True, reason=NOT_YET[key])] if key in NOT_YET else []) for key, _, _, tone in GOLD],
)
def test_golden_sentences(golden: pd.DataFrame, key: str, tone: str) -> None:
    """The tone toward the target is what a reader takes it to be."""
    assert golden.tone[key] == tone


def test_golden_sentences_are_clear(golden: pd.DataFrame) -> None:
    """No golden sentence is so close between two tones that another processor may tell it otherwise."""
    best = np.sort(golden[P].to_numpy(), axis=1)
    assert (best[:, 2] - best[:, 1]).min() > CLEAR


# --- tone: what must hold for any table ---------------------------------------------------------------------------------

SOME = table(*((text, target) for _, text, target, _ in GOLD[:12]))


@pytest.fixture(scope="module")
def some() -> pd.DataFrame:
    """Some sentences with their tone."""
    return na.target_tone(SOME)


@given(order=st.permutations(range(len(SOME))), cut=st.integers(0, len(SOME)))
@settings(max_examples=4, deadline=None)
def test_order_and_splitting_change_nothing(some: pd.DataFrame, order: list[int], cut: int) -> None:
    """Rows get the same bits in any order, in one table or two."""
    # Catches a tone that is kept for a text and not for text and span (planted: the dictionary of what is told by text alone).
    mixed = SOME.iloc[order]
    parts = pd.concat([na.target_tone(mixed.iloc[:cut]), na.target_tone(mixed.iloc[cut:])])
    pd.testing.assert_frame_equal(parts.sort_index(), some)


def test_probabilities_add_up(some: pd.DataFrame) -> None:
    """The three probabilities are in [0, 1], add up to 1, and the tone is the likeliest."""
    p = some[P].to_numpy()
    assert ((p >= 0) & (p <= 1)).all() and np.allclose(p.sum(axis=1), 1, atol=1e-12)
    assert some.tone.tolist() == [TONES[best] for best in p.argmax(axis=1)]


def test_other_columns_and_the_index_stay() -> None:
    """All columns and the index stay as they were; the given table is not changed."""
    given_table = SOME.head(2).assign(outlet=["a", None], n=[1.5, 2]).set_index(pd.Index(["x", "x"], name="key"))
    before = given_table.copy()
    found = na.target_tone(given_table)
    pd.testing.assert_frame_equal(given_table, before)
    pd.testing.assert_frame_equal(found[before.columns], before)
    assert found.columns.tolist() == [*before.columns, "tone", *P]


def test_columns_named_like_ours_are_replaced(some: pd.DataFrame) -> None:
    """Asked twice, the table is the same, and old values do not survive."""
    pd.testing.assert_frame_equal(na.target_tone(na.target_tone(SOME.head(2).assign(tone="?", p_neutral=9.0))), some.head(2))


def test_threads_change_nothing(some: pd.DataFrame) -> None:
    """With two threads the bits are the same."""
    pd.testing.assert_frame_equal(na.target_tone(SOME.head(4), threads=2), some.head(4))


@pytest.mark.parametrize("name", ["Kim Roe", "Oleh Bondar", "Maria da Silva", "J. T. O'Hara"])
@pytest.mark.parametrize("key", ["convicted", "brilliant", "met", "hypocrite", "kind"])
def test_a_name_does_not_make_the_tone(key: str, name: str) -> None:
    """In clear sentences another person's name in the target's place leaves the tone."""
    _, text, target, tone = next(row for row in GOLD if row[0] == key)
    assert told(text.replace(target, name), name) == tone


@pytest.mark.parametrize("key", ["convicted", "brilliant", "met", "accused_by"])
def test_unrelated_sentences_change_nothing(key: str) -> None:
    """A plain sentence before and one after leave the tone."""
    _, text, target, tone = next(row for row in GOLD if row[0] == key)
    assert told(f"The shop opens at nine. {text} Trains run every hour.", target) == tone


# --- tone: hostile tables -----------------------------------------------------------------------------------------------


def test_an_empty_table() -> None:
    """No rows give no rows, with all columns and types."""
    found = na.target_tone(SOME.head(0))
    assert len(found) == 0 and found.columns.tolist() == ["text", "start", "end", "tone", *P]
    assert found.tone.dtype == "str" and all(found[column].dtype == "float64" for column in P)
    assert na.target_tone(na.mentions(na.documents(["Rain fell."]))).tone.tolist() == []


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("👩‍🚒 Jo Day 🔥🔥 is a liar 🤥!", "Jo Day"),
        ("👩‍🚒", "👩‍🚒"),
        ("[SEP] Jo Day [CLS] [MASK] <s></s> is a liar [SEP].", "Jo Day"),
        ("Jo\u200b Day\u200d\ufeff is a liar.", "Jo\u200b Day"),
        ("\u200b\u200b\u200b", "\u200b"),
        ("\ud800Jo Day is a liar.", "Jo Day"),
        ("Jo Day", "Jo Day"),
        ("   ", " "),
        ("Jo Day\x00 is\r\n a\t liar.", "Jo Day"),
        ("שלום Jo Day مرحبا", "Jo Day"),
        ("x" * 5000 + " Jo Day " + "y" * 5000, "Jo Day"),
    ],
    ids=[
        "emoji",
        "only_emoji",
        "special_pieces",
        "zero_width",
        "only_zero_width",
        "half_character",
        "only_target",
        "blank",
        "nul",
        "right_to_left",
        "long_words",
    ],
)
def test_hostile_texts_get_a_tone(text: str, target: str) -> None:
    """Whatever the text, the probabilities are numbers that add up to 1."""
    found = na.target_tone(table((text, target)))
    assert np.isclose(found[P].to_numpy().sum(), 1) and found.tone[0] in TONES


def test_special_pieces_are_read_as_text() -> None:
    """A text that says [SEP] is not cut there: the words behind it still count."""
    assert told("[SEP] [SEP] Jo Day [SEP] was convicted of taking bribes.", "Jo Day") == "negative"


def test_of_a_long_text_what_stands_near_is_read() -> None:
    """A sentence of 20,000 words is read around the target, and takes no longer than one of a few hundred."""
    text = "word " * 10_000 + "Bob Day was convicted of taking bribes from two builders" + " word" * 10_000
    short = "word " * 200 + "Bob Day was convicted of taking bribes from two builders" + " word" * 200
    pd.testing.assert_frame_equal(na.target_tone(table((text, "Bob Day")))[P], na.target_tone(table((short, "Bob Day")))[P])


@given(before=st.integers(0, 3000), after=st.integers(0, 3000), space=st.booleans())
def test_what_is_read_holds_the_span(before: int, after: int, space: bool) -> None:
    """The part that is read is short, holds the span, and tells where."""
    filler = "ab " if space else "abc"
    text = (filler * before)[:before] + "TARGET" + (filler * after)[:after]
    part, start, end = around(text, before, before + 6)
    assert part[start:end] == "TARGET" and len(part) <= 2 * tone_model.AROUND + 6 and part in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": None}, r"row 'k' has no text, but"),
        ({"text": np.nan}, r"row 'k' has no text, but nan"),
        ({"text": 7}, r"row 'k' has no text, but 7"),
        ({"start": np.nan}, r"row 'k': start nan and end 6 are no span of a text of 20 characters"),
        ({"start": np.inf}, r"start inf and end 6 are no span"),
        ({"start": -1}, r"start -1 and end 6 are no span"),
        ({"start": 6}, r"start 6 and end 6 are no span"),
        ({"end": 21}, r"start 0 and end 21 are no span of a text of 20 characters"),
        ({"start": 0.5}, r"start 0.5 and end 6 are no span"),
        ({"start": "0"}, r"start 0 and end 6 are no span"),
    ],
    ids=["none", "nan", "number", "start_missing", "start_infinite", "start_negative", "empty", "end_outside", "fraction", "text_start"],
)
def test_wrong_rows_are_named(change: dict[str, object], message: str) -> None:
    """A row that is no target is refused by its label."""
    row = {"text": "Jo Day was in Paris.", "start": 0, "end": 6} | change
    with pytest.raises(ValueError, match=message):
        na.target_tone(pd.DataFrame([row], index=["k"]))


def test_wrong_arguments_are_named() -> None:
    """Missing columns, no table, and a number of threads below 1 are refused."""
    with pytest.raises(ValueError, match=r"mentions lacks the columns start, end; na\.mentions makes them"):
        na.target_tone(pd.DataFrame({"text": ["a"]}))
    with pytest.raises(ValueError, match="threads 0 is less than 1"):
        na.target_tone(SOME, threads=0)
    with pytest.raises(ValueError, match="a pandas DataFrame is needed, not list"):
        na.target_tone([1])  # type: ignore[arg-type]


# --- the model's files --------------------------------------------------------------------------------------------------


def test_both_models_together_are_small() -> None:
    """All files of the two models take less than 60 MB (60 million bytes) of the wheel."""
    sizes = {path.relative_to(MODELS).as_posix(): path.stat().st_size for path in MODELS.rglob("*") if path.is_file()}
    assert {"attribution/encoder.onnx", "target_tone/encoder.onnx"} <= set(sizes)
    assert sum(sizes.values()) < LARGEST


def test_the_list_tells_licence_and_source() -> None:
    """Each file of the model is in models.csv with its version, licence and source."""
    with (MODELS.parent / "data" / "models.csv").open(encoding="utf-8") as lines:
        rows = {row["file"]: row for row in csv.DictReader(lines)}
    ours = [rows[f"target_tone/{name}"] for name in ("encoder.onnx", "tokenizer.json", "config.json", "MODEL_CARD.md")]
    assert {row["version"] for row in ours} == {"target_tone-1"} and [row["licence"] for row in ours] == ["Apache-2.0", "Apache-2.0", "MIT", "MIT"]


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    """A folder that lacks a file is named with the remedy."""
    with pytest.raises(ToneModelError, match=r"config\.json cannot be read \(FileNotFoundError\): give a folder that holds the encoder"):
        na.target_tone(SOME, model=tmp_path)


def test_a_damaged_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the package's own model that is not the listed one is refused."""
    folder = tmp_path / "target_tone"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"temperature": 2}))
    monkeypatch.setattr(tone_model, "SHIPPED", folder)
    tone_model.read.cache_clear()
    with pytest.raises(ToneModelError, match=r"config\.json is damaged or of another version .*: install newsanalysis again"):
        na.target_tone(SOME)
    monkeypatch.setattr(encoder, "sums", dict)
    with pytest.raises(ToneModelError, match=r"encoder\.onnx cannot be read \(FileNotFoundError\): install newsanalysis again"):
        na.target_tone(SOME)


def test_another_folder_may_hold_the_model(some: pd.DataFrame) -> None:
    """The model is read from a folder as well, whose files are not checked."""
    pd.testing.assert_frame_equal(na.target_tone(SOME.head(2), model=MODELS / "target_tone"), some.head(2))


def test_probabilities_are_scores_over_the_temperature(monkeypatch: pytest.MonkeyPatch) -> None:
    """p = exp(s / T) / Σ exp(s / T): for scores ln 1, ln 4, ln 9 and T = 2 they are 1/6, 2/6, 3/6."""
    monkeypatch.setattr(tone_model.Model, "scores", lambda *_: np.log(np.array([1.0, 4.0, 9.0])))
    model = tone_model.Model(None, None, 0, 2, 126, 2.0)
    assert np.allclose(model.probabilities("a", 0, 1), [1 / 6, 2 / 6, 3 / 6])


# --- mentions -----------------------------------------------------------------------------------------------------------

MENTIONED = [
    ("full_name", "Jens Stoltenberg spoke.", [("Jens Stoltenberg", "stoltenberg")]),
    ("surname_later", "Jens Stoltenberg spoke. Stoltenberg left.", [("Jens Stoltenberg", "stoltenberg"), ("Stoltenberg", "stoltenberg")]),
    ("possessive", "They read Putin's letter and Poroshenko’s answer.", [("Putin", "putin"), ("Poroshenko", "poroshenko")]),
    ("longest", "The Donetsk People's Republic met.", [("Donetsk People's Republic", "dnr")]),
    ("spelling", "Sergei Lavrov met Zelenskiy.", [("Sergei Lavrov", "lavrov"), ("Zelenskiy", "zelenskyy")]),
    ("other_given_name", "Ann Putin left. Putin slept.", []),
    ("before_the_other", "Putin slept. Ann Putin left.", [("Putin", "putin")]),
    ("same_surname", "Boris Johnson met Ron Johnson.", [("Boris Johnson", "boris_johnson"), ("Ron Johnson", "johnson")]),
    ("who_came_last", "Ron Johnson left. Johnson slept.", [("Ron Johnson", "johnson"), ("Johnson", "johnson")]),
    ("city_in_a_name", "Jack London spoke.", []),
    ("title_and_name", "Ukrainian president Petro Poroshenko spoke.", [("Petro Poroshenko", "poroshenko")]),
    ("joined", "The pro-Russian rebels fired.", [("pro-Russian rebels", "separatists")]),
    ("demonym", "A Russian bear slept.", []),
    ("capital", "Moscow denied it.", [("Moscow", "russia")]),
    ("capital_as_a_place", "It rained in Moscow.", []),
    ("dateline", "MOSCOW, March 3 - It rained.", []),
    ("based", "The Moscow-based club closed.", []),
    ("state_in", "It rained in Ukraine.", [("Ukraine", "ukraine")]),
    ("case", "putin and us and them.", []),
    ("hyphen", "A pro-NATO rally.", []),
    ("line_break", "Donald\nTrump", [("Trump", "trump")]),
    ("nobody", "The shop opens at nine.", []),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(text, expected, id=key) for key, text, expected in MENTIONED])
def test_who_is_mentioned(text: str, expected: list[tuple[str, str]]) -> None:
    """Actors are found where they are named, and nobody else is."""
    assert named(text) == expected


def test_pronouns_are_out_of_scope() -> None:
    """Pronouns and descriptions are no mentions."""
    assert named("Putin spoke. He left. The president slept.")[:1] == [("Putin", "putin")] and len(named("Putin spoke. He left.")) == 1


def test_dates_count() -> None:
    """A name counts in its interval: the same words mean another president a year later."""
    assert named("The Ukrainian president left.", published="2016-05-01") == [("Ukrainian president", "poroshenko")]
    assert named("The Ukrainian president left.", published="2023-05-01") == [("Ukrainian president", "zelenskyy")]


def test_what_several_share_is_left_open() -> None:
    """Without a date the actor is missing and affiliation is what all agree on; one who is named beside it fills it in."""
    found = na.mentions(na.documents(["The Ukrainian president left."]))
    assert found.actor_id.isna().all() and found.actor.isna().all() and found.affiliation.tolist() == ["ukrainian"]
    assert named("The Ukrainian president left. Petro Poroshenko smiled.")[0] == ("Ukrainian president", "poroshenko")


@pytest.fixture
def study(tmp_path: Path) -> codebooks.Codebook:
    """A codebook of five."""
    folder = tmp_path / "study"
    folder.mkdir()
    rows = ["roe,Ann Roe,person,left,official", "roe2,Max Roe,person,right,official", "marsh,Marsh & Sons,organisation,right,organisation"]
    rows += ["port,Port Authority,organisation,left,official", "hill,Hill,place,left,official"]
    (folder / "actors.csv").write_text("actor_id,name,kind,affiliation,role\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (folder / "aliases.csv").write_text("actor_id,alias,context\nport,authority,harbour|port\nmarsh,Marsh,\n", encoding="utf-8")
    (folder / "affiliations.csv").write_text("affiliation\nleft\nright\nother\n", encoding="utf-8")
    return codebooks.read(folder)


def test_contexts_count(study: codebooks.Codebook) -> None:
    """An alias with a context counts only in texts that have it."""
    assert named("The authority met at the harbour.", codebook=study) == [("authority", "port")]
    assert named("The authority met at the lake.", codebook=study) == []


def test_a_surname_the_codebook_lacks(study: codebooks.Codebook) -> None:
    """A surname counts for who is named in full, last; alone it is nobody."""
    assert named("Roe left.", codebook=study) == []
    assert named("Ann Roe came. Roe left. Max Roe stayed. Roe slept.", codebook=study) == [
        ("Ann Roe", "roe"),
        ("Roe", "roe"),
        ("Max Roe", "roe2"),
        ("Roe", "roe2"),
    ]
    assert named("Roe won. Ann Roe smiled.", codebook=study)[0] == ("Roe", "roe")


def test_places_are_no_actors(study: codebooks.Codebook) -> None:
    """An actor of kind place tells affiliations only."""
    assert named("Hill slept.", codebook=study) == []


def test_a_codebook_may_be_a_path(study: codebooks.Codebook, tmp_path: Path) -> None:
    """A folder and what was read from it are the same."""
    assert named("Ann Roe left.", codebook=tmp_path / "study") == named("Ann Roe left.", codebook=study) == [("Ann Roe", "roe")]


def test_voices() -> None:
    """With what was found in the texts a mention is the outlet's own, attributed, or in a source or cue."""
    found = na.attribute(na.documents(["Ann Lee said that Putin lied. Obama left."]), attributor="patterns")
    rows = na.mentions(found)
    assert rows.actor_id.tolist() == ["putin", "obama"] and rows.voice.tolist() == ["attributed", "own"]
    assert rows.attribution_id.tolist()[0] == found.attributions.attribution_id[0] and pd.isna(rows.attribution_id[1])
    of_source = na.mentions(na.attribute(na.documents(["Putin said it rained."]), attributor="patterns"))
    assert of_source.voice.tolist() == ["source"] and of_source.attribution_id.isna().all()
    assert na.mentions(found.documents).voice.isna().all()
    nothing_said = na.attribute(na.documents(["Obama left."]), attributor="patterns")
    assert na.mentions(nothing_said).voice.tolist() == ["own"]


def test_labels_and_tone_tell_three_voices() -> None:
    """The words that introduce a source stay in the measures: three rows by voice, and labels in a source keep theirs."""
    # Catches the voice of a source left missing (planted), which groups drop.
    text = "Ann Lee said that Putin lied. Obama left. The so-called NATO said it rained."
    found = na.attribute(na.documents([text]), attributor="patterns")
    rows = na.mentions(found)
    assert dict(zip(rows.actor_id, rows.voice, strict=True)) == {"putin": "attributed", "obama": "own", "nato": "source"}
    net = na.target_tone_net(na.target_tone(rows), by=["actor", "voice"])
    assert sorted(net.voice) == ["attributed", "own", "source"] and net.n.tolist() == [1, 1, 1]
    labels = na.code_labels(rows)
    assert labels.voice.tolist() == ["source"] and labels.actor_id.tolist() == ["nato"]
    shares = na.label_share(labels, rows, by="voice")
    assert set(shares[shares.estimate > 0].voice) == {"source"} and set(shares.voice) == set(net.voice)
    with pytest.raises(TableError, match="voice"):
        na.check(na.units(found, unit="segment").assign(voice="source"), "units")


def test_the_codebook_of_what_was_found(study: codebooks.Codebook, tmp_path: Path) -> None:
    """Mentions are told by the codebook with which na.resolve told the actors, also within fewer documents; unresolved, by its default."""
    # Catches the default taken for that of what was found (as it was before, planted).
    found = na.attribute(na.documents(["Ann Roe said Max Roe would pay. Putin left."]), attributor="patterns")
    for book in (study, tmp_path / "study", str(tmp_path / "study")):
        resolved = na.resolve(found, codebook=book)
        assert na.mentions(resolved).actor_id.tolist() == ["roe", "roe2"]
        assert na.mentions(resolved.within(found.documents)).actor_id.tolist() == ["roe", "roe2"]
        assert na.mentions(resolved, codebook=study).actor_id.tolist() == ["roe", "roe2"]  # the same, however it is given: no warning
    assert na.mentions(found).actor_id.tolist() == na.mentions(found.documents).actor_id.tolist() == ["putin"]
    assert na.mentions(na.resolve(found)).actor_id.tolist() == ["putin"]
    assert na.mentions(found, codebook=study).actor_id.tolist() == ["roe", "roe2"]


def test_another_codebook_warns(study: codebooks.Codebook) -> None:
    """A codebook other than that of na.resolve may be given; one sentence says so, and what the other told of affiliations is not taken over."""
    found = na.resolve(na.attribute(na.documents(["Ann Roe left. Putin said it rained."]), attributor="patterns"))
    with pytest.warns(UserWarning, match=r"^mentions: the codebook 'study' is not 'ukraine_war', with which na\.resolve .*agree\.$") as caught:
        rows = na.mentions(found, codebook=study)
    assert len(caught) == 1 and caught[0].filename == __file__
    assert rows.actor_id.tolist() == ["roe"] and rows.affiliation.tolist() == ["left"]
    study.actors.loc[study.actors.actor_id == "roe2", ["actor_id", "name"]] = ["roe", "Ann Roe"]  # who has changed camps
    same_person = dataclasses.replace(found, attributions=found.attributions.assign(actor_id="roe", affiliation="russian"))
    with pytest.warns(UserWarning, match="not 'ukraine_war'"):
        rows = na.mentions(same_person, codebook=study)
    assert rows.actor_id.tolist() == ["roe"] and rows.affiliation.isna().all()


def test_what_is_no_document_is_refused() -> None:
    """Other tables than documents, and other things than tables, are named, with what to give."""
    found = na.attribute(na.documents(["Ann Lee said that Putin lied."]), attributor="patterns")
    for wrong, what in (
        (found.attributions, "a table without the column 'text'"),
        (found.spans, "a table without the column 'document_id'"),
        (na.units(found), "a table without the column 'kind'"),
        (na.mentions(found), "a table without the column 'kind'"),
        ("Putin left.", "a str"),
        (found.documents.text, "a Series"),
        (None, "a NoneType"),
    ):
        with pytest.raises(TableError, match=rf"^mentions: {what} was given; give documents or what na\.attribute returned\.$"):
            na.mentions(wrong)


def without_stops(words: int) -> str:
    """A text without full stops in which an actor is named again and again."""
    return " ".join(f"then Putin met some w{n % 7}rd" for n in range(words))


def test_very_long_sentences_are_cut_around_the_mention() -> None:
    """Of a sentence of more than 2,000 characters a mention holds the part around it; offsets hold, and the tone is that of the whole sentence."""
    documents = na.documents([without_stops(300), "Putin left. " + "a" * 3000 + " Putin " + "b" * 3000, "x" * 1990 + " Putin"])
    rows, whole = na.mentions(documents), documents.set_index("document_id").text
    units = na.units(documents).set_index("unit_id")
    for row in rows.itertuples():
        sentence, at = units.loc[row.unit_id], row.document_start - row.start
        assert row.text[row.start : row.end] == "Putin" == whole[row.document_id][row.document_start : row.document_end]
        assert row.text == whole[row.document_id][at : at + len(row.text)] and sentence.start <= at and at + len(row.text) <= sentence.end
        assert len(row.text) <= 2 * tone_model.AROUND + 5
        kept = around(sentence.text, row.document_start - sentence.start, row.document_end - sentence.start)
        assert around(row.text, row.start, row.end) == (kept if len(sentence.text) > 2 * tone_model.AROUND else around(row.text, row.start, row.end))
    first = rows[rows.document_id == "text-1"]
    assert len(first) == 300 and not any(text.strip() != text for text in first.text)
    assert set(" ".join(first.text).split()) <= set(whole["text-1"].split())  # no word is cut
    assert rows.text.iloc[-1] == whole["text-3"]  # 1,996 characters: whole


def test_memory_grows_with_the_text() -> None:
    """Of a text without full stops eight times as long eight times as much is kept, not sixty-four times."""
    # Catches the whole sentence kept with each mention (as it was before, planted).
    kept = [na.mentions(na.documents([without_stops(count)])).text.str.len().sum() for count in (500, 4000)]
    assert kept[1] < 9 * kept[0]


def test_filtered_attributions_stay_quoted() -> None:
    """A mention in words whose attribution was filtered out stays attributed, without its id."""
    found = na.attribute(na.documents(["Ann Lee said that Putin lied."]), attributor="patterns")
    rows = na.mentions(dataclasses.replace(found, attributions=found.attributions.head(0)))
    assert rows.voice.tolist() == ["attributed"] and rows.attribution_id.isna().all()


PARTS = [
    "Jens Stoltenberg spoke. ", "Stoltenberg left. ", "“Ukraine’s army won,” said Ann Lee. ", "Putin's aide met Poroshenko. ", "NATO and the EU agreed. ",
    "\n\n", "Rain fell. ", "U.S. envoy John Kerry left Kiev. ", "é👩‍🚒 ", "The rebels ", "the Kremlin ", "[SEP] ", "\u200b", "Mr. ",
]  # fmt: skip


@given(texts=st.lists(st.lists(st.sampled_from(PARTS), min_size=1, max_size=12).map("".join), min_size=1, max_size=3))
@settings(max_examples=25, deadline=None)
def test_offsets_hold(texts: list[str]) -> None:
    """A mention's offsets give the same words in sentence and document, its sentence is that of na.units, and none overlap."""
    # Catches offsets of a sentence counted from its line (planted: start - 1) and a possessive left in the span (planted: no tail cut).
    documents = na.documents(["A. " + text for text in texts])
    found, units = na.mentions(documents), na.units(documents).set_index("unit_id")
    whole = documents.set_index("document_id").text
    for row in found.itertuples():
        words = row.text[row.start : row.end]
        assert words and whole[row.document_id][row.document_start : row.document_end] == words == words.strip()
        assert units.text[row.unit_id] == row.text and not words.endswith(("'s", "’s"))
    after = found.groupby("document_id").document_start.shift(-1)
    assert not (after < found.document_end).any()
    assert found.mention_id.tolist() == [f"{key}:m{n}" for key, rows in found.groupby("document_id", sort=False) for n in range(1, len(rows) + 1)]


def test_each_document_for_itself() -> None:
    """Other documents change nothing: a full name in one tells no surname in another."""
    # Catches names kept from one document to the next (planted: one dictionary of full names for all).
    texts = ["Ann Putin left.", "Putin slept.", "Jens Stoltenberg spoke."]
    together = na.mentions(na.documents(texts))
    alone = [named(text) for text in texts]
    assert [len(together[together.document_id == f"text-{n}"]) for n in (1, 2, 3)] == [len(one) for one in alone] == [0, 1, 1]


def test_nothing_to_find() -> None:
    """Texts without an actor, and no texts, give the empty table."""
    nothing = na.mentions(na.documents(["Rain fell."]))
    pd.testing.assert_frame_equal(nothing, na.mentions(na.documents(["Rain fell."]).head(0)))
    assert nothing.columns.tolist()[:4] == ["mention_id", "document_id", "unit_id", "text"]


def spent(sentences: int) -> float:
    """Processor seconds for a text of so many paragraphs with ever new names of one surname: the best of two."""
    text = "".join(
        f"{chr(65 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}a Stoltenberg met Jens Stoltenberg. Stoltenberg left. " for n in range(sentences)
    )
    documents, best = na.documents([text]), 1e9
    for _ in range(2):
        begin = time.process_time()
        na.mentions(documents)
        best = min(best, time.process_time() - begin)
    return best


def test_time_grows_with_the_text() -> None:
    """Eight times the text takes about eight times as long, not sixty-four times, also with many persons of one surname."""
    spent(10)
    assert spent(800) < 24 * max(spent(100), 0.01) + 1


# --- measures -----------------------------------------------------------------------------------------------------------


def toned(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Mentions with a tone: (document, actor, first letters of the tone)."""
    full = {"neg": "negative", "neu": "neutral", "pos": "positive"}
    return pd.DataFrame([(document, actor, full[tone]) for document, actor, tone in rows], columns=["document_id", "actor", "tone"])


ROWS = toned(("a", "x", "neg"), ("a", "x", "neg"), ("b", "x", "pos"), ("c", "x", "neu"), ("c", "x", "neg"), ("c", "y", "pos"))


def test_shares_are_counts_over_counts() -> None:
    """Of x's five mentions 3/5 are negative, 1/5 neutral, 1/5 positive, in that order; of y's one all are positive."""
    found = na.target_tone_share(ROWS)
    assert found.columns.tolist() == ["measure", "actor", "tone", "estimate", "ci_low", "ci_high", "n", "n_documents"]
    assert list(zip(found.actor, found.tone, found.estimate, found.n, strict=True)) == [
        ("x", "negative", 3 / 5, 3), ("x", "neutral", 1 / 5, 1), ("x", "positive", 1 / 5, 1),
        ("y", "negative", 0, 0), ("y", "neutral", 0, 0), ("y", "positive", 1, 1),
    ]  # fmt: skip
    assert found.ci_low[:3].notna().all() and found.ci_low[3:].isna().all()


def test_net_is_the_difference_of_shares() -> None:
    """x: (1 - 3) / 5 = -2/5; y: 1; all: (2 - 3) / 6 = -1/6; and always share positive less share negative."""
    net = na.target_tone_net(ROWS).set_index("actor")
    assert net.estimate.to_dict() == {"y": 1.0, "x": -2 / 5} and net.n.to_dict() == {"y": 1, "x": 5}
    assert na.target_tone_net(ROWS, by=None).estimate.tolist() == [-1 / 6]
    shares = na.target_tone_share(ROWS).pivot_table(index="actor", columns="tone", values="estimate")
    assert np.allclose(shares.positive - shares.negative, net.estimate[shares.index])


def test_intervals_resample_documents() -> None:
    """The same seed gives the same interval, which holds the estimate; with one document it is missing, not zero."""
    first, again = (na.target_tone_net(ROWS, rng=3) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    x = first[first.actor == "x"].iloc[0]
    assert x.ci_low < x.estimate < x.ci_high
    assert na.target_tone_net(ROWS[ROWS.document_id == "a"]).ci_low.isna().all()


def test_groups_may_be_missing_and_several() -> None:
    """Mentions of nobody in particular are a group of their own, so that shares add to 1; groups by two columns work."""
    rows = ROWS.assign(actor=ROWS.actor.where(ROWS.actor == "x"), voice=["own", "own", "attributed", "own", "own", "own"])
    assert set(na.target_tone_net(rows).actor) == {"x", "(missing)"}
    assert len(na.target_tone_net(rows, by=["actor", "voice"])) == 3
    assert na.target_tone_share(rows).estimate.sum() == pytest.approx(2)


def test_an_empty_table_measures_nothing() -> None:
    """No mentions, no rows."""
    empty = na.target_tone(na.mentions(na.documents(["Rain fell."])))
    assert len(na.target_tone_share(empty)) == len(na.target_tone_net(empty)) == 0


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROWS.drop(columns="tone"), r"column 'tone' is missing; give na\.target_tone\(mentions\)"),
        (na.mentions(na.documents(["Putin left."])), r"column 'tone' is missing; give na\.target_tone\(mentions\)"),
        (ROWS.drop(columns="document_id"), r"column 'document_id' is missing; give na\.target_tone\(mentions\)"),
        (ROWS.assign(tone="bad"), r"6 of 6 rows are wrong, first with tone 'bad' in document 'a'; allowed: negative, neutral, positive"),
        (ROWS.assign(tone=None), r"6 of 6 rows are wrong, first with tone None"),
        (ROWS.drop(columns="actor"), r"actor"),
        ([1], r"a pandas DataFrame is needed, not list; give na\.target_tone\(mentions\)"),
    ],
    ids=["no_tone", "straight_from_mentions", "no_document", "unknown_tone", "missing_tone", "no_group", "no_table"],
)
def test_wrong_tables_are_named(rows: pd.DataFrame, message: str) -> None:
    """What cannot be counted is refused with where and why."""
    with pytest.raises(TableError, match=message):
        na.target_tone_share(rows)
    with pytest.raises(TableError, match=message):
        na.target_tone_net(rows)


def test_from_texts_to_a_measure() -> None:
    """From documents to shares of tone toward actors, by voice."""
    found = na.attribute(na.documents(["Ann Lee said Putin was a liar. Voters cheered Poroshenko."]), attributor="patterns")
    rows = na.target_tone(na.mentions(found))
    assert dict(zip(rows.actor_id, rows.tone, strict=True)) == {"putin": "negative", "poroshenko": "positive"}
    assert na.target_tone_net(rows, by="voice").set_index("voice").estimate.to_dict() == {"own": 1.0, "attributed": -1.0}
