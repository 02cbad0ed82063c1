"""One run of each trace of real Rust programs, by what the C runtime tells of their steps."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from harness.schedules.dependence import Kind
from harness.schedules.instrument import probe
from tests.bench.traces import build
from tests.schedules.controlled_rust import RUSTUP
from tests.schedules.traced import Start, differences, explore, small_program, starter

RANDOM_RUNS = 60


@pytest.fixture
def start(programs: Path, tmp_path: Path) -> Start:
    """Makes a run."""
    return starter(programs, tmp_path)


@pytest.mark.parametrize(
    ("what", "traces", "outcomes"),
    [
        ("lost-update-1", 4, 2),
        ("lost-update-2", 34, 3),
        ("lines", 35, 35),
        ("locks-2", 3, 2),
        ("locks-3", 7, 2),
        ("channel-1", 2, 1),
        ("closed-early", 3, 2),
        ("closed-late", 4, 2),
        ("gathered", 6, 3),
        ("independent", 6, 1),
    ],
)
def test_each_trace_of_a_program_is_run_once(
    start: Start, what: str, traces: int, outcomes: int
) -> None:
    """As many runs as there are traces."""
    seen = explore(start, what)
    assert seen.search.is_complete, (seen.search.flaws, seen.search.uncovered)
    assert (traces, outcomes) == (seen.search.tried, len(seen.outcomes))


def test_the_newest_compiler_names_what_counts_references(tmp_path: Path) -> None:
    """Arc has moved to another module there: a thread's own references commute as ever."""
    newest = {**RUSTUP, "RUSTUP_TOOLCHAIN": "nightly"}
    environment = {"PATH": os.environ["PATH"], **newest}
    if subprocess.run(["rustc", "-V"], env=environment, check=False).returncode:
        pytest.skip("no nightly compiler")
    found = probe("rustc", "cc", tmp_path, newest)
    if isinstance(found, str):
        pytest.skip(found)
    build(replace(found, environment=(*found.environment, *newest.items())), tmp_path, "traces")
    start = starter(tmp_path, tmp_path)
    for what, traces in (("lost-update-2", 34), ("channel-1", 2), ("last-drop", 2)):
        search = explore(start, what).search
        assert search.is_complete, (what, search.flaws, search.uncovered)
        assert search.tried == traces, what


def test_a_panic_goes_its_way_alone(start: Start) -> None:
    """Through its own frames; and stdout is closed by main, also beside the end of a thread."""
    seen = explore(start, "panics", commute=True)
    assert seen.search.is_complete, (seen.search.flaws, seen.search.uncovered)
    assert (seen.search.lines_commute, seen.search.minds) == (True, "")
    assert seen.search.tried <= 3
    assert seen.outcomes.keys() == {("exit", "25\n")}


def test_a_lost_update_is_found_at_once(start: Start) -> None:
    """In the third run at the latest."""
    assert 1 < explore(start, "lost-update-1", "2\n").first_failure <= 3


@pytest.mark.parametrize(
    ("what", "outcomes"),
    [
        ("tried", 2),
        ("pieces", 2),
        ("ends-early", 4),
        ("barrier", 8),
        ("once", 2),
        ("scoped", 2),
        ("last-drop", 2),
        ("channel-2", 2),
        ("bounded", 1),
        ("rendezvous", 1),
        ("looked-into", 2),
        ("dropped-in-a-channel", 2),
        ("read-and-written", 2),
    ],
)
def test_what_the_library_does_unseen_is_seen(start: Start, what: str, outcomes: int) -> None:
    """Silent writes, a buffer, the library's own locks: complete, and no random run shows more."""
    seen = explore(start, what)
    assert seen.search.is_complete, (seen.search.flaws, seen.search.uncovered)
    assert len(seen.outcomes) == outcomes
    drawn = (f"{('random', 'sticky', 'pct2')[seed % 3]}:{seed}" for seed in range(RANDOM_RUNS))
    assert {start(what, schedule)[1] for schedule in drawn} <= seen.outcomes.keys()


@pytest.mark.parametrize(
    "what", ["lost-update-1", "locks-2", "tried", "scoped", "barrier", "channel-2"]
)
def test_every_outcome_has_a_schedule_of_the_ordinary_kind(start: Start, what: str) -> None:
    """By which it is made again where nothing is asked of the steps."""
    for outcome, schedule in explore(start, what).outcomes.items():
        assert start(what, schedule)[1] == outcome


