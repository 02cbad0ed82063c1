"""harness new: write a new pair that verifies as it stands."""

from __future__ import annotations

from pathlib import Path

import click

from harness.authoring.scaffold import Scaffolded, scaffold
from harness.commands.shared import corpus_option, sides_of
from harness.language.discovery import DEFAULT_CORPUS
from harness.values.errors import ExitCode, UsageError
from harness.values.program import Side

NO_TOPIC = "drafts"
"""Where a pair goes of which nobody says where it belongs."""


@click.command("new")
@click.argument("name")
@click.option("--topic", default=None,
              help=f'The topic that it belongs to, old or new; if none, "{NO_TOPIC}".')  # fmt: skip
@click.option("--side", type=click.Choice([side.value for side in Side]),
              help="Make this side only: an example with one program.")  # fmt: skip
@corpus_option
def command(*, name: str, topic: str | None, side: str | None, corpus: Path | None) -> int:
    """Write a pair called NAME: both programs, and a spec that holds of them.

    NAME may name the topic as well, as in "deadlock/dining-philosophers".
    It verifies as it stands. Change it step by step into the example that you
    have in mind, and let "harness verify" tell what is no longer true.
    """
    place = corpus or DEFAULT_CORPUS
    if not place.is_dir():
        raise UsageError(
            f"{place}: expected the directory of examples, found none; "
            "run this where the corpus is, or name it with --corpus"
        )
    topic, name = _topic_and_name(name, topic)
    for line in _told(scaffold(place, topic, name, sides_of(side))):
        click.echo(line)
    return ExitCode.OK


def _topic_and_name(name: str, topic: str | None) -> tuple[str, str]:
    """Take apart ``topic/name``; what is said twice must be the same."""
    before, slash, after = name.rpartition("/")
    if not slash:
        return topic or NO_TOPIC, name
    if topic not in (None, before):
        raise UsageError(
            f'"{name}" --topic "{topic}": expected one topic, found two; leave one of them out'
        )
    return before, after


def _told(made: Scaffolded) -> tuple[str, ...]:
    where = made.directory
    files = ", ".join(str(path.relative_to(made.directory)) for path in made.files)
    return (
        f"made {where}: {files}",
        *_workspace_line(made),
        "",
        "it holds as it stands; next:",
        f"  harness verify {where}",
        "change the programs step by step, and say in example.toml what is true of them; then",
        f"  harness propose {where}   what always held of what they print now",
        f"  harness audit {where}     can each property fail?",
    )


def _workspace_line(made: Scaffolded) -> tuple[str, ...]:
    if made.workspace is None:
        return ()
    has_crate = made.directory / "Cargo.toml" in made.files
    what = "added the crate to" if has_crate else "told cargo that it has no crate, in"
    return (f"{what} {made.workspace}",)
