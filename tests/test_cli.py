"""The command line in this process: commands, options, selections, messages and exit codes."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.bench import making
from harness.cli import COMMANDS, run_command_line
from harness.commands import list as list_command
from harness.judging import judge
from harness.judging.claims import Claims
from harness.judging.judge import Judgement, judge_run
from harness.judging.tally import Tally
from harness.judging.verdict import AcrossFindings, judge_across
from harness.language.declarations import Spec
from harness.language.properties.registry import FAMILIES
from harness.values.errors import ExitCode
from harness.values.program import Side
from harness.values.run import Run

ROOT = Path(__file__).parents[1]
FAILING = "tests/fixtures/failing"
PASSING = "tests/fixtures/passing"
QUICK = ("--runs", "2", "--schedules", "0", "--state-dir", ".harness/fixtures", "--no-color")


@dataclass(frozen=True, slots=True)
class Said:
    """What one call of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def verdicts(self) -> list[tuple[str, str, str]]:
        """Outcome, example and side, sorted, of the lines that tell verdicts."""
        return sorted(re.findall(r"^([A-Z_]+) +(\S+/\S+) +(python|rust) ", self.out, re.MULTILINE))


Call = Callable[..., Said]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call the command line with some words, in the project's directory."""
    monkeypatch.chdir(ROOT)

    def call_it(*words: str) -> Said:
        code = run_command_line(list(words))
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return call_it


# --- help, and bad usage --------------------------------------------------------


@pytest.mark.parametrize("words", [("--help",), ("-h",), ("verify", "--help"), ("--version",)])
def test_help_and_version_are_well(call: Call, words: tuple[str, ...]) -> None:
    """Help and version go to stdout with code 0."""
    said = call(*words)
    assert (ExitCode.OK, "") == (said.code, said.err)
    assert "harness" in said.out


def test_every_command_has_its_help(call: Call) -> None:
    """Each command of the list can be loaded and says how it is used."""
    for name in COMMANDS:
        said = call(name, "--help")
        assert (ExitCode.OK, True) == (said.code, said.out.startswith(f"Usage: harness {name}"))


@pytest.mark.parametrize(
    "words",
    [
        ("verifi",),
        ("verify", "--runs", "0"),
        ("verify", "--runs", "many"),
        ("verify", "--jobs", "0"),
        ("verify", "--timeout", "0"),
        ("verify", "--side", "cobol"),
        ("verify", "--corpus", "no/such/place"),
        ("verify", "--state-dir", "README.md"),
        ("check", "join", "--side", "rust", "no-such-file"),
        ("check", "join", "README.md"),
        ("show",),
    ],
)
def test_bad_usage_is_told_without_a_traceback(call: Call, words: tuple[str, ...]) -> None:
    """What the command line cannot take is told on stderr, with code 2."""
    said = call(*words)
    assert (ExitCode.USAGE, "", False) == (said.code, said.out, "Traceback" in said.err)
    assert "Error: " in said.err


# --- selection ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "examples"),
    [
        (("three-steps",), ["three-steps"]),
        (("basics/three-steps",), ["three-steps"]),
        (("basics",), ["deadlock", "three-steps"]),
        (("three-*",), ["three-steps"]),
        (("*/dead*", "three-steps"), ["deadlock", "three-steps"]),
        ((), ["deadlock", "three-steps"]),
    ],
)
def test_a_selection_is_a_name_a_topic_or_a_glob(
    call: Call, words: tuple[str, ...], examples: list[str]
) -> None:
    """Examples are selected by name, topic/name, topic or a glob of these."""
    said = call("list", "--corpus", PASSING, *words)
    assert examples == re.findall(r"^  (\S+)", said.out, re.MULTILINE)


def test_a_directory_among_the_words_is_the_corpus(call: Call) -> None:
    """A path of a corpus, of a topic or of one example selects what lies below it."""
    paths = (PASSING, f"{PASSING}/basics", f"{PASSING}/basics/three-steps/")
    counts = [call("list", path).out.count("\n  ") for path in paths]
    assert [2, 2, 1] == counts


@pytest.mark.parametrize("command", ["verify", "list", "show", "run"])
def test_nothing_selected_is_told_with_the_nearest_name(call: Call, command: str) -> None:
    """A name that means no example gives code 4 and the nearest one there is."""
    said = call(command, "three-step", "--corpus", PASSING)
    assert (ExitCode.NOTHING_SELECTED, "") == (said.code, said.out)
    assert said.err.startswith('harness: no example is called "three-step"')
    assert "three-steps" in said.err


