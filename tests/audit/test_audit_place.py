"""Where an audit writes: alone, and without a pile of what earlier ones left."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from harness.audit.locking import alone_in
from harness.audit.variants import variants_of
from harness.audit.workspace import remove_stale, write_variants
from harness.errors import UsageError
from harness.model import Side, Spec
from tests.audit.driver import spec_named


def written(spec: Spec, place: Path) -> set[str]:
    """Write the copies of all variants of a spec; gives the names of all that are there then."""
    variants = variants_of(spec, lambda path: (spec.directory / path).read_text(encoding="utf-8"))
    remove_stale(place, [spec], Side, write_variants(variants, place))
    return {copy.name for side in Side for copy in (place / side.value).glob("*/")}


def test_a_second_audit_waits_for_the_first(tmp_path: Path) -> None:
    """It says so, and goes on when the first has ended."""
    told: list[str] = []
    is_told, entered = threading.Event(), threading.Event()

    def tell(said: str) -> None:
        told.append(said)
        is_told.set()

    def second() -> None:
        with alone_in(tmp_path / "state" / "audit", tell):
            entered.set()

    thread = threading.Thread(target=second)
    with alone_in(tmp_path / "state" / "audit", told.append):
        thread.start()
        assert is_told.wait(10)
        assert not entered.is_set()
    thread.join(10)
    assert entered.is_set()
    assert [f"waiting for another audit in {tmp_path / 'state'} to end"] == told


def test_a_place_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file where a directory should be is no place."""
    (tmp_path / "state").write_text("", encoding="utf-8")
    with pytest.raises(UsageError) as refused, alone_in(tmp_path / "state" / "audit", print):
        pass
    assert (
        f"--state-dir: {tmp_path / 'state'}: expected a directory that can be written, "
        "found: file exists; name another one"
    ) == str(refused.value)


def test_copies_of_what_is_gone_are_removed(tmp_path: Path) -> None:
    """Of controls that are no longer declared, and of examples that are no longer there."""
    place, directory = tmp_path / "audit", tmp_path / "gone"
    sound, vacuous = spec_named("sound"), spec_named("vacuous")
    shutil.copytree(sound.directory, directory)
    both = written(vacuous, place) | written(sound, place)
    assert both < written(replace(sound, directory=directory, name="gone"), place)
    (place / "rust" / "older--copy").mkdir()
    (place / "rust" / "target").mkdir()
    shutil.rmtree(directory)
    first = sound.controls[0]
    left = written(replace(sound, controls=(first,)), place)
    mine = {name for name in left if name.startswith("sound--")}
    assert 1 == len(mine)
    others = {name for name in both if name.startswith("vacuous--")}
    assert others | {"target"} == left - mine


def test_copies_of_a_side_that_is_not_audited_stay(tmp_path: Path) -> None:
    """What was built of it need not be built again."""
    spec = spec_named("sound")
    all_of_it = written(spec, tmp_path)
    remove_stale(tmp_path, [spec], [Side.PYTHON], ())
    rust = {copy.name for copy in (tmp_path / "rust").glob("*/")}
    assert rust
    assert rust < all_of_it
