"""harness show: an example, both programs and what is true of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from harness.commands.shared import colour_option, corpus_option, one_spec, wants_colour
from harness.model import Program, Property, Scope, Spec
from harness.reports.terminal import Terminal
from harness.reports.text import FAINT, PLAIN, STRONG, UNSURE, TextLine, visible


@click.command("show")
@click.argument("name")
@corpus_option
@colour_option
def command(*, name: str, corpus: Path | None, colour: bool | None) -> None:
    """Show the example NAME: its programs, and what is true of them."""
    spec = one_spec(name, corpus)
    Terminal(colour=wants_colour(colour)).write(_lines(spec))


def _lines(spec: Spec) -> Iterator[TextLine]:
    yield ((STRONG, spec.title), (FAINT, f"  {spec.id}"))
    yield ((PLAIN, spec.summary),)
    for program in spec.programs:
        yield ()
        yield from _program_lines(spec, program)
    yield ()
    yield ((STRONG, "What is true"),)
    for prop in spec.properties:
        yield from _property_lines(prop)


def _program_lines(spec: Spec, program: Program) -> Iterator[TextLine]:
    refused = "  (the compiler refuses it)" if spec.is_refused(program) else ""
    yield ((STRONG, f"── {spec.id}/{program.path}"), (UNSURE, refused), (FAINT, _about(program)))
    text = (spec.directory / program.path).read_text(encoding="utf-8")
    for line in text.rstrip("\n").split("\n"):
        yield ((PLAIN, f"  {visible(line)}"),)


def _about(program: Program) -> str:
    return f"  {program.summary}" if program.summary else ""


def _property_lines(prop: Property) -> Iterator[TextLine]:
    some = "in some run " if prop.scope is Scope.SOME_RUN else ""
    yield ((STRONG, f"  {prop.name}"), (FAINT, _where(prop)))
    yield ((PLAIN, f"    {some}{prop.rule.sentence()}"),)
    yield ((FAINT, f"    {prop.why}"),)


def _where(prop: Property) -> str:
    parts = [prop.side.value] if prop.side else []
    parts += [f"program {name}" for name in prop.programs if name != "main"]
    return f"  ({', '.join(parts)})" if parts else ""
