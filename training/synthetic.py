"""Short made-up documents in forms that the training corpus lacks: headlines, transcripts, live blogs, lists, posts, follow-on quotations.

Their words come from the training documents: sources, direct speeches, indirect clauses and sentences without attributions are taken
from there and put together anew by the forms below. So that not every form is an attribution, headlines of plain events, tables and
sentences in other languages stand among them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from training.augment import Document
from training.names import FIRST_NAMES, LAST_NAMES
from training.other_languages import SENTENCES

Part = tuple[str, str]
Parts = list[Part]


def words(text: str) -> tuple[str, ...]:
    """Words or phrases set apart by commas."""
    return tuple(" ".join(word.split()) for word in text.split(","))


_MARKS = '"“”„«»'
_QUOTED = re.compile(rf"(?:''|``|[{_MARKS}])([^{_MARKS}]{{20,400}}?)[.,]?(?:''|[{_MARKS}])[.,]?")
_PERSON = re.compile(r"(?:[A-Z][a-z.’'-]+ ){1,3}[A-Z][a-z’'-]+")
_GROUP = re.compile(r"(?:the |a |an |some |many |several |two |three )[a-z][\w’' -]{4,50}", re.I)
_SENTENCE = re.compile(r"[A-Z][^.!?\n\"“”]{30,200}\.(?= |\n|$)")
_VERBS = words("""said, told, says, added, argued, claimed, insisted, warned, noted, announced, stated, explained, suggested""")
_SMALL = frozenset(["a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "nor", "of", "off", "on", "or", "over", "the", "to", "up", "via", "with"])

PLAIN = words("""said, said, said, says, added, warned, insisted, claimed, explained, argued, stated, declared, recalled, noted, replied""")
SPEECH = (*PLAIN, "told reporters", "told the BBC", "wrote", "tweeted", "admitted", "conceded", "stressed", "joked", "complained", "acknowledged", "announced")
CLAUSE = words(
    """said, said that, says, warned that, claimed that, insisted, announced that, argued that, believes, thinks that, denied that, admitted that,
    suggested that, fears that, hopes that, added that, stated that, reported that, confirmed that, acknowledged that, told reporters that, made clear
    that, expects that, doubts that, complained that, told parliament that"""
)
HEADLINE = words("""Says, Says, Says, Warns, Claims, Insists, Announces, Argues, Vows, Admits, Tells, Believes, Predicts, Confirms, Denies""")
NOUNS = words(
    """spokesman, spokeswoman, minister, mayor, commander, lawyer, teacher, nurse, farmer, analyst, economist, priest, activist, resident, student,
    driver, miner, coach, scientist, professor, captain, diplomat, witness, pensioner, shopkeeper"""
)
PLACES = words("""Kherson, Lagos, Manila, Glasgow, Lyon, Toronto, Santiago, Sydney, Nairobi, Delhi, Warsaw, Seoul, Cairo, Kyiv, Ohio""")


BODIES = words(
    """police, report, study, poll, government, army, court, union, ministry, survey, experts, scientists, officials, witnesses, parliament, watchdog,
    central bank, rebels, teachers, doctors, prosecutors, analysts, researchers"""
)
ACTS = words(
    """signs, approves, backs, endorses, dismisses, allows, legalizes, bans, launches, unveils, opens, closes, buys, sells, hires, fires, wins, loses,
    visits, meets, beats, clears, releases, arrests, sues, joins, leaves, cuts, raises, blocks, passes, delays, drops, seizes, to meet, to review, to
    open, set to win, poised for, faces, gets, takes, returns to, clashes with, sought, seeks, reviews, rejects, adopts, freezes, names, elects,
    jails, fines, tests, deploys, evacuates, repairs"""
)
ADJECTIVES = words("""new, long-awaited, controversial, landmark, first, major, emergency, national, disputed, cheaper, joint, secret, old""")
THINGS = words(
    """budget, arms transfer plan, bridge, lawsuit, rail link, merger, climate bill, trade deal, school reform, fishing rights, museum, water project,
    tax cuts, power plant, hospital wing, border crossing, aid package, prison, stadium, satellite, wage rules, tariffs, refugee camp, weapons sales,
    peace talks, election rules, gas supplies, vaccine programme, diversity policies, court files"""
)


@dataclass(frozen=True)
class Material:
    """What forms are filled with: persons, groups, speeches (no marks, no final stop), clauses (no "that"), sentences without attributions."""

    persons: list[str]
    groups: list[str]
    speeches: list[str]
    clauses: list[str]
    plain: list[str]


def material(documents: list[Document]) -> Material:
    """The parts found in documents, each list without repetition and sorted."""
    persons: set[str] = set()
    groups: set[str] = set()
    speeches: set[str] = set()
    clauses: set[str] = set()
    plain: set[str] = set()
    for document in documents:
        text = document["text"]
        covered = [(s, e) for a in document["attributions"] for r in ("source", "cue", "content") for s, e in a[r]]
        covered += [tuple(s) for s in document.get("discard", [])]
        for attribution in document["attributions"]:
            for start, end in attribution["source"]:
                source = re.sub("['’]s$", "", text[start:end])
                if _PERSON.fullmatch(source):
                    persons.add(source)
                elif _GROUP.fullmatch(source):
                    groups.add(source)
            if len(attribution["content"]) != 1:
                continue
            content = text[slice(*attribution["content"][0])]
            cue = text[slice(*attribution["cue"][0])].lower() if attribution["cue"] else ""
            match = _QUOTED.fullmatch(content)
            if match and match[1][0].isupper() and "\n" not in match[1]:
                speeches.add(match[1].strip(" .,"))
            bare = content.removeprefix("that ")
            behind = attribution["cue"] and attribution["content"][0][0] > attribution["cue"][0][0]
            if behind and cue in _VERBS and not re.search(rf"''|``|[{_MARKS}\n]", bare) and 20 < len(bare) < 200 and re.match(r"[a-z]+ \w", bare):
                clauses.add(bare.rstrip(" .,"))
        for match in _SENTENCE.finditer(text):
            if not any(s < match.end() and match.start() < e for s, e in covered):
                plain.add(match.group())
    return Material(sorted(persons), sorted(groups), sorted(speeches), sorted(clauses), sorted(plain))


def document(rng: random.Random, stock: Material) -> Document:
    """A document of one form, drawn at random."""
    form = rng.choices([f for f, _ in FORMS], [weight for _, weight in FORMS])[0]
    return _joined(form(rng, stock))


def _joined(parts: Parts) -> Document:
    """Parts (text, key) to a document; a key is s, c or t (source, cue, content) and the attribution's number, or empty."""
    text, found = "", {}
    for piece, key in parts:
        if key:
            spans = found.setdefault(key[1:], {"source": [], "cue": [], "content": []})
            spans[{"s": "source", "c": "cue", "t": "content"}[key[0]]].append([len(text), len(text) + len(piece)])
        text += piece
    return {"doc_id": "", "text": text, "attributions": [a for a in found.values() if a["content"]], "discard": []}


