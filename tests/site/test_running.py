"""harness run shows lanes: live on a terminal, all at once in a pipe."""

from __future__ import annotations

import codecs
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from harness.cli import run_command_line
from harness.commands.lanes import LiveLanes, final_rows
from harness.judging.claims import Claims, make_claims
from harness.language.declarations import Spec
from harness.language.spec import load_spec
from harness.reports.lanes import LaneText
from harness.reports.styled import plain
from harness.values.errors import ExitCode
from harness.values.program import Side
from harness.values.run import Exited, Run
from tests.site.sample import CORPUS

PATIENCE_SECONDS = 240.0

_SPEC = """
title   = "Gated"
summary = "It goes on once its gate is opened."
[run]
timeout = 240
[events]
before = "before"
after  = "after"
[always.both]
why   = "it goes through the gate"
order = { chain = ["before", "after"] }
[always.each-once]
why   = "it goes through the gate once"
count = { of = ["before", "after"], is = 2 }
"""


@pytest.fixture
def gated(tmp_path: Path) -> Path:
    """A corpus of one program, which cannot end before its gate, a named pipe, is opened."""
    example = tmp_path / "corpus" / "topic" / "gated"
    (example / "src").mkdir(parents=True)
    (example / "example.toml").write_text(_SPEC)
    (example / "main.py").write_text(
        'print("before", flush=True)\nopen("gate").close()\nprint("after")\n'
    )
    (example / "src" / "main.rs").write_text("fn main() {}\n")
    (example / "Cargo.toml").write_text(
        '[package]\nname = "gated"\nversion = "0.1.0"\nedition = "2021"\n'
    )
    os.mkfifo(example / "gate")
    return tmp_path / "corpus"


class Screen:
    """The other end of a terminal: everything that was written to it so far."""

    def __init__(self, end: int) -> None:
        self._end = end
        self._decoder = codecs.getincrementaldecoder(
            "utf-8"
        )()  # a character may come in two pieces
        self.text = ""

    def read_until(self, wanted: str) -> bool:
        """Read on until that is there; false if the writer is gone, or it takes far too long."""
        due = time.monotonic() + PATIENCE_SECONDS
        while wanted not in self.text and time.monotonic() < due:
            if not self._read(due):
                break
        return wanted in self.text

    def _read(self, due: float) -> bool:
        ready, _, _ = select.select([self._end], [], [], max(0.0, due - time.monotonic()))
        with suppress(OSError):  # Linux's way to say that nobody writes any more
            piece = os.read(self._end, 65536) if ready else b""
            self.text += self._decoder.decode(piece)
            return bool(piece)
        return False


@contextmanager
def on_a_terminal(*words: str) -> Iterator[tuple[subprocess.Popen[bytes], Screen]]:
    """The command line with a terminal for its output."""
    ours, theirs = pty.openpty()
    command = (sys.executable, "-m", "harness", *words)
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "60"}
    with subprocess.Popen(
        command, cwd=CORPUS.parent, env=environment, stdout=theirs, stderr=theirs
    ) as child:
        os.close(theirs)
        try:
            yield child, Screen(ours)
        finally:
            child.kill()
            os.close(ours)


def test_a_line_is_shown_before_the_program_ends(gated: Path, tmp_path: Path) -> None:
    """The program waits at its gate until the test, having seen the first line, opens it."""
    words = ("run", "gated", "--side", "python", "--corpus", str(gated))
    with on_a_terminal(*words, "--state-dir", str(tmp_path / "state"), "--no-color") as (run, seen):
        assert seen.read_until("before  before\r\n"), seen.text
        assert run.poll() is None
        (gated / "topic" / "gated" / "gate").open("w").close()
        assert seen.read_until("PASSED"), seen.text
        run.wait(PATIENCE_SECONDS)
    assert run.returncode == ExitCode.OK
    rows = [line for line in seen.text.split("\r\n") if "●" in line]
    assert [row.partition(" ms")[2] for row in rows] == [
        "  ●    before  before",
        "  │ ●  after   after",
    ]


