"""Whether what programs use works under control, whoever the toolchain: nothing unexpected.

Fails (exit code 1) if a correct program printed or ended as it must not.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from harness.machine.toolchains import find_all, satisfies
from harness.schedules.rotation import controlled_rotation
from harness.values.program import Side
from harness.values.run import Exited
from harness.values.toolchain import Toolchain
from tests.bench.programs import FEATURES, Feature
from tests.bench.workbench import Outcome, Workbench, make_workbench

SEEDS = int(os.environ.get("BENCH_SEEDS", "200"))


@dataclass(frozen=True, slots=True)
class Unexpected:
    """A run that did not go as it must: of what, under which schedule, and what it gave."""

    toolchain: str
    program: str
    schedule: str
    got: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.toolchain}: {self.program} under {self.schedule}: {self.got}"


def fitting(toolchain: Toolchain, features: Iterable[Feature] = FEATURES) -> tuple[Feature, ...]:
    """The features that this toolchain has."""
    return tuple(
        feature
        for feature in features
        if feature.program.side is toolchain.side
        and satisfies(toolchain.version, f">={feature.floor}")
    )


def is_expected(feature: Feature, outcome: Outcome) -> bool:
    """Whether the program printed and ended as it must under any schedule."""
    end = outcome.record.end if outcome.record else "cut off"
    said = "" if feature.panics else outcome.stderr
    return (feature.expected, "", Exited(0), "exit") == (
        outcome.stdout,
        said,
        outcome.ending,
        end,
    )


def try_feature(bench: Workbench, feature: Feature, seeds: int) -> tuple[Unexpected, ...]:
    """Run the feature's program under so many schedules, the strategies in turn."""
    schedules = controlled_rotation(seeds, early=feature.early)
    outcomes = bench.run_all(feature.program, schedules)
    return tuple(
        Unexpected(bench.toolchain.title, feature.program.name, str(schedule), str(outcome))
        for schedule, outcome in zip(schedules, outcomes, strict=True)
        if not is_expected(feature, outcome)
    )


def try_all(
    toolchain: Toolchain, seeds: int, features: Iterable[Feature] = FEATURES
) -> tuple[Unexpected, ...]:
    """Run all that the toolchain has, and print a line of the table."""
    bench = make_workbench(toolchain, has_plain=False)
    if isinstance(bench, str):
        print(f"features: {toolchain.title:<20} cannot be controlled: {bench}")
        return ()
    tried = fitting(toolchain, features)
    unexpected = tuple(one for feature in tried for one in try_feature(bench, feature, seeds))
    print(
        f"features: {toolchain.title:<20} {len(tried):>4} programs "
        f"{len(tried) * seeds:>7,} runs {len(unexpected):>4} unexpected",
        flush=True,
    )
    return unexpected


def toolchains() -> tuple[Toolchain, ...]:
    """Every CPython and every compiler of this machine."""
    return tuple(
        t for t in find_all().toolchains if t.side is Side.RUST or t.implementation == "CPython"
    )


def report(seeds: int = SEEDS) -> None:
    """Print what was unexpected, and fail if anything was."""
    unexpected = [one for toolchain in toolchains() for one in try_all(toolchain, seeds)]
    for one in unexpected:
        print(f"  {one}")
    if unexpected:
        raise SystemExit(1)
