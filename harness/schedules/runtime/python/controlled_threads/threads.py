"""Threads: how they start, are waited for, and end, at exit and in a forked child."""

from __future__ import annotations

import _thread
import atexit
import os
import sys
import threading

from . import real

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from .points import Tracing
    from .scheduler import Scheduler
    from .tasks import Task

_JOINABLE = hasattr(_thread, "start_joinable_thread")
"""CPython 3.13 and later: a thread has a handle, by which its real end can be awaited."""


class _Body:
    """What a controlled thread runs: its function, between its first turn and its last."""

    __slots__ = ("_born", "_function", "_scheduler", "_task", "_thread", "_tracing")

    def __init__(
        self,
        scheduler: Scheduler,
        tracing: Tracing,
        task: Task,
        function: Any,
        thread: Optional[threading.Thread],
    ) -> None:
        self._scheduler = scheduler
        self._tracing = tracing
        self._task = task
        self._function = function
        self._thread = thread
        self._born = real.allocate_lock()
        self._born.acquire()

    def __repr__(self) -> str:
        return repr(self._function)

    def __call__(self, *args: Any, **kwargs: Any) -> object:
        task = self._task
        task.ident = real.get_ident()
        if self._thread is None and not _JOINABLE:
            task.gone = _release_at_end()
        self._born.release()
        self._scheduler.enter(task)
        self._tracing.begin_thread()
        try:
            return self._function(*args, **kwargs)
        finally:
            self._tracing.end_thread()
            if self._thread is not None and not _JOINABLE:
                task.gone = _passing(getattr(self._thread, "_tstate_lock", None))
            self._scheduler.leave(task)

    def await_birth(self) -> None:
        """Wait, really, until the thread exists: nothing then depends on how fast it comes up."""
        self._born.acquire()


def _release_at_end() -> Callable[[], object]:
    """In a thread that `threading` does not know: a wait for its end (up to CPython 3.12)."""
    ended: Any = vars(_thread)["_set_sentinel"]()
    ended.acquire()
    return _passing(ended)


def _passing(lock: Any) -> Callable[[], object]:
    def gone() -> None:
        if lock is not None:
            lock.acquire()
            lock.release()

    return gone


class _Started:
    """Stands for `Thread._started`: the first turn goes to the new thread and straight back."""

    __slots__ = ("_flag", "_parent", "_scheduler", "child")

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._parent = scheduler.current
        self._flag = False
        self.child: Optional[Task] = None

    def is_set(self) -> bool:
        """Whether the thread has been started."""
        return self._flag

    def set(self) -> None:
        """Called in the new thread: give the turn back."""
        self._flag = True
        if self.child is not None and self._scheduler.controls():
            self._scheduler.hand(self._parent)

    def wait(self, timeout: Optional[float] = None) -> bool:
        """Called in the starting thread: let the new one come up."""
        if self.child is not None and not self._flag and self._scheduler.controls():
            self._scheduler.hand(self.child)
        return self._flag

    def _at_fork_reinit(self) -> None:
        self.child = None


