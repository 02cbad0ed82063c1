"""Locks and the simple queue.

Each wraps the interpreter's own, tried only when the scheduler says that it can be had.  So the
state is the real one: in a forked child, where there is no scheduler, the same objects simply
block.  Everything else in `threading`, `queue` and `concurrent.futures` is built of these and
needs no replacement.
"""

from __future__ import annotations

import sys
from types import ModuleType

from . import real

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from .scheduler import Scheduler


class _Controlled:
    """What the replacements share: the scheduler, and whether their operations are points."""

    __slots__ = ("__weakref__", "_real")

    scheduler: Scheduler
    kind = "lock"
    silent = False

    _real: Any

    def __repr__(self) -> str:
        return repr(self._real)

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock as `_thread.lock.acquire` does; a timeout passes in virtual time."""
        scheduler = self.scheduler
        if not scheduler.controls() or _refused(blocking, timeout):
            return bool(self._real.acquire(blocking, timeout)) and self._taken()
        if not self.silent:
            scheduler.point()
        if self._real.acquire(False):
            return self._taken()
        if not blocking:
            return False
        deadline = None if timeout == -1 else scheduler.deadline(timeout)
        while scheduler.block(self.kind, self._stuck, deadline):
            if self._real.acquire(False):
                return self._taken()
        return False

    __enter__ = acquire

    def release(self) -> None:
        """Let the lock go; others may run before this thread goes on."""
        self._real.release()
        if not self.silent and self.scheduler.controls():
            self.scheduler.point()

    def __exit__(self, *exception: object) -> None:
        self.release()

    def _at_fork_reinit(self) -> None:
        self._real._at_fork_reinit()

    def _taken(self) -> bool:
        return True

    def _stuck(self) -> bool:
        raise NotImplementedError


class Lock(_Controlled):
    """`threading.Lock`."""

    __slots__ = ()

    def __init__(self) -> None:
        self._real = real.allocate_lock()

    def locked(self) -> bool:
        """Whether somebody holds it."""
        return bool(self._real.locked())

    _stuck = locked
    acquire_lock = _Controlled.acquire
    release_lock = _Controlled.release
    locked_lock = locked


class RLock(_Controlled):
    """`threading.RLock`."""

    __slots__ = ("_held",)

    kind = "rlock"

    def __init__(self) -> None:
        self._real = real.RLock()
        self._held = False

    def release(self) -> None:
        """Let the lock go once; others may run before this thread goes on."""
        self._real.release()
        self._held = self._real._is_owned()
        if not self.silent and self.scheduler.controls():
            self.scheduler.point()

    def _at_fork_reinit(self) -> None:
        self._real._at_fork_reinit()
        self._held = False

    def _is_owned(self) -> bool:
        return bool(self._real._is_owned())

    def _recursion_count(self) -> int:
        return int(self._real._recursion_count())

    def _release_save(self) -> object:
        state = self._real._release_save()
        self._held = False
        return state

    def _acquire_restore(self, state: object) -> None:
        while self._held and self.scheduler.controls():
            self.scheduler.block(self.kind, self._stuck)
        self._real._acquire_restore(state)
        self._held = True

    def _taken(self) -> bool:
        self._held = True
        return True

    def _stuck(self) -> bool:
        return self._held


class _SilentLock(Lock):
    """The import system's locks: waited for like others, but no points of their own."""

    __slots__ = ()
    silent = True


class _SilentRLock(RLock):
    __slots__ = ()
    silent = True


def _refused(blocking: bool, timeout: float) -> bool:
    """Whether the real lock raises for these arguments."""
    return (not blocking and timeout != -1) or (timeout < 0 and timeout != -1)


def install(scheduler: Scheduler) -> None:
    """Replace the locks of `_thread`, `threading` and the import system."""
    _Controlled.scheduler = scheduler
    _put("_thread", allocate_lock=Lock, allocate=Lock, LockType=Lock, RLock=RLock)
    if sys.version_info >= (3, 13):
        _put("_thread", lock=Lock)
    _put("threading", Lock=Lock, _allocate_lock=Lock, _CRLock=RLock)
    if "functools" in sys.modules:
        _put("functools", RLock=RLock)
    _silence_imports()


def _put(module: str, **names: object) -> None:
    for name, value in names.items():
        setattr(sys.modules[module], name, value)


def _silence_imports() -> None:
    """Let the import system wait under the scheduler: a module's body has points like others."""
    shim = ModuleType("_thread")
    shim.__dict__.update(
        allocate_lock=_SilentLock, RLock=_SilentRLock, get_ident=real.get_ident, _set_sentinel=None
    )
    _put("_frozen_importlib", _thread=shim)


def changes(scheduler: Scheduler) -> dict[str, Callable[[ModuleType], None]]:
    """What is to be changed when the program imports it: the queue that is written in C."""

    def change_queue(module: ModuleType) -> None:
        vars(module)["SimpleQueue"] = _simple_queue(scheduler, vars(module)["SimpleQueue"])

    return {"_queue": change_queue}


def _simple_queue(scheduler: Scheduler, library: Callable[[], Any]) -> type:
    """Make the class `SimpleQueue` over the C one, `library`."""

    class SimpleQueue:
        """`queue.SimpleQueue`."""

        __slots__ = ("__weakref__", "_real", "empty", "qsize")

        def __init__(self) -> None:
            self._real = library()
            self.empty: Callable[[], bool] = self._real.empty
            self.qsize: Callable[[], int] = self._real.qsize

        def put(self, item: object, block: bool = True, timeout: Optional[float] = None) -> None:
            self._real.put(item)
            if scheduler.controls():
                scheduler.point()

        def get(self, block: bool = True, timeout: Optional[float] = None) -> object:
            if not scheduler.controls() or (timeout is not None and timeout < 0):
                return self._real.get(block, timeout)
            scheduler.point()
            if block and self.empty():
                scheduler.block("queue", self.empty, scheduler.deadline(timeout))
            return self._real.get_nowait()

        def put_nowait(self, item: object) -> None:
            self.put(item)

        def get_nowait(self) -> object:
            return self.get(False)

    SimpleQueue.__module__ = "_queue"
    SimpleQueue.__qualname__ = "SimpleQueue"
    return SimpleQueue
