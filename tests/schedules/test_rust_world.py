"""What a controlled Rust program asks of the system: it blocks nobody, and all clocks agree."""

from __future__ import annotations

import platform
import re
import resource
import subprocess
from typing import TYPE_CHECKING

import pytest

from harness.machine.process import Command, clean_environment
from harness.schedules.controlled import REQUEST, request_of
from harness.schedules.memory import MemoryFile, run_place
from harness.schedules.names import parse_schedule
from harness.schedules.serving import run_served, serving
from harness.values.run import Exited
from tests.schedules.answering import answering
from tests.schedules.controlled_rust import SCHEDULES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.schedules.controlled_rust import Controlled, Run

OUTPUT = {
    "dont-wait": "-1 WouldBlock\n",
    "file-locks": "locked\n",
    "full-pipe": "300000\n",
    "full-socket": "900000\n",
    "multiplexed": "0 1 1\n",
    "handler": "10\n",
    "signal-waits": "10 -1\n",
    "paused": "30 2\n",
    "clocks": "0 0\n",
    "file-times": "[10, 0, 10, 5, 0, 0]\n",
    "timers": "2 1\n",
    "rung": "900 true\n",
    "ticking": "true 40\n",
    "spun-alone": "30\n",
    "threads-by-timer": "7 2\n",
    "computing": "true\n",
    "poller": "said\n",
}
ONLY_HERE = (
    {"raw-calls": "1 0\n", "counting": "counted to 0\n", "all-clocks": "5000 5000\n"}
    if platform.machine() == "x86_64"
    else {}
)
TRIES = 12
"""So often what a busy machine can spoil is tried: once it has to be seen."""
POLLED = tuple(
    f"{name}:{seed}{suffix}"
    for name in ("random", "sticky", "pct2", "pct3", "weighted")
    for seed in range(6)
    for suffix in ("", "/early")
)


def kinds(done: Controlled, kind: str) -> list[list[str]]:
    """The words of all records of that kind."""
    return [words for name, *words in done.records if name == kind]


@pytest.mark.parametrize("feature", [*OUTPUT, *ONLY_HERE])
def test_what_is_asked_of_the_system_is_known(run: Run, feature: str) -> None:
    """Nothing hangs, nobody is passed over, nothing is out of control; each run can be repeated."""
    wanted = {**OUTPUT, **ONLY_HERE}[feature]
    for schedule in SCHEDULES:
        done = run(f"world {feature}", schedule)
        assert (wanted, "exit", 0) == (done.stdout, done.end, done.code), done.stderr
        assert not kinds(done, "l")
        assert not kinds(done, "uncontrolled")
        assert done.log == run(f"world {feature}", schedule).log


def test_randomness_from_the_system_is_the_same_in_every_run(run: Run) -> None:
    """It goes by the thread that draws, and neither by the schedule nor by the order of draws."""
    drawn = {run("world drawn", schedule).stdout for schedule in SCHEDULES}
    assert 1 == len(drawn)
    own, other = drawn.pop().split()
    assert own != other