def _who(rng: random.Random, stock: Material) -> str:
    """A source: a person with or without description, a group, a body."""
    kind = rng.random()
    name = rng.choice(stock.persons) if rng.random() < 0.4 else f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"
    if kind < 0.35:
        return name
    if kind < 0.45:
        return name.split()[-1]
    if kind < 0.6:
        return f"{name}, {rng.choice(('a', 'the', 'another', 'a former'))} {rng.choice(NOUNS)} {rng.choice(('in', 'from', 'of'))} {rng.choice(PLACES)}"
    if kind < 0.7:
        return f"{name}, {rng.randint(18, 88)}"
    if kind < 0.85:
        return rng.choice(stock.groups)
    return rng.choice(
        (
            "He",
            "She",
            "They",
            f"The {rng.choice(NOUNS)}",
            f"One {rng.choice(NOUNS)}",
            f"A {rng.choice(NOUNS)} in {rng.choice(PLACES)}",
            f"{rng.choice(PLACES)} officials",
        )
    )


def _inside(who: str) -> str:
    """A source as it stands inside a sentence."""
    first = who.split()[0]
    return who[0].lower() + who[1:] if first in ("He", "She", "They", "The", "One", "A", "Some", "Many", "Several", "Two", "Three", "An") else who


def _cue(cue: str, key: str) -> Parts:
    """A cue; whom somebody told and where they wrote is no part of it."""
    verb, _, rest = cue.partition(" ")
    if rest and verb in ("told", "wrote", "posted"):
        return [(verb, key), (" " + rest, "")]
    return [(cue, key)]


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _marks(rng: random.Random) -> tuple[str, str]:
    return rng.choice(
        (("“", "”"), ("“", "”"), ('"', '"'), ('"', '"'), ("‘", "’"), ("''", "''"), ("``", "''"), ("«", "»"), ("«\u00a0", "\u00a0»"), ("„", "“"), ("'", "'"))
    )


