"""The option ``--sandbox``: what a command starts, in a sandbox of bubblewrap's."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
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
from harness.commands.shared import split_commas
from harness.commands.writing import check_writable
from harness.language.home import default_corpora, default_corpus, find_home

OPTION = "--sandbox"
_WRITTEN: Mapping[str, str] = {
    "json_file": "--json",
    "figures_file": "--figures",
    "output": "--output",
}
"""Parameters that name a file to write, and how they are spelt."""


def sandbox_option_of(*written: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a command ``--sandbox``: with it the whole call is made again, in a sandbox.

    To be the first of a command's options: it has to know what all others name. ``written`` are
    the parameters that name a directory to write; a corpus that none names is the default one.
    """

    def give(command: Callable[..., int]) -> Callable[..., int]:
        @click.option(
            OPTION,
            is_flag=True,
            help="Run all of it without network, on read-only files, by bubblewrap (Linux).",
        )
        @wraps(command)
        def with_sandbox(*, sandbox: bool, **others: Any) -> int:
            if not sandbox:
                return command(**others)
            places = [others[name] or default_corpus() for name in written]
            return _call_within(places, others)

        return with_sandbox

    return give


sandbox_option = sandbox_option_of("state_dir")
"""The same for a command that writes nothing but its state, and the files that it is asked for."""


def _call_within(places: Iterable[Path], others: Mapping[str, Any]) -> int:
    from harness.machine.process.sandbox import Openings, call_within  # noqa: PLC0415 - rarely wanted

    with _directories(places) as written:
        made = list(_files_to_write(others))
        try:
            openings = Openings(read=tuple(_read(others)), write=(*written, *_present(made)))
            return call_within([word for word in sys.argv[1:] if word != OPTION], openings)
        finally:
            _remove_unwritten(made)


@contextmanager
def _directories(places: Iterable[Path]) -> Iterator[list[Path]]:
    """These directories, all of them there; one that was not, and stays empty, is removed again."""
    every = [place.absolute() for place in places]
    is_new = {each: not each.exists() for place in every for each in (place, *place.parents)}
    for place in every:
        place.mkdir(parents=True, exist_ok=True)
    try:
        yield every
    finally:
        for each in sorted((each for each in is_new if is_new[each]), reverse=True):
            with suppress(OSError):  # something is in it
                each.rmdir()


def _read(others: Mapping[str, Any]) -> Iterator[Path]:
    """What the other options and words name that is there, and the corpus around us."""
    home = find_home()
    yield from default_corpora()
    if home is not None:
        yield from (home.root / name for name in (".git", "Cargo.toml"))
    words = [*(others.get("select") or ()), *((others["name"],) if others.get("name") else ())]
    yield from (Path(word) for word in words)
    yield from (Path(others[name]) for name in ("corpus", "times", "chapter") if others.get(name))
    for program in split_commas((*others.get("pythons", ()), *others.get("rusts", ()))):
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
