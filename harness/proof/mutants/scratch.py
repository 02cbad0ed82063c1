"""A scratch workspace in which mutants stand beside copies of the programs that they are from.

Each example is copied, and its mutants are further programs of the copy. So
one call of cargo builds all that compile, and the example's own files are
never touched.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import toml

from harness.language.declarations import BREAKS_FILE, SPEC_FILE, Spec
from harness.machine.cargo.manifests import find_root, movable_manifest
from harness.proof.mutants.mutant import Mutant
from harness.values.program import Program, Side

_WORKSPACE = """\
[workspace]
resolver = "2"
members = [
{members}]

[profile.dev]
debug = 0
incremental = false
strip = "symbols"
"""
_LEFT_OUT = shutil.ignore_patterns("target", "__pycache__", ".*", SPEC_FILE, BREAKS_FILE)
"""What is made, hidden, or would make the copy an example of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The copy of one example. ``spec`` declares every mutant as a program beside the originals.

    ``programs`` gives the program of each mutant, by the mutant's id: it goes
    by the name of the original, so that the original's properties speak of
    it. ``builds`` gives the name that it is built by.
    """

    spec: Spec
    programs: Mapping[str, Program]
    builds: Mapping[str, str]


def copy_examples(
    mutants: Mapping[str, Sequence[Mutant]], specs: Iterable[Spec], place: Path
) -> tuple[Copy, ...]:
    """Copy the examples with their mutants (by the example's id) below ``place``.

    What is there already and the same is not written again, so that a second
    build has little to do.
    """
    copies: list[Copy] = []
    members: dict[Path, list[str]] = {}
    for spec in specs:
        root = place / find_root(spec.directory).name
        copy = _copy(spec, mutants.get(spec.id, ()), root / spec.topic / spec.name)
        if (spec.directory / "Cargo.toml").exists():
            _write_manifest(spec, copy)
            members.setdefault(root, []).append(spec.id)
            _copy_lock(find_root(spec.directory), root)
        copies.append(copy)
    for root, names in members.items():
        listed = "".join(f'    "{name}",\n' for name in names)
        _write(root / "Cargo.toml", _WORKSPACE.format(members=listed))
    return tuple(copies)


def _copy(spec: Spec, mutants: Sequence[Mutant], directory: Path) -> Copy:
    programs = {mutant.id: _program(spec, mutant) for mutant in mutants}
    wanted = {program.path: m.source for m in mutants for program in (programs[m.id],)}
    _copy_files(spec.directory, directory, wanted)
    builds = {mutant.id: _build_name(mutant) for mutant in mutants}
    built = (replace(programs[id_], name=name) for id_, name in builds.items())
    copied = replace(spec, directory=directory, programs=(*spec.programs, *built))
    return Copy(spec=copied, programs=programs, builds=builds)


def _build_name(mutant: Mutant) -> str:
    return f"{mutant.program}-{mutant.mark}"


def _program(spec: Spec, mutant: Mutant) -> Program:
    original = spec.program(mutant.side, mutant.program)
    assert original is not None  # noqa: S101 - mutants are made of programs
    path = PurePosixPath(mutant.path)
    name = f"mutant_{path.stem}_{mutant.mark}{path.suffix}"
    return replace(original, path=str(path.with_name(name)))


def _copy_files(source: Path, target: Path, mutants: Mapping[str, str]) -> None:
    """Bring ``target`` up to date: the example's files and its mutants, and no old mutants."""
    wanted = {str(path): path for path in _files(source)}
    for old in _files(target) if target.exists() else ():
        if str(old) not in wanted and str(old) not in mutants:
            (target / old).unlink()
    for path in wanted.values():
        if path.name != "Cargo.toml":
            _write_bytes(target / path, (source / path).read_bytes())
    for name, text in mutants.items():
        _write(target / name, text)


def _files(directory: Path) -> Iterable[Path]:
    """The files below ``directory``, as seen from there; what is made or hidden is left out."""
    for path in sorted(directory.rglob("*")):
        relative = path.relative_to(directory)
        ignored = _LEFT_OUT("", list(relative.parts))
        if path.is_file() and not ignored:
            yield relative


def _copy_lock(source: Path, target: Path) -> None:
    lock = source / "Cargo.lock"
    if lock.exists() and not (target / "Cargo.lock").exists():
        _write_bytes(target / "Cargo.lock", lock.read_bytes())


def _write_manifest(spec: Spec, copy: Copy) -> None:
    """The crate's own manifest, with a binary for each program and each mutant."""
    manifest = movable_manifest(spec.directory)
    manifest["package"]["autobins"] = False
    manifest["package"].pop("default-run", None)
    manifest["bin"] = [
        {"name": f"{spec.name}-{program.name}", "path": program.path}
        for program in copy.spec.programs_of(Side.RUST)
    ]
    _write(copy.spec.directory / "Cargo.toml", toml.dumps(manifest))


def _write(path: Path, text: str) -> None:
    _write_bytes(path, text.encode())


def _write_bytes(path: Path, data: bytes) -> None:
    if not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
