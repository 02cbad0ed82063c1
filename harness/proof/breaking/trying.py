"""Build broken variants in scratch copies, and run each until what it names has broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness.bench.building import build_all
from harness.bench.controllable import make_controllable
from harness.bench.execution import Executed, Request
from harness.bench.making import with_lanes
from harness.bench.options import Options
from harness.bench.planning import claims_of
from harness.judging.claims import Claims
from harness.judging.verdict import judge_builds
from harness.machine.working_places import own_place
from harness.proof.audit.bench import Bench, Runner
from harness.proof.audit.hanging import judge_to_the_end
from harness.proof.audit.variants import Variant
from harness.proof.audit.workspace import Scratch, write_variants
from harness.proof.breaking.values import Broken, BrokenProperty, broken_property
from harness.values.messages import say
from harness.values.program import Scope, Side
from harness.values.toolchain import Build, Built, NotBuilt, Refused, Toolchain

MIN_RUNS = 4
"""Runs of a variant at least, so that more than one of its breaks has a chance to be seen."""

TIMEOUT_SECONDS = 3.0
"""A variant that hangs shows it within this time."""


def try_variants(
    variants: Sequence[Variant],
    toolchains: Iterable[Toolchain],
    options: Options,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[tuple[Variant, Broken]]:
    """Build all variants at once, then run each; what each came to, one after the other.

    The copies lie below the state directory; the examples' own files are
    never touched. ``tell`` is given what is being done.
    """
    with own_place(options.state, "broken") as place:
        yield from _try_in(place, variants, toolchains, options, tell)


def _try_in(
    place: Path,
    variants: Sequence[Variant],
    toolchains: Iterable[Toolchain],
    options: Options,
    tell: Callable[[str], None],
) -> Iterator[tuple[Variant, Broken]]:
    sides = {toolchain.side: toolchain for toolchain in toolchains}
    variants = [variant for variant in variants if variant.side in sides]
    scratches = {_key(s.variant): s for s in write_variants(variants, place / "copies")}
    specs = [scratch.spec for scratch in scratches.values()]
    tell(f"building {len(specs)} variants")
    chosen = [sides[side] for side in Side if any(v.side is side for v in variants)]
    elsewhere = replace(options, state=place)
    builds = build_all(specs, chosen, elsewhere, lambda _: None)
    controllable = make_controllable(specs, chosen, elsewhere)
    for variant in variants:
        tell(f"{variant.spec.name}: {variant.name}")
        bench = Bench(
            toolchain=sides[variant.side], builds=builds, controllable=controllable, options=options
        )
        scratch = scratches.get(_key(variant))
        yield variant, _try(bench, scratch) if scratch else _trouble(bench, variant, variant.fault)


def _key(variant: Variant) -> tuple[str, Side, str]:
    """What tells variants apart: controls of several examples may have one name."""
    return variant.spec.id, variant.side, variant.slug


def _try(bench: Bench, scratch: Scratch) -> Broken:
    variant = scratch.variant
    build = bench.builds.of(scratch.spec, variant.program, bench.toolchain)
    match build:
        case NotBuilt(reason=reason):
            return _trouble(bench, variant, reason)
        case Refused() if not scratch.spec.is_refused(variant.program):
            return _refused(bench, scratch, build)
        case Built() if not scratch.spec.is_refused(variant.program):
            return Trying(bench=bench, scratch=scratch, build=build).run()
        case _:
            return _judged_by_build(bench, scratch, build)


def _trouble(bench: Bench, variant: Variant, reason: str) -> Broken:
    return replace(_blank(bench, variant), trouble=reason)


def _blank(bench: Bench, variant: Variant) -> Broken:
    return Broken(
        control=variant.name,
        side=variant.side.value,
        program=variant.program.name,
        toolchain=bench.toolchain.title,
    )


def _refused(bench: Bench, scratch: Scratch, build: Refused) -> Broken:
    said = build.diagnostics[0].message if build.diagnostics else say("build.no-error-shown")
    return _trouble(bench, scratch.variant, say("build.refused", said=said))


def _judged_by_build(bench: Bench, scratch: Scratch, build: Build) -> Broken:
    """A variant of a program that the compiler should refuse: how it compiles is what it shows."""
    variant = scratch.variant
    sources = {variant.program.name: variant.text}
    findings = judge_builds(
        scratch.spec, [(variant.program, build)], bench.toolchain.label, {}, sources
    )
    broken = tuple(broken_property(finding, 0) for finding in findings)
    return replace(_blank(bench, variant), broken=broken)


@dataclass(slots=True, kw_only=True)
class Trying:
    """The runs of one variant, until every property that it names has broken."""

    bench: Bench
    scratch: Scratch
    build: Built
    _broken: dict[str, BrokenProperty] = field(default_factory=dict)
    _witnessed: set[str] = field(default_factory=set)
    _runs: int = 0

    def run(self) -> Broken:
        """Plain runs first, then controlled ones; gives what has been seen."""
        claims = claims_of(self.scratch.spec, self.scratch.variant.program, self.bench.toolchain)
        runner = Runner(self.bench, min(claims.program.timeout_seconds, TIMEOUT_SECONDS))
        schedules = self.bench.schedules(claims)
        for request in self.bench.requests(claims, self.build, schedules):
            executed = runner.make(request)
            if executed is not None:
                self._add(request, executed)
            if self._runs >= MIN_RUNS and not self._missing(claims):
                break
        return self._result(claims)

    def _add(self, request: Request, executed: Executed) -> None:
        self._runs += 1
        judgement = judge_to_the_end(request.claims, executed.run)
        self._witnessed |= judgement.witnessed
        for finding in judgement.findings:
            if finding.property not in self._broken:
                shown = with_lanes(request, finding, executed)
                self._broken[finding.property] = broken_property(shown, self._runs)

    def _missing(self, claims: Claims) -> list[str]:
        """The named properties that single runs can break, and have not."""
        return [
            prop.name
            for prop in claims.properties
            if prop.name in self.scratch.variant.breaks
            and prop.name not in self._broken
            and prop.scope is Scope.EVERY_RUN
            and not prop.rule.is_across
        ]

    def _result(self, claims: Claims) -> Broken:
        named = self.scratch.variant.breaks
        unseen = [
            BrokenProperty(name=prop.name, message=say("break.not-seen", n=self._runs))
            for prop in claims.of_scope(Scope.SOME_RUN)
            if prop.name in named and prop.name not in self._witnessed and not prop.rule.is_across
        ]
        found = {**self._broken, **{each.name: each for each in unseen}}
        first = [found[name] for name in named if name in found]
        return replace(
            _blank(self.bench, self.scratch.variant),
            broken=(*first, *(each for name, each in found.items() if name not in named)),
            unbroken=tuple(name for name in named if name not in found),
            runs=self._runs,
        )
