"""PolNeAR's brat files to the JSON Lines of training, on files made by hand."""

import importlib.util
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

SCRIPT = Path(__file__).parents[1] / "training" / "brat.py"
if not SCRIPT.is_file():
    pytest.skip("training/ is not part of this copy", allow_module_level=True)
SPEC = importlib.util.spec_from_file_location("training_brat", SCRIPT)
brat = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(brat)

TEXT = "Dam holds\n\n“It holds,” she said, “for now.” Officials, who wept, fear rain. 🌉 Reported: the end. Follow us."


def place(words, text=TEXT):
    """The offsets of words in the text, as brat writes them; a bar parts pieces."""
    starts = [text.index(piece) for piece in words.split("|")]
    return ";".join(f"{start} {start + len(piece)}" for start, piece in zip(starts, words.split("|"), strict=True))


def line(key, kind, words, text=TEXT):
    """A line of brat for words of the text."""
    shown = words.replace("|", " ").replace("\n", " ")
    return f"{key}\t{kind} {place(words, text)}\t{shown}\n"


ANN = (
    line("T1", "Source", "she")
    + line("T2", "Cue", "said,")
    + line("T3", "Content", "“It holds,”|“for now.”")
    + line("T4", "Attribution", "said,")
    + "E7\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n"
    + line("T5", "Cue", "Reported:")
    + line("T6", "Content", "the end")
    + line("T7", "Attribution-no-source", "Reported:")
    + "E3\tAttribution-no-source:T7 Content:T6 Cue:T5\n"
    + "#1\tAnnotatorNotes T6\tis this one?\n"
    + "A1\tSure E3\n"
    + line("T8", "Discard", "Follow us.")
    + line("T9", "Discuss", "who wept")
    + line("T10", "Source", "Officials")
    + line("T11", "Source", "who wept")
    + line("T12", "Cue", "fear")
    + line("T13", "Content", "rain")
    + line("T14", "Attribution", "fear")
    + "E9\tAttribution:T14 Source:T10 Source2:T11 Cue:T12 Content:T13\n"
    + "E10\tAttribution:T14 Source:T10 Cue:T12\n"
)


def words(spans):
    """The words of spans."""
    return [TEXT[start:end] for start, end in spans]


