"""One side alone is an example: every command takes it, and nothing speaks of the missing one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from harness.authoring.scaffold import scaffold
from harness.bench.options import Options
from harness.bench.verifying import verify
from harness.cli import run_command_line
from harness.language.declarations import Spec
from harness.language.spec import load_spec
from harness.machine.toolchains import default_python, default_rust
from harness.site.data import gather
from harness.site.library import make_library
from harness.site.writing import write_site
from harness.values.errors import ExitCode
from harness.values.program import Side
from harness.values.report import Outcome
from tests.spec.examples import BREAKS, SPEC, edited, prop, refusal_of, write_example

needs_cargo = pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")

AGREES = prop("agrees", 'agreement = { of = "output" }')
OF_RUST = prop("of-rust", 'programs = "rust"', 'count = { of = "worker", is = 3 }')
OF_EACH = (
    "order = { chain",
    'programs = ["python", "rust"]\norder = { chain',
)
CONTROL = BREAKS.replace("python", "rust")
SURVIVOR = '["x"]\nbreaks = []\nwhy = "y"\ntrace = "x"\nprograms = "rust"\n'


def one_side(corpus: Path, side: Side, text: str = SPEC) -> Path:
    """An example of which one side is there."""
    directory = write_example(corpus, text)
    if side is Side.PYTHON:
        shutil.rmtree(directory / "src")
        (directory / "Cargo.toml").unlink()
    else:
        (directory / "main.py").unlink()
        (directory / "mended.py").unlink()
    return directory


def made(corpus: Path, side: Side) -> Spec:
    """A new example of one side that verifies."""
    return load_spec(scaffold(corpus, "topic", f"{side.value}-alone", (side,)).directory)


def test_an_example_has_the_sides_of_its_programs(tmp_path: Path) -> None:
    """A library in Rust that a Python program loads is no side."""
    directory = one_side(tmp_path, Side.PYTHON)
    assert (Side.PYTHON,) == load_spec(directory).sides
    (directory / "src").mkdir()
    (directory / "src" / "lib.rs").write_text("", encoding="utf-8")
    (directory / "Cargo.toml").write_text('[package]\nname = "name"\n', encoding="utf-8")
    assert (Side.PYTHON,) == load_spec(directory).sides


def test_no_side_at_all_is_no_example(tmp_path: Path) -> None:
    """What the first would be called is told."""
    directory = one_side(tmp_path, Side.PYTHON)
    (directory / "main.py").unlink()
    assert refusal_of(directory).startswith("example.toml: expected a python program, main.py")


def test_a_main_file_that_cannot_be_read_is_no_missing_side(tmp_path: Path) -> None:
    """It is there, so that it was meant."""
    directory = one_side(tmp_path, Side.PYTHON)
    (directory / "src").mkdir()
    (directory / "src" / "main.rs").write_bytes(b"\xff")
    assert '"src/main.rs" is not UTF-8' in refusal_of(directory)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (AGREES, "example.toml:18: always.agrees.agreement: it compares both sides, and this"),
        (OF_RUST, "example.toml:18: always.of-rust.programs: this example has no rust program"),
        (OF_EACH, "example.toml:14: always.worker-comes-first.programs: this example has no rust"),
    ],
)
def test_what_names_the_missing_side_is_a_fault(
    tmp_path: Path, edit: tuple[str, str], message: str
) -> None:
    """With its place."""
    directory = one_side(tmp_path, Side.PYTHON, edited([edit]))
    assert refusal_of(directory).startswith(message)


@pytest.mark.parametrize(
    ("breaks", "message"),
    [
        (CONTROL, 'breaks.toml:3: "join forgotten".rust: this example has no rust program'),
        (SURVIVOR, "breaks.toml:5: x.programs: this example has no rust program"),
    ],
)
def test_a_variant_of_the_missing_side_is_a_fault(
    tmp_path: Path, breaks: str, message: str
) -> None:
    """With its place."""
    directory = one_side(tmp_path, Side.PYTHON)
    (directory / "breaks.toml").write_text(breaks, encoding="utf-8")
    assert message == refusal_of(directory)


@pytest.mark.parametrize("side", [Side.PYTHON, pytest.param(Side.RUST, marks=needs_cargo)])
def test_a_new_example_of_one_side_verifies(tmp_path: Path, side: Side) -> None:
    """And has a control for each of its properties."""
    spec = made(tmp_path, side)
    broken = {name for control in spec.controls for name in control.breaks}
    assert {prop.name for prop in spec.properties} == broken
    assert {side} == {control.side for control in spec.controls}
    toolchain = default_python() if side is Side.PYTHON else default_rust()
    options = Options(runs=2, schedules=2, jobs=2, state=tmp_path / "state")
    report = verify([spec], [toolchain], options, lambda _: None)
    assert [(side, Outcome.PASSED)] == [(v.side, v.outcome) for v in report.verdicts]


@needs_cargo
def test_sides_that_are_missing_are_no_verdicts(tmp_path: Path) -> None:
    """Beside examples with the other side only."""
    specs = [made(tmp_path, side) for side in Side]
    options = Options(runs=1, schedules=0, jobs=2, state=tmp_path / "state")
    report = verify(specs, [default_python(), default_rust()], options, lambda _: None)
    assert [
        ("topic/python-alone", Side.PYTHON, Outcome.PASSED),
        ("topic/rust-alone", Side.RUST, Outcome.PASSED),
    ] == [(v.example, v.side, v.outcome) for v in report.verdicts]


def test_a_python_example_needs_no_compiler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is one looked for."""
    spec = made(tmp_path / "examples", Side.PYTHON)
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.chdir(tmp_path)
    report = tmp_path / "report.json"
    arguments = ["verify", spec.name, "--runs", "1", "--schedules", "0"]
    assert ExitCode.OK == run_command_line([*arguments, "--report", f"json={report}"])
    assert '"PASSED"' in report.read_text("utf-8") or '"passed"' in report.read_text("utf-8")


