"""harness break: apply a control in a scratch copy, run it, and show what it breaks."""  # noqa: N999 - named as the command is

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click

from harness.bench.options import DEFAULT_SCHEDULES, Options
from harness.commands.completion import complete_control, complete_example
from harness.commands.sandboxing import sandbox_option
from harness.commands.shared import (
    colour_option,
    corpus_option,
    default_toolchains,
    one_spec,
    side_option,
    sides_of,
    state_option,
    wants_colour,
)
from harness.language.declarations import Spec
from harness.language.sources import source_of, text_of
from harness.proof.breaking import try_variants
from harness.proof.kept import save_broken
from harness.proof.shown import Broken, BrokenProperty, MarkedLine
from harness.proof.variants import Variant, variants_of
from harness.reports.styled import BAD, FAINT, GOOD, MARK, PLAIN, STRONG, UNSURE, TextLine
from harness.reports.terminal import Terminal
from harness.values.errors import ExitCode, UsageError
from harness.values.words import count_of, nearest, visible

PLAIN_RUNS = 5


@click.command("break")
@sandbox_option
@click.argument("name", shell_complete=complete_example)
@click.argument("control", required=False, shell_complete=complete_control)
@corpus_option
@side_option
@click.option("--schedules", type=click.IntRange(0), default=DEFAULT_SCHEDULES,
              help="Controlled schedules to try if plain runs do not break it.")  # fmt: skip
@state_option
@colour_option
def command(
    *,
    name: str,
    control: str | None,
    corpus: Path | None,
    side: str | None,
    schedules: int,
    state_dir: Path,
    colour: bool | None,
) -> int:
    """Break the example NAME as its CONTROL says, and show what that breaks.

    Without CONTROL all controls are tried. The example's own files are not
    touched: a copy is changed, run plainly, and then under controlled
    schedules until it breaks.
    """
    spec = one_spec(name, corpus)
    sides = sides_of(side)
    variants = [v for v in _chosen(spec, control) if v.side in sides]
    if not variants:
        raise UsageError(f"{spec.id}: no control of the {side} side is meant")
    terminal = Terminal(colour=wants_colour(colour))
    options = Options(runs=PLAIN_RUNS, schedules=schedules, state=state_dir)
    wanted = tuple(s for s in sides if any(v.side is s for v in variants))
    results = []
    for variant, broken in try_variants(variants, default_toolchains(wanted), options):
        terminal.write(_lines(variant, broken))
        save_broken(state_dir, spec, [broken])
        results.append(bool(broken.broken))
    return ExitCode.OK if all(results) else ExitCode.FAILED


def _chosen(spec: Spec, control: str | None) -> list[Variant]:
    """The control of that name, or all; raises UsageError that names those that there are."""
    variants = list(variants_of(spec, partial(text_of, spec)))
    if control is None:
        return variants
    names = [variant.name for variant in variants]
    if control not in names:
        known = "".join(f'\n  "{known}"' for known in names)
        hint = nearest(control, names)
        raise UsageError(f'{spec.id}: no control is called "{control}"{hint}; there are{known}')
    return [variant for variant in variants if variant.name == control]


def _lines(variant: Variant, broken: Broken) -> Iterator[TextLine]:
    """What the control changes, what it broke under which run, and what no run has broken."""
    yield ((STRONG, f"── {variant.name}"), (FAINT, f"  {variant.spec.id}/{variant.program.path}"))
    yield from _diff(variant)
    if broken.trouble:
        yield ((UNSURE, f"  it could not be run: {visible(broken.trouble)}"),)
    for each in broken.broken:
        yield ()
        yield from _property_lines(each, is_named=each.name in variant.breaks)
    across = {prop.name for prop in variant.spec.properties if prop.rule.is_across}
    for name in broken.unbroken:
        yield ()
        why = f"no single one of {count_of(broken.runs, 'run')} broke it"
        if name in across:
            why = f'it compares runs, or both sides: "harness audit {variant.spec.name}" shows that'
        yield ((UNSURE, f"  {name}"), (FAINT, f"  {why}"))
    yield ()


def _diff(variant: Variant) -> Iterator[TextLine]:
    """The change as a unified diff with one line of context, without its head."""
    before = source_of(variant.spec, variant.program)
    changes = difflib.unified_diff(before.splitlines(), variant.text.splitlines(), n=1, lineterm="")
    lines = list(changes)[2:]
    while lines and not lines[-1].strip():
        lines.pop()
    for line in lines:
        style = {"+": GOOD, "-": BAD, "@": FAINT}.get(line[:1], PLAIN)
        yield ((style, f"    {visible(line)}"),)


def _property_lines(each: BrokenProperty, *, is_named: bool) -> Iterator[TextLine]:
    """What a property says of the run that broke it, with the lines it names; gaps are told."""
    under = f"  [run {each.run}, {each.schedule}]" if each.schedule else ""
    beyond = "" if is_named else "  (not named by the control)"
    yield ((BAD, f"  breaks {each.name}"), (FAINT, under + beyond))
    yield ((PLAIN, f"    {visible(each.message)}"),)
    labels = [f"{_thread(line)}{line.event or '?'}" for line in each.lines]
    width = max(map(len, labels), default=0)
    texts = min(44, max((len(visible(line.text)) for line in each.lines), default=0))
    before = 0
    for line, label in zip(each.lines, labels, strict=True):
        if line.number > before + 1:
            yield ((FAINT, "         ┆"),)
        yield _trace_line(line, f"{label:<{width}}", texts)
        before = line.number
    if before < each.total:
        yield ((FAINT, f"         ┆ {each.total} lines in all"),)


def _thread(line: MarkedLine) -> str:
    """Which thread wrote the line, where a controlled run told."""
    if line.thread is None:
        return ""
    return f"thread {line.thread}  " if line.thread else "main      "


def _trace_line(line: MarkedLine, label: str, texts: int) -> TextLine:
    """A line of the trace; notes stand below each other, right of lines of ``texts`` characters."""
    is_marked = line.note is not None
    sign, text = "▶" if is_marked else " ", visible(line.text)
    pieces = [
        (FAINT, f"    {sign}{line.number:>3} │ {label}  "),
        (MARK if is_marked else PLAIN, text),
    ]
    if line.note:
        pieces.append((BAD, f"{'':{max(0, texts - len(text))}}  ◀ {visible(line.note)}"))
    return tuple(pieces)