@pytest.fixture
def polnear(tmp_path):
    """A corpus of three articles in PolNeAR's layout, one with two annotators."""
    rows = ["compartment\tfilename\tannotators\tpublisher\tpublication_date\ttitle"]
    for part, document, annotators in (("train", "nyt_b", ("4b22", "0a1c")), ("train", "nyt_a", ("ef2d",)), ("dev", "nyt_c", ("5fec",))):
        for folder in ("text", "attributions"):
            (tmp_path / part / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / part / "text" / f"{document}.txt").write_bytes(TEXT.encode())
        for annotator in annotators:
            (tmp_path / part / "attributions" / f"{document}_{annotator}.ann").write_bytes(ANN.encode())
        rows.append(f'{part}\t{document}\t{"|".join(annotators)}\tnyt\t2016-01-02\t"Dam holds')
    (tmp_path / "metadata.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


def read(path):
    """The lines of a JSON Lines file."""
    return [json.loads(one) for one in path.read_text(encoding="utf-8").splitlines()]


def test_attributions():
    """Pieces, absent sources, two sources, events without content; in the order of the contents; notes are passed over."""
    made = brat.read_annotations(ANN, TEXT, "a.ann")
    assert [one["id"] for one in made["attributions"]] == ["E7", "E9", "E3"]
    assert [words(one["content"]) for one in made["attributions"]] == [["“It holds,”", "“for now.”"], ["rain"], ["the end"]]
    assert [words(one["source"]) for one in made["attributions"]] == [["she"], ["Officials", "who wept"], []]
    assert [words(one["cue"]) for one in made["attributions"]] == [["said,"], ["fear"], ["Reported:"]]
    assert (words(made["discard"]), words(made["discuss"])) == (["Follow us."], ["who wept"])


def test_files(polnear, tmp_path):
    """One line an article with its metadata, the first annotator's; where several annotated, all of them in a file of their own."""
    assert brat.convert(polnear, tmp_path / "out") == {"polnear_train": 2, "polnear_dev": 1, "polnear_multi": 2}
    train, dev, multi = (read(tmp_path / "out" / f"polnear_{name}.jsonl") for name in ("train", "dev", "multi"))
    assert [(one["doc_id"], one["annotator"], one["n_annotators"]) for one in train] == [("nyt_a", "ef2d", 1), ("nyt_b", "0a1c", 2)]
    assert [(one["doc_id"], one["annotator"], one["split"]) for one in multi] == [("nyt_b", "0a1c", "train"), ("nyt_b", "4b22", "train")]
    keys = ["doc_id", "publisher", "date", "title", "annotator", "n_annotators", "text", "attributions", "discard", "discuss"]
    assert list(dev[0]) == keys
    assert (dev[0]["publisher"], dev[0]["date"], dev[0]["title"], dev[0]["text"]) == ("nyt", "2016-01-02", '"Dam holds', TEXT)


def test_the_package_reads_what_is_written(polnear, tmp_path):
    """`na.read_gold` takes the files, and finds the words where brat had them."""
    na = pytest.importorskip("newsanalysis")
    brat.convert(polnear, tmp_path / "out")
    spans = na.read_gold(tmp_path / "out" / "polnear_dev.jsonl").spans
    assert spans.text[spans.role == "content"].tolist() == ["“It holds,”", "“for now.”", "rain", "the end"]


def test_line_breaks_count(polnear, tmp_path):
    """Two-character line breaks are two code points, as the annotation counted them."""
    text = "One.\r\nShe said no."
    ann = line("T1", "Cue", "said", text) + line("T2", "Content", "no", text) + "E1\tAttribution:T1 Cue:T1 Content:T2\n"
    (polnear / "dev" / "text" / "nyt_c.txt").write_bytes(text.encode())
    (polnear / "dev" / "attributions" / "nyt_c_5fec.ann").write_bytes(ann.encode())
    brat.convert(polnear, tmp_path / "out")
    assert read(tmp_path / "out" / "polnear_dev.jsonl")[0]["attributions"] == [{"id": "E1", "source": [], "cue": [[10, 14]], "content": [[15, 17]]}]


WRONG = {
    "other words": ("T1\tSource 0 3\tMud\n", "line 1: the text has 'Dam' there, not 'Mud'"),
    "outside": ("T1\tSource 0 9999\tDam\n", "belong together"),
    "no offsets": ("T1\tSource\tDam\n", "line 1: 'id, type start end, words'"),
    "no words": ("T1\tSource 0 3\n", "line 1: 'id, type start end, words'"),
    "no such span": ("T1\tContent 0 3\tDam\nE1\tAttribution:T1 Content:T1 Cue:T2\n", "line 2: 'Cue:T2' is no role"),
    "no such role": ("T1\tContent 0 3\tDam\nE1\tAttribution:T1 Target:T1\n", "line 2: 'Target:T1' is no role"),
}


@pytest.mark.parametrize(("ann", "message"), WRONG.values(), ids=WRONG)
def test_wrong_files(ann, message):
    """What does not fit is named by file and line, never guessed at."""
    with pytest.raises(brat.BratError, match=rf"^a\.ann, .*{message}"):
        brat.read_annotations(ann, TEXT, "a.ann")


def test_wrong_folders(polnear, tmp_path, monkeypatch, capsys):
    """A folder that is not PolNeAR's, a text that is not there, and a name without annotator are told in one sentence."""
    with pytest.raises(brat.BratError, match=r"there are no \.ann files"):
        brat.convert(tmp_path / "none", tmp_path / "out")
    (polnear / "train" / "text" / "nyt_a.txt").unlink()
    monkeypatch.setattr("sys.argv", ["brat", str(polnear), "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit):
        brat.main()
    assert "nyt_a.txt: there is no such file." in capsys.readouterr().err
    (polnear / "train" / "attributions" / "odd.ann").write_text("")
    with pytest.raises(brat.BratError, match=r"document_annotator\.ann"):
        list(brat.documents(polnear, "train"))


def test_command_line(polnear, tmp_path, monkeypatch, capsys):
    """The command says how many lines it wrote; without metadata the fields are null."""
    (polnear / "metadata.tsv").unlink()
    monkeypatch.setattr("sys.argv", ["brat", str(polnear), "--out", str(tmp_path / "out")])
    brat.main()
    assert capsys.readouterr().out == "polnear_train.jsonl: 2 lines, polnear_dev.jsonl: 1 lines, polnear_multi.jsonl: 2 lines\n"
    assert read(tmp_path / "out" / "polnear_dev.jsonl")[0]["title"] is None


PIECES = st.lists(st.sampled_from(["She", "said", "é", "🌉", "a\nb", "“no”", "it rains"]), min_size=3, max_size=8)


@given(PIECES, st.randoms(use_true_random=False))
def test_offsets_come_back(pieces, random):
    """Whatever the text, in whatever order the spans stand, each content covers the words it was made of, in reading order.

    Planted fault that it catches: pieces kept in the order of the file.
    """
    text, at = " ".join(pieces), []
    for piece in pieces:
        start = at[-1][1] + 1 if at else 0
        at.append((start, start + len(piece)))
    chosen = random.sample(range(len(pieces)), 2)
    ann = f"T1\tContent {';'.join(f'{at[n][0]} {at[n][1]}' for n in chosen)}\t{' '.join(pieces[n] for n in chosen)}\nE1\tAttribution:T1 Content:T1\n"
    made = brat.read_annotations(ann.replace("a\nb", "a b"), text, "a.ann")
    assert [text[start:end] for start, end in made["attributions"][0]["content"]] == [pieces[n] for n in sorted(chosen)]
