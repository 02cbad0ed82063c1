"""harness check: judge a recorded transcript against a spec."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from harness.commands.shared import (
    colour_option,
    corpus_option,
    one_spec,
    unlisted_notes,
    wants_colour,
)
from harness.judging.claims import Claims, make_claims
from harness.judging.judge import Judgement
from harness.judging.transcripts import SCHEDULE, judge_transcript, untold
from harness.language.declarations import Spec
from harness.language.sources import source_of
from harness.reports.styled import FAINT, GOOD, UNSURE, TextLine
from harness.reports.terminal import Terminal
from harness.reports.text import explanation_lines
from harness.values.errors import ExitCode, UsageError
from harness.values.finding import Finding
from harness.values.program import Program, Side
from harness.values.report import Outcome, Verdict
from harness.values.words import visible


@click.command("check")
@click.argument("name")
@click.option("--side", type=click.Choice([s.value for s in Side]), required=True,
              help="Whose output it is.")  # fmt: skip
@click.option("--program", default="main", show_default=True, help="Which program's output it is.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@corpus_option
@colour_option
def command(
    *, name: str, side: str, program: str, file: Path, corpus: Path | None, colour: bool | None
) -> int:
    """Judge FILE, the recorded output of the example NAME; no program is run.

    FILE holds the whole stdout of a run that exited with code 0 or, where the
    compiler refuses the program, what the compiler said.
    """
    spec = one_spec(name, corpus)
    chosen = spec.program(Side(side), program)
    if chosen is None:
        known = ", ".join(p.name for p in spec.programs_of(Side(side)))
        raise UsageError(f'{spec.id} has no {side} program "{program}"; it has {known}')
    verdict = _judge(spec, chosen, file)
    terminal = Terminal(colour=wants_colour(colour))
    if not verdict.findings:
        terminal.write(_accepted(verdict, file))
        return ExitCode.OK
    terminal.write(explanation_lines(verdict, terminal.columns))
    return ExitCode.FAILED


def _judge(spec: Spec, program: Program, file: Path) -> Verdict:
    """Judge a transcript as the output of one run; a compiler's text where the program is refused.

    What a transcript cannot tell (how the run ended, its speed) is not judged, and noted.
    """
    if spec.is_refused(program):
        # Here, since that is seldom, and what judges builds takes a while to import.
        from harness.judging.diagnostics import judge_compiler_text  # noqa: PLC0415

        text = file.read_text(encoding="utf-8", errors="backslashreplace")
        return _verdict(spec, program, judge_compiler_text(spec, program, text), ())
    source = source_of(spec, program)
    claims = make_claims(spec, program, unmet=untold, source=source)
    judgement = judge_transcript(claims, file)
    notes = (*_not_shown(claims, judgement), *unlisted_notes([spec]))
    return _verdict(spec, program, judgement.findings, notes)


def _not_shown(claims: Claims, judgement: Judgement) -> Iterator[str]:
    """What this transcript leaves open: properties of other runs, and those that it cannot show."""
    for name in judgement.missed:
        yield f"it shows no case of {name}: that takes some other run"
    for prop, reason in claims.left_out:
        yield f"it does not show {prop.name}: {reason}"


def _verdict(
    spec: Spec, program: Program, findings: tuple[Finding, ...], notes: tuple[str, ...]
) -> Verdict:
    return Verdict(
        example=spec.id,
        side=program.side,
        toolchain=SCHEDULE,
        outcome=Outcome.FAILED if findings else Outcome.PASSED,
        findings=findings,
        runs=1,
        notes=notes,
    )


def _accepted(verdict: Verdict, file: Path) -> Iterator[TextLine]:
    where = visible(f"{file} as a run of {verdict.example} ({verdict.side.value})")
    yield ((GOOD, "accepted "), (FAINT, where))
    for note in verdict.notes:
        yield ((UNSURE, note),)
