"""What comes in a run that control may have led astray counts once a plain run shows it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from harness.bench import trial as trials
from harness.bench.budget import Budget
from harness.bench.doubts import unexplored
from harness.bench.execution import HarnessFault, Misfit, _with_record, command_of
from harness.bench.options import DEFAULT_RUNS, DEFAULT_SCHEDULES
from harness.bench.subject import Estimates, Executed, Request, Subject
from harness.bench.trial import Judged, Trial
from harness.bench.weighing import Weigher
from harness.judging.claims import Claims
from harness.judging.tally import Tally
from harness.judging.verdict import conclude, judge_across
from harness.machine.process import Completed
from harness.machine.toolchains import NEWEST_TRIED, why_untried
from harness.reports.github import github
from harness.reports.styled import plain
from harness.reports.text import explanation_lines
from harness.schedules.calls import name_of_call
from harness.schedules.controlled import Estimate, Log
from harness.schedules.names import MOST_CHARACTERS, PLAIN, Schedule, Strategy, parse_schedule
from harness.schedules.record import Decision, EndKind, Loose, Record, Waiting
from harness.values.errors import HarnessError, UsageError
from harness.values.program import Side
from harness.values.report import Outcome, Report, Verdict
from harness.values.run import (
    Deadlocked,
    Ending,
    Exited,
    PassedOver,
    Signalled,
    TimedOut,
    over_step_limit,
)
from harness.values.toolchain import Built, Toolchain
from tests.claiming import WELL, claims_of, run_of

SPEC = """
[events]
total = "total {n:d}"
[always.nothing-lost]
why    = "all are counted"
values = { of = "total.n", among = [2] }
"""
CLAIMS = claims_of(SPEC, Side.PYTHON)
CPYTHON = Toolchain(
    side=Side.PYTHON, label="3.11", version="3.11.7", program=Path("/python"),
    implementation="CPython", has_gil=True,
)  # fmt: skip
NEWER = replace(CPYTHON, label="9.9", version="9.9.0")
BUILT = Built(command=("/python", "main.py"))
RANDOM = Schedule(strategy=Strategy.RANDOM, seed=3)
SOUND = Record(end="exit", digest="0")
LOOSE = replace(SOUND, loose=(Loose(thread=1, call="flock", place="main.py:9"),))
UNCONTROLLED = replace(SOUND, uncontrolled=("child-process",))
IN_FLOCK = "thread 1 was passed over, blocked in flock at main.py:9"
GOOD, BAD = "total 2\n", "total 1\n"


@dataclass
class Machine:
    """Stands for the programs: what a controlled run gives, and each plain one in turn."""

    record: Record | None = SOUND
    controlled: Iterator[str] = field(default_factory=lambda: iter([BAD] * 1000))
    plain: Iterator[str] = field(default_factory=lambda: iter([GOOD] * 1000))
    ending: Ending = WELL
    plain_ending: Ending = WELL
    made: list[Request] = field(default_factory=list)

    def execute(self, request: Request, **_: object) -> Executed:
        """Give what was told to be given."""
        self.made.append(request)
        if not request.schedule.is_controlled:
            run = run_of(request.claims, next(self.plain), ending=self.plain_ending)
            return Executed(run=replace(run, schedule=str(request.schedule)))
        log = Log(text="", record=self.record, fault="none")
        completed = Completed(stdout=next(self.controlled).encode(), ending=self.ending)
        return _with_record(request, completed, log)

    @property
    def plain_runs(self) -> int:
        """How many were made."""
        return sum(not request.schedule.is_controlled for request in self.made)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Runs are made by a stand-in."""
    machine = Machine()
    monkeypatch.setattr(trials, "execute", machine.execute)
    return machine


def trial_of(
    claims: Claims = CLAIMS, toolchain: Toolchain = CPYTHON, only: tuple[Schedule, ...] = ()
) -> Trial:
    """A trial of a program that can be started in any way."""
    subject = Subject(claims=claims, toolchain=toolchain, plain=BUILT, steered=BUILT)
    budget = Budget(runs=DEFAULT_RUNS, schedules=DEFAULT_SCHEDULES, only=only)
    return Trial(subject=subject, budget=budget)


