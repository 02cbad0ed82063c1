"""``Cargo.lock``: which packages of others it names, and moving it to their newest versions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from harness.machine.cargo.faults import first_fault, said_by
from harness.machine.cargo.invocation import LIMITS, QUIET_SECONDS, cargo_environment
from harness.machine.cargo.manifests import read_manifest
from harness.machine.process import Command, run_process
from harness.values.errors import ToolchainMissing
from harness.values.run import Exited
from harness.values.toolchain import Toolchain

CARGO_LOCK = "Cargo.lock"


def locked_crates(root: Path) -> Mapping[str, tuple[str, ...]]:
    """The versions of each package that comes from elsewhere; raises BuildImpossible."""
    path = root / CARGO_LOCK
    packages = read_manifest(path).get("package", ()) if path.exists() else ()
    found: dict[str, tuple[str, ...]] = {}
    for package in packages:
        if "source" in package:
            versions = (*found.get(package["name"], ()), str(package["version"]))
            found[package["name"]] = tuple(sorted(versions))
    return found


def move_lock(toolchain: Toolchain, root: Path, *, upgrade: bool) -> None:
    """Write the lock of the workspace at ``root``: what it lacks, or all to ``upgrade``.

    Raises ToolchainMissing, with what cargo says, if it cannot.
    """
    if toolchain.cargo is None:
        raise ToolchainMissing(f"{toolchain.program} has no cargo beside it")
    scope = () if upgrade else ("--workspace",)
    command = Command(
        argv=(str(toolchain.cargo), "update", "--color=never", *scope),
        cwd=root,
        environment=cargo_environment(toolchain),
        timeout_seconds=QUIET_SECONDS,
        limits=LIMITS,
    )
    completed = run_process(command)
    if completed.ending != Exited(0):
        fault = first_fault(said_by(completed.stderr))
        raise ToolchainMissing(f"{root / CARGO_LOCK}: crates cannot be had: {fault}")