def test_a_lock_that_a_handler_takes_again_is_told_at_once(run: Run, programs: Path) -> None:
    """The thread waits for itself, beside a clock that never stops; its place is in the record."""
    for schedule in SCHEDULES:
        done = run("world handler-lock", schedule)
        assert (66, "deadlock") == (done.code, done.end)
        assert [["0", "0"]] == kinds(done, "h")
        [[thread, kind, places]] = kinds(done, "w")
        assert ("0", "futex") == (thread, kind)
        read = subprocess.run(
            [
                "addr2line",
                "-f",
                "-C",
                "-e",
                programs / "world",
                *places.replace("+", "").split(","),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        assert "on_signal_lock" in read.stdout


@pytest.mark.parametrize("call", ["read", "poll", "epoll"])
def test_a_thread_that_waits_for_a_descriptor_alone_is_a_deadlock(run: Run, call: str) -> None:
    """Nobody is left who could write: in the kernel it would wait until the time is up."""
    done = run(f"world alone {call}", "random:1")
    assert (66, "deadlock", "begun\n") == (done.code, done.end, done.stdout)
    assert [["0", "read"]] == [words[:2] for words in kinds(done, "w")]


def test_nobody_waits_really_for_a_timer(run: Run) -> None:
    """A timer brings what is waited for: nothing of the world outside has to be given its time.

    A run may have to wait for its own file to be read, but not each.
    """

    def waits() -> int:
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_nvcsw
        assert "true 40\n" == run("world ticking", "switch:").stdout
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_nvcsw - before

    assert any(20 > waits() for _ in range(TRIES))


# --- blocking that nobody knows ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("feature", "output", "call"),
    [
        ("spliced", "writing\n1 120\n", "splice"),
        *([("spinning", "setting\nspun\n", "-")] if platform.machine() == "x86_64" else []),
    ],
)
def test_a_thread_that_blocks_unseen_is_passed_over(
    run: Run, feature: str, output: str, call: str
) -> None:
    """The others go on; the record says which thread, in which call, and where it stood."""
    done = run(f"world {feature}", "switch:1>1")
    assert (output, "exit", 0) == (done.stdout, done.end, done.code)
    [[thread, passed_in, places]] = kinds(done, "l")
    assert ("1", call) == (thread, passed_in)
    assert re.fullmatch(r"\+0x[0-9a-f]+(,\+0x[0-9a-f]+)*", places)


def test_nobody_is_passed_over_who_waits_for_one_that_runs(run: Run) -> None:
    """However long a busy machine takes to let that one run, which is on its way out."""
    done = run("world late-waker", "switch:")
    assert ("woken\nother\n", "exit", 0) == (done.stdout, done.end, done.code)
    assert not kinds(done, "l")


@pytest.mark.skipif(platform.machine() != "x86_64", reason="it spins in machine code of x86-64")
def test_a_thread_that_gets_nowhere_is_passed_over_soon(run: Run) -> None:
    """By the processor time that it takes, not by that of a computation, which might be as long.

    It goes on for as long as the watcher waits for a processor, too: not in each run.
    """

    def seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        done = run("world spinning", "switch:1>1")
        assert [["1", "-"]] == [words[:2] for words in kinds(done, "l")]
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before

    assert any(0.6 > seconds() for _ in range(TRIES))


# --- processes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("feature", "output"), [("spawned", "child\n"), ("forked", "7\n")])
def test_a_child_process_is_said_to_be_uncontrolled(run: Run, feature: str, output: str) -> None:
    """However it is started; it leaves no mark in the log of its parent."""
    for schedule in SCHEDULES:
        done = run(f"world {feature}", schedule)
        assert (output, "exit", 0) == (done.stdout, done.end, done.code)
        assert [["child-process"]] == kinds(done, "uncontrolled")


def test_who_talks_with_another_machine_has_real_time(run: Run) -> None:
    """Its answer takes as long as it takes: no timeout comes first that would not come plainly."""
    with answering("answer") as port:
        done = run(f"world beyond {port}", "random:1")
    assert ("answer\n", "exit", 0) == (done.stdout, done.end, done.code)
    assert [["network"]] == kinds(done, "uncontrolled")


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_sleeps_last_while_a_child_runs(run: Run, schedule: str) -> None:
    """The child's clock is real: who sleeps and looks, again and again, gives it as much time."""
    done = run("world watched", schedule)
    assert ("ended\n", "exit", 0) == (done.stdout, done.end, done.code)


def test_a_program_that_is_replaced_leaves_a_whole_log(run: Run) -> None:
    """The log ends where another program takes over; an attempt that failed does not end it."""
    done = run("world replaced", "switch:")
    assert ("before\nstill there\nafter\n", "exit", 0) == (done.stdout, done.end, done.code)
    assert ["exec"] in kinds(done, "uncontrolled")
    assert 1 == sum(kind == "end" for kind, *_ in done.records)
    assert 2 == len(kinds(done, "o"))


@pytest.mark.skipif("all-clocks" not in ONLY_HERE, reason="of x86-64 alone")
def test_the_kernels_own_clocks_are_virtual_in_the_runs_of_a_server(programs: Path) -> None:
    """The server has led them to ours, once for all: what each run was told agrees."""
    seen = []
    with serving(1) as servers:
        for _ in range(3):
            with run_place() as place, MemoryFile() as file:
                command = Command(
                    argv=(str(programs / "world"), "all-clocks"),
                    cwd=programs,
                    environment=clean_environment(place.variables | {REQUEST: file.place}),
                    address_randomisation=False,
                )
                asked = request_of(parse_schedule("random:1"), file.place, place)
                done = run_served(command, asked, file)
                seen.append((done.stdout, done.ending, file.read()))
        assert servers._open
    assert (ONLY_HERE["all-clocks"].encode(), Exited(0)) == seen[0][:2]
    assert seen == seen[:1] * 3


# --- nobody starves ------------------------------------------------------------------------------


@pytest.mark.parametrize("program", ["poller", "pollers"])
@pytest.mark.parametrize("schedule", POLLED)
def test_a_poller_starves_nobody(run: Run, schedule: str, program: str) -> None:
    """A thread that sleeps and looks, again and again, ends after the other has done its work."""
    counts = run(f"world {program}", "switch:").counts
    done = run(f"world {program}", schedule, COUNTS=counts, LENGTH="60")
    assert ("said\n", "exit", 0) == (done.stdout, done.end, done.code), done.stderr
