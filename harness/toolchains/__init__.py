"""Finding interpreters and compilers, and telling what each of them can do.

Nothing is configured: they are looked for on PATH, under pyenv, uv and
rustup, or named by path, and each is asked what it is. One that hangs, or
answers rubbish, is reported, and stops nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from harness.model import Toolchain
from harness.toolchains.asking import Broken
from harness.toolchains.conditions import condition_unmet, is_below_floor
from harness.toolchains.pythons import default_python, find_python, find_pythons
from harness.toolchains.rusts import default_rust, find_rust, find_rusts
from harness.toolchains.versions import numbers, satisfies

__all__ = [
    "Broken",
    "Found",
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
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What there is on this machine, and what looks like a toolchain but cannot be used."""

    pythons: tuple[Toolchain, ...] = ()
    rusts: tuple[Toolchain, ...] = ()
    broken: tuple[Broken, ...] = ()

    @property
    def toolchains(self) -> tuple[Toolchain, ...]:
        """All that can be used."""
        return self.pythons + self.rusts


def find_all() -> Found:
    """Return every supported toolchain of this machine, one for each label."""
    pythons, broken_pythons = find_pythons()
    rusts, broken_rusts = find_rusts()
    return Found(pythons=pythons, rusts=rusts, broken=broken_pythons + broken_rusts)


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
    yield toolchain.label
    yield toolchain.version
    yield from (f"{toolchain.version}-{number}" for number in count(2))
