"""harness doctor: what was found on this machine, and what will be skipped and why."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.bench.controllable import Controllable, make_controllable
from harness.bench.options import Options
from harness.bench.subject import unmet_by
from harness.commands.clustered import cluster_option, open_cluster
from harness.commands.shared import (
    chosen_specs,
    colour_option,
    corpus_option,
    state_option,
    wants_colour,
)
from harness.language.declarations import Spec
from harness.language.home import find_home
from harness.machine.process import has_terminals, sandbox
from harness.machine.toolchains import FoundToolchains, caution_of, find_all, is_below_floor
from harness.reports.matrix import Column, columns_in_words
from harness.reports.styled import BAD, FAINT, GOOD, PLAIN, STRONG, UNSURE, TextLine
from harness.reports.terminal import Terminal
from harness.values.errors import ExitCode
from harness.values.program import Side
from harness.values.toolchain import Toolchain
from harness.values.words import count_of

if TYPE_CHECKING:
    from harness.cluster.lots import Member

NO_RUST = "none: get one from https://rustup.rs, or with `apt install rustc cargo`"
NO_LINKER = (
    "none: Rust programs cannot be linked; install one "
    "(Debian: apt install gcc; macOS: xcode-select --install)"
)
NO_SANDBOX = "none: `--sandbox` wants Linux and bubblewrap (Debian: apt install bubblewrap)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """All that the doctor has found out. ``linker`` and ``sandbox`` are empty if there is none."""

    found: FoundToolchains
    controllable: Controllable
    linker: str = ""
    has_terminals: bool = True
    sandbox: str = ""
    specs: tuple[Spec, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether both sides can be built and run here."""
        return bool(self.found.pythons and self.found.rusts and self.linker)


@click.command("doctor")
@click.argument("select", nargs=-1)
@corpus_option
@cluster_option
@state_option
@colour_option
def command(
    *,
    select: tuple[str, ...],
    corpus: Path | None,
    cluster: str | None,
    state_dir: Path,
    colour: bool | None,
) -> int:
    """Tell what was found on this machine, and what of SELECT will be skipped and why.

    With --cluster, what the workers there have. Ends with 3 if something is missing that a
    bare "harness verify" needs.
    """
    if cluster is not None:
        return _of_cluster(cluster, state_dir, Terminal(colour=wants_colour(colour)))
    survey = _survey(_specs(select, corpus), state_dir)
    Terminal(colour=wants_colour(colour)).write(survey_lines(survey))
    return ExitCode.OK if survey.is_well else ExitCode.TOOLCHAIN_MISSING


def _of_cluster(where: str, state: Path, terminal: Terminal) -> int:
    """Tell of each worker what it has; 3 if no worker can be given work on both sides."""
    with open_cluster(where, state, None) as cluster:
        members = cluster.members()
    terminal.write(line for member in members for line in member_lines(member))
    sides = {each.side for m in members if not m.refused for each in m.offer.toolchains}
    if not members:
        terminal.write((((BAD, "no worker is there"),),))
    return ExitCode.OK if len(sides) == len(Side) else ExitCode.TOOLCHAIN_MISSING


def member_lines(member: Member) -> Iterator[TextLine]:
    """One worker for a reader."""
    yield ((STRONG, member.address), (FAINT, f"  {count_of(member.threads, 'thread')}"))
    if member.refused:
        yield ((BAD, f"  gets no work: {member.refused}"),)
    for toolchain in member.offer.toolchains:
        is_default = toolchain in member.offer.defaults
        yield (
            (GOOD, f"  {toolchain.label:<9} "),
            (PLAIN, f"{_what(toolchain):<34}  "),
            (PLAIN, count_of(toolchain.cores, "core")),
            (FAINT, ", its own choice" if is_default else ""),
        )


def _specs(select: tuple[str, ...], corpus: Path | None) -> tuple[Spec, ...]:
    """What there is to skip; where no corpus is named and none is here, nothing."""
    if not select and corpus is None and find_home() is None:
        return ()
    return chosen_specs(select, corpus)


