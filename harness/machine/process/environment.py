"""The environment that programs run under: built here, never taken from the caller."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from harness.machine.process.guarding import private_directory

SEARCH_PATH = "/usr/local/bin:/usr/bin:/bin"
WINDOWS_ESSENTIALS = ("SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "PATH", "WINDIR")
"""Without these hardly any program starts on Windows."""

TOOL_VARIABLES = frozenset(
    {
        "PATH", "HOME", "TMPDIR", "CARGO_HOME", "RUSTUP_HOME",
        "http_proxy", "https_proxy", "all_proxy", "no_proxy",
        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "CARGO_HTTP_CAINFO", "CARGO_HTTP_PROXY",
        "DEVELOPER_DIR", "SDKROOT",
        "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "WINDIR", "TEMP", "TMP",
        "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)",
        "PROGRAMDATA",
    }
)  # fmt: skip
"""What cargo, rustup and a linker need to find their files and the network."""


def clean_environment(
    additions: Mapping[str, str] | None = None, *, home: Path | None = None
) -> dict[str, str]:
    """Return the complete environment of a program, with ``additions`` last.

    It is what a reader's shell amounts to where that matters, and the same
    for every caller:

    - UTF-8 by the locale alone. ``PYTHONUTF8`` stays unset, except on Windows,
      where the locale does not decide.
    - ``TERM=dumb`` and ``NO_COLOR``: stdout is a terminal, and Python 3.13
      would colour its tracebacks there.
    - ``HOME`` is ``home``, by default an empty directory that lives as long as
      the harness: no user site-packages, no start-up files. ``TMPDIR`` is another,
      so that HOME stays empty, whatever a program leaves there.
    - ``PYTHONDONTWRITEBYTECODE``: a run leaves nothing beside the sources.
    - ``PYTHONHASHSEED`` stays unset: hashes vary as they do for a reader.
    """
    given = dict(additions or {})
    place = str(home or given.get("HOME") or _private_home())
    environment = {
        "PATH": SEARCH_PATH,
        "HOME": place,
        "TMPDIR": str(home or given.get("TMPDIR") or _private_temporary()),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if sys.platform == "win32":
        environment |= _windows_environment(place)
    # Last, as nothing that the harness sets for a run may be overridden by what is true of all.
    return environment | given


def tool_environment() -> dict[str, str]:
    """Return the environment of the tools that build: the caller's places and proxies, no more.

    Flags, wrappers, profiles and target directories of the caller would
    change what is built.
    """
    kept = {name: value for name, value in os.environ.items() if name in TOOL_VARIABLES}
    return kept | {"LANG": "C.UTF-8"}


def _windows_environment(place: str) -> dict[str, str]:
    essentials = {name: os.environ[name] for name in WINDOWS_ESSENTIALS if name in os.environ}
    return essentials | {"TEMP": place, "TMP": place, "USERPROFILE": place, "PYTHONUTF8": "1"}


def _private_home() -> Path:
    """An empty directory that is removed when the harness ends."""
    return _own("home")


def _private_temporary() -> Path:
    """Another one, with a short name: sockets live in it."""
    return _own("tmp")


def _own(name: str) -> Path:
    """A directory of that name in ours, made anew if it has gone."""
    place = private_directory() / name
    place.mkdir(parents=True, exist_ok=True)  # a program may have removed it, and all around it
    return place
