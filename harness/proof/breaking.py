"""One variant at work: run until what it names has broken, for a reader to see how that looks.

An audit proves that a control breaks what it names, beside what the unbroken program does; here the
quickest look is wanted, at single runs only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from harness.bench.budget import Mix
from harness.bench.explaining import with_lanes
from harness.bench.options import Options
from harness.bench.trial import Judged, Trial
from harness.machine.cargo.manifests import has_library
from harness.machine.working_places import own_place
from harness.proof.hanging import judge_to_the_end
from harness.proof.shown import Broken, BrokenProperty, broken_property, named_first
from harness.proof.variants import Variant
from harness.proof.yard import Yard, open_yard, why_refused
from harness.values.messages import say
from harness.values.program import Scope, Side
from harness.values.toolchain import NotBuilt, Refused, Toolchain

MIN_RUNS = 4
"""Runs of a variant at least, so that more than one of its breaks has a chance to be seen."""

TIMEOUT_SECONDS = 3.0
"""A variant that hangs shows it within this time."""


def try_variants(
    variants: Sequence[Variant], toolchains: Iterable[Toolchain], options: Options
) -> Iterator[tuple[Variant, Broken]]:
    """Build all variants at once, then run each; what each came to, one after the other.

    The copies lie below the state directory; the examples' own files are
    never touched.
    """
    sides = {toolchain.side: toolchain for toolchain in toolchains}
    chosen = [sides[side] for side in Side if any(v.side is side for v in variants)]
    variants = [variant for variant in variants if variant.side in sides]
    # Of the unbroken examples only the libraries and packages are needed that their programs load.
    needs = (v.spec for v in variants if has_library(v.spec.directory) or v.spec.packages.wanted)
    loaded = {spec.id: spec for spec in needs}
    with own_place(options.state, "broken") as place:
        yard = open_yard(place, tuple(loaded.values()), variants, chosen, options, Mix.SURE_FIRST)
        for variant in variants:
            yield variant, _try(yard, variant)


def _try(yard: Yard, variant: Variant) -> Broken:
    """Build a variant and run it until it has shown what it breaks; or why that cannot be done."""
    blank = Broken(
        control=variant.name,
        side=variant.side.value,
        program=variant.program.name,
        toolchain=yard.toolchains[variant.side].title,
    )
    copy = yard.copy_of(variant)
    if copy is None:
        return replace(blank, trouble=variant.fault)
    if isinstance(build := yard.build_of(copy), NotBuilt):
        return replace(blank, trouble=build.reason)
    if copy.spec.is_refused(variant.program):
        broken = tuple(broken_property(finding, 0) for finding in yard.judge_build(copy, {}))
        return replace(blank, broken=broken)
    if isinstance(build, Refused):
        return replace(blank, trouble=why_refused(build))
    subject = yard.subject_of(copy)
    assert subject is not None  # noqa: S101 - it is built, and meant to be
    seconds = min(variant.program.timeout_seconds, TIMEOUT_SECONDS)
    budget = replace(yard.budget, at_least=MIN_RUNS, run_seconds=seconds)
    return _Trying(variant, yard.trial(subject, budget, judge=judge_to_the_end)).run(blank)


@dataclass(slots=True)
class _Trying:
    """The runs of one variant, until every property that it names has broken."""

    variant: Variant
    trial: Trial
    broken: dict[str, BrokenProperty] = field(default_factory=dict)

    def run(self, blank: Broken) -> Broken:
        """Make the runs; gives what has been seen, first what is named."""
        for judged in self.trial.run(self.is_done):
            self._add(judged)
        named, runs = self.variant.breaks, self.trial.tally.runs
        found = {**self.broken, **{each.name: each for each in self._unseen()}}
        return replace(
            blank,
            broken=named_first(found, named),
            unbroken=tuple(name for name in named if name not in found),
            runs=runs,
        )

    def _add(self, judged: Judged) -> None:
        """Keep the first run that breaks each property."""
        for finding in judged.judgement.findings:
            if finding.property not in self.broken:
                shown = with_lanes(judged.request, finding, judged.executed)
                self.broken[finding.property] = broken_property(shown, self.trial.tally.runs)

    def is_done(self) -> bool:
        """Whether each named property that single runs can break is broken."""
        return not any(
            prop.name in self.variant.breaks
            and prop.name not in self.broken
            and prop.scope is Scope.EVERY_RUN
            and not prop.rule.is_across
            for prop in self.trial.subject.claims.properties
        )

    def _unseen(self) -> Iterator[BrokenProperty]:
        """What some run must show, is named, and was shown by none."""
        tally = self.trial.tally
        for prop in self.trial.subject.claims.of_scope(Scope.SOME_RUN):
            is_named = prop.name in self.variant.breaks and not prop.rule.is_across
            if is_named and not tally.witnesses[prop.name]:
                yield BrokenProperty(name=prop.name, message=say("break.not-seen", n=tally.runs))
