"""harness adopt: the paired programs of a Markdown chapter, as a draft corpus."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

import click

from harness.authoring.scaffold import begin
from harness.books.adopt.adopting import Adopted, Chapter, adopt
from harness.commands.learning import learning, learning_options
from harness.commands.sandboxing import sandbox_option_of
from harness.commands.shared import default_toolchains, read_text, state_option
from harness.language.corpus import is_corpus
from harness.language.home import default_corpus
from harness.reports.styled import COLUMNS
from harness.values.errors import ExitCode, NothingSelected, UsageError
from harness.values.program import Side
from harness.values.words import visible


@click.command("adopt")
@sandbox_option_of("state_dir", "corpus")
@click.argument("chapter", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--corpus", type=click.Path(file_okay=False, path_type=Path), default=None,
              help="Where the draft goes; by default the corpus here, or examples.")  # fmt: skip
@click.option("--topic", default=None, help="Its topic; by default the name of the file.")
@learning_options
@state_option
def command(
    *,
    chapter: Path,
    corpus: Path | None,
    topic: str | None,
    runs: int,
    schedules: int,
    seed: int,
    state_dir: Path,
) -> int:
    """Make a draft corpus of the Python and Rust programs in the Markdown file CHAPTER.

    Programs of the two languages in one section become a pair; fragments are
    made whole, where that can be. Each is run many times: its spec proposes what
    always held, and what the chapter prints of it is said to have been seen,
    not to have been seen in so many runs, or to be impossible, and why.
    """
    if topic is not None and not re.fullmatch(r"[a-z][a-z0-9-]*", topic):
        raise UsageError(f'"{topic}" is no topic: expected a name such as "life-cycle"')
    place = corpus or default_corpus()
    source = Chapter(
        path=chapter, text=read_text(chapter), corpus=place, topic=topic or _topic_of(chapter)
    )
    found = source.found
    if not found:
        raise NothingSelected(f"{chapter}: no code block in Python or Rust")
    if not is_corpus(place):
        for path in begin(place, has_workflow=False).made:
            click.echo(f"made {path}")
    sides = tuple(side for side in Side if any(side in each.programs for each in found))
    with learning(runs=runs, schedules=schedules, seed=seed, state=state_dir) as options:
        adopted = adopt(source, default_toolchains(sides), options, _tell)
    for line in _sum(adopted):
        click.echo(line)
    return ExitCode.OK


def _topic_of(chapter: Path) -> str:
    """A topic by the name of the chapter's file, behind ``chapter-`` where that would be none."""
    name = re.sub(r"[^a-z0-9]+", "-", chapter.stem.lower()).strip("-")
    is_fit = re.match(r"[a-z]", name) and name not in ("src", "target")
    return name if is_fit else f"chapter-{name}".rstrip("-")


def _tell(adopted: Adopted) -> None:
    sides = " and ".join(side.value for side in adopted.sides) or "left out"
    click.echo(f"{adopted.id} (line {adopted.line}): {sides}")
    for text in (*adopted.notes, *map(str, adopted.said)):
        for line in wrap(visible(text), COLUMNS, initial_indent="  ", subsequent_indent="    "):
            click.echo(line)


def _sum(adopted: tuple[Adopted, ...]) -> Iterator[str]:
    said = Counter(each.word for one in adopted for each in one.said)
    pairs = sum(len(one.sides) == 2 for one in adopted)
    yield ""
    yield f"{len(adopted)} examples, {pairs} of them pairs; {said.total()} printed outputs:"
    yield "  " + (", ".join(f"{number} {word}" for word, number in said.items()) or "none")
    yield "next: harness verify; then say in each example.toml why it must be so"
