"""Which of the kept runs show most: the most and the least usual, the most and the least mixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.judging.claims import Claims
from harness.judging.trace import read_trace
from harness.record.records import RunRecord
from harness.values.finding import Line
from harness.values.program import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTrace:
    """A kept run with its lines; ``came`` says how often its interleaving was seen in all."""

    record: RunRecord
    lines: tuple[Line, ...]
    came: int

    @property
    def switches(self) -> int:
        """How often one event is followed by another."""
        return switches(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """The kept runs that are worth showing; the four need not be different."""

    most_frequent: KeptTrace
    rarest: KeptTrace
    most_interleaved: KeptTrace
    least_interleaved: KeptTrace


def switches(lines: Sequence[Line]) -> int:
    """How often a line is of another event than the line before."""
    return sum(one.event != other.event for one, other in pairwise(lines))


def kept_traces(
    claims: Claims, records: Iterable[RunRecord], came: Mapping[str, int]
) -> tuple[KeptTrace, ...]:
    """The lines of the kept runs; ``came`` gives the frequency of each signature."""
    return tuple(
        KeptTrace(
            record=record,
            lines=read_trace(
                record.recording.stdout,
                claims.stdout,
                mend=record.subject.side is Side.PYTHON,
            ).lines,
            came=came.get(record.signature, 0),
        )
        for record in records
        if record.recording is not None
    )


def gallery_of(traces: Sequence[KeptTrace]) -> Gallery | None:
    """The traces worth showing among those that violated nothing; ``None`` if there are none.

    Of equal ones, one that says which thread printed what. What a run showed that control
    may have led astray is none (such a one has no signature).
    """
    sound = sorted(
        (trace for trace in traces if trace.record.signature and not trace.record.broke),
        key=_has_no_log,
    )
    if not sound:
        return None
    return Gallery(
        most_frequent=max(sound, key=lambda trace: trace.came),
        rarest=min(sound, key=lambda trace: trace.came),
        most_interleaved=max(sound, key=lambda trace: trace.switches),
        least_interleaved=min(sound, key=lambda trace: trace.switches),
    )


def _has_no_log(trace: KeptTrace) -> bool:
    recording = trace.record.recording
    return recording is None or not recording.log
