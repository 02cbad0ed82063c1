"""What a process is started with, and what it gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness.values.run import Ending

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a process may use; ``None`` sets no limit. No process leaves a core file.

    ``output_bytes`` and ``output_lines`` bound stdout and stderr together; past them the
    process is ended. ``memory_bytes`` bounds the writable private memory of one process
    (``RLIMIT_DATA``): not its address space, of which every thread reserves
    far more than it uses. What it shares with others is not counted there: a process that
    is found to hold more memory of any kind is ended. A thread's stack counts whole (Python's:
    8 MiB), so the default leaves room for a thousand threads. ``open_files`` bounds its
    file descriptors. These two reach the program as its own failing calls;
    they are set on Linux only, where one process can set them for another,
    and a moment after the program has started.

    That ``RLIMIT_DATA`` counts private mappings as well as the heap is so since
    Linux 4.7 (setrlimit(2)). Each process has all of it for itself: ten children
    of a program have ten times as much.
    """

    output_bytes: int | None = 64 * MEBIBYTE
    output_lines: int | None = 2_000_000
    memory_bytes: int | None = 8192 * MEBIBYTE
    open_files: int | None = 1024


UNLIMITED = Limits(output_bytes=None, output_lines=None, memory_bytes=None, open_files=None)
"""For the tools that the harness trusts: compilers, interpreters that are asked what they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One process to start. ``environment`` is complete: nothing is inherited.

    ``terminal`` gives the process a pseudo-terminal as stdout, as a reader's
    shell does; stderr is always a pipe of its own, and stdin holds the given
    bytes and is never a terminal. With ``silence_seconds`` a process is ended
    early, as ``TimedOut(idle=True)``, once it has been silent that long while
    all of its threads slept and used no processor time; with ``quiet_seconds`` once it has
    been silent that long, whatever it did. Once it has printed
    ``enough_lines`` it is killed, as ``TimedOut(idle=False)``. ``cores`` are those it
    may run on. One that is ``patiently`` run has its timeout in processor
    time while it is at work, or prints a great deal: how busy the machine is does
    not decide whether it gets done, or goes over its limits. (Many times the
    timeout is too long all the same.) Without ``address_randomisation`` it is
    laid out in memory the same way each time, where the system allows that
    (see ``can_fix_addresses``).
    """

    argv: tuple[str, ...]
    cwd: Path
    environment: Mapping[str, str]
    stdin: bytes = b""
    timeout_seconds: float | None = 10.0
    silence_seconds: float | None = None
    quiet_seconds: float | None = None
    enough_lines: int | None = None
    limits: Limits = field(default_factory=Limits)
    terminal: bool = False
    cores: frozenset[int] | None = None
    address_randomisation: bool = True
    patiently: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """All that one process gave.

    ``arrivals`` are pairs (length of stdout so far, seconds since the start).
    ``wall_seconds`` runs from the start to the process's end; ``cpu_seconds``
    is the user and system time of the process, of the children that it
    waited for, and (where ``/proc`` tells) of what it left in its session.
    ``stray_processes`` counts those that still ran when the process had
    ended, and were ended by the harness. ``stopped`` says that
    the harness itself was told to stop meanwhile: then ``ending`` tells
    nothing of the program.
    """

    ending: Ending
    stdout: bytes = b""
    stderr: bytes = b""
    arrivals: tuple[tuple[int, float], ...] = ()
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    stray_processes: int = 0
    stopped: bool = False
