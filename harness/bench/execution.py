"""One request → one Run: start a built program as a reader would, under a schedule."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from harness.bench.doubts import doubts_of, doubts_without_record
from harness.bench.subject import Executed, Request
from harness.judging.claims import Claims
from harness.language.declarations import Spec
from harness.machine.process import Command, Completed, clean_environment, run_process
from harness.machine.process.portable import describe
from harness.schedules.accesses import race_lines
from harness.schedules.calls import name_of_call
from harness.schedules.controlled import (
    REQUEST,
    TIMEOUT_FACTOR,
    Log,
    ending_under_control,
    lasting_variables,
    log_of,
    request_of,
)
from harness.schedules.memory import MemoryFile, run_place
from harness.schedules.placement import cores_for
from harness.schedules.places import located, placed, raced, with_origins
from harness.schedules.record import Record
from harness.schedules.serving import run_served
from harness.schedules.yields import yield_variables
from harness.values.errors import ExitCode, HarnessError
from harness.values.messages import Message, say
from harness.values.program import Side
from harness.values.run import Ending, Exited, NotStarted, Run, TimedOut
from harness.values.toolchain import Toolchain

HANG_SILENCE_SECONDS = 0.25
"""A program that may hang is taken for hung once it has been silent and idle for so long."""

STUCK_SILENCE_SECONDS = 1.0
"""The same of a controlled one. Its scheduler tells a deadlock by itself, and passes over who waits
elsewhere long before; but whoever waits so with the GIL held stops the scheduler, too."""


MAX_SAID = 2000
"""Bytes of stderr that are told of a run that left no record."""


class HarnessFault(Exception):
    """The harness itself did not do what it promises."""


class Unmade(HarnessFault, HarnessError):
    """A run that shows nothing of its program, by no fault of ours: its matter alone.

    ``rule`` names what it broke, for the reason ``why``; the others say what happened, what
    was ``expected`` and what ``found``.
    """

    exit_code = ExitCode.FAILED
    rule: str
    why: Message
    message: Message
    expected: Message
    found: str


class NoRoom(Unmade):
    """A run that broke something where there was no room for what it writes."""

    rule = "room"

    def __init__(self, place: str) -> None:
        self.why, self.expected = say("room.why"), say("room.whole")
        self.message = say("room.none")
        self.found = say("room.found", place=place)
        super().__init__(f"{self.message}: {self.found}")


class Unrecorded(Unmade):
    """A controlled run that ended by itself, and the record of which is not to be had.

    The program has written to it, or has gone without a word in a way that nobody thought of.
    ``said`` is what it said on stderr.
    """

    rule = "record"

    def __init__(self, fault: str, said: str) -> None:
        self.why, self.expected = say("record.why"), say("record.whole")
        self.message = say("record.changed")
        self.found = say("record.found", fault=fault, said=said) if said else fault
        super().__init__(f"{fault}: {self.message}")


class Misfit(HarnessFault):
    """A schedule by its hand-overs that the program does not come to.

    Whoever typed it made a mistake, and gets a UsageError. One that was made here, of an
    earlier run, is a fault of ours, unless that run or this one was beyond control.
    """


def execute(
    request: Request,
    *,
    timeout_seconds: float | None = None,
    stop: threading.Event | None = None,
    on_output: Callable[[bytes], None] | None = None,
) -> Executed | None:
    """Make the run; ``None`` if the harness was told to stop meanwhile.

    Raises Unrecorded if a controlled run ended by itself without a record.
    """
    make = _execute_controlled if request.schedule.is_controlled else _execute_plain
    try:
        with request.subject.workplace.turn():
            return make(request, timeout_seconds, stop, on_output)
    except OSError as error:  # no room for what a run has of its own, or no descriptors
        return Executed(run=_as_run(request, Completed(ending=NotStarted(describe(error)))))


def _execute_plain(
    request: Request,
    timeout_seconds: float | None,
    stop: threading.Event | None,
    on_output: Callable[[bytes], None] | None,
) -> Executed | None:
    """A run as the system makes it, or with random yields; it leaves no record."""
    with run_place() as place:
        variables = yield_variables(request.schedule) | place.variables
        command = command_of(request, variables, timeout_seconds)
        completed = run_process(command, stop=stop, on_output=on_output)
    return None if completed.stopped else Executed(run=_as_run(request, completed))


def _execute_controlled(
    request: Request,
    timeout_seconds: float | None,
    stop: threading.Event | None,
    on_output: Callable[[bytes], None] | None,
) -> Executed | None:
    """A run under the scheduler, by a server where there is one.

    Its record is read when it has ended.
    """
    with run_place() as place, MemoryFile() as file:
        asked = request_of(
            request.schedule,
            file.place,
            place,
            estimate=request.estimate,
            candidates=request.candidates,
            touches=request.touches,
        )
        command = _lasting_command(request, timeout_seconds)
        own = place.variables | {REQUEST: file.place}
        completed = run_served(command, asked, file, own, stop=stop, on_output=on_output)
        if completed.stopped:
            return None
        return _with_record(request, completed, log_of(file, asked))


def _lasting_command(request: Request, timeout_seconds: float | None) -> Command:
    """How all controlled runs of the program are started, but for what each has of its own.

    It is the same object for each, until what they have in common has changed.
    """
    variables = lasting_variables_of(request)
    known = request.subject.commands.get(timeout_seconds)
    if known is not None and known[0] == variables:
        return known[1]
    command = command_of(request, variables, timeout_seconds)
    request.subject.commands[timeout_seconds] = variables, command
    return command


def lasting_variables_of(request: Request) -> dict[str, str]:
    """What all controlled runs of the program have in their environment."""
    spec, program = request.claims.spec, request.claims.program
    return lasting_variables(
        program.side,
        granularity=granularity_of(spec, request.toolchain),
        task_order=spec.task_order,
        races=request.subject.seeks_races,
        old=request.subject.reads_old,
        script=spec.directory / program.path if program.side is Side.PYTHON else None,
    )


def granularity_of(spec: Spec, toolchain: Toolchain) -> str:
    """Where a Python program's threads may be switched; without a GIL that is at every bytecode."""
    return "opcode" if toolchain.has_gil is False else spec.granularity


