"""Variants: a program with a changed text, and what it is expected to break. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harness.language.control_texts import EditError, edited
from harness.language.declarations import Control, Spec
from harness.values.program import Program, Side

Read = Callable[[str], str]
"""Gives the text of a file of the example by its relative path."""

TWIN = "mended twin"
"""How the control is called that every compile error brings with it."""

_NO_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One program of an example with a changed text.

    ``breaks`` names what it must break: a control what that names, a mended twin the refusal; of a
    mutant nobody knows, and it is empty. ``slug`` names its directory; ``fault`` says why there is
    no text, if there is none.
    """

    spec: Spec
    program: Program
    name: str
    slug: str
    breaks: tuple[str, ...]
    text: str
    line: int = 0
    fault: str = ""

    @property
    def side(self) -> Side:
        """Which side's program it is."""
        return self.program.side


def variants_of(spec: Spec, read: Read) -> Iterator[Variant]:
    """All variants that ``spec`` declares, and the mended twin of each refused program."""
    for control in spec.controls:
        yield _variant(spec, control, read)
    for prop in spec.properties:
        for program in spec.programs_of(Side.RUST):
            if prop.covers(program):
                for mended in prop.rule.mended_programs:
                    yield _twin(spec, program, prop.name, mended, read)


def _variant(spec: Spec, control: Control, read: Read) -> Variant:
    """What a control makes of its program; where that is no program, its ``fault`` says why."""
    program = spec.program(control.side, control.program)
    assert program is not None  # noqa: S101 - the loader has seen to it
    text, fault = read(program.path), ""
    try:
        text = edited(text, control.edits)
        fault = _syntax_fault(text) if program.side is Side.PYTHON else ""
    except EditError as error:
        fault = str(error)
    return Variant(
        spec=spec,
        program=program,
        name=control.name,
        slug=_slug(control.name, program),
        breaks=control.breaks,
        text=text,
        line=control.line,
        fault=fault,
    )


def _syntax_fault(text: str) -> str:
    """Why a text is no Python; empty if it is. A control that does not compile proves nothing."""
    try:
        compile(text, "variant", "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"it does not compile: line {error.lineno}: {error.msg}"
    return ""


def _twin(spec: Spec, program: Program, prop: str, mended: str, read: Read) -> Variant:
    """The refused program with the text of its mended twin: it compiles, so the claim breaks."""
    twin = spec.program(Side.RUST, mended)
    assert twin is not None  # noqa: S101 - the loader has seen to it
    name = f"{TWIN} {mended}"
    return Variant(
        spec=spec,
        program=program,
        name=name,
        slug=_slug(f"{name} {prop}", program),
        breaks=(prop,),
        text=read(twin.path),
    )


def _slug(name: str, program: Program) -> str:
    """A short name for files and crates; two names that look alike stay apart by a digest."""
    digest = hashlib.sha256(f"{program.name}\0{name}".encode()).hexdigest()[:6]
    plain = _NO_SLUG.sub("-", name.lower()).strip("-")[:40].rstrip("-")
    return f"{plain}-{digest}"
