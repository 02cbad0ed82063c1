"""The library under a controlled CPython: ``runtime/world/``, loaded into the interpreter."""

from __future__ import annotations

from pathlib import Path

from harness.schedules.preloads import compile_preload

DIRECTORY = Path(__file__).parent / "runtime" / "world"
SHARED = (
    "server.c",
    "server.h",
    "question.h",
    "interposing.h",
    "beyond.h",
    "filetimes.c",
    "filetimes.h",
)
"""What the runtime of Rust programs has, too."""

WHAT = "controlled schedules of Python programs"
CFLAGS = ("-fvisibility=hidden", "-ftls-model=initial-exec", "-pthread")


def compile_world(out_dir: Path) -> Path | str:
    """The library in ``out_dir``, compiled if it is not there yet; or why it cannot be had."""
    shared = [DIRECTORY.parent / name for name in SHARED]
    sources = sorted([*DIRECTORY.glob("*.c"), *DIRECTORY.glob("*.h"), *shared])
    return compile_preload("world", WHAT, sources, out_dir, CFLAGS)