def request_of(trial: Trial, schedule: Schedule = RANDOM) -> Request:
    """A run to be made."""
    return Request(subject=trial.subject, schedule=schedule)


def made_by(trial: Trial, schedule: Schedule = RANDOM) -> Judged:
    """The run."""
    judged = trial.make(request_of(trial, schedule))
    assert judged is not None
    return judged


def verdict_of(*runs: Judged, claims: Claims = CLAIMS) -> Verdict:
    """What is concluded of the runs of one program."""
    tally = Tally(claims=claims)
    for made in runs:
        tally.add(made.judgement, 0.0)
    side = claims.program.side
    across = judge_across(claims.spec, side, [tally])
    return conclude(claims.spec, side, "3.11", [tally], across=across)


def test_a_controlled_run_that_nothing_speaks_against_counts(machine: Machine) -> None:
    """No plain run is asked."""
    made = made_by(trial_of())
    assert ["nothing-lost"] == [finding.property for finding in made.judgement.findings]
    assert 0 == machine.plain_runs
    assert Outcome.FAILED is verdict_of(made).outcome


@pytest.mark.parametrize(
    ("record", "doubt"),
    [
        (LOOSE, f"the run was loosely controlled: {IN_FLOCK}"),
        (UNCONTROLLED, "the run left control: child-process"),
    ],
)
def test_what_no_plain_run_shows_does_not_count(
    machine: Machine, record: Record, doubt: str
) -> None:
    """It is told, with its trace and the reason, and the side is inconclusive."""
    machine.record = record
    made = made_by(trial_of())
    verdict = verdict_of(made)
    assert ((), DEFAULT_RUNS) == (made.judgement.findings, machine.plain_runs)
    assert (Outcome.INCONCLUSIVE, ()) == (verdict.outcome, verdict.findings)
    (finding,) = verdict.unconfirmed
    assert ((doubt,), "none of 20 plain runs shows it") == (finding.doubts, finding.confirmation)
    assert ["total 1"] == [line.text for line in finding.excerpt.lines]
    assert not finding.scope
    assert verdict.reason.startswith("nothing-lost: ")
    assert verdict.reason.endswith(f", but none of 20 plain runs shows it; {doubt}")
    assert ["not-seen"] == [result.status for result in verdict.properties]
    told = plain(explanation_lines(verdict))
    assert "  nothing-lost  unconfirmed" in told
    assert doubt in told


def test_what_a_plain_run_shows_counts(machine: Machine) -> None:
    """The doubts are told beside what confirmed it; no more plain runs are made than that takes."""
    machine.record = LOOSE
    machine.plain = iter([GOOD, GOOD, BAD])
    made = made_by(trial_of())
    (finding,) = made.judgement.findings
    assert ((), 3) == (made.judgement.unconfirmed, machine.plain_runs)
    assert "a plain run shows it too" == finding.confirmation
    assert finding.doubts
    assert Outcome.FAILED is verdict_of(made).outcome


def test_plain_runs_that_were_made_anyway_are_not_made_again(machine: Machine) -> None:
    """They are part of the budget, whether they show it or not."""
    machine.record = LOOSE
    trial = trial_of()
    for _ in range(DEFAULT_RUNS - 2):
        made_by(trial, PLAIN)
    made = made_by(trial)
    assert ((), DEFAULT_RUNS) == (made.judgement.findings, machine.plain_runs)
    other = trial_of(replace(CLAIMS))
    machine.plain = iter([BAD])
    made_by(other, PLAIN)
    made = made_by(other)
    assert ("nothing-lost", DEFAULT_RUNS + 1) == (
        made.judgement.findings[0].property,
        machine.plain_runs,
    )


def test_a_second_doubtful_run_costs_no_plain_runs(machine: Machine) -> None:
    """What they did not show they did not show."""
    machine.record = LOOSE
    trial = trial_of()
    runs = [made_by(trial) for _ in range(3)]
    assert DEFAULT_RUNS == machine.plain_runs
    (finding,) = verdict_of(*runs).unconfirmed
    assert (3, 3) == (finding.occurrences, finding.runs)


