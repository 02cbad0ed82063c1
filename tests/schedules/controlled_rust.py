"""What the tests of the C runtime share: where the programs are, and what a run gave."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., "Controlled"]

PROGRAMS = Path(__file__).parent / "rust"
SCHEDULES = ("switch:", "random:1", "sticky:2", "pct3:3", "weighted:4", "random:5/early")
RUSTUP = {name: os.environ[name] for name in ("HOME", "RUSTUP_HOME") if name in os.environ}


@dataclass(frozen=True, slots=True, kw_only=True)
class Controlled:
    """What one controlled run gave."""

    code: int
    stdout: str
    stderr: str
    log: str

    @property
    def records(self) -> list[list[str]]:
        """The log's records, each as its words."""
        return [line.split(" ") for line in self.log.splitlines()]

    @property
    def end(self) -> str:
        """How the run ended, as the log says."""
        return self.records[-1][1]

    @property
    def counts(self) -> str:
        """The events of each thread, as another run takes them."""
        return ",".join(record[2] for record in self.records if record[0] == "n")

    @property
    def decisions(self) -> list[list[str]]:
        """The records of decisions."""
        return [record for record in self.records if record[0] == "d"]