def test_a_pipe_gets_the_same_rows(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """When the program has ended: the lane of each line, in a program whose order is fixed."""
    words = ["run", "join", "--side", "python", "--corpus", str(CORPUS)]
    assert run_command_line([*words, "--state-dir", str(tmp_path)]) == ExitCode.OK
    rows = [line.partition(" ms")[2] for line in capsys.readouterr().out.split("\n")[1:16]]
    worker = [f"  ●    worker  Hello, can you hear me?: {i}" for i in range(10)]
    assert rows == [*worker, *(f"  │ ●  main    Hello from the main thread: {i}" for i in range(5))]


def claims_of(name: str) -> Claims:
    """What the corpus claims of the Python side of a pair."""
    spec: Spec = load_spec(CORPUS / "life-cycle" / name)
    program = spec.program(Side.PYTHON, "main")
    assert program is not None
    return make_claims(spec, program, unmet=lambda _: "")


def test_live_lanes_wait_for_whole_lines_and_characters() -> None:
    """Half a line, half a character: kept until the rest is there, or until the end."""
    shown: list[str] = []
    live = LiveLanes(claims_of("spawn"), lambda rows: shown.append(plain(rows)))
    for piece in (b"Hello, can you hear ", b"me?: 7\nhalf a \xe2\x94", b"\x80\xff"):
        live(piece)
    assert [row.partition(" ms")[2] for row in shown] == [
        "",
        "  ●    worker  Hello, can you hear me?: 7\n",
        "",
    ]
    live.finish()
    assert shown[-1].endswith("│ ●  ?       half a \u2500\\xff\n")


def controlled(log: str, stdout: bytes) -> Run:
    """A run under control that left this log."""
    return Run(
        side=Side.PYTHON,
        program="main",
        toolchain="3.11",
        schedule="random:1",
        index=0,
        ending=Exited(0),
        stdout=stdout,
        log=log,
    )


LOG = """schedule 1
thread 1 0 Thread-1_(greet)
d 0 0 1 0,1 -
o 1 27
d 1 1 0 0,1 -
o 0 30
d 2 0 1 0,1 b
o 1 27
n 0 1
n 1 2
end exit steps=3 decisions=3 virtual_ns=0 hash=0
"""
STDOUT = b"Hello, can you hear me?: 0\nHello from the main thread: 0\nHello, can you hear me?: 1\n"


def test_the_lanes_of_a_controlled_run_are_its_threads() -> None:
    """With the hand-overs that nothing forced; the last one here was forced."""
    rows = plain(final_rows(claims_of("spawn"), controlled(LOG, STDOUT))).split("\n")
    assert rows == [
        "●    Thread-1 (greet)  Hello, can you hear me?: 0",
        "┄ ●  main              Hello from the main thread: 0",
        "● │  Thread-1 (greet)  Hello, can you hear me?: 1",
        "┄ stopped there, though it could have gone on",
        "",
    ]


def test_a_sign_that_no_row_has_is_not_explained() -> None:
    """Main was stopped before its lane began: there is nothing to be seen of it."""
    log = "\n".join([*LOG.splitlines()[:4], "end exit steps=1 decisions=1 virtual_ns=0 hash=0\n"])
    rows = plain(final_rows(claims_of("spawn"), controlled(log, STDOUT[:27])))
    assert "●  Thread-1 (greet)  Hello, can you hear me?: 0\n" == rows


def test_a_record_that_does_not_fit_is_left_aside() -> None:
    """Then lanes are events again."""
    rows = plain(final_rows(claims_of("spawn"), controlled(LOG[:40], STDOUT))).split("\n")
    assert rows[1] == "│ ●  main    Hello from the main thread: 0"


def test_rows_are_cut_to_a_narrow_terminal() -> None:
    """By columns, of which a Korean syllable takes two."""
    lanes = LaneText(("worker",), width=60)
    (*before, (_, cut)) = lanes.row("worker", "가" * 40, when="1.0 ms")
    used = sum(len(text) for _, text in before)
    assert cut == "가" * ((60 - used - 1) // 2) + "…"


def test_many_lanes_share_the_last_column() -> None:
    """And no row is lost."""
    lanes = LaneText()
    rows = [plain([lanes.row(f"worker {n}", "x")]) for n in range(10)]
    assert rows[7].index("●") == rows[9].index("●")
