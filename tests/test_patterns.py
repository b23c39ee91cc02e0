"""Golden sentences of the pattern baseline: source, cue and content must be exact.

A sentence marks its attributions in place: {s|source} {v|cue} {c|content}; {s2|…} belongs to the second, {s12|…} to both.
"""

import itertools
import json
import random
import re
import time
from pathlib import Path

import pytest

from newsanalysis.attribution import lexicon, phrases
from newsanalysis.attribution.patterns import patterns

GOLD = json.loads((Path(__file__).parent / "data" / "seed_gold.json").read_text(encoding="utf-8"))
ROLE = {"s": "source", "v": "cue", "c": "content"}
MARK = re.compile(r"\{([svc])(\d*)\|([^{}]*)\}")

GOLDEN = {
    # quotation first
    "quote said name": "{c|“We will rebuild the bridge,”} {v|said} {s|Anna Kovac}.",
    "quote name said": "{c|“We will rebuild the bridge,”} {s|Anna Kovac} {v|said}.",
    "quote pronoun said": "{c|“We will rebuild,”} {s|he} {v|said} on Tuesday.",
    "quote straight": '{c|"We will rebuild the bridge,"} {v|said} {s|Anna Kovac}.',
    "quote two apostrophes": "{c|''We will rebuild the bridge,''} {s|Ms. Kovac} {v|said}.",
    "quote guillemets": "{c|«We will rebuild the bridge»}, {s|Anna Kovac} {v|said}.",
    "quote single": "{c|‘We will rebuild the bridge,’} {v|said} {s|Anna Kovac}.",
    "quote with single inside": "{c|“They told us ‘no’ twice,”} {v|said} {s|the owner}.",
    "quote common noun": "{c|“Nobody was hurt,”} {v|said} {s|a spokesman for the ministry}.",
    "quote apposition": "{c|“Nobody was hurt,”} {v|said} {s|Piet Maas, the mayor of Delft}.",
    "quote title": "{c|“Nobody was hurt,”} {v|said} {s|Gov. Maria Lopez} in an interview.",
    "quote question": "{c|“Who will pay?”} {v|asked} {s|the senator}.",
    "quote question name first": "{c|“Who will pay?”} {s|Lopez} {v|asked}.",
    "quote exclamation": "{c|“Never!”} {v|shouted} {s|the crowd}.",
    "quote time after": "{c|“The road is open,”} {s|the army} {v|said} late on Monday.",
    "quote told": "{c|“The road is open,”} {s|he} {v|told} reporters in Riga.",
    "quote adverb": "{c|“The road is open,”} {s|she} later {v|added}.",
    "quote has said": "{c|“The road is open,”} {s|the minister} {v|has said}.",
    "quote split": "{c|“The road,”} {s|he} {v|said}, {c|“is open to everyone.”}",
    "quote goes on": "{c|“The road is open,”} {s|he} {v|said}. {c|“Drive slowly.”}",
    "quote goes on twice": "{c|“Open,”} {s|he} {v|said}. {c|“Drive slowly.”} {c|“Please.”}",
    "quote institution": "{c|“The talks have failed,”} {v|said} {s|the Turkish-backed council}.",
    "quote adding": "{c|“It failed,”} {s12|Ms. Roy} {v|said}, {v2|adding} {c2|that nobody was surprised}.",
    "half quoted, name last": "{c|The plan is “a very bad joke,”} {s|Ortega} {v|said}.",
    "half quoted, that": "{s|Ortega} {v|said} {c|that the plan was “a very bad joke.”}",
    "half quoted, bare": "{s|Ortega} {v|said} {c|the plan was “bad” for us}.",
    "no source": "“Never again” was painted on the wall.",
    "scare quotes only": "The so-called “reform” cost jobs.",
    # subject and verb
    "said that": "{s|Officials} {v|said} {c|that the dam had burst}.",
    "said, bare": "{s|The company} {v|said} {c|it would close two plants}.",
    "said day that": "{s|Officials} {v|said} Friday {c|that the dam had burst}.",
    "said on day that": "{s|The agency} {v|said} on Friday {c|that the dam had burst}.",
    "said day, bare": "{s|The agency} {v|said} Friday {c|the dam had burst}.",
    "said in a statement that": "{s|The bank} {v|said} in a statement {c|that its systems were safe}.",
    "on day said": "{s|Lopez} on Friday {v|said} {c|that the dam had burst}.",
    "also said": "{s|Lindqvist} also {v|said} {c|that winter would be hard}.",
    "has repeatedly denied": "{s|The firm} {v|has repeatedly denied} {c|that it knew}.",
    "however": "However, {s|Lindqvist} {v|warned against} {c|rushing to judgment, citing the weak evidence}.",
    "warned of": "{s|The central bank} {v|warned of} {c|a long recession}.",
    "two words": "{s|The mayor} {v|said} {c|he won}.",
    "two words first": "{c|It rained}, {s|the mayor} {v|said}.",
    "no clause": "He said the same. She said nothing.",
    "warned that": "{s|She} {v|warned} {c|that time was short}.",
    "stressed that": "{s|Prime Minister Ida Holm} {v|stressed} {c|that Norway alone would decide}.",
    "called for": "{s|The union} {v|called for} {c|a general strike}.",
    "told that": "{s|President Jan Novak} {v|told} foreign ambassadors {c|that Poland would stay}.",
    "told, bare": "{s|Novak} {v|told} CNN {c|he would stay in office}.",
    "told paper on day that": "{s|A diplomat} {v|told} the Times on Sunday {c|that a deal was near}.",
    "after a preposition": "Despite the rain and the cold, {s|Mayor Ann Reed} {v|told} supporters {c|that the march would go on}.",
    "in place": "In Oslo, {s|police} {v|said} {c|two men were held}.",
    "apposition before": "{s|Piet Maas, the mayor of Delft}, {v|said} {c|the canal was clean}.",
    "said colon": "{s|The minister} {v|said:} {c|“We have a deal.”}",
    "said comma": "{s|The minister} {v|said}, {c|“We have a deal.”}",
    "said quote": "{s|The minister} {v|said} {c|“never again”}.",
    "told colon": "{s|She} {v|told} the court: {c|“I was afraid.”}",
    "statement said": "{s|The ministry’s statement} {v|said} {c|that the attack had failed}.",
    "two sources": "{s|France and Germany} {v|said} {c|they would pay}.",
    "second clause": "The strike ended, but {s|unions} {v|said} {c|the dispute was not over}.",
    "two voices": "{s|Ito} {v|said} {c|he was pleased}, but {s2|Sato} {v2|said} {c2|the vote was unfair}.",
    "and warned that": "{s12|Ito} {v|said} {c|that taxes would fall} and {v2|warned} {c2|that debt would rise}.",
    "urged to": "{s|The pope} {v|urged} {c|both sides to stop fighting}.",
    "promised to": "{s|The party} {v|promised} {c|to cut taxes}.",
    "denied": "{s|Moscow} {v|denied} {c|the accusations}.",
    "asked whether": "{s|He} {v|asked} {c|whether the door was locked}.",
    "believes": "{s|The analyst} {v|believes} {c|that prices will fall}.",
    "hopes to": "{s|The team} {v|hopes} {c|to win again}.",
    "poll shows": "{s|A new poll} {v|shows} {c|that voters are tired}.",
    "pointed out": "{s|Critics} {v|pointed out} {c|that the law was old}.",
    "abbreviation at the end": "{s|He} {v|said} {c|he was born in the U.S.}",
    # parenthetical, indirect
    "indirect, name last": "{c|The bridge will reopen in May}, {s|officials} {v|said}.",
    "indirect, said name": "{c|The bridge will reopen in May}, {v|said} {s|Anna Kovac}.",
    "indirect, time after": "{c|The bridge was closed by the storm}, {s|the city} {v|said} on Monday.",
    "indirect, inside": "{c|The bridge}, {s|officials} {v|said}, {c|will reopen in May}.",
    # phrases
    "according to first": "{v|According to} {s|Anna Kovac}, {c|the bridge is safe}.",
    "according to last": "{c|The bridge is safe}, {v|according to} {s|the ministry}.",
    "according to, quote": "{v|According to} {s|the report}, {c|the bridge was “rotten to the core.”}",
    "according to, no comma": "{c|The bridge is safe} {v|according to} {s|a new study}.",
    "as put it": "As {s|Kovac} {v|put it}, {c|the bridge was a wreck}.",
    "as said, last": "{c|The bridge was a wreck}, as {s|Kovac} {v|said}.",
    # colons
    "label": "{s|Anna Kovac}{v|:} {c|“The bridge is safe.”}",
    "nodded": "{s|She} nodded{v|:} {c|“The bridge is safe.”}",
    # headlines
    "headline says": "{s|Kovac} {v|Says} {c|Bridge Is Safe Despite Cracks}",
    "headline says quote": "{s|Kovac} {v|Says} {c|“Huge Progress” Made on Bridge Repairs}",
    "headline warns": "{s|Brazil} {v|Warns} {c|EU Trade Rules Could Hurt Small Farms}",
    "headline lower case": "{s|Brazil} {v|warns} {c|EU trade rules could hurt small farms}",
    "headline last": "{c|Bridge Will Stay Closed Until May}, {s|Mayor} {v|Says}",
    "headline report": "{s|Report}{v|:} {c|Bridge Inspections Were Skipped for Years}",
    "headline label quote": "{s|Kovac}{v|:} {c|‘We Will Never Surrender’}",
    "headline label": "{s|Kovac}{v|:} {c|City Will Not Pay for Bridge Repairs}",
    "headline vows to": "{s|New Mayor} {v|Vows} {c|to Repair Bridge Before Winter}",
    "headline study": "{s|Study} {v|Finds} {c|Coffee Drinkers Live Longer Lives}",
    "headline according to": "{c|Bridge Closed for Months}, {v|According to} {s|City Officials}",
    # several paragraphs
    "follow-on paragraph": "{c|“It was dark,”} {v|said} {s|Olga Petrenko}.\n\n{c|“We heard two bangs.”}",
    "running on": "{s|Petrenko} {v|said:} {c|“It was dark.}\n{c|“We heard two bangs.”}\nNobody was hurt.",
    "running on, source last": "{c|“It was dark.}\n{c|“We heard two bangs,”} {s|Petrenko} {v|said}.",
    "quote, Ms. with relative clause": "{c|“We need it,”} {v|said} {s|Ms. Acosta}, who runs the bank. {c|“Give us the tool.”}",
    "announced without a verb of speech": "{s|Ms. Acosta} released a statement{v|:}\n\n{c|“Nobody was hurt.”}",
    "announced by a colon": "{s|The ministry} {v|said} in a statement:\n{c|“Nobody was hurt.”}",
    # nothing to find
    "no attribution": "Ukrainian forces reclaimed the city after weeks of fighting.",
    "noun": "The claims were rejected by the court in March.",
    "passive": "The mayor was told to leave the city.",
    "headline deed": "Trump Signs Order to Close Border Crossings",
    "headline noun": "Minister’s Budget Claims Clash With Family Reality",
    "headline topic": "Japan Election 2026: Ruling Party Poised for Landslide Win",
    "headline jobs": "Jobless Claims Fall to Lowest Level Since Spring",
    "that said": "That said, the road is long.",
    "german": "Der Minister sagte am Montag, dass die Brücke gesperrt bleibe. Die Opposition kritisierte das scharf und forderte eine Untersuchung.",
    "french": "Selon le ministre, le pont restera fermé jusqu’en mai. « Nous ferons tout », a déclaré la maire de la ville mardi, avant de partir pour Paris.",
    "spanish": "El alcalde dijo que el puente seguirá cerrado. “No hay dinero”, dijo ante la prensa el lunes en la capital del país, según fuentes oficiales.",
}
FAILING = {
    "object quoted": ("{s|Ortega} {v|called} the plan {c|“a very bad joke.”}", "what is called by what name is not taken apart"),
    "possessive": ("{s|Ortega’s} {v|claim} {c|that he won} was rejected.", "nouns are no cues yet: where such a content ends needs a parser"),
    "relative clause": ("{s|Ortega, who} won in May, {v|said} {c|he was tired}.", "a relative clause is left out of the source, which ends at the comma"),
    "participle first": ("{v|Asked} {c|about the plan}, Ortega left the room.", "an unnamed asker is not found"),
    "reportedly": ("The bridge {v|reportedly} {c|fell at noon}.", "adverbs are no cues yet"),
    "headline without marks": ("{s|Kremlin}{v|:} {c|We Did Not Do It}", "a label without quotation marks needs a modal verb or a known kind of speaker"),
    "attitude": ("{s|Ortega} is {v|determined} {c|to win}.", "adjectives of attitude are no cues"),
    "end of content": ("{s|Ortega} {v|said} {c|he was tired} as he left the hall.", "where a clause leaves the content needs a parser"),
}