def _title(text: str) -> str:
    """Title case as in headlines."""
    words = text.split(" ")
    return " ".join(w if n and w.lower() in _SMALL else w[:1].upper() + w[1:] for n, w in enumerate(words))


def _said(rng: random.Random, stock: Material, number: int) -> Parts:
    """A sentence of direct speech, source before, behind or in the middle."""
    left, right = _marks(rng)
    who, cue, speech = _who(rng, stock), rng.choice(SPEECH), rng.choice(stock.speeches)
    s, c, t = f"s{number}", f"c{number}", f"t{number}"
    order = rng.random()
    stop = rng.choice((",", ",", "?", "!"))
    if order < 0.3:
        inside = rng.random() < 0.6
        quoted = left + speech + stop + right if inside or stop != "," else left + speech + right
        return [(quoted, t), (" " if inside or stop != "," else ", ", ""), (_inside(who), s), (" ", ""), *_cue(cue, c), (".", "")]
    if order < 0.55 and len(who) < 60 and " " not in cue:
        return [(left + speech + stop + right, t), (" ", ""), (cue, c), (" ", ""), (_inside(who), s), (".", "")]
    if order < 0.75:
        colon = ":" if " " not in cue and rng.random() < 0.4 else ""
        comma = rng.choice((",", "")) if not colon else ""
        return [(_upper(who), s), (" ", ""), *_cue(cue + colon, c), (comma + " ", ""), (left + speech + "." + right, t)]
    if order < 0.85 and " " not in cue:
        return [(_upper(cue), c), (" ", ""), (_inside(who), s), (": ", ""), (left + speech + "." + right, t)]
    second = rng.choice(stock.speeches)
    middle = [(" ", ""), (_inside(who), s), (" ", ""), *_cue(cue, c), (". ", "")]
    return [(left + speech + "," + right, t), *middle, (left + second + "." + right, t)]


def _reported(rng: random.Random, stock: Material, number: int) -> Parts:
    """A sentence of indirect speech."""
    who, clause = _who(rng, stock), rng.choice(stock.clauses)
    s, c, t = f"s{number}", f"c{number}", f"t{number}"
    order = rng.random()
    if order < 0.45:
        cue = rng.choice(CLAUSE)
        that = cue.endswith(" that")
        return [(_upper(who), s), (" ", ""), *_cue(cue.removesuffix(" that"), c), (" ", ""), (("that " if that else "") + clause, t), (".", "")]
    if order < 0.6:
        return [(rng.choice(("According to", "In the words of", "In the view of")), c), (" ", ""), (_inside(who), s), (", ", ""), (clause, t), (".", "")]
    if order < 0.75:
        return [(_upper(clause), t), (", ", ""), ("according to", c), (" ", ""), (_inside(who), s), (".", "")]
    if order < 0.85:
        return [(_upper(clause), t), (", ", ""), (_inside(who), s), (" ", ""), (rng.choice(PLAIN), c), (".", "")]
    if order < 0.92:
        passive = rng.choice(("was reported", "was claimed", "is believed", "was announced", "is said", "emerged", "is expected", "is feared"))
        return [("It ", ""), (passive, c), (" ", ""), ("that " + clause, t), (".", "")]
    quoted = rng.choice(("was quoted as saying", "is quoted as saying", "was reported to have said", "was heard to say"))
    return [(_upper(who), s), (" ", ""), (quoted, c), (" ", ""), (("that " if rng.random() < 0.6 else "") + clause, t), (".", "")]


def _filler(rng: random.Random, stock: Material) -> Parts:
    return [(rng.choice(stock.plain), "")]


