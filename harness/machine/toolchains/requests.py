"""Which toolchains a call asks for, and whether they are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from harness.machine.toolchains.pythons import default_python, find_python, find_pythons
from harness.machine.toolchains.rusts import default_rust, find_rust, find_rusts
from harness.values.errors import ToolchainMissing
from harness.values.program import Side
from harness.values.toolchain import Toolchain


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolchainRequest:
    """Interpreters and compilers by name, version or path.

    A side for which nothing is named gets ``every`` one that there is, or
    else the one that a bare call uses.
    """

    pythons: tuple[str, ...] = ()
    rusts: tuple[str, ...] = ()
    every: bool = False

    def named(self, side: Side) -> tuple[str, ...]:
        """What is named for that side."""
        return self.pythons if side is Side.PYTHON else self.rusts


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenToolchains:
    """The toolchains to use; ``missing`` says what a survey of them all found and cannot use."""

    toolchains: tuple[Toolchain, ...] = ()
    missing: tuple[str, ...] = ()


def choose_toolchains(request: ToolchainRequest, sides: Iterable[Side]) -> ChosenToolchains:
    """The toolchains that ``request`` means, each with a label of its own on its side.

    Raises ToolchainMissing, with a line for each that was asked for and is
    not there; what ``every`` asks for is never missing.
    """
    toolchains: list[Toolchain] = []
    missing: list[str] = []
    faults: list[str] = []
    for side in sides:
        try:
            found, unusable = _of_side(request, side)
        except ToolchainMissing as fault:
            faults.append(str(fault))
        else:
            toolchains += label_apart(found)
            missing += unusable
    if faults:
        raise ToolchainMissing("\n".join(faults))
    return ChosenToolchains(toolchains=tuple(toolchains), missing=tuple(missing))


def _of_side(request: ToolchainRequest, side: Side) -> tuple[tuple[Toolchain, ...], list[str]]:
    """What is asked for of one side, and what cannot be used though every one was asked for."""
    is_python = side is Side.PYTHON
    if names := request.named(side):
        return _find_named(names, find_python if is_python else find_rust), []
    if not request.every:
        return (default_python() if is_python else default_rust(),), []
    found, broken = find_pythons() if is_python else find_rusts()
    nothing = [] if found else [f"no {side.value.capitalize()} toolchain on this machine"]
    return found, nothing + [str(one) for one in broken]


def _find_named(names: Iterable[str], find: Callable[[str], Toolchain]) -> tuple[Toolchain, ...]:
    """Raises ToolchainMissing that tells of all names that mean nothing here."""
    found: list[Toolchain] = []
    faults: list[str] = []
    for name in names:
        try:
            found.append(find(name))
        except ToolchainMissing as fault:
            faults.append(str(fault))
    if faults:
        raise ToolchainMissing("\n".join(faults))
    return tuple(found)


def label_apart(toolchains: Iterable[Toolchain]) -> tuple[Toolchain, ...]:
    """Return the toolchains, each once, and each with a label of its own.

    Where two different ones were asked for that have one label, the later
    is labelled with its exact version, then with a number after that.
    """
    taken: dict[str, Toolchain] = {}
    for toolchain in toolchains:
        if any(toolchain.program == other.program for other in taken.values()):
            continue
        label = next(label for label in _labels(toolchain) if label not in taken)
        taken[label] = replace(toolchain, label=label)
    return tuple(taken.values())


def _labels(toolchain: Toolchain) -> Iterator[str]:
    """What a toolchain may be called, the shortest first, until one is free."""
    yield toolchain.label
    yield toolchain.version
    yield from (f"{toolchain.version}-{number}" for number in count(2))
