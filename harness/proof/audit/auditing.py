"""Break everything that can be broken, and see who notices: ``harness audit``, step by step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from harness.bench.budget import Mix
from harness.bench.options import Options
from harness.judging.builds import judge_builds
from harness.judging.verdict import AcrossFindings, judge_across
from harness.language.declarations import Spec
from harness.language.sources import source_of, text_of
from harness.machine.pool import in_parallel
from harness.machine.toolchains import below_floors, cannot_run
from harness.machine.working_places import own_place
from harness.proof.audit.conclusions import audit_properties, find_faults, never_seen, unsound
from harness.proof.audit.controls import faulty, try_variant
from harness.proof.audit.mutating import mutate_builds, mutate_runs
from harness.proof.audit.open_orders import open_orders
from harness.proof.audit.recording import Recording, record_side, unshown
from harness.proof.audit.reinterleaving import try_reinterleavings
from harness.proof.audit.results import AuditReport, ControlResult, ExampleAudit
from harness.proof.kept import save_broken
from harness.proof.shown import Broken, named_first
from harness.proof.variants import Variant, variants_of
from harness.proof.yard import Yard, open_yard
from harness.values.finding import Finding
from harness.values.program import Program, Side
from harness.values.toolchain import Build, Toolchain

Tell = Callable[[ExampleAudit], None]
"""Told of each example as soon as all is known of it."""


def audit(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Tell,
) -> AuditReport:
    """Break every example of ``specs`` in every declared way, and mutate what it prints.

    One toolchain a side. Other audits with the same state directory may go on
    meanwhile. Raises HarnessError if nothing can be built at all.
    """
    with own_place(options.state, "audit") as place:
        return _audit_in(place, specs, toolchains, options, tell)


def try_controls(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Callable[[Spec, Sequence[ControlResult]], None] = lambda _spec, _results: None,
) -> None:
    """Only see that each control breaks what it names: nothing is asked of the other properties.

    One toolchain a side. Raises HarnessError if nothing can be built at all.
    """
    left_out = below_floors(specs, toolchains)
    specs = [spec for spec in specs if spec.id not in left_out]
    with own_place(options.state, "audit") as place:
        yard = _open_yard(place, specs, toolchains, options)
        options.progress.begin("control", len(yard.variants))
        for spec in specs:
            recordings = _record(spec, yard, options)
            tell(spec, _try_controls(spec, yard, recordings, options))


def _audit_in(
    place: Path,
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Tell,
) -> AuditReport:
    """The audit of all examples one after another, with its copies below ``place``."""
    started = time.monotonic()
    left_out = below_floors(specs, toolchains)
    specs = [spec for spec in specs if spec.id not in left_out]
    yard = _open_yard(place, specs, toolchains, options)
    options.progress.begin("control", len(yard.variants))
    examples = []
    for spec in specs:
        examples.append(_audit_example(spec, yard, options))
        tell(examples[-1])
    return AuditReport(
        examples=tuple(examples),
        left_out=left_out,
        seconds=time.monotonic() - started,
        build_seconds=yard.seconds,
    )


def _open_yard(
    place: Path, specs: Sequence[Spec], toolchains: Sequence[Toolchain], options: Options
) -> Yard:
    """Build the examples as they are, and all their variants in copies."""
    sides = {toolchain.side for toolchain in toolchains}
    variants = (v for spec in specs for v in variants_of(spec, partial(text_of, spec)))
    variants = (variant for variant in variants if variant.side in sides)
    return open_yard(place, specs, variants, toolchains, options, Mix.SURE_FIRST)


def _sides_of(spec: Spec, yard: Yard) -> tuple[Side, ...]:
    """The sides of an example that are audited."""
    return tuple(side for side in yard.toolchains if side in spec.sides)


def _is_whole(spec: Spec, yard: Yard) -> bool:
    """Whether all sides that the example has are audited."""
    return set(_sides_of(spec, yard)) == set(spec.sides)


# --- one example --------------------------------------------------------------------


def _audit_example(spec: Spec, yard: Yard, options: Options) -> ExampleAudit:
    """All that is concluded of one example: first it is recorded as it is, then broken."""
    started = time.monotonic()
    recordings = _record(spec, yard, options)
    controls = _try_controls(spec, yard, recordings, options)
    builds = tuple(_own_builds(spec, yard))
    of_rust = (each for each in builds if each[0].side is Side.RUST)
    mutations = (*mutate_runs(spec, recordings), *mutate_builds(spec, of_rust))
    tried = try_reinterleavings(spec, recordings, options.seed)
    sides = _sides_of(spec, yard)
    tallies = [recording.tally for recording in recordings]
    across = {side: judge_across(spec, side, tallies) for side in sides}
    # What all sides together have to show says nothing where one of them is not audited.
    together = across if _is_whole(spec, yard) else {}
    unseen = tuple(unshown(recordings, {side: each.unseen for side, each in together.items()}))
    names = {name for name, _, _ in unseen}
    applied = _applied(spec, recordings, yard)
    properties = audit_properties(spec, controls, mutations, applied, names)
    findings = (
        *unsound(spec, _own_findings(spec, builds, recordings, across.values())),
        *never_seen(spec, unseen),
        *find_faults(spec, sides, controls, mutations, properties, names),
        *(finding for each in tried for finding in each.findings),
    )
    return ExampleAudit(
        example=spec.id,
        digest=spec.full_digest,
        controls=tuple(controls),
        mutations=mutations,
        properties=properties,
        freedom=tuple(each.freedom for each in tried),
        open_orders=tuple(
            order
            for recording in recordings
            for order in open_orders(recording.claims.program, recording.orders, mutations)
        ),
        findings=findings,
        seconds=time.monotonic() - started,
    )


def _record(spec: Spec, yard: Yard, options: Options) -> list[Recording]:
    """The runs of the unbroken programs, side beside side."""
    found = in_parallel(
        lambda side: record_side(yard, side, spec, options),
        yard.toolchains,
        jobs=options.jobs,
        name="recorder",
        stop=yard.stop,
    )
    return [recording for recordings in found for recording in recordings]


def _try_controls(
    spec: Spec, yard: Yard, recordings: Sequence[Recording], options: Options
) -> list[ControlResult]:
    """What became of each control; how it looks is kept for whoever shows the example."""

    def attempt(variant: Variant) -> ControlResult:
        copy = yard.copy_of(variant)
        if copy is None:
            result = faulty(variant)
        else:
            is_alone = not _is_whole(spec, yard)
            result = try_variant(yard, copy, recordings, options, is_alone=is_alone)
        options.progress.advance(f"{spec.id} · {variant.side.value}")
        return result

    own = yard.variants_of(spec)
    results = in_parallel(attempt, own, jobs=options.jobs, name="breaker", stop=yard.stop)
    save_broken(options.state, spec, (_broken(each, yard) for each in results))
    return results


def _broken(result: ControlResult, yard: Yard) -> Broken:
    """What a control came to, as it is shown: first what it names."""
    return Broken(
        control=result.name,
        side=result.side.value,
        program=result.program,
        toolchain=yard.toolchains[result.side].title,
        broken=named_first({each.name: each for each in result.shown}, result.named),
        unbroken=result.missing,
        runs=result.runs,
        trouble=result.detail,
    )


def _own_builds(spec: Spec, yard: Yard) -> Iterator[tuple[Program, Build, str]]:
    """The programs that can be run here, how they were built, and their texts."""
    for side, toolchain in yard.toolchains.items():
        for program in spec.programs_of(side):
            if not cannot_run(program, toolchain):
                build = yard.whole.build_of(spec, program, toolchain)
                yield program, build, source_of(spec, program)


def _applied(spec: Spec, recordings: Iterable[Recording], yard: Yard) -> frozenset[str]:
    """The properties that something audited was under: a run, or a refusal.

    Where one side of two is audited alone, nothing was under what looks at both.
    """
    of_runs = {
        prop.name
        for recording in recordings
        for prop in recording.claims.properties
        if _is_whole(spec, yard) or not prop.rule.is_across
    }
    of_builds = {p.name for p in spec.properties if p.family == "compile-error"}
    return frozenset(of_runs | (of_builds if Side.RUST in yard.toolchains else set()))


def _own_findings(
    spec: Spec,
    builds: Iterable[tuple[Program, Build, str]],
    recordings: Iterable[Recording],
    across: Iterable[AcrossFindings],
) -> Iterator[Finding]:
    """What is wrong with the example as it is."""
    for program, build, source in builds:
        yield from judge_builds(spec, [(program, build)], "", {}, {program.name: source})
    for recording in recordings:
        yield from recording.findings
    for each in across:
        yield from each.findings
