"""harness render: a Markdown file with its pairs put into it."""

from __future__ import annotations

from pathlib import Path

import click

from harness.books.directives import expand
from harness.books.markup import Style, language_of, show_pair
from harness.books.shelf import Links, Shelf
from harness.commands.shared import corpus_option, read_text, state_option
from harness.commands.writing import check_writable
from harness.language.home import default_corpus
from harness.values.errors import ExitCode
from harness.values.words import visible


@click.command("render")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@corpus_option
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), default=None,
              help="Write to this file, and not to the terminal.")  # fmt: skip
@click.option("--language", default="en", show_default=True,
              help="In which language to speak of the pairs: en or ko.")  # fmt: skip
@click.option("--stacked", is_flag=True,
              help="One side below the other, in Markdown alone.")  # fmt: skip
@click.option("--markdown-in-html", is_flag=True,
              help="For Python-Markdown (MkDocs) with its extension md_in_html.")  # fmt: skip
@click.option("--site", default="", metavar="URL",
              help="Where the site of the corpus is: pairs lead there.")  # fmt: skip
@click.option("--repository", default="", metavar="URL",
              help="Where the corpus lies: pairs lead there, if to no site.")  # fmt: skip
@state_option
def command(
    *,
    file: Path,
    corpus: Path | None,
    output: Path | None,
    language: str,
    stacked: bool,
    markdown_in_html: bool,
    site: str,
    repository: str,
    state_dir: Path,
) -> int:
    """Put the pairs that FILE asks for into its Markdown.

    On a line of its own: {{#pair TOPIC/NAME}}, with step=N, side=python|rust,
    anchor=NAME, program=NAME or transcript=yes|no behind the name. Fails, and
    writes nothing, for a pair that does not pass, or was not verified as it is
    now. Nothing is run.
    """
    if output is not None:
        check_writable("--output", output)
    style = Style(language_of(language), not stacked, markdown_in_html)
    shelf = Shelf(corpus or default_corpus(), state_dir, Links(site=site, repository=repository))
    found = expand(read_text(file), lambda directive: show_pair(shelf, directive, style))
    for fault in found.faults:
        click.echo(f"harness: {visible(fault.told(str(file)))}", err=True)
    if found.faults:
        return ExitCode.FAILED
    if output is None:
        click.echo(found.text, nl=False)
    else:
        output.write_text(found.text, encoding="utf-8")
    return ExitCode.OK
