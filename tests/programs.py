"""Stand-ins for toolchains: scripts that answer in their place."""

from __future__ import annotations

from pathlib import Path


def write_program(path: Path, script: str) -> Path:
    """Write an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path
