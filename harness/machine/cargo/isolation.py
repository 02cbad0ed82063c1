"""A workspace of some crates only, where cargo takes all of a workspace or none of it.

One manifest that cargo refuses, or a directory without any, keeps every crate
of its workspace from being built. So the others are given a workspace of their
own: its directories are links to theirs, and its manifest names no more than
them. Paths below the root are the same, and so is what the programs say.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.machine.cargo.manifests import Crate, read_manifest
from harness.values.errors import BuildImpossible

_OWN = frozenset({"Cargo.toml", "Cargo.lock", "target", ".git"})
_OF_PACKAGES = frozenset({"package", "lib", "bin", "dependencies", "features", "target"})


def named_in(text: str, crates: Iterable[Crate]) -> tuple[Crate, ...]:
    """The crates that cargo speaks of in ``text``: by their manifests, or as packages."""
    return tuple(
        crate
        for crate in crates
        if f"{crate.directory}/Cargo.toml" in text or f"({crate.directory})" in text
    )


def apart(root: Path, crates: Sequence[Crate], place: Path) -> tuple[Crate, ...]:
    """The crates as members of a workspace below ``place`` that holds none but them.

    A crate at the ``root`` itself cannot be taken out of its workspace, and is left out. Raises
    BuildImpossible where the workspace's own manifest cannot be written anew.
    """
    members = {crate.directory.relative_to(root): crate for crate in crates}
    members.pop(Path(), None)
    if not members:
        return ()
    mark = hashlib.sha256("\0".join((str(root), *map(str, members))).encode()).hexdigest()[:16]
    own = place / "workspaces" / mark
    between = {parent for path in members for parent in path.parents}
    for parent in sorted(between):
        _link_all(root / parent, own / parent, {p.name for p in between if p.parent == parent})
    _write_manifest(root, own, members)
    return tuple(
        replace(crate, root=own, place=own / path) for path, crate in sorted(members.items())
    )


def _link_all(source: Path, copy: Path, between: Collection[str]) -> None:
    """Link what is in a directory, but what is made anew: crates may use what lies beside them."""
    copy.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir():
        if path.name not in _OWN and path.name not in between:
            # Another command may make the same workspace at the same time.
            with contextlib.suppress(FileExistsError):
                (copy / path.name).symlink_to(path)


def _write_manifest(root: Path, own: Path, members: Iterable[Path]) -> None:
    """Write the manifest and copy the lock; what is as it should be is left as it is."""
    tables = read_manifest(root / "Cargo.toml")
    kept = {key: value for key, value in tables.items() if key not in _OF_PACKAGES}
    found = kept.get("workspace")
    workspace = dict(found) if isinstance(found, dict) else {}
    workspace.pop("default-members", None)
    workspace.pop("exclude", None)
    workspace["members"] = [path.as_posix() for path in members]
    text = _dumped({**kept, "workspace": workspace}, root / "Cargo.toml")
    manifest, lock = own / "Cargo.toml", own / "Cargo.lock"
    if not manifest.exists() or manifest.read_text(encoding="utf-8") != text:
        draft = own / f".Cargo.{os.getpid()}.toml"
        draft.write_text(text, encoding="utf-8")
        draft.replace(manifest)
    if (root / "Cargo.lock").exists() and not lock.exists():
        shutil.copyfile(root / "Cargo.lock", lock)


def _dumped(tables: Mapping[str, Any], origin: Path) -> str:
    """The text of a manifest. Not all that can be read of TOML can be written by this library."""
    import toml  # noqa: PLC0415 - only a workspace that cargo does not take is written anew

    try:
        return toml.dumps(tables)
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError):
        raise BuildImpossible(f"{origin}: holds values that no manifest has") from None
