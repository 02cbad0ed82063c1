"""The world of a controlled Python program: time, randomness, waits, signals, children, deadlocks.

Each program of `world/` is run on every CPython that is found, from 3.9 on, with the GIL and
without.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness.machine.toolchains import satisfies
from harness.schedules.world import compile_world
from tests.schedules.test_python_runtime import OTHERS, RUNTIME, WORLD, Controlled, run

RIGHT = {
    "clocks": "[10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10]\nTrue\nTrue\nlate\n",
    "timers": "".join(f"late in {what} 1\n" for what in ("lock", "sleep", "event", "loop", "pause"))
    + "[0.25, 0.25, 0.25] 0 7\n",
    "descriptors": "[('accepted', b'd'), ('emptied', 300000), ('epoll', 1), ('poll', 1), "
    "('read', b'a'), ('received', b'c'), ('select', 1)]\n"
    "would block\nwould block\ntimed out\n",
    "fifos": "['text', 'text', '']\nis there\nnobody reads\n[1, 1, 1]\n",
    "filelocks": "inside\n" * 4 + "worst 1\n",
    "signals": "event False\n[True, True]\n3\ninterrupted\nNone\nTrue\nTrue\nTrue\n",
    "counted": "3 4\n0 1\n",
    "heirs": "14 14\n",
    "interrupted": "interrupted interrupted\n['MainThread']\n",
    "libraries": "lines [True, ([0, 1], True, [False, False]), 'broken', []]\n"
    "queues [[0, 1, 2], 'Queue', [0, 1, 2], 'LifoQueue', [0, 1, 2], 'PriorityQueue', "
    "[0, 1, 2], 'SimpleQueue']\n"
    "futures [[1, 2, 3, 4], True, [7, None]]\n"
    "tasks (([1, 2, None], 1), 3, b'hello\\n', 'late')\n",
}
"""What each program prints, whatever the schedule."""

RECENT = next(label for label in OTHERS if satisfies(OTHERS[label].version, ">=3.11"))
ON_EACH = pytest.mark.parametrize("label", OTHERS)


def run_on(label: str, schedule: str, program: str, *arguments: str, **settings: str) -> Controlled:
    """Run a program of `world/` on the interpreter of that label, at the points that suit it."""
    python = OTHERS[label]
    if python.has_gil is False:
        settings.setdefault("granularity", "opcode")
    place = f"../world/{program}"
    return run(schedule, place, *arguments, python=str(python.program), **settings)


def loose(result: Controlled) -> list[list[str]]:
    """The threads that were passed over: number, call and place."""
    return result.records("l")


@ON_EACH
@pytest.mark.parametrize("schedule", ["switch:", "random:4", "pct2:3"])
@pytest.mark.parametrize("program", RIGHT)
def test_a_program_does_what_it_does_without_control(
    program: str, schedule: str, label: str
) -> None:
    """Its output is right, nothing is written to stderr, and nobody is passed over."""
    result = run_on(label, schedule, program)
    assert (RIGHT[program], "", 0, "exit", []) == (
        result.out,
        result.err,
        result.code,
        result.end,
        loose(result),
    )


@ON_EACH
def test_a_signal_that_main_raises_is_handled_there(label: str) -> None:
    """Not in the scheduler, through which main comes back from the call."""
    result = run_on(label, "random:4", "raised")
    turn = "Told SIGUSR1\n" * 3 + "KeyboardInterrupt\n"
    assert (2 * turn + 2 * "KeyboardInterrupt\n", "") == (result.out, result.err)


def test_no_two_runs_name_a_semaphore_alike() -> None:
    """They draw alike at random, and what one leaves behind would be in another's way."""
    names = {run_on(RECENT, "switch:", "semaphore_names").out for _ in range(2)}
    assert len(names) == 2
    assert all(name.startswith("/mp-") for name in names)


@ON_EACH
def test_a_file_is_as_old_as_the_clocks_say(label: str) -> None:
    """What a run writes has times of the run's own; they are the same when it is made again."""
    result = run_on(label, "random:4", "filetimes")
    *told, exactly = result.out.splitlines()
    assert result.err == ""
    assert told == [
        "older files: True",
        "written: 10 {'a': 0, 'm': 0, 'c': 0}",
        "written again: 0",
        "opened: 5",
        "copied: 0 True",
        "with its times: True",
        "folder: 3",
        "touched: 0",
        *("set: True",) * 3,
        "and written: 0",
        "emptied: 1",
        "each later: True",
        "at a place: 0",
        "cut: 0",
        "by a child: True True",
        "by a child, again: True",
    ]
    assert run_on(label, "random:4", "filetimes").out.splitlines()[-1] == exactly


