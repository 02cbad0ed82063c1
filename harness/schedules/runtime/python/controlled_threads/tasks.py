"""What the scheduler knows of one thread."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from .spurious import Waker
    from .world import World


class Wait:
    """Why a task cannot go on, and until when.

    Until what is described at `address`, in the library, is there, or the clock reaches `deadline`
    (virtual ns; None: never).  `outside` says that what frees it may come from outside the
    controlled threads: a socket, a child process.
    """

    __slots__ = ("address", "deadline", "kind", "outside")

    def __init__(self, kind: str, address: int, deadline: Optional[int], outside: bool) -> None:
        self.kind = kind
        self.address = address
        self.deadline = deadline
        self.outside = outside


class Task:
    """A thread under control.

    number      main is 0, then in creation order
    ident       what `get_ident` says in that thread
    wait        why it cannot go on, or None
    daemon      the interpreter's exit does not wait for it
    events      lines it has written
    wrote       it has written a line since it was last chosen by weight
    parent      who started it, and gets the turn back once it is born; then None
    woken       the last wait of a condition that it came out of ended for nothing
    waker       ends its wait for nothing, if its contract allows that and it is asked for
    fired       its timeout came since nobody could go on, and it has done no step since
    lost        the call in which it was passed over; empty: it was not
    """

    __slots__ = (
        "daemon",
        "done",
        "events",
        "fired",
        "ident",
        "lost",
        "number",
        "parent",
        "wait",
        "waker",
        "woken",
        "wrote",
    )

    def __init__(self, number: int, daemon: bool = False) -> None:
        self.number = number
        self.daemon = daemon
        self.ident = 0
        self.wait: Optional[Wait] = None
        self.done = False
        self.events = 0
        self.wrote = False
        self.parent: Optional[Task] = None
        self.lost = ""
        self.fired = False
        self.woken = False
        self.waker: Optional[Waker] = None

    def able(self, now: int, world: World) -> bool:
        """Whether this task could run at virtual time `now`."""
        if self.lost:
            return bool(world.has_returned(self.number))
        wait = self.wait
        if wait is None or (wait.deadline is not None and wait.deadline <= now):
            return True
        return not world.is_stuck(wait.address) or (not self.number and world.interrupted())
