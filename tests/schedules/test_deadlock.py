"""A deadlock in words: who waits for what, who has it, and who went on."""

from __future__ import annotations

import re

import pytest

from harness.judging.judge import has_ended, judge_run
from harness.schedules.controlled import ending_under_control
from harness.schedules.deadlock import deadlock_lines, others_went_on
from harness.schedules.record import Record, Waiting, read_record
from harness.site.words import words_of
from harness.values.run import Deadlocked
from tests.claiming import WELL, claims_of, run_of

ALL = """\
schedule 2
thread 1 0
thread 2 0
thread 3 0
f 3
w 0 join main.py:19
w 1 lock main.py:8
w 2 lock main.py:12
h 0 1
h 1 2
h 2 1
end deadlock steps=120 decisions=2 virtual_ns=0 hash=0
"""
SOME = ALL.replace("f 3\n", "").replace("w 0 join main.py:19\n", "").replace("h 0 1\n", "")


def test_a_ring_is_told_with_who_waits_for_what_whom_has() -> None:
    """First who waits for each other, then each thread, what it waits for, and where."""
    record = read_record(ALL)
    assert deadlock_lines(record) == (
        "threads 1 and 2 wait for each other",
        "main waits for the end of thread 1: join at main.py:19",
        "thread 1 waits for the lock that thread 2 holds: lock at main.py:8",
        "thread 2 waits for the lock that thread 1 holds: lock at main.py:12",
    )
    assert not others_went_on(record)


def test_a_deadlock_of_some_says_that_the_others_went_on() -> None:
    """Main and thread 3 neither wait nor have ended."""
    record = read_record(SOME)
    assert others_went_on(record)
    first, *_ = deadlock_lines(record)
    assert first == "threads 1 and 2 wait for each other; the others went on"
    ending = ending_under_control(WELL, record)
    assert ending == Deadlocked(deadlock_lines(record), others_went_on=True)


@pytest.mark.parametrize(
    ("pairs", "heads"),
    [
        (((1, 2), (2, 3), (3, 1)), ["threads 1, 2 and 3 wait for each other in a ring"]),
        (((0, 4), (4, 0)), ["main and thread 4 wait for each other"]),
        (((0, 4), (4, 2), (2, 0)), ["main and threads 4 and 2 wait for each other in a ring"]),
        (((3, 3),), ["thread 3 waits for itself"]),
        (((0, 0), (5, 0)), ["main waits for itself"]),
        (
            ((1, 2), (2, 1), (3, 4), (4, 3)),
            ["threads 1 and 2 wait for each other", "threads 3 and 4 wait for each other"],
        ),
        (((0, 1), (1, 2), (2, 1)), ["threads 1 and 2 wait for each other"]),
        (((1, 2),), []),
    ],
)
def test_every_ring_is_told_once(pairs: tuple[tuple[int, int], ...], heads: list[str]) -> None:
    """From its lowest thread on; whoever waits for one that is in it is not."""
    lines = deadlock_lines(Record(end="deadlock", rings=pairs))
    assert [line.partition(";")[0] for line in lines] == heads


@pytest.mark.parametrize(
    ("kind", "holder", "line"),
    [
        ("Mutex::lock", 2, "waits for the lock that thread 2 holds: Mutex::lock at a.rs:3"),
        ("RwLock::read", 2, "waits for the lock that thread 2 holds: RwLock::read at a.rs:3"),
        ("lock", 1, "waits for the lock that it holds itself: lock at a.rs:3"),
        *(
            (lock, 2, f"waits for the lock that thread 2 holds: {lock} at a.rs:3")
            for lock in ("pthread_mutex_lock", "pthread_rwlock_rdlock", "RwLock::write")
        ),
        ("pthread_once", 2, "waits for thread 2: pthread_once at a.rs:3"),
        ("JoinHandle::join", 0, "waits for the end of main: JoinHandle::join at a.rs:3"),
        ("scope", 2, "waits for the end of thread 2: scope at a.rs:3"),
        ("Once::call_once", 2, "waits for thread 2: Once::call_once at a.rs:3"),
        ("Condvar::wait", None, "waits: Condvar::wait at a.rs:3"),
    ],
)  # fmt: skip
def test_what_is_waited_for_is_told_as_what_it_is(kind: str, holder: int | None, line: str) -> None:
    """Locks are held, threads end, and of anything else the thread is named."""
    wait = Waiting(thread=1, kind=kind, place="a.rs:3")
    rings = () if holder is None else ((1, holder),)
    *_, told = deadlock_lines(Record(end="deadlock", waiting=(wait,), rings=rings))
    assert told == f"thread 1 {line}"


def test_the_words_of_the_finding_are_true_of_a_deadlock_of_some() -> None:
    """Some threads can go on: it does not say that none can."""
    claims = claims_of(
        '[events]\nstep = "step {i:d}"\n[always.few]\nwhy = "w"\n'
        'count = { of = "step", at-most = 2 }\n'
    )
    for text, message in ((ALL, "no thread can go on"), (SOME, "some threads can never go on")):
        ending = ending_under_control(WELL, read_record(text))
        (finding,) = judge_run(claims, run_of(claims, ending=ending)).findings
        assert (finding.property, finding.violation.message) == ("no-deadlock", message)
        assert finding.violation.found.startswith("threads 1 and 2 wait for each other")


def test_nothing_is_missing_of_a_deadlock_of_some() -> None:
    """It is told at once, where the others would have gone on and printed more."""
    claims = claims_of(
        '[events]\nstep = "step {i:d}"\n[always.hangs]\nwhy = "w"\nhang = { after = ["step"] }\n'
    )
    whole, part = (
        run_of(claims, ending=ending_under_control(WELL, read_record(text))) for text in (ALL, SOME)
    )
    assert (True, False) == (has_ended(claims, whole), has_ended(claims, part))
    assert ["hangs"] == [finding.property for finding in judge_run(claims, whole).findings]
    assert () == judge_run(claims, part).findings


def test_every_line_is_told_in_korean() -> None:
    """The page says it in the reader's language."""
    for text in (ALL, SOME, ALL.replace("h 1 2\nh 2 1", "h 1 1")):
        for line in deadlock_lines(read_record(text)):
            korean = words_of("ko").phrase(line)
            assert not korean.lang, line
            assert re.search("[가-힣]", korean.text)
