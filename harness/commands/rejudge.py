"""harness rejudge: take the kept runs through the spec as it is now; no program is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from harness.bench.subject import claims_of
from harness.commands.evidence import open_record
from harness.commands.shared import (
    chosen_specs,
    colour_option,
    corpus_option,
    side_option,
    sides_of,
    state_option,
    wants_colour,
)
from harness.judging.claims import Claims
from harness.judging.judge import Judgement, judge_run
from harness.judging.tally import Tally
from harness.judging.verdict import conclude
from harness.language.declarations import Spec
from harness.record import RunRecord, Store, run_of, toolchain_of
from harness.record.records import digest_of_source
from harness.reports.styled import BAD, FAINT, GOOD, STRONG, TextLine
from harness.reports.terminal import Terminal
from harness.reports.text import explanation_lines
from harness.schedules.names import parse_schedule
from harness.values.errors import ExitCode, NothingSelected
from harness.values.finding import Finding
from harness.values.program import Side
from harness.values.report import Verdict
from harness.values.words import count_of

NOT_CONFIRMED = "no program is run to confirm it"


@click.command("rejudge")
@click.argument("select", nargs=-1)
@corpus_option
@side_option
@state_option
@colour_option
def command(
    *,
    select: tuple[str, ...],
    corpus: Path | None,
    side: str | None,
    state_dir: Path,
    colour: bool | None,
) -> int:
    """Judge the kept runs of the examples that SELECT means again, by their specs as they are now.

    Says which runs are judged otherwise than when they were made. Runs of a
    program whose text has changed since then are left out: they say nothing of
    the program as it is. What only many runs can show (some-run properties,
    agreement) is not judged.
    """
    terminal = Terminal(colour=wants_colour(colour))
    specs = chosen_specs(select, corpus)
    with open_record(state_dir) as store:
        results = [_rejudge(store, spec, sides_of(side)) for spec in specs]
    for result in results:
        terminal.write(_result_lines(result, terminal.columns))
    judged = sum(result.judged for result in results)
    if not judged:
        raise NothingSelected("no kept run is of these programs as they are now")
    broken = sum(len(result.broken) for result in results)
    changed = sum(len(result.changes) for result in results)
    terminal.write([_summary(judged, changed, broken, sum(r.outdated for r in results))])
    return ExitCode.FAILED if broken else ExitCode.OK


@dataclass(slots=True)
class _Result:
    """What came of the kept runs of one example."""

    spec: Spec
    judged: int = 0
    outdated: int = 0
    broken: list[RunRecord] = field(default_factory=list)
    changes: list[tuple[RunRecord, frozenset[str]]] = field(default_factory=list)
    tallies: dict[tuple[Side, str], list[Tally]] = field(default_factory=dict)


def _rejudge(store: Store, spec: Spec, sides: Iterable[Side]) -> _Result:
    """Judge the kept runs of one example, under each program as it is now.

    Runs of a source that has changed since are counted as outdated, and not judged:
    the spec is of the program as it is.
    """
    result = _Result(spec)
    for evidence in store.evidence(spec.id):
        subject = evidence.subject
        program = spec.program(subject.side, subject.program)
        records = store.kept_runs(subject) if subject.side in sides else ()
        if not records:
            continue
        if program is None or spec.is_refused(program):
            result.outdated += len(records)
            continue
        claims = claims_of(spec, program, toolchain_of(records[0]))
        if digest_of_source(claims.source) == subject.source:
            _judge_all(result, claims, records)
        else:
            result.outdated += len(records)
    return result


def _judge_all(result: _Result, claims: Claims, records: Iterable[RunRecord]) -> None:
    """Judge kept runs of one subject, and note each that breaks other properties than before."""
    tally = Tally(claims=claims)
    for record in records:
        judgement = _counted(judge_run(claims, run_of(record)), record)
        is_steered = not parse_schedule(record.schedule).is_natural
        tally.add(judgement, record.wall_seconds, is_steered=is_steered)
        now = frozenset(finding.property for finding in judgement.findings)
        result.judged += 1
        if now:
            result.broken.append(record)
        if now != frozenset(record.broke):
            result.changes.append((record, now))
        label = record.subject.toolchain
    result.tallies.setdefault((claims.program.side, label), []).append(tally)


def _counted(judgement: Judgement, record: RunRecord) -> Judgement:
    """Of a doubtful run only that counts which counted when it was made: no run confirms it now."""
    doubts = record.recording.doubts if record.recording else ()
    if not doubts:
        return judgement
    counted = [f for f in judgement.findings if f.property in record.broke]
    rest = [f for f in judgement.findings if f.property not in record.broke]
    told = (replace(f, doubts=doubts, confirmation=NOT_CONFIRMED) for f in rest)
    return replace(judgement, findings=tuple(counted), unconfirmed=tuple(told), doubts=doubts)


def _result_lines(result: _Result, columns: int) -> Iterator[TextLine]:
    for record, now in result.changes:
        yield from _change_lines(record, now)
    for (side, label), tallies in result.tallies.items():
        yield from explanation_lines(_verdict(result.spec, side, label, tallies), columns)


def _verdict(spec: Spec, side: Side, label: str, tallies: list[Tally]) -> Verdict:
    verdict = conclude(spec, side, label, tallies)
    return replace(verdict, findings=tuple(map(_without_command, verdict.findings)))


def _without_command(finding: Finding) -> Finding:
    """Only a controlled schedule gives the same run again."""
    is_controlled = parse_schedule(finding.schedule).is_controlled
    return finding if is_controlled else replace(finding, reproduce="")


def _change_lines(record: RunRecord, now: frozenset[str]) -> Iterator[TextLine]:
    subject, before = record.subject, frozenset(record.broke)
    title = f"{subject.example} · {subject.side.value} · {subject.toolchain} · {record.schedule}"
    yield ((STRONG, title), (FAINT, f"  {record.when:%Y-%m-%d %H:%M} UTC"))
    for name in sorted(now - before):
        yield ((BAD, f"  {name} is violated now"), (FAINT, ", and was not when it was run"))
    for name in sorted(before - now):
        yield ((GOOD, f"  {name} is not violated now"), (FAINT, ", and was when it was run"))
    yield ()


def _summary(judged: int, changed: int, broken: int, outdated: int) -> TextLine:
    style = BAD if broken else GOOD
    rest = f" · {count_of(outdated, 'run')} of programs that have changed since: left out"
    return (
        (FAINT, f"{count_of(judged, 'kept run')} judged again · {changed:,} judged otherwise · "),
        (style, f"{broken:,} in violation"),
        (FAINT, rest * bool(outdated)),
    )
