"""The record of runs, as the rest of the harness uses it."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from harness.record.batches import write_batch
from harness.record.records import RecordedProgram, RunRecord
from harness.record.schema import FILE_NAME, EvidenceError, is_damage, move_aside, open_database

if TYPE_CHECKING:
    from harness.record.reading import Evidence

BATCH = 1_000
"""Records that are gathered before they are written."""

SECONDS_BETWEEN_WRITES = 1.0
"""How old a gathered record gets before the next one makes it be written."""

MAX_WAITING = 20_000
"""Records that wait at most, where the file is held by somebody else; further ones are dropped."""


class Store:
    """The record of runs below one state directory.

    Several threads may record at once, and several processes may use one file.
    Recording never raises and never stops a verification: what went wrong is
    in ``notices``, for the report. Use it as a context, or call ``close``:
    what has been gathered is written then.

    Raises EvidenceError if the file cannot be used at all or is too new.
    """

    def __init__(self, state: Path) -> None:
        self.path = state / FILE_NAME
        self.notices: list[str] = []
        self._connection, notice = open_database(self.path)
        self._note(notice)
        self._waiting: list[RunRecord] = []
        self._waiting_lock = threading.Lock()
        self._connection_lock = threading.Lock()
        self._next_write = time.monotonic() + SECONDS_BETWEEN_WRITES

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what has been gathered, however the context was left."""
        self.close()

    def record(self, record: RunRecord) -> None:
        """Take one run; it is written with the next batch."""
        with self._waiting_lock:
            self._waiting.append(record)
            is_due = len(self._waiting) >= BATCH or time.monotonic() >= self._next_write
        # Who finds somebody writing goes on: its record is taken along next time. So no run
        # waits for the disk but the one that writes.
        if is_due and self._connection_lock.acquire(blocking=False):
            try:
                self._write_waiting()
            finally:
                self._connection_lock.release()

    def flush(self) -> None:
        """Write what has been gathered, now."""
        with self._connection_lock:
            self._write_waiting()

    def close(self) -> None:
        """Write what has been gathered, and let the file go; nothing can be recorded after."""
        with self._connection_lock:
            self._write_waiting()
            self._connection.close()

    def evidence(self, example: str | None = None) -> tuple[Evidence, ...]:
        """What has been recorded (of one example, ``topic/name``), stale evidence included."""
        from harness.record.reading import read_evidence  # noqa: PLC0415 - who records reads not

        with self._reading():
            return read_evidence(self._connection, example)

    def kept_runs(self, subject: RecordedProgram) -> tuple[RunRecord, ...]:
        """The runs whose output was kept, the oldest first."""
        from harness.record.reading import read_runs  # noqa: PLC0415 - as above

        with self._reading():
            return read_runs(self._connection, subject, kept=True)

    def newest_runs(self, subject: RecordedProgram) -> tuple[RunRecord, ...]:
        """The newest runs whose output was not kept, the oldest first."""
        from harness.record.reading import read_runs  # noqa: PLC0415 - as above

        with self._reading():
            return read_runs(self._connection, subject, kept=False)

    def export(self, out: TextIO, example: str | None = None) -> int:
        """Write everything (of one example) as JSON lines; gives the number of runs told of."""
        from harness.record.exchange import export_lines  # noqa: PLC0415 - as above

        with self._reading():
            return export_lines(self._connection, out, example)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """Have the connection to read by; raises EvidenceError for rows that nobody wrote so."""
        self.flush()
        with self._connection_lock:
            try:
                yield
            except (ValueError, LookupError, TypeError, RecursionError, sqlite3.Error) as error:
                raise EvidenceError(
                    f"{self.path}: the record of runs is damaged: {error}; "
                    "move it aside, or give another directory with --state-dir"
                ) from error

    def merge(self, lines: Iterable[str], name: str) -> int:
        """Add what another store exported; gives how many runs are new here.

        The same export adds nothing a second time. All of it is added, or
        nothing: raises EvidenceError, with ``name`` and the line, for what is
        no export.
        """
        from harness.record.exchange import merge_lines  # noqa: PLC0415 - as above

        self.flush()
        with self._connection_lock:
            return merge_lines(self._connection, lines, name)

    def _write_waiting(self) -> None:
        """Write the batch; called by whoever holds the connection."""
        with self._waiting_lock:
            # Taken out before it is written, so that others may go on to add meanwhile.
            batch, self._waiting = self._waiting, []
            self._next_write = time.monotonic() + SECONDS_BETWEEN_WRITES
        if batch:
            try:
                self._write(batch)
            except sqlite3.OperationalError as error:
                self._wait_again(batch, error)
            except (sqlite3.Error, EvidenceError) as error:
                self._note(f"{self.path}: {len(batch)} runs were not recorded: {error}")

    def _write(self, batch: list[RunRecord]) -> None:
        try:
            write_batch(self._connection, batch)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            self._connection.close()
            self._note(move_aside(self.path, error))
            self._connection, _ = open_database(self.path)
            write_batch(self._connection, batch)

    def _wait_again(self, batch: list[RunRecord], error: sqlite3.OperationalError) -> None:
        """The file is busy, full or out of reach, which may pass: try again with the next batch."""
        with self._waiting_lock:
            # In front: what is dropped in the end is the oldest.
            self._waiting = [*batch, *self._waiting]
            dropped = len(self._waiting) - MAX_WAITING
            del self._waiting[: max(0, dropped)]
        self._note(f"{self.path}: runs could not be recorded: {error}")

    def _note(self, notice: str) -> None:
        if notice and notice not in self.notices:
            self.notices.append(notice)
