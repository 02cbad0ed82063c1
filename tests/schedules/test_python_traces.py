"""Searches for one run of each trace of Python programs, by real runs of those in `python/`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.schedules.serving import serving
from tests.schedules.python_traced import (
    FOLLOWED,
    FREE_THREADED,
    IS_COVERED,
    small_program,
    starter,
)
from tests.schedules.traced import Start, differences, explore

pytestmark = pytest.mark.skipif(not IS_COVERED, reason="no instructions are followed here")


@pytest.fixture
def start() -> Iterator[Start]:
    """Makes runs."""
    with serving(1):
        yield starter()


TRACES = {
    "j a a": 4,
    "j b b": 4,
    "j lau lau": 2,
    "j lmvu mluv": 3,
    "j x y": 2,
    "j i i": 1,
    "looks": 1,
}
"""The numbers are those of the traces where no order of lines is one."""


@pytest.mark.parametrize("label", FOLLOWED)
def test_each_trace_is_run_once(label: str) -> None:
    """On each interpreter of which it is known what its instructions touch."""
    with serving(1):
        start = starter(python=FOLLOWED[label])
        explore(start, "j i i", limit=3, is_native=False)  # the first compiles what it imports
        for what, traces in TRACES.items():
            seen = explore(start, what, early=True, commute=True, is_native=False, limit=40)
            assert seen.search.is_complete, (what, seen.search.uncovered, seen.search.flaws)
            assert seen.search.traces == traces, what
            # Two more where the first run, which is started for itself, had its objects elsewhere
            # than those of the server: the search begins anew with the second.
            assert seen.search.tried - traces in (0, 2), what


@pytest.mark.parametrize("label", FOLLOWED)
def test_the_exit_of_the_interpreter_comes_after_the_ends_that_it_waits_for(label: str) -> None:
    """As a join does: no run is tried in which what comes then came before."""
    with serving(1):
        start = starter(python=FOLLOWED[label])
        explore(start, "outlived", limit=3, is_native=False)  # the first compiles what it imports
        seen = explore(start, "outlived", early=True, limit=20, is_native=False)
    assert seen.search.is_complete, (seen.search.uncovered, seen.search.flaws)
    assert seen.outcomes.keys() == {("exit", "2\n")}
    assert (seen.search.traces, seen.search.tried) == (2, 2)


@pytest.mark.parametrize("commute", [False, True])
def test_who_waits_for_what_nobody_names_might_have_come_before(
    start: Start, commute: bool
) -> None:
    """Main flushes stdout at its end, and waits for the daemon that is in the midst of a line."""
    seen = explore(start, "left_behind", early=True, commute=commute, limit=60, is_native=False)
    assert seen.search.is_complete, (seen.search.uncovered, seen.search.flaws)
    lines = {tuple(sorted(stdout.split())) for _, stdout in seen.outcomes}
    assert lines == {("main",), ("first", "main"), ("first", "main", "second")}


@pytest.mark.parametrize("label", FREE_THREADED)
def test_nothing_is_claimed_where_there_is_no_gil(label: str) -> None:
    """Each instruction is a point there, and frames are others."""
    with serving(1):
        seen = explore(starter(python=FREE_THREADED[label]), "j i i", limit=2, is_native=False)
    assert "instructions" in seen.search.uncovered


def test_waits_that_may_wake_for_nothing_are_not_covered(start: Start) -> None:
    """Unless nobody asks for that; then the same program is searched to its end."""
    seen = explore(start, "j w n", early=True, commute=True, spurious=1, limit=2)
    assert seen.search.uncovered == ("wake-ups for nothing",)
    seen = explore(start, "j w n", early=True, commute=True)
    assert seen.search.is_complete, (seen.search.uncovered, seen.search.flaws)


def test_a_run_in_which_all_are_asleep_ends_whoever_holds_the_stream(start: Start) -> None:
    """Main waits for the lock of stdout, which one has who is asleep in the midst of a print."""
    seen = explore(start, "p p a", early=True, limit=12)
    assert (seen.search.tried, seen.search.flaws) == (12, ())


def test_what_c_code_reads_it_reads_between_the_calls_that_it_makes(start: Start) -> None:
    """Its list is emptied at any of them."""
    seen = explore(start, "mapped", early=True, limit=50, is_native=False)
    assert seen.search.is_complete, (seen.search.uncovered, seen.search.flaws)
    assert {stdout for _, stdout in seen.outcomes} == {"[1, 2, 3]\n", "[1, 2]\n", "[1]\n", "[]\n"}


def test_reads_of_many_numbers_commute(start: Start) -> None:
    """They need not be looked at one by one to know that they never change."""
    seen = explore(start, "wide", early=True, commute=True, limit=20, is_native=False)
    assert seen.search.is_complete, (seen.search.uncovered, seen.search.flaws)
    assert (seen.search.traces, len(seen.outcomes)) == (1, 1)


@pytest.mark.parametrize("label", FOLLOWED)
def test_a_complete_search_has_seen_what_schedules_show(label: str) -> None:
    """Of a random small program."""
    with serving(1):
        start = starter(python=FOLLOWED[label])
        assert differences(start, small_program(0), 6, 12, limit=150, is_native=False)[1] == []


@pytest.mark.parametrize("label", FOLLOWED)
def test_memory_does_not_depend_on_who_is_asleep(label: str) -> None:
    """Else what the program makes next lies elsewhere, and no run leads where one has led before.

    All is chosen here, and nobody wakes the one who sleeps: the run is the same.
    """
    what, asked = "j zlau lau ze lau lau", "0ls"
    with serving(1):
        start = starter(python=FOLLOWED[label])
        start(what, "switch:early@*", asked)  # the first compiles what it imports
        plain, _ = start(what, "switch:early@*", asked)
        choices = ",".join(f"{each.number}>{each.chosen}" for each in plain.decisions)
        beside, _ = start(what, f"switch:{choices},early@*", f"{asked};1=w:1")
    assert beside.told == plain.told
