"""Searches for one run of each trace of Rust programs, with no harness around the runs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from harness.schedules.dpor import ReducedSearch, schedule_of, without_attempts
from harness.schedules.record import Record, read_record

LIMIT = 700
"""Runs that a search may make."""

Outcome = tuple[str, str]
Start = Callable[..., tuple[Record, Outcome]]
"""Makes a run: of what, under which schedule, asked for which touches."""


def starter(programs: Path, scratch: Path) -> Start:
    """Runs as the harness makes them: asked by a file, so that nothing moves with the question."""
    request, log = scratch / "request", scratch / "log"

    def once(what: str, schedule: str, touches: str = "") -> tuple[Record, Outcome]:
        program = "unseen" if what in ("parks", "removes") else "traces"
        asked = {"": schedule, "_LOG": str(log), "_CANDIDATES": "1"}
        asked |= {"_TOUCHES": touches} if touches else {}
        lines = (f"HARNESS_SCHEDULE{name}={value}\n" for name, value in asked.items())
        request.write_text("".join(lines))
        done = subprocess.run(
            ["setarch", "-R", str(programs / program), what],
            env={"HARNESS_SCHEDULE_REQUEST": str(request), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        record = read_record(log.read_text())
        return record, (record.end, done.stdout)

    return once


@dataclass
class Seen:
    """What a search came to: the outcomes, each with the schedule that leads to it anywhere."""

    search: ReducedSearch = field(default_factory=lambda: ReducedSearch(early=False))
    outcomes: dict[Outcome, str] = field(default_factory=dict)
    first_failure: int = 0


def explore(start: Start, what: str, expected: str = "", *, early: bool = False) -> Seen:
    """A search to its end; a run that does not print what is expected is a failure.

    ``early`` lets sleeps end at once.
    """
    seen = Seen(ReducedSearch(early=early))
    while (branch := seen.search.next()) is not None and seen.search.tried < LIMIT:
        record, outcome = start(what, str(branch.schedule), branch.request)
        seen.search.add(record)
        if record.end == "asleep":
            continue
        name = str(schedule_of(without_attempts(record)))
        seen.outcomes.setdefault(outcome, name)
        if outcome != ("exit", expected) and not seen.first_failure:
            seen.first_failure = seen.search.tried
    return seen
