"""Asking a program what it is, and reading its answer.

The readers are pure; ``ask`` alone starts anything.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.machine.process import Command, Limits, run_process
from harness.machine.process.command import MEBIBYTE
from harness.machine.process.endings import how_it_ended
from harness.values.run import Exited

ASK_TIMEOUT_SECONDS = 30.0
"""For an interpreter's first start: one that sets up a virtual machine is asked like any other."""

ANSWER_LIMITS = Limits(output_bytes=MEBIBYTE)
SHOWN_CHARACTERS = 60

PYTHON_QUESTION = """\
import json, platform, sys, sysconfig
print(json.dumps({
    "implementation": platform.python_implementation(),
    "version": platform.python_version(),
    "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "release": ".".join(map(str, getattr(sys, "pypy_version_info", ())[:3])),
}))
"""
"""Runs on every Python since 2.7."""

_VERSION = re.compile(r"\d+(?:\.\d+)+[\w.+-]*", re.ASCII)
"""Versions and names become parts of labels and of file names."""
_NAME = re.compile(r"\w+")
_PREFIXES = {"CPython": "", "GraalVM": "graalpy"}
"""Of labels, where they are not the implementation's name in small letters."""


class UnusableError(Exception):
    """What was asked is no such toolchain; the message says why."""


@dataclass(frozen=True, slots=True)
class BrokenToolchain:
    """Something that looks like a toolchain and is none that can be used, and why."""

    program: Path
    reason: str

    def __str__(self) -> str:
        """One line for a report."""
        return f"{self.program}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonFacts:
    """What an interpreter says of itself; ``release`` is PyPy's own version."""

    implementation: str
    version: str
    has_gil: bool
    is_free_threaded: bool
    release: str = ""

    @property
    def label(self) -> str:
        """How it is asked for: ``3.12``, ``3.13t``, ``pypy3.10``, ``graalpy3.12``."""
        prefix = _PREFIXES.get(self.implementation, self.implementation.lower())
        feature = ".".join(self.version.split(".")[:2])
        return f"{prefix}{feature}{'t' if self.is_free_threaded else ''}"


def ask(argv: tuple[str, ...], environment: Mapping[str, str]) -> str:
    """Return what a program prints; raise ``UnusableError`` unless it ends well and in time.

    Of what it says on stderr the last line is told: a traceback's is the one that says why.
    """
    command = Command(
        argv=argv,
        cwd=Path(os.path.abspath(os.sep)),  # noqa: PTH100 - a directory without any override
        environment=environment,
        timeout_seconds=ASK_TIMEOUT_SECONDS,
        limits=ANSWER_LIMITS,
    )
    completed = run_process(command)
    if completed.ending == Exited(0):
        return completed.stdout.decode("utf-8", "replace")
    said = completed.stderr.decode("utf-8", "replace").strip().splitlines()
    last = f": {_shown(said[-1])}" if said else ""
    raise UnusableError(f"{how_it_ended(completed.ending)}{last}")


def read_python_answer(text: str) -> PythonFacts:
    """Read the answer to ``PYTHON_QUESTION``; raise ``UnusableError`` for anything else."""
    try:
        answer = json.loads(text)
        facts = PythonFacts(
            implementation=answer["implementation"],
            version=answer["version"],
            has_gil=answer["gil"],
            is_free_threaded=answer["free_threaded"],
            release=answer.get("release", ""),
        )
        is_meant = (
            _VERSION.fullmatch(facts.version)
            and _NAME.fullmatch(facts.implementation)
            and (facts.release == "" or _VERSION.fullmatch(facts.release))
            and {facts.has_gil, facts.is_free_threaded} <= {True, False}
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        is_meant = None
    if not is_meant:
        raise UnusableError(f"it does not answer as Python does, but {_shown(text)}")
    return facts


_RELEASE = re.compile(rf"^release: ({_VERSION.pattern})$", re.MULTILINE)
_CARGO = re.compile(rf"^cargo ({_VERSION.pattern})(?=\s|$)")


def read_rustc_answer(text: str) -> str:
    """Return the version out of ``rustc -vV``; raise ``UnusableError`` if there is none."""
    found = _RELEASE.search(text)
    if not text.startswith("rustc ") or found is None:
        raise UnusableError(f"it does not answer as rustc does, but {_shown(text)}")
    return found[1]


def read_cargo_answer(text: str) -> str:
    """Return the version out of ``cargo -V``; raise ``UnusableError`` if there is none."""
    found = _CARGO.match(text)
    if found is None:
        raise UnusableError(f"it does not answer as cargo does, but {_shown(text)}")
    return found[1]


def read_rustup_list(text: str) -> tuple[str, ...]:
    """Return the names in ``rustup toolchain list``, the default one first."""
    lines = [line for line in text.splitlines() if line and line != "no installed toolchains"]
    lines.sort(key=lambda line: "default" not in line)
    return tuple(line.split()[0] for line in lines)


def own_facts() -> PythonFacts:
    """Return what the interpreter that runs this would answer, without asking it."""
    import platform  # noqa: PLC0415 - only needed here
    import sysconfig  # noqa: PLC0415

    return PythonFacts(
        implementation=platform.python_implementation(),
        version=platform.python_version(),
        has_gil=getattr(sys, "_is_gil_enabled", lambda: True)(),
        is_free_threaded=bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    )


def _shown(text: str) -> str:
    """Return the beginning of what a program said, safe to show on one line."""
    return repr(text.strip()[:SHOWN_CHARACTERS])
