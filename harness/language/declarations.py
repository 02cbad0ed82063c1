"""What ``example.toml`` and ``breaks.toml`` declare, checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from harness.language.properties.base import Rule
from harness.values.program import Condition, EventSpec, Packages, Program, Scope, Side

SPEC_FILE = "example.toml"
"""What is true of an example's programs."""

BREAKS_FILE = "breaks.toml"
"""Beside it: the variants of the programs, and what each of them breaks."""

ALWAYS = "always"
"""The table of the properties that hold of every run."""

SOMETIMES = "sometimes"
"""The table of those that some run must show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One declared truth. ``rule`` says it in the terms of its family.

    ``side`` is the side that all of it is about, if it is one; ``programs`` names
    the programs that it speaks of, on both sides or (``rust:mended``) on one.
    """

    name: str
    why: str
    family: str
    rule: Rule
    side: Side | None = None
    programs: tuple[str, ...] = ("main",)
    scope: Scope = Scope.EVERY_RUN
    when: Condition = field(default_factory=Condition)
    audit: str = ""
    line: int = 0

    @property
    def key(self) -> str:
        """Its place in the spec: ``always.total-comes-last``."""
        table = ALWAYS if self.scope is Scope.EVERY_RUN else SOMETIMES
        return f"{table}.{self.name}"

    def covers(self, program: Program) -> bool:
        """Whether the property is a claim about ``program`` (conditions aside)."""
        if self.side not in (None, program.side):
            return False
        return (
            program.name in self.programs or f"{program.side.value}:{program.name}" in self.programs
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What most would guess wrong of the programs, and the truth that the properties ``by`` check.

    It claims nothing by itself: ``by`` names what does.
    """

    name: str
    guess: str
    truth: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of a program's source, in which ``text`` occurs exactly once.

    ``other`` replaces it (where that is empty, a line that is left empty goes, too);
    or it occurs once as well and the two ``swap`` places;
    or it is ``add``ed: lines that follow the line that holds ``text``, as far
    indented as that.
    """

    text: str
    other: str
    kind: Literal["replace", "swap", "add"] = "replace"

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that the source holds exactly once."""
        return (self.text, self.other) if self.kind == "swap" else (self.text,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A deliberately changed variant of one program, and the properties it must break.

    One that breaks nothing is accepted: it stands for the mutants that come to
    the same text, and ``why`` says for what reason no property can tell them.
    A variant that is declared for several programs becomes a control for each
    of them, with a name that says which.
    """

    name: str
    side: Side
    breaks: tuple[str, ...]
    program: str = "main"
    edits: tuple[Edit, ...] = ()
    why: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A mutation of traces that the spec rightly accepts, and why.

    ``mutation`` is called as the audit calls it (``drop worker``). ``programs``
    are those that it is meant of; if there are none, it is meant of all.
    """

    mutation: str
    why: str
    programs: tuple[tuple[Side, str], ...] = ()
    line: int = 0

    def is_about(self, side: Side, program: str) -> bool:
        """Whether it is meant of that program on that side."""
        return not self.programs or (side, program) in self.programs


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What an example declares, checked. ``directory`` is absolute.

    ``controls`` break something, ``accepted`` variants nothing. ``digest`` is
    that of the claims and the programs, ``breaks_digest`` that of the variants
    alone: what was seen of the programs outlives a change of these.
    ``is_former`` says that it is written in the form before ``[always.NAME]``.
    ``tried``: it stands for a program that lies in no corpus; how that (with its
    toolchain) and its arguments are named to ``harness try``.
    """

    directory: Path
    name: str
    topic: str
    title: str
    summary: str
    python_floor: str = "3.9"
    rust_floor: str = "1.63"
    packages: Packages = field(default_factory=Packages)
    timing: Literal["free", "strict"] = "free"
    granularity: Literal["gil", "opcode"] = "gil"
    task_order: Literal["fifo", "free"] = "fifo"
    last_line: Literal["whole", "cut"] = "whole"
    events: tuple[EventSpec, ...] = ()
    programs: tuple[Program, ...] = ()
    properties: tuple[Property, ...] = ()
    guesses: tuple[Guess, ...] = ()
    controls: tuple[Control, ...] = ()
    accepted: tuple[Control, ...] = ()
    survivors: tuple[Survivor, ...] = ()
    digest: str = ""
    breaks_digest: str = ""
    is_former: bool = False
    tried: tuple[str, str] | None = None

    @property
    def id(self) -> str:
        """``topic/name``: how a report names the example."""
        return f"{self.topic}/{self.name}"

    @property
    def full_digest(self) -> str:
        """Of claims, programs and variants: what breaking programs has shown is kept under it."""
        return f"{self.digest}+{self.breaks_digest}" if self.breaks_digest else self.digest

    @property
    def path(self) -> Path:
        """The spec's own file."""
        return self.directory / SPEC_FILE

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides that have a program: both, or the one that there is."""
        return tuple(side for side in Side if self.programs_of(side))

    def programs_of(self, side: Side) -> tuple[Program, ...]:
        """The programs of one side, ``main`` first."""
        return tuple(p for p in self.programs if p.side is side)

    def program(self, side: Side, name: str) -> Program | None:
        """The program of that name on that side, if there is one."""
        return next((p for p in self.programs_of(side) if p.name == name), None)

    def is_refused(self, program: Program) -> bool:
        """Whether the spec says that the compiler refuses ``program``."""
        return any(p.family == "compile-error" and p.covers(program) for p in self.properties)
