"""What a search of all schedules finds, the default budget finds too, and the other way round."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.schedules.names import STAY
from harness.schedules.search import Bound, Search
from harness.values.program import Side
from harness.values.run import Exited
from tests.bench.agreement import (
    Found,
    by_default,
    by_search,
    disagreements,
    failure_of,
    random_program,
)
from tests.bench.programs import Program
from tests.bench.workbench import Outcome, Workbench

BenchOf = Callable[[Side], Workbench]


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("number", [4, 8])
def test_a_search_and_the_default_budget_agree(bench_of: BenchOf, side: Side, number: int) -> None:
    """A sample of what ``python -m tests.bench agreement`` holds to that."""
    bench = bench_of(side)
    program = random_program(side, number)
    search, searched = by_search(bench, program, 100)
    assert [] == list(disagreements(search, searched, by_default(bench, program)))


@pytest.mark.parametrize("side", Side)
def test_a_sleep_in_the_place_of_a_join_is_found_by_both(bench_of: BenchOf, side: Side) -> None:
    """Both runtimes tell what may come early."""
    bench = bench_of(side)
    program = Program(side=side, file="small", arguments=("s", "l"), granularity="sync")
    record = bench.run(program, STAY, candidates=True).record
    assert record is not None
    _, searched = by_search(bench, program, 100)
    assert record.tells_candidates
    assert {"bad"} == set(searched.failures)
    assert {"bad"} == set(by_default(bench, program).failures)


def outcome(stdout: str, code: int = 0) -> Outcome:
    """A run that printed this."""
    return Outcome(stdout=stdout, stderr="", ending=Exited(code))


def test_failures_are_told_apart_by_what_main_says_and_how_the_run_ends() -> None:
    """Lines of threads before and after do not count."""
    assert "" == failure_of(outcome("line\ngood\n"))
    assert "" == failure_of(outcome("good\nline\n"))
    assert "bad" == failure_of(outcome("line\nbad\n"))
    assert "Exited" == failure_of(outcome("", 101))


def test_what_only_one_has_found_is_a_disagreement() -> None:
    """Unless it is out of the other's reach: past the bound, or not complete."""
    search = Search(Bound(preemptions=1))
    near, far = Found(failures={"bad": [(1, 0)]}), Found(failures={"bad": [(2, 0), (1, 2)]})
    assert search.reached == -1
    assert [] == list(disagreements(search, Found(), near))
    search.left = 0
    assert 1 == len(list(disagreements(search, Found(), near)))
    assert [] == list(disagreements(search, Found(), far))
    assert 1 == len(list(disagreements(search, near, Found())))
    search.deny(["asyncio"])
    assert [] == list(disagreements(search, Found(), near))