@ON_EACH
def test_no_frame_of_ours_is_in_a_threads_stack(label: str) -> None:
    """It begins with the program's own function, or with the library's where that starts it."""
    result = run_on(label, "random:4", "stacks")
    assert result.out == (
        "['look', 'run', '_bootstrap_inner', '_bootstrap']\n"
        "['_bootstrap', '_bootstrap_inner', 'run', 'look']\n"
        "['raw']\n(5, 'five')\nTrue\n['fails']\n"
    )
    assert result.err == ""


@ON_EACH
def test_a_run_is_made_again_byte_for_byte(label: str) -> None:
    """Randomness from each source, addresses and the record are as they were."""
    run_on(label, "random:4", "randomness")  # what it imports is compiled now
    first = run_on(label, "random:4", "randomness")
    assert (0, "") == (first.code, first.err)
    assert first == run_on(label, "random:4", "randomness")


@ON_EACH
def test_randomness_differs_by_thread_and_not_by_schedule(label: str) -> None:
    """A reduction, which names other schedules, must not change the program."""
    runs = [run_on(label, schedule, "randomness") for schedule in ("random:4", "switch:")]
    drawn = [result.out.splitlines()[0] for result in runs]
    assert drawn[0] == drawn[1]
    assert drawn[0].endswith("]] 2")


@ON_EACH
def test_what_is_observed_cannot_be_told_from_what_it_was(label: str) -> None:
    """Types, modules, pickles, copies, documentation and messages are those of a plain run."""
    plain = run_on(label, "", "originals")
    controlled = run_on(label, "random:1", "originals")
    assert (0, 0) == (plain.code, controlled.code)
    assert plain.out == controlled.out


@ON_EACH
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_children_of_each_kind_are_waited_for(method: str, label: str) -> None:
    """They run on their own, the log says so, and nobody is passed over for them."""
    result = run_on(label, "random:3", "processes", method)
    own = "[0, 1, 4, 9]\n[0, 1, 4, 9] None\n3\nTrue True False\n"
    others = "3\n4 2\nchild HELLO\n0\n" if method == "fork" else ""
    assert (own + others, 0, "exit") == (result.out, result.code, result.end)
    assert [["child-process"]] == result.records("uncontrolled")


@ON_EACH
@pytest.mark.parametrize("schedule", ["switch:", "random:4"])
def test_time_passes_as_for_the_children_while_there_are_any(schedule: str, label: str) -> None:
    """What they slept was as long for the parent; once they have ended sleeps cost nothing."""
    result = run_on(label, schedule, "real_sleeps")
    assert ("b'slept' True\nan hour\n", 0, "exit") == (result.out, result.code, result.end)


@ON_EACH
def test_a_program_may_become_another(label: str) -> None:
    """The record has its end, once, and says why; one that failed to leaves no trace."""
    result = run_on(label, "random:1", "replaced")
    assert ("thread\nnot there\nanother\n", 5) == (result.out, result.code)
    assert [["exec"]] == result.records("uncontrolled")
    assert 1 == sum(line.startswith("end ") for line in result.log)
    assert "exit" == result.end


@ON_EACH
def test_a_thread_blocked_unforeseen_is_passed_over(label: str) -> None:
    """The others go on, and the record says who was passed over, in which call, and where."""
    result = run_on(label, "random:3", "passed_over")
    assert (0, "", "exit") == (result.code, result.err, result.end)
    assert ["got 2", "step 0", "step 1", "step 2"] == sorted(result.out.splitlines())
    ((_, call, place),) = loose(result)
    assert "read" == call
    assert place.startswith("passed_over.py:")


