"""How well coders tell the tone toward a target in a sentence: negative, neutral or positive, against NewsMTSC.

``python -m benchmarks tone --data ../shared/data`` scores them on the development tenth of ``newsmtsc_train.jsonl`` (825 sentences, 942
targets; which ones, the hash of a sentence's text decides) and writes ``results/tone.csv``, one row a coder and measure, with a 95 %
interval by bootstrap over sentences. ``--file`` scores another file of the same form, all of it.

Where ``war_dev.jsonl`` is there too, the same coders are scored on 160 mentions of actors in war news (``data/tone_war_codes.csv``; intervals by
article), which nothing was trained on or chosen by.

The coders beside the package's own: TextBlob and VADER for the sentence (positive from .05 on, negative from -.05 on), VADER for what
stands within ten words of the target, and logistic regression on the words left and right of the target with VADER's scores,
trained on the other nine tenths (needs scikit-learn, which the package does not; without it the row is left out). ``majority`` gives
every target the most frequent tone.

Measures: ``macro_f1``, ``f1`` of each tone, ``accuracy``, and where a coder gives probabilities ``brier`` (0 to 2, lower is better), ``ece``
(expected calibration error of the likeliest tone, ten bins of like size). The package's coder was chosen and its temperature fitted on the
development tenth: there its figures are a little too good.

Of the package's coder also: ``target_tone, neutral when unsure`` says neutral where the likeliest tone has a probability below a threshold,
which is chosen on nine tenths of the sentences and used on the other (ten folds by hash); ``macro_f1_gain`` is what that adds, in pairs.
``macro_f1_by_threshold`` has the sweep on all. ``names`` are the targets that are written like names: macro-F1 with the name as it is and
with another in its place, and ``tone_changed``, the share whose tone is then another.

``results/tone_speed.csv``: targets and words of their sentences a CPU second, one thread, tokenizing included; this depends on the machine.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

import newsanalysis as na
from benchmarks._common import RESULTS, digest, field, write
from newsanalysis.resampling import bootstrap_interval
from newsanalysis.sentences import sentences
from training.tone.data import TONES, Example, is_name, load, renamed

COMMAND = "python -m benchmarks tone --data DATA"
NEEDS = ("newsmtsc_train.jsonl",)
NEAR = 10  # words on either side of the target
CLEAR = 0.05  # VADER's authors' threshold
BINS = 10
SHIPPED = Path(na.__file__).parent / "models" / "target_tone"
FOLDS = 10
THRESHOLDS = tuple(round(1 / 3 + step * 0.03, 4) for step in range(16))  # from never to .78
STAND_INS = ("Jo Day", "Oleh Bondar", "the ministry")
OWN = "target_tone"
WAR = Path(__file__).parent / "data" / "tone_war_codes.csv"
Coder = Callable[[Sequence[Example]], np.ndarray]


def toned(scores: Sequence[float]) -> np.ndarray:
    """Return tones (examples, 3) as certainties from scores in [-1, 1]."""
    values = np.asarray(scores)
    return np.asarray(np.eye(len(TONES))[1 + (values >= CLEAR).astype(int) - (values <= -CLEAR).astype(int)])


def vader(texts: Sequence[str]) -> list[float]:
    """Return VADER's compound scores."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    from newsanalysis.sentiment import TYPEWRITER

    analyzer = SentimentIntensityAnalyzer()
    return [float(analyzer.polarity_scores(text.translate(TYPEWRITER))["compound"]) for text in texts]


def near(example: Example) -> str:
    """Return the target and up to ten words on either side.

    >>> near(Example("a b c d e f g h i j k Jo l", 22, 24, 1))
    'b c d e f g h i j k Jo l'
    """
    before, after = example.text[: example.start].split()[-NEAR:], example.text[example.end :].split()[:NEAR]
    return " ".join([*before, example.text[example.start : example.end], *after])


def by_vader(examples: Sequence[Example]) -> np.ndarray:
    """VADER on the sentence."""
    return toned(vader([e.text for e in examples]))


def by_near_vader(examples: Sequence[Example]) -> np.ndarray:
    """VADER on the words around the target."""
    return toned(vader([near(e) for e in examples]))


def by_textblob(examples: Sequence[Example]) -> np.ndarray:
    """TextBlob on the sentence."""
    from textblob import TextBlob

    return toned([TextBlob(e.text).sentiment.polarity for e in examples])


def majority(training: Sequence[Example]) -> Coder:
    """The most frequent tone, for everything."""
    most = int(np.bincount([e.tone for e in training], minlength=len(TONES)).argmax())
    return lambda examples: np.repeat(np.eye(len(TONES))[[most]], len(examples), axis=0)


