"""Break everything that can be broken, and see who notices: ``harness audit``, step by step."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.bench.building import Builds, build_all
from harness.bench.controllable import make_controllable
from harness.bench.options import Options
from harness.judging.verdict import judge_across, judge_builds
from harness.language.declarations import Spec
from harness.machine.pool import in_parallel
from harness.machine.toolchains import cannot_run, is_below_floor
from harness.machine.working_places import own_place
from harness.proof.audit.bench import Bench
from harness.proof.audit.conclusions import audit_properties, find_faults, never_seen, unsound
from harness.proof.audit.controls import faulty, try_variant
from harness.proof.audit.mutating import mutate_builds, mutate_runs
from harness.proof.audit.open_orders import open_orders
from harness.proof.audit.recording import Recording, record_spec, unshown
from harness.proof.audit.reinterleaving import try_reinterleavings
from harness.proof.audit.results import AuditReport, ControlResult, ExampleAudit
from harness.proof.audit.variants import Variant, variants_of
from harness.proof.audit.workspace import Scratch, remove_stale, write_variants
from harness.values.finding import Finding
from harness.values.program import Program, Side
from harness.values.report import RunEvent
from harness.values.toolchain import Build, Toolchain

Tell = Callable[[ExampleAudit], None]
"""Told of each example as soon as all is known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Yard:
    """What is built: for each side the programs as they are, and the variants."""

    unbroken: Mapping[Side, Bench]
    broken: Mapping[Side, Bench]
    variants: Sequence[Variant]
    scratches: Sequence[Scratch]
    seconds: float

    def sides_of(self, spec: Spec) -> tuple[Side, ...]:
        """The sides of an example that are audited."""
        return tuple(side for side in self.unbroken if side in spec.sides)

    def is_whole(self, spec: Spec) -> bool:
        """Whether all sides that the example has are audited."""
        return set(self.sides_of(spec)) == set(spec.sides)


def audit(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Tell,
    *,
    stop: threading.Event | None = None,
) -> AuditReport:
    """Break every example of ``specs`` in every declared way, and mutate what it prints.

    One toolchain a side. Other audits with the same state directory may go on
    meanwhile. Raises HarnessError if nothing can be built at all.
    """
    with own_place(options.state, "audit") as place:
        return _audit_in(place, specs, toolchains, options, tell, stop or threading.Event())


def try_controls(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Callable[[Spec, Sequence[ControlResult]], None],
) -> None:
    """Only see that each control breaks what it names: nothing is asked of the other properties.

    One toolchain a side. Raises HarnessError if nothing can be built at all.
    """
    specs = [spec for spec in specs if not _why_left_out(spec, toolchains)]
    with own_place(options.state, "audit") as place:
        stop = threading.Event()
        yard = _build(place, specs, toolchains, options, stop)
        for spec in specs:
            recordings = _record(spec, yard, options, stop)
            tell(spec, _try_controls(spec, yard, recordings, options, stop))


def _audit_in(
    place: Path,
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Tell,
    stop: threading.Event,
) -> AuditReport:
    started = time.monotonic()
    left_out = {spec.id: reason for spec in specs if (reason := _why_left_out(spec, toolchains))}
    specs = [spec for spec in specs if spec.id not in left_out]
    yard = _build(place, specs, toolchains, options, stop)
    examples = []
    for spec in specs:
        examples.append(_audit_example(spec, yard, options, stop))
        tell(examples[-1])
    return AuditReport(
        examples=tuple(examples),
        left_out=left_out,
        seconds=time.monotonic() - started,
        build_seconds=yard.seconds,
    )


def _why_left_out(spec: Spec, toolchains: Iterable[Toolchain]) -> str:
    """What is too old for the example: it is audited on each of its sides or not at all."""
    own = (toolchain for toolchain in toolchains if toolchain.side in spec.sides)
    old = (toolchain for toolchain in own if is_below_floor(spec, toolchain))
    return "; ".join(
        f"{toolchain.side.value} {toolchain.label} is below its floor" for toolchain in old
    )


# --- building ---------------------------------------------------------------------


def _build(
    place: Path,
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    stop: threading.Event,
) -> _Yard:
    """Build the examples as they are, and all their variants in one workspace of their own."""
    sides = {toolchain.side for toolchain in toolchains}
    variants = [v for spec in specs for v in _variants(spec) if v.side in sides]
    scratches = write_variants(variants, place)
    remove_stale(place, specs, sides, scratches)
    copies = [s.spec for s in scratches if s.variant.side is Side.RUST]
    apart = replace(options, state=place)
    unbroken, seconds = _benches(specs, toolchains, options, stop)
    broken, more_seconds = _benches(copies, toolchains, apart, stop)
    broken = {side: _with_libraries(bench, unbroken[side].builds) for side, bench in broken.items()}
    return _Yard(
        unbroken=unbroken,
        broken=broken,
        variants=variants,
        scratches=scratches,
        seconds=seconds + more_seconds,
    )