@pytest.fixture(scope="session")
def late_waker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of `late_waker.py`."""
    source = Path(__file__).parent / "world" / "late_waker.c"
    library = tmp_path_factory.mktemp("late") / "late_waker.so"
    flags = ("-shared", "-fPIC", "-pthread", "-Wall", "-Wextra", "-Werror")
    subprocess.run(["cc", *flags, "-o", library, source], check=True)
    return library


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
@pytest.mark.parametrize("way", ["wait_by_futex", "wait_by_semaphore"])
@ON_EACH
def test_nobody_is_passed_over_who_waits_for_one_that_runs(
    late_waker: Path, way: str, label: str
) -> None:
    """However long a busy machine takes to let that one run: it had the turn until just now."""
    if way == "wait_by_semaphore" and OTHERS[label].has_gil is not False:
        pytest.skip("only interpreters without a GIL wait so for what is brief")
    result = run_on(label, "switch:", "late_waker", str(late_waker), way)
    assert ("woken\nthrough\n", "", 0, "exit") == (result.out, result.err, result.code, result.end)
    assert [] == loose(result)


def test_a_thread_that_waits_by_io_uring_is_passed_over() -> None:
    """Completions are the kernel's own: their time is real, and the record names the call."""
    result = run("switch:", "../world/ring_of_the_kernel")
    if "none here" in result.out:
        pytest.skip("io_uring cannot be had here")
    assert (0, "exit", "main goes on\n") == (result.code, result.end, result.out)
    assert [("1", "io_uring_enter")] == [(thread, call) for thread, call, _ in loose(result)]


@pytest.mark.parametrize("label", [o for o in OTHERS if satisfies(OTHERS[o].version, ">=3.14")])
def test_other_interpreters_are_let_be(label: str) -> None:
    """They are not followed, which the record says; nothing is called in them.

    Pools of them came with 3.14.
    """
    result = run_on(label, "random:1", "interpreters")
    assert ("[0, 1, 4, 9]\nthread\n", 0, "exit") == (result.out, result.code, result.end)
    assert [["interpreters"]] == result.records("uncontrolled")


@ON_EACH
@pytest.mark.parametrize(("way", "told"), [("thread", "timer-thread"), ("signal", "timer")])
def test_timers_of_the_c_librarys_own_are_said_to_be_real(label: str, way: str, told: str) -> None:
    """Nothing that such a run shows is told as a finding before plain runs have confirmed it."""
    result = run_on(label, "random:1", "foreign_timers", way)
    assert ("0\n0\n", 0, "exit") == (result.out, result.code, result.end)
    assert [[told]] == result.records("uncontrolled")


# ---- deadlocks of some ---------------------------------------------------------------------------


@ON_EACH
@pytest.mark.parametrize(
    ("way", "kinds", "holders"),
    [
        ("ring", {"2": "rlock", "3": "lock"}, [["2", "3"], ["3", "2"]]),
        ("join", {"2": "join", "3": "join"}, [["2", "3"], ["3", "2"]]),
        ("handler", {"0": "lock"}, [["0", "0"]]),
        ("conditions", {"2": "rlock", "3": "condition"}, [["2", "3"], ["3", "2"]]),
    ],
)
def test_threads_that_wait_for_each_other_are_told(
    way: str, kinds: dict[str, str], holders: list[list[str]], label: str
) -> None:
    """At once, though another goes on: who waits for what, where, and for whom."""
    result = run_on(label, "random:1", "rings", way)
    assert (66, "deadlock", holders) == (result.code, result.end, result.records("h"))
    assert kinds == {thread: kind for thread, kind, _ in result.records("w")}
    assert all(place.startswith("rings.py:") for *_, place in result.records("w"))


@ON_EACH
def test_nobody_is_said_to_hold_a_semaphore(label: str) -> None:
    """Anybody may let it go: a ring of such is told when nobody can go on, without holders.

    Each waits for a lock of its own making, by which it would be notified, and not for itself.
    """
    result = run_on(label, "random:1", "rings", "semaphores")
    assert (66, "deadlock") == (result.code, result.end)
    assert [["1", "semaphore"], ["2", "semaphore"]] == sorted(
        [thread, kind] for thread, kind, _ in result.records("w") if kind == "semaphore"
    )
    assert [] == [each for each in result.records("h") if each[0] != "0"]


@ON_EACH
@pytest.mark.parametrize("schedule", ["switch:", "random:2", "random:3", "pct2:5", "sticky:1"])
def test_locks_used_as_signals_are_no_ring(schedule: str, label: str) -> None:
    """Whoever took one need not be who lets it go."""
    result = run_on(label, schedule, "rings", "signals")
    assert ("no ring\n", "exit") == (result.out, result.end)


# ---- the end -------------------------------------------------------------------------------------


