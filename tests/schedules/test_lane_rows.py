"""Which thread wrote which line of a controlled run, and where those of a deadlock stand."""

from __future__ import annotations

from harness.schedules.lanes import ending_rows, lane_rows, standing_rows
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


AFTER_ITS_LINE = """\
schedule 2
thread 1 0
d 0 0 1 0,1 b
o 1 5
t 7 0
d 1 1 0 0,1 -
end exit steps=9 decisions=2 virtual_ns=0 hash=0
"""


def test_what_happened_after_the_last_line_belongs_to_the_end() -> None:
    """A run that prints nothing more fails for something, too, and that is told."""
    expected = (
        LaneRow(line=0, thread=0, text="", preempted=(1,), early=(0,), stands="the run ends"),
    )
    assert expected == ending_rows(read_record(AFTER_ITS_LINE))


def test_an_end_that_nothing_led_to_has_no_row() -> None:
    """All that happened is told before the lines already."""
    printed_last = AFTER_ITS_LINE.replace("t 7 0\nd 1 1 0 0,1 -\n", "")
    assert () == ending_rows(read_record(printed_last))
