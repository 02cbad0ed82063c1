"""From a path on the command line to a program that can be built and run, without any spec.

A script is run where it lies, and a crate is built where it lies (into a directory of ours). A file
of Rust that is in no crate gets one: a copy of it in the state directory.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Literal

from harness.language.declarations import SPEC_FILE, Spec
from harness.machine.cargo.manifests import binaries_in
from harness.machine.working_places import write_whole
from harness.values.errors import UsageError
from harness.values.program import Program, Side
from harness.values.words import listed

MANIFEST = "Cargo.toml"
DEFAULT_SECONDS = 10.0
"""For one run."""

_MAIN = "src/main.rs"

_OF_ONE_FILE = """\
[package]
name = "{name}"
version = "0.0.0"
edition = "2021"

[workspace]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was named on the command line: a file or a directory, and how its program is called.

    ``binary`` is which one of a crate is meant, where it has several; ``python`` and ``rust``
    are the toolchains that were named, if any was. ``timing`` and ``task_order``
    are as in a spec.
    """

    path: Path
    args: tuple[str, ...] = ()
    stdin_file: Path | None = None
    binary: str = ""
    python: str = ""
    rust: str = ""
    timing: Literal["free", "strict"] = "free"
    task_order: Literal["fifo", "free"] = "fifo"
    timeout_seconds: float = DEFAULT_SECONDS


def spec_of(given: Given, state: Path) -> Spec:
    """The program as an example of which nothing is said; raises UsageError if it is none."""
    path = given.path
    if not path.exists():
        raise UsageError(f"{path}: expected a script, a Rust file or a crate, found nothing")
    if path.is_dir() or path.name == MANIFEST:
        return _of_directory(given, path if path.is_dir() else path.parent)
    if given.binary and path.suffix != ".rs":
        raise UsageError(f"--bin names a binary of a crate; {path} is none")
    match path.suffix:
        case ".py":
            return _spec(given, path.parent, path.name, Side.PYTHON)
        case ".rs":
            return _of_rust_file(given, state)
    raise UsageError(
        f'{path}: expected a Python script (".py"), a Rust file (".rs") or the directory of a crate'
    )


def _of_directory(given: Given, directory: Path) -> Spec:
    if (directory / SPEC_FILE).exists():
        raise UsageError(
            f"{directory}: is an example, with a spec: harness verify or harness explore it, "
            "or name one of its programs"
        )
    is_crate, is_script = (directory / MANIFEST).exists(), (directory / "main.py").exists()
    if is_crate and is_script and not given.binary:
        raise UsageError(
            f"{directory}: has a crate and main.py: name one, {directory / MANIFEST} or "
            f"{directory / 'main.py'}"
        )
    if is_crate:
        return _spec(given, directory, _binary_of(directory, given.binary), Side.RUST)
    if is_script:
        return _spec(given, directory, "main.py", Side.PYTHON)
    raise UsageError(f"{directory}: expected {MANIFEST} or main.py, found neither")


def _binary_of(directory: Path, wanted: str) -> str:
    """The main file of the binary that is meant, relative to the crate."""
    there = binaries_in(directory)
    if wanted:
        if wanted not in there:
            raise UsageError(
                f'{directory}: has no binary "{wanted}"; it has {listed(there) or "none"}'
            )
        return there[wanted]
    if not there:
        raise UsageError(f"{directory}: expected a crate with a program, found none in it")
    if _MAIN in there.values():
        return _MAIN
    if len(there) == 1:
        return next(iter(there.values()))
    raise UsageError(f"{directory}: has several binaries: name one with --bin: {listed(there)}")


def _of_rust_file(given: Given, state: Path) -> Spec:
    """The file as the program of the crate around it, or of one that is made for it."""
    path = given.path.absolute()
    for directory in path.parents:
        if (directory / MANIFEST).exists():
            file = path.relative_to(directory).as_posix()
            if file in binaries_in(directory).values():
                return _spec(given, directory, file, Side.RUST)
            break
    digest = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    crate = state.absolute() / "tried" / f"{path.stem}-{digest}"
    name = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in path.stem)
    name = name if name[:1].isalpha() else f"tried-{name}".strip("-")
    write_whole(crate / MANIFEST, _OF_ONE_FILE.format(name=name))
    write_whole(crate / _MAIN, path.read_text(encoding="utf-8"))
    return _spec(given, crate, _MAIN, Side.RUST)


def _spec(given: Given, directory: Path, file: str, side: Side) -> Spec:
    """An example with that one program; nothing is claimed of it."""
    directory = directory.absolute()
    program = Program(
        name="main",
        side=side,
        path=file,
        args=given.args,
        stdin=given.stdin_file.read_text(encoding="utf-8") if given.stdin_file else "",
        timeout_seconds=given.timeout_seconds,
    )
    return Spec(
        directory=directory,
        name=given.path.name or directory.name,
        topic=given.path.absolute().parent.name,
        title=given.path.name,
        summary="",
        timing=given.timing,
        task_order=given.task_order,
        last_line="cut",
        programs=(program,),
        tried=_named(given),
    )


def _named(given: Given) -> tuple[str, str]:
    """How a person names the program and its toolchain to ``harness try``, and the arguments."""
    options = (  # each with what it is where nobody names it
        ("--bin", given.binary, ""),
        ("--stdin", str(given.stdin_file or ""), ""),
        ("--python", given.python, ""),
        ("--rust", given.rust, ""),
        ("--timing", given.timing, "free"),
        ("--task-order", given.task_order, "fifo"),
        ("--timeout", f"{given.timeout_seconds:g}s", f"{DEFAULT_SECONDS:g}s"),
    )
    named = (f"{option} {quote(value)}" for option, value, usual in options if value != usual)
    args = " ".join(("--", *map(quote, given.args))) if given.args else ""
    return " ".join((quote(str(given.path)), *named)), args
