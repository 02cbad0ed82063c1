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
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.record import Store
from harness.record.schema import FILE_NAME
from harness.values.errors import ExitCode
from tests.hostile.trials import THREADS, write_example
from tests.test_cli_processes import HARNESS, ROOT, processes_in, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the processes are Linux's")

MOMENTS = int(os.environ.get("HARNESS_MOMENTS", "3"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with a state directory, in which all that is built is there."""
    place = tmp_path_factory.mktemp("moments")
    write_example(place / "corpus", THREADS)
    (place / "temporary").mkdir()
    with _verification(place) as first:
        first.communicate()
    assert ExitCode.OK == first.returncode
    return place


def _verification(place: Path) -> subprocess.Popen[bytes]:
    words = ("verify", "--corpus", str(place / "corpus"), "--state-dir", str(place / "state"))
    return subprocess.Popen(
        (*HARNESS, *words, "--side", "python", "--runs", "20", "--schedules", "20"),
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(place / "temporary")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _at_moments(place: Path, number: signal.Signals) -> Iterator[tuple[int, bytes]]:
    """End verifications at some of the moments at which something of theirs has changed."""
    for seed in range(MOMENTS):
        draw = random.Random(f"{number}:{seed}")
        with _verification(place) as harness:
            # An interruption of Python itself, which begins, is Python's to tell.
            if number is signal.SIGINT or draw.random() < 0.5:
                assert wait_until(
                    lambda process=harness: (
                        any(processes_in(place / "corpus"))  # type: ignore[misc]
                        or process.poll() is not None
                    )
                )
            for _ in range(draw.randrange(200)):
                os.sched_yield()
            harness.send_signal(number)
            _, said = harness.communicate()
        assert wait_until(lambda: not any(processes_in(place / "corpus")))
        assert wait_until(lambda: not any((place / "temporary").iterdir()))
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


def test_a_kill_at_any_moment_leaves_a_whole_record(place: Path) -> None:
    """Nor a process, nor a file."""
    for code, _ in _at_moments(place, signal.SIGKILL):
        assert code in {-signal.SIGKILL, ExitCode.OK}
        _check_record(place)


def test_an_interruption_at_any_moment_is_told(place: Path) -> None:
    """By the exit code, in one line; what was recorded until then is there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        for code, said in _at_moments(place, signal.SIGINT):
            assert (code, said.strip()) in {
                (ExitCode.INTERRUPTED, b"harness: interrupted"),
                (ExitCode.OK, b""),
            }
            _check_record(place)
    finally:
        signal.signal(signal.SIGINT, before)
