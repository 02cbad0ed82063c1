"""Running a process where there are no pseudo-terminals and no process groups (Windows).

What is lost there, and has to be said where results are claimed: stdout is a
pipe; a process that is past its time is killed without a warning, and its
children live on; nobody can tell whether it was idle then, so that it counts
as hanging where a spec allows that; no limit but that on output holds;
processor time, strays, cores, silence and the address layout are not looked at.

What is made good: a Python program that a reader would run on a terminal does
not hold its output back, by way of a ``sitecustomize`` of ours, and the line
ends of Windows become ours.
"""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from harness.machine.process import live
from harness.machine.process.command import Command, Completed
from harness.values.messages import say
from harness.values.run import Ending, Exited, NotStarted, OverLimit, TimedOut

READ_BYTES = 65536
LOOK_SECONDS = 0.02
NEVER = float("inf")
ON_WINDOWS = sys.platform == "win32"
LINE_BUFFERED = Path(__file__).parent / "line_buffered"
"""A directory for ``PYTHONPATH``. (``PYTHONUNBUFFERED`` would tear every line from its end.)"""


def run_with_pipes(
    command: Command,
    *,
    stop: threading.Event | None = None,
    on_output: Callable[[bytes], None] | None = None,
) -> Completed:
    """Run a process with pipes and threads only, as ``run_process`` does, less the above."""
    started = time.perf_counter()
    try:
        process = subprocess.Popen(
            command.argv,
            cwd=command.cwd,
            env=with_pipes(command).environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except (OSError, ValueError) as error:
        return Completed(ending=NotStarted(describe(error)))
    return _PipedRun(process, command, started, on_output).finish(stop)


def with_pipes(command: Command) -> Command:
    """The same without a terminal: where it was to have one, Python still passes on each line."""
    wanted = {"PYTHONPATH": str(LINE_BUFFERED)} if command.terminal else {}
    return replace(command, terminal=False, environment={**wanted, **command.environment})


def describe(error: OSError | ValueError) -> str:
    """Say in one line why a process could not be started."""
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    what = error.strerror[:1].lower() + error.strerror[1:]
    return f"{what}: {error.filename}" if error.filename else what


def unix_lines(pieces: Iterable[bytes], *, windows: bool) -> Iterator[bytes]:
    r"""The pieces of a stream; of one from Windows with ``\n`` where there was ``\r\n``."""
    held = b""
    for piece in pieces:
        text = held + piece
        held = text[-1:] if windows and text.endswith(b"\r") else b""
        text = text[: len(text) - len(held)]
        if text:
            yield text.replace(b"\r\n", b"\n") if windows else text
    if held:
        yield held


class _PipedRun:
    """One process with a thread for each of its channels."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        command: Command,
        started: float,
        on_output: Callable[[bytes], None] | None,
    ) -> None:
        self._process = process
        self._command = command
        self._started = started
        self._on_output = on_output
        self._stdout = bytearray()
        self._stderr = bytearray()
        self._arrivals: list[tuple[int, float]] = []
        self._threads = [
            threading.Thread(target=work, daemon=True)
            for work in (self._feed, self._read_stdout, self._read_stderr)
        ]

    def finish(self, stop: threading.Event | None) -> Completed:
        """Wait for the end, or bring it about."""
        live.enlist(self._process.pid, self._process.kill)
        try:
            for thread in self._threads:
                thread.start()
            excess = self._await_end(stop)
            ended = time.perf_counter()
            for thread in self._threads:
                # A child that lives on holds the pipes open: what it will say, nobody waits for.
                thread.join(timeout=1.0)
        finally:
            self._process.kill()
            live.delist(self._process.pid)
        return Completed(
            ending=excess or Exited(self._process.wait()),
            stdout=bytes(self._stdout),
            stderr=bytes(self._stderr),
            arrivals=tuple(self._arrivals),
            wall_seconds=ended - self._started,
            stopped=stop is not None and stop.is_set(),
        )

    def _await_end(self, stop: threading.Event | None) -> Ending | None:
        """Wait for the end; gives the ending that we have imposed, if we had to."""
        deadline = self._started + (self._command.timeout_seconds or NEVER)
        limit = self._command.limits.output_bytes
        while self._process.poll() is None:
            excess: Ending | None = None
            if time.perf_counter() >= deadline:
                excess = TimedOut(self._command.timeout_seconds or 0.0, idle=None)
            elif limit is not None and len(self._stdout) + len(self._stderr) > limit:
                excess = OverLimit(say("limit.bytes", n=limit))
            if excess is not None or (stop is not None and stop.is_set()):
                self._process.kill()
                self._process.wait()
                return excess
            time.sleep(LOOK_SECONDS)
        return None

    def _feed(self) -> None:
        """Write stdin, in a thread.

        A program that does not read it must not hold up its own output.
        """
        assert self._process.stdin is not None  # noqa: S101 - asked for
        try:
            with self._process.stdin as stdin:
                stdin.write(self._command.stdin)
        except OSError:  # it has closed its stdin: what is left is not wanted
            return

    def _read_stdout(self) -> None:
        self._read(self._process.stdout, self._stdout)

    def _read_stderr(self) -> None:
        self._read(self._process.stderr, self._stderr)

    def _read(self, pipe: IO[bytes] | None, kept: bytearray) -> None:
        """Keep all that comes through a pipe; in a thread of its own, up to its end."""
        assert isinstance(pipe, io.BufferedIOBase)  # noqa: S101 - asked for
        pieces = iter(lambda: pipe.read1(READ_BYTES), b"")
        for data in unix_lines(pieces, windows=ON_WINDOWS):
            kept += data
            if kept is self._stdout:
                self._arrivals.append((len(kept), time.perf_counter() - self._started))
                if self._on_output is not None:
                    self._on_output(data)
