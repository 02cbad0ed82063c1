"""Keep what runs showed, for evidence; nothing that goes wrong here stops a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from harness.bench.subject import Subject
from harness.judging.judge import Judgement
from harness.record import RunRecord, Store, record_of
from harness.values.errors import HarnessError
from harness.values.run import Run


class TakesRuns(Protocol):
    """Where records of runs go: the store of this machine, or what is sent to another's."""

    def record(self, record: RunRecord) -> None:
        """Take one run."""


@dataclass(slots=True)
class Recorder:
    """Takes runs into the store, if there is one; ``notes`` say what a report should tell of it."""

    store: TakesRuns | None
    notes: list[str] = field(default_factory=list)

    def record(self, subject: Subject, run: Run, judgement: Judgement) -> None:
        """Keep one run."""
        if self.store is not None:
            record = record_of(subject.evidence, subject.claims, subject.toolchain, run, judgement)
            self.store.record(record)

    def record_searched(
        self, subject: Subject, run: Run, judgement: Judgement, traces: int
    ) -> None:
        """Count one run of a search of traces; with their number if it was the last of all.

        Its output is not kept: the record of such a run tells of choices that are none elsewhere.
        """
        if self.store is not None:
            record = record_of(subject.evidence, subject.claims, subject.toolchain, run, judgement)
            proof = str(traces) if traces else ""
            self.store.record(replace(record, recording=None, proof=proof))


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
