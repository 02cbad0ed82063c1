"""Searches for one run of each trace of Python programs, with no harness around the runs."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import harness
from harness.schedules.record import Record, read_record
from harness.schedules.world import compile_world
from tests.schedules.traced import Outcome, Start

RUNTIME = Path(harness.__file__).parent / "schedules" / "runtime" / "python"
PROGRAMS = Path(__file__).parent / "python"

IS_COVERED = sys.version_info[:2] == (3, 11)
"""Whether what instructions touch is known of this interpreter."""


def starter(scratch: Path, *, python: str = sys.executable, granularity: str = "gil") -> Start:
    """Runs as the harness makes them: asked by a file, so that nothing moves with the question.

    Several words are those of a small program out of letters (``python/letters.py``).
    """
    request, log = scratch / "request", scratch / "log"
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(RUNTIME),
        "LD_PRELOAD": str(compile_world(Path(".harness", "controlled"))),
        "HARNESS_SCHEDULE_REQUEST": str(request),
        "HARNESS_SCHEDULE_GRANULARITY": granularity,
        "TMPDIR": str(scratch),
    }

    def once(what: str, schedule: str, touches: str = "") -> tuple[Record, Outcome]:
        name, *words = what.split()
        program, words = (name, words) if (PROGRAMS / f"{name}.py").exists() else ("letters", [])
        words = words or what.split()
        asked = {"": schedule, "_LOG": str(log), "_CANDIDATES": "1"}
        asked |= {"_TOUCHES": touches} if touches else {}
        lines = (f"HARNESS_SCHEDULE{name}={value}\n" for name, value in asked.items())
        request.write_text("".join(lines))
        done = subprocess.run(
            ["setarch", "-R", python, str(PROGRAMS / f"{program}.py"), *words],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        record = read_record(log.read_text())
        return record, (record.end, done.stdout)

    return once


KINDS = ("abcdp", "alutp", "lumvab", "qgap", "eiap", "wnap", "xysp", "azkp", "sabcdlutqgeiwnxyzp")
"""What the threads of a small program do."""


def small_program(seed: int) -> str:
    """The words of a small program: main's, and two or three threads of one to three letters."""
    drawn = random.Random(seed)
    kinds = KINDS[seed % len(KINDS)]
    count = 3 if drawn.random() < 0.2 else 2
    words = [_paired(drawn.choices(kinds, k=drawn.randint(1, 4 - count))) for _ in range(count)]
    own = "".join(drawn.choices("apq", k=drawn.randint(0, 1)))
    return " ".join([own + ("j" if drawn.random() < 0.9 else "p"), *words])


def _paired(letters: list[str]) -> str:
    """The letters as a word whose locks are taken before they are let go, and all let go."""
    held: list[str] = []
    word = ""
    pairs = {"l": "u", "m": "v"}
    for letter in letters:
        if letter in pairs.values() and letter not in held:
            continue
        if letter in held:
            held.remove(letter)
        elif letter in pairs:
            if pairs[letter] in held:
                continue
            held.append(pairs[letter])
        word += letter
    return word + "".join(reversed(held)) or "a"
