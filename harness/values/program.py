"""What an example consists of: its two sides, its programs, the lines that they print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, TypeAlias

Value: TypeAlias = int | float | str
"""What a field of an event holds."""


class Side(Enum):
    """One of the two programs of an example."""

    PYTHON = "python"
    RUST = "rust"


class Scope(Enum):
    """Whether a property holds of every run, or of at least one."""

    EVERY_RUN = "every-run"
    SOME_RUN = "some-run"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSpec:
    """One kind of output line: its name, its pattern, where it is printed.

    ``words`` restricts a field to a list of allowed words.
    """

    name: str
    pattern: str
    stream: Literal["stdout", "stderr"] = "stdout"
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Where a property applies, or a program can run. ``None`` asks nothing.

    ``cores`` is the least number of cores; ``python`` and ``rust`` are
    version specifiers such as ``>=3.13``; ``gil`` asks for a build with or
    without the global interpreter lock.
    """

    gil: bool | None = None
    cores: int | None = None
    python: str | None = None
    rust: str | None = None
    implementation: str | None = None
    os: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return self == Condition()


@dataclass(frozen=True, slots=True, kw_only=True)
class Packages:
    """The Python packages ``wanted`` by an example, and the ``pins`` that its corpus has for all.

    Both are requirements as PEP 508 writes them. ``extension`` is the directory of the crate whose
    library is a module that its Python programs import, if there is one.
    """

    wanted: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    extension: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program of one side. ``path`` is relative to the example's directory.

    ``timeout_seconds`` bounds one run by the wall clock; ``when`` says where
    it can run at all.
    """

    name: str
    side: Side
    path: str
    summary: str = ""
    args: tuple[str, ...] = ()
    stdin: str = ""
    timeout_seconds: float = 10.0
    when: Condition = field(default_factory=Condition)
