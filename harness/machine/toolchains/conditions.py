"""Whether a toolchain is one that a property, or an example, asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from harness.language.declarations import Spec
from harness.machine.toolchains.versions import satisfies
from harness.values.messages import Message, say
from harness.values.program import Condition, Program, Side
from harness.values.toolchain import Toolchain


def condition_unmet(condition: Condition, toolchain: Toolchain) -> str:
    """Return why a property does not apply under ``toolchain``, or ``""`` if it does.

    What is asked of the other side's language asks nothing of this one. A
    compiler counts as one without a global interpreter lock.
    """
    if place := _place_unmet(condition, toolchain):
        return say("condition.holds", where=place)
    return _machine_lacks(condition, toolchain)


def cannot_run(program: Program, toolchain: Toolchain) -> str:
    """Return why ``program`` is not run with this toolchain, or ``""`` if it is.

    It says itself under which condition it can be.
    """
    if place := _place_unmet(program.when, toolchain):
        return place
    return _machine_lacks(program.when, toolchain)


def is_below_floor(spec: Spec, toolchain: Toolchain) -> str:
    """Return why ``spec`` is skipped with this toolchain, or ``""`` if it is not."""
    python = toolchain.side is Side.PYTHON
    name, floor = ("Python", spec.python_floor) if python else ("Rust", spec.rust_floor)
    if satisfies(toolchain.version, f">={floor}"):
        return ""
    return say("condition.floor", name=name, floor=floor, version=toolchain.version)


def below_floors(specs: Iterable[Spec], toolchains: Sequence[Toolchain]) -> dict[str, str]:
    """The examples for which a toolchain of one of their sides is too old, each with the reason.

    What compares sides looks at each of them or at none.
    """
    reasons = ((spec.id, "; ".join(_too_old(spec, toolchains))) for spec in specs)
    return {example: reason for example, reason in reasons if reason}


def _too_old(spec: Spec, toolchains: Iterable[Toolchain]) -> Iterator[str]:
    """The toolchains that an example's sides need, and that are older than it asks for."""
    for toolchain in toolchains:
        if toolchain.side in spec.sides and is_below_floor(spec, toolchain):
            yield f"{toolchain.side.value} {toolchain.label} is below its floor"


def _place_unmet(condition: Condition, toolchain: Toolchain) -> Message | None:
    """Where alone it holds, or runs, if that is not here."""
    # The order is that in which reasons are told. Too few cores are told before another system.
    return (
        _version_unmet(condition, toolchain)
        or _gil_unmet(condition.gil, toolchain)
        or _implementation_unmet(condition.implementation, toolchain)
        or (None if _machine_lacks(condition, toolchain) else _system_unmet(condition, toolchain))
    )


def _version_unmet(condition: Condition, toolchain: Toolchain) -> Message | None:
    """A condition on Python says nothing of Rust, and the reverse."""
    python = toolchain.side is Side.PYTHON
    name, wanted = ("Python", condition.python) if python else ("Rust", condition.rust)
    if wanted is None or satisfies(toolchain.version, wanted):
        return None
    return say("condition.for", wanted=f"{name} {wanted}", found=toolchain.version)


def _gil_unmet(wanted: bool | None, toolchain: Toolchain) -> Message | None:
    """What a condition on the GIL lacks; ``None`` if nothing is asked, or it is met."""
    has_gil = bool(toolchain.has_gil)
    if wanted is None or wanted is has_gil:
        return None
    return say(
        "condition.with-gil" if wanted else "condition.without-gil", toolchain=toolchain.title
    )


def _implementation_unmet(wanted: str | None, toolchain: Toolchain) -> Message | None:
    """CPython or another; of Rust there is one."""
    if wanted is None or toolchain.side is Side.RUST:
        return None
    if wanted.casefold() == toolchain.implementation.casefold():
        return None
    return say("condition.for", wanted=wanted, found=toolchain.implementation)


def _system_unmet(condition: Condition, toolchain: Toolchain) -> Message | None:
    """What a condition on the operating system lacks; names are compared without regard to case."""
    if condition.os is None or condition.os.casefold() == toolchain.os:
        return None
    return say("condition.on", wanted=condition.os, found=toolchain.os)


def _machine_lacks(condition: Condition, toolchain: Toolchain) -> str:
    """What a condition on cores lacks.

    Those that this process may use, not those that there are.
    """
    if condition.cores is None or toolchain.cores >= condition.cores:
        return ""
    return say("condition.cores", wanted=condition.cores, found=toolchain.cores)
