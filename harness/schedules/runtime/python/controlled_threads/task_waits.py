"""What the tasks of event loops wait for at a deadlock, where, and who has it."""

from __future__ import annotations

import gc

from . import places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from .loops import Lane

_SUSPENDED = (
    ("cr_frame", "cr_await"),
    ("gi_frame", "gi_yieldfrom"),
    ("ag_frame", "ag_await"),
)
"""Where a coroutine, a generator, an asynchronous generator stands, and what it awaits there."""

_KINDS = {
    "Lock": "lock",
    "TaskGroup": "task-group",
    "Timeout": "timeout",
    "StreamReader": "stream",
    "StreamWriter": "stream",
    "Server": "server",
}
"""Beside those that `places` knows of threads."""

_COROUTINES = {"sleep": "sleep", "wait": "wait", "as_completed": "wait", "wait_for": "wait_for"}


def waits(tasks: dict[Any, Lane], lane_of: Callable[[Any], Lane]) -> Iterator[str]:
    """The log's records: `w` for each task that is not done, `h` where it is known for whom."""
    waiting = sorted((t for t in tasks if not t.done()), key=lambda task: lane_of(task).number)
    all_stands = {task: list(_stands(task.get_coro())) for task in waiting}
    for task in waiting:
        yield "w %d %s %s" % (lane_of(task).number, *_describe(task, all_stands[task]))
    for task in waiting:
        for other in _awaited(task, all_stands):
            yield "h %d %d" % (lane_of(task).number, lane_of(other).number)


def _stands(awaiting: Any) -> Iterator[tuple[Any, Any]]:
    """Each coroutine that a suspended one is within, from itself on, and its frame."""
    while awaiting is not None:
        for of_frame, of_awaited in _SUSPENDED:
            frame = getattr(awaiting, of_frame, None)
            if frame is not None:
                yield awaiting, frame
                awaiting = getattr(awaiting, of_awaited, None)
                break
        else:
            return


def _describe(task: Any, stands: list[tuple[Any, Any]]) -> tuple[str, str]:
    """What a task waits for, and where in the program.

    That is the outermost object of asyncio's between the wait and the program's own code, as with
    threads.
    """
    within: list[Any] = []
    place = "-"
    for _, frame in stands:
        code = frame.f_code
        if places.is_program(code.co_filename):
            place, within = places.shown(frame), []
        else:
            within.append(frame)
    named = [_named(frame) for frame in within]
    return next(filter(None, named), _kind_of(_future_of(task))), place


def _named(frame: Any) -> str:
    owner = type(frame.f_locals.get("self")).__name__
    return _KINDS.get(owner) or places.KINDS.get(owner) or _COROUTINES.get(frame.f_code.co_name, "")


def _future_of(task: Any) -> Any:
    """The future that a task waits for."""
    return getattr(task, "_fut_waiter", None)


def _kind_of(waited: Any) -> str:
    if hasattr(waited, "get_coro"):
        return "task"
    return "gather" if type(waited).__name__ == "_GatheringFuture" else "future"


def _awaited(task: Any, all_stands: dict[Any, list[tuple[Any, Any]]]) -> list[Any]:
    """The tasks without which `task` cannot go on, as far as that is known."""
    waited = _future_of(task)
    if waited in all_stands:
        return [waited]
    if type(waited).__name__ == "_GatheringFuture":
        return [each for each in waited._children if each in all_stands]
    group = _owner(all_stands[task], "TaskGroup")
    if group is not None:
        return [each for each in all_stands if each in group._tasks]
    lock = _wanted_lock(all_stands[task])
    if lock is None:
        return []
    holders = [each for each, stands in all_stands.items() if _has(stands, lock)]
    return holders if len(holders) == 1 else []


def _owner(stands: list[tuple[Any, Any]], *kinds: str) -> Any:
    """The object of asyncio's, of one of these kinds, whose method the innermost frame is."""
    owner = stands[-1][1].f_locals.get("self") if stands else None
    is_its = type(owner).__name__ in kinds and type(owner).__module__.startswith("asyncio.")
    return owner if is_its else None


def _wanted_lock(stands: list[tuple[Any, Any]]) -> Any:
    """The lock or semaphore that is waited for, if it is one."""
    if not stands or stands[-1][1].f_code.co_name != "acquire":
        return None
    return _owner(stands, "Lock", "Semaphore", "BoundedSemaphore")


def _has(stands: list[tuple[Any, Any]], lock: Any) -> bool:
    """Whether a task is within `async with` on this lock.

    Its coroutine keeps what is to be called at the end of the block: a method, or (from CPython
    3.14 on) a function and what it is called with.  It does so while it still enters the block.
    """
    enters = [frame for _, frame in stands if frame.f_code.co_name == "__aenter__"]
    is_entering = bool(enters) and _wanted_lock(stands) is lock
    # No interface tells what lies on the stack of a suspended frame; the collector visits it.
    kept = (gc.get_referents(coroutine, frame) for coroutine, frame in stands)
    return sum(_guards(each, lock) for each in kept) > is_entering


def _guards(kept: list[Any], lock: Any) -> int:
    """How many blocks on this lock there are, by what a coroutine keeps."""
    owners = (
        getattr(each, "__self__", following)
        for each, following in zip(kept, [*kept[1:], None])
        if getattr(each, "__name__", "") == "__aexit__"
    )
    return sum(owner is lock or getattr(owner, "_lock", owner) is lock for owner in owners)
