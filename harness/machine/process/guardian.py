"""Ends what a harness leaves running that had no time to do so: it was killed.

Started beside it, as a program of its own that needs nothing of the package. It waits for the end
of its stdin, of which the harness has the other end, whatever ends that: then it ends every
process with one of the harness's marks (see ``marks``) and removes its directory.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import resource
import shutil
import signal
import stat
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 50
"""How often it looks again, in case some start others meanwhile."""
PAUSE_SECONDS = 0.01
TOKEN_SHIFT = 32


def main() -> None:
    """Wait, and clear up. The arguments: the token of the marks, and the directory."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    # Nothing is ever written: it ends when the last descriptor of the other end is closed, by us or
    # by the kernel. Children of ours do not have it (PEP 446).
    while os.read(0, 4096):
        pass
    # Who forks faster than we go through /proc escapes one round; each
    # of them is marked all the same.
    for _ in range(ROUNDS):
        if not end_all(int(sys.argv[1])):
            break
        time.sleep(PAUSE_SECONDS)
    remove_tree(sys.argv[2])


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


def remove_tree(place: str) -> None:
    """Remove a directory and all below it, as far as the system lets us; what is gone is no error.

    A program decided what is there: it may be deeper than any path is long or any recursion goes,
    closed to us by its mode, or a link, which is not followed.
    """
    if os.rename not in os.supports_dir_fd or os.unlink not in os.supports_dir_fd:
        shutil.rmtree(place, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        top = opened_directory(place)
        try:
            empty(top)
        finally:
            os.close(top)
        os.rmdir(place)  # noqa: PTH106 - as below


def empty(top: int) -> None:
    """Remove what is in an open directory; what lies deeper is first moved up into it."""
    numbers = itertools.count()
    while names := os.listdir(top):
        gone = 0
        for name in names:
            with contextlib.suppress(OSError):
                if not is_unlinked(name, top):
                    raise_contents(name, top, numbers)
                    os.rmdir(name, dir_fd=top)
                gone += 1
        if not gone:  # the system refuses all of them, and would again
            return


def raise_contents(name: str, top: int, numbers: Iterator[int]) -> None:
    """Empty a directory that is in ``top``: its files go, its directories move up into ``top``."""
    inner = opened_directory(name, top)
    try:
        for each in os.listdir(inner):  # noqa: PTH208 - a descriptor
            if not is_unlinked(each, inner):
                os.close(opened_directory(each, inner))  # only what can be written can be moved
                os.rename(each, unused(top, numbers), src_dir_fd=inner, dst_dir_fd=top)
    finally:
        os.close(inner)


def unused(top: int, numbers: Iterator[int]) -> str:
    """A name that nothing in ``top`` has."""
    while True:
        name = f".{next(numbers)}"
        try:
            os.stat(name, dir_fd=top, follow_symlinks=False)
        except FileNotFoundError:
            return name


def is_unlinked(name: str, directory: int) -> bool:
    """Remove what is no directory; says whether it was none."""
    if stat.S_ISDIR(os.stat(name, dir_fd=directory, follow_symlinks=False).st_mode):
        return False
    os.unlink(name, dir_fd=directory)
    return True


def opened_directory(name: str, directory: int | None = None) -> int:
    """A descriptor of a directory, which lets us read and write it from now on."""
    flags = os.O_DIRECTORY | os.O_NOFOLLOW
    try:
        # Relative to a directory that is open, and no link followed: whoever puts a link in the
        # place of a directory meanwhile leads us nowhere.
        found = os.open(name, os.O_RDONLY | flags, dir_fd=directory)
    except PermissionError:
        closed = os.open(name, getattr(os, "O_PATH", os.O_RDONLY) | flags, dir_fd=directory)
        try:
            # This one, whatever has its name now.
            os.chmod(f"/proc/self/fd/{closed}", stat.S_IRWXU)  # noqa: PTH101 - a descriptor
            return os.open(name, os.O_RDONLY | flags, dir_fd=directory)
        finally:
            os.close(closed)
    with contextlib.suppress(OSError):  # it is another user's
        os.fchmod(found, stat.S_IRWXU)
    return found


if __name__ == "__main__":
    main()
