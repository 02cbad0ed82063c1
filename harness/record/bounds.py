"""How much is kept: the bounds of the file, and what is dropped to keep them.

Counts are small and kept for ever. Of single runs those are kept that differ
most: the first of each interleaving, the first of each way to violate
something, and, without their output, the newest. A run under control and one
that was left to the system are kept beside each other: the first tells which
thread printed what, the second how long things took.
"""

from __future__ import annotations

import sqlite3

from harness.record.records import RecordedProgram

KEPT_SOUND = 64
"""Runs without a violation whose output is kept, for each subject: one an interleaving,
or two, of which one was controlled."""

KEPT_BROKEN = 32
"""Runs with a violation whose output is kept, for each subject: one an interleaving and way."""

NEWEST = 64
"""Other runs that are kept without their output, for each subject."""

MAX_SIGNATURES = 200_000
"""Interleavings that one origin tells apart, for each subject; further ones are counted as one."""

MAX_TEXTS = 500
"""Different things that one origin notes of a subject; further ones are counted, not named."""

MAX_SUBJECTS = 8
"""Versions of one program under one label that are kept: the newest, and those gone stale."""

OTHERS = b""
"""The signature that stands for all interleavings past the bound."""

SOUND = "[]"
"""What is written of a run that violated nothing."""

CONTROLLED = "(schedule LIKE '%:%' AND schedule NOT LIKE 'yield:%')"
"""In SQL, whether a run was under control, as ``Schedule.is_controlled`` says it."""

_RUNS = "SELECT id FROM run WHERE subject = :subject AND recording"
_FIRSTS = f"{_RUNS.replace('id', 'min(id)', 1)} IS NOT NULL GROUP BY signature, broke, {CONTROLLED}"
_SUPERFLUOUS = (
    f"{_RUNS} IS NULL ORDER BY at DESC, id DESC LIMIT -1 OFFSET {NEWEST}",
    f"{_RUNS} IS NOT NULL AND id NOT IN ({_FIRSTS})",
    f"{_RUNS} IS NOT NULL AND broke = '{SOUND}' ORDER BY id LIMIT -1 OFFSET {KEPT_SOUND}",
    f"{_RUNS} IS NOT NULL AND broke <> '{SOUND}' ORDER BY id LIMIT -1 OFFSET {KEPT_BROKEN}",
)
_PRUNE_STALE = """
    DELETE FROM subject WHERE id IN (
        SELECT id FROM subject WHERE example = ? AND side = ? AND program = ? AND toolchain = ?
        ORDER BY coalesce((SELECT max(last) FROM tally WHERE subject = id), 'new') DESC, id DESC
        LIMIT -1 OFFSET ?)
"""


def prune_runs(connection: sqlite3.Connection, subject: int) -> None:
    """Drop what goes beyond the bounds on single runs; to be called within a transaction."""
    for which in _SUPERFLUOUS:
        connection.execute(f"DELETE FROM run WHERE id IN ({which})", {"subject": subject})  # noqa: S608 - our own text


def prune_stale(connection: sqlite3.Connection, subject: RecordedProgram) -> None:
    """Drop the oldest versions of this program, with all that was recorded of them."""
    same = (subject.example, subject.side.value, subject.program, subject.toolchain)
    connection.execute(_PRUNE_STALE, (*same, MAX_SUBJECTS))
