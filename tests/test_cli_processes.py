"""The command line as a process of its own: signals, foreign environments, missing tools."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from harness.commands.reporting import read_report
from harness.machine.toolchains import default_rust
from harness.values.errors import ExitCode

ROOT = Path(__file__).parents[1]
HARNESS = (sys.executable, "-m", "harness")
PASSING = ("--corpus", "tests/fixtures/passing")
QUICK = ("--runs", "2", "--schedules", "0", "--state-dir", ".harness/fixtures")
PATIENCE_SECONDS = 240.0


def run_harness(
    *words: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line in the project's directory and wait for it."""
    return subprocess.run(
        (*HARNESS, *words),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


# --- interruptions --------------------------------------------------------------


@pytest.mark.parametrize("module", ["click", "traceback", "harness.commands.list"])
def test_an_interruption_while_modules_are_loaded_is_told(tmp_path: Path, module: str) -> None:
    """In one line, as any later one is; the module that is asked for interrupts us."""
    finder = f"""
import os, signal, sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
sys.modules.pop({module!r}, None)
"""
    (tmp_path / "sitecustomize.py").write_text(finder, encoding="utf-8")
    told = run_harness("list", environment={**os.environ, "PYTHONPATH": str(tmp_path)})
    said = (ExitCode.INTERRUPTED, "", "harness: interrupted")
    assert said == (told.returncode, told.stdout, told.stderr.strip())


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus in a place of its own: whatever is run of it works there."""
    example = tmp_path / "corpus" / "topic" / "endless"
    (example / "src").mkdir(parents=True)
    (example / "example.toml").write_text(
        """
title   = "Endless"
summary = "It never comes to an end."
[run]
timeout = 3000
[events]
step = "step {i:d}"
[always.first-step]
why   = "it begins"
count = { of = "step", is = 1 }
"""
    )
    (example / "main.py").write_text('print("step 1", flush=True)\nwhile True:\n    pass\n')
    (example / "src" / "main.rs").write_text(
        'fn main() {\n    println!("step 1");\n    loop {}\n}\n'
    )
    (example / "Cargo.toml").write_text(
        '[package]\nname = "endless"\nversion = "0.1.0"\nedition = "2021"\n'
    )
    return tmp_path / "corpus"


def processes_in(place: Path, marker: str = "") -> Iterator[int]:
    """The processes that work in ``place`` or below it, with ``marker`` in their command line."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_marked = marker.encode() in (process / "cmdline").read_bytes()
            if is_marked and (process / "cwd").readlink().is_relative_to(place):
                yield int(process.name)


def wait_until(is_so: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> bool:
    """Whether it comes to be so within a generous time."""
    due = time.monotonic() + seconds
    while time.monotonic() < due:
        if is_so():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """A job in the background is started deaf to SIGINT, and so would be what it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupted(corpus: Path, marker: str, number: signal.Signals) -> tuple[int, str, set[int]]:
    """Interrupt a verification once a process with ``marker`` runs beside it.

    Gives its exit code, its stderr, and the processes that are left.
    """
    words = (
        *("verify", str(corpus), "--state-dir", str(corpus.parent), "--schedules", "0"),
        *("--report", f"json={corpus.parent / 'report.json'}"),
    )
    with subprocess.Popen(
        (*HARNESS, *words), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as harness:
        try:
            assert wait_until(lambda: any(processes_in(corpus, marker)))
            harness.send_signal(number)
            _, said = harness.communicate(timeout=PATIENCE_SECONDS)
            left = set(processes_in(corpus.parent))
        finally:
            harness.kill()
            for process in processes_in(corpus.parent):
                os.kill(process, signal.SIGKILL)
    return harness.returncode, said, left


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_every_program(corpus: Path, number: signal.Signals) -> None:
    """Interrupted while programs run, the harness says so in a line and leaves no process."""
    code, said, left = interrupted(corpus, "main.py", number)
    assert (ExitCode.INTERRUPTED, "harness: interrupted") == (code, said.strip())
    assert set() == left
    assert ("interrupted before the end",) == read_report(str(corpus.parent / "report.json")).gaps


def test_an_interruption_ends_the_build(corpus: Path) -> None:
    """Interrupted while cargo runs, the harness leaves neither cargo nor what it has started."""
    slow = "fn main() {\n    loop {}\n}\n"
    (corpus / "topic" / "endless" / "build.rs").write_text(slow)
    code, said, left = interrupted(corpus, "build-script-build", signal.SIGINT)
    assert (ExitCode.INTERRUPTED, "harness: interrupted") == (code, said.strip())
    assert set() == left


# --- foreign environments -------------------------------------------------------

NOISE = """
import sys
if sys.argv and sys.argv[0].endswith("main.py"):
    print("noise")
"""


def test_the_caller_s_environment_changes_nothing(tmp_path: Path) -> None:
    """Flags, paths and locales of the caller reach neither programs nor compilers."""
    (tmp_path / "sitecustomize.py").write_text(NOISE)
    odd = {
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(tmp_path),
        "PYTHONWARNINGS": "error",
        "PYTHONDEVMODE": "1",
        "RUST_BACKTRACE": "full",
        "RUSTFLAGS": "-C link-arg=--no-such-thing",
        "CARGO_ENCODED_RUSTFLAGS": "--no-such-flag",
        "RUSTC_WRAPPER": "/bin/false",
        "CARGO_TARGET_DIR": str(tmp_path),
        "CARGO_BUILD_JOBS": "-3",
        "LANG": "tlh_KX.ISO-8859-1",
        "LC_ALL": "C",
    }
    words = ("verify", "value-from-join", "join", *QUICK)
    plain, odd_one = (run_harness(*words, environment=os.environ | e) for e in ({}, odd))
    assert (ExitCode.OK, ExitCode.OK) == (plain.returncode, odd_one.returncode), odd_one.stderr
    assert "4 passed" in odd_one.stdout.splitlines()


def test_a_stream_that_cannot_encode_a_character_gets_an_escape() -> None:
    """A report is written whole even where stdout takes ASCII alone."""
    words = ("verify", "wrong-value", "--corpus", "tests/fixtures/failing", "--side", "python")
    said = run_harness(*words, *QUICK, environment=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert (ExitCode.FAILED, "") == (said.returncode, said.stderr)
    assert "FAILED lines/wrong-value \\xb7 python" in said.stdout


def test_a_report_for_programs_is_in_utf_8_whatever_stdout_takes() -> None:
    """An XML document that says so must be so."""
    words = ("verify", "wrong-value", "--corpus", "tests/fixtures/failing", "--side", "python")
    odd = os.environ | {"PYTHONIOENCODING": "ascii"}
    said = run_harness(*words, *QUICK, "--report", "junit=-", environment=odd)
    assert "▶ 3 │ step  step 4" in said.stdout
    assert "lines/wrong-value" == ET.fromstring(said.stdout.encode())[0].get("name")


def test_a_reader_that_has_gone_is_no_fault() -> None:
    """Written into a closed pipe, the harness ends without a traceback."""
    with subprocess.Popen(
        (*HARNESS, "list", *PASSING),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as harness:
        assert harness.stdout is not None
        harness.stdout.close()
        assert harness.stderr is not None
        said = harness.stderr.read()
        harness.wait(PATIENCE_SECONDS)
    assert "" == said


# --- what is missing ------------------------------------------------------------


def test_without_a_compiler_it_says_how_to_get_one(tmp_path: Path) -> None:
    """With no Rust on PATH or under rustup there is one line, and code 3."""
    environment = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    said = run_harness("verify", "three-steps", *PASSING, *QUICK, environment=environment)
    assert (ExitCode.TOOLCHAIN_MISSING, "", 1) == (
        said.returncode,
        said.stdout,
        said.stderr.count("\n"),
    )
    assert said.stderr.startswith("harness: no Rust compiler on PATH or under rustup")
    assert "https://rustup.rs" in said.stderr


def test_without_a_compiler_the_python_side_can_be_verified(tmp_path: Path) -> None:
    """What is missing on one side does not keep the other from being verified alone."""
    environment = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    words = ("verify", "three-steps", *PASSING, "--side", "python", *QUICK)
    assert ExitCode.OK == run_harness(*words, environment=environment).returncode


def test_without_a_compiler_a_python_program_that_needs_one_is_skipped(tmp_path: Path) -> None:
    """It loads a library that is written in Rust: the reason is said, and it is no failure."""
    environment = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    words = ("verify", "releasing-extension", "--side", "python", *QUICK)
    done = run_harness(*words, environment=environment)
    assert ExitCode.OK == done.returncode
    assert "SKIPPED" in done.stdout
    said = " ".join(done.stdout.split())
    assert "it loads a library in Rust, and there is no compiler" in said


def compiler_alone(place: Path, *names: str) -> dict[str, str]:
    """An environment in which only these of the Rust tools can be found."""
    tools = place / "tools"
    tools.mkdir()
    for name in names:
        (tools / name).symlink_to(default_rust().program.with_name(name))
    return {"PATH": str(tools), "HOME": str(place)}


def test_without_cargo_it_says_what_to_install(tmp_path: Path) -> None:
    """A rustc without a cargo beside it is told in one line, with code 3."""
    environment = compiler_alone(tmp_path, "rustc")
    said = run_harness("verify", "three-steps", *PASSING, *QUICK, environment=environment)
    assert (ExitCode.TOOLCHAIN_MISSING, 1) == (said.returncode, said.stderr.count("\n"))
    assert "there is no cargo beside it" in said.stderr


def test_with_a_broken_cargo_it_says_so(tmp_path: Path) -> None:
    """A cargo that does not answer as cargo does is told in one line, with code 3."""
    environment = compiler_alone(tmp_path, "rustc")
    cargo = tmp_path / "tools" / "cargo"
    cargo.write_text("#!/bin/sh\nexit 7\n")
    cargo.chmod(0o755)
    said = run_harness("verify", "three-steps", *PASSING, *QUICK, environment=environment)
    assert (ExitCode.TOOLCHAIN_MISSING, 1) == (said.returncode, said.stderr.count("\n"))
    assert "is broken" in said.stderr


def test_without_a_linker_it_says_what_to_install(tmp_path: Path) -> None:
    """A compiler that finds no linker is told in one line, with code 1."""
    environment = compiler_alone(tmp_path, "rustc", "cargo")
    words = ("verify", "three-steps", *PASSING, *QUICK[:4], "--state-dir", str(tmp_path))
    said = run_harness(*words, environment=environment)
    assert (ExitCode.FAILED, 1) == (said.returncode, said.stderr.count("\n"))
    assert said.stderr.startswith("harness: rustc needs the linker `cc`, which is not on PATH")


# --- a terminal -----------------------------------------------------------------


def test_on_a_terminal_each_verdict_has_its_own_line() -> None:
    """Beside the live display, verdicts are whole lines; without colour there is none."""
    words = ("verify", "three-steps", *PASSING, *QUICK, "--no-color")
    shown = run_on_terminal(*words)
    verdicts = [line for line in shown.split("\r\n") if "basics/three-steps  " in line]
    assert 2 == len([line for line in verdicts if line.endswith("2 runs, 1 interleaving")])
    assert "\x1b[3" not in shown


def run_on_terminal(*words: str) -> str:
    """What the command line writes to a terminal."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen(
        (*HARNESS, *words), cwd=ROOT, env=environment, stdout=theirs, stderr=theirs
    ):
        os.close(theirs)
        pieces = []
        with suppress(OSError):  # Linux's way to say that the other end has been closed
            while piece := os.read(ours, 65536):
                pieces.append(piece)
    os.close(ours)
    return b"".join(pieces).decode()


def test_what_the_caller_ignores_no_program_does(tmp_path: Path) -> None:
    """A shell has a job in the background ignore SIGINT, nohup SIGHUP, a script any."""
    place = tmp_path / "corpus" / "topic" / "deaf"
    place.mkdir(parents=True)
    (place / "main.py").write_text(
        "import signal\n"
        "for name in ('SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGTERM', 'SIGUSR1'):\n"
        "    ignored = signal.getsignal(getattr(signal, name)) is signal.SIG_IGN\n"
        "    print(name, 'ignored' if ignored else 'heard')\n",
        encoding="utf-8",
    )
    (place / "example.toml").write_text(
        'title = "t"\nsummary = "s"\n[events]\nsays = "{name:w} {what:w}"\n'
        '[always.heard]\nwhy = "w"\n'
        'values = { of = "says.what", are = ["heard", "heard", "heard", "heard", "heard"] }\n',
        encoding="utf-8",
    )
    words = ("verify", str(tmp_path / "corpus"), "--state-dir", str(tmp_path / "state"))
    deaf = "trap '' INT QUIT HUP TERM USR1; exec \"$@\""
    done = subprocess.run(
        ("sh", "-c", deaf, "sh", *HARNESS, *words, "--runs", "2", "--schedules", "4"),
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ExitCode.OK, "") == (done.returncode, done.stderr), done.stdout
