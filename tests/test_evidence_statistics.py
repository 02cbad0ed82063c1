"""statistics of evidence: held against sums that are plainly right, and known values."""

from __future__ import annotations

import math
import random
from collections import Counter
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.record.reading import Evidence, Summary
from harness.record.records import RecordedProgram
from harness.record.statistics import (
    at_most,
    chance_of_new,
    evenness,
    expected_distinct,
    frequency_classes,
    likely_unseen,
    new_bound,
    rate_bound,
)
from harness.values.program import Side

COUNTS = st.lists(st.integers(1, 40), max_size=30)


def summed(successes: int, trials: int, rate: Fraction) -> Fraction:
    """The probability of so many successes or fewer, term by term and exact."""
    return sum(
        (math.comb(trials, k) * rate**k * (1 - rate) ** (trials - k) for k in range(successes + 1)),
        Fraction(0),
    )


@given(trials=st.integers(1, 120), share=st.floats(0, 1), rate=st.fractions(0, 1))
def test_the_binomial_is_that_of_the_plain_sum(trials: int, share: float, rate: Fraction) -> None:
    """The incomplete beta function gives what adding up all terms gives."""
    rate = rate.limit_denominator(1000)
    successes = round(share * trials)
    expected = float(summed(successes, trials, rate))
    assert expected == pytest.approx(at_most(successes, trials, float(rate)), abs=1e-10)


@given(runs=st.integers(1, 2000), share=st.floats(0, 1))
def test_the_bound_is_where_so_few_violations_become_incredible(runs: int, share: float) -> None:
    """At the bound, so few violations have just the probability 0.05."""
    violations = min(runs - 1, round(share * runs))
    bound = rate_bound(violations, runs)
    assert pytest.approx(0.05, abs=1e-6) == at_most(violations, runs, bound)


@pytest.mark.parametrize(
    ("violations", "runs", "expected"),
    [
        (0, 1, 0.95),
        (0, 10, 0.2588656),
        (0, 3000, 0.0009980792),
        (1, 10, 0.3941633),
        (5, 100, 0.1022534),
        (50, 100, 0.5863783),
        (10, 10, 1.0),
        (0, 0, 1.0),
    ],
)
def test_the_bound_has_its_known_values(violations: int, runs: int, expected: float) -> None:
    """Values of published tables of one-sided 95 % limits."""
    assert expected == pytest.approx(rate_bound(violations, runs), rel=1e-5)


@given(runs=st.integers(100, 100_000))
def test_without_violations_the_bound_is_the_rule_of_three(runs: int) -> None:
    """No violation in n runs: about 3 / n, and never more."""
    assert 0.93 * 3 / runs < rate_bound(0, runs) < 3 / runs


def test_a_bound_on_a_million_runs_is_quick_and_sound() -> None:
    """Half a million violations in a million runs: a little above one half."""
    assert 0.5 < rate_bound(500_000, 1_000_000) < 0.501


@pytest.mark.parametrize(("violations", "runs"), [(-1, 5), (6, 5)])
def test_impossible_numbers_have_no_rate(violations: int, runs: int) -> None:
    """More violations than runs, or fewer than none, are a mistake of the caller."""
    with pytest.raises(ValueError, match="no rate comes of"):
        rate_bound(violations, runs)


@given(counts=COUNTS)
def test_the_chance_of_something_new_is_the_share_of_singles(counts: list[int]) -> None:
    """Good and Turing: things seen once, of all that was seen."""
    expected = counts.count(1) / sum(counts) if counts else 1.0
    assert expected == chance_of_new(counts)


def test_a_chance_of_nothing_new_has_a_bound() -> None:
    """Three in the number of runs, as after so many runs without any violation."""
    assert 1.0 == new_bound(0) == new_bound(2)
    assert 0.003 == pytest.approx(new_bound(1000), rel=0.01)


@pytest.mark.parametrize("things", [2, 8, 50])
def test_the_bound_of_something_new_holds_in_all_but_one_of_twenty_cases(things: int) -> None:
    """Of samples in which nothing was seen once, of things that come equally often.

    Whatever the mean chance of something new is after so many runs, if it is above the bound,
    fewer than one sample in twenty has nothing that was seen once.
    """
    chance = random.Random(things)
    for runs in (10, 40, 160):
        new = (1 - 1 / things) ** runs
        samples = [Counter(chance.choices(range(things), k=runs)) for _ in range(400)]
        without = sum(1 not in sample.values() for sample in samples)
        assert new <= new_bound(runs) or without / len(samples) <= 0.08


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([], 0.0), ([1], 0.0), ([1, 1], 0.5), ([1, 1, 1, 1, 2, 2, 3], 10 / 11 * 16 / 4), ([5, 7], 0)],
)
def test_what_is_unseen_follows_from_singles_and_doubles(
    counts: list[int], expected: float
) -> None:
    """Chao's lower bound, worked by hand."""
    assert expected == pytest.approx(likely_unseen(counts))


@given(allowed=st.integers(1, 12), runs=st.integers(0, 30))
def test_uniform_choices_show_as_many_as_they_should(allowed: int, runs: int) -> None:
    """The expectation, from the chance of each to be missed every time."""
    expected = allowed * (1 - Fraction(allowed - 1, allowed) ** runs)
    assert float(expected) == pytest.approx(expected_distinct(allowed, runs))


def test_evenness_is_whole_for_equal_counts_and_falls_with_one_that_leads() -> None:
    """1 for equal counts and for a single one; near 0 where one has nearly all."""
    assert pytest.approx(1.0) == evenness([7, 7, 7])
    assert evenness([3]) == 1.0
    assert 0 < evenness([1000, 1, 1]) < 0.02


@given(counts=COUNTS)
def test_every_count_is_in_one_frequency_class(counts: list[int]) -> None:
    """The classes follow on one another, and count everything once."""
    classes = frequency_classes(counts)
    assert len(counts) == sum(number for _, _, number in classes)
    for (_, most, _), (least, _, _) in pairwise(classes):
        assert most + 1 == least
    for least, most, number in classes:
        assert number == sum(least <= count <= most for count in counts)


def test_runs_on_one_core_are_natural_too() -> None:
    """Nobody steers them: they count among those that say how often something comes by itself."""
    subject = RecordedProgram(
        example="t/e",
        side=Side.RUST,
        program="main",
        digest="",
        source="",
        toolchain="stable",
        version="1.95.0",
    )
    runs = {"plain": 2, "one-core": 3, "yield": 5, "random": 7, "pct2": 11}
    strategies = {name: Summary(runs=count) for name, count in runs.items()}
    assert Evidence(subject=subject, total=Summary(), strategies=strategies).plain.runs == 5