def parse(marked):
    """Return the text of a marked sentence and its attributions as {role: spans}."""
    text, gold, at = "", {}, 0
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        start, at = len(text), match.end()
        text += match.group(3)
        for number in match.group(2) or "1":
            gold.setdefault(number, {"source": (), "cue": (), "content": ()})[ROLE[match.group(1)]] += ((start, len(text)),)
    return text + marked[at:], [gold[number] for number in sorted(gold)]


def readable(text, spans):
    """Return spans as their words, for a readable difference."""
    return {role: [text[start:end] for start, end in pieces] for role, pieces in spans.items()}


def check(marked):
    """Compare what the rules find in a marked sentence with its marks."""
    text, gold = parse(marked)
    found = [{role: getattr(one, role) for role in ROLE.values()} for one in next(patterns([text]))]
    order = sorted(gold, key=lambda one: min(one["source"] + one["cue"] + one["content"]))
    assert [readable(text, one) for one in found] == [readable(text, one) for one in order]
    assert found == order


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name):
    """Every golden sentence gives exactly its attributions, with exact spans."""
    check(GOLDEN[name])


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=FAILING[name][1])) for name in FAILING])
def test_known_failures(name):
    """What the rules cannot do yet is written down; one that begins to work must move up."""
    check(FAILING[name][0])


