"""The likeliest schedules first, on modelled programs."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.schedules.dependence import read_touch
from harness.schedules.likeliest import FIRST, likeliest_first, place_by_place
from harness.schedules.names import STAY, Schedule, Strategy, parse_schedule
from harness.schedules.probing import SLEEPLESS_EVERY, SLEPT, Probing
from harness.schedules.record import Candidates, Decision, Fired, Record, Step
from tests.schedules.modelled import ModelProgram, Op, random_program, run_program

BUDGET = 20


def record_of(program: ModelProgram, schedule: Schedule) -> Record | None:
    """The record of a run, if the schedule fits."""
    outcome = run_program(program, schedule)
    return None if outcome is None else outcome[0]


def probes(program: ModelProgram, count: int) -> list[Schedule]:
    """The first probes of a program."""
    probing = Probing(lambda schedule: record_of(program, schedule))
    return [probing.schedule(number) for number in range(count)]


def first_failing(program: ModelProgram) -> int | None:
    """Which probe, from 1, is the first that fails."""
    for number, schedule in enumerate(probes(program, BUDGET), 1):
        outcome = run_program(program, schedule)
        if outcome is not None and outcome[1]:
            return number
    return None


def ring(size: int) -> ModelProgram:
    """As many threads and locks, each takes its own and then its neighbour's."""

    def worker(place: int) -> tuple[Op, ...]:
        own, next_ = place, (place + 1) % size
        return (("step", 0), ("lock", own), ("lock", next_), ("unlock", next_), ("unlock", own))

    joins = tuple(("join", place + 1) for place in range(size))
    return ModelProgram((joins, *map(worker, range(size))))


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_threads_that_wait_in_a_ring_are_come_to(size: int) -> None:
    """Each is stopped where the one before it was: one hand-over fewer than there are threads."""
    assert first_failing(ring(size)) is not None


def test_an_update_is_lost_by_the_first_hand_overs() -> None:
    """A thread is stopped between its reading and its writing."""
    add: tuple[Op, ...] = (("step", 0), ("read", 0), ("write", 0), ("step", 0))
    found = first_failing(ModelProgram(((("join", 1), ("join", 2)), add, add)))
    assert found is not None
    assert found <= 5


@given(seed=st.integers(0, 500), workers=st.integers(1, 4), known=st.sets(st.integers(0, 19)))
def test_a_number_means_one_schedule_whatever_was_run_before(
    seed: int, workers: int, known: set[int]
) -> None:
    """Records that are given in change nothing but the number of runs; no schedule comes twice."""
    program = random_program(random.Random(seed), workers)
    expected = probes(program, BUDGET)
    probing = Probing(lambda schedule: record_of(program, schedule))
    for number in range(BUDGET):
        schedule = probing.schedule(number)
        assert expected[number] == schedule
        if number in known:
            probing.add(schedule, record_of(program, schedule))
    listed = [schedule for schedule in expected if schedule.strategy is Strategy.SWITCH]
    assert len(set(listed)) == len(listed)
    assert all(record_of(program, schedule) is not None for schedule in listed)


def test_where_there_is_no_further_probe_a_schedule_is_drawn() -> None:
    """A program of one thread has one schedule; a number still means the same."""
    program = ModelProgram(((("step", 0), ("step", 0)),))
    assert [STAY, parse_schedule("random:1"), parse_schedule("random:2")] == probes(program, 3)


def test_what_may_come_for_nothing_is_among_the_first_probes() -> None:
    """A wait that may wake, a timeout that may come early, where the example allows it."""

    def run(schedule: Schedule) -> Record:
        candidates = (Candidates(step=3, decision=-1, early=(2,), spurious=(1,), weak=(0,)),)
        return Record(end="exit", candidates=() if schedule != STAY else candidates)

    names = {str(Probing(run).schedule(number)) for number in range(5)}
    assert {"switch:spurious@3>1", "switch:early@3", "switch:weak@3"} <= names
    strict = {str(Probing(run, early=False).schedule(number)) for number in range(5)}
    assert not any("early" in name for name in strict)


def _worker(number: int, current: int, chosen: int | None = None) -> Decision:
    """A decision among the workers 1 to 3; forced, if another than the current one goes on."""
    chosen = current if chosen is None else chosen
    forced = chosen != current
    return Decision(
        number=number, current=current, chosen=chosen, runnable=(1, 2, 3), forced=forced
    )