def _with_record(request: Request, completed: Completed, log: Log) -> Executed:
    """A run that was cut off leaves no whole record; one that ended must have left one.

    Unless it said before that it would leave control: nobody writes a record for it then.
    """
    if log.record is None:
        # One that never ends is stopped once it has said enough, in the middle of its record.
        is_cut_off = not request.claims.has_said_enough(completed.stdout)
        doubts = doubts_without_record(completed.ending if is_cut_off else None, log.text)
        if _ended_by_itself(completed.ending) and not doubts:
            raise Unrecorded(
                f"{request.claims.spec.id} ({request.toolchain.title}) "
                f"under {request.schedule}: {log.fault}",
                completed.stderr[-MAX_SAID:].decode("utf-8", "backslashreplace"),
            )
        return Executed(run=_as_run(request, completed, doubts=doubts))
    record = _located(request, log.record)
    ending = ending_under_control(completed.ending, record)
    doubts = doubts_of(record)
    run = _as_run(
        request, completed, ending, log=log.text, doubts=doubts, races=race_lines(record.races)
    )
    return Executed(run=run, record=record)


def _located(request: Request, record: Record) -> Record:
    """The record with the names of calls, and with the places of a Rust program's threads."""
    if not (record.waiting or record.loose or record.races):
        return record
    record = replace(
        record,
        waiting=tuple(replace(each, kind=name_of_call(each.kind)) for each in record.waiting),
        loose=tuple(replace(each, call=name_of_call(each.call)) for each in record.loose),
    )
    if request.toolchain.side is not Side.RUST:
        return record
    executable, directory = _sources(request)
    return replace(
        record,
        waiting=located(record.waiting, executable, directory),
        loose=placed(record.loose, executable, directory),
        races=raced(record.races, executable, directory),
    )


