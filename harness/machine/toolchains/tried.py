"""The newest of each kind of toolchain that this harness was tried with.

What is newer may do anything: it is used all the same, and said to be newer;
what a controlled schedule shows of it counts only once a plain run shows it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.machine.toolchains.versions import numbers
from harness.values.messages import say
from harness.values.program import Side
from harness.values.toolchain import Toolchain


@dataclass(frozen=True, slots=True)
class TriedVersions:
    """A version as far as it counts; ``release`` is its own, where an implementation has one."""

    version: str
    release: str = ""

    def __str__(self) -> str:
        """``3.15``, or ``3.11, release 8.0``."""
        return f"{self.version}, release {self.release}" if self.release else self.version


NEWEST_TRIED: Mapping[str, TriedVersions] = {
    "CPython": TriedVersions("3.15"),
    "PyPy": TriedVersions("3.11", "8.0"),
    "rustc": TriedVersions("1.101"),
}
"""By implementation; the first two numbers count."""


def why_untried(toolchain: Toolchain) -> str:
    """Why nothing is known of how a toolchain takes to control; empty if it was tried."""
    kind = "rustc" if toolchain.side is Side.RUST else toolchain.implementation
    newest = NEWEST_TRIED.get(kind)
    if newest is None:
        return say("untried.never", kind=kind) if kind else ""
    if _is_newer(toolchain.version, newest.version) or (
        toolchain.release and newest.release and _is_newer(toolchain.release, newest.release)
    ):
        return say("untried.newer", toolchain=toolchain.title, kind=kind, newest=str(newest))
    return ""


def caution_of(toolchain: Toolchain) -> str:
    """What a reader should know of a toolchain that nobody has tried; empty if it was."""
    why = why_untried(toolchain)
    return why and say("untried.caution", why=why)


def _is_newer(version: str, newest: str) -> bool:
    return numbers(version)[:2] > numbers(newest)
