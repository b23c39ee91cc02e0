"""Where in the texts each group speaks."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis.found import Found


def found_of(*texts: tuple[int, list[tuple[str, int, int]]]) -> Found:
    """What was found in texts of these lengths: contents with camp, start and end."""
    documents = pd.DataFrame({"document_id": [f"d{n}" for n in range(len(texts))], "text": ["x" * length for length, _ in texts], "kind": "article"})
    rows = [(f"d{n}#{k}", f"d{n}", camp, start, end) for n, (_, pieces) in enumerate(texts) for k, (camp, start, end) in enumerate(pieces, 1)]
    table = pd.DataFrame(rows, columns=["attribution_id", "document_id", "affiliation", "start", "end"])
    table = table.assign(kind="direct", attributor="hand@1", speaker="Ann", role="official", content=["x" * (end - start) for *_, start, end in rows])
    spans = table[["attribution_id", "start", "end"]].assign(role="content", text=table.content)
    return Found(documents, table, spans)


def test_shares_of_the_tenths_in_closed_form() -> None:
    """Two texts of 100 and 200 characters: each counts as one, and each tenth is of its own text."""
    table = na.voice_profile(found_of((100, [("a", 0, 10), ("b", 5, 15)]), (200, [("a", 10, 20)])))
    shares = table.pivot_table(index="affiliation", columns="tenth", values="estimate")
    assert shares.loc["a", "1"] == pytest.approx((1 + 0.5) / 2)
    assert shares.loc["b", ["1", "2"]].tolist() == pytest.approx([0.25, 0.25])
    assert shares[[str(k) for k in range(3, 11)]].to_numpy().sum() == 0
    assert table.affiliation.unique().tolist() == ["a", "b"]
    assert table.loc[table.tenth == "1", ["n", "n_documents"]].to_numpy().tolist() == [[2, 2], [1, 1]]


def test_what_two_pieces_of_one_group_share_counts_once() -> None:
    """A quotation within a quotation of the same camp fills no place twice."""
    table = na.voice_profile(found_of((100, [("a", 0, 10), ("a", 2, 8), ("a", 4, 20)])))
    assert table.estimate.head(2).tolist() == [1.0, 1.0]
    assert table.n.head(3).tolist() == [3, 1, 0]


def test_outlets_apart() -> None:
    """With an outlet each outlet's texts are a whole by themselves."""
    found = found_of((100, [("a", 0, 10)]), (100, [("a", 90, 100)]))
    table = na.voice_profile(Found(found.documents.assign(outlet=["p", "q"]), found.attributions, found.spans), by=["outlet", "affiliation"])
    assert table[table.estimate > 0][["outlet", "tenth", "estimate"]].to_numpy().tolist() == [["p", "1", 1.0], ["q", "10", 1.0]]


PIECES = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 79), st.integers(1, 40)), max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(11, 80), PIECES), min_size=1, max_size=5))
def test_the_tenths_hold_every_character_once(drawn: list[tuple[int, list[tuple[str, int, int]]]]) -> None:
    """A group's tenths add up to the characters that its contents cover, whatever lies over what.

    Planted faults this catches: pieces that overlap counted twice; a piece over two tenths given to one; length and tenth of another text.
    """
    texts = [(length, [(camp, start, min(length, start + size)) for camp, start, size in pieces if start < length]) for length, pieces in drawn]
    table = na.voice_profile(found_of(*texts))
    for camp in "ab":
        covered = [len(set().union(*(range(start, end) for one, start, end in pieces if one == camp))) / length for length, pieces in texts]
        assert table[table.affiliation == camp].estimate.sum() / 10 == pytest.approx(np.mean(covered) if camp in set(table.affiliation) else 0)
    assert table.estimate.between(0, 1 + 1e-9).all()


def test_positions_of_found_can_be_drawn() -> None:
    """The pieces of a text are in order, with the length of their own text, and plot_positions takes them as they are."""
    pieces = na.positions(found_of((100, [("b", 50, 60), ("a", 0, 10)]), (50, [("a", 5, 9)])))
    assert pieces.drop(columns="attribution_id").to_numpy().tolist() == [["a", 0, 10, 100, "d0"], ["b", 50, 60, 100, "d0"], ["a", 5, 9, 50, "d1"]]
    assert [label.get_text() for label in na.plot_positions(pieces).get_yticklabels()] == ["A", "B"]


def test_the_camp_is_drawn_whatever_stands_before_it() -> None:
    """A merged table has ids and kinds before the camp: lanes are of camps."""
    found = found_of((100, [("a", 0, 10), ("b", 50, 60)]))
    merged = found.attributions.assign(length=100)
    assert [label.get_text() for label in na.plot_positions(merged).get_yticklabels()] == ["A", "B"]


def test_a_table_without_tenths_is_refused() -> None:
    """The message says which measure has them."""
    with pytest.raises(na.TableError, match=r"plot_profile: the table needs a column tenth, as na.voice_profile returns it"):
        na.plot_profile(na.share_of_voice(found_of((100, [("a", 0, 10)])).attributions))