def with_places_of_departures(record: Record, request: Request) -> Record:
    """The record with the places of what woke or failed for nothing, for whoever shows them."""
    if request.toolchain.side is not Side.RUST:
        return record
    executable, directory = _sources(request)
    return replace(
        record,
        spurious=placed(record.spurious, executable, directory),
        weak=placed(record.weak, executable, directory),
        old=with_origins(record.old, executable, directory),
    )


def _sources(request: Request) -> tuple[Path, Path]:
    """The executable of a Rust program, and where the sources are that its places are told by."""
    return Path(request.build.command[0]), request.claims.spec.directory


def _ended_by_itself(ending: Ending) -> bool:
    """Whether it exited: only then is there nothing that could have cut its record off."""
    return isinstance(ending, Exited)


def command_of(
    request: Request, variables: Mapping[str, str], timeout_seconds: float | None = None
) -> Command:
    """How the program is started. The example's directory is where it runs, as for a reader."""
    program = request.claims.program
    controlled = request.schedule.is_controlled
    timeout = timeout_seconds or program.timeout_seconds
    return Command(
        argv=(*request.build.command, *program.args),
        cwd=request.claims.spec.directory,
        environment=clean_environment({**request.build.environment, **variables}),
        stdin=program.stdin.encode(),
        timeout_seconds=timeout * TIMEOUT_FACTOR if controlled else timeout,
        silence_seconds=_silence(request) if request.claims.may_hang else None,
        enough_lines=request.claims.enough_lines,
        terminal=True,
        cores=cores_for(request.schedule),
        # What goes by addresses (the order of a set of objects, a hash by
        # identity) is the same each time.
        address_randomisation=not controlled,
        patiently=True,
    )


def _silence(request: Request) -> float:
    """After how many seconds of silence a program that may hang is looked at whether it does."""
    is_controlled = request.schedule.is_controlled
    return STUCK_SILENCE_SECONDS if is_controlled else HANG_SILENCE_SECONDS


def _wanted(claims: Claims, stdout: bytes) -> bytes:
    """What is judged of the output: of a program that never ends so many lines, and whole ones."""
    if claims.enough_lines is None:
        return stdout
    lines = stdout.split(b"\n", claims.enough_lines)
    return b"".join(line + b"\n" for line in lines[:-1])


def _ending_of(claims: Claims, completed: Completed, ending: Ending) -> Ending:
    """How a run is judged to have ended: one that has said enough was stopped there.

    Whether it came to an end of its own before we could stop it depends on how busy the machine
    is, so that nothing may be concluded from that.
    """
    if claims.has_said_enough(completed.stdout):
        return TimedOut(round(completed.wall_seconds, 3), idle=False)
    return ending


def _as_run(
    request: Request,
    completed: Completed,
    ending: Ending | None = None,
    *,
    log: str = "",
    doubts: tuple[str, ...] = (),
    races: tuple[str, ...] = (),
) -> Run:
    """The run as it is judged and recorded.

    ``ending`` is what control knows of its end, if that is more than the process showed.
    """
    return Run(
        side=request.claims.program.side,
        program=request.claims.program.name,
        toolchain=request.toolchain.label,
        schedule=str(request.schedule),
        index=request.index,
        ending=_ending_of(request.claims, completed, ending or completed.ending),
        stdout=_wanted(request.claims, completed.stdout),
        stderr=completed.stderr,
        arrivals=completed.arrivals,
        wall_seconds=completed.wall_seconds,
        cpu_seconds=completed.cpu_seconds,
        stray_processes=completed.stray_processes,
        log=log,
        doubts=doubts,
        races=races,
        options=request.subject.options,
    )
