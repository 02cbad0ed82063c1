"""Searches for one run of each trace of Python programs: runs as the harness makes them."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from harness.bench.proving import FOLLOWED_PYTHONS
from harness.machine.process import Command
from harness.machine.toolchains.pythons import find_pythons
from harness.machine.toolchains.versions import numbers
from harness.schedules.controlled import REQUEST, lasting_variables, log_of, request_of
from harness.schedules.memory import MemoryFile, run_place
from harness.schedules.names import parse_schedule
from harness.schedules.record import Record
from harness.schedules.serving import run_served
from harness.schedules.world import compile_world
from harness.values.program import Side
from tests.schedules.traced import Outcome, Start

PROGRAMS = Path(__file__).parent / "python"

FOLLOWED = {
    python.label: str(python.program)
    for python in find_pythons()[0]
    if python.implementation == "CPython"
    and python.has_gil
    and numbers(python.version)[:2] in FOLLOWED_PYTHONS
}
"""The interpreters here of which it is known what instructions touch."""

FREE_THREADED = {
    python.label: str(python.program) for python in find_pythons()[0] if python.label.endswith("t")
}

IS_COVERED = sys.version_info[:2] in FOLLOWED_PYTHONS
"""Whether it is of the one that runs this."""


def starter(*, python: str = sys.executable, granularity: str = "gil") -> Start:
    """Makes runs of ``python/letters.py``, a small program of these words, served if others are.

    One word with more than a letter is another program of that directory; so is a first one that
    ends in ``.py``, and further ones are what it is given.
    """
    lasting = lasting_variables(Side.PYTHON, granularity=granularity, script=None)
    lasting |= {
        "PATH": "/usr/bin:/bin",
        "LD_PRELOAD": str(compile_world(Path(".harness", "controlled"))),
    }

    def once(what: str, schedule: str, touches: str = "") -> tuple[Record, Outcome]:
        with run_place() as place, MemoryFile() as file:
            asked = request_of(
                parse_schedule(schedule), file.place, place, candidates=True, touches=touches
            )
            command = Command(
                argv=(python, *_program(what)),
                cwd=PROGRAMS,
                environment={**lasting, **place.variables, REQUEST: file.place},
                timeout_seconds=60,
                terminal=True,
                address_randomisation=False,
                patiently=True,
            )
            completed = run_served(command, asked, file)
            log = log_of(file, asked)
        assert log.record is not None, (log.fault, completed)
        return log.record, (log.record.end, completed.stdout.decode())

    return once


def _program(what: str) -> list[str]:
    script = PROGRAMS / f"{what}.py"
    first, *words = what.split()
    if first.endswith(".py"):
        return [str(PROGRAMS / first), *words]
    return [str(script)] if script.exists() else [str(PROGRAMS / "letters.py"), first, *words]


KINDS = (
    "abcdp",
    "alutp",
    "lumvab",
    "qgap",
    "eiap",
    "wnap",
    "xyfhp",
    "azkp",
    "sap",
    "sabcdlutqgeiwnxyzp",
)
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
