"""The library under the interpreter (../../world), as the scheduler sees it.

It gives every clock of the C library the scheduler's time, lets calls that would block wait here,
and observes some of the interpreter's builtin functions, which stay the same objects.  What it
tells comes in through the methods of `World`; what it can do is laid into the instance by `attach`.
"""

from __future__ import annotations

import _thread
import os
import sys
import time

from . import places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from .output import Lines
    from .points import Tracing
    from .scheduler import Scheduler
    from .threads import Threads

_ATTACH = 0x5EEDC10C
_HEAD = object.__basicsize__

FREE, READY, TIMED_OUT, INTERRUPTED = -1, 0, 1, 2
"""How a wait in C ended: nobody controls it; what it waits for is there; or not, and why."""

OUTSIDE, NETWORK = 1, 2
"""Flags of a wait: what ends it may come from outside the controlled threads; over a network."""

(
    _BEFORE,
    _AFTER,
    _ACQUIRE,
    _ENTER,
    _RESTORE,
    _RELEASE,
    _FORSAKE,
    _READING,
    _LINE,
    _WRITING,
    _YIELDING,
    _STARTING,
    _SPAWNING,
    _FORKING,
    _LOADING,
    _STRAYING,
    _LOOPING,
    _TRIPPING,
) = range(18)

_LOCK = (
    ("acquire", _ACQUIRE),
    ("acquire_lock", _ACQUIRE),
    ("__enter__", _ENTER),
    ("release", _RELEASE),
    ("release_lock", _RELEASE),
    ("__exit__", _RELEASE),
    ("_acquire_restore", _RESTORE),
    ("_release_save", _FORSAKE),
)
_CLOCKS = (
    "time time_ns monotonic monotonic_ns perf_counter perf_counter_ns process_time process_time_ns"
    " thread_time thread_time_ns clock_gettime clock_gettime_ns localtime gmtime ctime asctime"
    " strftime"
).split()
_FUNCTIONS = (
    ("_thread", "start_new_thread", _STARTING, ""),
    ("_thread", "start_new", _STARTING, ""),
    ("_thread", "start_joinable_thread", _STARTING, ""),
    ("_thread", "_shutdown", _BEFORE, "exit"),
    ("_thread", "interrupt_main", _TRIPPING, ""),
    ("posix", "write", _WRITING, ""),
    ("posix", "sched_yield", _YIELDING, ""),
    ("posix", "posix_spawn", _FORKING, ""),
    ("posix", "posix_spawnp", _FORKING, ""),
    ("posix", "system", _SPAWNING, ""),
    ("_imp", "exec_dynamic", _LOADING, ""),
    ("_imp", "exec_builtin", _LOADING, ""),
)
_CHANGED = ("_queue", "_posixsubprocess", "_datetime")
_QUEUE = (
    ("put", _AFTER),
    ("put_nowait", _AFTER),
    ("get", _BEFORE),
    ("get_nowait", _BEFORE),
)
_INTERPRETERS = ("_interpreters", "_xxsubinterpreters")


class Absent(Exception):
    """The library is not loaded into this interpreter, or does not fit it."""


