"""What the manifests say: which package a spec's programs are in, and what they are called.

Format: https://doc.rust-lang.org/cargo/reference/manifest.html, of which only
names, paths and dependencies matter here; cargo judges the rest.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from harness.errors import BuildImpossible
from harness.model import Program, Side, Spec

DEPENDENCY_TABLES = ("dependencies", "build-dependencies")
_ALL_DEPENDENCIES = (*DEPENDENCY_TABLES, "dev-dependencies")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crate:
    """The package of one example.

    ``root`` is the directory of its workspace, ``floor`` the first version
    of Rust that may compile it, ``bins`` the declared binaries: path to name.
    A crate ``is_alone`` if it has no dependencies.
    """

    spec: Spec
    root: Path
    package: str
    floor: str
    bins: Mapping[str, str]
    has_library: bool
    is_alone: bool

    @property
    def directory(self) -> Path:
        """Where its ``Cargo.toml`` is."""
        return self.spec.directory

    @property
    def programs(self) -> tuple[Program, ...]:
        """The programs that the spec declares on the Rust side."""
        return self.spec.programs_of(Side.RUST)

    def source(self, program: Program) -> str:
        """Return the absolute path of the program's main file."""
        return str(self.directory / program.path)

    def bin_name(self, program: Program) -> str:
        """Return the name of the binary that the program is built to."""
        path = PurePosixPath(program.path)
        declared = self.bins.get(str(path))
        if declared is not None:
            return declared
        if path == PurePosixPath("src/main.rs"):
            return self.package
        return path.parent.name if path.name == "main.rs" else path.stem


def has_library(directory: Path) -> bool:
    """Whether the crate in ``directory`` has a library besides its programs."""
    manifest = directory / "Cargo.toml"
    return (directory / "src" / "lib.rs").exists() or (
        manifest.exists() and "lib" in _read(manifest)
    )


def read_crate(spec: Spec) -> Crate | None:
    """Read the package of ``spec``, or return ``None`` where it has no ``Cargo.toml``.

    Raises ``BuildImpossible`` for a manifest that is no TOML or names no package.
    """
    path = spec.directory / "Cargo.toml"
    if not path.exists():
        return None
    manifest = _read(path)
    package = manifest.get("package", {})
    if not isinstance(package.get("name"), str):
        raise BuildImpossible(f"{path}: no package name; add `name` to [package]")
    return Crate(
        spec=spec,
        root=find_root(spec.directory),
        package=package["name"],
        floor=str(package.get("rust-version", spec.rust_floor)),
        bins=dict(_declared_bins(manifest)),
        has_library=has_library(spec.directory),
        is_alone=not any(True for _ in _dependencies(manifest)),
    )


def find_root(directory: Path) -> Path:
    """Return the nearest directory upwards whose manifest has a ``[workspace]``, else this one."""
    for place in (directory, *directory.parents):
        path = place / "Cargo.toml"
        if path.exists() and "workspace" in _read(path):
            return place
    return directory


def movable_manifest(directory: Path) -> dict[str, Any]:
    """The manifest of the crate in ``directory``, as it has to read for a copy elsewhere.

    Paths of dependencies are absolute, and what it inherits from its workspace
    stands in it. Raises ``BuildImpossible`` for a manifest that is no TOML.
    """
    manifest = _read(directory / "Cargo.toml")
    root = find_root(directory)
    workspace: dict[str, Any] = {}
    if (root / "Cargo.toml").exists():
        workspace = _read(root / "Cargo.toml").get("workspace", {})
    package = manifest.get("package", {})
    for key, value in package.items():
        if _is_inherited(value):
            package[key] = workspace.get("package", {}).get(key, value)
    for table in (manifest, *manifest.get("target", {}).values()):
        for name in _ALL_DEPENDENCIES:
            for key, value in table.get(name, {}).items():
                table[name][key] = _moved(key, value, directory, root, workspace)
    return manifest


def _moved(
    name: str, dependency: Any, directory: Path, root: Path, workspace: Mapping[str, Any]
) -> Any:
    """A dependency with its path, which is seen from the manifest that it stands in, absolute."""
    if _is_inherited(dependency):
        shared = workspace.get("dependencies", {}).get(name, {})
        shared = dict(shared) if isinstance(shared, dict) else {"version": shared}
        own = {key: value for key, value in dependency.items() if key != "workspace"}
        features = [*shared.get("features", ()), *own.get("features", ())]
        directory, dependency = root, shared | own | ({"features": features} if features else {})
    if isinstance(dependency, dict) and "path" in dependency:
        return {**dependency, "path": str((directory / dependency["path"]).resolve())}
    return dependency


def _is_inherited(value: Any) -> bool:
    return isinstance(value, dict) and value.get("workspace") is True


def needs_registry(root: Path, crates: tuple[Crate, ...]) -> bool:
    """Whether the workspace at ``root`` has packages that come from elsewhere."""
    lock = root / "Cargo.lock"
    if lock.exists():
        return any("source" in package for package in _read(lock).get("package", ()))
    manifests = (_read(crate.directory / "Cargo.toml") for crate in crates)
    return any(_is_foreign(table) for manifest in manifests for table in _dependencies(manifest))


def _is_foreign(dependency: Any) -> bool:
    return not (isinstance(dependency, dict) and "path" in dependency)


def _dependencies(manifest: Mapping[str, Any]) -> Iterator[Any]:
    for table in (manifest, *manifest.get("target", {}).values()):
        for name in DEPENDENCY_TABLES:
            yield from table.get(name, {}).values()


def _declared_bins(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for target in manifest.get("bin", ()):
        if "name" in target and "path" in target:
            yield str(PurePosixPath(target["path"])), target["name"]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BuildImpossible(f"{path}: cannot be read: {error}") from None
