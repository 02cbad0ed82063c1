"""Asking an interpreter whether it can read programs at all, before any of them is run."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.machine.process import UNLIMITED, Command, clean_environment, run_process

TIMEOUT_SECONDS = 120.0

_QUESTION = """\
import json, sys
found = []
for index, path in enumerate(sys.stdin.buffer.read().split(b"\\0")):
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError:
        continue
    try:
        compile(source, "program", "exec", dont_inherit=True)
    except SyntaxError as error:
        text = (error.text or "").strip()
        found.append([index, type(error).__name__, error.msg or "", error.lineno or 0, text])
    except Exception as error:
        found.append([index, type(error).__name__, str(error), 0, ""])
print(json.dumps(found))
"""
"""Runs on every Python 3. All that is asked of a program is compiled; nothing of it is run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntaxFault:
    """Why an interpreter cannot read a program, and on which line (0: it does not say)."""

    kind: str
    message: str
    line: int
    text: str


def syntax_faults(python: Path, files: Sequence[Path]) -> Mapping[Path, SyntaxFault]:
    """What this interpreter cannot read of ``files``; one process for all of them.

    One that gives no answer finds no fault: what is wrong with it shows when programs are run.
    """
    if not files:
        return {}
    command = Command(
        argv=(str(python), "-I", "-S", "-W", "ignore", "-c", _QUESTION),
        cwd=Path("/"),
        environment=clean_environment(),
        stdin=b"\0".join(os.fsencode(file) for file in files),
        timeout_seconds=TIMEOUT_SECONDS,
        limits=UNLIMITED,
    )
    try:
        answer = json.loads(run_process(command).stdout)
        return {
            files[index]: SyntaxFault(
                kind=str(kind), message=str(message), line=int(line), text=str(text)
            )
            for index, kind, message, line, text in answer
        }
    except (ValueError, TypeError, LookupError):
        return {}
