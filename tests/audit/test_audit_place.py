"""Where an audit writes: alone, and without a pile of what earlier ones left."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from harness.language.declarations import Spec
from harness.proof.copies import remove_stale, write_variants
from harness.proof.variants import variants_of
from harness.values.program import Side
from tests.audit.driver import spec_named


def written(spec: Spec, place: Path) -> set[str]:
    """Write the copies of all variants of a spec; gives the names of all that are there then."""
    variants = variants_of(spec, lambda path: (spec.directory / path).read_text(encoding="utf-8"))
    remove_stale(place, [spec], Side, write_variants(variants, place))
    return {copy.name for side in Side for copy in (place / side.value).glob("*/")}


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
