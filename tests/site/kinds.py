"""What can be found, of every kind: by each family's samples, and by the closed world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harness.judging.judge import judge_run
from harness.language.properties.registry import FAMILIES
from harness.values.finding import Violation
from harness.values.messages import say
from harness.values.run import (
    Deadlocked,
    Ending,
    Exited,
    NotStarted,
    Signalled,
    TimedOut,
    over_step_limit,
)
from tests.claiming import claims_of, run_of
from tests.properties.test_samples import violations

_CLAIMS = """
[events]
step = "step {i:d}"
stray = "stray"
[always.steps]
why = "w"
count = { of = "step", at-least = 1, at-most = 9 }
[always.strays]
why = "w"
programs = "python"
count = { of = "stray", at-least = 1 }
"""

_ENDINGS: tuple[Ending, ...] = (
    Exited(1),
    Signalled("SIGABRT"),
    TimedOut(10.0, idle=True),
    TimedOut(10.0, idle=None),
    TimedOut(10.0),
    Deadlocked(),
    Deadlocked(
        (say("deadlock.waits", thread=say("thread", n=1), where="lock"),), others_went_on=True
    ),
    over_step_limit(),
    NotStarted("ENOENT"),
)

_PRINTED = (
    (b"", b""),
    (b"step 1", b""),
    (b"step 1\nstray\n", b""),
    (b"step 1\nwhatever\nelse\n", b""),
    (b"step 1\n", b"a warning\n"),
    (b"step 1\n", b"\nthread 'main' (7) panicked at src/main.rs:4:5:\nboom\n"),
)


def every_violation() -> tuple[Violation, ...]:
    """Each kind once, by its message."""
    return tuple(
        {each.message: each for each in (*_of_samples(), *_of_the_closed_world())}.values()
    )


def _of_samples() -> Iterator[Violation]:
    for family in FAMILIES.values():
        for sample in family.samples:
            yield from violations(family, sample, sample.refused, sample.refused_with)


def _of_the_closed_world() -> Iterator[Violation]:
    claims = claims_of(_CLAIMS)
    runs = (
        *(run_of(claims, b"step 1\n", ending=ending) for ending in _ENDINGS),
        *(run_of(claims, stdout, stderr=stderr) for stdout, stderr in _PRINTED),
        replace(run_of(claims, b"step 1\n"), stray_processes=1),
    )
    for run in runs:
        for finding in judge_run(claims, run).findings:
            yield finding.violation
