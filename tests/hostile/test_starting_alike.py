"""Each run starts as any other does, whatever one before it has left behind."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.values.errors import ExitCode
from tests.hostile.trials import verify_program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="control is Linux's")

LEAVING = """
import os
for name in ("HOME", "TMPDIR"):
    for left in os.listdir(os.environ[name]):
        print("there was", left)
    with open(os.path.join(os.environ[name], "left"), "w"):
        pass
print("said 1")
"""


def test_no_run_finds_what_another_has_left(tmp_path: Path) -> None:
    """Neither a plain one nor a controlled one, at home or among temporary files."""
    told = verify_program(tmp_path, LEAVING, runs=4, schedules=4)
    assert (ExitCode.OK, ["PASSED"]) == (told.code, told.outcomes), told.text


REMOVING = """
import os, shutil
for place in (os.environ["HOME"], os.environ["TMPDIR"]):
    shutil.rmtree(os.path.dirname(os.path.dirname(place)), ignore_errors=True)
print("said 1")
"""


def test_a_run_that_removes_its_place_harms_no_later_one(tmp_path: Path) -> None:
    """There is a new one."""
    told = verify_program(tmp_path, REMOVING, "--jobs", "1", runs=4, schedules=4)
    assert (ExitCode.OK, ["PASSED"]) == (told.code, told.outcomes), told.text


LINKING = """
import os, shutil
for place in (os.environ["HOME"], os.environ["TMPDIR"]):
    os.symlink({victim!r}, os.path.join(place, "link"))
    os.mkdir(os.path.join(place, "inner"))
    os.symlink({victim!r}, os.path.join(place, "inner", "link"))
shutil.rmtree(os.environ["HOME"])
os.symlink({victim!r}, os.environ["HOME"])
print("said 1")
"""


def test_what_links_of_a_run_lead_to_is_not_removed_with_them(tmp_path: Path) -> None:
    """Neither what is in it, nor its mode."""
    victim = tmp_path / "victim"
    victim.mkdir(mode=0o750)
    (victim / "kept").touch()
    told = verify_program(tmp_path, LINKING.format(victim=str(victim)), runs=2, schedules=2)
    assert (ExitCode.OK, ["PASSED"]) == (told.code, told.outcomes), told.text
    assert ["kept"] == [each.name for each in victim.iterdir()]
    assert 0o750 == victim.stat().st_mode & 0o777
