"""A crate that is copied elsewhere still finds what it depends on."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from harness.authoring.scaffold import scaffold
from harness.bench.options import Options
from harness.language.spec import load_spec
from harness.machine.cargo.manifests import movable_manifest
from harness.machine.toolchains import default_python, default_rust
from harness.proof.audit import audit
from harness.proof.audit.results import ControlOutcome
from harness.proof.mutants import Fate, try_mutants
from harness.values.program import Side

WORKSPACE = """\
[workspace]
members = ["topic/*"]

[workspace.package]
edition = "2021"

[workspace.dependencies]
shared = { path = "shared", features = ["a"] }
plain = "1.2"
"""
CRATE = """\
[package]
name = "pair"
version = "0.1.0"
edition.workspace = true

[dependencies]
helper = { path = "../../helper", default-features = false }
shared = { workspace = true, features = ["b"] }
plain = { workspace = true, optional = true }
foreign = "0.3"

[target.'cfg(unix)'.dev-dependencies]
other = { path = "../other" }
"""


def test_what_is_beside_the_crate_is_found_from_anywhere(tmp_path: Path) -> None:
    """Paths are absolute, those that the workspace gives are seen from the workspace."""
    crate = tmp_path / "topic" / "pair"
    crate.mkdir(parents=True)
    (tmp_path / "Cargo.toml").write_text(WORKSPACE, encoding="utf-8")
    (crate / "Cargo.toml").write_text(CRATE, encoding="utf-8")
    manifest = movable_manifest(crate)
    assert "2021" == manifest["package"]["edition"]
    assert {
        "helper": {"path": str(tmp_path / "helper"), "default-features": False},
        "shared": {"path": str(tmp_path / "shared"), "features": ["a", "b"]},
        "plain": {"version": "1.2", "optional": True},
        "foreign": "0.3",
    } == manifest["dependencies"]
    other = {"other": {"path": str(tmp_path / "topic" / "other")}}
    assert other == manifest["target"]["cfg(unix)"]["dev-dependencies"]


def test_a_crate_of_its_own_is_left_as_it_is(tmp_path: Path) -> None:
    """Nothing is added to a manifest that points nowhere."""
    text = '[package]\nname = "alone"\nversion = "0.1.0"\n'
    (tmp_path / "Cargo.toml").write_text(text, encoding="utf-8")
    assert tomllib.loads(text) == movable_manifest(tmp_path)


@pytest.fixture
def depending(tmp_path: Path) -> Path:
    """The directory of a pair whose crate uses another of the corpus."""
    made = scaffold(tmp_path, "topic", "pair")
    helper = tmp_path / "helper"
    (helper / "src").mkdir(parents=True)
    (helper / "src" / "lib.rs").write_text("pub fn last() -> u32 {\n    3\n}\n", "utf-8")
    manifest = '[package]\nname = "helper"\nversion = "0.1.0"\nedition = "2021"\n'
    (helper / "Cargo.toml").write_text(manifest, encoding="utf-8")
    assert made.workspace is not None
    workspace = made.workspace.read_text(encoding="utf-8")
    made.workspace.write_text(workspace.replace('"topic/*"', '"helper", "topic/*"'), "utf-8")
    crate = made.directory / "Cargo.toml"
    own = crate.read_text(encoding="utf-8")
    dependency = '\n[dependencies]\nhelper = { path = "../../helper" }\n'
    crate.write_text(own + dependency, encoding="utf-8")
    main = made.directory / "src" / "main.rs"
    source = main.read_text(encoding="utf-8").replace("0..STEPS", "0..STEPS.min(helper::last())")
    main.write_text(source, encoding="utf-8")
    spec = made.directory / "example.toml"
    text = spec.read_text(encoding="utf-8")
    spec.write_text(text.replace('..STEPS"', '..STEPS.min"'), encoding="utf-8")
    return made.directory


@pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")
def test_mutants_and_controls_of_a_crate_with_a_neighbour_are_built(
    depending: Path, tmp_path: Path
) -> None:
    """One such crate stops neither trial."""
    spec, toolchains = load_spec(depending), (default_python(), default_rust())
    wanted = Options(runs=1, schedules=0, sides=(Side.RUST,), state=tmp_path / "state")
    report = try_mutants([spec], toolchains, wanted, most=2)
    assert {Fate.KILLED, Fate.UNKNOWN} >= {trial.fate for trial in report.trials}
    assert {} == report.broken

    options = Options(runs=1, schedules=0, state=tmp_path / "state")
    (example,) = audit([spec], toolchains, options, lambda _: None).examples
    assert {ControlOutcome.BROKEN} == {control.outcome for control in example.controls}
