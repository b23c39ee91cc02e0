"""A corpus from files to tables: what is written, the same bytes again, and nothing half-written."""

import csv
import hashlib
import io
import json
import os
import shutil
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

import newsanalysis as na
from newsanalysis import files, tables
from newsanalysis.attribution import DEFAULT
from newsanalysis.files import OutputError, replacing, write_csv
from newsanalysis.fingerprints import fingerprint

SEEDS = Path(__file__).parents[1] / "seeds"
TABLES = ("documents", "attributions", "spans", "units", "codes")


def digest(folder: Path) -> dict[str, str]:
    """A hash of each file that belongs to the results."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and ".newsanalysis" not in file.parts)
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The seed, analysed twice into two folders and once more over the first."""
    folder = tmp_path_factory.mktemp("results")
    one = na.analyse(SEEDS, folder / "deep" / "one")
    first = digest(one)
    return {"one": one, "first": first, "again": digest(na.analyse(SEEDS, one)), "two": digest(na.analyse([SEEDS], folder / "two"))}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_written_and_holds_to_its_schema(results, name):
    """What is read back passes the check that it passed when it was made."""
    table = pd.read_parquet(results["one"] / f"{name}.parquet")
    assert len(table)
    pd.testing.assert_frame_equal(tables.check(table, name), table)


def test_offsets_hold_in_what_is_written(results):
    """documents.text[start:end] is spans.text, in the files too."""
    found = na.read_gold(results["one"])
    texts = dict(zip(found.documents.document_id, found.documents.text, strict=True))
    places = dict(zip(found.attributions.attribution_id, found.attributions.document_id, strict=True))
    spans = zip(found.spans.attribution_id, found.spans.start, found.spans.end, found.spans.text, strict=True)
    assert all(texts[places[attribution]][start:end] == text for attribution, start, end, text in spans)


def test_measures_cover_voice_tone_and_frame(results):
    """Each measure that a report needs is there, and the shares of voice add up to 1."""
    measures = tables.check(pd.read_csv(results["one"] / "measures.csv"), "measures")
    assert {"share_of_voice_words", "kind_share", "unnamed_share", "entropy_normalised", "mean_tone", "voice_gap", "code_share", "word_rate"} <= set(
        measures["measure"]
    )
    for measure in ("share_of_voice_words", "share_of_voice_attributions"):
        assert measures.loc[measures["measure"] == measure, "estimate"].sum() == pytest.approx(1)


def test_passives_are_coded_by_sentence_and_tone_by_voice(results):
    """A cut between voices may part an auxiliary from its participle, so passives need the whole sentence; tone needs one voice."""
    codes = pd.read_parquet(results["one"] / "codes.parquet")
    assert codes.loc[codes["code"] == "passive", "unit"].unique().tolist() == ["sentence"]
    assert codes.loc[codes["code"] == "tone", "unit"].unique().tolist() == ["segment"]
    assert codes.loc[codes["unit"] != "attribution", "unit_id"].isin(pd.read_parquet(results["one"] / "units.parquet")["unit_id"]).all()


def test_the_same_inputs_give_the_same_bytes(results):
    """Run again over the old results or into a new folder: every file is equal."""
    assert results["first"] == results["again"] == results["two"]


def test_the_manifest_tells_inputs_settings_versions_and_counts(results):
    """Enough to know whether two results may be compared; no time, no machine."""
    manifest = json.loads((results["one"] / "manifest.json").read_text(encoding="utf-8"))
    seed = next(SEEDS.iterdir())
    assert manifest["inputs"] == [{"file": seed.name, "bytes": seed.stat().st_size, "sha256": hashlib.sha256(seed.read_bytes()).hexdigest()}]
    assert manifest["newsanalysis"] == na.__version__
    assert manifest["settings"]["attributor"] == DEFAULT
    assert manifest["settings"]["codebook"].startswith("ukraine_war@")
    assert manifest["rows"]["documents"] == 18
    assert manifest["rows"]["attributions"] == len(pd.read_parquet(results["one"] / "attributions.parquet"))
    assert manifest["libraries"]["pandas"] == pd.__version__
    assert str(Path.home()) not in json.dumps(manifest)


def test_documents_without_attributions_are_analysed(tmp_path):
    """Nothing found is a result: empty tables with their columns."""
    (tmp_path / "quiet.txt").write_text("Rain\n\nIt rained all day. The river rose. Then it fell again.\n")
    out = na.analyse(tmp_path / "quiet.txt", tmp_path / "out")
    assert len(pd.read_parquet(out / "attributions.parquet")) == 0
    assert json.loads((out / "manifest.json").read_text())["attributors"] == []
    assert tables.check(pd.read_parquet(out / "spans.parquet"), "spans").empty


