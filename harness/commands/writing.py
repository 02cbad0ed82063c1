"""Whether a file that a command is asked to write can be written: asked before the work begins."""

from __future__ import annotations

import os
from pathlib import Path

from harness.values.errors import UsageError


def check_writable(option: str, file: Path) -> None:
    """See that ``file``, which ``option`` names, can be written; it is left as it is.

    Raises UsageError if it cannot, or if its directory is missing: none is made.
    """
    if not file.parent.is_dir():
        raise UsageError(
            f"{option}: {file}: expected a file in a directory that is there, "
            f"found no directory {file.parent}; make it first"
        )
    try:
        _try_to_write(file)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            f"{option}: {file}: expected a file that can be written, found: {reason}; "
            "name another one"
        ) from None


def _try_to_write(file: Path) -> None:
    """Open the file, as no question of permissions answers for every file system."""
    is_new = not os.path.lexists(file)
    if not is_new and not file.is_file() and not file.is_dir():
        return  # a pipe or a device: to open it may wait for a reader
    with file.open("a", encoding="utf-8"):
        pass
    if is_new:
        file.unlink()