def story(rng: random.Random, stock: Material) -> Parts:
    """Sentences of direct and indirect speech and of none, as paragraphs."""
    parts: Parts = []
    if rng.random() < 0.4:
        parts = [*_event(rng, stock, rng.choice((_title, str))), (rng.choice(("\n", "\n\n")), "")]
    if rng.random() < 0.4:
        place = rng.choice(PLACES)
        dateline = rng.choice(("{} — ", "{} (Reuters) - ", "{}, May 12 (AFP) – ", "{}: ", "{} -- ", "By Ann Lee\n{} | "))
        parts.append((dateline.format(rng.choice((place.upper(), place))), ""))
    gap = rng.choice((" ", "\n", "\n\n", ""))
    for number in range(rng.randint(2, 6)):
        make = rng.random()
        if make < 0.35:
            parts += _said(rng, stock, number)
        elif make < 0.65:
            parts += _reported(rng, stock, number)
        else:
            parts += _rare(rng, stock, number) if make < 0.82 else _filler(rng, stock)
        parts.append((gap or rng.choice((" ", "\n", "\n\n")), ""))
    return parts


def _rare(rng: random.Random, stock: Material, number: int) -> Parts:
    """Forms that are rare in the corpus: passives without a source, "as X put it", asides between cue and source, and some that are no speech."""
    left, right = _marks(rng)
    who, clause, speech = _who(rng, stock), rng.choice(stock.clauses), rng.choice(stock.speeches)
    s, c, t = f"s{number}", f"c{number}", f"t{number}"
    people = rng.choice(("Villagers", "Residents", "The families", "Staff", "Passengers", "Reporters", "Parents", "The players"))
    aside = rng.choice(
        (
            " after a long silence",
            " on Tuesday",
            " at the weekend",
            ", pointing at the river,",
            " with a shrug",
            " in a hoarse voice",
            ", close to tears,",
            " outside the court",
        )
    )
    forms: tuple[Parts, ...] = (
        [(people + " ", ""), (rng.choice(("were told", "have been told", "were assured", "were warned")), c), (" ", ""), ("that " + clause, t), (".", "")],
        [(_upper(clause), t), (", it ", ""), (rng.choice(("is claimed", "was reported", "is rumoured", "is thought", "has been said")), c), (".", "")],
        [(rng.choice(("As ", "Or, as ")), ""), (_inside(who), s), (" ", ""), ("put it", c), (", ", ""), (left + speech + "." + right, t)],
        [(rng.choice(("To quote", "In the words of")), c), (" ", ""), (_inside(who), s), (", ", ""), (left + speech + "." + right, t)],
        [(left + speech + "," + right, t), (" ", ""), (rng.choice(PLAIN), c), (aside + " ", ""), (_inside(who), s), (".", "")],
        [(left + speech + "," + right, t), (" ", ""), (_inside(who), s), (" ", ""), (rng.choice(PLAIN), c), (aside.rstrip(",") + ".", "")],
        [(_upper(who), s), (" ", ""), ("said", c), (aside.rstrip(",") + " ", ""), ("that " + clause, t), (".", "")],
        [(_upper(clause), t), (", ", ""), (rng.choice(PLAIN), c), (" ", ""), (_inside(who), s), (".", "")],
        [
            (rng.choice(("A sign", "Graffiti on a wall", "A banner", "The letter", "A placard", "The headline")), s),
            (" ", ""),
            (rng.choice(("read", "said", "declared", "reads")) + ":", c),
            (" ", ""),
            (left + " ".join(speech.split()[:7]) + right, t),
            (".", ""),
        ],
        [
            (left + " ".join(speech.split()[:4]) + "!" + right, t),
            (" ", ""),
            (rng.choice(("the crowd", "protesters", "fans", "demonstrators", "children")), s),
            (" ", ""),
            (rng.choice(("chanted", "shouted", "sang", "cried", "yelled")), c),
            (aside.rstrip(",") + ".", ""),
        ],
        [
            (_upper(who), s),
            (" ", ""),
            (rng.choice(("called", "described")), c),
            (" ", ""),
            (f"{rng.choice(('the plan', 'it', 'the vote'))} {rng.choice(('', 'as '))}{left}a {rng.choice(ADJECTIVES)} {rng.choice(THINGS)}{right}", t),
            (".", ""),
        ],
        [
            (
                _upper(who)
                + rng.choice(
                    (
                        " called his sister",
                        " spoke to the crew",
                        " told nobody",
                        " read the letter twice",
                        " signed the papers",
                        " answered the phone",
                        " met the press",
                    )
                )
                + aside.rstrip(",")
                + ".",
                "",
            )
        ],
        [(f"The “{rng.choice(ADJECTIVES)}” {rng.choice(THINGS)} was {rng.choice(('sold', 'closed', 'moved', 'opened'))} in {rng.randint(1950, 2024)}.", "")],
        [
            (
                rng.choice(("That said, ", "According to plan, ", "All told, ", "To say the least, "))
                + f"the {rng.choice(THINGS)} was {rng.choice(('late', 'large', 'old', 'costly'))}.",
                "",
            )
        ],
        [
            (_upper(who), s),
            (" ", ""),
            ("said", c),
            (" ", ""),
            (clause, t),
            (". ", ""),
            (rng.choice(("He", "She", "They")), s + "b"),
            (" ", ""),
            ("added", c + "b"),
            (": ", ""),
            (left + speech + "." + right, t + "b"),
        ],
        [
            (left + speech + "," + right, t),
            (" ", ""),
            (_inside(who), s),
            (" ", ""),
            (rng.choice(PLAIN), c),
            ("; ", ""),
            (left + rng.choice(stock.speeches) + "," + right, t + "b"),
            (" ", ""),
            (rng.choice(PLAIN), c + "b"),
            (" ", ""),
            (_inside(_who(rng, stock)), s + "b"),
            (".", ""),
        ],
    )
    return rng.choice(forms)


