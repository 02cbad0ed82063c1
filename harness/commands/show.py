"""harness show: an example, both programs side by side, and what is true of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from textwrap import wrap
from typing import Any

import click
from rich.cells import cell_len
from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

from harness.commands.completion import complete_example
from harness.commands.shared import colour_option, corpus_option, one_spec, wants_colour
from harness.language.declarations import Guess, Property, Spec
from harness.language.sources import source_of
from harness.reports.columns import columns_of
from harness.site.steps import Piece, StepRow, align
from harness.values.program import Program, Scope, Side
from harness.values.words import visible

GUTTER = "  │  "
MEASURE = 88
"""Columns of a sentence at most: longer lines are hard to read."""

NARROWEST = 56
"""Columns that one side needs; with less for each, the sides stand one below the other."""


@click.command("show")
@click.argument("name", shell_complete=complete_example)
@corpus_option
@click.option(
    "--width", type=click.IntRange(20), default=None, help="Columns; by default the terminal's."
)
@colour_option
def command(*, name: str, corpus: Path | None, width: int | None, colour: bool | None) -> None:
    """Show the example NAME: its programs step by step, and what is true of them."""
    spec = one_spec(name, corpus)
    columns = width or columns_of(sys.stdout)
    has_colour = wants_colour(colour)
    console = _Console(
        width=columns,
        no_color=not has_colour,
        force_terminal=has_colour,
        color_system="truecolor" if has_colour else None,
        highlight=False,
        soft_wrap=True,
    )
    for line in _folded(Text.assemble((spec.title, "bold"), (f"  {spec.id}", "dim")), columns):
        console.print(line)
    console.print(_paragraph(spec.summary, columns))
    for program in dict.fromkeys(p.name for p in spec.programs):
        for line in program_lines(spec, program, columns):
            line.rstrip()
            console.print(line)
    if spec.guesses:
        console.print(Text("Guess and truth", "bold"))
    for guess in spec.guesses:
        _print_guess(console, guess, columns)
    console.print(Text("What is true", "bold"))
    for prop in spec.properties:
        _print_property(console, prop, columns)


class _Console(Console):
    """Nothing that an author wrote can act on the terminal."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print what can be seen of the texts."""
        super().print(*(_seen(each) for each in objects), **options)


def _seen(text: Text) -> Text:
    """A text with what a terminal would obey made visible.

    Its highlighting goes where there was any.
    """
    shown = visible(text.plain)
    return text if shown == text.plain else Text(shown)


def program_lines(spec: Spec, name: str, width: int) -> Iterator[Text]:
    """One program on the sides that have it, at this width: side by side where there is room."""
    programs = [p for side in Side if (p := spec.program(side, name))]
    sources = [source_of(spec, p) for p in programs]
    codes = [_highlighted(program, text) for program, text in zip(programs, sources, strict=True)]
    column = (width - len(GUTTER)) // 2
    yield Text()
    if summary := next((p.summary for p in programs if p.summary), ""):
        yield from _folded(Text.assemble((f"{name}: ", "bold"), summary), width)
    if len(programs) > 1 and column >= NARROWEST:
        yield from _side_by_side(
            [_title(spec, p) for p in programs[:1]], [_title(spec, programs[1])], column
        )
        for row in align(sources):
            yield from _row_lines(row, codes, column)
    else:
        for program, code in zip(programs, codes, strict=True):
            yield _title(spec, program)
            yield from code
            yield Text()


def _row_lines(row: StepRow, codes: Sequence[list[Text]], column: int) -> Iterator[Text]:
    """A step: its heading over both sides, or one for each, and the code below."""
    left, right = (
        _piece_lines(row, code, piece, heading)
        for code, piece, heading in zip(codes, row.pieces, row.headings or ("", ""), strict=True)
    )
    if row.heading:
        yield _heading(row.number, row.heading)
    yield from _side_by_side(left, right, column)
    yield Text()


def _piece_lines(row: StepRow, code: list[Text], piece: Piece | None, heading: str) -> list[Text]:
    lines = [_heading(row.number, heading)] if heading and not row.heading else []
    return lines + (code[piece.start : piece.end] if piece else [])


def _heading(number: int, text: str) -> Text:
    return Text.assemble((f"{number}. ", "bold"), (text, "bold"))


def _side_by_side(left: Sequence[Text], right: Sequence[Text], column: int) -> Iterator[Text]:
    """Two columns of lines; a line that is too long goes on in the next, within its column."""
    for one, two in zip_longest(left, right, fillvalue=Text()):
        for first, second in zip_longest(
            _folded(one, column), _folded(two, column), fillvalue=Text()
        ):
            padding = " " * max(0, column - cell_len(first.plain))
            yield Text.assemble(first, padding, (GUTTER, "dim"), second)


def _folded(line: Text, column: int) -> list[Text]:
    """A line in parts that fit, cut at blanks in their second half.

    By cells, as some characters take two.
    """
    parts = []
    while cell_len(line.plain) > column:
        cut = line.plain.rfind(" ", column // 2, column)
        head, line = line.divide([cut if cut > 0 else column])
        parts.append(head)
    return [*parts, line]


def _title(spec: Spec, program: Program) -> Text:
    refused = "  (the compiler refuses it)" if spec.is_refused(program) else ""
    language = program.side.value.capitalize()
    return Text.assemble((f"── {language} ", "bold"), (program.path, "dim"), (refused, "yellow"))


def _highlighted(program: Program, source: str) -> list[Text]:
    """The source's lines with colours: as many as it has, though the lexer may add one."""
    syntax = Syntax("", program.side.value, theme="ansi_dark", background_color="default")
    shown = "\n".join(visible(line) for line in source.rstrip("\n").split("\n"))
    return list(syntax.highlight(shown).split("\n", allow_blank=True))[: shown.count("\n") + 1]


def _paragraph(text: str, columns: int, indent: int = 0, style: str = "") -> Text:
    """Text in lines of a width that can be read, each indented."""
    margin = " " * indent
    width = min(columns, MEASURE + indent)
    lines = wrap(" ".join(text.split()), width, initial_indent=margin, subsequent_indent=margin)
    return Text("\n".join(lines), style)


def _print_property(console: Console, prop: Property, columns: int) -> None:
    some = "in some run " if prop.scope is Scope.SOME_RUN else ""
    for line in _folded(Text.assemble((f"  {prop.name}", "bold"), (_where(prop), "dim")), columns):
        console.print(line)
    console.print(_paragraph(f"{some}{prop.rule.sentence()}", columns, 4))
    console.print(_paragraph(prop.why, columns, 4, "dim"))


def _print_guess(console: Console, guess: Guess, columns: int) -> None:
    console.print(_paragraph(f"Most would guess: {guess.guess}", columns, 2))
    console.print(_paragraph(f"In truth: {guess.truth}", columns, 2))
    console.print(_paragraph(f"Checked by {', '.join(guess.by)}", columns, 4, "dim"))


def _where(prop: Property) -> str:
    parts = [prop.side.value] if prop.side else []
    parts += [f"program {name}" for name in prop.programs if name != "main"]
    return f"  ({', '.join(parts)})" if parts else ""
