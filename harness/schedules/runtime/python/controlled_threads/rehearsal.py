"""Whether instructions are followed rightly on this very interpreter: tried before it is relied on.

A function of which it is known what it touches is run, each of its instructions looked at as those
of a program are; what is told has to be that.
"""

from __future__ import annotations

import sys

from .following import READ, WRITE
from .objects import NONE
from .touching import Code, Follower, Touching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType
    from typing import Any

    from .following import Following
    from .objects import Touches
    from .world import World

_TOOL = 4
"""As in points_monitored.py, which has not begun yet."""


class _Shared:
    """What the function works on."""

    seen: Any = ()


def is_right(world: World, following: Following) -> bool:
    """Whether what the function touches is told, in its order, and nothing else."""
    heard: Touches = []
    touching = Touching(world, following, lambda kind, number: heard.append((kind, number)))
    follower = Follower(touching, Code(_act.__code__, False, touching.table), None, NONE)
    shared, table, items, held = _Shared(), {0: 0}, [1, 2], iter([3])
    expected = _expected(touching, shared, table, items, held)
    run = _run_monitored if sys.version_info >= (3, 12) else _run_traced
    ends = run(follower, lambda: _act(shared, table, items, held))
    cell = ends.__closure__[0]
    expected = [(kind, number or id(cell)) for kind, number in expected]
    return list(dict.fromkeys(heard)) == list(dict.fromkeys(expected))


def _act(shared: _Shared, table: dict[int, int], items: list[int], held: Iterator[int]) -> Any:
    """Variables, attributes and items, within loops, calls and what is caught."""
    for each in items:
        table[each] = len(items)
    for each in held:
        try:
            items.append(table[9])
        except LookupError:
            shared.seen = [each, *items]
    return lambda: table


def _expected(
    touching: Touching, shared: _Shared, table: object, items: object, held: object
) -> Touches:
    """What it touches, in its order; 0 stands for the cell of what its closure holds."""
    cell = (READ, 0)
    return [
        (READ, id(items)),
        cell,
        (WRITE, id(table)),
        *touching.iterated(held, is_own=False),
        *touching.attribute(READ, items, "append"),
        (READ, id(table)),
        *touching.attribute(WRITE, shared, "seen"),
    ]


def _run_traced(follower: Follower, function: Callable[[], Any]) -> Any:
    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code is not _act.__code__:
            return None
        frame.f_trace_opcodes = True
        return follower

    sys.settrace(trace)
    try:
        return function()
    finally:
        sys.settrace(None)


def _run_monitored(follower: Follower, function: Callable[[], Any]) -> Any:
    def come(code: object, offset: int) -> None:
        follower.settle()
        follower.look_at(sys._getframe(1), offset)

    monitoring: Any = vars(sys)["monitoring"]
    event = monitoring.events.INSTRUCTION
    monitoring.use_tool_id(_TOOL, "schedule")
    monitoring.register_callback(_TOOL, event, come)
    monitoring.set_local_events(_TOOL, _act.__code__, event)
    try:
        return function()
    finally:
        monitoring.set_local_events(_TOOL, _act.__code__, 0)
        monitoring.register_callback(_TOOL, event, None)
        monitoring.free_tool_id(_TOOL)
