"""Runs that a spec is learnt from: how many there are, and how far they are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from harness.bench.options import Options
from harness.machine.cores import allowed_cores
from harness.reports.terminal import Terminal


def learning_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command ``--runs``, ``--schedules`` and ``--seed``."""
    options = (
        click.option("--runs", type=click.IntRange(1), default=30, show_default=True,
                     help="Runs of each program that are left to the system."),
        click.option("--schedules", type=click.IntRange(0), default=100, show_default=True,
                     help="Controlled runs of each program."),
        click.option("--seed", type=int, default=0, show_default=True,
                     help="Where seeded schedules start."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@contextmanager
def learning(*, runs: int, schedules: int, seed: int, state: Path) -> Iterator[Options]:
    """The options of these runs; how far they are is told on stderr meanwhile.

    What is learnt goes to stdout, and into a file as like as not: what is told beside it does not.
    """
    with closing(Terminal(live=sys.stderr.isatty(), out=sys.stderr)) as terminal:
        yield Options(
            runs=runs,
            schedules=schedules,
            seed=seed,
            jobs=allowed_cores(),
            state=state,
            progress=terminal,
        )
