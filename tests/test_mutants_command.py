"""How ``harness mutate`` and ``harness audit --mutate`` end, and what they say of that."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.authoring.scaffold import scaffold
from harness.bench.options import Options
from harness.cli import run_command_line
from harness.commands.mutate import report_lines
from harness.language.declarations import Spec
from harness.language.spec import load_spec
from harness.proof.audit import AuditReport
from harness.proof.audit.results import ExampleAudit
from harness.proof.mutants import Fate, MutationReport, TriedMutant, mutants_of
from harness.proof.mutants.trying import DEFAULT_RUNS, DEFAULT_SCHEDULES
from harness.reports.styled import plain
from harness.values.errors import ExitCode
from tests.audit.driver import spec_named


def _report(*fates: Fate) -> MutationReport:
    mutants = mutants_of(spec_named("sound"))
    trials = (TriedMutant(mutant=m, fate=fate) for m, fate in zip(mutants, fates, strict=False))
    return MutationReport(trials=tuple(trials))


SETTLED = (Fate.KILLED, Fate.EXPLAINED, Fate.EQUIVALENT, Fate.REFUSED_ALIKE, Fate.NOT_BUILDABLE)
REASON = {"topic/pair": ("rust:main:drop-print:000000: there is no such mutant",)}


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (_report(*SETTLED, Fate.SURVIVED), "FAILED: 1 mutant lives unexplained (see above)"),
        (
            _report(Fate.UNKNOWN, Fate.SURVIVED, *SETTLED),
            "FAILED: 2 mutants live unexplained (see above)",
        ),
        (_report(Fate.ERRORED), "FAILED: 1 mutant could not be told (see above)"),
        (
            MutationReport(trials=(), broken={"topic/pair (rust)": ("same-text",)}),
            "FAILED: 1 side breaks its spec unchanged (see above)",
        ),
        (
            MutationReport(trials=(), stale=REASON, unread={"main.py": "it is none"}),
            "FAILED: 1 explanation is stale; 1 program cannot be read (see above)",
        ),
    ],
)
def test_what_is_left_to_mend_fails_the_command(report: MutationReport, said: str) -> None:
    """Each kind is counted in the last line; a low score alone is no reason."""
    assert report.has_failed
    assert said == plain(report_lines(report)).strip().rpartition("\n")[2]


def test_what_is_settled_fails_nothing() -> None:
    """An explained mutant lives, and is no failure."""
    assert not _report(*SETTLED).has_failed
    assert "FAILED" not in plain(report_lines(_report(*SETTLED)))


@pytest.mark.parametrize("command", [["mutate"], ["audit", "--mutate", "--runs", "3"]])
@pytest.mark.parametrize(("fate", "code"), [(Fate.KILLED, 0), (Fate.UNKNOWN, 1)])
def test_both_commands_end_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], fate: Fate, code: int
) -> None:
    """A mutant that lives unexplained is exit code 1; what was asked for is passed on."""
    asked: list[Options] = []

    def try_none(
        _specs: Sequence[Spec], _toolchains: object, options: Options, _tell: object, **_: object
    ) -> MutationReport:
        asked.append(options)
        return _report(fate)

    monkeypatch.setattr("harness.commands.mutate.try_mutants", try_none)
    monkeypatch.setattr("harness.commands.audit.try_mutants", try_none)
    audited = AuditReport(examples=(ExampleAudit(example="topic/pair"),))
    monkeypatch.setattr("harness.commands.audit.audit", lambda *_: audited)
    scaffold(tmp_path, "topic", "pair")
    assert code == run_command_line([*command, "--corpus", str(tmp_path)])
    (options,) = asked
    runs = 3 if "--runs" in command else DEFAULT_RUNS
    assert (runs, DEFAULT_SCHEDULES) == (options.runs, options.schedules)


def test_of_no_mutants_there_is_no_score() -> None:
    """None of none is not all of them."""
    said = plain(report_lines(MutationReport(trials=())))
    assert "0 of 0 mutants killed (-)" in said
    assert "100" not in said


def test_a_mark_of_utf_8_is_no_part_of_a_program(tmp_path: Path) -> None:
    """The mutants are those of the program without it."""
    main = scaffold(tmp_path, "topic", "pair").directory / "main.py"
    plainly = [mutant.id for mutant in mutants_of(load_spec(main.parent))]
    main.write_bytes(b"\xef\xbb\xbf" + main.read_bytes())
    assert plainly == [mutant.id for mutant in mutants_of(load_spec(main.parent))]


def test_a_program_that_is_none_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """That it has no mutants is not passed over in silence."""
    main = scaffold(tmp_path, "topic", "pair").directory / "main.py"
    main.write_text("def (:\n" + main.read_text(encoding="utf-8"), encoding="utf-8")
    asked = ["mutate", "--list", "--corpus", str(tmp_path), "--side", "python", "--no-color"]
    assert ExitCode.FAILED == run_command_line(asked)
    said = " ".join(capsys.readouterr().out.split())
    assert f"{main}: no mutants can be made of it: expected a program of Python " in said
    assert "found line 1: invalid syntax; mend it" in said


@pytest.mark.parametrize("option", ["--json", "--figures"])
def test_a_file_that_cannot_be_written_is_told_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    """Before anything is built."""
    scaffold(tmp_path, "topic", "pair")
    asked = ["mutate", "--corpus", str(tmp_path), "--state-dir", str(tmp_path / "state")]
    code = run_command_line([*asked, option, str(tmp_path / "none" / "f.json")])
    assert ExitCode.USAGE == code
    assert f"{option}: {tmp_path}/none/f.json: expected a file" in capsys.readouterr().err
    assert not (tmp_path / "state").exists()
