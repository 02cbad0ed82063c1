"""What is told of each kind of instruction, by a run of which it is known what depends on what."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from harness.schedules.dependence import Kind, Touch, depend
from harness.schedules.record import Record
from harness.schedules.serving import serving
from tests.schedules.python_traced import FOLLOWED, PROGRAMS, starter

WAYS = re.findall(r'^    "([a-z-]+)": \(', (PROGRAMS / "dependent.py").read_text(), re.MULTILINE)

_STDOUT, _CLOCK, _THREADS = "1", "3", "4"
_ANYHOW = frozenset({_STDOUT, _CLOCK, _THREADS})
"""What any two threads touch."""


def _dependent(record: Record) -> dict[str, set[Kind]]:
    """Of each way what its threads do, one after the other, to what both of them touch."""
    touched: dict[int, list[Touch]] = defaultdict(list)
    for step in record.told:
        touched[step.thread] += step.touches
    return {
        way: {
            each.kind
            for one in touched[2 * at + 1]
            for other in touched[2 * at + 2]
            if depend(one, other) and one.object not in _ANYHOW
            for each in (one, other)
        }
        for at, way in enumerate(WAYS)
    }


@pytest.mark.parametrize("label", FOLLOWED)
def test_who_looks_depends_on_who_changes(label: str) -> None:
    """By the object itself, whichever instructions an interpreter has for it."""
    with serving(1):
        start = starter(python=FOLLOWED[label])
        record, outcome = start(" ".join(["dependent.py", *WAYS]), "switch:", "0")
    found = _dependent(record)
    assert (record.hidden, outcome[0]) == ((), "exit")
    assert found.pop("apart") == set()
    assert Kind.ANYTHING in found.pop("import")
    assert [way for way, kinds in found.items() if not kinds] == []
    assert [way for way, kinds in found.items() if Kind.ANYTHING in kinds] == []