class _Threads:
    """The replaced operations of `_thread` and `threading`."""

    __slots__ = ("_real_join", "_real_shutdown", "_real_start", "_scheduler", "_tasks", "_tracing")

    def __init__(self, scheduler: Scheduler, tracing: Tracing) -> None:
        self._scheduler = scheduler
        self._tracing = tracing
        self._real_start: Any = threading.Thread.start
        self._real_join: Any = threading.Thread.join
        self._real_shutdown: Any = vars(threading)["_shutdown"]
        self._tasks: dict[int, Task] = {}

    def launch(self, start: Callable[[_Body], Any], function: Any) -> Any:
        """Start a thread that runs `function`, by `start`; give what that gives."""
        thread = getattr(function, "__self__", None)
        if not isinstance(thread, threading.Thread):
            thread = None
        task = self._scheduler.add(
            thread.name if thread is not None else "", thread is None or thread.daemon
        )
        body = _Body(self._scheduler, self._tracing, task, function, thread)
        self._tracing.begin()
        try:
            result = start(body)
        except BaseException:
            self._scheduler.forget(task)
            raise
        body.await_birth()
        self._note(thread, task)
        return result

    def _note(self, thread: Optional[threading.Thread], task: Task) -> None:
        if thread is not None:
            vars(thread)["_controlled_task"] = task
            started = vars(thread)["_started"]
            if isinstance(started, _Started):
                started.child = task

    def start_new(self, function: Any, args: Any, kwargs: Any = None) -> int:
        """`_thread.start_new_thread`."""
        if not self._scheduler.controls():
            return real.start_new_thread(function, args, kwargs or {})
        if _JOINABLE and getattr(function, "__self__", None) is None:
            ident = self._start_raw(function, args, kwargs or {})
        else:
            ident = self.launch(
                lambda body: real.start_new_thread(body, args, kwargs or {}), function
            )
        if not isinstance(getattr(function, "__self__", None), threading.Thread):
            self._scheduler.point()
        return ident

    def _start_raw(self, function: Any, args: Any, kwargs: Any) -> int:
        """Start a bare thread with a handle, by which its end is awaited (CPython 3.13)."""
        handle: Any = None

        def start(body: _Body) -> Any:
            return vars(_thread)["start_joinable_thread"](
                lambda: body(*args, **kwargs), daemon=True
            )

        handle = self.launch(start, function)
        self._scheduler.tasks[-1].gone = handle.join
        return int(handle.ident)

    def start_joinable(self, function: Any, handle: Any = None, daemon: bool = True) -> Any:
        """`_thread.start_joinable_thread`, which `threading` uses from CPython 3.13 on."""
        start = vars(_thread)["start_joinable_thread"]
        if not self._scheduler.controls():
            return start(function, handle=handle, daemon=daemon)
        result = self.launch(lambda body: start(body, handle=handle, daemon=daemon), function)
        self._scheduler.tasks[-1].gone = result.join
        return result

    def start(self, thread: threading.Thread) -> None:
        """`Thread.start`: the starter goes on, and the new thread can run, from one point."""
        state = vars(thread)
        fresh = state.get("_initialized") and not state["_started"].is_set()
        if fresh and self._scheduler.controls():
            state["_started"] = _Started(self._scheduler)
            self._real_start(thread)
            self._scheduler.point()
        else:
            self._real_start(thread)

    def join(self, thread: threading.Thread, timeout: Optional[float] = None) -> None:
        """`Thread.join`; a timeout passes in virtual time."""
        task: Optional[Task] = vars(thread).get("_controlled_task")
        scheduler = self._scheduler
        if task is not None and scheduler.controls() and task is not scheduler.current:
            scheduler.point()
            if not task.done and not scheduler.block(
                "join", _unfinished(task), scheduler.deadline(timeout)
            ):
                return
        self._real_join(thread, timeout)

    def shutdown(self) -> None:
        """What the interpreter calls when the main thread has ended."""
        if self._scheduler.controls():
            self._tracing.end_thread()
            self._scheduler.point()
            vars(threading)["_SHUTTING_DOWN"] = True
            hooks = vars(threading).get("_threading_atexits", [])
            while hooks:
                hooks.pop()()
            self._await_others()
        self._real_shutdown()

    def _await_others(self) -> None:
        for task in self._scheduler.tasks[1:]:
            if not task.done and not task.daemon:
                self._scheduler.block("exit", _unfinished(task))


def _unfinished(task: Task) -> Callable[[], bool]:
    return lambda: not task.done


def install(scheduler: Scheduler, tracing: Tracing) -> None:
    """Replace the ways to start and to join a thread, and the ends of the process."""
    threads = _Threads(scheduler, tracing)
    vars(_thread).update(start_new_thread=threads.start_new, start_new=threads.start_new)
    if "_start_new_thread" in vars(threading):
        vars(threading)["_start_new_thread"] = threads.start_new
    if "_start_joinable_thread" in vars(threading):
        vars(threading)["_start_joinable_thread"] = threads.start_joinable
    _replace_methods(threads)
    vars(threading)["_shutdown"] = threads.shutdown
    vars(os)["_exit"] = _exit(scheduler)
    atexit.register(scheduler.finish)


def _replace_methods(threads: _Threads) -> None:
    def start(self: threading.Thread) -> None:
        threads.start(self)

    def join(self: threading.Thread, timeout: Optional[float] = None) -> None:
        threads.join(self, timeout)

    for method in (start, join):
        method.__qualname__ = "Thread." + method.__name__
        setattr(threading.Thread, method.__name__, method)


def _exit(scheduler: Scheduler) -> Callable[[int], None]:
    def exit_process(status: int) -> None:
        scheduler.finish_without_flush()
        real.exit_process(status)

    return exit_process


def register_fork_hooks(scheduler: Scheduler, tracing: Tracing) -> None:
    """See to it that a forked child is an ordinary process, its clocks and locks real.

    To be called before anything else registers such hooks: scheduling then stops last before a
    fork.
    """

    def before() -> None:
        scheduler.mark_children()
        scheduler.set_aside(True)

    def in_parent() -> None:
        scheduler.set_aside(False)

    def in_child() -> None:
        sys.settrace(None)
        tracing.forsake()

    os.register_at_fork(before=before, after_in_parent=in_parent, after_in_child=in_child)
