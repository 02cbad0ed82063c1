"""harness init: begin a corpus, with a first pair that verifies."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from harness.authoring.scaffold import begin, scaffold
from harness.commands.shared import sides_of
from harness.commands.telling import tell
from harness.language.corpus import is_corpus
from harness.language.home import DEFAULT_CORPUS, find_home
from harness.values.errors import ExitCode, UsageError
from harness.values.program import Side

FIRST = ("first-steps", "three-steps")


@click.command("init")
@click.argument("directory", required=False, default=DEFAULT_CORPUS,
                type=click.Path(file_okay=False, path_type=Path))  # fmt: skip
@click.option("--side", type=click.Choice([side.value for side in Side]),
              help="Let the first example have this side only.")  # fmt: skip
@click.option("--workflow/--no-workflow", default=True, show_default=True,
              help="Whether to write a workflow for GitHub.")  # fmt: skip
def command(*, directory: Path, side: str | None, workflow: bool) -> int:
    """Make DIRECTORY (examples, if none is named) a corpus with a first pair.

    It gets a corpus.toml, a cargo workspace, a .gitignore and the pair
    first-steps/three-steps, which verifies as it stands. The workflow lies
    at the top of the repository, in .github/workflows. What is there stays.
    """
    if is_corpus(directory):
        raise UsageError(
            f'{directory} is a corpus already: "harness new TOPIC/NAME" adds a pair to it'
        )
    pair = scaffold(directory, *FIRST, sides_of(side), has_breaks=False)
    begun = begin(directory, has_workflow=workflow)
    workspace = (pair.workspace,) if pair.workspace else ()
    for path in (*begun.made, *workspace, pair.directory):
        click.echo(f"made {path}")
    for path in begun.kept:
        click.echo(f"kept {path}, which was there")
    for line in _next(directory):
        tell(line)
    return ExitCode.OK


def _next(directory: Path) -> tuple[str, ...]:
    home = find_home()
    words = "" if home and home.corpus == directory else f" --corpus {shlex.quote(str(directory))}"
    return (
        "",
        "next:",
        f"  harness verify{words}",
        "    build, run and judge both sides",
        f"  harness new TOPIC/NAME{words}",
        "    write another pair",
    )
