"""Which programs can be put under control here, and how they are built for it."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.bench.building import Key
from harness.bench.options import Options
from harness.language.declarations import Spec
from harness.machine import cargo
from harness.machine.process import can_fix_addresses, has_terminals
from harness.machine.process.linux import TELLS_OF_THREADS
from harness.machine.toolchains.lean import distinct_name
from harness.machine.working_places import write_whole
from harness.schedules import instrument
from harness.schedules.bytecode import compile_runtime
from harness.schedules.names import Strategy
from harness.schedules.preloads import with_preload
from harness.schedules.world import compile_world
from harness.schedules.yields import compile_yields
from harness.values.errors import BuildImpossible
from harness.values.messages import say
from harness.values.program import Program, Side
from harness.values.toolchain import Build, Built, Toolchain

NO_YIELDS = "no random yields were asked for"


@dataclass(frozen=True, slots=True, kw_only=True)
class Controllable:
    """What can be controlled: instrumented Rust programs, and why a toolchain cannot, if so.

    ``yields`` is the library that makes random yields instead, or why it cannot be had; ``world``
    the one under a controlled interpreter, if there is a use for it.
    """

    builds: Mapping[Key, Build] = field(default_factory=dict)
    reasons: Mapping[tuple[Side, str], str] = field(default_factory=dict)
    yields: Path | str = NO_YIELDS
    world: Path | None = None
    seconds: float = 0.0

    def reason(self, toolchain: Toolchain) -> str:
        """Why nothing can be controlled with this toolchain; empty if it can."""
        return self.reasons.get((toolchain.side, toolchain.label), "")

    def build_of(
        self, spec: Spec, program: Program, toolchain: Toolchain, plain: Built
    ) -> Built | None:
        """What is started for a controlled run; ``None`` if it could not be built for that.

        A Python program is started as it is, over a library of ours; a Rust program instrumented.
        """
        if toolchain.side is Side.PYTHON:
            return with_preload(plain, self.world) if self.world is not None else None
        build = self.builds.get((toolchain.label, spec.id, program.name))
        return build if isinstance(build, Built) else None

    def runs_instead(self, reason: str, *, yields: bool = True) -> str:
        """What is run where nothing is controlled, and why; ``yields``: if they are of use."""
        if yields and isinstance(self.yields, Path):
            return say("note.plain-and-yields", reason=reason)
        return say("note.plain-only", reason=reason)

    def yielding(self, plain: Built) -> Built | None:
        """What is started for a run with random yields; ``None`` if they cannot be had."""
        return with_preload(plain, self.yields) if isinstance(self.yields, Path) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruments:
    """What control takes beside the programs themselves; or, of each part, why there is none.

    ``world`` is the library under a controlled interpreter, ``pythons`` says by label why one is
    not to be controlled (empty if it is), and ``rusts`` how a compiler is asked for controlled
    programs. All of it is kept in the state directory.
    """

    world: Path | None = None
    pythons: Mapping[str, str] = field(default_factory=dict)
    rusts: Mapping[str, cargo.BuildFlags | str] = field(default_factory=dict)


def make_instruments(toolchains: Sequence[Toolchain], options: Options) -> Instruments:
    """Compile what is linked into controlled programs, or loaded, and try it out."""
    if not _wants_control(options):
        return Instruments()
    world: Path | str | None = None
    pythons: dict[str, str] = {}
    rusts: dict[str, cargo.BuildFlags | str] = {}
    for toolchain in toolchains:
        if toolchain.side is Side.PYTHON:
            world = world or compile_world(options.state / "controlled")
            pythons[toolchain.label] = _prepare_python(toolchain, world, options)
        else:
            rusts[toolchain.label] = _instrumentation(toolchain, options)
    return Instruments(
        world=world if isinstance(world, Path) else None, pythons=pythons, rusts=rusts
    )


def make_controllable(
    specs: Iterable[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    instruments: Instruments | None = None,
) -> Controllable:
    """Build the instrumented programs, and say which toolchains cannot be had under control.

    The ``instruments`` are made if they are not given.
    """
    if not _wants_control(options):
        return Controllable()
    started = time.monotonic()
    instruments = instruments or make_instruments(toolchains, options)
    specs = tuple({spec.id: spec for spec in specs}.values())
    builds: dict[Key, Build] = {}
    reasons: dict[tuple[Side, str], str] = {}
    for toolchain in toolchains:
        if toolchain.side is Side.PYTHON:
            reason = instruments.pythons[toolchain.label]
        else:
            flags = instruments.rusts[toolchain.label]
            reason = _build_rust(specs, toolchain, flags, options, builds)
        if reason:
            reasons[toolchain.side, toolchain.label] = reason
    needs_yields = bool(reasons) or any(s.strategy is Strategy.YIELD for s in options.only)
    return Controllable(
        builds=builds,
        reasons=reasons,
        yields=compile_yields(options.state / "controlled") if needs_yields else NO_YIELDS,
        world=instruments.world,
        seconds=time.monotonic() - started,
    )


def _wants_control(options: Options) -> bool:
    return bool(options.schedules) or any(schedule.is_seeded for schedule in options.only)


def _prepare_python(toolchain: Toolchain, world: Path | str, options: Options) -> str:
    """Why the interpreter's programs cannot be controlled; empty, and it is ready, if they can."""
    reason = _python_reason(toolchain)
    if not reason and isinstance(world, str):
        return world
    if not reason:
        place = options.state.absolute() / "controlled"
        compile_runtime(toolchain.program, distinct_name(toolchain), place)
    return reason