def following(rng: random.Random, stock: Material) -> Parts:
    """A speech that goes on in quotations without a cue of their own."""
    left, right = _marks(rng)
    parts = [*_filler(rng, stock), ("\n\n", "")] if rng.random() < 0.5 else []
    parts += [
        (left + rng.choice(stock.speeches) + "," + right, "t0"),
        (" ", ""),
        (_inside(_who(rng, stock)), "s0"),
        (" ", ""),
        (rng.choice(PLAIN), "c0"),
        (".", ""),
    ]
    gap = rng.choice((" ", "\n", "\n\n"))
    open_ended = rng.random() < 0.3
    more = rng.randint(1, 3)
    for number in range(more):
        closing = "" if open_ended and number < more - 1 else right
        sentences = ". ".join(rng.sample(stock.speeches, rng.randint(1, 2)))
        parts += [(gap, ""), (left + sentences + "." + closing, "t0")]
    parts += [(gap, ""), *_filler(rng, stock)]
    if rng.random() < 0.5:
        parts += [(gap, ""), *_said(rng, stock, 1)]
    return parts


def headlines(rng: random.Random, stock: Material) -> Parts:
    """Headlines, some of speech, most of events."""
    parts: Parts = []
    case = rng.choice((_title, _title, str))
    for number in range(rng.randint(1, 6)):
        parts += _headline(rng, stock, number, case) if rng.random() < 0.5 else _event(rng, stock, case)
        parts.append(("\n", ""))
    return parts


def _event(rng: random.Random, stock: Material, case: Callable[[str], str]) -> Parts:
    """A headline of something done, not said."""
    if rng.random() < 0.3:
        return [(case(" ".join(rng.choice(stock.plain).rstrip(".").split()[:12])), "")]
    who = rng.choice((rng.choice(LAST_NAMES), rng.choice(PLACES), f"{rng.choice(PLACES)} {rng.choice(NOUNS)}", rng.choice(stock.persons), rng.choice(BODIES)))
    act = rng.choice(ACTS)
    thing = f"{rng.choice(ADJECTIVES)} {rng.choice(THINGS)}" if rng.random() < 0.6 else rng.choice(THINGS)
    if rng.random() < 0.15:
        thing = f"“{thing.title()}” {rng.choice(THINGS)}"
    rest = rng.choice(
        (
            "",
            "",
            f" in {rng.choice(PLACES)}",
            f" after {rng.choice(THINGS)} {rng.choice(('vote', 'row', 'delay', 'deal'))}",
            f" amid {rng.choice(THINGS)} fears",
            " for first time in decades",
        )
    )
    return [(case(f"{who} {act} {thing}{rest}"), "")]


