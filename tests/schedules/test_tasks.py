"""The order in which asyncio takes its tasks, timers and events, by real runs of `tasks/`.

What does not depend on the version is shown on one interpreter, the rest on every CPython.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.schedules.deadlock import deadlock_lines
from harness.schedules.lanes import lane_rows, standing_rows
from harness.schedules.names import Schedule
from harness.schedules.record import Record, read_record
from harness.schedules.reduction import TriedSchedule, reduce_schedule
from harness.schedules.rotation import controlled_rotation
from harness.schedules.search import Bound, Search, departing, departures_of
from tests.bench.programs import TASK_PROGRAMS
from tests.schedules.test_python_runtime import OTHERS, Controlled
from tests.schedules.test_python_world import ON_EACH, RECENT, run_on

DEADLOCK = "switch:0>1005,1>1005,4>1005"
"""The schedule under which the second task of `lock_order` comes in time."""

NEED_FREE_TASKS = ("condition", "lock_order", "lost_update", "semaphore", "threads", "two_ready")
"""The programs with a bug that asyncio's own loop does not show, or seldom."""


def run_tasks(
    program: str,
    schedule: str = "switch:",
    *arguments: str,
    order: str = "fifo",
    label: str = RECENT,
    **settings: str,
) -> Controlled:
    """Run a program of `tasks/` on the interpreter of that label."""
    place = f"../tasks/{program}"
    return run_on(label, schedule, place, *arguments, task_order=order, **settings)


def record_of(result: Controlled) -> Record:
    """What the run's log says."""
    return read_record("\n".join(result.log))


def notes(result: Controlled) -> list[str]:
    """What the run's log says that was not explored."""
    return [note for (note,) in result.records("note")]


def outputs(program: str, *arguments: str, order: str = "fifo", runs: int = 12) -> set[str]:
    """What a program prints under so many schedules."""
    schedules = (f"random:{seed}" for seed in range(runs))
    return {run_tasks(program, each, *arguments, order=order).out for each in schedules}


# --- what is chosen ---------------------------------------------------------------------------


@ON_EACH
def test_without_timers_network_and_threads_there_is_one_schedule(label: str) -> None:
    """The ready queue is first in, first out, as `call_soon` is documented."""
    for schedule in ("switch:", "random:1", "pct2:3/early"):
        result = run_tasks("lock_order", schedule, label=label)
        assert (0, []) == (result.code, result.records("d"))
        assert [] == notes(result)


@ON_EACH
def test_ready_tasks_overtake_each_other_where_it_is_asked_for(label: str) -> None:
    """The one who is first in the queue is the one who goes on, if nothing else is said."""
    assert 0 == run_tasks("two_ready", order="free", label=label).code
    result = run_tasks("two_ready", "switch:0>1005", order="free", label=label)
    assert "AssertionError: ['b', 'a']" in result.err
    assert [["0", "1004", "1005", "1004,1005", "-"]] == result.records("d")
    assert [["task"]] == result.records("k")


def test_a_schedule_for_free_tasks_does_not_fit_where_they_are_not() -> None:
    """The decision that it names is not met; an order of tasks that there is not is refused."""
    result = run_tasks("two_ready", "switch:0>1005")
    assert (0, []) == (result.code, result.records("d"))
    assert "refused" == run_tasks("two_ready", order="lifo").end


def test_nothing_overtakes_a_callback_nor_does_it_overtake() -> None:
    """What cancels a task is a callback too, though it is a method of a task."""
    seen = outputs("overtaking", order="free", runs=30)
    assert len(seen) > 1
    for out in seen:
        lines = out.split()
        assert ["callback", "c"] == lines[2:4]
        assert {"a", "b"} == set(lines[:2])
        assert {"cancelled", "d"} == set(lines[4:])


def test_timers_that_are_due_at_one_time_come_in_any_order() -> None:
    """That is documented as undefined: a heap keeps none."""
    assert 4 <= len(outputs("timers", "ties"))
    plainest = run_tasks("timers", "switch:", "ties").out.split()
    result = run_tasks("timers", "switch:0>2,1>1", "ties")
    assert [plainest[2], plainest[1], plainest[0]] == result.out.split()
    assert [["tie"], ["tie"]] == result.records("k")


