"""What was done on a cluster, kept on the client: a call that was ended goes on from there."""

from __future__ import annotations

import contextlib
import os
import pickle
import struct
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from harness.cluster.lots import Call, Lot, LotDone
from harness.values.errors import UsageError
from harness.values.toolchain import Toolchain

MOST_KEPT = 8
"""Journals of calls that were ended and have not been gone on with: the newest."""

_HEAD = struct.Struct("<I8s")
"""Before each entry: its length, and a digest of it."""

_FIELDS = ("runs", "schedules", "extra_runs", "extra_schedules", "timeout_seconds", "sides", "seed")


def name_of(call: Call, toolchains: tuple[Toolchain, ...], examples: tuple[str, ...]) -> str:
    """What stands for a call: the same only if all that its results go by is the same."""
    options = [getattr(call.options, name) for name in _FIELDS]
    # Not where a toolchain lies: workers have it in places of their own.
    told = [(each.side.value, each.label, each.version, each.cores) for each in toolchains]
    budget = call.budget and (call.budget.schedules, call.budget.seed, call.budget.strategies)
    asked = (call.harness, call.digest, options, budget, call.bound, call.reduces, told, examples)
    return blake2b(repr(asked).encode(), digest_size=12).hexdigest()


class Journal:
    """The lots that were done in a call of that name; use it as a context.

    Of each only its place in the file is in memory. An entry that was cut off was never written.
    The file is our own and holds pickled values, as what the workers send: whoever may write
    the state directory may run programs here anyway.
    """

    def __init__(self, state: Path, name: str, *, goes_on: bool) -> None:
        """With ``goes_on`` what an earlier call has done is there; else it is forgotten."""
        self.path = state / "cluster" / f"{name}.journal"
        self._places: dict[str, int] = {}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Appending, each write goes to the end wherever we have just read (open(2), O_APPEND).
            self._file: BinaryIO = self.path.open("a+b" if goes_on else "w+b")
        except OSError as error:
            raise UsageError(f"{self.path}: cannot be written: {error.strerror}") from None
        for place, done in self._entries():
            self._places[done.lot.key] = place

    def __len__(self) -> int:
        """How many lots are done."""
        return len(self._places)

    def __contains__(self, key: str) -> bool:
        """Whether the lot of that key is done."""
        return key in self._places

    def find(self, lot: Lot) -> LotDone | None:
        """What came of that lot, if it was done."""
        place = self._places.get(lot.key)
        if place is None:
            return None
        self._file.seek(place)
        return self._read()

    def add(self, done: LotDone) -> None:
        """Keep what came of a lot; once this returns it outlives us, though not a power cut."""
        content = pickle.dumps(done.without_records)
        place = self._file.seek(0, os.SEEK_END)
        self._file.write(_HEAD.pack(len(content), _digest(content)) + content)
        # To the kernel and no further: an fsync for each lot would cost more than
        # the lots that a power cut might lose.
        self._file.flush()
        self._places[done.lot.key] = place

    def close(self, *, is_whole: bool) -> None:
        """Let it go; a call that came to its end leaves none."""
        self._file.close()
        if is_whole:
            self.path.unlink(missing_ok=True)
        for old in sorted(self.path.parent.glob("*.journal"), key=_age)[MOST_KEPT:]:
            old.unlink(missing_ok=True)

    def _entries(self) -> Iterator[tuple[int, LotDone]]:
        """What can be read, each with its place; the file ends behind that."""
        self._file.seek(0)
        place = 0
        while (done := self._read()) is not None:
            yield place, done
            place = self._file.tell()
        # Behind a torn entry nothing can be found again, for entries have no marks. What
        # was there is made once more; appended behind it, that would be lost at each further start.
        self._file.truncate(place)

    def _read(self) -> LotDone | None:
        """The entry where the file stands; ``None`` at its end, and for one that is not whole."""
        head = self._file.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return None
        length, digest = _HEAD.unpack(head)
        content = self._file.read(length)
        # The length alone does not tell: after a power cut a file may be as long as it was to be,
        # and hold zeroes. And a length that is damaged itself would have us unpickle anything.
        if len(content) < length or _digest(content) != digest:
            return None
        done = pickle.loads(content)  # noqa: S301 - we have written it
        assert isinstance(done, LotDone)  # noqa: S101 - as above
        return done


def _digest(content: bytes) -> bytes:
    """Eight bytes that stand for an entry."""
    return blake2b(content, digest_size=8).digest()


def _age(path: Path) -> float:
    """A key by which the newest sorts first; one that has just gone counts as oldest."""
    with contextlib.suppress(OSError):
        return -path.stat().st_mtime
    return 0.0
