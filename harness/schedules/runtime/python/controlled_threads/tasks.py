"""What the scheduler knows of one thread."""

from __future__ import annotations

from . import real

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional


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
    pending     an exception that a signal handler raised while it was not its turn
    gone        waits, really and briefly, until the finished thread has left the interpreter
    """

    __slots__ = (
        "busy",
        "daemon",
        "done",
        "events",
        "gone",
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
        self.turn = real.allocate_lock()
        self.turn.acquire()

    def able(self, now: int) -> bool:
        """Whether this task could run at virtual time `now`."""
        wait = self.wait
        if wait is None or self.pending is not None:
            return True
        return (wait.deadline is not None and wait.deadline <= now) or not wait.stuck()


def _already() -> None:
    """The thread has left the interpreter, or never entered."""
