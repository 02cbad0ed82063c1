"""Evidence as JSON lines: export, and merging that counts nothing twice.

Each line holds what one origin (the store that made the runs) has counted of
one subject. Within one origin counts only grow, so the number of runs is its
high-water mark: a line that tells of more than is known here replaces what is
known of that origin, any other adds nothing. Merging can therefore be
repeated, and done in any order and over any detours.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from harness.record import checks
from harness.record.batches import (
    BROKE,
    ENDING,
    LOOSE,
    OUTCOME,
    PROOF,
    UNCONFIRMED,
    number_of,
    transaction,
)
from harness.record.bounds import prune_runs
from harness.record.reading import record_of_row
from harness.record.records import RecordedProgram, subject_from
from harness.record.schema import OWN_ORIGIN, EvidenceError

FORMAT = 1

_Row = tuple[Any, ...]
_HEAD = {"evidence": FORMAT}
_TABLES = {
    "tally": "strategy, runs, violations, seconds, first, last",
    "seen": "strategy, signature, runs, violations",
    "noted": "strategy, kind, name, text, runs",
    "run": "at, schedule, signature, ending, broke, outcomes, seconds, recording",
}
_KINDS = {OUTCOME, ENDING, BROKE, UNCONFIRMED, LOOSE, PROOF}


def export_lines(connection: sqlite3.Connection, out: TextIO, example: str | None) -> int:
    """Write what all origins have counted (of one example); gives the number of runs."""
    pairs = connection.execute(
        "SELECT subject.id, origin.id, origin.name, sum(tally.runs), example, side, program,"
        " digest, source, toolchain, version"
        " FROM tally JOIN subject ON subject.id = subject JOIN origin ON origin.id = origin"
        " WHERE ? IS NULL OR example = ? GROUP BY subject.id, origin.id",
        (example, example),
    ).fetchall()
    _write_line(out, _HEAD)
    for number, origin, name, _, *subject in pairs:
        held = {
            table: [_told(row) for row in _rows(connection, table, number, origin)]
            for table in _TABLES
        }
        _write_line(out, {"subject": subject, "origin": name, **held})
    return sum(pair[3] for pair in pairs)


def _write_line(out: TextIO, value: object) -> None:
    """As short as JSON can be: exports of a long record have many thousand lines."""
    out.write(json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n")


def _rows(connection: sqlite3.Connection, table: str, subject: int, origin: int) -> list[_Row]:
    """What one origin has in a table of a subject, in the order of ``_TABLES``."""
    query = f"SELECT {_TABLES[table]} FROM {table} WHERE subject = ? AND origin = ?"  # noqa: S608 - our own names
    return connection.execute(query, (subject, origin)).fetchall()


def _told(row: _Row) -> list[object]:
    """A row as JSON can have it: bytes in base 64."""
    return [base64.b64encode(v).decode() if isinstance(v, bytes) else v for v in row]


_NO_EXPORT = (
    ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError,
    sqlite3.IntegrityError,
)  # fmt: skip
"""What reading a line raises that was not written by ``export_lines``."""


# --- merging ------------------------------------------------------------------------


def merge_lines(connection: sqlite3.Connection, lines: Iterable[str], name: str) -> int:
    """Add the lines of an export, all or none; gives how many runs are new here.

    Raises EvidenceError that names ``name`` and the line for what is no export.
    """
    new = 0
    with transaction(connection):
        for number, line in enumerate(lines, 1):
            try:
                value = json.loads(line)
                if number == 1:
                    _check_head(value)
                else:
                    new += _merge(connection, value)
            except _NO_EXPORT as error:
                raise EvidenceError(
                    f"{name}:{number}: expected what harness evidence --export writes, "
                    f"found something else: {error}"
                ) from error
    return new


def _check_head(value: object) -> None:
    """Raise ValueError for a first line that is not ours, or of a newer format."""
    match value:
        case {"evidence": int(version)} if version > FORMAT:
            raise ValueError(f"format {version}, this harness reads {FORMAT}; update it")
        case {"evidence": 1}:
            return
        case _:
            raise ValueError("no first line that says so")


def _merge(connection: sqlite3.Connection, value: dict[str, Any]) -> int:
    """Take one line in; gives how many runs of it are new."""
    subject = subject_from(value["subject"])
    tables = {table: [_READERS[table](row) for row in value[table]] for table in _TABLES}
    told = sum(row[1] for row in tables["tally"])
    origin = _origin(connection, checks.text(value["origin"]))
    # Our own runs that come back from somewhere: here is the newest count of them.
    if origin == OWN_ORIGIN or not told:
        return 0
    number = number_of(connection, subject)
    known = _runs_of(connection, number, origin)
    # Counts of one origin only grow, so the larger number is the later one, and holds the smaller.
    if told <= known:
        return 0
    _check_runs(subject, tables["run"])
    _replace(connection, (number, origin), tables)
    prune_runs(connection, number)
    return int(told) - known


def _origin(connection: sqlite3.Connection, name: str) -> int:
    """The number here of a store; one that is new to us gets one."""
    connection.execute("INSERT OR IGNORE INTO origin (name) VALUES (?)", (name,))
    (number,) = connection.execute("SELECT id FROM origin WHERE name = ?", (name,)).fetchone()
    return int(number)


def _runs_of(connection: sqlite3.Connection, subject: int, origin: int) -> int:
    """How many runs of a subject are known from an origin: its high-water mark."""
    query = "SELECT coalesce(sum(runs), 0) FROM tally WHERE subject = ? AND origin = ?"
    (runs,) = connection.execute(query, (subject, origin)).fetchone()
    return int(runs)


def _replace(
    connection: sqlite3.Connection, head: tuple[int, int], tables: dict[str, list[_Row]]
) -> None:
    """Put what a line tells in the place of all that is known of a subject from that origin."""
    for table, rows in tables.items():
        connection.execute(f"DELETE FROM {table} WHERE subject = ? AND origin = ?", head)  # noqa: S608 - our own names
        columns = _TABLES[table]
        marks = ", ".join("?" * (2 + columns.count(",") + 1))
        connection.executemany(
            f"INSERT INTO {table} (subject, origin, {columns}) VALUES ({marks})",  # noqa: S608 - our own names
            [(*head, *row) for row in rows],
        )


def _check_runs(subject: RecordedProgram, rows: Iterable[_Row]) -> None:
    """Refuse runs that could not be read later; raises ValueError."""
    for row in rows:
        record_of_row(subject, row)


# --- what a line may hold: each reader raises ValueError for anything else -------------


def _bytes(value: object) -> bytes:
    """What ``_told`` made of bytes."""
    return base64.b64decode(checks.text(value), validate=True)


def _signature(value: object) -> bytes:
    """An interleaving's signature, as ``_told`` made it."""
    return checks.signature(_bytes(value))