def _variants(spec: Spec) -> Iterable[Variant]:
    def read(path: str) -> str:
        return (spec.directory / path).read_text(encoding="utf-8-sig")

    return variants_of(spec, read)


def _benches(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    stop: threading.Event,
) -> tuple[dict[Side, Bench], float]:
    builds = build_all(specs, toolchains, options, _ignore)
    controllable = make_controllable(specs, toolchains, options)
    benches = {
        toolchain.side: Bench(
            toolchain=toolchain,
            builds=builds,
            controllable=controllable,
            options=options,
            stop=stop,
        )
        for toolchain in toolchains
    }
    return benches, builds.seconds + controllable.seconds


def _ignore(_: RunEvent) -> None:
    """The audit tells what it found, not what cargo does."""


def _with_libraries(bench: Bench, unbroken: Builds) -> Bench:
    """Python variants load the library that the unbroken crate was built to."""
    return replace(bench, builds=replace(bench.builds, libraries=unbroken.libraries))


# --- one example --------------------------------------------------------------------


def _audit_example(
    spec: Spec, yard: _Yard, options: Options, stop: threading.Event
) -> ExampleAudit:
    started = time.monotonic()
    recordings = _record(spec, yard, options, stop)
    controls = _try_controls(spec, yard, recordings, options, stop)
    mutations = (*mutate_runs(spec, recordings), *mutate_builds(spec, _rust_builds(spec, yard)))
    tried = try_reinterleavings(spec, recordings, options.seed)
    sides = yard.sides_of(spec)
    unseen = tuple(unshown(recordings, _unseen_across(spec, recordings, sides)))
    names = {name for name, _, _ in unseen}
    applied = _applied(spec, recordings, yard)
    properties = audit_properties(spec, controls, mutations, applied, names)
    findings = (
        *unsound(spec, _own_findings(spec, yard, recordings)),
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


def _record(spec: Spec, yard: _Yard, options: Options, stop: threading.Event) -> list[Recording]:
    found = in_parallel(
        lambda bench: record_spec(bench, spec),
        yard.unbroken.values(),
        jobs=options.jobs,
        name="recorder",
        stop=stop,
    )
    return [recording for recordings in found for recording in recordings]


def _try_controls(
    spec: Spec,
    yard: _Yard,
    recordings: Sequence[Recording],
    options: Options,
    stop: threading.Event,
) -> list[ControlResult]:
    own = [variant for variant in yard.variants if variant.spec is spec]
    copies = [scratch for scratch in yard.scratches if scratch.variant.spec is spec]
    scratches = {(copy.variant.side, copy.variant.slug): copy for copy in copies}

    def attempt(variant: Variant) -> ControlResult:
        scratch = scratches.get((variant.side, variant.slug))
        if scratch is None:
            return faulty(variant)
        bench = yard.broken[variant.side]
        return try_variant(bench, scratch, recordings, is_alone=not yard.is_whole(spec))

    return in_parallel(attempt, own, jobs=options.jobs, name="breaker", stop=stop)


def _rust_builds(spec: Spec, yard: _Yard) -> Iterable[tuple[Program, Build, str]]:
    return (each for each in _own_builds(spec, yard) if each[0].side is Side.RUST)


def _own_builds(spec: Spec, yard: _Yard) -> Iterable[tuple[Program, Build, str]]:
    """The programs that can be run here, how they were built, and their texts."""
    for side, bench in yard.unbroken.items():
        for program in spec.programs_of(side):
            if not cannot_run(program, bench.toolchain):
                source = (spec.directory / program.path).read_text(encoding="utf-8-sig")
                yield program, bench.builds.of(spec, program, bench.toolchain), source


def _applied(spec: Spec, recordings: Iterable[Recording], yard: _Yard) -> frozenset[str]:
    """The properties that something audited was under: a run, or a refusal.

    Where one side of two is audited alone, nothing was under what looks at both.
    """
    of_runs = {
        prop.name
        for recording in recordings
        for prop in recording.claims.properties
        if yard.is_whole(spec) or not prop.rule.is_across
    }
    of_builds = {p.name for p in spec.properties if p.family == "compile-error"}
    return frozenset(of_runs | (of_builds if Side.RUST in yard.unbroken else set()))


def _own_findings(spec: Spec, yard: _Yard, recordings: Sequence[Recording]) -> Iterable[Finding]:
    """What is wrong with the example as it is."""
    for program, build, source in _own_builds(spec, yard):
        yield from judge_builds(spec, [(program, build)], "", {}, {program.name: source})
    for recording in recordings:
        yield from recording.findings
    tallies = [recording.tally for recording in recordings]
    for side in yard.sides_of(spec):
        yield from judge_across(spec, side, tallies).findings


def _unseen_across(
    spec: Spec, recordings: Sequence[Recording], sides: Sequence[Side]
) -> dict[Side, Mapping[str, str]]:
    """What all sides together still have to show; nothing where one of them is not audited."""
    if set(sides) != set(spec.sides):
        return {}
    tallies = [recording.tally for recording in recordings]
    return {side: judge_across(spec, side, tallies).unseen for side in sides}
