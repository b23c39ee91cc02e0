"""How well passives, those who act in them, the voice of event verbs, and who acts on whom are found.

``python -m benchmarks framing --data ../shared/data`` reads ``passivepy_sentences.jsonl`` (1,150 sentences judged by the crowd, MIT) and
the project's own gold, ``tests/data/golden_passives.jsonl`` and ``tests/data/golden_acts.jsonl`` (invented sentences, marked before the
rules were run on them, cut into two halves by a hash), and writes

``results/framing.csv``
    Precision, recall and F1 with 95 % intervals by sentence, of the package and of a baseline; and the CPU time of both.

Rules were mended on the even rows of the first and on the development halves of the others only; no sentence of the odd rows or of the blind
halves was looked at with what the rules made of it. The gold was invented and marked by those who wrote the rules: easier than newspapers.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import newsanalysis as na
from benchmarks import _common as common
from newsanalysis import tagger
from newsanalysis.resampling import bootstrap_interval

COMMAND = "python -m benchmarks framing --data DATA"
NEEDS = ("passivepy_sentences.jsonl",)
CROWD = "passivepy_sentences.jsonl"
GOLD = common.ROOT / "tests" / "data"
OURS, BASELINE = "newsanalysis", "tagger alone"
AUXILIARIES = frozenset("am is are was were be been being get gets got getting gotten".split())  # noqa: SIM905
CODEBOOK = "ukraine_war"
ACT = ["actor_id", "verb", "acted_upon_id", "form"]
MARKED_ACT = ["actor_id", "verb", "acted_upon_id", "voice"]  # the same in the gold
REPEATS = 40  # how often the crowd's sentences are joined to measure the time
Things = set[tuple[Any, ...]]  # what was found, or marked, in a sentence
Records = list[dict[str, Any]]


def read(path: Path) -> Records:
    """Return the records of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def units_of(texts: list[str]) -> pd.DataFrame:
    """Return a table *units* with a sentence a text, each in a document of its own, in order.

    >>> units_of(["Rain fell."])[["unit_id", "end"]].values.tolist()
    [['0', 10]]
    """
    keys = [str(number) for number in range(len(texts))]
    return pd.DataFrame({"unit_id": keys, "document_id": keys, "unit": "sentence", "start": 0, "end": [len(text) for text in texts], "text": texts})


# --- what is found, by the end of the participle or verb -----------------------------------------------------------------


def baseline(text: str) -> Things:
    """Return passives by the tagger alone: "be" or "get" before a word tagged VBN or VBD, adverbs between; an agent wherever "by" follows.

    >>> sorted(baseline("It was then sold by a man."))
    [('passive', 'agent', 16), ('passive', 'any', 16)]
    """
    words = [word for word in tagger.words(text) if not word.tag.startswith("RB")]
    found: Things = set()
    for at, (before, word) in enumerate(itertools.pairwise(words)):
        if before.text.lower() in AUXILIARIES and word.tag in ("VBN", "VBD") and word.text.lower() not in AUXILIARIES:
            agent = any(later.text.lower() == "by" for later in words[at + 2 :])
            found |= {("passive", "any", word.end), ("passive", "agent" if agent else "agentless", word.end)}
    return found


def coded(texts: list[str]) -> list[Things]:
    """Return what `na.code_passives` finds in each text: code, value and end of the evidence; each also with the value "any"."""
    codes = na.code_passives(units_of(texts))
    found: list[Things] = [set() for _ in texts]
    for key, code, value, end in zip(codes.document_id, codes.code, codes.value, codes.end, strict=True):
        found[int(key)] |= {(code, value, end), (code, "any", end)}
    return found


def marked(record: dict[str, Any]) -> Things:
    """Return the marks of a sentence of the gold in the same form.

    >>> passive = {"participle": "sold", "start": 3, "end": 7, "form": "full", "agent": None}
    >>> sorted(marked({"text": "is sold", "passives": [passive], "event_verbs": []}))
    [('passive', 'agentless', 7), ('passive', 'any', 7)]
    """
    marks = [("passive" if p["form"] == "full" else "reduced_passive", "agent" if p["agent"] else "agentless", p["end"]) for p in record["passives"]]
    marks += [("event_verb", verb["voice"], verb["end"]) for verb in record["event_verbs"]]
    return {thing for code, value, end in marks for thing in ((code, value, end), (code, "any", end))}


