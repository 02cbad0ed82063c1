"""Crates that nobody can come by here: their examples are skipped, and the registry asked once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from harness.bench import lab
from harness.bench.controllable import Controllable
from harness.cli import run_command_line
from harness.language.declarations import Spec
from harness.machine.cargo import building
from harness.machine.process import Command, Completed, run_process
from harness.values.errors import ExitCode
from tests.small import PYTHON, RUST, SPEC


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two examples in one workspace that need a crate; no registry can be reached."""
    monkeypatch.setenv("CARGO_HOME", str(tmp_path / "empty"))
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    place = tmp_path / "examples"
    for name in ("one", "two"):
        crate = place / "t" / name
        (crate / "src").mkdir(parents=True)
        (crate / "example.toml").write_text(SPEC)
        (crate / "main.py").write_text(PYTHON)
        (crate / "src" / "main.rs").write_text(RUST)
        (crate / "Cargo.toml").write_text(
            f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n'
            '[dependencies]\nlibc = "0.2"\n'
        )
    (place / "Cargo.toml").write_text('[workspace]\nresolver = "2"\nmembers = ["t/*"]\n')
    return place


def test_examples_without_their_crates_are_skipped(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On that side alone, with what cargo said; and nothing waits for the registry again."""
    calls: list[tuple[str, ...]] = []
    wanted: list[Spec] = []

    def note(command: Command, **others: object) -> Completed:
        calls.append(command.argv)
        return run_process(command, **others)  # type: ignore[arg-type]

    def note_wanted(specs: Iterable[Spec], *_: object) -> Controllable:
        wanted.extend(specs)
        return Controllable()

    monkeypatch.setattr(building, "run_process", note)
    monkeypatch.setattr(lab, "make_controllable", note_wanted)
    state = str(corpus.parent / "state")
    options = ("--runs", "1", "--schedules", "1", "--no-color", "--state-dir", state)
    assert ExitCode.OK == run_command_line(["verify", str(corpus), *options])
    printed = " ".join(capsys.readouterr().out.split())
    assert 2 == printed.count("it needs crates that cannot be had: failed to ")
    assert "2 passed, 2 skipped" in printed
    assert (1, []) == (sum("--offline" not in argv for argv in calls), wanted)
