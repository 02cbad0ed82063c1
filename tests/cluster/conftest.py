"""A real scheduler and real workers, as processes on the loopback interface."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SECONDS = 120
"""What nothing here takes, however busy the machine is."""


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds; fail if it never does."""
    ends = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < ends, what
        time.sleep(0.02)


@dataclass
class Servers:
    """The scheduler and the workers of one test."""

    place: Path
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    protocol: str = "tcp"
    environment: dict[str, str] = field(default_factory=dict)
    """What scheduler and workers find in theirs beside ours."""

    def start(self, workers: int) -> None:
        """Start a scheduler, with so many workers of one thread each."""
        before = self._addresses
        where = ("--host", f"{self.protocol}://127.0.0.1", "--port", "0")
        self.scheduler = self._start("dask_scheduler", *where, "--no-dashboard", "--no-show")
        until(lambda: len(self._addresses) > len(before), "the scheduler says where it is")
        (self.address,) = self._addresses - before
        known = self._joined
        for _ in range(workers):
            self.join()
        self.wait_for(known + workers)

    def wait_for(self, workers: int) -> None:
        """Wait until so many workers have joined, the lost ones included."""
        until(lambda: self._joined >= workers, "the workers have joined")

    @property
    def _addresses(self) -> set[str]:
        """Where each scheduler is that was started here: at a port that it was given."""
        logs = self.place.glob("dask_scheduler-*.log")
        return {
            found
            for log in logs
            for found in re.findall(r"Scheduler at: +(\S+)\n", log.read_text())
        }

    @property
    def _joined(self) -> int:
        logs = self.place.glob("dask_worker-*.log")
        return sum(b"Starting established connection" in log.read_bytes() for log in logs)

    def join(self, root: Path = ROOT) -> subprocess.Popen[bytes]:
        """Start another worker; that of the harness below ``root``."""
        place = ("--local-directory", str(self.place / "workers"))
        alone = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
        self.workers.append(self._start("dask_worker", self.address, *alone, *place, root=root))
        return self.workers[-1]

    def _start(self, module: str, *options: str, root: Path = ROOT) -> subprocess.Popen[bytes]:
        self.place.mkdir(exist_ok=True)
        number = len(list(self.place.glob("*.log")))
        with (self.place / f"{module}-{number}.log").open("wb") as log:
            return subprocess.Popen(
                (sys.executable, "-m", f"distributed.cli.{module}", *options),
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment, "PYTHONPATH": str(root)},
                cwd=self.place,
                start_new_session=True,
            )

    def end(self) -> None:
        """End them all."""
        for process in (*self.workers, self.scheduler):
            if process is not None:
                process.kill()
                process.wait()


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    """None is started yet; all are ended."""
    servers = Servers(tmp_path / "servers")
    try:
        yield servers
    finally:
        servers.end()


@dataclass
class Told:
    """What a call of the harness has said."""

    code: int
    out: str
    err: str


@dataclass
class Calling:
    """A call of the harness under way."""

    process: subprocess.Popen[str]

    def interrupt(self) -> None:
        """As Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)

    def told(self, seconds: float = SECONDS) -> Told:
        """Wait for its end."""
        out, err = self.process.communicate(timeout=seconds)
        return Told(self.process.returncode, out, err)


def begin(*words: object, environment: Mapping[str, str] | None = None) -> Calling:
    """Call the harness as a process of its own, in a session of its own."""
    return Calling(
        subprocess.Popen(
            (sys.executable, "-m", "harness", *map(str, words)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    )


def call(*words: object, environment: Mapping[str, str] | None = None) -> Told:
    """Call the harness, and wait for its end."""
    return begin(*words, environment=environment).told()