def to_verb(record: dict[str, Any], found: Things) -> Things:
    """Let the evidence of an event verb of several words ("blown up") end where its first marked word does."""
    ends = {verb["end"] for verb in record["event_verbs"]}
    text = record["text"]
    moved = set()
    for code, value, end in found:
        start = text.rfind(" ", 0, end) if code == "event_verb" and end not in ends else end
        moved.add((code, value, start if start in ends else end))
    return moved


# --- scores ----------------------------------------------------------------------------------------------------------------


def prf(sums: np.ndarray) -> np.ndarray:
    """Return F1, precision and recall of sums of hits, found and marked.

    >>> prf(np.array([2.0, 4.0, 2.0])).round(3).tolist()
    [0.667, 0.5, 1.0]
    """
    hits, found, gold = sums[..., 0], sums[..., 1], sums[..., 2]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([2 * hits / (found + gold), hits / found, hits / gold], axis=-1)


def scored(found: list[Things], gold: list[Things], **labels: str) -> pd.DataFrame:
    """Return F1, precision and recall of what was found, a row each, with intervals by sentence."""
    sums = np.array([(len(f & g), len(f), len(g)) for f, g in zip(found, gold, strict=True)], float)
    low, high = bootstrap_interval(sums, prf)
    total = sums.sum(axis=0)
    rows = [(*row, int(total[1 if row[0] == "precision" else 2])) for row in zip(common.SCORES, prf(total), low, high, strict=True)]
    return pd.DataFrame(rows, columns=["score", "value", "low", "high", "n"]).assign(n_documents=len(sums), **labels)


def agreeing(found: list[Things], gold: list[Things], code: str, **labels: str) -> pd.DataFrame:
    """Return the share of rightly found passives or verbs whose value is right."""
    pairs = [(only(f, code, "any") & only(g, code, "any"), {t for t in f & g if t[0] == code and t[1] != "any"}) for f, g in zip(found, gold, strict=True)]
    sums = np.array([(len(right), len(both)) for both, right in pairs], float)
    low, high = bootstrap_interval(sums, lambda s: s[..., :1] / s[..., 1:])
    row = {"score": "accuracy", "value": sums[:, 0].sum() / sums[:, 1].sum(), "low": low[0], "high": high[0], "n": int(sums[:, 1].sum())}
    return pd.DataFrame([row]).assign(n_documents=len(sums), **labels)


def only(things: Things, *first: str) -> Things:
    """Return the things that begin with these words."""
    return {thing for thing in things if thing[: len(first)] == first}


def halves(records: Records) -> Iterator[tuple[str, list[int]]]:
    """Yield the parts of a gold file with the numbers of their sentences."""
    yield "whole", list(range(len(records)))
    for half in ("development", "blind"):
        yield half, [number for number, record in enumerate(records) if record["half"] == half]


def crowd(path: Path) -> pd.DataFrame:
    """Return the scores of sentences with a passive on the crowd's sentences."""
    records = read(path)
    texts = [record["text"] for record in records]
    gold: list[Things] = [{("passive",)} if record["passive"] == 1 else set() for record in records]
    systems = {OURS: [only(f, "passive") for f in coded(texts)], BASELINE: [baseline(text) for text in texts]}
    rows = []
    for part, chosen in {"whole": slice(None), "even rows (looked at)": slice(0, None, 2), "odd rows (not looked at)": slice(1, None, 2)}.items():
        for system, found in systems.items():
            said: list[Things] = [{("passive",)} if f else set() for f in found]
            rows.append(scored(said[chosen], gold[chosen], measure="sentences with a passive", part=part, system=system))
    return pd.concat(rows).assign(set="PassivePy crowd set", data_sha256=common.digest(path))


TOLD = {  # measure, and what it counts
    "passives": ("passive", "any"),
    "passives with an agent": ("passive", "agent"),
    "passives without an agent": ("passive", "agentless"),
    "reduced passives with an agent": ("reduced_passive", "agent"),
    "event verbs and their voice": ("event_verb",),
    "event verbs, active": ("event_verb", "active"),
    "event verbs, passive with an agent": ("event_verb", "agent"),
    "event verbs, passive without an agent": ("event_verb", "agentless"),
}