def _headline(rng: random.Random, stock: Material, number: int, case: Callable[[str], str]) -> Parts:
    s, c, t = f"s{number}", f"c{number}", f"t{number}"
    clause = case(" ".join(rng.choice(stock.clauses).split()[:10]).rstrip(",;:"))
    speech = " ".join(rng.choice(stock.speeches).split()[:8]).rstrip(",;:")
    who = rng.choice(
        (
            rng.choice(LAST_NAMES),
            rng.choice(PLACES),
            f"{rng.choice(PLACES)} {rng.choice(NOUNS)}",
            rng.choice(stock.persons),
            rng.choice(BODIES),
            rng.choice(NOUNS),
        )
    )
    who = _upper(case(who))
    cue = rng.choice(HEADLINE) if case is _title else rng.choice(HEADLINE).lower()
    if cue.lower() == "tells":
        cue = rng.choice(HEADLINE[:6]) if case is _title else "says"
    mark = rng.choice((("‘", "’"), ("'", "'"), ("“", "”"), ('"', '"')))
    form = rng.random()
    if form < 0.3:
        return [(who, s), (" ", ""), (cue, c), (" ", ""), (clause, t)]
    if form < 0.36:
        return [
            (_upper(clause), t),
            (", ", ""),
            (cue, c),
            (" ", ""),
            (who if case is _title else who[0].lower() + who[1:] if who.lower() in BODIES or who.lower() in NOUNS else who, s),
        ]
    if form < 0.5:
        return [(who, s), (":", c), (" ", ""), (_upper(clause), t)]
    if form < 0.62:
        return [(_upper(clause), t), (", ", ""), (who, s), (" ", ""), (cue, c)]
    if form < 0.74:
        return [(_upper(clause), t), (rng.choice((":", " –", " -")), c), (" ", ""), (who, s)]
    if form < 0.87:
        return [(mark[0] + case(speech) + mark[1], t), (rng.choice((": ", ", ", " – ")), ""), (who, s), (" ", ""), (cue, c)]
    return [(who, s), (":", c), (" ", ""), (mark[0] + case(speech) + mark[1], t)]


def transcript(rng: random.Random, stock: Material) -> Parts:
    """Speakers' names in capitals, a colon, what they say."""
    names = [rng.choice(LAST_NAMES).upper() for _ in range(3)]
    if rng.random() < 0.4:
        names = [f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}" for _ in range(3)]
    parts: Parts = []
    if rng.random() < 0.35:
        names = list(
            rng.choice(
                (
                    ("Q", "A"),
                    ("Host", rng.choice(LAST_NAMES)),
                    ("Judge", "Witness", "Prosecutor"),
                    ("The Speaker", f"Mr. {rng.choice(LAST_NAMES)}"),
                    ("BBC", f"General {rng.choice(LAST_NAMES)}"),
                    ("Reporter", "Minister"),
                    (f"MS. {rng.choice(LAST_NAMES).upper()}", "THE COURT"),
                )
            )
        )
    for number in range(rng.randint(3, 7)):
        sentences = ". ".join(rng.sample(stock.speeches, rng.randint(1, 3))) + "."
        if rng.random() < 0.4:
            short = " ".join(rng.choice(stock.speeches).split()[: rng.randint(2, 9)]).rstrip(",;:") + rng.choice((".", "?", "."))
            sentences = (
                short if rng.random() < 0.6 else f"{rng.choice(('No.', 'Yes.', 'Thank you.', 'Well, look.', 'Of course not.', 'Welcome back.'))} {short}"
            )
        if rng.random() < 0.1:
            parts.append((rng.choice(("(Laughter.)", "(CROSSTALK)", "(BEGIN VIDEO CLIP)", "(Applause)")) + "\n", ""))
        parts += [(rng.choice(names), f"s{number}"), (":", f"c{number}"), (" ", ""), (sentences, f"t{number}"), ("\n", "")]
    return parts


def live(rng: random.Random, stock: Material) -> Parts:
    """A live blog: times, then a sentence or two."""
    parts: Parts = []
    style = rng.choice(("{h:02d}:{m:02d} ", "{h}.{m:02d}am\n", "{h:02d}.{m:02d} GMT: ", "[{h:02d}:{m:02d}] ", "{h}:{m:02d} p.m. - "))
    for number in range(rng.randint(2, 5)):
        parts.append((style.format(h=rng.randint(1, 12), m=rng.randint(0, 59)), ""))
        make = rng.random()
        parts += _said(rng, stock, number) if make < 0.4 else _reported(rng, stock, number) if make < 0.75 else _filler(rng, stock)
        parts.append(("\n", ""))
    return parts


