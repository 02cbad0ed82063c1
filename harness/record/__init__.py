"""The record of runs: what was seen, how often, under what, and what follows from it.

Nothing needs it in order to verify. ``Store`` takes a ``RunRecord`` for each
run and gives ``Evidence`` back (see ``harness.record.reading``, which only who
asks for it needs); ``record_of`` makes the record.
"""

from harness.record.records import (
    KeptRun,
    RecordedProgram,
    RunRecord,
    record_of,
    run_of,
    strategy_of,
    subject_of,
    toolchain_of,
)
from harness.record.schema import EvidenceError
from harness.record.store import Store

__all__ = [
    "EvidenceError",
    "KeptRun",
    "RecordedProgram",
    "RunRecord",
    "Store",
    "record_of",
    "run_of",
    "strategy_of",
    "subject_of",
    "toolchain_of",
]
