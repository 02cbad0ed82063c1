"""Writes a batch of records in one transaction.

Counts are kept for ever, for each origin apart: that is what lets two stores
be merged as often as one likes. Of single runs only some are kept (see
``bounds``).
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from harness.language.properties.ending import ending_text
from harness.record.bounds import (
    CONTROLLED,
    KEPT_BROKEN,
    KEPT_SOUND,
    MAX_SIGNATURES,
    MAX_TEXTS,
    NEWEST,
    OTHERS,
    SOUND,
    prune_runs,
    prune_stale,
)
from harness.record.encoding import encode_ending, encode_recording
from harness.record.records import RecordedProgram, RunRecord
from harness.record.schema import OWN_ORIGIN
from harness.schedules.names import parse_schedule
from harness.values.run import Ending

OUTCOME, ENDING, BROKE = "outcome", "ending", "broke"
UNCONFIRMED, LOOSE, PROOF = "unconfirmed", "loose", "proof"

_Key = tuple[bytes, str, bool]
"""What tells the runs apart that are kept: interleaving, what it violated, whether controlled."""

_ADD_TALLY = """
    INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    runs = runs + excluded.runs, violations = violations + excluded.violations,
    seconds = seconds + excluded.seconds,
    first = min(first, excluded.first), last = max(last, excluded.last)
"""
_ADD_SEEN = """
    INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    runs = runs + excluded.runs, violations = violations + excluded.violations
"""
_ADD_NOTED = """
    INSERT INTO noted VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET runs = runs + excluded.runs