def _survey(specs: tuple[Spec, ...], state: Path) -> Survey:
    """Look at all of it, which builds what makes control possible: seconds, the first time."""
    found = find_all()
    return Survey(
        found=found,
        controllable=make_controllable((), found.toolchains, Options(state=state)),
        linker=shutil.which("cc") or shutil.which("link") or "",
        has_terminals=has_terminals(),
        sandbox="" if sandbox.why_none() else sandbox.version(),
        specs=specs,
    )


def survey_lines(survey: Survey) -> Iterator[TextLine]:
    """The survey for a reader."""
    yield ((STRONG, "Python"),)
    yield from _toolchain_lines(survey.found.pythons, survey.controllable)
    yield ((STRONG, "Rust"),)
    yield from _toolchain_lines(survey.found.rusts, survey.controllable)
    if not survey.found.rusts:
        yield ((BAD, f"  {NO_RUST}"),)
    if survey.found.broken:
        yield ((STRONG, "cannot be used"),)
        for broken in survey.found.broken:
            yield ((UNSURE, f"  {broken}"),)
    yield ((STRONG, "machine"),)
    yield from _machine_lines(survey)
    yield from _skip_lines(survey.specs, survey.found.toolchains)


def _toolchain_lines(
    toolchains: Iterable[Toolchain], controllable: Controllable
) -> Iterator[TextLine]:
    """A line for each toolchain: what it is, whether its runs can be controlled, where it lies."""
    for toolchain in toolchains:
        reason = controllable.reason(toolchain)
        control = controllable.runs_instead(reason) if reason else "plain and controlled schedules"
        yield (
            (GOOD, f"  {toolchain.label:<9} "),
            (PLAIN, f"{_what(toolchain):<34}  "),
            (UNSURE if reason else PLAIN, control),
            (FAINT, f"  {toolchain.program}"),
        )
        if caution := caution_of(toolchain):
            yield ((UNSURE, f"{'':12}{caution}"),)


def _what(toolchain: Toolchain) -> str:
    if toolchain.side is Side.RUST:
        return f"{toolchain.title}, cargo {toolchain.cargo_version}"
    return f"{toolchain.title}, {'with' if toolchain.has_gil else 'without'} the GIL"


def _machine_lines(survey: Survey) -> Iterator[TextLine]:
    """What the machine has beside toolchains: a linker, terminals, a sandbox, cores."""
    linker = (PLAIN, survey.linker) if survey.linker else (BAD, NO_LINKER)
    yield ((FAINT, "  linker    "), linker)
    kind = "a pseudo-terminal, as a reader has it" if survey.has_terminals else "pipes"
    yield ((FAINT, "  stdout    "), (PLAIN, kind))
    yield ((FAINT, "  sandbox   "), (PLAIN, survey.sandbox or NO_SANDBOX))
    cores = survey.found.toolchains[0].cores if survey.found.toolchains else 1
    yield ((FAINT, "  cores     "), (PLAIN, str(cores)))


def _skip_lines(specs: Sequence[Spec], toolchains: Sequence[Toolchain]) -> Iterator[TextLine]:
    if not specs:
        return
    yield ((STRONG, f"left out, of {count_of(len(specs), 'example')}"),)
    lines = [line for spec in specs for line in _left_out(spec, toolchains)]
    yield from lines or [((PLAIN, "  nothing"),)]


def _left_out(spec: Spec, toolchains: Iterable[Toolchain]) -> Iterator[TextLine]:
    """The whole example below its floors, else the properties whose conditions are unmet."""
    reasons: dict[tuple[str, str], list[Column]] = {}
    for toolchain in toolchains:
        column = Column(toolchain.side, toolchain.label)
        below = is_below_floor(spec, toolchain)
        unmet = [("", below)] if below else _unmet(spec, toolchain)
        for name, reason in unmet:
            reasons.setdefault((name, reason), []).append(column)
    for (name, reason), columns in reasons.items():
        what = f"{spec.id}: {name}" if name else spec.id
        yield (
            (UNSURE, f"  {what}"),
            (PLAIN, f"  {columns_in_words(columns)}"),
            (FAINT, f"  {reason}"),
        )


def _unmet(spec: Spec, toolchain: Toolchain) -> list[tuple[str, str]]:
    concerned = (p for p in spec.properties if p.side in (None, toolchain.side))
    reasons = ((prop.name, unmet_by(prop, toolchain)) for prop in concerned)
    return [(name, reason) for name, reason in reasons if reason]