def _slept(*, directly: bool, virtual_ns: int = 40_000_000) -> Callable[[Schedule], Record]:
    """Runs in which thread 1 sleeps at step 5: others go on meanwhile, or it does `directly`."""
    away = () if directly else (_worker(1, 1, 2), _worker(2, 2), _worker(3, 2, 1))
    first = len(away) + 1
    own = tuple(_worker(number, 1) for number in range(first, first + 8))
    decisions = (_worker(0, 1), *away, *own)
    slept = (Fired(step=5, thread=1, decision=0),)

    def run(schedule: Schedule) -> Record:
        fired = slept if schedule.sleepless else ()
        return Record(end="exit", decisions=decisions, virtual_ns=virtual_ns, fired=fired)

    return run


@pytest.mark.parametrize(
    ("directly", "handed"), [(True, "0>3 7>3 5>3 8>3"), (False, "10>3 8>3 11>3 4>3")]
)
def test_a_program_that_sleeps_is_run_without_sleeps_too(directly: bool, handed: str) -> None:
    """With one hand-over for each sleep, and then with others: to whom all others are preferred."""
    probing = Probing(_slept(directly=directly))
    names = [str(probing.schedule(number)) for number in range(FIRST + 3 * SLEEPLESS_EVERY + 4)]
    without = [name for name in names if "early@*" in name]
    assert names.index("switch:early@*") == FIRST
    expected = ["switch:early@*", *(f"switch:{each},early@*" for each in handed.split())]
    assert without == expected
    assert [FIRST + SLEEPLESS_EVERY * number for number in range(5)] == [
        names.index(name) for name in without
    ]


def test_sleeps_last_where_that_is_asked_for_or_there_are_none() -> None:
    """A strict program's sleeps never end early; one that reads a clock only has none."""
    strict = Probing(_slept(directly=True), early=False)
    awake = Probing(_slept(directly=True, virtual_ns=SLEPT - 1))
    for probing in (strict, awake):
        names = [str(probing.schedule(number)) for number in range(BUDGET)]
        assert not any("early@*" in name for name in names)


def test_older_values_are_drawn_where_a_thread_has_to_be_stopped_first() -> None:
    """Whoever is left alone reads the newest, and few of the very first probes stop anybody."""
    program = random_program(random.Random(1), 2)
    late = probes(program, 7)[-1]

    def run(schedule: Schedule) -> Record | None:
        record = record_of(program, schedule)
        older = (Candidates(step=1, decision=0, old=((0, 1),)),)
        return record and replace(record, candidates=older if schedule == late else ())

    drawn = parse_schedule("random:3/old")
    assert drawn == Probing(run).resolved(drawn)
    never = Probing(lambda schedule: record_of(program, schedule))
    assert parse_schedule("random:3") == never.resolved(drawn)


def test_what_may_come_for_nothing_after_a_hand_over_only_follows_it_soon() -> None:
    """A thread that waits where another has not been before it, which the plainest run lacks."""
    decisions = tuple(
        Decision(number=number, current=0, chosen=0, runnable=(0, 1), forced=False)
        for number in range(12)
    )
    waits = (Candidates(step=9, decision=2, early=(1,), spurious=(1,)),)

    def run(schedule: Schedule) -> Record:
        chosen = dict(schedule.switches)
        made = tuple(each._replace(chosen=chosen.get(each.number, 0)) for each in decisions)
        return Record(end="exit", decisions=made, candidates=waits if 2 in chosen else ())

    def names(*, early: bool) -> list[str]:
        probing = Probing(run, early=early)
        return [str(probing.schedule(number)) for number in range(BUDGET)]

    found = names(early=True)
    after = found[found.index("switch:2>1") :]
    assert {"switch:2>1,spurious@9>1", "switch:2>1,early@9"} <= set(after[:5])
    strict = names(early=False)
    assert "switch:2>1,spurious@9>1" in strict
    assert not any("early" in name for name in strict)


