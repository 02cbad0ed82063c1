"""Machines that lack something: it is told, and condemns no program.

What is lacking is really not there: bubblewrap makes the place, where it is installed.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.record import Store
from harness.values.errors import ExitCode
from tests.hostile.trials import STATE, THREADS, verify, write_example
from tests.test_cli_processes import HARNESS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the machines are Linux's")

NO_TERMINALS = ("--tmpfs", "/dev/pts", "--ro-bind", "/dev/null", "/dev/ptmx")
NO_PROC = ("--tmpfs", "/proc")


def _bubble(*options: str) -> tuple[str, ...]:
    argv = ("bwrap", "--die-with-parent", "--bind", "/", "/", "--dev-bind", "/dev", "/dev")
    return (*argv, *options)


def _has_bubbles() -> bool:
    if shutil.which("bwrap") is None:
        return False
    tried = subprocess.run((*_bubble(*NO_PROC), "true"), capture_output=True, check=False)
    return tried.returncode == 0


needs_bubbles = pytest.mark.skipif(not _has_bubbles(), reason="bubblewrap makes no places here")


def _verify(place: Path, *before: str, state: Path = STATE) -> subprocess.CompletedProcess[str]:
    write_example(place / "corpus", THREADS)
    words = ("verify", "--corpus", str(place / "corpus"), "--state-dir", str(state))
    return subprocess.run(
        (*before, *HARNESS, *words, "--runs", "2", "--schedules", "4"),
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )


@needs_bubbles
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (NO_PROC, ("plain runs and random yields only: there is no /proc here",)),
        (NO_TERMINALS, ("there is no pseudo-terminal here", "stdout of the programs was a pipe")),
        ((*NO_PROC, *NO_TERMINALS), ("there is no /proc here", "was a pipe")),
        (("--tmpfs", "/dev/shm"), ()),
    ],
)
def test_what_the_system_lacks_is_told(
    tmp_path: Path, options: tuple[str, ...], told: tuple[str, ...]
) -> None:
    """And no run is made that would want it."""
    completed = _verify(tmp_path, *_bubble(*options))
    assert ExitCode.OK == completed.returncode, completed.stdout + completed.stderr
    said = " ".join(completed.stdout.split())  # however its lines are folded
    assert [] == [each for each in told if each not in said]
    assert not completed.stderr


@needs_bubbles
@pytest.mark.parametrize("room", [4096, 200_000])
def test_a_disk_that_is_really_full_condemns_nobody(tmp_path: Path, room: int) -> None:
    """Whatever of the state still fits into so many bytes.

    What is first to find no room depends on how large all is that is compiled; it is told.
    """
    full = tmp_path / "full"
    full.mkdir()
    place = _bubble("--size", str(room), "--tmpfs", str(full))
    completed = _verify(tmp_path, *place, state=full / "state")
    assert ExitCode.OK == completed.returncode, completed.stdout + completed.stderr
    said = " ".join(completed.stdout.split())
    assert "No space left on device" in said or "disk is full" in said
    if room < 8192:
        assert "no evidence is kept" in said
    assert not completed.stderr


FILL_AFTER_BUILDING = """
"$@" >&3 && rm "$0"/state/evidence.sqlite3 || exit 99
cat /dev/zero >"$0"/rest 2>&3
exec "$@"
"""
"""Verifies twice: once with room for all, and then with none for anything but what is there."""


@needs_bubbles
def test_a_disk_without_room_for_evidence_condemns_nobody(tmp_path: Path) -> None:
    """All that is compiled lies there already, however large it is."""
    full = tmp_path / "full"
    full.mkdir()
    place = _bubble("--size", str(2**24), "--tmpfs", str(full))
    shell = ("sh", "-c", f"exec 3>/dev/null; {FILL_AFTER_BUILDING}", str(full))
    completed = _verify(tmp_path, *place, *shell, state=full / "state")
    assert ExitCode.OK == completed.returncode, completed.stdout + completed.stderr
    said = " ".join(completed.stdout.split())
    assert "no evidence is kept" in said
    assert "plain runs and random yields only" not in said
    assert not completed.stderr


@needs_bubbles
def test_a_full_directory_of_temporary_files_condemns_nobody(tmp_path: Path) -> None:
    """The programs' own HOME and TMPDIR lie there."""
    full = tmp_path / "full"
    full.mkdir()
    place = _bubble("--size", "4096", "--tmpfs", str(full), "--setenv", "TMPDIR", str(full))
    completed = _verify(tmp_path, *place)
    assert ExitCode.OK == completed.returncode, completed.stdout + completed.stderr
    assert not completed.stderr


@pytest.mark.parametrize("files", [64, 24])
def test_few_descriptors_are_enough(tmp_path: Path, files: int) -> None:
    """As after ``ulimit -n``."""
    shell = ("sh", "-c", f'ulimit -n {files}; exec "$@"', "sh")
    completed = _verify(tmp_path, *shell)
    assert ExitCode.OK == completed.returncode, completed.stdout + completed.stderr


def test_four_at_once_share_a_state_directory(tmp_path: Path) -> None:
    """Each comes to its own verdict, and the record to a whole one."""
    write_example(tmp_path / "corpus", THREADS)
    words = ("verify", "--corpus", "corpus", "--state-dir", "state", "--runs", "3")
    argv = (*HARNESS, *words, "--schedules", "4", "--report")
    every = [
        subprocess.Popen(
            (*argv, f"json=report-{number}.json"),
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for number in range(4)
    ]
    said = [each.communicate()[0].decode() for each in every]
    assert [ExitCode.OK] * 4 == [each.returncode for each in every], shlex.join(said)
    with Store(tmp_path / "state") as store:
        (evidence,) = store.evidence()
    reports = [tmp_path / f"report-{number}.json" for number in range(4)]
    lines = [json.loads(line) for each in reports for line in each.read_text().splitlines()]
    made = [line["runs"] for line in lines if line["kind"] == "verdict"]
    assert (4, True) == (len(made), min(made) > 3)
    assert (sum(made), 0) == (evidence.total.runs, evidence.total.violations)


def test_a_clock_that_jumps_changes_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is set back and forth by years: whoever measured by it would find runs without end."""
    really, jumps = time.time, iter(range(1_000_000))
    monkeypatch.setattr(time, "time", lambda: really() + (-1) ** next(jumps) * 1e8)
    write_example(tmp_path / "corpus", THREADS)
    told = verify(tmp_path / "corpus", runs=3, schedules=4)
    assert (ExitCode.OK, ["PASSED"]) == (told.code, told.outcomes)