def marked(example: Example) -> tuple[str, str, str, str]:
    """Return the words left and right of the target, the target's, and those within five words, each told apart by a letter."""
    left = re.findall(r"\w+|[^\w\s]", example.text[: example.start].lower())
    right = re.findall(r"\w+|[^\w\s]", example.text[example.end :].lower())
    target = re.findall(r"\w+", example.text[example.start : example.end].lower())
    return tuple(" ".join(f"{side}{word}" for word in words) for side, words in (("l", left), ("r", right), ("t", target), ("n", left[-5:] + right[:5])))  # type: ignore[return-value]


def linear(training: Sequence[Example]) -> Coder:
    """Logistic regression on word pairs left and right of the target and VADER's scores, trained anew."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizers = [TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), min_df=2, sublinear_tf=True) for _ in range(5)]

    def columns(examples: Sequence[Example]) -> list[list[str]]:
        sides = list(zip(*map(marked, examples), strict=True))
        return [*map(list, sides), [e.text.lower() for e in examples]]

    def scores(examples: Sequence[Example]) -> csr_matrix:
        both = [vader(list(texts)) for texts in ([e.text for e in examples], [near(e) for e in examples])]
        sides = [vader([e.text[: e.start] for e in examples]), vader([e.text[e.end :] for e in examples])]
        return csr_matrix(np.array(both + sides).T)

    def features(examples: Sequence[Example], fit: bool = False) -> csr_matrix:
        tables = [v.fit_transform(c) if fit else v.transform(c) for v, c in zip(vectorizers, columns(examples), strict=True)]
        return hstack([*tables, scores(examples)]).tocsr()

    model = LogisticRegression(C=2.0, max_iter=2000).fit(features(training, fit=True), [e.tone for e in training])
    return lambda examples: np.asarray(model.predict_proba(features(examples)))


def learned(folder: Path | None) -> Coder:
    """The package's own coder."""
    from newsanalysis.targets import target_tone

    def run(examples: Sequence[Example]) -> np.ndarray:
        mentions = pd.DataFrame({"text": [e.text for e in examples], "start": [e.start for e in examples], "end": [e.end for e in examples]})
        found = target_tone(mentions, model=folder)
        return np.asarray(found[[f"p_{tone}" for tone in TONES]])

    return run


