"""What is to be so however this process ends: nothing of it runs on, and no directory is left.

Who is asked to end does that itself. For the case that it is killed, or that all it has is taken
away at once, a process of its own stands by (``guardian``).
"""

from __future__ import annotations

import atexit
import contextlib
import subprocess
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path

from harness.machine.process import marks
from harness.machine.process.guardian import remove_tree

GUARDIAN = Path(__file__).with_name("guardian.py")
LEAVE_SECONDS = 5.0


# Reentrant: who starts the guardian asks for the directory, with the lock held.
_lock = threading.RLock()


def private_directory() -> Path:
    """A directory of this process's own, with a short name, that is gone when it is."""
    with _lock:
        return _make_private_directory()


def be_guarded() -> None:
    """Have what is started from now on ended with this process, where there are marks."""
    with _lock:
        _start_guardian()


@cache
def _make_private_directory() -> Path:
    """Made once; called with the lock held, as a cache lets two threads in at once."""
    place = Path(tempfile.mkdtemp(prefix="pc-"))
    atexit.register(remove_tree, str(place))
    return place


@cache
def _start_guardian() -> None:
    """Started once, before the first process that it might have to end."""
    if not marks.can_mark():
        return
    # Its only link to us is the pipe of its stdin. PR_SET_PDEATHSIG would not do: it goes by the
    # thread that started it, and does not wait.
    argv = (sys.executable, "-I", "-S", str(GUARDIAN), str(marks.token()), str(private_directory()))
    # Whom another thread starts just now has a mark; with that it would be ended as left by a run.
    with contextlib.suppress(OSError), marks.unmarked():  # who cannot be started guards nothing
        guardian = subprocess.Popen(
            argv,
            cwd="/",
            env={},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Ctrl-C at the terminal goes to our group: it has to outlive that.
            start_new_session=True,
        )
        atexit.register(_dismiss, guardian)


def _dismiss(guardian: subprocess.Popen[bytes]) -> None:
    """Let it go, and wait for it: nothing of this process shall be seen after it."""
    if guardian.stdin is not None:
        with contextlib.suppress(OSError):
            guardian.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        guardian.wait(LEAVE_SECONDS)
