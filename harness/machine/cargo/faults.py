"""Telling what keeps cargo from working at all from a program that does not compile.

Cargo's own faults have no codes: they are recognised by the shape of what it
printed, and their first lines are handed on to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from harness.machine.cargo.messages import BuildLog
from harness.values.errors import BuildImpossible

NO_LINKER_START, NO_LINKER_END = "linker `", "` not found"


_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)")
"""What a terminal would obey: some versions of cargo colour a part of what they say in any case."""

_LESS_TELLING = "failed to load manifest for workspace member"
"""What it was doing when it met the fault, which comes next."""

_UNREACHABLE = re.compile(
    r"--offline|failed to download|[Uu]nable to update"
    r"|failed to (?:get|fetch|query)|[Cc]ould not resolve|network failure|spurious network"
)


def said_by(stderr: bytes) -> str:
    """What cargo said, as plain text."""
    return _ESCAPES.sub("", stderr.decode("utf-8", "replace"))


def first_fault(said: str) -> str:
    """Return what cargo said went wrong, and its causes, as one line."""
    found = list(_fault_lines(said.splitlines()))
    if len(found) > 1 and found[0].startswith(_LESS_TELLING):
        del found[0]
    return ": ".join(found) or "cargo said nothing"


def is_unreachable(said: str) -> bool:
    """Whether cargo could not come by a package that lies elsewhere."""
    return _UNREACHABLE.search(said) is not None


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
