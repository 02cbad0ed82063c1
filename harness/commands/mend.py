"""harness mend: give a reader a broken program, and say whether it has been mended."""

from __future__ import annotations

from pathlib import Path

import click

from harness.commands import verify
from harness.commands.completion import complete_example
from harness.commands.sandboxing import sandbox_option_of
from harness.commands.shared import chosen_specs, corpus_option, side_option
from harness.commands.telling import tell
from harness.language.exercises import Exercise, exercises_of
from harness.language.home import STATE_DIRECTORY
from harness.proof.mending import place_of, write_exercise
from harness.values.errors import ExitCode, NothingSelected
from harness.values.words import nearest

SCHEDULES = 120
"""Controlled schedules of each program: what breaks seldom is not to pass for mended."""


@click.command("mend")
@sandbox_option_of("out")
@click.argument("name", required=False, shell_complete=complete_example)
@corpus_option
@side_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path),
              default=Path("mend"), show_default=True,
              help="Where the broken programs are written, and stay.")  # fmt: skip
@click.pass_context
def command(
    ctx: click.Context, *, name: str | None, corpus: Path | None, side: str | None, out: Path
) -> int:
    """Write the broken programs of the exercise NAME, if not yet done, and judge them.

    Mend them, and call it again: it passes when every sentence holds. Without
    NAME it lists the exercises.
    """
    exercises = exercises_of(chosen_specs((), corpus))
    if name is None:
        for each in exercises:
            tell(_listed(each, out))
        return ExitCode.OK
    exercise = _named(name, exercises)
    is_new = not place_of(exercise, out).exists()
    place = write_exercise(exercise, out)
    tell(exercise.task)
    click.echo(f"{'written' if is_new else 'as you have left it'}:")
    for path in exercise.paths:
        click.echo(f"  {place / path}")
    code = int(
        ctx.invoke(
            verify.command,
            select=(exercise.spec.name,),
            corpus=out,
            side=side,
            schedules=SCHEDULES,
            state_dir=out / STATE_DIRECTORY,
        )
    )
    if code == ExitCode.OK:
        tell("mended: every sentence holds")
    elif code == ExitCode.FAILED:
        tell(f'not mended yet: change the programs, and call "{ctx.command_path} {name}" again')
    return code


def _listed(exercise: Exercise, out: Path) -> str:
    begun = " (begun)" if place_of(exercise, out).exists() else ""
    return f"{exercise.spec.name}{begun}: {exercise.task}"


def _named(name: str, exercises: tuple[Exercise, ...]) -> Exercise:
    """The exercise on the pair of that name.

    Raises NothingSelected with the nearest one there is.
    """
    by_name = {each.spec.name: each for each in exercises}
    if name not in by_name:
        known = "; harness mend lists them" if by_name else ""
        raise NothingSelected(f'there is no exercise "{name}"{nearest(name, by_name)}{known}')
    return by_name[name]