def test_what_counts_is_not_told_twice(machine: Machine) -> None:
    """A property that broke where nothing speaks against it needs no unconfirmed finding."""
    machine.record = LOOSE
    trial = trial_of()
    loose = made_by(trial)
    machine.record = SOUND
    verdict = verdict_of(loose, made_by(trial))
    assert (Outcome.FAILED, ()) == (verdict.outcome, verdict.unconfirmed)


def test_a_deadlock_is_confirmed_by_a_plain_run_that_does_not_end(machine: Machine) -> None:
    """Nobody sees of a plain run that no thread can go on."""
    machine.record = replace(LOOSE, end="deadlock", waiting=(Waiting(thread=0, kind="lock"),))
    machine.plain_ending = TimedOut(10.0, idle=True)
    made = made_by(trial_of())
    assert isinstance(made.run.ending, Deadlocked)
    assert ["nothing-lost", "no-deadlock"] == [
        finding.property for finding in (*made.judgement.unconfirmed, *made.judgement.findings)
    ]


def test_plain_runs_that_do_not_end_are_not_waited_for_for_ever(machine: Machine) -> None:
    """Each takes its whole timeout."""
    machine.record = LOOSE
    machine.plain_ending = TimedOut(10.0)
    made = made_by(trial_of())
    assert ([], 3) == ([f.property for f in made.judgement.findings], machine.plain_runs)


def test_what_an_untried_interpreter_shows_under_control_is_confirmed(machine: Machine) -> None:
    """Nobody knows how it takes to control."""
    made = made_by(trial_of(toolchain=NEWER))
    (finding,) = made.judgement.unconfirmed
    assert (why_untried(NEWER),) == finding.doubts
    machine.plain = iter([BAD])
    made = made_by(trial_of(toolchain=NEWER))
    assert ["nothing-lost"] == [finding.property for finding in made.judgement.findings]
    assert str(NEWEST_TRIED["CPython"]) in why_untried(NEWER)


def test_a_sound_run_of_an_untried_interpreter_asks_for_nothing(machine: Machine) -> None:
    """Only what would be blamed on a program is confirmed."""
    machine.controlled = iter([GOOD])
    made = made_by(trial_of(toolchain=NEWER))
    assert (Outcome.PASSED, 0) == (verdict_of(made).outcome, machine.plain_runs)


def test_a_run_that_cannot_be_made_again_is_told_and_no_fault_of_ours(machine: Machine) -> None:
    """Which run, and what differs; what it shows counts only once a plain run shows it."""
    machine.controlled = iter([f"total {n}\n" for n in range(3, 100)])
    made = made_by(trial_of())
    unlike = (
        'the schedule "random:3" gave two different runs: line 1 was "total 3", and then "total 4"'
    )
    assert (f"main.py cannot be made to run the same: {unlike}",) == made.notes
    (finding,) = made.judgement.unconfirmed
    assert (unlike,) == finding.doubts
    assert 2 == sum(request.schedule.is_controlled for request in machine.made)


def test_what_cannot_be_made_again_and_fails_plainly_too_has_failed(machine: Machine) -> None:
    """That it uses randomness is told, and does not excuse it."""
    machine.controlled = iter([f"total {n}\n" for n in range(3, 100)])
    machine.plain = iter([GOOD, BAD])
    trial = trial_of()
    runs = [made_by(trial) for _ in range(5)]
    verdict = verdict_of(*runs)
    assert (Outcome.FAILED, ()) == (verdict.outcome, verdict.unconfirmed)
    assert all("two different runs" in finding.doubts[0] for finding in verdict.findings)


