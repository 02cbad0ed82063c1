"""asyncio's own event loops: in which order what is ready comes, and what time it is meanwhile.

What asyncio leaves open is chosen: the order of the events of one `select` and their lateness, the
order of timers that are due at one time, how much time passes between two readings of the clock.
The ready queue stays first in, first out, as `call_soon` is documented; if it is asked for, steps
of tasks that stand one behind another in it may overtake each other, and nothing else may.

It is in asyncio's own Python code that this happens, by three of its parts: the queue of a loop
that runs is a `Ready`, and `_process_events` and `time` have something done before them.  Only the
thread that has the turn comes here.
"""

from __future__ import annotations

import os
import sys
import weakref
from collections import deque

from .scheduler import MISMATCH
from .strategies import Mismatch, Patience, Stalls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, Optional

    from .scheduler import Scheduler

FIRST_TASK = 1003
"""Tasks are numbered from here on, in the order in which they come to a queue; threads below."""

_NEAR_S = 0.0015
"""Any two steps of a program may be so far apart: `epoll` counts whole milliseconds, rounded up."""

_EARLY_S = 60.0
"""The same in early mode."""

_ROUNDED_S = 2e-6
"""The scheduler counts deadlines in microseconds: a loop may wake so much before its timer."""

_HURRIES, _RESTING_TURNS = 50, 1000
"""So many deadlines may come early while a loop has something to do; then none for some turns."""

_GRAIN_NS = 2
"""Beyond what is aimed at, for deadlines are fractions."""

_APART_S = 0.0011
"""A deadline that comes after another is so much later: they are then due in different turns."""

_GIVES_WAY = 8
"""So often in a row a task may be chosen that only gives way; then the others have their turn."""

_STEPS = ("__step", "__wakeup", "_Task__step", "_Task__wakeup", "task_wakeup")
_INTERNET = (2, 10)
"""AF_INET and AF_INET6: what comes so may come late."""

_SETS = "task-sets"
_OTHER = "other-loop"
"""Notes: tasks were taken from a set, which goes by addresses; a loop that is not asyncio's own."""


class Lane:
    """A task, as the strategies see it."""

    __slots__ = ("events", "number", "wrote")

    def __init__(self, number: int) -> None:
        self.number = number
        self.events = 0
        self.wrote = False


