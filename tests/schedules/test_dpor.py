"""The reduced search against a model that enumerates states, and knows of no dependence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.schedules.dependence import Kind, Touch, depend, read_touch, wakes
from harness.schedules.dpor import Branch, ReducedSearch
from harness.schedules.record import Candidates, Record, Step
from tests.schedules.dpor_model import (
    Outcome,
    Program,
    enumerate_outcomes,
    random_program,
    run,
)

JOINED = ("j1", "j2")
KINDS = ("rrwwaclltp", "lllrwp", "ltltrw", "rwan")
"""What random programs do."""


def explore(program: Program) -> tuple[ReducedSearch, list[Record], set[Outcome]]:
    """A search to its end; the records of its runs but those that ended asleep."""
    search, records, outcomes = ReducedSearch(), [], set()
    while (branch := search.next()) is not None:
        record, outcome = run(program, branch)
        search.add(record)
        if record.end != "asleep":
            records.append(record)
            outcomes.add(outcome)
    return search, records, outcomes


def updates(threads: int, times: int) -> Program:
    """So many threads that each read and write one word so often."""
    joins = tuple(f"j{number + 1}" for number in range(threads))
    return (joins, *[("r0", "w0") * times for _ in range(threads)])


def philosophers(count: int) -> Program:
    """Each takes its own lock and then the next one's."""
    joins = tuple(f"j{number + 1}" for number in range(count))
    locks = [(number, (number + 1) % count) for number in range(count)]
    return (joins, *[(f"l{a}", f"l{b}", f"u{b}", f"u{a}") for a, b in locks])


@pytest.mark.parametrize(
    ("program", "traces"),
    [
        (updates(2, 1), 4),
        (updates(2, 2), 34),
        (updates(2, 3), 328),
        ((JOINED, ("p",) * 3, ("p",) * 4), 35),
        ((JOINED, ("p",) * 4, ("p",) * 5), 126),
        (philosophers(2), 3),
        (philosophers(3), 7),
        ((JOINED, ("r0",) * 3, ("r0",) * 3), 1),
        ((JOINED, ("l0", "w0", "u0"), ("l0", "r0", "u0")), 2),
    ],
)  # fmt: skip
def test_each_trace_is_run_once(program: Program, traces: int) -> None:
    """The numbers are those of the traces, counted apart."""
    search, records, _ = explore(program)
    assert search.is_complete
    assert (traces, traces) == (search.tried, len(records))


@pytest.mark.parametrize(
    ("kinds", "seed"),
    [
        *((kinds, seed) for kinds in KINDS for seed in range(60)),
        *(("hrwl", seed) for seed in (0, 1, 2, 3, 4, 7, 8, 9, 11)),
    ],
)
def test_a_complete_search_saw_every_outcome(kinds: str, seed: int) -> None:
    """Of random small programs, main being the one who may end them early."""
    program = random_program(seed, kinds)
    search, records, outcomes = explore(program)
    assert search.is_complete
    assert outcomes == enumerate_outcomes(program)
    if "q" not in program[0] and "h" not in kinds:
        traces = [trace_of(record) for record in records]
        assert len(set(traces)) == len(traces)


def trace_of(record: Record) -> frozenset[object]:
    """What tells the trace of a run: its steps, and in which order the dependent ones are."""
    done: dict[int, int] = {}
    named: list[tuple[tuple[int, int], Step]] = []
    for step in record.told:
        done[step.thread] = done.get(step.thread, 0) + 1
        named.append(((step.thread, done[step.thread]), step))
    ordered = {
        (before, after)
        for at, (after, later) in enumerate(named)
        for before, earlier in named[:at]
        if any(depend(one, two) for one in earlier.touches for two in later.touches)
    }
    return frozenset([*ordered, *((name, step.touches) for name, step in named)])


def test_the_first_failure_comes_early() -> None:
    """An update is lost in the second run or the third."""
    search, lost, runs = ReducedSearch(), updates(2, 1), 0
    while (branch := search.next()) is not None:
        runs += 1
        record, (_, _, _, words) = run(lost, branch)
        search.add(record)
        if words == (1, 0) or len({step.thread for step in record.told[:2]}) == 2:
            break
    assert runs <= 3


