"""Programs that need packages: pinned, installed once, skipped where they cannot be had."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from harness.authoring.locking import Lock, changes
from harness.cli import run_command_line
from harness.language.spec import load_spec
from harness.language.spec.packages import unpinned
from harness.values.errors import ExitCode, SpecError

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
title    = "A package"
summary  = "It says what it is."
requires = ["tiny @ {wheel}"]

[events]
said = "tiny is {{size:d}}"

[always.it-is-small]
why    = "the package says so"
values = {{ of = "said.size", are = [1] }}
"""
PROGRAM = "import tiny\n\nprint('tiny is', tiny.SIZE)\n"


def write_wheel(place: Path, version: str = "1.0") -> Path:
    """A package of one module, as an installer takes it."""
    wheel, info = place / f"tiny-{version}-py3-none-any.whl", f"tiny-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "SIZE = 1\n")
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return wheel


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of one example that needs the package, which nothing pins yet."""
    example = tmp_path / "corpus" / "t" / "small"
    example.mkdir(parents=True)
    (example / "main.py").write_text(PROGRAM)
    (example / "example.toml").write_text(SPEC.format(wheel=write_wheel(tmp_path).as_uri()))
    return tmp_path / "corpus"


def call(corpus: Path, *arguments: str) -> int:
    """Run a command on the corpus, its state beside it."""
    state = ("--state-dir", str(corpus.parent / "state"))
    return run_command_line([*arguments, "--corpus", str(corpus), *state])


def test_a_package_is_pinned_and_installed_once(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Unpinned it is the example's fault; then it runs, plainly and under control."""
    verify = ("verify", "--runs", "2", "--schedules", "2")
    assert call(corpus, *verify) == ExitCode.FAILED
    assert 'requirements.lock does not pin tiny: run "harness lock"' in capsys.readouterr().out
    assert call(corpus, "lock") == ExitCode.OK
    assert "nothing → tiny==1.0" in capsys.readouterr().out
    assert (corpus / "requirements.lock").read_text().splitlines()[1:] == ["tiny==1.0"]
    assert call(corpus, *verify) == ExitCode.OK
    environments = sorted((corpus.parent / "state" / "python").glob("*/requires.txt"))
    made = [path.stat().st_mtime_ns for path in environments]
    assert call(corpus, *verify) == ExitCode.OK
    assert "PASSED" in capsys.readouterr().out
    assert made == [path.stat().st_mtime_ns for path in environments]


BREAKS = """\
["it is larger"]
breaks = ["it-is-small"]
python = { replace = "tiny.SIZE)", with = "tiny.SIZE + 1)" }
"""


