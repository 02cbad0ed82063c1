"""harness mdbook: the preprocessor by which an mdBook book shows pairs."""

from __future__ import annotations

import sys

import click

from harness.books.mdbook import preprocess
from harness.values.errors import ExitCode
from harness.values.words import visible


@click.group("mdbook", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> int:
    """Put pairs into a book of mdBook, which calls this command.

    In book.toml: [preprocessor.pair] with command = "harness mdbook". In a
    chapter, on a line of its own: {{#pair TOPIC/NAME}}. The build fails for a
    pair that does not pass, or was not verified as it is now. Nothing is run.
    """
    if context.invoked_subcommand is not None:
        return ExitCode.OK
    if sys.stdin.isatty():
        click.echo(context.get_help())
        return ExitCode.OK
    book = preprocess(sys.stdin.buffer.read().decode("utf-8", "replace"))
    for fault in book.faults:
        click.echo(f"harness: {visible(str(fault))}", err=True)
    if book.faults:
        return ExitCode.FAILED
    click.echo(book.json)
    return ExitCode.OK


@command.command("supports")
@click.argument("renderer")
def supports(*, renderer: str) -> int:
    """Say by the exit code that we write for RENDERER: for any."""
    del renderer
    return ExitCode.OK