def own_passives(path: Path) -> pd.DataFrame:
    """Return the scores of passives and event verbs on the own gold."""
    records = read(path)
    texts, gold = [record["text"] for record in records], [marked(record) for record in records]
    ours = [to_verb(record, found) for record, found in zip(records, coded(texts), strict=True)]
    systems = {OURS: ours, BASELINE: [baseline(text) for text in texts]}
    rows = []
    for (part, chosen), (system, found) in itertools.product(halves(records), systems.items()):
        here = [(found[n], gold[n]) for n in chosen]
        for measure, first in TOLD.items():
            if system == BASELINE and first[0] != "passive":
                continue
            kept = [tuple(only(things, *first) - (only(things, *first, "any") if len(first) == 1 else set()) for things in pair) for pair in here]
            rows.append(scored([f for f, _ in kept], [g for _, g in kept], measure=measure, part=part, system=system))
        told = ([f for f, _ in here], [g for _, g in here])
        rows.append(agreeing(*told, "passive", measure="agent or none, of passives found", part=part, system=system))
    return pd.concat(rows).assign(set="own gold of passives", data_sha256=common.digest(path))


def own_acts(path: Path) -> pd.DataFrame:
    """Return the scores of who acts on whom on the own gold: the act as a whole, and only who on whom."""
    records = read(path)
    acts = na.agency(units_of([record["text"] for record in records]), codebook=CODEBOOK)
    found: list[Things] = [set() for _ in records]
    for key, *act in acts[["document_id", *ACT, "negated", "modal"]].itertuples(index=False, name=None):
        found[int(key)].add((*act[:4], bool(act[4]), not pd.isna(act[5])))
    gold: list[Things] = [{tuple(act[name] for name in (*MARKED_ACT, "negated", "modal")) for act in record["acts"]} for record in records]
    rows = []
    shapes: dict[str, Callable[[tuple[Any, ...]], tuple[Any, ...]]] = {
        "who acts on whom": lambda act: (act[0], act[2]),
        "acts: who, verb, whom, voice": lambda act: act[:4],
        "acts with negation and modality": lambda act: act,
    }
    for (part, chosen), (measure, shape) in itertools.product(halves(records), shapes.items()):
        said, meant = ([{shape(act) for act in side[n]} for n in chosen] for side in (found, gold))
        rows.append(scored(said, meant, measure=measure, part=part, system=OURS))
    for voice in ("active", "passive", "nominal"):
        said, meant = ([{act[:4] for act in things if act[3] == voice} for things in side] for side in (found, gold))
        rows.append(scored(said, meant, measure=f"acts, {voice}", part="whole", system=OURS))
    return pd.concat(rows).assign(set="own gold of acts", data_sha256=common.digest(path))


def speed(path: Path) -> pd.DataFrame:
    """Return words a CPU second, and how many times the time of tagging alone the coders take, in one run on the same sentences."""
    texts = [f"{record['text']} {n}" for n in range(REPEATS) for record in read(path)][::8]
    units, words = units_of(texts), sum(len(text.split()) for text in texts)
    runs: dict[str, Callable[[], object]] = {
        "tagging alone": lambda: [tagger.words(text) for text in texts],
        "code_passives": lambda: na.code_passives(units),
        "agency": lambda: na.agency(units, codebook=CODEBOOK),
    }
    for run in (tagger.words, lambda text: na.code_passives(units_of([text])), lambda text: na.agency(units_of([text]), codebook=CODEBOOK)):
        run("Russia attacked Ukraine.")  # loads what is loaded once
    took = {}
    for name, run_all in runs.items():
        tagger.words.cache_clear()
        start = time.process_time()
        run_all()
        took[name] = time.process_time() - start
    rows = [{"measure": name, "score": "words a CPU second", "value": round(words / seconds, -2)} for name, seconds in took.items()]
    rows += [{"measure": name, "score": "times the time of tagging alone", "value": seconds / took["tagging alone"]} for name, seconds in took.items()]
    table = pd.DataFrame(rows).assign(n=words, n_documents=len(texts), part="whole", system=OURS)
    return table.assign(set="PassivePy crowd set", data_sha256=common.digest(path))


def main(arguments: list[str] | None = None) -> pd.DataFrame:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks framing", description="Passives, event verbs, who acts on whom.")
    parser.add_argument("--data", type=Path, required=True, help=f"folder with {CROWD}")
    parser.add_argument("--out", type=Path, default=common.RESULTS, help="folder for the result file")
    given = parser.parse_args(arguments)
    path = given.data / CROWD
    tables = [crowd(path), own_passives(GOLD / "golden_passives.jsonl"), own_acts(GOLD / "golden_acts.jsonl"), speed(path)]
    columns = ["set", "part", "measure", "system", "score", "value", "low", "high", "n", "n_documents", "data_sha256"]
    return common.write(pd.concat(tables)[columns].assign(tagger=tagger.VERSION), given.out / "framing.csv", COMMAND)


if __name__ == "__main__":
    print(main().to_string())
