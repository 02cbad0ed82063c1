"""harness new: write a new pair that verifies as it stands."""

from __future__ import annotations

import os
from pathlib import Path

import click

from harness.authoring.scaffold import Scaffolded, begin, scaffold
from harness.commands.shared import corpus_option, sides_of
from harness.commands.telling import tell
from harness.language.corpus import is_corpus
from harness.language.declarations import BREAKS_FILE
from harness.language.discovery import find_directories
from harness.language.home import DEFAULT_CORPUS, find_home, repository_of
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
@click.option("--breaks", is_flag=True,
              help="Write a breaks.toml too: what must break it, for harness audit.")  # fmt: skip
@corpus_option
def command(
    *, name: str, topic: str | None, side: str | None, breaks: bool, corpus: Path | None
) -> int:
    """Write a pair called NAME: both programs, and a spec that holds of them.

    NAME may name the topic as well, as in "deadlock/drinking-philosophers".
    It goes into the corpus here or around here; where there is none, one is made.
    It verifies as it stands. Change it step by step into the example that you
    have in mind, and let "harness verify" tell what is no longer true.
    """
    place = corpus or _place()
    topic, name = _topic_and_name(name, topic)
    is_first = not place.exists() or not any(find_directories(place))
    made = scaffold(place, topic, name, sides_of(side), has_breaks=breaks)
    begun = begin(place, has_workflow=False).made if is_first and not is_corpus(place) else ()
    for line in (*_made(made), *(f"made {path}" for path in begun), "", *_next(made)):
        tell(line)
    return ExitCode.OK


def _place() -> Path:
    """The corpus around here; where there is none, one is begun at the top of the repository."""
    home = find_home()
    if home is not None:
        return home.corpus
    return Path(os.path.relpath((repository_of(Path.cwd()) or Path()) / DEFAULT_CORPUS))


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


def _made(made: Scaffolded) -> tuple[str, ...]:
    where = made.directory
    files = ", ".join(str(path.relative_to(where)) for path in made.files)
    return (f"made {where}: {files}", *_workspace_line(made))


def _next(made: Scaffolded) -> tuple[str, ...]:
    where = made.directory
    has_breaks = where / BREAKS_FILE in made.files
    audit = (f"  harness audit {where}", "    can each property fail?") if has_breaks else ()
    return (
        "it holds as it stands; next:",
        f"  harness verify {where}",
        "change the programs step by step, and say in example.toml what holds; then",
        f"  harness propose {where}",
        "    what always held of what they print now",
        *audit,
    )


def _workspace_line(made: Scaffolded) -> tuple[str, ...]:
    if made.workspace is None:
        return ()
    has_crate = made.directory / "Cargo.toml" in made.files
    what = "added the crate to" if has_crate else "told cargo that it has no crate, in"
    return (f"{what} {made.workspace}",)
