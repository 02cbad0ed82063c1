"""Ends what a harness leaves running that had no time to do so: it was killed.

Started beside it, as a program of its own that needs nothing of the package. It waits for the end
of its stdin, of which the harness has the other end, whatever ends that: then it ends every
process with one of the harness's marks (see ``marks``) and removes its directory.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import sys
import time

ROUNDS = 50
"""How often it looks again, in case some start others meanwhile."""
PAUSE_SECONDS = 0.01
TOKEN_SHIFT = 32


def main() -> None:
    """Wait, and clear up. The arguments: the token of the marks, and the directory."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    while os.read(0, 4096):
        pass
    for _ in range(ROUNDS):
        if not end_all(int(sys.argv[1])):
            break
        time.sleep(PAUSE_SECONDS)
    shutil.rmtree(sys.argv[2], ignore_errors=True)


def end_all(token: int) -> int:
    """Kill every process with such a mark; says how many there were."""
    found = 0
    for name in os.listdir("/proc"):  # noqa: PTH208 - nothing but names is wanted
        if name.isdigit() and is_marked(int(name), token):
            found += 1
            with contextlib.suppress(OSError):
                os.kill(int(name), signal.SIGKILL)
    return found


def is_marked(pid: int, token: int) -> bool:
    """Whether the process descends from a run of that harness."""
    try:
        soft, _ = resource.prlimit(pid, resource.RLIMIT_RTTIME)
    except OSError:
        return False
    return soft >> TOKEN_SHIFT == token


if __name__ == "__main__":
    main()
