"""The lab makes subjects ready: what is started for each program, plainly and under control."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from harness.bench.building import Builds, build_all
from harness.bench.controllable import Controllable, make_controllable, make_instruments
from harness.bench.options import Options
from harness.bench.subject import Subject, claims_of, is_timed
from harness.language.declarations import Spec
from harness.language.rust_words import has_assembler, names_weak_orders, says_unsafe
from harness.machine.pool import both
from harness.values.messages import say
from harness.values.program import Program, Side
from harness.values.report import RunEvent
from harness.values.toolchain import Build, Built, Toolchain


def _tell_nobody(_: RunEvent) -> None:
    """Only a verification tells what cargo does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """What was built with some toolchains, to run programs as they are, and under control.

    ``races`` asks for data races to be looked for in every Rust program; else that is done where
    the crate has ``unsafe`` of its own.
    """

    builds: Builds
    controllable: Controllable = field(default_factory=Controllable)
    races: bool = False

    @property
    def seconds(self) -> float:
        """What building took."""
        return self.builds.seconds + self.controllable.seconds

    def build_of(self, spec: Spec, program: Program, toolchain: Toolchain) -> Build:
        """How the program is started plainly, what the compiler said, or why it cannot be."""
        return self.builds.of(spec, program, toolchain)

    def lacking(self, spec: Spec, toolchain: Toolchain) -> str:
        """Why a side cannot be run at all on this machine; nothing if it can."""
        return self.builds.lacking(spec, toolchain)

    def subject(
        self, spec: Spec, program: Program, toolchain: Toolchain, source: str | None = None
    ) -> Subject | None:
        """The program as something to be run; ``None`` if it is not built, or need not build.

        Its text is read if it is not given as ``source``.
        """
        plain = self.build_of(spec, program, toolchain)
        if not isinstance(plain, Built) or spec.is_refused(program):
            return None
        claims = claims_of(spec, program, toolchain, source)
        reason = self.controllable.reason(toolchain)
        is_rust = toolchain.side is Side.RUST
        by_itself, races = is_rust and says_unsafe(spec), is_rust and self.races
        # Inline assembly has no hooks: what it orders is not seen, and two
        # accesses would be taken for a race.
        is_blind = is_rust and has_assembler(spec)
        return Subject(
            claims=claims,
            toolchain=toolchain,
            plain=plain,
            steered=self.controllable.build_of(spec, program, toolchain, plain),
            yielding=self.controllable.yielding(plain),
            uncontrolled=say("control.timed") if is_timed(claims) else reason,
            seeks_races=(races or by_itself) and not is_blind,
            reads_old=(races or (is_rust and names_weak_orders(spec))) and not is_blind,
            unfollowed=say("races.assembler") if is_blind else "",
            options=("--races",) if races and not by_itself else (),
        )

    def with_libraries_of(self, other: Lab) -> Lab:
        """The same, where programs have the libraries and packages that the other lab has."""
        theirs = other.builds
        builds = replace(self.builds, libraries=theirs.libraries, pythons=theirs.pythons)
        return replace(self, builds=builds)


def open_lab(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Callable[[RunEvent], None] = _tell_nobody,
) -> Lab:
    """Build all programs of ``specs``; raises HarnessError if nothing can be built at all."""
    builds, instruments = both(
        lambda: build_all(specs, toolchains, options, tell),
        lambda: make_instruments(toolchains, options),
        name="builder",
    )
    compilers = [toolchain for toolchain in toolchains if toolchain.side is Side.RUST]
    # What has been out of reach a moment ago is not asked for again.
    there = [s for s in specs if not any(builds.lacking(s, compiler) for compiler in compilers)]
    return Lab(
        builds=builds,
        controllable=make_controllable(there, toolchains, options, instruments),
        races=options.races,
    )