def test_there_are_sixty_golden_sentences():
    """The table of golden sentences stays as large as it was promised to be."""
    assert len(GOLDEN) >= 60


# The seed


def spans(one, role):
    """Return the gold spans of a role as tuples."""
    return tuple(map(tuple, one[role]))


def keys(attributions, *, optional):
    """Return gold attributions as (source, cue, content), with or without the optional ones."""
    return {tuple(spans(one, role) for role in ROLE.values()) for one in attributions if optional or not one.get("optional")}


def predicted(text):
    """Return what the rules find as (source, cue, content)."""
    return {(one.source, one.cue, one.content) for one in next(patterns([text]))}


def test_seed_article():
    """The nine attributions of the seed article come out with exact spans, and nothing but the optional one beside them."""
    result = predicted(GOLD["article"])
    assert keys(GOLD["attributions"], optional=False) <= result <= keys(GOLD["attributions"], optional=True)
    assert len(keys(GOLD["attributions"], optional=False)) == 9


@pytest.mark.parametrize("n", range(17))
def test_seed_headlines(n):
    """Each seed headline gives what the gold has, and nothing beside it."""
    gold = [one for one in GOLD["headline_attributions"] if one["headline"] == n]
    result = predicted(GOLD["headlines"][n])
    assert keys(gold, optional=False) <= result <= keys(gold, optional=True)


