"""What is the same for every toolchain on this machine."""

from __future__ import annotations

import sys


def operating_system() -> str:
    """Return the system's name as a spec's condition writes it."""
    return {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
