"""Which thread wrote which line, and where one was put in the place of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.model import LaneRow, Mark
from harness.schedules.record import Record


def lane_rows(record: Record, stdout: bytes, marks: Iterable[Mark]) -> tuple[LaneRow, ...]:
    """The lines of ``stdout`` in order, each with its thread and the hand-overs before it.

    A line belongs to the thread that wrote its last byte.
    """
    notes = {mark.line: mark.note for mark in marks}
    ends = list(_ends_of_writes(record))
    switches = [d for d in record.decisions if d.chosen != d.current]
    rows = []
    done = -1
    offset = 0
    for number, line in enumerate(stdout.split(b"\n")[:-1], 1):
        offset += len(line) + 1
        thread, decision = next(((t, d) for end, t, d in ends if end >= offset), (0, done))
        between = [d for d in switches if done < d.number <= decision]
        fired = [f.thread for f in record.fired if done <= f.decision < decision]
        done = max(done, decision)
        rows.append(
            LaneRow(
                line=number,
                thread=thread,
                text=line.decode("utf-8", "backslashreplace"),
                preempted=tuple(d.current for d in between if not d.forced),
                early=tuple(fired),
                note=notes.get(number, ""),
            )
        )
    return tuple(rows)


def _ends_of_writes(record: Record) -> Iterator[tuple[int, int, int]]:
    """For each write to stdout: where it ends, by which thread, after which decision."""
    end = 0
    for written in record.written:
        if written.stream == "stdout":
            end += written.size
            yield end, written.thread, written.decision
