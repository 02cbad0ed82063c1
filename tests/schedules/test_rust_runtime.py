"""The C runtime that schedules Rust programs, tried on real ones."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.schedules.instrument import (
    CFLAGS,
    HOSTS,
    Instrumentation,
    compile_runtime,
    old_rustflags,
    probe,
    runtime_sources,
)
from tests.bench.programs import RUST_OUTPUT
from tests.schedules.controlled_rust import SCHEDULES

if TYPE_CHECKING:
    from tests.schedules.controlled_rust import Controlled, Run

# --- the log and replay -------------------------------------------------------------------------


def test_the_log_tells_the_whole_run(run: Run) -> None:
    """The log names threads, decisions, writes, ends of threads and the end of the run."""
    begin = """\
schedule 2
thread 1 0
d 0 0 0 0,1 -
o 0 7
d 1 0 1 0,1 -
thread 1 0 writer
o 1 9
"""
    done = run("lines 1 1", "switch:1>1")
    assert begin == done.log[: len(begin)]
    assert ["f", "n", "n", "end"] == [record[0] for record in done.records[-4:]]
    end = r"end exit steps=\d+ decisions=\d+ virtual_ns=0 hash=[0-9a-f]{12}\n"
    assert re.search(end + r"\Z", done.log)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("command", ["lines 5 10", "features channel", "features poison"])
def test_the_same_schedule_gives_the_same_run(run: Run, command: str, schedule: str) -> None:
    """A run is repeated by its schedule alone: the same output and the same log, to the byte."""
    assert run(command, schedule) == run(command, schedule)


@pytest.mark.parametrize("strategy", ["random", "sticky", "pct3", "weighted"])
def test_another_seed_gives_another_run(run: Run, strategy: str) -> None:
    """Seeds matter to every seeded strategy."""
    outputs = {run("lines 3 3", f"{strategy}:{seed}", LENGTH="6").stdout for seed in range(20)}
    assert len(outputs) > 1


@pytest.mark.parametrize("schedule", ["random:7", "sticky:7", "pct2:7", "weighted:7"])
@pytest.mark.parametrize("command", ["features channel", "features spin", "bugs deadlock-3"])
def test_the_decisions_of_a_seeded_run_replay_it(run: Run, command: str, schedule: str) -> None:
    """A list of switches, taken from the log of a seeded run, gives the same run."""
    seeded = run(command, schedule)
    switches = ",".join(f"{record[1]}>{record[3]}" for record in seeded.decisions)
    assert seeded.decisions == run(command, f"switch:{switches}").decisions


def test_a_terminal_changes_nothing(run: Run, programs: Path, tmp_path: Path) -> None:
    """Under a pseudo-terminal the run and its log are those of a run into pipes."""
    piped = run("lines 2 2", "random:3")
    log = tmp_path / "terminal"
    leader, follower = pty.openpty()
    subprocess.run(
        [programs / "lines", "2", "2"],
        env={"HARNESS_SCHEDULE": "random:3", "HARNESS_SCHEDULE_LOG": str(log)},
        stdout=follower,
        timeout=120,
        check=True,
    )
    os.close(follower)
    shown = b""
    while len(shown) < len(piped.stdout) + piped.stdout.count("\n"):
        shown += os.read(leader, 1000)
    os.close(leader)
    assert piped.stdout == shown.decode().replace("\r\n", "\n")
    assert piped.log == log.read_text()


def test_without_a_schedule_a_program_runs_free(programs: Path) -> None:
    """An instrumented program without a schedule is an ordinary program."""
    done = subprocess.run(
        [programs / "features", "channel"], env={}, capture_output=True, timeout=120, check=True
    )
    assert (b"3\n", b"") == (done.stdout, done.stderr)


# --- schedules ----------------------------------------------------------------------------------


def test_the_default_rule_stays(run: Run) -> None:
    """An empty list of switches lets each thread run until it cannot."""
    assert "main 0\nmain 1\nworker 0\nworker 1\n" == run("lines 2 2", "switch:").stdout


def test_a_list_of_switches_is_followed(run: Run) -> None:
    """Each switch sends the run to the thread that it names, at the decision that it names."""
    assert "main 0\nworker 0\nmain 1\nworker 1\n" == run("lines 2 2", "switch:1>1,2>0").stdout


@pytest.mark.parametrize(
    "schedule",
    ["switch:1>7", "switch:2>0,1>1", "switch:x", "switch:/early", "random", "pct0:1", "magic:1"],
)
def test_what_cannot_be_followed_is_a_mismatch(run: Run, schedule: str) -> None:
    """A switch to a thread that cannot run, or a schedule not understood, ends the run."""
    ended = run("lines 4 4", schedule)
    assert (67, "mismatch", "") == (ended.code, ended.end, ended.stderr)


def explore(run: Run, command: str) -> tuple[int, set[str]]:
    """All schedules of a program: at each decision, each thread that was not chosen."""
    pending: list[tuple[str, ...]] = [()]
    runs, outputs = 0, set[str]()
    while pending:
        switches = pending.pop()
        done = run(command, "switch:" + ",".join(switches))
        runs, outputs = runs + 1, outputs | {done.stdout}
        first = int(switches[-1].split(">")[0]) + 1 if switches else 0
        for _, number, _, chosen, runnable, _ in done.decisions[first:]:
            others = set(runnable.split(",")) - {chosen}
            pending += [(*switches, f"{number}>{other}") for other in others]
    return runs, outputs


def test_switches_reach_every_interleaving(run: Run) -> None:
    """Every order of two and three lines can be reached, and by few schedules."""
    runs, outputs = explore(run, "lines 2 3")
    assert 10 == len(outputs)
    assert runs < 100


def test_random_spreads_over_the_interleavings(run: Run) -> None:
    """Two hundred random runs of five and ten lines are for the most part different ones."""
    assert len({run("lines 5 10", f"random:{seed}").stdout for seed in range(200)}) > 100


def test_weighted_spreads_evenly(run: Run) -> None:
    """Drawn by remaining events, hardly two of a hundred runs of five and ten lines are alike."""
    outputs = {run("lines 5 10", f"weighted:{seed}", COUNTS="7,11").stdout for seed in range(100)}
    assert len(outputs) > 85


def test_counts_weigh_the_threads(run: Run) -> None:
    """A thread with many events to come is chosen more often than one with few."""
    first = Counter(
        run("lines 5 5", f"weighted:{seed}", COUNTS="2,50").stdout.split()[0] for seed in range(40)
    )
    assert first["worker"] > 30


# --- what programs use --------------------------------------------------------------------------


@pytest.mark.parametrize("feature", RUST_OUTPUT)
def test_a_feature_works_under_every_strategy(run: Run, feature: str) -> None:
    """What the standard library offers to threads does what it does in a plain run."""
    ends = {
        (done.stdout, done.end, done.code)
        for done in (run(f"features {feature}", s) for s in SCHEDULES)
    }
    assert {(RUST_OUTPUT[feature] + "\n", "exit", 0)} == ends


@pytest.mark.parametrize("seed", [15, 28])
def test_a_thread_that_polls_a_lock_does_not_always_rest_holding_it(run: Run, seed: int) -> None:
    """The thread that it waits for gets the lock, though the polling is long and regular."""
    counts = run("features spin-lock", "switch:").counts
    done = run("features spin-lock", f"weighted:{seed}/early", COUNTS=counts)
    assert ("done\n", "exit", 0) == (done.stdout, done.end, done.code)


@pytest.mark.parametrize("schedule", [name for name in SCHEDULES if "early" not in name])
def test_who_looks_for_a_while_is_not_outrun_by_a_sleep(run: Run, schedule: str) -> None:
    """Time does not move as soon as a thread seems to spin: it may be about to sleep itself."""
    done = run("features look-a-while", schedule)
    assert ("looked\nslept\n", "exit", 0) == (done.stdout, done.end, done.code)


def test_only_what_is_due_within_a_minute_comes_early(run: Run) -> None:
    """A timeout of some seconds may fire before a thread that can run; one of minutes does not."""
    seconds = {run("features wait 5", f"random:{seed}/early").stdout for seed in range(60)}
    assert "late\n" in seconds
    minutes = {run("features wait 300", f"random:{seed}/early").stdout for seed in range(60)}
    assert {"in time\n"} == minutes


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_what_is_made_when_first_asked_for_is_made_once(run: Run, schedule: str) -> None:
    """Cells and lazy values, which the standard library guards by futexes of its own."""
    done = run("lazies", schedule)
    assert ("true 1\n", "exit", 0) == (done.stdout, done.end, done.code)


def test_the_order_of_a_hash_map_is_fixed(run: Run) -> None:
    """Randomness from the system is the same under every schedule, so that replays agree."""
    assert (
        run("features hash-order", "random:1").stdout == run("features hash-order", "pct2:9").stdout
    )


# --- time ---------------------------------------------------------------------------------------


def test_sleeps_cost_no_time_and_overlap(run: Run) -> None:
    """Four threads that sleep a hundred seconds at once take a hundred seconds of virtual time."""
    assert "100\n" == run("features sleeps", "random:1").stdout


def test_a_sleep_orders_threads_while_time_is_strict(run: Run) -> None:
    """In strict virtual time the clock moves only when nobody can run."""
    outputs = {run("bugs sleep-as-synchronisation", f"random:{seed}").stdout for seed in range(30)}
    assert {"good\n"} == outputs


def test_a_sleep_orders_nothing_in_early_mode(run: Run) -> None:
    """In early mode a sleep may end although others can run: it is no synchronisation."""
    outputs = {
        run("bugs sleep-as-synchronisation", f"random:{seed}/early").stdout for seed in range(60)
    }
    assert {"good\n", "bad\n"} == outputs


# --- endings ------------------------------------------------------------------------------------

ENDINGS = {
    "return": 0,
    "exit": 3,
    "exit-elsewhere": 4,
    "underscore-exit": 5,
    "abort": -6,
    "panic": 101,
    "join": 0,
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ending_is_what_it_is_in_a_plain_run(run: Run, ending: str) -> None:
    """However a process ends by itself, its exit code stays and the log has its end."""
    done = run(f"endings {ending}", "switch:")
    assert (ENDINGS[ending], "exit") == (done.code, done.end)


def test_main_does_not_wait_for_its_threads(run: Run) -> None:
    """When main returns, an unjoined thread is cut off where it is; a joined one is not."""
    assert "begun\n" == run("endings return", "switch:").stdout
    assert "begun\nslept\n" == run("endings join", "switch:").stdout


def test_a_deadlock_says_who_waits(run: Run) -> None:
    """A deadlock ends the run at once; the log says what each thread waits for."""
    done = run("endings deadlock", "switch:")
    waits = [record[:3] for record in done.records if record[0] == "w"]
    assert (66, "deadlock", "begun\nslept\n", "") == (done.code, done.end, done.stdout, done.stderr)
    assert [["w", "0", "join"], ["w", "2", "futex"]] == waits


def test_it_is_noted_that_a_thread_was_left_out_of_a_choice(run: Run) -> None:
    """One that spins could have gone on: whoever counts all choices is to know of it."""
    assert ["note", "rested"] in run("features spin", "switch:").records
    assert "note" not in {kind for kind, *_ in run("lines 5 10", "random:1").records}


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_endless_spinning_is_bounded(run: Run, schedule: str) -> None:
    """A thread that spins for ever is stopped after the given number of steps."""
    done = run("endings spin", schedule, STEPS="3000")
    assert (68, "bound", "begun\nslept\n") == (done.code, done.end, done.stdout)


# --- planted bugs -------------------------------------------------------------------------------

BUGS = {
    "lost-update": "bad",
    "lock-released-early": "bad",
    "deadlock-2": "deadlock",
    "deadlock-3": "deadlock",
    "missed-notification": "deadlock",
    "check-then-act": "bad",
    "missing-join": "bad",
    "publication": "bad",
    "channel-closed-early": "bad",
}


def showed(done: Controlled) -> str:
    """What a run showed: its output, or that it ended in a deadlock."""
    return done.stdout.strip() or done.end


@pytest.mark.parametrize("strategy", ["random", "sticky", "pct2", "weighted"])
@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(run: Run, bug: str, strategy: str) -> None:
    """Each strategy finds each bug within a hundred seeds, and no other fault."""
    first = run(f"bugs {bug}", "switch:")
    known = {"LENGTH": str(len(first.decisions)), "COUNTS": first.counts}
    shown = set()
    for seed in range(100):
        shown.add(showed(run(f"bugs {bug}", f"{strategy}:{seed}", **known)))
        if len(shown) == 2:
            break
    assert {"good", BUGS[bug]} == shown


def test_a_thread_can_be_stopped_between_a_store_and_a_print(run: Run) -> None:
    """What another thread prints of a change may come before the line that announces it."""
    outputs = {run("bugs late-store", f"random:{seed}").stdout for seed in range(60)}
    assert {"stored\n", "stored\nseen\n", "seen\nstored\n"} == outputs


def test_plain_accesses_are_points_if_asked_for(run: Run) -> None:
    """A data race on plain memory shows only where plain accesses are events."""
    sync = {run("bugs data-race", f"random:{seed}").stdout for seed in range(40)}
    memory = {
        run("bugs data-race", f"random:{seed}", GRANULARITY="memory").stdout for seed in range(40)
    }
    assert {"good\n"} == sync
    assert {"good\n", "bad\n"} == memory


# --- building -----------------------------------------------------------------------------------


def test_the_runtime_compiles_without_warnings(tmp_path: Path) -> None:
    """The sources are clean under the compiler's warnings."""
    sources = [str(source) for source in runtime_sources()]
    command = ["cc", *CFLAGS, "-Werror", "-r", "-nostdlib", "-o", str(tmp_path / "o"), *sources]
    assert 0 == subprocess.run(command, check=False).returncode