@pytest.mark.parametrize(
    ("what", "outcomes"),
    [("waits-once", 2), ("waits-again", 1), ("waiters", 6), ("parked", 2), ("weak", 6)],
)
def test_what_comes_for_nothing_is_among_the_traces(start: Start, what: str, outcomes: int) -> None:
    """One wait of a run wakes, or one weak exchange fails, and has a schedule of its own."""
    seen = explore(start, what, spurious=1)
    assert seen.search.is_complete, (seen.search.flaws, seen.search.uncovered)
    assert seen.search.over == ("hand-overs", "one wake-up for nothing")
    assert len(seen.outcomes) == outcomes
    drawn = (f"{('random', 'sticky')[seed % 2]}:{seed}/spurious" for seed in range(RANDOM_RUNS))
    assert {start(what, schedule)[1] for schedule in drawn} <= seen.outcomes.keys()
    for outcome, schedule in seen.outcomes.items():
        assert start(what, schedule)[1] == outcome


def test_nothing_comes_for_nothing_that_is_not_to(start: Start) -> None:
    """A wait without a loop is right then."""
    seen = explore(start, "waits-once", spurious=0)
    assert (seen.search.over, len(seen.outcomes)) == (("hand-overs",), 1)


@pytest.mark.parametrize(
    ("what", "hidden"),
    [
        ("removes", "unlink"),
        ("parked-in-a-scope", "park"),
        ("speaks-when-dropped", "the drop of a result"),
    ],
)
def test_what_no_step_tells_is_named(start: Start, what: str, hidden: str) -> None:
    """Then nothing is claimed."""
    search = explore(start, what).search
    assert hidden in search.uncovered
    assert not search.is_complete


def test_sleeps_are_as_long_as_any_schedule_makes_them(start: Start) -> None:
    """An addition before, between or after a read and a write; no timeout that comes early adds."""
    seen = explore(start, "sleepers", early=True)
    assert seen.search.is_complete, (seen.search.flaws, seen.search.uncovered)
    assert (3, ("hand-overs", "early timeouts")) == (seen.search.traces, seen.search.over)
    assert {("exit", "11\n"), ("exit", "1\n")} == set(seen.outcomes)
    drawn = (f"random:{seed}/early" for seed in range(RANDOM_RUNS))
    assert {start("sleepers", schedule)[1] for schedule in drawn} <= seen.outcomes.keys()
    for outcome, schedule in seen.outcomes.items():
        assert start("sleepers", schedule)[1] == outcome


@pytest.mark.parametrize(
    ("what", "hidden"), [("clocked", "clock"), ("long-sleeper", "long-sleeps")]
)
def test_sleeps_that_end_at_once_are_not_all_there_is(start: Start, what: str, hidden: str) -> None:
    """Where a clock shows how long they were, or that takes more than a minute."""
    search = explore(start, what, early=True).search
    assert hidden in search.uncovered
    assert not search.is_complete


@pytest.mark.parametrize("words", [*map(small_program, (2, 7, 11)), "oj ar", "g c", "Gj b"])
def test_no_schedule_shows_what_a_search_of_traces_has_not(start: Start, words: str) -> None:
    """A sample of what ``python -m tests.bench reduction`` holds to that."""
    ends, told = differences(start, words, 15, 60)
    assert ("++", []) == (ends[:2], told)


def test_nothing_is_told_that_was_not_asked_for(start: Start) -> None:
    """An ordinary record has no steps."""
    record, _ = start("lost-update-1", "switch:")
    assert (record.told, record.hidden) == ((), ())


def test_what_a_step_touches(start: Start) -> None:
    """A read and a write of the same word by each worker; the count of references commutes."""
    record, _ = start("lost-update-1", "switch:", "0")
    for worker in (1, 2):
        own = [touch for step in record.told if step.thread == worker for touch in step.touches]
        first = next(touch for touch in own if touch.kind is Kind.READ)
        kinds = [touch.kind for touch in own if touch.object == first.object]
        assert kinds[0] is Kind.READ
        assert kinds[1] in (Kind.WRITE, Kind.TAKE)
        assert any(touch.kind is Kind.COUNT for touch in own)
