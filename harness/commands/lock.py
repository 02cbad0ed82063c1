"""harness lock: pin the packages that the Python programs of a corpus need."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from harness.authoring.locking import changes, make_lock
from harness.commands.shared import chosen_specs, corpus_option, listed, state_option
from harness.language.declarations import Spec
from harness.language.discovery import by_corpus
from harness.language.spec.packages import LOCK_FILE, read_pins
from harness.machine.toolchains import ToolchainRequest, choose_toolchains, is_below_floor
from harness.values.errors import ExitCode
from harness.values.program import Side
from harness.values.toolchain import Toolchain


@click.command("lock")
@corpus_option
@click.option("--python", "pythons", metavar="LIST", multiple=True,
              help="Interpreters: 3.9,3.13t or paths; by default the harness's own.")  # fmt: skip
@click.option("--all-toolchains", "every", is_flag=True, help="For every interpreter here.")
@click.option("--upgrade", is_flag=True, help="Take the newest versions; without it, pins stay.")
@state_option
def command(
    *,
    corpus: Path | None,
    pythons: tuple[str, ...],
    every: bool,
    upgrade: bool,
    state_dir: Path,
) -> int:
    """Pin what "requires" asks for, in requirements.lock beside corpus.toml.

    Installs the packages once for each interpreter, and writes down which
    versions came, those of what they need themselves included. The network is
    needed where something is not pinned, or is not installed yet.
    """
    wanted = ToolchainRequest(pythons=listed(pythons), every=every)
    toolchains = choose_toolchains(wanted, (Side.PYTHON,)).toolchains
    for place, specs in by_corpus(chosen_specs((), corpus)):
        before = read_pins(place)
        needs = _needs(specs, toolchains)
        if not before and not any(wanted for _, wanted in needs):
            click.echo(f"{place}: no example requires any package")
            continue
        after = make_lock(place, needs, state_dir.absolute() / "python", upgrade=upgrade)
        told = tuple(changes(before, after))
        for line in told:
            click.echo(line)
        pins = "1 pin" if len(after) == 1 else f"{len(after)} pins"
        click.echo(f"{place / LOCK_FILE}: {pins}, {len(told) or 'none'} changed")
    return ExitCode.OK


def _needs(
    specs: Iterable[Spec], toolchains: Iterable[Toolchain]
) -> tuple[tuple[Toolchain, tuple[str, ...]], ...]:
    """What the examples ask for that can run with each interpreter, each once."""
    specs = tuple(specs)
    return tuple((toolchain, tuple(_needed(specs, toolchain))) for toolchain in toolchains)


def _needed(specs: Iterable[Spec], toolchain: Toolchain) -> dict[str, None]:
    here = (spec for spec in specs if not is_below_floor(spec, toolchain))
    return dict.fromkeys(wanted for spec in here for wanted in spec.packages.wanted)
