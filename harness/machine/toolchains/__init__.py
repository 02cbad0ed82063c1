"""Finding interpreters and compilers, and telling what each of them can do.

Nothing is configured: they are looked for on PATH, under pyenv, uv and
rustup, or named by path, and each is asked what it is. One that hangs, or
answers rubbish, is reported, and stops nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.machine.toolchains.asking import BrokenToolchain
from harness.machine.toolchains.conditions import (
    below_floors,
    cannot_run,
    condition_unmet,
    is_below_floor,
)
from harness.machine.toolchains.pythons import default_python, find_python, find_pythons
from harness.machine.toolchains.requests import (
    ChosenToolchains,
    ToolchainRequest,
    choose_toolchains,
    label_apart,
)
from harness.machine.toolchains.rusts import default_rust, find_rust, find_rusts
from harness.machine.toolchains.tried import NEWEST_TRIED, caution_of, why_untried
from harness.machine.toolchains.versions import numbers, satisfies
from harness.values.toolchain import Toolchain

__all__ = [
    "NEWEST_TRIED",
    "BrokenToolchain",
    "ChosenToolchains",
    "Found",
    "ToolchainRequest",
    "below_floors",
    "cannot_run",
    "caution_of",
    "choose_toolchains",
    "condition_unmet",
    "default_python",
    "default_rust",
    "find_all",
    "find_python",
    "find_rust",
    "is_below_floor",
    "label_apart",
    "numbers",
    "satisfies",
    "why_untried",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundToolchains:
    """What there is on this machine, and what looks like a toolchain but cannot be used."""

    pythons: tuple[Toolchain, ...] = ()
    rusts: tuple[Toolchain, ...] = ()
    broken: tuple[BrokenToolchain, ...] = ()

    @property
    def toolchains(self) -> tuple[Toolchain, ...]:
        """All that can be used."""
        return self.pythons + self.rusts


def find_all() -> FoundToolchains:
    """Return every supported toolchain of this machine, one for each label."""
    pythons, broken_pythons = find_pythons()
    rusts, broken_rusts = find_rusts()
    return FoundToolchains(pythons=pythons, rusts=rusts, broken=broken_pythons + broken_rusts)
