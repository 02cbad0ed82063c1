"""Running real tiny processes that behave badly."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.machine.process import (
    Command,
    Completed,
    Limits,
    can_fix_addresses,
    clean_environment,
    end_all_processes,
    grace,
    idleness,
    live,
    run_process,
    supervision,
)
from harness.machine.process.live import group_exists
from harness.machine.process.portable import run_with_pipes, unix_lines
from harness.machine.process.spawning import _open_stdin
from harness.values.run import Exited, NotStarted, OverLimit, Signalled, TimedOut

LONG = 30.0
"""Seconds: a limit that a test never reaches unless it fails."""
SHORT = 1.0
"""A limit that is reached, and by which a shell has begun, on a machine however busy."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the children are Linux's")


def command(*argv: str, **options: Any) -> Command:
    """Return a command with the environment that programs have."""
    options.setdefault("timeout_seconds", LONG)
    options.setdefault("environment", clean_environment())
    return Command(argv=argv, cwd=Path("/"), **options)


def run(*argv: str, **options: Any) -> Completed:
    """Run a command to its end."""
    return run_process(command(*argv, **options))


def run_python(code: str, **options: Any) -> Completed:
    """Run Python code, without site-packages, to its end."""
    return run(sys.executable, "-S", "-c", code, **options)


def run_shell(script: str, **options: Any) -> Completed:
    """Run a shell script to its end."""
    return run("/bin/sh", "-c", script, **options)


def is_alive(pid: int) -> bool:
    """Whether the process still runs (one that has ended and was not reaped does not)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(") ")[2][0] not in "ZX"


def open_descriptors() -> set[str]:
    """Return the numbers of our open file descriptors."""
    return {link.name for link in Path("/proc/self/fd").iterdir()}


def test_output_and_exit_code_are_given() -> None:
    """Stdout, stderr and the exit code come back, each in its place."""
    completed = run_shell("echo out; echo err >&2; exit 3")
    assert (Exited(3), b"out\n", b"err\n") == (
        completed.ending,
        completed.stdout,
        completed.stderr,
    )


def test_an_ended_process_leaves_no_descriptor_open() -> None:
    """Every channel is closed again, whichever way a run ends."""
    run_shell("true", terminal=True)
    before = open_descriptors()
    run_shell("cat", terminal=True, stdin=b"text")
    run("/nowhere/program", terminal=True)
    run_shell("exec sleep 60", terminal=True, timeout_seconds=0.05)
    assert before == open_descriptors()


@pytest.mark.parametrize("terminal", [True, False])
def test_stdout_is_a_terminal_when_asked_for(terminal: bool) -> None:
    """Only stdout is ever a terminal: stdin and stderr never are."""
    completed = run_shell(
        "for n in 0 1 2; do [ -t $n ] && echo $n terminal; done; true", terminal=terminal
    )
    assert (b"1 terminal\n" if terminal else b"") == completed.stdout


def test_a_terminal_passes_bytes_on_unchanged() -> None:
    """No carriage returns are added, control characters and invalid UTF-8 survive."""
    data = bytes(range(256)) + b"\r\n\x03\x04\xff\n"
    completed = run("/bin/cat", terminal=True, stdin=data)
    assert data == completed.stdout


def test_a_terminal_has_a_fixed_size() -> None:
    """A program that asks for the window's size is told 80 by 24."""
    completed = run_python("import os; print(*os.get_terminal_size(1))", terminal=True)
    assert b"80 24\n" == completed.stdout


@pytest.mark.parametrize("terminal", [True, False])
def test_a_megabyte_passes_in_both_directions(terminal: bool) -> None:
    """Input and output larger than any buffer do not block one another."""
    data = b"0123456789abcdef" * 65536
    completed = run("/bin/cat", stdin=data, terminal=terminal)
    assert (Exited(0), True) == (completed.ending, data == completed.stdout)


def test_no_stdin_is_an_empty_one() -> None:
    """A program that reads stdin though none is declared finds it at its end."""
    assert Exited(0) == run("/bin/cat").ending


def test_input_that_nobody_reads_is_no_fault() -> None:
    """A program may end, or close its stdin, without having read it."""
    assert Exited(0) == run_shell("exec 0<&-; exit 0", stdin=b"x" * 1_000_000).ending


