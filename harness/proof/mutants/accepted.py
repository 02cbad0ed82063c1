"""Which variant of the spec stands for a mutant: the one that changes the text as it does."""

from __future__ import annotations

from harness.language.control_texts import EditError, edited
from harness.language.declarations import Control, Spec
from harness.language.sources import source_of
from harness.proof.mutants.mutant import Mutant


class Accepted:
    """The variants that a spec accepts, by the program and the text that each comes to.

    A mutant is known by what it does to the text, and so is a variant: empty lines,
    lines of comment and blanks at the ends of lines aside, which no run shows.
    """

    def __init__(self, spec: Spec) -> None:
        self.fitting: dict[tuple[str, str, str], Control] = {}
        self.unfit: dict[str, str] = {}
        for control in spec.accepted:
            program = spec.program(control.side, control.program)
            assert program is not None  # noqa: S101 - the loader has seen to it
            try:
                text = edited(source_of(spec, program), control.edits)
            except EditError as error:
                self.unfit[control.name] = str(error)
            else:
                key = (control.side.value, control.program, _visible(text))
                self.fitting[key] = control

    def of(self, mutant: Mutant) -> Control | None:
        """The variant that comes to the same text as ``mutant``, if one does."""
        return self.fitting.get((mutant.side.value, mutant.program, _visible(mutant.source)))


def _visible(text: str) -> str:
    lines = (line.rstrip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line and not line.lstrip().startswith(("#", "//")))
