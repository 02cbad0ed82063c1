"""Of programs that only an odd path leads astray none is proved: some of those of the bench."""

from __future__ import annotations

from pathlib import Path

from harness.values.program import Side
from tests.bench.odd import proved, write

NAMES = ("daemon", "queue-timeout", "hash", "sys-modules", "threading-os", "time-mono")
STATE = Path(__file__).parents[2] / ".harness" / "fixtures"


def test_nothing_is_proved_of_odd_python_programs(tmp_path: Path) -> None:
    """Each was, or might be: by what a module reaches, by a clock, by a limit, by hashes."""
    write(tmp_path / "corpus", Side.PYTHON, NAMES)
    assert [] == list(proved(tmp_path / "corpus", Side.PYTHON, STATE))