def test_timers_at_near_times_come_in_either_order() -> None:
    """Between two readings of the clock some time may pass."""
    assert {"whole\nhalves\n", "halves\nwhole\n"} == outputs("timers", "near")


def test_timers_at_far_times_come_in_their_order_unless_timeouts_come_early() -> None:
    """A minute may pass there, and a list says at which step."""
    assert {"a second\na minute\n"} == outputs("timers", "far", runs=4)
    search, early = Search(Bound(preemptions=1)), []
    while (schedule := search.next()) is not None:
        result = run_tasks("timers", str(schedule), "far", candidates="1")
        search.add(record_of(result))
        early += [schedule] if result.out == "a minute\na second\n" else []
    assert early
    assert all(len(each.early_steps) == 1 for each in early)
    assert search.is_complete, search.flaws


def test_connections_are_served_in_any_order() -> None:
    """The events of one `select` come in any order, and the last of them may be late."""
    results = [run_tasks("clients", f"random:{seed}") for seed in range(8)]
    assert {0, 1} == {result.code for result in results}
    assert {"event", "late"} <= {kind for result in results for (kind,) in result.records("k")}


@pytest.mark.parametrize("schedule", ["switch:", "pct2:1", "sticky:2", "random:3/early"])
def test_a_task_that_spins_until_a_timer_comes_starves_nobody(schedule: str) -> None:
    """Time passes though something is always ready, and then the timer is due."""
    assert "seen\n" == run_tasks("spinning", schedule, order="free").out


# --- the record --------------------------------------------------------------------------------


@ON_EACH
def test_the_record_says_whose_turn_it_is(label: str) -> None:
    """What a task prints is its own; a thread and the script have theirs."""
    result = run_tasks("speakers", label=label)
    record = record_of(result)
    names = {task.number: task.name for task in record.tasks}
    assert {
        1003: "Task-1:main",
        1004: "Task-2:speak",
        1005: "Task-3:speak",
    }.items() <= names.items()
    whose: dict[str, list[int]] = {}
    for row in lane_rows(record, result.out.encode(), ()):
        whose.setdefault(row.text, []).append(row.thread)
    assert {
        "one": [1004, 1004], "two": [1005, 1005], "thread": [1], "main": [1003], "script": [0],
    } == whose  # fmt: skip


@pytest.mark.parametrize(
    ("program", "schedule"),
    [
        ("lock_order", "random:12"),
        ("clients", "random:1"),
        ("wait_for", "random:0"),
        ("threads", "random:1/early"),
    ],
)
def test_a_run_is_made_again_by_its_seed_and_by_its_departures(program: str, schedule: str) -> None:
    """Decisions of a loop are decisions like others."""
    first = run_tasks(program, schedule, order="free")
    assert first.log == run_tasks(program, schedule, order="free").log
    listed = str(departing(departures_of(record_of(first))))
    again = run_tasks(program, listed, order="free")
    assert (first.code, first.out) == (again.code, again.out)
    assert record_of(first).decisions == record_of(again).decisions


def test_a_failing_order_of_tasks_is_made_small() -> None:
    """By what is left out of it, like one of threads."""

    def attempt(schedule: Schedule) -> TriedSchedule[Controlled]:
        result = run_tasks("two_ready", str(schedule), order="free", candidates="1")
        return TriedSchedule(record_of(result), fails=result.code != 0, kept=result)

    failing = next(
        result
        for seed in range(20)
        if (result := run_tasks("two_ready", f"random:{seed}", order="free")).code
    )
    reduced = reduce_schedule(record_of(failing), attempt, budget=40)
    assert reduced is not None
    assert "switch:0>1005" == str(reduced.schedule)


@pytest.mark.parametrize(("order", "least"), [("fifo", 1), ("free", 10)])
def test_a_search_runs_every_order_of_tasks_and_is_complete(order: str, least: int) -> None:
    """Of a program without timers: one, or all in which tasks overtake each other."""
    search, ends = Search(Bound()), []
    while (schedule := search.next()) is not None:
        result = run_tasks("lock_order", str(schedule), order=order, candidates="1")
        ends.append(result.end)
        search.add(record_of(result))
    assert search.is_complete, search.flaws
    assert len(ends) == 1 if least == 1 else len(ends) >= least
    assert (order == "free") == ("deadlock" in ends)


