"""mypy over the corpora's programs in Python: ``python -m tests.script_types``.

Each is a script of its own, many are called ``main.py``, and the directories that they lie in are
no packages: so they are checked one by one.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from mypy import api

CORPORA = tuple(Path(__file__).parents[1] / name for name in ("examples", "packages"))


OLDEST = "3.11"
"""The library whose types are taken, unless a program asks for a newer one."""


def floor_of(path: Path) -> str:
    """The Python whose library a program is written for, by its spec."""
    spec = path.parent / "example.toml"
    text = spec.read_text(encoding="utf-8") if spec.exists() else ""
    asked = re.findall(r'^python *= *">=(3\.\d+)"', text, re.MULTILINE)
    floors: list[str] = [OLDEST, *asked]
    return max(floors, key=lambda name: int(name[2:]))


def faults(*corpora: Path) -> list[str]:
    """What mypy says of each program, strictly."""
    options = ["--strict", "--no-error-summary"]
    found = []
    for path in sorted(path for corpus in corpora for path in corpus.glob("*/*/*.py")):
        said, trouble, code = api.run([*options, "--python-version", floor_of(path), str(path)])
        found += [said + trouble] if code else []
    return found


if __name__ == "__main__":
    wrong = faults(*CORPORA)
    sys.stdout.write("".join(wrong))
    sys.exit(bool(wrong))
