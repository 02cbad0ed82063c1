"""Steps told one by one, for a search that makes one run of each trace: see dpor.py.

A step is what a thread does from one choice to the next.  What it touches comes in from the library
(locks, queues, lines) and from touching.py (what instructions do); one that touches nothing is
none.  What the program does of which no step can tell is named, once: it is hidden.

Nothing here may take memory by what is asked for: the library keeps that (../../world/touches.c).
"""

from __future__ import annotations

import _thread
import threading

from .strategies import Asleep, Steps, Strategy, Switches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, Optional

    from .log import Log
    from .strategies import Choices
    from .tasks import Task
    from .world import World

ANYTHING, ENABLE, JOIN, READ, WRITE = map(ord, "*ejrw")
CLOCK, THREADS = 3, 4
"""Objects that are no memory: the clock, and the numbers of threads."""

_END = -1 << 63

LATER = " !"

_END_LOCKS = ("_tstate_lock", "_handle", "_os_thread_handle")
"""What a thread's object has, by version, that tells of its end: 3.12 a lock, then a handle."""


def end_of(number: int) -> int:
    """The object that the end of a thread changes, and whoever asks for it reads."""
    return _END | number


class Awake(Strategy):
    """Chooses as the search asks, then stays with the current thread while that is awake.

    Nobody is chosen who would only find that he has to wait, but where there is nobody else.
    """

    __slots__ = ("_log", "_world")

    def __init__(self, world: World, log: Log) -> None:
        self._world = world
        self._log = log

    def choose(self, decision: int, current: Task, runnable: list[Task], mark: str) -> Task:
        """Choose as asked, else by the default rule; `Asleep` if nobody is awake.

        It does the same in either case, and so takes the same memory.
        """
        number = self._by_default(current, runnable, mark).number
        asked = self._world.asked_choice(decision)
        return Switches.named(number if asked < 0 else asked, runnable)

    def _by_default(self, current: Task, runnable: list[Task], mark: str) -> Task:
        free = self.free(runnable)
        first: Optional[Task] = None
        stays = False
        # No list of those who are awake: it would be longer or shorter by what is asked for, and
        # what the program makes next would lie elsewhere. So each is asked, too, needed or not.
        for task in free or runnable:
            if self.is_asleep(task) and free:
                continue
            if task is current:
                stays = True
            elif first is None:
                first = task
        if stays and (mark == "-" or first is None):
            return current
        if first is None:
            raise Asleep
        return first

    def free(self, runnable: list[Task]) -> list[Task]:
        """Those who would not wait at once."""
        return [task for task in runnable if not self._world.would_wait(task.number)]

    def is_asleep(self, task: Task) -> bool:
        """Whether the next step of `task` has been tried elsewhere."""
        return bool(self._world.is_asleep(task.number, self._log.decisions))