@ON_EACH
@pytest.mark.parametrize("schedule", ["switch:", "random:1", "random:2", "pct2:3"])
def test_a_thread_may_be_started_at_exit(schedule: str, label: str) -> None:
    """CPython 3.12 refuses to; from 3.15 on the exit waits for it, else it may come too late."""
    result = run_on(label, schedule, "late_threads")
    version = OTHERS[label].version
    right = ["end", "main", "work"]
    if satisfies(version, "==3.12"):
        right[2] = "refused"
    elif not satisfies(version, ">=3.15") and "work" not in result.out:
        del right[2]
    assert (right, "", 0) == (sorted(result.out.split()), result.err, result.code)
    assert "exit" == result.end


STARTER = """
import os, subprocess, sys
environment = {**os.environ, "LD_PRELOAD": sys.argv[1], "HARNESS_SCHEDULE": "switch:"}
program = "import os; os.write(1, b'begun')\\nwhile True: pass"
subprocess.run([sys.executable, "-c", program], env=environment)
"""


def test_a_controlled_program_ends_with_who_started_it() -> None:
    """However that one ended; here by a signal that it cannot handle."""
    with subprocess.Popen(
        [sys.executable, "-S", "-c", STARTER, str(WORLD)],
        env={"PYTHONPATH": str(RUNTIME)},
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            assert b"begun" == process.stdout.read(5)
            process.kill()
            assert ([process.stdout], [], []) == select.select([process.stdout], [], [], 20)
            assert b"" == process.stdout.read(1)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


# ---- waits that end for nothing ------------------------------------------------------------------


@ON_EACH
@pytest.mark.parametrize("seed", range(4))
def test_a_wait_in_a_loop_bears_what_its_contract_allows(seed: int, label: str) -> None:
    """No notification is lost, however often a wait ends for nothing."""
    for strategy in ("random", "pct2"):
        result = run_on(label, f"{strategy}:{seed}/early/spurious", "conditions", "loop")
        assert ("taken 3\n", "", "exit") == (result.out, result.err, result.end)


@ON_EACH
def test_a_wait_without_a_loop_is_found(label: str) -> None:
    """Some wait ends for nothing; listed, the same departure gives the same output again.

    At a point in each bytecode, as without a GIL, it is one seed in some hundred that shows it:
    which, and whether any of these, hangs on the steps of the interpreter.
    """

    def once(schedule: str) -> Controlled:
        return run_on(label, schedule, "conditions", "once", granularity="gil")

    runs = (once(f"random:{seed}/spurious") for seed in range(60))
    result = next(result for result in runs if result.out == "none\n")
    items = [f"{number}>{chosen}" for number, _, chosen, *_ in result.records("d")]
    items += [f"spurious@{step}>{thread}" for step, thread, _ in result.records("p")]
    again = once("switch:" + ",".join(items))
    assert (result.out, result.log) == (again.out, again.log)


def test_candidates_are_told_when_they_are_asked_for() -> None:
    """At each step, whose timeout may come early and who may wake for nothing; else never."""
    label = RECENT
    told = run_on(label, "switch:", "conditions", "loop", candidates="1").records("c")
    assert [] == run_on(label, "random:1", "conditions", "loop").records("c")
    assert told == sorted(told, key=lambda words: int(words[0]))
    assert {"p0"} == {item for _, *items in told for item in items}
    sleeping = run_on(label, "random:1", "timers", candidates="1").records("c")
    assert {"e0"} == {item for _, *items in sleeping for item in items}


@ON_EACH
@pytest.mark.parametrize("schedule", ["switch:1>1", "random:1", "random:2"])
def test_nothing_is_imported_when_a_thread_waits(schedule: str, label: str) -> None:
    """Another may be importing, and hold the lock for that, while it waits for its turn."""
    result = run_on(label, schedule, "fails", candidates="1")
    assert ("joined\n", 0, "exit") == (result.out, result.code, result.end)
    assert result.err.endswith("ValueError: it failed\n")


def test_one_that_cannot_wake_is_a_mismatch() -> None:
    """As with a listed hand-over."""
    result = run_on(RECENT, "switch:spurious@3>1", "conditions", "loop")
    assert (67, "mismatch") == (result.code, result.end)


# ---- without it ----------------------------------------------------------------------------------


def test_without_the_library_the_run_is_refused() -> None:
    """What it cannot control, the runtime does not start to."""
    result = run("random:1", "pair", "1", "1", preload="")
    assert (65, "refused") == (result.code, result.end)


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler to begin with")
def test_no_compiler_is_a_reason() -> None:
    """The words that a report says instead of a controlled run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shutil.which", lambda _: None)
        said = compile_world(Path(".harness", "controlled"))
    assert (
        "controlled schedules of Python programs need a C compiler (cc), and none was found" == said
    )