def test_an_attributor_of_ones_own_and_its_failures(tmp_path):
    """A callable works as attributor; a document it fails at is told in errors.csv, the others are done."""

    def every_word(texts):
        for text in texts:
            if "fail" in text:
                raise RuntimeError("cannot")
            yield [na.Attribution(source=(), cue=(), content=((0, 3),))]

    pd.DataFrame({"doc_id": ["a", "b"], "text": ["One two three.", "This will fail, surely."]}).to_csv(tmp_path / "in.csv", index=False)
    out = na.analyse(tmp_path / "in.csv", tmp_path / "out", attributor=every_word)
    assert pd.read_csv(out / "errors.csv").document_id.tolist() == ["b"]
    assert pd.read_parquet(out / "attributions.parquet").document_id.tolist() == ["a"]
    assert json.loads((out / "manifest.json").read_text())["settings"]["attributor"] == "every_word"


def test_options_of_attribution_by_name(tmp_path):
    """A dict gives the options of `na.attribute`; the manifest keeps them, with the attributor's name and no number of threads."""

    class Sure:
        version = "sure@3"

        def __call__(self, texts):
            for text in texts:
                yield [na.Attribution((), (), ((0, 3),), 0.9), na.Attribution((), (), ((4, len(text)),), 0.1)]

    pd.DataFrame({"doc_id": ["a"], "text": ["One two three."]}).to_csv(tmp_path / "in.csv", index=False)
    options = {"attributor": Sure(), "modes": "speech", "min_confidence": 0.5}
    out = na.analyse(tmp_path / "in.csv", tmp_path / "out", attributor=options)
    assert pd.read_parquet(out / "attributions.parquet").attribution_id.tolist() == ["a#1"]
    settings = json.loads((out / "manifest.json").read_text())["settings"]
    kept = {"kinds": ["direct", "mixed", "indirect"], "modes": ["speech"], "min_confidence": 0.5}
    assert {key: settings[key] for key in ("attributor", *kept)} == {"attributor": "sure", **kept}
    with pytest.raises(ValueError, match="mode 'loud' is unknown"):
        na.analyse("no/such/input", tmp_path / "out", attributor={"modes": "loud"})


