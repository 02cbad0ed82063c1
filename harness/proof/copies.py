"""Working copies of examples, one for each variant; the examples' own files stay untouched.

The paths are stable and a file is written only if its content differs, so
that cargo compiles no more than what has changed since the last time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import toml

from harness.language.declarations import BREAKS_FILE, SPEC_FILE, Spec
from harness.machine.cargo.manifests import find_root, has_library, movable_manifest
from harness.machine.process.guardian import remove_tree
from harness.proof.variants import Variant
from harness.values.program import Program, Side

_LEFT_OUT = frozenset({"target", "__pycache__", "Cargo.lock", "Cargo.toml", SPEC_FILE, BREAKS_FILE})
_APART = "--"
"""Between the names of an example and of its variant, in the name of the copy."""

_ORIGIN = Path(".origin")
"""The file that says of which example a copy is."""

_LIBRARY = Path("src", "lib.rs")
_EDITION = "2021"
_NEEDS = ("dependencies", "build-dependencies", "dev-dependencies", "target", "features")
"""The tables of a manifest that say what the program cannot be built without."""

_PROFILE = "[profile.dev]\ndebug = false\nincremental = false\n"
"""Nobody debugs a variant, and none is built twice: so cargo need not make what nobody reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy of an example with one change: the variant, and a spec of its one program.

    It lies in a directory of its own, and the program in its own place there.
    """

    variant: Variant
    spec: Spec

    @property
    def program(self) -> Program:
        """The changed program."""
        return self.variant.program


def write_variants(variants: Iterable[Variant], place: Path) -> tuple[Copy, ...]:
    """Write a copy of each variant's example below ``place``; those that have no text are left out.

    The Rust ones become one workspace.
    """
    copies = tuple(_write_variant(v, place) for v in variants if not v.fault)
    crates = [s.spec.directory.name for s in copies if s.variant.side is Side.RUST]
    workspace = place / Side.RUST.value
    _write(workspace / "Cargo.toml", _workspace_manifest(crates))
    _copy_lock((c.variant.spec.directory for c in copies if c.program.side is Side.RUST), workspace)
    return copies


def _copy_lock(directories: Iterable[Path], workspace: Path) -> None:
    """Start from the versions that the examples are built with, as far as these are written down.

    What is there already is cargo's, and stays.
    """
    target = workspace / "Cargo.lock"
    for root in dict.fromkeys(map(find_root, directories)):
        # Of several corpora the first that has one: cargo adds to it what the others need.
        if not target.exists() and (root / "Cargo.lock").exists():
            _write(target, (root / "Cargo.lock").read_bytes())


def remove_stale(
    place: Path, specs: Iterable[Spec], sides: Iterable[Side], copies: Iterable[Copy]
) -> None:
    """Remove copies of programs of ``sides`` below ``place`` that nothing stands for any longer.

    That are those of ``specs`` that are not among ``copies``, and those of
    examples that are gone. Copies of other examples stay, so that what cargo
    has made of them need not be made anew.
    """
    wanted = {copy.spec.directory for copy in copies}
    looked_at = {spec.directory.absolute() for spec in specs}
    for side in sides:
        for directory in (place / side.value).glob(f"*{_APART}*/"):
            origin = _origin_of(directory)
            is_stale = origin is None or origin in looked_at
            if directory not in wanted and is_stale:
                remove_tree(str(directory))


def _origin_of(directory: Path) -> Path | None:
    """The example that is copied there, if it is still there itself."""
    note = directory / _ORIGIN
    origin = Path(note.read_text(encoding="utf-8")) if note.is_file() else None
    return origin if origin is not None and (origin / SPEC_FILE).is_file() else None


def _workspace_manifest(crates: Iterable[str]) -> str:
    members = "".join(f"    {json.dumps(crate)},\n" for crate in sorted(crates))
    return f'[workspace]\nresolver = "2"\nmembers = [\n{members}]\n\n{_PROFILE}'


def _write_variant(variant: Variant, place: Path) -> Copy:
    """Write a copy of an example with the variant in it; raises OSError, EditError."""
    original = variant.spec
    name = f"{original.name}{_APART}{variant.slug}"
    directory = place / variant.side.value / name
    for path, content in _contents(variant, name):
        _write(directory / path, content)
    spec = replace(original, directory=directory, name=name, programs=(variant.program,))
    return Copy(variant=variant, spec=spec)


def _contents(variant: Variant, name: str) -> Iterator[tuple[Path, bytes]]:
    """The files of the copy: the example's, with the changed text in its place."""
    directory = variant.spec.directory
    yield _ORIGIN, str(directory.absolute()).encode()
    changed = Path(variant.program.path)
    leaves_library = variant.side is Side.RUST and has_library(directory)
    for path in _files_of(directory):
        relative = path.relative_to(directory)
        if relative != changed and not (leaves_library and relative == _LIBRARY):
            yield relative, path.read_bytes()
    yield changed, variant.text.encode()
    if variant.side is Side.RUST:
        yield Path("Cargo.toml"), _crate_manifest(variant, name).encode()


def _files_of(directory: Path) -> Iterator[Path]:
    """All files of an example that its programs may need."""
    for path in sorted(directory.iterdir()):
        if path.name in _LEFT_OUT:
            continue
        if path.is_dir():
            yield from _files_of(path)
        else:
            yield path


def _crate_manifest(variant: Variant, name: str) -> str:
    """A crate with one binary, the program, and the dependencies of the original.

    Of a library it takes the original's: many crates in one workspace cannot
    each have a library of one name.
    """
    original = variant.spec.directory
    manifest = movable_manifest(original)
    package = manifest.get("package", {})
    lines = [
        "[package]",
        f"name = {json.dumps(name)}",
        'version = "0.1.0"',
        f"edition = {json.dumps(package.get('edition', _EDITION))}",
        f"rust-version = {json.dumps(variant.spec.rust_floor)}",
        "autobins = false",
        "publish = false",
        "",
        "[[bin]]",
        f"name = {json.dumps(name)}",
        f"path = {json.dumps(variant.program.path)}",
    ]
    needs = {name: manifest[name] for name in _NEEDS if name in manifest}
    if has_library(original):
        # By its resolved path: to cargo a package that is reached in two ways is two packages.
        library = {str(package.get("name")): {"path": str(original.resolve())}}
        needs["dependencies"] = {**needs.get("dependencies", {}), **library}
    return "\n".join(lines) + "\n\n" + toml.dumps(needs)


def _write(path: Path, content: str | bytes) -> None:
    """Write what has changed: cargo goes by the times of files."""
    data = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