def test_what_may_come_for_nothing_after_a_sleep_that_ends_early_follows_it() -> None:
    """A thread sleeps first, and then waits, unless main has come too far by then."""
    decisions = tuple(
        Decision(number=number, current=0, chosen=0, runnable=(0, 1), forced=False)
        for number in range(12)
    )
    sleeps = Candidates(step=5, decision=11, early=(1,))
    waits = Candidates(step=9, decision=11, spurious=(1,))

    def run(schedule: Schedule) -> Record:
        chosen = dict(schedule.switches)
        made = tuple(each._replace(chosen=chosen.get(each.number, 0)) for each in decisions)
        candidates = (sleeps,) * bool(chosen) + (waits,) * bool(
            schedule.early_steps and 0 in chosen
        )
        fired = tuple(Fired(step=5, thread=1, decision=11) for _ in schedule.early_steps)
        return Record(end="exit", decisions=made, candidates=candidates, fired=fired)

    probing = Probing(run)
    found = [str(probing.schedule(number)) for number in range(BUDGET)]
    assert "switch:0>1,early@5,spurious@9>1" in found


def test_who_woke_for_nothing_goes_on_at_once() -> None:
    """And not only after the one who makes true what it waits for."""
    decisions = tuple(
        Decision(number=number, current=1, chosen=1, runnable=(0, 1), forced=False)
        for number in range(12)
    )
    waits = (Candidates(step=5, decision=3, spurious=(0,)),)

    def run(schedule: Schedule) -> Record:
        chosen = dict(schedule.switches)
        made = tuple(each._replace(chosen=chosen.get(each.number, 1)) for each in decisions)
        woken = tuple(Fired(step=5, thread=0, decision=3) for _ in schedule.spurious_wakes)
        return Record(end="exit", decisions=made, candidates=waits, spurious=woken)

    probing = Probing(run)
    found = [str(probing.schedule(number)) for number in range(12)]
    assert "switch:4>0,spurious@5>0" in found


def test_it_is_tried_once_for_each_thread_and_kind() -> None:
    """What the plainest run has shown, or an earlier probe, comes where single departures come."""
    decisions = tuple(
        Decision(number=number, current=0, chosen=0, runnable=(0, 1), forced=False)
        for number in range(30)
    )
    waits = (Candidates(step=40, decision=29, spurious=(1,)),)

    def run(schedule: Schedule) -> Record:
        chosen = dict(schedule.switches)
        made = tuple(each._replace(chosen=chosen.get(each.number, 0)) for each in decisions)
        return Record(end="exit", decisions=made, candidates=waits if schedule != STAY else ())

    probing = Probing(run)
    found = [str(probing.schedule(number)) for number in range(BUDGET)]
    assert 1 == sum("spurious" in name for name in found)


@pytest.mark.parametrize("start", [2, 3])
def test_a_ring_of_three_is_come_to_by_the_sixth_schedule(start: int) -> None:
    """Also where the threads have done nothing yet at their first points, as in Python."""

    def worker(place: int) -> tuple[Op, ...]:
        own, next_ = place, (place + 1) % 3
        locks = (("lock", own), ("lock", next_), ("unlock", next_), ("unlock", own))
        return (*[("step", 0)] * (start - 1), *locks)

    joins = tuple(("join", place + 1) for place in range(3))
    found = first_failing(ModelProgram((joins, *map(worker, range(3)))))
    assert found is not None
    assert found <= 6


