"""The files of an example: none outside its directory, none that is no text."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from harness.language.spec import load_spec
from harness.language.spec.files import MAX_BYTES, Files
from harness.values.errors import SpecError
from tests.spec.examples import SPEC, refusal, refusal_of, write_example

if TYPE_CHECKING:
    from pathlib import Path

MENDED = '[programs.mended]\nsummary = "x"\npython = "{path}"\n\n[events]'


def test_a_link_that_leads_out_of_the_directory_is_refused(tmp_path: Path) -> None:
    """It is the file that counts, not where its name stands."""
    (tmp_path / "elsewhere.py").write_text("print('main: 0')\n")
    directory = write_example(tmp_path, SPEC.replace("[events]", MENDED.format(path="linked.py")))
    (directory / "linked.py").symlink_to(tmp_path / "elsewhere.py")
    assert (
        'example.toml:6: programs.mended.python: "linked.py" leaves the example\'s directory'
        == refusal_of(directory)
    )


def test_a_directory_that_is_a_link_is_refused_too(tmp_path: Path) -> None:
    """A link on the way to the file leads out as well as the file itself."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.py").write_text("print('main: 0')\n")
    directory = write_example(tmp_path, SPEC.replace("[events]", MENDED.format(path="to/a.py")))
    (directory / "to").symlink_to(tmp_path / "elsewhere")
    assert (
        'example.toml:6: programs.mended.python: "to/a.py" leaves the example\'s directory'
        == refusal_of(directory)
    )


def test_a_link_within_the_directory_is_taken(tmp_path: Path) -> None:
    """And so is an example whose whole directory is reached by a link."""
    directory = write_example(tmp_path / "corpus" / "real")
    (directory / "main.py").rename(directory / "program.py")
    (directory / "main.py").symlink_to("program.py")
    (tmp_path / "topic").symlink_to(directory.parent)
    assert "main.py" == load_spec(tmp_path / "topic" / "name").programs[0].path


def test_a_missing_main_program_is_named(tmp_path: Path) -> None:
    """Each side has a program, and the usual file is told."""
    directory = write_example(tmp_path)
    (directory / "src" / "main.rs").unlink()
    assert (
        "example.toml: expected a rust program, src/main.rs or one declared: "
        'there is no file "src/main.rs"' == refusal_of(directory)
    )


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    """Other bytes than UTF-8, what is too large, and a pipe, which would never end."""
    (tmp_path / "bytes").write_bytes(b"ab\xff")
    (tmp_path / "large").write_bytes(b" " * (MAX_BYTES + 1))
    os.mkfifo(tmp_path / "pipe")
    files = Files(tmp_path)
    assert '"bytes" is not UTF-8 (byte 3)' == files.complaint("bytes")
    assert '"large" is larger than 1 MiB' == files.complaint("large")
    assert '"pipe" is no file' == files.complaint("pipe")
    assert '"a\\0b" is no path' == files.complaint("a\0b")


def test_a_directory_without_a_spec_is_no_example(tmp_path: Path) -> None:
    """The message names the file that was expected."""
    with pytest.raises(SpecError) as caught:
        load_spec(tmp_path)
    expected = f"{tmp_path}/example.toml: expected a spec: there is no file example.toml"
    assert expected == str(caught.value)


def test_a_spec_without_any_line_is_refused(tmp_path: Path) -> None:
    """An empty file says nothing."""
    assert 'example.toml: expected the key "title", which is missing' == refusal(tmp_path, text=b"")
