"""Whether the same schedule gives the same run: every program, many schedules, made again.

Both cores are kept busy meanwhile, by the runs themselves and by two loops.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from harness.bench.execution import execute
from harness.bench.lab import open_lab
from harness.bench.options import Options
from harness.bench.planning import make_work, plan_sides
from harness.bench.subject import Executed, Request
from harness.language.discovery import find_examples, load_all
from harness.machine.toolchains import default_python, default_rust

SCHEDULES = 50
REPETITIONS = 3


def requests() -> Iterator[Request]:
    """Every controlled request of every program of the corpus."""
    options = Options(runs=1, schedules=SCHEDULES, state=Path(".harness"))
    specs = load_all(find_examples([Path("examples")]))
    toolchains = (default_python(), default_rust())
    lab = open_lab(specs, toolchains, options)
    for plan in plan_sides(specs, toolchains, options):
        work = make_work(plan, lab, options)
        yield from (request for request in work.requests if request.schedule.is_controlled)


def spin() -> None:
    """Keep a core busy until we are ended."""
    while True:
        pass


def differs(request: Request) -> str:
    """The request's name, if making it again gives another run; else nothing."""
    prepared = request.subject.estimates.prepare(request, execute)
    runs = [execute(prepared) for _ in range(REPETITIONS)]
    shown = {_shown(executed) for executed in runs if executed}
    claims = request.claims
    name = f"{claims.spec.id} {claims.program.path} {request.schedule}"
    return name if len(shown) > 1 else ""


def _shown(executed: Executed) -> tuple[object, ...]:
    run = executed.run
    return (executed.record, run.stdout, run.stderr, run.ending)


def report() -> None:
    """Print how many schedules gave different runs."""
    loops = [multiprocessing.Process(target=spin, daemon=True) for _ in range(2)]
    planned = [replace(request) for request in requests()]
    for loop in loops:
        loop.start()
    try:
        with ThreadPoolExecutor(2) as pool:
            different = [d for d in pool.map(differs, planned) if d]
    finally:
        for loop in loops:
            loop.kill()
    programs = len({id(request.subject) for request in planned})
    print(f"replay: {programs} programs, {len(planned)} schedules, each {REPETITIONS} times: "
          f"{len(different)} differ")  # fmt: skip
    for name in different[:20]:
        print(f"  {name}")
