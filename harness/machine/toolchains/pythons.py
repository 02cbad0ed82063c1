"""Finding Python interpreters: where they may be, and which one a request means."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.machine.cores import allowed_cores
from harness.machine.pool import in_parallel
from harness.machine.process import clean_environment
from harness.machine.toolchains.asking import (
    PYTHON_QUESTION,
    BrokenToolchain,
    PythonFacts,
    UnusableError,
    ask,
    own_facts,
    read_python_answer,
)
from harness.machine.toolchains.lean import is_of_an_environment
from harness.machine.toolchains.machine import operating_system
from harness.machine.toolchains.versions import numbers, satisfies
from harness.values.errors import ToolchainMissing
from harness.values.program import Side
from harness.values.toolchain import Toolchain

SUPPORTED = ">=3.9"
"""What ``find_pythons`` offers; an older Python 3 can still be named."""

_REQUEST = re.compile(
    r"(?:python|cpython)?(?P<other>pypy|graalpy|graalvm)?(?P<version>3(?:\.\d+){0,2})?(?P<t>t?)"
)
_COMMAND = re.compile(
    r"(?:python|pypy)3(?:\.\d+)?t?(?:\.exe)?|python\.exe|graalpy(?:3(?:\.\d+)?)?(?:\.exe)?"
)
_SAID_OF = dict.fromkeys(("graalpy", "graalvm"), ("graalpy", "graalvm"))
"""Implementations that go by two names: what a request calls it, what it may call itself."""


def default_python() -> Toolchain:
    """Return the interpreter that runs the harness, outside of its virtual environment."""
    return _toolchain(own_program(), own_facts())


def own_program() -> Path:
    """Return the interpreter that our virtual environment, if any, was made from."""
    # In a virtual environment ``sys.executable`` is that environment's, with whatever was installed
    # there; a reader's ``python3`` is the one that it was made from (PEP 405).
    return Path(getattr(sys, "_base_executable", None) or sys.executable)


def probe_python(program: Path) -> Toolchain:
    """Ask an interpreter what it is; raise ``UnusableError`` if it is no usable Python 3."""
    answer = ask((str(program), "-c", PYTHON_QUESTION), clean_environment())
    facts = read_python_answer(answer)
    if not satisfies(facts.version, ">=3"):
        raise UnusableError(f"it is Python {facts.version}; Python 3 is needed")
    return _toolchain(program, facts)


def find_python(request: str) -> Toolchain:
    """Return the interpreter that ``request`` means.

    A request is a version (``3.12``, ``3.12.1``, ``3.13t``), a name
    (``python3.11``, ``pypy3.10``) or a path. Of several the harness's own
    wins, then the newest. Raises ``ToolchainMissing``.
    """
    if os.sep in request or Path(request).is_file():
        return _probe_path(Path(request).expanduser().absolute())
    wanted = _REQUEST.fullmatch(request.lower())
    if wanted is None or not request:
        raise ToolchainMissing(
            f"no Python is named {request!r}; expected such as 3.12, 3.13t, pypy3.10, or a path"
        )
    if _is_meant(own := default_python(), wanted):
        return own
    # To ask one takes tens of milliseconds: those whose names rule them out are asked only if no
    # other is the one, so that the message can say what there is.
    likely = _candidates_for(wanted["version"] or "3")
    found, broken = _survey(likely)
    for toolchain in found:
        if _is_meant(toolchain, wanted):
            return toolchain
    others, also_broken = _survey(p for p in _candidates_for("3") if p not in likely)
    raise ToolchainMissing(
        _missing(request, _one_a_label((*found, *others)), (*broken, *also_broken))
    )


def find_pythons() -> tuple[tuple[Toolchain, ...], tuple[BrokenToolchain, ...]]:
    """Return the supported interpreters of this machine, one for each label, and what is broken.

    Of several with one label the harness's own is taken, then the newest.
    They come by implementation and version.
    """
    found, broken = _survey(_candidates_for("3"))
    return _one_a_label(found), broken


def _candidates_for(version: str) -> list[Path]:
    """Programs whose names do not rule that version out."""
    return [program for program in candidates() if _may_be(program, version)]


def _one_a_label(found: Iterable[Toolchain]) -> tuple[Toolchain, ...]:
    """Of each label the best, as far as it is supported, in reading order."""
    by_label: dict[str, Toolchain] = {}
    for toolchain in sorted(found, key=_preference):
        if satisfies(toolchain.version, SUPPORTED):
            by_label.setdefault(toolchain.label, toolchain)
    return tuple(sorted(by_label.values(), key=_reading_order))


def _survey(programs: Iterable[Path]) -> tuple[tuple[Toolchain, ...], tuple[BrokenToolchain, ...]]:
    """Ask these programs, of which none is our own: what answers, the best first, and what not."""
    answers = in_parallel(_try_probe, programs, jobs=allowed_cores(), name="probe")
    found = (default_python(), *(a for a in answers if isinstance(a, Toolchain)))
    broken = tuple(answer for answer in answers if isinstance(answer, BrokenToolchain))
    return tuple(sorted(found, key=_preference)), broken


def candidates() -> tuple[Path, ...]:
    """Return the programs of this machine that look like Python 3, each once."""
    own = own_program().resolve()
    programs: dict[Path, Path] = {}
    for program in (*_on_path(), *_of_pyenv(), *_of_uv()):
        if not is_of_an_environment(program):
            programs.setdefault(program.resolve(), program)
    programs.pop(own, None)
    return tuple(programs.values())


def _on_path() -> Iterator[Path]:
    """Yield what PATH has; pyenv's shims are no interpreters, and stand for its versions."""
    shims = _pyenv_root() / "shims"
    for name in os.get_exec_path():
        place = Path(name)
        if place != shims and place.is_absolute():
            yield from _commands_in(place)


