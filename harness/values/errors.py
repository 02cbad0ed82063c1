"""The few errors that a user can cause, and the exit codes."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How the command ends."""

    OK = 0
    FAILED = 1
    USAGE = 2
    TOOLCHAIN_MISSING = 3
    NOTHING_SELECTED = 4
    FAULT = 70
    INTERRUPTED = 130


class HarnessError(Exception):
    """Something that the user or the machine has to mend: one message, one exit code."""

    exit_code = ExitCode.USAGE


class UsageError(HarnessError):
    """The command line asks for something that there is not."""


class SpecError(HarnessError):
    """A spec that cannot be taken; the message names file, place and what to do.

    ``file`` is the name of the file in the example's directory, and ``line`` the
    line of it, 0 where it is none's.
    """

    def __init__(self, message: str, *, file: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.file = file
        self.line = line


class ToolchainMissing(HarnessError):
    """An interpreter or a compiler that is needed cannot be used."""

    exit_code = ExitCode.TOOLCHAIN_MISSING


class NothingSelected(HarnessError):
    """No example matches what was asked for."""

    exit_code = ExitCode.NOTHING_SELECTED


class BuildImpossible(HarnessError):
    """Cargo cannot work here at all: no linker, an unwritable directory, a broken cargo."""

    exit_code = ExitCode.FAILED
