"""The programs in Python are checked one by one, and what is wrong with one is told."""

from __future__ import annotations

from pathlib import Path

from tests.script_types import faults


def test_a_program_with_a_wrong_type_is_named(tmp_path: Path) -> None:
    """Another of the same file name beside it is a program of its own."""
    for pair, text in (("good", "x: int = 1\n"), ("bad", 'x: int = "one"\n')):
        place = tmp_path / "topic" / pair
        place.mkdir(parents=True)
        (place / "main.py").write_text(text)
    (told,) = faults(tmp_path)
    assert "bad/main.py:1: error: Incompatible types in assignment" in told


def test_a_program_may_be_written_for_a_newer_library(tmp_path: Path) -> None:
    """What its spec asks for is what it is checked against."""
    place = tmp_path / "topic" / "new"
    place.mkdir(parents=True)
    (place / "main.py").write_text("from concurrent import interpreters\n\ninterpreters.create()\n")
    assert faults(tmp_path)
    (place / "example.toml").write_text('title = "New"\npython  = ">=3.14"\n')
    assert [] == faults(tmp_path)
