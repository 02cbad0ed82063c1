"""Telling what keeps cargo from working at all from a program that does not compile.

Cargo's own faults have no codes: they are recognised by the shape of what it
printed, and their first lines are handed on to the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.cargo.messages import BuildLog
from harness.errors import BuildImpossible

NO_LINKER_START, NO_LINKER_END = "linker `", "` not found"


def first_fault(stderr: bytes) -> str:
    """Return what cargo said went wrong, and its causes, as one line."""
    lines = stderr.decode("utf-8", "replace").splitlines()
    return ": ".join(_fault_lines(lines)) or "cargo said nothing"


def _fault_lines(lines: list[str]) -> Iterator[str]:
    """Yield the first error and the first line of each cause."""
    start = next((n for n, line in enumerate(lines) if line.startswith("error")), len(lines))
    for number, line in enumerate(lines[start:], start):
        if number == start:
            yield line.removeprefix("error: ")
        elif line.lstrip().startswith("--> "):
            yield line.strip().removeprefix("--> ")
        elif lines[number - 1].strip() == "Caused by:":
            yield line.strip()


def require_linker(log: BuildLog) -> None:
    """Raise ``BuildImpossible`` if rustc says that there is no linker.

    It says so without a code, so that its words have to be looked at; they
    have been the same since 2016.
    """
    for error in log.errors:
        message = error.diagnostic.message
        if message.startswith(NO_LINKER_START) and message.endswith(NO_LINKER_END):
            linker = message.removeprefix(NO_LINKER_START).removesuffix(NO_LINKER_END)
            raise BuildImpossible(
                f"rustc needs the linker `{linker}`, which is not on PATH; "
                "install a C compiler (Debian: apt install gcc; macOS: xcode-select --install)"
            )


def require_writable(directory: Path) -> None:
    """Raise ``BuildImpossible`` unless files can be made in ``directory``; make it if need be."""
    probe = directory / ".writable"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink(missing_ok=True)  # another process may have probed at the same time
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BuildImpossible(
            f"{directory}: cannot build there: {reason}; name another target directory"
        ) from None
