"""Pools of threads: how many jobs they get, and whether they have a thread for each."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from harness.proof.mutants.python_source import (
    PythonSource,
    holds,
    imported_by,
    mentioned,
    name_called,
)

_SHARE_NOTHING = frozenset({
    "__future__", "collections.abc", "concurrent.futures", "functools", "itertools", "math",
    "operator", "typing",
})  # fmt: skip
"""Modules by which two processes cannot meet, nor tell the time."""

_WATCH_JOBS = frozenset({
    "as_completed", "wait", "add_done_callback", "done", "running", "cancel", "timeout",
    "initializer", "mp_context", "open", "input", "eval", "exec", "getattr", "shutdown",
})  # fmt: skip
"""What tells which job has ended, beside what it gives back; or does more than to compute."""

_LEAST_THREADS = 5
"""What a pool that nobody tells a number has on one core: four more than there are."""


def has_room(source: PythonSource, mutated: PythonSource, at: int) -> bool:
    """Whether ``max_workers`` is changed from enough for all jobs to another number that is.

    ThreadPoolExecutor starts a thread when a job is submitted and no thread
    is idle, up to ``max_workers``; with no more jobs than that it never
    looks at the bound again. Jobs are counted where each is submitted by a
    line of its own, outside of loops and functions.
    """
    before, after = (_pool_around(each, at) for each in (source, mutated))
    if before is None or after is None:
        return False
    jobs = jobs_of(before[0])
    return jobs is not None and jobs <= min(before[1], after[1])


def works_in_silence(source: PythonSource, at: int) -> bool:
    """Whether the number at ``at`` is that of a pool of processes whose jobs nobody can watch.

    They share nothing with anybody, and print nothing: no function of the
    program that prints is ever handed on. What they give back is taken job
    by job, so that neither how many work at once nor in which order they
    end can be seen.
    """
    numbers = (
        keyword.value
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call) and name_called(call) == "ProcessPoolExecutor"
        for keyword in call.keywords
        if keyword.arg == "max_workers" and isinstance(keyword.value, ast.Constant)
    )
    if not any(holds(source, number, at) for number in numbers):
        return False
    told = mentioned(source.tree)
    return imported_by(source.tree) <= _SHARE_NOTHING and not (
        told & _WATCH_JOBS or _handed_on(source.tree) & _loud(source.tree)
    )


def _loud(tree: ast.Module) -> set[str]:
    """The functions of the program that print, or call what may: one of the others that do."""
    functions = {n.name: mentioned(n) for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    loud = {"print"}
    while more := {name for name, used in functions.items() if used & loud} - loud:
        loud |= more
    return loud


def _handed_on(tree: ast.Module) -> set[str]:
    """The names that are used otherwise than to be called there and then."""
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    names = (n for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called)
    return {name.id for name in names}


def has_thread_for_each(source: PythonSource, job: ast.stmt) -> bool:
    """Whether ``job`` is in a pool's block that has no more jobs than the pool has threads."""
    for block, _, room in _pools(source):
        if any(node is job for node in ast.walk(block)):
            jobs = jobs_of(block)
            return jobs is not None and jobs <= room
    return False


def _pool_around(source: PythonSource, at: int) -> tuple[ast.With, int] | None:
    """The pool whose number of threads is at ``at``."""
    for block, number, room in _pools(source):
        if number is not None and holds(source, number, at):
            return block, room
    return None


def _pools(source: PythonSource) -> Iterator[tuple[ast.With, ast.Constant | None, int]]:
    """Each ``with ThreadPoolExecutor(max_workers=3) as pool``: its number and what that is.

    Without a number it may have so many threads at least.
    """
    for node in source.nodes():
        match node:
            case ast.With(
                items=[ast.withitem(context_expr=ast.Call() as call, optional_vars=ast.Name())]
            ) if name_called(call) == "ThreadPoolExecutor":
                match call:
                    case ast.Call(
                        args=[],
                        keywords=[
                            ast.keyword(
                                arg="max_workers", value=ast.Constant(value=int(room)) as number
                            )
                        ],
                    ):
                        yield node, number, room
                    case ast.Call(args=[], keywords=[]):
                        yield node, None, _LEAST_THREADS


def jobs_of(block: ast.With) -> int | None:
    """How many jobs the block submits; None if that cannot be told."""
    pool = block.items[0].optional_vars
    assert isinstance(pool, ast.Name)  # noqa: S101 - the caller has matched it
    uses = [n for n in ast.walk(block) if isinstance(n, ast.Name) and n.id == pool.id]
    repeated = (
        ast.For, ast.While, ast.comprehension, ast.FunctionDef, ast.Lambda, ast.AsyncFunctionDef
    )  # fmt: skip
    if any(isinstance(node, repeated) for node in ast.walk(block)):
        return None
    jobs = [n for n in ast.walk(block) if isinstance(n, ast.Call) and _submits(n, pool.id)]
    return len(jobs) if len(jobs) == len(uses) - 1 else None


def _submits(call: ast.Call, pool: str) -> bool:
    """Whether a call gives work to the pool of that name."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=name), attr="submit"):
            return name == pool
        case _:
            return False
