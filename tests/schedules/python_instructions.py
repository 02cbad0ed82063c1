"""Says how an interpreter's instructions are known: run by that interpreter itself.

Its first argument is where the scheduler is.  Prints JSON: the instructions that no table names,
and those that two do; at how many instructions of some of the library's code it is not known how
deep the stack is, and at how many it were deeper than it can be; at how many of those that some
code really came to the interpreter says how deep it is, and at how many that is another depth.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import opcode
import sys
from pathlib import Path
from types import CodeType, FrameType

sys.path.insert(0, sys.argv[1])

from controlled_threads import instructions, operands  # type: ignore[import-not-found]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from typing import Any

MODULES = "threading queue contextlib dataclasses concurrent.futures.thread collections ast"


def codes(code: CodeType) -> Iterator[CodeType]:
    """A piece of code and all within it."""
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from codes(each)


def kinds() -> Iterator[tuple[str, int]]:
    """For each instruction the tables that name it."""
    by_rule = instructions.rules_of(sys.version_info[:2]).keys() - instructions.QUIET
    tables = [by_rule, instructions.QUIET, instructions.COARSE, instructions.NEVER_MET]
    special = getattr(opcode, "_specialized_opmap", {}).keys()
    for name in opcode.opmap.keys() - special:
        if not name.startswith("INSTRUMENTED"):
            yield name, sum(name in table for table in tables)


def depths() -> Iterator[tuple[bool, bool]]:
    """Of each instruction of these modules whether it is known how deep the stack is, and so."""
    for module in MODULES.split():
        __import__(module)
        text = Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8")
        for code in codes(compile(text, module, "exec")):
            tops, base = operands.tops_of(code), operands.place_of_stack(code)
            for offset, _, _ in operands.instructions(code.co_code):
                yield offset in tops, tops.get(offset, base) - base <= code.co_stacksize


class _Depths:
    """Compares how deep the stack is with what the interpreter has in memory, where it has that.

    Of CPython 3.12 and 3.13 that is only where a line begins.
    """

    IS_POINTER = sys.version_info >= (3, 14)

    def __init__(self) -> None:
        self.compared = self.wrong = 0

    def compare(self, frame: FrameType) -> None:
        """At an instruction that comes next."""
        name = opcode.opname[frame.f_code.co_code[frame.f_lasti]]
        if sys.version_info < (3, 12) and name == "CALL":
            return  # its values are the PRECALL's that was before it
        inner, values = operands._LAYOUTS[sys.version_info[:2]]
        start = ctypes.c_size_t.from_address(id(frame) + inner).value
        if self.IS_POINTER:
            top = (ctypes.c_size_t.from_address(start + 64).value - start - values) // 8
        else:
            top = ctypes.c_int.from_address(start + 64).value
        self.compared += 1
        self.wrong += operands.tops_of(frame.f_code)[frame.f_lasti] != top

    def watch(self, function: Callable[[], object]) -> None:
        """Run it, and compare at each of its instructions, or lines."""
        if sys.version_info < (3, 12):
            sys.settrace(self._traced)
            function()
            sys.settrace(None)
            return
        monitoring: Any = vars(sys)["monitoring"]
        event = monitoring.events.INSTRUCTION if self.IS_POINTER else monitoring.events.LINE
        monitoring.use_tool_id(4, "depths")
        monitoring.register_callback(4, event, lambda *_: self.compare(sys._getframe(1)))
        monitoring.set_events(4, event)
        function()
        monitoring.set_events(4, 0)

    def _traced(self, frame: FrameType, event: str, _: object) -> Any:
        frame.f_trace_opcodes = True
        if event == "opcode":
            self.compare(frame)
        return self._traced


def act() -> None:
    """Loops, calls, generators, classes, patterns, and what is caught."""

    @contextlib.contextmanager
    def manager() -> Iterator[int]:
        yield 1

    def generator() -> Generator[object, object, None]:
        got: object = yield 1
        yield from [got, *(each for each in "ab")]

    with contextlib.suppress(ValueError), manager() as one:
        for at in range(3):
            try:
                found = {**{}, "n": [one, at][0:1], "m": [len(f"{at!r:>3}")]}  # noqa: PIE800
                found["n"][0] += 1 if at else -1
            finally:
                list(generator())
        raise ValueError(*map(str, sorted([2, 1], key=lambda value: -value)))


found, deep, compared = list(kinds()), list(depths()), _Depths()
compared.watch(act)
print(
    json.dumps(
        {
            "unnamed": sorted(name for name, times in found if not times),
            "twice": sorted(name for name, times in found if times > 1),
            "untold": sum(not is_told for is_told, _ in deep),
            "too_deep": sum(not is_right for _, is_right in deep),
            "all": len(deep),
            "compared": compared.compared,
            "wrong": compared.wrong,
        }
    )
)
