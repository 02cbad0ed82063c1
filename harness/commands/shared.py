"""Options that several commands share, and how they become toolchains and examples."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import click

from harness.language.corpus import CORPUS_FILE
from harness.language.declarations import Spec
from harness.language.discovery import (
    SpecFault,
    find_examples,
    load_each,
    select,
    select_one,
    split_selection,
    unlisted,
)
from harness.language.home import DEFAULT_CORPUS, STATE_DIRECTORY, state_root
from harness.language.spec import load_spec
from harness.machine.cores import allowed_cores
from harness.machine.working_places import ignore_itself
from harness.values.errors import NothingSelected, SpecError, UsageError
from harness.values.program import Side
from harness.values.toolchain import Toolchain
from harness.values.words import visible

SERVERS_PER_JOB = 2
"""Each job may be at the end of one program and the beginning of the next."""

_FAULTS = "harness.language.spec-faults"

side_option = click.option(
    "--side", type=click.Choice([side.value for side in Side]), help="Only this side."
)


def _state(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path:
    """The directory that was named, else ``.harness`` of the corpus around us."""
    del parameter
    state = value or state_root() / STATE_DIRECTORY
    context.call_on_close(lambda: ignore_itself(state))
    return state


state_option = click.option(
    "--state-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    callback=_state,
    help=f"Where builds and evidence are kept; by default {STATE_DIRECTORY} beside the corpus.",
)
races_option = click.option(
    "--races",
    is_flag=True,
    help="Look for data races and older values of atomics in every Rust program; by default, where "
    "its crate has unsafe, and names orders weaker than SeqCst.",
)
colour_option = click.option(
    "--color/--no-color", "colour", default=None, help="Colours; by default only on a terminal."
)
corpus_option = click.option(
    "--corpus",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help=f"The directory of examples; by default {DEFAULT_CORPUS}, or the one around here.",
)


def toolchain_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command ``--python``, ``--rust`` and ``--all-toolchains``; it takes ``wanted``.

    It has ``--side`` as well. Raises UsageError where that leaves out what is named.
    """

    @click.option(
        "--python",
        "pythons",
        metavar="LIST",
        multiple=True,
        help="Interpreters: 3.9,3.13t,pypy3.10 or paths; by default the harness's own.",
    )
    @click.option(
        "--rust",
        "rusts",
        metavar="LIST",
        multiple=True,
        help="Compilers: 1.63,stable,nightly or paths; by default cargo's own.",
    )
    @click.option(
        "--all-toolchains",
        "every",
        is_flag=True,
        help="Every interpreter and compiler here, for sides where none is named.",
    )
    @wraps(command)
    def with_toolchains(
        *, pythons: tuple[str, ...], rusts: tuple[str, ...], every: bool, **others: Any
    ) -> int:
        from harness.machine.toolchains import ToolchainRequest  # noqa: PLC0415 - as above

        wanted = ToolchainRequest(
            pythons=split_commas(pythons), rusts=split_commas(rusts), every=every
        )
        for side in Side:
            if wanted.named(side) and side not in sides_of(others["side"]):
                raise UsageError(
                    f"--{side.value} names toolchains of a side that --side {others['side']} "
                    "leaves out: drop one of the two"
                )
        return command(wanted=wanted, **others)

    return with_toolchains


every_line_option = click.option(
    "--every-line",
    is_flag=True,
    help="In a search of traces: tell every order of lines apart, even where no property does.",
)


def server_option(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command ``--no-server``; without it, servers make its controlled runs.

    A server that is lost is told, and with ``verbose`` which programs have none.
    """

    @click.option("--no-server", is_flag=True, help="Start each controlled run for itself.")
    @wraps(command)
    def with_servers(*, no_server: bool, **others: Any) -> int:
        from harness.schedules.serving import serving  # noqa: PLC0415 - not all of it is needed yet

        jobs = others.get("jobs") or allowed_cores()
        with serving(0 if no_server else SERVERS_PER_JOB * jobs) as servers:
            code = command(**others)
        for name, reason in servers.lost.items():
            click.echo(
                f"harness: {name}: a server was lost: {reason}; runs went on without", err=True
            )
        if others.get("verbose"):
            for name, reason in servers.unfit.items():
                click.echo(
                    f"{name}: each controlled run was started for itself: {reason}", err=True
                )
        return code

    return with_servers


def read_text(file: Path) -> str:
    """The text of a file that somebody has named; raises UsageError for what is no UTF-8."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{file}: expected a text in UTF-8") from None


def split_commas(values: Sequence[str]) -> tuple[str, ...]:
    """The words of comma-separated lists, each once."""
    words = (word.strip() for value in values for word in value.split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def wants_colour(colour: bool | None) -> bool:
    """Whether to write colours: as asked, else on a terminal that has them."""
    if colour is not None:
        return colour
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def sides_of(side: str | None) -> tuple[Side, ...]:
    """The sides that ``--side`` asks for."""
    return (Side(side),) if side else tuple(Side)


def sides_in(specs: Iterable[Spec], wanted: Sequence[Side] = tuple(Side)) -> tuple[Side, ...]:
    """Those of the ``wanted`` sides that some of the examples have; raises if it is none."""
    specs = tuple(specs)
    there = tuple(side for side in wanted if any(side in spec.sides for spec in specs))
    if specs and not there:
        names = ", ".join(spec.id for spec in specs[:5]) + (", …" if len(specs) > 5 else "")
        raise NothingSelected(f"no {' or '.join(s.value for s in wanted)} program in {names}")
    return there


def chosen_specs(words: Sequence[str], corpus: Path | None = None) -> tuple[Spec, ...]:
    """The examples that the words of a command line mean, in reading order.

    What is wrong with the specs of some is told, and makes the command fail at its
    end; raises SpecError if none can be taken.
    """
    corpora, names = split_selection(words)
    loaded = load_each(select(find_examples((corpus,) if corpus else corpora), names))
    if not loaded.specs and loaded.faults:
        raise SpecError("\n".join(fault.message for fault in loaded.faults))
    tell_faults(loaded.faults)
    return loaded.specs


def unlisted_notes(specs: Iterable[Spec]) -> tuple[str, ...]:
    """A word on each example that the order of its corpus leaves out: it comes last."""
    return tuple(
        f"{example} is not listed in {CORPUS_FILE}: it comes last in the order of reading"
        for example in unlisted(specs)
    )


def tell_faults(faults: Iterable[SpecFault]) -> None:
    """Say what is wrong with specs; ``has_told_faults`` knows that some were told."""
    for fault in faults:
        click.echo(f"harness: {visible(fault.message)}", err=True)
        click.get_current_context().meta[_FAULTS] = True


def has_told_faults() -> bool:
    """Whether the command that is ending has left examples out."""
    return bool(click.get_current_context().meta.get(_FAULTS))


def one_spec(word: str, corpus: Path | None = None) -> Spec:
    """The one example that ``word`` means: a name, or the path of its directory."""
    corpora, names = split_selection((word,))
    directories = find_examples((corpus,) if corpus else corpora)
    return load_spec(select_one(directories, names[0] if names else "*"))


def default_toolchains(sides: Sequence[Side]) -> tuple[Toolchain, ...]:
    """The interpreter and the compiler that a bare call uses; raises if one is missing."""
    # Here, since most commands start without looking for toolchains, and looking takes a while.
    from harness.machine.toolchains import default_python, default_rust  # noqa: PLC0415

    finders = {Side.PYTHON: default_python, Side.RUST: default_rust}
    return tuple(finders[side]() for side in sides)
