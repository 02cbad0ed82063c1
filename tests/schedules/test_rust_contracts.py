"""Departures that the contracts of Rust's library allow, and threads that wait in a ring."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.schedules.controlled_rust import SCHEDULES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.schedules.controlled_rust import Controlled, Run

SPURIOUS = tuple(
    f"{name}:{seed}{suffix}"
    for name in ("random", "sticky", "pct2", "weighted")
    for seed in range(10)
    for suffix in ("/spurious", "/early/spurious")
)


def kinds(done: Controlled, kind: str) -> list[list[str]]:
    """The words of all records of that kind."""
    return [words for name, *words in done.records if name == kind]


def functions_at(programs: Path, places: str, program: str = "contracts") -> str:
    """The functions in which a thread stood, and where."""
    addresses = places.replace("+", "").split(",")
    return subprocess.run(
        ["addr2line", "-f", "-C", "-e", programs / program, *addresses],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def candidates(run: Run, command: str, schedule: str) -> list[list[str]]:
    """What departures were possible, each step's as its words."""
    return kinds(run(command, schedule, CANDIDATES="1"), "c")


def test_the_first_decisions_say_where_the_thread_stood_if_that_is_asked_for(
    run: Run, programs: Path
) -> None:
    """In the program's own code, not in the library's; of so many decisions, and no more."""
    assert [] == kinds(run("bugs deadlock-2", "switch:", CANDIDATES="1"), "at")
    done = run("bugs deadlock-2", "switch:", PLACES="20")
    told = dict(kinds(done, "at"))
    own = [told[d[1]] for d in done.decisions if d[2] != "0" and d[1] in told]
    assert told.keys() < {d[1] for d in done.decisions}
    assert max(map(int, told)) < 20
    assert len(set(own)) > 1
    for place in own:
        assert "bugs::deadlock" in functions_at(programs, place, "bugs")


# --- waits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("program", ["wait", "park"])
def test_a_wait_without_a_loop_fails_and_one_with_a_loop_does_not(run: Run, program: str) -> None:
    """Spurious wake-ups are drawn by the seed; they reach the program's own waits."""
    outputs = {run(f"contracts {program}-once", schedule).stdout for schedule in SPURIOUS}
    assert {"true\n", "false\n"} == outputs
    for schedule in SPURIOUS:
        done = run(f"contracts {program}", schedule)
        assert ("true\n", "exit", 0) == (done.stdout, done.end, done.code), done.stderr


def test_a_wake_up_can_be_asked_for_at_a_step(run: Run, programs: Path) -> None:
    """What a candidate names can be taken, is recorded, and shows what it does."""
    [step, candidate], *_ = candidates(run, "contracts wait-once", "switch:")
    assert "p0" == candidate
    done = run("contracts wait-once", f"switch:spurious@{step}>0")
    [[at, thread, places]] = kinds(done, "p")
    assert [step, "0"] == [at, thread]
    assert "contracts::wait" in functions_at(programs, places)
    assert "false\n" == done.stdout


@pytest.mark.parametrize("schedule", ["switch:spurious@1>0", "switch:spurious@2>7"])
def test_a_wake_up_of_a_thread_that_does_not_wait_is_a_mismatch(run: Run, schedule: str) -> None:
    """A schedule that asks for what cannot be is not followed in silence."""
    assert "mismatch" == run("contracts wait-once", schedule).end


@pytest.mark.parametrize("schedule", SPURIOUS)
def test_a_deadlock_of_waits_that_look_again_is_told_as_one(run: Run, schedule: str) -> None:
    """They are not woken for nothing for ever."""
    done = run("contracts never", schedule)
    assert ("deadlock", 66) == (done.end, done.code)


def test_waits_that_look_again_are_not_woken_for_ever_while_others_could_go_on(run: Run) -> None:
    """Also not by turns, and while those for whom they wait have the lower priorities."""
    for schedule in SPURIOUS:
        done = run("contracts permits", schedule, LENGTH="100")
        assert ("2\n", "exit") == (done.stdout, done.end), schedule


def test_what_the_library_waits_for_is_left_alone(run: Run) -> None:
    """It waits again by itself: waking it would only lengthen the search."""
    for schedule in SCHEDULES:
        found = candidates(run, "contracts library", schedule)
        assert not [words for words in found if any(word[0] == "p" for word in words[1:])]


def test_early_timeouts_are_candidates(run: Run) -> None:
    """Whose timeout may come while others can go on, before the decision of that step."""
    done = run("bugs sleep-as-synchronisation", "switch:", CANDIDATES="1")
    [step, candidate], *_ = kinds(done, "c")
    departed = run("bugs sleep-as-synchronisation", f"switch:early@{step}")
    assert [[step, candidate.removeprefix("e")]] == kinds(departed, "t")


# --- exchanges -----------------------------------------------------------------------------------

VALUES = ("false", "7", "40", "1099511627776")


def test_a_weak_exchange_can_fail_and_tells_the_true_value(run: Run, programs: Path) -> None:
    """For each size: it fails at the step that is named, with the value that it expected."""
    steps = [
        words[0] for words in candidates(run, "contracts exchange", "switch:") if words[1] == "x1"
    ]
    assert len(VALUES) == len(steps)
    for place, step in enumerate(steps):
        done = run("contracts exchange", f"switch:weak@{step}")
        wanted = [f"Ok({value})" for value in VALUES]
        wanted[place] = f"Err({VALUES[place]})"
        assert " ".join(wanted) == done.stdout.strip()
        [[at, thread, places]] = kinds(done, "x")
        assert [step, "1"] == [at, thread]
        assert "contracts::exchange" in functions_at(programs, places)


