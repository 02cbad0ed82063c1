"""The scheduler: who runs, who waits, and what time it is.

One task has the turn; its thread alone runs.  At a point it may hand the turn on; when it cannot
go on, it must.  Waits are predicates, looked at afresh at each decision, so that nothing has to be
woken and whoever could take a freed lock is among the choices.

Its methods are called by the library under the interpreter, in the thread that has the turn (or,
where that is blocked or gone, in its stead).
"""

from __future__ import annotations

import _thread
import os
import sys

from . import places
from .calls import name_of
from .strategies import Asleep, Mismatch, Patience, Stalls
from .tasks import Task, Wait
from .world import FREE, INTERRUPTED, NETWORK, OUTSIDE, READY, TIMED_OUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn, Optional

    from .following import Following
    from .log import Log
    from .loops import Loops
    from .spurious import Waker
    from .strategies import Choices
    from .world import World

DEADLOCK, MISMATCH, BOUND, ASLEEP = 66, 67, 68, 69
"""Exit codes of runs that the scheduler ended."""

RING_STEPS = 1000
"""Steps that the others get once some wait for each other, before that is told.

Most come to wait for those, too, and then it is a deadlock of all, told with what each waits for.
"""

_EARLY_REACH_NS = 60_000_000_000
"""In early mode a timeout may come as if the others had been so slow, and no slower.

Programs do rely on a machine that gets somewhere within a minute: asyncio gives threads five.
"""

_OTHER_LOOPS = ("trio", "curio")
"""Libraries that take their tasks in an order of their own, which no schedule decides."""

_SILENCE_NS = 1_000_000_000
"""Real time after which threads that all wait, some of them for sockets, count as deadlocked."""

MAX_THREADS = 65536
"""As many as the library can tell apart, in the whole of a run."""

MAX_THREADS_BESIDE_TASKS = 1000
"""The same in a program that uses asyncio: its tasks have the numbers from there on."""

_NETWORK_PATIENCE_NS = 20_000_000
"""Real time that loopback gets, when nobody can run, before the virtual clock moves."""

_LOST_PATIENCE_NS = 20_000_000
"""The same for a thread that was passed over."""


