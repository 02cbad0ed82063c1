"""Whether runs that a server makes are the runs that are made without: byte for byte.

``python -m tests.bench served`` compares them over the corpus; CI compares a sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from harness.bench.execution import HarnessFault, execute
from harness.bench.lab import open_lab
from harness.bench.options import Options
from harness.bench.subject import Estimates, Request
from harness.commands.shared import default_toolchains
from harness.judging.judge import judge_run
from harness.language.declarations import Spec
from harness.language.discovery import find_examples, load_each, select
from harness.schedules.names import STAY, Schedule
from harness.schedules.rotation import mixed_rotation
from harness.schedules.serving import Servers, serving
from harness.values.program import Side
from harness.values.toolchain import Toolchain


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is compared of a run."""

    stdout: bytes
    stderr: bytes
    ending: str
    log: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One program: of how many schedules, and under which the runs differ.

    ``varying`` counts those under which it runs differently without a server, too:
    beside processes of its own, say, whose time is real.
    """

    title: str
    schedules: int
    unlike: tuple[str, ...]
    varying: int


def controlled_requests(
    specs: Sequence[Spec], toolchains: Sequence[Toolchain], options: Options
) -> Iterator[Request]:
    """One request for each program that can be controlled."""
    lab = open_lab(specs, toolchains, options)
    for spec, toolchain in product(specs, toolchains):
        for program in spec.programs_of(toolchain.side):
            subject = lab.subject(spec, program, toolchain)
            if subject is not None and subject.steered and not subject.uncontrolled:
                yield Request(subject=subject, schedule=STAY)


def compare(request: Request, count: int) -> tuple[Compared, Servers]:
    """Make the runs of so many schedules both ways."""
    early = request.claims.spec.timing == "free"
    schedules = mixed_rotation(count, 0, early=early)
    estimates = Estimates()
    plain = [_seen(request, schedule, estimates) for schedule in schedules]
    with serving(2) as servers:
        _seen(request, schedules[0], Estimates())  # the first is made without
        estimates = Estimates()
        served = [_seen(request, schedule, estimates) for schedule in schedules]
    unlike, varying = [], 0
    for schedule, one, other in zip(schedules, plain, served, strict=True):
        if one != other and _varies(request, schedule, one):
            varying += 1
        elif one != other:
            unlike.append(f"{schedule}: {_difference(one, other)}")
    spec, program = request.claims.spec, request.claims.program
    title = f"{spec.id} ({request.toolchain.title}, {program.name})"
    compared = Compared(title=title, schedules=count, unlike=tuple(unlike), varying=varying)
    return compared, servers


TRIES = 4


def _varies(request: Request, schedule: Schedule, seen: Seen) -> bool:
    """Whether the program, started for itself, is not the same again."""
    return any(_seen(request, schedule, Estimates()) != seen for _ in range(TRIES))


def _seen(request: Request, schedule: Schedule, estimates: Estimates) -> Seen:
    asked = estimates.prepare(replace(request, schedule=schedule), execute)
    try:
        executed = execute(asked)
    except HarnessFault as fault:
        return Seen(stdout=b"", stderr=b"", ending="fault", log="", verdict=str(fault))
    assert executed is not None
    found = judge_run(request.claims, executed.run)
    return Seen(
        stdout=executed.run.stdout,
        stderr=executed.run.stderr,
        ending=str(executed.run.ending),
        log=executed.run.log,
        verdict=f"{sorted(finding.property for finding in found.findings)} {found.signature}",
    )


def _difference(one: Seen, other: Seen) -> str:
    for name in Seen.__slots__:
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine != theirs:
            pairs = zip(mine.splitlines(), theirs.splitlines(), strict=False)
            at = next(((a, b) for a, b in pairs if a != b), (mine[-80:], theirs[-80:]))
            return f"{name}: {at[0]!r} and {at[1]!r}"
    return ""


SCHEDULES = 50


def report(count: int = SCHEDULES) -> None:
    """Compare every program of the corpus under so many schedules."""
    specs = load_each(select(find_examples((Path("examples"),)), ())).specs
    options = Options(schedules=1, runs=0)
    requests = controlled_requests(specs, default_toolchains(tuple(Side)), options)
    if _tell(compare(each, count) for each in requests):
        raise SystemExit(1)


def _tell(found: Iterable[tuple[Compared, Servers]]) -> int:
    programs = runs = unlike = varying = 0
    for compared, servers in found:
        programs, runs = programs + 1, runs + compared.schedules
        unlike += len(compared.unlike)
        varying += compared.varying
        for line in (*compared.unlike[:3], *servers.unfit.values(), *servers.lost.values()):
            print(f"{compared.title}: {line}", flush=True)
    print(f"{programs} programs, {runs} runs each way, {unlike} unlike, "
          f"{varying} that vary without a server, too")  # fmt: skip
    return int(unlike > 0)
