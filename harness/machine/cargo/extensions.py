"""Modules of Python that are written in Rust with PyO3, built for an interpreter.

``maturin develop`` does the same: it builds the library of the crate for the interpreter of an
environment, and puts it there by the name of the module.
"""

from __future__ import annotations

import re
from pathlib import Path

from harness.language.declarations import Spec
from harness.machine.cargo.building import build_library
from harness.machine.cargo.invocation import BuildFlags, Setting
from harness.machine.cargo.manifests import has_stable_abi
from harness.machine.toolchains.lean import distinct_name
from harness.values.errors import BuildImpossible
from harness.values.toolchain import NotBuilt, Toolchain

_UNFIT = re.compile(r"^\s*error: (.*python.*)$", re.IGNORECASE | re.MULTILINE)
"""What PyO3 says of an interpreter that it is not made for, before anything is compiled."""


def build_extension(
    compiler: Toolchain, spec: Spec, python: Toolchain, target_dir: Path
) -> Path | NotBuilt:
    """Build the module of an example for an interpreter: the library's file, or why there is none.

    It is ``unreachable`` if crates cannot be had, or if PyO3 has no use for this interpreter.
    """
    environment = {"PYO3_PYTHON": str(python.program), "PYO3_BUILD_EXTENSION_MODULE": "1"}
    try:
        setting = Setting(
            toolchain=compiler,
            target_dir=target_dir / _abi(spec, python),
            instrumentation=BuildFlags(environment=environment),
        )
        built = build_library(setting, spec)
    except BuildImpossible as error:
        return NotBuilt(reason=str(error))
    if isinstance(built, NotBuilt) and (said := _UNFIT.search(built.detail)):
        return NotBuilt(reason=said[1], detail=built.detail, unreachable=said[1])
    return built


def _abi(spec: Spec, python: Toolchain) -> str:
    """What a build is good for: all interpreters with the GIL, or this one."""
    is_usual = python.implementation.casefold() == "cpython" and python.has_gil
    is_stable = is_usual and has_stable_abi(spec.directory)
    return "abi3" if is_stable else distinct_name(python)
