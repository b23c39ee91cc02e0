"""The bootstrap by document: closed forms, order, degenerate cases."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsanalysis import resampling
from newsanalysis.resampling import bootstrap_interval


def share(sums):
    """First column by second."""
    return sums[..., :1] / sums[..., 1:2]


def binomial_quantile(n, p, level):
    """The smallest k with P(X <= k) >= level."""
    total = 0.0
    for k in range(n + 1):
        total += math.comb(n, k) * p**k * (1 - p) ** (n - k)
        if total >= level:
            return k
    return n


@pytest.mark.parametrize(("n", "hits"), [(20, 10), (40, 10), (100, 30)])
def test_interval_of_a_share_is_the_binomial_one(n, hits):
    """With one attribution a document the bootstrap share is binomial: its quantiles are the interval, up to one document."""
    sums = np.array([[1.0, 1.0]] * hits + [[0.0, 1.0]] * (n - hits))
    low, high = bootstrap_interval(sums, share, resamples=4000)
    assert abs(low[0] - binomial_quantile(n, hits / n, 0.025) / n) <= 1 / n + 1e-9
    assert abs(high[0] - binomial_quantile(n, hits / n, 0.975) / n) <= 1 / n + 1e-9


def test_interval_of_a_mean_is_the_normal_one():
    """For many documents the interval of a mean is mean ± 1.96 standard errors."""
    x = np.random.default_rng(1).normal(3, 1, 400)
    low, high = bootstrap_interval(np.column_stack([x, np.ones(400)]), share, resamples=4000)
    half = 1.959964 * x.std() / math.sqrt(400)
    assert low[0] == pytest.approx(x.mean() - half, abs=0.1 * half)
    assert high[0] == pytest.approx(x.mean() + half, abs=0.1 * half)


def test_documents_are_drawn_not_units():
    """Copying each document's units within it leaves the interval as it is: there is no more information."""
    sums = np.array([[1.0, 2.0], [0.0, 3.0], [4.0, 5.0], [1.0, 1.0]])
    assert np.array_equal(bootstrap_interval(sums, share), bootstrap_interval(sums * 16, share))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_order_does_not_matter(rows, random):
    """The same documents in another order give the same interval to the last digit."""
    # Planted: drawing from the rows as they stand.
    shuffled = list(rows)
    random.shuffle(shuffled)
    intervals = [bootstrap_interval(np.array(some, dtype=float), share, resamples=100) for some in (rows, shuffled)]
    assert np.array_equal(intervals[0], intervals[1], equal_nan=True)


def test_same_seed_same_interval():
    """An integer seed and a generator made from it give the same interval; another seed another one."""
    sums = np.random.default_rng(0).random((30, 2)) + 1
    first = bootstrap_interval(sums, share, rng=7)
    assert np.array_equal(first, bootstrap_interval(sums, share, rng=np.random.default_rng(7)))
    assert not np.array_equal(first, bootstrap_interval(sums, share, rng=8))


@pytest.mark.parametrize("documents", [0, 1])
def test_one_document_has_no_interval(documents):
    """With fewer than two documents the interval is missing, not zero."""
    low, high = bootstrap_interval(np.ones((documents, 2)), share)
    assert np.isnan([*low, *high]).all()
    assert len(low) == 1


def test_no_variation_no_interval():
    """Where all documents agree the interval is missing: resampling says nothing about uncertainty."""
    assert np.isnan(bootstrap_interval(np.array([[1.0, 2.0]] * 9), share)).all()


def test_statistic_without_value_in_most_resamples():
    """A group in two of very many documents with a base of nothing elsewhere has no interval where most resamples lack it."""
    sums = np.zeros((10, 2))
    sums[0] = 1, 2
    low, _ = bootstrap_interval(sums, share)
    assert np.isnan(low).all()


def test_distinct_rows_and_plain_drawing_agree():
    """Counting equal documents together changes nothing but speed: both ways give the binomial interval."""
    sums = np.array([[1.0, 1.0], [0.0, 1.0]] * 200)
    by_counts = bootstrap_interval(sums, share, resamples=4000)
    distinct = np.column_stack([sums, np.linspace(0, 1, 400)])  # a third column that makes all rows differ
    one_by_one = bootstrap_interval(distinct, share, resamples=4000)
    assert np.allclose(by_counts, one_by_one, atol=0.006)


def test_chunks_do_not_change_the_draws(monkeypatch):
    """The number of resamples held at a time does not change the interval."""
    sums = np.random.default_rng(0).random((30, 2)) + 1
    whole = bootstrap_interval(sums, share, resamples=50)
    monkeypatch.setattr(resampling, "CHUNK", 90)
    assert np.array_equal(whole, bootstrap_interval(sums, share, resamples=50))


def test_level_is_checked():
    """A level outside (0, 1) is refused; a lower level gives a narrower interval."""
    sums = np.random.default_rng(0).random((30, 2)) + 1
    wide, narrow = (np.ptp(bootstrap_interval(sums, share, level=level)) for level in (0.95, 0.5))
    assert narrow < wide
    with pytest.raises(ValueError, match="level"):
        bootstrap_interval(sums, share, level=95)
