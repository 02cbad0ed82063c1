"""harness propose: what always held of an example's runs, as properties for its spec."""

from __future__ import annotations

from pathlib import Path

import click

from harness.authoring.propose import propose
from harness.authoring.propose.draft import load_draft
from harness.commands.learning import learning, learning_options
from harness.commands.sandboxing import sandbox_option
from harness.commands.shared import corpus_option, default_toolchains, sides_in, state_option
from harness.commands.writing import check_writable
from harness.language.declarations import SPEC_FILE
from harness.language.discovery import find_examples, select_one
from harness.language.home import default_corpora
from harness.values.errors import ExitCode, UsageError


@click.command("propose")
@sandbox_option
@click.argument("name")
@corpus_option
@learning_options
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), default=None,
              help="Write the proposals to this new file, and not to the terminal.")  # fmt: skip
@state_option
def command(
    *,
    name: str,
    corpus: Path | None,
    runs: int,
    schedules: int,
    seed: int,
    output: Path | None,
    state_dir: Path,
) -> int:
    """Run the example NAME many times, and propose what always held as properties.

    NAME may also be a directory with the programs and no spec yet. Nothing is
    written into a spec: think each proposal through, give its reason, and
    paste it.
    """
    if output is not None:
        _check_new(output)
    directory = _directory(name, corpus)
    toolchains = default_toolchains(sides_in([load_draft(directory)]))
    with learning(runs=runs, schedules=schedules, seed=seed, state=state_dir) as options:
        text = propose(directory, toolchains, options).text
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
        click.echo(f"proposals for {directory.name} are in {output}")
    return ExitCode.OK


def _check_new(output: Path) -> None:
    """See that the proposals can be written there, and would replace nothing."""
    if output.exists():
        raise UsageError(f"{output}: is there already; name a new file")
    check_writable("--output", output)


def _directory(name: str, corpus: Path | None) -> Path:
    """The example's directory: a path that holds programs, or a name in the corpus."""
    path = Path(name)
    if any((path / file).exists() for file in (SPEC_FILE, "main.py", "src/main.rs")):
        return path.absolute()
    return select_one(find_examples((corpus,) if corpus else default_corpora()), name)
