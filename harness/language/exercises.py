"""``mend.toml`` at the top of a corpus: programs that a reader is given broken, to mend them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.language.corpus import corpus_of
from harness.language.declarations import Control, Spec
from harness.language.spec.reading import read_source, read_toml
from harness.language.tables import Table
from harness.values.program import Side
from harness.values.words import nearest

EXERCISES_FILE = "mend.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """An example with some of its controls applied, and what is to be done about it.

    That it is broken the audit shows, which tries its controls; that it can be mended the example
    shows, which is a solution.
    """

    spec: Spec
    controls: tuple[Control, ...]
    task: str

    @property
    def paths(self) -> tuple[str, ...]:
        """The files of the programs that are broken."""
        programs = (self.spec.program(each.side, each.program) for each in self.controls)
        return tuple(dict.fromkeys(program.path for program in programs if program))


def exercises_of(specs: tuple[Spec, ...]) -> tuple[Exercise, ...]:
    """The exercises on those examples, in the order in which their corpora list them.

    Raises SpecError for what is wrong with a list.
    """
    found: list[Exercise] = []
    for corpus in dict.fromkeys(corpus_of(spec.directory) for spec in specs):
        if (corpus / EXERCISES_FILE).exists():
            here = {spec.name: spec for spec in specs if corpus_of(spec.directory) == corpus}
            found += _read(corpus / EXERCISES_FILE, here)
    return tuple(found)


def _read(path: Path, specs: dict[str, Spec]) -> list[Exercise]:
    """The exercises of a corpus on these examples; those on others are read, and left out."""
    source = read_source(path, "the exercises of a corpus")
    table = Table(source, "", read_toml(source))
    found = []
    for name in table.keys:
        entry = table.table(name)
        task = entry.text("task")
        wanted = {side: entry.text(side.value, "") for side in Side}
        entry.finish()
        if name in specs:
            controls = tuple(
                _control(entry, specs[name], side, wanted[side]) for side in Side if wanted[side]
            )
            found.append(Exercise(spec=specs[name], controls=controls, task=task))
    return found


def _control(entry: Table, spec: Spec, side: Side, name: str) -> Control:
    """The control of one side that an exercise begins from; raises SpecError if there is none."""
    there = {control.name: control for control in spec.controls if control.side is side}
    if name not in there:
        wanted = f"expected a control of {spec.id} in {side.value}"
        entry.fail(side.value, f'{wanted}, found "{name}"{nearest(name, there)}')
    return there[name]
