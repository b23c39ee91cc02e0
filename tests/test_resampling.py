"""The bootstrap by document: closed forms, order, degenerate cases."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsanalysis import resampling
from newsanalysis.resampling import bootstrap_interval, difference_interval, permutation_test


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


def by_hand(sums, first, statistic):
    """|t| of each division of the documents, written out: the influence of each document by moving it a little, squared and summed."""

    def group(rows):
        total, weight = rows.sum(axis=0), 1e-6
        influence = np.array([(statistic(total + weight * row) - statistic(total - weight * row))[0] / (2 * weight) for row in rows])
        return statistic(total)[0], ((influence - influence.mean()) ** 2).sum() * len(rows) / (len(rows) - 1)

    (a, of_a), (b, of_b) = group(sums[first]), group(sums[~first])
    return abs(a - b) / math.sqrt(of_a + of_b)


def balance(sums):
    """(a - b) / (a + b)."""
    return (sums[..., :1] - sums[..., 1:2]) / (sums[..., :1] + sums[..., 1:2])


@pytest.mark.parametrize("statistic", [share, balance])
def test_p_of_few_documents_is_that_of_all_divisions(statistic):
    """With eight documents p is the share of the 56 ways to choose three whose |t|, computed one by one, is as large."""
    sums = np.random.default_rng(3).integers(1, 9, (8, 2)).astype(float) + np.array([0, 9])
    first = np.array([True, False, True, False, False, True, False, False])
    everyone = []
    for chosen in itertools.combinations(range(8), 3):
        group = np.isin(np.arange(8), chosen)
        everyone.append(by_hand(sums, group, statistic))
    p = np.mean(np.array(everyone) >= by_hand(sums, first, statistic) * (1 - 1e-6))
    assert permutation_test(sums, first, statistic) == pytest.approx(p)


def test_p_of_one_unit_a_document_is_fishers():
    """Eight of ten against two of ten, one unit each: Fisher's exact test, 2 × (C(10,8) C(10,2) + C(10,9) C(10,1) + 1) / C(20,10) = .0230."""
    sums = np.array([[1.0, 1.0]] * 8 + [[0.0, 1.0]] * 2 + [[1.0, 1.0]] * 2 + [[0.0, 1.0]] * 8)
    p = 2 * (math.comb(10, 8) ** 2 + math.comb(10, 9) ** 2 + 1) / math.comb(20, 10)
    drawn = permutation_test(sums, np.arange(20) < 10, share, permutations=20_000)
    assert drawn == pytest.approx(p, abs=4 * math.sqrt(p / 20_000))


def test_a_small_group_beside_a_large_one():
    """Slopes are taken at the small group's own sums: a logarithm of two documents' sums has a p beside 200,000 documents."""
    # Caught: steps that were a part of all documents' sums, larger than what two documents have.
    sums = np.array([[1.0, 1.0], [1.0, 2.0]] + [[1.0, 2.0], [2.0, 1.0], [2.0, 2.0]] * 66_000)
    first = np.arange(len(sums)) < 2
    p = permutation_test(sums, first, lambda s: np.log(s[..., :1]) - np.log(s[..., 1:]), permutations=99)
    assert 1 / 100 <= p <= 1


def test_where_nearly_all_resamples_agree_there_is_no_interval():
    """An interval that would end where it begins is none: one document in ten has a hit, four hits are drawn once in a hundred times or so."""
    # Caught: [0, 0] and [1, 1] beside estimates, as if they were known exactly.
    sums = np.array([[1.0]] + [[0.0]] * 9)
    low, high = bootstrap_interval(sums, lambda s: (s >= 4).astype(float))
    assert np.isnan([low, high]).all()


def test_p_is_never_zero():
    """The smallest p of m random divisions is 1 / (m + 1); of all 20 divisions of six documents, 2/20."""
    sums = np.array([[1.0, 1.0]] * 40 + [[0.0, 1.0]] * 40)
    assert permutation_test(sums, np.arange(80) < 40, share, permutations=99) == 1 / 100
    assert permutation_test(sums[37:43], np.arange(6) < 3, share) == 2 / 20


def test_no_difference_has_p_1():
    """Two groups of the same documents have p 1, and documents that are all alike too."""
    sums = np.array([[1.0, 2.0], [0.0, 3.0], [2.0, 5.0]] * 2)
    assert permutation_test(sums, np.arange(6) < 3, share) == 1
    assert permutation_test(np.ones((30, 2)), np.arange(30) < 10, share) == 1


def test_a_group_of_one_document_has_no_p():
    """With one document in a group there is neither p nor interval; nor is there a p where a group has no value."""
    sums = np.array([[1.0, 2.0], [0.0, 3.0], [2.0, 5.0]])
    assert math.isnan(permutation_test(sums, np.array([True, False, False]), share))
    assert np.isnan(difference_interval(sums, np.array([True, False, False]), share)).all()
    assert math.isnan(permutation_test(np.array([[0.0, 0.0]] * 2 + [[1.0, 2.0]] * 2), np.arange(4) < 2, share))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5), st.booleans()), min_size=4, max_size=30), st.randoms(use_true_random=False))
def test_order_of_documents_does_not_change_a_comparison(rows, random):
    """The same documents in another order have the same p and interval to the last digit; with the groups exchanged the p stays."""
    # Planted: dealing out the rows as they stand; a one-sided p.
    shuffled = list(rows)
    random.shuffle(shuffled)
    results = []
    for some in (rows, shuffled):
        sums, first = np.array([row[:2] for row in some], dtype=float), np.array([row[2] for row in some])
        p = permutation_test(sums, first, share, permutations=50)
        results.append([p, *difference_interval(sums, first, share, resamples=50)])
        if len(sums) < 12:
            assert permutation_test(sums, ~first, share) == pytest.approx(p, nan_ok=True)
    for one, other in zip(*results, strict=True):
        assert np.array_equal(one, other, equal_nan=True)


def test_interval_of_a_difference_is_the_normal_one():
    """For many documents the interval of a difference of means is the difference ± 1.96 standard errors, of groups of other sizes and spread too."""
    generator = np.random.default_rng(1)
    x = np.concatenate([generator.normal(3, 1, 100), generator.normal(2, 3, 300)])
    first = np.arange(400) < 100
    low, high = difference_interval(np.column_stack([x, np.ones(400)]), first, share, resamples=4000)
    half = 1.959964 * math.sqrt(x[first].var() / 100 + x[~first].var() / 300)
    middle = x[first].mean() - x[~first].mean()
    assert low[0] == pytest.approx(middle - half, abs=0.1 * half)
    assert high[0] == pytest.approx(middle + half, abs=0.1 * half)


def test_p_of_a_difference_of_means_is_welchs():
    """For many documents p is that of Welch's test (normal): groups of other sizes and spread, where pooling them would be wrong."""
    generator = np.random.default_rng(5)
    x = np.concatenate([generator.normal(0.5, 3, 60), generator.normal(0, 1, 240)])
    first = np.arange(300) < 60
    t = (x[first].mean() - x[~first].mean()) / math.sqrt(x[first].var(ddof=1) / 60 + x[~first].var(ddof=1) / 240)
    drawn = permutation_test(np.column_stack([x, np.ones(300)]), first, share, permutations=5000)
    assert drawn == pytest.approx(math.erfc(abs(t) / math.sqrt(2)), abs=0.03)