class Loops:
    """Chooses for all loops of the process.

    `is_free`: steps of tasks may overtake each other.

    Only loops whose turns are asyncio's own code (`_is_own`): of others it is noted that they were
    not explored. A loop runs in one thread, and threads take turns, so nothing here is locked.
    """

    def __init__(self, scheduler: Scheduler, is_free: bool) -> None:
        self.scheduler = scheduler
        self.is_free = is_free
        self.lanes: Any = weakref.WeakKeyDictionary()
        self._tasks = 0
        self._running: dict[int, Any] = {}
        """The loop that runs in a thread."""
        self._told: dict[int, int] = {}
        """Whose turn it is in a thread, as the record has it."""
        self._notes: set[str] = set()
        self._changed = False

    def controls(self) -> bool:
        """Whether the calling thread has the turn; else nothing is chosen."""
        scheduler = self.scheduler
        return not scheduler.suspended and scheduler.is_current()

    # ---- loops come and go ----------------------------------------------------------------------

    def run(self, loop: Any) -> None:
        """From here on the current thread runs `loop`; None: none."""
        number = self.scheduler.current.number
        if loop is None:
            self._running.pop(number, None)
            self._tell(number, number)
            return
        self._running[number] = loop
        if not _is_own(loop):
            self.note(_OTHER)
        # A loop that runs again, after `run_until_complete`, has its queue already.
        elif type(loop._ready) is not Ready:
            self._change()
            loop._ready = Ready(self, loop._ready)
        if _cancels_several(sys._getframe()):
            self.note(_SETS)

    def note(self, what: str) -> None:
        """Say, once, that something was not explored."""
        if what not in self._notes:
            self._notes.add(what)
            self.scheduler.log.add("note " + what)

    def _change(self) -> None:
        """Have something done first in asyncio's own classes: there are two places."""
        if self._changed:
            return
        self._changed = True
        base = vars(sys.modules["asyncio.base_events"])["BaseEventLoop"]
        selecting = vars(sys.modules["asyncio.selector_events"])["BaseSelectorEventLoop"]
        # Once, for all loops: each call asks whether its loop is one of
        # those that we have the queue of.
        base.time = self._reading(base.time)
        selecting._process_events = self._processing(selecting._process_events)

    def _reading(self, read: Callable[[Any], float]) -> Callable[[Any], float]:
        """`BaseEventLoop.time` with time passing before a deadline is set."""

        def time(loop: Any) -> float:
            if type(loop._ready) is Ready and self.controls():
                # By its caller, for nothing else tells a deadline that is being
                # set from a clock that is read.
                caller = sys._getframe(1)
                if caller.f_code.co_name in ("call_later", "timeout"):
                    self._before_deadline(loop, read, caller.f_locals.get("delay"))
            return read(loop)

        _name_as(read, time)
        return time

    def _processing(self, process: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
        """`_process_events`, with the order of events chosen and time passing before timers."""

        def process_events(loop: Any, event_list: Any) -> None:
            if type(loop._ready) is Ready and self.controls():
                event_list = self._ordered(loop, list(event_list)) if event_list else event_list
                self._before_timers(loop, event_list)
            process(loop, event_list)

        _name_as(process, process_events)
        return process_events

    # ---- choices --------------------------------------------------------------------------------

    def index(self, what: str, options: int) -> int:
        """Choose one of so many; the first is what a quiet machine would do."""
        scheduler = self.scheduler
        log = scheduler.log
        try:
            chosen = scheduler.strategy.index(log.decisions, options)
        except Mismatch:
            scheduler.stop("mismatch", MISMATCH)
        # Before the decision: a reader of the record takes it for the kind of the next one.
        log.add("k " + what)
        log.decide(0, chosen, range(options), "-")
        return chosen

    def choose(self, ready: Ready) -> int:
        """Which handle of a queue is run next: its place."""
        first = _first_tasks(ready, self.lane) if self.is_free else {}
        offered: Any = ready.patience.offer(ready.without_rested(list(first)))
        if not offered:
            return self._tied(ready)
        # One alone is no decision, and has no number: the record counts choices only.
        if len(offered) < 2:
            return first[offered[0]]
        chosen = self._choose_among(offered)
        ready.patience.chose(chosen, list(first))
        return first[chosen]

    def _choose_among(self, lanes: list[Any]) -> Any:
        """The first of these lanes is the one whose turn asyncio itself would say it is."""
        scheduler = self.scheduler
        log, head = scheduler.log, lanes[0]
        # Strategies draw among threads in the order of their numbers; for tasks that is so, too,
        # lest a seed mean another choice as soon as the queue has another order.
        lanes = sorted(lanes, key=_number)
        try:
            chosen = scheduler.strategy.choose_task(log.decisions, head, lanes)
        except Mismatch:
            scheduler.stop("mismatch", MISMATCH)
        log.add("k task")
        log.decide(head.number, chosen.number, map(_number, lanes), "-")
        return chosen

    def _tied(self, ready: Ready) -> int:
        """Of timers that are due at the very same time any may be first: a heap keeps no order."""
        when = getattr(ready[0], "_when", None)
        if when is None:
            return 0
        tied = [
            place
            for place, handle in enumerate(ready)
            if getattr(handle, "_when", None) == when and not handle._cancelled
        ]
        return tied[self.index("tie", len(tied))] if len(tied) > 1 else 0

    # ---- tasks ----------------------------------------------------------------------------------

    def lane(self, handle: Any) -> Optional[Lane]:
        """The lane of the task whose step a handle is; None: it is no step."""
        callback = handle._callback
        owner = getattr(callback, "__self__", None)
        if owner is None or not hasattr(owner, "get_coro") or not _is_step(callback):
            return None
        return self.lane_of(owner)

    def lane_of(self, task: Any) -> Lane:
        """The lane of a task; one that is new gets its number, and its name is told."""
        found: Optional[Lane] = self.lanes.get(task)
        if found is None:
            found = self.lanes[task] = Lane(FIRST_TASK + self._tasks)
            self._tasks += 1
            thread = self.scheduler.current.number
            creator = self._told.get(thread, thread)
            self.scheduler.log.add("task %d %d %s" % (found.number, creator, _name_of(task)))
        return found

    def begins(self, ready: Ready, handle: Any) -> None:
        """A handle is about to be run: it is a step, and what is written from now on is its."""
        scheduler = self.scheduler
        scheduler.count_step()
        lane = None if handle._cancelled else self.lane(handle)
        ready.runs(lane)
        number = scheduler.current.number
        self._tell(number, lane.number if lane is not None else number)

    def _tell(self, thread: int, number: int) -> None:
        """Record whose step it is that the thread runs from here on: a task's, or its own."""
        # Only what changes: most handles of a loop are steps of the task that was run before.
        if self._told.get(thread, thread) != number:
            self._told[thread] = number
            self.scheduler.tell("s %d %d" % (thread, number))

    def joins(self, ready: Ready, handle: Any) -> None:
        """A handle joins a queue."""
        lane = self.lane(handle)
        if lane is not None and lane is ready.running and _gives_way(handle._callback):
            ready.gave_way = lane
            self.scheduler.strategy.gives_way(lane.number)
        if _SETS not in self._notes and (
            _is_of_set(handle._callback) or _cancels_several(sys._getframe())
        ):
            self.note(_SETS)

    # ---- events ---------------------------------------------------------------------------------

    def _ordered(self, loop: Any, events: list[Any]) -> list[Any]:
        """Put events in an order that the network could have given, the last of them perhaps late.

        One that is late comes with a later `select`: what is there is told again.
        """
        own = loop._ssock.fileno()
        # The loop's own socket, by which `call_soon_threadsafe` wakes it: no program can tell when.
        inner = [event for event in events if event[0].fd == own]
        # epoll_wait(2) promises no order. Numbers of descriptors do not depend on the machine, so
        # the choices that follow mean the same in each run.
        rest = sorted((event for event in events if event[0].fd != own), key=_descriptor)
        done = []
        while len(rest) > 1:
            done.append(rest.pop(self.index("event", len(rest))))
        done += rest
        late = 0
        while late < len(done) and _is_from_network(done[-1 - late]):
            late += 1
        # One at least is in time: with nothing else to do, the loop has
        # come out of its `select` for it.
        if late == len(done) and not loop._ready and not inner:
            late -= 1
        if late > 0:
            late = self.index("late", late + 1)
        return inner + done[: len(done) - late]

    # ---- time -----------------------------------------------------------------------------------

    def _before_deadline(self, loop: Any, read: Callable[[Any], float], delay: Any) -> None:
        """Time may pass before a deadline is set: so much that it comes after one set before."""
        if not isinstance(delay, (int, float)):
            return
        mine = read(loop) + delay
        if self._hurry(loop, mine + _NEAR_S, mine, _APART_S):
            mine = read(loop) + delay
        self._dawdle(loop, "pace", mine, _APART_S)

    def _before_timers(self, loop: Any, events: Any) -> None:
        """Time may pass before a loop looks which timers are due."""
        now, ready = loop.time(), loop._ready
        first = min(_deadlines(loop), default=None)
        if first is None:
            return
        # It has slept until this timer, and is to find it due: asyncio asks with its clock's
        # resolution, we count in microseconds, and would come round once more for nothing.
        if not ready and not events and first <= now + _ROUNDED_S:
            ready.idled(self.scheduler.steps)
            self._pass(first - now)
        elif ready.stalls.is_stalled(self.scheduler.steps):
            self._pass(first - now)  # its tasks spin until a timer comes
        elif ready or events:
            self._hurry(loop, now, now, 0)
        self._dawdle(loop, "turn", loop.time(), 0)

    def _hurry(self, loop: Any, start: float, origin: float, apart: float) -> bool:
        """In early mode the next deadline after `start` may come at once.

        What is at `origin` moves there, and so much further.
        """
        scheduler, ready = self.scheduler, loop._ready
        later = [when for when in _deadlines(loop) if start < when <= origin + _EARLY_S]
        if not later or not ready.may_hurry():
            return False
        scheduler.count_step()
        if not scheduler.fires_early():
            return False
        ready.hurried()
        self._pass(min(later) - origin + apart)
        return True

    def _dawdle(self, loop: Any, what: str, start: float, apart: float) -> None:
        """Time may pass: `start` moves to one of the deadlines that are near, and so much further.

        So far it does not come to the next.
        """
        later = sorted({when for when in _deadlines(loop) if start < when <= start + _NEAR_S})
        chosen = self.index(what, len(later) + 1) if later else 0
        if chosen:
            # Half of the way to the next at most, else both would be due in one turn after all.
            gaps = [after - before for before, after in zip(later[chosen - 1 :], later[chosen:])]
            self._pass(later[chosen - 1] - start + min([apart, *(gap / 2 for gap in gaps[:1])]))

    def _pass(self, seconds: float) -> None:
        """Let so much virtual time pass, and a grain more, against the rounding of deadlines."""
        self.scheduler.let_pass(int(max(seconds, 0) * 1e9) + _GRAIN_NS)

    # ---- waiting --------------------------------------------------------------------------------

    def waits_inside(self) -> bool:
        """Whether the current thread waits as a loop does that only this process can wake."""
        loop = self._running.get(self.scheduler.current.number)
        if loop is None or not _is_own(loop) or loop._signal_handlers:
            return False
        selector: Any = loop._selector
        frame: Any = sys._getframe()
        # The library's frames are between, and this runtime's.
        while frame.f_back is not None and frame.f_code.co_name != "select":
            frame = frame.f_back
        # A `select` of the program's own, made in a callback of the loop.
        if frame.f_locals.get("self") is not selector:
            return False
        return {key.fd for key in selector.get_map().values()} <= {loop._ssock.fileno()}

    def waits(self) -> Iterator[str]:
        """The records of the tasks that wait."""
        from .task_waits import waits

        return waits(dict(self.lanes), self.lane_of)


class Ready(deque):  # type: ignore[type-arg]
    """A loop's queue of what is to be run, and what has to be known of the loop beside it.

    running     the lane of the task whose step is run
    gave_way    the one that has just come to the end of the queue again by itself
    patience    sees to it that no task starves
    stalls      when time has to pass, since tasks spin
    """

    __slots__ = (
        "_hurries",
        "_in_a_row",
        "_loops",
        "_resting",
        "gave_way",
        "patience",
        "running",
        "stalls",
    )

    def __init__(self, loops: Loops, handles: Any) -> None:
        self._loops = loops
        self.running: Optional[Lane] = None
        self.gave_way: Optional[Lane] = None
        self.patience = Patience()
        self.stalls = Stalls()
        self._in_a_row = 0
        self._hurries = 0
        self._resting = 0
        super().__init__()
        for handle in handles:
            self.append(handle)

    def append(self, handle: Any) -> None:
        """Put a handle at the end."""
        # First: a strategy that is told of who gives way finds the queue as it will be.
        super().append(handle)
        if self._loops.controls():
            self._loops.joins(self, handle)

    def popleft(self) -> Any:
        """Take out what is to be run next."""
        loops = self._loops
        if not loops.controls():
            return super().popleft()
        # A handle that was cancelled is thrown away by the loop without
        # being run: that is no choice.
        place = loops.choose(self) if len(self) > 1 and not self[0]._cancelled else 0
        handle = self[place] if place else super().popleft()
        if place:
            del self[place]
        loops.begins(self, handle)
        return handle

    def runs(self, lane: Optional[Lane]) -> None:
        """A step of the task of this lane is run; None: something else is."""
        again = lane is not None and lane is self.gave_way
        self._in_a_row = self._in_a_row + 1 if again else 0
        self.gave_way = None
        self.running = lane

    def without_rested(self, lanes: list[Any]) -> list[Any]:
        """Those who may be chosen: not one who has given way again and again, nobody else between.

        Else a task that only looks and gives way could be chosen for ever.
        """
        rested = self.gave_way
        if self._in_a_row < _GIVES_WAY or rested not in lanes or len(lanes) < 2:
            return lanes
        self._loops.note("rested")
        return [lane for lane in lanes if lane is not rested]

    def may_hurry(self) -> bool:
        """Whether a deadline may come early: not for ever while the loop has something to do."""
        if self._resting:
            self._resting -= 1
            return False
        return True

    def hurried(self) -> None:
        """A deadline came early."""
        self._hurries += 1
        if self._hurries >= _HURRIES:
            self._hurries, self._resting = 0, _RESTING_TURNS

    def idled(self, step: int) -> None:
        """The loop had nothing to do, and waited for its next timer."""
        self.stalls.moved(step, idle=True)
        self._hurries = self._resting = 0


def _is_own(loop: Any) -> bool:
    """Whether a loop is asyncio's own: takes its turns as asyncio's code does."""
    base = vars(sys.modules.get("asyncio.base_events", os)).get("BaseEventLoop")
    selecting = vars(sys.modules.get("asyncio.selector_events", os)).get("BaseSelectorEventLoop")
    return (
        base is not None
        and selecting is not None
        and isinstance(loop, selecting)
        and getattr(type(loop), "_run_once", None) is base._run_once
        and isinstance(getattr(loop, "_ready", None), deque)
    )


def _is_step(callback: Any) -> bool:
    """Whether what is called is a task's step; `task.cancel`, for one, is none."""
    name = type(callback).__name__
    return (
        name.startswith(("TaskStep", "TaskWakeup"))
        or getattr(callback, "__name__", "") in _STEPS
    )  # fmt: skip


def _gives_way(callback: Any) -> bool:
    """Whether this is the step of a task that waits for nothing, rather than its being woken."""
    return type(callback).__name__.startswith("TaskStep") or getattr(
        callback, "__name__", ""
    ).endswith("__step")


def _first_tasks(ready: Ready, lane_of: Callable[[Any], Optional[Lane]]) -> dict[Any, int]:
    """The places of the tasks' steps before the first that is none: tasks overtake tasks alone."""
    first: dict[Any, int] = {}
    for place, handle in enumerate(ready):
        if not handle._cancelled:
            lane = lane_of(handle)
            # What is no step of a task (`call_soon`, a callback of a future) keeps its place: its
            # order with what stands behind it is documented.
            if lane is None:
                break
            first.setdefault(lane, place)
    return first


def _is_of_set(callback: Any) -> bool:
    """Whether it tells `wait` or `as_completed`, which keep theirs in a set, of one of several."""
    name = getattr(callback, "__qualname__", "")
    if name == "_AsCompletedIterator._handle_completion":
        return len(callback.__self__._todo) > 1
    if not name.endswith("._on_completion"):
        return False
    cells = dict(zip(callback.__code__.co_freevars, callback.__closure__ or ()))
    try:
        if name.startswith("_wait."):
            return bool(cells["counter"].cell_contents > 1)
        return name.startswith("as_completed.") and len(cells["todo"].cell_contents) > 1
    except (KeyError, ValueError):
        return False


_CANCELLING = {"_abort": "_tasks", "_cancel_all_tasks": "to_cancel"}
"""What of asyncio cancels all tasks of a set, and where it has that."""


def _cancels_several(frame: Any) -> bool:
    """Whether asyncio is cancelling several tasks, in the order of a set."""
    for _ in range(8):
        frame = frame.f_back
        if frame is None:
            return False
        kept = _CANCELLING.get(frame.f_code.co_name)
        if kept is not None and "asyncio" in frame.f_code.co_filename:
            names = frame.f_locals
            tasks = names.get(kept) or getattr(names.get("self"), kept, ())
            return sum(not task.done() for task in list(tasks)) > 1
    return False


def _deadlines(loop: Any) -> Iterator[float]:
    """When the timers that have not been cancelled are due, on the loop's clock, in no order."""
    return (handle._when for handle in loop._scheduled if not handle._cancelled)


def _descriptor(event: Any) -> int:
    number: int = event[0].fd
    return number


def _is_from_network(event: Any) -> bool:
    """Whether what comes over this descriptor is brought by a network, in its own time."""
    import socket

    try:
        # Of a copy: to close this socket must not close the program's.
        with socket.socket(fileno=os.dup(event[0].fd)) as copy:
            return copy.family in _INTERNET
    except OSError:
        return False


def _name_of(task: Any) -> str:
    """A task's name and its coroutine's: `Task-2:move`."""
    coroutine = getattr(task.get_coro(), "__qualname__", "").rpartition("<locals>.")[2]
    name = "%s:%s" % (task.get_name(), coroutine) if coroutine else str(task.get_name())
    return "_".join(name.split())


def _number(lane: Any) -> int:
    number: int = lane.number
    return number


def _name_as(original: Any, changed: Any) -> None:
    """Let a function that takes the place of another go by its name."""
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(changed, name, getattr(original, name))