class World:
    """What the library asks of the runtime, and what it is asked."""

    point: Any
    switch_to: Any
    grant: Any
    is_stuck: Any
    owner: Any
    has_returned: Any
    settle: Any
    await_ended: Any
    set_on_jump: Any
    jump: Any
    ident: Any
    now: Any
    set_now: Any
    next_timer: Any
    interrupted: Any
    real_ns: Any
    has_children: Any
    reaches_beyond: Any
    rest: Any
    take_output: Any
    forsake: Any
    holder: Any
    hook: Any
    silence: Any
    set_birth_lock: Any
    set_streams: Any
    between: Any
    take_request: Any
    leave_quietly: Any
    goes_plainly: Any
    touch: Any
    end_step: Any
    is_asleep: Any
    asked_choice: Any
    asked_touches: Any
    would_wait: Any
    lock_of: Any
    set_end_lock: Any
    set_layout: Any
    values: Any
    holds: Any
    is_lone: Any

    scheduler: Scheduler
    threads: Threads
    lines: Lines
    tracing: Tracing
    frees_tasks: bool

    def attach(self) -> None:
        """Let the library take hold of this process.

        Raises Absent if there is no library in this process.
        """
        # How the two find each other: the library, which knows no module of ours, answers a call of
        # a function that it interposes, with a number that no process has.
        vars(sys)["_controlled_world"] = self
        try:
            os.getpgid(_ATTACH)
        except OSError:
            pass
        del vars(sys)["_controlled_world"]
        if not hasattr(self, "forsake"):
            raise Absent

    def observe(self) -> None:
        """Have the builtin functions observed that matter to a schedule."""
        for kind, operation in ((type(_thread.allocate_lock()), "lock"), (_thread.RLock, "rlock")):
            for name, how in _LOCK:
                self._observe_method(kind, name, how, operation)
        handle = getattr(_thread, "_ThreadHandle", None)
        if handle is not None:
            self._observe_method(handle, "join", _BEFORE, "join")
        for module, name, how, operation in _FUNCTIONS:
            self._observe(sys.modules[module], name, how, operation)
        for name in _CLOCKS:
            self._observe(time, name, _READING)
        for name in _CHANGED:
            if name in sys.modules:
                self.loaded(sys.modules[name])

    def observe_stream(self, kind: Any) -> None:
        """Have the lines observed that go to text streams of this kind."""
        self._observe_method(kind, "write", _LINE)

    def _observe(self, module: Any, name: str, how: int, operation: str = "") -> None:
        """Have a builtin function observed, if this interpreter has it."""
        function = getattr(module, name, None)
        if function is not None:
            # `_HEAD` is where an object's own fields begin: for a builtin
            # function that is its `PyMethodDef *`.
            self.hook(function, _HEAD, 0, name, how, operation, 0)

    def _observe_method(self, kind: Any, name: str, how: int, operation: str = "") -> None:
        """The same of a method of a type in C."""
        method = vars(kind).get(name)
        if method is not None:
            self.hook(method, _HEAD, 1, name, how, operation, int(operation == "rlock"))

    # ---- what the library tells -----------------------------------------------------------------

    def wait(self, kind: str, address: int, timeout_ns: int, flags: int) -> int:
        """The current thread would block in C until what is described at `address` is there."""
        return self.scheduler.block(kind, address, timeout_ns, flags)

    def come(self, mark: str) -> None:
        """The current thread is at a point; `w`: about to write a line."""
        if mark != "g" or self.tracing.sees_release(sys._getframe().f_back):
            self.scheduler.come("-" if mark == "g" else mark)

    def left(self, number: int) -> int:
        """Thread `number` has left the interpreter: who goes on."""
        return self.scheduler.leave(self.scheduler.tasks[number])

    def lost(self, number: int, call: int) -> int:
        """Thread `number`, whose turn it is, is blocked in a system call; -1: goes on by itself."""
        return self.scheduler.pass_over(number, call)

    def starting(self, function: Any) -> int:
        """The current thread starts one that runs `function`: its number."""
        return self.threads.starting(function)

    def started(self, number: int, ident: int, is_started: int) -> None:
        """It has been started, or could not be."""
        self.threads.started(number, ident, bool(is_started))

    def born(self) -> None:
        """The current thread, new, has made itself known to `threading`."""
        self.scheduler.be_born()

    def line(self, text: object) -> None:
        """The current thread writes `text` to a standard stream."""
        self.lines.come_to_point(text)

    def child(self) -> None:
        """The current thread starts a process."""
        self.scheduler.mark_children()

    def ending(self, way: str) -> None:
        """The process ends at once, or becomes another, or that has failed."""
        self.scheduler.end_at_once(way)

    def stray(self, what: str) -> None:
        """The program uses what cannot be followed."""
        self.scheduler.mark_uncontrolled(what)

    def timer(self) -> None:
        """A timer was set: whoever spins until it comes must be seen to spin."""
        self.tracing.begin()

    def looping(self, loop: Any) -> None:
        """The current thread runs an event loop from here on; None: none."""
        if self.scheduler.loops is not None:
            self.scheduler.loops.run(loop)

    def reading(self, by_program: int) -> None:
        """A clock is read, of a run whose steps are followed."""
        if self.scheduler.following is not None:
            self.scheduler.following.read_clock(bool(by_program))

    def is_program(self, filename: str) -> bool:
        """Whether code from `filename` is the program's."""
        return places.is_program(filename)

    def loaded(self, module: ModuleType) -> None:
        """A module in C was imported."""
        name = module.__name__
        if name == "_queue":
            for method, how in _QUEUE:
                self._observe_method(vars(module)["SimpleQueue"], method, how, "queue")
        elif name == "_posixsubprocess":
            self._observe(module, "fork_exec", _FORKING)
        elif name == "_multiprocessing":
            self._name_semaphores()
        elif name == "_datetime":
            for kind, method in (("datetime", "now"), ("datetime", "utcnow"), ("date", "today")):
                self._observe_method(vars(module)[kind], method, _READING)
        elif name == "_asyncio":
            from .loops import Loops

            self.scheduler.loops = Loops(self.scheduler, self.frees_tasks)
            self._observe(module, "_set_running_loop", _LOOPING)
        elif name in _INTERPRETERS:
            self._observe(module, "create", _STRAYING, "interpreters")
        elif name == "greenlet._greenlet":
            self.stray("greenlets")

    def _name_semaphores(self) -> None:
        """Let this process and its children share semaphores by names that no other run draws.

        Names are drawn at random, a hundred times at most.  All runs draw the same here, at one
        time or after one that was killed and has left its semaphores.
        """
        process = vars(sys.modules["multiprocessing.process"])["_current_process"]
        vars(process)["_config"]["semprefix"] = "/mp-%016x%08x" % (self.real_ns(), os.getpid())