def test_an_unended_last_line_is_kept() -> None:
    """Output needs no newline at its end."""
    assert b"no newline" == run_shell("printf 'no newline'", terminal=True).stdout


def test_arrivals_tell_when_stdout_came(tmp_path: Path) -> None:
    """Pieces printed apart arrive apart, and the last arrival covers all of stdout."""
    gate = tmp_path / "the-first-has-come"
    script = f"echo one; until [ -e {gate} ]; do sleep 0.01; done; echo two"
    asked = command("/bin/sh", "-c", script, terminal=True)
    completed = run_process(asked, on_output=lambda _: gate.touch())
    lengths = [length for length, _ in completed.arrivals]
    moments = [moment for _, moment in completed.arrivals]
    assert (lengths[-1], moments) == (len(completed.stdout), sorted(moments))
    assert len(lengths) > 1


def test_output_can_be_watched_as_it_comes() -> None:
    """``on_output`` is given all of stdout, in order."""
    pieces: list[bytes] = []
    run_process(command("/bin/sh", "-c", "echo a; echo b"), on_output=pieces.append)
    assert b"a\nb\n" == b"".join(pieces)


def test_the_environment_is_the_given_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the caller's environment reaches the program."""
    for name in ("PYTHONUNBUFFERED", "RUST_BACKTRACE", "CARGO_HOME", "LANG", "LC_ALL"):
        monkeypatch.setenv(name, "callers")
    completed = run("/usr/bin/env", environment={"ONLY": "this"})
    assert b"ONLY=this\n" == completed.stdout


def test_the_clean_environment_holds_nothing_of_the_callers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two callers with different environments give their programs the same one."""
    before = clean_environment()
    for name in ("PYTHONPATH", "PYTHONHASHSEED", "RUSTFLAGS", "LANG", "PATH", "HOME", "TERM"):
        monkeypatch.setenv(name, "callers")
    assert before == clean_environment()


def test_additions_to_the_clean_environment_win() -> None:
    """What a schedule adds replaces what the harness sets."""
    assert "C" == clean_environment({"LANG": "C"})["LANG"]


def test_programs_have_an_empty_home_of_their_own() -> None:
    """No start-up file or user package of the caller is in reach."""
    environment = clean_environment()
    Path(environment["TMPDIR"], "left-by-a-program").touch()
    assert [] == list(Path(environment["HOME"]).iterdir())


def test_what_a_program_has_removed_is_there_for_the_next() -> None:
    """Its HOME, its TMPDIR, and what both lie in: no run is started without them."""
    shutil.rmtree(Path(clean_environment()["HOME"]).parent)
    environment = clean_environment()
    assert [] == list(Path(environment["HOME"]).iterdir())
    assert [] == list(Path(environment["TMPDIR"]).iterdir())


@pytest.mark.parametrize("name", ["SIGABRT", "SIGKILL", "SIGTERM"])
def test_a_signal_is_named(name: str) -> None:
    """A process that a signal ended, which we did not send, is ``Signalled``."""
    completed = run_shell(f"echo before; kill -{name[3:]} $$", terminal=True)
    assert (Signalled(name), b"before\n") == (completed.ending, completed.stdout)


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (("/nowhere/program",), "no such file or directory: /nowhere/program"),
        (("/etc/passwd",), "permission denied: /etc/passwd"),
        (("/bin/echo", "a\0b"), "embedded null byte"),
    ],
)
def test_a_program_that_cannot_be_started_says_why(argv: tuple[str, ...], reason: str) -> None:
    """Such a start is an ending, not an exception."""
    assert NotStarted(reason) == run(*argv, terminal=True).ending


def test_a_missing_directory_is_a_reason() -> None:
    """A working directory that is not there is named."""
    completed = run_process(Command(argv=("/bin/true",), cwd=Path("/nowhere"), environment={}))
    assert NotStarted("no such file or directory: /nowhere") == completed.ending


def test_a_timeout_keeps_what_was_printed() -> None:
    """Output until the timeout is given with it."""
    completed = run_shell("echo so far; exec sleep 60", terminal=True, timeout_seconds=SHORT)
    assert b"so far\n" == completed.stdout
    assert isinstance(completed.ending, TimedOut)


def test_a_timed_out_process_is_asked_first() -> None:
    """SIGTERM comes before SIGKILL: a handler can still say something."""
    script = "trap 'echo asked; exit' TERM; while :; do sleep 0.01; done"
    completed = run_shell(script, terminal=True, timeout_seconds=SHORT)
    assert b"asked\n" == completed.stdout
    assert isinstance(completed.ending, TimedOut)


def test_a_process_that_ignores_sigterm_is_killed() -> None:
    """After the grace, SIGKILL ends what SIGTERM did not, children included."""
    completed = run_shell(
        "trap '' TERM; (trap '' TERM; echo $$; exec sleep 60) & echo $!; wait; sleep 60",
        terminal=True,
        timeout_seconds=SHORT,
    )
    assert isinstance(completed.ending, TimedOut)
    assert [False, False] == [is_alive(int(pid)) for pid in completed.stdout.split()]


def test_a_timed_out_process_takes_its_children_along() -> None:
    """Children die with it, even one in a session of its own."""
    completed = run_shell(
        "sleep 60 & echo $!; setsid sleep 60 & echo $!; wait", terminal=True, timeout_seconds=SHORT
    )
    assert [False, False] == [is_alive(int(pid)) for pid in completed.stdout.split()]


@pytest.mark.parametrize("way", ["", "setsid "])
def test_a_grandchild_that_keeps_the_terminal_open_is_ended(way: str) -> None:
    """It neither hangs the run nor outlives it; it is counted."""
    completed = run_shell(f"{way}sleep 60 & echo $!", terminal=True)
    assert (Exited(0), 1) == (completed.ending, completed.stray_processes)
    assert not is_alive(int(completed.stdout))


def test_a_grandchild_that_let_go_of_all_channels_is_ended() -> None:
    """The process group is looked at, not only who holds the channels."""
    completed = run_shell("sleep 60 >/dev/null 2>&1 & echo $!", terminal=True)
    assert 1 == completed.stray_processes
    assert not is_alive(int(completed.stdout))


def test_a_grandchild_that_ends_by_itself_at_once_is_no_stray() -> None:
    """What is still said just after the leader's end is kept."""
    completed = run_shell("(sleep 0.02; echo last words) & exit 0", terminal=True)
    assert (b"last words\n", 0) == (completed.stdout, completed.stray_processes)


