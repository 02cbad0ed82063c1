"""Waits for the world outside the controlled threads: pipes, selectors and child processes.

A wait in the kernel would stop every thread, so each is asked without waiting, whenever a decision
is due, whether it would come back.  Child processes run on their own, and a run that has any cannot
be repeated exactly: the log says so.
"""

from __future__ import annotations

import os

from . import real
from .descriptors import READABLE, await_ready
from .sockets import Sockets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable, Optional

    from .scheduler import Scheduler


class _Outside:
    """The replaced operations, and the changes to the modules that hold them."""

    __slots__ = ("_scheduler",)

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def install(self) -> None:
        """Change `os`."""
        vars(os).update(read=self._read, waitpid=self._waitpid)
        for name in ("posix_spawn", "posix_spawnp", "system"):
            self._mark_children(os, name)

    def changes(self) -> dict[str, Callable[[ModuleType], None]]:
        """What is to be changed in which module when the program imports it."""
        return {
            "_posixsubprocess": lambda module: self._mark_children(module, "fork_exec"),
            "select": self._change_select,
            "selectors": self._change_selectors,
            "socket": lambda module: Sockets(self._scheduler, module).install(),
            "multiprocessing.synchronize": self._change_semaphores,
        }

    # ---- child processes -----------------------------------------------------------------------

    def _mark_children(self, module: ModuleType, name: str) -> None:
        start = getattr(module, name)

        def starting(*args: Any, **kwargs: Any) -> Any:
            self._scheduler.mark_children()
            return start(*args, **kwargs)

        setattr(module, name, starting)

    def _waitpid(self, process: int, options: int) -> tuple[int, int]:
        """`os.waitpid`."""
        scheduler = self._scheduler
        if scheduler.controls() and not options & os.WNOHANG:
            scheduler.point()
            running = _running(process)
            if running():
                scheduler.block("process", running, outside=True)
        return real.waitpid(process, options)

    def _change_semaphores(self, module: ModuleType) -> None:
        """Let semaphores shared with child processes be waited for without stopping the others."""
        make = module.SemLock._make_methods
        scheduler = self._scheduler

        def make_methods(semaphore: Any) -> None:
            make(semaphore)
            semaphore.acquire = _acquiring(scheduler, semaphore._semlock)

        module.SemLock._make_methods = make_methods

    # ---- descriptors ---------------------------------------------------------------------------

    def _read(self, descriptor: int, length: int) -> bytes:
        """`os.read`."""
        if self._scheduler.controls():
            await_ready(self._scheduler, descriptor, READABLE, None)
        return real.read(descriptor, length)

    def _change_select(self, module: ModuleType) -> None:
        select = vars(module)["select"]

        def waiting(
            readers: Any, writers: Any, others: Any, timeout: Optional[float] = None
        ) -> Any:
            lists = (list(readers), list(writers), list(others))
            controlled = self._poll(lambda: any(select(*lists, 0)), timeout)
            return select(*lists, 0 if controlled else timeout)

        vars(module)["select"] = waiting

    def _change_selectors(self, module: ModuleType) -> None:
        for name in ("SelectSelector", "PollSelector", "EpollSelector"):
            selector = vars(module).get(name)
            if selector is not None:
                selector.select = self._selecting(selector.select)

    def _selecting(self, select: Any) -> Any:
        def waiting(selector: Any, timeout: Optional[float] = None) -> Any:
            controlled = self._poll(lambda: bool(select(selector, 0)), timeout)
            return select(selector, 0 if controlled else timeout)

        return waiting

    def _poll(self, ready: Callable[[], bool], timeout: Optional[float]) -> bool:
        """Under control: a point, then a wait until `ready()` or the time is over; then True."""
        scheduler = self._scheduler
        if not scheduler.controls():
            return False
        scheduler.point()
        if (timeout is None or timeout > 0) and not ready():
            deadline = scheduler.deadline(timeout)
            scheduler.block("select", lambda: not ready(), deadline, outside=True)
        return True


def _acquiring(scheduler: Scheduler, inner: Any) -> Callable[..., bool]:
    """`acquire` of a semaphore whose C object is `inner`."""

    def acquire(block: bool = True, timeout: Optional[float] = None) -> bool:
        if scheduler.controls() and block and inner._is_zero() and not inner._is_mine():
            deadline = scheduler.deadline(timeout)
            if not scheduler.block("semaphore", inner._is_zero, deadline, outside=True):
                return False
        return bool(inner.acquire(block, timeout))

    return acquire


def _running(process: int) -> Callable[[], bool]:
    """Whether a wait for `process`, as `os.waitpid` names it, would have to wait."""
    kind = os.P_PID if process > 0 else os.P_ALL if process == -1 else os.P_PGID

    def running() -> bool:
        try:
            return os.waitid(kind, max(process, 0), os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        except ChildProcessError:
            return False

    return running


def install(scheduler: Scheduler) -> dict[str, Callable[[ModuleType], None]]:
    """Replace the waits of `os`; give the changes that other modules need on their import."""
    outside = _Outside(scheduler)
    outside.install()
    return outside.changes()
