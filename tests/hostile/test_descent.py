"""What descends from a run is ended, and nothing else is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from harness.bench import verifying
from harness.machine.process import Command, Completed, clean_environment, run_process
from harness.values.errors import ExitCode
from harness.values.run import Exited
from tests.hostile.trials import is_running, verify_program
from tests.test_cli_processes import HARNESS, ROOT, corpus, interrupted, processes_in, wait_until

__all__ = ["corpus"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the processes are Linux's")

DAEMON = """
import os, sys, time
ready, told = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    {more}
    os.write(told, str(os.getpid()).encode())
    os.closerange(0, 256)
    time.sleep(60)
    os._exit(0)
os.close(told)
pid = os.read(ready, 20).decode()
"""
"""It has a session of its own and no open channel, and its parent has gone."""


def run_python(code: str, *words: str, **options: object) -> Completed:
    """Run Python code to its end."""
    argv = (sys.executable, "-S", "-c", textwrap.dedent(code), *words)
    return run_process(
        Command(argv=argv, cwd=Path("/"), environment=clean_environment(), **options)  # type: ignore[arg-type]
    )


# --- ours ---------------------------------------------------------------------------


def test_a_daemon_is_found_and_ended() -> None:
    """Forked twice, of another session, and without channels."""
    completed = run_python(DAEMON.format(more="pass") + "print(pid)", terminal=True)
    assert (Exited(0), 1) == (completed.ending, completed.stray_processes)
    assert not is_running(int(completed.stdout))


def test_a_daemon_that_is_another_program_is_found_and_ended() -> None:
    """With nothing left of the environment either."""
    other = "os.execve('/bin/sleep', ['sleep', '60'], {})"
    more = f"os.write(told, str(os.getpid()).encode()); os.closerange(0, 256); {other}"
    completed = run_python(DAEMON.format(more=more) + "print(pid)", terminal=True)
    assert (Exited(0), 1) == (completed.ending, completed.stray_processes)
    assert not is_running(int(completed.stdout))


def test_a_daemon_breaks_the_rule_of_strays(tmp_path: Path) -> None:
    """A verification tells of it, and it is gone by then."""
    place = tmp_path / "pid"
    told = verify_program(
        tmp_path,
        DAEMON.format(more="pass") + f"open({str(place)!r}, 'w').write(pid)\nprint('said 1')\n",
        schedules=0,
        runs=1,
    )
    assert (ExitCode.FAILED, {"no-strays"}) == (told.code, told.broken)
    assert not is_running(int(place.read_text("utf-8")))


def test_daemons_of_runs_at_once_are_told_apart() -> None:
    """What one run has left is no stray of another that ends meanwhile."""
    slow = Command(
        argv=(
            sys.executable,
            "-S",
            "-c",
            DAEMON.format(more="pass") + "print(pid, flush=True); os.read(0, 1)",
        ),
        cwd=Path("/"),
        environment=clean_environment(),
        terminal=True,
        stdin=b"x" * 2_000_000,
    )
    others: list[int] = []

    def run_another(_: bytes) -> None:
        others.append(run_python("print('done')", terminal=True).stray_processes)

    completed = run_process(slow, on_output=run_another)
    assert 1 == completed.stray_processes
    assert others
    assert not any(others)


def test_a_daemon_of_a_build_script_is_ended(tmp_path: Path) -> None:
    """What compiles is run by us as well."""
    directory = tmp_path / "corpus" / "topic" / "daemon"
    (directory / "src").mkdir(parents=True)
    place = tmp_path / "pid"
    detached = f"(exec </dev/null >/dev/null 2>&1; sleep 60 & echo $! > {place})"
    script = f"{detached} & while ! [ -s {place} ]; do sleep 0.01; done"
    (directory / "build.rs").write_text(
        "use std::process::Command;\nfn main() {\n"
        f'    Command::new("setsid").args(["sh", "-c", {_rust(script)}]).status().unwrap();\n}}\n',
        encoding="utf-8",
    )
    (directory / "Cargo.toml").write_text(
        '[package]\nname = "daemon"\nversion = "0.1.0"\nedition = "2021"\n', encoding="utf-8"
    )
    (directory / "src" / "main.rs").write_text("fn main() {}\n", encoding="utf-8")
    completed = run_process(
        Command(
            argv=("cargo", "build", "--offline", "--target-dir", str(tmp_path / "target")),
            cwd=directory,
            environment={**os.environ},
            timeout_seconds=None,
        )
    )
    assert Exited(0) == completed.ending, completed.stderr
    assert not is_running(int(place.read_text("utf-8")))


def _rust(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def test_where_nobody_tells_of_processes_the_report_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody shall take it for looked at."""
    monkeypatch.setattr(verifying, "TELLS_OF_THREADS", False)
    told = verify_program(tmp_path, "print('said 1')\n", schedules=0, runs=1)
    assert ExitCode.OK == told.code
    assert "processes that programs leave behind are not looked for" in told.out