def _system_reason() -> str:
    """Why nothing can be controlled on this system; empty if it can."""
    if sys.platform != "linux":
        return say("control.for", wanted="Linux", found=sys.platform)
    return "" if TELLS_OF_THREADS else say("control.no-proc")  # schedules and logs are named there


def _python_reason(toolchain: Toolchain) -> str:
    """Why programs of this interpreter cannot be controlled; empty if they can."""
    if reason := _system_reason():
        return reason
    if toolchain.implementation.casefold() != "cpython":
        return say("control.for", wanted="CPython", found=toolchain.implementation)
    # Sets and dictionaries of objects go by addresses: without them one schedule gives many runs.
    if not can_fix_addresses():
        return say("control.no-fixed-addresses")
    # On a pipe the interpreter holds back what is printed, and a run that is stuck would lose it.
    return "" if has_terminals() else say("control.no-terminals")


def _build_rust(
    specs: Sequence[Spec],
    toolchain: Toolchain,
    found: cargo.BuildFlags | str,
    options: Options,
    builds: dict[Key, Build],
) -> str:
    """Build the Rust programs for control into ``builds``; gives why that cannot be done, if so."""
    if isinstance(found, str):
        return found
    target = options.state.absolute() / "target" / f"{toolchain.label}-controlled"
    try:
        report = cargo.build(toolchain, specs, target_dir=target, instrumentation=found)
    except BuildImpossible as error:
        return str(error)
    for (example, program), build in report.builds.items():
        builds[toolchain.label, example, program] = build
    return ""


def _instrumentation(toolchain: Toolchain, options: Options) -> cargo.BuildFlags | str:
    """How this compiler builds controlled programs, or why it cannot.

    What was found is kept in the state directory, since trying compiles a program. A reason is not:
    the next attempt may find what this one lacked, or the time that it did not get.
    """
    if reason := _system_reason():
        return reason
    compiler = shutil.which("cc")
    if compiler is None:
        return say("control.no-c-compiler")
    place = options.state.absolute() / "controlled"
    kept = place / f"{distinct_name(toolchain)}-{instrument.runtime_digest(compiler)}.json"
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):  # none, or damaged
        return _from_json(json.loads(kept.read_text(encoding="utf-8")))
    environment = cargo.cargo_environment(toolchain)
    found = instrument.probe(str(toolchain.program), compiler, place, environment)
    if isinstance(found, str):
        return found
    data = _as_json(found)
    write_whole(kept, json.dumps(data))
    return _from_json(data)


def _as_json(found: instrument.Instrumentation) -> dict[str, Any]:
    return {
        "rustflags": found.rustflags,
        "environment": dict(found.environment),
        "target": found.host,
    }


def _from_json(data: dict[str, Any]) -> cargo.BuildFlags:
    """What ``_as_json`` was given; raises LookupError or TypeError for anything else."""
    return cargo.BuildFlags(
        rustflags=tuple(data["rustflags"]), environment=data["environment"], target=data["target"]
    )