def test_asking_for_the_missing_side_selects_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names the side and the example."""
    spec = made(tmp_path / "examples", Side.PYTHON)
    monkeypatch.chdir(tmp_path)
    for command in ("verify", "run", "explore", "audit"):
        code = run_command_line([command, spec.name, "--side", "rust"])
        assert ExitCode.NOTHING_SELECTED == code
        assert "no rust program in topic/python-alone" in capsys.readouterr().err


def test_an_audit_proves_an_example_of_one_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No control of the other side is missed, and what lives is asked for."""
    spec = made(tmp_path / "examples", Side.PYTHON)
    monkeypatch.chdir(tmp_path)
    figures = tmp_path / "figures.json"
    code = run_command_line(["audit", spec.name, "--schedules", "20", "--json", str(figures)])
    assert ExitCode.OK == code
    assert "python-alone" in json.dumps(json.loads(figures.read_text("utf-8")))
    assert ExitCode.OK == run_command_line(["mutate", spec.name, "--most", "2"])


def test_it_is_shown_listed_and_proposed_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As any other; nothing that compares is proposed."""
    spec = made(tmp_path / "examples", Side.PYTHON)
    monkeypatch.chdir(tmp_path)
    assert ExitCode.OK == run_command_line(["show", spec.name])
    assert ExitCode.OK == run_command_line(["list"])
    shown = capsys.readouterr().out
    assert "── Python main.py" in shown
    assert "── Rust" not in shown
    few = ["--runs", "3", "--schedules", "3"]
    assert ExitCode.OK == run_command_line(["propose", spec.name, *few])
    proposed = capsys.readouterr().out
    assert "[always." in proposed
    assert "agreement" not in proposed


def test_its_page_speaks_of_one_program(tmp_path: Path) -> None:
    """In English, and the site has no second column."""
    spec = made(tmp_path, Side.PYTHON)
    write_site(make_library(gather((spec,), tmp_path / "state")), tmp_path / "site")
    page = next((tmp_path / "site").glob("**/en/**/python-alone.html"), None) or next(
        (tmp_path / "site").glob("**/python-alone.html")
    )
    text = page.read_text("utf-8")
    assert "main.py" in text
    assert "main.rs" not in text


def test_cargo_is_told_what_has_no_crate(tmp_path: Path) -> None:
    """Its pattern of members would cover the new example, and those that are there already."""
    scaffold(tmp_path, "topic", "first", (Side.PYTHON,))
    assert not (tmp_path / "Cargo.toml").exists()
    scaffold(tmp_path, "topic", "second")
    manifest = (tmp_path / "Cargo.toml").read_text("utf-8")
    assert 'exclude = [\n    "topic/first",\n]' in manifest
    scaffold(tmp_path, "topic", "third", (Side.PYTHON,))
    assert '    "topic/first",\n    "topic/third",\n' in (tmp_path / "Cargo.toml").read_text(
        "utf-8"
    )
