"""Where a program can be run without installing anything: an address that has its code in it. Pure.

Nothing of these sites is loaded by a page, and nothing is sent to them but by whoever follows the
link. A program that needs more than its one file, or more than the standard library, cannot run
there.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from urllib.parse import quote, quote_plus

from harness.language.declarations import Spec
from harness.machine.cargo.manifests import has_library
from harness.values.program import Program, Side

RUST_SITE = "https://play.rust-lang.org/"
PYTHON_SITE = "https://godbolt.org/"

_PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13")
"""Versions that the second site runs; it has real threads, which interpreters in a browser lack."""

_PLAIN = "!$()*,;:@/?="
"""What may stand in a query as it is, and in the text of a page, too: so a link weighs less."""

_EDITION = re.compile(r'^edition\s*=\s*"(\d{4})"', re.MULTILINE)
_DEPENDENCIES = re.compile(r"^\[(?:target\..+\.)?dependencies[\].]", re.MULTILINE)


def online_address(spec: Spec, program: Program, source: str, version: str) -> str:
    """The address that opens the program; empty if it cannot run there."""
    manifest = _manifest(spec.directory)
    if program.args or has_library(spec.directory) or _DEPENDENCIES.search(manifest):
        return ""
    if program.side is Side.RUST:
        found = _EDITION.search(manifest)
        edition = found[1] if found else "2021"
        return f"{RUST_SITE}?version=stable&edition={edition}&code={quote_plus(source, _PLAIN)}"
    return f"{PYTHON_SITE}clientstate/{_client_state(source, version)}"


def _manifest(directory: Path) -> str:
    """The crate's manifest: what it depends on decides where it can be run."""
    path = directory / "Cargo.toml"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _client_state(source: str, version: str) -> str:
    """The state of the second site, in which the code is run and not only shown."""
    known = ".".join(version.split(".")[:2])
    compiler = f"python{(known if known in _PYTHONS else _PYTHONS[-1]).replace('.', '')}"
    executor = {"compiler": {"id": compiler, "libs": [], "options": ""}}
    session = {
        "id": 1,
        "language": "python",
        "source": source,
        "compilers": [],
        "executors": [executor],
    }
    state = json.dumps({"sessions": [session]}, separators=(",", ":"))
    return quote(base64.b64encode(state.encode()), safe="=")
