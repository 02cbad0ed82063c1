"""Building Rust programs: the only package that knows cargo's flags and what it prints."""

from __future__ import annotations

from harness.machine.cargo.building import BuildReport, build, library_environment
from harness.machine.cargo.extensions import build_extension
from harness.machine.cargo.invocation import BuildFlags, cargo_environment

__all__ = [
    "BuildFlags",
    "BuildReport",
    "build",
    "build_extension",
    "cargo_environment",
    "library_environment",
]
