"""The Python runtime of controlled schedules, by real runs of the programs in `python/`."""

from __future__ import annotations

import contextlib
import os
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

import harness
from harness.machine.toolchains.pythons import find_pythons
from harness.schedules.world import compile_world
from tests.bench.programs import PYTHON_OUTPUT
from tests.schedules.answering import answering

RUNTIME = Path(harness.__file__).parent / "schedules" / "runtime" / "python"
PROGRAMS = Path(__file__).parent / "python"
WORLD = compile_world(Path(".harness", "controlled"))
FIXED_ADDRESSES = ["setarch", "-R"] if shutil.which("setarch") else []
OTHERS = {
    python.label: python for python in find_pythons()[0] if python.implementation == "CPython"
}
"""Whatever there is; free-threaded builds as well."""
LIMIT_SECONDS = 60


CHEAP = ("queues", "tasks", "lives")


@dataclass(frozen=True, slots=True, kw_only=True)
class Controlled:
    """What came of one controlled run."""

    code: int
    out: str
    err: str
    log: list[str]

    def records(self, letter: str) -> list[list[str]]:
        """The fields of the log's records of one kind."""
        return [line.split()[1:] for line in self.log if line.split()[0] == letter]

    @property
    def end(self) -> str:
        """How the log says that the run ended."""
        return self.log[-1].split()[1]


def run(
    schedule: str, program: str, *arguments: str, python: str = sys.executable, **settings: str
) -> Controlled:
    """Run a program of `python/` under a schedule; `settings` are HARNESS_SCHEDULE variables.

    Without a schedule it is a plain run, and the log is empty.
    """
    with tempfile.TemporaryDirectory() as directory:
        log = Path(directory, "log")
        log.touch()
        command = [*FIXED_ADDRESSES, python, str(PROGRAMS / f"{program}.py"), *arguments]
        with Path(directory, "out").open("w+b") as out, Path(directory, "err").open("w+b") as err:
            code = _wait(command, _environment(schedule, log, settings), out, err)
            out.seek(0)
            err.seek(0)
            return Controlled(
                code=code,
                out=out.read().decode(),
                err=err.read().decode(),
                log=log.read_text().splitlines(),
            )


def _wait(
    command: list[str], environment: dict[str, str], out: IO[bytes], err: IO[bytes] | int
) -> int:
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        start_new_session=True,
    )
    try:
        return process.wait(LIMIT_SECONDS)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _environment(schedule: str, log: Path, settings: dict[str, str]) -> dict[str, str]:
    preload = settings.pop("preload", str(WORLD))
    named = {f"HARNESS_SCHEDULE_{name.upper()}": value for name, value in settings.items()}
    plain = {
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "TMPDIR": str(log.parent),
    }
    if not schedule:
        return plain
    return {
        **plain,
        "PYTHONPATH": str(RUNTIME),
        "LD_PRELOAD": preload,
        "HARNESS_SCHEDULE": schedule,
        "HARNESS_SCHEDULE_LOG": str(log),
        **named,
    }


def run_on_terminal(schedule: str, program: str, *arguments: str, **settings: str) -> str:
    """What a program writes to a terminal under a schedule."""
    leader, follower = pty.openpty()
    with tempfile.TemporaryDirectory() as directory:
        command = [*FIXED_ADDRESSES, sys.executable, str(PROGRAMS / f"{program}.py"), *arguments]
        environment = _environment(schedule, Path(directory, "log"), settings)
        with os.fdopen(follower, "wb") as out:
            assert 0 == _wait(command, environment, out, subprocess.DEVNULL)
    with os.fdopen(leader, "rb", buffering=0) as screen:
        return _all_of(screen).decode().replace("\r\n", "\n")


def _all_of(screen: IO[bytes]) -> bytes:
    """What was written to a terminal that nobody has open any more: it comes piece by piece."""
    pieces = []
    with contextlib.suppress(OSError):  # Linux's way to say that this was all
        while piece := screen.read(65536):
            pieces.append(piece)
    return b"".join(pieces)


def first_seed(wanted: str, strategy: str, program: str, *arguments: str, **settings: str) -> int:
    """The first of 200 seeds under which a program prints `wanted` or ends so; -1: none."""
    for seed in range(200):
        result = run(f"{strategy}:{seed}", program, *arguments, **settings)
        if wanted in (result.out.strip(), result.end):
            return seed
    return -1