def test_findings_that_come_while_the_first_is_made_again_wait_for_what_comes_of_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of them counts by itself in the meantime."""
    machine.controlled = iter([f"total {n}\n" for n in range(3, 100)])
    trial, inside, may_go_on = trial_of(), threading.Event(), threading.Event()
    again: Callable[..., str] = Weigher._make_again

    def slowly(self: Weigher, *args: object) -> str:
        inside.set()
        may_go_on.wait(10)
        return again(self, *args)

    monkeypatch.setattr(Weigher, "_make_again", slowly)
    results: list[Judged] = []
    threads = [threading.Thread(target=lambda: results.append(made_by(trial))) for _ in range(2)]
    threads[0].start()
    assert inside.wait(10)
    threads[1].start()
    threads[1].join(0.05)
    may_go_on.set()
    for thread in threads:
        thread.join()
    assert [1, 1] == [len(made.judgement.unconfirmed) for made in results]


@pytest.mark.parametrize(
    ("again", "what"),
    [
        (replace(SOUND, digest="1"), "what the threads did is not the same, though what was"),
        (replace(SOUND, end="deadlock"), "it ended with exit 0, and then with hang"),
        (None, "the second time it was cut off"),
        (replace(SOUND, end="mismatch"), "the second time it did not fit the program"),
    ],
)
def test_what_differs_is_told(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, again: Record | None, what: str
) -> None:
    """Output, the end, who ran when, or that it did not come to its end."""
    records = iter([SOUND, again])

    def execute(request: Request, **_: object) -> Executed:
        if request.schedule.is_controlled:
            machine.record = next(records)
            machine.ending = WELL if machine.record else TimedOut(30.0)
        return machine.execute(request)

    monkeypatch.setattr(trials, "execute", execute)
    (finding,) = made_by(trial_of()).judgement.unconfirmed
    assert what in finding.doubts[0]


def test_a_run_that_was_cut_off_is_confirmed(machine: Machine) -> None:
    """Real time decides nothing under control."""
    machine.record, machine.ending = None, TimedOut(30.0)
    machine.controlled = iter([GOOD] * 100)
    made = made_by(trial_of())
    (finding,) = made.judgement.unconfirmed
    assert "ends-in-time" == finding.property
    assert ("the run was cut off after 30 s of real time",) == finding.doubts
    assert Outcome.INCONCLUSIVE is verdict_of(made).outcome


def test_a_run_without_a_record_is_a_fault_unless_it_said_that_it_leaves(
    machine: Machine,
) -> None:
    """A program that becomes another by ``exec`` says so first, and nobody ends its record."""
    request = request_of(trial_of())
    completed = Completed(stdout=BAD.encode(), ending=Exited(0))
    with pytest.raises(HarnessFault):
        _with_record(request, completed, Log(text="", record=None, fault="no record"))
    text = "schedule 2\nuncontrolled exec\n"
    executed = _with_record(request, completed, Log(text=text, record=None, fault="cut off"))
    assert ("the run left control: exec",) == executed.run.doubts
    killed = replace(completed, ending=Signalled("SIGSEGV"))
    executed = _with_record(request, killed, Log(text="", record=None, fault="no record"))
    assert () == executed.run.doubts
    assert not machine.made


def test_calls_are_told_by_their_names(machine: Machine) -> None:
    """Of a thread that was passed over, and of one that waits in it at a deadlock."""
    number = next(n for n in range(600) if name_of_call(str(n)) == "flock")
    machine.record = replace(
        SOUND,
        end="deadlock",
        loose=(Loose(thread=1, call=str(number)),),
        waiting=(Waiting(thread=1, kind=str(number)),),
    )
    made = made_by(trial_of())
    assert ["thread 1 was passed over, blocked in flock"] == [
        str(each) for each in made.judgement.passed_over
    ]
    assert Deadlocked(("thread 1 waits: flock",), others_went_on=True) == made.run.ending


def test_a_doubtful_run_breaks_no_agreement(machine: Machine) -> None:
    """What it printed is held against no other run."""
    spec = SPEC.replace("values =", 'values = { of = "total.n", among = [1, 2] }\n#').replace(
        "[events]", '[always.agree]\nwhy = "w"\n'
        'agreement = { of = "total.n", as = "sequence" }\n[events]'
    )  # fmt: skip
    claims = claims_of(spec, Side.PYTHON)
    tally = Tally(claims=claims)
    machine.controlled = iter([GOOD, BAD, BAD, BAD])
    for record in (SOUND, LOOSE):
        machine.record = record
        tally.add(made_by(trial_of(claims)).judgement, 0.0)
    assert () == judge_across(claims.spec, Side.PYTHON, [tally]).findings
    machine.record = SOUND
    tally.add(made_by(trial_of(claims)).judgement, 0.0)
    assert 1 == len(judge_across(claims.spec, Side.PYTHON, [tally]).findings)


def test_a_loosely_controlled_run_is_told_though_nothing_is_wrong(machine: Machine) -> None:
    """With thread, call, place and number of runs, in every report."""
    machine.record = LOOSE
    machine.controlled = iter([GOOD] * 5)
    trial = trial_of()
    verdict = verdict_of(*[made_by(trial) for _ in range(5)])
    assert Outcome.PASSED is verdict.outcome
    assert (PassedOver(thread=1, call="flock", place="main.py:9", runs=5),) == verdict.passed_over
    report = Report(verdicts=(verdict,))
    assert f"loosely controlled: {IN_FLOCK}" in github(report)


def test_what_takes_turns_by_itself_is_told() -> None:
    """The runtime notes it, once or often."""
    told = unexplored(
        replace(SOUND, notes=("task-sets", "rested", "task-sets", "other-loop", "trio"))
    )
    assert [
        f"task orders were not explored: {why}"
        for why in (
            "asyncio took several tasks from a set, which goes by addresses",
            "an event loop that is not asyncio's own takes things in an order of its own",
            "trio takes things in an order of its own",
        )
    ] == list(told)
    assert [] == [*unexplored(None), *unexplored(SOUND)]


@pytest.mark.parametrize("record", [SOUND, UNCONTROLLED])
def test_a_schedule_that_was_typed_and_does_not_fit_is_the_users(
    machine: Machine, record: Record
) -> None:
    """However well the program is controlled."""
    machine.record = replace(record, end="mismatch")
    typed = parse_schedule("switch:0>1")
    with pytest.raises(UsageError, match='the schedule "switch:0>1" does not fit the program'):
        made_by(trial_of(only=(typed,)), typed)


def test_a_schedule_that_was_made_here_and_does_not_fit_is_our_fault(machine: Machine) -> None:
    """So is one that there is not at all."""
    ends: tuple[EndKind, ...] = ("mismatch", "refused")
    for end in ends:
        machine.record = replace(SOUND, end=end)
        with pytest.raises(HarnessFault) as caught:
            made_by(trial_of(), parse_schedule("switch:0>1"))
        assert not isinstance(caught.value, HarnessError)


def probed(machine: Machine, monkeypatch: pytest.MonkeyPatch, first: Record) -> None:
    """The plainest run is ``first``; what departs from it does not fit."""
    decision = Decision(number=0, current=0, chosen=0, runnable=(0, 1), forced=False)
    plainest = replace(first, decisions=(decision,))

    def execute(request: Request, **_: object) -> Executed:
        departs = bool(request.schedule.switches)
        machine.record = replace(SOUND, end="mismatch") if departs else plainest
        return machine.execute(request)

    monkeypatch.setattr(trials, "execute", execute)


RUST = Toolchain(side=Side.RUST, label="stable", version="1.95.0", program=Path("/rustc"))


@pytest.mark.parametrize(
    ("side", "first"),
    [(Side.PYTHON, UNCONTROLLED), (Side.RUST, UNCONTROLLED), (Side.PYTHON, SOUND)],
)
def test_a_probe_that_need_not_fit_is_given_up(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, side: Side, first: Record
) -> None:
    """A random schedule is run in its place; to whoever typed it that is told.

    Beyond control nothing need be as it was, and in Python what was allocated before the
    program began decides when it collects, and in which order it goes through sets.
    """

    def trial(only: tuple[Schedule, ...] = ()) -> Trial:
        return trial_of(claims_of(SPEC, side), RUST if side is Side.RUST else CPYTHON, only)

    machine.controlled = iter([GOOD] * 50)
    probed(machine, monkeypatch, first)
    probe = parse_schedule("probe:1")
    made = made_by(trial(), probe)
    assert "random:1" == made.run.schedule
    with pytest.raises(UsageError, match='"switch:0>1" does not fit'):
        made_by(trial(only=(probe,)), probe)


def test_a_probe_that_does_not_fit_a_crate_under_control_is_our_fault(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was made of a run that has to come again, whoever asked for the probe."""
    probed(machine, monkeypatch, SOUND)
    probe = parse_schedule("probe:1")
    claims = claims_of(SPEC, Side.RUST)
    for trial in (trial_of(claims, RUST), trial_of(claims, RUST, only=(probe,))):
        with pytest.raises(Misfit):
            made_by(trial, probe)


