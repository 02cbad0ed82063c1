"""Asking an interpreter whether it can start programs at all, before any of them is run."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.machine.process import UNLIMITED, Command, clean_environment, run_process

TIMEOUT_SECONDS = 120.0

_QUESTION = """\
import ast, importlib.util, json, os, sys
found = []
def imported(tree):
    # What a program begins with: what it imports later it may have made ready itself.
    for number, statement in enumerate(tree.body):
        if isinstance(statement, ast.Import):
            names = [each.name for each in statement.names]
        elif isinstance(statement, ast.ImportFrom) and not statement.level:
            names = [statement.module]
        elif number == 0 and isinstance(statement, ast.Expr):
            continue
        else:
            return
        for name in names:
            yield statement.lineno, name.partition(".")[0]
def is_there(name, path):
    if name in sys.modules:
        return True
    beside = os.path.join(os.path.dirname(path), os.fsencode(name))
    if os.path.isdir(beside) or os.path.exists(beside + b".py"):
        return True
    try:
        return importlib.util.find_spec(name) is not None
    except Exception:
        return True
for index, path in enumerate(sys.stdin.buffer.read().split(b"\\0")):
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError:
        continue
    try:
        compile(source, "program", "exec", dont_inherit=True)
        for line, name in imported(ast.parse(source)):
            if not is_there(name, path):
                found.append([index, "ModuleNotFoundError", "No module named %r" % name, line, "",
                              name])
                break
    except SyntaxError as error:
        text = (error.text or "").strip()
        found.append([index, type(error).__name__, error.msg or "", error.lineno or 0, text, ""])
    except Exception as error:
        found.append([index, type(error).__name__, str(error), 0, "", ""])
print(json.dumps(found))
"""
"""Runs on every Python 3. All that is asked of a program is compiled, and what it begins by
importing is looked for; nothing of it is run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFault:
    """Why an interpreter cannot start a program, and on which line (0: it does not say).

    ``module`` is the one that it lacks, if that is why.
    """

    kind: str
    message: str
    line: int
    text: str
    module: str = ""


def source_faults(python: Path, files: Sequence[Path]) -> Mapping[Path, SourceFault]:
    """What this interpreter cannot read of ``files``; one process for all of them.

    One that gives no answer finds no fault: what is wrong with it shows when programs are run.
    """
    if not files:
        return {}
    command = Command(
        argv=(str(python), "-I", "-W", "ignore", "-c", _QUESTION),
        cwd=Path("/"),
        environment=clean_environment(),
        stdin=b"\0".join(os.fsencode(file) for file in files),
        timeout_seconds=TIMEOUT_SECONDS,
        limits=UNLIMITED,
    )
    try:
        answer = json.loads(run_process(command).stdout)
        return {
            files[index]: SourceFault(
                kind=str(kind),
                message=str(message),
                line=int(line),
                text=str(text),
                module=str(module),
            )
            for index, kind, message, line, text, module in answer
        }
    except (ValueError, TypeError, LookupError):
        return {}