# ---- what programs use ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("program", sorted(PYTHON_OUTPUT))
def test_a_feature_works_under_any_schedule(program: str, seed: int) -> None:
    """What a correct program prints does not depend on the schedule."""
    result = run(f"random:{seed}", program)
    assert (PYTHON_OUTPUT[program], "", 0, "exit") == (
        result.out,
        result.err,
        result.code,
        result.end,
    )


@pytest.mark.parametrize("program", CHEAP)
@pytest.mark.parametrize("label", OTHERS)
def test_a_feature_works_on_other_interpreters(label: str, program: str) -> None:
    """The runtime fits every CPython from 3.9 on."""
    result = run("random:3", program, python=str(OTHERS[label].program))
    assert (PYTHON_OUTPUT[program], "", 0, "exit") == (
        result.out,
        result.err,
        result.code,
        result.end,
    )


@pytest.mark.parametrize("schedule", ["sticky:1", "pct2:1", "pct3:4", "weighted:1", "switch:"])
@pytest.mark.parametrize("program", ["queues", "tasks", "lives"])
def test_a_feature_works_under_each_strategy(program: str, schedule: str) -> None:
    """No strategy starves a program or breaks it."""
    assert PYTHON_OUTPUT[program] == run(schedule, program).out


@pytest.mark.parametrize("granularity", ["line", "opcode", "sync"])
def test_a_feature_works_at_each_granularity(granularity: str) -> None:
    """Where the points lie changes what can happen, not what must."""
    assert PYTHON_OUTPUT["locks"] == run("random:1", "locks", granularity=granularity).out


# ---- how programs end ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "code", "out", "err"),
    [
        ("thread-raises", 0, "main done\nat exit\n", "ValueError: from the thread\n"),
        ("hook", 0, "hook from the thread\nmain done\nat exit\n", ""),
        ("thread-exits", 0, "main done\nat exit\n", ""),
        ("main-raises", 1, "thread done\nat exit\n", "KeyError: 'from main'\n"),
        ("main-exits", 4, "thread done\nat exit\n", ""),
        ("daemon", 0, "main done\nat exit\n", ""),
        ("daemon-spins", 0, "main done\nat exit\n", ""),
        ("unjoined", 0, "main done\nthread done\nat exit\n", ""),
        ("at-once", 5, "", ""),
    ],
)
def test_a_program_ends_as_ever(way: str, code: int, out: str, err: str) -> None:
    """Exceptions, exit codes, daemons and exit handlers are as ever; stderr gets no noise."""
    result = run("random:1", "endings", way)
    assert (code, out, "exit") == (result.code, result.out, result.end)
    assert err == "".join(result.err.splitlines(keepends=True)[-1:])


def test_signals_are_heard() -> None:
    """Handlers run, an interrupt reaches a waiting main thread, and SIGTERM kills."""
    result = run("random:1", "signals")
    assert (-signal.SIGTERM, "True\n" + "interrupted\n" * 3) == (result.code, result.out)


@pytest.mark.parametrize(
    ("way", "out"),
    [
        (["subprocess"], "worker\n['_thread', 'False']\n"),
        (["process"], "clean\n0\n"),
        (["pool", "fork"], "[0, 1, 4, 9]\n"),
        (["pool", "spawn"], "[0, 1, 4, 9]\n"),
    ],
)
def test_child_processes_run_uncontrolled(way: list[str], out: str) -> None:
    """Children see no sign of the schedule, and the log says once that there were any."""
    result = run("random:1", "children", *way)
    assert (out, "", 0) == (result.out, result.err, result.code)
    assert [["child-process"]] == result.records("uncontrolled")


def test_who_talks_with_another_machine_has_real_time() -> None:
    """Its answer takes as long as it takes: no timeout comes first that would not come plainly."""
    with answering("answer") as port:
        result = run("random:1", "beyond", str(port))
    assert ("answer\n", "", 0) == (result.out, result.err, result.code)
    assert [["network"]] == result.records("uncontrolled")


def test_streams_look_as_ever() -> None:
    """The rebuilt streams have the old ones' properties, and the search path has no trace of us."""
    lines = run("random:1", "streams").out.splitlines()
    assert "False utf-8 surrogateescape <stdout> w False 1 <stdout>" == lines[0]
    assert "False utf-8 backslashreplace <stderr> w True 2 <stderr>" == lines[1]
    assert ["raw", "bytes", "one", "two", "ab!", *["word word word"] * 3] == lines[2:10]
    assert "True False None" == lines[10]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="nothing tells CPython not to trace")
def test_the_scheduler_is_no_part_of_what_is_traced() -> None:
    """A profiler of the program sees the library's calls, and none of the scheduler's."""
    seen = run("random:3", "watched").out.splitlines()[-1]
    assert seen == "True False"


