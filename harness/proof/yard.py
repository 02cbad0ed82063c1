"""Where variants are tried: the programs as they are, and the copies in which they are broken."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness.bench.budget import Budget, Mix, budget_of
from harness.bench.execution import HarnessFault
from harness.bench.lab import Lab, open_lab
from harness.bench.options import Options
from harness.bench.subject import Subject
from harness.bench.trial import Judge, Trial
from harness.judging.builds import judge_builds
from harness.language.declarations import Spec
from harness.proof.copies import Copy, remove_stale, write_variants
from harness.proof.variants import Variant
from harness.values.finding import Finding
from harness.values.messages import say
from harness.values.program import Side
from harness.values.toolchain import Build, Refused, Toolchain
from harness.values.words import count_of

Key = tuple[str, Side, str]
"""What tells variants apart: those of several examples may have one name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yard:
    """One toolchain a side, what was built with it, and what each program may cost.

    ``whole`` has the examples as they are, ``broken`` the copies with the variants.
    """

    toolchains: Mapping[Side, Toolchain]
    whole: Lab
    broken: Lab
    variants: tuple[Variant, ...]
    copies: Mapping[Key, Copy]
    budget: Budget
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def seconds(self) -> float:
        """What building took."""
        return self.whole.seconds + self.broken.seconds

    def variants_of(self, spec: Spec) -> list[Variant]:
        """The variants of one example."""
        return [variant for variant in self.variants if variant.spec is spec]

    def copy_of(self, variant: Variant) -> Copy | None:
        """Where the variant stands; nowhere if it has no text."""
        return self.copies.get(_key(variant))

    def build_of(self, copy: Copy) -> Build:
        """How the variant is started, or what the compiler said of it."""
        return self.broken.build_of(copy.spec, copy.program, self.toolchains[copy.program.side])

    def subject_of(self, copy: Copy) -> Subject | None:
        """The variant as something to be run; ``None`` if it is not built, or need not build."""
        toolchain = self.toolchains[copy.program.side]
        return self.broken.subject(copy.spec, copy.program, toolchain, copy.variant.text)

    def judge_build(self, copy: Copy, unmet: Mapping[str, str]) -> tuple[Finding, ...]:
        """What is wrong with how the variant compiles, of a program that is to be refused.

        That is all there is of it. ``unmet`` names the properties that do not apply.
        """
        program, label = copy.program, self.toolchains[copy.program.side].label
        sources = {program.name: copy.variant.text}
        return judge_builds(copy.spec, [(program, self.build_of(copy))], label, unmet, sources)

    def trial(
        self,
        subject: Subject,
        budget: Budget,
        *,
        forgives: type[HarnessFault] = HarnessFault,
        judge: Judge | None = None,
    ) -> Trial:
        """Runs that are judged, and not explained to anybody.

        A variant may well do what no scheduler can follow: another schedule will do.
        """
        return Trial(
            subject=subject,
            budget=budget,
            stop=self.stop,
            explains=False,
            forgives=(forgives,),
            judge=judge,
        )


def open_yard(
    place: Path,
    specs: Sequence[Spec],
    variants: Iterable[Variant],
    toolchains: Sequence[Toolchain],
    options: Options,
    mix: Mix,
) -> Yard:
    """Build ``specs`` as they are, and the variants in copies below ``place``.

    Raises HarnessError if nothing can be built at all.
    """
    variants = tuple(variants)
    copies = write_variants(variants, place)
    sides = {toolchain.side for toolchain in toolchains if toolchain.side in options.sides}
    remove_stale(place, specs, sides, copies)
    options.progress.stage(f"building {count_of(len(variants), 'variant')}")
    in_rust = [copy.spec for copy in copies if copy.program.side is Side.RUST]
    whole = open_lab(specs, toolchains, options)
    broken = open_lab(in_rust, toolchains, replace(options, state=place))
    return Yard(
        toolchains={toolchain.side: toolchain for toolchain in toolchains},
        whole=whole,
        broken=broken.with_libraries_of(whole),
        variants=variants,
        copies={_key(copy.variant): copy for copy in copies},
        budget=budget_of(options, mix),
    )


def _key(variant: Variant) -> Key:
    return variant.spec.id, variant.side, variant.slug


def why_refused(build: Refused) -> str:
    """What the compiler said of a variant that is meant to run."""
    said = build.diagnostics[0].message if build.diagnostics else say("build.no-error-shown")
    return say("build.refused", said=said)
