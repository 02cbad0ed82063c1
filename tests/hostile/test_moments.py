"""However and whenever a verification is ended, the record is whole and nothing is left.

``HARNESS_MOMENTS`` says how often it is tried; by default a few times.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.record import Store
from harness.record.schema import FILE_NAME
from harness.values.errors import ExitCode
from tests.hostile.trials import THREADS, write_example
from tests.test_cli_processes import (
    HARNESS,
    PATIENCE_SECONDS,
    ROOT,
    processes_in,
    wait_until,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the processes are Linux's")

MOMENTS = int(os.environ.get("HARNESS_MOMENTS", "3"))


PATIENCE = 30
"""A moment may take so many times what a whole verification took, on this machine and now."""


@dataclass(frozen=True, kw_only=True)
class Trials:
    """A corpus with a state directory, in which all that is built is there."""

    place: Path
    seconds: float
    """What a verification of it took when the machine was as busy as it is."""

    @property
    def corpus(self) -> Path:
        """What is verified."""
        return self.place / "corpus"

    @property
    def temporary(self) -> Path:
        """Where files go that are to be gone in the end."""
        return self.place / "temporary"

    def wait_until(self, is_so: Callable[[], bool]) -> bool:
        """Whether it comes to be so in the time that so much work takes here."""
        return wait_until(is_so, max(PATIENCE_SECONDS, PATIENCE * self.seconds))


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Trials:
    """Where they are made."""
    place = tmp_path_factory.mktemp("moments")
    write_example(place / "corpus", THREADS)
    (place / "temporary").mkdir()
    began = time.monotonic()
    with _verification(place) as first:
        first.communicate()
    assert ExitCode.OK == first.returncode
    return Trials(place=place, seconds=time.monotonic() - began)


def _verification(place: Path) -> subprocess.Popen[bytes]:
    words = ("verify", "--corpus", str(place / "corpus"), "--state-dir", str(place / "state"))
    return subprocess.Popen(
        (*HARNESS, *words, "--side", "python", "--runs", "20", "--schedules", "20"),
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(place / "temporary")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _at_moments(trials: Trials, number: signal.Signals) -> Iterator[tuple[int, bytes]]:
    """End verifications at some of the moments at which something of theirs has changed."""
    for seed in range(MOMENTS):
        draw = random.Random(f"{number}:{seed}")
        with _verification(trials.place) as harness:
            # An interruption of Python itself, which begins, is Python's to tell.
            if number is signal.SIGINT or draw.random() < 0.5:
                assert trials.wait_until(
                    lambda process=harness: (
                        any(processes_in(trials.corpus))  # type: ignore[misc]
                        or process.poll() is not None
                    )
                )
            for _ in range(draw.randrange(200)):
                os.sched_yield()
            harness.send_signal(number)
            _, said = harness.communicate()
        assert trials.wait_until(lambda: not any(processes_in(trials.corpus)))
        assert trials.wait_until(lambda: not any(trials.temporary.iterdir()))
        yield harness.returncode, said


def _check_record(place: Path) -> None:
    with sqlite3.connect(place / "state" / FILE_NAME) as connection:
        assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
    connection.close()
    with Store(place / "state") as store:
        (evidence,) = store.evidence()
        assert not store.notices
    assert evidence.total.violations == 0
    assert sum(evidence.total.endings.values()) == evidence.total.runs


def test_a_kill_at_any_moment_leaves_a_whole_record(trials: Trials) -> None:
    """Nor a process, nor a file."""
    for code, _ in _at_moments(trials, signal.SIGKILL):
        assert code in {-signal.SIGKILL, ExitCode.OK}
        _check_record(trials.place)


def test_an_interruption_at_any_moment_is_told(trials: Trials) -> None:
    """By the exit code, in one line; what was recorded until then is there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        for code, said in _at_moments(trials, signal.SIGINT):
            assert (code, said.strip()) in {
                (ExitCode.INTERRUPTED, b"harness: interrupted"),
                (ExitCode.OK, b""),
            }
            _check_record(trials.place)
    finally:
        signal.signal(signal.SIGINT, before)