"""
_IS_SEEN = "SELECT 1 FROM seen WHERE subject = ? AND origin = ? AND strategy = ? AND signature = ?"
_ADD_RUN = """
    INSERT INTO run (subject, origin, at, schedule, signature, ending, broke, outcomes, seconds,
    recording) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, alone among the writers of all processes."""
    # The write lock from the beginning: a transaction that first reads and then wants to write may
    # find that another has written, and SQLite lets it fail at once (SQLITE_BUSY_SNAPSHOT).
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def write_batch(connection: sqlite3.Connection, records: Iterable[RunRecord]) -> None:
    """Add the records to the counts of this store, and keep those worth keeping."""
    # One transaction for all: what a commit costs is waiting for the disk, whatever is in it.
    by_subject: dict[RecordedProgram, list[RunRecord]] = {}
    for record in records:
        by_subject.setdefault(record.subject, []).append(record)
    with transaction(connection):
        for subject, group in by_subject.items():
            number = number_of(connection, subject)
            _add_counts(connection, number, group)
            _add_runs(connection, number, group)
            prune_runs(connection, number)


def number_of(connection: sqlite3.Connection, subject: RecordedProgram) -> int:
    """The number of the subject; a new one pushes out the oldest of its kind."""
    found = connection.execute(
        "SELECT id FROM subject WHERE example = ? AND side = ? AND program = ? AND digest = ?"
        " AND source = ? AND toolchain = ? AND version = ?",
        subject.values,
    ).fetchone()
    if found:
        return int(found[0])
    made = connection.execute(
        "INSERT INTO subject (example, side, program, digest, source, toolchain, version)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        subject.values,
    ).fetchone()
    prune_stale(connection, subject)
    return int(made[0])


_Head = tuple[int, int, str]
_SeenRow = tuple[int, int, str, bytes, int, int]
_NotedRow = tuple[int, int, str, str, str, str, int]


# --- counts -------------------------------------------------------------------------


class _Counts:
    """What the runs of one strategy in a batch come to."""

    __slots__ = ("broken", "endings", "first", "last", "noted", "runs", "seconds", "seen")

    def __init__(self, first: RunRecord) -> None:
        self.runs = 0
        self.seconds = 0.0
        self.first = self.last = first.when
        self.seen: Counter[str] = Counter()
        self.broken: Counter[str] = Counter()
        self.endings: Counter[Ending] = Counter()
        self.noted: Counter[tuple[str, str, str]] = Counter()

    def add(self, record: RunRecord) -> None:
        """Count one run. Every run passes here, so what most do not have costs them nothing."""
        self.runs += 1
        self.seconds += record.wall_seconds
        self.first = min(self.first, record.when)
        self.last = max(self.last, record.when)
        self.seen[record.signature] += 1
        self.endings[record.ending] += 1
        if record.broke:
            self.broken[record.signature] += 1
            self.noted.update((BROKE, name, "") for name in record.broke)
        if record.unconfirmed or record.passed_over:
            self.noted.update((UNCONFIRMED, name, "") for name in record.unconfirmed)
            self.noted.update((LOOSE, "", text) for text in record.passed_over)
        if record.proof:
            self.noted[PROOF, "", record.proof] += 1
        if record.outcomes:
            self.noted.update((OUTCOME, name, text) for name, text in record.outcomes.items())

    def seen_rows(self, head: _Head) -> list[_SeenRow]:
        """Its rows of ``seen``."""
        broken = self.broken
        return [(*head, bytes.fromhex(one), runs, broken[one]) for one, runs in self.seen.items()]

    def noted_rows(self, head: _Head) -> list[_NotedRow]:
        """Its rows of ``noted``."""
        for ending, runs in self.endings.items():
            self.noted[ENDING, "", ending_text(ending)] += runs
        return [(*head, *note, runs) for note, runs in self.noted.items()]


def _add_counts(connection: sqlite3.Connection, subject: int, records: Iterable[RunRecord]) -> None:
    """Add the runs of one subject to its counts, strategy by strategy."""
    by_strategy: dict[str, _Counts] = {}
    for record in records:
        strategy = record.strategy
        if strategy not in by_strategy:
            by_strategy[strategy] = _Counts(record)
        by_strategy[strategy].add(record)
    for strategy, counts in by_strategy.items():
        head = subject, OWN_ORIGIN, strategy
        violations = counts.broken.total()
        times = _as_text(counts.first), _as_text(counts.last)
        row = (*head, counts.runs, violations, counts.seconds, *times)
        seen_rows = _bounded_seen(connection, counts.seen_rows(head))
        connection.executemany(_ADD_SEEN, seen_rows)
        connection.executemany(_ADD_NOTED, _bounded_noted(connection, counts.noted_rows(head)))
        connection.execute(_ADD_TALLY, row)


def _as_text(when: datetime) -> str:
    """To the second and in UTC, so that texts sort as moments do."""
    return when.astimezone(UTC).isoformat(timespec="seconds")


def _bounded_seen(connection: sqlite3.Connection, rows: list[_SeenRow]) -> list[_SeenRow]:
    """The rows, those of new interleavings past the bound counted under one."""
    head = rows[0][:2]
    for table, amount in (("tally", "sum(runs)"), ("seen", "count(*)")):
        # The runs are fewer rows to add up, and there are never more interleavings than runs.
        if _amount_of(connection, amount, table, head) + len(rows) <= MAX_SIGNATURES:
            return rows
    return [row if _is_known(connection, row) else (*row[:3], OTHERS, *row[4:]) for row in rows]


def _is_known(connection: sqlite3.Connection, row: _SeenRow) -> bool:
    """Whether that interleaving has a row of its own already."""
    return connection.execute(_IS_SEEN, row[:4]).fetchone() is not None


def _bounded_noted(connection: sqlite3.Connection, rows: list[_NotedRow]) -> list[_NotedRow]:
    """The rows, those with a text past the bound counted under ``others``."""
    if _amount_of(connection, "count(*)", "noted", rows[0][:2]) + len(rows) <= MAX_TEXTS:
        return rows
    return [(*row[:5], row[5] and "others", row[6]) for row in rows]


def _amount_of(
    connection: sqlite3.Connection, amount: str, table: str, head: tuple[int, int]
) -> int:
    """A number over all rows that one origin has of a subject; 0 where there are none."""
    query = f"SELECT {amount} FROM {table} WHERE subject = ? AND origin = ?"  # noqa: S608 - our own names
    (number,) = connection.execute(query, head).fetchone()
    return number or 0


# --- single runs --------------------------------------------------------------------


def _add_runs(connection: sqlite3.Connection, subject: int, records: Sequence[RunRecord]) -> None:
    """Keep those runs that differ most with their output, and the newest of the others without."""
    kept = list(_worth_keeping(connection, subject, records))
    known = {id(record) for record in kept}
    rest = [record for record in records[-NEWEST:] if id(record) not in known]
    connection.executemany(_ADD_RUN, [_row(subject, record, keep=True) for record in kept])
    connection.executemany(_ADD_RUN, [_row(subject, record, keep=False) for record in rest])


def _worth_keeping(
    connection: sqlite3.Connection, subject: int, records: Iterable[RunRecord]
) -> Iterator[RunRecord]:
    """Those of the records that are unlike any that is kept, as long as there is room."""
    sound, broken = _kept_already(connection, subject)
    for record in records:
        kept, most = (broken, KEPT_BROKEN) if record.broke else (sound, KEPT_SOUND)
        if record.recording is None or len(kept) >= most:
            continue
        key = (
            bytes.fromhex(record.signature),
            json.dumps(record.broke),
            parse_schedule(record.schedule).is_controlled,
        )
        if key not in kept:
            kept.add(key)
            yield record


def _kept_already(connection: sqlite3.Connection, subject: int) -> tuple[set[_Key], set[_Key]]:
    """What tells the runs apart that are kept: the sound ones, and the others."""
    rows = connection.execute(
        f"SELECT signature, broke, {CONTROLLED} FROM run"  # noqa: S608 - our own text
        " WHERE subject = ? AND recording IS NOT NULL",
        (subject,),
    ).fetchall()
    keys = {(signature, broke, bool(controlled)) for signature, broke, controlled in rows}
    sound = {key for key in keys if key[1] == SOUND}
    return sound, keys - sound


def _row(subject: int, record: RunRecord, *, keep: bool) -> tuple[object, ...]:
    """The row of a run in the table of runs; without its recording unless it is to be kept."""
    recording = record.recording if keep else None
    return (
        subject,
        OWN_ORIGIN,
        _as_text(record.when),
        record.schedule,
        # Eight bytes and not sixteen digits: of each interleaving one is kept.
        bytes.fromhex(record.signature),
        encode_ending(record.ending),
        json.dumps(record.broke),
        json.dumps(dict(record.outcomes)),
        record.wall_seconds,
        encode_recording(recording) if recording is not None else None,
    )
