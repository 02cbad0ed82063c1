"""A whole call in a sandbox of bubblewrap's: what it starts reaches nothing that it does not need.

The call is made again within, programs, build scripts and macros included, with

- no network but a loopback interface of its own,
- the whole file system read-only, but for the state directory and the files that are asked for,
- a ``/tmp``, a ``/dev`` and pids of its own,
- nothing of ``/run`` (sockets of the system's services) and of the caller's HOME, but for what
  the toolchains are made of.

What bubblewrap (https://github.com/containers/bubblewrap) does with each option: bwrap(1).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import harness
from harness.machine.process.linux import family
from harness.values.errors import ExitCode, HarnessError

TOOL = "bwrap"
FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
PRIVATE = ("/tmp", "/var/tmp", "/run")  # noqa: S108 - what is hidden, not what is used
"""Directories that are empty within, beside HOME."""

SECRETS = ("credentials.toml", "credentials")
"""In the home of cargo: tokens of registries."""

LOOK_SECONDS = 0.1
"""How long a signal may wait until it is handed on."""

_CALL = 2
"""Of the family of ``bwrap``: after itself and the reaper that it leaves as pid 1."""


class NoSandbox(HarnessError):
    """There can be none here, and none is done without where it was asked for."""

    exit_code = ExitCode.TOOLCHAIN_MISSING


@dataclass(frozen=True, slots=True)
class Openings:
    """What a call needs of the outside: files and directories to read, and some to write."""

    read: Sequence[Path] = ()
    write: Sequence[Path] = field(default=())


def why_none(openings: Openings | None = None) -> str:
    """Why no sandbox can be made here; empty if one can."""
    program = shutil.which(TOOL)
    if program is None:
        return f"there is no {TOOL} (Debian: apt install bubblewrap)"
    # Tried with the very options: a kernel may forbid user namespaces, a place may be gone. By its
    # exit code alone a failure of bwrap's could not be told from one of the call's.
    argv = (program, *_options(openings or Openings()), "true")
    tried = subprocess.run(argv, capture_output=True, text=True, errors="replace", check=False)
    if not tried.returncode:
        return ""
    return " ".join(tried.stderr.split()) or f"{TOOL} ended with {tried.returncode}"


def version() -> str:
    """What bubblewrap calls itself."""
    asked = subprocess.run((TOOL, "--version"), capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def call_within(arguments: Sequence[str], openings: Openings) -> int:
    """Make the call of the harness with these arguments in a sandbox; gives its exit code.

    Raises NoSandbox where there can be none. From the main thread only: who is asked to end
    hands that on, and waits for the call to end as it does outside.
    """
    if reason := why_none(openings):
        raise NoSandbox(
            f"--sandbox: expected bubblewrap to make a sandbox here, found: {reason}; "
            "without one, leave the option out and mind that programs run as you"
        )
    argv = (TOOL, *_options(openings), sys.executable, "-m", "harness", *arguments)
    asked: list[int] = []
    for number in FORWARDED:
        signal.signal(number, lambda number, _frame: asked.append(number))
    # A session of its own: Ctrl-C at the terminal would end bwrap, and with it the call at once.
    within = subprocess.Popen(argv, start_new_session=True)
    while True:
        try:
            code = within.wait(LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            _hand_on(asked, within.pid)
        else:
            return code if code >= 0 else ExitCode.INTERRUPTED


def _hand_on(asked: list[int], tool: int) -> None:
    """Give the call what we were asked, once it is there to be asked."""
    for pid in list(family(tool))[_CALL : _CALL + 1]:
        while asked:
            with contextlib.suppress(OSError):  # it has just ended
                os.kill(pid, asked.pop(0))


def _options(openings: Openings) -> Iterator[str]:
    """The options of ``bwrap``; what comes later lies over what came before."""
    # A session of its own: else what runs within could type into the terminal of the caller, by
    # TIOCSTI (CVE-2017-5226). No capabilities: within its namespaces root would have them all.
    yield from ("--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL")
    yield from ("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc")
    home = _home()
    hidden = [place for place in (*map(Path, PRIVATE), home) if place.is_dir()]
    for place in hidden:
        yield from ("--tmpfs", str(place))
    for place in _uncovered((*_tools(), *openings.read), hidden):
        yield from ("--ro-bind", str(place), str(place))
    for secret in SECRETS:
        if (file := _cargo_home() / secret).is_file():
            yield from ("--ro-bind", os.devnull, str(file))
    for place in openings.write:
        yield from ("--bind", str(place.absolute()), str(place.absolute()))
    here = str(Path.cwd())  # there, though nothing of it may be
    yield from ("--setenv", "TMPDIR", "/tmp", "--dir", here, "--chdir", here, "--")  # noqa: S108


def _home() -> Path:
    """The directory to hide; where HOME is the root of all, none is."""
    home = Path(os.environ.get("HOME") or Path.home())
    return home if home.is_absolute() and home != Path("/") else Path("/nonexistent")


def _cargo_home() -> Path:
    return Path(os.environ.get("CARGO_HOME") or _home() / ".cargo")


def _tools() -> Iterator[Path]:
    """Where the harness itself, interpreters and compilers may lie."""
    home = _home()
    yield Path(harness.__file__).parent
    yield from map(Path, (sys.prefix, sys.base_prefix))
    yield _cargo_home()
    yield Path(os.environ.get("RUSTUP_HOME") or home / ".rustup")
    yield Path(os.environ.get("PYENV_ROOT") or home / ".pyenv")
    yield Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "uv"
    yield from (Path(each) for each in os.environ.get("PATH", "").split(os.pathsep) if each)


def _uncovered(places: Iterable[Path], hidden: Sequence[Path]) -> Iterator[Path]:
    """Those that are there, and that what is hidden would hide; none that would uncover all of it.

    With a link both are meant, itself and where it leads.
    """
    every = {each for place in places for each in (place.absolute(), place.resolve())}
    for place in sorted(every):
        is_hidden = any(each in place.parents for each in hidden)
        if is_hidden and place.exists():
            yield place
