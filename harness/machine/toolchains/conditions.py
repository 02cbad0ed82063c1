"""Whether a toolchain is one that a property, or an example, asks for."""

from __future__ import annotations

from harness.language.declarations import Spec
from harness.machine.toolchains.versions import satisfies
from harness.values.program import Condition, Program, Side
from harness.values.toolchain import Toolchain


def condition_unmet(condition: Condition, toolchain: Toolchain) -> str:
    """Return why a property does not apply under ``toolchain``, or ``""`` if it does.

    What is asked of the other side's language asks nothing of this one. A
    compiler counts as one without a global interpreter lock.
    """
    return (
        _version_unmet(condition, toolchain)
        or _gil_unmet(condition.gil, toolchain)
        or _implementation_unmet(condition.implementation, toolchain)
        or _machine_unmet(condition, toolchain)
    )


def cannot_run(program: Program, toolchain: Toolchain) -> str:
    """Return why ``program`` is not run with this toolchain, or ``""`` if it is.

    It says itself under which condition it can be.
    """
    return condition_unmet(program.when, toolchain).removeprefix("holds ")


def is_below_floor(spec: Spec, toolchain: Toolchain) -> str:
    """Return why ``spec`` is skipped with this toolchain, or ``""`` if it is not."""
    python = toolchain.side is Side.PYTHON
    name, floor = ("Python", spec.python_floor) if python else ("Rust", spec.rust_floor)
    if satisfies(toolchain.version, f">={floor}"):
        return ""
    return f"needs {name} {floor}; this is {toolchain.version}"


def _version_unmet(condition: Condition, toolchain: Toolchain) -> str:
    python = toolchain.side is Side.PYTHON
    name, wanted = ("Python", condition.python) if python else ("Rust", condition.rust)
    if wanted is None or satisfies(toolchain.version, wanted):
        return ""
    return f"holds for {name} {wanted}; this is {toolchain.version}"


def _gil_unmet(wanted: bool | None, toolchain: Toolchain) -> str:
    has_gil = bool(toolchain.has_gil)
    if wanted is None or wanted is has_gil:
        return ""
    if wanted:
        return f"holds with a global interpreter lock; {toolchain.title} has none"
    return f"holds without a global interpreter lock; {toolchain.title} has one"


def _implementation_unmet(wanted: str | None, toolchain: Toolchain) -> str:
    if wanted is None or toolchain.side is Side.RUST:
        return ""
    if wanted.casefold() == toolchain.implementation.casefold():
        return ""
    return f"holds for {wanted}; this is {toolchain.implementation}"


def _machine_unmet(condition: Condition, toolchain: Toolchain) -> str:
    if condition.cores is not None and toolchain.cores < condition.cores:
        return f"needs {condition.cores} cores; there are {toolchain.cores}"
    if condition.os is not None and condition.os.casefold() != toolchain.os:
        return f"holds on {condition.os}; this is {toolchain.os}"
    return ""
