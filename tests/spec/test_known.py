"""Tables that were read before are taken as they were, and nothing is trusted that is not."""

from pathlib import Path

import pytest

from harness.errors import SpecError
from harness.spec.known import FILE, KnownTables
from harness.tables import Source

SOURCE = Source(Path("example.toml"), 'title = "one"\n[run]\ntimeout = 1.5\n')


def test_what_was_read_once_is_read_the_same_again(tmp_path: Path) -> None:
    """A kept table is equal to the one that was read."""
    first = KnownTables.load(tmp_path)
    expected = first.read(SOURCE)
    first.save()
    again = KnownTables.load(tmp_path)
    assert set(again.known) == set(first.used)
    assert expected == again.read(SOURCE)


def test_a_changed_text_is_read_anew(tmp_path: Path) -> None:
    """What is kept belongs to the text, not to the file's name."""
    tables = KnownTables.load(tmp_path)
    tables.read(SOURCE)
    tables.save()
    changed = Source(SOURCE.path, 'title = "two"\n')
    assert {"title": "two"} == KnownTables.load(tmp_path).read(changed)


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"0": 1}', "\x00"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    """Whatever is in the file, specs are read as if it were not there."""
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    tables = KnownTables.load(tmp_path)
    assert "one" == tables.read(SOURCE)["title"]
    tables.save()
    assert "one" == KnownTables.load(tmp_path).read(SOURCE)["title"]


def test_a_broken_text_is_refused_each_time(tmp_path: Path) -> None:
    """A fault is never kept."""
    tables = KnownTables.load(tmp_path)
    for _ in range(2):
        with pytest.raises(SpecError, match="no valid TOML"):
            tables.read(Source(Path("example.toml"), "title = \n"))
    tables.save()
    assert not (tmp_path / FILE).exists()


def test_nothing_is_written_where_there_is_no_state_directory(tmp_path: Path) -> None:
    """Listing a corpus leaves nothing behind."""
    tables = KnownTables.load(tmp_path / "none")
    tables.read(SOURCE)
    tables.save()
    assert [] == list(tmp_path.iterdir())