def left_behind(work: str) -> Completed:
    """Run a program that leaves a child behind, which goes on once the program has ended."""
    code = f"""if True:
        import os, time
        gone, _ = os.pipe()
        if os.fork() == 0:
            os.close(_)
            os.read(gone, 1)
            {work}
    """
    return run_python(code, terminal=True)


def test_what_ends_once_the_program_has_is_given_processor_time_for_it() -> None:
    """However long that takes by the clock: others may want the processors, too."""
    working = (
        "start = time.process_time()\n            while time.process_time() < start + 0.3: pass"
    )
    completed = left_behind(f"{working}\n            print('last words')")
    assert (b"last words\n", 0) == (completed.stdout, completed.stray_processes)


@pytest.mark.parametrize("work", ["time.sleep(0.01)", "pass"])
def test_what_goes_on_is_a_stray_however_it_spends_its_time(
    work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that polls is found asleep, one that works has had its processor time."""
    monkeypatch.setattr(grace, "LONGEST_SECONDS", float("inf"))
    completed = left_behind(f"while True: {work}")
    assert (Exited(0), 1) == (completed.ending, completed.stray_processes)


def test_what_is_never_seen_asleep_is_a_stray_in_the_end() -> None:
    """Whatever it does meanwhile, the clock goes on."""
    left = grace.Grace(0.0)
    assert [False, True] == [left.look(now, (os.getpid(),)) for now in (1.0, 1000.0)]


def test_a_flood_is_cut_off() -> None:
    """Past its limit the process is ended, and the output up to the limit kept."""
    completed = run("/usr/bin/yes", terminal=True, limits=Limits(output_bytes=1024 * 1024))
    assert (OverLimit("1 MiB of output"), 1024 * 1024) == (
        completed.ending,
        len(completed.stdout),
    )


def test_a_flood_that_ends_in_time_is_cut_off_too() -> None:
    """A process that has ended before we read past the limit is over it all the same."""
    completed = run_shell("echo 123456", limits=Limits(output_bytes=3))
    assert (OverLimit("3 bytes of output"), b"123") == (completed.ending, completed.stdout)


def test_a_flood_of_stderr_counts() -> None:
    """The limit is on both streams together."""
    completed = run_shell("yes >&2", limits=Limits(output_bytes=1000))
    assert OverLimit("1000 bytes of output") == completed.ending


def test_memory_is_limited() -> None:
    """Asking for more than the limit fails in the program, which waits until it is there."""
    completed = run_python(
        "import resource as r, time\n"
        "while r.getrlimit(r.RLIMIT_DATA)[0] == r.RLIM_INFINITY:\n"
        "    time.sleep(0.001)\n"
        "bytearray(400 << 20)",
        limits=Limits(memory_bytes=200 << 20),
    )
    assert b"MemoryError" in completed.stderr


def test_open_files_and_core_files_are_limited() -> None:
    """The limits are those of the command, and no core file is ever left.

    They come a moment after the start, so the program waits until the last of them is there.
    """
    completed = run_python(
        "import resource as r, time\n"
        "while r.getrlimit(r.RLIMIT_NOFILE)[0] != 77:\n"
        "    time.sleep(0.001)\n"
        "print(r.getrlimit(r.RLIMIT_NOFILE)[0], r.getrlimit(r.RLIMIT_CORE)[0])",
        limits=Limits(open_files=77),
    )
    assert b"77 0\n" == completed.stdout


DEADLOCK = """\
import threading
print("about to wait", flush=True)
lock = threading.Lock()
lock.acquire()
threading.Thread(target=lock.acquire).start()
lock.acquire()
"""


def test_a_silent_deadlock_is_ended_early() -> None:
    """Asleep, silent and without processor time for long enough: idle."""
    completed = run_python(DEADLOCK, terminal=True, silence_seconds=0.2)
    assert b"about to wait\n" == completed.stdout
    match completed.ending:
        case TimedOut(seconds, idle=True):
            assert 0.2 <= seconds < LONG
        case other:
            pytest.fail(f"expected an early end, found {other}")


HOLDS_THE_GIL = """
import ctypes, threading
print("about to wait", flush=True)
threading.Thread(target=ctypes.PyDLL(None).pause, daemon=True).start()
print("never said")
"""
WORKS_BESIDE_ONE_THAT_WAITS = """
import sys, threading, time
sys.setswitchinterval(0.1)
def work():
    end = time.thread_time() + 0.3
    while time.thread_time() < end: pass
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("done")
"""


def test_who_asks_for_the_gil_in_vain_is_not_at_work() -> None:
    """It wakes and asks again, as long as the one who has it sleeps."""
    completed = run_python(HOLDS_THE_GIL, terminal=True, silence_seconds=0.4)
    match completed.ending:
        case TimedOut(seconds, idle=True):
            assert 0.4 <= seconds < LONG
        case other:
            pytest.fail(f"expected an early end, found {other}")


def test_who_waits_for_the_gil_of_one_at_work_is_at_work() -> None:
    """Most threads are asleep at each look, and the one that has the lock is not."""
    completed = run_python(WORKS_BESIDE_ONE_THAT_WAITS, silence_seconds=0.1)
    assert (Exited(0), b"done\n") == (completed.ending, completed.stdout)


def test_silent_work_is_no_deadlock() -> None:
    """A process that computes, or polls, in silence runs on."""
    completed = run_python(
        "import time\n"
        "end = time.process_time() + 0.3\n"
        "while time.process_time() < end: pass\n"
        "for _ in range(20): time.sleep(0.02)\n"
        "print('done')",
        silence_seconds=0.2,
    )
    assert (Exited(0), b"done\n") == (completed.ending, completed.stdout)


def test_a_busy_child_is_no_deadlock() -> None:
    """A process that waits for a child that works is not idle."""
    completed = run_shell(
        f"{sys.executable} -S -c 'import time\nwhile time.process_time() < 0.5: pass'; echo done",
        silence_seconds=0.2,
    )
    assert b"done\n" == completed.stdout


@pytest.mark.parametrize(
    ("script", "seconds", "idle"),
    [("exec sleep 60", SHORT, True), ("while :; do :; done", 0.4, False)],
)
def test_a_timeout_says_whether_the_process_was_idle(
    script: str, seconds: float, idle: bool
) -> None:
    """A reader is told a sleeper from a busy loop.

    It has to be asleep for the second half of its time: what begins slowly would not be.
    """
    completed = run_shell(script, timeout_seconds=seconds)
    assert TimedOut(seconds, idle=idle) == completed.ending


def test_where_nothing_tells_of_threads_nobody_knows_whether_it_was_idle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That it was at work is no more known than that it was not."""
    monkeypatch.setattr(idleness, "TELLS_OF_THREADS", False)
    completed = run_python("import time; time.sleep(60)", timeout_seconds=0.4)
    assert TimedOut(0.4, idle=None) == completed.ending


SLOW = """
import time
for _ in range(50):
    ends = time.process_time() + 0.004
    while time.process_time() < ends: pass
    time.sleep(0.05)
"""
"""Works for a fifth of a second, and takes more than two for it, as on a busy machine."""


@pytest.mark.parametrize(
    ("patiently", "ending"), [(False, TimedOut(2.0, idle=False)), (True, Exited(0))]
)
def test_one_that_is_run_patiently_is_given_its_time(patiently: bool, ending: object) -> None:
    """The timeout is then one of processor time, however much of that the machine spares."""
    assert ending == run_python(SLOW, timeout_seconds=2.0, patiently=patiently).ending


@pytest.mark.parametrize(
    ("code", "idle"), [("import time; time.sleep(60)", True), ("while True: pass", False)]
)
def test_patience_ends(code: str, idle: bool) -> None:
    """With one that waits, and with one that has had its time."""
    completed = run_python(code, timeout_seconds=1.0, patiently=True)
    assert TimedOut(1.0, idle=idle) == completed.ending


@pytest.mark.parametrize(("size", "is_over"), [(1 << 20, True), (100, False)])
def test_a_flood_is_no_matter_of_time(
    size: int, is_over: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for its reader, and uses next to nothing of a processor; its limit tells of it."""
    monkeypatch.setattr(supervision, "LEAST_SHARE", 1.0)
    code = f"import time\nwhile True: print('x' * {size}, flush=True); time.sleep(0.1)"
    limits = Limits(output_bytes=24 << 20)
    completed = run_python(code, timeout_seconds=1.0, patiently=True, limits=limits)
    expected = OverLimit("24 MiB of output") if is_over else TimedOut(1.0, idle=False)
    assert expected == completed.ending


def test_processor_time_of_children_is_counted() -> None:
    """Processor time covers the children that the process waited for."""
    completed = run_shell(
        f"{sys.executable} -S -c 'import time\nwhile time.process_time() < 0.2: pass'"
    )
    assert completed.cpu_seconds >= 0.2


def test_processor_time_includes_children_of_a_server_that_is_left_behind() -> None:
    """So multiprocessing's fork server works: it starts the workers, and nobody waits for it."""
    code = """if True:
        import os, time
        told, tell = os.pipe()
        if os.fork() == 0:
            if os.fork() == 0:
                while time.process_time() < 0.3:
                    pass
                os._exit(0)
            os.wait()
            os.write(tell, b"done")
            time.sleep(60)
        os.read(told, 4)
    """
    completed = run_python(code)
    assert completed.cpu_seconds >= 0.25
    assert 1 == completed.stray_processes


def test_cores_are_those_of_the_command() -> None:
    """The program may run on the given cores only, and our thread on all of its own again."""
    before = os.sched_getaffinity(0)
    core = min(before)
    completed = run_python("import os; print(os.sched_getaffinity(0))", cores=frozenset({core}))
    assert (f"{{{core}}}\n".encode(), before) == (completed.stdout, os.sched_getaffinity(0))


@pytest.mark.skipif(not can_fix_addresses(), reason="a sandbox forbids it")
def test_addresses_can_be_fixed() -> None:
    """Without randomisation two runs are laid out alike, and our own thread is as before."""
    before = Path("/proc/thread-self/personality").read_text(encoding="utf-8")
    runs = [run("/bin/cat", "/proc/self/maps", address_randomisation=False) for _ in range(2)]
    stacks = [next(li for li in r.stdout.splitlines() if b"[stack]" in li) for r in runs]
    assert stacks[0] == stacks[1]
    assert before == Path("/proc/thread-self/personality").read_text(encoding="utf-8")


def test_a_stopped_harness_starts_nothing() -> None:
    """Once ``stop`` is set no process is started."""
    stop = threading.Event()
    stop.set()
    completed = run_process(command("/bin/echo", "started"), stop=stop)
    assert (NotStarted("the harness was stopped"), True) == (completed.ending, completed.stopped)


def start_in_thread(
    *argv: str, stop: threading.Event | None = None
) -> tuple[threading.Thread, list[Completed]]:
    """Run a command in a thread, and return once it has printed something."""
    results: list[Completed] = []
    printed = threading.Event()

    def work() -> None:
        results.append(
            run_process(command(*argv), stop=stop, on_output=lambda _: printed.set()),
        )

    thread = threading.Thread(target=work)
    thread.start()
    assert printed.wait(LONG)
    return thread, results


def test_stop_ends_a_running_process() -> None:
    """A process that runs when ``stop`` is set is killed, and said to be stopped."""
    stop = threading.Event()
    thread, results = start_in_thread("/bin/sh", "-c", "echo on; exec sleep 60", stop=stop)
    stop.set()
    thread.join(LONG)
    assert [True] == [completed.stopped for completed in results]


def test_all_processes_can_be_ended_at_once() -> None:
    """On Ctrl-C everything that runs, in whatever thread, ends with its group."""
    script = "trap '' TERM INT; sleep 60 & echo $!; wait"
    started = [start_in_thread("/bin/sh", "-c", script) for _ in range(2)]
    assert 2 == end_all_processes()
    for thread, _ in started:
        thread.join(LONG)
    results = [completed for _, completions in started for completed in completions]
    assert [Signalled("SIGKILL")] * 2 == [completed.ending for completed in results]
    assert [True] * 2 == [completed.stopped for completed in results]
    assert [False] * 2 == [is_alive(int(completed.stdout)) for completed in results]


def test_what_the_first_signal_missed_is_killed_at_the_next_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A signal may come before the process has a group of its own, and then nobody gets it."""
    early = iter([True])
    send = live.signal_group

    def signal_group(leader: int, number: signal.Signals) -> None:
        if not next(early, False):
            send(leader, number)

    stop = threading.Event()
    thread, results = start_in_thread("/bin/sh", "-c", "echo on; exec sleep 60", stop=stop)
    monkeypatch.setattr(live, "signal_group", signal_group)
    assert 1 == end_all_processes()
    stop.set()
    thread.join(2 * LONG)
    assert [(Signalled("SIGKILL"), True)] == [(done.ending, done.stopped) for done in results]


def test_an_interrupt_leaves_no_process() -> None:
    """An exception in the waiting thread kills the process and reaps it."""
    seen: list[int] = []

    def interrupt(data: bytes) -> None:
        seen.append(int(data))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_process(command("/bin/sh", "-c", "echo $$; exec sleep 60"), on_output=interrupt)
    assert not group_exists(seen[0])
    assert 0 == end_all_processes()


def test_many_threads_may_run_processes() -> None:
    """Runs in parallel do not mix their output, nor take one another for strays."""
    results: dict[int, Completed] = {}

    def work(number: int) -> None:
        for _ in range(5):
            results[number] = run("/bin/echo", str(number), terminal=True)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert {n: (Exited(0), f"{n}\n".encode(), 0) for n in range(8)} == {
        n: (r.ending, r.stdout, r.stray_processes) for n, r in results.items()
    }


def test_a_caller_that_ignores_sigpipe_does_not_pass_that_on() -> None:
    """A program that writes to a closed pipe dies of it, as in a shell."""
    ignored = run("/bin/grep", "SigIgn", "/proc/self/status").stdout.split()[1]
    assert 0 == int(ignored, 16) & (1 << (signal.SIGPIPE - 1))


@pytest.fixture
def odd_caller() -> Iterator[None]:
    """This process has an unusual umask and limit on the stack, and blocks a signal."""
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    before = os.umask(0o077), signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    resource.setrlimit(resource.RLIMIT_STACK, (4 << 20, hard))
    yield
    resource.setrlimit(resource.RLIMIT_STACK, (soft, hard))
    signal.pthread_sigmask(signal.SIG_SETMASK, before[1])
    os.umask(before[0])


@pytest.mark.usefixtures("odd_caller")
def test_what_a_program_could_print_of_its_caller_is_the_same_for_each() -> None:
    """The umask, blocked signals and the stack's limit are no caller's."""
    told = run_python(
        "import os, resource, signal\n"
        "print(oct(os.umask(0)), signal.pthread_sigmask(signal.SIG_BLOCK, ()))\n"
        "print(resource.getrlimit(resource.RLIMIT_STACK)[0])"
    )
    assert b"0o22 set()\n8388608\n" == told.stdout
    assert 4 << 20 == resource.getrlimit(resource.RLIMIT_STACK)[0]
    assert {signal.SIGUSR1} == signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_without_pidfds_the_end_is_seen_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a kernel or a sandbox has no pidfds, the process is asked after now and then."""

    def refuse(_: int) -> int:
        raise OSError

    monkeypatch.setattr(os, "pidfd_open", refuse)
    completed = run_shell("echo out; exit 3", terminal=True)
    assert (Exited(3), b"out\n") == (completed.ending, completed.stdout)
    assert isinstance(run("/bin/sleep", "60", timeout_seconds=0.05).ending, TimedOut)


class TestWithPipes:
    """What is left where there are no pseudo-terminals."""

    def test_output_and_exit_code_are_given(self) -> None:
        """Stdin, stdout, stderr and the exit code work through pipes."""
        completed = run_with_pipes(command("/bin/sh", "-c", "cat; echo e >&2; exit 3", stdin=b"x"))
        assert (Exited(3), b"x", b"e\n") == (
            completed.ending,
            completed.stdout,
            completed.stderr,
        )

    def test_a_timeout_keeps_what_was_printed(self) -> None:
        """The process is killed, and its output kept."""
        argv = ("/bin/sh", "-c", "echo so far; exec sleep 60")
        completed = run_with_pipes(command(*argv, timeout_seconds=SHORT))
        assert (TimedOut(SHORT, idle=None), b"so far\n") == (completed.ending, completed.stdout)

    @pytest.mark.parametrize("terminal", [True, False])
    def test_python_holds_nothing_back_that_a_terminal_would_have(self, terminal: bool) -> None:
        """What it printed before it is killed is there, as a reader would see it."""
        argv = (sys.executable, "-c", "import os; print('so far'); os._exit(0)")
        completed = run_with_pipes(command(*argv, terminal=terminal))
        assert (b"so far\n" if terminal else b"") == completed.stdout

    @given(st.lists(st.text("ab\r\n", min_size=1).map(str.encode)))
    def test_line_ends_of_windows_become_ours(self, pieces: list[bytes]) -> None:
        """However they are cut into pieces; elsewhere nothing is touched."""
        whole = b"".join(pieces)
        assert whole.replace(b"\r\n", b"\n") == b"".join(unix_lines(pieces, windows=True))
        assert pieces == list(unix_lines(pieces, windows=False))

    def test_a_flood_is_cut_off(self) -> None:
        """Past its limit the process is killed."""
        completed = run_with_pipes(command("/usr/bin/yes", limits=Limits(output_bytes=1000)))
        assert OverLimit("1000 bytes of output") == completed.ending

    def test_a_program_that_cannot_be_started_says_why(self) -> None:
        """Such a start is an ending here too."""
        completed = run_with_pipes(command("/nowhere/program"))
        assert NotStarted("no such file or directory: /nowhere/program") == completed.ending


def test_a_short_input_is_all_there_before_the_program_begins() -> None:
    """When it is read is then the program's own doing, and a schedule gives the same run again."""
    reader, writer = _open_stdin(b"1\n2\n")
    assert writer is None
    assert [b"1\n2\n", b""] == [os.read(reader, 100), os.read(reader, 100)]
    os.close(reader)