def test_the_runtime_is_compiled_once(work: Path, instrumentation: Instrumentation) -> None:
    """The same sources are not compiled again."""
    before = instrumentation.runtime.stat().st_mtime_ns
    assert instrumentation.runtime == compile_runtime("cc", work)
    assert before == instrumentation.runtime.stat().st_mtime_ns


def test_an_old_compiler_is_given_a_sysroot_with_our_runtime(tmp_path: Path) -> None:
    """The sysroot links to the true one, but for the runtime, which is ours."""
    libraries = tmp_path / "true" / "lib" / "rustlib" / "some-host" / "lib"
    libraries.mkdir(parents=True)
    (libraries / "libstd.rlib").write_text("standard")
    (libraries / "librustc-stable_rt.tsan.a").write_text("theirs")
    runtime = tmp_path / "controlled.o"
    runtime.write_text("ours")
    for _ in range(2):
        flags = old_rustflags(runtime, tmp_path / "true", "some-host")
    shadow = Path(flags[-1].removeprefix("--sysroot=")) / "lib" / "rustlib" / "some-host" / "lib"
    assert "standard" == (shadow / "libstd.rlib").read_text()
    assert "ours" == (shadow / "librustc-stable_rt.tsan.a").read_text()
    assert "ours" == (shadow / "librustc-nightly_rt.tsan.a").read_text()


@pytest.mark.parametrize(
    ("rustc", "cc", "reason"),
    [
        ("rustc", "no-such-cc", "no-such-cc: No such file or directory"),
        ("no-such-rustc", "cc", "no-such-rustc: No such file or directory"),
        ("false", "cc", "false: ended with code 1"),
        ("true", "cc", f"true: no controlled runs on unknown, only on {', '.join(HOSTS)}"),
    ],
)
def test_a_machine_without_the_means_is_told_why(
    work: Path, rustc: str, cc: str, reason: str
) -> None:
    """What cannot be built is a reason in plain words, not an exception."""
    assert reason == probe(rustc, cc, work)