def test_a_thread_that_goes_as_soon_as_it_is_there_is_soon_stopped_at_its_first_points() -> None:
    """What takes a hand-over from main to a newcomer and one back is a bug of two departures."""
    worker: tuple[Op, ...] = (("step", 0), ("read", 0), ("write", 0), ("step", 0))
    main: tuple[Op, ...] = (*[("step", 0)] * 12, ("join", 1))
    found = list(map(str, probes(ModelProgram((main, worker)), BUDGET // 2)))
    assert {"switch:0>1,1>0", "switch:0>1,2>0", "switch:0>1,3>0"} <= set(found)
    later = [name for name in found if name.startswith("switch:1>1,")]
    assert [] == later


def test_one_departure_more_comes_after_all_that_have_one_fewer() -> None:
    """Also after those with which something may come for nothing, which have two."""
    adding: tuple[Op, ...] = (("read", 0), ("write", 0))
    listed = probes(ModelProgram(((("join", 1), ("join", 2)), adding, adding)), 3 * BUDGET)
    sizes = [len(each.switches) for each in listed if each.strategy is Strategy.SWITCH]
    assert 3 in sizes
    last_single = max(at for at, size in enumerate(sizes) if size == 1)
    assert sizes.index(3) > last_single


def test_spurious_schedules_are_made_of_programs_that_wait_only() -> None:
    """Where nothing may come for nothing, the suffix would change nothing."""
    asked = parse_schedule("random:7/early/spurious")
    idle = Probing(lambda _: Record(end="exit"))
    assert replace(asked, spurious=False) == idle.resolved(asked)
    waiting = Record(end="exit", candidates=(Candidates(step=1, decision=-1, spurious=(0,)),))
    assert asked == Probing(lambda _: waiting).resolved(asked)


def test_a_run_without_a_record_leads_nowhere() -> None:
    """It was cut off; what is left is drawn."""
    probing = Probing(lambda _: None)
    assert [STAY, parse_schedule("random:1")] == [probing.schedule(number) for number in (0, 1)]


def test_a_run_that_does_not_come_again_as_it_was_leads_nowhere() -> None:
    """What is beyond control may leave fewer decisions the second time, or other ones."""
    worker: tuple[Op, ...] = (("step", 0), ("step", 0), ("step", 0))
    program = ModelProgram(((("join", 1), ("join", 2)), worker, worker))
    plainest = record_of(program, STAY)
    assert plainest is not None

    def run(schedule: Schedule) -> Record:
        return plainest if schedule == STAY else Record(end="exit", uncontrolled=("child-process",))

    probing = Probing(run)
    found = [probing.schedule(number) for number in range(3 * BUDGET)]
    first = [each for each in found if each.strategy is Strategy.SWITCH]
    assert 1 < len(first) < len(found)


def test_a_hand_over_between_two_accesses_is_tried_soon_if_a_run_tells_of_it() -> None:
    """It is one of fifty points, and twenty probes that do not know of it miss it."""
    idle: tuple[Op, ...] = (("step", 0),) * 37
    add: tuple[Op, ...] = (*idle, ("read", 0), ("write", 0), *idle[:12])
    program = ModelProgram(((("join", 1), ("join", 2)), add, add))
    plainest = record_of(program, STAY)
    assert plainest is not None
    assert first_failing(program) is None
    between = [
        number
        for number in range(len(plainest.decisions))
        if (made := run_program(program, parse_schedule(f"switch:{number}>2"))) and made[1]
    ]
    assert len(between) == 1
    told = (
        Step(1, between[0] - 1, (1, 2), (read_touch("r:a"),)),
        Step(1, between[0], (1, 2), (read_touch("t:a"),)),
        Step(2, None, (), (read_touch("r:a"),)),
        Step(2, None, (), (read_touch("w:a"),)),
    )
    before = tuple(Step(d.chosen, d.number, d.runnable) for d in plainest.decisions)
    telling = replace(plainest, told=(*before, *told))
    probing = Probing(lambda schedule: record_of(program, schedule), tell=lambda: telling)
    soon = [str(probing.schedule(number)) for number in range(9)]
    assert f"switch:{between[0]}>2" in soon


def test_whoever_has_woken_early_goes_on_and_may_then_wake_for_nothing_and_go_on() -> None:
    """Main goes on otherwise, and makes true what the other was to wait for."""
    decisions = tuple(
        Decision(number=number, current=0, chosen=0, runnable=(0, 1), forced=False)
        for number in range(8)
    )
    sleeps = Candidates(step=2, decision=0, early=(1,))
    waits = Candidates(step=6, decision=4, spurious=(1,))

    def run(schedule: Schedule) -> Record:
        chosen = dict(schedule.switches)
        made = tuple(each._replace(chosen=chosen.get(each.number, 0)) for each in decisions)
        has_slept = bool(schedule.early_steps)
        fired = (Fired(step=2, thread=1, decision=0),) * has_slept
        spurious = tuple(
            Fired(step=step, thread=thread, decision=4) for step, thread in schedule.spurious_wakes
        )
        goes_on = has_slept and 1 in chosen and not spurious
        candidates = (sleeps,) * (0 in chosen and not has_slept) + (waits,) * goes_on
        if schedule == STAY:
            candidates = (Candidates(step=9, decision=7, early=(1,)),)
        return Record(
            end="exit", decisions=made, candidates=candidates, fired=fired, spurious=spurious
        )

    probing = Probing(run)
    found = [str(probing.schedule(number)) for number in range(2 * BUDGET)]
    assert "switch:0>1,1>1,early@2" in found
    after = found[found.index("switch:0>1,1>1,early@2") :]
    assert ["switch:0>1,1>1,early@2,spurious@6>1", "switch:0>1,1>1,5>1,early@2,spurious@6>1"] == (
        after[1:3]
    )


def placed(*at: str, waits: tuple[int, ...] = ()) -> Record:
    """A run whose decisions are there, ``1 main.py:4``: whose, and where; two more can go on."""
    threads = [int(each.split()[0]) for each in at]
    decisions = tuple(
        Decision(number, thread, thread, (thread, 8, 9), forced=number in waits)
        for number, thread in enumerate(threads)
    )
    places = tuple((number, each.split()[1]) for number, each in enumerate(at))
    return Record(end="exit", decisions=decisions, places=places)


def places(record: Record) -> list[str]:
    """The hand-overs of a run, place by place."""
    return [f"{each.at}>{each.thread}" for each in place_by_place(record)]


def test_each_place_comes_before_one_a_second_time() -> None:
    """What a thread does once at its end is among the first of many turns of a loop."""
    run = placed(*["1 a:1", "1 a:2"] * 20, "1 a:3")
    assert ["0>8", "40>8", "1>8"] == places(run)[:3]
    assert {f"{number}>{thread}" for number in range(41) for thread in (8, 9)} == set(places(run))


def test_at_a_place_a_thread_is_stopped_on_leaving_then_on_coming_then_at_the_last_visit() -> None:
    """A lock is taken there by then; what nobody could put off is no hand-over."""
    run = placed("1 a:1", "1 a:1", "1 a:1", "1 a:2", "1 a:1", "1 a:1", "1 a:2", waits=(5,))
    assert ["2>8", "3>8", "0>8", "3>9", "2>9"] == places(run)[:5]
    assert "4>8" in places(run)
    assert "5>8" not in places(run)


def test_places_of_main_come_last_and_those_that_nobody_knows_not_at_all() -> None:
    """Main mostly starts others, and waits for them."""
    assert ["1>8", "1>9", "0>9", "0>8"] == places(placed("0 a:1", "2 b:1"))
    without = replace(placed("1 a:1", "1 a:2"), places=((1, "a:2"),))
    assert {"1>8", "1>9"} == set(places(without))


def test_at_the_points_of_main_each_fresh_thread_has_its_turn() -> None:
    """They need not do the same; of another thread's points one of them stands for all."""
    run = placed(*["0 a:1"] * 4, *["1 b:1"] * 4)
    options = likeliest_first(run, ())
    told = [(o.departure.at, o.departure.thread) for o in options]
    first = {at: next(thread for number, thread in told if number == at) for at in range(8)}
    assert [first[at] for at in range(4)] == [9, 8, 9, 8]
    assert [first[at] for at in range(4, 8)] == [8, 8, 8, 8]


def test_a_place_by_its_number_is_none_of_the_first_probes() -> None:
    """Then the next; where there is no further one, a schedule is drawn."""
    run = placed(*["1 a:1", "1 a:2"] * 20, "1 a:3")

    def made(schedule: Schedule) -> Record:
        chosen = dict(schedule.switches)
        decisions = tuple(
            each._replace(chosen=chosen.get(each.number, each.chosen)) for each in run.decisions
        )
        return replace(run, decisions=decisions)

    probing = Probing(made)
    first = {str(probing.schedule(number)) for number in range(FIRST)}
    of_places = [
        str(probing.resolved(Schedule(strategy=Strategy.PLACE, seed=number)))
        for number in range(100)
    ]
    assert "switch:0>8" in first
    assert not first & set(of_places)
    assert "switch:40>8" == of_places[0]
    assert "random:99" == of_places[99]
    planned = Schedule(strategy=Strategy.PLACE, seed=99, instead=parse_schedule("pct2:7/early"))
    assert "pct2:7/early" == str(probing.resolved(planned))
    assert planned == parse_schedule("place:99")
