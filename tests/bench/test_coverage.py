"""The part that measures coverage: its statistics, and small samples and searches."""

from __future__ import annotations

from collections.abc import Callable
from math import isclose

import pytest

from harness.schedules.names import STAY
from harness.schedules.rotation import controlled_rotation
from harness.values.program import Side
from tests.bench.coverage import (
    Spread,
    _check,
    even_spread,
    report_samples,
    sample,
    search,
    spread_of,
)
from tests.bench.programs import pair
from tests.bench.workbench import Workbench

BenchOf = Callable[[Side], Workbench]


def test_the_spread_of_a_sample() -> None:
    """All outcomes alike are at no distance; one of four only, at three quarters."""
    assert Spread(4, 0.0, 0.0) == spread_of((2, 2, 2, 2), 4)
    assert Spread(1, 0.75, 8.0) == spread_of((8,), 4)


def test_even_draws_are_what_one_expects() -> None:
    """2,000 even draws of 3,003 come to about 1,460, with a chi-square like its freedom."""
    even = even_spread(2000, 3003)
    assert (1460, 1.0) == (round(even.distinct), round(even.chi_square, 1))
    assert isclose(even.distance, 0.514, abs_tol=0.02)


@pytest.mark.parametrize("side", list(Side))
def test_a_sample_of_a_pair(bench_of: BenchOf, side: Side) -> None:
    """One schedule over and over gives one interleaving; the rotation gives more."""
    bench = bench_of(side)
    assert 1 == sample(bench, pair(side, 3, 4), [STAY] * 3).distinct
    assert 1 < sample(bench, pair(side, 3, 4), controlled_rotation(12)).distinct


@pytest.mark.parametrize("side", list(Side))
def test_a_search_comes_to_every_interleaving_and_says_so(bench_of: BenchOf, side: Side) -> None:
    """Two lines and one: three interleavings, and the search has ended."""
    found, finder = search(bench_of(side), pair(side, 2, 1))
    assert (3, True) == (found, finder.is_complete)


def test_what_is_no_interleaving_ends_the_benchmark() -> None:
    """A lost line would make nonsense of the counts."""
    with pytest.raises(SystemExit, match="lines 2 1: no interleaving: 'MW'"):
        _check(pair(Side.RUST, 2, 1), ["MMW", "MW"])


def test_the_table_of_a_pair(bench_of: BenchOf, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for even draws, each strategy, the rotation and plain runs."""
    report_samples(bench_of(Side.RUST), pair(Side.RUST, 2, 1), 4)
    lines = capsys.readouterr().out.splitlines()
    assert "coverage: lines 2 1 (" == lines[0][:21]
    names = ["even", "random", "sticky", "pct1", "pct2", "pct3", "weighted", "rotation", "plain"]
    assert names == [line.split()[0] for line in lines[2:]]
