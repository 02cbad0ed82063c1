"""With ``--sandbox`` a program reaches nothing that it does not need; without, all of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.machine.process.sandbox import why_none
from harness.values.errors import ExitCode
from tests.hostile.trials import STATE, write_example
from tests.test_cli_processes import HARNESS, processes_in, wait_until

WHY_NONE = why_none() if sys.platform == "linux" else "it is Linux's"
needs_a_sandbox = pytest.mark.skipif(bool(WHY_NONE), reason=WHY_NONE)

MEDDLER = """
import os, socket, sys
from pathlib import Path

def can(what, deed):
    try:
        deed()
    except OSError:
        return
    print("can", what, file=sys.stderr)

def meet():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()

can("read a key", lambda: Path("{home}/.ssh/key").read_text())
can("read a token", lambda: Path("{home}/.cargo/credentials.toml").read_text()[0])
can("change itself", lambda: Path(__file__).open("a").close())
can("leave something", lambda: Path("{temporary}/left").touch())
can("see the caller", lambda: os.kill({caller}, 0))
can("call from afar", lambda: socket.socket().connect(("127.0.0.1", {port})))
can("meet itself", meet)
print("said 1")
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A corpus, beside a home in which there is something to be had, and a place to litter.

    It is not where temporary files are: those are hidden anyway.
    """
    STATE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sandbox-", dir=STATE.parent) as name:
        place = Path(name)
        for each in ("home/.ssh", "home/.cargo", "litter"):
            (place / each).mkdir(parents=True)
        (place / "home/.ssh/key").touch()
        (place / "home/.cargo/credentials.toml").write_text("[registry]\n", encoding="utf-8")
        yield place


def _call(place: Path, *words: str) -> subprocess.Popen[str]:
    state = ("--state-dir", str(STATE))
    return subprocess.Popen(
        (*HARNESS, *words, "--corpus", str(place / "corpus"), *state, "--side", "python"),
        cwd=place,
        env={**os.environ, "HOME": str(place / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _what_it_can(place: Path, port: int, *words: str) -> set[str]:
    facts = {"home": place / "home", "temporary": place / "litter", "caller": os.getpid()}
    text = MEDDLER
    for name, value in {**facts, "port": port}.items():
        text = text.replace("{" + name + "}", str(value))
    write_example(place / "corpus", text)
    with _call(place, "run", "hostile", *words) as call:
        out, err = call.communicate()
    assert "said 1" in out, out + err
    return {line.removeprefix("can ") for line in err.splitlines() if line.startswith("can ")}


@pytest.fixture
def port() -> Iterator[int]:
    """A port of this machine on which somebody listens for as long as the test lasts."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


EVERYTHING = {
    "read a key", "read a token", "change itself", "leave something", "see the caller",
    "call from afar", "meet itself",
}  # fmt: skip


def test_without_a_sandbox_a_program_can_do_what_the_user_can(place: Path, port: int) -> None:
    """Else the next test would prove nothing."""
    assert EVERYTHING == _what_it_can(place, port)


@needs_a_sandbox
def test_in_a_sandbox_it_can_talk_to_itself(place: Path, port: int) -> None:
    """That is all."""
    assert {"meet itself"} == _what_it_can(place, port, "--sandbox")
    assert not any((place / "litter").iterdir())


@needs_a_sandbox
@pytest.mark.parametrize("there_before", [True, False])
def test_reports_come_out_of_it(place: Path, there_before: bool) -> None:
    """Into files that were there, and into new ones."""
    write_example(place / "corpus", "print('said 1')\n")
    report = place / "report.json"
    if there_before:
        report.write_text("old", encoding="utf-8")
    with _call(place, "verify", "--sandbox", "--report", f"json={report}", "--runs", "2") as call:
        out, err = call.communicate()
    assert ExitCode.OK == call.returncode, out + err
    last = json.loads(report.read_text(encoding="utf-8").splitlines()[-1])
    assert "end" == last["kind"]


@needs_a_sandbox
def test_a_call_that_comes_to_nothing_leaves_no_empty_report(place: Path) -> None:
    """Its exit code is that of the call within."""
    write_example(place / "corpus", "print('said 1')\n")
    report = place / "figures.json"
    words = ("audit", "nothing-of-that-name", "--sandbox", "--json", str(report))
    with _call(place, *words) as call:
        call.communicate()
    assert (ExitCode.NOTHING_SELECTED, False) == (call.returncode, report.exists())


