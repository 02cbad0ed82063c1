"""The option ``--sandbox``: what a command starts, in a sandbox of bubblewrap's."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

import click

from harness.commands.reporting import (
    OUTPUT_VARIABLE,
    STDOUT,
    SUMMARY_VARIABLE,
    ReportTarget,
    prepare_reporting,
)
from harness.commands.shared import listed
from harness.commands.writing import check_writable
from harness.language.home import default_corpora, find_home

OPTION = "--sandbox"
_WRITTEN: Mapping[str, str] = {
    "json_file": "--json",
    "figures_file": "--figures",
    "output": "--output",
}
"""Parameters that name a file to write, and how they are spelt."""


def sandbox_option(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command ``--sandbox``: with it the whole call is made again, in a sandbox.

    To be the first of a command's options: it has to know what all others name.
    """

    @click.option(
        OPTION,
        is_flag=True,
        help="Run all of it without network, on read-only files, by bubblewrap (Linux).",
    )
    @wraps(command)
    def with_sandbox(*, sandbox: bool, **others: Any) -> int:
        if not sandbox:
            return command(**others)
        from harness.machine.process.sandbox import Openings, call_within  # noqa: PLC0415 - rarely wanted

        state: Path = others["state_dir"]
        state.mkdir(parents=True, exist_ok=True)
        made = list(_files_to_write(others))
        try:
            openings = Openings(read=tuple(_read(others)), write=(state, *_present(made)))
            return call_within([word for word in sys.argv[1:] if word != OPTION], openings)
        finally:
            _remove_unwritten(made)

    return with_sandbox


def _read(others: Mapping[str, Any]) -> Iterator[Path]:
    """What the other options and words name that is there, and the corpus around us."""
    home = find_home()
    yield from default_corpora()
    if home is not None:
        yield from (home.root / name for name in (".git", "Cargo.toml"))
    words = [*(others.get("select") or ()), *((others["name"],) if others.get("name") else ())]
    yield from (Path(word) for word in words)
    if others.get("corpus"):
        yield others["corpus"]
    if others.get("times"):
        yield Path(others["times"])
    for program in listed((*others.get("pythons", ()), *others.get("rusts", ()))):
        if os.sep in program:
            for each in (Path(program), Path(program).resolve()):
                yield each.parent.parent  # its prefix: what it is made of lies beside ``bin``


def _files_to_write(others: Mapping[str, Any]) -> Iterator[tuple[Path, bool]]:
    """Each file that the call is to write, empty if it was missing, and whether it was."""
    targets: tuple[ReportTarget, ...] = others.get("targets", ())
    files = [Path(target.file) for target in targets if target.file != STDOUT]
    is_there = {file: file.exists() for file in files}
    prepare_reporting(targets)
    yield from ((file, not is_there[file]) for file in files)
    if any(target.format == "github" for target in targets):
        named = (os.environ.get(name) for name in (SUMMARY_VARIABLE, OUTPUT_VARIABLE))
        yield from ((Path(file), False) for file in named if file)
    for parameter, option in _WRITTEN.items():
        if others.get(parameter) is not None:
            file: Path = others[parameter]
            check_writable(option, file)
            is_new = not file.exists()
            yield file, is_new


def _present(files: Iterable[tuple[Path, bool]]) -> Iterator[Path]:
    """The same, all of them there: only what is there can be opened to a sandbox."""
    for file, is_new in files:
        if is_new:
            file.touch()
        if not file.absolute().is_relative_to("/dev"):
            yield file


def _remove_unwritten(files: Iterable[tuple[Path, bool]]) -> None:
    """A call that ended before it had anything to write leaves no empty file."""
    for file, is_new in files:
        if is_new and file.is_file() and not file.stat().st_size:
            file.unlink()
