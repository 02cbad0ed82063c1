"""The record that a controlled run leaves."""

import pytest

from harness.schedules.deadlock import deadlock_lines
from harness.schedules.record import (
    Candidates,
    Decision,
    Fired,
    Loose,
    Record,
    RecordError,
    Waiting,
    Written,
    read_record,
)
from harness.values.run import TaskName

WHOLE = """\
schedule 1
thread 1 0
thread 1 0 writer of lines
d 0 0 1 0,1 -
o 1 24
t 7 2
d 1 1 0 0,1,2 b
e 0 3
f 1
w 2 lock main.py:12
w 0 join -
w 1 futex +0x5d385,+0x300f3
n 0 17
n 1 4
uncontrolled child-process
end deadlock steps=120 decisions=2 virtual_ns=5000000 hash=0123abcd4567
"""


def test_every_entry_of_a_record_is_read() -> None:
    """Decisions, output, waiting threads, counts and the end come out as values."""
    expected = Record(
        end="deadlock",
        decisions=(
            Decision(number=0, current=0, chosen=1, runnable=(0, 1), forced=False),
            Decision(number=1, current=1, chosen=0, runnable=(0, 1, 2), forced=True),
        ),
        fired=(Fired(step=7, thread=2, decision=0),),
        written=(
            Written(thread=1, size=24, stream="stdout", decision=0),
            Written(thread=0, size=3, stream="stderr", decision=1),
        ),
        waiting=(
            Waiting(thread=2, kind="lock", place="main.py:12"),
            Waiting(thread=0, kind="join"),
            Waiting(thread=1, kind="futex", addresses=(0x5D385, 0x300F3)),
        ),
        names=((1, ""), (1, "writer of lines")),
        ended=(1,),
        events=(17, 4),
        steps=120,
        virtual_ns=5_000_000,
        digest="0123abcd4567",
        uncontrolled=("child-process",),
        tells_candidates=False,
    )
    assert expected == read_record(WHOLE)


SECOND = """\
schedule 2
c 3 e2 p1 p2 x0
d 0 0 1 0,1 -
c 5 x1
p 5 2
p 5 1 main.py:12
x 6 1 +0x41e30,+0x99
l 3 flock main.py:9
l 4 - +0x41e30,+0x99
h 1 2
h 2 1
note asyncio
end deadlock steps=9 decisions=1 virtual_ns=0 hash=0
"""


def test_what_the_second_format_adds_is_read() -> None:
    """Departures of the libraries' contracts, what was possible, rings, and what left control."""
    expected = Record(
        end="deadlock",
        decisions=(Decision(number=0, current=0, chosen=1, runnable=(0, 1), forced=False),),
        spurious=(
            Fired(step=5, thread=2, decision=0),
            Fired(step=5, thread=1, decision=0, place="main.py:12"),
        ),
        weak=(Fired(step=6, thread=1, decision=0, addresses=(0x41E30, 0x99)),),
        candidates=(
            Candidates(step=3, decision=-1, early=(2,), spurious=(1, 2), weak=(0,)),
            Candidates(step=5, decision=0, weak=(1,)),
        ),
        loose=(
            Loose(thread=3, call="flock", place="main.py:9"),
            Loose(thread=4, addresses=(0x41E30, 0x99)),
        ),
        rings=((1, 2), (2, 1)),
        notes=("asyncio",),
        steps=9,
        digest="0",
    )
    assert expected == read_record(SECOND)


TASKS = """\
schedule 2
task 1003 0 Task-1:main
s 0 1003
o 0 3
thread 1 0 pool
o 1 4
k task
d 0 1003 1004 1003,1004 -
s 0 0
e 0 5
k late
d 1 0 1 0,1 -
task 1004 1003 Task-2:move
end exit steps=9 decisions=2 virtual_ns=0 hash=0
"""


def test_what_a_thread_writes_as_it_runs_a_task_is_the_tasks() -> None:
    """Tasks decide and write like threads, and what else a loop decides is no thread's."""
    record = read_record(TASKS)
    assert [(1003, 3), (1, 4), (0, 5)] == [(each.thread, each.size) for each in record.written]
    assert (TaskName(1003, "Task-1:main"), TaskName(1004, "Task-2:move")) == record.tasks
    assert {1, 1003, 1004} == set(dict(record.names))
    assert [("task", True), ("late", False)] == [(d.kind, d.is_switch) for d in record.decisions]
    assert all(each.departs for each in record.decisions)


@pytest.mark.parametrize(
    ("line", "instead"),
    [("k late", "k never"), ("task 1004 1003 Task-2:move", "task 40000 1003 Task-2:move")],
)
def test_a_record_of_tasks_that_cannot_be_is_none(line: str, instead: str) -> None:
    """A kind that no loop decides, and a number that no task can have."""
    with pytest.raises(RecordError):
        read_record(TASKS.replace(line, instead))


@pytest.mark.parametrize("line", ["l 3 flock main.py:9", "uncontrolled child-process"])
def test_a_run_of_which_something_was_beyond_control_is_loose(line: str) -> None:
    """It need not come again the same; one that stayed under control does."""
    record = read_record(f"schedule 2\n{line}\nend exit\n")
    assert record.is_loose
    assert not read_record("schedule 2\nnote asyncio\nend exit\n").is_loose


def test_only_an_unforced_change_is_a_switch() -> None:
    """A thread that could not go on was not preempted."""
    assert [True, False] == [decision.is_switch for decision in read_record(WHOLE).decisions]


def test_a_waiting_thread_is_put_into_words() -> None:
    """A deadlock is told with who waits for what, and where."""
    expected = ("thread 2 waits: lock at main.py:12", "main waits: join", "thread 1 waits: futex")
    assert expected == deadlock_lines(read_record(WHOLE))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "left no record"),
        ("schedule 3\nend exit\n", "left no record"),
        ("schedule 1\np 4 2\nend exit\n", 'unknown entry "p"'),
        ("schedule 1\nd 0 0 1 0,1 -\n", "cut off"),
        ("schedule 1\nend well\n", 'unknown way "well"'),
        ("schedule 1\nwhat 1\nend exit\n", 'unknown entry "what"'),
    ],
)
def test_a_record_that_is_not_whole_is_refused(text: str, reason: str) -> None:
    """A record of another format, or one that was cut off, is never half believed."""
    with pytest.raises(RecordError, match=reason):
        read_record(text)
