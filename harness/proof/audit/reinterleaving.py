"""Runs that the declared order allows as well as those that were seen: they must pass."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.judging.freedom import AllowedCount, Reinterleavings, allowed_interleavings
from harness.language.declarations import Spec
from harness.proof.audit.judging import Court, court_for
from harness.proof.audit.mutants import Good, good_of, with_texts
from harness.proof.audit.recording import Recording
from harness.proof.audit.results import AuditFinding, Fault, FreedomResult
from harness.values.run import Run

TRIES = 12
"""Legal reinterleavings of each good trace that are judged, if there are so many."""

_SHOWN_LINES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinterleaved:
    """What came of the reinterleavings of one program: how many, and what refused them wrongly."""

    freedom: FreedomResult
    findings: tuple[AuditFinding, ...] = ()


def try_reinterleavings(
    spec: Spec, recordings: Sequence[Recording], seed: int
) -> list[Reinterleaved]:
    """Judge legal reinterleavings of every good trace of every program."""
    return [_try(spec, r, court_for(spec, r, recordings), seed) for r in recordings]


def _try(spec: Spec, recording: Recording, court: Court, seed: int) -> Reinterleaved:
    """Judge drawn orders that the spec allows; says how many there are, and how many were seen."""
    chance = random.Random(seed)  # noqa: S311 - it chooses among runs, and guards nothing
    program = recording.claims.program
    refusals: dict[str, Run] = {}
    tried = 0
    for trace in recording.traces:
        for run in legal_reinterleavings(good_of(recording.claims, trace), TRIES, chance):
            tried += 1
            for name in court.judge(run).refused_by:
                refusals.setdefault(name, run)
    count = allowed_interleavings(recording.claims, seed=seed)
    freedom = FreedomResult(
        side=program.side,
        program=program.name,
        seen=len(recording.signatures),
        sampled=recording.sampled,
        allowed=count.short,
        said=_said(count),
        tried=tried,
    )
    findings = tuple(_finding(spec, recording, name, run) for name, run in refusals.items())
    return Reinterleaved(freedom=freedom, findings=findings)


def _said(count: AllowedCount) -> str:
    return f"exactly {count}" if count.exact is not None and not count.uncovered else str(count)


def _finding(spec: Spec, recording: Recording, name: str, run: Run) -> AuditFinding:
    """That a property refuses what the spec as a whole declares to be legal.

    One of the two is wrong.
    """
    program = recording.claims.program
    of = f" of {program.name}" if program.name != "main" else ""
    return AuditFinding(
        fault=Fault.OVER_TIGHT,
        example=spec.id,
        subject=name,
        message=f"it refuses a run{of} whose lines are ordered as the spec declares:",
        side=program.side,
        line=next((p.line for p in spec.properties if p.name == name), 0),
        details=tuple(run.stdout.decode().splitlines()[:_SHOWN_LINES]),
    )


def legal_reinterleavings(good: Good, count: int, chance: random.Random) -> Iterator[Run]:
    """Up to ``count`` different runs with the same lines, ordered as declared.

    None where a line is no event (a torn one that could not be mended).
    """
    try:
        orders = Reinterleavings(good.claims, good.lines)
    except ValueError:
        return
    seen = {good.texts}
    for _ in range(count):
        texts = orders.draw(chance)
        if texts is not None and texts not in seen:
            seen.add(texts)
            yield with_texts(good, texts)