# ---- the log -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "schedule", ["random:5", "sticky:5", "pct3:5", "weighted:5", "random:5/early"]
)
def test_a_schedule_repeats_exactly(schedule: str) -> None:
    """The same schedule gives the same output and, byte for byte, the same log."""
    for program in ("pools", "queues"):
        assert run(schedule, program) == run(schedule, program)


def test_a_run_is_replayed_from_its_decisions() -> None:
    """The decisions of any run, listed for `switch`, give that run again."""
    original = run("random:7", "pair", "3", "4")
    listed = ",".join(f"{number}>{chosen}" for number, _, chosen, *_ in original.records("d"))
    replayed = run(f"switch:{listed}", "pair", "3", "4")
    assert (original.out, original.log) == (replayed.out, replayed.log)


def test_the_log_tells_of_threads_output_and_counts() -> None:
    """The first line names the format; threads, writes and lines written are recorded."""
    result = run("switch:", "pair", "3", "4")
    assert "schedule 2" == result.log[0]
    assert ["1", "0"] == result.records("thread")[0][:2]
    assert [["1"]] == result.records("f")
    assert [["0", "28"]] == result.records("o")
    assert [["0", "3"], ["1", "4"]] == result.records("n")


def test_writes_to_a_terminal_are_recorded_by_thread(tmp_path: Path) -> None:
    """On a terminal each line is one write, recorded in the order in which the lines come."""
    leader, follower = pty.openpty()
    log = tmp_path / "log"
    with os.fdopen(follower, "wb") as out:
        command = [*FIXED_ADDRESSES, sys.executable, str(PROGRAMS / "pair.py"), "3", "4"]
        assert 0 == _wait(command, _environment("random:3", log, {}), out, subprocess.DEVNULL)
    lines = os.read(leader, 65536).decode().split()[::2]
    os.close(leader)
    writers = [line.split()[1] for line in log.read_text().splitlines() if line.startswith("o ")]
    assert ["M" if writer == "0" else "T" for writer in writers] == lines


def test_a_switch_to_a_thread_that_cannot_run_is_a_mismatch() -> None:
    """A listed thread that is not runnable ends the run with its own code."""
    result = run("switch:0>7", "pair", "3", "4")
    assert (67, "mismatch") == (result.code, result.end)


@pytest.mark.parametrize(
    "schedule", ["nonsense:1", "random", "random:x", "random:1/late", "pct:1", "pct0:1"]
)
def test_what_is_no_schedule_is_refused(schedule: str) -> None:
    """A fault in the schedule stops the run before the program starts."""
    result = run(schedule, "pair", "3", "4")
    assert (65, "", "refused") == (result.code, result.out, result.end)


# ---- deadlocks and spins -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "waits"),
    [
        ("twice", [["0", "lock", "deadlocks.py:12"]]),
        ("stranger", [["0", "rlock", "deadlocks.py:20"]]),
        ("joined", [["0", "join", "deadlocks.py:27"], ["1", "event", "-"]]),
        ("unjoined", [["0", "exit", "-"], ["1", "semaphore", "-"]]),
        ("received", [["0", "read", "deadlocks.py:37"]]),
        ("got", [["0", "queue", "deadlocks.py:41"]]),
        ("got_simply", [["0", "queue", "deadlocks.py:45"]]),
    ],
)
def test_a_deadlock_is_told(way: str, waits: list[list[str]]) -> None:
    """A deadlock ends the run at once, says who waits for what and where, and keeps the output."""
    result = run("random:1", "deadlocks", way)
    assert (66, "deadlock", "before\n", waits) == (
        result.code,
        result.end,
        result.out,
        result.records("w"),
    )


def test_a_spin_is_bounded() -> None:
    """A loop that waits for what never comes ends at the bound, and the output is kept."""
    result = run("random:1", "spins", steps="20000")
    assert (68, "bound", "before\n") == (result.code, result.end, result.out)


def test_the_first_decisions_say_where_the_thread_stood_if_that_is_asked_for() -> None:
    """In the program's own code, to the instruction; of so many decisions, and no further ones."""
    assert [] == run("switch:", "bug_deadlock", "2", candidates="1").records("at")
    done = run("switch:", "bug_deadlock", "2", places="12")
    told = dict(done.records("at"))
    assert list(map(str, range(12))) == list(told)
    own = [told[d[0]] for d in done.records("d")[:12] if d[1] != "0"]
    assert own
    assert {f"bug_deadlock.py:{line}" for line in (11, 15, 16)} == {e.split("+")[0] for e in own}


