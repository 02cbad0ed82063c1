"""What is the same for every toolchain on this machine."""

from __future__ import annotations

import os
import sys


def available_cores() -> int:
    """Return on how many cores programs may run here."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def operating_system() -> str:
    """Return the system's name as a spec's condition writes it."""
    return {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