class Following:
    """Tells the steps of one run."""

    __slots__ = (
        "_begun",
        "_for_nothing",
        "_has_daemons",
        "_hidden",
        "_is_over",
        "_log",
        "_numbers",
        "_reads",
        "_world",
        "awake",
        "importing",
        "lines_commute",
        "sleepless",
    )

    def __init__(self, world: World, log: Log) -> None:
        self._world = world
        self._log = log
        self._hidden: set[str] = set()
        self._begun = "- 0"
        self._reads = self._is_over = self._has_daemons = False
        self._numbers: dict[int, int] = {}
        self.importing: dict[int, FrameType] = {}
        """By thread the frame that imports a module: what that does is not looked at."""
        self.awake = Awake(world, log)
        _, self.lines_commute, self._for_nothing, self.sleepless, too_much = world.asked_touches()
        if too_much:
            self.hide("too-much-asked")

    @property
    def choices(self) -> Choices:
        """The way to choose that the search asks for."""
        return self.awake, Steps(every_sleep=bool(self.sleepless)), None

    def may_wake(self) -> None:
        """Somebody's wait might end for nothing: no run of a search has it do so."""
        if self._for_nothing:
            self.hide("wake-ups for nothing")

    def hide(self, what: str) -> None:
        """The program does what no step tells."""
        if what not in self._hidden:
            self._hidden.add(what)
            self._log.add("hidden " + what)

    def touch(self, kind: int, number: int) -> None:
        """The current step does this to an object."""
        self._world.touch(kind, number)

    def read_clock(self, by_program: bool) -> None:
        """The clock is read."""
        self._world.touch(WRITE, CLOCK)
        self._reads = self._reads or by_program
        if self._reads:
            self.hide("clock")

    def end(self, task: Task, has_parts: bool) -> None:
        """The step of `task` ends here; `has_parts`: in the midst of a line."""
        if task.ident in self.importing:
            self._world.touch(ANYTHING, 0)
        told = self._world.end_step(self._log.decisions)
        if told is None:
            return
        if has_parts and self.lines_commute:
            self.hide("parts-of-lines")
        if task.fired:
            told += LATER
            task.fired = False
        self._log.add("touch %d %s%s" % (task.number, self._begun, told))

    def is_over(self, only: Task) -> bool:
        """Whether the only one who can go on is asleep."""
        # In this order: who sleeps is asked for, and is not to decide what is made a list of.
        return bool(self.awake.free([only])) and self.awake.is_asleep(only)

    def create(self, task: Task) -> None:
        """A thread is about to be started."""
        self._has_daemons = self._has_daemons or task.daemon
        self._world.touch(ENABLE, task.number)
        self._world.touch(WRITE, THREADS)

    def born(self, task: Task) -> None:
        """The current thread is known to all: by its end it lets go of a lock, or sets a handle."""
        thread: Any = vars(threading)["_active"].get(_thread.get_ident())
        for name in _END_LOCKS if thread is not None else ():
            if name in vars(thread):
                self._world.set_end_lock(vars(thread)[name], task.number)
        self._numbers[id(thread)] = task.number
        if vars(threading).get("_trace_hook") is not None:  # it takes our place
            self.hide("threading.settrace")

    def numbers_of(self, thread: object) -> list[int]:
        """The number of a thread that has been started; without one, those of all."""
        if thread is None:
            return list(self._numbers.values())
        return [self._numbers[id(thread)]] if id(thread) in self._numbers else []

    def leave(self, task: Task) -> None:
        """A thread comes to its end."""
        self._world.touch(WRITE, end_of(task.number))

    def begin(self, chosen: Task, offered: list[Task], able: int, now: int) -> None:
        """A step of `chosen` begins, which was the choice, if there was one, out of so many."""
        if able > len(offered):
            self._log.add("note rested")
        if self._has_overslept(chosen, now):
            self.hide("clock")
        decision = str(self._log.decisions - 1) if len(offered) > 1 else "-"
        numbers = [str(task.number) for task in self.awake.free(offered) or [chosen]]
        self._begun = "%s %s" % (decision, ",".join(numbers))

    def _has_overslept(self, task: Task, now: int) -> bool:
        """Whether its timeout came though others could go on, and no choice decided that."""
        wait = task.wait
        if wait is None or wait.deadline is None or wait.deadline > now or task.fired:
            return False
        return not (self.sleepless and wait.kind == "sleep")

    def passed(self, tasks: list[Task], now: int) -> None:
        """The clock has moved since nobody could go on: these can now, since that is so."""
        for task in tasks:
            wait = task.wait
            task.fired = wait is not None and wait.deadline is not None and wait.deadline <= now

    def finish(self, kind: str, current: Task, living: list[Task]) -> None:
        """The run ends with the step of `current`; what is done from here on is no part of it."""
        if self._is_over:
            return
        self._is_over = True
        cuts_off = self._has_daemons or any(task is not current for task in living)
        if kind == "exit" and cuts_off:  # also where they have come to their ends before
            self._world.touch(ANYTHING, 0)
        self.end(current, has_parts=False)
        for task in living:
            wait = task.wait
            if wait is not None and wait.kind in ("lock", "rlock") and wait.deadline is None:
                self._log.add("g %d %x" % (task.number, self._world.lock_of(wait.address)))
