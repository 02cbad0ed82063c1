"""Which examples a change touches, as git tells it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from harness.machine.process import UNLIMITED, Command, run_process, tool_environment
from harness.values.errors import UsageError
from harness.values.run import Exited

TIMEOUT_SECONDS = 60.0


def changed_files(reference: str, place: Path) -> tuple[Path, ...]:
    """The files that differ from ``reference`` in the work tree around ``place``, absolute.

    New files that git does not ignore are among them, and removed ones.
    ``reference`` is whatever ``git diff`` takes: ``HEAD``, ``main``,
    ``main...HEAD``. Raises UsageError where there is no repository, no such
    reference, or no git.
    """
    if reference.startswith("-"):
        raise UsageError(f'--changed: expected a commit or a branch, found "{reference}"')
    root = Path(os.fsdecode(_git(place, "rev-parse", "--show-toplevel").rstrip(b"\n")))
    different = _git(root, "diff", "--name-only", "--no-renames", "-z", reference, "--")
    untracked = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    names = (different + untracked).split(b"\0")
    return tuple(root / os.fsdecode(name) for name in dict.fromkeys(names) if name)


def _git(place: Path, *arguments: str) -> bytes:
    """What a git command prints; raises UsageError with its first line of complaint.

    It takes no lock (``GIT_OPTIONAL_LOCKS``): ``git diff`` would else refresh the
    index beside a commit that is being made.
    """
    git = shutil.which("git")
    if git is None:
        raise UsageError("--changed needs git, which is not on PATH")
    command = Command(
        argv=(git, *arguments),
        cwd=place,
        environment=tool_environment() | {"GIT_OPTIONAL_LOCKS": "0"},
        timeout_seconds=TIMEOUT_SECONDS,
        limits=UNLIMITED,
    )
    completed = run_process(command)
    if completed.ending != Exited(0):
        said = completed.stderr.decode("utf-8", "replace").strip().splitlines() or ["git failed"]
        raise UsageError(f"--changed: git {arguments[0]}: {said[0]}")
    return completed.stdout


def touched(
    directories: Sequence[Path], files: Iterable[Path], corpora: Iterable[Path]
) -> tuple[Path, ...]:
    """The examples that a change of ``files`` touches, in the order given.

    A file within an example touches that one; another file of a corpus, such
    as its ``Cargo.lock``, touches every example at or below its directory.
    Files outside of the corpora touch none. ``files`` are as git names them:
    absolute, without symbolic links.
    """
    known = {directory.resolve(): directory for directory in directories}
    roots = frozenset(corpus.resolve() for corpus in corpora)
    inside: set[Path] = set()
    above: set[Path] = set()
    for file in files:
        example = next((parent for parent in file.parents if parent in known), None)
        if example is not None:
            inside.add(example)
        elif not roots.isdisjoint(file.parents):
            above.add(file.parent)
    return tuple(
        directory
        for place, directory in known.items()
        if place in inside or not above.isdisjoint(place.parents)
    )
