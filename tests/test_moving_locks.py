"""``harness lock`` over crates: what it pins, what it moves, and what that changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.authoring.moving import moved_crates
from harness.cli import run_command_line
from harness.values.errors import ExitCode

SPEC = """\
title   = "A crate"
summary = "It says what it is."

[events]
said = "tiny is {size:d}"

[always.it-is-small]
why    = "the crate says so"
values = { of = "said.size", are = [1] }
"""
MANIFEST = """\
[package]
name = "small"
version = "0.1.0"
edition = "2021"

[dependencies]
tiny = "1"
"""


def _publish(registry: Path, version: str, size: int) -> None:
    """Put a version of the crate where cargo looks for crates."""
    crate = registry / f"tiny-{version}"
    (crate / "src").mkdir(parents=True)
    (crate / "src" / "lib.rs").write_text(f"pub const SIZE: u32 = {size};\n")
    (crate / "Cargo.toml").write_text(
        f'[package]\nname = "tiny"\nversion = "{version}"\nedition = "2021"\n'
    )
    (crate / ".cargo-checksum.json").write_text(json.dumps({"files": {}}))


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of one example that needs a crate, and a registry in a directory."""
    registry, home = tmp_path / "registry", tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text(
        '[source.crates-io]\nreplace-with = "ours"\n'
        f"[source.ours]\ndirectory = {json.dumps(str(registry))}\n"
    )
    monkeypatch.setenv("CARGO_HOME", str(home))
    _publish(registry, "1.0.0", 1)
    crate = tmp_path / "corpus" / "t" / "small"
    (crate / "src").mkdir(parents=True)
    (crate / "src" / "main.rs").write_text(
        'fn main() {\n    println!("tiny is {}", tiny::SIZE);\n}\n'
    )
    (crate / "Cargo.toml").write_text(MANIFEST)
    (crate / "example.toml").write_text(SPEC)
    (tmp_path / "corpus" / "Cargo.toml").write_text(
        '[workspace]\nmembers = ["t/*"]\nresolver = "2"\n'
    )
    return tmp_path / "corpus"


def _lock(corpus: Path, *options: str) -> int:
    quick = ("--runs", "1", "--schedules", "0", "--state-dir", str(corpus.parent / "state"))
    return run_command_line(["lock", "--corpus", str(corpus), *quick, *options])


def _said(capsys: pytest.CaptureFixture[str]) -> str:
    """What was printed, its lines unfolded."""
    return capsys.readouterr().out.replace("\n    ", " ")


def test_crates_are_pinned_and_moved_and_what_that_changes_is_told(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A property that holds no more makes the command fail; the new versions stay, to be seen."""
    assert ExitCode.OK == _lock(corpus)
    lock = corpus / "Cargo.lock"
    assert f"tiny nothing → 1.0.0\n{lock}: 1 pin, 1 changed\n" == _said(capsys)
    _publish(corpus.parent / "registry", "1.0.1", 2)
    assert ExitCode.OK == _lock(corpus)
    assert f"{lock}: 1 pin, none changed\n" == _said(capsys)
    assert ExitCode.FAILED == _lock(corpus, "--upgrade")
    moved, pins, changed, behaviour = _said(capsys).splitlines()
    assert ("tiny 1.0.0 → 1.0.1", f"{lock}: 1 pin, 1 changed") == (moved, pins)
    assert changed.startswith("t/small · rust · ")
    assert changed.endswith(": PASSED → FAILED, it-is-small: held → broke")
    assert "behaviour: 1 changed, of 1 example with packages" == behaviour
    assert 'version = "1.0.1"' in lock.read_text()


def test_versions_that_change_nothing_are_told_as_that(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And what has not moved at all is not looked at."""
    assert ExitCode.OK == _lock(corpus)
    _publish(corpus.parent / "registry", "1.1.0", 1)
    assert ExitCode.OK == _lock(corpus, "--upgrade")
    assert "behaviour: nothing changed, of 1 example" in capsys.readouterr().out
    assert ExitCode.OK == _lock(corpus, "--upgrade")
    assert "behaviour" not in capsys.readouterr().out


def test_a_crate_of_two_versions_is_told_in_one_line() -> None:
    """Which is usual of crates, and impossible of Python packages."""
    before = {"syn": ("1.0.109", "2.0.1"), "gone": ("1.0.0",)}
    after = {"syn": ("1.0.109", "2.0.2")}
    assert ["gone 1.0.0 → nothing", "syn 1.0.109, 2.0.1 → 1.0.109, 2.0.2"] == list(
        moved_crates(before, after)
    )
