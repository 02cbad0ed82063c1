"""The oldest Rust of an example: in its manifest, in its workspace's, or the corpus's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.language.spec.conditions import DEFAULT_RUST_FLOOR, rust_floor
from harness.language.spec.files import Files

WORKSPACE = '[workspace]\nmembers = []\n[workspace.package]\nrust-version = "1.85"\n'


@pytest.mark.parametrize(
    ("manifest", "workspace", "floor"),
    [
        ('[package]\nrust-version = "1.70"\n', WORKSPACE, "1.70"),
        ('package.rust-version = "1.70"\n', WORKSPACE, "1.70"),
        ("[package]\nrust-version.workspace = true\n", WORKSPACE, "1.85"),
        ("[package]\nrust-version = { workspace = true }\n", WORKSPACE, "1.85"),
        ("[package]\nrust-version.workspace = true\n", "[workspace]\n", DEFAULT_RUST_FLOOR),
        ("[package]\nrust-version.workspace = true\n", "workspace = 5\n", DEFAULT_RUST_FLOOR),
        ("[package]\nrust-version.workspace = true\n", "no = [TOML\n", DEFAULT_RUST_FLOOR),
        ('[package]\nname = "x"\n', WORKSPACE, DEFAULT_RUST_FLOOR),
        ('[package]\nrust-version = "new"\n', WORKSPACE, DEFAULT_RUST_FLOOR),
        ("[package]\nrust-version = [1]\n", WORKSPACE, DEFAULT_RUST_FLOOR),
        ("rust-version = [", WORKSPACE, DEFAULT_RUST_FLOOR),
    ],
)
def test_the_floor_is_what_cargo_takes_it_for(
    tmp_path: Path, manifest: str, workspace: str, floor: str
) -> None:
    """What is wrong with a manifest is told where it is built, and not here."""
    place = tmp_path / "topic" / "name"
    place.mkdir(parents=True)
    (place / "Cargo.toml").write_text(manifest, encoding="utf-8")
    (tmp_path / "Cargo.toml").write_text(workspace, encoding="utf-8")
    assert floor == rust_floor(Files(place))
