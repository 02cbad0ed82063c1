"""The record of one controlled run: text, one record a line, format 2."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

_HELD = 4096
_HASH_MASK = (1 << 48) - 1
_MOST_DESCRIPTORS = 1024


class Log:
    """Writes records to a file, which it creates or empties; holds them back in memory for speed.

    It holds them all until the file is named.  Records still held when the process is killed from
    outside are lost.
    """

    __slots__ = ("_file", "_hash", "_held", "_mark", "decisions")

    _file: TextIO

    def __init__(self) -> None:
        self._held = ["schedule 2"]
        self._hash = 0
        """Of all decisions, so that two runs can be compared by their last records."""
        self._mark = 0
        """Where in the file `reopen` goes on, if an `exec` has failed."""
        self.decisions = 0

    def open(self, path: str) -> None:
        """Let the records go to this file."""
        self._file = open(  # noqa: SIM115 - closed by `let_go`
            path, "w", encoding="utf-8", newline="\n", opener=_out_of_the_way
        )

    def add(self, record: str) -> None:
        """Append one record, without its line end."""
        self._held.append(record)
        if len(self._held) >= _HELD:
            self._write()

    def decide(self, current: int, chosen: int, runnable: Iterable[int], mark: str) -> None:
        """Record a decision: `current` came to a point and `chosen`, of `runnable`, goes on."""
        numbers = ",".join(map(str, runnable))
        self.add("d %d %d %d %s %s" % (self.decisions, current, chosen, numbers, mark))
        self._hash = (
            (self._hash ^ (self.decisions << 8 | chosen + 1)) * 0x100000001B3
        ) & _HASH_MASK
        self.decisions += 1

    def mark(self) -> None:
        """Remember this place: what follows may have to be taken back."""
        self._write()
        self._mark = self._file.tell()

    def reopen(self) -> None:
        """Take back what was written since the mark, the end included."""
        self._held.clear()
        self._file.truncate(self._mark)
        self._file.seek(self._mark)

    def close(self, kind: str, steps: int, virtual_ns: int) -> None:
        """Write the last record, which says how the run ended."""
        last = "end %s steps=%d decisions=%d virtual_ns=%d hash=%012x"
        self.add(last % (kind, steps, self.decisions, virtual_ns, self._hash))
        self._write()

    def let_go(self) -> None:
        """Have nothing more to do with the file: all is written."""
        self._file.close()

    def _write(self) -> None:
        """Write what is held back: the process may end any moment from here on."""
        if self._held:
            self._file.write("\n".join(self._held) + "\n")
            self._held.clear()
        self._file.flush()


def _out_of_the_way(path: str, flags: int) -> int:
    """Open a file by a number that the program comes to last: its own begin as they do plainly."""
    descriptor = os.open(path, flags, 0o666)
    highest = min(os.sysconf("SC_OPEN_MAX"), _MOST_DESCRIPTORS) - 1
    try:
        os.fstat(highest)
    except OSError:
        os.dup2(descriptor, highest, inheritable=False)
        os.close(descriptor)
        return highest
    return descriptor