# --- not ours -----------------------------------------------------------------------

STRANGER = """
import os, sys, time
terminal = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
print("ready", flush=True)
time.sleep(60)
"""


def test_a_stranger_with_the_terminal_of_a_run_is_left_alone() -> None:
    """Who has it open, or one of its name in another container, need not descend from the run."""
    strangers: list[int] = []

    def come_in(name: bytes) -> None:
        argv = (sys.executable, "-S", "-c", STRANGER, name.decode().strip())
        # By way of a shell that ends: what the harness started is no stranger to it.
        with subprocess.Popen(
            ("/bin/sh", "-c", '"$@" & echo $!', "sh", *argv),
            stdout=subprocess.PIPE,
            start_new_session=True,
        ) as shell:
            assert shell.stdout is not None
            strangers.append(int(shell.stdout.readline()))
            assert shell.stdout.readline() == b"ready\n"

    code = "import os, sys\nprint(os.ttyname(1), flush=True)\nsys.stdin.read()"
    try:
        completed = run_process(
            Command(
                argv=(sys.executable, "-S", "-c", code),
                cwd=Path("/"),
                environment=clean_environment(),
                terminal=True,
                stdin=b"x" * 2_000_000,
            ),
            on_output=come_in,
        )
        assert is_running(strangers[0])
        assert (Exited(0), 0) == (completed.ending, completed.stray_processes)
    finally:
        for pid in strangers:
            os.kill(pid, signal.SIGKILL)


# --- however the harness ends ---------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGQUIT])
def test_a_closed_terminal_is_an_interruption(corpus: Path, number: signal.Signals) -> None:
    """Like Ctrl-C: nothing runs on behind it."""
    code, said, left = interrupted(corpus, "main.py", number)
    assert (ExitCode.INTERRUPTED, "harness: interrupted") == (code, said.strip())
    assert set() == left


def test_what_a_killed_harness_leaves_ends_by_itself(corpus: Path, tmp_path: Path) -> None:
    """Its programs, what these have left, and the files of all of them."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    program = DAEMON.format(more="pass") + "print('step 1', flush=True)\nwhile True:\n    pass\n"
    for main in corpus.rglob("main.py"):
        main.write_text(program, encoding="utf-8")
    words = ("verify", str(corpus), "--state-dir", str(tmp_path / "state"), "--side", "python")
    with subprocess.Popen(
        (*HARNESS, *words, "--schedules", "0", "--jobs", "2"),
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as harness:
        try:
            # The first run of a program is made alone: it and what it has left.
            assert wait_until(lambda: len(set(processes_in(corpus, "main.py"))) >= 2)
        finally:
            harness.kill()
        harness.wait()
        assert wait_until(lambda: not any(processes_in(corpus)))
        assert wait_until(lambda: not any(temporary.iterdir()))