def _tally_row(row: Sequence[object]) -> _Row:
    """Of ``tally``: how many runs of a strategy there were."""
    strategy, runs, violations, seconds, first, last = row
    return (
        checks.text(strategy), *_share(runs, violations), checks.seconds(seconds),
        checks.when(first), checks.when(last),
    )  # fmt: skip


def _share(runs: object, violations: object) -> tuple[int, int]:
    """Two counts, of which the second is not the larger."""
    if checks.count(violations) > checks.count(runs):
        raise ValueError(f"{violations} violations in {runs} runs")
    return checks.count(runs), checks.count(violations)


def _seen_row(row: Sequence[object]) -> _Row:
    """Of ``seen``: how often an interleaving came."""
    strategy, signature, runs, violations = row
    return checks.text(strategy), _signature(signature), *_share(runs, violations)


def _noted_row(row: Sequence[object]) -> _Row:
    """Of ``noted``: how often an outcome, an ending, or whatever else of ``_KINDS`` came."""
    strategy, kind, name, text, runs = row
    if kind not in _KINDS:
        raise ValueError(f"{checks.shown(kind)} is nothing that is noted")
    known = checks.text(strategy), kind, checks.text(name), checks.text(text)
    return *known, checks.count(runs)


def _run_row(row: Sequence[object]) -> _Row:
    """Of ``run``: one run; what its texts hold is checked by ``_check_runs``."""
    at, schedule, signature, ending, broke, outcomes, seconds, recording = row
    return (
        checks.when(at), checks.text(schedule), _signature(signature), checks.text(ending),
        checks.text(broke), checks.text(outcomes), checks.seconds(seconds),
        None if recording is None else _bytes(recording),
    )  # fmt: skip


_READERS = {"tally": _tally_row, "seen": _seen_row, "noted": _noted_row, "run": _run_row}