class Scheduler:
    """Runs the process's threads one at a time, as a strategy chooses.

    Its state has no lock: whoever comes here has the turn, or acts for the one that has it (the
    watcher, with the GIL; a thread that has ended), and the turn is handed on last of all. A
    free-threaded build is no different: threads without the turn rest in the library, in C. Times
    are virtual nanoseconds since the start, unless a name says `real`.
    """

    def __init__(self, choices: Choices, log: Log, world: World) -> None:
        self.follow(choices, bound=0, tells_candidates=False, told_places=0)
        self._world = world
        self._ring: list[Task] = []
        self._ring_told_at = 0
        self._patience = Patience()
        self._stalls = Stalls()
        self._children = False
        self._followed_until = 0
        """The real time, in ns, up to which the clock has followed it."""
        self._unfollowed: set[str] = set()
        self._patience_ns = 0
        self._beyond = False
        self.log = log
        self.steps = 0
        self.now = 0
        self.suspended = False
        self.loops: Optional[Loops] = None
        self.following: Optional[Following] = None
        self.point = world.point
        main = Task(0)
        main.ident = world.ident(0)
        self.current = main
        self.tasks = [main]
        self._living = [main]

    def follow(
        self, choices: Choices, *, bound: int, tells_candidates: bool, told_places: int
    ) -> None:
        """Choose so from here on: nothing has been chosen yet."""
        self.strategy, self._early, self._spurious = choices
        self.strategy.joins(0)
        self._tells_candidates = tells_candidates
        self._told_places = told_places
        """Of so many decisions the record says where the thread stood."""
        self._waker_here = _way_to_wakers(tells_candidates or self._spurious is not None)
        self._bound = bound

    # ---- what the library asks -------------------------------------------------------------------

    def come(self, mark: str) -> None:
        """Let another thread go on here, if the strategy says so.

        `mark`: `y` for a thread that gives way, `w` before it writes a line, `l` at a lock.
        """
        task = self.current
        writes = mark == "w"
        # A thread that is being born takes locks of `threading`'s own: its start is one step.
        if len(self.tasks) > 1 and not (mark == "l" and task.parent is not None):
            self._pass_turn(task, "y" if mark == "y" else "-")
        # Nobody else is there to be chosen, but a loop that only looks whether its alarm has come
        # would go round for ever, were no step counted.
        elif mark == "-" and self._world.next_timer() >= 0:
            self._spin()
        if writes:
            task.events += 1
            task.wrote = True

    def block(self, kind: str, address: int, timeout_ns: int, flags: int) -> int:
        """Wait until what is described at `address` is there; say how the wait ended.

        `timeout_ns`: -1 for no limit; `flags`: those of `world`, `OUTSIDE` and `NETWORK`. Returns
        one of `FREE`, `READY`, `TIMED_OUT`, `INTERRUPTED`; what lies at `address` is on the waiting
        thread's stack in C, and stays there until this returns.
        """
        if self.suspended:
            return FREE
        if timeout_ns == 0:
            # Whoever only asks (`lock.acquire(False)` in a loop, `select` with 0) gives way: so
            # somebody can make true what is asked for.
            self.come("y")
            return READY
        if flags & NETWORK:
            self._patience_ns = _NETWORK_PATIENCE_NS
        task = self.current
        # Up to CPython 3.12 a join is the taking of a lock; the record is
        # to say what the program does.
        if kind == "lock" and places.is_joining():
            kind = "join"
        elif kind == "select" and self._waits_inside():
            kind, flags = "event-loop", 0
        task.wait = Wait(kind, address, self._deadline(timeout_ns), bool(flags & OUTSIDE))
        task.waker = self._waker_here(self._world) if self._waker_here is not None else None
        # Before the turn is passed on: the one that closes a ring is the
        # last of it to come to its wait.
        self._look_for_ring(task)
        self._pass_turn(task, "b")
        task.wait = task.waker = None
        if not self._world.is_stuck(address):
            # It was freed by what a child process has done, and that took real time.
            if self._children and flags & OUTSIDE and self._world.has_children():
                self._follow_real_time()
            return READY
        # CPython calls handlers of signals in its main thread alone: only
        # that one's waits end by them.
        return INTERRUPTED if not task.number and self._world.interrupted() else TIMED_OUT

    def _deadline(self, timeout_ns: int) -> Optional[int]:
        """The virtual time so many ns from now; to the microsecond: equal sleeps tie."""
        if timeout_ns < 0:
            return None
        return self.now + (timeout_ns + 500) // 1000 * 1000

    def _waits_inside(self) -> bool:
        """Whether the current thread, in a `select`, can be woken by this process alone."""
        if self.loops is None or (self._children and self._world.has_children()):
            return False
        return self.loops.waits_inside()

    # ---- what event loops ask -------------------------------------------------------------------

    def is_current(self) -> bool:
        """Whether the calling thread has the turn."""
        return self.current.ident == _thread.get_ident()

    def count_step(self) -> None:
        """The current thread does a step; after too many the run is ended."""
        self.steps += 1
        self.now = max(self.now, self._world.now())
        if self.steps > self._bound:
            self.stop("bound", BOUND)

    def fires_early(self) -> bool:
        """Whether, at this step, a deadline within the current thread comes early; tell of it."""
        if self._tells_candidates:
            self.log.add("c %d e%d" % (self.steps, self.current.number))
        fires = self._early.fires(self.steps)
        if fires:
            self.log.add("t %d %d" % (self.steps, self.current.number))
        return fires

    def let_pass(self, ns: int) -> None:
        """So much time passes while the current thread goes on."""
        self._stalls.moved(self.steps, idle=False)
        self._set_now(max(self.now, self._world.now()) + ns)

    def tell(self, record: str) -> None:
        """Add a record, after what was written until here."""
        self._log(record)

    # ---- threads come and go --------------------------------------------------------------------

    def add(self, name: str, daemon: bool) -> Task:
        """Make a task for a thread that the current one is about to start."""
        if len(self.tasks) >= (MAX_THREADS if self.loops is None else MAX_THREADS_BESIDE_TASKS):
            self.stop("bound", BOUND)
        task = Task(len(self.tasks), daemon)
        self.tasks.append(task)
        self._living.append(task)
        label = "_".join(name.split())
        # No blanks in the name: they part the fields of a record.
        self.log.add(("thread %d %d %s" % (task.number, self.current.number, label)).rstrip())
        self.strategy.joins(task.number)
        if self.following is not None:
            self.following.create(task)
        return task

    def forget(self, task: Task) -> None:
        """Take back a task whose thread could not be started."""
        self._living.remove(task)
        task.done = True

    def bear(self, task: Task) -> None:
        """Give the turn to a new thread until it is born: the parts of a start are one step."""
        task.parent = self.current
        self._switch(self.current, task)

    def be_born(self) -> None:
        """Called in a new thread, once it is known to all: the turn goes back to its starter."""
        task = self.current
        if self.following is not None:
            self.following.born(task)
        if task.parent is not None:
            self._switch(task, self._starter_of(task))

    def _starter_of(self, task: Task) -> Task:
        """The birth of `task` is over: who started it and goes on."""
        parent, task.parent = task.parent or task, None
        return parent

    def leave(self, task: Task) -> int:
        """A thread has ended: the number of the one that goes on; -1 if nothing is scheduled."""
        if self.suspended:
            return -1
        task.done = True
        self._living.remove(task)
        self._log("f %d" % task.number)
        if self.following is not None:
            self.following.leave(task)
        # One that ends before it was born has its starter waiting in the midst of the start.
        following = self._starter_of(task) if task.parent else self._choose(task, "b")
        self._go_on(following)
        return following.number

    # ---- the end --------------------------------------------------------------------------------

    def is_awaited(self) -> bool:
        """Whether there are threads that the interpreter's exit waits for."""
        return any(task.number and not task.daemon for task in self._living)

    def finish(self) -> None:
        """The program has ended by itself: close the log, schedule no more."""
        if not self.suspended:
            self._close("exit")

    def end_at_once(self, way: str) -> None:
        """The process ends without ado (`exit`), or becomes another (`exec`), or `failed` to."""
        if self.suspended:
            return
        if way == "failed":
            self.log.reopen()
        elif way == "exec":
            self.log.mark()
            self._log("uncontrolled exec")
            # Before it is known whether the new program can be executed: after that nobody is here
            # who could write it. If it cannot, `reopen` takes it back.
            self._write_end("exit")
        else:
            self._end("exit")

    def set_aside(self, aside: bool) -> None:
        """Stop scheduling while the process forks; the child never takes it up again."""
        self.suspended = aside

    def stop(self, kind: str, code: int, ring: Optional[list[Task]] = None) -> NoReturn:
        """End the process here, with what the program has written so far.

        Of a deadlock each wait is told first, or those of `ring` alone. By `_exit`: no handler of
        the program's runs, no other thread gets the GIL, and no destructor says another line.
        """
        self._finish_steps(kind)
        if kind == "deadlock":
            self._settle_output()
            for record in places.waits(ring or self._living, self.tasks, self._world):
                self.log.add(record)
            for record in self.loops.waits() if self.loops is not None and not ring else ():
                self.log.add(record)
        if kind == "asleep":  # what was written is looked at by nobody, and its lock may be held
            self._end(kind)
        else:
            self._close(kind)
        # Not `sys.exit`: it would raise in whichever thread has the turn,
        # where the program may catch it.
        os._exit(code)

    def _finish_steps(self, kind: str) -> None:
        if self.following is not None:
            self.following.finish(kind, self.current, self._living)

    def _close(self, kind: str) -> None:
        self._flush()
        self._end(kind)

    def _end(self, kind: str) -> None:
        """Write the end; from here on nothing is scheduled."""
        self._write_end(kind)
        self.suspended = True
        # From here on clocks are real, and the watcher stops: what is
        # left is the interpreter's own end.
        self._world.forsake()

    def _write_end(self, kind: str) -> None:
        """Write how many events each thread had, then the last record.

        `kind`, steps, virtual ns.
        """
        self._finish_steps(kind)
        self._settle_output()
        for library in _OTHER_LOOPS:
            if library in sys.modules:
                self.log.add("note " + library)
        for task in self.tasks:
            self.log.add("n %d %d" % (task.number, task.events))
        self.log.close(kind, self.steps, self.now)

    def _flush(self) -> None:
        _flush(sys.stdout)
        _flush(sys.stderr)
        _flush(sys.__stdout__)

    # ---- turns ----------------------------------------------------------------------------------

    def _pass_turn(self, task: Task, mark: str) -> None:
        following = self._starter_of(task) if task.parent else self._choose(task, mark)
        if following is not task:
            self._switch(task, following)

    def _switch(self, task: Task, following: Task) -> None:
        """Hand the turn on and rest until `task` has it again.

        Over this call anything may have changed.
        """
        self._go_on(following)
        self._world.switch_to(following.number)

    def _go_on(self, following: Task) -> None:
        """Make it the one that has the turn, in these books.

        `switch_to` or `grant` tells the library.
        """
        self.current = following
        following.lost = ""

    # ---- decisions ------------------------------------------------------------------------------

    def _choose(self, current: Task, mark: str) -> Task:
        """Find who can run, the clock moving if nobody can; where there is a choice, ask.

        One step of the run, whoever ends it. `current` may have ended, be passed over, or
        wait: only then must another be chosen.
        """
        following = self.following
        if following is not None:
            following.end(current, self._world.lines.is_within(current.number))
        self._step(current, mark)
        runnable = self._able()
        while not runnable:
            self._idle()
            runnable = self._able()
            if following is not None:
                following.passed(runnable, self.now)
        # Between the strategy and those who can run: a thread that has been left
        # out for long is offered alone. The record has only those who were offered,
        # so a search knows of no other choice.
        offered = self._patience.offer(runnable)
        chosen = self._choose_among(offered, current, mark)
        self._patience.chose(chosen, runnable)
        if following is not None:
            following.begin(chosen, offered, len(runnable), self.now)
        return chosen

    def _choose_among(self, offered: list[Task], current: Task, mark: str) -> Task:
        if len(offered) == 1:
            if self.following is not None and self.following.is_over(offered[0]):
                self.stop("asleep", ASLEEP)
            return offered[0]
        # One that was just woken for nothing goes first, if the seed says so: only before anybody
        # has made its condition true can it be seen that a loop around the wait is missing.
        chosen = self._spurious.favoured(offered) if self._spurious is not None else None
        try:
            if chosen is None:
                chosen = self.strategy.choose(self.log.decisions, current, offered, mark)
        except Mismatch:
            self.stop("mismatch", MISMATCH)
        except Asleep:
            self.stop("asleep", ASLEEP)
        if self.log.decisions < self._told_places:
            self.log.add("at %d %s" % (self.log.decisions, places.here()))
        self.log.decide(current.number, chosen.number, [task.number for task in offered], mark)
        return chosen

    def _able(self) -> list[Task]:
        """Who could go on now: each waits for nothing, or for what is there or has timed out."""
        now, world = self.now, self._world
        return [task for task in self._living if task.able(now, world)]

    def _step(self, current: Task, mark: str) -> None:
        """Do what each step asks for, whoever goes on after it.

        Output, early timeouts, wake-ups, time.
        """
        self.count_step()
        self._settle_output()
        # The ring was seen some steps ago: had the others come to wait for it, that would
        # have been told by now as a deadlock of all.
        if self._ring and self.steps > self._ring_told_at:
            self.stop("deadlock", DEADLOCK, self._ring)
        # One whom the kernel has just woken is about to come back: waited for, so that it can be
        # chosen at this step in each run, and not at this one or the next as the machine pleases.
        if any(task.lost for task in self._living):
            self._world.settle()
        if self._early.every_sleep:
            self._end_sleeps()
        if self._waker_here is not None:
            self._wake_for_nothing(current)
        self._let_time_pass(current, mark)

    def _wake_for_nothing(self, current: Task) -> None:
        """End the wait of a condition, if that is due; tell first what departures are possible."""
        waiting = [task for task in self._living if _may_wake(task, current)]
        if self._tells_candidates:
            self._tell_candidates(waiting)
        chosen = self._spurious.chosen(self.steps, waiting) if self._spurious else None
        if chosen is None:
            current.woken = False
            return
        for task in waiting:
            if task.number == chosen and task.waker is not None:
                self.log.add("p %d %d %s" % (self.steps, chosen, places.place_of(task)))
                task.waker.wake()
                task.woken = True
                return
        self.stop("mismatch", MISMATCH)

    def _tell_candidates(self, waiting: list[Task]) -> None:
        first = self._first_sleeper()
        items = ["e%d" % first.number] if first is not None else []
        items += ["p%d" % task.number for task in waiting]
        if items:
            self.log.add("c %d %s" % (self.steps, " ".join(items)))

    def _spin(self) -> None:
        """A point of the only thread, while a timer is to come: time passes if it spins."""
        self._step(self.current, "-")

    def _let_time_pass(self, current: Task, mark: str) -> None:
        """Move the clock though somebody can run: early, or since those only spin or give way."""
        if self._early.fires(self.steps):
            self._fire_early()
        if self._stalls.is_stalled(self.steps) or (mark == "y" and self._alone(current)):
            has_moved = self._advance()
            if has_moved and self.following is not None:
                self.following.hide("clock")

    def _first_sleeper(self) -> Optional[Task]:
        """Whose timeout may come early; None: nobody's."""
        sleepers = [task for task in self._sleepers() if task.wait and task.wait.kind != "nap"]
        if self._early.every_sleep:  # whoever is due by it has slept, and only waits for a turn
            sleepers = [task for task in sleepers if _deadline(task) > self.now]
        first = min(sleepers, key=_deadline, default=None)
        if first is None or _deadline(first) > self.now + _EARLY_REACH_NS:
            return None
        return first

    def _fire_early(self) -> None:
        """Let the first timeout that may come early come now."""
        first = self._first_sleeper()
        if first is not None:
            self.log.add("t %d %d" % (self.steps, first.number))
            self._advance()

    def _end_sleeps(self) -> None:
        """Whoever wakes at once and is not chosen has slept as long as any.

        So with every choice of who goes on each length of every sleep is met. None is longer than
        until a timer: what that brings ends the sleep, or comes before its end.
        """
        while True:
            waiting = [task for task in self._sleepers() if _deadline(task) > self.now]
            first = min(waiting, key=_deadline, default=None)
            if first is None or first.wait is None or first.wait.kind != "sleep":
                return
            if _deadline(first) > self.now + _EARLY_REACH_NS:
                if self.following is not None:
                    self.following.hide("long-sleeps")
                return
            if 0 <= self._world.next_timer() < _deadline(first):
                if self.following is not None:
                    self.following.hide("clock")
                return
            self.log.add("t %d %d" % (self.steps, first.number))
            self._stalls.moved(self.steps, idle=False)
            self._set_now(_deadline(first))

    def _alone(self, current: Task) -> bool:
        return not any(
            task.able(self.now, self._world) for task in self._living if task is not current
        )

    def _advance(self, idle: bool = False) -> bool:
        """Move the clock to the next deadline or timer; False if there is none.

        `idle`: nobody can run.
        """
        self._stalls.moved(self.steps, idle)
        moments = [_deadline(task) for task in self._sleepers()]
        timer = self._world.next_timer()
        if timer >= 0:
            moments.append(timer)
        if moments:
            self._set_now(max(self.now, min(moments)))
        return bool(moments)

    def _set_now(self, now: int) -> None:
        self.now = now
        self._world.set_now(now)

    def _sleepers(self) -> list[Task]:
        """Those who wait for something that is not there, until a deadline."""
        return [
            task
            for task in self._living
            if task.wait is not None
            and task.wait.deadline is not None
            and not task.lost
            and self._world.is_stuck(task.wait.address)
        ]

    def _idle(self) -> None:
        """Nobody can run: wait for the world outside, or move the clock, or it is a deadlock.

        In this order: a child process has the time that really passes, and so has who waits for
        another machine; who waits for a socket gets a moment of real time, as loopback answers
        within it; then the next deadline comes. With none left there is a deadlock, unless a
        socket may still bring something within a second.
        """
        lost = any(task.lost for task in self._living)
        outside = lost or any(task.wait is not None and task.wait.outside for task in self._living)
        patience_ns = _LOST_PATIENCE_NS if lost else self._patience_ns
        if outside and not self._beyond and self._world.reaches_beyond():
            self._mark_beyond()
        has_children = self._children and (outside or self._world.has_children())
        if has_children or (self._beyond and outside):
            self._wait_really(outside)
        elif outside and patience_ns and self._wait_outside(patience_ns):
            return
        elif not self._advance(idle=True) and not (outside and self._wait_outside(_SILENCE_NS)):
            self.stop("deadlock", DEADLOCK)

    # ---- deadlock of some -----------------------------------------------------------------------

    def _look_for_ring(self, task: Task) -> None:
        """Have the run ended soon if `task`, about to wait, closes a ring of threads that wait.

        Only locks that their holders alone let go count, and joins; and the ring must hold a thread
        that the end of the process waits for.
        """
        ring: list[Task] = []
        waiting: Optional[Task] = task
        while waiting is not None and waiting not in ring:
            if waiting.wait is None or waiting.wait.deadline is not None:
                return
            ring.append(waiting)
            # One owner each: locks and joins have one at most, so that there
            # is one way to go, not a search.
            waiting = places.holder(waiting, self.tasks, self._world, certain=True)
        # A way that runs into a ring further on, without coming back
        # here, is one that was seen before.
        if waiting is task and not self._ring and self._is_final(ring):
            self._ring = sorted(ring, key=_number)
            self._ring_told_at = self.steps + RING_STEPS

    def _is_final(self, ring: list[Task]) -> bool:
        """Whether nothing can free the threads of the ring, and their end is awaited."""
        # The timer's signal is handled in the main thread, and the handler
        # may raise there, out of the wait.
        if any(task.number == 0 for task in ring) and self._world.next_timer() >= 0:
            return False
        return any(not task.daemon for task in ring)

    # ---- blocking that nobody foresaw ------------------------------------------------------------

    def pass_over(self, number: int, call: int) -> int:
        """Called by the watcher: `number` has the turn and is blocked in C; another goes on.

        1 if the turn was handed on.

        It comes in a thread of the library's own, which has taken the GIL for it; the thread that
        it acts for cannot be inside the scheduler, as the library has made sure.
        """
        task = self.tasks[number]
        if self.suspended or task is not self.current or task.done or len(self._living) == 1:
            return 0
        self._settle_output()
        task.lost = name_of(call)
        self.log.add("l %d %s %s" % (number, task.lost, places.place_of(task)))
        following = self._choose(task, "b")
        self._go_on(following)
        # Not `switch_to`: the caller is no thread of the program's, and has nothing to wait for.
        self._world.grant(following.number)
        return 1

    # ---- the world outside ----------------------------------------------------------------------

    def mark_children(self) -> None:
        """The program starts a process, which nobody controls: idle time is real while it runs."""
        if self.suspended:
            return
        if not (self._children and self._world.has_children()):
            self._followed_until = self._world.real_ns()
        if not self._children:
            self._children = True
            self._log("uncontrolled child-process")

    def _mark_beyond(self) -> None:
        """The program waits for another machine, whose time is real: that decides what it gets."""
        self._beyond = True
        self._followed_until = self._world.real_ns()
        self.mark_uncontrolled("network")

    def holding_back(self, on_jump: Any) -> Any:
        """The same callback, with main's handlers of signals run when it has returned."""
        self._world.set_on_jump(on_jump)
        return self._world.jump

    def await_ended(self) -> None:
        """Wait for the kernel, which is about to end the threads that have ended here."""
        self._world.await_ended()

    def mark_uncontrolled(self, what: str) -> None:
        """The program uses what is not followed, for instance other interpreters."""
        if what not in self._unfollowed:
            self._unfollowed.add(what)
            self._log("uncontrolled " + what)

    def _wait_really(self, outside: bool) -> None:
        """Let real time pass, and virtual time with it."""
        if not outside and not self._sleepers() and self._world.next_timer() < 0:
            self.stop("deadlock", DEADLOCK)
        # Half a millisecond, with the GIL let go: what a child does is seen that late at most.
        self._world.rest(500_000)
        self._follow_real_time()

    def _follow_real_time(self) -> None:
        """Move the clock on by the time that has really passed: so much has passed for children.

        What they are seen to have done took them that time, whoever went on here meanwhile.
        """
        real = self._world.real_ns()
        self._set_now(self.now + real - self._followed_until)
        self._followed_until = real

    def _wait_outside(self, patience_ns: int) -> bool:
        """Wait up to `patience_ns` of real time for a socket; True if somebody can run then."""
        until = self._world.real_ns() + patience_ns
        while self._world.real_ns() < until:
            if self._able():
                return True
            self._world.rest(200_000)
        return False

    # ---- the log --------------------------------------------------------------------------------

    def _log(self, record: str) -> None:
        """Add a record behind what the program has written until now: so their order is kept."""
        self._settle_output()
        self.log.add(record)

    def _settle_output(self) -> None:
        """Record what was written since the last step."""
        written = self._world.take_output()
        if written is not None:
            self.log.add(written)


def _way_to_wakers(wanted: bool) -> Optional[Callable[[World], Optional[Waker]]]:
    """What finds out how a wait ends for nothing; imported now or never.

    Within the scheduler nothing may be imported: a thread without the turn may hold the lock.
    """
    if not wanted:
        return None
    from .spurious import waker_here

    return waker_here


def _deadline(sleeper: Task) -> int:
    """When a task that waits until a deadline gives up, in ns of virtual time."""
    wait = sleeper.wait
    return wait.deadline if wait is not None and wait.deadline is not None else 0


def _may_wake(task: Task, current: Task) -> bool:
    """Whether the wait of `task` may end for nothing; not twice before others could run."""
    if task.wait is None or task.waker is None or (task is current and task.woken):
        return False
    return task.waker.is_waiting()


def _number(task: Task) -> int:
    return task.number


def _flush(stream: Any) -> None:
    """Flush a stream that the program may have replaced, closed or removed, whatever it raises."""
    try:
        stream.flush()
    except BaseException:
        return
