"""What the scheduler knows of one thread."""

from __future__ import annotations

from . import real

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional


_SIGNAL_PATIENCE_S = 0.02
"""The main thread looks up this often, in real time: a signal may come just before it waits."""


class Wait:
    """Why a task cannot go on, and until when.

    Until `stuck()` is false, or the clock reaches `deadline` (virtual ns; None: never).
    `outside` says that what frees it may come from outside the controlled threads: a socket, a
    child process.
    """

    __slots__ = ("deadline", "kind", "outside", "stuck")

    def __init__(
        self, kind: str, stuck: Callable[[], object], deadline: Optional[int], outside: bool
    ) -> None:
        self.kind = kind
        self.stuck = stuck
        self.deadline = deadline
        self.outside = outside


class Task:
    """A thread under control.

    turn        a real lock, on which it waits until the scheduler lets it run
    number      main is 0, then in creation order
    ident       what `get_ident` says in that thread
    wait        why it cannot go on, or None
    busy        it is inside the scheduler: code that runs there (a finalizer) is not scheduled
    daemon      the interpreter's exit does not wait for it
    events      lines it has written
    poised      it stands at a point before a line is written
    granted     it has the turn: the lock alone cannot tell, when a signal breaks in on the wait
    pending     an exception that a signal handler raised while it was not its turn
    gone        waits, really and briefly, until the finished thread has left the interpreter
    """

    __slots__ = (
        "busy",
        "daemon",
        "done",
        "events",
        "gone",
        "granted",
        "ident",
        "number",
        "pending",
        "poised",
        "turn",
        "wait",
    )

    def __init__(self, number: int, daemon: bool = False) -> None:
        self.number = number
        self.daemon = daemon
        self.ident = 0
        self.wait: Optional[Wait] = None
        self.busy = False
        self.done = False
        self.events = 0
        self.poised = False
        self.pending: Optional[BaseException] = None
        self.gone: Callable[[], object] = _already
        self.granted = False
        self.turn = real.allocate_lock()
        self.turn.acquire()

    def grant(self) -> None:
        """Give this task the turn."""
        self.granted = True
        if self.turn.locked():
            self.turn.release()

    def await_turn(self) -> None:
        """Wait for the turn; an exception that a signal handler raises is kept until then."""
        patience = -1 if self.number else _SIGNAL_PATIENCE_S
        while not self.granted:
            try:
                self.turn.acquire(True, patience)
            except BaseException as interruption:
                self.pending = interruption
        self.granted = False

    def able(self, now: int) -> bool:
        """Whether this task could run at virtual time `now`."""
        wait = self.wait
        if wait is None or self.pending is not None:
            return True
        return (wait.deadline is not None and wait.deadline <= now) or not wait.stuck()


def _already() -> None:
    """The thread has left the interpreter, or never entered."""
