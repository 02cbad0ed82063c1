"""The scheduler: who runs, who waits, and what time it is.

One task has the turn; its thread alone runs.  At a point it may hand the turn on; when it cannot
go on, it must.  Waits are predicates, looked at afresh at each decision, so that nothing has to be
woken and whoever could take a freed lock is among the choices.
"""

from __future__ import annotations

import sys

from . import places, real
from .strategies import Mismatch
from .tasks import Task, Wait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, NoReturn, Optional, Union

    from .log import Log
    from .strategies import Odds, Steps, Strategy

DEADLOCK, MISMATCH, BOUND = 66, 67, 68
"""Exit codes of runs that the scheduler ended."""

_STALL = 5000
"""Steps without a wait or an ending after which time passes for the sleepers: somebody spins."""

_EARLY_REACH_NS = 60_000_000_000
"""In early mode a timeout may come as if the others had been so slow, and no slower.

Programs do rely on a machine that gets somewhere within a minute: asyncio gives threads five.
"""

_SILENCE_NS = 1_000_000_000
"""Real time after which threads that all wait, some of them for sockets, count as deadlocked."""


class Scheduler:
    """Runs the process's threads one at a time, as a strategy chooses."""

    def __init__(self, strategy: Strategy, early: Union[Odds, Steps], log: Log, bound: int) -> None:
        self._strategy = strategy
        self._early = early
        self._bound = bound
        self._stall = 0
        self._departing: Optional[Task] = None
        self._children = False
        self.log = log
        self.steps = 0
        self.now = 0
        self.patience_ns = 0
        self.suspended = False
        main = Task(0)
        main.ident = real.get_ident()
        self.current = main
        self.tasks = [main]
        self._living = [main]

    # ---- what the replaced operations ask -------------------------------------------------------

    def controls(self) -> bool:
        """Whether the calling thread is the one whose turn it is, and outside the scheduler."""
        current = self.current
        return current.ident == real.get_ident() and not current.busy and not self.suspended

    def point(self, mark: str = "-", writes: bool = False) -> None:
        """Let another thread go on here, if the strategy says so.

        `mark` is `y` for a thread that gives way; `writes`: it is about to write a line.
        """
        if len(self.tasks) > 1 and self.controls():
            self.current.poised = writes
            self._pass_turn(self.current, mark)
        if writes and not self.suspended:
            self.current.poised = False
            self.current.events += 1

    def block(
        self,
        kind: str,
        stuck: Callable[[], object],
        deadline: Optional[int] = None,
        outside: bool = False,
    ) -> bool:
        """Wait until `stuck()` is false or virtual time reaches `deadline`; True if it is false.

        Only for a thread for which `controls()` holds.
        """
        task = self.current
        task.wait = Wait(kind, stuck, deadline, outside)
        self._stall = 0
        try:
            self._pass_turn(task, "b")
        finally:
            task.wait = None
        return not stuck()

    def deadline(self, seconds: Optional[float]) -> Optional[int]:
        """The virtual time, in ns, `seconds` from now; to the microsecond: equal sleeps tie."""
        if seconds is None:
            return None
        return self.now + max(round(seconds * 1e6), 0) * 1000

    # ---- threads come and go --------------------------------------------------------------------

    def add(self, name: str, daemon: bool) -> Task:
        """Make a task for a thread that the current one is about to start."""
        task = Task(len(self.tasks), daemon)
        self.tasks.append(task)
        self._living.append(task)
        label = "_".join(name.split())
        self.log.add(("thread %d %d %s" % (task.number, self.current.number, label)).rstrip())
        return task

    def forget(self, task: Task) -> None:
        """Take back a task whose thread could not be started."""
        self._living.remove(task)
        task.done = True

    def enter(self, task: Task) -> None:
        """Called in a new thread: wait for its first turn."""
        self._await_turn(task)

    def leave(self, task: Task) -> None:
        """Called in a thread that ends: hand the turn on for good."""
        if self.suspended:
            return
        task.busy = True
        task.done = True
        self._living.remove(task)
        self._stall = 0
        self.log.add("f %d" % task.number)
        following = self._choose(task, "b")
        self._departing = task
        self.current = following
        following.grant()

    def hand(self, to: Task) -> None:
        """Give the turn to `to` without a decision: the parts of a thread's start are one step."""
        task = self.current
        task.busy = True
        try:
            self._switch(task, to)
        finally:
            task.busy = False

    # ---- the end --------------------------------------------------------------------------------

    def finish(self) -> None:
        """The program has ended by itself: close the log, schedule no more."""
        if not self.suspended:
            self._close("exit")

    def finish_without_flush(self) -> None:
        """The program leaves by `os._exit`, which writes nothing more."""
        if not self.suspended:
            self._write_end("exit")

    def set_aside(self, aside: bool) -> None:
        """Stop scheduling while the process forks; the child never takes it up again."""
        self.suspended = aside

    def stop(self, kind: str, code: int) -> NoReturn:
        """End the process here, with what the program has written so far."""
        if kind == "deadlock":
            for record in places.waits(self._living):
                self.log.add(record)
        self._close(kind)
        real.exit_process(code)

    def _close(self, kind: str) -> None:
        self._flush()
        self._write_end(kind)

    def _write_end(self, kind: str) -> None:
        self.suspended = True
        for task in self.tasks:
            self.log.add("n %d %d" % (task.number, task.events))
        self.log.close(kind, self.steps, self.now)

    def _flush(self) -> None:
        self.current.busy = True
        _flush(sys.stdout)
        _flush(sys.stderr)
        _flush(sys.__stdout__)

    # ---- turns ----------------------------------------------------------------------------------

    def _pass_turn(self, task: Task, mark: str) -> None:
        task.busy = True
        try:
            following = self._choose(task, mark)
            if following is not task:
                self._switch(task, following)
        finally:
            task.busy = False
        if task.pending is not None:
            self._raise_pending(task)

    def _switch(self, task: Task, following: Task) -> None:
        self.current = following
        following.grant()
        self._await_turn(task)

    def _await_turn(self, task: Task) -> None:
        """Wait for the turn, and for the thread that had it last to be gone if it has ended."""
        task.await_turn()
        departing, self._departing = self._departing, None
        if departing is not None:
            departing.gone()

    @staticmethod
    def _raise_pending(task: Task) -> None:
        interruption, task.pending = task.pending, None
        if interruption is not None:
            raise interruption

    # ---- decisions ------------------------------------------------------------------------------

    def _choose(self, current: Task, mark: str) -> Task:
        """Find who can run, the clock moving if nobody can; where there is a choice, ask."""
        self.steps += 1
        self._stall += 1
        if self.steps > self._bound:
            self.stop("bound", BOUND)
        self._let_time_pass(current, mark)
        runnable = [task for task in self._living if task.able(self.now)]
        while not runnable:
            self._idle()
            runnable = [task for task in self._living if task.able(self.now)]
        if len(runnable) == 1:
            return runnable[0]
        try:
            chosen = self._strategy.choose(self.log.decisions, current, runnable, mark)
        except Mismatch:
            self.stop("mismatch", MISMATCH)
        self.log.decide(current.number, chosen.number, [task.number for task in runnable], mark)
        return chosen

    def _let_time_pass(self, current: Task, mark: str) -> None:
        """Move the clock though somebody can run: early, or since those only spin or give way."""
        if self._early.fires(self.steps):
            self._fire_early()
        if self._stall > _STALL or (mark == "y" and self._alone(current)):
            self._advance()

    def _fire_early(self) -> None:
        first = min(self._sleepers(), key=_deadline, default=None)
        if first is not None and _deadline(first) <= self.now + _EARLY_REACH_NS:
            self.log.add("t %d %d" % (self.steps, first.number))
            self._advance()

    def _alone(self, current: Task) -> bool:
        return not any(task.able(self.now) for task in self._living if task is not current)

    def _advance(self) -> bool:
        """Move the clock to the next deadline; False if there is none."""
        self._stall = 0
        sleepers = self._sleepers()
        if sleepers:
            self.now = max(self.now, min(map(_deadline, sleepers)))
        return bool(sleepers)

    def _sleepers(self) -> list[Task]:
        """Those who wait for something that is not there, until a deadline."""
        return [
            task
            for task in self._living
            if task.wait is not None and task.wait.deadline is not None and task.wait.stuck()
        ]

    def _idle(self) -> None:
        """Nobody can run: wait for the world outside, or move the clock, or it is a deadlock."""
        outside = any(task.wait is not None and task.wait.outside for task in self._living)
        if self._children:
            self._wait_really()
        elif outside and self.patience_ns and self._wait_outside(self.patience_ns):
            return
        elif not self._advance() and not (outside and self._wait_outside(_SILENCE_NS)):
            self.stop("deadlock", DEADLOCK)

    # ---- the world outside ----------------------------------------------------------------------

    def mark_children(self) -> None:
        """The program starts a process, which nobody controls: idle time is real from here on."""
        if not self._children and not self.suspended:
            self._children = True
            self.log.add("uncontrolled child-process")

    def _wait_really(self) -> None:
        """Let real time pass, and virtual time with it."""
        if all(
            task.wait is None or not (task.wait.outside or task.wait.deadline)
            for task in self._living
        ):
            self.stop("deadlock", DEADLOCK)
        before = real.monotonic_ns()
        real.sleep(0.0005)
        self.now += real.monotonic_ns() - before

    def _wait_outside(self, patience_ns: int) -> bool:
        """Wait up to `patience_ns` of real time for a socket; True if somebody can run then."""
        until = real.monotonic_ns() + patience_ns
        while real.monotonic_ns() < until:
            if any(task.able(self.now) for task in self._living):
                return True
            real.sleep(0.0002)
        return False


def _deadline(sleeper: Task) -> int:
    """When a task that waits until a deadline gives up, in ns of virtual time."""
    wait = sleeper.wait
    return wait.deadline if wait is not None and wait.deadline is not None else 0


def _flush(stream: Any) -> None:
    """Flush a stream that the program may have replaced, closed or removed."""
    try:
        stream.flush()
    except (AttributeError, OSError, ValueError):
        return