NAMES = {
    "Stoltenberg": "Okonkwo", "NATO Secretary-General Jens": "African Union Chair Chidi", "Kherson": "Goma", "Zelenskyy": "Tshisekedi",
    "Volodymyr": "Felix", "Ukrainian": "Congolese", "Ukraine": "Congo", "Russian": "Rwandan", "Russia": "Rwanda", "Moscow": "Kigali",
    "Dnipro": "Ruzizi", "Vladimir Putin": "Paul Kagame",
}  # fmt: skip
VERBS = {
    " stressed ": " insisted ",
    " warned against ": " cautioned against ",
    "said Monday": "argued on Sunday",
    "said Tuesday": "reported Wednesday",
    "also said": "has also claimed",
}


def changed(text, changes):
    """Return a text with words replaced."""
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("change", ["names", "verbs", "straight", "order", "blank lines"])
def test_the_rules_are_not_made_for_the_seed(change):
    """With other names, verbs, marks or order of paragraphs, the seed article still gives nine attributions with the same words."""
    article = GOLD["article"]
    swap = {"names": NAMES, "verbs": VERBS, "straight": {"“": '"', "”": '"', "’": "'"}, "blank lines": {"\n": "\n\n"}, "order": {}}[change]
    other = changed(article, swap)
    if change == "order":
        lines = article.split("\n")
        random.Random(3).shuffle(lines)
        other = "\n".join(lines)
    expected = sorted(changed(article[one["content"][0][0] : one["content"][0][1]], swap) for one in GOLD["attributions"] if not one.get("optional"))
    found = sorted(other[one.content[0][0] : one.content[0][1]] for one in next(patterns([other])))
    assert found == expected


