"""A corpus whose runs wait at a gate until a test opens it."""

from __future__ import annotations

from pathlib import Path

SPEC = """
title   = "Waits at a gate"
summary = "Each run begins, passes the gate, and ends."

[events]
begun = "begun"
ended = "ended"

[always.ends]
why   = "what has begun ends"
order = { chain = ["begun", "ended"] }
"""

PROGRAM = """\
import os

with open({count!r}, "a") as counted:
    counted.write(f"{{os.getpid()}}\\n")
print("begun")
while not os.path.exists({gate!r}):
    os.sched_yield()
print("ended")
"""


class Gated:
    """A corpus of examples in Python, whose runs wait until their gate is open."""

    def __init__(self, place: Path, *names: str) -> None:
        self.place = place
        self.corpus = place / "corpus"
        for name in names:
            directory = self.corpus / "gates" / name
            directory.mkdir(parents=True)
            (directory / "example.toml").write_text(SPEC)
            program = PROGRAM.format(count=str(place / f"{name}.runs"), gate=str(place / name))
            (directory / "main.py").write_text(program)

    def open(self, name: str) -> None:
        """Let the runs of an example go on."""
        (self.place / name).touch()

    def runs(self, name: str) -> int:
        """How many runs of it have begun."""
        path = self.place / f"{name}.runs"
        return len(path.read_text().splitlines()) if path.exists() else 0
