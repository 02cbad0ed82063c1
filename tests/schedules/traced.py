"""Searches for one run of each trace of Rust programs, with no harness around the runs."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from harness.schedules.dpor import PARTS_OF_LINES, ReducedSearch, schedule_of, without_attempts
from harness.schedules.record import Record, read_record
from harness.schedules.search import Bound, Search

LIMIT = 700
"""Runs that a search may make."""

Outcome = tuple[str, str]
Start = Callable[..., tuple[Record, Outcome]]
"""Makes a run: of what, under which schedule, asked for which touches."""


def starter(programs: Path, scratch: Path) -> Start:
    """Runs as the harness makes them: asked by a file, so that nothing moves with the question.

    Several words are those of a small program out of letters (``rust/still.rs``).
    """
    request, log = scratch / "request", scratch / "log"

    def once(what: str, schedule: str, touches: str = "") -> tuple[Record, Outcome]:
        apart = (
            "parked" if what.startswith("parked") else "unseen" if what == "removes" else "traces"
        )
        program, words = ("still", what.split()) if " " in what else (apart, [what])
        asked = {"": schedule, "_LOG": str(log), "_CANDIDATES": "1"}
        asked |= {"_TOUCHES": touches} if touches else {}
        lines = (f"HARNESS_SCHEDULE{name}={value}\n" for name, value in asked.items())
        request.write_text("".join(lines))
        done = subprocess.run(
            ["setarch", "-R", str(programs / program), *words],
            env={"HARNESS_SCHEDULE_REQUEST": str(request), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        record = read_record(log.read_text())
        return record, (record.end, done.stdout)

    return once


def small_program(seed: int) -> str:
    """The words of a small program: one to three threads of one to three letters, and main."""
    drawn = random.Random(seed)
    threads = ["".join(drawn.choices("aulxytepns", k=drawn.randint(1, 3))) for _ in range(2)]
    threads += ["".join(drawn.choices("aepn", k=1))] * (drawn.random() < 0.2)
    own = "".join(drawn.choices("aupnst", k=drawn.randint(0, 1)))
    return " ".join((own + ("j" if drawn.random() < 0.8 else ""), *threads)).strip()


def waiting_program(seed: int) -> str:
    """The words of one that waits for conditions and messages, most of which come."""
    drawn = random.Random(seed)
    count = 2 - (drawn.random() < 0.6)
    threads = ["".join(drawn.choices("aurRwocbhdvlp", k=drawn.randint(1, 3))) for _ in range(count)]
    theirs = "".join(threads)
    own = [*"g" * (theirs.count("c") - (drawn.random() < 0.1)), *"G" * theirs.count("b")]
    own += drawn.choices("rR", k="w" in theirs or "o" in theirs)
    own += drawn.choices("wo", k=bool({*"rR"} & {*theirs}) and drawn.random() < 0.7)
    own += drawn.choices("aqkdvh", k=drawn.random() < 0.5)
    drawn.shuffle(own)
    return " ".join(("".join(own[:4]) + "j" * (drawn.random() < 0.8), *threads)).strip()


def threads_apart(outcome: Outcome) -> Outcome:
    """The outcome, with each thread's lines together: whatever order they came in."""
    end, stdout = outcome
    return end, "".join(sorted(stdout.splitlines(keepends=True), key=lambda line: line[:1]))


NAMES = ("random:{}", "random:{}/early", "pct2:{}", "sticky:{}/early", "weighted:{}", "pct3:{}")


def _woken_once(start: Start, what: str, drawn: int) -> Iterator[Outcome]:
    """Of as many drawn runs those in which no more than one thing came for nothing."""
    for seed in range(drawn):
        record, outcome = start(what, f"{('random', 'sticky')[seed % 2]}:{seed}/spurious")
        if len(record.spurious) + len(record.weak) <= 1:
            yield outcome


def differences(
    start: Start, what: str, drawn: int, most: int, limit: int = LIMIT, *, is_native: bool = True
) -> tuple[str, list[str]]:
    """How the searches of a small program ended, and what one of them missed.

    One thing comes for nothing in a run of each, if any; none in those of a Python program.

    Two reduced searches, with lines in every order and in one, are held against a search of all
    schedules that makes at most so many runs, and against drawn ones.
    """
    wakes = int(is_native)
    search = partial(
        explore, start, what, early=True, spurious=wakes, limit=limit, is_native=is_native
    )
    every, one = search(), search(commute=True)
    full, seen = Search(Bound(spurious=wakes)), set()
    while full.tried < most and (schedule := full.next()) is not None:
        record, outcome = start(what, str(schedule))
        full.add(record)
        seen.add(outcome)
    seen |= {start(what, NAMES[seed % len(NAMES)].format(seed))[1] for seed in range(drawn)}
    seen |= set(_woken_once(start, what, drawn * wakes))
    told = []
    if every.search.is_complete:
        told += [f"missed {each}" for each in seen - every.outcomes.keys()]
    if every.search.is_complete and full.is_complete:
        told += [f"invented {each}" for each in every.outcomes.keys() - seen]
    if one.search.is_complete and every.search.is_complete:
        apart = {threads_apart(each) for each in every.outcomes}
        if apart != {threads_apart(each) for each in one.outcomes}:
            told.append(f"with lines in one order: {sorted(one.outcomes)}, not {sorted(apart)}")
    ends = (every.search.is_complete, one.search.is_complete, full.is_complete)
    return "".join("-+"[end] for end in ends), told


@dataclass
class Seen:
    """What a search came to: the outcomes, each with the schedule that leads to it anywhere."""

    search: ReducedSearch = field(default_factory=lambda: ReducedSearch(early=False))
    outcomes: dict[Outcome, str] = field(default_factory=dict)
    first_failure: int = 0


def explore(
    start: Start,
    what: str,
    expected: str = "",
    *,
    early: bool = False,
    commute: bool = False,
    limit: int = LIMIT,
    spurious: int = 0,
    is_native: bool = True,
) -> Seen:
    """A search to its end; a run that does not print what is expected is a failure.

    ``early`` lets sleeps end at once; with ``commute`` lines do, unless they are written in parts.
    As many things come for nothing as are ``spurious``. ``is_native``: it is a Rust program.
    """
    search = ReducedSearch(
        early=early, spurious=spurious, lines_commute=commute, is_native=is_native
    )
    seen = Seen(search)
    while (branch := seen.search.next()) is not None and seen.search.tried < limit:
        record, outcome = start(what, str(branch.schedule), branch.request)
        seen.search.add(record)
        if PARTS_OF_LINES in record.hidden:
            seen.search.mind_lines("parts")
            seen.outcomes.clear()
            continue
        if record.end == "asleep":
            continue
        name = str(schedule_of(without_attempts(record)))
        seen.outcomes.setdefault(outcome, name)
        if outcome != ("exit", expected) and not seen.first_failure:
            seen.first_failure = seen.search.tried
    return seen
