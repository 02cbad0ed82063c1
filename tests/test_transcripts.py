"""The source chapter's printed transcripts: legal ones are accepted, illegal ones are refused."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.cli import run_command_line
from harness.commands.check import _judge
from harness.judging.diagnostics import read_diagnostics, source_shown
from harness.language.spec import load_spec
from harness.values.errors import ExitCode
from harness.values.finding import Finding, Mark
from harness.values.program import Side
from harness.values.report import Outcome
from harness.values.toolchain import Place

ROOT = Path(__file__).parents[1]
TRANSCRIPTS = Path(__file__).parent / "transcripts"

LEGAL = (
    ("spawn", "python"),
    ("spawn", "rust"),
    ("daemon", "python"),
    ("main-ends-first", "rust"),
    ("join", "python"),
    ("join", "rust"),
    ("two-writers", "rust"),
)


def transcript(name: str, side: str) -> Path:
    """The file of what the chapter prints."""
    return TRANSCRIPTS / f"{name}-{side}.txt"


def findings_in(name: str, side: str, file: Path) -> tuple[Finding, ...]:
    """What is found in a transcript of the main program of one example of the corpus."""
    (directory,) = (ROOT / "examples").glob(f"*/{name}")
    spec = load_spec(directory)
    program = spec.program(Side(side), "main")
    assert program is not None
    verdict = _judge(spec, program, file)
    assert (Outcome.FAILED if verdict.findings else Outcome.PASSED) is verdict.outcome
    return verdict.findings


@pytest.mark.parametrize(("name", "side"), LEGAL)
def test_a_legal_transcript_of_the_chapter_is_accepted(name: str, side: str) -> None:
    """What the chapter prints, and its programs can print, has no finding."""
    assert () == findings_in(name, side, transcript(name, side))


def test_the_timing_that_its_program_cannot_print_is_refused() -> None:
    """The recorded GIL timing names the lines that are no event, and where they differ."""
    findings = findings_in("contention", "python", transcript("contention", "python"))
    unknown = next(finding for finding in findings if finding.property == "known-lines")
    assert (Mark(line=1, note="no event"), Mark(line=2, note="no event")) == unknown.violation.marks
    assert (
        'nearest: sequential = "sequential: {one:d} + {two:d} primes below {limit:d}, '
        '{seconds:f} s"; differs at column 1: '
        'expected "sequential: ", found "Elapsed time(sequential)…"'
    ) == unknown.nearest


def swapped(text: str, one: str, other: str) -> str:
    """The text with two of its lines in each other's place."""
    return text.replace(one, "\0").replace(other, one).replace("\0", other)


def without(text: str, line: str) -> str:
    """The text without one of its lines."""
    return text.replace(f"{line}\n", "")


WORKER, MAIN = "Hello, can you hear me?:", "Hello from the main thread:"

ILLEGAL: dict[str, tuple[str, str, Callable[[str], str], list[tuple[str, str]]]] = {
    "a thread's own lines change places": (
        "spawn",
        "python",
        lambda text: swapped(text, f"{WORKER} 3", f"{WORKER} 4"),
        [("worker-finishes", "worker.i is 4 where it cannot be")],
    ),
    "a line comes twice": (
        "spawn",
        "rust",
        lambda text: text.replace(f"{MAIN} 4", f"{MAIN} 3"),
        [("main-finishes", "main.i is 3 where it cannot be")],
    ),
    "the thread's lines have a gap": (
        "daemon",
        "python",
        lambda text: without(text, f"{WORKER} 2"),
        [("daemon-gets-a-prefix", "worker.i is 3 where it cannot be")],
    ),
    "main does not get to its end": (
        "main-ends-first",
        "rust",
        lambda text: without(text, f"{MAIN} 4"),
        [("main-finishes", "main.i stops short")],
    ),
    "main goes on before join has returned": (
        "join",
        "rust",
        lambda text: swapped(text, f"{WORKER} 9", f"{MAIN} 0"),
        [("join-comes-first", "main comes before worker")],
    ),
    "the error stands at the first closure": (
        "two-writers",
        "rust",
        lambda text: text.replace("src/main.rs:9:17", "src/main.rs:6:17"),
        [("rust-refuses-the-second-writer", "the compiler gives another error")],
    ),
    "the error has another code": (
        "two-writers",
        "rust",
        lambda text: text.replace("E0499", "E0502"),
        [("rust-refuses-the-second-writer", "the compiler gives another error")],
    ),
    "the compiler says nothing": (
        "two-writers",
        "rust",
        lambda text: text[:0],
        [
            (
                "rust-refuses-the-second-writer",
                "the compiler does not give every error that is expected",
            )
        ],
    ),
}


@pytest.mark.parametrize("variant", ILLEGAL)
def test_an_illegal_variant_is_refused(variant: str, tmp_path: Path) -> None:
    """A legal transcript with one illegal change has the finding that the change makes."""
    name, side, change, expected = ILLEGAL[variant]
    text = transcript(name, side).read_text()
    changed = change(text)
    assert text != changed
    file = tmp_path / "changed.txt"
    file.write_text(changed)
    findings = findings_in(name, side, file)
    assert expected == [(f.property, f.violation.message) for f in findings]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "some-output"),
        (b"Hello from the main thread: 0", "whole-lines"),
        (b"\x1b[2J\xff\n", "known-lines"),
    ],
)
def test_the_closed_world_holds_of_transcripts_too(data: bytes, rule: str, tmp_path: Path) -> None:
    """An empty file, an open last line and a line of rubbish are findings in a transcript."""
    file = tmp_path / "recorded.txt"
    file.write_bytes(data)
    names = [finding.property for finding in findings_in("spawn", "python", file)]
    assert rule in names


