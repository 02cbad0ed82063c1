"""What all runs of a program have in common, and so a server does once: see ../../../server.c.

That is what the script imports of the library before it does anything else.  It happens here under
control, as it would in the script: the same randomness is drawn, and the clock is read as often.
"""

from __future__ import annotations

import _thread
import gc
import os
import threading

from . import leaving, threads
from . import spurious as _spurious  # noqa: F401 - some runs need it, and none is to differ

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .scheduler import Scheduler
    from .world import World


def start(place: str, imports: list[str], scheduler: Scheduler, world: World) -> str:
    """Import what the script begins with, and give what the run is asked for, as lines.

    `place` is where it is asked; `imports`: `queue`, `concurrent.futures:wait,Future`.
    """
    for each in imports:
        module, _, names = each.partition(":")
        try:
            __import__(module, {}, {}, names.split(",") if names else [])
        except Exception:  # the script will meet it again, and show it
            break
    threads.leaving = leaving
    gc.freeze()  # what is there already need be looked at by no collection, nor at the end
    is_fit = _thread._count() == 0 and len(scheduler.tasks) == 1 and not scheduler.steps
    return str(world.take_request(place, is_fit))


def enter_run(variables: dict[str, str]) -> None:
    """Be a process of its own, with these variables of the environment."""
    for name, value in variables.items():
        os.environ[name] = value  # `update` would first ask for the kinds of what it is given
    main: Any = threading.main_thread()
    main._set_native_id()
