"""harness site: write the static site for browsing the pairs."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path

import click

from harness.bench.options import Options
from harness.commands.shared import (
    chosen_specs,
    corpus_option,
    default_toolchains,
    sides_in,
    state_option,
)
from harness.language.corpus import corpus_of
from harness.language.declarations import Spec
from harness.reports.terminal import Terminal
from harness.site.data import PageData, gather, read_sources
from harness.site.gathering import gather_missing
from harness.site.library import make_library
from harness.site.mending import faults_of_exercises
from harness.site.released import RECORD_FILE, gather_with_released, write_released
from harness.site.serving import serve
from harness.site.texts import TextFault, faults_of_example, faults_of_ui, write_skeleton
from harness.site.topics import faults_of_topics
from harness.site.writing import write_site
from harness.values.errors import ExitCode


@click.command("site")
@click.argument("select", nargs=-1)
@corpus_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path),
              default=Path("build/site"), show_default=True,
              help="The directory that is written, in place of an earlier site.")  # fmt: skip
@click.option("--gather", "wants_gathering", is_flag=True,
              help="First run the controls and ask the compilers, if not yet done.")  # fmt: skip
@click.option("--check", "only_check", is_flag=True,
              help="Write nothing; name every missing or stale translation.")  # fmt: skip
@click.option("--serve", "port", type=click.IntRange(1, 65535), default=None, metavar="PORT",
              help="Serve the site on this machine afterwards.")  # fmt: skip
@click.option("--repository", default="", metavar="URL",
              help="Where the corpus lies: pages lead there.")  # fmt: skip
@click.option("--skeleton", "wants_skeleton", is_flag=True,
              help="With --check: write entries to fill in.")  # fmt: skip
@click.option("--keep", "wants_keeping", is_flag=True,
              help="Also write what the pages show into the corpus's own record.")  # fmt: skip
@state_option
def command(
    *,
    select: tuple[str, ...],
    corpus: Path | None,
    out: Path,
    wants_gathering: bool,
    only_check: bool,
    repository: str,
    wants_skeleton: bool,
    wants_keeping: bool,
    port: int | None,
    state_dir: Path,
) -> int:
    """Write the site for the examples that SELECT means (all without it).

    It shows what is recorded on this machine, what the corpus carries where
    nothing is, and says what is missing.
    """
    specs = chosen_specs(select, corpus)
    if only_check:
        return _check(specs, wants_skeleton=wants_skeleton)
    if wants_gathering:
        toolchains = default_toolchains(sides_in(specs))
        with closing(Terminal(live=sys.stdout.isatty())) as terminal:
            gather_missing(specs, toolchains, Options(state=state_dir, progress=terminal))
    started = time.monotonic()
    released = _released(specs)
    if wants_keeping:
        size = write_released(gather(specs, state_dir), state_dir, released)
        click.echo(f"{released}: {size:,} bytes")
    pages = gather_with_released(specs, state_dir, released)
    count = write_site(make_library(pages, repository), out)
    click.echo(f"{out / 'index.html'}: {count} pages in {time.monotonic() - started:.1f} s")
    for line in _missing(pages):
        click.echo(line, err=True)
    if port is not None:
        serve(out, port, click.echo)
    return ExitCode.OK


def _released(specs: tuple[Spec, ...]) -> Path:
    """Where the corpus of the examples has its record."""
    return corpus_of(specs[0].directory) / RECORD_FILE


def _check(specs: tuple[Spec, ...], *, wants_skeleton: bool) -> int:
    """Name every translation that is missing, stale or none; write what is to be filled in."""
    faults: list[TextFault] = list(faults_of_ui())
    for spec in specs:
        faults += faults_of_example(spec, read_sources(spec))
    faults += [*faults_of_topics(specs), *faults_of_exercises(specs)]
    for fault in faults:
        click.echo(str(fault), err=True)
    for path in write_skeleton(faults) if wants_skeleton else ():
        click.echo(f"{path}: written, to be filled in")
    click.echo(f"{len(faults)} faults in the translations of {len(specs)} examples")
    return ExitCode.FAILED if faults else ExitCode.OK


def _missing(pages: tuple[PageData, ...]) -> list[str]:
    """What the pages lack, and how to get it."""
    without_runs = sum(not page.seen for page in pages)
    without_breaks = sum(len(page.broken) < len(page.spec.controls) for page in pages)
    lines = []
    if released := sum(page.is_released for page in pages):
        lines.append(
            f"{released} pairs show runs of the record that the corpus carries: "
            '"harness verify" makes your own'
        )
    if without_runs:
        lines.append(f'{without_runs} pairs show no run: "harness verify" records them')
    if without_breaks:
        lines.append(
            f'{without_breaks} pairs lack controls at work: "harness site --gather" runs them'
        )
    return lines