@pytest.mark.parametrize(
    "command", [("audit", "--runs", "2", "--schedules", "2"), ("break", "small")]
)
def test_what_is_broken_has_its_packages_too(
    corpus: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    """A variant runs where the program does that it is made of."""
    (corpus / "t" / "small" / "breaks.toml").write_text(BREAKS)
    call(corpus, "lock")
    assert call(corpus, *command) == ExitCode.OK
    assert "ModuleNotFoundError" not in capsys.readouterr().out


def test_a_package_that_cannot_be_had_skips_its_example(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what the installer said; nothing is reported as passed."""
    (corpus / "requirements.lock").write_text("tiny==1.0\n")
    (corpus.parent / "tiny-1.0-py3-none-any.whl").unlink()
    assert call(corpus, "verify", "--runs", "1") != ExitCode.FAILED
    printed = capsys.readouterr().out
    assert "SKIPPED" in printed
    assert "PASSED" not in printed
    assert "which cannot be had" in " ".join(printed.split())
    assert not list((corpus.parent / "state" / "python").glob("*/requires.txt"))


def test_an_environment_that_is_named_is_meant(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it lacks is told in a line with what to do; what it has is used, no lock is asked."""
    venv = corpus.parent / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    python = str(venv / "bin" / "python")
    verify = ("verify", "--runs", "1", "--schedules", "1", "--python", python)
    assert call(corpus, *verify) == ExitCode.FAILED
    printed = " ".join(capsys.readouterr().out.split())
    assert "main.py:1: ModuleNotFoundError: No module named 'tiny'; say in example.toml" in printed
    assert "Traceback" not in printed
    (library,) = venv.glob("lib/python*/site-packages")
    (library / "tiny.py").write_text("SIZE = 1\n")
    assert call(corpus, *verify) == ExitCode.OK


def test_a_module_of_a_newer_library_is_told_as_that(
    corpus: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then no package is missing: the example asks for too old a Python."""
    (corpus / "t" / "small" / "main.py").write_text("import tiny_of_the_library\n")
    text = (corpus / "t" / "small" / "example.toml").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("requires")]
    (corpus / "t" / "small" / "example.toml").write_text("\n".join(lines))
    names = sys.stdlib_module_names | {"tiny_of_the_library"}
    monkeypatch.setattr(sys, "stdlib_module_names", names)
    assert call(corpus, "verify", "--runs", "1") == ExitCode.FAILED
    said = " ".join(capsys.readouterr().out.split())
    assert 'this Python has no such module; say python = ">=3.N"' in said


def test_what_is_imported_later_is_left_to_the_program(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may catch that, or make the module itself: only the beginning is looked at."""
    (corpus / "t" / "small" / "main.py").write_text(
        "try:\n    import tinier as tiny\nexcept ImportError:\n    SIZE = 1\n"
        "print('tiny is', SIZE)\n"
    )
    text = (corpus / "t" / "small" / "example.toml").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("requires")]
    (corpus / "t" / "small" / "example.toml").write_text("\n".join(lines))
    assert call(corpus, "verify", "--runs", "1", "--schedules", "1") == ExitCode.OK
    assert "PASSED" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lock", "requires", "message"),
    [
        ("tiny==1.0\n", "tiny ==", 'expected packages such as "trio" or "trio>=0.27"'),
        ("tiny>=1.0\n", "tiny", 'requirements.lock:1: expected a pin such as "trio==0.27.0"'),
        ("# ours\n\n-r x\n", "tiny", 'requirements.lock:3: expected a pin such as "trio==0.27.0"'),
    ],
)
def test_what_pins_nothing_is_refused(corpus: Path, lock: str, requires: str, message: str) -> None:
    """By place, what was expected, and what was found."""
    example = corpus / "t" / "small"
    text = (example / "example.toml").read_text()
    (example / "example.toml").write_text(text.replace(text.split('"')[5], requires))
    (corpus / "requirements.lock").write_text(lock)
    with pytest.raises(SpecError, match=message.replace(".", r"\.").replace("(", r"\(")):
        load_spec(example)


def test_a_pin_is_found_by_any_spelling(corpus: Path) -> None:
    """Names of packages are compared as installers compare them; other pins go to the digest."""
    before = load_spec(corpus / "t" / "small")
    (corpus / "requirements.lock").write_text("TINY==1.0\n")
    after = load_spec(corpus / "t" / "small")
    assert (["tiny"], []) == (list(unpinned(before.packages)), list(unpinned(after.packages)))
    assert before.digest != after.digest


def test_pins_differ_by_python_only_where_they_must() -> None:
    """What is the same everywhere is said once; a Python that is locked anew loses its old pins."""
    lock = Lock()
    lock.add("3.9", {"trio": "0.27.0", "attrs": "25.1"})
    lock.add("3.13", {"trio": "0.35.0", "attrs": "25.1"})
    assert list(lock.lines()) == [
        "attrs==25.1",
        'trio==0.27.0; python_version == "3.9"',
        'trio==0.35.0; python_version == "3.13"',
    ]
    before = tuple(lock.lines())
    lock.add("3.9", {"trio": "0.35.0"})
    assert list(lock.lines()) == ["attrs==25.1", "trio==0.35.0"]
    assert list(changes(before, lock.lines())) == [
        "nothing → trio==0.35.0",
        'trio==0.35.0; python_version == "3.13" → nothing',
        'trio==0.27.0; python_version == "3.9" → nothing',
    ]
