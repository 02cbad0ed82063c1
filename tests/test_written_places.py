"""A file that cannot be written is refused before the work for it begins."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.cli import run_command_line
from harness.commands.writing import check_writable
from harness.values.errors import ExitCode, UsageError


def test_what_can_be_written_is_left_as_it_is(tmp_path: Path) -> None:
    """A new file is not made, an old one keeps its content, a pipe is not waited for."""
    old, pipe = tmp_path / "old.json", tmp_path / "pipe"
    old.write_text("kept", encoding="utf-8")
    os.mkfifo(pipe)
    for file in (tmp_path / "new.json", old, pipe):
        check_writable("--json", file)
    assert {old, pipe} == set(tmp_path.iterdir())
    assert "kept" == old.read_text(encoding="utf-8")


def test_what_cannot_be_written_is_refused_with_the_reason(tmp_path: Path) -> None:
    """A directory is no file."""
    with pytest.raises(UsageError) as refused:
        check_writable("--json", tmp_path)
    assert (
        f"--json: {tmp_path}: expected a file that can be written, found: is a directory; "
        "name another one"
    ) == str(refused.value)


@pytest.mark.parametrize(
    ("command", "option"),
    [("audit join --json", "--json"), ("propose join --output", "--output")],
)
def test_a_missing_directory_is_told_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, option: str
) -> None:
    """One line, exit code 2, and nothing was built for it."""
    file, state = tmp_path / "missing" / "file", tmp_path / "state"
    arguments = [*command.split(), str(file), "--state-dir", str(state)]
    assert ExitCode.USAGE == run_command_line(arguments)
    said = capsys.readouterr().err
    assert (
        f"{option}: {file}: expected a file in a directory that is there, "
        f"found no directory {file.parent}; make it first\n"
    ) in said
    assert not state.exists()