def test_an_output_that_cannot_be_used_is_refused_before_anything_is_read(tmp_path):
    """A file as folder, and a folder that the next run would read as input."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="this is a file"):
        na.analyse("no/such/input", tmp_path / "file")
    with pytest.raises(OutputError, match="inside the input"):
        na.analyse(tmp_path, tmp_path / "results")
    with pytest.raises(OutputError, match="no analysis wrote"):
        na.analyse(SEEDS, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_input_names_in_the_manifest_are_those_of_the_documents(tmp_path):
    """Files are named from the folder that all of them share, as in documents.source_file; no path of this machine is told."""
    seed = next(SEEDS.iterdir()).name
    for folder in ("deep", "deeper"):
        shutil.copytree(SEEDS, tmp_path / "corpus" / folder)
    (tmp_path / "corpus" / "deeper" / seed).write_text("Rain\n\nIt rained all day, the mayor said.\n")
    out = na.analyse(tmp_path / "corpus", tmp_path / "out", attributor="patterns")
    names = [each["file"] for each in json.loads((out / "manifest.json").read_text())["inputs"]]
    assert names == [f"deep/{seed}", f"deeper/{seed}"] == pd.read_parquet(out / "documents.parquet")["source_file"].unique().tolist()


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    """Half a file never stands under the name of a whole one."""
    path = tmp_path / "table.csv"
    path.write_text("old")
    with pytest.raises(RuntimeError, match="stop"), replacing(path) as part:
        part.write_text("half")
        raise RuntimeError("stop")
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"table.csv": "old"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_replaced_file_keeps_its_permissions_and_a_new_one_has_the_usual(tmp_path):
    """Temporary files are private; what stands in the end is not."""
    old, new, plain = tmp_path / "old", tmp_path / "new", tmp_path / "plain"
    old.write_text("x")
    old.chmod(0o640)
    plain.write_text("x")
    for path in (old, new):
        with replacing(path) as part:
            part.write_text("y")
    assert old.stat().st_mode & 0o777 == 0o640
    assert new.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("start", files.FORMULA)
def test_no_cell_begins_a_formula(tmp_path, start):
    """A text that a spreadsheet would run gets an apostrophe; numbers stay numbers."""
    write_csv(pd.DataFrame({"name": [f"{start}1+1"], "estimate": [-0.5]}), tmp_path / "a.csv")
    read = pd.read_csv(tmp_path / "a.csv")
    assert read["name"].tolist() == [f"'{start}1+1"]
    assert read["estimate"].tolist() == [-0.5]


@pytest.mark.parametrize("before", ["", "\ufeff", "\u200b", "\u2060", " ", "\u3000", "\x0b", "\x1b", "\x00", "'", "a;", "a; ", 'a;"', "a\n", "a\t\u200b"])
@pytest.mark.parametrize("sign", "=+-@\uff1d\uff0b\uff0d\uff20")
def test_no_formula_behind_what_is_not_seen_or_a_semicolon(tmp_path, before, sign):
    """Neither unseen characters nor a semicolon, at which other spreadsheets part cells, lead to a live cell; undone, the text is as it was."""
    text = f"{before}{sign}1+1"
    write_csv(pd.DataFrame({"n": [1], "name": [text]}), tmp_path / "a.csv")
    line = (tmp_path / "a.csv").read_text(encoding="utf-8").split("\n", 1)[1]
    for delimiter in ",;":
        cells = [cell for row in csv.reader(io.StringIO(line, newline=""), delimiter=delimiter) for cell in row]
        assert not [cell for cell in cells if cell.strip(' "\ufeff\u200b\u2060\u3000\x0b\x1b\x00').startswith(sign)]
    assert files.live(files.inert(text)) == text


def test_news_is_not_changed_without_need():
    """Apostrophes, dashes and equals signs inside a text stay alone."""
    for text in ("'Tis rain", "wind - and rain", "a=b", "one; two", "'no', he said; 'yes'", "a\nb"):
        assert files.inert(text) == files.live(text) == text


def test_a_carriage_return_does_not_break_a_row(tmp_path):
    """A text with line breaks of any kind stays in its cell."""
    write_csv(pd.DataFrame({"name": ["a\rb", "a\r\nb", "\r=1"]}), tmp_path / "a.csv")
    assert pd.read_csv(tmp_path / "a.csv")["name"].tolist() == ["a\nb", "a\nb", "'\n'=1"]


@pytest.mark.parametrize("name", ["resolve", "code_cues", "code_scare_quotes", "code_statements", "prominence"])
def test_documents_in_the_place_of_what_was_found_are_refused(name):
    """The error names the function and the step that was left out."""
    with pytest.raises(tables.TableError, match=rf"^{name}: a table of documents was given; give what na.attribute"):
        getattr(na, name)(na.documents(["It rained."]))


def _fixed(texts, *, keep=1):
    for _ in texts:
        yield [na.Attribution(source=(), cue=(), content=((0, keep),))]


class _Slotted:
    __slots__ = ("keep",)

    def __init__(self, keep):
        self.keep = keep

    def __call__(self, texts):
        """The first letters."""
        return _fixed(texts, keep=self.keep)

    def method(self, texts):
        """The same."""
        return self(texts)


def _closed(keep):
    def inner(texts):
        return (answer for answer in _fixed(texts, keep=keep))

    return inner


class _Held:
    def __init__(self, keep):
        self.helper = _Slotted(keep)

    def __call__(self, texts):
        """What the helper does."""
        return self.helper(texts)


@pytest.mark.parametrize("make", [lambda keep: partial(_fixed, keep=keep), _Slotted, _closed, _Held, lambda keep: _Slotted(keep).method])
def test_attributors_of_ones_own_are_told_apart_by_what_they_hold(make):
    """Partial functions, slots, closures, objects in objects and bound methods: alike if what they hold is, and not otherwise."""
    (one, why), (same, _), (other, _) = fingerprint(make(1)), fingerprint(make(1)), fingerprint(make(2))
    assert why is None and one == same != other


def test_a_global_that_a_function_names_counts(monkeypatch):
    """Also one that a piece within it names."""
    before = fingerprint(_closed(1))
    monkeypatch.setitem(globals(), "_fixed", lambda texts, **_: ([] for _ in texts))
    assert fingerprint(_closed(1)) != before


def test_an_attributor_that_cannot_be_told_apart_is_asked_again(tmp_path, capsys):
    """The manifest and a line say why; two that are known apart are both asked, and the same one is asked once."""
    (tmp_path / "rain.txt").write_text("Rain\n\nIt rained all day.\n")
    lengths = []
    for keep in (1, 2):
        out = na.analyse(tmp_path / "rain.txt", tmp_path / "out", attributor=partial(_fixed, keep=keep))
        lengths.append(pd.read_parquet(out / "spans.parquet").text.str.len().tolist())
    assert lengths == [[1], [2]]
    asked = []

    def unclear(texts, numbers=iter(range(9))):  # noqa: B008
        return _fixed(texts, keep=1 + next(numbers))

    for _ in range(2):
        capsys.readouterr()
        out = na.analyse(tmp_path / "rain.txt", tmp_path / "out", attributor=unclear)
        asked.append(pd.read_parquet(out / "spans.parquet").text.str.len().tolist())
        told = json.loads((out / "manifest.json").read_text())["settings"]["nothing_kept"]
        assert "cannot be told from" in told and told in capsys.readouterr().out
    assert asked == [[1], [2]]
