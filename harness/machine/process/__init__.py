"""The only package that starts, limits and ends processes.

``run_process`` runs one ``Command`` to its end and returns what it gave,
whatever the program does: runs for ever, floods its output, ignores signals,
leaves children behind. Several threads may call it at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from harness.machine.process import live
from harness.machine.process.command import UNLIMITED, Command, Completed, Limits
from harness.machine.process.environment import clean_environment, tool_environment
from harness.machine.process.live import end_all_processes
from harness.machine.process.portable import describe, run_with_pipes, with_pipes
from harness.machine.process.spawning import (
    HAS_TERMINALS,
    Starter,
    can_fix_addresses,
    has_terminals,
    start,
)
from harness.values.run import NotStarted

__all__ = [
    "UNLIMITED",
    "Command",
    "Completed",
    "Limits",
    "can_fix_addresses",
    "clean_environment",
    "end_all_processes",
    "has_terminals",
    "run_process",
    "tool_environment",
]


def run_process(
    command: Command,
    *,
    stop: threading.Event | None = None,
    on_output: Callable[[bytes], None] | None = None,
    starter: Starter = start,
) -> Completed:
    """Run ``command`` to its end, or end it, and return all that it gave.

    At the timeout the process's group is asked to end (SIGTERM) and then
    made to; what was printed until then is kept. What the process leaves
    running is ended and counted. Once ``stop`` is set the process is killed
    at once. ``on_output`` is given each piece of stdout as it arrives, in
    the calling thread. Nothing is raised for what a program does; a process
    that cannot be started gives ``NotStarted``. ``starter`` starts it; what that raises beside
    OSError and ValueError is raised.

    Whoever calls waits, with no lock of ours held: each run has its own channels, and only the list
    of what is alive (``live``) and the marks are shared between threads. Times are of
    ``perf_counter``, so that a clock that is set meanwhile ends nothing.
    """
    if stop is not None and stop.is_set():
        return Completed(ending=NotStarted("the harness was stopped"), stopped=True)
    if not HAS_TERMINALS:
        return run_with_pipes(command, stop=stop, on_output=on_output)
    if command.terminal and not has_terminals():
        # A container without /dev/ptmx: better a pipe, and Python told to
        # pass on each line, than no run.
        command = with_pipes(command)
    return _supervised(command, stop, on_output, starter)


def _supervised(
    command: Command,
    stop: threading.Event | None,
    on_output: Callable[[bytes], None] | None,
    starter: Starter,
) -> Completed:
    """Start it, and see to it until it and all that it has started have ended."""
    from harness.machine.process.supervision import (  # noqa: PLC0415 - POSIX only
        Supervision,
        completed_at_once,
    )

    # Before it is started: whoever ends all processes between here and where it is listed as alive
    # has not met it, and the count tells that somebody did.
    started, times_ended = time.perf_counter(), live.times_ended()
    try:
        child = starter(command)
    except (OSError, ValueError) as error:
        return Completed(ending=NotStarted(describe(error)))
    if child.has_ended and (completed := completed_at_once(child, started)) is not None:
        if on_output is not None:
            on_output(completed.stdout)
        return completed
    supervision = Supervision(child, command, started=started, stop=stop, on_output=on_output)
    try:
        if live.times_ended() != times_ended:
            supervision.stop_now()
        supervision.follow()
        supervision.settle()
        return supervision.completed()
    finally:
        # Also where ``on_output`` has raised, or Ctrl-C came in the middle of ``follow``: nobody
        # else knows of this process, so whoever started it has to see its end.
        supervision.close()
