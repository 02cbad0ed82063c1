"""Which thread wrote which line of a controlled run, and where those of a deadlock stand."""

from __future__ import annotations

from harness.schedules.lanes import lane_rows, standing_rows
from harness.schedules.record import read_record
from harness.values.finding import LaneRow

RING = """\
schedule 2
thread 1 0
thread 2 0
d 0 0 1 0,1,2 b
d 1 1 2 1,2 -
o 2 5
p 4 1 main.py:5
d 2 2 1 1,2 -
w 0 join main.py:9
w 1 lock main.py:4
w 2 lock main.py:6
h 0 1
h 1 2
h 2 1
end deadlock steps=9 decisions=3 virtual_ns=0 hash=0
"""


def test_a_line_has_what_happened_before_it() -> None:
    """Threads that were stopped; what comes after the last line belongs to none."""
    (row,) = lane_rows(read_record(RING), b"seen\n", ())
    assert LaneRow(line=1, thread=2, text="seen", preempted=(1,)) == row


def test_each_thread_of_a_deadlock_stands_somewhere_and_waits_for_somebody() -> None:
    """In the order of the ring; the first has what happened since the last line."""
    expected = (
        LaneRow(
            line=0,
            thread=0,
            text="",
            preempted=(2,),
            spurious=(1,),
            places=("main.py:5",),
            stands="waits for thread 1: join at main.py:9",
        ),
        LaneRow(line=0, thread=1, text="", stands="waits for thread 2: lock at main.py:4"),
        LaneRow(line=0, thread=2, text="", stands="waits for thread 1: lock at main.py:6"),
    )
    assert expected == standing_rows(read_record(RING))


def test_nobody_stands_where_the_run_ended() -> None:
    """Only a deadlock has such rows."""
    assert () == standing_rows(read_record("schedule 2\nend exit\n"))