def test_a_torn_line_is_mended_in_a_transcript(tmp_path: Path) -> None:
    """Two lines that Python printed into one another are accepted as the two that they are."""
    text = transcript("spawn", "python").read_text()
    torn = text.replace(f"{MAIN} 0\n{MAIN} 1\n", f"{MAIN} 0{MAIN} 1\n\n")
    file = tmp_path / "torn.txt"
    file.write_text(torn)
    assert () == findings_in("spawn", "python", file)


def test_a_finding_after_a_torn_line_shows_the_lines_as_they_were_meant(tmp_path: Path) -> None:
    """Numbers and texts of an excerpt are those of the mended lines."""
    file = tmp_path / "torn.txt"
    file.write_text(f"{WORKER} 0{MAIN} 0\n\n{WORKER} 2\n")
    finding = findings_in("daemon", "python", file)[0]
    shown = [(line.number, line.text) for line in finding.excerpt.lines]
    assert [(1, f"{WORKER} 0"), (2, f"{MAIN} 0"), (3, f"{WORKER} 2")] == shown[:3]


def test_enormous_lines_are_not_kept(tmp_path: Path) -> None:
    """Of forty lines of a million characters each, a few are in memory at any time."""
    file = tmp_path / "long.txt"
    with file.open("w") as out:
        out.writelines("x" * 1_000_000 + "\n" for _ in range(40))
    tracemalloc.start()
    try:
        findings = findings_in("daemon", "python", file)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert {"main-finishes", "known-lines"} == {finding.property for finding in findings}
    assert peak < 20_000_000


def test_many_lines_are_judged_in_constant_memory(tmp_path: Path) -> None:
    """A million characters in short lines are never all held as lines at once."""
    file = tmp_path / "many.txt"
    file.write_text(f"{MAIN} 7\n" * 100_000)
    tracemalloc.start()
    try:
        findings_in("daemon", "python", file)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000


def test_check_says_what_it_has_accepted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An accepted transcript is told in one line, and the code is 0."""
    monkeypatch.chdir(ROOT)
    file = "tests/transcripts/join-rust.txt"
    code = run_command_line(["check", "join", "--side", "rust", file, "--no-color"])
    assert (ExitCode.OK, f"accepted {file} as a run of life-cycle/join (rust)\n") == (
        code,
        capsys.readouterr().out,
    )


def test_check_says_what_a_transcript_does_not_show(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Some-run properties without a case, and those that no transcript can tell, are named."""
    monkeypatch.chdir(ROOT)
    file = tmp_path / "alone.txt"
    lines = [f"{MAIN} {i}" for i in range(5)] + [f"{WORKER} {i}" for i in range(10)]
    file.write_text("\n".join(lines) + "\n")
    code = run_command_line(["check", "spawn", "--side", "python", str(file), "--no-color"])
    assert ExitCode.OK == code
    assert [
        f"accepted {file} as a run of life-cycle/spawn (python)",
        "it shows no case of they-run-side-by-side: that takes some other run",
    ] == capsys.readouterr().out.replace("\n    ", " ").splitlines()  # what was folded


def test_what_depends_on_the_machine_is_not_judged(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A transcript does not say what the process cost, nor which interpreter printed it."""
    monkeypatch.chdir(ROOT)
    file = tmp_path / "timing.txt"
    file.write_text(
        "sequential: 1757 + 1780 primes below 33000, 0.500 s\n"
        "threaded: 1757 + 1780 primes below 33000, 0.510 s\n"
    )
    code = run_command_line(["check", "contention", "--side", "python", str(file), "--no-color"])
    assert ExitCode.OK == code
    assert (
        "it does not show gil-allows-one-core: a transcript does not say where it was made"
        in capsys.readouterr().out.replace("\n    ", " ").splitlines()  # what was folded
    )


def test_check_refuses_with_exit_code_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused transcript is explained, and the code is 1."""
    monkeypatch.chdir(ROOT)
    file = "tests/transcripts/contention-python.txt"
    code = run_command_line(["check", "contention", "--side", "python", file, "--no-color"])
    assert ExitCode.FAILED == code
    assert "FAILED gil/contention · python · recorded" == capsys.readouterr().out.splitlines()[0]


def test_check_names_the_programs_there_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that an example does not have is bad usage."""
    monkeypatch.chdir(ROOT)
    words = ["check", "join", "--side", "rust", "--program", "mended", __file__]
    code = run_command_line(words)
    message = 'harness: life-cycle/join has no rust program "mended"; it has main\n'
    assert (ExitCode.USAGE, message) == (code, capsys.readouterr().err)


def test_the_compiler_s_text_gives_code_message_and_place() -> None:
    """The headline, the code and the place of the primary span are read off rendered text."""
    (error,) = read_diagnostics(transcript("two-writers", "rust").read_text())
    assert "E0499" == error.code
    assert "cannot borrow `numbers` as mutable more than once at a time" == error.message
    place = Place(file="src/main.rs", line=9, column=17, text="           s.spawn(|| {")
    assert place == error.place


def test_the_source_is_put_together_from_what_the_compiler_quotes() -> None:
    """Each quoted line stands at its number, without the drawing beside it."""
    shown = source_shown(transcript("two-writers", "rust").read_text()).split("\n")
    assert 10 == len(shown)
    assert ["", "            numbers.push(1);"] == [shown[0], shown[6]]
