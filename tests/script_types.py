"""mypy over the corpus's programs in Python: ``python -m tests.script_types``.

Each is a script of its own, many are called ``main.py``, and the directories that they lie in are
no packages: so they are checked one by one.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mypy import api

CORPUS = Path(__file__).parents[1] / "examples"

_NOT_YET = ("type-arg", "no-any-return")
"""What is wrong with some programs, whose text would have to change: eleven places in five files
when this was written. What was recorded of a program goes with its text."""


def faults(corpus: Path = CORPUS) -> list[str]:
    """What mypy says of each program, strictly but for what is not yet mended."""
    options = ["--strict", "--no-error-summary", "--python-version", "3.11"]
    options += [f"--disable-error-code={code}" for code in _NOT_YET]
    found = []
    for path in sorted(corpus.glob("*/*/*.py")):
        said, trouble, code = api.run([*options, str(path)])
        found += [said + trouble] if code else []
    return found


if __name__ == "__main__":
    wrong = faults()
    sys.stdout.write("".join(wrong))
    sys.exit(bool(wrong))
