"""What the manifests say: which package a spec's programs are in, and what they are called.

Format: https://doc.rust-lang.org/cargo/reference/manifest.html, of which only
names, paths and dependencies matter here; cargo judges the rest.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from harness.language.declarations import Spec
from harness.values.errors import BuildImpossible
from harness.values.program import Program, Side

DEPENDENCY_TABLES = ("dependencies", "build-dependencies")
_OF_BIN = ("name", "path")
_MAIN = "src/main.rs"
_ALL_DEPENDENCIES = (*DEPENDENCY_TABLES, "dev-dependencies")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crate:
    """The package of one example.

    ``root`` is the directory of its workspace, ``bins`` the declared binaries:
    path to name. A crate ``is_alone`` if it has no dependencies.
    """

    spec: Spec
    root: Path
    package: str
    bins: Mapping[str, str]
    has_library: bool
    is_alone: bool
    place: Path | None = None

    @property
    def directory(self) -> Path:
        """Where its ``Cargo.toml`` is; its ``place``, if it is built by way of links."""
        return self.place or self.spec.directory

    @property
    def package_id(self) -> str:
        """What means this package and no other of its name (``cargo help pkgid``)."""
        # Not resolved: cargo knows a package by the path that it was shown, links and all.
        return f"{Path(os.path.normpath(self.directory)).as_uri()}#{self.package}"

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
        return self.bins.get(str(path)) or _name_by_path(path, self.package)


def _name_by_path(path: PurePosixPath, package: str) -> str:
    """What cargo calls a binary of which the manifest does not say that."""
    if path == PurePosixPath(_MAIN):
        return package
    return path.parent.name if path.name == "main.rs" else path.stem


def binaries_in(directory: Path) -> dict[str, str]:
    """The main files of the binaries of the crate in ``directory``, relative to it, by name.

    Those that are declared, and those that lie where cargo looks for them. Raises
    ``BuildImpossible`` for a manifest that is no TOML.
    https://doc.rust-lang.org/cargo/reference/cargo-targets.html#target-auto-discovery
    """
    manifest = read_manifest(directory / "Cargo.toml")
    package = str(_table(manifest, "package").get("name", directory.name))
    found = (
        path.relative_to(directory)
        for pattern in (_MAIN, "src/bin/*.rs", "src/bin/*/main.rs")
        for path in sorted(directory.glob(pattern))
    )
    by_place = {_name_by_path(PurePosixPath(path), package): path.as_posix() for path in found}
    return by_place | {name: path for path, name in _declared_bins(manifest)}


def has_library(directory: Path) -> bool:
    """Whether the crate in ``directory`` has a library besides its programs."""
    manifest = directory / "Cargo.toml"
    if (directory / "src" / "lib.rs").exists():
        return True
    try:
        return manifest.exists() and "lib" in read_manifest(manifest)
    except BuildImpossible:
        return False  # told where its programs are built


def is_loaded(spec: Spec) -> bool:
    """Whether programs load the library of a crate from where cargo has put it.

    One that is a module of Python they import, from their environment.
    """
    return has_library(spec.directory) and not spec.packages.extension


def has_stable_abi(directory: Path) -> bool:
    """Whether a module made with PyO3 is one for many versions of Python (its feature ``abi3``)."""
    dependency = _table(movable_manifest(directory), "dependencies").get("pyo3")
    features = _list(dependency, "features") if isinstance(dependency, dict) else []
    return any(str(feature).startswith("abi3") for feature in features)


def has_dependencies(directory: Path) -> bool:
    """Whether the crate in ``directory`` is built with others; raises ``BuildImpossible``."""
    return any(True for _ in _dependencies(read_manifest(directory / "Cargo.toml")))


def read_crate(spec: Spec) -> Crate | None:
    """Read the package of ``spec``, or return ``None`` where it has no ``Cargo.toml``.

    Raises ``BuildImpossible`` for a manifest that is no TOML or names no package.
    """
    path = spec.directory / "Cargo.toml"
    if not path.exists():
        return None
    manifest = read_manifest(path)
    package = _table(manifest, "package")
    if not isinstance(package.get("name"), str):
        raise BuildImpossible(f"{path}: no package name; add `name` to [package]")
    root = find_root(spec.directory)
    return Crate(
        spec=spec,
        root=root,
        package=package["name"],
        bins=dict(_declared_bins(manifest)),
        has_library=is_loaded(spec),
        is_alone=not any(True for _ in _dependencies(manifest)),
    )


def find_root(directory: Path) -> Path:
    """Return the nearest directory upwards whose manifest has a ``[workspace]``, else this one.

    As cargo looks for it, less ``package.workspace`` and ``exclude``, which no corpus here uses.
    Raises ``BuildImpossible`` for a manifest on the way that is no TOML.
    """
    for place in (directory, *directory.parents):
        path = place / "Cargo.toml"
        if path.exists() and "workspace" in read_manifest(path):
            return place
    return directory


def movable_manifest(directory: Path) -> dict[str, Any]:
    """The manifest of the crate in ``directory``, as it has to read for a copy elsewhere.

    Paths of dependencies are absolute, and what it inherits from its workspace
    stands in it. Raises ``BuildImpossible`` for a manifest that is no TOML.
    """
    manifest = read_manifest(directory / "Cargo.toml")
    root = find_root(directory)
    workspace: Mapping[str, Any] = {}
    if (root / "Cargo.toml").exists():
        workspace = _table(read_manifest(root / "Cargo.toml"), "workspace")
    shared = _table(workspace, "package")
    package = _table(manifest, "package")
    manifest["package"] = {
        key: shared.get(key, value) if _is_inherited(value) else value
        for key, value in package.items()
    }
    for tables in _with_dependencies(manifest):
        for name in set(tables).intersection(_ALL_DEPENDENCIES):
            tables[name] = {
                key: _moved(key, value, directory, root, workspace)
                for key, value in _table(tables, name).items()
            }
    return manifest


def _moved(
    name: str, dependency: Any, directory: Path, root: Path, workspace: Mapping[str, Any]
) -> Any:
    """A dependency with its path, which is seen from the manifest that it stands in, absolute."""
    if _is_inherited(dependency):
        shared = _table(workspace, "dependencies").get(name, {})
        shared = dict(shared) if isinstance(shared, dict) else {"version": shared}
        own = {key: value for key, value in dependency.items() if key != "workspace"}
        # Cargo adds up the features that the workspace and the member ask for.
        features = [*_list(shared, "features"), *_list(own, "features")]
        directory, dependency = root, shared | own | ({"features": features} if features else {})
    if isinstance(dependency, dict) and isinstance(dependency.get("path"), str):
        return {**dependency, "path": str((directory / dependency["path"]).resolve())}
    return dependency


def _is_inherited(value: Any) -> bool:
    return isinstance(value, dict) and value.get("workspace") is True


def needs_registry(root: Path, crates: tuple[Crate, ...]) -> bool:
    """Whether the workspace at ``root`` has packages that come from elsewhere."""
    lock = root / "Cargo.lock"
    if lock.exists():
        packages = _list(read_manifest(lock), "package")
        return any(isinstance(package, dict) and "source" in package for package in packages)
    manifests = (read_manifest(crate.directory / "Cargo.toml") for crate in crates)
    return any(_is_foreign(table) for manifest in manifests for table in _dependencies(manifest))


def has_foreign(crate: Crate) -> bool:
    """Whether the crate itself asks for packages that come from elsewhere."""
    return any(map(_is_foreign, _dependencies(read_manifest(crate.directory / "Cargo.toml"))))


def _is_foreign(dependency: Any) -> bool:
    return not (isinstance(dependency, dict) and "path" in dependency)


def _dependencies(manifest: Mapping[str, Any]) -> Iterator[Any]:
    """All that the package is built with, those for some platforms included.

    Not those of its tests.
    """
    for tables in _with_dependencies(manifest):
        for name in DEPENDENCY_TABLES:
            yield from _table(tables, name).values()


def _with_dependencies(manifest: Mapping[str, Any]) -> Iterator[Any]:
    """The tables that may hold dependencies: all of the manifest, and those of its targets."""
    yield manifest
    yield from (each for each in _table(manifest, "target").values() if isinstance(each, dict))


def _declared_bins(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The path and the name of each binary that says both: else cargo goes by the path."""
    for target in _list(manifest, "bin"):
        name, path = (target.get(key) if isinstance(target, dict) else None for key in _OF_BIN)
        if isinstance(name, str) and isinstance(path, str):
            yield str(PurePosixPath(path)), name


def _table(manifest: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A table of a manifest; empty where it is none, which is for cargo to tell."""
    found = manifest.get(key)
    return found if isinstance(found, dict) else {}


def _list(manifest: Mapping[str, Any], key: str) -> list[Any]:
    """A list of a manifest, in the same way."""
    found = manifest.get(key)
    return found if isinstance(found, list) else []


def read_manifest(path: Path) -> dict[str, Any]:
    """The tables of a manifest or a lock; raises ``BuildImpossible`` for what is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BuildImpossible(f"{path}: cannot be read: {error}") from None
