"""Keep what runs showed, for evidence; nothing that goes wrong here stops a run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from harness.judging.claims import Claims
from harness.judging.judge import Judgement
from harness.record import Store, Subject, record_of, subject_of
from harness.values.errors import HarnessError
from harness.values.run import Run
from harness.values.toolchain import Toolchain


@dataclass(slots=True)
class Recorder:
    """Takes runs into the store, if there is one; ``notes`` say what a report should tell of it."""

    store: Store | None
    notes: list[str] = field(default_factory=list)
    _subjects: dict[int, Subject] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def record(self, claims: Claims, toolchain: Toolchain, run: Run, judgement: Judgement) -> None:
        """Keep one run. What it belongs to is worked out once for each program."""
        if self.store is None:
            return
        with self._lock:
            subject = self._subjects.get(id(claims))
            if subject is None:
                subject = self._subjects[id(claims)] = subject_of(claims, toolchain)
        self.store.record(record_of(subject, claims, toolchain, run, judgement))


@contextmanager
def open_recorder(state: Path) -> Iterator[Recorder]:
    """A recorder on the store in ``state``; one that keeps nothing if that cannot be used."""
    try:
        store = Store(state)
    except HarnessError as error:
        yield Recorder(None, [f"no evidence is kept: {error}"])
        return
    with store:
        recorder = Recorder(store)
        yield recorder
        recorder.notes.extend(store.notices)