def test_an_instruction_of_no_line_is_placed_at_its_function() -> None:
    """So that whoever stands there can be told of, and a lock that is let go there is one."""
    done = run("switch:", "no_line", places="2000", granularity="opcode")
    assert ("first\nend\n", "exit", 0) == (done.out, done.end, done.code), done.err
    assert "no_line.py:8" in {place.split("+")[0] for _, place in done.records("at")}


# ---- finding -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "program"),
    [
        ("bad", ["bug_lost_update", "call"]),
        ("bad", ["bug_lock_released_early"]),
        ("bad", ["bug_check_then_act"]),
        ("deadlock", ["bug_deadlock", "2"]),
        ("deadlock", ["bug_deadlock", "3"]),
        ("deadlock", ["bug_missed_notify"]),
        ("bad", ["bug_missing_join", "0"]),
        ("bad", ["bug_publication"]),
        ("bad", ["bug_channel_closed"]),
        ("bad", ["bug_barrier"]),
        ("deadlock", ["bug_barrier"]),
    ],
)
def test_a_planted_bug_is_found(wanted: str, program: list[str]) -> None:
    """Within 200 schedules, where the interpreter really can switch."""
    assert first_seed(wanted, "random", *program) >= 0


@pytest.mark.parametrize(
    ("wanted", "program"),
    [("bad", ["bug_lost_update", "call"]), ("deadlock", ["bug_deadlock", "2"])],
)
@pytest.mark.parametrize("strategy", ["sticky", "pct3", "weighted"])
def test_other_strategies_find_bugs(strategy: str, wanted: str, program: list[str]) -> None:
    """Each strategy can find a bug that needs one switch in the right place."""
    assert first_seed(wanted, strategy, *program, length="20") >= 0


def test_what_a_gil_prevents_is_found_at_each_opcode_only() -> None:
    """Between a read and a write with no call, only a build without the GIL switches (3.10 on)."""
    assert first_seed("bad", "random", "bug_lost_update", "plain", granularity="opcode") >= 0
    ends = {run(f"random:{seed}", "bug_lost_update", "plain").out for seed in range(10)}
    assert {"good\n"} == ends


def test_a_sleep_is_no_order_once_time_may_come_early() -> None:
    """In strict time a sleep looks like an order; early, it does not."""
    strict = {run(f"random:{seed}", "bug_sleep_as_order").out for seed in range(5)}
    assert {"first second\n"} == strict
    early = (run(f"random:{seed}/early", "bug_sleep_as_order").out for seed in range(200))
    assert "second first\n" in early


def test_only_what_is_due_within_a_minute_comes_early() -> None:
    """A timeout of some seconds may fire before a thread that can run; one of minutes does not."""
    seconds = {run(f"random:{seed}/early", "waits", "5").out for seed in range(30)}
    assert "late\n" in seconds
    minutes = {run(f"random:{seed}/early", "waits", "300").out for seed in range(30)}
    assert {"in time\n"} == minutes


def test_systematic_search_reaches_every_interleaving() -> None:
    """All orders of 2 lines and 1 come of the listed switches, tried to the end."""
    waiting: list[tuple[str, ...]] = [()]
    seen = set()
    while waiting:
        prefix = waiting.pop()
        result = run("switch:" + ",".join(prefix), "pair", "2", "1", granularity="sync")
        seen.add(result.out)
        last = int(prefix[-1].split(">")[0]) if prefix else -1
        for number, _, chosen, runnable, _ in result.records("d"):
            if int(number) > last:
                others = set(runnable.split(",")) - {chosen}
                waiting += [(*prefix, f"{number}>{other}") for other in sorted(others)]
    assert 3 == len(seen)


def test_weighted_spreads_evenly() -> None:
    """Told the counts, `weighted` seldom draws the same of 3,003 orders twice."""
    outs = {run(f"weighted:{seed}", "pair", "5", "10", counts="5,10").out for seed in range(20)}
    assert len(outs) >= 18


def test_lines_tear_only_without_a_gil() -> None:
    """A terminal gets whole lines at the GIL's points, and torn ones, too, at each opcode."""

    def torn(granularity: str) -> bool:
        written = (
            run_on_terminal(f"random:{seed}", "pair", "3", "4", granularity=granularity)
            for seed in range(10)
        )
        return any(len(line.split()) != 2 for text in written for line in text.splitlines())

    assert (False, True) == (torn("gil"), torn("opcode"))
