"""harness evidence: what the record of runs says."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from harness.bench.subject import unmet_by
from harness.commands.shared import (
    chosen_specs,
    colour_option,
    corpus_option,
    side_option,
    sides_of,
    state_option,
    wants_colour,
)
from harness.judging.claims import Claims, make_claims
from harness.judging.freedom import AllowedCount, allowed_interleavings
from harness.language.declarations import Property, Spec
from harness.record import EvidenceError, RecordedProgram, Store, toolchain_of
from harness.record.lines import detail_lines, table_lines
from harness.record.reading import Evidence
from harness.record.schema import FILE_NAME
from harness.reports.styled import FAINT, TextLine
from harness.reports.terminal import Terminal
from harness.values.errors import ExitCode, NothingSelected, UsageError
from harness.values.program import Side
from harness.values.words import count_of


@click.command("evidence")
@click.argument("select", nargs=-1)
@corpus_option
@side_option
@click.option("--export", "target", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the record to this file, as JSON lines.")  # fmt: skip
@click.option("--merge", "sources", multiple=True,
              type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Add what was exported elsewhere; nothing is counted twice.")  # fmt: skip
@state_option
@colour_option
def command(
    *,
    select: tuple[str, ...],
    corpus: Path | None,
    side: str | None,
    target: Path | None,
    sources: tuple[Path, ...],
    state_dir: Path,
    colour: bool | None,
) -> int:
    """Show what the record of runs says of the examples that SELECT means.

    Without SELECT two lines for each program and toolchain; with it
    everything: strategy by strategy, how often each interleaving came, and the
    outcomes. Runs of earlier versions of an example are not counted.
    """
    terminal = Terminal(colour=wants_colour(colour))
    if target or sources:
        terminal.write(_exchange(state_dir, target, sources))
        return ExitCode.OK
    specs = chosen_specs(select, corpus)
    with open_record(state_dir) as store:
        found, stale = _current(store, specs, sides_of(side))
        rows = [(evidence, _allowed(store, spec, evidence)) for spec, evidence in found]
    _tell(terminal, rows, in_full=bool(select))
    if stale:
        terminal.write([((FAINT, f"{count_of(stale, 'run')} of earlier versions: not counted"),)])
    return ExitCode.OK


def open_record(state: Path) -> Store:
    """The record below a state directory; raises NothingSelected if there is none yet."""
    if not (state / FILE_NAME).exists():
        raise NothingSelected(
            f'{state / FILE_NAME}: no run has been recorded; "harness verify" records its runs'
        )
    return Store(state)


def _tell(terminal: Terminal, rows: list[tuple[Evidence, AllowedCount]], *, in_full: bool) -> None:
    """Write a table, or all that is known of each; raises NothingSelected if there is nothing."""
    if not rows:
        raise NothingSelected(
            'no run of these has been recorded; "harness verify" records its runs'
        )
    if in_full:
        for evidence, allowed in rows:
            terminal.write(detail_lines(evidence, allowed))
    else:
        terminal.write(table_lines(rows))


def _current(
    store: Store, specs: Iterable[Spec], sides: tuple[Side, ...]
) -> tuple[list[tuple[Spec, Evidence]], int]:
    """What was recorded of the examples as they are, and the number of runs before that."""
    found = [
        (spec, evidence)
        for spec in specs
        for evidence in store.evidence(spec.id)
        if evidence.subject.side in sides
    ]
    current = [pair for pair in found if pair[1].subject.digest == pair[0].digest]
    stale = sum(e.total.runs for _, e in found) - sum(e.total.runs for _, e in current)
    return current, stale


def _allowed(store: Store, spec: Spec, evidence: Evidence) -> AllowedCount:
    claims = _claims(store, spec, evidence.subject)
    return (
        allowed_interleavings(claims)
        if claims
        else AllowedCount(why="the program is no longer there")
    )


def _claims(store: Store, spec: Spec, subject: RecordedProgram) -> Claims | None:
    """What is claimed of the program where it ran.

    The conditions of properties ask for the machine, which the kept runs tell;
    where none was kept, properties with conditions are left out.
    """
    program = spec.program(subject.side, subject.program)
    if program is None:
        return None
    kept = store.kept_runs(subject)
    toolchain = toolchain_of(kept[0]) if kept else None

    def unmet(prop: Property) -> str:
        if toolchain is not None:
            return unmet_by(prop, toolchain)
        return "" if prop.when.is_empty else "not known of the runs that were recorded"

    return make_claims(spec, program, unmet=unmet)


# --- export and merge ---------------------------------------------------------------


def _exchange(state: Path, target: Path | None, sources: tuple[Path, ...]) -> Iterator[TextLine]:
    """Merge, and then export: so that one call gathers the records of many."""
    if sources:
        with Store(state) as store:
            for source in sources:
                new = _merge(store, source)
                yield ((FAINT, f"{source}: {count_of(new, 'run')} added"),)
    if target is not None:
        with open_record(state) as store:
            runs = _export(store, target)
            yield ((FAINT, f"{target}: {count_of(runs, 'run')} written"),)


def _merge(store: Store, source: Path) -> int:
    try:
        with source.open(encoding="utf-8") as lines:
            return store.merge(lines, str(source))
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{source}: expected JSON lines, found no UTF-8 text") from error


def _export(store: Store, target: Path) -> int:
    """Write the file whole or not at all."""
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with unfinished.open("w", encoding="utf-8") as out:
            runs = store.export(out)
        unfinished.replace(target)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise UsageError(f"{target}: cannot be written: {error.strerror}") from error
    return runs