# --- deadlock ----------------------------------------------------------------------------------


@ON_EACH
def test_a_deadlock_of_tasks_is_told_with_who_has_what_and_where(label: str) -> None:
    """Who has a lock is known of a task within `async with`."""
    result = run_tasks("lock_order", DEADLOCK, order="free", label=label)
    main = "task 1003 (Task-1:main)"
    first, second = "task 1004 (Task-2:move)", "task 1005 (Task-3:move)"
    gather, lock = "gather at lock_order.py:21", "lock at lock_order.py:14"
    assert [
        "tasks 1004 and 1005 wait for each other",
        "main waits: event-loop at lock_order.py:25",
        f"{main} waits for the end of tasks 1004 and 1005: {gather}",
        f"{first} waits for the lock that {second} holds: {lock}",
        f"{second} waits for the lock that {first} holds: {lock}",
    ] == list(deadlock_lines(record_of(result)))


def test_each_task_of_a_deadlock_stands_in_its_lane() -> None:
    """Beside what it waits for."""
    rows = standing_rows(record_of(run_tasks("lock_order", DEADLOCK, order="free")))
    assert {0, 1003, 1004, 1005} == {row.thread for row in rows}
    stands = {row.thread: row.stands for row in rows}
    assert "waits for task 1005 (Task-3:move): lock at lock_order.py:14" == stands[1004]


STUCK = {
    "queue": ["1003 queue 9"],
    "event": ["1003 event 12"],
    "condition": ["1003 condition 17"],
    "future": ["1003 future 20"],
    "task": ["1003 task 23", "1004 future 20", "1003>1004"],
    "gather": ["1003 gather 26", "1004 future 20", "1005 event 12", "1003>1004", "1003>1005"],
    "lock": ["1003 lock 37", "1004 future 20", "1003>1004"],
    "itself": ["1003 lock 43", "1003>1003"],
    "semaphore": ["1003 semaphore 48"],
}


@pytest.mark.parametrize("what", STUCK)
def test_what_a_task_waits_for_is_told_at_once(what: str) -> None:
    """A loop that only its own process could wake does not wait for the world outside."""
    result = run_tasks("stuck", "switch:", what)
    assert "deadlock" == result.end
    main, *tasks = result.records("w")
    assert ["0", "event-loop", "stuck.py:51"] == main
    told = [f"{task} {kind} {place.partition(':')[2]}" for task, kind, place in tasks]
    assert STUCK[what] == told + [">".join(pair) for pair in result.records("h")]


# --- what is not explored ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "one", "two"),
    [
        ("own", ["other-loop"], ["other-loop"]),
        ("wait", [], ["task-sets"]),
        ("completed", [], ["task-sets"]),
        ("leftovers", [], ["task-sets"]),
        ("group", [], ["task-sets"]),
    ],
)
@ON_EACH
def test_what_is_not_explored_is_noted(
    label: str, what: str, one: list[str], two: list[str]
) -> None:
    """A loop that is not asyncio's own, and several tasks that are taken from a set."""
    if what == "group" and not hasattr_task_group(label):
        pytest.skip("there are no task groups")
    assert one == notes(run_tasks("sets", "switch:", what, "1", label=label))
    assert two == notes(run_tasks("sets", "switch:", what, "2", label=label))


def hasattr_task_group(label: str) -> bool:
    """Whether this version has `TaskGroup`."""
    return tuple(map(int, str(OTHERS[label].version).split(".")[:2])) >= (3, 11)


# --- power ---------------------------------------------------------------------------------------


def failures(program: str, order: str, schedules: int, *arguments: str) -> Iterator[str]:
    """Under which schedules a program does not end as it should."""
    for schedule in controlled_rotation(schedules):
        if run_tasks(program, str(schedule), *arguments, order=order).code:
            yield str(schedule)


@pytest.mark.parametrize("program", TASK_PROGRAMS)
def test_a_bug_of_tasks_is_found_and_its_twin_is_not_blamed(program: str) -> None:
    """Within the default number of schedules."""
    order = "free" if program in NEED_FREE_TASKS else "fifo"
    assert next(failures(program, order, 60), None) is not None
    assert [] == list(failures(program, "free", 8, "ok"))
