"""See that the wrong twin of each program of the zoo breaks what it names.

What is claimed is only that: a program of the zoo has one twin, and that need
not break every property.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from harness.bench.options import Options
from harness.language.declarations import Spec
from harness.proof.audit.auditing import try_controls
from harness.proof.audit.results import ControlOutcome, ControlResult
from harness.values.toolchain import Toolchain
from tests.zoo.running import WORKERS

MOST_SCHEDULES = 60
MOST_PLAIN = 8
"""Runs of a twin that does not fail before; one that does is not run on."""


def try_twins(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    state: Path,
    tell: Callable[[str], None],
) -> tuple[ControlResult, ...]:
    """Build all, then run the twins of one program after the other; each is told in a line."""
    found: list[ControlResult] = []

    def add(spec: Spec, results: Sequence[ControlResult]) -> None:
        found.extend(results)
        for result in results:
            tell(twin_line(spec, result))

    options = Options(runs=MOST_PLAIN, schedules=MOST_SCHEDULES, state=state, jobs=WORKERS)
    try_controls(specs, toolchains, options, add)
    return tuple(found)


def twin_line(spec: Spec, result: ControlResult) -> str:
    """What came of one twin."""
    missing = f"does not break {', '.join(result.missing)}" if result.missing else ""
    is_told = result.outcome is not ControlOutcome.BROKEN
    why = (result.detail or missing) if is_told else ""
    word = {ControlOutcome.BROKEN: "fails", ControlOutcome.SKIPPED: "skipped"}
    said = word.get(result.outcome, "WRONG")
    return f"{said:8} {spec.id:40} {result.runs:4} runs  {result.name}  {why}".rstrip()


def twins_summary(results: Iterable[ControlResult]) -> str:
    """``210 of 212 wrong twins fail``."""
    tried = [result for result in results if result.outcome is not ControlOutcome.SKIPPED]
    failing = sum(result.outcome is ControlOutcome.BROKEN for result in tried)
    return f"{failing} of {len(tried)} wrong twins fail"


def all_fail(results: Iterable[ControlResult]) -> bool:
    """Whether every twin that could be tried breaks what it names."""
    good = (ControlOutcome.BROKEN, ControlOutcome.SKIPPED)
    return all(result.outcome in good for result in results)
