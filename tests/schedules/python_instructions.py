"""Says how an interpreter's instructions are known: run by that interpreter itself.

Its first argument is where the scheduler is.  Prints a word of JSON: the instructions that no table
names, those that two do, and of pieces of code of the library's how many have instructions of which
it is not known how deep the stack is there, and at which it is deeper than it can be.
"""

from __future__ import annotations

import json
import opcode
import sys
from pathlib import Path
from types import CodeType

sys.path.insert(0, sys.argv[1])

from controlled_threads import instructions, operands  # type: ignore[import-not-found]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

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


found, deep = list(kinds()), list(depths())
print(
    json.dumps(
        {
            "unnamed": sorted(name for name, times in found if not times),
            "twice": sorted(name for name, times in found if times > 1),
            "untold": sum(not is_told for is_told, _ in deep),
            "too_deep": sum(not is_right for _, is_right in deep),
            "all": len(deep),
        }
    )
)
