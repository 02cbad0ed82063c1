"""The record of runs: what was seen, how often, under what, and what follows from it.

Nothing needs it in order to verify. ``Store`` takes a ``RunRecord`` for each
run and gives ``Evidence`` back; ``record_of`` makes the record.
"""

from harness.record.reading import Evidence, Summary, add_up
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
    "Evidence",
    "EvidenceError",
    "KeptRun",
    "RecordedProgram",
    "RunRecord",
    "Store",
    "Summary",
    "add_up",
    "record_of",
    "run_of",
    "strategy_of",
    "subject_of",
    "toolchain_of",
]
