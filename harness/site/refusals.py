"""Compile errors as each compiler words them, kept in the state directory for the site to show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from harness.bench.lab import open_lab
from harness.bench.options import Options
from harness.language.declarations import Spec
from harness.values.program import Side
from harness.values.toolchain import Refused, Toolchain


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What one compiler said of one program that it refused."""

    program: str
    toolchain: str
    rendered: str


def load_refusals(state: Path, spec: Spec) -> tuple[Refusal, ...]:
    """What is kept of the programs of ``spec`` as they are now, one for each compiler."""
    try:
        data = json.loads(_path(state, spec).read_text(encoding="utf-8"))
        if data["digest"] != spec.digest:
            return ()
        return tuple(Refusal(**item) for item in data["refusals"])
    except (OSError, ValueError, KeyError, TypeError):
        return ()  # only a cache: what cannot be read is made again


def gather_refusals(
    specs: Iterable[Spec], toolchains: Sequence[Toolchain], options: Options
) -> None:
    """Build the refused programs with every compiler, and keep what the compilers say."""
    wanted = [spec for spec in specs if any(map(spec.is_refused, spec.programs))]
    compilers = [toolchain for toolchain in toolchains if toolchain.side is Side.RUST]
    if not wanted or not compilers:
        return
    lab = open_lab(wanted, compilers, replace(options, schedules=0))
    for spec in wanted:
        found = {
            (each.program, each.toolchain): each for each in load_refusals(options.state, spec)
        }
        for compiler in compilers:
            for program in filter(spec.is_refused, spec.programs_of(Side.RUST)):
                build = lab.build_of(spec, program, compiler)
                if isinstance(build, Refused):
                    found[program.name, compiler.title] = _refusal(program.name, compiler, build)
        save_refusals(options.state, spec, found.values())


def _refusal(program: str, compiler: Toolchain, build: Refused) -> Refusal:
    """What a compiler said of a program, as it renders it itself where it does."""
    said = (diagnostic.rendered or diagnostic.message for diagnostic in build.diagnostics)
    return Refusal(program=program, toolchain=compiler.title, rendered="\n".join(said).strip())


def save_refusals(state: Path, spec: Spec, refusals: Iterable[Refusal]) -> None:
    """Keep what compilers said of the programs of ``spec`` as they are now."""
    path = _path(state, spec)
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"digest": spec.digest, "refusals": [asdict(refusal) for refusal in refusals]}
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _path(state: Path, spec: Spec) -> Path:
    return state / "refusals" / f"{spec.topic}--{spec.name}.json"
