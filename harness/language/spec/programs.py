"""``[programs]`` and ``[run]``: which programs there are, and how each is started."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from harness.language.spec.conditions import parse_condition
from harness.language.spec.files import Files
from harness.language.spec.names import is_name
from harness.language.tables import Table
from harness.values.program import Program, Side
from harness.values.words import listed

MAIN = "main"
_TAKEN = (MAIN, *(side.value for side in Side))
"""Names that mean something already where programs are named."""

DEFAULT_FILES = {Side.PYTHON: "main.py", Side.RUST: "src/main.rs"}
MANIFEST = "Cargo.toml"
LIBRARY = "src/lib.rs"
MAX_TIMEOUT_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """How a program is started, and for how long it may run."""

    args: tuple[str, ...] = ()
    stdin: str = ""
    timeout_seconds: float = 10.0


def parse_programs(table: Table, files: Files) -> tuple[Program, ...]:
    """The programs, ``main`` first: of both sides, or of the one that there is."""
    common = table.table("run", {})
    start = _parse_start(common, _Start())
    common.finish()
    found = [
        _program(MAIN, side, path, "", start)
        for side, path in DEFAULT_FILES.items()
        if files.text(path) is not None
    ]
    further = table.table("programs", {})
    for name in further.keys:
        found += _parse_program(further.table(name), name, start)
    _check_files(table, found, files)
    _check_sides(table, {program.side for program in found}, files)
    return tuple(found)


def _program(name: str, side: Side, path: str, summary: str, start: _Start) -> Program:
    return Program(
        name=name,
        side=side,
        path=path,
        summary=summary,
        args=start.args,
        stdin=start.stdin,
        timeout_seconds=start.timeout_seconds,
    )


def _parse_start(table: Table, default: _Start) -> _Start:
    """How a program is started; what is not said is as ``default`` has it."""
    timeout = table.number("timeout", default.timeout_seconds)
    if not 0 < timeout <= MAX_TIMEOUT_SECONDS:
        table.fail(
            "timeout", f"expected seconds, above 0 and up to {MAX_TIMEOUT_SECONDS}, found {timeout}"
        )
    start = replace(
        default,
        args=table.texts("args", default.args),
        stdin=table.text("stdin", default.stdin),
        timeout_seconds=float(timeout),
    )
    if any("\0" in text for text in start.args):
        table.fail("args", "no argument can hold the character 0")
    return start


def _parse_program(table: Table, name: str, default: _Start) -> Iterable[Program]:
    """A program by its name, on each side that it has a file for."""
    if name in _TAKEN or not is_name(name):
        words = listed(_TAKEN)
        table.fail("", f'expected a name such as "mended", and none of {words}, found "{name}"')
    summary = table.text("summary")
    start = _parse_start(table, default)
    when = parse_condition(table.table("when", {}))
    # Both sides are known words, even where only one is given.
    paths = {side: table.text(side.value, None) for side in Side}
    table.finish()
    if not any(paths.values()):
        table.fail("", f"expected a file for at least one of {listed(side.value for side in Side)}")
    return [
        replace(_program(name, side, path, summary, start), when=when)
        for side, path in paths.items()
        if path
    ]


def _check_files(table: Table, programs: Iterable[Program], files: Files) -> None:
    """Each file is there, and is one program only."""
    seen: dict[tuple[Side, str], str] = {}
    for program in programs:
        key = f"programs.{program.name}.{program.side.value}"
        if complaint := files.complaint(program.path):
            table.fail(key, complaint)
        first = seen.setdefault((program.side, program.path), program.name)
        if first != program.name:
            table.fail(key, f'"{program.path}" is the program "{first}" already')


def _check_sides(table: Table, sides: Collection[Side], files: Files) -> None:
    """A side is left out by having no file at all; one that is half there is a mistake."""
    for side, path in DEFAULT_FILES.items():
        if side not in sides and (_is_begun(side, files) or not sides):
            table.fail(
                "",
                f"expected a {side.value} program, {path} or one declared: {files.complaint(path)}",
            )


def _is_begun(side: Side, files: Files) -> bool:
    """Whether there is something of a side: its main file, or a crate that is no mere library."""
    if files.has(DEFAULT_FILES[side]):
        return True
    return side is Side.RUST and files.has(MANIFEST) and not files.has(LIBRARY)