def test_a_program_in_rust_is_confirmed_by_its_plain_build(machine: Machine) -> None:
    """What is instrumented is no plain program."""
    claims, rust = claims_of(SPEC, Side.RUST), Toolchain(
        side=Side.RUST, label="stable", version="1.95.0", program=Path("/rustc")
    )  # fmt: skip
    machine.record = LOOSE
    trial = trial_of(claims, rust)
    trial.subject.steered = Built(command=("/instrumented",))
    made_by(trial)
    assert all(r.build == BUILT for r in machine.made if not r.schedule.is_controlled)
    trial = trial_of(claims, rust)
    trial.subject.plain = None
    made = made_by(trial)
    assert ["no plain run of it can be made here"] == [
        finding.confirmation for finding in made.judgement.unconfirmed
    ]


@pytest.mark.parametrize("schedule", [PLAIN, RANDOM])
def test_the_time_of_a_program_at_work_is_processor_time(schedule: Schedule) -> None:
    """However it is scheduled: a busy machine decides nothing."""
    assert command_of(request_of(trial_of(), schedule), {}).patiently


def test_a_run_that_was_ended_by_its_schedule_tells_an_audit_nothing(machine: Machine) -> None:
    """The exit code is the scheduler's, and no fault of the variant's."""
    trial = trial_of()
    trial.explains, trial.forgives = False, (HarnessFault,)
    assert trial.make(request_of(trial)) is not None
    ends: tuple[EndKind, ...] = ("mismatch", "refused")
    for end in ends:
        machine.record = replace(SOUND, end=end)
        assert trial.make(request_of(trial)) is None