def test_loops_around_weak_exchanges_end_with_what_they_should(run: Run) -> None:
    """No value is seen that was never there, and strong exchanges do not fail."""
    for schedule in SPURIOUS:
        done = run("contracts update", schedule)
        assert ("42 2\n", "exit", 0) == (done.stdout, done.end, done.code), done.stderr


def test_nothing_departs_unasked(run: Run) -> None:
    """Without the suffix no wait and no exchange ends for nothing, and no candidate is told."""
    for command in ("contracts wait", "contracts exchange", "contracts update"):
        for schedule in SCHEDULES:
            assert not {"p", "x", "c"} & {kind for kind, *_ in run(command, schedule).records}


def test_departures_can_be_repeated(run: Run) -> None:
    """A seeded run with departures is the same each time."""
    for schedule in SPURIOUS[:8]:
        for command in ("contracts wait-once", "contracts update"):
            assert run(command, schedule) == run(command, schedule)


# --- rings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("program", "length"), [("ring-2", 2), ("ring-3", 3)])
def test_a_ring_beside_a_clock_is_told_with_who_waits_for_whom(
    run: Run, programs: Path, program: str, length: int
) -> None:
    """Some schedules close the ring; then its threads, and only they, are told, with places."""
    found = 0
    for seed in range(200):
        done = run(f"contracts {program}", f"random:{seed}")
        assert done.end in ("exit", "deadlock")
        if done.end == "exit":
            assert not kinds(done, "h")
            continue
        found += 1
        edges = dict(kinds(done, "h"))
        assert length == len(edges) == len(kinds(done, "w"))
        assert set(edges) == set(edges.values()) == {words[0] for words in kinds(done, "w")}
        assert "contracts::clerk" in functions_at(programs, kinds(done, "w")[0][2])
        if found == 3:
            break
    assert found == 3


RING_OF_OTHERS = {
    "written": "contracts::written",
    "read": "contracts::read",
    "read-twice": "contracts::read_twice",
    "mixed": "contracts::mixed",
    "foreign-mutexes": "pthread_mutex_lock",
    "foreign-rwlocks": "pthread_rwlock_wrlock",
    "foreign-writers": "pthread_rwlock_rdlock",
    "once-with-a-lock": "pthread_once",
}
NO_RING_OF_OTHERS = (
    "rwlocks-in-order",
    "foreign-mutexes-in-order",
    "foreign-rwlocks-in-order",
    "foreign-tries",
    "onces",
)


@pytest.mark.parametrize("program", RING_OF_OTHERS)
def test_all_locks_are_part_of_a_ring(run: Run, programs: Path, program: str) -> None:
    """RwLocks that are read or written, the C library's locks, pthread_once: whoever owns them."""
    found = 0
    for seed in range(120):
        done = run(f"contracts {program}", f"random:{seed}")
        assert done.end in ("exit", "deadlock")
        assert not kinds(done, "l")
        if done.end == "exit":
            continue
        found += 1
        edges = dict(kinds(done, "h"))
        waiting = {words[0] for words in kinds(done, "w")}
        assert set(edges) == set(edges.values()) == waiting
        assert "0" not in waiting
        assert any(
            RING_OF_OTHERS[program] in functions_at(programs, words[2])
            for words in kinds(done, "w")
        )
    assert found


def test_who_runs_a_once_and_wants_it_waits_for_himself(run: Run) -> None:
    """As who locks a Mutex twice."""
    done = run("contracts once-in-itself", "switch:")
    assert ("deadlock", [["0", "0"]]) == (done.end, kinds(done, "h"))


@pytest.mark.parametrize("program", NO_RING_OF_OTHERS)
def test_no_ring_is_seen_of_other_locks_where_there_is_none(run: Run, program: str) -> None:
    """Locks in one order, tried, had twice; each is fully controlled and made again the same."""
    for seed in range(60):
        for schedule in (f"random:{seed}", f"sticky:{seed}", f"random:{seed}/early/spurious"):
            done = run(f"contracts {program}", schedule)
            assert ("done", "exit") == (done.stdout.splitlines()[-1], done.end)
            assert not kinds(done, "l")


def test_a_join_is_part_of_a_ring(run: Run) -> None:
    """Main waits for the end of a thread that waits for main's lock."""
    for schedule in SCHEDULES:
        done = run("contracts joined-with-a-lock", schedule)
        assert "deadlock" == done.end
        assert {("0", "2"), ("2", "0")} == {(one, other) for one, other in kinds(done, "h")}


@pytest.mark.parametrize("program", ["ordered", "busy-locks", "deliveries"])
def test_no_ring_is_seen_where_there_is_none(run: Run, program: str) -> None:
    """Locks in one order, locks that are fought for, given up in a wait, tried in between."""
    for seed in range(60):
        for suffix in ("", "/spurious"):
            done = run(f"contracts {program}", f"random:{seed}{suffix}")
            assert ("done", "exit") == (done.stdout.splitlines()[-1], done.end)


def test_a_deadlock_of_all_says_who_holds_what(run: Run) -> None:
    """Beside what each thread waits for: whom it waits for, where that is certain."""
    done = run("endings deadlock", "switch:")
    assert [["0", "2"], ["2", "2"]] == kinds(done, "h")
