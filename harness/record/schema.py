"""The file that evidence lies in: its tables, its versions, and what is done when it is damaged."""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from harness.values.errors import HarnessError

try:
    import fcntl
except ImportError:  # a system without it: there two processes may mend a damaged file at once
    fcntl = None  # type: ignore[assignment]

FILE_NAME = "evidence.sqlite3"
BUSY_SECONDS = 30.0
OWN_ORIGIN = 1
"""The number of this store among the origins that it holds evidence from."""

_APPLICATION = 0x68726E73
_MIGRATIONS = (
    """
    CREATE TABLE origin (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE
    );
    CREATE TABLE subject (
        id INTEGER PRIMARY KEY,
        example TEXT NOT NULL, side TEXT NOT NULL, program TEXT NOT NULL, digest TEXT NOT NULL,
        source TEXT NOT NULL, toolchain TEXT NOT NULL, version TEXT NOT NULL,
        UNIQUE (example, side, program, digest, source, toolchain, version)
    );
    CREATE TABLE tally (
        subject INTEGER NOT NULL REFERENCES subject ON DELETE CASCADE,
        origin INTEGER NOT NULL, strategy TEXT NOT NULL,
        runs INTEGER NOT NULL, violations INTEGER NOT NULL, seconds REAL NOT NULL,
        first TEXT NOT NULL, last TEXT NOT NULL,
        PRIMARY KEY (subject, origin, strategy)
    ) WITHOUT ROWID;
    CREATE TABLE seen (
        subject INTEGER NOT NULL REFERENCES subject ON DELETE CASCADE,
        origin INTEGER NOT NULL, strategy TEXT NOT NULL, signature BLOB NOT NULL,
        runs INTEGER NOT NULL, violations INTEGER NOT NULL,
        PRIMARY KEY (subject, origin, strategy, signature)
    ) WITHOUT ROWID;
    CREATE TABLE noted (
        subject INTEGER NOT NULL REFERENCES subject ON DELETE CASCADE,
        origin INTEGER NOT NULL, strategy TEXT NOT NULL,
        kind TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, runs INTEGER NOT NULL,
        PRIMARY KEY (subject, origin, strategy, kind, name, text)
    ) WITHOUT ROWID;
    CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        subject INTEGER NOT NULL REFERENCES subject ON DELETE CASCADE,
        origin INTEGER NOT NULL, at TEXT NOT NULL, schedule TEXT NOT NULL,
        signature BLOB NOT NULL, ending TEXT NOT NULL, broke TEXT NOT NULL,
        outcomes TEXT NOT NULL, seconds REAL NOT NULL, recording BLOB
    );
    CREATE INDEX run_of_subject ON run (subject, origin);
    """,
)
FORMAT = len(_MIGRATIONS)
"""The version of the tables; each migration leads from one version to the next."""


class EvidenceError(HarnessError):
    """The record of runs cannot be used, and what to do."""


class _Foreign(sqlite3.DatabaseError):
    """A database, but not one of ours."""


def open_database(path: Path) -> tuple[sqlite3.Connection, str]:
    """Open the record at ``path``, make it if there is none, and bring it up to date.

    A damaged file is moved aside, never deleted, and a new one begun: then the
    text says so, else it is empty. Raises EvidenceError where the file cannot
    be used at all, or was written by a newer harness.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path):
            try:
                return _connect(path), ""
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                notice = move_aside(path, error)
                return _connect(path), notice
    except (OSError, sqlite3.Error) as error:
        raise EvidenceError(
            f"{path}: the record of runs cannot be used: {error}; "
            "give another directory with --state-dir"
        ) from error


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the error says that the file is no sound record (not: busy, full or out of reach)."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(
        error, sqlite3.OperationalError | sqlite3.IntegrityError | sqlite3.ProgrammingError
    )


def move_aside(path: Path, reason: object) -> str:
    """Give a damaged record another name, so that nothing is lost; returns what to tell."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{suffix}").rename(f"{aside}{suffix}")
    return (
        f"{path}: the record of runs is damaged ({reason}); kept as {aside.name}, a new one begun"
    )


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time makes, migrates or mends the file."""
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    version = _number(connection, "PRAGMA user_version")
    tables = _number(connection, "SELECT count(*) FROM sqlite_master")
    if tables and _number(connection, "PRAGMA application_id") != _APPLICATION:
        raise _Foreign("a database of something else")
    if version > FORMAT:
        raise EvidenceError(
            f"{path}: written by a newer harness (format {version}, this one reads {FORMAT}); "
            "update the harness, or give another directory with --state-dir"
        )
    if version < FORMAT:
        _migrate(connection, version)


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    statements = "".join(_MIGRATIONS[version:]).split(";")
    connection.execute("BEGIN IMMEDIATE")
    for statement in (*statements, f"PRAGMA application_id = {_APPLICATION}"):
        connection.execute(statement)
    connection.execute("INSERT OR IGNORE INTO origin VALUES (?, ?)", (OWN_ORIGIN, uuid.uuid4().hex))
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("COMMIT")


def _number(connection: sqlite3.Connection, query: str) -> int:
    (number,) = connection.execute(query).fetchone()
    return int(number)