LITTERER = """from pathlib import Path
try:
    Path("{litter}", "left").touch()
except OSError:
    pass
"""


def _call_for_drafts(place: Path, *words: str | Path) -> int:
    argv = (*HARNESS, *map(str, words))
    return subprocess.run(argv, cwd=place, capture_output=True, check=False).returncode


@needs_a_sandbox
@pytest.mark.parametrize("option", [(), ("--sandbox",)])
def test_a_chapter_is_adopted_in_it(place: Path, option: tuple[str, ...]) -> None:
    """The draft comes out of it, though its place was not there; without, the program litters."""
    program = LITTERER.format(litter=place / "litter")
    chapter = f"# One\n\n```python\n{program}print('said 1')\n```\n"
    (place / "chapter.md").write_text(chapter, encoding="utf-8")
    few = ("--runs", "1", "--schedules", "0", "--state-dir", "state")
    words = ("adopt", "chapter.md", "--corpus", "made/draft", *few, *option)
    assert ExitCode.OK == _call_for_drafts(place, *words)
    assert (place / "made/draft/corpus.toml").exists()
    assert [*(place / "made/draft/chapter").glob("*/main.py")]
    assert any((place / "litter").iterdir()) is not bool(option)


@needs_a_sandbox
def test_an_exercise_is_mended_in_it(place: Path) -> None:
    """What is to be mended comes out of it; one that there is not leaves no directory."""
    program = LITTERER.format(litter=place / "litter") + "print('said 1')\n"
    directory = write_example(place / "corpus", program)
    (directory / "breaks.toml").write_text(
        '["said twice"]\nbreaks = ["says-it"]\n'
        """python = { replace = "print('said 1')", with = "print('said 1\\\\nsaid 1')" }\n""",
        encoding="utf-8",
    )
    task = '[hostile]\ntask = "Say it once."\npython = "said twice"\n'
    (place / "corpus" / "mend.toml").write_text(task, encoding="utf-8")
    words = ("--sandbox", "--corpus", "corpus", "--out", "made/mend", "--side", "python")
    assert ExitCode.NOTHING_SELECTED == _call_for_drafts(place, "mend", "hostel", *words)
    assert not (place / "made").exists()
    assert ExitCode.FAILED == _call_for_drafts(place, "mend", "hostile", *words)
    assert "said 1\\nsaid 1" in (place / "made/mend/topic/hostile/main.py").read_text("utf-8")
    assert not any((place / "litter").iterdir())


def test_where_there_can_be_none_nothing_is_run(place: Path) -> None:
    """No bubblewrap: one line that says what to do, and the code for a missing tool."""
    write_example(place / "corpus", "print('said 1')\n")
    words = ("verify", "--sandbox", "--corpus", str(place / "corpus"), "--state-dir", "state")
    call = subprocess.run(
        (*HARNESS, *words),
        cwd=place,
        env={**os.environ, "PATH": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ExitCode.TOOLCHAIN_MISSING, "") == (call.returncode, call.stdout)
    assert "--sandbox: expected bubblewrap" in call.stderr
    assert 1 == call.stderr.count("\n")


@needs_a_sandbox
@pytest.mark.parametrize(
    ("number", "codes"),
    [
        (signal.SIGINT, {ExitCode.INTERRUPTED}),
        (signal.SIGTERM, {ExitCode.INTERRUPTED}),
        (signal.SIGKILL, {-signal.SIGKILL}),
    ],
)
def test_however_it_is_ended_nothing_runs_on(
    place: Path, number: signal.Signals, codes: set[int]
) -> None:
    """Asked or killed, while a program runs that would not end by itself."""
    write_example(place / "corpus", "import time\nprint('said 1')\ntime.sleep(600)\n")
    with _call(place, "run", "hostile", "--sandbox") as call:
        assert wait_until(lambda: any(processes_in(place / "corpus")))
        call.send_signal(number)
        call.communicate()
    assert call.returncode in codes
    assert wait_until(lambda: not any(processes_in(place)))
