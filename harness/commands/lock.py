"""harness lock: pin the packages that the programs of a corpus need, or move them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from harness.authoring.locking import changes, make_lock
from harness.authoring.moving import Locks, compare, differences, moved_crates, uses_packages
from harness.bench.options import DEFAULT_RUNS, DEFAULT_SCHEDULES, Options
from harness.bench.verifying import verify
from harness.commands.shared import chosen_specs, corpus_option, split_commas, state_option
from harness.commands.telling import tell
from harness.language.declarations import Spec
from harness.language.discovery import by_corpus, load_all
from harness.language.spec.packages import LOCK_FILE, read_pins
from harness.machine.cargo.locks import CARGO_LOCK, locked_crates, move_lock
from harness.machine.cargo.manifests import find_root, has_foreign, read_crate
from harness.machine.toolchains import (
    ToolchainRequest,
    choose_toolchains,
    default_rust,
    is_below_floor,
)
from harness.values.errors import ExitCode
from harness.values.program import Side
from harness.values.report import Report
from harness.values.toolchain import Toolchain
from harness.values.words import count_of


@click.command("lock")
@corpus_option
@click.option("--python", "pythons", metavar="LIST", multiple=True,
              help="Interpreters: 3.9,3.13t or paths; by default the harness's own.")  # fmt: skip
@click.option("--all-toolchains", "every", is_flag=True, help="For every interpreter here.")
@click.option("--upgrade", is_flag=True,
              help="Take the newest versions, and say what they change.")  # fmt: skip
@click.option("--runs", type=click.IntRange(1), default=DEFAULT_RUNS, show_default=True,
              help="With --upgrade: plain runs of each program, before and after.")  # fmt: skip
@click.option("--schedules", type=click.IntRange(0), default=DEFAULT_SCHEDULES, show_default=True,
              help="With --upgrade: controlled schedules, too.")  # fmt: skip
@state_option
def command(
    *,
    corpus: Path | None,
    pythons: tuple[str, ...],
    every: bool,
    upgrade: bool,
    runs: int,
    schedules: int,
    state_dir: Path,
) -> int:
    """Pin the packages that programs need: requirements.lock and Cargo.lock.

    Installs what "requires" asks for once for each interpreter, and writes
    down which versions came, those of what they need themselves included; and
    has cargo do the same for the crates. The network is needed where something
    is not pinned, or is not installed yet.

    With --upgrade, the examples that need packages are verified with the
    versions of before and of now, and what is concluded otherwise is told.
    """
    wanted = ToolchainRequest(pythons=split_commas(pythons), every=every)
    toolchains = choose_toolchains(wanted, (Side.PYTHON,)).toolchains
    options = Options(runs=runs, schedules=schedules, state=state_dir)
    is_well = True
    for place, specs in by_corpus(chosen_specs((), corpus)):
        needy = tuple(filter(uses_packages, specs))
        if not needy and not read_pins(place):
            tell(f"{place}: no example requires any package")
            continue
        before = Locks.of(place)
        compilers = _compilers(needy)
        told = [
            *_lock_python(place, _needs(specs, toolchains), options, upgrade=upgrade),
            *_lock_rust(find_root(place), compilers, upgrade=upgrade),
        ]
        if upgrade and told and needy:
            is_well &= _tell_behaviour(before, needy, (*toolchains, *compilers), options)
    return ExitCode.OK if is_well else ExitCode.FAILED


def _compilers(specs: Iterable[Spec]) -> tuple[Toolchain, ...]:
    """The compiler, where any crate needs others; raises ToolchainMissing if there is none."""
    crates = filter(None, map(read_crate, specs))
    return (default_rust(),) if any(map(has_foreign, crates)) else ()


def _lock_python(
    place: Path,
    needs: tuple[tuple[Toolchain, tuple[str, ...]], ...],
    options: Options,
    *,
    upgrade: bool,
) -> tuple[str, ...]:
    """Write requirements.lock, and tell which pins have moved."""
    before = read_pins(place)
    if not before and not any(wanted for _, wanted in needs):
        return ()
    after = make_lock(place, needs, options.state.absolute() / "python", upgrade=upgrade)
    return _tell_moved(place / LOCK_FILE, len(after), tuple(changes(before, after)))


def _lock_rust(root: Path, compilers: Iterable[Toolchain], *, upgrade: bool) -> tuple[str, ...]:
    """Write Cargo.lock, and tell which crates have moved."""
    told: tuple[str, ...] = ()
    for compiler in compilers:
        before = locked_crates(root)
        move_lock(compiler, root, upgrade=upgrade)
        after = locked_crates(root)
        told = _tell_moved(root / CARGO_LOCK, len(after), tuple(moved_crates(before, after)))
    return told


def _tell_moved(lock: Path, pins: int, moved: tuple[str, ...]) -> tuple[str, ...]:
    for line in moved:
        tell(line)
    tell(f"{lock}: {count_of(pins, 'pin')}, {len(moved) or 'none'} changed")
    return moved


def _tell_behaviour(
    locks: Locks, specs: Sequence[Spec], toolchains: Sequence[Toolchain], options: Options
) -> bool:
    """Say what the examples show otherwise than before; whether all is still well."""

    def look() -> Report:
        # Read anew: what is pinned is a part of a spec.
        read = load_all(spec.directory for spec in specs)
        return verify(read, toolchains, options, lambda _: None)

    before, after = compare(locks, look)
    changed = tuple(differences(before, after))
    for line in changed:
        tell(line)
    examples = count_of(len(specs), "example")
    tell(f"behaviour: {len(changed) or 'nothing'} changed, of {examples} with packages")
    return not any(verdict.outcome.is_bad for verdict in after.verdicts)


def _needs(
    specs: Iterable[Spec], toolchains: Iterable[Toolchain]
) -> tuple[tuple[Toolchain, tuple[str, ...]], ...]:
    """What the examples ask for that can run with each interpreter, each once."""
    specs = tuple(specs)
    return tuple((toolchain, tuple(_needed(specs, toolchain))) for toolchain in toolchains)


def _needed(specs: Iterable[Spec], toolchain: Toolchain) -> dict[str, None]:
    """The packages that are wanted by examples that this toolchain is not too old for."""
    here = (spec for spec in specs if not is_below_floor(spec, toolchain))
    return dict.fromkeys(wanted for spec in here for wanted in spec.packages.wanted)
