"""What ``example.toml`` declares, checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from harness.language.properties.base import Rule
from harness.values.program import Condition, EventSpec, Program, Scope, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One declared truth. ``rule`` says it in the terms of its family.

    ``programs`` names the programs that it speaks of, on both sides or
    (``rust:mended``) on one.
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

    def covers(self, program: Program) -> bool:
        """Whether the property is a claim about ``program`` (conditions aside)."""
        if self.side not in (None, program.side):
            return False
        return (
            program.name in self.programs or f"{program.side.value}:{program.name}" in self.programs
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A replacement of a text that occurs exactly once in a program's source."""

    replace: str
    replacement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A deliberately broken variant of one program, and the properties it must break.

    The change is given by ``edits``, or by ``patch``: a unified diff in a
    file beside the spec.
    """

    name: str
    side: Side
    breaks: tuple[str, ...]
    program: str = "main"
    edits: tuple[Edit, ...] = ()
    patch: str = ""
    why: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A mutation of traces that the spec rightly accepts, and why.

    ``mutation`` is called as the audit calls it (``drop worker``); it is
    meant of one side or of one program only where these are given.
    """

    mutation: str
    why: str
    side: Side | None = None
    program: str = ""
    line: int = 0

    def is_about(self, side: Side, program: str) -> bool:
        """Whether it is meant of that program on that side."""
        return self.side in (None, side) and self.program in ("", program)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What ``example.toml`` declares, checked. ``directory`` is absolute."""

    directory: Path
    name: str
    topic: str
    title: str
    summary: str
    order: int = 1000
    python_floor: str = "3.9"
    rust_floor: str = "1.63"
    timing: Literal["free", "strict"] = "free"
    granularity: Literal["gil", "opcode"] = "gil"
    last_line: Literal["whole", "cut"] = "whole"
    events: tuple[EventSpec, ...] = ()
    programs: tuple[Program, ...] = ()
    properties: tuple[Property, ...] = ()
    controls: tuple[Control, ...] = ()
    survivors: tuple[Survivor, ...] = ()
    digest: str = ""

    @property
    def id(self) -> str:
        """``topic/name``: how a report names the example."""
        return f"{self.topic}/{self.name}"

    @property
    def path(self) -> Path:
        """The spec's own file."""
        return self.directory / "example.toml"

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