def told(*touches: str, end: str = "exit", **parts: object) -> Record:
    """The record of a run of two threads, a step a touch, by turns."""
    steps = [
        Step(number % 2, number, (0, 1), (read_touch(touch),))
        for number, touch in enumerate(touches)
    ]
    return Record(end=end, told=tuple(steps), **parts)  # type: ignore[arg-type]


def flawed(record: Record | None, **parts: int) -> ReducedSearch:
    """A search with this one run."""
    search = ReducedSearch(**parts)  # type: ignore[arg-type]
    search.next()
    search.add(record)
    return search


@pytest.mark.parametrize(
    "record",
    [
        None,
        told(end="bound"),
        told(end="mismatch"),
        told(notes=("rested",)),
        told(uncontrolled=("child-process",)),
    ],
)
def test_what_left_control_is_never_complete(record: Record | None) -> None:
    """As with the full search: the reason is one of its flaws."""
    search = flawed(record)
    assert search.next() is None
    assert search.flaws
    assert not search.is_complete


def test_a_first_run_that_was_another_is_left_out() -> None:
    """As where an interpreter compiled its modules in it: objects lie elsewhere from then on."""
    search, lost = ReducedSearch(), updates(2, 1)
    while (branch := search.next()) is not None:
        record, _ = run(lost, branch)
        if search.tried == 1:
            record = replace(record, told=(record.told[0]._replace(touches=()), *record.told[1:]))
        search.add(record)
    assert search.is_complete
    assert (search.tried, search.traces) == (6, 4)


def test_what_the_dependence_does_not_cover_is_named() -> None:
    """Then the full search is to be asked; nothing is claimed."""
    early = told(candidates=(Candidates(step=1, decision=0, early=(1,)),))
    waits = told(candidates=(Candidates(step=1, decision=0, spurious=(1,)),))
    weak = told(candidates=(Candidates(step=1, decision=0, weak=(1,)),))
    assert flawed(early).uncovered == ("timeouts that come early",)
    assert flawed(early, early=False).uncovered == ()
    for record in (waits, weak):
        assert flawed(record).uncovered == ()
        assert flawed(record).over == ("hand-overs", "one wake-up for nothing")
        assert flawed(record, spurious=2).uncovered == ("more than one wake-up for nothing",)
        assert flawed(record, is_native=False).uncovered == ("wake-ups for nothing",)
        assert flawed(record, is_native=False, spurious=0).uncovered == ()
    older = told(candidates=(Candidates(step=1, decision=0, old=((1, 1),)),))
    assert flawed(older).uncovered == ("older values of atomics",)
    assert flawed(told(hidden=("park",))).uncovered == ("park",)


def test_what_a_runtime_is_asked_for() -> None:
    """The choices as a schedule, and the sleepers with what would wake them."""
    sleepers = ((0, (Touch(Kind.WRITE, "5f0"),)), (1, ()))
    branch = Branch(((3, 1), (7, 2)), sleepers, whole_calls=True)
    assert (str(branch.schedule), branch.request) == (
        "switch:3>1,7>2,whole@*",
        "7;0=w:5f0;1=",
    )
    assert Branch().request == "0"
    assert Branch(for_nothing=True, lines_commute=True).request == "0ls"


@pytest.mark.parametrize("word", ["r:5f0", "w:out", "n:5f0:2", "n:5f0", "e:3", "!", "*"])
def test_a_touch_is_read_as_it_is_written(word: str) -> None:
    """Both ways."""
    assert str(read_touch(word)) == word


def test_which_steps_commute() -> None:
    """Reads, counts but for the last, and what touches different objects."""
    read, write = Touch(Kind.READ, "x"), Touch(Kind.WRITE, "x")
    up, down, last = (Touch(Kind.COUNT, "x", left) for left in (None, 1, 0))
    assert not depend(read, read)
    assert depend(read, write)
    assert depend(write, read)
    assert not depend(write, Touch(Kind.WRITE, "y"))
    assert not depend(up, down)
    assert depend(down, last)
    assert depend(read, up)
    assert wakes([down], [down])
    assert not wakes([down], [up])
    assert depend(Touch(Kind.ANYTHING), read)
    assert not depend(Touch(Kind.ENABLE, "1"), Touch(Kind.ANYTHING))