def f1s(sums: np.ndarray) -> np.ndarray:
    """Return macro-F1, the F1 of each tone and accuracy from confusion sums (..., 9), gold by found."""
    table = sums.reshape(*sums.shape[:-1], len(TONES), len(TONES))
    right = np.diagonal(table, axis1=-2, axis2=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        each = np.nan_to_num(2 * right / (table.sum(-1) + table.sum(-2)))
        accuracy = right.sum(-1, keepdims=True) / table.sum((-2, -1))[..., None]
    return np.concatenate([each.mean(-1, keepdims=True), each, accuracy], axis=-1)


def calibration_error(likeliest: np.ndarray, right: np.ndarray) -> float:
    """Return the expected calibration error: ten bins of as many targets each, mean of |share right - mean probability|."""
    order = np.argsort(likeliest, kind="stable")
    return float(sum(abs(right[part].mean() - likeliest[part].mean()) * len(part) for part in np.array_split(order, BINS)) / len(order))


def measured(name: str, examples: Sequence[Example], found: np.ndarray, drawn: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a coder's rows; ``drawn`` are the documents that intervals resample, else it is the sentences."""
    gold, guess = np.array([e.tone for e in examples]), found.argmax(1)
    rows_of, n_sentences = numbered(drawn if drawn is not None else [e.text for e in examples])
    sums = np.zeros((n_sentences, len(TONES) ** 2))
    np.add.at(sums, (rows_of, gold * len(TONES) + guess), 1)
    low, high = bootstrap_interval(sums, f1s)
    values = f1s(sums.sum(0, keepdims=True))[0]
    labels = [("macro_f1", "all"), *(("f1", tone) for tone in TONES), ("accuracy", "all")]
    rows = [(*label, *numbers) for label, *numbers in zip(labels, values, low, high, strict=True)]
    if ((found > 0) & (found < 1)).any():
        rows.append(("ece", "all", calibration_error(found.max(1), gold == guess), np.nan, np.nan))
        rows.append(("brier", "all", float(((found - np.eye(len(TONES))[gold]) ** 2).sum(1).mean()), np.nan, np.nan))
    table = pd.DataFrame(rows, columns=["measure", "group", "value", "low", "high"])
    return table.assign(coder=name, n=len(examples), n_documents=n_sentences)


def unsure(found: np.ndarray, threshold: float) -> np.ndarray:
    """Return tones (examples, 3) as certainties, neutral where the likeliest is less likely than a threshold.

    >>> unsure(np.array([[0.5, 0.1, 0.4], [0.2, 0.1, 0.7]]), 0.6).argmax(1).tolist()
    [1, 2]
    """
    return np.eye(len(TONES))[np.where(found.max(1) < threshold, TONES.index("neutral"), found.argmax(1))]


def macro_f1(gold: np.ndarray, guess: np.ndarray) -> float:
    """Return the mean of the tones' F1."""
    return float(f1s(np.bincount(gold * len(TONES) + guess, minlength=len(TONES) ** 2).astype(float))[0])


def fold(example: Example) -> int:
    """Return the fold of a sentence, by hash."""
    return int(hashlib.sha256(("fold" + example.text).encode()).hexdigest()[:8], 16) % FOLDS


def neutral_when_unsure(examples: Sequence[Example], found: np.ndarray) -> np.ndarray:
    """Return tones as certainties by the threshold that is best on the other folds."""
    gold, folds = np.array([e.tone for e in examples]), np.array([fold(e) for e in examples])
    made = np.zeros_like(found)
    for one in np.unique(folds):
        others = folds != one
        best = max(THRESHOLDS, key=lambda threshold, others=others: macro_f1(gold[others], unsure(found[others], threshold).argmax(1)))  # type: ignore[misc]
        made[~others] = unsure(found[~others], best)
    return made


def numbered(keys: Sequence[str]) -> tuple[list[int], int]:
    """Return the number of each key, and how many different ones there are.

    >>> numbered(["b", "a", "b"])
    ([0, 1, 0], 2)
    """
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return [numbers[key] for key in keys], len(numbers)


def sentence_of(examples: Sequence[Example]) -> tuple[list[int], int]:
    """Return the number of each example's sentence, and how many there are."""
    return numbered([e.text for e in examples])


def war(path: Path) -> tuple[list[Example], list[str]]:
    """Return the hand-coded mentions in war news, each in its sentence, and the articles they stand in."""
    texts = field(path, "text")
    codes = pd.read_csv(WAR)
    examples = []
    for key, start, end, gold in zip(codes.document_id, codes.start, codes.end, codes.tone, strict=True):
        low, high = next((low, high) for low, high in sentences(texts[key]) if low <= start < high)
        examples.append(Example(texts[key][low:high], start - low, end - low, TONES.index(gold)))
    return examples, codes.document_id.tolist()


def gain(examples: Sequence[Example], before: np.ndarray, after: np.ndarray) -> pd.DataFrame:
    """Return the row with macro-F1 after less before, in pairs."""
    (rows, n), gold, width = sentence_of(examples), np.array([e.tone for e in examples]), len(TONES)
    sums = np.zeros((n, 2 * width**2))
    for at, found in enumerate((before, after)):
        np.add.at(sums, (rows, at * width**2 + gold * width + found.argmax(1)), 1)

    def statistic(both: np.ndarray) -> np.ndarray:
        return np.asarray(f1s(both[..., width**2 :])[..., :1] - f1s(both[..., : width**2])[..., :1])

    low, high = bootstrap_interval(sums, statistic)
    value = statistic(sums.sum(0, keepdims=True))[0, 0]
    row = ("macro_f1_gain", "all", value, low[0], high[0], f"{OWN}, neutral when unsure", len(examples), n)
    return pd.DataFrame([row], columns=["measure", "group", "value", "low", "high", "coder", "n", "n_documents"])


def sweep(examples: Sequence[Example], found: np.ndarray) -> pd.DataFrame:
    """Return macro-F1 by threshold, on all: the best of these is too good."""
    gold = np.array([e.tone for e in examples])
    rows = [("macro_f1_by_threshold", f"{threshold:.2f}", macro_f1(gold, unsure(found, threshold).argmax(1))) for threshold in THRESHOLDS]
    made = pd.DataFrame(rows, columns=["measure", "group", "value"]).assign(low=np.nan, high=np.nan)
    return made.assign(coder=f"{OWN}, neutral when unsure", n=len(examples), n_documents=sentence_of(examples)[1])


def by_name(examples: Sequence[Example], coder: Coder) -> pd.DataFrame:
    """Return the macro-F1 of targets that are names with these and with other names, and how often the tone is then another."""
    named = [e for e in examples if is_name(e)]
    rows, n = sentence_of(named)
    as_is = coder(named)
    made = [measured("names as they are", named, as_is).head(1)]
    for name in STAND_INS:
        found = coder([renamed(e, name) for e in named])
        made.append(measured(f"names: {name}", named, found).head(1))
        sums = np.zeros((n, 2))
        np.add.at(sums, (rows, 0), found.argmax(1) != as_is.argmax(1))
        np.add.at(sums, (rows, 1), 1)
        low, high = bootstrap_interval(sums, lambda both: both[..., :1] / both[..., 1:])
        changed = sums[:, 0].sum() / len(named)
        made.append(made[-1].assign(measure="tone_changed", value=changed, low=low, high=high))
        shift = pd.concat([made[-1].assign(measure="mean_p_change", low=np.nan, high=np.nan)] * len(TONES))
        made.append(shift.assign(group=TONES, value=found.mean(0) - as_is.mean(0)))
    whole = pd.concat(made)
    return whole.assign(group=np.where(whole.group == "all", whole.coder, whole.coder + ", " + whole.group), coder=OWN)


def speeds(examples: Sequence[Example], coder: Coder, repeats: int = 3) -> pd.DataFrame:
    """Return targets, and words of their sentences, a CPU second: the middle of some runs, with the slowest and the fastest."""
    coder(examples[:1])
    spent = []
    for _ in range(repeats):
        begin = time.process_time()
        coder(examples)
        spent.append(time.process_time() - begin)
    words = sum(len(re.findall(r"\w+", e.text)) for e in examples)
    made = []
    for measure, count in (("targets_per_cpu_second", len(examples)), ("words_per_cpu_second", words)):
        found = [count / seconds for seconds in spent]
        made.append((measure, "sentence with a target", float(np.median(found)), min(found), max(found), len(examples), 1, platform.machine()))
    return pd.DataFrame(made, columns=["measure", "group", "value", "low", "high", "n", "threads", "processor"])


def coders(training: Sequence[Example], folder: Path | None, without: Sequence[str]) -> dict[str, Callable[[], Coder]]:
    """Return how each coder is made, by name."""
    made: dict[str, Callable[[], Coder]] = {
        "majority": lambda: majority(training),
        "textblob sentence": lambda: by_textblob,
        "vader sentence": lambda: by_vader,
        "vader within ten words": lambda: by_near_vader,
        "linear, left and right": lambda: linear(training),
        OWN: lambda: learned(folder),
    }
    return {name: make for name, make in made.items() if name not in without}


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks tone", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with newsmtsc_train.jsonl")
    parser.add_argument("--file", type=Path, help="another file to score, all of it")
    parser.add_argument("--model", type=Path, help="folder with a model that does not ship")
    parser.add_argument("--without", action="append", default=[], help="a coder to leave out")
    parser.add_argument("--timed", type=int, default=200, help="how many targets are timed, three times over")
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args(arguments)
    source = given.data / NEEDS[0]
    training = load(source, development=False)
    examples = load(given.file, None) if given.file else load(source, development=True)
    scored = {"set": given.file.stem if given.file else "newsmtsc_dev", "data_sha256": digest(given.file or source)}
    model = digest((given.model or SHIPPED) / "encoder.onnx")
    tables, news = [], given.data / "war_dev.jsonl"
    other, articles = war(news) if news.is_file() and not given.file else ([], [])
    for name, make in coders(training, given.model, given.without).items():
        try:
            coder = make()
        except ImportError as missing:
            print(f"{name}: left out, {missing.name} is not installed")
            continue
        found = coder(examples)
        tables.append(measured(name, examples, found).assign(**scored))
        print(name, *tables[-1].loc[0, ["value", "low", "high"]].astype(float).round(3), flush=True)
        if other:
            tables.append(measured(name, other, coder(other), articles).assign(set="war_dev", data_sha256=digest(news)))
        if name == OWN:
            safe = neutral_when_unsure(examples, found)
            more = [measured(f"{OWN}, neutral when unsure", examples, safe), gain(examples, found, safe), sweep(examples, found), by_name(examples, coder)]
            tables += [table.assign(**scored) for table in more]
            write(speeds(examples[: given.timed], coder).assign(**scored, model=model), given.out / "tone_speed.csv", COMMAND)
    table = pd.concat(tables)
    table["model"] = np.where(table.coder.str.startswith(OWN), model, "")
    write(table[["set", "coder", "measure", "group", "value", "low", "high", "n", "n_documents", "model", "data_sha256"]], given.out / "tone.csv", COMMAND)


if __name__ == "__main__":
    main()
