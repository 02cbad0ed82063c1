"""Tables that were read before: reading TOML twice over is most of what loading costs.

What is kept is the outcome of :func:`read_toml` by the digest of the text, as
JSON, in one file of the state directory. It saves time and nothing else: a
text that is not known is read, and whatever is wrong with the file, nothing
is.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.spec.reading import read_toml
from harness.tables import Source

FILE = "tables-1.json"
"""The number is that of the reading: a later one that reads otherwise takes another."""


@dataclass(slots=True)
class KnownTables:
    """The tables of texts by digest; ``used`` are those asked for since they were loaded."""

    path: Path
    known: dict[str, Any] = field(default_factory=dict)
    used: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, state: Path) -> KnownTables:
        """What is kept in the state directory; nothing, if that is not there."""
        tables = cls(state / FILE)
        try:
            data = json.loads(tables.path.read_bytes())
        except (OSError, ValueError):
            return tables
        if isinstance(data, dict):
            tables.known = data
        return tables

    def read(self, source: Source) -> Mapping[str, Any]:
        """The tables of a text, as ``read_toml`` gives them; raises SpecError as it does."""
        digest = hashlib.sha256(source.text.encode("utf-8", "surrogatepass")).hexdigest()
        found = self.known.get(digest)
        if not isinstance(found, dict):
            found = read_toml(source)
        self.used[digest] = found
        return found

    def save(self) -> None:
        """Keep what was used, if anything is new and there is a state directory.

        What was not asked for this time is kept as well, up to as much again.
        """
        if not self.path.parent.is_dir() or self.used.keys() <= self.known.keys():
            return
        rest = [item for item in self.known.items() if item[0] not in self.used]
        kept = dict(rest[: max(100, len(self.used))]) | self.used
        draft = self.path.with_suffix(f".{os.getpid()}")
        try:
            draft.write_text(json.dumps(kept), encoding="utf-8")
            draft.replace(self.path)
        except (OSError, TypeError, ValueError):  # dates have no JSON; no spec has a date
            draft.unlink(missing_ok=True)