def listed(rng: random.Random, stock: Material) -> Parts:
    """A list of quotations, the speaker behind a dash or before a colon."""
    parts: Parts = []
    bullet = rng.choice(("• ", "- ", "* ", "", "1) "))
    left, right = _marks(rng)
    behind = rng.random() < 0.5
    for number in range(rng.randint(2, 5)):
        who, speech = _who(rng, stock), left + rng.choice(stock.speeches) + "." + right
        s, c, t = f"s{number}", f"c{number}", f"t{number}"
        dash = rng.choice(("—", " – ", " - ", "-- "))
        parts.append((bullet, ""))
        parts += (
            [(speech, t), (rng.choice((" ", "\n")), ""), (dash.strip(), c), (" " if dash[-1] == " " else "", ""), (who, s)]
            if behind
            else [(_upper(who), s), (":", c), (" ", ""), (speech, t)]
        )
        parts.append(("\n", ""))
    return parts


def post(rng: random.Random, stock: Material) -> Parts:
    """What somebody wrote in a network, with tags, addresses and emoji."""
    left, right = _marks(rng)
    tail = rng.choice((" #breaking", " 🙏", " 😡😡", " https://t.co/x1Y2z3", " @POTUS", " #peace #now", "!!!", ""))
    name = f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"
    handle = f" (@{name.split()[-1].lower()})" if rng.random() < 0.4 else ""
    cue = rng.choice(("tweeted", "wrote on Twitter", "posted on Facebook", "wrote on Telegram", "wrote on X", "wrote"))
    colon = ":" if " " not in cue and rng.random() < 0.5 else ""
    parts = [(name, "s0"), (handle + " ", ""), *_cue(cue + colon, "c0"), (" ", ""), (left + rng.choice(stock.speeches) + "." + tail + right, "t0"), ("\n", "")]
    return [*parts, *_filler(rng, stock), (" ", ""), *_reported(rng, stock, 1)]


def table(rng: random.Random, stock: Material) -> Parts:
    """Rows of numbers among sentences."""
    gap = rng.choice(("\t", "  ", " | ", ", "))
    rows = [gap.join([rng.choice(PLACES), *(f"{rng.uniform(0, 999):,.1f}" for _ in range(rng.randint(2, 5)))]) for _ in range(rng.randint(3, 9))]
    return [("\n".join(rows), ""), ("\n", ""), *_filler(rng, stock), ("\n", ""), *_reported(rng, stock, 0)]


def foreign(rng: random.Random, stock: Material) -> Parts:
    """Sentences of another language, speech among them, beside English ones: only the English count."""
    parts: Parts = [(" ".join(rng.sample(rng.choice(sorted(SENTENCES.values())), 4)), ""), ("\n", "")]
    if rng.random() < 0.7:
        parts += [*_said(rng, stock, 0), ("\n", ""), *_filler(rng, stock)]
    return parts


def advert(rng: random.Random, stock: Material) -> Parts:
    """What surrounds an article on a page: links, credits, menus; nobody speaks."""
    lines = (
        "Read more: ",
        "RELATED: ",
        "Photo: ",
        "Advertisement",
        "Share this article",
        "Follow us on Twitter",
        "Contact the writer: ",
        "© 2019 All rights reserved.",
        "Updated: ",
        "Topics: ",
    )
    parts: Parts = []
    for number in range(rng.randint(2, 5)):
        parts += [(rng.choice(lines), ""), (_title(" ".join(rng.choice(stock.plain).split()[: rng.randint(0, 9)])), ""), ("\n", "")]
        if rng.random() < 0.5:
            parts += [*_said(rng, stock, number), ("\n", "")]
    return parts


FORMS: tuple[tuple[Callable[[random.Random, Material], Parts], float], ...] = (
    (story, 4),
    (following, 4),
    (headlines, 4),
    (transcript, 1),
    (live, 1),
    (listed, 1),
    (post, 1),
    (table, 0.5),
    (foreign, 1),
    (advert, 0.7),
)
