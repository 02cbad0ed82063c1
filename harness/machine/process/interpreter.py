"""Telling who waits for an interpreter's own lock, the GIL.

Such a thread wakes every few milliseconds to ask for it, and does nothing else: it is at work only
if whoever has the lock is. That is seen by the word that it sleeps on, which lies in the data of
the interpreter itself; locks of programs lie elsewhere.
"""
# As in linux.py: tiny files, one after the other.
# ruff: noqa: PTH119

from __future__ import annotations

import os
import platform
from collections.abc import Callable

_FUTEX = {"x86_64": b"202", "aarch64": b"98"}.get(platform.machine(), b"")
"""The number of the system call by which threads wait for each other."""

Read = Callable[[str], bytes]
"""What gives the text of a file, empty if there is none."""


class Interpreter:
    """The data of the interpreter that a process is, if it is one: looked up when it matters."""

    __slots__ = ("_data", "_pid", "_read")

    def __init__(self, pid: int, read: Read) -> None:
        """``read`` reads files of ``/proc``."""
        self._pid = pid
        self._read = read
        self._data: list[tuple[int, int]] | None = None

    def is_awaited_by(self, thread: int) -> bool:
        """Whether a thread that is asleep waits for the interpreter's lock."""
        call = self._read(f"/proc/{self._pid}/task/{thread}/syscall").split()
        # The first word is the number of the call; arguments in hexadecimal follow, of which the
        # first is the address of the futex's word (proc(5), futex(2)).
        if not _FUTEX or call[:1] != [_FUTEX]:
            return False
        if self._data is None:
            self._data = _data_of(self._read(f"/proc/{self._pid}/maps"))
        word = int(call[1], 16)
        return any(start <= word < end for start, end in self._data)


def _data_of(maps: bytes) -> list[tuple[int, int]]:
    """Where the writable data of Python lies: mapped from its file, and what goes on behind it."""
    found: list[tuple[int, int]] = []
    for line in maps.splitlines():
        place, rights, _, _, inode, *path = line.split(None, 5)
        start, end = (int(each, 16) for each in place.split(b"-"))
        is_python = bool(path) and os.path.basename(path[0]).startswith((b"python", b"libpython"))
        # The kernel maps .bss, which the file has no bytes for, as anonymous memory right behind
        # .data: ``_PyRuntime``, of which the GIL is a part, may lie in either.
        goes_on = inode == b"0" and bool(found) and found[-1][1] == start
        if rights.startswith(b"rw") and (is_python or goes_on):
            found.append((start, end))
    return found
