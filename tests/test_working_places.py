"""Where copies are built, never where another command is under way; what is kept, always whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.machine.working_places import own_place, write_whole
from harness.values.errors import UsageError


def test_a_place_is_used_again(tmp_path: Path) -> None:
    """What was built there last time need not be built again."""
    for _ in range(2):
        with own_place(tmp_path / "state", "mutants") as place:
            assert tmp_path / "state" / "mutants" == place


def test_two_trials_at_once_have_places_of_their_own(tmp_path: Path) -> None:
    """The next free one is taken, and left when its trial has ended."""
    with own_place(tmp_path, "mutants") as one:
        with own_place(tmp_path, "mutants") as two, own_place(tmp_path, "mutants") as three:
            assert ["mutants", "mutants-2", "mutants-3"] == [p.name for p in (one, two, three)]
            assert two.is_dir()
        with own_place(tmp_path, "mutants") as again:
            assert two == again


def test_a_trial_that_fails_leaves_its_place(tmp_path: Path) -> None:
    """The next one may have it."""
    with pytest.raises(KeyError), own_place(tmp_path, "mutants"):
        raise KeyError
    with own_place(tmp_path, "mutants") as place:
        assert "mutants" == place.name


def test_where_there_can_be_no_place_that_is_told(tmp_path: Path) -> None:
    """One line, with what to do."""
    (tmp_path / "state").write_text("a file", encoding="utf-8")
    with (
        pytest.raises(UsageError, match="expected a directory that can be written"),
        own_place(tmp_path / "state", "mutants"),
    ):
        pass


def test_a_file_that_several_write_at_once_is_whole(tmp_path: Path) -> None:
    """One of their texts, and nothing of the others is left beside it."""
    path = tmp_path / "state" / "kept.json"
    texts = [str(n) * 100_000 for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: write_whole(path, text), texts * 8))
    assert path.read_text(encoding="utf-8") in texts
    assert [path] == list(path.parent.iterdir())


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """What was there is as it was."""
    path = tmp_path / "kept.json"
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(path, "text")
    assert [path] == list(tmp_path.iterdir())