def _of_pyenv() -> Iterator[Path]:
    """One interpreter of each version that pyenv has installed."""
    for version in _directories(_pyenv_root() / "versions"):
        yield from _best_command(version)


def _of_uv() -> Iterator[Path]:
    """One interpreter of each version that uv has installed."""
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    place = os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python"
    for version in _directories(Path(place)):
        yield from _best_command(version)


def _best_command(version: Path) -> Iterator[Path]:
    """Yield the interpreter of one installation, by its plainest name."""
    bin_directory = version if sys.platform == "win32" else version / "bin"
    yield from sorted(_commands_in(bin_directory), key=lambda p: len(p.name))[:1]


def _commands_in(directory: Path) -> list[Path]:
    """What is called as a Python is and can be executed; nothing, where nobody may look."""
    try:
        entries = sorted(directory.iterdir())
    except OSError:
        return []
    named = [entry for entry in entries if _COMMAND.fullmatch(entry.name)]
    return [entry for entry in named if shutil.which(entry)]


def _directories(place: Path) -> list[Path]:
    return sorted(p for p in place.iterdir() if p.is_dir()) if place.is_dir() else []


def _pyenv_root() -> Path:
    return Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")


def _may_be(program: Path, version: str) -> bool:
    """Whether the names on the way to ``program`` leave it open that it is of that version."""
    wanted = numbers(version)
    installation = program.parent.parent.name
    for name in (program.name, installation):
        hint = re.search(r"(?:^|python-?|pypy-?)(\d+\.\d+(?:\.\d+)*)", name)
        if hint is not None:
            shared = min(len(wanted), len(numbers(hint[1])))
            return numbers(hint[1])[:shared] == wanted[:shared]
    return True


def _try_probe(program: Path) -> Toolchain | BrokenToolchain:
    """What the program is, or why it cannot be used: one that is broken ends no search."""
    try:
        return probe_python(program)
    except UnusableError as error:
        return BrokenToolchain(program, str(error))


def _probe_path(program: Path) -> Toolchain:
    """The interpreter at a path, or in a directory; raises ToolchainMissing."""
    if program.is_dir():
        program = next(_best_command(program), program / "bin" / "python3")
    try:
        return probe_python(program)
    except UnusableError as error:
        raise ToolchainMissing(f"{program}: no usable Python: {error}") from None


def _is_meant(toolchain: Toolchain, wanted: re.Match[str]) -> bool:
    """Whether a toolchain is what was asked for: implementation, version as far as given, GIL."""
    version = wanted["version"]
    other = wanted["other"] or "cpython"
    return (
        toolchain.implementation.lower() in _SAID_OF.get(other, (other,))
        and (not version or satisfies(toolchain.version, f"=={version}"))
        and toolchain.label.endswith("t") is bool(wanted["t"])
    )


def _missing(request: str, found: Iterable[Toolchain], broken: Iterable[BrokenToolchain]) -> str:
    """That no such interpreter is here, which ones are, and how to get it."""
    there = [t.label for t in found] + [str(b) for b in broken]
    bare = request.lower().removeprefix("python")
    return (
        f"no Python {bare} on this machine (found: {', '.join(there) or 'none'}); get it with "
        f"`pyenv install {bare}` or `uv python install {bare}`, or name the path of one"
    )


def _toolchain(program: Path, facts: PythonFacts) -> Toolchain:
    return Toolchain(
        side=Side.PYTHON,
        label=facts.label,
        version=facts.version,
        program=program,
        implementation=facts.implementation,
        release=facts.release,
        has_gil=facts.has_gil,
        cores=allowed_cores(),
        os=operating_system(),
    )


def _preference(toolchain: Toolchain) -> tuple[bool, tuple[int, ...]]:
    """Sorts our own interpreter first, then the newest."""
    newest_first = tuple(-number for number in numbers(toolchain.version))
    return toolchain.program != own_program(), newest_first


def _reading_order(toolchain: Toolchain) -> tuple[bool, tuple[int, ...], str]:
    """Sorts CPython before others, and by version."""
    return toolchain.implementation != "CPython", numbers(toolchain.version)[:2], toolchain.label