def test_an_empty_corpus_selects_nothing(call: Call, tmp_path: Path) -> None:
    """A directory without examples gives code 4."""
    said = call("verify", "--corpus", str(tmp_path))
    message = (
        "harness: no examples here: expected <topic>/<name>/example.toml; "
        '"harness new TOPIC/NAME" writes one\n'
    )
    assert (ExitCode.NOTHING_SELECTED, message) == (said.code, said.err)


def test_a_topic_is_not_one_example(call: Call) -> None:
    """Where one example is asked for, a word that means several is bad usage, and lists them."""
    said = call("show", "basics", "--corpus", PASSING)
    message = 'harness: "basics" means 2 examples: basics/deadlock, basics/three-steps; name one\n'
    assert (ExitCode.USAGE, message) == (said.code, said.err)


def test_a_corpus_that_is_not_there_is_told(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from the corpus, the message says where to go."""
    monkeypatch.chdir("/")
    said = call("list")
    assert (ExitCode.USAGE, 1) == (said.code, said.err.count("\n"))
    assert said.err.startswith("harness: examples: expected a directory of examples, found none")


def test_a_bad_spec_is_usage_if_nothing_else_is_meant(call: Call, tmp_path: Path) -> None:
    """A spec that cannot be taken is told with file and line, and nothing is run."""
    example = tmp_path / "topic" / "name"
    example.mkdir(parents=True)
    (example / "example.toml").write_text('title = "No end\n')
    said = call("verify", str(tmp_path))
    assert ExitCode.USAGE == said.code
    assert said.err.startswith(f"harness: {example}/example.toml:1: no valid TOML: ")
    assert " 0 runs " in said.out


# --- list, show, explain, run, doctor -------------------------------------------


def test_list_tells_topics_titles_and_counts(call: Call) -> None:
    """The list has a heading for each topic and a line for each example."""
    said = call("list", PASSING)
    assert [
        "basics",
        "  deadlock     A deadlock       1 property",
        "  three-steps  Three steps    2 properties",
    ] == said.out.splitlines()


def test_show_has_both_programs_and_what_is_true(call: Call) -> None:
    """An example is shown with both sources, and each property with its reason."""
    said = call("show", "three-steps", "--corpus", PASSING, "--no-color")
    expected = [
        "Three steps  basics/three-steps",
        "── Python main.py",
        '    print(f"step {i}")',
        "── Rust src/main.rs",
        '        println!("step {i}");',
        "What is true",
        "  in-turn",
        "    the steps come in turn",
    ]
    assert (ExitCode.OK, []) == (said.code, [e for e in expected if e not in said.out.split("\n")])


def test_show_says_which_program_is_refused(call: Call) -> None:
    """A program that the compiler is to refuse is shown as such."""
    said = call("show", "other-code", "--corpus", FAILING, "--no-color")
    assert "── Rust src/main.rs  (the compiler refuses it)" in said.out.splitlines()


def test_explain_lists_the_families(call: Call) -> None:
    """Without a name, all families are listed with what they say."""
    said = call("explain")
    names = [line.split()[0] for line in said.out.splitlines()]
    assert (ExitCode.OK, True) == (said.code, {"count", "order", "hang"} <= set(names))


def test_explain_tells_one_family(call: Call) -> None:
    """A family is explained with a transcript that passes and one that fails."""
    said = call("explain", "order")
    assert ExitCode.OK == said.code
    assert "  chain  list of selectors\n" in said.out
    assert "\n    worker 0\n" in said.out


@pytest.mark.parametrize("family", FAMILIES)
def test_explain_renders_for_a_terminal(call: Call, family: str) -> None:
    """No mark of Markdown is left outside of the samples, and no line is too long."""
    prose = [line for line in call("explain", family).out.splitlines() if line[:4].strip()]
    assert [] == [line for line in prose if "|" in line or "`" in line or line.startswith("#")]
    assert [] == [line for line in prose if len(line) > 80]


def test_explain_names_the_nearest_family(call: Call) -> None:
    """A family that there is not is bad usage."""
    said = call("explain", "ordre")
    assert ExitCode.USAGE == said.code
    assert said.err.startswith('harness: there is no family "ordre" (did you mean "order"?)')


def test_run_shows_what_the_program_prints_and_the_verdict(call: Call) -> None:
    """One run of one side is shown, then judged."""
    said = call("run", "three-steps", "--corpus", PASSING, "--side", "python", *QUICK[4:])
    printed = [line.partition("●")[2].split(maxsplit=1)[1:] for line in said.out.splitlines()[1:4]]
    assert (ExitCode.OK, [["step 1"], ["step 2"], ["step 3"]]) == (said.code, printed)
    assert [("PASSED", "basics/three-steps", "python")] == said.verdicts


def test_run_fails_where_the_run_does(call: Call) -> None:
    """A run with findings is explained, and the code is 1; control characters are written out."""
    words = ("control-characters", "--corpus", FAILING, "--side", "rust", *QUICK[4:])
    said = call("run", *words)
    assert (ExitCode.FAILED, False) == (said.code, "\x1b" in said.out)
    assert "\\x1b]0;owned\\x07\\x1b[2J\\r\\u202e reversed\n" in said.out


def test_run_leaves_out_a_side_without_the_program(call: Call) -> None:
    """Of a program that only one side has, only that side is run and judged."""
    words = ("other-code", "--corpus", FAILING, "--program", "mended")
    assert [("PASSED", "builds/other-code", "rust")] == call("run", *words, *QUICK[4:]).verdicts


def test_run_skips_what_is_below_its_floor(call: Call) -> None:
    """An example that asks for newer versions is not run, and the reason is told."""
    said = call("run", "below-the-floor", "--corpus", FAILING, *QUICK[4:])
    both = [("SKIPPED", "claims/below-the-floor", side) for side in ("python", "rust")]
    assert (ExitCode.OK, both) == (said.code, said.verdicts)
    assert "needs Python 3.99; this is " in " ".join(said.out.split())


def test_run_shows_why_the_compiler_refuses(call: Call) -> None:
    """A program that is refused is shown with what the compiler says."""
    words = ("broken-twin", "--corpus", FAILING, "--side", "rust", "--program", "main")
    said = call("run", *words, *QUICK[4:])
    assert "error[E0382]: borrow of moved value: `names`" in said.out.splitlines()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--program", "mended"), 'basics/three-steps has no program "mended"; it has main'),
        (("--schedule", "plane"), 'no schedule is called "plane"'),
    ],
)
def test_run_names_what_there_is(call: Call, words: tuple[str, ...], message: str) -> None:
    """A program or a schedule that there is not is bad usage."""
    said = call("run", "three-steps", "--corpus", PASSING, *words)
    assert ExitCode.USAGE == said.code
    assert said.err.startswith(f"harness: {message}")


def test_doctor_tells_what_was_found(call: Call) -> None:
    """The interpreter and the compiler of a bare call are told with their versions."""
    said = call("doctor", "--corpus", PASSING, "--state-dir", ".harness/fixtures")
    assert (ExitCode.OK, "") == (said.code, said.err)
    assert "CPython" in said.out
    assert "rustc" in said.out


# --- verify ---------------------------------------------------------------------


def test_verify_passes_what_is_well(call: Call) -> None:
    """Both sides of an example that keeps its word pass, with code 0."""
    said = call("verify", "three-steps", "--corpus", PASSING, *QUICK)
    assert (ExitCode.OK, "") == (said.code, said.err)
    both = [("PASSED", "basics/three-steps", side) for side in ("python", "rust")]
    assert both == said.verdicts


def test_verify_fails_with_code_1(call: Call) -> None:
    """One failing side is enough for code 1, and is explained."""
    said = call("verify", "deaf-for-ever", "--corpus", FAILING, *QUICK, "--timeout", "0.9")
    assert [
        ("PASSED", "endings/deaf-for-ever", "rust"),
        ("TIMED_OUT", "endings/deaf-for-ever", "python"),
    ] == said.verdicts
    assert (ExitCode.FAILED, True) == (said.code, "had not ended after 0.9 s" in said.out)


def test_what_is_skipped_is_not_bad(call: Call) -> None:
    """An example below its floor is skipped with the reason, and gives code 0."""
    said = call("verify", "below-the-floor", "--corpus", FAILING, *QUICK)
    assert (ExitCode.OK, {"SKIPPED"}) == (said.code, {outcome for outcome, _, _ in said.verdicts})
    assert "needs Python 3.99; this is " in " ".join(said.out.split())


def test_one_side_can_be_verified_alone(call: Call) -> None:
    """With --side nothing is built or run of the other."""
    said = call("verify", "three-steps", "--corpus", PASSING, "--side", "python", *QUICK)
    assert [("PASSED", "basics/three-steps", "python")] == said.verdicts
    assert "rustc" not in said.out


def test_runs_and_jobs_are_as_asked(call: Call) -> None:
    """The verdict counts as many runs as were asked for, whatever their number at once."""
    words = ("three-steps", "--corpus", PASSING, "--side", "python", *QUICK)
    said = call("verify", *words, "--runs", "7", "--jobs", "3")
    assert "7 runs to make" in said.out
    assert "7 runs, 1 interleaving" in said.out


def test_fail_fast_stops_at_the_first_failure(call: Call) -> None:
    """After the first finding no further run is started, and what was not run is skipped."""
    words = ("wrong-count", "wrong-value", "--corpus", FAILING, *QUICK)
    said = call("verify", *words, "--jobs", "1", "--fail-fast")
    assert ExitCode.FAILED == said.code
    assert ["FAILED", "SKIPPED", "SKIPPED", "SKIPPED"] == [v[0] for v in said.verdicts]
    assert "stopped after 0 of 2 runs" in " ".join(said.out.split())


def test_keep_going_is_the_default(call: Call) -> None:
    """Without --fail-fast every example gets its own verdict."""
    words = ("wrong-count", "wrong-value", "--corpus", FAILING, *QUICK)
    assert {"FAILED"} == {outcome for outcome, _, _ in call("verify", *words).verdicts}


def test_quiet_tells_only_what_is_wrong(call: Call) -> None:
    """With -q a passing side is not mentioned; a failing one and the summary are."""
    words = ("deaf-for-ever", "--corpus", FAILING, *QUICK, "--timeout", "0.9", "-q")
    said = call("verify", *words)
    assert [("TIMED_OUT", "endings/deaf-for-ever", "python")] == said.verdicts
    assert "1 passed, 1 timed out" in said.out.splitlines()


def test_verbose_tells_what_each_property_came_to(call: Call) -> None:
    """With -v there is a line for each property."""
    said = call("verify", "three-steps", "--corpus", PASSING, *QUICK, "-v")
    assert 2 == said.out.count("    held            in-turn")
    assert "building with " in said.out


@pytest.mark.parametrize(("flag", "coloured"), [("--color", True), ("--no-color", False)])
def test_colour_is_as_asked(call: Call, flag: str, *, coloured: bool) -> None:
    """Colours come when asked for even where there is no terminal, and never when not."""
    words = ("three-steps", "--corpus", PASSING, "--side", "python", *QUICK[:-1], flag)
    assert coloured is ("\x1b[32mPASSED" in call("verify", *words).out)


def test_no_terminal_no_colour(call: Call) -> None:
    """By default no colours are written where stdout is no terminal."""
    words = ("three-steps", "--corpus", PASSING, "--side", "python", *QUICK[:-1])
    assert "\x1b" not in call("verify", *words).out


def test_a_directory_that_cannot_be_written_is_told(call: Call) -> None:
    """Without a place to build in there is one line, and code 1."""
    words = ("three-steps", "--corpus", PASSING, "--state-dir", "/proc/no/place", *QUICK[:4])
    said = call("verify", *words)
    assert (ExitCode.FAILED, 1, False) == (
        said.code,
        said.err.count("\n"),
        "Traceback" in said.err,
    )
    assert said.err.startswith("harness: /proc/no/place/")


# --- faults of the harness itself -----------------------------------------------


def test_a_fault_in_a_run_does_not_stop_the_others(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault while one run is judged is shown with its traceback; the rest is verified."""

    def stumble(claims: Claims, run: Run, is_stopped: Callable[[], bool]) -> Judgement:
        if claims.spec.name == "deadlock":
            raise ZeroDivisionError("a slip")
        return judge_run(claims, run, is_stopped)

    monkeypatch.setattr(judge, "judge_run", stumble)
    said = call("verify", "--corpus", PASSING, "--side", "python", *QUICK)
    assert [
        ("ERRORED", "basics/deadlock", "python"),
        ("PASSED", "basics/three-steps", "python"),
    ] == said.verdicts
    assert (ExitCode.FAULT, True) == (said.code, "ZeroDivisionError: a slip" in said.out)
    assert "Traceback (most recent call last):" in said.out


def test_a_fault_across_runs_does_not_stop_the_others(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in what looks at all runs together is the fault of that example alone."""

    def stumble(spec: Spec, side: Side, tallies: Iterable[Tally], toolchain: str) -> AcrossFindings:
        if spec.name == "deadlock":
            raise ZeroDivisionError("a slip")
        return judge_across(spec, side, tallies, toolchain)

    monkeypatch.setattr(making, "judge_across", stumble)
    said = call("verify", "--corpus", PASSING, "--side", "python", *QUICK)
    assert [
        ("ERRORED", "basics/deadlock", "python"),
        ("PASSED", "basics/three-steps", "python"),
    ] == said.verdicts
    assert ExitCode.FAULT == said.code


def test_a_fault_anywhere_else_shows_its_traceback(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any other exception is told as ours, with code 70."""

    def stumble(*_: object) -> None:
        raise ZeroDivisionError("a slip")

    monkeypatch.setattr(list_command, "chosen_specs", stumble)
    said = call("list")
    assert ExitCode.FAULT == said.code
    assert [
        "ZeroDivisionError: a slip",
        "harness: this is a fault of the harness itself",
    ] == said.err.splitlines()[-2:]


def test_garbage_is_looked_for_once_the_command_is_there(call: Call) -> None:
    """And not among the modules, which were imported while nobody looked."""
    gc.disable()
    try:
        call("list", PASSING)
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.enable()
