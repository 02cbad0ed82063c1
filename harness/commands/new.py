"""harness new: write a new pair that verifies as it stands."""

from __future__ import annotations

from pathlib import Path

import click

from harness.commands.shared import corpus_option
from harness.discovery import DEFAULT_CORPUS
from harness.errors import ExitCode, UsageError
from harness.scaffold import Scaffolded, scaffold


@click.command("new")
@click.argument("name")
@click.option("--topic", required=True, help="The topic that it belongs to; it may be a new one.")
@corpus_option
def command(*, name: str, topic: str, corpus: Path | None) -> int:
    """Write a pair called NAME: both programs, and a spec that holds of them.

    It verifies as it stands. Change it step by step into the example that you
    have in mind, and let "harness verify" tell what is no longer true.
    """
    place = corpus or DEFAULT_CORPUS
    if not place.is_dir():
        raise UsageError(
            f"{place}: expected the directory of examples, found none; "
            "run this where the corpus is, or name it with --corpus"
        )
    for line in _told(scaffold(place, topic, name)):
        click.echo(line)
    return ExitCode.OK


def _told(made: Scaffolded) -> tuple[str, ...]:
    where = made.directory
    files = ", ".join(str(path.relative_to(made.directory)) for path in made.files)
    return (
        f"made {where}: {files}",
        f"added the crate to {made.workspace}",
        "",
        "it holds as it stands; next:",
        f"  harness verify {where}",
        "change the programs step by step, and say in example.toml what is true of them; then",
        f"  harness propose {where}   what always held of what they print now",
        f"  harness audit {where}     can each property fail?",
    )
