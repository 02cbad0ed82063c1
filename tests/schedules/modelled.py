"""Programs of threads, locks and a counter, run by the default rule as the runtimes run theirs.

For measuring what a search and a reduction come to without a process for each run.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from harness.schedules.names import Schedule
from harness.schedules.record import Decision, Record
from harness.schedules.search import default_choice

Op = tuple[str, int]
"""``("lock", 1)``, ``("unlock", 1)``, ``("read", 0)``, ``("write", 0)``, ``("join", 2)``,
``("step", 0)`` (which does nothing)."""


@dataclass(frozen=True, slots=True)
class ModelProgram:
    """What each thread does, one after the other; main is the first."""

    threads: tuple[tuple[Op, ...], ...]

    @property
    def adds(self) -> int:
        """How much a counter comes to if no update is lost."""
        return sum(op == ("write", 0) for thread in self.threads for op in thread)


@dataclass(slots=True)
class Machine:
    """One run of a program."""

    program: ModelProgram
    at: list[int] = field(default_factory=list)
    owners: dict[int, int] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    total: int = 0

    def is_done(self, thread: int) -> bool:
        """Whether a thread has ended."""
        return self.at[thread] >= len(self.program.threads[thread])

    def can_run(self, thread: int) -> bool:
        """Whether the next thing that a thread does can be done now."""
        if self.is_done(thread):
            return False
        kind, what = self.program.threads[thread][self.at[thread]]
        if kind == "lock":
            return what not in self.owners
        return kind != "join" or self.is_done(what)

    def step(self, thread: int) -> None:
        """Do the next thing of a thread."""
        kind, what = self.program.threads[thread][self.at[thread]]
        self.at[thread] += 1
        if kind == "lock":
            self.owners[what] = thread
        elif kind == "unlock":
            del self.owners[what]
        elif kind == "read":
            self.seen[thread] = self.total
        elif kind == "write":
            self.total = self.seen[thread] + 1


def run_program(
    program: ModelProgram, schedule: Schedule | random.Random
) -> tuple[Record, bool] | None:
    """The record of a run by a schedule, or by chance, and whether it failed.

    ``None`` if the schedule names a thread that cannot run.
    """
    machine = Machine(program, [0] * len(program.threads))
    threads = range(len(program.threads))
    listed = dict(schedule.switches) if isinstance(schedule, Schedule) else {}
    decisions: list[Decision] = []
    current = 0
    while runnable := tuple(thread for thread in threads if machine.can_run(thread)):
        if len(runnable) > 1:
            decision = Decision(
                number=len(decisions),
                current=current,
                chosen=0,
                runnable=runnable,
                forced=current not in runnable,
            )
            chosen = listed.get(decision.number, default_choice(decision))
            if isinstance(schedule, random.Random):
                chosen = schedule.choice(runnable)
            if chosen not in runnable:
                return None
            decisions.append(
                Decision(
                    number=decision.number,
                    current=current,
                    chosen=chosen,
                    runnable=runnable,
                    forced=decision.forced,
                )
            )
            current = chosen
        else:
            (current,) = runnable
        machine.step(current)
    stuck = not all(map(machine.is_done, threads))
    record = Record(end="deadlock" if stuck else "exit", decisions=tuple(decisions))
    return record, stuck or machine.total != program.adds


def random_program(chance: random.Random, workers: int) -> ModelProgram:
    """Workers that take locks in any order, and add with or without one; main joins them."""
    joins = tuple(("join", number + 1) for number in range(workers))
    return ModelProgram((joins, *(_worker(chance) for _ in range(workers))))


def _worker(chance: random.Random) -> tuple[Op, ...]:
    ops: list[Op] = []
    for _ in range(chance.randint(1, 3)):
        locks = chance.sample(range(4), chance.choice((0, 1, 2, 2)))
        ops.extend(("lock", lock) for lock in locks)
        if chance.random() < 0.4:
            ops.extend((("read", 0), ("write", 0)))
        ops.extend(("unlock", lock) for lock in reversed(locks))
        ops.extend([("step", 0)] * chance.randint(1, 4))
    return tuple(ops)
