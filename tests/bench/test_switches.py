"""The points of each interpreter are where it was measured to switch."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from harness.schedules.controlled import PYTHON_RUNTIME
from harness.values.toolchain import Toolchain
from tests.bench.switch_bodies import Body, source_of
from tests.bench.switches import (
    differences,
    interpreters,
    losing,
    measure,
    read_table,
    under_control,
)
from tests.bench.workbench import make_workbench

TABLE = read_table()
MEASURED = {python.version: python for python in interpreters() if python.version in TABLE}


@pytest.fixture(params=list(MEASURED.values()), ids=list(MEASURED))
def python(request: pytest.FixtureRequest) -> Toolchain:
    """Each interpreter of this machine that was measured."""
    found: Toolchain = request.param
    return found


def test_control_agrees_with_the_interpreter(python: Toolchain, tmp_path: Path) -> None:
    """No point where it never switches, and none missing where it does."""
    bench = make_workbench(python, tmp_path)
    assert not isinstance(bench, str), bench
    controlled = under_control(bench, schedules=("random:1", "random:2"))
    assert [] == [str(one) for one in differences(TABLE[python.version], controlled)]


NUMBERS = """
import opcode, sys
sys.path.insert(0, sys.argv[1])
from controlled_threads import points_checks as checks
specialised = getattr(opcode, "_specialized_opmap", None)
if specialised is None:
    import dis
    specialised = {name: number for number, name in enumerate(dis._all_opname)}
names = {number: name for name, number in specialised.items()}
known = opcode.opmap
assert checks._CALL == known.get("PRECALL", known["CALL"])
assert checks._POP_TOP == known["POP_TOP"]
assert sys.version_info < (3, 14) or checks._LATER_CHECKED == known["CALL_KW"]
assert sys.version_info < (3, 12) or checks._SPREAD == known["CALL_FUNCTION_EX"]
for number, kind in checks._UNCHECKED.items():
    wanted = {"function": "PYFUNC", "init": "ALLOC_AND_ENTER_INIT", "append": "LIST_APPEND",
              "type": "TYPE_1"}.get(kind, kind.upper())
    assert names[number].endswith("_" + wanted), (kind, names[number])
"""


def test_the_numbers_of_instructions_are_the_interpreter_s(python: Toolchain) -> None:
    """The runtime does not import `opcode` for them: that would take longer than all else."""
    if tuple(map(int, python.version.split(".")[:2])) >= (3, 11):
        command = [str(python.program), "-c", NUMBERS, str(PYTHON_RUNTIME)]
        subprocess.run(command, check=True)


def test_an_interpreter_loses_what_it_can_lose(python: Toolchain) -> None:
    """A few bodies, tried again for real: the table is not of another machine."""
    found = measure(python.program, "a function", "for", "time.sleep(0)")
    assert [{"cold": True, "warm": True}] * 3 == list(found.values())


def test_a_body_stands_between_a_read_and_a_write() -> None:
    """By itself, or where it says that the read is to be."""
    read = "    seen = n\n    pad * pad\n"
    assert f"def update():\n    global n\n{read}    a\n    n = seen + 1\n" == source_of(Body("a"))
    assert f"def update():\n    global n\n    a\n{read}    b\n" == source_of(
        Body("{prepare}a{read}b")
    )
    assert "def update():\n    global n\n    n = (n, pad * pad)[0] + 1\n" == source_of(
        Body("{read}n = LATE + 1")
    )


def test_what_was_lost_is_told_in_a_word() -> None:
    """And where two tables differ, which of them says what."""
    found = losing('{"a": {"cold": [0, 9], "warm": [2, 9]}, "b": {"cold": [0, 9]}}')
    assert {"a": {"cold": False, "warm": True}, "b": {"cold": False}} == found
    told = [str(one) for one in differences(found, {"a": {"cold": True, "warm": False}})]
    assert ["a (cold): never loses, control does", "a (warm): loses, control never"] == told
