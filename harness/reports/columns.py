"""How many columns there are to write in."""

from __future__ import annotations

import os
from typing import TextIO

from harness.reports.styled import COLUMNS


def columns_of(out: TextIO) -> int:
    """The terminal's, whatever the caller's environment says."""
    try:
        return os.get_terminal_size(out.fileno()).columns or COLUMNS
    except (OSError, ValueError):
        return COLUMNS
