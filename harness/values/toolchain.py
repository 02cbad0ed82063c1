"""Interpreters and compilers, and what they make of a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from harness.values.program import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolchain:
    """One interpreter, or one compiler with its cargo.

    ``label`` is what a user types and reads (``3.11``, ``3.13t``, ``stable``);
    ``version`` is exact (``3.11.7``); ``release`` is the implementation's own, if that has
    one (PyPy's ``8.0.1``); ``has_gil`` is ``None`` for compilers.
    ``environment`` holds the variables that select it (``RUSTUP_TOOLCHAIN``).
    """

    side: Side
    label: str
    version: str
    program: Path
    cargo: Path | None = None
    cargo_version: str = ""
    implementation: str = ""
    release: str = ""
    has_gil: bool | None = None
    cores: int = 1
    os: str = "linux"
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """``CPython 3.11.7``, ``PyPy 3.11.17 (8.0.1)`` or ``rustc 1.95.0``."""
        own = f" ({self.release})" if self.release else ""
        return f"{self.implementation or 'rustc'} {self.version}{own}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere in a source file: 1-based line and column, and the line's text."""

    file: str
    line: int
    column: int = 0
    text: str = ""

    def __str__(self) -> str:
        """``src/main.rs:7``."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """An error of the compiler: code (may be empty), headline, where its primary span starts.

    ``notes`` are the grounds that it gives, without their places; ``rendered``
    is the compiler's own wording, for showing only.
    """

    message: str
    code: str = ""
    place: Place | None = None
    notes: tuple[str, ...] = ()
    rendered: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The program is there, ready to be started by ``command``."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The compiler refused the program, with these errors."""

    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBuilt:
    """It could not be told whether the program compiles, and why; ``place``: where that is seen.

    ``unreachable`` is what cargo says where packages that it needs cannot be had: then it is
    nobody's fault.
    """

    reason: str
    detail: str = ""
    place: Place | None = None
    unreachable: str = ""


Build: TypeAlias = Built | Refused | NotBuilt
