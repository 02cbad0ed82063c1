"""Threads: how they start and end, at exit and in a forked child."""

from __future__ import annotations

import _thread
import atexit
import os
import sys
import threading
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .points import Tracing
    from .scheduler import Scheduler
    from .world import World

_TRACES_BY_THREAD = sys.version_info < (3, 12)
"""Each thread has to ask for its own trace events; later `sys.monitoring` serves them all."""

_WAITS_AGAIN = sys.version_info >= (3, 15)
"""After the handlers the interpreter's exit waits for the threads that those have started."""


leaving: Optional[ModuleType] = None
"""Whether a process that has come to its end by itself may end before the interpreter does."""


class _Traced:
    """What a new thread runs where each thread asks for its own tracing.

    It is called in C: the thread's stack begins with the program's own function, and a message that
    names what the thread was started with names that.
    """

    __slots__ = ("__call__", "_function")

    def __init__(self, function: Any, tracing: Tracing, world: World) -> None:
        self._function = function
        self.__call__ = world.between(tracing.begin_thread, function, tracing.end_thread)

    def __repr__(self) -> str:
        return repr(self._function)


class Threads:
    """What is told of threads that the program starts."""

    __slots__ = ("_scheduler", "_tracing", "_world")

    def __init__(self, scheduler: Scheduler, tracing: Tracing, world: World) -> None:
        self._scheduler = scheduler
        self._tracing = tracing
        self._world = world

    def starting(self, function: Any) -> int:
        """The current thread starts one that runs `function`: its number; 0: that will fail."""
        if not callable(function):
            return 0
        thread = getattr(function, "__self__", None)
        if isinstance(thread, threading.Thread):
            self._silence(thread)
            task = self._scheduler.add(thread.name, thread.daemon)
        else:
            task = self._scheduler.add("", daemon=True)
        self._tracing.begin()
        if _TRACES_BY_THREAD:
            # In `sys` for the library to take from: what it was asked for is a number.
            vars(sys)["_controlled_wrapper"] = _Traced(function, self._tracing, self._world)
        # `Thread.start` waits for the new thread's word that it is there (`_started`), which is one
        # step with the start; `_thread.start_new_thread` waits for nothing.
        task.parent = self._scheduler.current if isinstance(thread, threading.Thread) else None
        return task.number

    def _silence(self, thread: threading.Thread) -> None:
        """No points at the lock by which a thread tells its starter that it is there."""
        condition = getattr(vars(thread).get("_started"), "_cond", None)
        lock = getattr(condition, "_lock", None)
        if isinstance(lock, _thread.LockType):
            self._world.silence(lock)

    def started(self, number: int, ident: int, is_started: bool) -> None:
        """It has been started, or could not be.

        The starter goes on, and the new thread can run, from one point.
        """
        vars(sys).pop("_controlled_wrapper", None)
        scheduler = self._scheduler
        task = scheduler.tasks[number]
        if not is_started:
            scheduler.forget(task)
            return
        task.ident = ident
        if task.parent is not None:
            scheduler.bear(task)
        scheduler.come("-")


def install(scheduler: Scheduler, world: World, tracing: Tracing) -> None:
    """See to the end of the process, and to the locks that are none of the program's."""
    world.set_birth_lock(vars(threading)["_active_limbo_lock"])
    _silence_imports(world)
    atexit.register(_finish, scheduler, tracing, world)


def _finish(scheduler: Scheduler, tracing: Tracing, world: World) -> None:
    """Called by `atexit` as the last of all handlers, since it was registered as the first."""
    while _WAITS_AGAIN and scheduler.is_awaited():
        vars(_thread)["_shutdown"]()
        scheduler.come("y")
    tracing.end_thread()
    tracing.forsake()
    # A forked child comes here as well, and has nothing to close.
    is_child = scheduler.suspended
    scheduler.finish()
    if leaving is not None and not is_child:
        scheduler.log.let_go()
        leaving.leave(world)


def _silence_imports(world: World) -> None:
    """The import system's locks are waited for like others, but are no points."""

    def silent(make: Any) -> Any:
        def make_silent() -> Any:
            lock = make()
            world.silence(lock)
            return lock

        return make_silent

    # The import system looks its locks up in its own global `_thread`:
    # another module there is enough.
    shim = ModuleType("_thread")
    shim.__dict__.update(vars(_thread))
    shim.__dict__.update(allocate_lock=silent(_thread.allocate_lock), RLock=silent(_thread.RLock))
    vars(sys.modules["_frozen_importlib"])["_thread"] = shim


def register_fork_hooks(scheduler: Scheduler, tracing: Tracing) -> None:
    """See to it that a forked child is an ordinary process, its clocks and locks real.

    To be called before anything else registers such hooks: scheduling then stops last before a
    fork.
    """

    def before() -> None:
        scheduler.mark_children()
        scheduler.await_ended()  # since CPython 3.12 a fork counts the kernel's threads, and warns
        scheduler.set_aside(True)

    def in_parent() -> None:
        scheduler.set_aside(False)

    def in_child() -> None:
        sys.settrace(None)
        tracing.forsake()

    os.register_at_fork(before=before, after_in_parent=in_parent, after_in_child=in_child)
