"""mypy over the corpora's programs in Python: ``python -m tests.script_types``.

Each is a script of its own, many are called ``main.py``, and the directories that they lie in are
no packages: so they are checked one by one.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mypy import api

CORPORA = tuple(Path(__file__).parents[1] / name for name in ("examples", "packages"))


def faults(*corpora: Path) -> list[str]:
    """What mypy says of each program, strictly."""
    options = ["--strict", "--no-error-summary", "--python-version", "3.11"]
    found = []
    for path in sorted(path for corpus in corpora for path in corpus.glob("*/*/*.py")):
        said, trouble, code = api.run([*options, str(path)])
        found += [said + trouble] if code else []
    return found


if __name__ == "__main__":
    wrong = faults(*CORPORA)
    sys.stdout.write("".join(wrong))
    sys.exit(bool(wrong))
