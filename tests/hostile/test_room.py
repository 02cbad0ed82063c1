"""A machine that has no room condemns no program."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from harness.bench import execution, trial
from harness.schedules import memory
from harness.values.errors import ExitCode
from tests.hostile.trials import verify_program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="control is Linux's")

FULL_DISK = "import errno\nraise OSError(errno.ENOSPC, 'No space left on device')\n"


def test_a_program_that_fails_where_there_is_no_room_is_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is ERRORED, and the place is named; with room the same is the program's failure."""
    told = verify_program(tmp_path / "roomy", FULL_DISK, runs=1, schedules=1)
    assert ["FAILED"] == told.outcomes
    monkeypatch.setattr(trial, "place_without_room", lambda *_: "/full")
    told = verify_program(tmp_path / "full", FULL_DISK, runs=1, schedules=1)
    assert told.is_clean, told.text
    assert (ExitCode.FAILED, ["ERRORED"], {"room"}) == (told.code, told.outcomes, told.broken)
    assert "none is left in /full" in told.out


def test_a_program_that_needs_no_room_passes_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was wrong with it."""
    monkeypatch.setattr(trial, "place_without_room", lambda *_: "/full")
    told = verify_program(tmp_path, "print('said 1')\n", runs=1, schedules=1)
    assert (ExitCode.OK, ["PASSED"]) == (told.code, told.outcomes), told.text


def test_room_is_looked_for_where_programs_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks or inodes: one is as bad as the other."""
    assert "" == memory.place_without_room(tmp_path)
    status = list(os.statvfs(tmp_path))
    for field in (4, 7):  # f_bavail, f_favail
        full = os.statvfs_result([*status[:field], 0, *status[field + 1 :]])

        def told(place: Path, full: os.statvfs_result = full) -> os.statvfs_result:
            return full if place == tmp_path else os.statvfs_result(status)

        monkeypatch.setattr(os, "statvfs", told)
        assert str(tmp_path) == memory.place_without_room(tmp_path)


def test_where_no_run_has_a_place_the_program_is_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither is that a fault of ours."""

    def refuse() -> object:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/tmp/run")

    monkeypatch.setattr(execution, "run_place", refuse)
    told = verify_program(tmp_path, "print('said 1')\n", runs=1, schedules=0)
    assert told.is_clean, told.text
    assert (ExitCode.FAILED, ["ERRORED"], {"starts"}) == (told.code, told.outcomes, told.broken)
    assert "no space left on device: /tmp/run" in told.out