# Large and hostile texts


@pytest.mark.parametrize(
    "unit", ["a\"'", "said ", "“He said ", '"x," he said. ', "'a ", "according to ", "He said that ", '"\n', "as he said, ", "A, b, said "]
)
def test_hostile_text_takes_linear_time(unit):
    """Cues and marks without end: five times the text takes about five times as long, and nothing is raised."""
    best = []
    for size in (10_000, 50_000):
        text, times = unit * (size // len(unit)), []
        for _ in range(3):  # the best of three: a busy machine can hold up one run
            begin = time.process_time()
            next(patterns([text]))
            times.append(time.process_time() - begin)
        best.append(min(times))
    assert best[1] < 15 * best[0] + 0.5


def test_a_million_code_points():
    """A paragraph of a million code points with a cue in each word is read in bounded time."""
    begin = time.process_time()
    assert next(patterns(["said " * 200_000])) == []
    assert time.process_time() - begin < 20


@pytest.mark.parametrize(
    "text", ["", " \n ", "\x00", "\ud800 said it.", "“", "said", "He said", "He said:", "According to", "As he said", "\ue000\ue000 said he."]
)
def test_odd_texts(text):
    """No text raises, and no span is empty or outside."""
    for one in next(patterns([text])):
        assert all(0 <= start < end <= len(text) for start, end in one.source + one.cue + one.content)


# Words


def test_lexicon():
    """Every verb has its forms, each with at least one frame that a rule knows."""
    known = {"clause", "that", "wh", "quote", "to", "person", "person_to", "object", "noun"} | lexicon.PREPOSITION_FRAMES
    senses = list(itertools.chain.from_iterable(lexicon.verbs().values()))
    assert {verb.tense for verb in senses} == {"base", "s", "past", "participle", "ing"}
    assert all(verb.frames and verb.frames <= known and verb.kind in ("speech", "private") for verb in senses)
    assert {"claims", "warning"} <= lexicon.nouns()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On Monday, Jo Day said", "Jo Day"),
        ("Police and prosecutors said", "Police and prosecutors"),
        ("The plan collapsed and officials said", "officials"),
        ("In Paris the minister said", "the minister"),
        ("WHO chief Jo Day said", "WHO chief Jo Day"),
        ("Jo Day, speaking in Rome, said", "Jo Day"),
        ("The man in the room there said", None),
        (", said", None),
    ],
)
def test_subject(text, expected):
    """The noun phrase before the verb is the subject, without what opens the sentence."""
    words = phrases.tokens(text, 0, len(text))
    subject = phrases.before(words, len(words) - 1)
    assert (text[words[subject[0]].start : words[subject[1] - 1].end] if subject else None) == expected
