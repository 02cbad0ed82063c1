"""Whatever the user wrote or the system refuses is told in a line, and is no fault of ours."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from harness.language.spec import load_spec
from harness.machine.cargo.isolation import apart
from harness.machine.cargo.manifests import movable_manifest, needs_registry, read_crate
from harness.machine.cargo.messages import read_messages
from harness.record.schema import FILE_NAME
from harness.schedules.names import MOST_CHARACTERS, parse_schedule
from harness.values.errors import BuildImpossible, ExitCode, UsageError
from tests.hostile.trials import SPEC, command, verify, verify_program, write_example

HARNESS = f"{sys.executable} -m harness"
ROOT = Path(__file__).parents[2]


# --- manifests, and what the compiler prints -------------------------------------------

PACKAGE = '[package]\nname = "x"\nversion = "0.1.0"\n'


@pytest.mark.parametrize(
    "manifest",
    [
        'dependencies = "serde"\n' + PACKAGE,
        "package = 5\n",
        "target = 3\n" + PACKAGE,
        'bin = "x"\n' + PACKAGE,
        'lib = [1]\ndev-dependencies = [["x"]]\n' + PACKAGE,
        PACKAGE + 'rust-version = ["1.70"]\n',
        PACKAGE + "rust-version.workspace = true\n",
        PACKAGE + "[dependencies]\nx = { path = 5 }\ny = { workspace = true, features = 3 }\n",
        PACKAGE + "[target]\nx = 1\ny = { dependencies = 7 }\n",
    ],
)
@pytest.mark.parametrize("root", ["workspace = 3\n", "[workspace]\npackage = 1\n", "[workspace]\n"])
def test_a_slip_in_a_manifest_is_cargo_s_to_tell(tmp_path: Path, manifest: str, root: str) -> None:
    """Nothing of it is an exception of another kind than ours."""
    directory = write_example(tmp_path, "print('said 1')\n")
    (directory / "src").mkdir()
    (directory / "src" / "main.rs").write_text("fn main() {}\n", encoding="utf-8")
    (directory / "Cargo.toml").write_text(manifest, encoding="utf-8")
    (tmp_path / "Cargo.toml").write_text(root, encoding="utf-8")
    (tmp_path / "Cargo.lock").write_text("package = [1]\n", encoding="utf-8")
    movable_manifest(directory)
    try:
        crate = read_crate(load_spec(directory))
    except BuildImpossible:
        return
    assert crate is not None
    needs_registry(tmp_path, (crate,))
    apart(tmp_path, (crate,), tmp_path / "place")


@pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")
def test_a_bad_workspace_stops_no_other(tmp_path: Path) -> None:
    """One with a manifest that is none, one with a macro that prints messages of its own."""
    corpus = tmp_path / "corpus"
    for name in ("sound", "bad"):
        shutil.move(write_example(corpus, "print('said 1')\n"), corpus / "topic" / name)
        (corpus / "topic" / name / "src").mkdir()
        (corpus / "topic" / name / "Cargo.toml").write_text(
            PACKAGE.replace('"x"', f'"{name}"') + "[workspace]\n", encoding="utf-8"
        )
        main = 'fn main() {\n    println!("said 1");\n}\n'
        (corpus / "topic" / name / "src" / "main.rs").write_text(main, encoding="utf-8")
    bad = corpus / "topic" / "bad" / "Cargo.toml"
    bad.write_text(f'dependencies = "serde"\n{bad.read_text()}', encoding="utf-8")
    script = 'fn main() {\n    println!("{{\\"reason\\": \\"compiler-artifact\\"}}");\n}\n'
    (corpus / "topic" / "sound" / "build.rs").write_text(script, encoding="utf-8")
    told = verify(corpus, "--side", "rust", runs=1, schedules=0)
    assert told.is_clean, told.text
    assert [("topic/bad", "ERRORED"), ("topic/sound", "PASSED")] == sorted(
        (verdict["example"], verdict["outcome"]) for verdict in told.verdicts
    )
    assert "serde" in told.out


@pytest.mark.parametrize(
    "line",
    [
        b'{"reason": "compiler-artifact"}',
        b'{"reason": "compiler-message"}',
        b'{"reason": "compiler-message", "message": 3}',
        b'{"reason": "compiler-artifact", "target": [], "fresh": true}',
        b'{"reason": ["compiler-artifact"]}',
        b"{" * 100_000,
        b'{"a":' * 50_000,
    ],
)
def test_what_has_but_the_name_of_a_message_is_passed_over(line: bytes) -> None:
    """The message beside it is read."""
    log = read_messages(line + b'\n{"reason": "build-finished"}\n', Path("/"))
    assert ((), (), True) == (log.artifacts, log.errors, log.has_begun)


# --- words and options ----------------------------------------------------------------


@pytest.mark.parametrize("words", [["list", "x" * 5000], ["show", "*" * 3000], ["check", "a\0b"]])
def test_a_word_that_no_system_takes_is_told(words: list[str]) -> None:
    """As a name that there is not."""
    told = command(*words)
    assert told.is_clean
    assert told.code in {ExitCode.USAGE, ExitCode.NOTHING_SELECTED}


def test_what_is_no_number_is_no_timeout(tmp_path: Path) -> None:
    """It would be no limit."""
    told = verify_program(tmp_path, "print('said 1')\n", "--timeout", "nan")
    assert ExitCode.USAGE == told.code


@pytest.mark.parametrize(
    "name",
    [
        "switch:" + "9" * 5000 + ">1",
        "switch:" + ",".join(f"{n}>1" for n in range(MOST_CHARACTERS)),
        "random:1\n",
        "random:\u0661",
    ],
)
def test_a_schedule_of_huge_numbers_is_none(name: str) -> None:
    """Neither the numbers nor their row may be longer than a program can be told."""
    with pytest.raises(UsageError):
        parse_schedule(name)


@pytest.mark.parametrize(
    ("streams", "code"),
    [
        (">&-", 0),
        ("2>&- >&-", 0),
        ("<&- >&- 2>&-", 0),
        pytest.param(
            ">/dev/full",
            ExitCode.USAGE,
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it"),
        ),
    ],
)
def test_a_stdout_that_takes_nothing_is_no_fault(streams: str, code: int) -> None:
    """A closed one is read by nobody; a full one is told of."""
    done = subprocess.run(
        f"{HARNESS} list --corpus tests/fixtures/passing {streams}",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert code == done.returncode
    assert done.stderr == ("harness: no space left on device\n" if code else "")


# --- texts ------------------------------------------------------------------------------


def test_no_control_character_of_an_example_reaches_the_terminal(tmp_path: Path) -> None:
    """Neither by ``show`` and ``list`` nor by a complaint."""
    spec = SPEC.replace('"Hostile"', '"Hostile \\u001b[2J"').replace(
        "it says so once", "it \\u009b1m says so \\u202e"
    )
    directory = write_example(tmp_path / "corpus", "# \x1b[2J\nprint('said 1')\n", spec)
    for words in (["show", "hostile"], ["list"]):
        told = command(*words, "--corpus", tmp_path / "corpus")
        assert ExitCode.OK == told.code, told.text
        assert not set("\x1b\x9b\u202e") & set(told.text)
    (directory / "example.toml").write_text(f'{spec}"a\\u001b[2J" = 1\n', encoding="utf-8")
    for words in (["show", "hostile"], ["list"], ["verify"]):
        told = command(*words, "--corpus", tmp_path / "corpus")
        assert told.is_clean
        assert not set("\x1b\x9b\u202e") & set(told.text)
    assert "\x1b" not in command("list", "a\x1b[2J", "--corpus", tmp_path / "corpus").text


def test_a_program_in_another_encoding_is_told(tmp_path: Path) -> None:
    """Readers see its text: it has to be UTF-8, whatever it says itself."""
    directory = write_example(tmp_path / "corpus", "")
    program = "# -*- coding: latin-1 -*-\n# \xe9\nprint('said 1')\n"
    (directory / "main.py").write_bytes(program.encode("latin-1"))
    told = verify(tmp_path / "corpus", schedules=1, runs=1)
    assert (ExitCode.USAGE, ["ERRORED"]) == (told.code, told.outcomes), told.text
    assert '"main.py" is not UTF-8' in told.err
    assert ExitCode.USAGE == command("show", "hostile", "--corpus", tmp_path / "corpus").code


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux alone")
def test_a_name_that_is_no_utf_8_is_told(tmp_path: Path) -> None:
    """In every form of report."""
    directory = write_example(tmp_path / "corpus", "print('said 1')\n")
    directory.rename(directory.with_name("h\udcff"))
    forms = [f"--report={form}={tmp_path / form}" for form in ("junit", "markdown")]
    told = verify(tmp_path / "corpus", *forms, schedules=0, runs=1)
    assert (ExitCode.USAGE, ["ERRORED"]) == (told.code, told.outcomes), told.text
    assert "rename the directory" in told.err


# --- the state directory ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "controlled", "evidence.sqlite3", "evidence.sqlite3.lock"])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    """A file stands where a directory is to be, or the other way round."""
    write_example(tmp_path / "corpus", "print('said 1')\n")
    place = tmp_path / "state" / name
    if "sqlite" in name:
        place.mkdir(parents=True)
    else:
        place.parent.mkdir(exist_ok=True)
        (place if name else tmp_path / "state-file").write_text("x", encoding="utf-8")
    state = tmp_path / ("state" if name else "state-file")
    told = command(
        *("verify", "--corpus", tmp_path / "corpus", "--state-dir", state),
        *("--runs", "1", "--schedules", "1"),
    )
    assert told.is_clean, told.text
    if name.startswith("evidence"):
        assert "no evidence is kept" in told.text or "kept as" in told.text


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus, and beside it the record of some runs of it."""
    place = tmp_path_factory.mktemp("recorded")
    write_example(place / "corpus", "print('said 1')\n")
    command(
        *("verify", "--corpus", place / "corpus", "--state-dir", place / "state"),
        *("--runs", "2", "--schedules", "0"),
    )
    return place


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("subject.side", "'both'"),
        ("subject.version", "X'00ff'"),
        ("tally.violations", "-1"),
        ("tally.violations", "99"),
        ("tally.first", "'yesterday'"),
        ("tally.runs", "9223372036854775807"),
        ("seen.signature", "-1"),
        ("seen.runs", "'many'"),
        ("noted.text", "X'ff'"),
        ("run.ending", "'[]'"),
        ("run.ending", '\'["Exited", "x"]\''),
        ("run.broke", "'5'"),
        ("run.outcomes", "'[1]'"),
        ("run.seconds", "X'00'"),
        ("run.recording", "X'00ff'"),
        ("run.schedule", "'nonsense'"),
    ],
)
def test_a_damaged_row_is_told(recorded: Path, tmp_path: Path, column: str, value: str) -> None:
    """With what to do; a verification goes on, and records what it can."""
    state = tmp_path / "state"
    shutil.copytree(recorded / "state", state)
    table, name = column.split(".")
    with sqlite3.connect(state / FILE_NAME) as connection:
        connection.execute(f"UPDATE {table} SET {name} = {value}")
    connection.close()
    where = ("--corpus", recorded / "corpus", "--state-dir", state)
    for words in (["evidence"], ["evidence", "hostile"], ["rejudge"]):
        told = command(*words, *where)
        assert told.is_clean, told.text
        assert told.code in {ExitCode.OK, ExitCode.FAILED, ExitCode.USAGE}
