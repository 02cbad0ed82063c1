"""What is wrong with one example is told of that one, and every other is judged."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from harness.authoring.scaffold import scaffold
from harness.cli import run_command_line
from harness.language.discovery import find_directories, load_each
from harness.machine.toolchains.sources import source_faults
from harness.values.errors import ExitCode
from harness.values.program import Side

FEW = ("--runs", "1", "--schedules", "0")


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of two Python examples, of which the second is to be broken."""
    monkeypatch.chdir(tmp_path)
    for name in ("sound", "broken"):
        scaffold(tmp_path / "examples", "t", name, (Side.PYTHON,))
    return tmp_path / "examples"


def outcomes(*arguments: str) -> tuple[int, dict[str, str], str]:
    """How ``verify`` ends, what it concludes of each example, and the text of all findings."""
    code = run_command_line(["verify", *FEW, *arguments, "--report", "json=report.json"])
    lines = [json.loads(line) for line in Path("report.json").read_text("utf-8").splitlines()]
    verdicts = [line for line in lines if line["kind"] == "verdict"]
    found = {verdict["example"]: verdict["outcome"] for verdict in verdicts}
    said = [f["violation"]["found"] for v in verdicts for f in v.get("findings", ())]
    return code, found, "\n".join(said)


def break_spec(corpus: Path) -> Path:
    """Misspell a key on line 5."""
    spec = corpus / "t" / "broken" / "example.toml"
    spec.write_text(spec.read_text("utf-8").replace('step  = "step', 'step  = "{', 1), "utf-8")
    return spec


def test_a_fault_of_a_spec_is_a_verdict_on_its_example(corpus: Path) -> None:
    """With its place and what to do; the other one has passed."""
    spec = break_spec(corpus)
    code, found, said = outcomes()
    assert ExitCode.FAILED == code
    assert {"t/sound": "PASSED", "t/broken": "ERRORED"} == found
    assert said.startswith(f"{spec}:5: events.step: column 1: unbalanced")


def test_if_nothing_else_was_meant_it_is_usage(corpus: Path) -> None:
    """As nothing was verified at all; the report has the verdict all the same."""
    break_spec(corpus)
    assert (ExitCode.USAGE, {"t/broken": "ERRORED"}) == outcomes("broken")[:2]


@pytest.mark.parametrize("command", ["list", "explore --schedules 1", "audit --schedules 5"])
def test_other_commands_go_on_and_fail_at_their_end(
    corpus: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """What is wrong is told in one line, before the work."""
    spec = break_spec(corpus)
    assert ExitCode.FAILED == run_command_line(command.split())
    said = capsys.readouterr()
    assert f"harness: {spec}:5: events.step" in said.err
    assert "sound" in said.out
    assert ExitCode.USAGE == run_command_line([*command.split(), "broken"])


def test_a_syntax_error_is_told_in_one_line(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line, and what the interpreter says; nothing was run for it."""
    program = corpus / "t" / "broken" / "main.py"
    lines = program.read_text("utf-8").splitlines()
    lines[2] = "import threading)"
    program.write_text("\n".join(lines), "utf-8")
    code, found, said = outcomes()
    assert ExitCode.FAILED == code
    assert {"t/sound": "PASSED", "t/broken": "ERRORED"} == found
    assert said.startswith("main.py:3: SyntaxError: ")
    assert "\n" not in said
    capsys.readouterr()
    for command in ("explore --schedules 1", "audit --schedules 5"):
        assert ExitCode.FAILED == run_command_line([*command.split(), "broken"])
        assert "SyntaxError" in capsys.readouterr().out


def test_a_syntax_error_that_is_the_point_is_run(corpus: Path) -> None:
    """Where a spec says which exception is reported, the program is a program."""
    place = corpus / "t" / "broken"
    (place / "main.py").write_text("print(\n", "utf-8")
    (place / "breaks.toml").unlink()
    (place / "example.toml").write_text(
        'title = "Broken"\nsummary = "It cannot be read."\n'
        '[always.refused]\nwhy = "so it is"\n'
        'ending = { code = 1, reports = [{ exception = "SyntaxError", thread = "main" }] }\n',
        "utf-8",
    )
    code, found, said = outcomes("broken")
    assert "ERRORED" != found["t/broken"], said
    assert ExitCode.USAGE != code


def test_an_interpreter_is_asked_once_for_all_files(tmp_path: Path) -> None:
    """What it can read is no fault, whatever its encoding; what is not there is none either."""
    texts = {
        "good.py": b"x = 1\n",
        "latin.py": b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
        "indent.py": b"if True:\nx = 1\n",
        "bytes.py": b"x = '\xff'\n",
        "zero.py": b"x = 1\0\n",
    }
    files = [tmp_path / name for name in texts]
    for file in files:
        file.write_bytes(texts[file.name])
    faults = source_faults(Path(sys.executable), [*files, tmp_path / "missing.py"])
    assert {"indent.py", "bytes.py", "zero.py"} == {file.name for file in faults}
    assert ("IndentationError", 2) == (
        faults[tmp_path / "indent.py"].kind,
        faults[tmp_path / "indent.py"].line,
    )
    assert {} == source_faults(Path("/bin/true"), files)


@pytest.mark.skipif(os.geteuid() == 0, reason="root looks into every directory")
def test_a_directory_that_cannot_be_read_is_told(corpus: Path) -> None:
    """It might hold examples."""
    closed = corpus / "t" / "broken"
    closed.chmod(0)
    try:
        assert closed in find_directories(corpus)
        (fault,) = load_each(find_directories(corpus)).faults
        assert "cannot be read" in fault.message
    finally:
        closed.chmod(0o755)


@pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")
def test_a_manifest_that_cargo_refuses_is_one_examples(corpus: Path) -> None:
    """In plain runs and under control; it is told in cargo's words."""
    for name in ("rust-sound", "rust-broken"):
        scaffold(corpus, "t", name, (Side.RUST,))
    manifest = corpus / "t" / "rust-broken" / "Cargo.toml"
    manifest.write_text(manifest.read_text("utf-8").replace("2021", "1066"), "utf-8")
    code, found, said = outcomes("rust-*", "--schedules", "2")
    assert ExitCode.FAILED == code
    assert {"t/rust-sound": "PASSED", "t/rust-broken": "ERRORED"} == found
    assert f"failed to parse manifest at `{manifest}`" in said