@pytest.mark.parametrize(("plainest", "is_counted"), [(150_000, False), (900, True)])
def test_a_run_that_met_its_bound_counts_if_the_program_is_short(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, plainest: int, *, is_counted: bool
) -> None:
    """Who has two hundred thousand steps to do is no livelock: plain runs say whether it ends."""
    machine.record = replace(SOUND, end="bound", steps=200_001)
    machine.ending = over_step_limit()
    monkeypatch.setattr(
        Estimates, "estimated", lambda *_: Estimate(decisions=0, events=(), steps=plainest)
    )
    made = made_by(trial_of())
    shown = made.judgement.findings if is_counted else made.judgement.unconfirmed
    assert "within-limits" in {finding.property for finding in shown}
    if not is_counted:
        told = "the run was ended after 200,000 steps, and the program takes about as many anyway"
        assert (told,) == shown[0].doubts
        assert Outcome.INCONCLUSIVE is verdict_of(made).outcome


def test_a_schedule_that_is_too_long_to_be_named_is_not_tried(machine: Machine) -> None:
    """A run that met its bound at random has more hand-overs than reach the program."""
    decisions = tuple(
        Decision(number=number, current=0, chosen=1, runnable=(0, 1), forced=False)
        for number in range(20_000)
    )
    machine.record = replace(SOUND, decisions=decisions)
    (finding,) = made_by(trial_of()).judgement.findings
    assert all(len(str(request.schedule)) < MOST_CHARACTERS for request in machine.made)
    assert None is finding.switches
